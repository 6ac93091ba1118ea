//! Resources of the AWS Glue Data Catalog, which is in the account and the catalog that the call names.

use super::owner;
use crate::call::Call;
use crate::iam::{Pattern, WildcardReason, is_account_number};

/// The service, as ARNs have it.
pub(crate) const SERVICE: &str = "glue";

/// The types in a catalog whose ARNs have its path.
const WITH_PATH: [&str; 3] = ["database", "table", "userDefinedFunction"];

/// The type of the account's own catalog.
const ROOT: &str = "catalog";

/// Words in the names of actions that are checked on the account's own catalog alone.
///
/// Source: the types `catalog` and `rootcatalog` in AWS's service authorization reference.
const AT_ROOT: [&str; 10] = [
    "CatalogImportStatus",
    "ColumnStatisticsTask",
    "Connection",
    "DataCatalogEncryptionSettings",
    "DescribeEntity",
    "ImportCatalogToGlue",
    "ListEntities",
    "OAuth2Tokens",
    "ResourcePolicies",
    "TableOptimizer",
];

/// Where a catalog is: its account and, as far as it is not the account's own, its path.
struct Place {
    account: Pattern,
    path: Option<Pattern>,
    /// Why it is not known whether there is a path.
    open: Option<WildcardReason>,
}

/// The ARNs of a resource of AWS Glue in the caller's own catalog, on which an action is checked, in the
/// catalogs that a parameter names: an account, the path of a catalog in it, or both with a colon between.
///
/// Source: <https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html>; for other
/// accounts, <https://docs.aws.amazon.com/glue/latest/dg/cross-account-access.html>.
pub(crate) fn in_catalogs(call: &Call<'_, '_>, arn: Pattern, action: &str, parameter: &str) -> Vec<Pattern> {
    let Some(resource) = arn.resource() else { return vec![arn] };
    let kind = resource.beginning().split('/').next().unwrap_or_default();
    if resource.known() != Some(ROOT) && kind != "connection" && !WITH_PATH.contains(&kind) {
        return vec![arn];
    }
    let catalogs = call.texts(parameter);
    // An ARN that the user gives stays as it is.
    let own = || call.arn("arn:{partition}:glue:{region}:{account}:{}", Some(&resource), "");
    if catalogs.is_empty() || arn != own() {
        return vec![arn];
    }
    let has_below = !AT_ROOT.iter().any(|word| action.contains(word));
    let named = catalogs.iter().flat_map(|catalog| match within(call, &arn, &resource, catalog, has_below) {
        named if named.is_empty() => vec![call.impossible(parameter, catalog)],
        named => named,
    });
    let own = owner::may_be_own(call, parameter, &catalogs).then(|| arn.clone());
    own.into_iter().chain(named).collect()
}

/// The ARNs of a resource in one catalog; none for what names no catalog. `has_below` says whether the action
/// is checked on catalogs below the account's own.
fn within(
    call: &Call<'_, '_>,
    arn: &Pattern,
    resource: &Pattern,
    catalog: &Pattern,
    has_below: bool,
) -> Vec<Pattern> {
    // A token that is not yet replaced may be the own account.
    if catalog.beginning().contains("${") {
        return vec![arn.clone()];
    }
    let Some(place) = place(call, catalog) else { return Vec::new() };
    let at = |resource: &Pattern| owner::at(call, SERVICE, &place.account, resource);
    let below = |kind: &str, path: &Pattern, rest: Option<&Pattern>| {
        let mut resource = Pattern::literal(kind).then("/");
        resource.push(path);
        if let Some(rest) = rest {
            resource.push_literal("/");
            resource.push(rest);
        }
        at(&resource)
    };
    let kind = resource.beginning().split('/').next().unwrap_or_default();
    let rest = resource.strip_prefix(kind).and_then(|rest| rest.strip_prefix("/"));
    let any = place.open.as_ref().map(|why| Pattern::anything(why.clone()));
    match rest {
        // Every catalog on the way is checked.
        None if has_below => {
            let above = place.path.iter().flat_map(ancestors).collect::<Vec<_>>();
            let above = above.iter().chain(&any).map(|path| below(kind, path, None));
            [at(resource)].into_iter().chain(above).collect()
        }
        Some(rest) if WITH_PATH.contains(&kind) => match (&place.path, &any) {
            (Some(path), _) => vec![below(kind, path, Some(&rest))],
            (None, Some(any)) => vec![at(resource), below(kind, any, Some(&rest))],
            (None, None) => vec![at(resource)],
        },
        _ => vec![at(resource)],
    }
}

/// The place of a catalog; `None` for what cannot name one.
fn place(call: &Call<'_, '_>, catalog: &Pattern) -> Option<Place> {
    let own = || call.arn("{account}", None, "");
    if catalog.has_unwritable() {
        return None;
    }
    let Some(known) = catalog.known() else {
        let begun = catalog.beginning();
        let why = catalog.reasons().next().cloned();
        return match catalog.split_once(':') {
            Some((account, path)) if account.known().is_some_and(is_account_number) => {
                Some(Place { account, path: Some(path), open: None })
            }
            Some(_) => None,
            None if begun.bytes().all(|one| one.is_ascii_digit()) => {
                let account = why.clone().map(Pattern::anything)?;
                Some(Place { account, path: None, open: why })
            }
            None => Some(Place { account: own(), path: Some(catalog.clone()), open: None }),
        };
    };
    let (account, path) = parts(known)?;
    let account = account.map_or_else(own, Pattern::literal);
    Some(Place { account, path: path.map(Pattern::literal), open: None })
}

/// Whether a text names a catalog.
pub(crate) fn is_catalog(text: &str) -> bool {
    parts(text).is_some()
}

