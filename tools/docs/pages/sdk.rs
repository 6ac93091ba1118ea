//! The guide to the AWS SDK integrations, from their catalogue.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sfniam::sdk::as_in_resources;
use sfniam::sdk::catalog::{self, Service};
use sfniam::sdk::dangerous::danger;
use sfniam::sdk::evidence::RULES;
use sfniam::sdk::model::{Action, Kind, Operation, Status, Wide};

/// The whole page; `coverage` is the text of `catalog/coverage.txt`.
pub(super) fn page(coverage: &str) -> String {
    let services: Vec<&Service> = catalog::segments().filter_map(catalog::service).collect();
    let operations: Vec<&Operation> = services
        .iter()
        .filter(|service| service.status != Status::Retired)
        .flat_map(|service| service.operations().filter_map(|name| service.operation(name)))
        .collect();
    let mut page = INTRODUCTION.to_owned();
    numbers(&mut page, coverage);
    rules(&mut page, &operations);
    page.push_str(RESOURCES);
    wide(&mut page, &operations);
    page.push_str(NOT_GRANTED);
    granted(&mut page, &operations);
    managing_permissions(&mut page, &services);
    page.push_str(REPORT);
    list(&mut page, &services);
    page
}

const INTRODUCTION: &str = "\
---
page_title: \"AWS SDK integrations\"
subcategory: \"\"
description: |-
  How the permissions of arn:aws:states:::aws-sdk tasks are determined, how much is certain, which wildcards remain and why, and how to report a wrong entry.
---

<!-- Made by \"make docs\" from the catalogue in src/sdk. Change catalog/exceptions or tools/docs/pages/sdk.rs. -->

# AWS SDK integrations

A task with the Resource `arn:aws:states:::aws-sdk:SERVICE:apiAction` can call any AWS API. AWS does not document policies for these tasks, and the console does not generate any. The provider has a catalogue instead: for every \
operation of every service, the actions that IAM checks and the parameters that name the resources. Both modes grant the same permissions. The catalogue is part of \
the provider; it needs neither network access nor an account.

To print its entries for a service or an action:

```shell
terraform-provider-sfniam integrations --service dynamodb
terraform-provider-sfniam integrations --search s3:ListBucket
terraform-provider-sfniam integrations --service sfn --json
```

";

fn numbers(page: &mut String, coverage: &str) {
    let sources: Vec<String> =
        catalog::sources().map(|(package, version)| format!("{package} {version}")).collect();
    let _ = write!(
        page,
        "## Coverage\n\nAs of {}, the day of AWS's authorization data in it; made from {}. Shares of the operations in percent:\n\n\
         | | Services | Operations | Actions known | Resource exact | Type | Part | Hidden | Unknown |\n|---|---|---|---|---|---|---|---|---|\n",
        catalog::date(),
        sources.join(", ")
    );
    for (row, title) in [("listed ", "services that Step Functions lists"), ("all ", "all services")] {
        let line = coverage.lines().find(|line| line.starts_with(row)).unwrap_or_default();
        let cells: Vec<&str> = line.split_whitespace().skip(1).collect();
        let _ = writeln!(page, "| {title} | {} |", cells.join(" | "));
    }
    page.push_str(
        "\n*Actions known*: from AWS's data, a rule or a reviewed exception; the rest is a guess by the operation's name, which `findings` reports. *Resource exact*: with literal parameters the ARN is the one that they name; \
         an action without resource types in AWS's data, which has nothing to narrow by, counts here. *Type*: a wildcard of the resource type is all that a policy can have, because the service gives the ID of what the call makes, or the call lists the \
         type. *Part*, *Hidden*: only the service knows part of the ARN, or all of it. *Unknown*: the action itself is a \
         guess, and is allowed on every resource. Most of these APIs are newer than the newest authorization data that PyPI has; with these data about 97.7 percent of the actions can be known at most. A guess is never \
         counted as known.\n\n",
    );
}

fn rules(page: &mut String, operations: &[&Operation]) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for operation in operations {
        *counts.entry(operation.rule.name()).or_default() += 1;
    }
    page.push_str(
        "## Rules\n\nFor each permission, `explanation` has the `rule` that determined it and the `confidence`: `high`, `medium` or `low`.\n\n\
         | Rule | Evidence | Operations |\n|---|---|---|\n",
    );
    for (name, meaning) in RULES {
        let count = counts.get(name).map(usize::to_string).unwrap_or_default();
        let _ = writeln!(page, "| {name} | {meaning} | {count} |");
    }
    page.push('\n');
}

const RESOURCES: &str = "\
## How the resource is found

Each action has resource types, and each type an ARN with variables. The catalogue binds them to parameters:

1. A parameter that holds the whole ARN, such as `StateMachineArn`, is the resource.
2. Otherwise a parameter fills each variable: `TableName` in `table/{TableName}`. A value that is itself an ARN replaces the template; `Names`, lists and the keys \
of maps produce one ARN each. Parameters are spelled as in Step Functions: `DbInstanceIdentifier`.
3. A type that a parameter fills is granted. A type that none \
fills is granted if the call creates it, or if no other type of the action is filled.
4. A value known only at run time becomes a wildcard, with a finding, and a \
`resource_hint` can narrow it. The known part is kept: `States.Format('orders-{}', $.id)` becomes `orders-*`.

Some names have more than one ARN: log groups are \
checked with and without `:*`, functions with their versions and aliases, secrets end in six characters that AWS adds, roles and users may have a path.

";

