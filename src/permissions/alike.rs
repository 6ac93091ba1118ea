//! Calls that are alike need the same, whichever state makes them: it is worked out once for all of them.

use std::cell::RefCell;
use std::rc::Rc;

use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

use crate::asl::Value;
use crate::asl::template::{Arguments, Asked};
use crate::finding::{Finding, Place};

use super::{Permission, Requirements};

/// What calls need, by their Resource and by the values that were asked for.
///
/// What a call needs depends on its arguments only by the values that are asked for on the way. The next
/// question depends on the answers so far alone, so the questions of one Resource are a tree, and a call with
/// the same answers comes to the same end. Nothing is asked that the call alone would not be asked.
#[derive(Default)]
pub(super) struct Alike<'a> {
    by_resource: RefCell<HashMap<&'a str, Step<'a>>>,
}

/// A place in the tree of questions.
enum Step<'a> {
    /// The argument that is asked for next, and where each of its values leads.
    Asks { name: Rc<str>, answers: HashMap<Value<'a>, Step<'a>> },
    /// The end: what such a call needs.
    Needs(Rc<Requirements>),
}

impl<'a> Alike<'a> {
    /// What a call needs, without its place.
    pub(super) fn needs(
        &self,
        resource: &'a str,
        arguments: &Arguments<'a, '_>,
        work_out: impl FnOnce() -> Requirements,
    ) -> Rc<Requirements> {
        if let Some(known) = self.find(resource, arguments) {
            return known;
        }
        let made = Rc::new(work_out());
        let asked = arguments.asked();
        // What is said of a name in another case is about this call alone.
        let is_respelled = !arguments.respelled().is_empty();
        if !is_respelled && !asked.iter().any(|(_, value)| has_fraction(value)) {
            self.note(resource, asked, &made);
        }
        made
    }

    fn find(&self, resource: &str, arguments: &Arguments<'a, '_>) -> Option<Rc<Requirements>> {
        let by_resource = self.by_resource.borrow();
        let mut step = by_resource.get(resource)?;
        loop {
            match step {
                Step::Needs(needs) => return Some(Rc::clone(needs)),
                Step::Asks { name, answers } => step = answers.get(&arguments.as_written(name)?)?,
            }
        }
    }

    fn note(&self, resource: &'a str, asked: Asked<'a>, needs: &Rc<Requirements>) {
        let mut asked = asked.into_iter();
        let mut by_resource = self.by_resource.borrow_mut();
        let mut known = match by_resource.entry(resource) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => {
                free.insert(Step::of(asked, needs));
                return;
            }
        };
        while let Step::Asks { answers, .. } = known {
            let Some((_, value)) = asked.next() else { return };
            known = match answers.entry(value) {
                Entry::Occupied(answer) => answer.into_mut(),
                Entry::Vacant(free) => {
                    free.insert(Step::of(asked, needs));
                    return;
                }
            };
        }
    }
}

impl<'a> Step<'a> {
    /// The way through these questions and answers to what such a call needs.
    fn of(
        asked: impl DoubleEndedIterator<Item = (Rc<str>, Value<'a>)>,
        needs: &Rc<Requirements>,
    ) -> Step<'a> {
        asked.rev().fold(Step::Needs(Rc::clone(needs)), |next, (name, value)| Step::Asks {
            name,
            answers: HashMap::from([(value, next)]),
        })
    }
}

/// Whether there is a number in it that can be equal to another of a different text: zero has two signs.
fn has_fraction(value: &Value<'_>) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(values) | Value::OneOf(values) => values.iter().any(has_fraction),
        Value::Object(members) | Value::Open(members, _) => {
            members.iter().any(|(_, value)| has_fraction(value))
        }
        _ => false,
    }
}

impl Requirements {
    /// The same of the state at a pointer, for what was worked out without a place.
    pub(super) fn at(&self, pointer: &str) -> Requirements {
        let place: Rc<str> = pointer.into();
        let permission = |one: &Permission| Permission { pointer: Rc::clone(&place), ..one.clone() };
        let problem = |one: &Finding| Finding {
            place: Place::from(format!("{pointer}{}", one.place.pointer)),
            ..one.clone()
        };
        Requirements {
            permissions: self.permissions.iter().map(permission).collect(),
            assumed: self.assumed.iter().map(|(role, one)| (role.clone(), permission(one))).collect(),
            unnamed_keys: self.unnamed_keys.clone(),
            open_keys: self.open_keys,
            problems: self.problems.iter().map(problem).collect(),
            open_findings: self.open_findings.iter().map(|_| Rc::clone(&place)).collect(),
            open_roles: self.open_roles,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::Scope;

    /// How often it is worked out what calls with these members need, each of which is asked for `a`, and for
    /// `b` if `a` is "more".
    fn worked_out(calls: &[&[(&'static str, Value<'static>)]]) -> usize {
        let alike = Alike::default();
        let mut count = 0;
        for members in calls {
            let members = members.iter().map(|(name, value)| ((*name).into(), value.clone()));
            let scope = Scope { input: Value::Object(members.collect()), ..Scope::default() };
            let arguments = Arguments::new(None, &scope);
            alike.needs("resource", &arguments, || {
                count += 1;
                if arguments.get("a") == Value::String("more".into()) {
                    let _ = arguments.get("b");
                }
                Requirements::default()
            });
        }
        count
    }

    #[test]
    fn only_what_is_asked_for_makes_a_difference() {
        let text = |text: &'static str| Value::String(text.into());
        let (plain, more) = (("a", text("plain")), ("a", text("more")));
        let call = |members: &[(&'static str, Value<'static>)]| members.to_vec();
        let [one, two] = [call(&[plain.clone(), ("b", text("x"))]), call(&[plain, ("b", text("y"))])];
        assert_eq!(worked_out(&[&one, &two, &one]), 1);
        let [three, four] = [call(&[more.clone(), ("b", text("x"))]), call(&[more, ("b", text("y"))])];
        assert_eq!(worked_out(&[&one, &three, &four, &three, &two, &four]), 3);
    }

    #[test]
    fn numbers_that_are_equal_and_written_otherwise_are_not_alike() {
        let zero = |number: f64| serde_json::Number::from_f64(number).map_or(Value::Null, Value::Number);
        assert_eq!(zero(0.0), zero(-0.0));
        assert_eq!(worked_out(&[&[("a", zero(0.0))], &[("a", zero(-0.0))]]), 2);
        assert_eq!(worked_out(&[&[("a", Value::Number(0.into()))], &[("a", Value::Number(0.into()))]]), 1);
    }

    #[test]
    fn what_is_needed_is_at_its_state() {
        let mut needs = Requirements::default();
        needs.open_findings.insert("".into());
        let problem = crate::finding::made_up::found(crate::finding::Code::AwsWildcard, 1);
        needs.problems.push(Finding { place: Place::from("/Resource"), ..problem });
        let there = needs.at("/States/A");
        assert_eq!(there.problems[0].place.pointer, "/States/A/Resource");
        assert_eq!(there.open_findings, [Rc::from("/States/A")].into());
    }
}
