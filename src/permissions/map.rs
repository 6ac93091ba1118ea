//! Distributed Map: child executions, reader and writer.

use std::rc::Rc;

use crate::asl::template::Arguments;
use crate::asl::{
    Distributed, ExecutionType, Integration, IntegrationPattern, Kind, State, Transfer, resource_pointer,
};
use crate::call::Call;
use crate::finding::Finding;
use crate::iam::{Grant, Pattern, WildcardReason};
use crate::integrations::READERS_AND_WRITERS;

use super::problem::TaskProblem;
use super::{
    Origin, Permission, Requirements, Settings, Visit, grant, integration_name, locality, spelling,
    unnamed_keys,
};

const DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html";
const REDRIVE_DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html";

const FOLLOW: &str = "AWS's page has DescribeExecution alone and no label, but the ARNs of children have the label of their Map, and running ones are stopped with it";

const NAMES: &str = "the name of a child execution exists only at run time";

/// What a Distributed Map needs for its children, its reader and its writer.
pub(super) fn distributed<'a>(visit: Visit<'_, 'a>, distributed: &Distributed<'a>) -> Requirements {
    let reader = distributed.reader.as_ref().map(|reader| transfer(visit, reader, &READER));
    let writer = distributed.writer.as_ref().map(|writer| transfer(visit, writer, &WRITER));
    let children = Requirements::of_permissions(children(visit, distributed));
    std::iter::once(children).chain(reader).chain(writer).collect()
}

/// Children are started as executions of the state machine itself, whatever the label. Their own ARNs have
/// the label, which `execution:NAME:*` does not match.
fn children(visit: Visit<'_, '_>, distributed: &Distributed<'_>) -> Vec<Permission> {
    let Visit { state, settings, .. } = visit;
    let origin = Origin::new(&state.pointer, "Distributed Map", DOCS);
    let start = grant(&["states:StartExecution"], vec![settings.machine_arn()]);
    let mut permissions = vec![origin.permission(start, "")];

    let label = label(distributed);
    let own = settings.arn("arn:{partition}:states:{region}:{account}:execution:{machine}:*", None, NAMES);
    let labelled = "arn:{partition}:states:{region}:{account}:execution:{machine}/{}:*";
    let labelled = settings.arn(labelled, Some(&label), NAMES);
    let follow = grant(&["states:DescribeExecution", "states:StopExecution"], vec![own, labelled.clone()]);
    permissions.push(origin.permission(follow, FOLLOW));

    // Express children are started again instead.
    if settings.include_redrive && distributed.execution_type == ExecutionType::Standard {
        let origin = Origin::new(&state.pointer, "Distributed Map", REDRIVE_DOCS);
        let redrive = grant(&["states:RedriveExecution"], vec![labelled]);
        permissions.push(origin.permission(redrive, ""));
    }
    permissions
}

const CHILD: &str = "AWS does not document which state machine calls the endpoint in a child execution, the one without the label of its Map or the one with it";

/// The calls of HTTP tasks inside of a Distributed Map: the state machine is their resource, and a child
/// execution may name it with the label. `inside` is what the states inside of the Map need.
pub(super) fn called_by_children(
    state: &State<'_>,
    inside: &[Permission],
    settings: &Settings,
) -> Vec<Permission> {
    let Kind::Map(map) = &state.kind else { return Vec::new() };
    let Some(distributed) = &map.distributed else { return Vec::new() };
    let machine = settings.machine_arn();
    let mut labelled = machine.clone().then("/");
    labelled.push(&label(distributed));
    let calls = inside.iter().filter(|permission| {
        let grant = &permission.grant;
        grant.actions.iter().any(|action| action == "states:InvokeHTTPEndpoint")
            && grant.resources.contains(&machine)
    });
    let with_label = calls.map(|permission| {
        let grant = Grant { resources: vec![labelled.clone()], ..Grant::clone(&permission.grant) };
        Permission { grant: Rc::new(grant), correction: CHILD, ..permission.clone() }
    });
    with_label.collect()
}

fn label(distributed: &Distributed<'_>) -> Pattern {
    match distributed.label {
        Some(label) => Pattern::literal(label),
        None => Pattern::anything(WildcardReason::Aws("without a Label, Step Functions generates one")),
    }
}

/// What a reader or writer is, and what it may call.
struct Role {
    title: &'static str,
    apis: &'static [&'static str],
}

const READER: Role = Role { title: "reader", apis: &["getObject", "listObjectsV2"] };
const WRITER: Role = Role { title: "writer", apis: &["putObject"] };

fn transfer<'a>(visit: Visit<'_, 'a>, transfer: &Transfer<'a>, role: &Role) -> Requirements {
    let Visit { scope, settings, .. } = visit;
    let elsewhere = locality::resource(&transfer.resource, &transfer.pointer, false, &settings.aws);
    let told = Requirements::of_problems(elsewhere);
    let api = match transfer.resource.integration {
        Integration::Optimized { service: "s3", api, pattern: IntegrationPattern::RequestResponse } => {
            READERS_AND_WRITERS.api(api).filter(|api| role.apis.contains(&api.name))
        }
        _ => None,
    };
    let Some(api) = api else {
        let apis =
            role.apis.iter().map(|api| format!("arn:{}:states:::s3:{api}", settings.aws.partition)).collect();
        let problem = TaskProblem::UnknownTransfer { title: role.title, arn: transfer.resource.arn, apis };
        let place = resource_pointer(&transfer.pointer);
        return told.and(Requirements::of_problems([Finding::new(&problem, place)]));
    };
    let call = Call {
        config: transfer.config.as_ref().map(|config| Arguments::new(Some(config), scope)),
        ..settings.call(
            &transfer.resource,
            IntegrationPattern::RequestResponse,
            Arguments::new(transfer.arguments.as_ref(), scope),
        )
    };
    let name = integration_name(READERS_AND_WRITERS.name, api.name, IntegrationPattern::RequestResponse);
    let origin = Origin::new(&transfer.pointer, &name, READERS_AND_WRITERS.docs);
    told.and(Requirements::found(&transfer.pointer, worth_knowing(&call, &transfer.pointer), &call))
        .and(Requirements::of_permissions(origin.asks(api, &call, settings.mode)))
        .and(unnamed_keys::of_optimized(READERS_AND_WRITERS.name, api.name, &call))
        .and(spelling::of_parameters(&name, &call.arguments, &transfer.pointer))
}

fn worth_knowing(call: &Call<'_, '_>, pointer: &str) -> Vec<Finding> {
    let mut problems = Vec::new();
    if call.texts("Bucket").iter().any(Pattern::is_arn) {
        problems.push(Finding::new(&TaskProblem::BucketArn, pointer));
    }
    if call.known("ReaderConfig.InputType").as_deref() == Some("PARQUET")
        && !call.texts("VersionId").is_empty()
    {
        problems.push(Finding::new(&TaskProblem::ParquetVersion, pointer));
    }
    problems
}
