//! Codes of regions: what a misspelt one may mean.

use crate::finding::suggest::alike;

/// The last words of region codes, before the number.
const DIRECTIONS: [&str; 9] =
    ["central", "east", "north", "northeast", "northwest", "south", "southeast", "southwest", "west"];

/// Regions, for suggestions and examples: AWS adds new ones.
///
/// Source: `partitions.json` of botocore.
const REGIONS: [&str; 46] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-isoe-west-1",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eusc-de-east-1",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-isob-west-1",
    "us-isof-east-1",
    "us-isof-south-1",
    "us-west-1",
    "us-west-2",
];

/// The codes of regions.
pub(super) fn known() -> impl Iterator<Item = &'static str> {
    REGIONS.into_iter()
}

/// Whether a text has the form of a region's code.
pub(super) fn has_form(text: &str) -> bool {
    let mut parts = text.rsplit('-');
    let (number, direction) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    DIRECTIONS.contains(&direction) && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// The region that is most similar to a name, if the name cannot be a region code: all region codes end in a
/// direction and a number.
pub(super) fn meant(name: &str) -> Option<&'static str> {
    if has_form(name) { None } else { alike(name, REGIONS.iter().copied()).first().copied() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_region_is_told_from_a_new_one() {
        for (name, likely) in [
            ("eu-wset-1", Some("eu-west-1")),
            ("us-esat-2", Some("us-east-2")),
            ("EU-West-1", Some("eu-west-1")),
            ("eu_west_1", Some("eu-west-1")),
            ("eu-west-1a", Some("eu-west-1")),
            ("eu-west-9", None),
            ("zz-southeast-12", None),
            ("us-gov-west-1", None),
            ("Ireland", None),
        ] {
            assert_eq!(meant(name), likely, "{name}");
        }
        assert!(REGIONS.iter().all(|region| meant(region).is_none()));
    }
}
