//! Policies of a role, whoever wrote them: what IAM rejects in them beyond the form of a document.
//!
//! Less strict than [`super::grammar::check`], which is for the documents that are made here: only what IAM
//! certainly rejects is an error. AWS's own managed policies have wildcards in place of the partition.
//!
//! Source: "Grammar of the IAM JSON policy language" and "IAM JSON policy elements" (`Sid`, `Action`,
//! `Resource`) of the IAM user guide, and IAM's own messages, such as "Statement IDs (SID) must be
//! alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*".

use std::collections::BTreeSet;

use super::read::{ReadError, read_and_check};
use super::refused::Refused;
use super::{Document, DocumentStatement, Selection};

/// Reads a policy of a role: a document without `Principal`, which only policies of resources and trust
/// policies have.
///
/// # Errors
/// As [`read`](super::read()); and if a statement has a principal, if a list is empty, if an action or a
/// resource does not have its form, or if a `Sid` has other characters than letters and digits or is that of
/// another statement.
pub fn read_for_role(text: &str) -> Result<Document, ReadError> {
    let mut sids = BTreeSet::new();
    let document = read_and_check(text, &mut |statement, place| {
        if statement.principals.is_some() {
            return Err(ReadError::Principal { pointer: place.to_string() });
        }
        let refused =
            |(element, refused)| ReadError::Refused { pointer: format!("{place}/{element}"), refused };
        elements(statement).map_err(refused)?;
        // Terraform's data source writes an empty one where none is given.
        let sid = statement.sid.clone().filter(|sid| !sid.is_empty());
        let wrong = sid.and_then(|sid| {
            if !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                Some(Refused::Sid(sid))
            } else if !sids.insert(sid.clone()) {
                Some(Refused::SameSid(sid))
            } else {
                None
            }
        });
        wrong.map_or(Ok(()), |wrong| Err(refused(("Sid", wrong))))
    })?;
    if document.statements.is_empty() {
        return Err(ReadError::Refused { pointer: "/Statement".to_owned(), refused: Refused::NoStatements });
    }
    Ok(document)
}

/// Checks actions and resources. What is wrong has the name of its element.
fn elements(statement: &DocumentStatement) -> Result<(), (&'static str, Refused)> {
    let (name, actions) = match &statement.actions {
        Selection::Any(actions) => ("Action", actions),
        Selection::AllBut(actions) => ("NotAction", actions),
    };
    if actions.is_empty() {
        return Err((name, Refused::Empty("action")));
    }
    if let Some(wrong) = actions.iter().map(|glob| glob.as_str()).find(|text| !is_action(text)) {
        return Err((name, Refused::Action(wrong.to_owned())));
    }
    let (name, resources) = match &statement.resources {
        Some(Selection::Any(resources)) => ("Resource", resources),
        Some(Selection::AllBut(resources)) => ("NotResource", resources),
        None => return Ok(()),
    };
    if resources.is_empty() {
        return Err((name, Refused::Empty("resource")));
    }
    match resources.iter().map(|glob| glob.as_str()).find(|text| !is_resource(text)) {
        Some(wrong) => Err((name, Refused::Resource(wrong.to_owned()))),
        None => Ok(()),
    }
}

/// `*`, or a service and the name of an action.
fn is_action(text: &str) -> bool {
    text == "*" || text.split_once(':').is_some_and(|(service, _)| !service.is_empty())
}

/// `*`, or an ARN, whose last parts may be left out.
fn is_resource(text: &str) -> bool {
    text == "*" || text.starts_with("arn:")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(statements: &str) -> Option<(String, String)> {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": {statements}}}"#);
        read_for_role(&text).err().map(|error| (error.pointer(), error.to_string()))
    }

    fn with(members: &str) -> String {
        let given = |name: &str| members.contains(&format!("{name}\":"));
        let action = if given("Action") { "" } else { r#""Action": "s3:GetObject","# };
        let resource = if given("Resource") { "" } else { r#""Resource": "*","# };
        format!(r#"{{"Effect": "Allow", {action} {resource} {members}}}"#)
    }

    #[test]
    fn what_iam_rejects_is_an_error_at_its_element() {
        for (members, element, said) in [
            (r#""Action": []"#, "Action", "the list is empty: give at least one action"),
            (r#""NotAction": []"#, "NotAction", "the list is empty: give at least one action"),
            (r#""Resource": []"#, "Resource", "the list is empty: give at least one resource"),
            (r#""NotResource": []"#, "NotResource", "the list is empty: give at least one resource"),
            (r#""Resource": ["*", "foo"]"#, "Resource", "\"foo\" is not an ARN: write the resource as"),
            (r#""Resource": "a*""#, "Resource", "\"a*\" is not an ARN"),
            (r#""Resource": """#, "Resource", "\"\" is not an ARN"),
            (r#""NotResource": "${bucket}""#, "NotResource", "\"${bucket}\" is not an ARN"),
            (r#""Action": "getobject""#, "Action", "\"getobject\" is not an action: write it as"),
            (r#""Action": ":getobject""#, "Action", "\":getobject\" is not an action"),
            (r#""Sid": "a b!""#, "Sid", "the Sid \"a b!\" has other characters than letters and digits"),
            (r#""Sid": "é""#, "Sid", "the Sid \"é\" has other characters"),
        ] {
            let found = refused(&format!("[{}, {}]", with(r#""Sid": "First""#), with(members)));
            let (pointer, message) = found.unwrap_or_else(|| panic!("{members} is taken"));
            assert_eq!(pointer, format!("/Statement/1/{element}"), "{members}");
            assert!(message.contains(said), "{members}: {message}");
        }
        let twice = with(r#""Sid": "A""#);
        let (pointer, message) = refused(&format!("[{twice}, {twice}]")).expect("an error");
        assert_eq!(pointer, "/Statement/1/Sid");
        assert!(message.contains("an earlier statement has the Sid \"A\" too"), "{message}");
        assert_eq!(refused("[]").expect("an error").0, "/Statement");
    }

    #[test]
    fn what_iam_takes_is_read() {
        for members in [
            r#""Action": "*""#,
            r#""Action": "*:*""#,
            r#""Action": ["S3:Get*", "s3:?utObject"]"#,
            r#""Resource": "*""#,
            r#""Resource": ["arn:aws:s3:::*", "arn:*:iam::aws:policy/*", "arn:aws:sns"]"#,
            r#""Resource": "arn:aws:s3:::${aws:username}""#,
            r#""NotResource": "arn:aws:iam::111122223333:role/x""#,
            r#""Sid": """#,
            r#""Sid": "AllowRead2""#,
        ] {
            let statement = with(members);
            assert_eq!(refused(&format!("[{statement}]")), None, "{members}");
            assert_eq!(refused(&statement), None, "{members}");
        }
        // An empty Sid is none, and the case of letters counts.
        let empty = with(r#""Sid": """#);
        assert_eq!(refused(&format!("[{empty}, {empty}]")), None);
        assert_eq!(refused(&format!("[{}, {}]", with(r#""Sid": "A""#), with(r#""Sid": "a""#))), None);
    }
}
