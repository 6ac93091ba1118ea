//! What can be said of a state machine although values of tokens, or settings, are not known yet.
//!
//! Whatever an unknown value can change is left out as a whole: a list with a part that is not known would
//! have to keep its length, and two values that are not known may turn out equal. What no value can change is
//! there.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use crate::asl::flow::{Assumptions, analyse};
use crate::asl::{Json, Kind, Marked, StateMachine, mark, parse, resource_pointer};
use crate::finding::{Code, Finding, Level, Severity, state_pointer};
use crate::iam::{Condition, Location, Policy, Trust};
use crate::permissions::{
    Permission, Requirements, assume_role_policy, callback_grants, findings, requirements, trust_findings,
    wrong_settings,
};
use crate::work::{Cancel, Limit, Work};

use super::document::{Documents, Limits, documents};
use super::substitute::{Pending, substitute_pending, tokens, unsuitable};
use super::unreadable::unreadable;
use super::{Partition, Request, assumptions, callback, check, hinted, input, judged, sizes, wanted};

/// What is known of an answer. `None` is what depends on a value that is not known yet.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// By the pointer of each state, empty for the machine itself; `None` if not even the states are known.
    pub states: Option<BTreeMap<String, OfState>>,
    /// All findings.
    pub findings: Option<Vec<Finding>>,
    /// The actions of the execution role, by IAM's prefix of the service.
    pub actions_by_service: Option<BTreeMap<String, Option<BTreeSet<String>>>>,
    /// The policy in parts, by IAM's prefix of the service.
    pub by_service: Option<BTreeMap<String, Option<Policy>>>,
    /// The policy in documents within the limit.
    pub documents: Option<Vec<Policy>>,
    /// The policy of the execution role.
    pub policy: Option<Policy>,
    /// Whether the execution role needs nothing.
    pub is_empty: Option<bool>,
    /// The policies of the roles that tasks assume, by the role's ARN.
    pub assumed: Option<BTreeMap<String, Option<Policy>>>,
    /// The trust policy of the execution role.
    pub trust: Option<Trust>,
    /// What the workers need that the state machine waits for.
    pub callback: Option<Option<Policy>>,
    /// The states whose whole Resource depends on a token, by their pointers, with what to write instead.
    pub advice: Option<BTreeMap<String, String>>,
}

/// What is known of a state.
#[derive(Clone, Debug, Default)]
pub struct OfState {
    /// What it needs: one for each row of the catalogue.
    pub asks: Option<Vec<Asks>>,
    /// What should be known about it.
    pub findings: Option<Vec<Finding>>,
}

/// What a row of the catalogue grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asks {
    /// In ascending order.
    pub actions: Vec<String>,
    /// As in a policy, in ascending order.
    pub resources: Option<Vec<String>>,
    /// Those that are in the policy, in ascending order.
    pub conditions: Option<Vec<Condition>>,
}

/// Parts of a request whose values are not known yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unknown {
    /// The names of tokens.
    pub tokens: BTreeSet<String>,
    /// Arguments that can change anything, such as `mode`.
    pub anything: bool,
    /// `region`, `account_id` or `state_machine_name`: parts of ARNs.
    pub place: bool,
    /// Arguments of which the machine itself may need something, or not.
    pub machine: bool,
    /// Keys of the machine itself: what they are, not whether there are any.
    pub keys: bool,
    /// `size_limit`.
    pub size_limit: bool,
    /// `document_size_limit`.
    pub document_size_limit: bool,
    /// `on_finding`: what findings come to be, and nothing else.
    pub findings: bool,
    /// `log_destination`: what is found of it, and nothing else.
    pub destination: bool,
}

impl Unknown {
    /// Whether everything is known.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Unknown::default()
    }

    /// Whether an argument is not known that findings depend on.
    fn hides_findings(&self) -> bool {
        self.findings || self.place
    }
}

