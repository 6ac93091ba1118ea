//! From JSON to a [`Document`].

use crate::json::{Json, Object, Place, SyntaxError};

use super::glob::without_variables;
use super::refused::Refused;
use super::{ConditionTest, Document, DocumentStatement, Effect, Glob, Operator, Principals, Selection};

/// Why a text is not a policy document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Not JSON, or an object with the same key twice.
    #[error("it is not JSON: {0}")]
    Syntax(SyntaxError),
    /// A member has the wrong type or value.
    #[error("{}{expected} is expected, but it is {found}", at(pointer))]
    Unexpected {
        /// JSON pointer of the value.
        pointer: String,
        /// What is expected there, with its article.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// A required member is missing.
    #[error("{}{missing} is missing", at(pointer))]
    Missing {
        /// JSON pointer of the object.
        pointer: String,
        /// Its key, in quotes; or two, of which one is needed.
        missing: &'static str,
    },
    /// Two members that exclude each other.
    #[error("{}{one} and {other} exclude each other", at(pointer))]
    Both {
        /// JSON pointer of the object.
        pointer: String,
        /// A key, in quotes.
        one: &'static str,
        /// Another.
        other: &'static str,
    },
    /// A principal in a role's own policy.
    #[error(
        "{}the statement has a principal: it is a trust policy or a policy of a resource, not a policy of the role",
        at(pointer)
    )]
    Principal {
        /// JSON pointer of the statement.
        pointer: String,
    },
    /// An element of a role's policy that has its form but not what IAM accepts.
    #[error("{}{refused}", at(pointer))]
    Refused {
        /// JSON pointer of the element.
        pointer: String,
        /// What is wrong with it.
        refused: Refused,
    },
    /// A member or condition operator that IAM does not know.
    #[error("{}IAM has no such {what}", at(pointer))]
    Unknown {
        /// JSON pointer of the member.
        pointer: String,
        /// `element` or `condition operator`.
        what: &'static str,
    },
}

/// The place before what is wrong there, unless that is the whole document.
fn at(pointer: &str) -> String {
    if pointer.is_empty() { String::new() } else { format!("at \"{pointer}\": ") }
}

impl ReadError {
    /// JSON pointer to what is wrong; empty for a text that is not JSON.
    #[must_use]
    pub fn pointer(&self) -> String {
        match self {
            ReadError::Syntax(_) => String::new(),
            ReadError::Unexpected { pointer, .. }
            | ReadError::Missing { pointer, .. }
            | ReadError::Both { pointer, .. }
            | ReadError::Principal { pointer }
            | ReadError::Refused { pointer, .. }
            | ReadError::Unknown { pointer, .. } => pointer.clone(),
        }
    }
}

/// Reads a policy document as IAM does: one statement or a list, one text or a list, `Not…` elements.
///
/// # Errors
/// The first thing that IAM would reject the document for, with its place.
pub fn read(text: &str) -> Result<Document, ReadError> {
    read_and_check(text, &mut |_, _| Ok(()))
}

