//! The policies of a role in a plan.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::finding::Finding;
use crate::protocol::value::Value;
use crate::source::{Index, Position};

use super::place::{at_position, place};
use super::references::References;
use super::resources::{Resource, Resources};
use super::{Plan, PlannedMachine};
use crate::cli::check::compare::{self, Policies, Policy, compared};
use crate::cli::check::report::Told;
use crate::cli::locate::Locator;

/// The text of a policy in a plan.
struct PolicyText<'p> {
    /// The address of the resource that has it.
    address: &'p str,
    /// JSON pointer of it in the plan.
    pointer: String,
    text: String,
}

impl<'p> PolicyText<'p> {
    /// That of a policy in its own resource, where it is known.
    fn of(policy: &'p Resource<'p>) -> Option<PolicyText<'p>> {
        let text = policy.text("policy")?.to_owned();
        Some(PolicyText {
            address: &policy.address,
            pointer: format!("{}/values/policy", policy.pointer),
            text,
        })
    }
}

/// What a plan says of the policies of a role.
#[derive(Default)]
pub(super) struct Role<'p> {
    readable: Vec<PolicyText<'p>>,
    boundary: Option<PolicyText<'p>>,
    /// Policies whose text is not in the plan.
    unreadable: Vec<String>,
    /// Whether there is a boundary whose text is not in the plan.
    has_unknown_boundary: bool,
}

/// Whether a policy, or an attachment, is of a role.
enum Belongs {
    No,
    Perhaps,
    Yes,
}

