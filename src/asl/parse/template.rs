//! Payload templates, read with what is wrong in them.

use super::super::intrinsic::{Doubt, Intrinsic};
use super::super::jsonata::{Query, SyntaxError};
use super::super::path::Path;
use super::super::problem::DefinitionProblem;
use super::super::template::{Member, Piece, Template};
use super::super::{Expression, Json, Object, QueryLanguage, Value};
use super::instead::call_of_cloudformation as called;
use super::pending::is_expression;
use crate::finding::Finding;
use crate::json::Place;

/// The end of a key whose value is computed in JSONPath.
pub(super) const COMPUTED: &str = ".$";

/// Reads a template.
pub(super) fn read<'a>(
    json: &'a Json<'a>,
    place: &Place<'_>,
    language: QueryLanguage,
) -> (Template<'a>, Vec<Finding>) {
    let mut reader = TemplateReader { language, problems: Vec::new() };
    let node = reader.node(json, place);
    (Template { node }, reader.problems)
}

/// Reads a value that is computed in JSONPath: a path, a variable or a call of an intrinsic function.
pub(super) fn computed<'a>(json: &'a Json<'a>, place: &Place<'_>) -> (Piece<'a>, Vec<Finding>) {
    let mut reader = TemplateReader { language: QueryLanguage::JsonPath, problems: Vec::new() };
    let node = reader.computed(json, place);
    (node, reader.problems)
}

struct TemplateReader {
    language: QueryLanguage,
    problems: Vec<Finding>,
}

impl TemplateReader {
    fn error(&mut self, place: &Place<'_>, problem: &DefinitionProblem<'_>) {
        self.problems.push(Finding::new(problem, place.to_string()));
    }

    fn node<'a>(&mut self, json: &'a Json<'a>, place: &Place<'_>) -> Piece<'a> {
        match json {
            Json::Object(object) => self.object(object, place),
            Json::Array(elements) => {
                let nodes = elements.iter().enumerate();
                array(nodes.map(|(index, one)| self.node(one, &Place::Element(place, index))).collect())
            }
            Json::String(text) => self.text(text, place),
            Json::Pending(parts) if self.language == QueryLanguage::Jsonata && is_expression(parts) => {
                Piece::Literal(Value::Unknown(Expression::pending("an expression with a token")))
            }
            literal => Piece::Literal(literal.into()),
        }
    }

    fn object<'a>(&mut self, object: &'a Object<'a>, place: &Place<'_>) -> Piece<'a> {
        if let Some(name) = called(object).filter(|name| name.starts_with("Fn::")) {
            self.error(place, &DefinitionProblem::CloudFormation { name });
        }
        let mut members = Vec::with_capacity(object.iter().len());
        for (key, json) in object.iter() {
            let place = Place::Member(place, key);
            let name = key.strip_suffix(COMPUTED).filter(|_| self.language == QueryLanguage::JsonPath);
            let value = match name {
                Some(name) => {
                    if object.get(name).is_some() {
                        self.error(&place, &DefinitionProblem::GivenTwice { name, key });
                    }
                    self.computed(json, &place)
                }
                None => self.node(json, &place),
            };
            members.push(Member { key, name: name.unwrap_or(key), value });
        }
        // They are in the order of their keys, of which few end in ".$".
        if !members.is_sorted_by_key(|member| member.name) {
            members.sort_by_key(|member| member.name);
        }
        if !members.iter().all(|member| matches!(member.value, Piece::Literal(_))) {
            return Piece::Object(members);
        }
        let literal = |member: Member<'a>| match member.value {
            Piece::Literal(value) => Some((member.name.into(), value)),
            _ => None,
        };
        Piece::Literal(Value::Object(members.into_iter().filter_map(literal).collect()))
    }

    /// A member whose key ends in `.$`.
    fn computed<'a>(&mut self, json: &'a Json<'a>, place: &Place<'_>) -> Piece<'a> {
        match json.as_str() {
            Some(text) if text.starts_with('$') => Piece::Path(Path::read(text)),
            Some(text) if text.starts_with("States.") => {
                let call = Intrinsic::read(text);
                // The user may lower it: there can be functions that are newer than our list.
                let problem = call.doubt().map(|doubt| match doubt {
                    Doubt::Unreadable => DefinitionProblem::UnreadableCall { text },
                    Doubt::UnknownFunction(name) => DefinitionProblem::UnknownFunction { name },
                });
                self.problems.extend(problem.map(|problem| Finding::new(&problem, place.to_string())));
                Piece::Intrinsic(call)
            }
            // The result of replacing a token is checked once its value is known.
            _ if matches!(json, Json::Pending(_)) => {
                Piece::Literal(Value::Unknown(Expression::pending("a path with a token")))
            }
            _ => {
                self.error(place, &DefinitionProblem::NotDynamic);
                Piece::Literal(json.into())
            }
        }
    }

    fn text<'a>(&mut self, text: &'a str, place: &Place<'_>) -> Piece<'a> {
        match self.language {
            QueryLanguage::JsonPath => {
                if text.starts_with("$.") || text.starts_with("$$.") {
                    self.error(place, &DefinitionProblem::LiteralPath { text });
                }
            }
            QueryLanguage::Jsonata => {
                if let Some(expression) = between(text) {
                    let (query, error) = Query::read(expression, text);
                    if let Some(SyntaxError { position, wrong }) = error {
                        self.error(place, &DefinitionProblem::UnreadableJsonata { text, position, wrong });
                    }
                    return Piece::Query(Box::new(query));
                }
                let trimmed = text.trim();
                if between(trimmed).is_some() {
                    // AWS takes it literally, which is hardly ever meant.
                    self.error(place, &DefinitionProblem::BlanksOutside { text });
                } else if trimmed.starts_with("{%") || trimmed.ends_with("%}") {
                    self.error(place, &DefinitionProblem::UnclosedJsonata { text });
                } else if text.starts_with("$states.") || text.starts_with("$.") {
                    self.error(place, &DefinitionProblem::LiteralExpression { text });
                }
            }
        }
        Piece::Literal(Value::String(text.into()))
    }
}

fn array<'a>(elements: Vec<Piece<'a>>) -> Piece<'a> {
    if !elements.iter().all(|node| matches!(node, Piece::Literal(_))) {
        return Piece::Array(elements);
    }
    let literal = |node: Piece<'a>| match node {
        Piece::Literal(value) => Some(value),
        _ => None,
    };
    Piece::Literal(Value::Array(elements.into_iter().filter_map(literal).collect()))
}

/// The expression in a string of a JSONata state, if it is one.
fn between(text: &str) -> Option<&str> {
    text.strip_prefix("{%")?.strip_suffix("%}")
}
