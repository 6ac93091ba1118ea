//! Modules, other tools, and tests of a configuration.

use std::fs;

use serde_json::Value as Json;

use super::{TOPIC, block, page, publishing};
use crate::cli::{Cli, Tool};
use crate::configuration::{FUNCTION, calling, data};
use crate::workspace::{REQUIRED, Workspace};

/// A definition with one task, whose permission also has a condition.
const JOB: &str = r#"{"StartAt": "Run", "States": {"Run": {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask", "End": true,
  "Parameters": {"Cluster": "arn:aws:ecs:eu-west-1:111122223333:cluster/jobs", "TaskDefinition": "arn:aws:ecs:eu-west-1:111122223333:task-definition/job:1",
    "LaunchType": "FARGATE", "Overrides": {"TaskRoleArn": "arn:aws:iam::111122223333:role/job"}}}}}"#;

/// Modules with the inputs of the real ones that return the document that they would attach.
const STAND_INS: [(&str, &str); 2] = [
    (
        "terraform-aws-modules/step-functions/aws",
        r#"
variable "name" { type = string }
variable "definition" { type = string }
variable "attach_policy_json" { type = bool }
variable "policy_json" { type = string }
output "document" { value = var.attach_policy_json ? var.policy_json : null }
"#,
    ),
    (
        "cloudposse/step-functions/aws",
        r#"
variable "name" { type = string }
variable "step_function_name" { type = string }
variable "definition" { type = any }
variable "iam_policies" {
  type = map(object({
    effect    = string
    actions   = optional(list(string))
    resources = optional(list(string))
    condition = optional(list(object({ test = string, variable = string, values = list(string) })))
  }))
}
output "document" {
  value = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for policy in values(var.iam_policies) : merge(
        { Effect = policy.effect, Action = policy.actions, Resource = policy.resources },
        length(policy.condition) == 0 ? {} : {
          Condition = {
            for test in distinct(policy.condition[*].test) :
            test => { for one in policy.condition : one.variable => one.values if one.test == test }
          }
        }
      )
    ]
  })
}
"#,
    ),
];

pub(crate) fn modules_take_the_policy(cli: &Cli) {
    let recipes = page("recipes.md");
    for (source, stand_in) in STAND_INS {
        let recipe = block(&recipes, "terraform", source);
        let (before, after) = recipe.split_once(&format!("\"{source}\"")).unwrap();
        // A local module has no version.
        let (_, after) = after.split_once("\n\n").unwrap();
        let outputs = "output \"given\" {\n  value = module.step_function.document\n}\n\
                       output \"wanted\" {\n  value = data.sfniam_policy.orders.json\n}\n";
        let configuration = format!("{REQUIRED}{before}\"./stand-in\"\n\n{after}\n{outputs}");
        let workspace = Workspace::new(
            cli,
            &[("main.tf", &configuration), ("orders.asl.json", JOB), ("stand-in/main.tf", stand_in)],
        );
        let (_, plan) = workspace.plan();
        let outputs = &plan["planned_values"]["outputs"];
        let document = |name: &str| -> Json {
            serde_json::from_str(outputs[name]["value"].as_str().expect("a document")).expect("JSON")
        };
        let wanted = document("wanted");
        assert!(wanted.to_string().contains("iam:PassedToService"), "{wanted}");
        assert_eq!(document("given"), wanted, "{source}");
    }
}

