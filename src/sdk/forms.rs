//! The form of ARNs: which services' ARNs an action accepts, and which fields they have.

include!(concat!(env!("OUT_DIR"), "/forms.rs"));

/// The services of the ARNs that actions of a prefix take; empty if AWS's data lists no resource
/// type of the prefix, or one of any service.
#[must_use]
pub fn services(prefix: &str) -> &'static [&'static str] {
    let row = SERVICES.binary_search_by_key(&prefix, |(own, _)| own).ok().and_then(|at| SERVICES.get(at));
    row.map(|(_, services)| *services).filter(|all| all.iter().all(|one| is_certain(one))).unwrap_or_default()
}

/// Whether ARNs of a service have a Region and an account: always, never, or `None` if that depends on the
/// type.
#[must_use]
pub fn fields(service: &str) -> (Option<bool>, Option<bool>) {
    let row = FIELDS.binary_search_by_key(&service, |(own, ..)| own).ok().and_then(|at| FIELDS.get(at));
    row.map_or((None, None), |(_, region, account)| (*region, *account))
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
        assert_eq!(fields("sns"), (Some(true), Some(true)));
        assert_eq!(fields("iam"), (Some(false), None));
        assert_eq!(fields("xyz"), (None, None));
    }
}
