//! Laws that every policy keeps, tried on every case of the catalogue and in both modes.

use std::fs;

use serde_json::{Map, Value, json};
use sfniam::asl::flow::analyse;
use sfniam::asl::{Json, parse};
use sfniam::generator::{Explanation, Output, assumptions, generate};
use sfniam::permissions::{Mode, requirements};
use sfniam::sdk::catalog;

use crate::support::evaluator::{Access, Evaluator, asked};
use crate::support::{all, files, request, tests_folder};

/// The definitions of all cases, with their names.
fn cases() -> Vec<(String, Value)> {
    let mut files_of = ["integrations", "sdk"].map(|folder| files(&tests_folder().join(folder), ".asl.json"));
    let files = files_of.iter_mut().flat_map(std::mem::take).collect::<Vec<_>>();
    assert!(!files.is_empty());
    files
        .iter()
        .map(|file| {
            let text = fs::read_to_string(file).expect("the case");
            let name = file.strip_prefix(tests_folder()).expect("a case").display().to_string();
            (name, serde_json::from_str(&text).expect("JSON"))
        })
        .collect()
}

fn answered(definition: &Value, mode: Mode) -> Result<Output, String> {
    generate(&request(&definition.to_string(), mode)).map_err(|faults| format!("{faults:?}"))
}

/// Tries a law on all cases in both modes.
fn try_all(law: impl Fn(&Value, Mode) -> Result<(), String>) {
    all(cases().iter().flat_map(|(name, definition)| {
        Mode::ALL
            .map(|mode| law(definition, mode).map_err(|error| format!("{name} ({}): {error}", mode.name())))
    }));
}

#[test]
fn the_order_of_keys_does_not_matter() {
    try_all(|definition, mode| {
        let text = definition.to_string();
        let mut turned = String::new();
        write_reversed(definition, &mut turned);
        assert_ne!(text, turned);
        let (one, two) = (request(&text, mode), request(&turned, mode));
        let (one, two) = (generate(&one).expect("an answer"), generate(&two).expect("an answer"));
        same(&one, &two)
    });
}

#[test]
fn the_size_is_that_of_the_document() {
    try_all(|definition, mode| {
        let output = answered(definition, mode)?;
        let counted = output.policy.to_minified_json().chars().count();
        if output.size == counted as u64 { Ok(()) } else { Err(format!("{} is not {counted}", output.size)) }
    });
}

#[test]
fn the_parts_are_the_whole() {
    try_all(|definition, mode| {
        let output = answered(definition, mode)?;
        let mut parts: Vec<_> = output.by_service.values().flat_map(|part| part.statements.clone()).collect();
        parts.sort();
        if parts == output.policy.statements { Ok(()) } else { Err("the parts differ from the whole".into()) }
    });
}

#[test]
fn every_statement_is_explained_and_every_explanation_is_of_a_statement() {
    try_all(|definition, mode| {
        let output = answered(definition, mode)?;
        for (index, statement) in output.policy.statements.iter().enumerate() {
            let rows = || output.explanation.iter().filter(|row| row.statement == index);
            for action in &statement.actions {
                if !rows().any(|row| row.actions.contains(action) && !row.states.is_empty()) {
                    return Err(format!("nobody asked for {action}"));
                }
            }
            for resource in &statement.resources {
                if !rows().any(|row| row.resources.contains(resource)) {
                    return Err(format!("nobody asked for {resource}"));
                }
            }
        }
        Ok(())
    });
}

#[test]
fn every_wildcard_has_its_reason() {
    try_all(|definition, mode| {
        let output = answered(definition, mode)?;
        for row in &output.explanation {
            for resource in row.resources.iter().filter(|resource| resource.contains(['*', '?'])) {
                if !resource.contains("${")
                    && !row.wildcards.iter().any(|reason| reason.resource == *resource)
                {
                    return Err(format!("{resource} of {} has none", row.integration));
                }
            }
        }
        for row in &output.explanation {
            if let Some(reason) = row.wildcards.iter().find(|reason| reason.reason.is_empty()) {
                return Err(format!("an empty one for {}", reason.resource));
            }
        }
        Ok(())
    });
}

