//! AWS SDK integrations: what holds for all their cases and for every operation of the catalogue, and the
//! findings about names, guesses and gaps.

use std::collections::BTreeSet;
use std::fs;

use sfniam::asl::flow::{Assumptions, analyse};
use sfniam::asl::{Json, parse};
use sfniam::finding::Severity;
use sfniam::generator::generate;
use sfniam::permissions::{Mode, Settings, requirements};
use sfniam::sdk::catalog;
use sfniam::sdk::evidence::RULES;

use crate::support::{files, policy, request, settings, tests_folder};

#[test]
fn both_modes_ask_for_the_same() {
    for case in files(&tests_folder().join("sdk"), ".asl.json") {
        let definition = fs::read_to_string(&case).expect("the case");
        let document = Json::read(&definition).expect("JSON");
        let (machine, _) = parse(&document);
        let flow = analyse(&machine, &Assumptions::default());
        let [one, other] = Mode::ALL.map(|mode| requirements(&machine, &flow, &settings(mode)).permissions);
        assert_eq!(one, other, "{}", case.display());
    }
}

/// Each permission by a rule of the catalogue states the rule and its confidence.
#[test]
fn every_explanation_names_its_rule() {
    let mut used = BTreeSet::new();
    for case in files(&tests_folder().join("sdk"), ".asl.json") {
        let definition = fs::read_to_string(&case).expect("the case");
        let output = generate(&request(&definition, Mode::LeastPrivilege)).expect("an answer");
        for row in &output.explanation {
            let (rule, confidence) = row.rule.clone().unwrap_or_default();
            assert!(RULES.iter().any(|(name, _)| *name == rule), "{}: {row:?}", case.display());
            assert!(["high", "medium", "low"].contains(&confidence.as_str()), "{}: {row:?}", case.display());
            assert!(!row.note.is_empty(), "{}: {row:?}", case.display());
            used.insert(rule);
        }
    }
    for rule in ["same name", "exception", "REST", "dependent", "tag", "role", "caller's data"] {
        assert!(used.contains(rule), "no case for \"{rule}\"");
    }
}

fn definition(resource: &str, parameters: &str) -> String {
    format!(
        r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:{resource}", "Parameters": {parameters}, "End": true}}}}}}"#
    )
}

fn call(resource: &str, parameters: &str) -> Result<(String, String), String> {
    policy(&definition(resource, parameters), &settings(Mode::LeastPrivilege))
        .map(|(policy, said)| (policy.to_json(), said))
}

/// Not a case, because a bucket known only at run time is not taken for an access point.
#[test]
fn objects_behind_an_access_point() {
    let parameters = r#"{"Bucket": "arn:aws:s3:eu-west-1:111122223333:accesspoint/mine", "Key": "a"}"#;
    let (policy, _) = call("s3:getObject", parameters).expect("a policy");
    assert!(policy.contains("\"arn:aws:s3:eu-west-1:111122223333:accesspoint/mine/object/a\""), "{policy}");
    let (policy, _) = call("s3:listObjectsV2", parameters).expect("a policy");
    assert!(policy.contains("\"arn:aws:s3:eu-west-1:111122223333:accesspoint/mine\""), "{policy}");
    assert!(!policy.contains("/object"), "{policy}");
}

#[test]
fn names_that_nobody_knows() {
    let said = call("stepfunctions:startExecution", "{}").expect_err("no such service");
    assert!(said.contains("no service \"stepfunctions\""), "{said}");
    let said = call("logs:putLogEvents", "{}").expect_err("an IAM prefix is no service");
    assert!(said.contains("Did you mean \"cloudwatchlogs\""), "{said}");
    let said = call("dynamodb:putItems", "{}").expect_err("a slip");
    assert!(said.contains("Did you mean \"putItem\""), "{said}");
}

