//! Tokens whose values are not known yet: their positions, and what may depend on them.
//!
//! A token may be a value of a payload template: there it becomes a hole. Where it names a state, a path or a
//! type, the definition itself is not known. In between, a value that is passed from state to state, or a
//! Choice that tests it, makes everything after it unknown.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::super::{Json, QueryLanguage, escape_pointer};
use crate::json::Part;
use crate::work::Work;

/// A definition in which tokens are marked, and what is not known because of them. Pointers are those of
/// states.
#[derive(Debug)]
pub struct Marked<'a> {
    /// The definition with holes in its payload templates.
    pub document: Json<'a>,
    /// A token decides what the definition is, so nothing is known.
    pub is_unknown: bool,
    /// The Resources that have a token: of states, readers and writers. Each is replaced by another Resource.
    pub resources: BTreeSet<String>,
    /// The states from which values go on that depend on a token.
    pub sources: BTreeSet<String>,
    /// The states, readers and writers with a payload template that contains text that may turn out to look
    /// like an expression.
    pub touched: BTreeSet<String>,
}

/// Marks the tokens of a definition, in which each is replaced by its name between two marks. Without a mark
/// there are no tokens. If the caller no longer waits, some are not marked.
#[must_use]
pub fn mark<'a>(document: Json<'a>, mark: Option<char>, stand_in: &'a str, work: &Work) -> Marked<'a> {
    let Some(mark) = mark else { return Marked::without_tokens(document) };
    let mut marker = Marker {
        work,
        mark,
        stand_in,
        has_jsonata: has_jsonata(&document) == Some(true),
        is_unknown: false,
        resources: BTreeSet::new(),
        sources: BTreeSet::new(),
        touched: BTreeSet::new(),
    };
    let document = marker.workflow(document, "");
    let Marker { is_unknown, resources, sources, touched, .. } = marker;
    Marked { document, is_unknown, resources, sources, touched }
}

