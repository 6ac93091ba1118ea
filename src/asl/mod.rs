//! The Amazon States Language. Knows nothing of IAM.
//!
//! [`Json::read`] takes the text, [`parse()`] makes a [`StateMachine`] of it and collects problems on the
//! way, [`template`] says what is known of a value before any execution.

mod beside;
mod bounds;
mod check;
mod choice;
mod expression;
pub mod flow;
pub mod hash;
mod intrinsic;
mod jsonata;
mod lattice;
mod limits;
mod members;
mod parse;
mod path;
mod problem;
#[cfg(test)]
pub(crate) mod reads;
mod scope;
#[cfg(test)]
mod show;
mod state;
mod task;
pub mod template;
mod text;
mod value;

pub use crate::json::{Json, Object, Part, SyntaxError, escape_pointer, unescape_pointer};
pub use choice::{Choice, ChoiceRule, Comparison, Operand, Operator, Relation, Test, TypeTest};
pub use expression::Expression;
pub use limits::MAX_ALTERNATIVES;
pub use parse::locate::{credentials_pointer, member_pointer, resource_pointer};
pub use parse::{Instead, Marked, mark, parse, parse_within};
pub use path::Path;
pub use scope::Scope;
pub use state::{
    Batcher, Catcher, Destination, Distributed, ExecutionType, Fail, Items, Jitter, Kind, Map, Parallel,
    Pass, Processing, QueryLanguage, Retrier, Selection, State, StateMachine, Task, Timeouts, Tolerance,
    Transfer, Transition, Wait, Workflow,
};
pub use task::{Integration, IntegrationPattern, NOT_IN_NAMES, Resource, ResourceError, is_name};
pub use template::Template;
pub use text::Str;
pub use value::{Members, PartialString, Segment, Value};
