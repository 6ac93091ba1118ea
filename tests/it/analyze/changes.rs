//! Reviewed rows of the law of tokens whose value changes nothing in the case itself: in the definition that
//! the row names, it does.

use serde_json::Value as Json;

use crate::support::arguments::value as value_of;

use super::literals::REVIEWED;
use super::report::Reviewed;
use super::tokens::Tokens;
use super::{Asked, all_asked, analyze, matters_once_edited, part_of};

/// A row, and the change of its case that makes the token matter.
struct Change {
    /// How the row begins.
    row: &'static str,
    case: &'static str,
    /// What is replaced in the definition, and by what.
    edit: (&'static str, &'static str),
    /// How the path of the token ends.
    token: &'static str,
    /// Another value of the token.
    value: &'static str,
    /// The place in the result.
    part: &'static str,
    /// The part of the place that the row has, where several rows are for the case.
    covers: &'static str,
    /// The hints that the case has with the change, in JSON; its own, if empty.
    hints: &'static str,
}

/// For the members that most changes do not need.
const PLAIN: Change =
    Change { row: "", case: "", edit: ("", ""), token: "", value: "", part: "", covers: "", hints: "" };

const CHANGES: &[Change] = &[
    Change {
        row: "integrations/athena/startQueryExecution.defaults",
        case: "integrations/athena/startQueryExecution.defaults",
        edit: (
            "\"QueryString\":",
            "\"ResultConfiguration\": {\"OutputLocation\": \"s3://results/x/\"}, \"QueryString\":",
        ),
        token: "/QueryString",
        value: "CREATE TABLE hostile AS SELECT 1",
        part: "documents_by_service.s3",
        ..PLAIN
    },
    Change {
        row: "integrations/codebuild/batchDeleteBuilds.one-dynamic",
        case: "integrations/codebuild/batchDeleteBuilds.one-dynamic",
        edit: ("{% $states.input.id %}", "shop:1b1c2d3e-0000-4000-8000-1234567890ab"),
        token: "/Ids/0",
        value: "other:0b1c2d3e-0000-4000-8000-1234567890ab",
        part: "json",
        ..PLAIN
    },
    Change {
        row: "integrations/events/putEvents.one-dynamic-bus",
        case: "integrations/events/putEvents.one-dynamic-bus",
        edit: ("\"EventBusName.$\": \"$.bus\"", "\"EventBusName\": \"second\""),
        token: "/Entries/0/EventBusName",
        value: "other",
        part: "json",
        ..PLAIN
    },
    Change {
        row: "integrations/mediaconvert/createJob.presets",
        case: "integrations/mediaconvert/createJob.presets",
        edit: ("\"Preset.$\": \"$.preset\"", "\"Preset\": \"Middle\""),
        token: "/OutputGroups/0/Outputs/0/Preset",
        value: "Other",
        part: "json",
        ..PLAIN
    },
    Change {
        row: "integrations/sagemaker/createEndpoint.alarms",
        case: "integrations/sagemaker/createEndpoint.alarms",
        edit: ("\"AlarmName.$\": \"$.alarm\"", "\"AlarmName\": \"second\""),
        token: "/Alarms/0/AlarmName",
        value: "other",
        part: "json",
        ..PLAIN
    },
    Change {
        row: "integrations/sagemaker/updateEndpoint.alarms",
        case: "integrations/sagemaker/updateEndpoint.alarms",
        edit: ("\"AlarmName.$\": \"$.alarm\"", "\"AlarmName\": \"second\""),
        token: "/Alarms/0/AlarmName",
        value: "other",
        part: "json",
        ..PLAIN
    },
    Change {
        row: "integrations/apigateway/invoke.",
        case: "integrations/apigateway/invoke.path-dynamic",
        edit: ("\"Path.$\": \"$.path\"", "\"Path\": \"pets\""),
        token: "/Method",
        value: "PUT",
        part: "permissions./States/Call.0.resources",
        ..PLAIN
    },
    Change {
        row: "machines/distributed-map/athena",
        case: "machines/distributed-map/athena",
        edit: (", \"ManifestType\": \"ATHENA_DATA\"", ""),
        token: "/Key",
        value: "q/other.csv",
        part: "json",
        ..PLAIN
    },
    Change {
        row: "machines/distributed-map/",
        case: "machines/distributed-map/json-dynamic-key",
        edit: ("\"Key.$\": \"$.key\"", "\"Key\": \"k\""),
        token: "/InputType",
        value: "MANIFEST",
        part: "json",
        ..PLAIN
    },
    Change {
        row: "sdk/ec2/copySnapshot",
        case: "sdk/ec2/copySnapshot",
        edit: (
            "copySnapshot\",\n      \"Parameters\": {\n        \"SourceSnapshotId\"",
            "deleteSnapshot\",\n      \"Parameters\": {\n        \"SnapshotId\"",
        ),
        token: "SnapshotId",
        value: "snap-2",
        part: "json",
        ..PLAIN
    },
    Change {
        row: "machines/jsonata/folded",
        case: "machines/jsonata/folded",
        edit: ("\"stage\": \"prod\"", "\"stage\": \"dev\""),
        token: "/topics/dev",
        value: "arn:aws:sns:eu-west-1:111122223333:others",
        part: "json",
        ..PLAIN
    },
    Change {
        row: "sdk/appmesh/describeMesh.shared",
        case: "sdk/appmesh/describeMesh.shared",
        edit: (
            "\"End\": true\n    }",
            "\"Next\": \"Own\"\n    },\n    \"Own\": {\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::aws-sdk:appmesh:describeMesh\", \"Parameters\": {\"MeshName\": \"apps\"}, \"End\": true}",
        ),
        token: "/Call/Parameters/MeshOwner",
        value: "111122223333",
        part: "size",
        ..PLAIN
    },
    Change {
        row: "sdk/ecrpublic/describeImages.owner",
        case: "sdk/ecrpublic/describeImages.owner",
        edit: (
            "\"End\": true\n    }",
            "\"Next\": \"Own\"\n    },\n    \"Own\": {\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::aws-sdk:ecrpublic:describeImages\", \"Parameters\": {\"RepositoryName\": \"tools\"}, \"End\": true}",
        ),
        token: "/Call/Parameters/RegistryId",
        value: "111122223333",
        part: "size",
        ..PLAIN
    },
    Change {
        row: "sdk/glacier/uploadArchive.owner",
        case: "sdk/glacier/uploadArchive.owner",
        edit: (
            "\"End\": true\n    }",
            "\"Next\": \"Own\"\n    },\n    \"Own\": {\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::aws-sdk:glacier:uploadArchive\", \"Parameters\": {\"VaultName\": \"records\", \"Body\": \"x\", \"AccountId\": \"111122223333\"}, \"End\": true}",
        ),
        token: "/Call/Parameters/AccountId",
        value: "111122223333",
        part: "size",
        ..PLAIN
    },
    Change {
        row: "sdk/s3control/getDataAccess.owner",
        case: "sdk/s3control/getDataAccess.owner",
        edit: (
            "\"End\": true\n    }",
            "\"Next\": \"Own\"\n    },\n    \"Own\": {\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::aws-sdk:s3control:getDataAccess\", \"Parameters\": {\"Target\": \"s3://shared/*\", \"Permission\": \"READ\", \"AccountId\": \"111122223333\"}, \"End\": true}",
        ),
        token: "/Call/Parameters/AccountId",
        value: "111122223333",
        part: "size",
        ..PLAIN
    },
    Change {
        row: "sdk/elasticloadbalancingv2/createLoadBalancer",
        case: "sdk/elasticloadbalancingv2/createLoadBalancer.network",
        edit: (
            "\"End\": true\n    }",
            "\"Next\": \"Again\"\n    },\n    \"Again\": {\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::aws-sdk:elasticloadbalancingv2:createLoadBalancer\", \"Parameters\": {\"Name\": \"shop\", \"Type\": \"application\"}, \"End\": true}",
        ),
        token: "/Call/Parameters/Type",
        value: "application",
        part: "size",
        ..PLAIN
    },
    Change {
        row: "machines/values/role-in-a-variable",
        case: "machines/values/role-in-a-variable",
        edit: ("\"RoleArn.$\": \"$role\"", "\"RoleArn\": \"arn:aws:iam::444455556666:role/Other\""),
        token: "/Assign/role",
        value: "$.x",
        part: "findings_by_state./States/Choose",
        ..PLAIN
    },
    Change {
        row: "problems/values/function-among-buses-of-the-run",
        case: "problems/values/function-among-buses-of-the-run",
        edit: ("\"EventBusName.$\": \"$.bus\"", "\"EventBusName\": \"first\""),
        token: "/Entries/1/EventBusName",
        value: "second",
        part: "json",
        ..PLAIN
    },
    Change {
        row: "machines/findings/instance-profile",
        covers: "/JobFlowRole",
        case: "machines/findings/instance-profile",
        edit: ("\"JobFlowRole\": \"others\"", "\"JobFlowRole\": \"EMR_EC2_DefaultRole\""),
        hints: "[]",
        token: "/Make/Parameters/JobFlowRole",
        value: "EMR_EC2_DefaultRole",
        part: "json",
    },
    // The account of what the hint is for is that of the token.
    Change {
        row: "machines/findings/instance-profile",
        covers: ".findings_by_state.",
        case: "machines/findings/instance-profile",
        edit: (
            "arn:aws:states:::elasticmapreduce:createCluster\",\n      \"Parameters\": {\n        \"Name\": \"nightly\",\n        \"ReleaseLabel\": \"emr-7.0.0\",\n        \"ServiceRole\": \"EMR_DefaultRole\",\n        \"JobFlowRole\": \"nodes\"",
            "arn:aws:states:::aws-sdk:ecs:stopTask\", \"Parameters\": { \"Cluster\": \"own\", \"Task.$\": \"$.task\"",
        ),
        hints: r#"[{"state": "Make", "parameter": "Task", "resources": ["arn:aws:ecs:eu-west-1:444455556666:task/own/1234abcd12ab34cd56ef1234567890ab"]}]"#,
        token: "/Cluster",
        value: "arn:aws:ecs:eu-west-1:444455556666:cluster/own",
        part: "findings_by_state.",
    },
];

