//! Whether a hinted resource can replace a wildcard.

use crate::iam::{ArnFields, Pattern};
use crate::sdk::kinds::can_be_on;

use super::opening::Opening;
use super::problem::HintProblem;
use super::{Target, read};

/// The condition key whose values are URLs.
const URL: &str = "states:HTTPEndpoint";

/// A hinted resource that can replace a wildcard.
pub(super) struct Fit {
    pub(super) pattern: Pattern,
    /// The account of an exact ARN that is not in the policy's own.
    account: Option<String>,
}

impl Fit {
    /// What is worth knowing about it.
    pub(super) fn note(&self) -> Option<HintProblem> {
        let account = self.account.clone()?;
        Some(HintProblem::OtherAccount { text: self.pattern.to_text(), account })
    }

    /// Whether it is narrower than a text, or the same in another account.
    pub(super) fn narrows(&self, text: &Pattern) -> bool {
        if text.covers(&self.pattern) {
            return true;
        }
        let account = self.account.as_deref();
        account.and_then(|account| in_account(text, account)).is_some_and(|text| text.covers(&self.pattern))
    }
}

/// Holds a text against the wildcards that it is for: it must be narrower than one of them.
pub(super) fn check(text: &str, openings: &[Opening], target: &Target) -> Result<Fit, HintProblem> {
    let pattern = read(text);
    let mut worst = None;
    for opening in openings {
        match against(text, &pattern, opening, target) {
            Ok(fit) => return Ok(fit),
            Err(problem) => worst = worst.max(Some(problem)),
        }
    }
    Err(worst
        .unwrap_or_else(|| HintProblem::NotAnArn { text: text.to_owned(), what: target.name().to_owned() }))
}

fn against(text: &str, pattern: &Pattern, opening: &Opening, target: &Target) -> Result<Fit, HintProblem> {
    let what = || target.name().to_owned();
    let text = || text.to_owned();
    let wide = &opening.text;
    let is_url = opening.key.as_deref() == Some(URL);
    if is_url {
        let host = pattern.beginning().strip_prefix("https://").unwrap_or_default();
        if host.is_empty() {
            return Err(HintProblem::NotAUrl { text: text(), what: what() });
        }
    } else {
        let takes_arn = opening.key.is_none() || wide.is_arn();
        let fits = if takes_arn { is_arn(pattern) } else { !pattern.is_empty() && !pattern.is_unknown() };
        if !fits {
            return Err(HintProblem::NotAnArn { text: text(), what: what() });
        }
    }
    if wide == pattern {
        return Err(HintProblem::Equal { text: text() });
    }
    if wide.covers(pattern) {
        // If the resource may be any, only the actions show the service.
        if wide.is_unknown()
            && opening.key.is_none()
            && !opening.actions.iter().any(|action| is_of(action, pattern))
        {
            return Err(HintProblem::OtherService {
                text: text(),
                what: what(),
                actions: opening.actions.clone(),
            });
        }
        return Ok(Fit { pattern: pattern.clone(), account: None });
    }
    if let (Some(_), Some(account)) = (pattern.known(), account(pattern))
        && in_account(wide, &account).is_some_and(|wide| wide.covers(pattern))
    {
        return Ok(Fit { pattern: pattern.clone(), account: Some(account) });
    }
    Err(HintProblem::NotWithin { text: text(), what: what(), within: wide.to_text() })
}

/// Whether an exact ARN of another account may replace a text with a wildcard.
pub(super) fn may_be_elsewhere(text: &Pattern) -> bool {
    in_account(text, "000000000000").is_some()
}

/// Whether it has all fields of an ARN, the service certain and the resource not empty.
fn is_arn(pattern: &Pattern) -> bool {
    let text = pattern.to_text();
    pattern.is_arn() && ArnFields::of(&text).resource.is_some_and(|resource| !resource.is_empty())
}

