//! Where the policy will live: partition, region and account.

/// Partition, region and account of the role whose policy is made. What is not given becomes a wildcard in ARNs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// `aws`, `aws-cn`, `aws-us-gov`, …
    pub partition: String,
    /// A region's code such as `eu-west-1`.
    pub region: Option<String>,
    /// The twelve digits of an account.
    pub account: Option<String>,
}

impl Default for Location {
    fn default() -> Self {
        Location { partition: "aws".to_owned(), region: None, account: None }
    }
}

impl Location {
    /// The partition that a region belongs to, by the prefix of the region's code.
    ///
    /// Source: the table of partitions in the AWS General Reference.
    #[must_use]
    pub fn partition_of(region: &str) -> &'static str {
        const PREFIXES: [(&str, &str); 7] = [
            ("cn-", "aws-cn"),
            ("us-gov-", "aws-us-gov"),
            ("eusc-", "aws-eusc"),
            ("us-iso-", "aws-iso"),
            ("us-isob-", "aws-iso-b"),
            ("eu-isoe-", "aws-iso-e"),
            ("us-isof-", "aws-iso-f"),
        ];
        PREFIXES
            .iter()
            .find(|(prefix, _)| region.starts_with(prefix))
            .map_or("aws", |(_, partition)| partition)
    }

    /// Whether a name is one of AWS's partitions.
    #[must_use]
    pub fn is_partition(name: &str) -> bool {
        matches!(
            name,
            "aws"
                | "aws-cn"
                | "aws-us-gov"
                | "aws-eusc"
                | "aws-iso"
                | "aws-iso-b"
                | "aws-iso-e"
                | "aws-iso-f"
        )
    }
}
