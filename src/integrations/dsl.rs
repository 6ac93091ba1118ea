//! The DSL in which the catalogue is written.
//!
//! A row says: these actions, on these resources, under these conditions, when this holds. Everything is
//! `const`; templates are checked while compiling. What the DSL cannot express is a plain function.

use crate::asl::IntegrationPattern;
use crate::iam::{Condition, Grant, Operator, Pattern};

use crate::call::Call;

/// An AWS service with optimized integrations.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    /// Its name in the Resource of a task, such as `batch`; also the name of its file.
    pub name: &'static str,
    /// Its name in AWS's documentation.
    pub title: &'static str,
    /// AWS's page about the integration.
    pub docs: &'static str,
    /// The AWS SDK's names of the service, whose operations of the same names make the same requests. Empty
    /// if there are none: Amazon EMR's have names and parameters of their own.
    pub sdk: &'static [&'static str],
    /// In ascending order of their names.
    pub apis: &'static [Api],
}

/// An API of an optimized integration.
#[derive(Clone, Copy, Debug)]
pub struct Api {
    /// Its name in the Resource of a task, such as `submitJob`.
    pub name: &'static str,
    /// The integration patterns that Step Functions offers for it.
    pub patterns: &'static [IntegrationPattern],
    /// What AWS documents, with our additions where that is insufficient. `None` if AWS documents no policy:
    /// then `least_privilege` serves both modes.
    pub documented: Option<&'static [GrantRule]>,
    /// The least that works.
    pub least_privilege: &'static [GrantRule],
    /// What a reader of the guide should know: sentences.
    pub notes: &'static [&'static str],
}

/// A row: what is allowed, and when.
#[derive(Clone, Copy, Debug)]
pub struct GrantRule {
    /// What is allowed on what.
    pub body: Body,
    /// All must hold while the role acts.
    pub conditions: &'static [ConditionRule],
    /// All must hold, or may hold, for the row to count.
    pub when: &'static [Guard],
    /// Why the wildcards in the row's own templates are there: a sentence without its full stop. Empty means:
    /// AWS documents them.
    pub because: &'static str,
    /// Why the row adds to what AWS documents. Empty if it does not.
    pub correction: &'static str,
    /// Of the rows of its list for which this is set, one applies whatever the values of the parameters that
    /// their functions read.
    pub is_alternative: bool,
}

/// The two ways to say what is allowed.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// Every action on every resource.
    Rows {
        /// Such as `batch:SubmitJob`, spelt as in the service authorization reference.
        actions: &'static [&'static str],
        /// Never empty.
        resources: &'static [Resource],
    },
    /// Computed from the call, where resources and conditions depend on each other.
    Computed {
        /// The actions that it can grant, for the guide.
        actions: &'static [&'static str],
        /// The resources that it grants them on, for the guide: words such as `the model and the profile in
        /// ModelId`.
        describes: &'static str,
        /// The work.
        make: fn(&Call<'_, '_>) -> Vec<Grant>,
        /// Each value of a parameter produces a grant of its own, whatever it is, and the value occurs only
        /// where the grant names it.
        is_fixed: bool,
    },
}

/// Where a resource's ARN comes from, and what replaces it when it is known only at run time.
#[derive(Clone, Copy, Debug)]
pub struct Resource {
    /// Where it comes from.
    pub source: ResourceSource,
    /// Templates granted instead of a lone `*`, when nothing of the value, or of any of a template's values,
    /// is known. Empty: `*` in the value's place.
    pub otherwise: &'static [&'static str],
    /// A function names something whatever the values of its parameters. Other sources always do.
    pub is_certain: bool,
}

