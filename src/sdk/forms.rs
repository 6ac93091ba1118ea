//! The form of ARNs: which services' ARNs an action accepts, and which fields they have.

use super::rows::Rows;

include!(concat!(env!("OUT_DIR"), "/forms.rs"));

/// The services of the ARNs that actions of a prefix take; none if AWS's data list no resource type of the
/// prefix, or one of any service.
pub fn services(prefix: &str) -> impl Iterator<Item = &'static str> + Clone {
    SERVICES.get(prefix).into_iter().flatten()
}

/// Whether AWS's data list a resource type of a service.
#[must_use]
pub fn has_service(service: &str) -> bool {
    TYPES.get(service).is_some()
}

/// Whether ARNs of a service whose resource has this text have a Region and an account: always, never, or
/// `None` if that depends on more than the type.
#[must_use]
pub fn fields(service: &str, resource: &str) -> (Option<bool>, Option<bool>) {
    let types = TYPES.get(service).into_iter().flatten();
    let fitting =
        types.filter_map(|one| one.split_at_checked(2)).filter(|(_, own)| resource.starts_with(own));
    // The longest beginning is that of the type.
    let signs = fitting.max_by_key(|(_, beginning)| beginning.len()).map_or("", |(signs, _)| signs);
    let mut known = signs.bytes().map(|sign| match sign {
        b'+' => Some(true),
        b'-' => Some(false),
        _ => None,
    });
    [(); 2].map(|()| known.next().flatten()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_and_fields_of_arns() {
        assert!(services("sns").eq(["sns"]));
        assert!(services("sts").any(|service| service == "iam"));
        assert!(services("backup").chain(services("xyz")).next().is_none());
        for (service, resource, region, account) in [
            ("sns", "orders", Some(true), Some(true)),
            ("iam", "role/r", Some(false), Some(true)),
            ("s3", "reports/a.csv", Some(false), Some(false)),
            ("s3", "accesspoint/ap", None, Some(true)),
            ("bedrock", "foundation-model/m", Some(true), Some(false)),
            ("bedrock", "inference-profile/p", Some(true), Some(true)),
            ("xyz", "", None, None),
        ] {
            assert_eq!(fields(service, resource), (region, account), "{service} {resource}");
        }
    }
}
