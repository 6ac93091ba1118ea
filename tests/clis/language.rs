//! The provider within what the languages of Terraform and OpenTofu offer: modules, aliases, expressions,
//! dynamic blocks, checks.

use serde_json::{Value as Json, json};

use crate::cli::{Cli, Feature};
use crate::configuration::{data, task};
use crate::workspace::{REQUIRED, Workspace};

const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:readers";

/// A definition that publishes to the topic.
fn publishing() -> String {
    let state = json!({"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true,
        "Parameters": {"TopicArn": TOPIC, "Message": "m"}});
    json!({"StartAt": "Tell", "States": {"Tell": state}}).to_string()
}

/// A definition whose topic comes from the input, as HCL text.
fn any_topic() -> String {
    task("arn:aws:states:::sns:publish", "\"TopicArn.$\" = \"$.topic\", Message = \"m\"")
}

/// Applies, plans again without a change, and destroys.
fn lives(workspace: &Workspace) {
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    workspace.run(&["plan", "-detailed-exitcode"]).expect_success();
    workspace.run(&["destroy", "-auto-approve"]).expect_success();
}

/// Definitions that mean the same, as expressions.
const SAME: [(&str, &str); 9] = [
    ("decoded", "jsonencode(yamldecode(local.text))"),
    ("lines_of_windows", "replace(local.text, \",\", \",\\r\\n\")"),
    ("tabs", "replace(local.text, \",\", \",\\t\")"),
    (
        "blanks",
        "format(\"%s%s\", join(\"\", [for i in range(1000) : \"                                                                      \"]), local.text)",
    ),
    ("heredoc", "<<-EOT\n    ${local.text}\n  EOT\n  "),
    ("escapes", "replace(local.text, \"readers\", \"\\\\u0072eaders\")"),
    (
        "another_name",
        "replace(replace(local.text, \"\\\"Tell\\\"\", \"\\\"Größe ✓\\\"\"), \"\\\"m\\\"\", \"\\\"n\\\"\")",
    ),
    ("comment", "jsonencode(merge({ Comment = \"c\", TimeoutSeconds = 5 }, jsondecode(local.text)))"),
    (
        "in_parallel",
        "jsonencode({ StartAt = \"P\", States = { P = { Type = \"Parallel\", Branches = [jsondecode(local.text)], End = true } } })",
    ),
];

pub(crate) fn a_function_works_wherever_an_expression_does(cli: &Cli) {
    let mut configuration = String::from(
        r#"
locals {
  text  = file("${path.module}/machine.asl.json")
  plain = provider::sfniam::policy(local.text)
}
variable "given" {
  type    = string
  default = ""
  validation {
    condition     = var.given == "" || can(provider::sfniam::policy(var.given))
    error_message = "It is no state machine."
  }
}
module "child" {
  source     = "./child"
  definition = local.text
}
output "child" {
  value = tostring(module.child.policy == local.plain)
}
output "tried" {
  value = tostring(try(provider::sfniam::policy("{"), "failed") == "failed" && !can(provider::sfniam::policy("{")))
}
output "options" {
  value = tostring(local.plain == provider::sfniam::policy(local.text, {
    region = null, kms_key_arns = toset([]), activity_kms_keys = tomap({}), resource_hint = [], mode = "template"
  }))
}
"#,
    );
    if cli.can(Feature::Parentheses) {
        configuration += "output \"parentheses\" {\n  value = tostring((provider::sfniam::policy(local.text)) == local.plain)\n}\n";
    }
    for (name, definition) in SAME {
        configuration += &format!(
            "output \"{name}\" {{\n  value = tostring(provider::sfniam::policy({definition}) == local.plain)\n}}\n"
        );
    }
    // In the child, the provider has another local name.
    let child = r#"terraform {
  required_providers {
    iam = { source = "sfniam/sfniam" }
  }
}
variable "definition" {
  type = string
}
output "policy" {
  value = provider::iam::policy(var.definition)
}
"#;
    let workspace = Workspace::new(
        cli,
        &[
            ("main.tf", &format!("{REQUIRED}{configuration}")),
            ("machine.asl.json", &publishing()),
            ("child/main.tf", child),
        ],
    );
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    let output = workspace.command().args(["output", "-json"]).output().unwrap();
    let outputs: Json = serde_json::from_slice(&output.stdout).unwrap();
    let outputs = outputs.as_object().unwrap();
    assert!(outputs.len() > SAME.len(), "{outputs:?}");
    for (name, output) in outputs {
        assert_eq!(output["value"], "true", "{name}");
    }
    lives(&workspace);
    workspace.run(&["plan", "-var=given={"]).expect_failure(&["It is no state machine."]);
}