#[test]
fn least_privilege_is_within_the_template() {
    all(cases().iter().map(|(name, definition)| {
        let template = answered(definition, Mode::Template)?;
        let least = answered(definition, Mode::LeastPrivilege)?;
        let evaluator = Evaluator::new(&template.policy.statements);
        for (access, row) in accesses(&least) {
            if row.note.is_empty() && !evaluator.allows(&access) {
                return Err(format!("{name}: only least privilege allows {access:?}"));
            }
        }
        Ok(())
    }));
}

/// What a document allows, each with a row that asked for it.
fn accesses(output: &Output) -> Vec<(Access, &Explanation)> {
    let mut accesses = Vec::new();
    for row in &output.explanation {
        let Some(statement) = output.policy.statements.get(row.statement) else { continue };
        for action in &row.actions {
            for resource in &row.resources {
                let access = Access {
                    action: action.clone(),
                    resource: resource.clone(),
                    conditions: statement.conditions.clone(),
                };
                accesses.push((access, row));
            }
        }
    }
    accesses
}

#[test]
fn knowing_an_argument_never_allows_more() {
    try_all(|definition, mode| {
        let known = answered(definition, mode)?;
        for variant in with_one_argument_from_the_run(definition) {
            let unknown = answered(&variant, mode)?;
            let evaluator = Evaluator::new(&unknown.policy.statements);
            for (access, row) in accesses(&known) {
                let is_assumed = is_foreign(&access.resource) || is_access_point(&access.resource);
                let expected = is_assumed || is_decided(row, &access.action);
                if !expected && !evaluator.allows(&access) {
                    return Err(format!("{access:?} is not allowed for {variant}"));
                }
            }
        }
        Ok(())
    });
}

/// Whether the API that needs an action gets it only if known values require it.
fn is_decided(row: &Explanation, action: &str) -> bool {
    let api = row.integration.strip_prefix("aws-sdk:").and_then(|api| api.split('.').next()?.split_once(':'));
    let Some((segment, api)) = api else { return false };
    let operation = catalog::service(segment).and_then(|service| service.operation(api)).expect(api);
    operation.actions.iter().any(|one| one.decided && one.name == action)
}

/// Whether a resource is of another account or region than the state machine. Least privilege assumes that a
/// resource known only at run time is in the same account and region, as the guide and the findings say.
fn is_foreign(resource: &str) -> bool {
    let fields: Vec<&str> = resource.splitn(6, ':').collect();
    let [_, _, _, region, account, _] = fields.as_slice() else { return false };
    !matches!(*region, "" | "*" | "eu-west-1") || !matches!(*account, "" | "*" | "111122223333")
}

/// Whether it is an access point of Amazon S3, or an object behind one. A bucket known only at run time is
/// taken for a bucket, as the guide says.
fn is_access_point(resource: &str) -> bool {
    resource.starts_with("arn:aws:s3:") && resource.contains(":accesspoint/")
}

/// The definition with one literal argument after the other replaced by an expression that is known only at
/// run time.
fn with_one_argument_from_the_run(definition: &Value) -> Vec<Value> {
    let mut variants = Vec::new();
    let names: Vec<String> =
        definition["States"].as_object().into_iter().flat_map(Map::keys).cloned().collect();
    let whole = definition["QueryLanguage"] == "JSONata";
    for name in names {
        let state = &definition["States"][&name];
        let jsonata = whole || state["QueryLanguage"] == "JSONata";
        let key = if jsonata { "Arguments" } else { "Parameters" };
        let Some(arguments) = state[key].as_object() else { continue };
        for argument in arguments.keys().filter(|argument| !argument.ends_with(".$")) {
            let mut changed = arguments.clone();
            changed.remove(argument);
            if jsonata {
                changed.insert(argument.clone(), json!("{% $states.input.x %}"));
            } else {
                changed.insert(format!("{argument}.$"), json!("$.x"));
            }
            let mut variant = definition.clone();
            variant["States"][&name][key] = Value::Object(changed);
            variants.push(variant);
        }
    }
    variants
}