impl Change {
    fn is_of(&self, row: &Reviewed<'_>) -> bool {
        self.row == row.begins && (self.covers.is_empty() || self.covers == row.part)
    }

    fn edited(&self, asked: &Asked) -> Asked {
        let mut edited = asked.edited(&[self.edit]);
        if !self.hints.is_empty() {
            let hints: Json = serde_json::from_str(self.hints).expect("hints in JSON");
            edited.options.insert("resource_hint".into(), value_of(&hints));
        }
        edited
    }

    /// Whether two values of the token lead to the same result: its own, or another one where that is the
    /// error of the case.
    fn is_same(&self, asked: &Asked) -> Option<bool> {
        let tokens = Tokens::of(&asked.definition, &asked.options).expect("a definition without tokens");
        let at = (0..tokens.len()).find(|at| tokens.path(*at).ends_with(self.token))?;
        let with = |value: &str| {
            let options = tokens.options(&asked.options, &[at], Some(&[value.to_owned()]));
            Some(part_of(analyze(&tokens.definition, &options).ok()?, self.part))
        };
        let own = with(tokens.value(at)).or_else(|| with("hostile"));
        Some(own? == with(self.value)?)
    }
}

#[test]
fn the_definition_that_a_reviewed_row_names_makes_its_token_matter() {
    let all = all_asked();
    let mut wrong = Vec::new();
    for change in CHANGES {
        assert!(REVIEWED.iter().any(|row| change.is_of(row)), "there is no row {}", change.row);
        assert!(!change.edit.0.is_empty(), "{}: nothing is replaced", change.case);
        let edited = |asked: &Asked| change.edited(asked);
        if !matters_once_edited(&all, change.case, &edited, &|asked| change.is_same(asked)) {
            wrong.push(change.case);
        }
    }
    assert!(wrong.is_empty(), "the token matters before the change, or not after it: {wrong:#?}");
}

/// Whoever adds a row shows the definition in which its token matters.
#[test]
fn every_reviewed_row_has_a_definition_in_which_its_token_matters() {
    let is_without = |row: &&Reviewed<'_>| !CHANGES.iter().any(|one| one.is_of(row));
    let without: Vec<&str> = REVIEWED.iter().filter(is_without).map(|row| row.begins).collect();
    assert!(without.is_empty(), "add a change for these rows to `CHANGES`: {without:#?}");
}
