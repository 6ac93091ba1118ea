//! What AWS's authorization data say of the types of resources, for laws about values in the places of
//! others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::LazyLock;

use super::cases::tests_folder;

/// The authorization data, as far as the types are concerned.
struct Types {
    /// Actions that AWS checks on no type.
    without: BTreeSet<String>,
    /// Actions and the names of their types.
    of_action: BTreeMap<String, BTreeSet<String>>,
    /// Prefix, name and ARN of each type.
    all: Vec<(String, String, String)>,
}

static TYPES: LazyLock<Types> = LazyLock::new(|| {
    let data = fs::read_to_string(tests_folder().join("../src/sdk/authorization.txt")).expect("the data");
    let mut types = Types { without: BTreeSet::new(), of_action: BTreeMap::new(), all: Vec::new() };
    let mut prefix = "";
    for line in data.lines() {
        if let Some(name) = line.strip_prefix("prefix ") {
            prefix = name;
        } else if let Some((name, arn)) = line.strip_prefix(" type ").and_then(|row| row.split_once(' ')) {
            types.all.push((prefix.to_owned(), name.to_owned(), arn.to_owned()));
        } else if let Some(row) = line.strip_prefix(' ') {
            let words: Vec<&str> = row.split(' ').collect();
            let action = format!("{prefix}:{}", words[0]);
            if words.len() == 2 {
                types.without.insert(action.clone());
            }
            let names = words.iter().skip(2).map(|name| name.trim_end_matches('!').to_owned());
            types.of_action.insert(action, names.collect());
        }
    }
    types
});

/// The actions that AWS checks on no type of resources, so that a policy can have them on `*` alone: an
/// action in AWS's authorization data without types.
pub(crate) fn without_resources() -> &'static BTreeSet<String> {
    &TYPES.without
}

/// Types of which these parameters take ARNs as well, although AWS checks no action of the call on them: the
/// parameter, the service, and how the resource begins.
///
/// Source: the parameters in the API references of the services, and
/// <https://docs.aws.amazon.com/vpc/latest/reachability/how-reachability-analyzer-works.html>.
const TAKEN: [(&str, &str, &str); 3] = [
    ("Destination", "ec2", "transit-gateway-attachment/"),
    ("ModelId", "bedrock", ""),
    ("Source", "ec2", "transit-gateway-attachment/"),
];

/// ARNs of types on which AWS checks none of the actions: those of the service of a resource that a parameter
/// names. A type is left out where the name of the parameter has that of the type in it, for an ARN of that
/// type may name what the resource belongs to.
pub(crate) fn of_other_types<'a>(
    resources: &[String],
    actions: impl Iterator<Item = &'a String>,
    parameter: &str,
) -> Vec<String> {
    let plain = |text: &str| text.to_ascii_lowercase().replace(['-', '_', ' ', '/', ':', '.', '$'], "");
    let word = |resource: &str| resource.split(['/', ':', '$', '*']).find(|word| !word.is_empty()).map(plain);
    let parts = |arn: &str| -> Option<(String, String)> {
        let fields: Vec<&str> = arn.splitn(6, ':').collect();
        Some(((*fields.get(2)?).to_owned(), (*fields.get(5)?).to_owned()))
    };
    let Some((service, _)) = resources.first().and_then(|arn| parts(arn)) else { return Vec::new() };
    // Keys are named by the ARN of an alias as well.
    if service == "kms" {
        return Vec::new();
    }
    let named: BTreeSet<String> = resources.iter().filter_map(|arn| word(&parts(arn)?.1)).collect();
    let of_actions: BTreeSet<&String> =
        actions.filter_map(|action| TYPES.of_action.get(action)).flatten().collect();
    // A type of one of the actions, by the word in its ARN: AWS has types with different names and one form.
    let mut taken: BTreeSet<String> = TYPES
        .all
        .iter()
        .filter(|(_, name, _)| of_actions.contains(name))
        .filter_map(|(.., arn)| word(&parts(arn)?.1))
        .collect();
    taken.extend(named);
    let mut found = BTreeSet::new();
    for (_, name, arn) in &TYPES.all {
        let Some((own, resource)) = parts(arn) else { continue };
        // Where no word precedes the name, any text is one.
        let is_certain = resource.split("${").next().is_some_and(|begun| begun.ends_with(['/', ':']));
        let Some(of_type) = word(&resource).filter(|_| own == service && is_certain) else { continue };
        let is_taken = TAKEN.iter().any(|(of, service, begun)| {
            *of == parameter.trim_end_matches(".$") && *service == own && resource.starts_with(begun)
        });
        let is_in_parameter = [plain(name), of_type.clone()].iter().any(|one| plain(parameter).contains(one));
        if !taken.contains(&of_type) && !is_taken && !is_in_parameter {
            found.insert(example(arn));
        }
    }
    found.into_iter().collect()
}

/// An ARN of a type, in the Region and the account of the tests.
fn example(template: &str) -> String {
    let filled = template.replace("${Partition}", "aws").replace("${Region}", "eu-west-1");
    let filled = filled.replace("${Account}", "111122223333");
    let (mut text, mut rest) = (String::new(), filled.as_str());
    while let Some((before, after)) = rest.split_once("${") {
        text.push_str(before);
        text.push_str("zz");
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    (text + rest).replace('*', "zz")
}

#[test]
fn actions_without_resources() {
    let actions = without_resources();
    assert!(actions.contains("comprehend:DetectDominantLanguage") && !actions.contains("dynamodb:GetItem"));
}

#[test]
fn arns_of_other_types() {
    let service = ["arn:aws:ecs:eu-west-1:1:service/c/s".to_owned()];
    let update = ["ecs:UpdateService".to_owned()];
    let others = |parameter| of_other_types(&service, update.iter(), parameter);
    let (task, cluster) = (
        "arn:aws:ecs:eu-west-1:111122223333:task/zz/zz".to_owned(),
        "arn:aws:ecs:eu-west-1:111122223333:cluster/zz".to_owned(),
    );
    assert!(others("Service").contains(&task) && others("Service").contains(&cluster));
    assert!(others("Cluster.$").contains(&task) && !others("Cluster.$").contains(&cluster));
    assert!(others("Service").iter().all(|arn| !arn.contains(":service/")));
    let topic = ["arn:aws:sns:eu-west-1:1:orders".to_owned()];
    assert!(of_other_types(&topic, update.iter(), "TopicArn").is_empty());
}
