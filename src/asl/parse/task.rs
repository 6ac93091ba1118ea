//! Task states.

use super::super::problem::DefinitionProblem;
use super::super::{Integration, Json, QueryLanguage, Resource, Task, Timeouts};
use super::fields::{Fields, arguments_keys};
use super::instead::{call_of_cloudformation as called, is_reference};
use crate::finding::Finding;
use crate::json::Place;

pub(super) fn task<'a>(fields: &mut Fields<'_, 'a>) -> Option<Task<'a>> {
    let resource = resource(fields);
    check_credentials(fields);
    let credentials = fields.template("Credentials");
    let arguments = fields.arguments();
    let timeouts = Timeouts {
        task: fields.scalar_or_path("TimeoutSeconds", "TimeoutSecondsPath"),
        heartbeat: fields.scalar_or_path("HeartbeatSeconds", "HeartbeatSecondsPath"),
    };
    let resource = resource?;
    let is_call = !matches!(resource.integration, Integration::Function | Integration::Activity);
    let (key, _) = arguments_keys(fields.language);
    if let Some(parameters) = fields.object.get(key).and_then(Json::as_object).filter(|_| is_call) {
        let place = Place::Member(fields.place, key);
        fields.check_spellings();
        // Deeper, an object may have such a member by itself.
        let references = parameters.iter().filter(|(_, json)| json.as_object().is_some_and(is_reference));
        let problem = DefinitionProblem::CloudFormation { name: "Ref" };
        let at = |key: &str| Finding::new(&problem, Place::Member(&place, key).to_string());
        fields.add(references.map(|(key, _)| at(key)));
    }
    Some(Task { resource, arguments, credentials, timeouts })
}

/// The role must be named. In JSONata, an expression may produce the whole object.
fn check_credentials(fields: &mut Fields<'_, '_>) {
    let names_role = match fields.object.get("Credentials") {
        Some(Json::Object(object)) => object.get("RoleArn").or_else(|| object.get("RoleArn.$")).is_some(),
        Some(Json::String(_) | Json::Pending(_)) => fields.language == QueryLanguage::Jsonata,
        Some(_) => false,
        None => true,
    };
    if !names_role {
        fields.error("Credentials", &DefinitionProblem::RoleArnMissing);
    }
}

/// The `Resource` of a task, a reader or a writer.
pub(super) fn resource<'a>(fields: &mut Fields<'_, 'a>) -> Option<Resource<'a>> {
    const KEY: &str = "Resource";
    match fields.get(KEY) {
        Some(Json::String(arn)) => match Resource::read(arn) {
            Ok(resource) => return Some(resource),
            Err(error) => fields.error(KEY, &DefinitionProblem::Resource { arn, error }),
        },
        Some(Json::Object(object)) if called(object).is_some() => {
            let name = called(object).unwrap_or_default();
            fields.error(KEY, &DefinitionProblem::ResourceOfCloudFormation { name });
        }
        Some(other) => fields.error(KEY, &DefinitionProblem::ResourceNotAString { found: other.kind() }),
        None => fields.error_here(&DefinitionProblem::ResourceMissing),
    }
    None
}
