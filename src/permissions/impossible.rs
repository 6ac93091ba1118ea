//! Literals that no call can use: AWS rejects them, whatever the policy allows.

use std::collections::BTreeSet;

use crate::asl::template::Arguments;
use crate::asl::{Integration, Json, Task, member_pointer};
use crate::finding::{Code, Finding, Problem, character, listed, quoted};
use crate::iam::{
    ArnFields, Condition, Location, Pattern, Unresolved, WildcardReason, is_account_number, is_region,
};
use crate::sdk::forms;
use crate::work::Work;

use super::characters::takes_any_text;
use super::names::{has_star, unusual};
use super::why::whom;
use super::{Permission, Requirements, Visit};

/// Services that are known to reject ARNs of another Region, and how the resource begins for which that is
/// known. For others it is `cross-region`, which is informational.
///
/// Source: the errors of the services, such as "Functions from 'us-east-1' are not reachable in this
/// region", "Identifier is for us-east-1. You are in eu-west-1", "Invalid parameter: TopicArn"; and that Step
/// Functions reaches no other Region:
/// <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html>.
const OF_OWN_REGION: [(&str, &str); 4] = [("ecs", ""), ("lambda", "function:"), ("sns", ""), ("states", "")];

/// The suffixes, in lower case, of the names of parameters that accept only an ARN, a URL, the ID of a key or
/// a model, or one of a few words.
const WITH_FORM: [&str; 13] = [
    "arn",
    "arns[]",
    "copysource",
    "keyid",
    "location",
    "modelid",
    "qualifier",
    "queueurl",
    "role",
    "resourcearnlist[]",
    "targets[].key",
    "templateurl",
    "uri",
];

/// The same of parameters that accept any text.
const FREE: [&str; 1] = ["querystring"];

/// Parameters of optimized integrations without which there is no call, whatever the others say: the service,
/// the API and the parameter.
///
/// Source: "Method" among the required parameters of
/// <https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html>.
const NEVER_EMPTY: [(&str, &str, &str); 1] = [("apigateway", "invoke", "Method")];

const ARN: &str = "arn:";

/// Services of which AWS owns resources that have no account, though the templates of all types have one.
///
/// Source: for AWS Entity Resolution, the pattern of the parameter in
/// <https://docs.aws.amazon.com/entityresolution/latest/apireference/API_GetProviderService.html>; for AWS's
/// own lenses, `LensAlias` in
/// <https://docs.aws.amazon.com/wellarchitected/latest/APIReference/API_GetLens.html>.
const OF_AWS: [&str; 3] = ["entityresolution", "ssm", "wellarchitected"];

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum ImpossibleProblem {
    #[error(
        "{whom} has {} as {}, {}. AWS rejects such a call. Correct the value.",
        quoted(text),
        quoted(parameter),
        shape(text, parameter)
    )]
    Value { whom: String, parameter: String, text: String },
    #[error(
        "{whom} names {}, an ARN of the service {}, for {}. AWS rejects such a call. Correct the ARN.",
        quoted(arn),
        quoted(service),
        listed(actions)
    )]
    Service { whom: String, arn: String, service: String, actions: Vec<String> },
    #[error("{whom} names {}, {wrong}. AWS rejects such a call. Correct the ARN.", quoted(arn))]
    Field { whom: String, arn: String, wrong: String },
    #[error(
        "{whom} names {}. AWS does not accept {} in such a name, and a call is about one resource. Correct the name.",
        quoted(arn),
        listed(characters)
    )]
    Name { whom: String, arn: String, characters: Vec<String> },
    #[error(
        "{whom} names {}. A \"*\" or \"?\" is an ordinary character there, so the policy allows this one name and nothing that it would match as a wildcard. If \
         several are meant, compute the name, and add a resource_hint with the wildcard.",
        quoted(name)
    )]
    LiteralWildcard { whom: String, name: String },
}

