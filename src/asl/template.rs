//! What can be evaluated of a payload template before any execution.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use super::Expression;
pub use super::Scope;
use super::beside::reads_no_data;
use super::intrinsic::Intrinsic;
use super::jsonata::Query;
use super::path::{self, Path};
use super::text::Str;
use super::value::Value;

/// A payload template, read: values of a call or of a member, some of them computed at run time.
#[derive(Debug)]
pub struct Template<'a> {
    pub(super) node: Piece<'a>,
}

/// A piece of a template.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    /// Nothing of it is computed.
    Literal(Value<'a>),
    /// The value at a path.
    Path(Path<'a>),
    /// A call of an intrinsic function.
    Intrinsic(Intrinsic<'a>),
    /// An expression of JSONata.
    Query(Box<Query<'a>>),
    /// An array with an element that is computed.
    Array(Vec<Piece<'a>>),
    /// An object with a member that is computed; in ascending byte order of the names.
    Object(Vec<Member<'a>>),
}

/// A member of an object in a template.
#[derive(Debug)]
pub(super) struct Member<'a> {
    /// As written.
    pub(super) key: &'a str,
    /// In JSONPath without the `.$` at the end.
    pub(super) name: &'a str,
    pub(super) value: Piece<'a>,
}

impl<'a> Template<'a> {
    /// The value that it has in a scope.
    #[must_use]
    pub fn value(&self, scope: &Scope<'a>) -> Value<'a> {
        self.node.value(scope)
    }

    /// Whether nothing of it is computed.
    pub(super) fn is_literal(&self) -> bool {
        matches!(self.node, Piece::Literal(_))
    }

    /// The names of its members, if it is an object that is written out.
    pub(super) fn names(&self) -> Vec<Str<'a>> {
        match &self.node {
            Piece::Object(members) => members.iter().map(|member| member.name.into()).collect(),
            Piece::Literal(Value::Object(members)) => members.iter().map(|(name, _)| name.clone()).collect(),
            _ => Vec::new(),
        }
    }
}

impl<'a> Piece<'a> {
    fn value(&self, scope: &Scope<'a>) -> Value<'a> {
        match self {
            Piece::Literal(value) => value.clone(),
            // An expression without a `$` reads nothing.
            // A path that is followed only at run time is so whatever it leads to.
            Piece::Path(Path { text, reference: Some(_) }) if scope.is_pending => self.pending(scope, text),
            Piece::Intrinsic(call) if scope.is_pending && call.text().contains('$') => {
                self.pending(scope, call.text())
            }
            Piece::Query(query) if scope.is_pending && query.source().contains('$') => {
                self.pending(scope, query.source())
            }
            Piece::Path(path) => path::value(path, scope),
            Piece::Intrinsic(call) => call.value(scope),
            Piece::Query(query) => query.value(scope),
            Piece::Array(elements) => {
                Value::Array(elements.iter().map(|element| element.value(scope)).collect())
            }
            Piece::Object(members) => {
                let members = members.iter().map(|member| (member.name.into(), member.value.value(scope)));
                Value::Object(members.filter(|(_, value)| *value != Value::Absent).collect())
            }
        }
    }

    /// The value of an expression that may read what is not known yet. Of text around what it reads, the text
    /// is known.
    fn pending(&self, scope: &Scope<'a>, text: &str) -> Value<'a> {
        let pending = || Value::Unknown(Expression::pending(text.to_owned()));
        let Some(entered) = &scope.entered else { return pending() };
        let value = self.value(entered);
        if reads_no_data(text, &scope.assigned) || scope.is_settled && value.is_constant() {
            return value;
        }
        match value {
            Value::PartialString(whole) if scope.is_settled && self.is_text_around_values() => {
                Value::PartialString(whole.with_open_holes())
            }
            _ => pending(),
        }
    }

    /// Whether it is text whatever the values are that it reads.
    fn is_text_around_values(&self) -> bool {
        match self {
            Piece::Intrinsic(call) => call.is_text_around_values(),
            Piece::Query(query) => query.is_text_around_values(),
            _ => false,
        }
    }
}

/// The arguments of a call where a state is entered: values by name, each evaluated when it is first needed.
#[derive(Clone, Debug)]
pub struct Arguments<'a, 's> {
    /// Without a template the state's whole input is the payload.
    template: Option<&'s Template<'a>>,
    scope: &'s Scope<'a>,
    /// By the position of the member; for a template that is not an object with computed members, its whole
    /// value. Copies share it.
    values: Rc<[OnceCell<Value<'a>>]>,
    /// The members that were asked for by [`Arguments::get`], each name once, with their values. Copies
    /// share it.
    asked: Rc<RefCell<Asked<'a>>>,
    /// The members among them that are written in another case. Copies share it.
    respelled: Rc<RefCell<Vec<Respelled>>>,
}

/// A member that is read although its name is written in another case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Respelled {
    /// The path that asks for it, up to the member.
    pub path: String,
    /// The name as it is written.
    pub written: String,
}

/// Names of members and their values.
pub type Asked<'a> = Vec<(Rc<str>, Value<'a>)>;

impl<'a, 's> Arguments<'a, 's> {
    /// The values of a template in a scope.
    #[must_use]
    pub fn new(template: Option<&'s Template<'a>>, scope: &'s Scope<'a>) -> Self {
        let count = match template {
            Some(Template { node: Piece::Object(members) }) => members.len(),
            _ => 1,
        };
        Arguments {
            template,
            scope,
            values: (0..count).map(|_| OnceCell::new()).collect(),
            asked: Rc::default(),
            respelled: Rc::default(),
        }
    }

    /// The value of a top-level member. Exact spelling first, then without regard to the case of ASCII
    /// letters: AWS rejects the other spelling, and what it is meant for is noted for a finding.
    #[must_use]
    pub fn get(&self, name: &str) -> Value<'a> {
        let known =
            self.asked.borrow().iter().find(|(own, _)| **own == *name).map(|(_, value)| value.clone());
        known.unwrap_or_else(|| {
            let value = self.find(name, &mut |written| self.respell(name, written));
            self.asked.borrow_mut().push((name.into(), value.clone()));
            value
        })
    }

    /// What was asked for by [`Arguments::get`] so far: the names in the order in which they were first asked
    /// for, and their values.
    #[must_use]
    pub fn asked(&self) -> Asked<'a> {
        self.asked.borrow().clone()
    }

    /// Notes that the member at a path is written in another case.
    pub fn respell(&self, path: &str, written: &str) {
        let one = Respelled { path: path.to_owned(), written: written.to_owned() };
        let mut all = self.respelled.borrow_mut();
        if !all.contains(&one) {
            all.push(one);
        }
    }

    /// The members written in another case that were asked for so far.
    #[must_use]
    pub fn respelled(&self) -> Vec<Respelled> {
        self.respelled.borrow().clone()
    }

    /// The same value as that of [`Arguments::get`], which does not count as asked for. `None` if the name is
    /// written in another case.
    #[must_use]
    pub fn as_written(&self, name: &str) -> Option<Value<'a>> {
        let mut is_respelled = false;
        let value = self.find(name, &mut |_| is_respelled = true);
        (!is_respelled).then_some(value)
    }

    fn find(&self, name: &str, respelled: &mut dyn FnMut(&str)) -> Value<'a> {
        let Some(template) = self.template else { return member(&self.scope.input, name, respelled) };
        let Piece::Object(members) = &template.node else {
            return match self.values.first() {
                Some(value) => member(value.get_or_init(|| template.value(self.scope)), name, respelled),
                None => Value::Absent,
            };
        };
        let position = |fits: &dyn Fn(&Member<'a>) -> bool| members.iter().position(fits);
        let at = position(&|member| member.key == name)
            .or_else(|| position(&|member| member.name == name))
            .or_else(|| position(&|member| member.name.eq_ignore_ascii_case(name)));
        let found = at.and_then(|at| Some((members.get(at)?, self.values.get(at)?)));
        match found {
            None => Value::Absent,
            Some((member, value)) => {
                if member.key != name && member.name != name {
                    respelled(member.name);
                }
                value.get_or_init(|| member.value.value(self.scope)).clone()
            }
        }
    }
}

/// The member of an object, exact spelling first, then without regard to case: `respelled` is given the name
/// as it is written then.
#[must_use]
pub fn member<'a>(value: &Value<'a>, name: &str, respelled: &mut dyn FnMut(&str)) -> Value<'a> {
    match value {
        Value::Object(members) => match value.member(name) {
            Value::Absent => {
                let found = members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
                found.map_or(Value::Absent, |(key, found)| {
                    respelled(key);
                    found.clone()
                })
            }
            found => found,
        },
        Value::OneOf(values) => Value::one_of(values.iter().map(|one| member(one, name, respelled))),
        // Of an open object another spelling does not count: the exact one may be among the members that are
        // not known.
        other => other.member(name),
    }
}
