//! A small interpreter of the Amazon States Language: what a run of a state machine shows, with made-up
//! results of tasks.
//!
//! It is independent of the analysis that it checks, and supports what `tests/it/flow.rs` generates:
//! reference paths, a few intrinsic functions and JSONata expressions, and all flow between states.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// What a run shows where a state is entered.
pub(crate) struct Sight<'r> {
    /// The state's name.
    pub(crate) state: &'r str,
    /// The effective input.
    pub(crate) input: &'r Value,
    /// All variables.
    pub(crate) variables: &'r BTreeMap<String, Value>,
    /// The context object.
    pub(crate) context: &'r Value,
    /// The value of `Parameters` or `Arguments`, if it has one.
    pub(crate) request: Option<&'r Value>,
}

/// Why a run ends early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// An error that `Catch` catches.
    Error,
    /// An error that it does not catch, such as a path that leads nowhere; or the run has lasted long enough.
    End,
}

/// A run of a state machine.
pub(crate) struct Run<'r> {
    /// A source of random numbers: a number below its argument.
    pub(crate) chance: &'r mut dyn FnMut(usize) -> usize,
    /// Called for each state that is entered.
    pub(crate) see: &'r mut dyn FnMut(&Sight<'_>),
    /// How many states may still be entered.
    pub(crate) left: usize,
}

/// Values around the states of a workflow.
#[derive(Clone)]
struct Around {
    variables: BTreeMap<String, Value>,
    context: Value,
}

type Result<T> = std::result::Result<T, Stop>;

