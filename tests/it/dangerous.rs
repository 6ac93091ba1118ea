//! Wildcards for actions that are dangerous on more than named resources: their code, what stops them, and
//! what accepts them.

use serde_json::{Value, json};
use sfniam::finding::{Code, Finding, Level, OnFinding, Severity};
use sfniam::generator::{Hint, Output, Remedy, Selector, Target, generate};
use sfniam::permissions::Mode;

use crate::support::request;

fn ask(
    resource: &str,
    parameters: &Value,
    mode: Mode,
    levels: &[(Code, Level)],
    hints: Vec<Hint>,
) -> Result<Output, Vec<Finding>> {
    let definition = json!({"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": format!("arn:aws:states:::{resource}"), "Parameters": parameters, "End": true,
    }}});
    let mut asked = request(&definition.to_string(), mode);
    let mut on_finding = OnFinding::default();
    for (code, level) in levels {
        on_finding.set(*code, *level).expect("a level that the code may have");
    }
    asked.on_finding = on_finding;
    asked.hints = hints;
    generate(&asked)
}

fn codes(result: &Result<Output, Vec<Finding>>) -> Vec<(&'static str, Severity)> {
    let findings = result.as_ref().map_or_else(|errors| errors, |output| &output.findings);
    let mut codes: Vec<_> = findings.iter().map(|one| (one.code.name(), one.severity)).collect();
    codes.sort_unstable();
    codes.dedup();
    // The characters that AWS appends to a secret's name are reported in addition.
    let told =
        |code: &str| code.ends_with("wildcard") && code != "aws-wildcard" || code == "unresolved-resource";
    codes.retain(|(code, _)| told(code));
    codes
}

const STOP: &[(Code, Level)] = &[(Code::UnresolvedResource, Level::Error)];
const DANGEROUS: &str = "dangerous-wildcard";

#[test]
fn the_danger_counts_whatever_the_reason_is() {
    let secret = json!({"SecretId.$": "$.secret"});
    let role = json!({"TaskDefinition": "web:3"});
    for (resource, parameters, codes_of, stopped) in [
        ("aws-sdk:secretsmanager:getSecretValue", secret, vec![DANGEROUS], true),
        ("aws-sdk:secretsmanager:getSecretValue", json!({"SecretId": "db"}), vec![], false),
        // A hidden role.
        ("ecs:runTask", role, vec![DANGEROUS], true),
        // There is no resource type for what AWS creates.
        ("aws-sdk:kms:createKey", json!({}), vec![DANGEROUS], false),
        ("aws-sdk:kms:decrypt", json!({"KeyId": "alias/data"}), vec![], false),
        ("aws-sdk:s3:getObject", json!({"Bucket.$": "$.b", "Key": "k"}), vec![DANGEROUS], true),
        (
            "aws-sdk:s3:getObject",
            json!({"Bucket.$": "States.Format('team-{}', $.b)", "Key": "k"}),
            vec!["unresolved-resource"],
            true,
        ),
        ("aws-sdk:s3:getObject", json!({"Bucket": "b", "Key.$": "$.k"}), vec![], false),
        ("lambda:invoke", json!({"FunctionName.$": "$.f"}), vec![DANGEROUS], true),
        ("sns:publish", json!({"TopicArn.$": "$.t", "Message": "m"}), vec!["unresolved-resource"], true),
    ] {
        let told = format!("{resource} {parameters}");
        let open = ask(resource, &parameters, Mode::LeastPrivilege, &[], vec![]);
        let found: Vec<&str> = codes(&open).into_iter().map(|(code, _)| code).collect();
        assert_eq!(found, codes_of, "{told}");
        assert!(open.is_ok(), "{told}");
        let result = ask(resource, &parameters, Mode::LeastPrivilege, STOP, vec![]);
        assert_eq!(result.is_err(), stopped, "{told}: {:?}", codes(&result));
    }
}

#[test]
fn what_follows_a_job_is_no_danger_and_what_destroys_is() {
    let job = json!({"JobName": "j", "JobDefinition": "d", "JobQueue": "q"});
    let followed = ask("batch:submitJob.sync", &job, Mode::Template, &[], vec![]);
    let actions = |result: &Result<Output, Vec<Finding>>| -> Vec<String> {
        let output = result.as_ref().expect("a policy");
        output.policy.statements.iter().flat_map(|one| one.actions.clone()).collect()
    };
    assert!(actions(&followed).contains(&"batch:TerminateJob".to_owned()));
    assert!(codes(&followed).iter().all(|(code, _)| *code != DANGEROUS), "{:?}", codes(&followed));
    let parameters = json!({"JobId.$": "$.job", "Reason": "r"});
    let destroys = ask("aws-sdk:batch:terminateJob", &parameters, Mode::Template, &[], vec![]);
    assert_eq!(codes(&destroys), [(DANGEROUS, Severity::Warning)]);
}

#[test]
fn it_can_be_raised_and_not_lowered_and_a_hint_with_a_reason_accepts_it() {
    let parameters = json!({"SecretId.$": "$.secret"});
    let asked = |levels: &[(Code, Level)], hints: Vec<Hint>| {
        ask("aws-sdk:secretsmanager:getSecretValue", &parameters, Mode::LeastPrivilege, levels, hints)
    };
    for level in [Level::Info, Level::Ignore] {
        assert!(OnFinding::default().set(Code::DangerousWildcard, level).is_err());
    }
    let raised = asked(&[(Code::DangerousWildcard, Level::Error)], vec![]);
    assert_eq!(codes(&raised), [(DANGEROUS, Severity::Error)]);
    for level in [Level::Info, Level::Ignore] {
        let others = asked(&[(Code::UnresolvedResource, level), (Code::AwsWildcard, level)], vec![]);
        assert_eq!(codes(&others), [(DANGEROUS, Severity::Warning)]);
    }
    // Setting it to a warning does not help either.
    let both = [STOP, &[(Code::DangerousWildcard, Level::Warn)]].concat();
    assert_eq!(codes(&asked(&both, vec![])), [(DANGEROUS, Severity::Error)]);

    let hint = |target: Target, remedy: Remedy| {
        vec![Hint { selector: Selector::State("A".to_owned()), target, remedy }]
    };
    let parameter = || Target::Parameter("SecretId".to_owned());
    let accepted = asked(&both, hint(parameter(), Remedy::Accept("Tenants make secrets.".to_owned())));
    assert_eq!(codes(&accepted), [("accepted-wildcard", Severity::Info)]);
    let prefix = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:tenant-*-??????".to_owned();
    let narrowed = hint(parameter(), Remedy::Resources(vec![prefix]));
    assert_eq!(codes(&asked(&[], narrowed.clone())), [(DANGEROUS, Severity::Warning)]);
    assert_eq!(codes(&asked(STOP, narrowed)), [(DANGEROUS, Severity::Error)]);
    let exact = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:tenant-AbCdEf".to_owned();
    assert_eq!(codes(&asked(STOP, hint(parameter(), Remedy::Resources(vec![exact])))), []);
}

#[test]
fn a_wildcard_that_aws_requires_is_accepted_by_its_action() {
    let hint = Hint {
        selector: Selector::State("A".to_owned()),
        target: Target::Action("kms:CreateKey".to_owned()),
        remedy: Remedy::Accept("The machine makes a key for each tenant.".to_owned()),
    };
    let accepted = ask("aws-sdk:kms:createKey", &json!({}), Mode::LeastPrivilege, STOP, vec![hint]);
    assert_eq!(codes(&accepted), [("accepted-wildcard", Severity::Info)]);
}
