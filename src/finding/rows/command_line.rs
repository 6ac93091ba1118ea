//! What only the command line finds: files that cannot be read, and what `check` compares.

use super::{Row, error};

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