impl Run<'_> {
    /// Runs a whole definition.
    pub(crate) fn execution(&mut self, definition: &Value, input: &Value) -> Result<Value> {
        let context = json!({"Execution": {"Input": input, "Id": "e"}, "StateMachine": {"Name": "m", "Id": "arn:aws:states:r:1:stateMachine:m"}});
        let mut around = Around { variables: BTreeMap::new(), context };
        self.workflow(definition, input.clone(), &mut around)
    }

    fn workflow(&mut self, workflow: &Value, mut input: Value, around: &mut Around) -> Result<Value> {
        let mut name = workflow["StartAt"].as_str().ok_or(Stop::End)?;
        loop {
            self.left = self.left.checked_sub(1).ok_or(Stop::End)?;
            let state = &workflow["States"][name];
            around.context["State"] = json!({"Name": name, "EnteredTime": "now"});
            let (next, output) = self.state(name, state, &input, around)?;
            match next {
                Some(next) => name = next,
                None => return Ok(output),
            }
            input = output;
        }
    }

    /// Runs a state: the next one and what it gets, or the workflow's output.
    fn state<'d>(
        &mut self,
        name: &str,
        state: &'d Value,
        input: &Value,
        around: &mut Around,
    ) -> Result<(Option<&'d str>, Value)> {
        let jsonata = state["QueryLanguage"] == "JSONata";
        let outer = around.clone();
        let scope =
            |input: &Value| Scope { input: input.clone(), around: outer.clone(), jsonata, result: None };
        let effective = match state.get("InputPath") {
            None => input.clone(),
            Some(Value::Null) => json!({}),
            Some(path) => scope(input).path(path.as_str().unwrap_or_default())?,
        };
        let request_key = if jsonata { "Arguments" } else { "Parameters" };
        let kind = state["Type"].as_str().unwrap_or_default();
        let request = match state.get(request_key) {
            Some(template) if kind != "Map" => Some(scope(&effective).template(template)?),
            _ => None,
        };
        (self.see)(&Sight {
            state: name,
            input: &effective,
            variables: &around.variables,
            context: &around.context,
            request: request.as_ref(),
        });
        if kind == "Choice" {
            return choose(state, &scope(&effective), around);
        }
        let passed = request.clone().unwrap_or_else(|| effective.clone());
        let done = match kind {
            "Pass" => Ok(match state.get("Result") {
                Some(result) => result.clone(),
                None => passed,
            }),
            "Wait" | "Succeed" => Ok(effective.clone()),
            "Task" => self.task(),
            "Parallel" => self.parallel(state, &passed, around),
            "Map" => self.map(state, &scope(&effective), around),
            _ => Err(Stop::Error),
        };
        let result = match done {
            Ok(result) => result,
            Err(Stop::Error) => return self.caught(state, input, &scope(&effective), around),
            Err(stop) => return Err(stop),
        };
        let mut after = scope(if jsonata { input } else { &result });
        after.result = Some(result.clone());
        let output = if jsonata {
            match state.get("Output") {
                Some(template) => after.template(template)?,
                None => result,
            }
        } else {
            let selected = match state.get("ResultSelector") {
                Some(template) => after.template(template)?,
                None => result,
            };
            let placed = match kind {
                "Wait" | "Succeed" => selected,
                _ => place(state, input, selected)?,
            };
            out(state, placed, &scope(input))?
        };
        if let Some(template) = state.get("Assign") {
            around.variables = assigned(&after, template)?;
        }
        Ok((state["Next"].as_str(), output))
    }

    fn task(&mut self) -> Result<Value> {
        if (self.chance)(4) == 0 {
            return Err(Stop::Error);
        }
        let results = [
            json!({"a": "x"}),
            json!({"a": "task", "b": {"b": 7}}),
            json!("x"),
            json!({"list": [{"a": "x"}]}),
            json!({"a": null, "n": 1}),
        ];
        Ok(results[(self.chance)(results.len())].clone())
    }

    fn parallel(&mut self, state: &Value, input: &Value, around: &Around) -> Result<Value> {
        let branches = state["Branches"].as_array().ok_or(Stop::End)?;
        branches.iter().map(|branch| self.workflow(branch, input.clone(), &mut around.clone())).collect()
    }

    fn map(&mut self, state: &Value, scope: &Scope, around: &Around) -> Result<Value> {
        let items = match (state.get("ItemsPath"), state.get("Items")) {
            (Some(path), _) => scope.path(path.as_str().unwrap_or_default())?,
            (_, Some(items)) => scope.template(items)?,
            _ => scope.input.clone(),
        };
        let processor = &state["ItemProcessor"];
        let distributed = processor["ProcessorConfig"]["Mode"] == "DISTRIBUTED";
        let mut results = Vec::new();
        for (index, item) in items.as_array().ok_or(Stop::End)?.iter().enumerate() {
            let mut inner = Scope { around: around.clone(), ..scope.clone() };
            inner.around.context["Map"] = json!({"Item": {"Index": index, "Value": item}});
            let mut input = match state.get("ItemSelector") {
                Some(template) => inner.template(template)?,
                None => item.clone(),
            };
            let mut around = inner.around;
            if distributed {
                if let Some(batch) = state.pointer("/ItemBatcher/BatchInput") {
                    input = json!({"BatchInput": scope.template(batch)?, "Items": [input]});
                }
                around.variables.clear();
                around.context = json!({"Execution": {"Input": input, "Id": "c"}, "StateMachine": {"Name": "m/l", "Id": "arn:aws:states:r:1:stateMachine:m/l"}});
            }
            match self.workflow(processor, input, &mut around) {
                Err(Stop::Error) if distributed => {}
                other => results.push(other?),
            }
        }
        Ok(results.into())
    }

    fn caught<'d>(
        &mut self,
        state: &'d Value,
        input: &Value,
        scope: &Scope,
        around: &mut Around,
    ) -> Result<(Option<&'d str>, Value)> {
        let catchers = state["Catch"].as_array().map(Vec::as_slice).unwrap_or_default();
        let catcher = match catchers.len() {
            0 => return Err(Stop::Error),
            count => &catchers[(self.chance)(count)],
        };
        let error = json!({"Error": "Failed", "Cause": "chance"});
        let mut scope = scope.clone();
        let output = if scope.jsonata {
            match catcher.get("Output") {
                Some(template) => scope.template(template)?,
                None => error,
            }
        } else {
            scope.input = error.clone();
            place(catcher, input, error)?
        };
        if let Some(template) = catcher.get("Assign") {
            around.variables = assigned(&scope, template)?;
        }
        Ok((catcher["Next"].as_str(), output))
    }
}

