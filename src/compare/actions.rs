//! All actions that exist.

use std::collections::BTreeMap;

use crate::document::Glob;

/// The names of all actions, by service.
#[derive(Clone, Debug, Default)]
pub struct ActionList {
    /// Names in AWS's spelling, by the prefix of the service.
    services: BTreeMap<String, Vec<String>>,
}

impl ActionList {
    /// Takes actions such as `s3:GetObject`.
    pub fn new<'a>(actions: impl IntoIterator<Item = &'a str>) -> Self {
        let mut services: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for action in actions {
            let service = action.split(':').next().unwrap_or(action);
            services.entry(service.to_ascii_lowercase()).or_default().push(action.to_owned());
        }
        ActionList { services }
    }

    /// The actions that a pattern matches, in AWS's spelling. An action without wildcards that is not in the
    /// list counts too.
    pub(super) fn matched(&self, pattern: &Glob) -> Vec<String> {
        let text = pattern.as_str();
        if pattern.literal().is_some() {
            return vec![text.to_owned()];
        }
        let service = text.split_once(':').map(|(service, _)| service.to_ascii_lowercase());
        let of_service = service.as_ref().and_then(|service| self.services.get(service));
        let named = of_service.into_iter().flatten();
        // A pattern such as `*` is about all services.
        let others = self.services.values().flatten().filter(|_| of_service.is_none());
        named.chain(others).filter(|action| pattern.covers(&Glob::read_action(action))).cloned().collect()
    }
}
