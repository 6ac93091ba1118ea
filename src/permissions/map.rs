//! Distributed Map: child executions, reader and writer.

use crate::asl::fold::{Arguments, Scope};
use crate::asl::{Distributed, ExecutionType, Integration, Kind, Pattern, Problem, State, Transfer};
use crate::iam::{Allowed, Pattern as Text, Why};
use crate::integrations::{Call, READERS_AND_WRITERS};

use super::{Asker, Needed, Permission, Settings, allowed, integration_name, place};

const DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html";
const REDRIVE_DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html";

const FOLLOW: &str = "AWS's page has DescribeExecution alone and no label, but the ARNs of children have the label of their Map, and running ones are stopped with it";

const NAMES: &str = "the name of a child execution exists only at run time";

/// Adds what a Distributed Map needs for its children, its reader and its writer.
pub(super) fn distributed<'a>(
    state: &State<'a>,
    distributed: &Distributed<'a>,
    scope: &Scope<'a>,
    settings: &Settings,
    needed: &mut Needed,
) {
    children(state, distributed, settings, needed);
    if let Some(reader) = &distributed.reader {
        transfer(reader, &READER, scope, settings, needed);
    }
    if let Some(writer) = &distributed.writer {
        transfer(writer, &WRITER, scope, settings, needed);
    }
}

/// Children are started as executions of the state machine itself, whatever the label. Their own ARNs have the label, which
/// `execution:NAME:*` does not match.
fn children(state: &State<'_>, distributed: &Distributed<'_>, settings: &Settings, needed: &mut Needed) {
    let asker = Asker::new(&state.pointer, "Distributed Map", DOCS);
    let start = allowed(&["states:StartExecution"], vec![settings.machine_arn()]);
    needed.permissions.push(asker.permission(start, ""));

    let label = label(distributed);
    let own = settings.arn("arn:{partition}:states:{region}:{account}:execution:{machine}:*", None, NAMES);
    let labelled = "arn:{partition}:states:{region}:{account}:execution:{machine}/{}:*";
    let labelled = settings.arn(labelled, Some(&label), NAMES);
    let follow = allowed(&["states:DescribeExecution", "states:StopExecution"], vec![own, labelled.clone()]);
    needed.permissions.push(asker.permission(follow, FOLLOW));

    // Express children are started anew instead.
    if settings.include_redrive && distributed.execution_type == ExecutionType::Standard {
        let asker = Asker::new(&state.pointer, "Distributed Map", REDRIVE_DOCS);
        let redrive = allowed(&["states:RedriveExecution"], vec![labelled]);
        needed.permissions.push(asker.permission(redrive, ""));
    }
}

const CHILD: &str = "AWS does not document which state machine calls the endpoint in a child execution, the one without the label of its Map or the one with it";

/// The calls of HTTP tasks inside of a Distributed Map: the state machine is their resource, and a child execution may name it with the label.
/// `before` is the number of permissions that other states have asked for.
pub(super) fn called_by_children(state: &State<'_>, before: usize, settings: &Settings, needed: &mut Needed) {
    let Kind::Map(map) = &state.kind else { return };
    let Some(distributed) = &map.distributed else { return };
    let machine = settings.machine_arn();
    let mut labelled = machine.clone().then("/");
    labelled.push(&label(distributed));
    let calls = needed.permissions.iter().skip(before).filter(|permission| {
        let allowed = &permission.allowed;
        allowed.actions.iter().any(|action| action == "states:InvokeHTTPEndpoint")
            && allowed.resources.contains(&machine)
    });
    let with_label = calls.map(|permission| {
        let allowed = Allowed { resources: vec![labelled.clone()], ..permission.allowed.clone() };
        Permission { allowed, correction: CHILD, ..permission.clone() }
    });
    let with_label: Vec<Permission> = with_label.collect();
    needed.permissions.extend(with_label);
}

fn label(distributed: &Distributed<'_>) -> Text {
    match distributed.label {
        Some(label) => Text::literal(label),
        None => Text::anything(Why::Aws("without a Label, Step Functions makes one up")),
    }
}

/// What a reader or writer is, and what it may call.
struct Role {
    title: &'static str,
    apis: &'static [&'static str],
}

const READER: Role = Role { title: "A reader", apis: &["getObject", "listObjectsV2"] };
const WRITER: Role = Role { title: "A writer", apis: &["putObject"] };

fn transfer<'a>(
    transfer: &Transfer<'a>,
    role: &Role,
    scope: &Scope<'a>,
    settings: &Settings,
    needed: &mut Needed,
) {
    needed.problems.extend(place::resource(&transfer.resource, &transfer.pointer, false, &settings.aws));
    let api = match transfer.resource.integration {
        Integration::Optimized { service: "s3", api, pattern: Pattern::RequestResponse } => {
            READERS_AND_WRITERS.api(api).filter(|api| role.apis.contains(&api.name))
        }
        _ => None,
    };
    let Some(api) = api else {
        let apis: Vec<String> = role
            .apis
            .iter()
            .map(|api| format!("\"arn:{}:states:::s3:{api}\"", settings.aws.partition))
            .collect();
        needed.problems.push(Problem::error(
            format!("{}/Resource", transfer.pointer),
            format!("{} that AWS does not know", role.title),
            format!(
                "\"{}\" cannot stand here. {} has {}.",
                transfer.resource.arn,
                role.title,
                apis.join(" or ")
            ),
        ));
        return;
    };
    let call = Call {
        config: transfer.config.map(|config| Arguments::new(config, scope)),
        ..settings.call(
            &transfer.resource,
            Pattern::RequestResponse,
            Arguments::new(transfer.arguments, scope),
        )
    };
    needed.problems.extend(worth_knowing(&call, &transfer.pointer));
    let name = integration_name(READERS_AND_WRITERS.name, api.name, Pattern::RequestResponse);
    let asker = Asker::new(&transfer.pointer, &name, READERS_AND_WRITERS.docs);
    asker.asks(api, &call, settings.mode, needed);
}

fn worth_knowing(call: &Call<'_, '_>, pointer: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    if call.texts("Bucket").iter().any(Text::is_arn) {
        problems.push(Problem::warning(
            pointer,
            "An ARN in place of a bucket's name",
            "It is granted as it is. AWS does not document that readers and writers take an ARN. Try it, or give the name.",
        ));
    }
    if call.known("ReaderConfig.InputType").as_deref() == Some("PARQUET")
        && !call.texts("VersionId").is_empty()
    {
        problems.push(Problem::warning(
            pointer,
            "\"VersionId\" with \"PARQUET\"",
            "AWS does not read named versions of Parquet files. Remove \"VersionId\".",
        ));
    }
    problems
}