/// What is wrong with a literal: the rest of a clause.
fn shape(text: &str, parameter: &str) -> &'static str {
    let takes_arns =
        ["Arn", "Arns", "ARN", "ARNs"].iter().any(|end| parameter.trim_end_matches("[]").ends_with(end));
    match text {
        "" => "which is empty",
        arn if arn.starts_with(ARN) => "which is not an ARN of the required service and type",
        _ if takes_arns => "which is not an ARN",
        _ => "which does not have the required form",
    }
}

impl Problem for ImpossibleProblem {
    fn code(&self) -> Code {
        match self {
            ImpossibleProblem::LiteralWildcard { .. } => Code::LiteralWildcard,
            _ => Code::ImpossibleValue,
        }
    }
}

/// The literals in a permission that no call can use; each once. If the caller no longer waits for them, some
/// are missing.
pub(super) fn about(
    permission: &Permission,
    aws: &Location,
    document: &Json<'_>,
    work: &Work,
) -> Vec<Finding> {
    let pointer = &permission.pointer;
    let whom = || whom(pointer);
    // Where another parameter names the resource, no wildcard shows what is wrong with this one.
    let literals = malformed(permission.patterns()).chain(rejected(permission));
    let mut found = of_values(permission, document, literals);
    let mut add = |problem: &ImpossibleProblem, about: String| {
        found.push(Finding::new(problem, pointer.to_string()).about(Vec::new(), [about]));
    };
    for resource in permission.grant.resources.iter().take_while(|_| work.count(1).is_ok()) {
        let named = || of_name(resource, &whom);
        let foreign = of_service(resource, permission, &whom);
        let problem = foreign.or_else(|| of_fields(resource, permission, aws, &whom)).or_else(named);
        problem.iter().for_each(|problem| add(problem, resource.to_text()));
    }
    // What the machine itself needs has conditions with stars that AWS writes.
    if pointer.is_empty() {
        return found;
    }
    for condition in permission.grant.conditions.iter().chain(&permission.open) {
        for value in condition.values.iter().filter(|_| !takes_any_text(&condition.key)) {
            if let Some(problem) = of_fields(value, permission, aws, &whom) {
                add(&problem, format!("{} {}", condition.key, value.to_text()));
            }
        }
        if has_star(condition) {
            let problem = of_condition(condition, &whom);
            add(&problem, format!("{} {}", condition.key, texts(condition).join(", ")));
        }
    }
    found
}

/// The same of parameters that a call of an optimized integration cannot do without, though no permission may
/// depend on them.
pub(super) fn empty(visit: Visit<'_, '_>, task: &Task<'_>) -> Requirements {
    let Integration::Optimized { service, api, pattern } = task.resource.integration else {
        return Requirements::default();
    };
    let is_of = |(own, name, _): &&(&str, &str, &str)| {
        own.eq_ignore_ascii_case(service) && name.eq_ignore_ascii_case(api)
    };
    let found = NEVER_EMPTY.iter().filter(is_of).map(|(.., parameter)| {
        let arguments = Arguments::new(task.arguments.as_ref(), visit.scope);
        let call = visit.settings.call(&task.resource, pattern, arguments);
        let is_empty = call.texts(parameter).iter().any(Pattern::is_empty);
        let pointer = visit.state.pointer.as_str();
        let finding = || {
            let problem = ImpossibleProblem::Value {
                whom: whom(pointer),
                parameter: (*parameter).to_owned(),
                text: String::new(),
            };
            Finding::new(&problem, pointer).parameter(*parameter)
        };
        Requirements::found(pointer, is_empty.then(finding).into_iter().collect(), &call)
    });
    found.collect()
}

/// Those of them that are rejected whatever values the tokens get on which other parts of the permission
/// depend.
pub(super) fn in_any_case(permission: &Permission, document: &Json<'_>) -> Vec<Finding> {
    let known = permission.grant.resources.iter().filter(|_| !permission.pending.resources);
    of_values(permission, document, malformed(known).chain(rejected(permission)))
}

