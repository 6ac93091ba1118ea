//! The whole way from a definition to a policy: every step of it, and the check of the result.

mod analysis;
mod check;
mod comparison;
mod document;
mod explain;
mod hint;
mod limits;
mod packing;
mod problem;
mod sizes;
mod substitute;
mod suitable;
#[cfg(test)]
mod tests;
mod unreadable;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::asl::flow::{Assumptions, analyse, contract};
use crate::asl::{self, Json, StateMachine};
use crate::finding::{Argument, Code, Finding, Level, OnFinding, Severity, order};
use crate::iam::{Condition, Grant, Policy, Trust, Written};
use crate::permissions::{
    Mode, Permission, Requirements, Settings, assume_role_policy, callback_grants, callback_policy, findings,
    located, once_for_the_machine, requirements, trust_findings, wrong_settings,
};

use crate::work::{Cancel, Limit, Phase, Work};
use check::Asked;
use document::{Documents, Limits, documents, written};
use problem::RequestProblem;
use substitute::{BYTE_ORDER_MARK, Filled, Pending, substitute, substitute_pending};
use suitable::unsuitable;
use unreadable::unreadable;

/// The day of AWS's authorization data in the catalogue of AWS SDK integrations, such as `2026-10-27`.
pub use crate::sdk::catalog::date as catalog_date;
pub use analysis::{
    ActivityKeys, Analysis, Asks, DataKeys, OfState, Parts, Unknown, analyze, analyze_within, problems,
};
pub use comparison::{Role, RoleProblem, compare_role, compare_role_within};
pub use explain::{Explanation, Reason, ReasonKind, explain};
pub use hint::{Hint, OpenHint, Remedy, Selector, Target};
pub use limits::{MAX_INLINE_CHARACTERS, MAX_MANAGED_CHARACTERS, MAX_MANAGED_POLICIES};
pub use substitute::{Token, tokens};

/// What the user asks for.
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
    /// What to make of findings.
    pub on_finding: OnFinding,
    /// How many characters the document may have.
    pub size_limit: u64,
    /// How many characters each document of the packed policy may have.
    pub document_size_limit: u64,
    /// JSON of the parts of the execution's input that are fixed by contract.
    pub input: Option<String>,
    /// Whether to explain the policy.
    pub explain: bool,
    /// Whether the policy in parts is wanted; without it the output may have none.
    pub parts: bool,
    /// Whether findings are wanted that stop nothing; without it the output may have only some of them.
    pub remarks: bool,
}

impl Request {
    /// A request with defaults for everything else: no tokens, no hints, the severities of the codes, and the
    /// limit of inline policies.
    #[must_use]
    pub fn new(definition: impl Into<String>, settings: Settings) -> Self {
        Request {
            definition: definition.into(),
            substitutions: None,
            settings,
            hints: Vec::new(),
            on_finding: OnFinding::default(),
            size_limit: MAX_INLINE_CHARACTERS,
            document_size_limit: MAX_MANAGED_CHARACTERS,
            input: None,
            explain: true,
            parts: true,
            remarks: true,
        }
    }
}

impl Request {
    /// Whether a finding of a code is wanted: any of them if remarks are, else those that may stop, and
    /// settings that are missing.
    fn tells(&self, code: Code) -> bool {
        let may_stop = self.on_finding.level(code) == Level::Error || code.severity() == Severity::Error;
        self.remarks || may_stop || matches!(code, Code::DangerousWildcard | Code::MissingSetting)
    }
}

/// What the user gets back.
#[derive(Clone, Debug)]
pub struct Output {
    /// The policy of the execution role.
    pub policy: Written<Policy>,
    /// The policies of the roles that tasks assume, by the role's ARN.
    pub assumed: BTreeMap<String, Written<Policy>>,
    /// The policy in parts, by IAM's prefix of the service, each of which fits a managed policy unless a
    /// statement alone is larger.
    pub by_service: BTreeMap<String, Written<Policy>>,
    /// The policy in as few parts as keep to `document_size_limit`, in the order of services: a service whose
    /// part fits is in one of them, and a change leaves those before its service as they are. None if nothing
    /// is needed.
    pub documents: Vec<Policy>,
    /// What a reviewer should know, sorted by place.
    pub findings: Vec<Finding>,
    /// Which states need what, and why each wildcard is there. Empty unless the request asks for it.
    pub explanation: Vec<Explanation>,
    /// Characters of the document as IAM counts them.
    pub size: u64,
    /// The trust policy of the execution role.
    pub trust: Written<Trust>,
    /// What the workers need that the state machine waits for; `None` if it waits for none.
    pub callback: Option<Written<Policy>>,
    /// How many states the definition has, nested ones included.
    pub states: usize,
}

/// The definition with values in the place of its tokens, as far as they are known.
#[must_use]
pub fn filled(request: &Request) -> String {
    substitute(request, &BTreeSet::new()).0.text.into_owned()
}

