//! The Choice state: its rules, and what they test.

use super::Json;
use super::path::Path;
use super::template::Template;

/// A Choice state.
#[derive(Debug)]
pub struct Choice<'a> {
    /// `Choices`, in their order.
    pub rules: Vec<ChoiceRule<'a>>,
    /// `Default`: the state for which no rule holds.
    pub default: Option<&'a str>,
}

/// An element of `Choices`.
#[derive(Debug)]
pub struct ChoiceRule<'a> {
    /// Its position in `Choices`, from 0.
    pub position: usize,
    /// What must hold.
    pub test: Test<'a>,
    /// `Next`; absent if it is missing.
    pub next: Option<&'a str>,
    /// `Assign`.
    pub assign: Option<Template<'a>>,
    /// `Output`, in JSONata.
    pub output: Option<Template<'a>>,
}

/// What a rule tests.
#[derive(Debug)]
pub enum Test<'a> {
    /// `And`.
    All(Vec<Test<'a>>),
    /// `Or`.
    Any(Vec<Test<'a>>),
    /// `Not`.
    Not(Box<Test<'a>>),
    /// A variable with an operator.
    Comparison(Comparison<'a>),
    /// `Condition`, in JSONata.
    Condition(Template<'a>),
    /// It cannot be read.
    Unreadable,
}

/// A comparison of JSONPath.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// `Variable`.
    pub variable: Path<'a>,
    /// How it is compared.
    pub operator: Operator,
    /// With what.
    pub operand: Operand<'a>,
}

/// With what a variable is compared.
#[derive(Debug)]
pub enum Operand<'a> {
    /// A literal.
    Literal(&'a Json<'a>),
    /// The value at a path: the operator ends in `Path`.
    Path(Path<'a>),
}

/// The operators of comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Of two Booleans: `BooleanEquals`.
    Boolean,
    /// Of two numbers, such as `NumericLessThan`.
    Numeric(Relation),
    /// Of two strings, such as `StringEquals`.
    String(Relation),
    /// Of two points in time, such as `TimestampGreaterThan`.
    Timestamp(Relation),
    /// `StringMatches`, with `*` for any characters.
    StringMatches,
    /// Whether the variable is of a type, or not.
    Is(TypeTest),
}

/// How two values relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `Equals`.
    Equals,
    /// `LessThan`.
    Less,
    /// `LessThanEquals`.
    LessOrEqual,
    /// `GreaterThan`.
    Greater,
    /// `GreaterThanEquals`.
    GreaterOrEqual,
}

/// What a variable is tested to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeTest {
    /// `IsBoolean`.
    Boolean,
    /// `IsNull`.
    Null,
    /// `IsNumeric`.
    Numeric,
    /// `IsPresent`.
    Present,
    /// `IsString`.
    String,
    /// `IsTimestamp`.
    Timestamp,
}