#[test]
fn a_literal_and_a_pass_that_sets_it_are_the_same() {
    let tried: usize =
        cases().iter().map(|(_, definition)| with_arguments_from_a_pass(definition).len()).sum();
    assert!(tried > 400, "{tried} variants are too few to show anything");
    try_all(|definition, mode| {
        let plain = answered(definition, mode)?;
        for variant in with_arguments_from_a_pass(definition) {
            let passed = answered(&variant, mode)?;
            if passed.policy != plain.policy {
                let (passed, plain) = (passed.policy.to_json(), plain.policy.to_json());
                return Err(format!("{variant}\n{passed}\nis not\n{plain}"));
            }
        }
        Ok(())
    });
}

/// The definition with a state before its first one that puts the literal arguments of a task into the input,
/// into a variable, or both together into the whole input; the task takes them from there.
fn with_arguments_from_a_pass(definition: &Value) -> Vec<Value> {
    let Some(start) = definition["StartAt"].as_str() else { return Vec::new() };
    let task = &definition["States"][start];
    let literal = |arguments: &Map<String, Value>| {
        let text = Value::Object(arguments.clone()).to_string();
        !text.contains(".$\"") && !text.contains("{%")
    };
    let jsonata = definition["QueryLanguage"] == "JSONata" || task["QueryLanguage"] == "JSONata";
    if jsonata || task["Type"] != "Task" || task["InputPath"] != Value::Null {
        return Vec::new();
    }
    let Some(arguments) = task["Parameters"].as_object().filter(|arguments| literal(arguments)) else {
        return Vec::new();
    };
    let names = arguments.keys();
    let from = |path: &str| -> Map<String, Value> {
        names.clone().map(|name| (format!("{name}.$"), json!(format!("{path}['{name}']")))).collect()
    };
    let given = Value::Object(arguments.clone());
    [
        (
            json!({"Type": "Pass", "Result": given, "ResultPath": "$.given", "Next": start}),
            Some(from("$.given")),
        ),
        (json!({"Type": "Pass", "Parameters": {"given": given}, "Next": start}), Some(from("$.given"))),
        (json!({"Type": "Pass", "Assign": {"given": given}, "Next": start}), Some(from("$given"))),
        (json!({"Type": "Pass", "Result": given, "Next": start}), None),
    ]
    .into_iter()
    .map(|(pass, parameters)| {
        let mut variant = definition.clone();
        variant["StartAt"] = json!("Before");
        variant["States"]["Before"] = pass;
        match parameters {
            Some(parameters) => variant["States"][start]["Parameters"] = Value::Object(parameters),
            // Without parameters the whole input is the request.
            None => {
                variant["States"][start].as_object_mut().and_then(|task| task.remove("Parameters"));
            }
        }
        variant
    })
    .collect()
}

#[test]
fn wrapping_in_parallel_or_map_changes_no_grant() {
    try_all(|definition, mode| {
        let plain = answered(definition, mode)?;
        let mut inner = definition.clone();
        let language = inner.as_object_mut().and_then(|members| members.remove("QueryLanguage"));
        for mut outer in [
            json!({"Type": "Parallel", "Branches": [inner], "End": true}),
            json!({"Type": "Map", "ItemProcessor": inner, "End": true}),
            json!({"Type": "Map", "Iterator": inner, "End": true}),
        ] {
            outer["Comment"] = json!("around it");
            let mut wrapped = json!({"StartAt": "Around", "States": {"Around": outer}});
            if let Some(language) = &language {
                wrapped["QueryLanguage"] = language.clone();
            }
            let wrapped = answered(&wrapped, mode)?;
            if wrapped.policy != plain.policy {
                return Err(format!("{}\nis not\n{}", wrapped.policy.to_json(), plain.policy.to_json()));
            }
        }
        Ok(())
    });
}