/// How many operations are exact, are allowed on their types, and report what they do not grant.
fn granted(page: &mut String, operations: &[&Operation]) {
    let count = |holds: &dyn Fn(&Operation) -> bool| operations.iter().filter(|one| holds(one)).count();
    let told = |action: &Action| matches!(action.kind, Kind::Advice | Kind::Key | Kind::ServiceLinkedRole);
    page.push_str("## How much is granted\n\n| Operations | |\n|---|---|\n");
    for (title, number) in [
        (
            "exact: the parameters name the resource, or there is nothing to name",
            count(&|one| one.wide.is_none()),
        ),
        (
            "typed: a wildcard of the resource type, in the state machine's Region and account",
            count(&|one| one.wide.is_some()),
        ),
        (
            "with permissions that `findings` reports and the policy does not grant",
            count(&|one| one.actions.iter().any(told)),
        ),
    ] {
        let _ = writeln!(page, "| {title} | {number} |");
    }
    page.push('\n');
}

/// Which actions that manage permissions an operation can get beside its own.
fn managing_permissions(page: &mut String, services: &[&Service]) {
    let mut rows: BTreeMap<(String, String, String), Vec<String>> = BTreeMap::new();
    for service in services.iter().filter(|service| service.status != Status::Retired) {
        for operation in service.operations().filter_map(|name| service.operation(name)) {
            let name = format!("`{}:{}`", service.segment, as_in_resources(operation.name));
            let beside =
                operation.actions.iter().filter(|one| one.kind != Kind::Own && one.kind.is_granted());
            for action in
                beside.filter(|action| action.name != "iam:PassRole" && manages_permissions(&action.name))
            {
                let on = action.resources_in_words().iter().map(|one| format!("`{one}`")).collect::<Vec<_>>();
                let when = action.conditions_in_words().join("; ");
                let row = (action.name.to_string(), on.join(", "), when);
                rows.entry(row).or_default().push(name.clone());
            }
        }
    }
    page.push_str(
        "## Actions that manage permissions\n\nApart from APIs that manage permissions themselves, these are all such actions that a call can be granted, and when. `iam:PassRole` is granted for roles in \
         parameters, and otherwise with the condition `iam:PassedToService`.\n\n| Action | On | When | For |\n|---|---|---|---|\n",
    );
    for ((action, on, when), names) in rows {
        let few = match names.as_slice() {
            [first, second, third, rest @ ..] if !rest.is_empty() => {
                format!("{first}, {second}, {third} and {} more", rest.len())
            }
            all => all.join(", "),
        };
        let _ = writeln!(page, "| `{action}` | {on} | {when} | {few} |");
    }
    page.push('\n');
}

fn manages_permissions(action: &str) -> bool {
    danger(action).is_some_and(|why| why.contains("permissions") || action.starts_with("iam:"))
}

fn wide(page: &mut String, operations: &[&Operation]) {
    page.push_str("## Which wildcards remain, and why\n\n| Why | Operations |\n|---|---|\n");
    let rows = [
        (Wide::Created, "The service generates the ID of what the call creates"),
        (Wide::Listed, "The call reads all resources of a type"),
        (Wide::Partial, "Only the service knows part of the ARN, such as the UUID of an Auto Scaling group"),
        (Wide::Hidden, "The parameters name something else: a query, where IAM checks its workgroup"),
    ];
    for (wide, meaning) in rows {
        let count = operations.iter().filter(|operation| operation.wide == Some(wide)).count();
        let _ = writeln!(page, "| {meaning} | {count} |");
    }
    page.push_str("\n`explanation` and `findings` state this for each such wildcard.\n\n");
}

const NOT_GRANTED: &str = "\
## What is reported and not granted

`findings` reports permissions that a call may need although no parameter shows it:

- actions that AWS's authorization \
data calls dependent, if no parameter shows that they are needed, or on which resource. Actions that change roles or policies, read secrets, use keys or delete are \
never granted on suspicion;
- what AWS KMS checks for data under a customer managed key that no parameter names, once for each service: `kms_key_arns` allows it;
- \
what may be needed on a key that a parameter names, where AWS's pages do not say;
- `iam:CreateServiceLinkedRole`, which only the first call in an account needs;
- `iam:PassRole` if neither the role nor the service that receives it is known: on every role, it would give the state machine the permissions of any of them. If \
the service is known, such as Amazon EC2 for an instance profile, it is allowed with the condition `iam:PassedToService`.

Add your own document for these, as in \
[Composing documents](composing.md). A service that Step Functions does not list is granted nevertheless. An API that is not in the catalogue is an error; if it is \
newer than the catalogue, list it in `allow_unknown_apis`, and the action with its name is granted with a warning.

## Every operation

A table of all operations would have several megabytes; the command `integrations` prints it, for one service or the results of a search.

";

const REPORT: &str = "\
## A wrong entry

If a call is denied (`AccessDenied`), or an action or a resource is too wide, open an issue at \
<https://github.com/sfniam/terraform-provider-sfniam/issues> with the task's `Resource` and parameter names, the line of `terraform-provider-sfniam integrations \
--service NAME --search OPERATION`, and AWS's message, which names the action and the resource that were checked. A correction is an entry in `catalog/exceptions` and a case in `tests/sdk`.

";

fn list(page: &mut String, services: &[&Service]) {
    page.push_str(
        "## Services\n\nThe name in the Resource is often not IAM's prefix.\n\n| Name | Prefix | Operations | |\n|---|---|---|---|\n",
    );
    for service in services {
        let status = match service.status {
            Status::Listed => String::new(),
            Status::Unlisted => "not listed by Step Functions".to_owned(),
            Status::Removed(month) => format!("removed from the list in {month}"),
            Status::Retired => "closed by AWS".to_owned(),
        };
        let _ = writeln!(
            page,
            "| {} | {} | {} | {status} |",
            service.segment,
            service.prefix,
            service.operations().len()
        );
    }
}
