//! The provider block, and the arguments of a data source that override it: partition, region and account.

use crate::finding::{Argument, Finding, OnFinding};
use crate::iam::{Location, is_account_number, is_region};
use crate::protocol::schema::{Attribute, Block};
use crate::protocol::value::{Type, Value};

use super::on_finding;
use super::problem::ArgumentProblem;
use super::region;

/// A provider block. Without one, everything is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    place: Place,
    on_finding: OnFinding,
    /// Arguments whose values are not known yet.
    unknown: Vec<&'static str>,
}

/// The arguments that say where the state machine runs.
const PLACE: [&str; 3] = ["partition", "region", "account_id"];

/// Partition, region and account, as far as they are set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Place {
    partition: Option<String>,
    region: Option<String>,
    account: Option<String>,
}

/// The arguments of the provider block.
pub(super) fn block() -> Block {
    Block::new(
        "Computes the IAM policies of AWS Step Functions state machines from their definitions. \
         It makes no API calls and reads no credentials, and the same definition always produces the same policy. All arguments are optional; each can be overridden \
         in the data source. A provider function does not see this block, not even one with an alias: pass the same arguments in its options.",
        shared(),
    )
}

/// The arguments that the provider block and the data source share.
fn shared() -> Vec<Attribute> {
    let mut attributes = Vec::from(attributes());
    attributes.push(on_finding::attribute());
    attributes.sort_by(|one, two| one.name.cmp(&two.name));
    attributes
}

/// Partition, region and account.
pub(super) fn attributes() -> [Attribute; 3] {
    [
        Attribute::optional(
            "account_id",
            Type::String,
            "The twelve digits of the AWS account in which the state machine runs. \
             Without it, ARNs that the definition does not spell out have `*` in place of the account.",
        ),
        Attribute::optional(
            "partition",
            Type::String,
            "The AWS partition of the state machine: `aws`, `aws-cn`, `aws-us-gov`, … Defaults to the partition of the region, and without a region to `aws`.",
        ),
        Attribute::optional(
            "region",
            Type::String,
            "The AWS region in which the state machine runs, such as `eu-west-1`. \
             Without it, ARNs that the definition does not spell out have `*` in place of the region.",
        ),
    ]
}

impl Config {
    /// Reads a provider block; values not yet known are remembered as such.
    pub(super) fn read(block: &Value) -> Result<Config, Vec<Finding>> {
        let (on_finding, wrong) = on_finding::read(block.get(on_finding::NAME));
        let place = match Place::read(block) {
            Ok(place) if wrong.is_empty() => place,
            Ok(_) => return Err(wrong),
            Err(problems) => return Err([problems, wrong].concat()),
        };
        let unknown = PLACE
            .into_iter()
            .chain([on_finding::NAME])
            .filter(|name| !block.get(name).is_wholly_known())
            .collect();
        Ok(Config { place, on_finding, unknown })
    }

    /// A provider block of which nothing is known.
    #[cfg(test)]
    pub(super) fn unknown() -> Config {
        let unknown = PLACE.into_iter().chain([on_finding::NAME]).collect();
        Config { unknown, ..Config::default() }
    }

    /// Whether partition, region and account are known for these arguments, given or not.
    pub(super) fn knows_place(&self, arguments: &Value) -> bool {
        PLACE.iter().all(|name| match arguments.get(name) {
            Value::Unknown => false,
            Value::Null => !self.unknown.contains(name),
            _ => true,
        })
    }

    /// What is known of it, with partition, region and account or without. What is not known counts as
    /// absent.
    pub(super) fn known(&self, with_place: bool) -> Config {
        let place = if with_place { self.place.clone() } else { Place::default() };
        Config { place, on_finding: self.on_finding.clone(), unknown: Vec::new() }
    }

    /// Whether the levels of all findings are known.
    pub(super) fn knows_levels(&self) -> bool {
        !self.unknown.contains(&on_finding::NAME)
    }

    /// The provider block's `on_finding`.
    pub(super) fn on_finding(&self) -> &OnFinding {
        &self.on_finding
    }

    /// The value of the data source, else that of the provider block.
    pub(super) fn aws(&self, arguments: &Value) -> Result<Location, Vec<Finding>> {
        let own = Place::read(arguments)?;
        if let Some(name) = self.unknown.iter().find(|name| arguments.get(name).is_null()) {
            return Err(vec![wrong(name, &ArgumentProblem::NotConfigured { name })]);
        }
        let shared = self.place.clone();
        let own_region = own.region.is_some();
        let region = own.region.or(shared.region);
        // A region set here determines the partition rather than the provider block.
        let given = own.partition.or(if own_region { None } else { shared.partition });
        let of_region = region.as_deref().map(|region| Location::partition_of(region).to_owned());
        let partition = given.or(of_region).unwrap_or_else(|| Location::default().partition);
        if let Some(region) = &region
            && Location::partition_of(region) != partition
        {
            let of_region = Location::partition_of(region);
            let problem = ArgumentProblem::OtherPartition { region, of_region, partition: &partition };
            return Err(vec![wrong("region", &problem)]);
        }
        Ok(Location { partition, region, account: own.account.or(shared.account) })
    }
}

impl Place {
    fn read(block: &Value) -> Result<Place, Vec<Finding>> {
        let text = |name: &str| block.get(name).as_str().map(str::to_owned);
        let place =
            Place { partition: text("partition"), region: text("region"), account: text("account_id") };
        let mut problems = Vec::new();
        if let Some(name) = place.partition.as_deref().filter(|name| !Location::is_partition(name)) {
            problems.push(wrong("partition", &ArgumentProblem::NotAPartition { name }));
        }
        // A word that no region has is a typing error if there is a similar region.
        let is_wrong = |name: &str| !is_region(name) || region::meant(name).is_some();
        if let Some(name) = place.region.as_deref().filter(|name| is_wrong(name)) {
            problems.push(wrong("region", &ArgumentProblem::NotARegion { name }));
        }
        if let Some(id) = place.account.as_deref().filter(|account| !is_account_number(account)) {
            problems.push(wrong("account_id", &ArgumentProblem::NotAnAccount { id }));
        }
        if problems.is_empty() { Ok(place) } else { Err(problems) }
    }
}

fn wrong(argument: &'static str, problem: &ArgumentProblem<'_>) -> Finding {
    Finding::new(problem, Argument::new(argument))
}