/// Produces the output.
///
/// # Errors
/// If the definition cannot be read, or there is a finding that is an error by itself or by the user's wish,
/// or the document is too large. All that can be found at once are returned, in a fixed order.
pub fn generate(request: &Request) -> Result<Output, Vec<Finding>> {
    generate_unless(request, &Cancel::default())
}

/// The same, abandoned soon after the caller no longer waits for the output.
///
/// # Errors
/// As [`generate`]; and if it was given up.
pub fn generate_unless(request: &Request, cancel: &Cancel) -> Result<Output, Vec<Finding>> {
    let limit = Limit::for_definition(request.definition.len());
    generate_within(request, &Rc::new(Work::new(cancel.clone(), limit)))
}

/// The same within a limit of work, which is counted.
///
/// # Errors
/// As [`generate_unless`].
pub fn generate_within(request: &Request, work: &Rc<Work>) -> Result<Output, Vec<Finding>> {
    understood(request, work, |machine, document, requirements, told| {
        output(request, (machine, document), &requirements, told, work)
    })
}

/// Parses the definition and determines what the state machine needs, with the hints applied, and the
/// findings about the definition's tokens and the hints.
fn understood<T>(
    request: &Request,
    work: &Rc<Work>,
    then: impl FnOnce(&StateMachine<'_>, &Json<'_>, Requirements, Vec<Finding>) -> Result<T, Vec<Finding>>,
) -> Result<T, Vec<Finding>> {
    let judged = |findings| judged(&request.on_finding, findings, work);
    let pending = substitute_pending(request, &BTreeSet::new());
    let unsuitable = unsuitable(request, &pending);
    let Pending { filled, findings: substituted, .. } = pending;
    let mut told = judged([substituted, unsuitable].concat())?;
    let document = read(&filled, request, work)?;
    work.begin(Phase::Parsing);
    let (machine, problems) = asl::parse_within(&document, work);
    wanted(work.cancel())?;
    let input = input(request)?;
    let mut requirements = located(needs(&machine, request, input.as_ref(), work), &document);
    wanted(work.cancel())?;
    requirements.problems.extend(problems);
    requirements.problems.extend(wrong_settings(&request.settings));
    let raised = request.on_finding.errors(&requirements.problems, work);
    judged(raised)?;
    let hinted = hinted(&machine, request, input.as_ref(), work, &mut requirements);
    told.append(&mut judged(hinted)?);
    then(&machine, &document, requirements, told)
}

/// The JSON of a definition whose tokens are replaced.
fn read<'f>(filled: &'f Filled<'_>, request: &Request, work: &Work) -> Result<Json<'f>, Vec<Finding>> {
    work.begin(Phase::Reading);
    let read = Json::read_while(&filled.text, &|| work.count(1).is_ok());
    wanted(work.cancel())?;
    read.map_err(|error| vec![unreadable(&request.definition, filled, error)])
}

/// The documents for what is needed, and everything beside them.
fn output(
    request: &Request,
    (machine, document): (&StateMachine<'_>, &Json<'_>),
    requirements: &Requirements,
    told: Vec<Finding>,
    work: &Rc<Work>,
) -> Result<Output, Vec<Finding>> {
    let cancel = work.cancel();
    let judged = |findings| judged(&request.on_finding, findings, work);
    let stops = request.on_finding.level(Code::UnresolvedResource) == Level::Error;
    let trust = assume_role_policy(machine, &request.settings);
    let workers = callback_grants(machine, &request.settings);
    work.begin(Phase::Findings);
    let mut found =
        findings(requirements, document, &request.settings, stops, &|code| request.tells(code), work);
    wanted(cancel)?;
    found.extend(trust_findings(&trust, &workers, &request.settings));
    // Those of the wildcards are many, so the few others are added to them.
    let mut all = judged(once_for_the_machine(found))?;
    all.extend(told);
    wanted(cancel)?;
    let callback = callback(workers, work)?;
    wanted(cancel)?;
    let limits = Limits {
        policy: request.size_limit,
        document: Some(request.document_size_limit),
        parts: request.parts || request.on_finding.level(Code::OversizedPart) <= Level::Warn,
    };
    let made = documents(requirements, request.settings.mode, limits, work);
    wanted(cancel)?;
    let made = made?;
    all.extend(judged(sizes::findings(&made, limits))?);
    order(&mut all, work);
    let Documents { policy, size, by_service, packed, assumed, .. } = made;
    wanted(cancel)?;
    let trust = Written::trust(trust);
    check::trust(&trust)?;
    let explanation =
        if request.explain { explain(&policy, &requirements.permissions, work) } else { Vec::new() };
    Ok(Output {
        size,
        policy,
        assumed,
        by_service,
        documents: packed.unwrap_or_default(),
        findings: all,
        explanation,
        trust,
        callback,
        states: machine.size,
    })
}

