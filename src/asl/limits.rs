//! All limits of this layer: AWS's own, each with the page that states it, and ours, each with its reason.

// AWS's limits for definitions. What exceeds one of these is rejected.

/// Characters of the name of a state.
///
/// Source: <https://states-language.net/spec.html#states-fields>, the specification to which
/// <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html> leads.
pub(super) const MAX_NAME_CHARACTERS: usize = 80;

// AWS's limits for values. What exceeds one of these fails in Step Functions, so there is no value.

/// The most elements that `States.ArrayRange` returns.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html>.
pub(super) const MAX_RANGE_ELEMENTS: usize = 1_000;

/// The most characters that the base64 functions accept.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html>.
pub(super) const MAX_BASE64_CHARACTERS: usize = 10_000;

/// The most characters that `States.Hash` and `$hash` accept.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html>.
pub(super) const MAX_HASH_CHARACTERS: usize = 10_000;

/// Intrinsic functions inside one another.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html>.
pub(super) const MAX_INTRINSIC_NESTING: usize = 10;

/// Bytes of input or output of a state: a longer string cannot exist in an execution.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html>.
pub(super) const MAX_STATE_BYTES: usize = 262_144;

// Our limits for definitions.

/// Keys of an object that are compared each with each other, which is faster than sorting so few. The keys of
/// a larger object are sorted.
pub(super) const MAX_KEYS_AT_A_GLANCE: usize = 8;

// Our limits for values. What exceeds one of these is described less exactly, never wrongly.

/// Values in a set of possible values; a larger set is described by what its values have in common. A Choice
/// over more names than this is rare, and a policy with a statement for each would not be read.
pub const MAX_ALTERNATIVES: usize = 16;

/// Combinations of alternatives for which an operator is evaluated: three operands of four values each.
pub(super) const MAX_COMBINATIONS: usize = 64;

/// Members that are followed of an object that grows from state to state; one that would have more keeps
/// these and is open for the rest. Every state has its own copy, so this bounds what the analysis needs for
/// each.
pub(super) const MAX_MEMBERS: usize = 64;

/// Objects that are kept apart where paths through the workflow meet. They are large, and each further path
/// doubles their number.
pub(super) const MAX_OBJECTS: usize = 4;

/// Values that a value may hold in all, itself included. Copies of a value in each of a thousand states stay
/// within memory.
pub(super) const MAX_PARTS: usize = 4_096;

/// Bytes of a string that count as much as another value.
pub(super) const BYTES_PER_PART: usize = 64;

/// Levels of a value, so that recursion over it stays far from the end of the stack.
pub(super) const MAX_LEVELS: usize = 100;

/// Steps of a path; a longer one counts as unknown. No parameter of AWS is nested that deeply.
pub(super) const MAX_PATH_STEPS: usize = 64;

/// Bytes and segments of a string that intrinsic functions make: more than any name has, and a bound for a
/// string that doubles from state to state.
pub(super) const MAX_STRING_BYTES: usize = 4_096;
/// See [`MAX_STRING_BYTES`].
pub(super) const MAX_SEGMENTS: usize = 64;

/// Different elements that `States.ArrayUnique` compares with each other: the work grows with their square.
pub(super) const MAX_DISTINCT_ELEMENTS: usize = 100;

/// Changes of a place in the workflow, by paths that meet there, up to which all its values are kept; from
/// then on they are widened. Each loop settles within it unless it counts.
pub(super) const WIDEN_AFTER: u32 = 24;

/// Changes of a place in the workflow from which on its values are unknown: a bound even for values that
/// widening does not settle.
pub(super) const GIVE_UP_AFTER: u32 = 64;

// Our limits for JSONata. What exceeds one of these counts as unknown.

/// Expressions inside one another: deeper than anyone writes, and far from the end of the stack.
pub(super) const MAX_EXPRESSION_NESTING: usize = 48;

/// Operators that nest to the left, in the whole expression. Chains of `.` and `&` are flat and do not count.
pub(super) const MAX_OPERATORS: usize = 500;

/// Work for one expression, in units: nodes visited, values built or looked at, and text as
/// [`BYTES_OF_A_UNIT`](crate::work::BYTES_OF_A_UNIT) says. A few milliseconds.
pub(super) const MAX_EVALUATION_UNITS: usize = 50_000;

/// Bytes of text that one expression builds, so that no short one fills the memory.
pub(super) const MAX_EVALUATION_BYTES: usize = 4 << 20;

/// How much more a byte costs that a function reads character by character than one that is copied.
pub(super) const BYTES_READ_FACTOR: usize = 8;

/// How many elements can be passed on by reference for the price of reading one.
pub(super) const ELEMENTS_OF_A_UNIT: usize = 16;

/// Evaluations inside one another, so that recursion stays far from the end of the stack.
pub(super) const MAX_EVALUATION_DEPTH: usize = 96;

/// Elements of an array that an expression builds; a larger one says nothing about permissions.
pub(super) const MAX_ARRAY_ELEMENTS: usize = 1_000;

/// Functions made of functions, inside one another.
pub(super) const MAX_FUNCTION_LAYERS: usize = 16;

/// Characters that `$pad` fills a string up to.
pub(super) const MAX_PAD_WIDTH: usize = 10_000;

/// Numbers from here on are not calculated with: beyond 53 bits implementations of JSONata differ.
pub(super) const MAX_EXACT_NUMBER: f64 = 9.0e15;

/// Integers from here on are not written as text: implementations of JSONata differ in where the exponent
/// begins.
pub(super) const MAX_WRITTEN_INTEGER: u64 = 1_000_000_000_000_000;
