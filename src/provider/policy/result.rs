//! From an output to the attributes of `sfniam_policy`.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Finding;
use crate::generator::{Analysis, Asks, Explanation, Output, Parts, Request, catalog_date};
use crate::iam::{Condition, Effect, Policy, Statement, Written};
use crate::protocol::value::Value;
use crate::work::Cancel;

use super::bounded;
use super::schema::block;

/// The state of the data source: the arguments as they came, and the results. If the caller no longer waits
/// for it, some of them are missing.
pub(super) fn state(config: &Value, request: &Request, output: &Output, cancel: &Cancel) -> Value {
    let block = block();
    let attributes = block.attributes.iter().map(|attribute| &attribute.name);
    let names = attributes.chain(block.blocks.iter().map(|nested| &nested.name));
    Value::object(names.take_while(|_| !cancel.is_cancelled()).map(|name| {
        let wanted = || !cancel.is_cancelled();
        let value =
            attribute_while(name, request, output, &wanted).unwrap_or_else(|| config.get(name).clone());
        (name.clone(), value)
    }))
}

/// The value of the attribute `explanation`.
#[must_use]
pub fn explanation(output: &Output) -> Value {
    rows(output, &|| true)
}

fn rows(output: &Output, wanted: &dyn Fn() -> bool) -> Value {
    Value::list(output.explanation.iter().take_while(|_| wanted()).map(row))
}

/// The value of a computed attribute, such as `json`; `None` for the name of an argument.
#[must_use]
pub fn attribute(name: &str, request: &Request, output: &Output) -> Option<Value> {
    attribute_while(name, request, output, &|| true)
}

/// The same, of which a part is missing unless it is wanted to the end.
fn attribute_while(
    name: &str,
    request: &Request,
    output: &Output,
    wanted: &dyn Fn() -> bool,
) -> Option<Value> {
    let policy = &output.policy;
    // Lists of objects cost hosts more than everything else.
    let on_demand = |list: &dyn Fn() -> Value| if request.explain { list() } else { Value::Null };
    Some(match name {
        "assume_role_policy_json" => output.trust.json().into(),
        "assumed_role_policies" => documents(&output.assumed),
        "callback_policy_json" => output.callback.as_ref().map_or(Value::Null, |policy| policy.json().into()),
        "catalog_date" => catalog_date().into(),
        "documents" => packed(&output.documents),
        "documents_by_service" => documents(&output.by_service),
        "explanation" => on_demand(&|| rows(output, wanted)),
        "findings" => findings(&output.findings, output.states, wanted),
        "is_empty" => policy.is_empty().into(),
        "json" => policy.json().into(),
        "size" => number(output.size),
        "statements" => {
            on_demand(&|| Value::list(policy.rows().iter().take_while(|_| wanted()).map(statement)))
        }
        _ => return None,
    })
}

/// The result of the function `analyze`. What is not known is unknown as a whole.
pub(super) fn analyzed(analysis: &Analysis) -> Value {
    let text = |policy: &Option<Written<Policy>>| known(policy.as_ref(), |policy| policy.json().into());
    let policy = analysis.policy.as_ref();
    let of_states = |value: &dyn Fn(&crate::generator::OfState) -> Value| {
        known(analysis.states.as_ref(), |states| {
            Value::object(states.iter().map(|(pointer, state)| (pointer.clone(), value(state))))
        })
    };
    let parts =
        |parts: &Parts| Value::object(parts.iter().map(|(name, policy)| (name.clone(), text(policy))));
    let actions = |services: &BTreeMap<String, Option<BTreeSet<String>>>| {
        let list = |actions: &Option<BTreeSet<String>>| {
            known(actions.as_ref(), |actions| {
                Value::list(actions.iter().map(|action| Value::from(action.as_str())))
            })
        };
        Value::object(services.iter().map(|(name, actions)| (name.clone(), list(actions))))
    };
    let found = |findings: Option<&Vec<Finding>>| {
        known(findings, |findings| Value::list(findings.iter().map(finding)))
    };
    // The state machine itself counts as a state here.
    let states = analysis.states.as_ref().map_or(0, |states| states.len().saturating_sub(1));
    let all = |all: &Vec<Finding>| findings(all, states, &|| true);
    Value::object([
        ("actions_by_service", known(analysis.actions_by_service.as_ref(), actions)),
        ("assume_role_policy_json", known(analysis.trust.as_ref(), |trust| trust.json().into())),
        ("assumed_role_policies", known(analysis.assumed.as_ref(), parts)),
        ("catalog_date", catalog_date().into()),
        (
            "callback_policy_json",
            known(analysis.callback.as_ref(), |callback| {
                callback.as_ref().map_or(Value::Null, |one| one.json().into())
            }),
        ),
        ("documents", known(analysis.documents.as_ref(), |documents| packed(documents))),
        ("documents_by_service", known(analysis.by_service.as_ref(), parts)),
        ("findings", known(analysis.findings.as_ref(), all)),
        ("findings_by_state", of_states(&|state| found(state.findings.as_ref()))),
        ("is_empty", known(analysis.is_empty.as_ref(), |is_empty| (*is_empty).into())),
        ("json", text(&analysis.policy)),
        (
            "permissions",
            of_states(&|state| known(state.asks.as_ref(), |asks| Value::list(asks.iter().map(ask)))),
        ),
        ("size", known(policy, |policy| number(policy.size()))),
        ("statements", known(policy, |policy| Value::list(policy.rows().iter().map(statement)))),
        (
            "unknown_resources",
            known(analysis.advice.as_ref(), |advice| {
                Value::object(
                    advice.iter().map(|(pointer, text)| (pointer.clone(), Value::from(text.as_str()))),
                )
            }),
        ),
    ])
}

