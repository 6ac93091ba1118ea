//! Which resource a value names: pure functions from what a parameter holds to ARNs and conditions, for both catalogues.

pub mod bedrock;
pub mod codebuild;
pub mod ecs;
pub mod kms;
pub mod lambda;
pub mod logs;
pub mod s3;
pub mod secrets;
pub mod sqs;
pub mod ssm;
pub mod states;
