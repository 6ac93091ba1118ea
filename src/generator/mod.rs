//! The whole way from a definition to a policy: every step of it, and the check of the result.

mod document;
mod explain;
mod hint;
mod substitute;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::asl::flow::{Assumptions, analyse, contract};
use crate::asl::{self, Json, Problem, Severity, StateMachine, SyntaxError};
use crate::iam::{Condition, Grant, Policy, Trust};
use crate::permissions::{
    About, Finding, Permission, Requirements, Settings, assume_role_policy, callback_policy, findings,
    requirements, wrong_settings,
};

use crate::work::{Cancel, Limit, Work};
use document::{Documents, documents};

pub use explain::{Explanation, Reason, explain};
pub use hint::{Hint, Selector};

/// What the user asks.
#[derive(Clone, Debug)]
pub struct Request {
    /// The definition: JSON in Amazon States Language.
    pub definition: String,
    /// Values for the definition's `${Token}`s; `None` if the user gave none, not even an empty map.
    pub substitutions: Option<BTreeMap<String, String>>,
    /// What the definition does not say.
    pub settings: Settings,
    /// Narrowing by hand.
    pub hints: Vec<Hint>,
    /// What to do about wildcards that stand for values only the run knows.
    pub on_unresolved: OnUnresolved,
    /// How many characters the document may have.
    pub size_limit: u64,
    /// JSON of the parts of the execution's input that are fixed by contract.
    pub input: Option<String>,
}

/// What to do about wildcards that stand for values only the run knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnUnresolved {
    /// Make no policy.
    Error,
    /// Make the policy and warn.
    Warn,
    /// Make the policy; only the findings tell.
    Ignore,
}

/// How many characters IAM takes for all inline policies of a role together.
///
/// Source: quotas of IAM and STS in the IAM User Guide.
pub const INLINE_LIMIT: u64 = 10_240;

/// How many characters IAM takes for a managed policy.
///
/// Source: quotas of IAM and STS in the IAM User Guide.
pub const MANAGED_LIMIT: u64 = 6_144;