pub(crate) fn the_tests_of_the_recipe_pass(cli: &Cli) {
    let recipes = page("recipes.md");
    let workspace = Workspace::with(cli, &block(&recipes, "terraform", "postcondition"));
    workspace.write("orders.asl.json", &publishing(TOPIC));
    workspace.write("tests/any-topic.asl.json", &publishing(r#""TopicArn.$": "$.topic""#));
    workspace.write("tests/orders.tftest.hcl", &block(&recipes, "hcl", "tests/orders.tftest.hcl"));
    workspace.run(&["test"]).expect_success().expect(&["2 passed, 0 failed"]);
    workspace.write("orders.asl.json", &publishing(&TOPIC.replace(":orders", ":bills")));
    workspace.run(&["test"]).expect_failure(&["The role must be allowed to publish to the topic."]);
}

pub(crate) fn mocks_are_as_the_recipe_says(cli: &Cli) {
    let recipes = page("recipes.md");
    let workspace = Workspace::with(cli, &block(&recipes, "terraform", "postcondition"));
    workspace.write("orders.asl.json", &publishing(TOPIC));
    let mocked = block(&recipes, "hcl", "tests/mocked.tftest.hcl");
    workspace.write("tests/mocked.tftest.hcl", &mocked);
    workspace.run(&["test"]).expect_success().expect(&["1 passed, 0 failed"]);
    // Without the override, the document is not JSON.
    let (before, rest) = mocked.split_once("  override_data").unwrap();
    let (_, after) = rest.split_once("\n  }\n").unwrap();
    workspace.write("tests/mocked.tftest.hcl", &format!("{before}{after}"));
    workspace.run(&["test"]).expect_failure(&["jsondecode"]);
}

/// Lists of objects are empty in a mock; what replaces them depends on the tool.
pub(crate) fn lists_in_mocks_are_as_the_recipe_says(cli: &Cli) {
    let policy = data("it", &calling(FUNCTION), "");
    let workspace = Workspace::with(
        cli,
        &format!("{policy}output \"findings\" {{\n  value = data.sfniam_policy.it.findings\n}}\n"),
    );
    let test = |values: &str, condition: &str| {
        let data =
            format!("  override_data {{\n    target = data.sfniam_policy.it\n    values = {values}\n  }}\n");
        let data = if values.is_empty() { String::new() } else { data };
        let assert = format!("  assert {{\n    condition = {condition}\n    error_message = \"no\"\n  }}\n");
        let mock = format!("mock_provider \"sfniam\" {{\n{data}}}\n");
        workspace.write(
            "tests/mocked.tftest.hcl",
            &format!("{mock}run \"one\" {{\n  command = plan\n{assert}}}\n"),
        );
        workspace.run(&["test"])
    };
    test("", "length(output.findings) == 0").expect_success();
    let whole = r#"{ findings = [{ actions = [], code = "open-part", docs = "", message = "m", parameter = "p", pointer = "", resources = [], severity = "info", state = "s" }] }"#;
    let is_there = "output.findings[0].code == \"open-part\"";
    if cli.label().starts_with("tofu") {
        test(whole, is_there).expect_success();
        let part = r#"{ findings = [{ code = "open-part" }] }"#;
        test(part, is_there).expect_failure(&["are required"]);
    } else {
        test(whole, is_there).expect_failure(&["incompatible types"]);
    }
}

pub(crate) fn definitions_come_out_of_templates(cli: &Cli, jq: &Tool) {
    let recipes = page("recipes.md");
    let workspace = Workspace::with(cli, "");
    workspace.write("definition.jq", &block(&recipes, "jq", "def text"));
    let definition = publishing(r#""TopicArn": "TOPIC""#).replace("arn:aws:states", "arn:PARTITION:states");
    let (begin, rest) = definition.split_once("PARTITION").unwrap();
    let (middle, end) = rest.split_once("TOPIC").unwrap();
    let token = "${OrdersTopicA1B2C3}";
    let parts =
        serde_json::json!([begin, { "Ref": "AWS::Partition" }, middle, { "Ref": "OrdersTopicA1B2C3" }, end]);
    let sub = definition.replace("PARTITION", "${AWS::Partition}").replace("TOPIC", token);
    let object: Json = serde_json::from_str(&sub).unwrap();
    let shell = block(&recipes, "shell", "definition.jq");
    let (jq_line, sfniam_lines) = shell.split_once('\n').unwrap();
    for properties in [
        serde_json::json!({ "DefinitionString": { "Fn::Join": ["", parts] } }),
        serde_json::json!({ "DefinitionString": { "Fn::Sub": sub.clone() } }),
        serde_json::json!({ "DefinitionString": { "Fn::Sub": [sub.clone(), {}] } }),
        serde_json::json!({ "DefinitionString": sub.clone() }),
        serde_json::json!({ "Definition": object.clone() }),
    ] {
        let template = serde_json::json!({ "Resources": { "Orders": { "Properties": properties } } });
        workspace.write("cdk.out/Shop.template.json", &template.to_string());
        workspace.shell(jq_line, &[&jq.program]);
        let document: Json = serde_json::from_str(&workspace.shell(sfniam_lines, &[])).unwrap();
        let statement = &document["Statement"][0];
        assert_eq!(statement["Resource"], serde_json::json!(["arn:aws:sns:eu-west-1:111122223333:orders"]));
    }
}

pub(crate) fn the_shell_lines_of_sam_work(cli: &Cli) {
    let workspace = Workspace::with(cli, "");
    workspace.write("orders.asl.json", &publishing(r#""TopicArn": "${OrdersTopic}""#));
    workspace.shell(&block(&page("recipes.md"), "shell", "orders.policy.json"), &[]);
    let policy = fs::read_to_string(workspace.path("work/orders.policy.json")).unwrap();
    assert!(policy.contains("\"arn:aws:sns:eu-west-1:111122223333:orders\""), "{policy}");
    let check = "sfniam check --definition-substitutions '{\"OrdersTopic\": \"arn:aws:sns:eu-west-1:111122223333:orders\"}' \
                 --region eu-west-1 --account-id 111122223333 --policy orders.policy.json orders.asl.json";
    workspace.shell(check, &[]);
}

/// Without the engine: a stub of `@pulumi/aws` prints its arguments.
pub(crate) fn the_program_for_pulumi_gives_the_policy(cli: &Cli, node: &Tool) {
    let program = block(&page("recipes.md"), "typescript", "@pulumi/aws");
    assert!(program.lines().count() <= 20, "{program}");
    let workspace = Workspace::with(cli, "");
    workspace.write("orders.asl.json", &publishing(TOPIC));
    workspace.write("node_modules/@pulumi/aws/package.json", r#"{"type": "module", "main": "index.js"}"#);
    let stand_in = "class Made { constructor(name, given) { console.log(JSON.stringify(given)); } }\n\
                    export const iam = { Role: Made, RolePolicy: Made };\nexport const sfn = { StateMachine: Made };\n";
    workspace.write("node_modules/@pulumi/aws/index.js", stand_in);
    // Without the types, the program is JavaScript.
    workspace.write("program.mjs", &program.replace(": string", ""));
    let line = format!("{} program.mjs", node.program.file_name().unwrap().to_str().unwrap());
    let said = workspace.shell(&line, &[&node.program]);
    let made: Vec<Json> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let document = |value: &Json| -> Json { serde_json::from_str(value.as_str().unwrap()).unwrap() };
    let trust = document(&made[0]["assumeRolePolicy"]);
    assert_eq!(trust["Statement"][0]["Action"], serde_json::json!(["sts:AssumeRole"]));
    let policy = document(&made[1]["policy"]);
    assert_eq!(policy["Statement"][0]["Action"], serde_json::json!(["sns:Publish"]));
    assert_eq!(made[2]["name"], "orders");
}

/// The members in camel case are attributes of the schema.
pub(crate) fn the_program_for_cdktf_names_attributes(cli: &Cli) {
    let program = block(&page("recipes.md"), "typescript", "cdktf");
    assert!(program.lines().count() <= 20, "{program}");
    let (_, given) = program.split_once("new DataSfniamPolicy(stack, \"generated\", {").unwrap();
    let (given, rest) = given.split_once('}').unwrap();
    let arguments = given.split(',').map(|one| one.split(':').next().unwrap().trim());
    let read = rest
        .split("generated.")
        .skip(1)
        .map(|text| text.split(|c: char| !c.is_alphanumeric()).next().unwrap());
    let configuration = REQUIRED;
    let workspace = Workspace::new(cli, &[("main.tf", configuration)]);
    let output = workspace.command().args(["providers", "schema", "-json"]).output().unwrap();
    let schema: Json = serde_json::from_slice(&output.stdout).unwrap();
    let providers = schema["provider_schemas"].as_object().unwrap();
    let attributes =
        &providers.values().next().unwrap()["data_source_schemas"]["sfniam_policy"]["block"]["attributes"];
    for name in arguments.chain(read) {
        let snake: String = name
            .chars()
            .map(|c| if c.is_uppercase() { format!("_{}", c.to_lowercase()) } else { c.to_string() })
            .collect();
        assert!(!attributes[&snake].is_null(), "{snake}");
    }
}
