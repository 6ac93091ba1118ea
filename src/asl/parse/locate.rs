//! From a parsed value back to the member of the definition that contains it, as a JSON pointer.

use std::fmt;

use super::super::state::SuccessorPlace;
use super::super::{Json, Object, escape_pointer, unescape_pointer};
use super::template::COMPUTED;

/// The pointer to the `Resource` of the state, reader or writer at a pointer.
#[must_use]
pub fn resource_pointer(pointer: &str) -> String {
    format!("{pointer}/Resource")
}

/// The pointer to the `Credentials` of the state at a pointer.
#[must_use]
pub fn credentials_pointer(pointer: &str) -> String {
    format!("{pointer}/Credentials")
}

/// The pointer to the `StartAt` of the workflow at a pointer.
pub(in crate::asl) fn start_pointer(pointer: &str) -> String {
    format!("{pointer}/StartAt")
}

impl fmt::Display for SuccessorPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SuccessorPlace::Next => f.write_str("/Next"),
            SuccessorPlace::Default => f.write_str("/Default"),
            SuccessorPlace::Rule(position) => write!(f, "/Choices/{position}/Next"),
            SuccessorPlace::Catcher(position) => write!(f, "/Catch/{position}/Next"),
        }
    }
}

/// The JSON pointer to the member that has a parameter of the state, reader or writer at a pointer; as far
/// down as such a member exists.
///
/// A parameter is a path as rows of the catalogues have it: `TopicArn`, `Overrides.TaskRoleArn`,
/// `Items[].RoleArn`, `RequestItems{}`. Those that begin with `Credentials` or `ReaderConfig` are beside the
/// arguments, all others among them.
#[must_use]
pub fn member_pointer(document: &Json<'_>, pointer: &str, parameter: &str) -> String {
    let mut place = pointer.to_owned();
    let Some(mut here) = at(document, pointer) else { return place };
    let beside = ["Credentials.", "ReaderConfig."].iter().any(|begun| parameter.starts_with(begun));
    if !beside {
        for key in ["Parameters", "Arguments"] {
            if let Some((key, arguments)) = here.as_object().and_then(|object| member(object, key)) {
                place.push('/');
                place.push_str(key);
                here = arguments;
                break;
            }
        }
    }
    let path = parameter.split('|').next().unwrap_or_default();
    for segment in path.split('.') {
        let name = segment.trim_end_matches("[]").trim_end_matches("{}");
        let Some((key, value)) = here.as_object().and_then(|object| member(object, name)) else { break };
        place.push('/');
        place.push_str(&escape_pointer(key));
        here = value;
    }
    place
}

/// The member of a name, as a literal or with `.$` at its end. Names are compared without regard to case if
/// no member has exactly this name, as where they are read.
fn member<'o, 'a>(object: &'o Object<'a>, name: &str) -> Option<(&'o str, &'o Json<'a>)> {
    let bare = |key: &'o str| key.strip_suffix(COMPUTED).unwrap_or(key);
    let find = |fits: &dyn Fn(&str) -> bool| object.iter().find(|(key, _)| fits(bare(key)));
    let found = find(&|key| key == name).or_else(|| find(&|key| key.eq_ignore_ascii_case(name)))?;
    Some((found.0.as_ref(), found.1))
}

/// The value at a JSON pointer.
fn at<'o, 'a>(document: &'o Json<'a>, pointer: &str) -> Option<&'o Json<'a>> {
    pointer.split('/').skip(1).try_fold(document, |here, segment| {
        let key = unescape_pointer(segment);
        match here {
            Json::Object(object) => object.get(&key),
            Json::Array(elements) => elements.get(key.parse::<usize>().ok()?),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_as_far_as_they_go() {
        let text = r#"{"States": {"a/b": {"Credentials": {"RoleArn.$": "$.r"}, "Parameters": {"TopicArn.$": "$.t", "Overrides": {"taskRoleArn": "x"},
            "Items": [{"R": 1}]}}, "J": {"Arguments": "{% $x %}"}}}"#;
        let document = Json::read(text).unwrap();
        for (state, parameter, pointer) in [
            ("/States/a~1b", "TopicArn", "/States/a~1b/Parameters/TopicArn.$"),
            ("/States/a~1b", "Overrides.TaskRoleArn", "/States/a~1b/Parameters/Overrides/taskRoleArn"),
            ("/States/a~1b", "Items[].R", "/States/a~1b/Parameters/Items"),
            ("/States/a~1b", "Credentials.RoleArn", "/States/a~1b/Credentials/RoleArn.$"),
            ("/States/a~1b", "the roles of the task definition", "/States/a~1b/Parameters"),
            ("/States/J", "TopicArn", "/States/J/Arguments"),
            ("/States/none", "TopicArn", "/States/none"),
            ("", "TopicArn", ""),
        ] {
            assert_eq!(member_pointer(&document, state, parameter), pointer, "{state} {parameter}");
        }
    }
}
