//! What states have in common, and the states that only handle values.

use super::super::problem::DefinitionProblem;
use super::super::{
    Catcher, Destination, Fail, Jitter, Pass, Processing, QueryLanguage, Retrier, Selection, Template,
    Transition, Wait,
};
use super::fields::Fields;
use super::state_type::StateType;
use crate::json::Place;

pub(super) fn processing<'a>(kind: StateType, fields: &mut Fields<'_, 'a>) -> Processing<'a> {
    if kind == StateType::Fail {
        return match fields.language {
            QueryLanguage::JsonPath => Processing::JsonPath {
                input: Selection::Whole,
                selector: None,
                result: Destination::Whole,
                output: Selection::Whole,
            },
            QueryLanguage::Jsonata => Processing::Jsonata { output: None },
        };
    }
    let (input, path) = (fields.selection("InputPath"), fields.selection("OutputPath"));
    let output = fields.template_of(QueryLanguage::Jsonata, "Output");
    let (mut selector, mut result) = (None, Destination::Whole);
    if kind.works() {
        selector = fields.template_of(QueryLanguage::JsonPath, "ResultSelector");
    }
    if kind.works() || kind == StateType::Pass {
        result = fields.destination();
    }
    match fields.language {
        QueryLanguage::JsonPath => Processing::JsonPath { input, selector, result, output: path },
        QueryLanguage::Jsonata => Processing::Jsonata { output },
    }
}

pub(super) fn assign<'a>(kind: StateType, fields: &mut Fields<'_, 'a>) -> Option<Template<'a>> {
    if kind.leads_on() || kind == StateType::Choice { fields.template("Assign") } else { None }
}

pub(super) fn transition<'a>(kind: StateType, name: &str, fields: &mut Fields<'_, 'a>) -> Transition<'a> {
    if !kind.leads_on() {
        return Transition::End;
    }
    let end = fields.get("End");
    if let Some(json) = end.filter(|json| json.as_bool().is_none()) {
        fields.error("End", &DefinitionProblem::EndNotABoolean { found: json.kind() });
    }
    let ends = end.is_some_and(|json| json.as_bool() != Some(false));
    match (fields.object.get("Next").is_some(), ends) {
        (true, true) => fields.error_here(&DefinitionProblem::NextAndEnd { name }),
        (false, false) => fields.error_here(&DefinitionProblem::NeitherNextNorEnd { name }),
        _ => {}
    }
    fields.successor("Next").map_or(Transition::End, Transition::Next)
}

pub(super) fn catchers<'a>(kind: StateType, fields: &mut Fields<'_, 'a>) -> Vec<Catcher<'a>> {
    const KEY: &str = "Catch";
    if !kind.works() {
        return Vec::new();
    }
    let list = Place::Member(fields.place, KEY);
    let mut catchers = Vec::new();
    for (position, object) in fields.objects(KEY) {
        let place = Place::Element(&list, position);
        let mut inner = Fields::new(object, &place, fields.language);
        inner.also(&["Comment"]);
        catchers.push(Catcher {
            position,
            errors: inner.texts("ErrorEquals"),
            next: inner.required_successor(),
            assign: inner.template("Assign"),
            result: inner.destination(),
            output: inner.template_of(QueryLanguage::Jsonata, "Output"),
        });
        fields.add(inner.finish());
    }
    catchers
}

pub(super) fn retriers<'a>(kind: StateType, fields: &mut Fields<'_, 'a>) -> Vec<Retrier<'a>> {
    const KEY: &str = "Retry";
    if !kind.works() {
        return Vec::new();
    }
    let list = Place::Member(fields.place, KEY);
    let mut retriers = Vec::new();
    for (position, object) in fields.objects(KEY) {
        let place = Place::Element(&list, position);
        let mut inner = Fields::new(object, &place, fields.language);
        inner.also(&["Comment"]);
        retriers.push(Retrier {
            errors: inner.texts("ErrorEquals"),
            interval: inner.number("IntervalSeconds"),
            attempts: inner.number("MaxAttempts"),
            backoff: inner.number("BackoffRate"),
            longest: inner.number("MaxDelaySeconds"),
            jitter: match inner.text("JitterStrategy") {
                Some("FULL") => Jitter::Full,
                _ => Jitter::None,
            },
        });
        fields.add(inner.finish());
    }
    retriers
}

pub(super) fn pass<'a>(fields: &mut Fields<'_, 'a>) -> Pass<'a> {
    // JSONata has "Output" in their place.
    let result = fields.get("Result").filter(|_| fields.language == QueryLanguage::JsonPath);
    let arguments = fields.arguments().filter(|_| fields.language == QueryLanguage::JsonPath);
    Pass { result: result.map(Into::into), arguments }
}

pub(super) fn wait<'a>(fields: &mut Fields<'_, 'a>) -> Wait<'a> {
    for seconds in ["Seconds", "SecondsPath"] {
        for timestamp in ["Timestamp", "TimestampPath"] {
            fields.exclude_each_other(seconds, timestamp);
        }
    }
    Wait {
        seconds: fields.scalar_or_path("Seconds", "SecondsPath"),
        timestamp: fields.scalar_or_path("Timestamp", "TimestampPath"),
    }
}

pub(super) fn fail<'a>(fields: &mut Fields<'_, 'a>) -> Fail<'a> {
    Fail {
        error: fields.text_or_path("Error", "ErrorPath"),
        cause: fields.text_or_path("Cause", "CausePath"),
    }
}