/// What the user gets.
#[derive(Clone, Debug)]
pub struct Output {
    /// The policy of the execution role.
    pub policy: Policy,
    /// The policies of the roles that tasks assume, by the role's ARN.
    pub assumed: BTreeMap<String, Policy>,
    /// The policy in parts, by IAM's prefix of the service, each of which fits a managed policy unless a statement alone is larger.
    pub by_service: BTreeMap<String, Policy>,
    /// What a careful reviewer should know, sorted by place.
    pub findings: Vec<Finding>,
    /// Who asked for what, and why it is as wide as it is.
    pub explanation: Vec<Explanation>,
    /// Characters of the document as IAM counts them.
    pub size: u64,
    /// The trust policy of the execution role.
    pub trust: Trust,
    /// What the workers need that the state machine waits for; `None` if it waits for none.
    pub callback: Option<Policy>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgumentError {
    /// The argument that is wrong: its name and, for blocks, their position from 0.
    pub argument: (&'static str, Option<usize>),
    /// What is wrong and what to do.
    pub problem: Problem,
}

impl ArgumentError {
    pub(crate) fn new(argument: &'static str, problem: Problem) -> Self {
        ArgumentError { argument: (argument, None), problem }
    }
}

/// Answers a question.
///
/// # Errors
/// If the definition cannot be read, or has a problem of severity error, or a hint does not fit, or the document is too large. All faults that can be
/// found at once are returned, in a fixed order.
pub fn generate(request: &Request) -> Result<Output, Vec<ArgumentError>> {
    generate_unless(request, &Cancel::default())
}

/// The same, given up soon after nobody waits for the output any longer.
///
/// # Errors
/// As [`generate`]; and if it was given up.
pub fn generate_unless(request: &Request, cancel: &Cancel) -> Result<Output, Vec<ArgumentError>> {
    let text = substitute::substitute(&request.definition, request.substitutions.as_ref())?;
    let document = Json::read(&text).map_err(|error| vec![unreadable(&text, &error)])?;
    let (machine, problems) = asl::parse(&document);
    let input = input(request)?;
    let mut requirements = needs(&machine, request, input.as_ref(), cancel);
    wanted(cancel)?;
    requirements.problems.extend(problems);
    requirements.problems.extend(substitute::left_over(&text, request.substitutions.is_some()));
    let mut faults = faults(&requirements, &request.settings);
    if faults.is_empty() {
        faults = hint::apply(&request.hints, &mut requirements);
    }
    let mut findings = findings(&requirements);
    if faults.is_empty() && request.on_unresolved == OnUnresolved::Error {
        faults = unresolved(&findings);
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    wanted(cancel)?;
    let Documents { policy, by_service, assumed } =
        documents(&requirements, request.settings.mode, request.size_limit).map_err(|fault| vec![fault])?;
    let size = policy.size();
    findings.extend(by_service.iter().filter_map(|(service, part)| oversized(service, part)));
    if size > request.size_limit {
        return Err(vec![too_large(size, request.size_limit)]);
    }
    wanted(cancel)?;
    let explanation = explain(&policy, &requirements.permissions);
    Ok(Output {
        by_service,
        trust: assume_role_policy(&machine, &request.settings),
        callback: callback_policy(&machine, &request.settings),
        assumed,
        findings,
        explanation,
        size,
        policy,
    })
}

/// Fails if nobody waits for the output any longer.
fn wanted(cancel: &Cancel) -> Result<(), Vec<ArgumentError>> {
    if !cancel.is_cancelled() {
        return Ok(());
    }
    let problem = Problem::error("", "Interrupted", "The work was given up before it had a result.");
    Err(vec![ArgumentError::new("definition", problem)])
}

/// What is certain about every execution: the state machine's own name and place, and the input as far as the user fixes it.
#[must_use]
pub fn assumptions<'a>(settings: &'a Settings, input: Option<&'a Json<'a>>) -> Assumptions<'a> {
    let unknown = Assumptions::default();
    Assumptions {
        input: input.map_or(unknown.input, contract),
        state_machine_name: settings.machine_name.as_deref(),
        partition: Some(&settings.aws.partition),
        region: settings.aws.region.as_deref(),
        account: settings.aws.account.as_deref(),
        work: unknown.work,
    }
}

fn input(request: &Request) -> Result<Option<Json<'_>>, Vec<ArgumentError>> {
    const REMEDY: &str = "Give a JSON object with the members that are the same in every execution, for instance by jsonencode.";

    let Some(text) = &request.input else { return Ok(None) };
    let fault = |summary: &str, detail: String| {
        vec![ArgumentError::new("input", Problem::error("", summary, detail))]
    };
    match Json::read(text) {
        Ok(json @ Json::Object(_)) => Ok(Some(json)),
        Ok(other) => Err(fault("The input is not an object", format!("It is {}. {REMEDY}", other.kind()))),
        Err(error) => Err(fault("The input is not JSON", format!("{} {REMEDY}", said(&error)))),
    }
}

/// What is wrong with a text, and where.
fn said(error: &SyntaxError) -> String {
    let SyntaxError { message, line, column, .. } = error;
    // The reader's own word for an end that comes too early.
    let message = match message.strip_prefix("EOF while parsing ") {
        Some("a value") => "the text ends where a value should be".to_owned(),
        Some(what) => format!("the text ends inside {what}"),
        None => message.clone(),
    };
    format!("At line {line}, column {column}: {message}.")
}

/// What the state machine needs. What it needs only because of an assumed input is marked as such.
fn needs<'a>(
    machine: &StateMachine<'a>,
    request: &'a Request,
    input: Option<&'a Json<'a>>,
    cancel: &Cancel,
) -> Requirements {
    let settings = &request.settings;
    let limit = Limit::for_definition(request.definition.len());
    // Each has its own work, so that the one does not take from the other what it can know.
    let assumptions = |input| Assumptions {
        work: Rc::new(Work::new(cancel.clone(), limit)),
        ..assumptions(settings, input)
    };
    let flow = analyse(machine, &assumptions(input));
    let mut assuming = requirements(machine, &flow, settings);
    if input.is_some() {
        let flow = analyse(machine, &assumptions(None));
        let certain = requirements(machine, &flow, settings);
        let certain: BTreeSet<_> = certain.permissions.iter().map(asked_for).collect();
        for permission in &mut assuming.permissions {
            permission.assumes_input = !certain.contains(&asked_for(permission));
        }
    }
    assuming
}

