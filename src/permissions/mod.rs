//! From states to permissions: what the execution role needs, and who asks for it.

mod credentials;
mod express;
mod fill;
mod findings;
mod key;
mod machine;
mod map;
mod place;
pub mod sdk;
mod settings;
mod suggest;
mod task;
mod trust;

use std::rc::Rc;

use crate::asl::flow::Flow;
use crate::asl::{ExecutionType, Kind, Pattern, Problem, State, StateMachine, Workflow};
use crate::iam::{Allowed, Condition, Pattern as Text};
use crate::integrations::{Api, Call};

use express::Around;
use fill::granted;
use sdk::basis::Basis;

pub use findings::{About, Finding, findings};
pub use machine::wrong_settings;
pub use settings::{Encryption, KeyType, LogLevel, Logging, Mode, Settings};
pub use trust::{assume_role_policy, callback_policy};

/// Something that the role must be allowed to do, and the state that asks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Permission {
    /// Actions, resources, conditions.
    pub allowed: Allowed,
    /// Conditions that would bind if more were known before the run: they are left out of the document.
    pub open: Vec<Condition>,
    /// JSON pointer to the state, reader or writer that asks; empty if the machine itself does.
    pub pointer: Rc<str>,
    /// The integration that asks, such as `batch:submitJob.sync`, or what else does, such as `tracing_configuration`.
    pub asker: Rc<str>,
    /// AWS's page about it.
    pub docs: &'static str,
    /// Where it adds to what AWS documents: why. Empty if it does not.
    pub correction: &'static str,
    /// By which rule it is known, and how sure that is; for AWS SDK integrations, of which AWS documents no policy.
    pub basis: Option<Basis>,
    /// Whether it holds only for executions with the input that the user stated.
    pub assumes_input: bool,
}

impl Permission {
    /// The resources, then the values of conditions, those that are left out of the document included.
    pub fn patterns(&self) -> impl Iterator<Item = &Text> {
        let conditions = self.allowed.conditions.iter().chain(&self.open);
        self.allowed.resources.iter().chain(conditions.flat_map(|condition| &condition.values))
    }
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

/// Works out what a state machine needs, by what is known of the values in it.
#[must_use]
pub fn needed<'a>(machine: &StateMachine<'a>, flow: &Flow<'a>, settings: &Settings) -> Needed {
    let mut needed = Needed::default();
    machine::machine(machine, settings, &mut needed);
    let around = match settings.machine_type {
        ExecutionType::Standard => Around::Standard,
        ExecutionType::Express => Around::ExpressMachine,
    };
    workflow(&machine.workflow, around, &Known { flow, settings }, &mut needed);
    let elsewhere = place::arguments(&needed, &settings.aws);
    needed.problems.extend(elsewhere);
    needed
}

/// What holds for all states.
struct Known<'k, 'a> {
    flow: &'k Flow<'a>,
    settings: &'k Settings,
}

/// The states of a workflow, each before those inside it.
fn workflow<'a>(workflow: &Workflow<'a>, around: Around<'_>, known: &Known<'_, 'a>, needed: &mut Needed) {
    for one in &workflow.states {
        state(one, around, known, needed);
        let inside = around.inside(one);
        let before = needed.permissions.len();
        for nested in one.workflows() {
            self::workflow(nested, inside, known, needed);
        }
        map::called_by_children(one, before, known.settings, needed);
    }
}

fn state<'a>(state: &State<'a>, around: Around<'_>, known: &Known<'_, 'a>, needed: &mut Needed) {
    let settings = known.settings;
    needed.problems.extend(around.forbids(state));
    match &state.kind {
        Kind::Task(task) => {
            needed.problems.extend(place::task(state, task, &settings.aws));
            let scope = known.flow.scope(state);
            credentials::task(state, task, &scope, settings, needed);
        }
        Kind::Map(map) => {
            if let Some(distributed) = &map.distributed {
                let scope = known.flow.scope(state);
                map::distributed(state, distributed, &scope, settings, needed);
            }
        }
        _ => {}
    }
}

/// Who asks for a permission.
struct Asker {
    pointer: Rc<str>,
    name: Rc<str>,
    docs: &'static str,
}

impl Asker {
    fn new(pointer: &str, name: &str, docs: &'static str) -> Asker {
        Asker { pointer: pointer.into(), name: name.into(), docs }
    }

    /// What the rows of an API allow for a call.
    fn asks(&self, api: &Api, call: &Call<'_, '_>, mode: Mode, needed: &mut Needed) {
        let rows = match mode {
            Mode::Template => api.documented.unwrap_or(api.least_privilege),
            Mode::LeastPrivilege => api.least_privilege,
        };
        for row in rows {
            for allowed in granted(row, call) {
                needed.permissions.push(self.permission(allowed, row.correction));
            }
        }
    }

    /// What a rule of the AWS SDK catalogue asks for.
    fn by_rule(&self, allowed: Allowed, basis: Basis) -> Permission {
        Permission { basis: Some(basis), ..self.permission(allowed, "") }
    }

    fn permission(&self, mut allowed: Allowed, correction: &'static str) -> Permission {
        let (open, binding) = allowed.conditions.into_iter().partition(Condition::is_open);
        allowed.conditions = binding;
        Permission {
            allowed,
            open,
            pointer: Rc::clone(&self.pointer),
            asker: Rc::clone(&self.name),
            docs: self.docs,
            correction,
            basis: None,
            assumes_input: false,
        }
    }
}

/// Actions on resources, without conditions.
fn allowed(actions: &[&str], resources: Vec<Text>) -> Allowed {
    Allowed {
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
        resources,
        conditions: Vec::new(),
    }
}

/// The integration as the Resource names it, such as `batch:submitJob.sync`.
fn integration_name(service: &str, api: &str, pattern: Pattern) -> String {
    format!("{service}:{api}{}", pattern.suffix())
}