#[test]
fn the_states_of_a_machine_only_add_to_each_other() {
    let cases = cases();
    for mode in Mode::ALL {
        for pair in cases.windows(2) {
            let [(name, one), (_, two)] = pair else { continue };
            let two = &renamed(two);
            let together = json!({"StartAt": "Both", "States": {"Both": {
                "Type": "Parallel", "End": true, "Branches": [without_language(one), without_language(two)],
            }}});
            if one.get("QueryLanguage").is_some() || two.get("QueryLanguage").is_some() {
                continue;
            }
            let both = answered(&together, mode).expect(name);
            let evaluator = Evaluator::new(&both.policy.statements);
            for part in [one, two] {
                for (access, _) in accesses(&answered(part, mode).expect(name)) {
                    assert!(evaluator.allows(&access), "{name}: {access:?}");
                }
            }
        }
    }
}

/// The same states with other names: names are unique in a whole definition.
fn renamed(workflow: &Value) -> Value {
    let other = |name: &Value| Value::from(format!("{}'", name.as_str().unwrap_or_default()));
    let mut workflow = workflow.clone();
    workflow["StartAt"] = other(&workflow["StartAt"]);
    let states = workflow["States"].as_object_mut().map(std::mem::take).unwrap_or_default();
    let states = states.into_iter().map(|(name, mut state)| {
        for rules in ["Choices", "Catch"] {
            let rules = state.get_mut(rules).and_then(Value::as_array_mut);
            rules.into_iter().flatten().for_each(|rule| rule["Next"] = other(&rule["Next"]));
        }
        for member in ["Next", "Default"] {
            if let Some(next) = state.get_mut(member) {
                *next = other(next);
            }
        }
        for part in ["ItemProcessor", "Iterator"] {
            if let Some(part) = state.get_mut(part) {
                *part = renamed(part);
            }
        }
        let branches = state.get_mut("Branches").and_then(Value::as_array_mut);
        branches.into_iter().flatten().for_each(|branch| *branch = renamed(branch));
        (format!("{name}'"), state)
    });
    workflow["States"] = Value::Object(states.collect());
    workflow
}

fn without_language(definition: &Value) -> Value {
    let mut definition = definition.clone();
    if let Some(members) = definition.as_object_mut() {
        members.remove("QueryLanguage");
    }
    definition
}

#[test]
fn nothing_is_allowed_that_was_not_asked_for() {
    try_all(|definition, mode| {
        let text = definition.to_string();
        let document = Json::read(&text).expect("JSON");
        let (machine, _) = parse(&document);
        let settings = request(&text, mode).settings;
        let flow = analyse(&machine, &assumptions(&settings, None));
        let requirements = requirements(&machine, &flow, &settings);
        let asked = asked(requirements.permissions.iter().map(|permission| &*permission.grant));
        let output = answered(definition, mode)?;
        for statement in &output.policy.statements {
            for action in &statement.actions {
                for resource in &statement.resources {
                    let access = Access {
                        action: action.clone(),
                        resource: resource.clone(),
                        conditions: statement.conditions.clone(),
                    };
                    if asked.binary_search(&access).is_err() {
                        return Err(format!("{access:?}"));
                    }
                }
            }
        }
        Ok(())
    });
}

fn same(one: &Output, two: &Output) -> Result<(), String> {
    let documents = |output: &Output| {
        (
            output.policy.to_json(),
            output.findings.clone(),
            output.explanation.clone(),
            output.by_service.clone(),
        )
    };
    if documents(one) == documents(two) { Ok(()) } else { Err("the answers differ".into()) }
}

/// JSON whose objects have their keys in descending order.
fn write_reversed(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            text.push('{');
            let mut keys: Vec<&String> = members.keys().collect();
            keys.sort_by(|one, two| two.cmp(one));
            for (index, key) in keys.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&json!(key).to_string());
                text.push(':');
                write_reversed(&members[key], text);
            }
            text.push('}');
        }
        Value::Array(elements) => {
            text.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_reversed(element, text);
            }
            text.push(']');
        }
        other => text.push_str(&other.to_string()),
    }
}
