//! The smallest configurations that the schema rejects, for the guide to findings and its test.

use crate::finding::Example;
use crate::protocol::problem::Code;

/// The smallest configuration of the data source that produces a code. `None` for what no configuration can
/// show: what hosts check themselves, and bugs of programs.
#[must_use]
pub fn of(code: Code) -> Option<Example> {
    let arguments = match code {
        Code::ReadOnlyArgument => r#"{"size": 50}"#,
        Code::NullArgument => r#"{"tracing_configuration": {"enable": true}}"#,
        Code::NullElement => r#"{"kms_key_arns": [null]}"#,
        Code::UnknownValue => r#"{"mode": "lp"}"#,
        Code::UnknownArgument => r#"{"regoin": "eu-west-1"}"#,
        Code::WrongType => r#"{"tracing_configuration": [{"enabled": true}]}"#,
        Code::WrongArguments
        | Code::UnknownName
        | Code::MalformedCall
        | Code::WrongResult
        | Code::Crash
        | Code::NoThread
        | Code::Stopped => return None,
    };
    Some(Example { text: r#"{"Type": "Succeed"}"#, is_state: true, arguments })
}