/// The same with more to check in each statement, which has its place.
pub(super) fn read_and_check(
    text: &str,
    check: &mut dyn FnMut(&DocumentStatement, &Place<'_>) -> Result<(), ReadError>,
) -> Result<Document, ReadError> {
    let json = Json::read(text).map_err(ReadError::Syntax)?;
    let whole = Place::At("");
    let root = object(&json, &whole, "an object")?;
    only(root, &whole, &["Version", "Id", "Statement"])?;
    let version = version(root)?;
    let variables = version.as_deref() == Some(WITH_VARIABLES);
    let statements = root
        .get("Statement")
        .ok_or(ReadError::Missing { pointer: String::new(), missing: "\"Statement\"" })?;
    let mut checked = |json: &Json<'_>, place: &Place<'_>| {
        let statement = statement(json, place, variables)?;
        check(&statement, place).map(|()| statement)
    };
    let place = Place::Member(&whole, "Statement");
    let statements = match statements {
        Json::Array(all) => all
            .iter()
            .enumerate()
            .map(|(index, one)| checked(one, &Place::Element(&place, index)))
            .collect::<Result<_, _>>()?,
        one => vec![checked(one, &place)?],
    };
    Ok(Document { version, statements })
}

/// Reads a statement of a document whose version has policy variables, for as long as somebody wants
/// it.
///
/// # Errors
/// As [`read`], with pointers within the statement; and an error that means nothing if nobody wants it.
pub fn read_statement(text: &str, wanted: &dyn Fn() -> bool) -> Result<DocumentStatement, ReadError> {
    let json = Json::read_while(text, wanted).map_err(ReadError::Syntax)?;
    statement(&json, &Place::At(""), true)
}

/// The version since which documents have policy variables; before it, and without a version, `${` is plain
/// text.
///
/// Source: "IAM JSON policy elements: Version" of the IAM user guide.
pub const WITH_VARIABLES: &str = "2012-10-17";

impl Document {
    /// Whether `${` begins a policy variable in it.
    pub(super) fn has_variables(&self) -> bool {
        self.version.as_deref() == Some(WITH_VARIABLES)
    }
}

/// The version before that, which IAM assumes for a document without a version.
const WITHOUT_VARIABLES: &str = "2008-10-17";

fn version(root: &Object<'_>) -> Result<Option<String>, ReadError> {
    match root.get("Version") {
        Some(Json::String(text)) if text != WITH_VARIABLES && text != WITHOUT_VARIABLES => {
            Err(ReadError::Unexpected {
                pointer: "/Version".to_owned(),
                expected: "\"2012-10-17\" or \"2008-10-17\"",
                found: format!("\"{text}\""),
            })
        }
        _ => optional_text(root, &Place::At(""), "Version"),
    }
}

fn statement(json: &Json<'_>, place: &Place<'_>, variables: bool) -> Result<DocumentStatement, ReadError> {
    let members = object(json, place, "an object")?;
    only(
        members,
        place,
        &[
            "Sid",
            "Effect",
            "Principal",
            "NotPrincipal",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition",
        ],
    )?;
    let effect = match members.get("Effect") {
        None => return Err(ReadError::Missing { pointer: place.to_string(), missing: "\"Effect\"" }),
        Some(Json::String(text)) if text == "Allow" => Effect::Allow,
        Some(Json::String(text)) if text == "Deny" => Effect::Deny,
        Some(other) => {
            return Err(unexpected(other, &Place::Member(place, "Effect"), "\"Allow\" or \"Deny\""));
        }
    };
    let actions = selection(members, place, "Action", "NotAction", Glob::read_action)?
        .ok_or(ReadError::Missing { pointer: place.to_string(), missing: "\"Action\" or \"NotAction\"" })?;
    let principals = principals(members, place)?;
    let read = if variables { Glob::read } else { Glob::read_without_variables };
    let resources = selection(members, place, "Resource", "NotResource", |text| whole_arn(text, read))?;
    if resources.is_none() && principals.is_none() {
        return Err(ReadError::Missing {
            pointer: place.to_string(),
            missing: "\"Resource\" or \"NotResource\"",
        });
    }
    Ok(DocumentStatement {
        sid: optional_text(members, place, "Sid")?,
        effect,
        principals,
        actions,
        resources,
        conditions: conditions(members, place, variables)?,
    })
}

/// A resource as IAM reads it: the parts that an ARN leaves out at its end are wildcards. A `*` reaches over
/// several parts by itself.
///
/// Source: "IAM identifiers" of the IAM user guide: `arn:aws:sqs` is equivalent to `arn:aws:sqs:*:*:*`.
fn whole_arn(text: &str, read: fn(&str) -> Glob) -> Glob {
    let glob = read(text);
    if !text.starts_with("arn:") || text.contains('*') {
        return glob;
    }
    match glob.missing_parts() {
        0 => glob,
        missing => read(&format!("{text}{}", ":*".repeat(missing))),
    }
}

fn selection(
    members: &Object<'_>,
    place: &Place<'_>,
    some: &'static str,
    but: &'static str,
    glob: impl Fn(&str) -> Glob,
) -> Result<Option<Selection>, ReadError> {
    let globs = |json: &Json<'_>, key: &str| -> Result<Vec<Glob>, ReadError> {
        Ok(texts(json, &Place::Member(place, key))?.into_iter().map(&glob).collect())
    };
    match (members.get(some), members.get(but)) {
        (None, None) => Ok(None),
        (Some(json), None) => Ok(Some(Selection::Any(globs(json, some)?))),
        (None, Some(json)) => Ok(Some(Selection::AllBut(globs(json, but)?))),
        (Some(_), Some(_)) => Err(ReadError::Both { pointer: place.to_string(), one: some, other: but }),
    }
}

