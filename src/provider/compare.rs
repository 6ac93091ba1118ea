//! The function `compare`: a role's policies beside what its state machines need.

use std::sync::OnceLock;

use crate::compare::{Comparison, ConditionText, Difference, Enough};
use crate::generator::{Request, Role, RoleProblem, compare_role};
use crate::permissions::Mode;
use crate::protocol::diagnostic::{Diagnostic, FunctionError, Step};
use crate::protocol::schema::{Attribute, Block, Function, Parameter};
use crate::protocol::value::{Members, Type, Value};
use crate::work::Cancel;

use super::diagnostics::errors;
use super::options::{options, text, wrong};
use super::policy::block as policy_block;
use super::problem::ArgumentProblem;
use super::request;

/// The function's name.
pub(super) const NAME: &str = "compare";

/// The positions of the parameters.
const MACHINES: u32 = 0;
const POLICIES: u32 = 1;
const OPTIONS: u32 = 2;

/// The option that only this function has.
const BOUNDARY: &str = "permissions_boundary";

/// The argument of a data source that each machine has for itself.
const DEFINITION: &str = "definition";

/// The function's signature and reference page.
pub(super) fn function() -> Function {
    let machines = Parameter::new(
        "machines",
        Type::Dynamic,
        "The state machines that run with the role: a list of objects, each with its `definition` and any other arguments of the data source \
         `sfniam_policy`.",
    );
    let policies = Parameter::new(
        "policies",
        Type::list(Type::String),
        "The role's own policies, inline and managed, as JSON. Together they say what the role may do.",
    );
    let mut more = Parameter::new(
        "options",
        Type::Dynamic,
        "An object with arguments of the data source that apply to every state machine that does not set its own, such as \
         `{ region = \"eu-west-1\", account_id = \"111122223333\" }`, and `permissions_boundary`, the JSON of the role's boundary.",
    );
    more.allow_null = true;
    Function {
        name: NAME.to_owned(),
        summary: "What a role's policies lack, and what they allow in excess".to_owned(),
        description: DESCRIPTION.to_owned(),
        parameters: vec![machines, policies],
        variadic: Some(more),
        result: Type::object(["missing", "excess", "undecided"].map(|list| (list, Type::list(row())))),
        deprecated: None,
    }
}

const DESCRIPTION: &str = "Compares the policies of a role with what its state machines need, and returns an object with three lists: `missing` (a state needs \
    it and the policies never allow it), `excess` (the policies allow it and no state needs it) and `undecided` (it depends on a value known only at run time). All three are empty if the policies match exactly. An allowed permission is never reported as \
    missing, and a needed one never as excess. The guide \"Existing roles\" has examples.\n\n\
    Missing permissions are determined by least privilege; excess ones by the `mode` in the options, which defaults to `least_privilege`.\n\n\
    A row has `machine` (its position in `machines`; null in `excess`), `states` (JSON pointers, in which names are as the definition has them, without escapes for control characters; empty for the machine itself), `actions`, `resources`, `conditions` \
    (each with `operator`, `key` and `values`), `reason` and `severity`. In `excess`, `policy` and `statement` are the positions of the policy and of the statement \
    in it, from 0, `actions` and `resources` are those of the statement, and `enough` has the narrower statements that can replace it; if it is empty, nothing in the statement is \
    needed. Each has `actions`, `resources`, `conditions` and `not_resources`, which is empty unless the statement has `NotResource` and excludes a part of `resources`: allow `resources` and deny \
    `not_resources` to keep that exclusion.\n\n\
    | `reason` | in | |\n\
    |---|---|---|\n\
    | `not-allowed` | `missing` | no statement allows it |\n\
    | `denied` | `missing` | the statement at `policy` and `statement` denies it |\n\
    | `boundary` | `missing` | the permissions boundary does not allow it |\n\
    | `some-resources` | `undecided` | the resource is known only at run time, and the policies allow the action on some that it may be |\n\
    | `missing-setting` | `undecided` | the resource or a condition depends on `region`, `account_id` or `state_machine_name`, which is not given |\n\
    | `unknown-condition` | `undecided` | a condition depends on something that is not known before the call, such as a tag or the time |\n\
    | `not-action` | `excess` | `Allow` with `NotAction` allows every future action |\n\
    | `unused-action` | `excess` | no state needs the action, or one of those that a pattern such as `s3:*` matches |\n\
    | `not-resource` | `excess` | `Allow` with `NotResource` allows every future resource |\n\
    | `unused-resource` | `excess` | a state needs the action, but not on these resources |\n\
    | `unused-condition` | `excess` | a state needs it, but never where the conditions of the statement hold |\n\
    | `wider-resource` | `excess` | a state needs the action, but not on all of these resources |\n\
    | `condition` | `excess` | a state needs it, but only under the `conditions`, which the statement lacks; its `severity` is `info` |\n\n\
    `severity` is `error` in `missing`, `warning` or `info` in `excess`, and `info` in `undecided`.\n\n\
    A function does not see a provider block: partition, region and account come from the options only. To pass no options, omit the argument: OpenTofu does not \
    pass a literal `null` to the function.";

