//! Which resource a value names: pure functions from what a parameter holds to ARNs and conditions, for both
//! catalogues.

pub mod alias;
pub mod backup;
pub mod bedrock;
pub mod codebuild;
pub mod dynamodb;
pub mod ec2;
pub mod ecs;
pub mod glue;
pub mod iam;
pub mod kms;
pub mod lambda;
pub mod logs;
pub mod owner;
pub mod redshift;
pub mod s3;
pub mod sagemaker;
pub mod secrets;
mod sql;
pub mod sqs;
pub mod ssm;
pub mod states;
pub mod timestream;

use super::Call;
use crate::iam::{Condition, Pattern, WildcardReason};

/// A resource that a value names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// Its ARN.
    pub arn: Pattern,
    /// The condition under which alone it is meant.
    pub condition: Option<Condition>,
}

impl From<Pattern> for Named {
    fn from(arn: Pattern) -> Self {
        Named { arn, condition: None }
    }
}

/// How the value of a parameter names a resource, where it is more than a name or an ARN. The generated
/// catalogue names these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The project of a build, by the build's ID or ARN.
    Build,
    /// A resource of Amazon EC2 by its ID, which shows its type.
    Ec2Id,
    /// What is at an end of a path of Reachability Analyzer, by its ID or its ARN.
    EndOfPath,
    /// A Lambda function by its name, its ARN or a part of that; without its version or alias, and with it.
    Function,
    /// A KMS key by its ID, its ARN or an alias.
    Key,
    /// A Bedrock model or inference profile, and what is after it.
    Model,
    /// The table of a PartiQL statement that begins with this word.
    Statement(&'static str),
    /// An S3 object by its URI.
    Object,
    /// An object of S3 on Outposts, by the ARN with its Outpost and its key.
    OutpostObject,
    /// An SQS queue by its URL.
    Queue,
    /// A recovery point of AWS Backup, whose ARN can be that of another service.
    RecoveryPoint,
    /// The group of a CodeBuild report, by the report's ARN.
    Report,
    /// A task definition of Amazon ECS by its family or its ARN, with or without a revision.
    TaskDefinition,
    /// The database whose tables a statement of Amazon Timestream lists.
    TimestreamDatabase,
    /// The tables that a statement of Amazon Timestream names.
    TimestreamTable,
    /// A task token, which does not show the state machine or activity that it belongs to.
    TaskToken,
    /// A workgroup of Redshift Serverless by its name, which is not in its ARN, or by its ARN.
    Workgroup,
}

impl Reader {
    /// All readers, by their names in the catalogue.
    pub const ALL: [(&'static str, Reader); 20] = [
        ("bedrockmodel", Reader::Model),
        ("build", Reader::Build),
        ("ec2end", Reader::EndOfPath),
        ("ec2id", Reader::Ec2Id),
        ("fnname", Reader::Function),
        ("kmskey", Reader::Key),
        ("outpostobject", Reader::OutpostObject),
        ("partiqldelete", Reader::Statement("delete")),
        ("partiqlinsert", Reader::Statement("insert")),
        ("partiqlselect", Reader::Statement("select")),
        ("partiqlupdate", Reader::Statement("update")),
        ("queue", Reader::Queue),
        ("recoverypoint", Reader::RecoveryPoint),
        ("report", Reader::Report),
        ("s3uri", Reader::Object),
        ("taskdefinition", Reader::TaskDefinition),
        ("tasktoken", Reader::TaskToken),
        ("timestreamdatabase", Reader::TimestreamDatabase),
        ("timestreamtable", Reader::TimestreamTable),
        ("workgroup", Reader::Workgroup),
    ];

    /// The reader of that name.
    #[must_use]
    pub fn of(name: &str) -> Option<Reader> {
        Reader::ALL.iter().find(|(one, _)| *one == name).map(|&(_, reader)| reader)
    }

    /// The resources that a value names. Empty if it does not have the required form.
    #[must_use]
    pub fn read(self, call: &Call<'_, '_>, value: &Pattern) -> Vec<Named> {
        let arns = match self {
            Reader::Key => return kms::keys(call, value),
            Reader::Model => {
                let models = bedrock::models(call, value).into_iter();
                return models.map(|(arn, condition)| Named { arn, condition }).collect();
            }
            Reader::Build => codebuild::project(call, value),
            Reader::Statement(verb) => dynamodb::tables(call, value, verb),
            Reader::Ec2Id => ec2::resource(call, value),
            Reader::EndOfPath => ec2::end_of_path(call, value),
            Reader::Function => lambda::compared(call, value),
            Reader::Object => s3::object(call, value),
            Reader::OutpostObject => s3::outpost_object(value),
            Reader::Queue => sqs::queue(call, value),
            Reader::RecoveryPoint => backup::recovery_points(call, value),
            Reader::Report => codebuild::parent(value, "report-group"),
            Reader::TaskDefinition => ecs::definition(call, value),
            Reader::TaskToken => states::of_token(call, value),
            Reader::TimestreamDatabase => timestream::databases(call, value),
            Reader::TimestreamTable => timestream::tables(call, value),
            Reader::Workgroup => redshift::workgroup(call, value),
        };
        arns.into_iter().map(Named::from).collect()
    }

    /// Whether a value can name a resource under a condition: a key by its alias, a model by an inference
    /// profile.
    #[must_use]
    pub fn may_have_condition(self) -> bool {
        matches!(self, Reader::Key | Reader::Model)
    }

    /// What replaces a value of which nothing is known: `None` where the catalogue's own ARN with wildcards
    /// does.
    #[must_use]
    pub fn any(self, call: &Call<'_, '_>, why: &WildcardReason) -> Option<Vec<Named>> {
        match self {
            Reader::RecoveryPoint => {
                Some(backup::any_recovery_point(call, why).into_iter().map(Named::from).collect())
            }
            Reader::TaskToken => {
                Some(states::waiting_for_workers(call, why).into_iter().map(Named::from).collect())
            }
            Reader::Model => {
                let models = bedrock::any(call, why).into_iter();
                Some(models.map(Named::from).collect())
            }
            _ => None,
        }
    }
}
