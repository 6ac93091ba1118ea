//! Where the policy applies: partition, region and account.

/// Partition, region and account of the role whose policy is made. What is not given becomes a wildcard in
/// ARNs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// `aws`, `aws-cn`, `aws-us-gov`, …
    pub partition: String,
    /// A region's code such as `eu-west-1`.
    pub region: Option<String>,
    /// The twelve digits of an account.
    pub account: Option<String>,
}

/// Whether a text has the form of a Region's code, such as `us-gov-west-1`: words and a number.
#[must_use]
pub fn is_region(text: &str) -> bool {
    let mut parts = text.as_bytes().rsplit(|byte| *byte == b'-');
    let is_number = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let is_word = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_lowercase);
    parts.next().is_some_and(is_number) && parts.clone().count() >= 2 && parts.all(is_word)
}

impl Default for Location {
    fn default() -> Self {
        Location { partition: "aws".to_owned(), region: None, account: None }
    }
}

impl Location {
    /// The partition that a region belongs to, by the prefix of the region's code.
    #[must_use]
    pub fn partition_of(region: &str) -> &'static str {
        let of = |partition: &&Partition| partition.regions.is_some_and(|prefix| region.starts_with(prefix));
        PARTITIONS.iter().find(of).map_or("aws", |partition| partition.name)
    }

    /// The names of AWS's partitions.
    pub fn partitions() -> impl Iterator<Item = &'static str> {
        PARTITIONS.iter().map(|partition| partition.name)
    }

    /// Whether a name is one of AWS's partitions.
    #[must_use]
    pub fn is_partition(name: &str) -> bool {
        PARTITIONS.iter().any(|partition| partition.name == name)
    }

    /// The principals of a service in the partition: with the suffix that all partitions share, and with the
    /// partition's own. For few services does AWS document which of the two applies.
    #[must_use]
    pub fn principals(&self, service: &str) -> Vec<String> {
        let partition = PARTITIONS.iter().find(|partition| partition.name == self.partition);
        let own = partition.and_then(|partition| partition.suffixes.first()).copied();
        let suffixes = std::iter::once("amazonaws.com").chain(own.filter(|own| *own != "amazonaws.com"));
        suffixes.map(|suffix| format!("{service}.{suffix}")).collect()
    }

    /// The suffix of the partition's host names, as CloudFormation's `AWS::URLSuffix`: `amazonaws.com`.
    #[must_use]
    pub fn url_suffix(partition: &str) -> Option<&'static str> {
        let found = PARTITIONS.iter().find(|one| one.name == partition)?;
        found.suffixes.first().copied()
    }

    /// The suffixes of host names in all partitions: `amazonaws.com`, `api.aws`.
    pub fn dns_suffixes() -> impl Iterator<Item = &'static str> {
        PARTITIONS.iter().flat_map(|partition| partition.suffixes).copied()
    }
}

/// A partition of AWS.
struct Partition {
    name: &'static str,
    /// How the codes of its regions begin; `None` for the partition that has all other regions.
    regions: Option<&'static str>,
    /// The suffixes of its host names.
    suffixes: &'static [&'static str],
}

const fn partition(
    name: &'static str,
    regions: &'static str,
    suffixes: &'static [&'static str],
) -> Partition {
    Partition { name, regions: Some(regions), suffixes }
}

/// Source: the table of partitions in the AWS General Reference, and `partitions.json` of botocore.
const PARTITIONS: [Partition; 8] = [
    Partition { name: "aws", regions: None, suffixes: &["amazonaws.com", "api.aws"] },
    partition("aws-cn", "cn-", &["amazonaws.com.cn", "api.amazonwebservices.com.cn"]),
    partition("aws-us-gov", "us-gov-", &["amazonaws.com", "api.aws"]),
    partition("aws-eusc", "eusc-", &["amazonaws.eu", "api.amazonwebservices.eu"]),
    partition("aws-iso", "us-iso-", &["c2s.ic.gov", "api.aws.ic.gov"]),
    partition("aws-iso-b", "us-isob-", &["sc2s.sgov.gov", "api.aws.scloud"]),
    partition("aws-iso-e", "eu-isoe-", &["cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"]),
    partition("aws-iso-f", "us-isof-", &["csp.hci.ic.gov", "api.aws.hci.ic.gov"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_a_region() {
        for (text, is) in [
            ("eu-west-1", true),
            ("us-gov-west-1", true),
            ("us-isob-east-1", true),
            ("*", false),
            ("", false),
            ("Ireland", false),
            ("eu-west", false),
            ("eu-1", false),
            ("eu--1", false),
            ("eu-west-", false),
            ("eu west-1", false),
        ] {
            assert_eq!(is_region(text), is, "{text}");
        }
    }

    #[test]
    fn a_service_has_the_principals_of_the_partition() {
        let of = |partition: &str| {
            Location { partition: partition.to_owned(), ..Location::default() }.principals("ec2")
        };
        assert_eq!(of("aws"), ["ec2.amazonaws.com"]);
        assert_eq!(of("aws-us-gov"), ["ec2.amazonaws.com"]);
        assert_eq!(of("aws-cn"), ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]);
    }
}
