//! All actions that exist.

use std::collections::BTreeMap;

use super::limits::NAMES_OF_A_UNIT;
use crate::document::Glob;
use crate::work::{Exhausted, Work};

/// The names of all actions, by service.
#[derive(Clone, Debug, Default)]
pub struct ActionList {
    /// By the prefix of the service.
    services: BTreeMap<&'static str, Vec<ListedAction>>,
}

/// An action that exists.
#[derive(Clone, Debug)]
pub(super) struct ListedAction {
    /// In lower case, with its service.
    pub(super) name: Glob,
    /// Whether statements can name resources for it.
    has_resource_types: bool,
}

impl ActionList {
    /// The index of these actions: the prefix of the service, the name in any spelling, and whether
    /// statements can name resources for it.
    pub fn new(actions: impl IntoIterator<Item = (&'static str, &'static str, bool)>) -> Self {
        let mut services: BTreeMap<&'static str, Vec<ListedAction>> = BTreeMap::new();
        for (service, name, has_resource_types) in actions {
            let name = Glob::plain(&format!("{service}:{name}").to_ascii_lowercase());
            services.entry(service).or_default().push(ListedAction { name, has_resource_types });
        }
        ActionList { services }
    }

    /// Whether IAM checks an action on `*` alone, because it has no resource types; false if it is not in the
    /// list.
    pub(super) fn lacks_resource_types(&self, action: &str) -> bool {
        let action = action.to_ascii_lowercase();
        let named = |listed: &&ListedAction| listed.name.as_str() == action;
        self.of_service(&action).find(named).is_some_and(|listed| !listed.has_resource_types)
    }

    /// The actions that a pattern matches.
    ///
    /// # Errors
    /// If the limit of work is exceeded, or the caller no longer waits for the answer.
    pub(super) fn matched<'l>(
        &'l self,
        pattern: &Glob,
        work: &Work,
    ) -> Result<Vec<&'l ListedAction>, Exhausted> {
        let lower = pattern.as_str().to_ascii_lowercase();
        let service = lower.split_once(':').map(|(service, _)| service);
        // A pattern such as `*` matches actions of all services.
        let actions: Vec<&ListedAction> = match service {
            Some(service) if !service.contains(['*', '?']) => self.of_service(&lower).collect(),
            _ => self.services.values().flatten().collect(),
        };
        work.spend(u64::try_from(actions.len() / NAMES_OF_A_UNIT).unwrap_or(u64::MAX))?;
        Ok(actions.into_iter().filter(|action| pattern.covers(&action.name)).collect())
    }

    /// The actions of the service of an action or pattern in lower case.
    fn of_service(&self, action: &str) -> impl Iterator<Item = &ListedAction> {
        let service = action.split(':').next().unwrap_or_default();
        self.services.get(service).into_iter().flatten()
    }
}