/// The account and the path in the name of a catalog; `None` for what names none.
fn parts(text: &str) -> Option<(Option<&str>, Option<&str>)> {
    if is_account_number(text) {
        return Some((Some(text), None));
    }
    let (account, path) = match text.split_once(':') {
        Some((account, path)) => (Some(account), path),
        None => (None, text),
    };
    let is_of_path = |one: char| !matches!(one, ':' | '*' | '?') && !one.is_control();
    let is_path = path.split('/').all(|name| !name.is_empty()) && path.chars().all(is_of_path);
    (is_path && account.is_none_or(is_account_number)).then_some((account, Some(path)))
}

/// The paths of a catalog and of those that it is in.
fn ancestors(path: &Pattern) -> Vec<Pattern> {
    let Some(known) = path.known() else { return vec![path.clone()] };
    let ends = known.match_indices('/').map(|(at, _)| at).chain([known.len()]);
    ends.filter_map(|end| known.get(..end)).map(Pattern::literal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOG: &str = "CatalogId";
    use crate::call::testing::made;

    const OWN: &str = "arn:aws:glue:eu-west-1:111122223333:";
    const OTHER: &str = "arn:aws:glue:eu-west-1:444455556666:";

    fn of(catalog: &'static str, resource: &str) -> Vec<String> {
        let arn = Pattern::literal(format!("{OWN}{resource}"));
        made(&[(CATALOG, catalog)], |call| in_catalogs(call, arn.clone(), "glue:GetTable", CATALOG))
    }

    fn arns(beginning: &str, resources: &[&str]) -> Vec<String> {
        resources.iter().map(|resource| format!("{beginning}{resource}")).collect()
    }

    #[test]
    fn the_account_and_the_path_of_a_catalog() {
        for (catalog, beginning, root, table) in [
            ("111122223333", OWN, &["catalog"][..], "table/d/t"),
            ("444455556666", OTHER, &["catalog"], "table/d/t"),
            (
                "s3tablescatalog/b",
                OWN,
                &["catalog", "catalog/s3tablescatalog", "catalog/s3tablescatalog/b"],
                "table/s3tablescatalog/b/d/t",
            ),
            ("444455556666:sales", OTHER, &["catalog", "catalog/sales"], "table/sales/d/t"),
        ] {
            assert_eq!(of(catalog, "catalog"), arns(beginning, root), "{catalog}");
            assert_eq!(of(catalog, "table/d/t"), arns(beginning, &[table]), "{catalog}");
        }
        assert_eq!(of("444455556666:sales", "connection/c"), arns(OTHER, &["connection/c"]));
        assert_eq!(of("444455556666", "job/j"), arns(OWN, &["job/j"]));
        // An ARN of the user's own stays where it is.
        let given = Pattern::literal("arn:aws:glue:us-east-1:111122223333:database/d");
        let kept = made(&[(CATALOG, "444455556666")], |call| {
            in_catalogs(call, given.clone(), "glue:GetTable", CATALOG)
        });
        assert_eq!(kept, [given.to_text()]);
        // Not every action is checked on catalogs below the account's own.
        let root = Pattern::literal(format!("{OWN}catalog"));
        let own = made(&[(CATALOG, "s3tablescatalog/b")], |call| {
            in_catalogs(call, root.clone(), "glue:GetConnections", CATALOG)
        });
        assert_eq!(own, [root.to_text()]);
        assert_eq!(
            made(&[], |call| in_catalogs(
                call,
                Pattern::literal(format!("{OWN}catalog")),
                "glue:GetTable",
                CATALOG
            )),
            arns(OWN, &["catalog"])
        );
    }

    #[test]
    fn the_actions_at_the_root_are_those_of_the_authorization_data() {
        let data = include_str!("../../sdk/authorization.txt");
        let glue = data.split("\nprefix ").find(|service| service.starts_with("glue\n")).expect("Glue");
        let actions = glue.lines().skip(1).filter(|line| !line.starts_with(" type "));
        let mut at_root = 0;
        for line in actions {
            let mut types = line.split_whitespace().map(|word| word.trim_end_matches('!'));
            let name = types.next().expect("a name");
            let types: Vec<&str> = types.collect();
            let is_at_root = types.contains(&"rootcatalog") && !types.contains(&ROOT);
            assert!(!is_at_root || AT_ROOT.iter().any(|word| name.contains(word)), "{name}");
            assert!(!types.contains(&ROOT) || !AT_ROOT.iter().any(|word| name.contains(word)), "{name}");
            at_root += usize::from(is_at_root);
        }
        assert!(at_root > AT_ROOT.len(), "{at_root}");
    }

    #[test]
    fn what_is_known_at_run_time_can_be_anywhere() {
        let any = "arn:aws:glue:eu-west-1:*:";
        assert_eq!(of("*", "database/d"), arns(any, &["database/d", "database/*/d"]));
        assert_eq!(of("*", "catalog"), arns(any, &["catalog", "catalog/*"]));
        assert_eq!(of("444455556666:*", "database/d"), arns(OTHER, &["database/*/d"]));
        assert_eq!(of("sales*", "database/d"), arns(OWN, &["database/sales*/d"]));
        assert_eq!(of("${Catalog}", "database/d"), arns(OWN, &["database/d"]));
    }

    #[test]
    fn what_names_no_catalog() {
        for catalog in [
            "",
            "a:b",
            "a//b",
            "日本",
            "arn:aws:glue:eu-west-1:111122223333:catalog",
            "https://zz.example.com/a",
        ] {
            assert_eq!(of(catalog, "catalog"), ["*"], "{catalog}");
            assert!(catalog == "日本" || !is_catalog(catalog), "{catalog}");
        }
    }
}
