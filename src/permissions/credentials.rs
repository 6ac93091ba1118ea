//! `Credentials`: a task that runs with another role.

use std::rc::Rc;

use crate::asl::template::Arguments;
use crate::asl::{Integration, IntegrationPattern, State, Task, credentials_pointer};
use crate::call::resource::iam::ROLE;
use crate::call::{Call, Pending, Presence, is_of_type};
use crate::finding::Finding;
use crate::iam::{ArnFields, Location, Pattern, WildcardReason};

use super::alike::Alike;
use super::problem::TaskProblem;
use super::{Origin, Permission, Requirements, Settings, Visit, grant};

const DOCS: &str =
    "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html";

const PARAMETER: &str = "Credentials.RoleArn";

/// What a task needs. With `Credentials` the execution role may only assume the other role, and the other
/// role needs the rest.
pub(super) fn task<'a>(visit: Visit<'_, 'a>, task: &Task<'a>) -> Requirements {
    let Visit { state, scope, settings, .. } = visit;
    let Some(credentials) = &task.credentials else { return super::task::task(visit, task) };
    let origin = Origin::new(&state.pointer, "Credentials", DOCS);
    let mut requirements = Requirements::of_problems(undocumented(state, task));
    let call = settings.call(
        &task.resource,
        IntegrationPattern::RequestResponse,
        Arguments::new(Some(credentials), scope),
    );
    let values = call.required("RoleArn");
    let pending = pending(&call);
    if pending.any() {
        requirements.open_findings.insert(state.pointer.as_str().into());
    }
    for value in values.iter().map(of_credentials) {
        let role = match role(&call, &value, settings) {
            _ if pending.any() => any_role(&value, settings),
            Ok(role) => role,
            Err(problem) => {
                let problem = Finding::new(&problem, credentials_pointer(&state.pointer));
                requirements.problems.push(problem);
                continue;
            }
        };
        let assume = grant(&["sts:AssumeRole"], vec![role.clone()]);
        requirements.permissions.push(Permission { pending, ..origin.permission(assume, "") });
        // The other role acts in its own account.
        let theirs = Settings { aws: place(&role, &settings.aws), ..settings.clone() };
        let cross = match (&theirs.aws.account, &settings.aws.account) {
            (Some(theirs), Some(own)) => theirs != own,
            // It may be the same account, whose rule is needed.
            _ => false,
        };
        let alike = Alike::default();
        let done = super::task::task(Visit { settings: &theirs, alike: &alike, ..visit }, task);
        requirements.problems.extend(done.problems);
        requirements
            .open_findings
            .extend(done.open_findings.into_iter().filter(|pointer| !pointer.is_empty()));
        requirements.open_roles |= pending.any() && !done.permissions.is_empty();
        for permission in done.permissions {
            if !(cross && is_managed_rule(&permission)) {
                requirements.assumed.push((role.clone(), with_role_to_blame(permission, &role)));
            }
        }
    }
    requirements
}

/// Which parts of a role depend on tokens whose values are not known yet. A text names one role, or nothing
/// can be said.
fn pending(call: &Call<'_, '_>) -> Pending {
    if !call.depends() {
        return Pending::default();
    }
    let given = call.presence("RoleArn");
    let number = call.depends() || given != Presence::Always;
    Pending { number, resources: true, ..Pending::default() }
}

/// The role that a task may assume, or why the value is not one.
fn role<'v>(
    call: &Call<'_, '_>,
    value: &'v Pattern,
    settings: &'v Settings,
) -> Result<Pattern, TaskProblem<'v>> {
    let own = settings.aws.partition.as_str();
    let partition = format!("arn:{own}:iam:");
    let is_role = value.known().map_or_else(|| is_of_type(value, ROLE), |arn| arn.contains(":role/"));
    if value.beginning().starts_with(&partition) && is_role {
        return Ok(value.clone());
    }
    if is_role && value.is_arn() && value.beginning().contains(":iam:") {
        return Err(TaskProblem::RolePartition { arn: value.to_text(), own });
    }
    if let Some(text) = value.known() {
        return Err(match text.contains("${") {
            true => TaskProblem::RoleToken { text },
            false => TaskProblem::NotARole { text, partition: own },
        });
    }
    let open = call.unfit(PARAMETER, value);
    Ok(any_role(&open, settings))
}

/// Every role, because too little of one is known.
fn any_role(value: &Pattern, settings: &Settings) -> Pattern {
    let why = value.reasons().next().cloned().unwrap_or(WildcardReason::Aws(""));
    let mut any = Pattern::literal(format!("arn:{}:iam::", settings.aws.partition));
    any.push_wildcard("*", why.clone());
    any.push_literal(":role/");
    any.push_wildcard("*", why);
    any
}

/// Tasks have parameters of the same name, so the role's has a distinct name.
fn of_credentials(role: &Pattern) -> Pattern {
    role.clone().of_parameter(PARAMETER).with_reasons(|why| match why {
        WildcardReason::Run { cause, .. } => {
            WildcardReason::Run { parameter: PARAMETER.to_owned(), cause: cause.clone() }
        }
        other => other.clone(),
    })
}

/// The place of a role: the account in its ARN, if that is known.
fn place(role: &Pattern, aws: &Location) -> Location {
    let account = ArnFields::of(role.beginning()).account.map(str::to_owned);
    Location { account, ..aws.clone() }
}

/// Jobs in other accounts are followed only by polling; no rule there could notify this state machine of
/// their end.
fn is_managed_rule(permission: &Permission) -> bool {
    permission.grant.actions.iter().any(|action| action == "events:PutRule")
        && permission.grant.resources.iter().any(|rule| rule.to_text().contains(":rule/StepFunctions"))
}

/// An unknown account is the role's, and no setting would narrow it.
fn with_role_to_blame(mut permission: Permission, role: &Pattern) -> Permission {
    let Some(run) = role.reasons().find(|why| matches!(why, WildcardReason::Run { .. })) else {
        return permission;
    };
    for resource in &mut Rc::make_mut(&mut permission.grant).resources {
        *resource = resource.with_reasons(|why| match why {
            WildcardReason::Setting("account_id") => run.clone(),
            other => other.clone(),
        });
    }
    permission
}

fn undocumented(state: &State<'_>, task: &Task<'_>) -> Option<Finding> {
    let what = match task.resource.integration {
        Integration::Activity => "An activity",
        Integration::Optimized { service: "http", .. } => "An HTTP task",
        _ => return None,
    };
    let problem = TaskProblem::UndocumentedCredentials { what };
    Some(Finding::new(&problem, credentials_pointer(&state.pointer)))
}