/// The type of a row.
fn row() -> Type {
    let texts = || Type::list(Type::String);
    let condition =
        || Type::list(Type::object([("operator", Type::String), ("key", Type::String), ("values", texts())]));
    let enough = Type::object([
        ("actions", texts()),
        ("resources", texts()),
        ("not_resources", texts()),
        ("conditions", condition()),
    ]);
    Type::object([
        ("machine", Type::Number),
        ("states", texts()),
        ("actions", texts()),
        ("resources", texts()),
        ("conditions", condition()),
        ("reason", Type::String),
        ("severity", Type::String),
        ("policy", Type::Number),
        ("statement", Type::Number),
        ("enough", Type::list(enough)),
    ])
}

/// Calls the function.
pub(super) fn call(arguments: &[Value], cancel: &Cancel) -> Result<Value, FunctionError> {
    let [machines, policies, more @ ..] = arguments else {
        return Err(refused(MACHINES, &ArgumentProblem::NoMachines));
    };
    let (position, mut shared) = options(OPTIONS, more)?;
    let boundary = match shared.remove(BOUNDARY).unwrap_or(Value::Null) {
        Value::Null => None,
        Value::String(boundary) => Some(boundary),
        _ => return Err(refused(position, &ArgumentProblem::BoundaryNotAString)),
    };
    if shared.contains_key(DEFINITION) {
        return Err(refused(position, &ArgumentProblem::SharedDefinition));
    }
    shared_block()
        .config(shared.clone())
        .map_err(|problems| FunctionError::argument(position, text(&problems)))?;
    shared.entry("mode".into()).or_insert_with(|| Mode::LeastPrivilege.name().into());
    let machines = read_machines(machines, &shared, position)?;
    let policies = read_policies(policies)?;
    let role = Role { machines: &machines, policies: &policies, boundary: boundary.as_deref() };
    match compare_role(role, cancel) {
        Ok(comparison) => Ok(value(&comparison)),
        Err(problem) => Err(failure(&problem, position)),
    }
}

/// The options: what the state machines can share, and the boundary, which is one of the names in messages.
fn shared_block() -> &'static Block {
    static BLOCK: OnceLock<Block> = OnceLock::new();
    BLOCK.get_or_init(|| {
        let mut block = policy_block().clone();
        block.attributes.retain(|attribute| attribute.name != DEFINITION);
        block.attributes.push(Attribute::optional(BOUNDARY, Type::String, ""));
        block.attributes.sort_by(|one, two| one.name.cmp(&two.name));
        block
    })
}

/// A request for each state machine, with its own arguments and, for all others, the shared ones.
fn read_machines(machines: &Value, shared: &Members, options: u32) -> Result<Vec<Request>, FunctionError> {
    let Value::List(machines) = machines else {
        return Err(refused(MACHINES, &ArgumentProblem::NoMachines));
    };
    let read = |(index, machine): (usize, &Value)| {
        let Value::Object(own) = machine else {
            return Err(refused(MACHINES, &ArgumentProblem::NotAMachine { index }));
        };
        if own.get(DEFINITION).unwrap_or(&Value::Null).is_null() {
            return Err(refused(MACHINES, &ArgumentProblem::NoMachineDefinition { index }));
        }
        let own: Members = own.clone().into_iter().filter(|(_, value)| !value.is_null()).collect();
        let mut given = shared.clone();
        given.extend(own.clone());
        let wrong = |problems: Vec<Diagnostic>| {
            let is_own = |problem: &Diagnostic| match problem.attribute.first() {
                Some(Step::Attribute(name)) => own.contains_key(&**name) || !shared.contains_key(&**name),
                _ => true,
            };
            match problems.iter().any(is_own) {
                true => FunctionError::argument(MACHINES, format!("machines[{index}]: {}", text(&problems))),
                false => FunctionError::argument(options, text(&problems)),
            }
        };
        let config = policy_block().config(given).map_err(wrong)?;
        request(&config).map_err(wrong)
    };
    machines.iter().enumerate().map(read).collect()
}

fn read_policies(policies: &Value) -> Result<Vec<String>, FunctionError> {
    let policies = policies.as_list().unwrap_or_default();
    let read = |(index, policy): (usize, &Value)| match policy.as_str() {
        Some(policy) => Ok(policy.to_owned()),
        None => Err(refused(POLICIES, &ArgumentProblem::NullPolicy { index })),
    };
    policies.iter().enumerate().map(read).collect()
}

