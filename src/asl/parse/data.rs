//! The members by which a state takes in, makes and puts out values.

use super::super::path::Path;
use super::super::{
    Batcher, Catcher, Destination, Items, Json, Kind, Object, Pass, Processing, QueryLanguage, Selection,
    Template, Transition,
};

/// In place of a path that is not a string.
const NOT_A_PATH: Path<'_> = Path { text: "the state's input", reference: None };

/// The member that holds the arguments of a call.
pub(super) const fn arguments_key(language: QueryLanguage) -> &'static str {
    match language {
        QueryLanguage::JsonPath => "Parameters",
        QueryLanguage::Jsonata => "Arguments",
    }
}

/// The arguments; without a template the whole input is the payload.
pub(super) fn arguments<'a>(members: &'a Object<'a>, language: QueryLanguage) -> Template<'a> {
    Template { json: members.get(arguments_key(language)), language }
}

/// A payload template, if the member is given.
pub(super) fn template<'a>(
    members: &'a Object<'a>,
    key: &str,
    language: QueryLanguage,
) -> Option<Template<'a>> {
    members.get(key).map(|json| Template { json: Some(json), language })
}

/// The name of a state.
pub(super) fn name<'a>(members: &'a Object<'a>, key: &str) -> Option<&'a str> {
    members.get(key).and_then(Json::as_str)
}

pub(super) fn transition<'a>(kind: &Kind<'a>, members: &'a Object<'a>) -> Transition<'a> {
    match kind {
        Kind::Choice(_) | Kind::Fail | Kind::Succeed => Transition::End,
        Kind::Task(_) | Kind::Map(_) | Kind::Parallel(_) | Kind::Pass(_) | Kind::Wait => {
            name(members, "Next").map_or(Transition::End, Transition::Next)
        }
    }
}

pub(super) fn processing<'a>(members: &'a Object<'a>, language: QueryLanguage) -> Processing<'a> {
    match language {
        QueryLanguage::JsonPath => Processing::JsonPath {
            input: selection(members, "InputPath"),
            selector: template(members, "ResultSelector", language),
            result: destination(members),
            output: selection(members, "OutputPath"),
        },
        QueryLanguage::Jsonata => Processing::Jsonata { output: template(members, "Output", language) },
    }
}

pub(super) fn catchers<'a>(members: &'a Object<'a>, language: QueryLanguage) -> Vec<Catcher<'a>> {
    let catchers = members.get("Catch").and_then(Json::as_array).unwrap_or_default();
    let catchers = catchers.iter().enumerate().filter_map(|(position, catcher)| {
        let catcher = catcher.as_object()?;
        Some(Catcher {
            position,
            next: name(catcher, "Next"),
            assign: template(catcher, "Assign", language),
            result: destination(catcher),
            output: template(catcher, "Output", language),
        })
    });
    catchers.collect()
}

pub(super) fn pass<'a>(members: &'a Object<'a>, language: QueryLanguage) -> Pass<'a> {
    match language {
        QueryLanguage::JsonPath => {
            Pass { result: members.get("Result"), arguments: arguments(members, language) }
        }
        QueryLanguage::Jsonata => Pass { result: None, arguments: Template { json: None, language } },
    }
}

/// Where a Map state has its items from.
pub(super) fn items<'a>(members: &'a Object<'a>, language: QueryLanguage) -> Items<'a> {
    if members.get("ItemReader").is_some() {
        return Items::Reader;
    }
    match language {
        QueryLanguage::JsonPath => Items::Path(selection(members, "ItemsPath")),
        QueryLanguage::Jsonata => {
            template(members, "Items", language).map_or(Items::Path(Selection::Whole), Items::Template)
        }
    }
}

/// What each iteration begins with.
pub(super) fn selector<'a>(members: &'a Object<'a>, language: QueryLanguage) -> Option<Template<'a>> {
    let older = || match language {
        QueryLanguage::JsonPath => template(members, "Parameters", language),
        QueryLanguage::Jsonata => None,
    };
    template(members, "ItemSelector", language).or_else(older)
}

pub(super) fn batcher<'a>(members: &'a Object<'a>, language: QueryLanguage) -> Option<Batcher<'a>> {
    let batcher = members.get("ItemBatcher")?;
    let input = batcher.as_object().and_then(|batcher| template(batcher, "BatchInput", language));
    Some(Batcher { input })
}

fn selection<'a>(members: &'a Object<'a>, key: &str) -> Selection<'a> {
    match members.get(key) {
        None => Selection::Whole,
        Some(Json::Null) => Selection::Nothing,
        Some(json) => Selection::At(json.as_str().map_or(NOT_A_PATH, Path::read)),
    }
}

fn destination<'a>(members: &'a Object<'a>) -> Destination<'a> {
    match members.get("ResultPath") {
        None => Destination::Whole,
        Some(Json::Null) => Destination::Nowhere,
        Some(json) => Destination::At(json.as_str().map_or(NOT_A_PATH, Path::read)),
    }
}
