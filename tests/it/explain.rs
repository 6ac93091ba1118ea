//! `explain`: by action, by a message about denied access, and in each text format.

use std::process::{Command, Output};

use serde_json::Value;

const ROLE: &str = "arn:aws:sts::111122223333:assumed-role/orders/AbCd";

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_terraform-provider-sfniam"))
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests"))
        .env_clear()
        .arg("explain")
        .args(arguments)
        .output()
        .expect("the program")
}

fn said(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn denied(action: &str, resource: &str, because: &str) -> String {
    format!("User: {ROLE} is not authorized to perform: {action} on resource: {resource} {because}")
}

/// The answer about the first action of a message.
fn answer(message: &str, arguments: &[&str]) -> Value {
    let text = said(&[&["--format", "json", "--denied", message], arguments].concat());
    serde_json::from_str::<Value>(&text).expect("JSON")[0].clone()
}

fn sentences(answer: &Value) -> String {
    let texts =
        answer["explanation"].as_array().expect("a list").iter().map(|text| text.as_str().expect("a text"));
    texts.collect::<Vec<_>>().join(" ")
}

#[test]
fn an_action_is_asked_for_by_its_states() {
    let map = "machines/machine/everything.asl.json";
    let text = said(&["--action", "S3:get*", map]);
    assert!(text.starts_with("Statement 2: Allow s3:GetObject on "), "{text}");
    assert!(
        text.contains("s3:GetObject for s3:getObject in States.Each") && !text.contains("lambda:"),
        "{text}"
    );
    // Only the matching part of a statement.
    let text = said(&["--action", "s3:PutObject", "--action", "lambda:*", "--format", "markdown", map]);
    assert!(text.contains("| `s3:PutObject` |") && text.contains("lambda:InvokeFunction"), "{text}");
    assert!(!text.contains("AbortMultipartUpload"), "{text}");
    let rows: Vec<Value> =
        serde_json::from_str(&said(&["--action", "*:Get*", "--format", "json", map])).expect("JSON");
    assert!(!rows.is_empty() && rows.iter().all(|row| row["actions"] == serde_json::json!(["s3:GetObject"])));
    let text = said(&["--action", "s4:*", map]);
    assert_eq!(text, "No state needs an action that \"s4:*\" matches.\n");
    assert_eq!(run(&["--action", "s3", map]).status.code(), Some(2));
}

#[test]
fn a_machine_that_needs_nothing_is_explained() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("pass.asl.json");
    std::fs::write(&file, r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#)
        .expect("to write");
    let file = file.to_str().expect("UTF-8");
    for format in ["text", "markdown"] {
        assert!(said(&["--format", format, file]).contains("Nothing is needed."));
    }
}

#[test]
fn several_files_are_told_apart() {
    let files = ["integrations/sns/publish.asl.json", "integrations/sqs/sendMessage.asl.json"];
    for format in ["text", "markdown"] {
        let text = said(&[&["--format", format][..], &files].concat());
        let places: Vec<usize> = files.iter().map(|file| text.find(file).expect(file)).collect();
        assert!(places[0] < places[1], "{text}");
        assert!(
            text[..places[1]].contains("sns:Publish") && !text[..places[1]].contains("sqs:SendMessage"),
            "{text}"
        );
    }
    let json: Value =
        serde_json::from_str(&said(&[&["--format", "json"][..], &files].concat())).expect("JSON");
    assert!(files.iter().all(|file| json[file].is_array()));
    let told = said(
        &[
            &["--denied", &denied("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:orders", "")][..],
            &files,
        ]
        .concat(),
    );
    let (first, second) = told.split_once(files[1]).expect("both");
    assert!(first.contains("no state needs it") && second.contains("The policy allows it."), "{told}");
}

#[test]
fn what_the_policy_allows_was_not_attached() {
    let topic = "arn:aws:sns:eu-west-1:111122223333:orders";
    let because = "because no identity-based policy allows the SNS:Publish action";
    let answer = answer(&denied("SNS:Publish", topic, because), &["integrations/sns/publish.asl.json"]);
    assert_eq!((&answer["action"], &answer["allowed"]), (&"sns:Publish".into(), &"yes".into()));
    assert_eq!(answer["asked_by"][0]["states"][0], "States.Announce");
    assert!(sentences(&answer).contains("does not have this policy"), "{answer}");
}

#[test]
fn what_is_on_another_resource_says_in_what_it_differs() {
    for (resource, differs) in [
        (
            "arn:aws:sns:eu-west-1:111122223333:others",
            "The name is \"others\" in the message, and \"orders\" in the policy.",
        ),
        (
            "arn:aws:sns:us-east-1:111122223333:orders",
            "The Region is \"us-east-1\" in the message, and \"eu-west-1\"",
        ),
        ("arn:aws:sns:eu-west-1:444455556666:orders", "The account is \"444455556666\" in the message"),
        ("arn:aws-cn:sns:eu-west-1:111122223333:orders", "The partition is \"aws-cn\""),
    ] {
        let answer = answer(&denied("sns:Publish", resource, ""), &["integrations/sns/publish.asl.json"]);
        assert_eq!(answer["allowed"], "no", "{answer}");
        assert!(sentences(&answer).contains(differs), "{answer}");
    }
    // Some services hide digits of the account, so it may be this one.
    let hidden = denied("sns:Publish", "arn:aws:sns:eu-west-1:********3333:orders", "");
    assert_eq!(answer(&hidden, &["integrations/sns/publish.asl.json"])["allowed"], "partly");
    let other = denied("sns:Publish", "arn:aws:sns:eu-west-1:********6666:orders", "");
    assert_eq!(answer(&other, &["integrations/sns/publish.asl.json"])["allowed"], "no");
}

#[test]
fn what_no_state_asks_for_says_why() {
    let file = &["integrations/sns/publish.asl.json"];
    let bucket = denied("s3:GetObject", "arn:aws:s3:::b/k", "because no identity-based policy allows it");
    let of_bucket = answer(&bucket, file);
    assert_eq!((&of_bucket["allowed"], &of_bucket["asked_by"]), (&"no".into(), &serde_json::json!([])));
    let text = sentences(&of_bucket);
    assert!(
        text.contains("No state needs any action of \"s3\".") && text.contains("aws-sdk:s3:getObject"),
        "{text}"
    );
    let topic = denied("sns:Subscribe", "arn:aws:sns:eu-west-1:111122223333:orders", "");
    let text = sentences(&answer(&topic, file));
    assert!(text.contains("States.Announce (sns:publish) needs sns:Publish"), "{text}");
    let text =
        sentences(&answer(&denied("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/k", ""), file));
    assert!(text.contains("kms_key_arns"), "{text}");
    let elsewhere = "with an explicit deny in a service control policy";
    let text = sentences(&answer(&denied("s3:GetObject", "arn:aws:s3:::b/k", elsewhere), file));
    assert!(text.contains("a service control policy of the organization"), "{text}");
}

#[test]
fn messages_of_step_functions_itself() {
    let file = &["integrations/batch/submitJob.sync.asl.json"];
    let rule = answer("'arn:aws:iam::111122223333:role/r' is not authorized to create managed-rule.", file);
    assert_eq!((&rule["action"], &rule["allowed"]), (&"events:PutRule".into(), &"partly".into()), "{rule}");
    let trust = answer(
        "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.",
        file,
    );
    assert!(sentences(&trust).contains("assume_role_policy_json"), "{trust}");
    let logs = "The state machine IAM Role is not authorized to access the Log Destination";
    assert_eq!(answer(logs, file)["allowed"], "no");
    let logging = &["--logging-configuration", r#"{"level": "ALL"}"#, file[0]];
    assert_eq!(answer(logs, logging)["allowed"], "yes");
}

#[test]
fn a_role_that_a_task_assumes_has_its_own_policy() {
    let file = "machines/credentials/beside-own.asl.json";
    let assumed: Value = serde_json::from_str(&{
        let output = Command::new(env!("CARGO_BIN_EXE_terraform-provider-sfniam"))
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests"))
            .args(["policy", "--output", "assumed_role_policies", file])
            .output()
            .expect("the program");
        String::from_utf8(output.stdout).expect("UTF-8")
    })
    .expect("JSON");
    let (role, policy) = assumed.as_object().expect("roles").iter().next().expect("a role");
    let policy: Value = serde_json::from_str(policy.as_str().expect("a text")).expect("JSON");
    let action = policy["Statement"][0]["Action"][0].as_str().expect("an action");
    let resource = policy["Statement"][0]["Resource"][0].as_str().expect("a resource").replace('*', "x");
    let fields: Vec<&str> = role.split([':', '/']).collect();
    let session = format!("arn:aws:sts::{}:assumed-role/{}/s", fields[4], fields[fields.len() - 1]);
    let message = format!("User: {session} is not authorized to perform: {action} on resource: {resource}");
    let told = answer(&message, &[file]);
    assert_eq!(told["allowed"], "yes", "{told}");
    assert!(sentences(&told).contains("which tasks assume"), "{told}");
}

#[test]
fn what_is_no_such_message_is_a_wrong_command() {
    let output = run(&["--denied", "Access Denied", "integrations/sns/publish.asl.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("does not name an action"), "{output:?}");
    let both = run(&[
        "--denied",
        &denied("s3:Get", "*", ""),
        "--action",
        "s3:*",
        "integrations/sns/publish.asl.json",
    ]);
    assert_eq!(both.status.code(), Some(2));
}

#[test]
fn hostile_messages_stay_text() {
    let hostile = format!(
        "User: {ROLE} is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/\u{1b}[2J<img src=x>`|\" \u{202e}"
    );
    for format in ["text", "markdown", "json"] {
        let text = said(&["--format", format, "--denied", &hostile, "machines/machine/everything.asl.json"]);
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
        assert!(format != "markdown" || !text.replace("\\<", "").contains("<img"), "{text}");
    }
}