/// The literals that do not have the form that their parameters require.
fn malformed<'p>(patterns: impl Iterator<Item = &'p Pattern>) -> impl Iterator<Item = Literal<'p>> {
    patterns.flat_map(Pattern::reasons).filter_map(|why| match why {
        WildcardReason::Run { parameter, cause: Unresolved::Malformed(text) } => {
            Some((parameter.as_str(), text.as_str(), false))
        }
        _ => None,
    })
}

/// The literals of the call that name nothing of what their parameters are for. Characters are told by
/// themselves.
fn rejected(permission: &Permission) -> impl Iterator<Item = Literal<'_>> {
    let rejected = permission.rejected.iter().filter(|one| !Pattern::literal(&*one.text).has_unwritable());
    rejected.map(|one| (one.parameter.as_str(), one.text.as_str(), one.is_certain))
}

/// A parameter, a text in it, and whether a page of AWS says that it is rejected.
type Literal<'p> = (&'p str, &'p str, bool);

/// What is found of parameters with such texts; each once.
fn of_values<'p>(
    permission: &Permission,
    document: &Json<'_>,
    literals: impl Iterator<Item = Literal<'p>>,
) -> Vec<Finding> {
    let pointer = &permission.pointer;
    let certain = literals.filter(|(parameter, text, by_page)| *by_page || is_certain(parameter, text));
    let finding = |(parameter, text): (&str, &str)| {
        let (parameter, text) = (parameter.to_owned(), text.to_owned());
        let place = member_pointer(document, pointer, &parameter);
        let problem = ImpossibleProblem::Value {
            whom: whom(pointer),
            parameter: parameter.clone(),
            text: text.clone(),
        };
        Finding::new(&problem, place).parameter(parameter).subject(text)
    };
    certain
        .map(|(parameter, text, _)| (parameter, text))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(finding)
        .collect()
}

fn texts(condition: &Condition) -> Vec<String> {
    condition.values.iter().map(|value| value.written(true).unwrap_or_default()).collect()
}

/// What is wrong with the name in an ARN, or could be misread.
fn of_name(resource: &Pattern, whom: &dyn Fn() -> String) -> Option<ImpossibleProblem> {
    let unusual = unusual(resource);
    // A token that is not yet replaced is reported as such.
    if unusual.is_empty() || resource.beginning().contains("${") {
        return None;
    }
    let as_written = resource.written(true).unwrap_or_default();
    let rejected = unusual.iter().filter(|(_, is_taken)| !is_taken);
    let characters: Vec<String> = rejected.map(|(one, _)| named(*one)).collect();
    if !characters.is_empty() {
        return Some(ImpossibleProblem::Name { whom: whom(), arn: as_written, characters });
    }
    let is_wild = unusual.iter().any(|(one, _)| matches!(one, '*' | '?'));
    is_wild.then(|| ImpossibleProblem::LiteralWildcard { whom: whom(), name: as_written })
}

/// The same of the value of a condition.
fn of_condition(condition: &Condition, whom: &dyn Fn() -> String) -> ImpossibleProblem {
    let name = texts(condition).into_iter().find(|text| text.contains('*')).unwrap_or_default();
    match condition.key.as_str() {
        "kms:ResourceAliases" => {
            ImpossibleProblem::Name { whom: whom(), arn: name, characters: vec![named('*')] }
        }
        _ => ImpossibleProblem::LiteralWildcard { whom: whom(), name },
    }
}

/// A character as messages have it.
fn named(one: char) -> String {
    if matches!(one, '*' | '?') { quoted(&one.to_string()).to_string() } else { character(one) }
}