#[test]
fn a_name_that_is_newer_than_the_catalogue() {
    for mode in Mode::ALL {
        let allowed = Settings {
            allow_unknown_apis: ["dynamodb:foldTable".to_owned()].into_iter().collect(),
            ..settings(mode)
        };
        let definition = definition("dynamodb:foldTable", "{}");
        let said = policy(&definition, &settings(mode)).expect_err("it is not allowed");
        assert!(said.contains("allow_unknown_apis = [\"dynamodb:foldTable\"]"), "{said}");
        let (policy, said) = policy(&definition, &allowed).expect("a policy");
        let policy = policy.to_json();
        assert!(policy.contains("\"dynamodb:FoldTable\"") && policy.contains("\"*\""), "{policy}");
        assert!(said.contains("warning") && said.contains("newer than the catalogue"), "{said}");
    }
}

#[test]
fn what_is_not_certain_is_said() {
    let (_, said) = call("rds:describeServerlessV2PlatformVersions", "{}").expect("a policy");
    assert!(said.contains("rds:DescribeServerlessV2PlatformVersions is assumed"), "{said}");
    let (_, said) =
        call("sts:assumeRole", r#"{"RoleArn": "arn:aws:iam::111122223333:role/r"}"#).expect("a policy");
    assert!(said.contains("Step Functions cannot call"), "{said}");
    let (_, said) = call("qldb:listLedgers", "{}").expect("a policy");
    assert!(said.contains("AWS has closed"), "{said}");
}

#[test]
fn what_is_not_granted_is_said() {
    let (policy, said) =
        call("cloudformation:createStackInstances", r#"{"StackSetName": "s", "Regions": ["eu-west-1"]}"#)
            .expect("a policy");
    assert!(
        !policy.contains("iam:PassRole") && said.contains("pass a role to a service"),
        "{policy}\n{said}"
    );
    let (policy, said) = call("secretsmanager:getSecretValue", r#"{"SecretId": "s"}"#).expect("a policy");
    assert!(!policy.contains("kms:") && said.contains("allows kms:Decrypt"), "{policy}\n{said}");
    let (_, said) = call("accessanalyzer:createAnalyzer", r#"{"AnalyzerName": "a"}"#).expect("a policy");
    assert!(said.contains("service-linked role"), "{said}");
    let (_, said) = call("sts:getCallerIdentity", "{}").expect("a policy");
    assert!(said.contains("IAM checks no permission"), "{said}");
    let tags = r#"{"Tags": {"a": "b"}, "Name": "w"}"#;
    let (policy, said) = call("synthetics:createCanary", tags).expect("a policy");
    assert!(
        policy.contains("synthetics:TagResource")
            && said.contains("assumed to be checked for synthetics:TagResource"),
        "{said}"
    );
}

/// Every operation of the catalogue, without parameters and with all of them known only at run time.
#[test]
fn every_operation_gives_a_policy() {
    for segment in catalog::segments() {
        let service = catalog::service(segment).expect(segment);
        let states: Vec<String> = service
            .operations()
            .flat_map(|name| ["\"Parameters\": {},", ""].map(|parameters| (name, parameters)))
            .enumerate()
            .map(|(number, (name, parameters))| {
                format!(
                    r#""S{number}": {{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:{segment}:{name}", {parameters} "Next": "S{}"}}"#,
                    number + 1
                )
            })
            .collect();
        let last = states.len();
        let definition = format!(
            r#"{{"StartAt": "S0", "States": {{{}{}"S{last}": {{"Type": "Succeed"}}}}}}"#,
            states.join(","),
            if last > 0 { "," } else { "" }
        );
        let document = Json::read(&definition).expect("JSON");
        let (machine, problems) = parse(&document);
        assert_eq!(problems, [], "{segment}");
        let flow = analyse(&machine, &Assumptions::default());
        let requirements = requirements(&machine, &flow, &settings(Mode::LeastPrivilege));
        let error = requirements.problems.iter().find(|problem| problem.severity == Severity::Error);
        assert_eq!(error, None, "{segment}");
        for permission in &requirements.permissions {
            assert!(!permission.grant.resources.is_empty(), "{segment}: {permission:?}");
            assert!(
                !permission.grant.actions.iter().any(|action| action.contains('*')),
                "{segment}: {permission:?}"
            );
        }
    }
}
