//! The trust policy of a role: who may assume it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::policy::{VERSION, by_operator};
use super::{Condition, Effect};

/// A trust policy with one statement: a service may assume the role under conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    /// The service principal, such as `states.amazonaws.com`.
    pub service: &'static str,
    /// Sorted; all must hold.
    pub conditions: Vec<Condition>,
}

impl Trust {
    /// The document, indented by two spaces.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Strings, lists and maps with string keys: nothing here that serialization could reject.
        serde_json::to_string_pretty(&TrustDocument::of(self)).unwrap_or_default()
    }

    /// The document without white space.
    #[must_use]
    pub fn to_minified_json(&self) -> String {
        serde_json::to_string(&TrustDocument::of(self)).unwrap_or_default()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TrustDocument<'a> {
    version: &'static str,
    statement: [TrustRow<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TrustRow<'a> {
    effect: &'static str,
    principal: BTreeMap<&'static str, [&'static str; 1]>,
    action: [&'static str; 1],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    condition: BTreeMap<&'static str, BTreeMap<&'a str, Vec<String>>>,
}

impl<'a> TrustDocument<'a> {
    fn of(trust: &'a Trust) -> Self {
        let row = TrustRow {
            effect: Effect::Allow.name(),
            principal: BTreeMap::from([("Service", [trust.service])]),
            action: ["sts:AssumeRole"],
            condition: by_operator(&trust.conditions),
        };
        TrustDocument { version: VERSION, statement: [row] }
    }
}
