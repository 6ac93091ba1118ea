//! `--denied`: how a definition and its policy relate to a message about denied access.

mod answer;
mod message;
mod reasons;

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::markdown::code;
use crate::cli::answers::Answered;
use crate::document::{Allowance, Context, Glob, Request, decide, read};
use crate::finding::{escaped, markdown as plain};
use crate::iam::{Arn, Policy};

use answer::{ActionAnswer, ActionUse, Allowed};
use message::Cause;
pub(super) use message::Message;

/// The answer to a message.
#[derive(Clone, Debug)]
pub(super) struct MessageAnswer {
    message: Message,
    answers: Vec<ActionAnswer>,
}

impl Message {
    /// How a definition and its policy relate to it.
    pub(super) fn judge(&self, answered: &Answered) -> MessageAnswer {
        let answers = self.actions.iter().map(|action| self.answer(action, answered)).collect();
        MessageAnswer { message: self.clone(), answers }
    }

    fn answer(&self, action: &str, answered: &Answered) -> ActionAnswer {
        let output = &answered.output;
        let is_meant = |other: &String| other.eq_ignore_ascii_case(action);
        let asked = output.explanation.iter().filter(|row| row.actions.iter().any(is_meant));
        let asked_by: Vec<ActionUse> = asked
            .map(|row| ActionUse {
                statement: row.statement,
                integration: row.integration.clone(),
                states: row.states.iter().map(|(path, _)| path.clone()).collect(),
                resources: row.resources.clone(),
            })
            .collect();
        // As the policy spells it.
        let spelled = output.explanation.iter().flat_map(|row| &row.actions).find(|one| is_meant(one));
        let action = spelled.map_or(action, String::as_str);
        let (role, policy) = self.policy(answered);
        let allowed = self.allowed(action, policy);
        let sentences = match self.cause {
            Cause::Trust => vec![reasons::TRUST.to_owned()],
            _ => reasons::sentences(self, action, &asked_by, allowed, role, answered),
        };
        ActionAnswer { action: action.to_owned(), asked_by, allowed, sentences }
    }

    /// The policy of the principal that was denied: that of a role that a task assumes, with its ARN, if it
    /// is such a role; else that of the state machine.
    fn policy<'a>(&self, answered: &'a Answered) -> (Option<&'a str>, &'a Policy) {
        let output = &answered.output;
        let assumed = self.user.as_deref().and_then(role_of).and_then(|(account, name)| {
            output.assumed.iter().find(|(role, _)| {
                Arn::of(role).is_some_and(|role| {
                    role.account == account && role.resource.rsplit('/').next() == Some(name)
                })
            })
        });
        match assumed {
            Some((role, policy)) => (Some(role), policy),
            None => (None, &output.policy),
        }
    }

    fn allowed(&self, action: &str, policy: &Policy) -> Allowed {
        let Ok(document) = read(&policy.to_json()) else { return Allowed::No };
        let resource = match self.resource.as_deref() {
            Some(resource) => Glob::read(&unmasked(resource)),
            None => Glob::read("*"),
        };
        let request = Request { action: Glob::read_action(action), resource, context: Context::default() };
        match decide([&document], &request) {
            Allowance::Everything => Allowed::Yes,
            Allowance::Part => Allowed::Partly,
            Allowance::Nothing => Allowed::No,
        }
    }
}

/// Account and name of the role of a session.
fn role_of(user: &str) -> Option<(&str, &str)> {
    let arn = Arn::of(user)?;
    let mut parts = arn.resource.split('/');
    match parts.next()? {
        "assumed-role" => Some((arn.account, parts.next()?)),
        "role" => Some((arn.account, parts.next_back()?)),
        _ => None,
    }
}

/// The resource of a message with a wildcard for each digit of the account that the service hides.
fn unmasked(resource: &str) -> String {
    let Some(arn) = Arn::of(resource) else { return resource.to_owned() };
    let digits = arn.account.trim_start_matches('*');
    let hidden = arn.account.len() - digits.len();
    if digits.is_empty() || hidden == 0 || !digits.bytes().all(|one| one.is_ascii_digit()) {
        return resource.to_owned();
    }
    let account = "?".repeat(hidden) + digits;
    format!("{}:{}", Arn { account: &account, ..arn }.place(), arn.resource)
}

impl MessageAnswer {
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        for answer in &self.answers {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{}", escaped(&self.head(&answer.action)));
            for sentence in &answer.sentences {
                let _ = writeln!(out, "  {}", escaped(sentence));
            }
            for asked in &answer.asked_by {
                let _ = writeln!(out, "  Statement {}: {}", asked.statement, escaped(&asked.by()));
                for resource in &asked.resources {
                    let _ = writeln!(out, "    on {}", escaped(resource));
                }
            }
        }
        out
    }

    pub(super) fn markdown(&self) -> String {
        let mut out = String::new();
        for answer in &self.answers {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "**{}**\n", plain(&self.head(&answer.action)));
            for sentence in &answer.sentences {
                let _ = writeln!(out, "{}\n", plain(sentence));
            }
            for asked in &answer.asked_by {
                let resources: Vec<String> = asked.resources.iter().map(|one| code(one)).collect();
                let by = plain(&asked.by());
                let _ = writeln!(out, "- Statement {}: {by}, on {}", asked.statement, resources.join(", "));
            }
            out.push('\n');
        }
        format!("{}\n", out.trim_end_matches('\n'))
    }

    pub(super) fn json(&self) -> Json {
        let answer = |answer: &ActionAnswer| {
            let asked_by = answer.asked_by.iter().map(|asked| {
                json!({
                    "integration": asked.integration,
                    "resources": asked.resources,
                    "statement": asked.statement,
                    "states": asked.states,
                })
            });
            json!({
                "action": answer.action,
                "allowed": answer.allowed.name(),
                "asked_by": asked_by.collect::<Vec<_>>(),
                "explanation": answer.sentences,
                "resource": self.message.resource,
            })
        };
        Json::Array(self.answers.iter().map(answer).collect())
    }

    fn head(&self, action: &str) -> String {
        match &self.message.resource {
            Some(resource) => format!("{action} on {resource}"),
            None => action.to_owned(),
        }
    }
}