/// Whether an action is one on resources of the ARN's type; where the type is not known, of its service.
fn is_of(action: &str, arn: &Pattern) -> bool {
    if let Some(can) = can_be_on(action, arn) {
        return can;
    }
    let service = arn.service().unwrap_or_default();
    match action.split(':').next().unwrap_or_default() {
        // Roles belong to IAM.
        "sts" => service == "iam",
        own => service == own,
    }
}

/// The account of an ARN, if it is certain.
fn account(arn: &Pattern) -> Option<String> {
    ArnFields::of(arn.beginning()).account_number().map(str::to_owned)
}

/// The same ARN in another account, if it is certain in which it is.
fn in_account(arn: &Pattern, other: &str) -> Option<Pattern> {
    let own = account(arn)?;
    let fields = ArnFields::of(arn.beginning());
    let head = format!("arn:{}:{}:{}", fields.partition?, fields.service?, fields.region?);
    let rest = arn.strip_prefix(&format!("{head}:{own}"))?;
    let mut moved = Pattern::literal(format!("{head}:{other}"));
    moved.push(&rest);
    Some(moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opening(text: &str, action: &str) -> Opening {
        Opening { text: read(text), key: None, actions: vec![action.to_owned()] }
    }

    #[test]
    fn a_hint_is_of_the_kind_that_it_replaces() {
        let topics = [opening("arn:aws:sns:eu-west-1:111122223333:*", "sns:Publish")];
        let target = Target::Parameter("TopicArn".to_owned());
        let checked = |text: &str| check(text, &topics, &target).map(|fit| fit.account);
        assert_eq!(checked("arn:aws:sns:eu-west-1:111122223333:orders"), Ok(None));
        assert_eq!(checked("arn:aws:sns:eu-west-1:111122223333:orders-*"), Ok(None));
        assert_eq!(checked("arn:aws:sns:eu-west-1:444455556666:orders"), Ok(Some("444455556666".to_owned())));
        for (text, wrong) in [
            ("", "is not an ARN"),
            ("*", "is not an ARN"),
            ("x", "is not an ARN"),
            ("arn", "is not an ARN"),
            ("arn:aws:sns:eu-west-1:111122223333:", "is not an ARN"),
            ("arn:aws:sns:eu-west-1:111122223333:*", "as wide as what it replaces"),
            ("arn:aws:sns:eu-west-1:*:*", "is not within"),
            ("arn:aws:sns:eu-west-1:444455556666:orders-*", "is not within"),
            ("arn:aws:sns:us-east-1:111122223333:orders", "is not within"),
            ("arn:aws:iam::111122223333:role/r", "is not within"),
        ] {
            let said = checked(text).unwrap_err().to_string();
            assert!(said.contains(wrong), "{text}: {said}");
        }
    }

    #[test]
    fn of_a_lone_wildcard_the_actions_tell_the_type() {
        let any = [opening("*", "sns:Publish")];
        let target = Target::Parameter("TopicArn".to_owned());
        assert!(check("arn:aws:sns:eu-west-1:111122223333:orders", &any, &target).is_ok());
        let said = check("arn:aws:sqs:eu-west-1:111122223333:orders", &any, &target).map(|_| ()).unwrap_err();
        assert!(matches!(said, HintProblem::OtherService { .. }), "{said}");
        let any = [opening("*", "glue:StartJobRun")];
        assert!(check("arn:aws:glue:eu-west-1:111122223333:job/nightly", &any, &target).is_ok());
        let crawler = "arn:aws:glue:eu-west-1:111122223333:crawler/nightly";
        let said = check(crawler, &any, &target).map(|_| ()).unwrap_err();
        assert!(matches!(said, HintProblem::OtherService { .. }), "{said}");
    }

    #[test]
    fn urls_have_a_host() {
        let urls = [Opening { key: Some(URL.to_owned()), ..opening("*", "states:InvokeHTTPEndpoint") }];
        let target = Target::Parameter("ApiEndpoint".to_owned());
        assert!(check("https://api.example.com/*", &urls, &target).is_ok());
        for text in ["", "*", "https://*", "http://api.example.com/"] {
            assert!(check(text, &urls, &target).is_err(), "{text}");
        }
    }
}
