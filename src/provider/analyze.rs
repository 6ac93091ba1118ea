//! The function `analyze`: what is known about a state machine before all values are.

use crate::protocol::diagnostic::FunctionError;
use crate::protocol::schema::{DataSource, Function, Usage};
use crate::protocol::value::{Name, Type, Value};
use crate::work::Cancel;

use super::data_source;
use super::options::{Given, failure, parameters, read};
use super::policy::analysis;

/// The function's name.
pub(super) const NAME: &str = "analyze";

/// The attribute of the data source that the result does not have.
const WITHOUT: &str = "explanation";

/// The function's signature and reference page.
pub(super) fn function() -> Function {
    let (definition, options) = parameters();
    Function {
        name: NAME.to_owned(),
        summary: "What a state machine's role may do, as far as it is known".to_owned(),
        description: DESCRIPTION.to_owned(),
        parameters: vec![definition],
        variadic: Some(options),
        result: result(&data_source()),
        deprecated: None,
    }
}

/// The type of the result: the computed attributes of the data source, and more.
fn result(source: &DataSource) -> Type {
    let computed = source.block.attributes.iter().filter(|one| one.usage == Usage::Computed);
    let computed = computed.filter(|one| one.name != WITHOUT);
    let mut members: Vec<(Name, Type)> = computed.map(|one| (one.name.clone(), one.value_type())).collect();
    let of = |name: &str| members.iter().find(|(one, _)| one == name).map(|(_, kind)| kind.clone());
    let findings = of("findings");
    let conditions = match of("statements") {
        Some(Type::List(statement)) => match *statement {
            Type::Object(members) => members.get("conditions").cloned(),
            _ => None,
        },
        _ => None,
    };
    let texts = || Type::list(Type::String);
    let permission = Type::object([
        ("actions", texts()),
        ("conditions", conditions.unwrap_or(Type::Dynamic)),
        ("resources", texts()),
    ]);
    members.extend([
        ("actions_by_service".into(), Type::map(texts())),
        ("findings_by_state".into(), Type::map(findings.unwrap_or(Type::Dynamic))),
        ("permissions".into(), Type::map(Type::list(permission))),
        ("unknown_resources".into(), Type::map(Type::String)),
    ]);
    Type::object(members)
}

const DESCRIPTION: &str = "Returns everything that is known about a state machine's policy while some values are still unknown: on the first plan, when functions, topics and roles are \
    created in the same apply, a reviewer sees what the role may do. Pass the definition as known text, with `file(…)`, and the unknown values in \
    `definition_substitutions`. The guide to the first plan shows how.\n\n\
    Whatever an unknown value can change is unknown as a whole: a list of resources, a document. Everything else is already known: the actions of each state in \
    `permissions`, the keys of `documents_by_service` for a `for_each`, `is_empty` for a `count`, the documents of services that no unknown value affects. The result has the attributes of the data source `sfniam_policy` except `explanation`, and:\n\n\
    - `permissions`: for each state, by its JSON pointer (with names as the definition has them, without escapes for control characters), a list of `{ actions, resources, conditions }`, one for each permission that the state needs; the empty key has the permissions of the state machine itself, for logs, \
    traces and keys. The list is in the order of the catalogue, and entries are not merged.\n\
    - `actions_by_service`: the actions of the role, by IAM's prefix of the service.\n\
    - `findings_by_state`: the findings, by the same keys as `permissions`. Findings about the sizes of documents are in `findings` alone.\n\
    - `unknown_resources`: states whose whole `Resource` has a token, with what to write instead. While the token's value is unknown, so are the actions of \
    such a state and the keys of `documents_by_service`.\n\n\
    A token is replaced by text: a value that is a JSONata expression is an error, and so are the name of a bucket that ends in `--x-s3` and an ARN of S3 on Outposts. \
    Write these in the definition. If the definition is unknown as a whole, like the result of `jsonencode` or `templatefile` with an unknown value, so is everything else.\n\n\
    Like `policy`, this function does not see a provider block. To pass no options, omit the argument.";

/// Calls the function.
pub(super) fn call(arguments: &[Value], cancel: &Cancel) -> Result<Value, FunctionError> {
    match read(arguments)? {
        Given::Unknown => Ok(Value::Unknown),
        Given::Known { config, position } => {
            analysis(&config, cancel).map_err(|errors| failure(&errors, position))
        }
    }
}
