//! What Terraform and OpenTofu do by themselves.

use std::fs;

use super::{block, blocks, page, publishing};
use crate::cli::Cli;
use crate::workspace::Workspace;

pub(crate) fn late_accounts_and_secrets_are_as_the_guide_says(cli: &Cli) {
    let guide = page("hosts.md");
    let succeed = "jsonencode({ StartAt = \"A\", States = { A = { Type = \"Succeed\" } } })";
    let late = format!(
        "locals {{\n  definition = {succeed}\n}}\nresource \"terraform_data\" \"this\" {{\n  input = \"111122223333\"\n}}\n{}",
        block(&guide, "terraform", "aws_organizations_account")
            .replace("aws_organizations_account.this.id", "terraform_data.this.output")
    );
    let workspace = Workspace::with(cli, &late);
    workspace.run(&["plan"]).expect_success().expect(&["will be read during apply"]);
    let block_is_late = late
        .replace("  account_id = terraform_data.this.output\n", "")
        .replace("region = \"eu-west-1\"", "account_id = terraform_data.this.output");
    workspace.rewrite(&block_is_late);
    let error = blocks(&guide, "text").remove(0);
    workspace.run(&["plan"]).expect_failure(&[error.trim()]);

    let secret = "variable \"secret\" {\n  sensitive = true\n  default   = \"hush-hush\"\n}\ndata \"sfniam_policy\" \"p\" {\n  \
                  definition = jsonencode({ StartAt = \"A\", States = { A = { Type = \"Task\", Resource = \"arn:aws:states:::${var.secret}\", End = true } } })\n}\n";
    workspace.rewrite(secret);
    workspace.run(&["plan"]).expect_failure(&["arn:aws:states:::hush-hush"]);

    let misspelled =
        format!("locals {{\n  definition = {succeed}\n}}\n{}", block(&guide, "terraform", "kms_id"));
    workspace.rewrite(&misspelled);
    workspace.run(&["plan"]).expect_failure(&["kms_key_id"]);
}

pub(crate) fn a_lock_file_has_the_entry_of_its_tool_alone(cli: &Cli) {
    let workspace = Workspace::with(cli, "");
    let lock = || fs::read_to_string(workspace.path("work/.terraform.lock.hcl")).unwrap();
    let own = lock();
    let (host, other) = if cli.label().starts_with("tofu") {
        ("registry.opentofu.org", "registry.terraform.io")
    } else {
        ("registry.terraform.io", "registry.opentofu.org")
    };
    assert!(own.contains(host) && !own.contains(other), "{own}");
    workspace.write(".terraform.lock.hcl", &own.replace(host, other));
    fs::remove_dir_all(workspace.path("work/.terraform")).unwrap();
    workspace
        .run(&["init", "-input=false", "-lockfile=readonly"])
        .expect_failure(&["lock file is read-only"]);
    workspace.run(&["init", "-input=false"]).expect_success();
    assert!(lock().contains(host) && !lock().contains(other), "{}", lock());
}

pub(crate) fn one_local_value_serves_all_calls(cli: &Cli) {
    let configuration = block(&page("hosts.md"), "terraform", "merge(local.aws");
    let definition = "locals {\n  definition = file(\"${path.module}/orders.asl.json\")\n}\n";
    let workspace = Workspace::with(cli, "");
    workspace.write(
        "orders.asl.json",
        &publishing(r#""TopicArn.$": "States.Format('arn:aws:sns:eu-west-1:111122223333:{}', $.a)""#),
    );
    workspace.rewrite(&format!("{definition}{configuration}"));
    workspace.run(&["plan"]).expect_success().expect(&["arn:aws:sns:eu-west-1:111122223333:*"]);
}