/// Whether a literal that names nothing is known to be rejected. A token that is not yet replaced is not, and
/// neither is a name: the ARN may have an ID that the name does not show.
fn is_certain(parameter: &str, text: &str) -> bool {
    let parameter = parameter.to_ascii_lowercase();
    let has_form = || WITH_FORM.iter().any(|ending| parameter.ends_with(ending));
    // Some parameters accept an alias of a key, which shows only that it is a key.
    let is_alias = || text.starts_with("alias/") || ArnFields::of(text).service == Some("kms");
    let is_open = text.contains("${") || text.contains("alias/") && is_alias();
    let is_free = || FREE.iter().any(|ending| parameter.ends_with(ending));
    // A domain of the user's own shows only that it is one.
    let is_host = parameter == "apiendpoint" && text.contains('.') && !text.contains(['/', ':', '*', '?']);
    let is_certain = || has_form() || !is_free() && (parameter == "apiendpoint" || !is_like_a_name(text));
    !is_open && !is_host && (text.is_empty() || text.starts_with(ARN) || is_certain())
}

/// Whether a text has only characters that names have: no address, no wildcard, no blank.
fn is_like_a_name(text: &str) -> bool {
    !text.contains("://") && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'*' | b'?'))
}

/// That an ARN is of a service whose resources the actions do not accept.
fn of_service(
    resource: &Pattern,
    permission: &Permission,
    whom: &dyn Fn() -> String,
) -> Option<ImpossibleProblem> {
    let fields = ArnFields::of(resource.beginning());
    // The colons of a token that is not yet replaced do not separate fields.
    let service =
        fields.service.filter(|_| fields.resource.is_some() && !resource.beginning().contains("${"))?;
    let foreign = |action: &&String| {
        let taken = forms::services(action.split(':').next().unwrap_or_default());
        taken.clone().next().is_some() && !taken.clone().any(|one| one == service)
    };
    let actions: Vec<String> = permission.grant.actions.iter().filter(foreign).cloned().collect();
    let arn = || resource.written(true).unwrap_or_default();
    (!actions.is_empty()).then(|| ImpossibleProblem::Service {
        whom: whom(),
        arn: arn(),
        service: service.to_owned(),
        actions,
    })
}

/// What is wrong with the fields of an ARN, as far as they are certain.
fn of_fields(
    resource: &Pattern,
    permission: &Permission,
    aws: &Location,
    whom: &dyn Fn() -> String,
) -> Option<ImpossibleProblem> {
    // The colons of a token that is not yet replaced do not separate fields.
    if resource.beginning().contains("${") {
        return None;
    }
    let arn = || resource.written(true).unwrap_or_default();
    let ends_early = |text: &str| text.starts_with(ARN) && ArnFields::of(text).resource.is_none();
    if resource.known().is_some_and(ends_early) {
        let wrong = "which has fewer than six fields".to_owned();
        return Some(ImpossibleProblem::Field { whom: whom(), arn: arn(), wrong });
    }
    let fields = ArnFields::of(resource.beginning());
    let (service, region, account) = (fields.service?, fields.region?, fields.account?);
    let name = fields.resource?;
    let wrong = |wrong: String| Some(ImpossibleProblem::Field { whom: whom(), arn: arn(), wrong });
    let (needs_region, needs_account) = forms::fields(service, name);
    let needs_region = needs_region.or_else(|| is_regional_access_point(service, name).then_some(true));
    let needs_account = needs_account.filter(|_| !OF_AWS.contains(&service));
    for (word, field, needed, has_form) in [
        ("Region", region, needs_region, is_region as fn(&str) -> bool),
        ("account", account, needs_account, is_account),
    ] {
        match needed {
            Some(true) if field.is_empty() => return wrong(format!("which has no {word}")),
            Some(false) if !field.is_empty() => {
                return wrong(format!(
                    "which has the {word} {}, although such ARNs have none",
                    quoted(field)
                ));
            }
            _ if !field.is_empty() && !has_form(field) => {
                return wrong(format!("in which {} is not a valid {word}", quoted(field)));
            }
            _ => {}
        }
    }
    // A bucket of the execution does not give its object a key.
    let text = (service == "s3").then(|| resource.to_text());
    let name = text.as_deref().and_then(|text| ArnFields::of(text).resource).unwrap_or(name);
    if has_no_name(service, name)
        && (resource.known().is_some() || ["s3", "secretsmanager"].contains(&service))
    {
        return wrong("which does not name a resource".to_owned());
    }
    let own = aws.region.as_deref().filter(|own| !region.is_empty() && *own != region);
    let bound = || OF_OWN_REGION.iter().any(|(of, begin)| *of == service && name.starts_with(begin));
    if let Some(own) = own.filter(|_| !permission.pointer.is_empty() && bound()) {
        return wrong(format!(
            "but the policy is for {}, and the service does not accept ARNs of other Regions",
            quoted(own)
        ));
    }
    None
}

