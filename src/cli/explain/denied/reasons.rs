//! What follows from a message about denied access, in sentences.

use std::collections::BTreeSet;

use super::answer::{ActionUse, Allowed};
use super::message::{Cause, Message};
use crate::cli::answers::Answered;
use crate::cli::integrations;
use crate::cli::limits::MAX_LISTED_INTEGRATIONS;
use crate::document::Glob;
use crate::finding::{Code, listed, listed_quoted, quoted, state_name};
use crate::generator::Output;
use crate::iam::Arn;

/// Where Step Functions cannot assume the role.
pub(super) const TRUST: &str = "Step Functions cannot assume the role, whatever its policies are: its trust policy has to be \"assume_role_policy_json\" \
     (policy --output assume_role_policy_json). This error can also occur right after the role is created, until it has propagated in IAM.";

/// The answer about an action of a message.
pub(super) fn sentences(
    message: &Message,
    action: &str,
    asked_by: &[ActionUse],
    allowed: Allowed,
    role: Option<&str>,
    answered: &Answered,
) -> Vec<String> {
    let output = &answered.output;
    let policy = match role {
        Some(role) => format!("The policy of the role {}, which tasks assume,", quoted(role)),
        None => "The policy".to_owned(),
    };
    let mut said = Vec::new();
    said.push(match (allowed, &message.resource) {
        (Allowed::Yes, _) => format!("{policy} allows it."),
        (Allowed::Partly, None) => {
            format!("{policy} allows it on the resources below; the message names none.")
        }
        (Allowed::Partly, Some(_)) => format!(
            "{policy} allows it on some of these resources or only under conditions{}.",
            conditions(action, output)
        ),
        (Allowed::No, _) if asked_by.is_empty() => {
            format!("{policy} does not allow it, and no state needs it.")
        }
        (Allowed::No, _) => format!("{policy} does not allow it on this resource."),
    });
    match (message.cause, allowed) {
        (Cause::Elsewhere(what), _) => said.push(format!("According to the message, {what} denies it; the role's own policies alone cannot change that.")),
        (Cause::Denied, _) => said.push("According to the message, a policy of the role has Deny for it, which overrides any Allow: look for it in the other policies of the role.".to_owned()),
        (_, Allowed::Yes) => said.push("So the role in the message does not have this policy: it has an older version, the policy is not attached to it, or the change has not propagated in IAM yet.".to_owned()),
        _ => {}
    }
    if allowed == Allowed::No {
        if asked_by.is_empty() {
            said.extend(why_none(message, action, output));
        } else if let Some(resource) = &message.resource {
            said.extend(differences(resource, asked_by));
        }
    }
    said
}

/// The conditions of the statements that allow an action.
fn conditions(action: &str, output: &Output) -> String {
    let statements =
        output.policy.statements.iter().filter(|statement| statement.actions.iter().any(|one| one == action));
    let mut texts: Vec<String> = statements
        .flat_map(|statement| &statement.conditions)
        .map(|condition| {
            format!("{} {} {}", condition.key, condition.operator.name(), condition.texts().join(" or "))
        })
        .collect();
    texts.sort();
    texts.dedup();
    if texts.is_empty() { String::new() } else { format!(" ({})", listed(&texts)) }
}

/// How the resource of a message differs from those that states need.
fn differences(resource: &str, asked_by: &[ActionUse]) -> Vec<String> {
    let Some(own) = Arn::of(resource) else { return Vec::new() };
    let mut found: [BTreeSet<&str>; CURES.len()] = Default::default();
    for its in asked_by.iter().flat_map(|asked| &asked.resources).filter_map(|text| Arn::of(text)) {
        let differs = |cure: &Cure| !Glob::read((cure.of)(&its)).covers(&Glob::read_exact((cure.of)(&own)));
        if let Some((cure, texts)) = CURES.iter().zip(&mut found).find(|(cure, _)| differs(cure)) {
            texts.insert((cure.of)(&its));
        }
    }
    let said = |(cure, its): (&Cure, &BTreeSet<&str>)| {
        let its: Vec<&&str> = its.iter().collect();
        (!its.is_empty()).then(|| {
            format!(
                "The {} is {} in the message, and {} in the policy. {}",
                cure.name,
                quoted((cure.of)(&own)),
                listed_quoted(&its),
                cure.remedy
            )
        })
    };
    CURES.iter().zip(&found).filter_map(said).collect()
}

