//! What a task needs beside the execution role's policy: a policy of another account, the access control of a
//! cluster, a worker.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use hashbrown::HashMap;

use crate::asl::{Integration, IntegrationPattern, State, Task, resource_pointer};
use crate::finding::{Code, Finding, Problem, listed_quoted, quoted, state_name, state_pointer};
use crate::iam::{ArnFields, Grant, Location, Pattern};

use super::limits::MAX_NAMED_ARNS;
use super::{Permission, Requirements};

/// Something outside of the policy that decides whether a task works.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum OutsideProblem {
    #[error(
        "{} {} in another account. A policy there must allow the execution role too: the policy of the resource, if its type has one. Otherwise give the task \
         the \"Credentials\" of a role in that account.",
        few(arns),
        are(arns)
    )]
    Account { arns: Vec<String> },
    #[error(
        "{} {} in another account. The trust policy there must allow the execution role too.",
        few(arns),
        are(arns)
    )]
    Role { arns: Vec<String> },
    #[error(
        "{} {} in another Region than {}, in which the state machine runs and calls the service. Correct the ARN unless the API takes resources of other \
         Regions.",
        few(arns),
        are(arns),
        quoted(own)
    )]
    Region { arns: Vec<String>, own: String },
    #[error(
        "\"{call}\" calls the Kubernetes API as the role, and IAM does not check it: the access control of the cluster decides. Create an access entry for the role \
         (aws_eks_access_entry) with the permissions that the call needs, or add the role to the ConfigMap aws-auth. Otherwise the call fails with EKS.401."
    )]
    Cluster { call: String },
    #[error(
        "Task {} waits for a worker that {what}. The worker uses its own role, which needs the permissions in \"callback_policy_json\".",
        quoted(state)
    )]
    Worker { state: String, what: &'static str },
}

fn are(arns: &[String]) -> &'static str {
    if arns.len() == 1 { "is" } else { "are" }
}

/// The first of them, and how many more there are.
fn few(arns: &[String]) -> String {
    let more = arns.len().saturating_sub(MAX_NAMED_ARNS);
    match (arns.get(..MAX_NAMED_ARNS), more) {
        (Some(first), 1..) => {
            let first: Vec<String> = first.iter().map(|arn| quoted(arn).to_string()).collect();
            format!("{} and {more} more", first.join(", "))
        }
        _ => listed_quoted(arns),
    }
}

impl Problem for OutsideProblem {
    fn code(&self) -> Code {
        match self {
            OutsideProblem::Account { .. } | OutsideProblem::Role { .. } => Code::CrossAccount,
            OutsideProblem::Region { .. } => Code::CrossRegion,
            OutsideProblem::Cluster { .. } => Code::ClusterAccess,
            OutsideProblem::Worker { .. } => Code::CallbackWorker,
        }
    }
}

/// The optimized integrations that call the API of a cluster, which IAM does not control.
const OF_CLUSTERS: [(&str, &str); 2] = [("eks", "call"), ("eks", "runJob")];

/// That something other than IAM decides about a task, or that it waits for a worker.
pub(super) fn task(state: &State<'_>, task: &Task<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |problem: &OutsideProblem| {
        findings.push(Finding::new(problem, resource_pointer(&state.pointer)));
    };
    if let Integration::Optimized { service, api, .. } = task.resource.integration {
        let wanted = |(of, name): &&(&str, &str)| *of == service && name.eq_ignore_ascii_case(api);
        if let Some((service, api)) = OF_CLUSTERS.iter().find(wanted) {
            add(&OutsideProblem::Cluster { call: format!("{service}:{api}") });
        }
    }
    let waits_for = match task.resource.integration {
        Integration::Activity => Some("polls the activity"),
        Integration::Optimized { pattern: IntegrationPattern::Callback, .. }
        | Integration::Sdk { pattern: IntegrationPattern::Callback, .. } => Some("returns the task token"),
        _ => None,
    };
    if let Some(what) = waits_for {
        let state = state_name(&state.pointer).unwrap_or_default().to_string();
        add(&OutsideProblem::Worker { state, what });
    }
    findings
}

/// State, and kind of problem.
type ProblemKey<'a> = (&'a str, Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Account,
    Role,
    Region,
}

/// That a task reaches into another account or Region, state by state. For a role that is assumed by
/// `Credentials`, the account of that role counts as its own.
pub(super) fn elsewhere(requirements: &Requirements, aws: &Location) -> Vec<Finding> {
    let own = requirements.permissions.iter().map(|permission| (permission, aws.account.as_deref()));
    let assumed = requirements.assumed.iter().map(|(role, permission)| (permission, account(role)));
    let mut groups: BTreeMap<ProblemKey<'_>, (BTreeSet<String>, BTreeSet<&str>)> = BTreeMap::new();
    let mut here: HashMap<(*const Grant, Option<&str>), bool> = HashMap::new();
    let region = aws.region.as_deref();
    for (permission, own) in own.chain(assumed).filter(|(permission, _)| !permission.pointer.is_empty()) {
        // Calls that are alike share a grant.
        let is_own = here.entry((Rc::as_ptr(&permission.grant), own)).or_insert_with(|| {
            let mut resources = permission.grant.resources.iter();
            resources.all(|one| kinds(permission, one, own, region).is_empty())
        });
        if *is_own {
            continue;
        }
        for resource in &permission.grant.resources {
            for kind in kinds(permission, resource, own, region) {
                let (arns, actions) = groups.entry((state_pointer(&permission.pointer), kind)).or_default();
                arns.insert(resource.to_text());
                actions.extend(permission.grant.actions.iter().map(String::as_str));
            }
        }
    }
    let finding =
        |((pointer, kind), (arns, actions)): (ProblemKey<'_>, (BTreeSet<String>, BTreeSet<&str>))| {
            let arns: Vec<String> = arns.into_iter().collect();
            let problem = match kind {
                Kind::Account => OutsideProblem::Account { arns: arns.clone() },
                Kind::Role => OutsideProblem::Role { arns: arns.clone() },
                Kind::Region => {
                    OutsideProblem::Region { arns: arns.clone(), own: aws.region.clone().unwrap_or_default() }
                }
            };
            Finding::new(&problem, pointer).about(actions.into_iter().map(str::to_owned), arns)
        };
    groups.into_iter().map(finding).collect()
}

fn kinds(permission: &Permission, arn: &Pattern, own: Option<&str>, region: Option<&str>) -> Vec<Kind> {
    let mut kinds = Vec::new();
    if let (Some(theirs), Some(own)) = (account(arn), own)
        && theirs != own
    {
        let is_assumed = permission.grant.actions.iter().all(|action| action == "sts:AssumeRole");
        kinds.push(if is_assumed { Kind::Role } else { Kind::Account });
    }
    if let (Some(theirs), Some(own)) = (certain(ArnFields::of(arn.beginning()).region), region)
        && theirs != own
    {
        kinds.push(Kind::Region);
    }
    kinds
}

/// The account in an ARN, if it is certain.
fn account(arn: &Pattern) -> Option<&str> {
    ArnFields::of(arn.beginning()).account_number()
}

/// A field of an ARN, if it is certain and not empty. A token that is not yet replaced is a problem of its
/// own.
fn certain(field: Option<&str>) -> Option<&str> {
    field.filter(|field| !field.is_empty() && !field.contains('$'))
}