fn choose<'d>(state: &'d Value, scope: &Scope, around: &mut Around) -> Result<(Option<&'d str>, Value)> {
    let rules = state["Choices"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut chosen = state;
    for rule in rules {
        if holds(rule, scope)? {
            chosen = rule;
            break;
        }
    }
    if let Some(template) = chosen.get("Assign") {
        around.variables = assigned(scope, template)?;
    }
    let output = match chosen.get("Output") {
        Some(template) => scope.template(template)?,
        None => out(state, scope.input.clone(), scope)?,
    };
    let next = chosen.get("Next").or_else(|| state.get("Default")).and_then(Value::as_str);
    next.map(|next| (Some(next), output)).ok_or(Stop::End)
}

fn holds(rule: &Value, scope: &Scope) -> Result<bool> {
    if let Some(rules) = rule["And"].as_array() {
        return rules.iter().try_fold(true, |all, rule| Ok(all && holds(rule, scope)?));
    }
    if let Some(rules) = rule["Or"].as_array() {
        return rules.iter().try_fold(false, |any, rule| Ok(any || holds(rule, scope)?));
    }
    if let Some(rule) = rule.get("Not") {
        return Ok(!holds(rule, scope)?);
    }
    if let Some(condition) = rule.get("Condition") {
        return Ok(scope.template(condition)? == json!(true));
    }
    let value = scope.path(rule["Variable"].as_str().unwrap_or_default());
    if let Some(present) = rule.get("IsPresent") {
        return Ok(json!(value.is_ok()) == *present);
    }
    let value = value?;
    Ok(
        match (
            rule.get("StringEquals"),
            rule.get("BooleanEquals"),
            rule.get("NumericEquals"),
            rule.get("IsNull"),
        ) {
            (Some(tested), _, _, _) | (_, Some(tested), _, _) | (_, _, Some(tested), _) => value == *tested,
            (_, _, _, Some(null)) => json!(value.is_null()) == *null,
            _ => false,
        },
    )
}

fn assigned(scope: &Scope, template: &Value) -> Result<BTreeMap<String, Value>> {
    let mut variables = scope.around.variables.clone();
    if let Value::Object(members) = scope.template(template)? {
        variables.extend(members);
    }
    Ok(variables)
}

fn place(state: &Value, input: &Value, result: Value) -> Result<Value> {
    match state.get("ResultPath") {
        None => Ok(result),
        Some(Value::Null) => Ok(input.clone()),
        Some(path) => {
            let mut placed = input.clone();
            let mut at = &mut placed;
            for name in path.as_str().unwrap_or_default().trim_start_matches('$').split('.').skip(1) {
                at = at.as_object_mut().ok_or(Stop::End)?.entry(name).or_insert_with(|| json!({}));
            }
            *at = result;
            Ok(placed)
        }
    }
}

fn out(state: &Value, value: Value, scope: &Scope) -> Result<Value> {
    match state.get("OutputPath") {
        None => Ok(value),
        Some(Value::Null) => Ok(json!({})),
        Some(path) => Scope { input: value, ..scope.clone() }.path(path.as_str().unwrap_or_default()),
    }
}

#[derive(Clone)]
struct Scope {
    input: Value,
    around: Around,
    jsonata: bool,
    result: Option<Value>,
}

impl Scope {
    fn template(&self, template: &Value) -> Result<Value> {
        match template {
            Value::Object(members) => {
                let mut made = Map::new();
                for (key, value) in members {
                    match (key.strip_suffix(".$"), value.as_str()) {
                        (Some(name), Some(text)) if !self.jsonata => {
                            made.insert(name.to_owned(), self.computed(text)?)
                        }
                        _ => made.insert(key.clone(), self.template(value)?),
                    };
                }
                Ok(made.into())
            }
            Value::Array(elements) => elements.iter().map(|element| self.template(element)).collect(),
            Value::String(text) if self.jsonata && text.starts_with("{%") => {
                self.expression(text.trim_start_matches("{%").trim_end_matches("%}").trim())
            }
            literal => Ok(literal.clone()),
        }
    }

    /// A JSONata expression: a string, something that is equal or joined, a variable or a part of `$states`.
    fn expression(&self, text: &str) -> Result<Value> {
        if let Some((one, two)) = text.split_once(" & ") {
            let part = |text| match self.expression(text)? {
                Value::String(text) => Ok(text),
                _ => Err(Stop::End),
            };
            return Ok(Value::String(part(one)? + &part(two)?));
        }
        if let Some((one, two)) = text.split_once(" = ") {
            return Ok(json!(self.expression(one)? == self.expression(two)?));
        }
        if let Some(text) = text.strip_prefix('\'') {
            return Ok(json!(text.trim_end_matches('\'')));
        }
        if let Some(rest) = text.strip_prefix("$states.context") {
            return walk(&self.around.context, rest);
        }
        if let Some(rest) = text.strip_prefix("$states.result") {
            return walk(self.result.as_ref().ok_or(Stop::End)?, rest);
        }
        match text.strip_prefix("$states.input") {
            Some(rest) => walk(&self.input, rest),
            None => self.path(text),
        }
    }

    fn path(&self, text: &str) -> Result<Value> {
        if let Some(rest) = text.strip_prefix("$$") {
            return walk(&self.around.context, rest);
        }
        let rest = text.strip_prefix('$').ok_or(Stop::End)?;
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        match &rest[..end] {
            "" => walk(&self.input, rest),
            name => walk(self.around.variables.get(name).ok_or(Stop::End)?, &rest[end..]),
        }
    }

    fn computed(&self, text: &str) -> Result<Value> {
        let Some(call) = text.strip_prefix("States.") else { return self.path(text) };
        let (name, arguments) = call.trim_end_matches(')').split_once('(').ok_or(Stop::End)?;
        let arguments = arguments.split(", ").map(|argument| match argument.strip_prefix('\'') {
            Some(text) => Ok(json!(text.trim_end_matches('\''))),
            None if argument.starts_with('$') => self.path(argument),
            None => serde_json::from_str(argument).map_err(|_| Stop::End),
        });
        let arguments = arguments.collect::<Result<Vec<Value>>>()?;
        let text = |index: usize| arguments[index].as_str().ok_or(Stop::End);
        Ok(match name {
            "Format" => match &arguments[1] {
                Value::String(value) => json!(text(0)?.replace("{}", value)),
                Value::Array(_) | Value::Object(_) => json!(text(0)?.replace("{}", "of the run")),
                other => json!(text(0)?.replace("{}", &other.to_string())),
            },
            "Array" => arguments.into(),
            "ArrayGetItem" => arguments[0]
                .get(usize::try_from(arguments[1].as_u64().ok_or(Stop::End)?).map_err(|_| Stop::End)?)
                .cloned()
                .ok_or(Stop::End)?,
            "MathAdd" => {
                json!(arguments[0].as_i64().ok_or(Stop::End)? + arguments[1].as_i64().ok_or(Stop::End)?)
            }
            "StringSplit" => {
                let delimiters = text(1)?;
                text(0)?
                    .split(|character| delimiters.contains(character))
                    .filter(|part| !part.is_empty())
                    .collect()
            }
            "JsonMerge" => {
                let mut merged = arguments[0].as_object().ok_or(Stop::End)?.clone();
                merged.extend(arguments[1].as_object().ok_or(Stop::End)?.clone());
                merged.into()
            }
            "JsonToString" => json!(arguments[0].to_string()),
            "UUID" => json!("of the run"),
            _ => return Err(Stop::End),
        })
    }
}

fn walk(value: &Value, path: &str) -> Result<Value> {
    let mut at = value;
    for (index, step) in path.split(['.', '[']).skip(1).enumerate() {
        at = match step.strip_suffix(']') {
            Some("*") => {
                let rest: String = path.split_inclusive(['.', '[']).skip(index + 2).collect();
                let rest = if rest.is_empty() { rest } else { format!(".{rest}") };
                let found =
                    at.as_array().ok_or(Stop::End)?.iter().filter_map(|element| walk(element, &rest).ok());
                return Ok(found.collect());
            }
            Some(number) => at.get(number.parse::<usize>().map_err(|_| Stop::End)?).ok_or(Stop::End)?,
            None => at.get(step).ok_or(Stop::End)?,
        };
    }
    Ok(at.clone())
}