/// Whether it is an access point of one Region: the names of those of several end with `.mrap`.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRequests.html>.
fn is_regional_access_point(service: &str, resource: &str) -> bool {
    let name = resource.strip_prefix("accesspoint/").filter(|_| service == "s3");
    name.and_then(|name| name.split('/').next()).is_some_and(|name| !name.ends_with(".mrap"))
}

/// Twelve digits, or a word where AWS itself is the owner: `aws`, `aws-marketplace`.
fn is_account(field: &str) -> bool {
    is_account_number(field) || field.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// Whether nothing follows the word for the type. Object keys and the paths of APIs can end in this way.
fn has_no_name(service: &str, resource: &str) -> bool {
    // AWS puts six characters after the name of a secret.
    if service == "secretsmanager" {
        return resource == "secret:-";
    }
    if service == "s3" {
        // The key of an object follows the bucket, or the word for it that follows an access point.
        let key = match resource.strip_prefix("accesspoint/") {
            Some(name) => name.split_once("/object/").map(|(_, key)| key),
            None => resource.split_once('/').map(|(_, key)| key),
        };
        if key.is_some_and(str::is_empty) {
            return true;
        }
    }
    let word = resource.trim_end_matches(['/', ':']);
    let is_word = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let is_free = matches!(service, "s3" | "apigateway" | "execute-api") && !word.is_empty();
    word.len() < resource.len().max(1) && is_word && !is_free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_fields() {
        for (account, is) in
            [("111122223333", true), ("aws", true), ("*", false), ("1111", false), ("Me", false)]
        {
            assert_eq!(is_account(account), is, "{account}");
        }
        for (service, resource, without) in [
            ("sns", "", true),
            ("sns", "orders", false),
            ("dynamodb", "table/", true),
            ("dynamodb", "table/orders", false),
            ("lambda", "function:", true),
            ("s3", "reports/", true),
            ("s3", "reports/2026/", false),
            ("s3", "reports", false),
            ("s3", "accesspoint/ap/object/", true),
            ("s3", "accesspoint/ap/object/a", false),
            ("secretsmanager", "secret:-", true),
            ("secretsmanager", "secret:db-", false),
            ("s3", "", true),
            ("logs", "log-group:/aws/x:", false),
        ] {
            assert_eq!(has_no_name(service, resource), without, "{resource}");
        }
    }

    #[test]
    fn what_is_certain_to_be_refused() {
        for (parameter, text, certain) in [
            ("TopicArn", "orders", true),
            ("TopicArn", "${Topic}", false),
            ("Identifier", "orders", false),
            ("Identifier", "alias/orders", false),
            ("Identifier", "https://example.com/", true),
            ("Identifier", "orders-*", true),
            ("Identifier", "my orders", true),
            ("QueryString", "SELECT *", false),
            ("ModelId", "orders", true),
            ("Identifier", "arn:aws:s3:::b", true),
            ("KeyId", "garbage", true),
            ("Name", "", true),
        ] {
            assert_eq!(is_certain(parameter, text), certain, "{parameter} {text}");
        }
    }
}
