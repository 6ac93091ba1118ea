//! What only the command line finds: files that cannot be read, and what `check` compares.

use super::{Row, error, info, warning};

pub(in crate::finding) const UNREADABLE_FILE: Row = error(
    "unreadable-file",
    "A file cannot be read",
    "A file does not exist, is not readable, or is not UTF-8. Command line only.",
    "Correct the name, the permissions or the encoding of the file.",
);

pub(in crate::finding) const INVALID_YAML: Row = error(
    "invalid-yaml",
    "The definition is not YAML",
    "A file whose name ends in `.yaml` or `.yml` is not valid YAML, or has values that JSON cannot express. Command line only; in Terraform, use `jsonencode(yamldecode(file(\"…\")))`.",
    "Correct the text at the line and column that the message names.",
);

pub(in crate::finding) const INVALID_POLICY: Row = error(
    "invalid-policy",
    "A policy that IAM would reject",
    "A policy that `check` compares with is not a policy document, or is one of another kind, such as a trust policy. Command line only.",
    "Correct the policy at the place that the message names.",
);

pub(in crate::finding) const MISSING_PERMISSION: Row = error(
    "missing-permission",
    "The role lacks a permission",
    "By least privilege, a state needs a permission that the policies of the role never allow, or deny. Command line only; in Terraform, use the function `compare`.",
    "Add the permission to the policy, or correct the state.",
)
.may_be_lowered();

pub(in crate::finding) const EXCESS_PERMISSION: Row = warning(
    "excess-permission",
    "The role has a permission that no state needs",
    "A statement of the role's policies allows more than the states need. If it only lacks a condition, the finding has the severity `info`. Command line only; in Terraform, use the function `compare`.",
    "Replace the statement with what the message says is enough, or remove it. If the role is also used for something else, accept the finding in the configuration.",
);

pub(in crate::finding) const NOT_CHECKED: Row = warning(
    "not-checked",
    "A state machine that could not be checked",
    "In a plan, the definition is sensitive or known only after apply, its role is not in the plan, or it is too large to be compared. Command line only.",
    "Check the file with the definition, or the plan after the apply.",
);

pub(in crate::finding) const UNDECIDED_PERMISSION: Row = info(
    "undecided-permission",
    "The role may lack a permission",
    "Whether the policies allow what a state needs depends on the execution, on a setting that is not set, or on a policy that cannot be read, such as an AWS managed policy. Command line only.",
    "Set the missing setting, or check it yourself.",
);

pub(in crate::finding) const CHANGED_POLICY: Row = info(
    "changed-policy",
    "The policy differs from the baseline",
    "The policy is not the one in the baseline, because the definition, the settings or the version of the provider has changed. Command line only.",
    "Review what the message says is allowed now and what no longer is, and write the baseline again.",
);