/// A module with a provider of its caller, hints as a variable, and a document that it rebuilds from
/// statements.
const MODULE: &str = r#"
variable "hints" {
  type     = list(object({ state = string, parameter = string, resources = optional(list(string)) }))
  default  = []
  nullable = false
}
data "sfniam_policy" "this" {
  provider            = sfniam.there
  definition          = DEFINITION
  include_explanation = true
  dynamic "resource_hint" {
    for_each = var.hints
    content {
      state     = resource_hint.value.state
      parameter = resource_hint.value.parameter
      resources = resource_hint.value.resources
    }
  }
}
output "resource" {
  value = jsondecode(data.sfniam_policy.this.json).Statement[0].Resource[0]
}
output "is_rebuilt" {
  value = jsondecode(data.sfniam_policy.this.json) == jsondecode(jsonencode({
    Version = "2012-10-17"
    Statement = [for one in data.sfniam_policy.this.statements : {
      Effect = one.effect, Action = one.actions, Resource = one.resources
    }]
  }))
}
"#;

pub(crate) fn modules_take_providers_counts_and_hints(cli: &Cli) {
    let required = REQUIRED.replace(
        "{ source = \"sfniam/sfniam\" }",
        "{\n      source                = \"sfniam/sfniam\"\n      configuration_aliases = [sfniam.there]\n    }",
    );
    let module = format!("{required}{}", MODULE.replace("DEFINITION", &any_topic()));
    let calls = r#"
provider "sfniam" {
  alias      = "there"
  region     = "us-east-1"
  account_id = "444455556666"
}
module "named" {
  source    = "./module"
  for_each  = toset(["a", "b"])
  providers = { sfniam.there = sfniam.there }
  hints     = [{ state = "Call", parameter = "TopicArn", resources = ["arn:aws:sns:us-east-1:444455556666:${each.key}"] }]
}
module "open" {
  source    = "./module"
  count     = 1
  providers = { sfniam.there = sfniam.there }
  hints     = null
}
output "resources" {
  value = join(" ", [for one in concat(values(module.named), module.open) : one.resource])
}
output "is_rebuilt" {
  value = tostring(alltrue([for one in concat(values(module.named), module.open) : one.is_rebuilt]))
}
"#;
    let workspace =
        Workspace::new(cli, &[("main.tf", &format!("{REQUIRED}{calls}")), ("module/main.tf", &module)]);
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    let topics = ["a", "b", "*"].map(|name| format!("arn:aws:sns:us-east-1:444455556666:{name}"));
    assert_eq!(
        workspace.output("resources"),
        topics.join(" ").replace("arn:aws:sns:us-east-1:444455556666:*", "*")
    );
    assert_eq!(workspace.output("is_rebuilt"), "true");
    lives(&workspace);
}

/// A number of hints, an object, and a dependency that are known only during apply.
pub(crate) fn what_is_late_is_read_during_apply(cli: &Cli) {
    let late = "resource \"terraform_data\" \"late\" {\n  input = \"x\"\n}\n";
    let hints = format!(
        "dynamic \"resource_hint\" {{\n    for_each = terraform_data.late.output == \"x\" ? [\"{TOPIC}\"] : []\n    content {{\n      state     = \"Call\"\n      \
         parameter = \"TopicArn\"\n      resources = [resource_hint.value]\n    }}\n  }}"
    );
    let object = "tracing_configuration = terraform_data.late.output == \"y\" ? null : { enabled = true }";
    let configuration = [
        late,
        &data("hints", &any_topic(), &hints),
        &data("object", &any_topic(), object),
        &data("after", &any_topic(), "depends_on = [terraform_data.late]"),
        "output \"hinted\" {\n  value = data.sfniam_policy.hints.json\n}\noutput \"traced\" {\n  value = data.sfniam_policy.object.json\n}\n",
    ]
    .concat();
    let workspace = Workspace::with(cli, &configuration);
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    assert!(workspace.output("hinted").contains(TOPIC));
    assert!(workspace.output("traced").contains("xray:PutTraceSegments"));
    lives(&workspace);
}