impl<'p> Role<'p> {
    /// Gathers inline policies, attached ones and the boundary.
    pub(super) fn read(
        role: &'p Resource<'p>,
        resources: &'p Resources<'p>,
        references: &References<'p>,
    ) -> Role<'p> {
        const MANAGED: &str = "managed_policy_arns";
        let mut gathered = Role::default();
        for (kind, argument) in [
            ("aws_iam_role_policy", "role"),
            ("aws_iam_role_policy_attachment", "role"),
            ("aws_iam_policy_attachment", "roles"),
            ("aws_iam_role_policy_attachments_exclusive", "role_name"),
        ] {
            for resource in resources.of_type(kind) {
                match (belongs(resource, argument, role, references), kind) {
                    (Belongs::No, _) => {}
                    (Belongs::Perhaps, _) => {
                        gathered.unreadable(format!("{}, whose role is not known,", resource.address));
                    }
                    (Belongs::Yes, "aws_iam_role_policy") => gathered.text(resource),
                    (Belongs::Yes, "aws_iam_role_policy_attachments_exclusive") => {
                        gathered.listed(resource, "policy_arns", resources, references);
                    }
                    (Belongs::Yes, _) => gathered.attached(resource, "policy_arn", resources, references),
                }
            }
        }
        if references.is_configured(role, MANAGED) {
            gathered.listed(role, MANAGED, resources, references);
        } else {
            // A policy that is attached outside of the configuration still applies.
            let arns = role.known(MANAGED).and_then(Json::as_array).into_iter().flatten();
            let is_elsewhere = |arn: &&str| resources.with_arn("aws_iam_policy", arn).is_none();
            for arn in arns.filter_map(Json::as_str).filter(is_elsewhere) {
                gathered.unreadable(arn.to_owned());
            }
        }
        gathered.inline(role, resources, references);
        gathered.bounded(role, resources, references);
        gathered
    }

    fn text(&mut self, policy: &'p Resource<'p>) {
        match PolicyText::of(policy) {
            Some(text) => self.readable(text),
            None => self.unreadable(policy.address.clone()),
        }
    }

    fn is_empty(&self) -> bool {
        self.readable.is_empty() && self.unreadable.is_empty()
    }

    /// A policy may be attached in several ways; it counts once.
    fn readable(&mut self, text: PolicyText<'p>) {
        if self.readable.iter().all(|other| other.pointer != text.pointer) {
            self.readable.push(text);
        }
    }

    fn unreadable(&mut self, name: String) {
        if !self.unreadable.contains(&name) {
            self.unreadable.push(name);
        }
    }

    /// The blocks `inline_policy`, which older configurations have. The configuration in a plan does not show
    /// `dynamic` blocks. What it does not show is also what AWS had before the plan: policies of their own
    /// resources, which are read there, and those that were put in place by other means, which still apply.
    fn inline(&mut self, role: &'p Resource<'p>, resources: &Resources<'p>, references: &References<'p>) {
        const POLICY: &str = "aws_iam_role_policy";
        let is_configured = references.is_configured(role, "inline_policy");
        let blocks = match role.partly("inline_policy") {
            Value::List(blocks) => blocks,
            // Before the role is made, it may have such policies only if it has no others.
            Value::Unknown if is_configured || self.is_empty() => vec![Value::Unknown],
            _ => Vec::new(),
        };
        let planned = resources.of_type(POLICY).filter_map(|policy| policy.text("name"));
        let own: BTreeSet<&str> = planned.chain(resources.before(POLICY, "name")).collect();
        for (at, block) in blocks.iter().enumerate() {
            if !is_configured && block.get("name").as_str().is_some_and(|name| own.contains(name)) {
                continue;
            }
            if let Some(text) = block.get("policy").as_str() {
                let pointer = format!("{}/values/inline_policy/{at}/policy", role.pointer);
                self.readable(PolicyText { address: &role.address, pointer, text: text.to_owned() });
            } else if block.is_unknown() || block.get("policy").is_unknown() {
                self.unreadable(format!("{} (inline_policy)", role.address));
            }
        }
    }

    /// The ARNs of policies in a list. Those that are not known are told by what the list refers to;
    /// constants beside references are not in the configuration of a plan.
    fn listed(
        &mut self,
        from: &Resource<'p>,
        argument: &str,
        resources: &'p Resources<'p>,
        references: &References<'p>,
    ) {
        let (elements, is_whole) = match from.partly(argument) {
            Value::List(elements) => (elements, true),
            Value::Unknown => (vec![Value::Unknown], false),
            _ => return,
        };
        for arn in elements.iter().filter_map(Value::as_str) {
            self.by_arn(arn, resources);
        }
        let open = elements.iter().filter(|element| element.is_unknown()).count();
        if open == 0 {
            return;
        }
        let referred = references.referred(from, argument, "aws_iam_policy");
        let mut new = referred.resources;
        new.retain(|policy| policy.text("arn").is_none());
        if !is_whole || referred.is_open || new.len() != open {
            self.unreadable(format!("{} ({argument})", from.address));
        }
        // Of more policies than there is place for, it is not known which are attached.
        if !is_whole || new.len() <= open {
            for policy in new {
                self.text(policy);
            }
        }
    }

    fn attached(
        &mut self,
        from: &Resource<'p>,
        argument: &str,
        resources: &'p Resources<'p>,
        references: &References<'p>,
    ) {
        let referred = references.referred(from, argument, "aws_iam_policy").only();
        match (from.text(argument), referred) {
            (_, Some(policy)) => self.text(policy),
            (Some(arn), None) => self.by_arn(arn, resources),
            (None, None) => self.unreadable(from.address.clone()),
        }
    }

    fn by_arn(&mut self, arn: &str, resources: &'p Resources<'p>) {
        match resources.with_arn("aws_iam_policy", arn) {
            Some(policy) => self.text(policy),
            None => self.unreadable(arn.to_owned()),
        }
    }

    fn bounded(&mut self, role: &'p Resource<'p>, resources: &'p Resources<'p>, references: &References<'p>) {
        const BOUNDARY: &str = "permissions_boundary";
        let arn = role.text(BOUNDARY).filter(|arn| !arn.is_empty());
        let referred = references.referred(role, BOUNDARY, "aws_iam_policy").only();
        let policy = referred.or_else(|| resources.with_arn("aws_iam_policy", arn?));
        self.boundary = policy.and_then(PolicyText::of);
        let is_given = arn.is_some() || role.is_unknown(BOUNDARY) || role.is_sensitive(BOUNDARY);
        self.has_unknown_boundary = self.boundary.is_none() && (is_given || policy.is_some());
    }
}

