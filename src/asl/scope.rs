//! What is known where a state is entered.

use std::rc::Rc;

use super::jsonata::Environment;
use super::members::with;
use super::text::Str;
use super::value::{Members, Value, find};
use crate::work::Work;

/// What is known where a state is entered.
#[derive(Clone, Debug)]
pub struct Scope<'a> {
    /// The state's effective input, after `InputPath`: `$` or `$states.input`.
    pub input: Value<'a>,
    /// `$states.result`: the result of the state's work, where there is one.
    pub result: Value<'a>,
    /// `$states.errorOutput`, within `Catch`.
    pub error: Value<'a>,
    /// The variables that are known, in ascending byte order of their names. Any other variable is known only
    /// at run time.
    pub variables: Members<'a>,
    /// The names that any state of the definition assigns, in ascending byte order.
    pub assigned: Rc<[Str<'a>]>,
    /// The context object without the name of the state; see [`Scope::context`].
    pub around: Value<'a>,
    /// The name of the state; empty outside of states.
    pub state: &'a str,
    /// Whether input, variables and context depend on tokens whose values are not known yet.
    pub is_pending: bool,
    /// What is known where the state is entered if nothing is known of these values.
    pub entered: Option<Rc<Scope<'a>>>,
    /// Whether what is constant there stays so whatever they are.
    pub is_settled: bool,
    /// The work allowed for expressions.
    pub work: Rc<Work>,
}

impl Default for Scope<'_> {
    fn default() -> Self {
        Scope {
            input: Value::Unknown("the state's input".into()),
            result: Value::Unknown("the state's result".into()),
            error: Value::Unknown("the error output".into()),
            variables: Rc::from([]),
            assigned: Rc::from([]),
            around: Value::Unknown("the context object".into()),
            state: "",
            is_pending: false,
            entered: None,
            is_settled: false,
            work: Rc::default(),
        }
    }
}

impl<'a> Scope<'a> {
    /// The variable of that name, without the `$`.
    #[must_use]
    pub fn variable(&self, name: &str) -> Value<'a> {
        find(&self.variables, name).cloned().unwrap_or_else(|| Value::Unknown(format!("${name}").into()))
    }

    /// The context object: `$$` or `$states.context`.
    #[must_use]
    pub fn context(&self) -> Value<'a> {
        let rest = || "the context object".into();
        let known: Members<'a> = match &self.around {
            Value::Open(members, _) => Rc::clone(members),
            _ => Rc::from([]),
        };
        if self.state.is_empty() {
            return self.around.clone();
        }
        let state = Rc::from([(Str::Borrowed("Name"), Value::String(self.state.into()))]);
        Value::Open(with(&known, "State".into(), Value::Open(state, rest())).0, rest())
    }
}

impl<'a> Environment<'a> for Scope<'a> {
    fn states(&self) -> Value<'a> {
        let members = [
            ("context", self.context()),
            ("errorOutput", self.error.clone()),
            ("input", self.input.clone()),
            ("result", self.result.clone()),
        ];
        Value::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    fn work(&self) -> &Work {
        &self.work
    }

    fn variable(&self, name: &str) -> Option<Value<'a>> {
        match self.variable(name) {
            // A name that no state assigns can be that of a function.
            Value::Unknown(_) if self.assigned.binary_search_by(|one| one.as_ref().cmp(name)).is_err() => {
                None
            }
            value => Some(value),
        }
    }
}
