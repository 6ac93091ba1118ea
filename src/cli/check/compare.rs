//! The policies of a role beside what its state machines need, as findings.

use std::collections::{BTreeMap, BTreeSet};

use crate::cli::row::Row;
use crate::compare::{Comparison, ConditionText, Difference, Reason};
use crate::document::ReadError;
use crate::finding::{Finding, Place, state_path};
use crate::generator::{Request, Role, RoleProblem, compare_role};
use crate::source::{Position, Span};
use crate::work::Cancel;

use super::problem::{CheckProblem, Needed};
use super::report::Told;

/// Where a finding is in the file of a state machine.
pub(super) type FindingSpan<'m> = Box<dyn Fn(&Finding) -> Span + 'm>;

/// Where a JSON pointer of a policy leads in its file.
pub(super) type PointerSpan<'p> = Box<dyn Fn(&str) -> Span + 'p>;

/// A state machine that is compared.
pub(super) struct Machine<'m> {
    /// The name of its file, and its address in a plan.
    pub(super) file: &'m str,
    pub(super) address: &'m str,
    pub(super) request: Request,
    /// The same with what it may need beyond that, depending on arguments that are not known.
    pub(super) most: Option<Request>,
    /// The names of these arguments.
    pub(super) open: &'m [&'static str],
    /// Where a finding is in the file.
    pub(super) span: &'m dyn Fn(&Finding) -> Span,
}

/// Where a position in the text of a policy is in its file.
pub(super) type PositionSpan<'p> = Box<dyn Fn(Position) -> Span + 'p>;

/// A policy of the role.
pub(super) struct Policy<'p> {
    /// The name of its file, and its address in a plan.
    pub(super) file: &'p str,
    pub(super) address: &'p str,
    pub(super) json: &'p str,
    /// Where a JSON pointer of the policy leads in the file.
    pub(super) span: &'p dyn Fn(&str) -> Span,
    /// Where a position in the text is in the file.
    pub(super) at: &'p dyn Fn(Position) -> Span,
}

/// The policies of a role, as far as they can be read.
pub(super) struct Policies<'p> {
    /// How messages call them.
    pub(super) name: &'p str,
    pub(super) readable: Vec<Policy<'p>>,
    pub(super) boundary: Option<Policy<'p>>,
    /// Policies that cannot be read here, such as AWS managed policies: they may allow what seems to be
    /// missing.
    pub(super) unreadable: Vec<String>,
    /// Whether all state machines of the role are here, so that what none of them needs is in excess.
    pub(super) has_all_machines: bool,
}