pub(crate) fn a_check_warns_where_a_plan_would_stop(cli: &Cli) {
    let scoped = data("it", &any_topic(), "on_unresolved = \"error\"");
    let configuration = format!(
        "check \"topic\" {{\n{scoped}  assert {{\n    condition     = !data.sfniam_policy.it.is_empty\n    error_message = \"empty\"\n  }}\n}}\n"
    );
    let workspace = Workspace::with(cli, &configuration);
    workspace.run(&["plan"]).expect_success().expect(&["Warning:", "\"TopicArn\"", "$.topic"]);
}

pub(crate) fn a_configuration_in_json(cli: &Cli) {
    let workspace = Workspace::with(cli, "");
    let read = json!({ "definition": publishing(), "region": "eu-west-1", "resource_hint": [] });
    let configuration = json!({
        "data": { "sfniam_policy": { "it": read } },
        "output": { "policy": { "value": "${data.sfniam_policy.it.json}" } },
    });
    workspace.write("more.tf.json", &configuration.to_string());
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    assert!(workspace.output("policy").contains(TOPIC));
}

/// What only OpenTofu has: instances of a provider for each element, encrypted states, and functions of an
/// alias, which do not see its settings.
pub(crate) fn features_of_opentofu(cli: &Cli) {
    let definition = any_topic();
    let each = format!(
        "locals {{\n  places = {{ eu = \"eu-west-1\", us = \"us-east-1\" }}\n}}\nprovider \"sfniam\" {{\n  for_each   = local.places\n  alias      = \"each\"\n  region     = each.value\n  \
         account_id = \"111122223333\"\n}}\ndata \"sfniam_policy\" \"each\" {{\n  for_each   = local.places\n  provider   = sfniam.each[each.key]\n  definition = {definition}\n  \
         mode       = \"least_privilege\"\n}}\n"
    );
    let encryption = r#"
variable "passphrase" {
  default = "0123456789abcdef"
}
terraform {
  encryption {
    key_provider "pbkdf2" "it" {
      passphrase = var.passphrase
    }
    method "aes_gcm" "it" {
      keys = key_provider.pbkdf2.it
    }
    state {
      method = method.aes_gcm.it
    }
    plan {
      method = method.aes_gcm.it
    }
  }
}
"#;
    let workspace = Workspace::with(cli, &format!("{each}{encryption}"));
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    workspace.run(&["plan", "-detailed-exitcode"]).expect_success();
    workspace.run(&["plan", "-var=passphrase=another-passphrase"]).expect_failure(&["decrypt"]);
    workspace.run(&["plan", "-exclude=data.sfniam_policy.each"]).expect_success();
    workspace.run(&["plan", "-concise", "-show-sensitive"]).expect_success();
    let consolidated = workspace.run(&["plan", "-consolidate-errors"]).expect_success();
    let all = workspace.run(&["plan", "-consolidate-warnings=false"]).expect_success();
    assert!(all.count("\"TopicArn\"") >= consolidated.count("\"TopicArn\""), "{}", all.text);

    let alias = "provider \"sfniam\" {\n  alias      = \"us\"\n  region     = \"us-east-1\"\n  account_id = \"444455556666\"\n}\n";
    let called = task("arn:aws:states:::lambda:invoke", "FunctionName = \"f\"");
    let output = format!(
        "output \"policy\" {{\n  value = provider::sfniam::us::policy({called}, {{ mode = \"least_privilege\" }})\n}}\n"
    );
    let workspace = Workspace::with(cli, "");
    workspace.rewrite(&format!("{alias}{output}"));
    workspace.run(&["plan"]).expect_failure(&["Missing \"account_id\""]);
}
