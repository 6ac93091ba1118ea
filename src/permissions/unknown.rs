//! APIs of the AWS SDK that the catalogue does not have: an error, unless `allow_unknown_apis` names them.

use super::Settings;
use super::problem::SettingProblem;
use crate::finding::{Argument, Finding};
use crate::iam::{Grant, Pattern, WildcardReason};
use crate::sdk::catalog::{self, Service};
use crate::sdk::{SdkProblem, as_in_resources};

/// The argument that names APIs newer than the catalogue.
const ARGUMENT: &str = "allow_unknown_apis";

/// The entries, each with its place.
fn entries(settings: &Settings) -> impl Iterator<Item = (&str, Argument)> {
    let entries = settings.allow_unknown_apis.iter().enumerate();
    entries.map(|(position, entry)| (entry, Argument { element: Some(position), ..Argument::new(ARGUMENT) }))
}

/// An entry that cannot be intended: not `service:api`, or of a service whose IAM prefix is not known.
pub(super) fn wrong_entries(settings: &Settings) -> Vec<Finding> {
    let wrong = |(entry, argument)| match parts(entry) {
        None => Some(Finding::new(&SettingProblem::NotAnApi { entry }, argument)),
        Some((service, _)) => catalog::service(service).is_none().then(|| {
            let names = catalog::nearest(service);
            Finding::new(&SettingProblem::ApiOfUnknownService { entry, service, names }, argument)
        }),
    };
    entries(settings).filter_map(wrong).collect()
}

/// Entries that are in the catalogue by now, and have no effect.
pub(super) fn known_entries(settings: &Settings) -> Vec<Finding> {
    let known = |(entry, argument)| {
        let (service, api) = parts(entry)?;
        catalog::service(service)?.operation(api)?;
        Some(Finding::new(&SettingProblem::KnownApi { entry }, argument))
    };
    entries(settings).filter_map(known).collect()
}

/// `service:api`, both of letters and digits.
fn parts(entry: &str) -> Option<(&str, &str)> {
    let word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    entry.split_once(':').filter(|(service, api)| word(service) && word(api))
}

/// What is granted for an API that is not in the catalogue: only the action with its name, if the user allows
/// that; and the finding about it.
pub(super) fn api(
    service: &Service,
    api: &str,
    place: &str,
    settings: &Settings,
) -> (Option<Grant>, Finding) {
    let name = format!("{}:{api}", service.segment);
    if settings.allow_unknown_apis.contains(&name) {
        let grant = by_own_name(service, api);
        let actions = grant.actions.join(", ");
        let problem = SdkProblem::NewApi { service: service.segment, api, actions };
        return (Some(grant), Finding::new(&problem, place));
    }
    let names: Vec<String> = service.nearest(api).into_iter().map(as_in_resources).collect();
    let allowable = parts(&name).is_some();
    let problem = SdkProblem::UnknownApi { service: service.segment, api, names, allowable };
    (None, Finding::new(&problem, place))
}

/// The action of the API's own name on every resource.
fn by_own_name(service: &Service, api: &str) -> Grant {
    let mut name = api.to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Grant {
        actions: vec![format!("{}:{name}", service.prefix)],
        resources: vec![Pattern::anything(WildcardReason::Aws("the operation is not in the catalogue"))],
        conditions: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(entries: &[&str]) -> Settings {
        let allow_unknown_apis = entries.iter().map(|entry| (*entry).to_owned()).collect();
        Settings { allow_unknown_apis, ..Settings::default() }
    }

    #[test]
    fn a_name_that_the_catalogue_does_not_have_is_an_error_unless_it_is_allowed() {
        let dynamodb = catalog::service("dynamodb").expect("DynamoDB");
        for (name, meant) in [("puItem", "putItem"), ("getItems", "getItem"), ("putItemV2", "putItem")] {
            let (grant, problem) = api(dynamodb, name, "/Resource", &settings(&[]));
            assert_eq!(grant, None, "{name}");
            assert!(problem.detail.contains(meant), "{problem:?}");
        }
        let allowed = settings(&["DynamoDB:FoldTable"]);
        let (grant, _) = api(dynamodb, "foldTable", "/Resource", &allowed);
        assert_eq!(grant.map(|grant| grant.actions), Some(vec!["dynamodb:FoldTable".to_owned()]));
        assert_eq!(api(dynamodb, "foldTables", "/Resource", &allowed).0, None);
    }

    #[test]
    fn entries_name_new_apis_of_known_services() {
        let count = |entry: &str| {
            let settings = settings(&[entry]);
            (wrong_entries(&settings).len(), known_entries(&settings).len())
        };
        for (entry, wrong, known) in [
            ("dynamodb:foldTable", 0, 0),
            ("dynamodb:putItem", 0, 1),
            ("stepfunctions:fold", 1, 0),
            ("dynamodb", 1, 0),
            ("dynamodb:*", 1, 0),
            ("dynamodb:", 1, 0),
        ] {
            assert_eq!(count(entry), (wrong, known), "{entry}");
        }
    }
}