fn failure(problem: &RoleProblem, options: u32) -> FunctionError {
    match problem {
        RoleProblem::Machine { index, findings } => {
            let text = text(&errors(findings));
            FunctionError::argument(MACHINES, format!("machines[{index}]: {text}"))
        }
        RoleProblem::Policy(index, error) => {
            refused(POLICIES, &ArgumentProblem::NotAPolicy { index: *index, error })
        }
        RoleProblem::Boundary(error) => refused(options, &ArgumentProblem::NotABoundary { error }),
        RoleProblem::TooMuchWork => refused(MACHINES, &ArgumentProblem::TooMuchWork),
        RoleProblem::Interrupted => refused(MACHINES, &ArgumentProblem::GivenUp),
    }
}

fn refused(argument: u32, problem: &ArgumentProblem<'_>) -> FunctionError {
    FunctionError::argument(argument, text(&wrong(problem, NAME)))
}

fn value(comparison: &Comparison) -> Value {
    let rows = |severity: &'static str, rows: &[Difference]| {
        Value::List(rows.iter().map(|row| row_value(severity, row)).collect())
    };
    Value::object([
        ("missing", rows("error", &comparison.missing)),
        ("excess", rows("warning", &comparison.excess)),
        ("undecided", rows("info", &comparison.undecided)),
    ])
}

fn row_value(severity: &'static str, row: &Difference) -> Value {
    let severity = if row.reason.is_info() { "info" } else { severity };
    Value::object([
        ("machine", number(row.machine)),
        ("states", texts(&row.states)),
        ("actions", texts(&row.actions)),
        ("resources", texts(&row.resources)),
        ("conditions", conditions(&row.conditions)),
        ("reason", row.reason.name().into()),
        ("severity", severity.into()),
        ("policy", number(row.statement.map(|place| place.document))),
        ("statement", number(row.statement.map(|place| place.statement))),
        ("enough", Value::List(row.enough.iter().map(enough).collect())),
    ])
}

fn enough(enough: &Enough) -> Value {
    Value::object([
        ("actions", texts(&enough.actions)),
        ("resources", texts(&enough.resources)),
        ("not_resources", texts(&enough.not_resources)),
        ("conditions", conditions(&enough.conditions)),
    ])
}

fn conditions(conditions: &[ConditionText]) -> Value {
    let condition = |condition: &ConditionText| {
        Value::object([
            ("operator", Value::from(condition.operator.as_str())),
            ("key", condition.key.as_str().into()),
            ("values", texts(&condition.values)),
        ])
    };
    Value::List(conditions.iter().map(condition).collect())
}

fn texts(texts: &[String]) -> Value {
    Value::list(texts.iter().map(String::as_str))
}

