//! `Credentials`: a task that is done with another role.

use crate::asl::template::{Arguments, Scope};
use crate::asl::{Integration, IntegrationPattern, State, Task, credentials_pointer};
use crate::finding::Finding;
use crate::iam::{Location, Pattern, WildcardReason};

use super::problem::TaskProblem;
use super::{Origin, Permission, Requirements, Settings, grant};

const DOCS: &str =
    "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html";

const PARAMETER: &str = "Credentials.RoleArn";

/// Adds what a task needs. With `Credentials` the execution role may only assume the other role, and the
/// other role needs the rest.
pub(super) fn task<'a>(
    state: &State<'a>,
    task: &Task<'a>,
    scope: &Scope<'a>,
    settings: &Settings,
    requirements: &mut Requirements,
) {
    let Some(credentials) = &task.credentials else {
        super::task::task(state, task, scope, settings, requirements);
        return;
    };
    requirements.problems.extend(undocumented(state, task));
    let origin = Origin::new(&state.pointer, "Credentials", DOCS);
    for role in roles(state, task, Arguments::new(Some(credentials), scope), settings, requirements) {
        let assume = grant(&["sts:AssumeRole"], vec![role.clone()]);
        requirements.permissions.push(origin.permission(assume, ""));
        // The other role acts where it is.
        let theirs = Settings { aws: place(&role, &settings.aws), ..settings.clone() };
        let cross = match (&theirs.aws.account, &settings.aws.account) {
            (Some(theirs), Some(own)) => theirs != own,
            // It may be the own account, whose rule is needed.
            _ => false,
        };
        let mut done = Requirements::default();
        super::task::task(state, task, scope, &theirs, &mut done);
        requirements.problems.extend(done.problems);
        for mut permission in done.permissions {
            if !(cross && is_managed_rule(&permission)) {
                blame_role(&mut permission, &role);
                requirements.assumed.push((role.clone(), permission));
            }
        }
    }
}

/// The roles that a task may assume.
fn roles<'a>(
    state: &State<'a>,
    task: &Task<'a>,
    credentials: Arguments<'a, '_>,
    settings: &Settings,
    requirements: &mut Requirements,
) -> Vec<Pattern> {
    let call = settings.call(&task.resource, IntegrationPattern::RequestResponse, credentials);
    let mut roles = Vec::new();
    for value in call.required("RoleArn").iter().map(of_credentials) {
        let partition = format!("arn:{}:iam:", settings.aws.partition);
        let is_role = value.known().is_none_or(|arn| arn.contains(":role/"));
        if value.beginning().starts_with(&partition) && is_role {
            roles.push(value);
        } else if is_role && value.is_arn() && value.beginning().contains(":iam:") {
            let arn = value.to_text();
            let problem = TaskProblem::RolePartition { arn: &arn, own: &settings.aws.partition };
            requirements.problems.push(Finding::new(&problem, credentials_pointer(&state.pointer)));
        } else if let Some(known) = value.known() {
            let problem = match known.contains("${") {
                true => TaskProblem::RoleToken { text: known },
                false => TaskProblem::NotARole { text: known, partition: &settings.aws.partition },
            };
            requirements.problems.push(Finding::new(&problem, credentials_pointer(&state.pointer)));
        } else {
            let open = call.malformed(PARAMETER, &value);
            let why = open.reasons().next().cloned().unwrap_or(WildcardReason::Aws(""));
            let mut any = Pattern::literal(format!("{partition}:"));
            any.push_wildcard("*", why.clone());
            any.push_literal(":role/");
            any.push_wildcard("*", why);
            roles.push(any);
        }
    }
    roles
}

/// Tasks have parameters of the same name, so the role's is told apart.
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
    let mut fields = role.beginning().split(':').skip(4);
    let account = fields.next().filter(|_| fields.next().is_some()).map(str::to_owned);
    Location { account, ..aws.clone() }
}

/// Jobs in other accounts are followed by polling alone; no rule there could tell this state machine of their
/// end.
fn is_managed_rule(permission: &Permission) -> bool {
    permission.grant.actions.iter().any(|action| action == "events:PutRule")
        && permission.grant.resources.iter().any(|rule| rule.to_text().contains(":rule/StepFunctions"))
}

/// An account that is not known is the role's, and no setting would narrow it.
fn blame_role(permission: &mut Permission, role: &Pattern) {
    let Some(run) = role.reasons().find(|why| matches!(why, WildcardReason::Run { .. })) else { return };
    for resource in &mut permission.grant.resources {
        *resource = resource.with_reasons(|why| match why {
            WildcardReason::Setting("account_id") => run.clone(),
            other => other.clone(),
        });
    }
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
