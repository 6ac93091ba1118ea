//! From an Amazon States Language definition to the IAM policy of its execution role.