/// What the workers need, checked.
fn callback(workers: Vec<Grant>, work: &Work) -> Result<Option<Written<Policy>>, Vec<Finding>> {
    let callback = callback_policy(&workers).map(|policy| written(policy, work));
    if let Some(callback) = &callback {
        let mut asked = Asked::new(&workers.iter().collect(), work);
        drop(workers);
        // Only the role's own documents are made smaller.
        asked.check([callback.json()], Mode::Template, work)?;
    }
    Ok(callback)
}

/// Fails if the caller no longer waits for the output.
fn wanted(cancel: &Cancel) -> Result<(), Vec<Finding>> {
    if cancel.is_cancelled() { Err(vec![Finding::new(&RequestProblem::Interrupted, "")]) } else { Ok(()) }
}

/// The findings as the user wants them, in no particular order.
///
/// # Errors
/// With those of them that are errors, if there are any, in order and each once.
fn judged(on_finding: &OnFinding, findings: Vec<Finding>, work: &Work) -> Result<Vec<Finding>, Vec<Finding>> {
    let mut findings = on_finding.apply(findings);
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        findings.retain(|finding| finding.severity == Severity::Error);
        order(&mut findings, work);
        return Err(findings);
    }
    Ok(findings)
}

/// Applies the hints to the needed permissions.
fn hinted<'a>(
    machine: &StateMachine<'a>,
    request: &'a Request,
    input: Option<&'a Json<'a>>,
    work: &Rc<Work>,
    requirements: &mut Requirements,
) -> Vec<Finding> {
    if request.hints.is_empty() {
        return Vec::new();
    }
    let other = in_other_mode(machine, request, input, work);
    hint::apply(&request.hints, machine, request.settings.mode, requirements, &other, work)
}

/// What would be needed in the other mode.
fn in_other_mode<'a>(
    machine: &StateMachine<'a>,
    request: &'a Request,
    input: Option<&'a Json<'a>>,
    work: &Rc<Work>,
) -> Requirements {
    let mode = match request.settings.mode {
        Mode::Template => Mode::LeastPrivilege,
        Mode::LeastPrivilege => Mode::Template,
    };
    let settings = Settings { mode, ..request.settings.clone() };
    needs_with(machine, request, &settings, input, Rc::new(work.again()))
}

/// What is certain about every execution: the state machine's own name and place, and the input as far as the
/// user fixes it.
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

fn input(request: &Request) -> Result<Option<Json<'_>>, Vec<Finding>> {
    let Some(text) = &request.input else { return Ok(None) };
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let wrong = |problem: RequestProblem<'_>| vec![Finding::new(&problem, Argument::new("input"))];
    match Json::read(text) {
        Ok(json @ Json::Object(_)) => Ok(Some(json)),
        Ok(other) => Err(wrong(RequestProblem::InputNotAnObject { found: other.kind() })),
        Err(error) => Err(wrong(RequestProblem::InputNotJson { error: &error })),
    }
}

/// What the state machine needs. What it needs only because of an assumed input is marked as such.
fn needs<'a>(
    machine: &StateMachine<'a>,
    request: &'a Request,
    input: Option<&'a Json<'a>>,
    work: &Rc<Work>,
) -> Requirements {
    let settings = &request.settings;
    let mut assuming = needs_with(machine, request, settings, input, Rc::clone(work));
    if input.is_some() {
        let certain = needs_with(machine, request, settings, None, Rc::new(work.again()));
        let certain: BTreeSet<_> = certain.permissions.iter().map(asked_for).collect();
        for permission in &mut assuming.permissions {
            permission.assumes_input = !certain.contains(&asked_for(permission));
        }
    }
    assuming
}

/// What the state machine needs with these settings. Each call has its own budget of work, so that one does
/// not reduce what the other can find out.
fn needs_with<'a>(
    machine: &StateMachine<'a>,
    request: &'a Request,
    settings: &Settings,
    input: Option<&'a Json<'a>>,
    work: Rc<Work>,
) -> Requirements {
    work.begin(Phase::Values);
    let assumptions = Assumptions { work: Rc::clone(&work), ..assumptions(&request.settings, input) };
    let flow = analyse(machine, &assumptions);
    work.begin(Phase::Needs);
    requirements(machine, &flow, settings)
}

/// The needed permissions, and the states that need them.
fn asked_for(permission: &Permission) -> (&str, &str, &Grant, &[Condition]) {
    (&permission.pointer, &permission.origin, &permission.grant, &permission.open)
}

/// Where the partition of a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partition {
    /// The settings contain it.
    OfSettings,
    /// It may still be missing in the settings: that of the first `Resource` counts, and without any, nothing
    /// is in another partition.
    OfDefinition,
}
