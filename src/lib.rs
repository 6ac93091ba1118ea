//! From an Amazon States Language definition to the IAM policy of its execution role.

pub mod asl;
pub mod call;
pub mod cli;
pub mod compare;
pub mod document;
pub mod finding;
pub mod generator;
pub mod iam;
pub mod integrations;
pub mod json;
pub mod permissions;
pub mod plugin;
pub mod protocol;
pub mod provider;
pub mod sdk;
pub mod work;
