//! How it is known that a call needs a permission, in words for a person.

use super::model::{Action, Confidence, Kind, Operation, PASS_ROLE, Rule};

/// The rule that a permission follows from, and how sure that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Basis {
    /// Such as `same name`; [`RULES`] has all.
    pub rule: &'static str,
    /// How sure it is.
    pub confidence: Confidence,
    /// The basis of the rule; for some permissions, their purpose.
    pub note: &'static str,
}

/// Every rule, and its basis.
pub const RULES: [(&str, &str); 17] = [
    OPTIMIZED, SAME_NAME, EXCEPTION, REST, API_LINK, TEXT, AFFIX, MAP, CLOSED, ASSUMED, UNKNOWN, NONE,
    DEPENDENT, TAG, DATA, PASSED, CREATES,
];

type Words = (&'static str, &'static str);

const OPTIMIZED: Words = ("optimized", "the optimized integration of the same name makes the same request");
const SAME_NAME: Words = ("same name", "AWS's authorization data lists an action with the operation's name");
const EXCEPTION: Words = ("exception", "a reviewed exception: the operation is checked under this action");
const REST: Words = ("REST", "API Gateway checks the HTTP method on the request's path");
const API_LINK: Words = ("API link", "AWS's page about the action is the one about the operation");
const TEXT: Words = ("text", "the operation's documentation names the action");
const AFFIX: Words = ("affix", "the action of the same name without Batch, a version or the like");
const MAP: Words = ("2022 map", "a list from 2022 names the action");
const CLOSED: Words = ("closed", "the action was listed in 2022, but no longer is");
const ASSUMED: Words =
    ("assumed", "the operation is newer than AWS's authorization data; its own name is a guess");
const UNKNOWN: Words = ("unknown", "the operation is not in the catalogue; its own name is a guess");
const NONE: Words = ("none", "IAM checks no permission");
const DEPENDENT: Words = ("dependent", "AWS's authorization data says that the operation depends on it");
const TAG: Words = ("tag", "the call tags what it creates");
const DATA: Words = ("caller's data", "the service does this with the permissions of its caller");
const PASSED: Words = ("role", "the call passes a role to a service");
const CREATES: Words = ("service role", "the first call in an account creates the service's role");

const TAG_GUESS: &str =
    "the call tags what it creates; that the service checks it is a guess, which allows no more than that";

impl Basis {
    /// A parameter holds a role.
    pub const ROLE: Basis = Basis {
        rule: PASSED.0,
        confidence: Confidence::High,
        note: "the call passes the role in its parameter to a service",
    };

    /// It comes from the rows of an optimized integration, most of which follow a page of AWS.
    pub const OPTIMIZED: Basis = Basis { rule: OPTIMIZED.0, confidence: Confidence::High, note: OPTIMIZED.1 };

    /// The operation is not in the catalogue.
    pub const UNKNOWN: Basis = Basis { rule: UNKNOWN.0, confidence: Confidence::Low, note: UNKNOWN.1 };
}

impl Operation {
    /// How it is known that the operation needs one of its actions.
    #[must_use]
    pub fn basis(&self, action: &Action) -> Basis {
        let (rule, note) = match action.kind {
            Kind::Own => self.rule.words(),
            Kind::Dependent => DEPENDENT,
            Kind::Tag if action.confidence == Confidence::Low => (TAG.0, TAG_GUESS),
            Kind::Tag => TAG,
            Kind::Extra | Kind::Optional | Kind::Advice if action.name == PASS_ROLE => PASSED,
            Kind::Extra | Kind::Key | Kind::Optional => DATA,
            Kind::Advice => DEPENDENT,
            Kind::Error => TEXT,
            Kind::ServiceLinkedRole => CREATES,
        };
        Basis {
            rule,
            confidence: action.confidence,
            note: if action.note.is_empty() { note } else { action.note },
        }
    }
}

impl Rule {
    /// Its name and its basis.
    const fn words(self) -> Words {
        match self {
            Rule::SameName => SAME_NAME,
            Rule::Exception => EXCEPTION,
            Rule::NoPermission => NONE,
            Rule::HttpMethod => REST,
            Rule::ApiLink => API_LINK,
            Rule::Documentation => TEXT,
            Rule::Affix => AFFIX,
            Rule::Map => MAP,
            Rule::Withdrawn => CLOSED,
            Rule::Assumed => ASSUMED,
        }
    }

    /// Its name, such as `same name`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.words().0
    }
}

impl Confidence {
    /// `high`, `medium` or `low`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Confidence::High => "high",
            Confidence::Medium => "medium",
            Confidence::Low => "low",
        }
    }
}
