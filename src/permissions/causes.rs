//! What wildcards allow, by their reasons, and the same in words.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::finding::{Finding, cut, listed};
use crate::iam::WildcardReason;

/// What a wildcard allows: actions, and their resources or condition values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Named<'a> {
    pub(super) actions: BTreeSet<&'a str>,
    /// As the policy has them; of a condition its key and value.
    pub(super) resources: BTreeSet<Rc<str>>,
    /// The resources in words.
    targets: BTreeSet<Rc<str>>,
    /// The conditions in words.
    limits: BTreeSet<Rc<str>>,
}

impl<'a> Named<'a> {
    /// Adds actions on a resource: its text, and its description.
    pub(super) fn resource(&mut self, actions: &[&'a str], text: &Rc<str>, words: &Rc<str>) {
        self.actions.extend(actions);
        self.resources.insert(Rc::clone(text));
        self.targets.insert(Rc::clone(words));
    }

    /// Adds actions under a condition: its key and value, and its description.
    pub(super) fn limit(&mut self, actions: &[&'a str], text: &Rc<str>, words: &Rc<str>) {
        self.actions.extend(actions);
        self.resources.insert(Rc::clone(text));
        self.limits.insert(Rc::clone(words));
    }

    /// A sentence without its full stop.
    pub(super) fn sentence(&self) -> String {
        let are = if self.actions.len() == 1 { "is" } else { "are" };
        format!("{} {are} allowed{}", listed(&Vec::from_iter(&self.actions)), self.on())
    }

    fn on(&self) -> String {
        let mut on = String::new();
        for (word, names) in [(" on ", &self.targets), (" with ", &self.limits)] {
            if !names.is_empty() {
                on.push_str(word);
                on.push_str(&listed(&Vec::from_iter(names)));
            }
        }
        on
    }

    /// The first of each and how many more there are.
    fn short(&self) -> String {
        fn first<T: AsRef<str> + Ord>(names: &BTreeSet<T>) -> String {
            match (names.first().map(|one| cut(one.as_ref())), names.len()) {
                (None, _) => String::new(),
                (Some(one), 1) => one.into_owned(),
                (Some(one), count) => format!("{one} and {} more", count - 1),
            }
        }
        let (word, names) =
            if self.targets.is_empty() { ("with", &self.limits) } else { ("on", &self.targets) };
        format!("{} {word} {}", first(&self.actions), first(names))
    }

    /// Adds what another one allows.
    fn join(&mut self, other: &Named<'a>) {
        self.actions.extend(&other.actions);
        self.resources.extend(other.resources.iter().cloned());
        self.targets.extend(other.targets.iter().cloned());
        self.limits.extend(other.limits.iter().cloned());
    }
}

/// The wildcards of one code and parameter, by their reasons. States whose calls are alike share them, and
/// what is said of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Causes<'a> {
    pub(super) by_reason: BTreeMap<&'a WildcardReason, Box<Named<'a>>>,
    pub(super) dangers: BTreeSet<&'static str>,
    allowed: OnceCell<Allowed<'a>>,
    /// The finding about them where they were told first.
    told: OnceCell<Finding>,
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
        name(self.by_reason.entry(reason).or_default());
        self.dangers.extend(dangers);
        self.forget();
    }

    /// Adds what others allow.
    pub(super) fn join(&mut self, other: &Causes<'a>) {
        for (reason, named) in &other.by_reason {
            self.by_reason.entry(reason).or_default().join(named);
        }
        self.dangers.extend(&other.dangers);
        self.forget();
    }

    /// What was said of fewer of them does not hold any more.
    fn forget(&mut self) {
        self.allowed = OnceCell::new();
        self.told = OnceCell::new();
    }

    /// The finding about them where they were told first, which is made if this is the first time.
    pub(super) fn told(&self, make: impl FnOnce() -> Finding) -> &Finding {
        self.told.get_or_init(make)
    }

    /// Whether AWS requires all of them.
    pub(super) fn are_required(&self) -> bool {
        self.by_reason.keys().all(|why| matches!(why, WildcardReason::Aws(_)))
    }

    /// What they allow together.
    pub(super) fn allowed(&self) -> &Allowed<'a> {
        self.allowed.get_or_init(|| {
            let mut named = Named::default();
            self.by_reason.values().for_each(|one| named.join(one));
            Allowed { sentence: named.sentence(), short: named.short(), named }
        })
    }
}
