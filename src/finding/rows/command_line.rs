//! What only the command line finds: files that cannot be read, and what `check` compares.

use super::{Row, error, info, warning};

pub(in crate::finding) const UNREADABLE_FILE: Row = error(
    "unreadable-file",
    "A file that cannot be read",
    "A file is not there, may not be read, or is not UTF-8. Command line only.",
    "Correct the name, the rights or the encoding of the file.",
);

pub(in crate::finding) const INVALID_YAML: Row = error(
    "invalid-yaml",
    "The definition is not YAML",
    "A file whose name ends in `.yaml` or `.yml` is not YAML, or it has what JSON cannot have. Command line only; Terraform takes YAML by \
     `jsonencode(yamldecode(file(\"…\")))`.",
    "Correct the text at the line and column that the message names.",
);

pub(in crate::finding) const INVALID_POLICY: Row = error(
    "invalid-policy",
    "A policy that IAM would refuse",
    "A policy that `check` compares with is not a policy document, or one of another kind, such as a trust policy. Command line only.",
    "Correct the policy at the place that the message names.",
);

pub(in crate::finding) const MISSING_PERMISSION: Row = error(
    "missing-permission",
    "The role lacks a permission",
    "A state needs something, by least privilege, that the policies of the role never allow, or deny. Command line only; in Terraform the function `compare` tells it.",
    "Add the permission to the policy, or correct the state.",
)
.may_be_lowered();

pub(in crate::finding) const EXCESS_PERMISSION: Row = warning(
    "excess-permission",
    "The role has a permission that no state needs",
    "A statement of the role's policies allows more than the states need. Where it only lacks a condition, the finding is an information. Command line only; \
     in Terraform the function `compare` tells it.",
    "Replace it by what the message says is enough, or remove it. Where the role serves something else too, accept the finding in the configuration.",
);

pub(in crate::finding) const NOT_CHECKED: Row = warning(
    "not-checked",
    "A state machine that could not be checked",
    "In a plan, the definition is sensitive or known only after the apply; or its role is not in the plan, or it is too large to be compared. Command line only.",
    "Check the file with the definition, or the plan after the apply.",
);

pub(in crate::finding) const UNDECIDED_PERMISSION: Row = info(
    "undecided-permission",
    "Perhaps the role lacks a permission",
    "Whether the policies allow what a state needs is decided by the execution, by a setting that is not given, or by a policy that cannot be read, such as one \
     that AWS manages. Command line only.",
    "Give the missing setting, or look at it yourself.",
);

pub(in crate::finding) const CHANGED_POLICY: Row = info(
    "changed-policy",
    "The policy is not the one of the baseline",
    "`check --baseline` found another policy than the run that wrote the baseline: the definition, the settings or the version of the provider is another. \
     Command line only.",
    "Read what the message says is allowed now and what no longer is, and write the baseline again.",
);
