//! The provider block, and the arguments of a data source that override it: partition, region and account.

use crate::finding::OnFinding;
use crate::iam::Location;
use crate::protocol::diagnostic::Diagnostic;
use crate::protocol::schema::{Attribute, Block};
use crate::protocol::value::{Type, Value};

use super::coded::coded;
use super::on_finding;

/// A provider block. Without one, everything is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    place: Place,
    on_finding: OnFinding,
    /// Arguments whose values are not known yet.
    unknown: Vec<&'static str>,
}

/// Partition, region and account, as far as they are given.
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
         It calls nothing, reads no credentials, and the same definition always gives the same policy. \
         All arguments are optional; each can be overridden in the data source. \
         A provider function never sees this block, not even one with an alias: give it the same arguments as options.",
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
            "The AWS partition of the state machine: `aws`, `aws-cn`, `aws-us-gov`, … Without it, that of the region; without a region, `aws`.",
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
    pub(super) fn read(block: &Value) -> Result<Config, Vec<Diagnostic>> {
        let (on_finding, wrong) = on_finding::read(block.get(on_finding::NAME));
        let place = match Place::read(block) {
            Ok(place) if wrong.is_empty() => place,
            Ok(_) => return Err(wrong),
            Err(problems) => return Err(coded([problems, wrong].concat())),
        };
        let unknown = ["partition", "region", "account_id", on_finding::NAME]
            .into_iter()
            .filter(|name| !block.get(name).is_wholly_known())
            .collect();
        Ok(Config { place, on_finding, unknown })
    }

    /// What the provider block makes of findings.
    pub(super) fn on_finding(&self) -> &OnFinding {
        &self.on_finding
    }

    /// What the data source says, else what the provider block says.
    pub(super) fn aws(&self, arguments: &Value) -> Result<Location, Vec<Diagnostic>> {
        let own = Place::read(arguments)?;
        if let Some(name) = self.unknown.iter().find(|name| arguments.get(name).is_null()) {
            return Err(vec![
                Diagnostic::error(
                    "The provider is not configured yet",
                    format!(
                        "The provider block's \"{name}\" is known only after apply. \
                         Set \"{name}\" here, or give the provider a value that is known when planning."
                    ),
                )
                .at(*name),
            ]);
        }
        let shared = self.place.clone();
        let own_region = own.region.is_some();
        let region = own.region.or(shared.region);
        // A region given here tells the partition better than the provider block does.
        let given = own.partition.or(if own_region { None } else { shared.partition });
        let of_region = region.as_deref().map(|region| Location::partition_of(region).to_owned());
        let partition = given.or(of_region).unwrap_or_else(|| Location::default().partition);
        if let Some(region) = &region
            && Location::partition_of(region) != partition
        {
            let of_region = Location::partition_of(region);
            let detail = format!(
                "The region \"{region}\" is in the partition \"{of_region}\", but the partition is \"{partition}\". Remove \"partition\", or correct one of them."
            );
            return Err(vec![Diagnostic::error("Region and partition do not fit", detail).at("region")]);
        }
        Ok(Location { partition, region, account: own.account.or(shared.account) })
    }
}

impl Place {
    fn read(block: &Value) -> Result<Place, Vec<Diagnostic>> {
        let text = |name: &str| block.get(name).as_str().map(str::to_owned);
        let place =
            Place { partition: text("partition"), region: text("region"), account: text("account_id") };
        let mut problems = Vec::new();
        if let Some(partition) = place.partition.as_deref().filter(|name| !Location::is_partition(name)) {
            let detail = format!(
                "\"{partition}\" is no AWS partition. Use \"aws\", \"aws-cn\", \"aws-us-gov\", \"aws-eusc\" or an \"aws-iso\" one."
            );
            problems.push(Diagnostic::error("Unknown partition", detail).at("partition"));
        }
        if let Some(region) = place.region.as_deref().filter(|region| !is_region(region)) {
            let detail = format!("\"{region}\" has not the form of a region's code, such as \"eu-west-1\".");
            problems.push(Diagnostic::error("Not a region", detail).at("region"));
        }
        if let Some(account) = place.account.as_deref().filter(|account| !is_account(account)) {
            let detail = format!(
                "\"{account}\" is not the ID of an AWS account, which has twelve digits. Write it as a string, or leading zeros are lost."
            );
            problems.push(Diagnostic::error("Not an account ID", detail).at("account_id"));
        }
        if problems.is_empty() { Ok(place) } else { Err(problems) }
    }
}

fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let word = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    parts.len() >= 3
        && parts.iter().all(|part| word(part))
        && parts.last().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