impl<'a> Marked<'a> {
    /// A definition of which everything is known.
    fn without_tokens(document: Json<'a>) -> Marked<'a> {
        Marked {
            document,
            is_unknown: false,
            resources: BTreeSet::new(),
            sources: BTreeSet::new(),
            touched: BTreeSet::new(),
        }
    }
}

/// Members that have no effect on permissions, whatever their text. Some of them may be expressions.
const WITHOUT_EFFECT: [&str; 9] = [
    "Cause",
    "Error",
    "HeartbeatSeconds",
    "MaxConcurrency",
    "Seconds",
    "TimeoutSeconds",
    "Timestamp",
    "ToleratedFailureCount",
    "ToleratedFailurePercentage",
];

/// The payload templates of a state whose values are passed to other states.
const GOING_ON: [&str; 7] =
    ["Assign", "ItemBatcher", "ItemSelector", "Items", "Output", "Result", "ResultSelector"];

struct Marker<'a, 'w> {
    work: &'w Work,
    mark: char,
    stand_in: &'a str,
    /// Whether states without a query language of their own have JSONata.
    has_jsonata: bool,
    is_unknown: bool,
    resources: BTreeSet<String>,
    sources: BTreeSet<String>,
    touched: BTreeSet<String>,
}

impl<'a> Marker<'a, '_> {
    fn workflow(&mut self, json: Json<'a>, pointer: &str) -> Json<'a> {
        self.members(json, |marker, key, value| match key {
            "Comment" => marker.without_effect(value),
            "States" => marker.members(value, |marker, name, state| {
                marker.state(state, &format!("{pointer}/States/{}", escape_pointer(name)))
            }),
            _ => marker.fixed(value),
        })
    }

    fn state(&mut self, json: Json<'a>, pointer: &str) -> Json<'a> {
        let calls = json.as_object().and_then(|state| state.get("Type")?.as_str()) == Some("Task");
        let jsonata = has_jsonata(&json).unwrap_or(self.has_jsonata);
        self.members(json, |marker, key, value| match key {
            "Comment" | "Retry" => marker.without_effect(value),
            _ if WITHOUT_EFFECT.contains(&key) => marker.template(value, pointer),
            "Result" => marker.untouched(|marker| marker.source(value, pointer)),
            _ if GOING_ON.contains(&key) => marker.source(value, pointer),
            "Arguments" | "Credentials" | "Parameters" if calls => marker.template(value, pointer),
            "Arguments" | "Parameters" => marker.source(value, pointer),
            "Resource" => marker.resource(value, pointer),
            "Catch" => marker.elements(value, |marker, catcher| {
                marker.members(catcher, |marker, key, value| match key {
                    "Comment" | "ErrorEquals" => marker.without_effect(value),
                    "Assign" | "Output" => marker.source(value, pointer),
                    _ => marker.fixed(value),
                })
            }),
            "Choices" => marker.elements(value, |marker, rule| {
                marker.members(rule, |marker, key, value| match key {
                    "Comment" => marker.without_effect(value),
                    "Next" => marker.fixed(value),
                    _ => marker.source(value, pointer),
                })
            }),
            "ItemReader" | "ResultWriter" => marker.transfer(value, jsonata, &format!("{pointer}/{key}")),
            "Branches" => {
                let mut branch = 0..;
                marker.elements(value, |marker, workflow| {
                    let number = branch.next().unwrap_or_default();
                    marker.workflow(workflow, &format!("{pointer}/Branches/{number}"))
                })
            }
            "ItemProcessor" | "Iterator" => marker.workflow(value, &format!("{pointer}/{key}")),
            _ => marker.fixed(value),
        })
    }

    fn transfer(&mut self, json: Json<'a>, jsonata: bool, pointer: &str) -> Json<'a> {
        self.members(json, |marker, key, value| match key {
            "Comment" => marker.without_effect(value),
            "Resource" => marker.resource(value, pointer),
            "Arguments" | "Parameters" => marker.template(value, pointer),
            "ReaderConfig" | "WriterConfig" if jsonata => marker.template(value, pointer),
            "ReaderConfig" | "WriterConfig" => marker.untouched(|marker| marker.template(value, pointer)),
            _ => marker.fixed(value),
        })
    }

    fn resource(&mut self, json: Json<'a>, pointer: &str) -> Json<'a> {
        if !self.has_mark(&json) {
            return json;
        }
        self.resources.insert(pointer.to_owned());
        Json::String(Cow::Borrowed(self.stand_in))
    }

    /// A payload template.
    fn template(&mut self, json: Json<'a>, pointer: &str) -> Json<'a> {
        match json {
            Json::Object(_) => self.members(json, |marker, _, value| marker.template(value, pointer)),
            Json::Array(_) => self.elements(json, |marker, value| marker.template(value, pointer)),
            Json::String(text) if text.contains(self.mark) => {
                // A text that begins like an expression, but is not one, is reported.
                if text.starts_with([self.mark, '$']) {
                    self.touched.insert(pointer.to_owned());
                }
                Json::Pending(parts(&text, self.mark))
            }
            other => other,
        }
    }

    /// Where no finding is reported for what looks like an expression: in the `Result` of a Pass state, and,
    /// without JSONata, in configurations.
    fn untouched(&mut self, mark: impl FnOnce(&mut Self) -> Json<'a>) -> Json<'a> {
        let touched = std::mem::take(&mut self.touched);
        let value = mark(self);
        self.touched = touched;
        value
    }

    /// A payload template whose values are passed on.
    fn source(&mut self, json: Json<'a>, pointer: &str) -> Json<'a> {
        if self.has_mark(&json) {
            self.sources.insert(pointer.to_owned());
        }
        self.template(json, pointer)
    }

    /// A value that may contain a token, but has no effect.
    fn without_effect(&mut self, json: Json<'a>) -> Json<'a> {
        match json {
            Json::Object(_) => self.members(json, |marker, _, value| marker.without_effect(value)),
            Json::Array(_) => self.elements(json, Self::without_effect),
            Json::String(text) if text.contains(self.mark) => {
                Json::String(text.split(self.mark).collect::<String>().into())
            }
            other => other,
        }
    }

    /// A value that must not contain a token.
    fn fixed(&mut self, json: Json<'a>) -> Json<'a> {
        self.is_unknown |= self.has_mark(&json);
        json
    }

    fn members(
        &mut self,
        json: Json<'a>,
        mut make: impl FnMut(&mut Self, &str, Json<'a>) -> Json<'a>,
    ) -> Json<'a> {
        match json {
            Json::Object(object) => {
                self.is_unknown |= object.iter().any(|(key, _)| key.contains(self.mark));
                Json::Object(object.map(|key, value| match self.work.count(1) {
                    Ok(()) => make(self, key, value),
                    Err(_) => value,
                }))
            }
            // Whatever the text is, it is not an object.
            other => self.without_effect(other),
        }
    }

    fn elements(
        &mut self,
        json: Json<'a>,
        mut make: impl FnMut(&mut Self, Json<'a>) -> Json<'a>,
    ) -> Json<'a> {
        match json {
            Json::Array(elements) => {
                let make = |element| match self.work.count(1) {
                    Ok(()) => make(self, element),
                    Err(_) => element,
                };
                Json::Array(elements.into_iter().map(make).collect())
            }
            other => self.without_effect(other),
        }
    }

    fn has_mark(&self, json: &Json<'a>) -> bool {
        match json {
            Json::String(text) => text.contains(self.mark),
            Json::Array(elements) => elements.iter().any(|element| self.has_mark(element)),
            Json::Object(object) => {
                object.iter().any(|(key, value)| key.contains(self.mark) || self.has_mark(value))
            }
            _ => false,
        }
    }
}

/// Whether a definition or a state has JSONata, if it says so.
fn has_jsonata(json: &Json<'_>) -> Option<bool> {
    Some(json.as_object()?.get("QueryLanguage")?.as_str() == Some(QueryLanguage::Jsonata.name()))
}

/// The parts of a text with names between marks.
fn parts<'a>(text: &str, mark: char) -> Vec<Part<'a>> {
    let pieces = text.split(mark).enumerate();
    let parts = pieces.filter_map(|(position, piece)| match position % 2 {
        0 => (!piece.is_empty()).then(|| Part::Text(Cow::Owned(piece.to_owned()))),
        _ => Some(Part::Token(Cow::Owned(piece.to_owned()))),
    });
    parts.collect()
}

/// Whether a text with tokens is certainly, or may turn out to be, a JSONata expression: then nothing is
/// known of its value. A token alone is not enough: the beginning and the end of an expression must be in the
/// definition.
pub(super) fn is_expression(parts: &[Part<'_>]) -> bool {
    let written: String =
        parts.iter().map(|part| if let Part::Text(text) = part { text } else { " " }).collect();
    written.starts_with("{%") || written.ends_with("%}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str) -> Marked<'_> {
        mark(Json::read(text).unwrap(), Some('\u{fdd0}'), "arn:aws:lambda:::function:f", &Work::default())
    }

    fn states(state: &str) -> String {
        format!(r#"{{"StartAt": "A", "States": {{"A": {state}}}}}"#)
    }

    #[test]
    fn a_token_makes_a_hole_where_a_value_may_stand() {
        let text = states("{\"Type\": \"Task\", \"Comment\": \"a \u{fdd0}T\u{fdd0}\", \"Resource\": \"arn:aws:states:::sns:publish\",
            \"Parameters\": {\"TopicArn\": \"x-\u{fdd0}T\u{fdd0}\", \"Message\": \"\u{fdd0}T\u{fdd0}\"}}");
        let marked = marked(&text);
        assert!(!marked.is_unknown && marked.sources.is_empty() && marked.resources.is_empty());
        assert_eq!(marked.touched, BTreeSet::from(["/States/A".to_owned()]));
        let state = marked.document.as_object().unwrap().get("States").and_then(Json::as_object);
        let state = state.and_then(|states| states.get("A")?.as_object()).unwrap();
        let topic = state.get("Parameters").and_then(|json| json.as_object()?.get("TopicArn"));
        let parts = vec![Part::Text("x-".into()), Part::Token("T".into())];
        assert_eq!(topic, Some(&Json::Pending(parts)));
        assert_eq!(state.get("Comment").and_then(Json::as_str), Some("a T"));
    }

    #[test]
    fn a_token_that_decides_what_the_definition_is_leaves_nothing_known() {
        for state in [
            "{\"Type\": \"\u{fdd0}T\u{fdd0}\"}",
            "{\"Type\": \"Pass\", \"Next\": \"\u{fdd0}T\u{fdd0}\"}",
            "{\"Type\": \"Pass\", \"\u{fdd0}T\u{fdd0}\": 1}",
            "{\"Type\": \"Task\", \"Parameters\": {\"\u{fdd0}T\u{fdd0}\": 1}}",
            "{\"Type\": \"Choice\", \"Choices\": [{\"Next\": \"\u{fdd0}T\u{fdd0}\"}]}",
        ] {
            assert!(marked(&states(state)).is_unknown, "{state}");
        }
        // No text is a state.
        assert!(!marked(&states("\"\u{fdd0}T\u{fdd0}\"")).is_unknown);
    }

    #[test]
    fn values_that_go_on_make_their_state_a_source() {
        for state in [
            "{\"Type\": \"Pass\", \"Result\": {\"t\": \"\u{fdd0}T\u{fdd0}\"}}",
            "{\"Type\": \"Task\", \"Assign\": {\"t\": \"\u{fdd0}T\u{fdd0}\"}}",
            "{\"Type\": \"Choice\", \"Choices\": [{\"Variable\": \"$.x\", \"StringEquals\": \"\u{fdd0}T\u{fdd0}\"}]}",
            "{\"Type\": \"Task\", \"Catch\": [{\"Output\": \"\u{fdd0}T\u{fdd0}\"}]}",
        ] {
            let marked = marked(&states(state)).sources;
            assert_eq!(marked, BTreeSet::from(["/States/A".to_owned()]), "{state}");
        }
    }

    #[test]
    fn a_resource_with_a_token_is_stood_in_for() {
        let text = states("{\"Type\": \"Task\", \"Resource\": \"\u{fdd0}T\u{fdd0}\"}");
        let marked = marked(&text);
        assert_eq!(marked.resources, BTreeSet::from(["/States/A".to_owned()]));
        assert!(!marked.is_unknown);
    }

    #[test]
    fn a_token_within_an_expression_leaves_its_value_unknown() {
        let text = |text: &'static str| Part::Text(text.into());
        let token = || Part::Token("T".into());
        for (parts, expected) in [
            (vec![text("{% $x & '"), token(), text("' %}")], true),
            (vec![token()], false),
            (vec![text("arn:"), token()], false),
        ] {
            assert_eq!(is_expression(&parts), expected, "{parts:?}");
        }
    }
}