/// Works out what can be said already.
///
/// # Errors
/// Those that no value can mend.
pub fn analyze(request: &Request, unknown: &Unknown, cancel: &Cancel) -> Result<Analysis, Vec<Finding>> {
    let work = Rc::new(Work::new(cancel.clone(), Limit::for_definition(request.definition.len())));
    let Pending { filled, mark: character, findings: substituted, is_unknown } =
        substitute_pending(request, &unknown.tokens);
    let substituted = [substituted, unsuitable(request)].concat();
    let told = judged(&request.on_finding, substituted)?;
    if is_unknown || unknown.anything {
        return Ok(Analysis::default());
    }
    let document =
        Json::read(&filled.text).map_err(|error| vec![unreadable(&request.definition, &filled, error)])?;
    let stand_in = stand_in(request);
    let marked = mark(document, character, &stand_in);
    if marked.is_unknown || unknown.place && request.definition.contains("StateMachine") {
        return Ok(Analysis::default());
    }
    let (machine, problems) = parse(&marked.document);
    let input = input(request)?;
    let assumed = Assumptions { work: Rc::clone(&work), ..assumptions(&request.settings, input.as_ref()) };
    let flow = analyse(&machine, &assumed).with_pending(&machine, &marked.sources);
    let mut needed = requirements(&machine, &flow, &request.settings);
    wanted(cancel)?;
    needed.problems.extend(problems);
    needed.problems.extend(wrong_settings(&request.settings));
    settle(&mut needed, &marked, unknown);
    judged(&request.on_finding, errors(needed.problems.clone(), unknown))?;
    let open = open_states(&needed, &marked, unknown);
    let hinted = hinted(&machine, request, input.as_ref(), &work, &mut needed);
    let is_open = !open.is_empty() || unknown.hides_findings();
    // A hint that seems to be wrong may fit what a token comes to be.
    let hinted = if is_open { Vec::new() } else { judged(&request.on_finding, hinted)? };
    let stops = request.on_finding.level(Code::UnresolvedResource) == Level::Error;
    let of_states = findings(&needed, &marked.document, &request.settings, stops, &|_| true);
    let workers = callback_grants(&machine, &request.settings);
    let of_trust =
        trust_findings(&assume_role_policy(&machine, &request.settings), &workers, &request.settings);
    let of_states =
        of_states.into_iter().chain(of_trust).filter(|finding| !open.contains(key(finding))).collect();
    let told = [told, hinted, judged(&request.on_finding, of_states)?].concat();
    wanted(cancel)?;
    Answer { request, unknown, machine: &machine, marked: &marked, needed, open, work: &work }
        .put_together(told)
}

/// What comes of a definition of which everything is worked out.
struct Answer<'r, 'a> {
    request: &'r Request,
    unknown: &'r Unknown,
    machine: &'r StateMachine<'a>,
    marked: &'r Marked<'a>,
    needed: Requirements,
    /// The pointers of states of which more may be found.
    open: BTreeSet<String>,
    work: &'r Work,
}

impl Answer<'_, '_> {
    fn put_together(mut self, mut told: Vec<Finding>) -> Result<Analysis, Vec<Finding>> {
        let undecided = !self.marked.resources.is_empty() || self.unknown.machine;
        let services = services(&self.needed.permissions, undecided);
        let mut by_service = services.as_ref().map(|_| BTreeMap::new());
        if let (Some(parts), Some(services)) = (&mut by_service, &services) {
            for service in services.keys() {
                parts.insert(service.clone(), self.part(service)?);
            }
        }
        let is_settled = !undecided && !self.needed.permissions.iter().any(|one| one.pending.any());
        let certain =
            self.needed.permissions.iter().any(|one| !one.pending.existence || one.pending.is_alternative);
        let made = if is_settled { Some(self.made(&mut told)?) } else { None };
        let is_empty = if certain { Some(false) } else { is_settled.then_some(true) };
        let trust = (!self.unknown.place).then(|| assume_role_policy(self.machine, &self.request.settings));
        trust.as_ref().map_or(Ok(()), check::trust)?;
        let callback = if self.unknown.place || !self.marked.resources.is_empty() {
            None
        } else {
            Some(callback(&callback_grants(self.machine, &self.request.settings), self.work)?)
        };
        let assumed = self.assumed()?;
        let (policy, packed) = made.map(|made| (made.policy, made.packed.unwrap_or_default())).unzip();
        let policy = policy.filter(|_| !self.unknown.size_limit);
        let documents = packed.filter(|_| !self.unknown.document_size_limit);
        // A part may come to be too large for a managed policy.
        if policy.is_none() {
            self.open.insert(String::new());
        }
        told.sort();
        let knows_findings =
            !self.unknown.hides_findings() && (self.open.is_empty() || self.request.hints.is_empty());
        let mut states: BTreeMap<String, OfState> =
            self.pointers().map(|pointer| (pointer, OfState::default())).collect();
        let mut asked: HashMap<&str, Vec<&Permission>> = HashMap::new();
        for permission in &self.needed.permissions {
            asked.entry(state_pointer(&permission.pointer)).or_default().push(permission);
        }
        let mut found: HashMap<&str, Vec<Finding>> = HashMap::new();
        for finding in &told {
            found.entry(key(finding)).or_default().push(finding.clone());
        }
        let undecided: HashSet<&str> = self.marked.resources.iter().map(|one| state_pointer(one)).collect();
        for (pointer, state) in &mut states {
            let is_decided = !undecided.contains(pointer.as_str());
            state.asks = self.asks(pointer, is_decided, asked.remove(pointer.as_str()).unwrap_or_default());
            let known = knows_findings && !self.open.contains(pointer);
            state.findings = known.then(|| found.remove(pointer.as_str()).unwrap_or_default());
        }
        Ok(Analysis {
            states: Some(states),
            findings: (knows_findings && self.open.is_empty()).then_some(told),
            actions_by_service: services,
            by_service,
            documents,
            policy,
            is_empty,
            assumed,
            trust,
            callback,
            advice: Some(advice(self.request)),
        })
    }