/// What is asked for, and by whom.
fn asked_for(permission: &Permission) -> (&str, &str, &Grant, &[Condition]) {
    (&permission.pointer, &permission.origin, &permission.grant, &permission.open)
}

/// The errors of a definition that can be told before everything is known: partition, region and account may still be missing.
#[must_use]
pub fn problems(request: &Request, cancel: &Cancel) -> Vec<ArgumentError> {
    let text = match substitute::substitute(&request.definition, request.substitutions.as_ref()) {
        Ok(text) => text,
        Err(faults) => return faults,
    };
    match Json::read(&text) {
        Err(error) => vec![unreadable(&text, &error)],
        Ok(document) => {
            let (machine, problems) = asl::parse(&document);
            let mut requirements = needs(&machine, request, None, cancel);
            requirements.problems.extend(problems);
            faults(&requirements, &request.settings)
        }
    }
}

fn faults(requirements: &Requirements, settings: &Settings) -> Vec<ArgumentError> {
    let mut problems: Vec<&Problem> =
        requirements.problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
    problems.sort();
    problems.dedup();
    let of_definition = problems.into_iter().map(|problem| ArgumentError::new("definition", problem.clone()));
    let of_settings =
        wrong_settings(settings).into_iter().map(|(argument, problem)| ArgumentError::new(argument, problem));
    of_definition.chain(of_settings).collect()
}

fn unreadable(text: &str, error: &SyntaxError) -> ArgumentError {
    let message = &error.message;
    let mut detail = said(error);
    if text.trim().is_empty() {
        "The definition is empty. Pass the text of a state machine in Amazon States Language, for instance by file(\"order.asl.json\")."
            .clone_into(&mut detail);
    } else if message.starts_with("EOF") {
        detail.push_str(" Is the file cut off?");
    } else if message.contains("recursion limit") {
        detail.push_str(" Definitions may be nested up to 128 levels deep.");
    } else if error.pointer.is_some() {
        detail.push_str(" Only one of them would count. Remove the other.");
    }
    let summary = if error.pointer.is_some() { "A key stands twice" } else { "The definition is not JSON" };
    ArgumentError::new(
        "definition",
        Problem::error(error.pointer.clone().unwrap_or_default(), summary, detail),
    )
}

fn unresolved(findings: &[Finding]) -> Vec<ArgumentError> {
    let open = findings
        .iter()
        .filter(|finding| finding.about == About::Unresolved)
        .map(|finding| finding.problem.clone());
    let errors = open.map(|problem| Problem {
        severity: Severity::Error,
        detail: format!("{} Give a literal value, or narrow it by a resource_hint.", problem.detail),
        ..problem
    });
    errors.map(|problem| ArgumentError::new("on_unresolved", problem)).collect()
}

/// A part of the policy that no managed policy takes.
fn oversized(service: &str, part: &Policy) -> Option<Finding> {
    let size = part.size();
    let problem = Problem::info(
        "",
        "A part larger than a managed policy",
        format!(
            "\"{service}\" in \"documents_by_service\" has {size} characters, but a managed policy takes {MANAGED_LIMIT}."
        ),
    );
    (size > MANAGED_LIMIT).then_some(Finding { problem, about: About::Definition })
}

fn too_large(size: u64, limit: u64) -> ArgumentError {
    let detail = format!(
        "It has {size} characters without white space, but the limit is {limit}. IAM takes {INLINE_LIMIT} for all inline policies of a role together \
         and {MANAGED_LIMIT} for a managed policy. Use \"documents_by_service\" for several managed policies, \
         or set \"size_limit\" if the document goes elsewhere."
    );
    ArgumentError::new("size_limit", Problem::error("", "The policy is too large", detail))
}