/// Whether an argument names a role: by the role's name where that is known, else by a reference.
fn belongs(from: &Resource<'_>, argument: &str, role: &Resource<'_>, references: &References<'_>) -> Belongs {
    let value = from.partly(argument);
    let names = value.as_list().unwrap_or(std::slice::from_ref(&value));
    let is_named = |own: &str| names.iter().any(|name| name.as_str() == Some(own));
    if role.text("name").is_some_and(is_named) {
        return Belongs::Yes;
    }
    if names.iter().all(|name| name.as_str().is_some()) {
        return Belongs::No;
    }
    let referred = references.referred(from, argument, "aws_iam_role");
    let is_referred = referred.resources.iter().any(|one| one.address == role.address);
    // A list may have several roles, and a single name cannot.
    let is_list = value.as_list().is_some() || argument == "roles";
    match (is_referred, is_list || referred.only().is_some()) {
        (true, true) => Belongs::Yes,
        (true, false) => Belongs::Perhaps,
        (false, _) if referred.resources.is_empty() && referred.is_open => Belongs::Perhaps,
        (false, _) => Belongs::No,
    }
}

impl Plan<'_> {
    /// Compares state machines with the policies of their role.
    pub(super) fn compare(
        &self,
        index: &Index<'_>,
        machines: &[&PlannedMachine<'_>],
        role: &Resource<'_>,
        policies: &Role<'_>,
        has_all_machines: bool,
    ) -> Vec<Told> {
        let sound: Vec<&&PlannedMachine<'_>> =
            machines.iter().filter(|machine| machine.answer.made.is_ok()).collect();
        let mut rows = Vec::new();
        if policies.has_unknown_boundary {
            let reason =
                "the permissions boundary of the role, which may deny what is needed, cannot be read here";
            rows.extend(
                sound
                    .iter()
                    .map(|machine| Told::from(self.not_compared(index, machine.resource, reason.to_owned()))),
            );
        }
        let locators: Vec<Locator<'_>> = sound.iter().map(|machine| self.locator(index, machine)).collect();
        let spans: Vec<compare::FindingSpan<'_>> = locators
            .iter()
            .map(|locator| Box::new(|finding: &Finding| locator.span(finding)) as compare::FindingSpan<'_>)
            .collect();
        let compared_machines: Vec<compare::Machine<'_>> = sound
            .iter()
            .zip(&spans)
            .map(|(machine, span)| compare::Machine {
                file: &self.file.name,
                address: &machine.resource.address,
                request: machine.needs.least.clone(),
                most: machine.needs.most.clone(),
                open: &machine.needs.open,
                span: span.as_ref(),
            })
            .collect();
        let texts: Vec<&PolicyText<'_>> = policies.readable.iter().chain(&policies.boundary).collect();
        let spans: Vec<(compare::PointerSpan<'_>, compare::PositionSpan<'_>)> = texts
            .iter()
            .map(|&PolicyText { pointer: outer, text, .. }| {
                let of_pointer = move |pointer: &str| place(index, outer, text, pointer);
                let of_position = move |at: Position| at_position(index, outer, text, at);
                (Box::new(of_pointer) as compare::PointerSpan<'_>, Box::new(of_position) as _)
            })
            .collect();
        let mut readable: Vec<Policy<'_>> = texts
            .iter()
            .zip(&spans)
            .map(|(text, (span, at))| Policy {
                file: &self.file.name,
                address: text.address,
                json: &text.text,
                span: span.as_ref(),
                at: at.as_ref(),
            })
            .collect();
        let boundary = policies.boundary.as_ref().and_then(|_| readable.pop());
        let name = match policies.readable.as_slice() {
            [only] if policies.unreadable.is_empty() => only.address.to_owned(),
            _ => role.address.clone(),
        };
        let policies = Policies {
            name: &name,
            readable,
            boundary,
            unreadable: policies.unreadable.clone(),
            has_all_machines: has_all_machines && sound.len() == machines.len(),
        };
        rows.extend(compared(&compared_machines, &policies));
        rows
    }
}
