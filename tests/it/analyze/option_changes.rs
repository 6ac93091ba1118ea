//! Reviewed rows of the law of options whose value changes nothing in the case itself: in the definition that
//! the row names, it does.

use serde_json::Value as Json;
use sfniam::protocol::value::{Members, Value};

use crate::support::arguments::value as value_of;

use super::report::Reviewed;
use super::tokens::Tokens;
use super::{Asked, all_asked, analyze, matters_once_edited, part_of};

/// A row, and the change of its case that makes the option matter.
pub(super) struct OptionChange {
    /// How what was unknown and the case's name begin: the option, and the case.
    row: &'static str,
    /// A part of the place in the result that stays unknown.
    covers: &'static str,
    /// The value that would change it.
    why: &'static str,
    /// What is replaced in the definition, and by what.
    edits: &'static [(&'static str, &'static str)],
    /// Two values of the option, in JSON; of tokens those whose paths end so, the others keep theirs.
    values: [&'static str; 2],
    /// The place in the result that differs.
    part: &'static str,
}

pub(super) const CHANGES: &[OptionChange] = &[
    OptionChange {
        row: "input integrations/apigateway/invoke.auth-dynamic ",
        covers: ".findings",
        why: "whether the role signs the call, if the path were not known",
        edits: &[(r#""Path": "pets""#, r#""Path.$": "$.path""#)],
        values: [r#"{"auth": "NO_AUTH"}"#, r#"{"auth": "IAM_ROLE"}"#],
        part: "findings_by_state./States/Call",
    },
    OptionChange {
        row: "input integrations/apigateway/invoke.connections ",
        covers: "",
        why: "another path, if its beginning were not known",
        edits: &[("/@connections/{}", "{}")],
        values: [r#"{"connection": "pets"}"#, r#"{"connection": "@connections/1"}"#],
        part: "json",
    },
    OptionChange {
        row: "input integrations/apigateway/invoke.partly-known ",
        covers: ".actions_by_service",
        why: "a connection, if the beginning of the path were not known",
        edits: &[("pets/{}", "{}")],
        values: [r#"{"pet": "pets"}"#, r#"{"pet": "@connections/1"}"#],
        part: "actions_by_service",
    },
    OptionChange {
        row: "input integrations/athena/startQueryExecution.sync.partly-known-location ",
        covers: ".permissions",
        why: "another bucket, if it were not known",
        edits: &[("s3://results/{}/", "s3://{}/")],
        values: [r#"{"day": "one"}"#, r#"{"day": "other"}"#],
        part: "permissions./States/Query.3.resources",
    },
    OptionChange {
        row: "input integrations/athena/startQueryExecution.sync.partly-known-query ",
        covers: "",
        why: "a query that writes, if its verb were not known",
        edits: &[(r#"SELECT * FROM orders WHERE day = \\'{}\\'"#, "{}")],
        values: [r#"{"day": "SELECT 1"}"#, r#"{"day": "CREATE TABLE t AS SELECT 1"}"#],
        part: "actions_by_service.glue",
    },
    OptionChange {
        row: "input integrations/bedrock/invokeModel.prefix ",
        covers: ".actions_by_service",
        why: "an endpoint of a Marketplace model, if the beginning of the model were not known",
        edits: &[("'anthropic.claude-' & ", "")],
        values: [
            r#"{"version": "anthropic.claude-v2"}"#,
            r#"{"version": "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/market"}"#,
        ],
        part: "actions_by_service",
    },
    OptionChange {
        row: "input integrations/bedrock/invokeModel.profile-prefix ",
        covers: ".actions_by_service",
        why: "an endpoint of a Marketplace model, if the beginning of the model were not known",
        edits: &[("'eu.anthropic.claude-' & ", "")],
        values: [
            r#"{"version": "anthropic.claude-v2"}"#,
            r#"{"version": "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/market"}"#,
        ],
        part: "actions_by_service",
    },
    OptionChange {
        row: "input integrations/bedrock/invokeModel.region-unknown ",
        covers: ".actions_by_service",
        why: "an endpoint of a Marketplace model, if the type of the ARN were not known",
        edits: &[("arn:aws:bedrock:{}::foundation-model/anthropic.claude-3-5-sonnet-20240620-v1:0", "{}")],
        values: [
            r#"{"region": "anthropic.claude-v2"}"#,
            r#"{"region": "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/market"}"#,
        ],
        part: "actions_by_service",
    },
    OptionChange {
        row: "input integrations/bedrockagentcore/invokeHarness.qualifier-sometimes ",
        covers: ".findings",
        why: "whether it is the canary, if its qualifier were not known",
        edits: &[("'live'", "$states.input.name")],
        values: [r#"{"canary": true}"#, r#"{"canary": false}"#],
        part: "findings_by_state./States/Call",
    },
    OptionChange {
        row: "input integrations/bedrockagentcore/invokeHarness.user ",
        covers: ".findings",
        why: "no user, if the harness were not known",
        edits: &[(
            r#""HarnessArn": "arn:aws:bedrock-agentcore:eu-west-1:111122223333:harness/support-a1b2c3d4e5""#,
            r#""HarnessArn.$": "$.harness""#,
        )],
        values: [r#"{"user": "u"}"#, r#"{"user": null}"#],
        part: "findings_by_state./States/Call",
    },
    OptionChange {
        row: "input integrations/codebuild/stopBuild.partly-known ",
        covers: "",
        why: "a build of another project, if the project were not known",
        edits: &[("shop:{}", "{}")],
        values: [r#"{"uuid": "shop:1"}"#, r#"{"uuid": "other:1"}"#],
        part: "json",
    },
    OptionChange {
        row: "input integrations/elasticmapreduce/createCluster.sync.partly-known ",
        covers: ".permissions",
        why: "the profile of which the role is known, if the end of its name were not known",
        edits: &[("instance-profile/{}-nodes", "instance-profile/{}")],
        values: [r#"{"team": "a"}"#, r#"{"team": "EMR_EC2_DefaultRole"}"#],
        part: "permissions./States/Create.3.resources",
    },
    OptionChange {
        row: "input integrations/sns/publish.target-dynamic ",
        covers: "",
        why: "no target, if there were a topic too",
        edits: &[(
            r#""TargetArn.$": "$.target""#,
            r#""TopicArn": "arn:aws:sns:eu-west-1:111122223333:orders", "TargetArn.$": "$.target""#,
        )],
        values: [r#"{"target": null}"#, r#"{"target": "arn:aws:sns:eu-west-1:111122223333:other"}"#],
        part: "json",
    },
    OptionChange {
        row: "input machines/distributed-map/all-dynamic ",
        covers: ".findings_by_state.",
        why: "a bucket of another kind, if no object were read",
        edits: &[("arn:aws:states:::s3:getObject", "arn:aws:states:::s3:listObjectsV2")],
        values: [r#"{"bucket": "in"}"#, r#"{"bucket": "fast--euw1-az1--x-s3"}"#],
        part: "findings_by_state.",
    },
    OptionChange {
        row: "input machines/distributed-map/version ",
        covers: ".findings",
        why: "no version, if the key were not known",
        edits: &[(r#""Key": "a.json""#, r#""Key.$": "$.key""#)],
        values: [r#"{"version": "1"}"#, r#"{"version": null}"#],
        part: "findings_by_state./States/Each",
    },
    OptionChange {
        row: "input machines/values/two-ways ",
        covers: "",
        why: "another function, if one of the ways did not name one",
        edits: &[(
            r#""Result": "big",
      "ResultPath": "$.function""#,
            r#""Result": "big",
      "ResultPath": "$.kind""#,
        )],
        values: [r#"{"function": "one"}"#, r#"{"function": "other"}"#],
        part: "json",
    },
    OptionChange {
        row: "input problems/values/beginning-of-a-layer-in-place-of-a-function ",
        covers: ".findings",
        why: "another ID, if that were a function's",
        edits: &[("layer:{}", "function:{}")],
        values: ["{}", r#"{"id": "price"}"#],
        part: "findings_by_state./States/Call",
    },
    OptionChange {
        row: "input sdk/sfn/describeStateMachine.version-dynamic ",
        covers: "",
        why: "another state machine, if its name were not known",
        edits: &[("stateMachine:Other:{}", "stateMachine:{}")],
        values: [r#"{"version": "One"}"#, r#"{"version": "Other"}"#],
        part: "json",
    },
    OptionChange {
        row: "input sdk/sfn/sendTaskFailure ",
        covers: "",
        why: "another topic, if it were one and not a token, which shows nothing",
        edits: &[("sfn:sendTaskFailure", "sns:publish"), ("TaskToken", "TopicArn")],
        values: [
            r#"{"token": "arn:aws:sns:eu-west-1:111122223333:one"}"#,
            r#"{"token": "arn:aws:sns:eu-west-1:111122223333:other"}"#,
        ],
        part: "json",
    },
    OptionChange {
        row: "input sdk/sfn/sendTaskSuccess ",
        covers: "",
        why: "another topic, if it were one and not a token, which shows nothing",
        edits: &[("sfn:sendTaskSuccess", "sns:publish"), ("TaskToken", "TopicArn")],
        values: [
            r#"{"t": "arn:aws:sns:eu-west-1:111122223333:one"}"#,
            r#"{"t": "arn:aws:sns:eu-west-1:111122223333:other"}"#,
        ],
        part: "json",
    },
    OptionChange {
        row: "input sdk/ssm/addTagsToResource.type-at-run-time ",
        covers: ".findings",
        why: "another type, if the ID were not known",
        edits: &[(r#""ResourceId": "restart""#, r#""ResourceId.$": "$.id""#)],
        values: [r#"{"type": "Parameter"}"#, r#"{"type": "Document"}"#],
        part: "findings_by_state./States/Call",
    },
    OptionChange {
        row: "definition_substitutions integrations/mediaconvert/createJob.hops-default ",
        covers: ".documents_by_service.mediaconvert",
        why: "another queue, if the hop without a queue did not allow every queue",
        edits: &[(r#""HopDestinations": [{ "WaitMinutes": 10 }],"#, "")],
        values: [r#"{"/Queue": "Fast"}"#, r#"{"/Queue": "Slow"}"#],
        part: "documents_by_service.mediaconvert",
    },
    OptionChange {
        row: "definition_substitutions problems/values/resources-to-tag ",
        covers: "",
        why: "a resource of another service, beside ones that are not the error of the case",
        edits: &[],
        values: [
            r#"{"/ResourceARNList/0": "arn:aws:sqs:eu-west-1:111122223333:a", "/ResourceARNList/1": "arn:aws:sqs:eu-west-1:111122223333:b"}"#,
            r#"{"/ResourceARNList/0": "arn:aws:sqs:eu-west-1:111122223333:a", "/ResourceARNList/1": "arn:aws:sns:eu-west-1:111122223333:b"}"#,
        ],
        part: "json",
    },
    OptionChange {
        row: "definition_substitutions sdk/s3control/getDataAccess.owner ",
        covers: ".size",
        why: "the own account, if the same were called there too",
        edits: &[(
            "\"End\": true\n    }",
            "\"Next\": \"Own\"\n    },\n    \"Own\": {\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::aws-sdk:s3control:getDataAccess\", \"Parameters\": {\"Target\": \"s3://shared/*\", \"Permission\": \"READ\", \"AccountId\": \"111122223333\"}, \"End\": true}",
        )],
        values: [
            r#"{"/Call/Parameters/AccountId": "111122223333"}"#,
            r#"{"/Call/Parameters/AccountId": "444455556666"}"#,
        ],
        part: "size",
    },
];

impl OptionChange {
    /// The row of the law.
    pub(super) fn reviewed(&self) -> Reviewed<'static> {
        Reviewed { begins: self.row, part: self.covers, value: self.why }
    }

    fn option(&self) -> &'static str {
        self.row.split(' ').next().unwrap_or_default()
    }

    fn case(&self) -> &'static str {
        self.row.split(' ').nth(1).unwrap_or_default()
    }

    /// Whether the two values lead to the same part of the result.
    fn is_same(&self, asked: &Asked) -> Option<bool> {
        let [one, two] = self.values.map(|value| self.part_with(&asked.definition, &asked.options, value));
        Some(one? == two?)
    }

    fn part_with(&self, definition: &str, options: &Members, value: &str) -> Option<Value> {
        let json: Json = serde_json::from_str(value).expect("a value in JSON");
        let option = self.option();
        let said = if option == "definition_substitutions" {
            let tokens = Tokens::of(definition, options).expect("a definition without tokens");
            let options = self.with_tokens(&tokens, options, &json);
            analyze(&tokens.definition, &options)
        } else {
            let value = if option == "input" { value.into() } else { value_of(&json) };
            let mut options = options.clone();
            options.insert(option.to_owned().into(), value);
            analyze(definition, &options)
        };
        Some(part_of(said.ok()?, self.part))
    }

    fn with_tokens(&self, tokens: &Tokens, options: &Members, json: &Json) -> Members {
        let all = json.as_object().expect("an object").iter();
        // Others are tokens that the definition does not have.
        let (given, more): (Vec<_>, Vec<_>) = all.partition(|(end, _)| end.starts_with('/'));
        let of = |(end, value): (&String, &Json)| {
            let at = (0..tokens.len()).find(|at| tokens.path(*at).ends_with(end.as_str()));
            let at = at.unwrap_or_else(|| panic!("{}: no {end}", self.case()));
            (at, value.as_str().expect("a text").to_owned())
        };
        let (at, values): (Vec<usize>, Vec<String>) = given.into_iter().map(of).unzip();
        let mut options = tokens.options(options, &at, Some(&values));
        if let Some(Value::Object(given)) = options.get_mut("definition_substitutions") {
            given.extend(more.into_iter().map(|(name, value)| (name.clone().into(), value_of(value))));
        }
        options
    }
}

#[test]
fn the_definition_that_a_reviewed_row_names_makes_its_option_matter() {
    let all = all_asked();
    let mut wrong = Vec::new();
    for change in CHANGES {
        let edited = |asked: &Asked| asked.edited(change.edits);
        if !matters_once_edited(&all, change.case(), &edited, &|asked| change.is_same(asked)) {
            wrong.push(change.row);
        }
    }
    assert!(wrong.is_empty(), "the option matters before the change, or not after it: {wrong:#?}");
}