fn principals(members: &Object<'_>, place: &Place<'_>) -> Result<Option<Principals>, ReadError> {
    let named = |json: &Json<'_>, key: &str| -> Result<Vec<(String, String)>, ReadError> {
        let place = Place::Member(place, key);
        if json.as_str() == Some("*") {
            return Ok(vec![("*".to_owned(), "*".to_owned())]);
        }
        let mut all = Vec::new();
        for (kind, names) in object(json, &place, "\"*\" or an object")?.iter() {
            let names = texts(names, &Place::Member(&place, kind))?;
            all.extend(names.into_iter().map(|name| (kind.to_string(), name.to_owned())));
        }
        Ok(all)
    };
    match (members.get("Principal"), members.get("NotPrincipal")) {
        (None, None) => Ok(None),
        (Some(json), None) => Ok(Some(Principals::Any(named(json, "Principal")?))),
        (None, Some(json)) => Ok(Some(Principals::AllBut(named(json, "NotPrincipal")?))),
        (Some(_), Some(_)) => {
            Err(ReadError::Both { pointer: place.to_string(), one: "Principal", other: "NotPrincipal" })
        }
    }
}

fn conditions(
    members: &Object<'_>,
    place: &Place<'_>,
    variables: bool,
) -> Result<Vec<ConditionTest>, ReadError> {
    let Some(json) = members.get("Condition") else { return Ok(Vec::new()) };
    let place = Place::Member(place, "Condition");
    let mut tests = Vec::new();
    for (name, keys) in object(json, &place, "an object")?.iter() {
        let place = Place::Member(&place, name);
        let operator = Operator::read(name)
            .ok_or_else(|| ReadError::Unknown { pointer: place.to_string(), what: "condition operator" })?;
        for (key, values) in object(keys, &place, "an object")?.iter() {
            let mut values = scalars(values, &Place::Member(&place, key))?;
            if !variables {
                values = values.iter().map(|value| without_variables(value)).collect();
            }
            tests.push(ConditionTest { operator, key: key.to_ascii_lowercase(), values });
        }
    }
    Ok(tests)
}

fn object<'j, 'a>(
    json: &'j Json<'a>,
    place: &Place<'_>,
    expected: &'static str,
) -> Result<&'j Object<'a>, ReadError> {
    json.as_object().ok_or_else(|| unexpected(json, place, expected))
}

/// The names of elements are case-sensitive; IAM rejects unknown ones.
fn only(members: &Object<'_>, place: &Place<'_>, known: &[&str]) -> Result<(), ReadError> {
    match members.iter().find(|(key, _)| !known.contains(&key.as_ref())) {
        None => Ok(()),
        Some((key, _)) => {
            Err(ReadError::Unknown { pointer: Place::Member(place, key).to_string(), what: "element" })
        }
    }
}

fn optional_text(members: &Object<'_>, place: &Place<'_>, key: &str) -> Result<Option<String>, ReadError> {
    match members.get(key) {
        None => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.to_string())),
        Some(other) => Err(unexpected(other, &Place::Member(place, key), "a string")),
    }
}

/// A string, or a list of strings.
fn texts<'j>(json: &'j Json<'_>, place: &Place<'_>) -> Result<Vec<&'j str>, ReadError> {
    const EXPECTED: &str = "a string or a list of strings";
    match json {
        Json::String(text) => Ok(vec![text]),
        Json::Array(all) => all
            .iter()
            .enumerate()
            .map(|(index, one)| match one {
                Json::String(text) => Ok(text.as_ref()),
                other => Err(unexpected(other, &Place::Element(place, index), "a string")),
            })
            .collect(),
        other => Err(unexpected(other, place, EXPECTED)),
    }
}

/// Values of a condition: IAM reads Booleans and numbers as their text.
fn scalars(json: &Json<'_>, place: &Place<'_>) -> Result<Vec<String>, ReadError> {
    const EXPECTED: &str = "a string, a number, a Boolean, or a list of these";
    let scalar = |json: &Json<'_>, place: &Place<'_>| match json {
        Json::String(text) => Ok(text.to_string()),
        Json::Bool(value) => Ok(value.to_string()),
        Json::Number(number) => Ok(number.to_string()),
        other => Err(unexpected(other, place, EXPECTED)),
    };
    match json {
        Json::Array(all) => {
            all.iter().enumerate().map(|(index, one)| scalar(one, &Place::Element(place, index))).collect()
        }
        one => Ok(vec![scalar(one, place)?]),
    }
}