/// A position, or null.
fn number(position: Option<usize>) -> Value {
    position.and_then(|position| i64::try_from(position).ok()).map_or(Value::Null, Value::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFINITION: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::sns:publish",
        "Parameters": {"TopicArn": "arn:aws:sns:eu-west-1:111122223333:orders", "Message": "m"}}}}"#;
    const POLICY: &str =
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sns:*", "Resource": "*"}}"#;

    fn machine(more: &[(&'static str, Value)]) -> Value {
        let own = [("definition", Value::from(DEFINITION))];
        Value::object(own.into_iter().chain(more.iter().cloned()))
    }

    fn called(machines: Value, policies: Value, more: &[Value]) -> Result<Value, FunctionError> {
        call(&[&[machines, policies], more].concat(), &Cancel::default())
    }

    #[test]
    fn the_result_has_the_type_that_the_signature_says() {
        let result = called(Value::List(vec![machine(&[])]), Value::list([POLICY]), &[]).unwrap();
        assert!(result.to_msgpack(&function().result).is_ok());
        let row = &result.get("excess").as_list().unwrap()[0];
        assert_eq!((row.get("machine"), row.get("statement")), (&Value::Null, &Value::from(0)));
        assert_eq!(row.get("reason").as_str(), Some("unused-action"));
        let enough = &row.get("enough").as_list().unwrap()[0];
        assert_eq!(enough.get("actions"), &Value::list(["sns:Publish"]));
        assert_eq!(enough.get("resources"), &Value::list(["arn:aws:sns:eu-west-1:111122223333:orders"]));
        let result = called(Value::List(vec![machine(&[])]), Value::List(Vec::new()), &[]).unwrap();
        let row = &result.get("missing").as_list().unwrap()[0];
        assert_eq!((row.get("machine"), row.get("policy")), (&Value::from(0), &Value::Null));
        assert_eq!(row.get("states"), &Value::list(["/States/A"]));
    }

    #[test]
    fn options_hold_for_machines_that_do_not_have_their_own() {
        let missing = |machine: Value, options: Value| {
            let result = called(Value::List(vec![machine]), Value::List(Vec::new()), &[options]).unwrap();
            let rows = result.get("missing").as_list().unwrap().to_vec();
            rows.iter().flat_map(|row| row.get("resources").as_list().unwrap().to_vec()).collect::<Vec<_>>()
        };
        let definition =
            DEFINITION.replace("arn:aws:states:::sns:publish", "arn:aws:states:::lambda:invoke").replace(
                r#""TopicArn": "arn:aws:sns:eu-west-1:111122223333:orders", "Message": "m""#,
                r#""FunctionName": "f""#,
            );
        let machine =
            |own: Value| Value::object([("definition", Value::from(definition.as_str())), ("region", own)]);
        let options = || {
            Value::object([("region", Value::from("eu-west-1")), ("account_id", 111_122_223_333_i64.into())])
        };
        for (own, region) in [(Value::Null, "eu-west-1"), ("us-east-1".into(), "us-east-1")] {
            let expected = Value::from(format!("arn:aws:lambda:{region}:111122223333:function:f"));
            assert_eq!(missing(machine(own), options()), [expected]);
        }
    }

    #[test]
    fn errors_are_about_the_argument_that_is_wrong() {
        let one = || Value::List(vec![machine(&[])]);
        let none = || Value::List(Vec::new());
        let options = |name: &'static str, value: Value| vec![Value::object([(name, value)])];
        for (machines, policies, more, argument, said) in [
            (
                machine(&[]),
                none(),
                vec![],
                0,
                "The state machines are missing. The first argument is a list of objects",
            ),
            (
                Value::list([Value::Null]),
                none(),
                vec![],
                0,
                "Not a state machine. machines[0] is not an object",
            ),
            (
                Value::list([Value::object([("region", Value::Null)])]),
                none(),
                vec![],
                0,
                "machines[0] has no \"definition\"",
            ),
            (
                Value::List(vec![machine(&[]), machine(&[("definition", "{".into())])]),
                none(),
                vec![],
                0,
                "machines[1]: The definition is not JSON",
            ),
            (
                Value::List(vec![machine(&[("regoin", "x".into())])]),
                none(),
                vec![],
                0,
                "machines[0]: Unknown argument. There is no argument \"regoin\"",
            ),
            (
                Value::List(vec![machine(&[("region", "x".into())])]),
                none(),
                vec![],
                0,
                "machines[0]: Not a region",
            ),
            (one(), Value::list([Value::Null]), vec![], 1, "A null element. policies[0] is null"),
            (
                one(),
                Value::list([POLICY, "{}"]),
                vec![],
                1,
                "Not a policy of a role. policies[1]: \"Statement\" is missing",
            ),
            (
                one(),
                Value::list([
                    r#"{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "states.amazonaws.com"}}}"#,
                ]),
                vec![],
                1,
                "Not a policy of a role. policies[0]: at \"/Statement\": the statement has a principal",
            ),
            (one(), none(), options("region", "x".into()), 2, "Not a region"),
            (
                one(),
                none(),
                options("definition", "x".into()),
                2,
                "Each state machine has its own definition",
            ),
            (one(), none(), options(BOUNDARY, true.into()), 2, "\"permissions_boundary\" is not a string"),
            (one(), none(), options(BOUNDARY, "x".into()), 2, "\"permissions_boundary\": it is not JSON"),
            (
                one(),
                none(),
                options("boundary", "x".into()),
                2,
                "no argument \"boundary\". Did you mean \"permissions_boundary\"?",
            ),
            (one(), none(), options("x", "x".into()), 2, "partition, permissions_boundary, region"),
            (one(), none(), vec![Value::Bool(true)], 2, "Options that are not an object"),
            (
                one(),
                none(),
                vec![Value::object([("region", Value::Null)]), Value::object([("region", Value::Null)])],
                3,
                "merge",
            ),
        ] {
            let error = called(machines, policies, &more).unwrap_err();
            assert_eq!(error.argument, Some(argument), "{}", error.text);
            assert!(error.text.contains(said) && !error.text.ends_with('.'), "{}", error.text);
        }
    }

    #[test]
    fn it_stops_when_nobody_waits() {
        let cancel = Cancel::default();
        cancel.cancel();
        let error = call(&[Value::List(vec![machine(&[])]), Value::list([POLICY])], &cancel).unwrap_err();
        assert!(error.text.contains("cancelled"), "{}", error.text);
    }
}
