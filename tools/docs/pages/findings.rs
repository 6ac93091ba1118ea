//! The guide to findings, from the rows of the codes.

use std::fmt::Write as _;

use sfniam::finding::{Code, Example, Level, Row, Severity};
use sfniam::protocol::problem;
use sfniam::provider::examples;

/// The whole page.
pub(super) fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for (severity, title, text) in [
        (Severity::Error, "Errors", "There is no policy until they are gone."),
        (Severity::Warning, "Warnings", "The policy is made; someone should look."),
        (
            Severity::Info,
            "Information",
            "Worth knowing when the policy is reviewed. It is only in `findings_json`.",
        ),
    ] {
        // Writing to a String cannot fail.
        let _ = write!(page, "\n## {title}\n\n{text}\n");
        for code in Code::ALL.iter().filter(|code| code.severity() == severity) {
            section(&mut page, code.row());
        }
    }
    page.push_str(OF_THE_CONFIGURATION);
    for code in problem::Code::ALL {
        let problem::Row { name, title, cause, cure } = code.row();
        let _ = write!(page, "\n### `{name}`\n\n**{title}.** {cause}\n\n");
        if let Some(example) = examples::of(*code) {
            let _ = write!(page, "{WITH_ARGUMENTS}:\n\n```json\n{}\n```\n\n", example.arguments);
        }
        let _ = writeln!(page, "{cure}");
    }
    page
}

const WITH_ARGUMENTS: &str = "Arguments of the data source that give it";

const OF_THE_CONFIGURATION: &str = "
## Errors of the configuration itself

They are found before the definition is read, or are about the programs. `on_finding` cannot set them.
";

fn section(page: &mut String, row: &Row) {
    let _ = write!(page, "\n### `{}`\n\n**{}.** {}", row.name, row.title, row.cause);
    if !row.may_be_lowered {
        let level = Level::from(row.severity).name();
        let _ = write!(page, " It cannot be less than `{level}`.");
    }
    page.push_str("\n\n");
    if let Some(example) = &row.example {
        example_of(page, example);
    }
    let _ = write!(page, "{}", row.cure);
    if !row.docs.is_empty() {
        let _ = write!(page, " See [AWS's page]({}).", row.docs);
    }
    page.push('\n');
}

fn example_of(page: &mut String, example: &Example) {
    let what = if example.is_state { "A state" } else { "A definition" };
    let with = if example.arguments == "{}" { "" } else { ", with these arguments of the data source" };
    let _ = write!(page, "{what} that gives it{with}:\n\n```json\n{}\n", example.text);
    if example.arguments != "{}" {
        let _ = write!(page, "```\n\n```json\n{}\n", example.arguments);
    }
    page.push_str("```\n\n");
}

const INTRODUCTION: &str = "\
---
page_title: \"Findings\"
subcategory: \"\"
description: |-
  Every kind of finding with its code: what causes it, the smallest example, what to do, and how to make it an error or to silence it.
---

<!-- Made by \"make docs\" from src/finding/rows and src/protocol/problem.rs. -->

# Findings

A finding is something that is wrong with a definition, or worth knowing when its policy is reviewed. Each has a code, which stays the same while messages change, and stands in \
brackets at the end of the message. The attribute `findings_json` has one for each code, state and parameter, with the place in the definition, the actions and the resources, in the order of \
states by name, numbers by their value, and at one place the gravest first: moving a state in the definition changes nothing. Warnings \
are shown as well, one for each code and data source, the gravest first.

```terraform
output \"to_review\" {
  value = [for finding in jsondecode(data.sfniam_policy.orders.findings_json) : finding.message if finding.severity == \"warning\"]
}
```

## Who decides what a finding is

`on_finding`, in the provider block or in the data source, sets a level for a code:

```terraform
provider \"sfniam\" {
  on_finding = {
    unresolved-resource = \"error\"  # no policy while a resource is known only at run time
    unreachable-state   = \"info\"   # in the attribute findings_json only
    aws-wildcard        = \"ignore\" # nowhere
  }
}
```

- `error`: there is no policy.
- `warn`: a warning, and in `findings_json`.
- `info`: in `findings_json` only.
- `ignore`: left out.

What is said nearest counts, code by code: `on_finding` of the data source, then its `on_unresolved`, which is short for `unresolved-resource`, then `on_finding` of the provider block. \
A level that is null is as if left out. Errors of a definition that AWS refuses cannot be lowered. Functions never see the provider block.

To silence one wildcard and not its kind, accept it, with a reason that stays in `findings_json`:

```terraform
data \"sfniam_policy\" \"orders\" {
  definition = file(\"orders.asl.json\")

  resource_hint {
    state           = \"Notify\"
    parameter       = \"TopicArn\"
    accept_wildcard = true
    reason          = \"Topics are made by tenants.\"
  }
}
```
";
