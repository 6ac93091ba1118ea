//! IAM policy documents as text, whoever wrote them: parsing them, and deciding what they allow.
//!
//! Independent of the layer `iam`, which makes documents: so a bug there is not repeated here.

mod condition;
mod context;
mod decide;
mod glob;
mod glob_map;
pub mod grammar;
mod index;
mod limits;
mod policy_set;
mod read;
mod refused;
mod replay;
mod role;
mod test_map;
mod vocabulary;

pub use condition::Operator;
pub use context::{Context, ContextValue};
pub use decide::{Allowance, Request, decide};
pub use glob::{Glob, VariableValue};
pub use glob_map::GlobMap;
pub use policy_set::{Decision, PolicySet, StatementPlace};
pub use read::{ReadError, WITH_VARIABLES, read, read_statement};
pub use refused::Refused;
pub use replay::Replay;
pub use role::read_for_role;
pub use test_map::TestMap;
pub use vocabulary::{NotOnlyAllowed, Row, Rows, Spelled, Vocabulary};

/// A policy document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// `Version`; absent where the document has none, which then has no policy variables.
    pub version: Option<String>,
    /// In the order of the document.
    pub statements: Vec<DocumentStatement>,
}

/// A statement of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentStatement {
    /// `Sid`, if there is one.
    pub sid: Option<String>,
    /// `Effect`.
    pub effect: Effect,
    /// `Principal` or `NotPrincipal`: only in policies of resources, such as trust policies.
    pub principals: Option<Principals>,
    /// `Action` or `NotAction`; compared without regard to case, and kept here in lower case.
    pub actions: Selection,
    /// `Resource` or `NotResource`; absent in trust policies.
    pub resources: Option<Selection>,
    /// All must hold.
    pub conditions: Vec<ConditionTest>,
}

/// `Effect`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// `Allow`
    Allow,
    /// `Deny`
    Deny,
}

/// The principals that a statement of a resource-based policy applies to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principals {
    /// Any of these: kind, such as `Service` or `AWS`, and name; `("*", "*")` is everybody.
    Any(Vec<(String, String)>),
    /// Everybody but these: `NotPrincipal`.
    AllBut(Vec<(String, String)>),
}

/// What an element with a `Not…` twin selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// What any of these matches.
    Any(Vec<Glob>),
    /// What none of these matches: `NotAction`, `NotResource`.
    AllBut(Vec<Glob>),
}

impl Selection {
    /// The patterns, whichever way they count.
    #[must_use]
    pub fn patterns(&self) -> &[Glob] {
        match self {
            Selection::Any(patterns) | Selection::AllBut(patterns) => patterns,
        }
    }
}

/// One key under one operator of a `Condition`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConditionTest {
    /// The operator.
    pub operator: Operator,
    /// The key in lower case; IAM compares keys without regard to case.
    pub key: String,
    /// At least one of them must match; for a negated operator, none.
    pub values: Vec<String>,
}
