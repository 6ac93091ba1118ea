//! The form of ARNs: which services' ARNs an action accepts, and which fields they have.

include!(concat!(env!("OUT_DIR"), "/forms.rs"));

/// The services of the ARNs that actions of a prefix take; empty if AWS's data lists no resource
/// type of the prefix, or one of any service.
#[must_use]
pub fn services(prefix: &str) -> &'static [&'static str] {
    let row = SERVICES.binary_search_by_key(&prefix, |(own, _)| own).ok().and_then(|at| SERVICES.get(at));
    row.map(|(_, services)| *services).filter(|all| all.iter().all(|one| is_certain(one))).unwrap_or_default()
}

/// Whether AWS's data list a resource type of a service.
#[must_use]
pub fn has_service(service: &str) -> bool {
    FIELDS.binary_search_by_key(&service, |(own, ..)| own).is_ok()
}

/// Whether ARNs of a service whose resource has this text have a Region and an account: always, never, or
/// `None` if that depends on more than the type.
#[must_use]
pub fn fields(service: &str, resource: &str) -> (Option<bool>, Option<bool>) {
    let from = FIELDS.partition_point(|(own, ..)| *own < service);
    let of_service = FIELDS.iter().skip(from).take_while(|(own, ..)| *own == service);
    let of_type = of_service.filter(|(_, beginning, ..)| resource.starts_with(beginning));
    // The longest beginning is that of the type.
    of_type
        .max_by_key(|(_, beginning, ..)| beginning.len())
        .map_or((None, None), |(.., region, account)| (*region, *account))
}

/// A template can have a variable instead of the service.
fn is_certain(service: &str) -> bool {
    !service.contains(['$', '*'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_and_fields_of_arns() {
        assert_eq!(services("sns"), ["sns"]);
        assert!(services("sts").contains(&"iam"));
        assert!(services("backup").is_empty() && services("xyz").is_empty());
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