/// The ways to make a resource. A parameter can have a default for when it is absent, as in
/// `WorkGroup|primary`.
#[derive(Clone, Copy, Debug)]
pub enum ResourceSource {
    /// A template. Holes: `{partition}`, `{region}`, `{account}`, `{machine}` (the state machine's name),
    /// parameters such as `{JobName}`, `{Overrides.TaskRoleArn}` or `{WorkGroup|primary}`.
    Template(&'static str),
    /// The value of the parameter put into the template's `{}`, unless it is an ARN itself.
    Named(&'static str, &'static str),
    /// The value of the parameter is the ARN, and fits the template.
    Given(&'static str, &'static str),
    /// Each value of the parameter, transformed. No result: the value does not have the form that it should
    /// have, and `otherwise` holds.
    Each(&'static str, &'static str, fn(&Call<'_, '_>, &Pattern) -> Vec<Pattern>),
    /// Computed from the whole call: a description, and the function. No result: nothing is granted. A lone
    /// `*`: `otherwise` holds.
    Computed(&'static str, fn(&Call<'_, '_>) -> Vec<Pattern>),
    /// It cannot be read from the definition. The text says what it is, such as `the task role of the task
    /// definition`; it is also the parameter's name for hints.
    Hidden(&'static str),
}

/// When a row applies. A value known only at run time may be anything, so the row applies.
#[derive(Clone, Copy, Debug)]
pub enum Guard {
    /// With one of these patterns.
    Pattern(&'static [IntegrationPattern]),
    /// The parameter is given.
    Given(&'static str),
    /// The parameter is absent.
    Missing(&'static str),
    /// The parameter has the value.
    Is(&'static str, &'static str),
    /// The parameter has another value, or none.
    IsNot(&'static str, &'static str),
    /// The function decides. The text is for the guide; in it, names of parameters and values stand between
    /// backticks.
    Holds(&'static str, fn(&Call<'_, '_>) -> bool),
}

/// A condition of a row.
#[derive(Clone, Copy, Debug)]
pub enum ConditionRule {
    /// Operator, key, and a template (holes as in [`ResourceSource::Template`], or any text) for the value.
    Fixed(Operator, &'static str, &'static str),
    /// Operator, key, and the parameter whose values the key must have. The condition is open, and therefore
    /// left out, unless the parameter is certainly given and something is known of each value: a key that is
    /// absent from the request would deny it.
    Parameter(Operator, &'static str, &'static str),
    /// The key, and the work; no result: no condition.
    Computed(&'static str, fn(&Call<'_, '_>) -> Option<Condition>),
}

/// `.when(&[RUN_JOB])`: only if the task waits for the end of what it started.
pub(super) const RUN_JOB: Guard = Guard::Pattern(&[IntegrationPattern::RunJob, IntegrationPattern::RunJob2]);

/// Actions that wait for their resources.
#[derive(Clone, Copy, Debug)]
pub(super) struct Actions(&'static [&'static str]);

/// Begins a row. It is a row only after `.on`.
#[must_use]
pub(super) const fn allow(actions: &'static [&'static str]) -> Actions {
    assert!(!actions.is_empty());
    Actions(actions)
}

impl Actions {
    /// The resources.
    #[must_use]
    pub(super) const fn on(self, resources: &'static [Resource]) -> GrantRule {
        assert!(!resources.is_empty());
        GrantRule::of(Body::Rows { actions: self.0, resources })
    }

    /// On `*`, with the reason why nothing narrower works.
    #[must_use]
    pub(super) const fn on_anything(self, because: &'static str) -> GrantRule {
        assert!(!because.is_empty());
        GrantRule::of(Body::Rows { actions: self.0, resources: &[ANYTHING] }).because(because)
    }

    /// Computed by a function.
    #[must_use]
    pub(super) const fn computed(
        self,
        describes: &'static str,
        make: fn(&Call<'_, '_>) -> Vec<Grant>,
    ) -> GrantRule {
        GrantRule::of(Body::Computed { actions: self.0, describes, make, is_fixed: false })
    }
}

impl GrantRule {
    /// Whether it counts only for tasks that wait for the end of what they start.
    #[must_use]
    pub fn follows(&self) -> bool {
        use IntegrationPattern::{RunJob, RunJob2};
        let waits = |guard: &Guard| match guard {
            Guard::Pattern(patterns) => patterns.iter().all(|one| matches!(one, RunJob | RunJob2)),
            _ => false,
        };
        self.when.iter().any(waits)
    }

    const fn of(body: Body) -> GrantRule {
        GrantRule { body, conditions: &[], when: &[], because: "", correction: "", is_alternative: false }
    }

    /// Only when all of these hold.
    #[must_use]
    pub(super) const fn when(mut self, when: &'static [Guard]) -> GrantRule {
        self.when = when;
        self
    }

    /// For a computed row: each value of a parameter produces a grant of its own, whatever it is.
    #[must_use]
    pub(super) const fn fixed(mut self) -> GrantRule {
        if let Body::Computed { is_fixed, .. } = &mut self.body {
            *is_fixed = true;
        }
        self
    }

    /// Of the rows of its list for which this is set, one applies whatever their functions find.
    #[must_use]
    pub(super) const fn or_another(mut self) -> GrantRule {
        self.is_alternative = true;
        self
    }

    /// Only under these conditions.
    #[must_use]
    pub(super) const fn only_if(mut self, conditions: &'static [ConditionRule]) -> GrantRule {
        self.conditions = conditions;
        self
    }

    /// Why the wildcards in its templates are there.
    #[must_use]
    pub(super) const fn because(mut self, because: &'static str) -> GrantRule {
        self.because = because;
        self
    }

    /// Why it is there although AWS does not document it.
    #[must_use]
    pub(super) const fn correction(mut self, correction: &'static str) -> GrantRule {
        self.correction = correction;
        self
    }
}

/// `*`: no resource narrows the actions.
pub(super) const ANYTHING: Resource =
    Resource { source: ResourceSource::Template("*"), otherwise: &[], is_certain: false };

/// An ARN template; see [`ResourceSource::Template`].
#[must_use]
pub(super) const fn arn(template: &'static str) -> Resource {
    check(template);
    Resource { source: ResourceSource::Template(template), otherwise: &[], is_certain: false }
}

/// A parameter that takes a name or an ARN; the name goes into the template's `{}`.
#[must_use]
pub(super) const fn named(parameter: &'static str, template: &'static str) -> Resource {
    check(template);
    Resource { source: ResourceSource::Named(parameter, template), otherwise: &[], is_certain: false }
}

/// A parameter that takes an ARN like the template, and no name.
#[must_use]
pub(super) const fn given(parameter: &'static str, template: &'static str) -> Resource {
    check(template);
    Resource { source: ResourceSource::Given(parameter, template), otherwise: &["*"], is_certain: false }
}

/// A role given by its ARN alone.
#[must_use]
pub(super) const fn role_arn(parameter: &'static str) -> Resource {
    given(parameter, ROLE)
}

const ROLE: &str = "arn:{partition}:iam::{account}:role/{}";

/// Each value of a parameter, transformed by a function; the text describes the result for the guide.
#[must_use]
pub(super) const fn each(
    parameter: &'static str,
    describes: &'static str,
    make: fn(&Call<'_, '_>, &Pattern) -> Vec<Pattern>,
) -> Resource {
    Resource {
        source: ResourceSource::Each(parameter, describes, make),
        otherwise: &["*"],
        is_certain: false,
    }
}

/// Computed from several parameters by a function; the text describes the result for the guide.
#[must_use]
pub(super) const fn computed(describes: &'static str, make: fn(&Call<'_, '_>) -> Vec<Pattern>) -> Resource {
    Resource { source: ResourceSource::Computed(describes, make), otherwise: &["*"], is_certain: false }
}

/// Something that the definition does not say.
#[must_use]
pub(super) const fn hidden(what: &'static str) -> Resource {
    Resource { source: ResourceSource::Hidden(what), otherwise: &["*"], is_certain: false }
}

/// A role given by its ARN, or by its name.
#[must_use]
pub(super) const fn role(parameter: &'static str) -> Resource {
    named(parameter, ROLE)
}

impl Resource {
    /// A function names something whatever the values of its parameters.
    #[must_use]
    pub(super) const fn certain(mut self) -> Resource {
        self.is_certain = true;
        self
    }

    /// What is granted when nothing of the value is known before the execution.
    #[must_use]
    pub(super) const fn or(mut self, otherwise: &'static [&'static str]) -> Resource {
        let mut rest = otherwise;
        while let [template, tail @ ..] = rest {
            check(template);
            rest = tail;
        }
        self.otherwise = otherwise;
        self
    }
}

/// The parameter is given.
#[must_use]
pub(super) const fn present(parameter: &'static str) -> Guard {
    Guard::Given(parameter)
}

/// The parameter is absent.
#[must_use]
pub(super) const fn absent(parameter: &'static str) -> Guard {
    Guard::Missing(parameter)
}

/// `StringEquals`.
#[must_use]
pub(super) const fn equals(key: &'static str, value: &'static str) -> ConditionRule {
    ConditionRule::Fixed(Operator::StringEquals, key, value)
}

/// `StringLike`; `*` and `?` of the value are wildcards.
#[must_use]
pub(super) const fn like(key: &'static str, value: &'static str) -> ConditionRule {
    ConditionRule::Fixed(Operator::StringLike, key, value)
}

/// The key has the value of the parameter, as far as that is known; see [`ConditionRule::Parameter`].
#[must_use]
pub(super) const fn matching(
    operator: Operator,
    key: &'static str,
    parameter: &'static str,
) -> ConditionRule {
    ConditionRule::Parameter(operator, key, parameter)
}

/// `iam:PassRole`, as long as the role goes to the service.
#[must_use]
pub(super) const fn passed_to(service: &'static str) -> ConditionRule {
    equals("iam:PassedToService", service)
}

/// The EventBridge rule through which Step Functions learns of the end of a job. Without these permissions,
/// AWS does not create the state machine.
#[must_use]
pub(super) const fn managed_rule(rule: &'static [Resource]) -> GrantRule {
    allow(&["events:DescribeRule", "events:PutRule", "events:PutTargets"]).on(rule).when(&[RUN_JOB])
}

/// A template is `*`, or an ARN with a hole for the partition, and its braces are in pairs.
const fn check(template: &str) {
    const BEGINNING: &[u8] = b"arn:{partition}:";
    let bytes = template.as_bytes();
    if let [b'*'] = bytes {
        return;
    }
    let (mut rest, mut beginning) = (bytes, BEGINNING);
    while let ([byte, tail @ ..], [expected, expected_tail @ ..]) = (rest, beginning) {
        assert!(*byte == *expected, "a template begins with arn:{{partition}}:");
        rest = tail;
        beginning = expected_tail;
    }
    assert!(beginning.is_empty(), "a template begins with arn:{{partition}}:");
    let mut open = false;
    let mut fields = 2;
    while let [byte, tail @ ..] = rest {
        match *byte {
            b'{' => {
                assert!(!open, "a hole within a hole");
                open = true;
            }
            b'}' => {
                assert!(open, "a hole that does not begin");
                open = false;
            }
            b':' => fields += 1,
            b' ' => assert!(open, "a blank in a template"),
            _ => {}
        }
        rest = tail;
    }
    assert!(!open, "a hole that does not end");
    assert!(fields >= 5, "an ARN has six fields");
}
