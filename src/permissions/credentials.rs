//! `Credentials`: a task that is done with another role.

use crate::asl::fold::{Arguments, Scope};
use crate::asl::{Integration, Pattern, Problem, State, Task};
use crate::iam::{Aws, Pattern as Text, Piece, Why};

use super::{Asker, Needed, Permission, Settings, allowed};

const DOCS: &str =
    "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html";

const PARAMETER: &str = "Credentials.RoleArn";

/// Adds what a task needs. With `Credentials` the execution role may only assume the other role, and the other role needs the rest.
pub(super) fn task<'a>(
    state: &State<'a>,
    task: &Task<'a>,
    scope: &Scope<'a>,
    settings: &Settings,
    needed: &mut Needed,
) {
    let Some(credentials) = task.credentials else {
        super::task::task(state, task, scope, settings, needed);
        return;
    };
    needed.problems.extend(undocumented(state, task));
    let asker = Asker::new(&state.pointer, "Credentials", DOCS);
    for role in roles(state, task, Arguments::new(credentials, scope), settings, needed) {
        let assume = allowed(&["sts:AssumeRole"], vec![role.clone()]);
        needed.permissions.push(asker.permission(assume, ""));
        // The other role acts where it is.
        let theirs = Settings { aws: place(&role, &settings.aws), ..settings.clone() };
        let cross = match (&theirs.aws.account, &settings.aws.account) {
            (Some(theirs), Some(own)) => theirs != own,
            // It may be the own account, whose rule is needed.
            _ => false,
        };
        let mut done = Needed::default();
        super::task::task(state, task, scope, &theirs, &mut done);
        needed.problems.extend(done.problems);
        for mut permission in done.permissions {
            if !(cross && is_managed_rule(&permission)) {
                blame_role(&mut permission, &role);
                needed.assumed.push((role.clone(), permission));
            }
        }
    }
}

/// The roles that a task may assume.
fn roles(
    state: &State<'_>,
    task: &Task<'_>,
    credentials: Arguments<'_, '_>,
    settings: &Settings,
    needed: &mut Needed,
) -> Vec<Text> {
    let call = settings.call(&task.resource, Pattern::RequestResponse, credentials);
    let mut roles = Vec::new();
    for value in call.required("RoleArn").iter().map(of_credentials) {
        let partition = format!("arn:{}:iam:", settings.aws.partition);
        let is_role = value.known().is_none_or(|arn| arn.contains(":role/"));
        if value.beginning().starts_with(&partition) && is_role {
            roles.push(value);
        } else if is_role && value.is_arn() && value.beginning().contains(":iam:") {
            needed.problems.push(Problem::error(
                format!("{}/Credentials", state.pointer),
                "A role in another partition",
                format!(
                    "\"{}\" is not in the partition \"{}\", and roles are not assumed across partitions. Set \"partition\", or correct the ARN.",
                    value.to_text(),
                    settings.aws.partition
                ),
            ));
        } else if let Some(known) = value.known() {
            let remedy = match known.contains("${") {
                true => "give the token's value in \"definition_substitutions\", or replace it beforehand"
                    .to_owned(),
                false => {
                    format!(
                        "give the ARN of the role that the task assumes, such as \"{partition}:111122223333:role/NAME\""
                    )
                }
            };
            needed.problems.push(Problem::error(
                format!("{}/Credentials", state.pointer),
                "\"RoleArn\" is not the ARN of a role",
                format!("\"{known}\": {remedy}."),
            ));
        } else {
            let why = value.whys().next().cloned().unwrap_or(Why::Aws(""));
            let mut any = Text::literal(format!("{partition}:"));
            any.push_wildcard("*", why.clone());
            any.push_literal(":role/");
            any.push_wildcard("*", why);
            roles.push(any);
        }
    }
    roles
}

/// Tasks have parameters of the same name, so the role's is told apart.
fn of_credentials(role: &Text) -> Text {
    reasoned(role, |why| match why {
        Why::Run { expression, .. } => {
            Why::Run { parameter: PARAMETER.to_owned(), expression: expression.clone() }
        }
        other => other.clone(),
    })
}

/// The same text with other reasons for its wildcards.
fn reasoned(text: &Text, reason: impl Fn(&Why) -> Why) -> Text {
    let mut reasoned = Text::default();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => reasoned.push_literal(literal),
            Piece::Wildcard(wildcard, why) => reasoned.push_wildcard(wildcard, reason(why)),
        }
    }
    reasoned
}

/// The place of a role: the account in its ARN, if that is known.
fn place(role: &Text, aws: &Aws) -> Aws {
    let mut fields = role.beginning().split(':').skip(4);
    let account = fields.next().filter(|_| fields.next().is_some()).map(str::to_owned);
    Aws { account, ..aws.clone() }
}

/// Jobs in other accounts are followed by polling alone; no rule there could tell this state machine of their end.
fn is_managed_rule(permission: &Permission) -> bool {
    permission.allowed.actions.iter().any(|action| action == "events:PutRule")
        && permission.allowed.resources.iter().any(|rule| rule.to_text().contains(":rule/StepFunctions"))
}

/// An account that is not known is the role's, and no setting would narrow it.
fn blame_role(permission: &mut Permission, role: &Text) {
    let Some(run) = role.whys().find(|why| matches!(why, Why::Run { .. })) else { return };
    for resource in &mut permission.allowed.resources {
        *resource = reasoned(resource, |why| match why {
            Why::Setting("account_id") => run.clone(),
            other => other.clone(),
        });
    }
}

fn undocumented(state: &State<'_>, task: &Task<'_>) -> Option<Problem> {
    let what = match task.resource.integration {
        Integration::Activity => "an activity",
        Integration::Optimized { service: "http", .. } => "an HTTP task",
        _ => return None,
    };
    Some(Problem::warning(
        format!("{}/Credentials", state.pointer),
        format!("\"Credentials\" of {what}"),
        "AWS documents \"Credentials\" for Lambda functions and AWS services only. Try the task before you rely on it.",
    ))
}