    /// The pointers of all states, and the empty one of the machine itself.
    fn pointers(&self) -> impl Iterator<Item = String> {
        let states = self.machine.states().into_iter().map(|state| state.pointer.clone());
        states.chain([String::new()])
    }

    /// What a state needs, if it is known how much that is.
    fn asks(&self, pointer: &str, is_decided: bool, own: Vec<&Permission>) -> Option<Vec<Asks>> {
        let is_machine = pointer.is_empty() && self.unknown.machine;
        let counted = own.iter().all(|one| !one.pending.is_uncounted());
        (is_decided && !is_machine && counted).then(|| own.into_iter().map(asks).collect())
    }

    /// The document of a service, if all permissions for it are known.
    fn part(&self, service: &str) -> Result<Option<Policy>, Vec<Finding>> {
        let own = self.needed.permissions.iter().filter_map(|one| {
            let mut own = one.clone();
            Rc::make_mut(&mut own.grant).actions.retain(|action| service_of(action) == service);
            (!own.grant.actions.is_empty()).then_some(own)
        });
        let own: Vec<Permission> = own.collect();
        if own.iter().any(|one| one.pending.any()) {
            return Ok(None);
        }
        let needed = Requirements { permissions: own, ..Requirements::default() };
        let Documents { mut by_service, .. } =
            documents(&needed, self.request.settings.mode, Limits::NONE, self.work)?;
        Ok(by_service.remove(service))
    }

    fn made(&self, told: &mut Vec<Finding>) -> Result<Documents, Vec<Finding>> {
        let needed = Requirements { assumed: Vec::new(), ..self.needed.clone() };
        let document = (!self.unknown.document_size_limit).then_some(self.request.document_size_limit);
        let policy = if self.unknown.size_limit { u64::MAX } else { self.request.size_limit };
        let limits = Limits { policy, document, parts: true };
        let made = documents(&needed, self.request.settings.mode, limits, self.work)?;
        told.extend(judged(&self.request.on_finding, sizes::findings(&made, limits))?);
        Ok(made)
    }

    /// The policies of the roles that tasks assume, if it is known which roles these are.
    fn assumed(&self) -> Result<Option<BTreeMap<String, Option<Policy>>>, Vec<Finding>> {
        if self.needed.open_roles || self.unknown.place || self.has_stand_in_with_role() {
            return Ok(None);
        }
        let mut roles: BTreeMap<String, bool> = BTreeMap::new();
        for (role, permission) in &self.needed.assumed {
            *roles.entry(role.to_text()).or_default() |= permission.pending.any();
        }
        let certain = |role: &str| {
            let mut own = self.needed.assumed.iter().filter(|(one, _)| one.to_text() == role);
            own.any(|(_, permission)| !permission.pending.existence)
        };
        if !roles.keys().all(|role| certain(role)) {
            return Ok(None);
        }
        let known = self.needed.assumed.iter().filter(|(role, _)| roles.get(&role.to_text()) == Some(&false));
        let needed = Requirements { assumed: known.cloned().collect(), ..Requirements::default() };
        let mut made = documents(&needed, self.request.settings.mode, Limits::NONE, self.work)?.assumed;
        Ok(Some(
            roles
                .into_keys()
                .map(|role| (made.remove_entry(&role), role))
                .map(|(made, role)| (role, made.map(|(_, policy)| policy)))
                .collect(),
        ))
    }

