//! Texts of configurations.

/// A definition that calls one function.
pub(crate) fn calling(function: &str) -> String {
    format!(
        r#"jsonencode({{
            StartAt = "Call"
            States = {{
              Call = {{
                Type       = "Task"
                Resource   = "arn:aws:states:::lambda:invoke"
                Parameters = {{ FunctionName = {function} }}
                End        = true
              }}
            }}
          }})"#
    )
}

pub(crate) fn data(name: &str, definition: &str, more: &str) -> String {
    format!("data \"sfniam_policy\" \"{name}\" {{\n  definition = {definition}\n  {more}\n}}\n")
}

/// A definition with one task, as HCL text.
pub(crate) fn task(resource: &str, parameters: &str) -> String {
    format!(
        r#"jsonencode({{ StartAt = "Call", States = {{ Call = {{ Type = "Task", Resource = "{resource}", Parameters = {{ {parameters} }}, End = true }} }} }})"#
    )
}

pub(crate) const FUNCTION: &str = r#""arn:aws:lambda:eu-west-1:111122223333:function:reports""#;
