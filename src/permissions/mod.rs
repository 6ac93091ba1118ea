//! From states to permissions: what the execution role needs, and who asks for it.

mod fill;
mod findings;
pub mod sdk;
mod task;

use std::rc::Rc;

use crate::asl::{ExecutionType, Kind, Pattern, Problem, Severity, StateMachine};
use crate::iam::{Allowed, Aws, Pattern as Text};

pub use findings::{Finding, findings};

/// Which of the two sets of grants counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// What AWS documents, and the console writes.
    Template,
    /// The least that works.
    LeastPrivilege,
}

impl Mode {
    /// Both modes.
    pub const ALL: [Mode; 2] = [Mode::Template, Mode::LeastPrivilege];

    /// The name in configurations.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Mode::Template => "template",
            Mode::LeastPrivilege => "least_privilege",
        }
    }
}

/// What the definition does not say.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the state machine runs.
    pub aws: Aws,
    /// Which grants count.
    pub mode: Mode,
    /// The type of the state machine.
    pub machine_type: ExecutionType,
    /// The name of the state machine.
    pub machine_name: Option<String>,
    /// Whether X-Ray tracing is on.
    pub tracing: bool,
}

/// Something that the role must be allowed to do, and the state that asks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Permission {
    /// Actions, resources, conditions.
    pub allowed: Allowed,
    /// JSON pointer to the state, reader or writer that asks; empty if the machine itself does.
    pub pointer: Rc<str>,
    /// The integration that asks, such as `batch:submitJob.sync`, or what else does, such as `tracing_configuration`.
    pub asker: Rc<str>,
    /// AWS's page about it.
    pub docs: &'static str,
    /// Where it adds to what AWS documents: why. Empty if it does not.
    pub correction: &'static str,
}

/// All that a state machine needs.
#[derive(Clone, Debug, Default)]
pub struct Needed {
    /// What the execution role needs, in the order of the states.
    pub permissions: Vec<Permission>,
    /// What other roles need, which tasks assume by `Credentials`: the role's ARN and the permission.
    pub assumed: Vec<(Text, Permission)>,
    /// What is wrong, or worth knowing.
    pub problems: Vec<Problem>,
}

impl Needed {
    /// Whether there is a problem that forbids making a policy.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }
}

/// Works out what a state machine needs.
#[must_use]
pub fn needed(machine: &StateMachine<'_>, settings: &Settings) -> Needed {
    let mut needed = Needed::default();
    let mut express = vec![settings.machine_type == ExecutionType::Express];
    visit(machine, settings, &mut needed, &mut express);
    needed
}

fn visit(machine: &StateMachine<'_>, settings: &Settings, needed: &mut Needed, _express: &mut Vec<bool>) {
    for state in machine.states() {
        if let Kind::Task(task) = &state.kind {
            task::task(state, task, settings, needed);
        }
    }
}

/// The integration as the Resource names it, such as `batch:submitJob.sync`.
fn integration_name(service: &str, api: &str, pattern: Pattern) -> Rc<str> {
    format!("{service}:{api}{}", pattern.suffix()).into()
}