    /// Whether a task with a role of its own calls what a token names.
    fn has_stand_in_with_role(&self) -> bool {
        self.machine.states().iter().any(|state| {
            matches!(&state.kind, Kind::Task(task) if task.credentials.is_some())
                && self.marked.resources.contains(&state.pointer)
        })
    }
}

/// The state that a finding is about, or the machine itself.
fn key(finding: &Finding) -> &str {
    state_pointer(&finding.place.pointer)
}

/// Removes what results from Resources that replace tokens, and marks what settings leave open.
fn settle(needed: &mut Requirements, marked: &Marked<'_>, unknown: &Unknown) {
    let stands_in = |pointer: &str| marked.resources.contains(pointer);
    needed.permissions.retain(|permission| !stands_in(&permission.pointer));
    needed.assumed.retain(|(_, permission)| !stands_in(&permission.pointer));
    needed.problems.retain(|problem| {
        let place = problem.place.pointer.as_str();
        !marked.resources.iter().any(|pointer| place == pointer || place == resource_pointer(pointer))
    });
    let assumed = needed.assumed.iter_mut().map(|(_, permission)| permission);
    for permission in needed.permissions.iter_mut().chain(assumed) {
        let of_machine = permission.pointer.is_empty();
        if unknown.place || of_machine && unknown.keys {
            permission.pending.resources = true;
            permission.pending.conditions = true;
        }
    }
}

/// What may be called an error already.
fn errors(problems: Vec<Finding>, unknown: &Unknown) -> Vec<Finding> {
    let mut problems = problems;
    if unknown.hides_findings() {
        problems.retain(|problem| {
            !problem.code.may_be_lowered()
                && problem.place.argument.name == "definition"
                && problem.severity == Severity::Error
        });
    }
    problems
}

/// The pointers of the states of which more may be found when values are known.
fn open_states(needed: &Requirements, marked: &Marked<'_>, unknown: &Unknown) -> BTreeSet<String> {
    let assumed = needed.assumed.iter().map(|(_, permission)| permission);
    let permissions = needed.permissions.iter().chain(assumed);
    let pending = permissions.filter(|one| one.pending.any()).map(|one| one.pointer.as_ref());
    let found = needed.open_findings.iter().map(AsRef::as_ref);
    let marks = marked.touched.iter().chain(&marked.resources).map(String::as_str);
    // A Resource that is not known may wait for a worker.
    let workers = !marked.resources.is_empty();
    let machine = (unknown.machine || unknown.keys || unknown.destination || workers).then_some("");
    let pointers = pending.chain(found).chain(marks).chain(machine);
    pointers.map(|pointer| state_pointer(pointer).to_owned()).collect()
}

fn asks(permission: &Permission) -> Asks {
    let grant = &permission.grant;
    let mut actions = grant.actions.clone();
    actions.sort_unstable();
    let resources: BTreeSet<String> = grant.resources.iter().map(|resource| resource.to_text()).collect();
    Asks {
        actions,
        resources: (!permission.pending.resources).then(|| resources.into_iter().collect()),
        conditions: (!permission.pending.conditions).then(|| grant.conditions.clone()),
    }
}

/// IAM's prefix of the service that an action is of.
fn service_of(action: &str) -> &str {
    action.split(':').next().unwrap_or_default()
}

/// The actions by service; `None` if there may be more services. The actions of one, if there may be more.
fn services(
    permissions: &[Permission],
    undecided: bool,
) -> Option<BTreeMap<String, Option<BTreeSet<String>>>> {
    let of = |existence: bool| {
        let all = permissions.iter().filter(move |one| one.pending.existence == existence);
        all.flat_map(|permission| &permission.grant.actions)
    };
    let mut services: BTreeMap<String, Option<BTreeSet<String>>> = BTreeMap::new();
    let alternatives = alternatives(permissions);
    for action in of(false).chain(&alternatives) {
        let actions = services.entry(service_of(action).to_owned()).or_insert_with(|| Some(BTreeSet::new()));
        if let Some(actions) = actions {
            actions.insert(action.clone());
        }
    }
    for permission in permissions.iter().filter(|one| one.pending.existence && one.pending.is_alternative) {
        for action in &permission.grant.actions {
            services.entry(service_of(action).to_owned()).or_insert(None);
        }
    }
    for action in of(true) {
        let actions = services.get_mut(service_of(action))?;
        if !actions.as_ref().is_some_and(|actions| actions.contains(action)) {
            *actions = None;
        }
    }
    (!undecided).then_some(services)
}