fn known<T>(value: Option<&T>, make: impl Fn(&T) -> Value) -> Value {
    value.map_or(Value::Unknown, make)
}

fn ask(asks: &Asks) -> Value {
    Value::object([
        ("actions", texts(&asks.actions)),
        ("conditions", known(asks.conditions.as_ref(), |all| Value::list(all.iter().map(condition)))),
        ("resources", known(asks.resources.as_ref(), |all| texts(all))),
    ])
}

fn documents(policies: &BTreeMap<String, Written<Policy>>) -> Value {
    Value::object(policies.iter().map(|(name, policy)| (name.clone(), policy.json().into())))
}

fn packed(documents: &[Policy]) -> Value {
    Value::list(documents.iter().map(|policy| Value::from(policy.to_minified_json())))
}

fn number(value: impl TryInto<i64>) -> Value {
    value.try_into().unwrap_or(i64::MAX).into()
}

fn texts(texts: &[String]) -> Value {
    Value::list(texts.iter().map(|text| Value::from(text.as_str())))
}

fn statement((effect, statement): &(Effect, Statement)) -> Value {
    Value::object([
        ("actions", texts(&statement.actions)),
        ("conditions", Value::list(statement.conditions.iter().map(condition))),
        ("effect", effect.name().into()),
        ("resources", texts(&statement.resources)),
    ])
}

fn condition(condition: &Condition) -> Value {
    Value::object([
        ("key", condition.key.as_str().into()),
        ("operator", condition.operator.name().into()),
        ("values", texts(&condition.texts())),
    ])
}

/// The findings of a definition with so many states.
fn findings(all: &[Finding], states: usize, wanted: &dyn Fn() -> bool) -> Value {
    Value::list(bounded::fitting(all, states, wanted).iter().take_while(|_| wanted()).map(finding))
}

fn finding(finding: &Finding) -> Value {
    Value::object([
        ("actions", texts(&finding.actions)),
        ("code", finding.code.name().into()),
        ("docs", finding.docs.into()),
        ("message", finding.message().into()),
        ("parameter", finding.parameter.as_str().into()),
        ("pointer", finding.place.pointer.as_str().into()),
        ("resources", texts(&finding.resources)),
        ("severity", finding.severity.name().into()),
        ("state", finding.state().into()),
    ])
}

fn row(explanation: &Explanation) -> Value {
    let states = explanation.states.iter().map(|(path, pointer)| {
        Value::object([("path", Value::from(path.as_str())), ("pointer", pointer.as_str().into())])
    });
    let wildcards = explanation.wildcards.iter().map(|wildcard| {
        Value::object([
            ("kind", Value::from(wildcard.kind.name())),
            ("parameter", wildcard.parameter.as_str().into()),
            ("pointers", texts(&wildcard.pointers)),
            ("reason", wildcard.reason.as_str().into()),
            ("resource", wildcard.resource.as_str().into()),
        ])
    });
    let (rule, confidence) =
        explanation.rule.as_ref().map_or(("", ""), |(rule, confidence)| (rule.as_str(), confidence.as_str()));
    Value::object([
        ("actions", texts(&explanation.actions)),
        ("assumes_input", explanation.assumes_input.into()),
        ("confidence", confidence.into()),
        ("docs", explanation.docs.as_str().into()),
        ("integration", explanation.integration.as_str().into()),
        ("note", explanation.note.as_str().into()),
        ("resources", texts(&explanation.resources)),
        ("rule", rule.into()),
        ("statement", number(explanation.statement)),
        ("states", Value::list(states)),
        ("wildcards", Value::list(wildcards)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generator::generate;
    use crate::permissions::Settings;
    use crate::protocol::schema::Usage;

    #[test]
    fn each_computed_attribute_has_a_value_and_no_argument_has() {
        let definition = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#;
        let request = Request::new(definition, Settings::default());
        let output = generate(&request).unwrap();
        for one in &block().attributes {
            let is_computed = one.usage == Usage::Computed;
            assert_eq!(attribute(&one.name, &request, &output).is_some(), is_computed, "{}", one.name);
        }
    }
}