/// A field of an ARN, and what to do if it differs.
struct Cure {
    name: &'static str,
    of: for<'a> fn(&Arn<'a>) -> &'a str,
    remedy: &'static str,
}

const CURES: [Cure; 4] = [
    Cure { name: "partition", of: |arn| arn.partition, remedy: "Set \"region\" or \"partition\"." },
    Cure {
        name: "Region",
        of: |arn| arn.region,
        remedy: "Set \"region\", or write the Region into the definition.",
    },
    Cure {
        name: "account",
        of: |arn| arn.account,
        remedy: "Set \"account_id\", or write the account into the definition.",
    },
    Cure {
        name: "name",
        of: |arn| arn.resource,
        remedy: "Either a resource_hint is too narrow, or another definition or state machine was executed.",
    },
];

/// Why no state needs an action.
fn why_none(message: &Message, action: &str, output: &Output) -> Vec<String> {
    let mut said = Vec::new();
    let service = action.split(':').next().unwrap_or_default();
    let names = |other: &str| other.eq_ignore_ascii_case(action);
    for finding in &output.findings {
        if finding.actions.iter().any(|one| names(one)) {
            let state = finding.state();
            let at = if state.is_empty() { String::new() } else { format!("{state}: ") };
            said.push(format!("{at}{}", finding.message()));
        }
    }
    if service.eq_ignore_ascii_case("kms") && !output.findings.iter().any(|one| one.code == Code::UnnamedKey)
    {
        said.push(
            "A definition does not show the keys of the data that it uses: name them in \"kms_key_arns\"."
                .to_owned(),
        );
    }
    if let Some(callback) = &output.callback
        && callback.statements.iter().flat_map(|one| &one.actions).any(|one| names(one))
    {
        said.push(
            "Workers that the state machine waits for need it: their policy is \"callback_policy_json\"."
                .to_owned(),
        );
    }
    let of_service =
        |one: &&String| one.split(':').next().is_some_and(|own| own.eq_ignore_ascii_case(service));
    let rows = output.explanation.iter().filter(|row| row.actions.iter().any(|one| of_service(&one)));
    let mut others: Vec<String> = rows
        .flat_map(|row| {
            row.states.iter().map(move |(path, _)| {
                let actions: Vec<&String> = row.actions.iter().filter(of_service).collect();
                format!("{path} ({}) needs {}", row.integration, listed(&actions))
            })
        })
        .collect();
    others.sort();
    others.dedup();
    said.push(match others.is_empty() {
        true => format!("No state needs any action of {}.", quoted(service)),
        false => format!("Of {} there are: {}.", quoted(service), listed(&others)),
    });
    let asking = integrations::that_need(action);
    if !asking.is_empty() {
        let mut calls: Vec<String> = asking.iter().take(MAX_LISTED_INTEGRATIONS).cloned().collect();
        if asking.len() > MAX_LISTED_INTEGRATIONS {
            calls.push(format!("{} more", asking.len() - MAX_LISTED_INTEGRATIONS));
        }
        said.push(format!(
            "Tasks that call {} need it. If the state machine that ran has one, its definition is not this one.",
            listed(&calls)
        ));
    }
    if let Some(state) = &message.state {
        let is_here = output
            .explanation
            .iter()
            .flat_map(|row| &row.states)
            .any(|(_, pointer)| state_name(pointer).as_deref() == Some(state));
        if !is_here {
            said.push(format!("The message names the state {}, which needs nothing here.", quoted(state)));
        }
    }
    said
}