/// The actions that each of the alternatives of a state has, so that it does not matter which of them counts.
fn alternatives(permissions: &[Permission]) -> Vec<String> {
    let mut common: BTreeMap<&str, BTreeSet<&String>> = BTreeMap::new();
    for permission in permissions.iter().filter(|one| one.pending.existence && one.pending.is_alternative) {
        let actions: BTreeSet<&String> = permission.grant.actions.iter().collect();
        let of_state = common.entry(&permission.pointer).or_insert_with(|| actions.clone());
        of_state.retain(|action| actions.contains(action));
    }
    common.into_values().flatten().cloned().collect()
}

/// What to write in place of a Resource that has a token. It depends on the text alone.
fn advice(request: &Request) -> BTreeMap<String, String> {
    if request.substitutions.is_none() {
        return BTreeMap::new();
    }
    let names = tokens(&request.definition).map(|token| token.name);
    let names = names.filter(|name| !name.starts_with("AWS::")).map(str::to_owned).collect();
    let Pending { filled, mark: character, .. } = substitute_pending(request, &names);
    let Ok(document) = Json::read(&filled.text) else { return BTreeMap::new() };
    let resources = mark(document, character, "").resources;
    resources.into_iter().map(|pointer| (pointer, ADVICE.to_owned())).collect()
}

const ADVICE: &str = "The Resource has a token, so nothing is known about this state until the token's value is known. For a Lambda function, write \
    \"Resource\": \"arn:aws:states:::lambda:invoke\" and the token as \"FunctionName\".";

/// The errors of a definition that can be found before everything is known: partition, region, account and
/// what the provider block says of findings may still be missing, and values of tokens too.
#[must_use]
pub fn problems(request: &Request, unknown: &Unknown, partition: Partition, cancel: &Cancel) -> Vec<Finding> {
    let Pending { filled, mark: character, findings: mut problems, is_unknown } =
        substitute_pending(request, &unknown.tokens);
    let limit = Limit::for_definition(request.definition.len());
    if !is_unknown
        && problems.iter().all(|problem| problem.code.may_be_lowered() || problem.severity != Severity::Error)
    {
        match Json::read(&filled.text) {
            Err(error) => problems.push(unreadable(&request.definition, &filled, error)),
            Ok(document) => {
                let work = Rc::new(Work::new(cancel.clone(), limit));
                let stand_in = stand_in(request);
                let marked = mark(document, character, &stand_in);
                problems.extend(of_definition(request, &marked, unknown, partition, work));
            }
        }
    }
    problems.extend(input(request).err().unwrap_or_default());
    // The provider block may lower what is not raised here.
    problems.retain(|problem| {
        !problem.code.may_be_lowered() || request.on_finding.said(problem.code) == Some(Level::Error)
    });
    judged(&request.on_finding, problems).err().unwrap_or_default()
}

fn of_definition(
    request: &Request,
    marked: &Marked<'_>,
    unknown: &Unknown,
    partition: Partition,
    work: Rc<Work>,
) -> Vec<Finding> {
    if marked.is_unknown {
        return Vec::new();
    }
    let (machine, problems) = parse(&marked.document);
    let is_open = partition == Partition::OfDefinition;
    // What replaces a Resource says nothing.
    let own = machine.partition().filter(|_| marked.resources.is_empty());
    let placed = own.filter(|own| is_open && Location::is_partition(own)).map(|own| {
        let mut request = request.clone();
        own.clone_into(&mut request.settings.aws.partition);
        request
    });
    let request = placed.as_ref().unwrap_or(request);
    let assumed = Assumptions { work, ..assumptions(&request.settings, None) };
    let flow = analyse(&machine, &assumed).with_pending(&machine, &marked.sources);
    let mut needed = requirements(&machine, &flow, &request.settings);
    needed.problems.extend(problems);
    needed.problems.extend(wrong_settings(&request.settings));
    if is_open && own.is_none() {
        needed.problems.retain(|problem| problem.code != Code::WrongPartition);
    }
    settle(&mut needed, marked, unknown);
    needed.problems
}

/// What replaces a Resource that has a token.
fn stand_in(request: &Request) -> String {
    format!("arn:{}:lambda:::function:f", request.settings.aws.partition)
}
