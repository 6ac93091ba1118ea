//! Why IAM rejects an element of a role's policy.

/// Why IAM rejects an element of a policy. The text says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// `Statement` has no statement.
    #[error("there is no statement: give at least one")]
    NoStatements,
    /// A list of actions or resources without elements.
    #[error("the list is empty: give at least one {0}, or remove the statement")]
    Empty(&'static str),
    /// An action that is neither `*` nor `service:Name`.
    #[error("\"{0}\" is not an action: write it as \"service:Name\", or \"*\" for all actions")]
    Action(String),
    /// A resource that is neither `*` nor an ARN.
    #[error("\"{0}\" is not an ARN: write the resource as \"arn:…\", or \"*\" for all resources")]
    Resource(String),
    /// A `Sid` with other characters than letters and digits.
    #[error("the Sid \"{0}\" has other characters than letters and digits: use only A-Z, a-z and 0-9")]
    Sid(String),
    /// A `Sid` that an earlier statement has.
    #[error("an earlier statement has the Sid \"{0}\" too: give each statement its own")]
    SameSid(String),
}
