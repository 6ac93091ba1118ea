//! The policies of a role in a plan.

use serde_json::Value as Json;

use crate::finding::Finding;
use crate::source::{Index, Position, Quoted, Source, Span};

use super::references::References;
use super::resources::{Resource, Resources};
use super::{Machine, Plan};
use crate::cli::check::compare::{self, Policies, Policy, compared};
use crate::cli::check::report::Told;
use crate::cli::locate::Locator;

/// What a plan says of the policies of a role.
#[derive(Default)]
pub(super) struct Role<'p> {
    /// The address of each policy, the JSON pointer of its text in the plan, and the text.
    readable: Vec<(&'p str, String, &'p str)>,
    boundary: Option<&'p str>,
    /// Policies whose text is not in the plan.
    unreadable: Vec<String>,
    /// Whether there is a boundary whose text is not in the plan.
    has_unknown_boundary: bool,
}

impl<'p> Role<'p> {
    /// Gathers inline policies, attached ones and the boundary.
    pub(super) fn read(
        role: &'p Resource<'p>,
        resources: &'p Resources<'p>,
        references: &References<'p>,
    ) -> Role<'p> {
        let mut gathered = Role::default();
        for policy in resources.of_type("aws_iam_role_policy") {
            if belongs(policy, "role", role, references) {
                gathered.text(policy);
            }
        }
        if references.is_configured(role, "inline_policy") {
            gathered.inline(role);
        }
        for (kind, argument) in
            [("aws_iam_role_policy_attachment", "role"), ("aws_iam_policy_attachment", "roles")]
        {
            for attachment in resources.of_type(kind) {
                if belongs(attachment, argument, role, references) {
                    gathered.attached(attachment, "policy_arn", resources, references);
                }
            }
        }
        for arn in role.known("managed_policy_arns").and_then(Json::as_array).into_iter().flatten() {
            // A policy that is attached outside of the configuration still applies.
            let is_planned = references.is_configured(role, "managed_policy_arns");
            if let Some(arn) = arn.as_str().filter(|arn| is_planned || !is_managed_here(arn, resources)) {
                gathered.by_arn(arn, resources);
            }
        }
        gathered.bounded(role, resources, references);
        gathered
    }

    fn text(&mut self, policy: &'p Resource<'p>) {
        match policy.text("policy") {
            Some(text) => {
                let pointer = format!("{}/values/policy", policy.pointer);
                self.readable.push((&policy.address, pointer, text));
            }
            None => self.unreadable.push(policy.address.clone()),
        }
    }

    /// The blocks `inline_policy`, which older configurations have.
    fn inline(&mut self, role: &'p Resource<'p>) {
        if role.is_sensitive("inline_policy") {
            self.unreadable.push(format!("{} (inline_policy)", role.address));
            return;
        }
        let blocks = role.known("inline_policy").and_then(Json::as_array);
        for (at, block) in blocks.into_iter().flatten().enumerate() {
            if let Some(text) = block.get("policy").and_then(Json::as_str) {
                let pointer = format!("{}/values/inline_policy/{at}/policy", role.pointer);
                self.readable.push((&role.address, pointer, text));
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
        match (from.text(argument), references.only(from, argument, "aws_iam_policy")) {
            (_, Some(policy)) => self.text(policy),
            (Some(arn), None) => self.by_arn(arn, resources),
            (None, None) => self.unreadable.push(from.address.clone()),
        }
    }

    fn by_arn(&mut self, arn: &str, resources: &'p Resources<'p>) {
        match resources.of_type("aws_iam_policy").find(|policy| policy.text("arn") == Some(arn)) {
            Some(policy) => self.text(policy),
            None => self.unreadable.push(arn.to_owned()),
        }
    }

    fn bounded(&mut self, role: &'p Resource<'p>, resources: &'p Resources<'p>, references: &References<'p>) {
        const BOUNDARY: &str = "permissions_boundary";
        let arn = role.text(BOUNDARY).filter(|arn| !arn.is_empty());
        let policy = references.only(role, BOUNDARY, "aws_iam_policy").or_else(|| {
            resources.of_type("aws_iam_policy").find(|policy| arn.is_some() && policy.text("arn") == arn)
        });
        self.boundary = policy.and_then(|policy| policy.text("policy"));
        let is_given = arn.is_some() || role.is_unknown(BOUNDARY) || role.is_sensitive(BOUNDARY);
        self.has_unknown_boundary = self.boundary.is_none() && (is_given || policy.is_some());
    }
}

/// Whether a policy is a resource of the plan.
fn is_managed_here(arn: &str, resources: &Resources<'_>) -> bool {
    resources.of_type("aws_iam_policy").any(|policy| policy.text("arn") == Some(arn))
}

/// Whether an argument names a role: by the role's name where that is known, else by a reference.
fn belongs(from: &Resource<'_>, argument: &str, role: &Resource<'_>, references: &References<'_>) -> bool {
    let names = match from.known(argument) {
        Some(Json::String(name)) => vec![name.as_str()],
        Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    let is_named = role.text("name").is_some_and(|own| names.contains(&own));
    is_named
        || names.is_empty()
            && references.all(from, argument, "aws_iam_role").iter().any(|one| one.address == role.address)
}

impl Plan<'_> {
    /// Compares state machines with the policies of their role.
    pub(super) fn compare(
        &self,
        index: &Index<'_>,
        machines: &[&Machine<'_>],
        role: &Resource<'_>,
        policies: &Role<'_>,
        has_all_machines: bool,
    ) -> Vec<Told> {
        let sound: Vec<&&Machine<'_>> =
            machines.iter().filter(|machine| machine.answer.output.is_some()).collect();
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
                request: machine.answer.compared(),
                span: span.as_ref(),
            })
            .collect();
        let places: Vec<compare::PointerSpan<'_>> = policies
            .readable
            .iter()
            .map(|(_, outer, text)| {
                Box::new(move |pointer: &str| place(index, outer, text, pointer)) as compare::PointerSpan<'_>
            })
            .collect();
        let readable = policies.readable.iter().zip(&places).map(|((address, _, json), span)| Policy {
            file: &self.file.name,
            address,
            json,
            span: span.as_ref(),
        });
        let name = match policies.readable.as_slice() {
            [(address, ..)] if policies.unreadable.is_empty() => (*address).to_owned(),
            _ => role.address.clone(),
        };
        let policies = Policies {
            name: &name,
            readable: readable.collect(),
            boundary: policies.boundary,
            unreadable: policies.unreadable.clone(),
            has_all_machines: has_all_machines && sound.len() == machines.len(),
        };
        rows.extend(compared(&compared_machines, &policies));
        rows
    }
}

/// Where a JSON pointer of a policy leads in a plan that has the policy as a string.
fn place(index: &Index<'_>, outer: &str, text: &str, pointer: &str) -> Span {
    let find = || {
        let string = index.find(outer)?.value;
        let quoted = Quoted::read(index.text(&string))?;
        let source = Source::new(text.to_owned(), crate::source::Format::Json).ok()?;
        let bytes = source.index(&|key| key).find(pointer)?.shown();
        let origin = |byte| string.start + quoted.origin(byte);
        Some(index.span(&(origin(bytes.start)..origin(bytes.end))))
    };
    find().unwrap_or(Position::START.into())
}
