//! Accounts, regions and names of state machines that can make a difference: those that the configuration has
//! itself, and ones that it does not have.
//!
//! Such a value is a part of ARNs, and is compared with what the configuration has. So all that it does not
//! have give the same answer but for their own text.

use std::collections::BTreeSet;

use crate::iam::{Location, is_account_number};
use crate::protocol::value::Value;

use super::super::region;

/// The texts of a configuration that may be compared with a place.
pub(super) struct Places {
    accounts: BTreeSet<String>,
    regions: BTreeSet<String>,
    names: BTreeSet<String>,
}

impl Places {
    pub(super) fn of(config: &Value) -> Places {
        let mut places =
            Places { accounts: BTreeSet::new(), regions: BTreeSet::new(), names: BTreeSet::new() };
        places.read(config);
        places
    }

    fn read(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.read_text(text),
            Value::List(elements) => elements.iter().for_each(|one| self.read(one)),
            Value::Object(members) => {
                for (name, member) in members {
                    self.read_text(name);
                    self.read(member);
                }
            }
            _ => {}
        }
    }

    fn read_text(&mut self, text: &str) {
        for word in text.split(|one: char| !one.is_ascii_alphanumeric() && one != '-' && one != '_') {
            if is_account_number(word) {
                self.accounts.insert(word.to_owned());
            } else if region::has_form(word) {
                self.regions.insert(word.to_owned());
            }
        }
        // The name follows the type: `stateMachine:NAME`, `execution:NAME:ID`, `express:NAME:ID`.
        let fields: Vec<&str> = text.split(&[':', '/', '"', ' '][..]).collect();
        for pair in fields.windows(2) {
            if let [kind, name] = pair
                && ["stateMachine", "execution", "express", "mapRun"].contains(kind)
                && !name.is_empty()
            {
                self.names.insert((*name).to_owned());
            }
        }
    }

    /// The values of an argument that can make a difference.
    pub(super) fn values(&self, name: &str) -> Vec<Value> {
        let own = match name {
            "account_id" => &self.accounts,
            "region" => &self.regions,
            "state_machine_name" => &self.names,
            _ => return Location::partitions().map(Value::from).collect(),
        };
        let others: Vec<String> = match name {
            "account_id" => (1..=9).rev().map(|digit| digit.to_string().repeat(12)).collect(),
            // One of each partition; lengths differ.
            "region" => {
                let first =
                    |partition: &str| region::known().find(|code| Location::partition_of(code) == partition);
                let own = Location::partitions().filter_map(first).chain(["ap-southeast-1"]);
                own.map(str::to_owned).collect()
            }
            _ => ["x", "y", "z"]
                .iter()
                .flat_map(|letter| [1, 80].map(|length| letter.repeat(length)))
                .collect(),
        };
        let most = if name == "region" { usize::MAX } else { 2 };
        let others = others.iter().filter(|one| !own.contains(*one)).take(most);
        own.iter().chain(others).map(|one| Value::from(one.as_str())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_configuration_has_is_tried_and_something_else() {
        let definition = r#"{"Resource": "arn:aws:states:eu-west-1:111122223333:activity:a",
            "Arn": "arn:aws:states:us-east-1:999999999999:stateMachine:orders:1"}"#;
        let places = Places::of(&Value::object([("definition", Value::from(definition))]));
        let values = |name: &str| -> Vec<String> {
            places.values(name).iter().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        assert_eq!(values("account_id"), ["111122223333", "999999999999", "888888888888", "777777777777"]);
        assert_eq!(values("state_machine_name"), ["orders".to_owned(), "x".to_owned(), "x".repeat(80)]);
        let regions = values("region");
        assert_eq!(regions[..2], ["eu-west-1", "us-east-1"]);
        let partitions: BTreeSet<&str> =
            regions.iter().map(|region| Location::partition_of(region)).collect();
        assert_eq!(partitions.len(), Location::partitions().count());
        assert_eq!(values("partition").len(), partitions.len());
    }
}
