//! The guide to findings, from the rows of the codes.

use std::fmt::Write as _;

use sfniam::finding::{Code, Example, Level, Row, Severity};
use sfniam::protocol::problem;
use sfniam::provider::examples;

/// The whole page.
pub(super) fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for (severity, title, text) in [
        (Severity::Error, "Errors", "There is no policy until they are fixed."),
        (Severity::Warning, "Warnings", "The policy is generated; review it."),
        (
            Severity::Info,
            "Information",
            "Worth knowing when the policy is reviewed. It is only in `findings`.",
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

const WITH_ARGUMENTS: &str = "Arguments of the data source that produce it";

const OF_THE_CONFIGURATION: &str = "
## Errors of the configuration itself

They are detected before the definition is read, or are bugs of the programs. `on_finding` cannot set them.
";

fn section(page: &mut String, row: &Row) {
    let _ = write!(page, "\n### `{}`\n\n**{}.** {}", row.name, row.title, row.cause);
    if !row.may_be_lowered {
        let level = Level::from(row.severity).name();
        let _ = write!(page, " Its level cannot be lower than `{level}`.");
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
    let _ = write!(page, "{what} that produces it{with}:\n\n```json\n{}\n", example.text);
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

A finding is something that is wrong with a definition, or worth knowing when you review its policy. Each finding has a stable code, which is in brackets at the end \
of the message; the wording of messages may change. The attribute `findings` has one finding for each code, state and parameter, with the place in the \
definition, the actions and the resources. They are sorted by state name, with numbers compared by value, and within a place by severity, so moving a state in the \
definition changes nothing. Warnings are also shown by Terraform and OpenTofu, one for each code and data source, the most severe first.

```terraform
output \"to_review\" {
  value = [for finding in data.sfniam_policy.orders.findings : finding.message if finding.severity == \"warning\"]
}
```

## Severity

`on_finding`, in the provider block or in the data source, sets a level for a code:

```terraform
provider \"sfniam\" {
  on_finding = {
    unresolved-resource = \"error\"  # no policy while a resource is known only at run time
    unreachable-state   = \"info\"   # in the attribute findings only
    aws-wildcard        = \"ignore\" # nowhere
  }
}
```

- `error`: there is no policy.
- `warn`: a warning, and in `findings`.
- `info`: in `findings` only.
- `ignore`: omitted.

For each code, `on_finding` of the data source takes precedence, then its `on_unresolved`, which is short for `unresolved-resource`, then \
`on_finding` of the provider block. A level that is null counts as not set. Errors in a definition that AWS rejects cannot be lowered. Functions do not see the \
provider block.

To silence a single wildcard instead of its code, accept it, with a reason that is kept in `findings`:

```terraform
data \"sfniam_policy\" \"orders\" {
  definition = file(\"orders.asl.json\")

  resource_hint {
    state           = \"Notify\"
    parameter       = \"TopicArn\"
    accept_wildcard = true
    reason          = \"Tenants create their own topics.\"
  }
}
```
";