/// Compares.
pub(super) fn compared(machines: &[Machine<'_>], policies: &Policies<'_>) -> Vec<Told> {
    let texts: Vec<String> = policies.readable.iter().map(|policy| policy.json.to_owned()).collect();
    let compare = |request: fn(&Machine<'_>) -> Request| {
        let requests: Vec<Request> = machines.iter().map(request).collect();
        let boundary = policies.boundary.as_ref().map(|boundary| boundary.json);
        let role = Role { machines: &requests, policies: &texts, boundary };
        compare_role(role, &Cancel::default())
    };
    let least = compare(|machine| machine.request.clone());
    let is_open = machines.iter().any(|machine| machine.most.is_some());
    let most = is_open
        .then(|| compare(|machine| machine.most.clone().unwrap_or_else(|| machine.request.clone())))
        .transpose();
    let (comparison, most) = match (least, most) {
        (Ok(least), Ok(most)) => (least, most),
        (Err(problem), _) | (_, Err(problem)) => return refused(machines, policies, &problem),
    };
    let mut rows = Vec::new();
    for difference in &comparison.missing {
        // Unless a policy denies it, one that cannot be read may allow it.
        let is_open = difference.reason == Reason::NotAllowed && !policies.unreadable.is_empty();
        rows.extend(at_machine(machines, policies, difference, is_open));
    }
    for difference in &comparison.undecided {
        rows.extend(at_machine(machines, policies, difference, true));
    }
    for difference in most.iter().flat_map(|most| beyond(most, &comparison)) {
        rows.extend(at_machine_with(machines, &difference, |machine, needed| {
            let open = machine.open.iter().map(|name| (*name).to_owned()).collect();
            CheckProblem::PerhapsNeeded { needed, policies: policies.name.to_owned(), open }
        }));
    }
    if policies.has_all_machines {
        let comparison = most.as_ref().unwrap_or(&comparison);
        rows.extend(comparison.excess.iter().filter_map(|one| at_statement(machines, policies, one)));
    }
    rows
}

/// What is not allowed of what the state machines need at most, without what they need for certain.
fn beyond(most: &Comparison, least: &Comparison) -> Vec<Difference> {
    let mut beyond: Vec<Difference> = most.missing.iter().chain(&most.undecided).cloned().collect();
    for row in &mut beyond {
        let same = |other: &&Difference| {
            other.machine == row.machine
                && other.conditions == row.conditions
                && row.resources.iter().all(|resource| other.resources.contains(resource))
        };
        let told: BTreeSet<&String> =
            least.missing.iter().chain(&least.undecided).filter(same).flat_map(|one| &one.actions).collect();
        row.actions.retain(|action| !told.contains(action));
    }
    beyond.retain(|row| !row.actions.is_empty());
    beyond
}

/// A difference at the first of the states that need it.
fn at_machine(
    machines: &[Machine<'_>],
    policies: &Policies<'_>,
    difference: &Difference,
    is_open: bool,
) -> Option<Told> {
    at_machine_with(machines, difference, |_, needed| unmet(needed, policies, difference, is_open))
}

fn at_machine_with(
    machines: &[Machine<'_>],
    difference: &Difference,
    problem: impl FnOnce(&Machine<'_>, Needed) -> CheckProblem,
) -> Option<Told> {
    let machine = machines.get(difference.machine?)?;
    let pointer = difference.states.first().map(String::as_str).unwrap_or_default();
    let needed = Needed {
        states: difference.states.iter().map(|state| state_path(state)).collect(),
        actions: difference.actions.clone(),
        resources: difference.resources.clone(),
        not_resources: Vec::new(),
        conditions: conditions(&difference.conditions),
    };
    let problem = problem(machine, needed);
    let finding =
        Finding::new(&problem, pointer).about(difference.actions.clone(), difference.resources.clone());
    let finding = machine.request.on_finding.apply(vec![finding]).pop()?;
    let span = (machine.span)(&finding);
    let (file, address) = (machine.file.to_owned(), machine.address.to_owned());
    Some(Told::from(Row { file, address, span, finding }))
}

/// Why something that is needed is not allowed.
fn unmet(needed: Needed, policies: &Policies<'_>, difference: &Difference, is_open: bool) -> CheckProblem {
    let policies_name = policies.name.to_owned();
    if is_open {
        let reason = match difference.reason {
            Reason::NotAllowed => None,
            reason => Some(reason),
        };
        CheckProblem::Undecided {
            needed,
            policies: policies_name,
            reason,
            unreadable: policies.unreadable.clone(),
        }
    } else {
        let denied_by = difference.statement.map(|place| (place.document, place.statement));
        CheckProblem::Missing { needed, policies: policies_name, reason: difference.reason, denied_by }
    }
}

/// An excess at its statement.
fn at_statement(machines: &[Machine<'_>], policies: &Policies<'_>, difference: &Difference) -> Option<Told> {
    let place = difference.statement?;
    let policy = policies.readable.get(place.document)?;
    let enough = difference.enough.iter().map(|one| Needed {
        states: Vec::new(),
        actions: one.actions.clone(),
        resources: one.resources.clone(),
        not_resources: one.not_resources.clone(),
        conditions: conditions(&one.conditions),
    });
    let problem = CheckProblem::Excess {
        actions: difference.actions.clone(),
        resources: difference.resources.clone(),
        conditions: conditions(&difference.conditions),
        reason: difference.reason,
        enough: enough.collect(),
    };
    let pointer = format!("/Statement/{}", place.statement);
    let span = (policy.span)(&pointer);
    let place = Place::from(pointer);
    let mut finding =
        Finding::new(&problem, place).about(difference.actions.clone(), difference.resources.clone());
    if difference.reason.is_info() {
        finding.severity = crate::finding::Severity::Info;
    }
    let finding = match machines.first() {
        Some(machine) => machine.request.on_finding.apply(vec![finding]).pop()?,
        None => finding,
    };
    let (file, address) = (policy.file.to_owned(), policy.address.to_owned());
    Some(Told::from(Row { file, address, span, finding }))
}

fn conditions(conditions: &[ConditionText]) -> Vec<String> {
    let text = |one: &ConditionText| format!("{} {} {}", one.key, one.operator, one.values.join(" or "));
    conditions.iter().map(text).collect()
}

/// Why nothing is compared.
fn refused(machines: &[Machine<'_>], policies: &Policies<'_>, problem: &RoleProblem) -> Vec<Told> {
    let row = match problem {
        RoleProblem::Policy(index, error) => policies.readable.get(*index).map(|one| invalid(one, error)),
        RoleProblem::Boundary(error) => policies.boundary.as_ref().map(|boundary| invalid(boundary, error)),
        // Problems of a state machine are among its own findings.
        RoleProblem::Machine { .. } => None,
        other => machines.first().map(|machine| {
            let finding = Finding::new(&CheckProblem::NotCompared { reason: other.to_string() }, "");
            let row = Row::of_file(machine.file.to_owned(), finding);
            Told::from(Row { address: machine.address.to_owned(), ..row })
        }),
    };
    row.into_iter().collect()
}

/// What is wrong with a policy, at its place in the file.
fn invalid(policy: &Policy<'_>, error: &ReadError) -> Told {
    // The finding has the place in the file, which that in the text of the policy is not.
    let (span, wrong) = match error {
        ReadError::Syntax(error) => {
            let at = Position { line: error.line, column: error.column.max(1) };
            ((policy.at)(at), format!("it is not JSON: {}", error.wrong))
        }
        _ => ((policy.span)(&error.pointer()), error.to_string()),
    };
    let finding = Finding::new(&CheckProblem::InvalidPolicy { error: wrong }, error.pointer());
    let (file, address) = (policy.file.to_owned(), policy.address.to_owned());
    Told::from(Row { file, address, span, finding })
}

/// The state machines that share a name of policies.
pub(super) fn grouped<K: Ord, T>(items: impl IntoIterator<Item = (K, T)>) -> BTreeMap<K, Vec<T>> {
    let mut groups: BTreeMap<K, Vec<T>> = BTreeMap::new();
    for (key, item) in items {
        groups.entry(key).or_default().push(item);
    }
    groups
}
