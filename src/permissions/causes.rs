//! What wildcards allow, by their reasons, and the same in words.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use crate::finding::{Finding, cut, listed};
use crate::iam::WildcardReason;

use super::sorted::Sorted;

/// What a wildcard allows: actions, and their resources or condition values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Named<'a> {
    pub(super) actions: Sorted<&'a str>,
    /// As the policy has them; of a condition its key and value.
    pub(super) resources: Sorted<Rc<str>>,
    /// The resources in words.
    targets: Sorted<Rc<str>>,
    /// The conditions in words.
    limits: Sorted<Rc<str>>,
}

impl<'a> Named<'a> {
    /// Adds actions on a resource: its text, and its description.
    pub(super) fn resource(&mut self, actions: &[&'a str], text: &Rc<str>, words: &Rc<str>) {
        self.actions.extend(actions.iter().copied());
        self.resources.insert(Rc::clone(text));
        self.targets.insert(Rc::clone(words));
    }

    /// Adds actions under a condition: its key and value, and its description.
    pub(super) fn limit(&mut self, actions: &[&'a str], text: &Rc<str>, words: &Rc<str>) {
        self.actions.extend(actions.iter().copied());
        self.resources.insert(Rc::clone(text));
        self.limits.insert(Rc::clone(words));
    }

    /// A sentence without its full stop.
    pub(super) fn sentence(&self) -> String {
        let actions = self.actions.as_slice();
        let are = if actions.len() == 1 { "is" } else { "are" };
        format!("{} {are} allowed{}", listed(actions), self.on())
    }

    fn on(&self) -> String {
        let mut on = String::new();
        for (word, names) in [(" on ", self.targets.as_slice()), (" with ", self.limits.as_slice())] {
            if !names.is_empty() {
                on.push_str(word);
                on.push_str(&listed(names));
            }
        }
        on
    }

    /// The first of each and how many more there are.
    fn short(&self) -> String {
        fn first<T: AsRef<str>>(names: &[T]) -> String {
            match (names.first().map(|one| cut(one.as_ref())), names.len()) {
                (None, _) => String::new(),
                (Some(one), 1) => one.into_owned(),
                (Some(one), count) => format!("{one} and {} more", count - 1),
            }
        }
        let (word, names) = match self.targets.as_slice() {
            [] => ("with", self.limits.as_slice()),
            targets => ("on", targets),
        };
        format!("{} {word} {}", first(self.actions.as_slice()), first(names))
    }

    /// Adds what another one allows.
    fn join(&mut self, other: &Named<'a>) {
        self.actions.extend(other.actions.as_slice().iter().copied());
        for (own, others) in [
            (&mut self.resources, &other.resources),
            (&mut self.targets, &other.targets),
            (&mut self.limits, &other.limits),
        ] {
            own.extend(others.as_slice().iter().cloned());
        }
    }
}

/// The wildcards of one code and parameter, by their reasons. States whose calls are alike share them, and
/// what is said of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Causes<'a> {
    by_reason: Vec<(&'a WildcardReason, Named<'a>)>,
    pub(super) dangers: BTreeSet<&'static str>,
    // In boxes, because most are told one after the other, and there are many.
    allowed: OnceCell<Box<Allowed<'a>>>,
    /// The finding about them where they were told first.
    told: OnceCell<Box<Finding>>,
}

/// What wildcards allow together.
#[derive(Clone, Debug)]
pub(super) struct Allowed<'a> {
    pub(super) named: Named<'a>,
    /// The same as a sentence without its full stop.
    pub(super) sentence: String,
    /// The same, short.
    pub(super) short: String,
}

impl<'a> Causes<'a> {
    /// Adds what a wildcard allows, and why that is dangerous.
    pub(super) fn add(
        &mut self,
        reason: &'a WildcardReason,
        dangers: &[&'static str],
        name: impl FnOnce(&mut Named<'a>),
    ) {
        self.of(reason, name);
        self.dangers.extend(dangers);
        self.forget();
    }

    /// Adds what others allow.
    pub(super) fn join(&mut self, other: &Causes<'a>) {
        for (reason, named) in &other.by_reason {
            self.of(reason, |own| own.join(named));
        }
        self.dangers.extend(&other.dangers);
        self.forget();
    }

    /// The wildcards by their reasons, in the order of these.
    pub(super) fn by_reason(&self) -> &[(&'a WildcardReason, Named<'a>)] {
        &self.by_reason
    }

    /// Changes what wildcards of a reason allow.
    fn of(&mut self, reason: &'a WildcardReason, change: impl FnOnce(&mut Named<'a>)) {
        match self.by_reason.binary_search_by_key(&reason, |(reason, _)| reason) {
            Ok(place) => {
                if let Some((_, named)) = self.by_reason.get_mut(place) {
                    change(named)
                }
            }
            Err(place) => {
                let mut named = Named::default();
                change(&mut named);
                // Most have one.
                self.by_reason.reserve_exact(1);
                self.by_reason.insert(place, (reason, named));
            }
        }
    }

    /// What was said of fewer of them does not hold any more.
    fn forget(&mut self) {
        self.allowed = OnceCell::new();
        self.told = OnceCell::new();
    }

    /// The finding about them where they were told first, which is made if this is the first time.
    pub(super) fn told(&self, make: impl FnOnce() -> Finding) -> &Finding {
        self.told.get_or_init(|| Box::new(make()))
    }

    /// Whether AWS requires all of them.
    pub(super) fn are_required(&self) -> bool {
        self.by_reason.iter().all(|(why, _)| matches!(why, WildcardReason::Aws(_)))
    }

    /// What they allow together.
    pub(super) fn allowed(&self) -> &Allowed<'a> {
        self.allowed.get_or_init(|| {
            let mut named = Named::default();
            self.by_reason.iter().for_each(|(_, one)| named.join(one));
            Box::new(Allowed { sentence: named.sentence(), short: named.short(), named })
        })
    }
}
