//! The whole way from definitions and the policies of their role to the differences.

use std::rc::Rc;
use std::sync::OnceLock;

use crate::compare::{ActionList, Comparison, Need, Policies, compare};
use crate::document::{Document, ReadError, read_for_role};
use crate::finding::Finding;
use crate::permissions::{Mode, Requirements, Settings};
use crate::sdk::actions;
use crate::work::{Cancel, Limit, Phase, Work};

use super::{Request, understood};

/// A role: the state machines that run with it, and its policies.
#[derive(Clone, Copy, Debug)]
pub struct Role<'r> {
    /// Each with the mode that determines what is excess. What is missing is always determined by least
    /// privilege.
    pub machines: &'r [Request],
    /// JSON of the role's own policies, inline and managed.
    pub policies: &'r [String],
    /// JSON of its permissions boundary, if it has one.
    pub boundary: Option<&'r str>,
}

/// Why a role's policies cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoleProblem {
    /// What is wrong with a state machine or its settings.
    #[error("state machine {index} cannot be read")]
    Machine {
        /// Its position, from 0.
        index: usize,
        /// All problems, in order.
        findings: Vec<Finding>,
    },
    /// A policy of the role that is not one.
    #[error("policy {0}: {1}")]
    Policy(usize, ReadError),
    /// A permissions boundary that is not a policy.
    #[error("the permissions boundary: {0}")]
    Boundary(ReadError),
    /// The policies and the definitions have too much in common to be compared.
    #[error("comparing these definitions and policies takes too much work; compare fewer at once")]
    TooMuchWork,
    /// The caller no longer waits for the answer.
    #[error("the call was cancelled before there was a result")]
    Interrupted,
}

/// Compares the policies of a role with what its state machines need.
///
/// # Errors
/// What cannot be read, or takes too long; the first of it, in the order of the members.
pub fn compare_role(role: Role<'_>, cancel: &Cancel) -> Result<Comparison, RoleProblem> {
    let machines = role.machines.iter().map(|machine| machine.definition.len());
    let policies = role.policies.iter().map(String::len).chain(role.boundary.map(str::len));
    let limit = Limit::for_definition(machines.chain(policies).sum());
    compare_role_within(role, &Rc::new(Work::new(cancel.clone(), limit)))
}

/// The same within a limit of work, which is counted.
///
/// # Errors
/// As [`compare_role`].
pub fn compare_role_within(role: Role<'_>, work: &Rc<Work>) -> Result<Comparison, RoleProblem> {
    let documents: Vec<Document> = (0..)
        .zip(role.policies)
        .map(|(index, text)| read_for_role(text).map_err(|error| RoleProblem::Policy(index, error)))
        .collect::<Result<_, _>>()?;
    let boundary = role.boundary.map(read_for_role).transpose().map_err(RoleProblem::Boundary)?;
    let least = needed(role.machines, |_| Mode::LeastPrivilege, work)?;
    let is_least = |machine: &Request| machine.settings.mode == Mode::LeastPrivilege;
    let by_mode = match role.machines.iter().all(is_least) {
        true => None,
        false => Some(needed(role.machines, |settings| settings.mode, work)?),
    };
    work.begin(Phase::Comparing);
    let policies = Policies { documents: &documents, boundary: boundary.as_ref() };
    let granted = needs(role.machines, by_mode.as_ref().unwrap_or(&least));
    let least = needs(role.machines, &least);
    compare(&least, &granted, policies, action_list(), work)
        .map_err(|_| if work.is_cancelled() { RoleProblem::Interrupted } else { RoleProblem::TooMuchWork })
}

/// What each state machine needs.
fn needed(
    machines: &[Request],
    mode: impl Fn(&Settings) -> Mode,
    work: &Rc<Work>,
) -> Result<Vec<Requirements>, RoleProblem> {
    let needed = |(index, machine): (usize, &Request)| {
        let settings = Settings { mode: mode(&machine.settings), ..machine.settings.clone() };
        let request = Request { settings, ..machine.clone() };
        // Each machine may use as much work as on its own.
        let limit = Limit::for_definition(machine.definition.len());
        let own = Rc::new(Work::new(work.cancel().clone(), limit));
        let requirements = understood(&request, &own, |_, _, requirements, _| Ok(requirements));
        match (work.include(&own), requirements) {
            (Err(_), _) => Err(RoleProblem::Interrupted),
            (Ok(()), Ok(requirements)) => Ok(requirements),
            (Ok(()), Err(findings)) => Err(RoleProblem::Machine { index, findings }),
        }
    };
    machines.iter().enumerate().map(needed).collect()
}

fn needs<'r>(machines: &'r [Request], requirements: &'r [Requirements]) -> Vec<Need<'r>> {
    let of_machine = |(machine, (request, requirements)): (usize, (&'r Request, &'r Requirements))| {
        requirements.permissions.iter().map(move |permission| Need {
            machine,
            pointer: &permission.pointer,
            grant: &permission.grant,
            location: &request.settings.aws,
        })
    };
    machines.iter().zip(requirements).enumerate().flat_map(of_machine).collect()
}

/// All actions that exist, as comparisons ask for them.
fn action_list() -> &'static ActionList {
    static LIST: OnceLock<ActionList> = OnceLock::new();

    LIST.get_or_init(|| {
        let services = actions::all().iter();
        ActionList::new(services.flat_map(|(service, actions)| {
            actions.iter().map(|action| (*service, action.name, action.has_resource_types))
        }))
    })
}
