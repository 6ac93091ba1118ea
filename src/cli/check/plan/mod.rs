//! Plans: the JSON of `terraform show -json PLANFILE`, and of OpenTofu.
//!
//! Source: "JSON Output Format" of Terraform's documentation, and plans of both tools that were recorded with
//! the AWS provider (`tests/plans`).

mod address;
mod place;
mod references;
mod resources;
mod role;
mod settings;

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::cli::ask::{self, Answer};
use crate::cli::file::File;
use crate::cli::locate::{Locator, Outer};
use crate::cli::refusal::Refusal;
use crate::cli::row::Row;
use crate::finding::Finding;
use crate::protocol::value::Members;
use crate::source::{Format, Index, Quoted, Source};

use super::compare::grouped;
use super::judge::{Judged, Rules};
use super::problem::CheckProblem;
use super::report::Told;
use references::References;
use resources::{Resource, Resources};
use role::Role;
use settings::Needs;

/// A plan.
pub(super) struct Plan<'f> {
    file: &'f File,
    json: Json,
}

/// A state machine of a plan whose definition is known.
struct PlannedMachine<'p> {
    resource: &'p Resource<'p>,
    answer: Answer,
    needs: Needs,
    quoted: Quoted,
    source: Source,
    role: Option<&'p Resource<'p>>,
}

/// The type of state machines in the AWS provider.
const STATE_MACHINE: &str = "aws_sfn_state_machine";

impl<'f> Plan<'f> {
    /// The plan that a file is. `None` if it is something else.
    pub(super) fn read(file: &'f File) -> Option<Plan<'f>> {
        // A definition is not read twice for this.
        let might_be =
            file.source.format() == Format::Json && file.source.text().contains("\"planned_values\"");
        // PowerShell begins files with a byte order mark.
        let text = file.source.text().trim_start_matches('\u{feff}');
        let json: Json = might_be.then(|| serde_json::from_str(text).ok()).flatten()?;
        let is_plan = json.get("planned_values").is_some() && json.get("format_version").is_some();
        is_plan.then_some(Plan { file, json })
    }

    /// Checks all state machines, and those whose roles are in the plan against their policies.
    pub(super) fn judge(&self, rules: &Rules<'_>) -> Result<Judged, Refusal> {
        let resources = Resources::read(&self.json);
        let references = References::of(&self.json, &resources);
        let index = self.file.source.index(&|key| key);
        let mut judged = Judged::default();
        let mut machines = Vec::new();
        let mut unknown_roles = Vec::new();
        for resource in resources.of_type(STATE_MACHINE) {
            judged.machines += 1;
            let role = references.role(resource);
            let Some(text) = resource.known("definition").and_then(Json::as_str) else {
                unknown_roles.extend(role.map(|role| &role.address));
                judged.rows.push(self.unchecked(&index, resource).into());
                continue;
            };
            let pointer = format!("{}/values/definition", resource.pointer);
            let found = index.find(&pointer).filter(|found| !found.is_around);
            let Some(quoted) = found.and_then(|found| Quoted::read(index.text(&found.value))) else {
                continue;
            };
            let base = settings::arguments(&self.json, &references, resource, role);
            let (arguments, wrong) = self.usable(rules, base)?;
            judged.rows.extend(
                wrong
                    .into_iter()
                    .map(|wrong| Told::from(self.at(&index, resource, &CheckProblem::Wrong(wrong)))),
            );
            let answer = ask::ask(rules.block, text, arguments.clone())?;
            let needs = settings::needs(&answer, &arguments);
            let Ok(source) = Source::new(text.to_owned(), Format::Json) else { continue };
            if let Some(policy) = rules.kept(&answer) {
                judged.policies.push((format!("{}#{}", self.file.name, resource.address), policy));
            }
            machines.push(PlannedMachine { resource, answer, needs, quoted, source, role });
        }
        for machine in &machines {
            let locator = self.locator(&index, machine);
            let rows = machine
                .answer
                .rows_at(&self.file.name, &machine.resource.address, &|finding| locator.span(finding));
            judged.rows.extend(rows.into_iter().map(Told::from));
        }
        let by_role: BTreeMap<_, Vec<&PlannedMachine<'_>>> =
            grouped(machines.iter().map(|machine| (machine.role.map(|role| &role.address), machine)));
        for (address, machines) in by_role {
            let Some(role) = machines.first().and_then(|machine| machine.role) else {
                judged.rows.extend(machines.iter().map(|machine| {
                    let reason =
                        "its role is not in the plan, or the plan does not say which it is".to_owned();
                    Told::from(self.not_compared(&index, machine.resource, reason))
                }));
                continue;
            };
            let has_all = !unknown_roles.contains(&&role.address) && address.is_some();
            let policies = Role::read(role, &resources, &references);
            judged.rows.extend(self.compare(&index, &machines, role, &policies, has_all));
        }
        Ok(judged)
    }

    /// The arguments with those of the command line, and what is wrong with those of the plan, which are left
    /// out.
    fn usable(&self, rules: &Rules<'_>, mut base: Members) -> Result<(Members, Vec<String>), Refusal> {
        let with_options = |base| rules.config.arguments(base, &self.file.name, rules.given);
        let arguments = with_options(base.clone())?;
        let mut wrong = Vec::new();
        if ask::request(rules.block, "{}", arguments.clone()).is_ok() {
            return Ok((arguments, wrong));
        }
        base.retain(|name, value| {
            let alone = BTreeMap::from([(name.clone(), value.clone())]);
            let refusal = ask::request(rules.block, "{}", alone).err();
            wrong.extend(refusal.as_ref().map(ToString::to_string));
            refusal.is_none()
        });
        Ok((with_options(base)?, wrong))
    }

    fn locator<'l>(&'l self, index: &'l Index<'l>, machine: &'l PlannedMachine<'_>) -> Locator<'l> {
        let pointer = format!("{}/values/definition", machine.resource.pointer);
        let bytes = index.find(&pointer).map(|found| found.value).unwrap_or_default();
        let outer = Outer { index, bytes, quoted: &machine.quoted };
        Locator::inside(outer, &machine.source, machine.answer.request.substitutions.clone())
    }

    /// A state machine that cannot be checked.
    fn unchecked(&self, index: &Index<'_>, resource: &Resource<'_>) -> Row {
        let reason =
            if resource.is_sensitive("definition") { "is sensitive" } else { "is known only after apply" };
        self.at(index, resource, &CheckProblem::NotChecked { reason })
    }

    fn not_compared(&self, index: &Index<'_>, resource: &Resource<'_>, reason: String) -> Row {
        self.at(index, resource, &CheckProblem::NotCompared { reason })
    }

    fn at(&self, index: &Index<'_>, resource: &Resource<'_>, problem: &CheckProblem) -> Row {
        let row = Row::of_file(self.file.name.clone(), Finding::new(problem, ""));
        let span = index.find(&resource.pointer).map(|found| index.span(&found.shown()));
        Row { address: resource.address.clone(), span: span.unwrap_or(row.span), ..row }
    }
}