fn unexpected(json: &Json<'_>, place: &Place<'_>, expected: &'static str) -> ReadError {
    let found = match json {
        Json::String(text) => format!("\"{text}\""),
        other => other.kind().to_owned(),
    };
    ReadError::Unexpected { pointer: place.to_string(), expected, found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_statement_and_one_text_are_lists_of_one() {
        let document = read(
            r#"{"Version": "2012-10-17", "Statement": {"Sid": "S", "Effect": "Allow", "Action": "S3:Get*", "NotResource": "arn:aws:s3:::b/*",
                "Condition": {"Bool": {"aws:SecureTransport": true}, "stringlike": {"aws:PrincipalTag/Team": ["a*", "b"]}}}}"#,
        )
        .unwrap();
        let [statement] = document.statements.as_slice() else { panic!("{document:?}") };
        assert!(
            matches!(&statement.actions, Selection::Any(all) if all.len() == 1 && all[0].covers(&Glob::plain("s3:getobject")))
        );
        assert!(matches!(&statement.resources, Some(Selection::AllBut(all)) if all.len() == 1));
        let keys: Vec<&str> = statement.conditions.iter().map(|test| test.key.as_str()).collect();
        assert_eq!(keys, ["aws:securetransport", "aws:principaltag/team"]);
        assert_eq!(statement.conditions[0].values, ["true"]);
    }

    #[test]
    fn an_arn_that_ends_early_has_wildcards_in_its_other_parts() {
        for (resource, whole) in [
            ("arn:aws:sqs", "arn:aws:sqs:*:*:*"),
            ("arn:aws:sqs:eu-west-1", "arn:aws:sqs:eu-west-1:*:*"),
            ("arn:aws:sqs:*", "arn:aws:sqs:*"),
            ("arn:aws:sqs:*:q", "arn:aws:sqs:*:q"),
            ("arn:aws:sqs:eu-west-1:111122223333:q", "arn:aws:sqs:eu-west-1:111122223333:q"),
            ("arn:aws:s3:::${aws:username}", "arn:aws:s3:::${aws:username}"),
            ("*", "*"),
        ] {
            for version in ["2012-10-17", "2008-10-17"] {
                let text = format!(
                    r#"{{"Version": "{version}", "Statement": {{"Effect": "Allow", "Action": "*", "Resource": "{resource}"}}}}"#
                );
                let document = read(&text).expect("a document");
                let resources = document.statements[0].resources.as_ref().expect("resources");
                assert_eq!(resources.patterns()[0].as_str(), whole);
            }
        }
    }

    #[test]
    fn a_trust_policy_has_principals_in_place_of_resources() {
        let trust = |principal: &str| {
            let text = format!(
                r#"{{"Statement": {{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {principal}}}}}"#
            );
            read(&text).map(|document| document.statements[0].principals.clone())
        };
        let named =
            |kind: &str, name: &str| Ok(Some(Principals::Any(vec![(kind.to_owned(), name.to_owned())])));
        assert_eq!(
            trust(r#"{"Service": ["states.amazonaws.com"]}"#),
            named("Service", "states.amazonaws.com")
        );
        assert_eq!(trust(r#""*""#), named("*", "*"));
        assert!(trust("[]").is_err());
    }

    #[test]
    fn what_iam_refuses_is_an_error_at_its_place() {
        let statement = |members: &str| format!(r#"{{"Statement": [{{{members}}}]}}"#);
        for (text, said) in [
            ("{".to_owned(), "it is not JSON: the text ends inside an object at line 1, column 2"),
            ("[]".to_owned(), "an object is expected, but it is an array"),
            ("{}".to_owned(), "\"Statement\" is missing"),
            (
                r#"{"Statement": [], "statement": []}"#.to_owned(),
                "at \"/statement\": IAM has no such element",
            ),
            (statement(""), "at \"/Statement/0\": \"Effect\" is missing"),
            (
                statement(r#""Effect": "allow""#),
                "at \"/Statement/0/Effect\": \"Allow\" or \"Deny\" is expected, but it is \"allow\"",
            ),
            (
                statement(r#""Effect": "Allow", "Action": "s3:*", "NotAction": "s3:*", "Resource": "*""#),
                "at \"/Statement/0\": Action and NotAction exclude each other",
            ),
            (
                statement(r#""Effect": "Allow", "Action": "s3:*""#),
                "at \"/Statement/0\": \"Resource\" or \"NotResource\" is missing",
            ),
            (
                statement(r#""Effect": "Allow", "Action": ["s3:*", 1], "Resource": "*""#),
                "at \"/Statement/0/Action/1\": a string is expected, but it is a number",
            ),
            (
                statement(
                    r#""Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"StringIs": {}}"#,
                ),
                "at \"/Statement/0/Condition/StringIs\": IAM has no such condition operator",
            ),
        ] {
            assert_eq!(read(&text).map_err(|error| error.to_string()), Err(said.to_owned()), "{text}");
        }
    }
}
