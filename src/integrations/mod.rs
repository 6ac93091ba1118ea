//! The catalogue of optimized integrations: declarations only, one file per AWS service;
//! [`describe`](GrantRule::describe) puts them into words.

mod apigateway;
mod athena;
mod batch;
mod bedrock;
mod bedrockagentcore;
mod codebuild;
mod databrew;
mod describe;
mod dsl;
mod dynamodb;
mod ecs;
mod eks;
mod elasticmapreduce;
mod emr_containers;
mod emr_serverless;
mod events;
mod glue;
mod http;
mod lambda;
mod mediaconvert;
mod s3;
mod sagemaker;
mod sns;
mod sqs;
mod states;

pub use describe::Description;
pub use dsl::{Api, Body, ConditionRule, GrantRule, Guard, Resource, ResourceSource, Service};

/// All services, in ascending order of their names.
pub const SERVICES: &[Service] = &[
    apigateway::SERVICE,
    athena::SERVICE,
    batch::SERVICE,
    bedrock::SERVICE,
    bedrockagentcore::SERVICE,
    codebuild::SERVICE,
    databrew::SERVICE,
    dynamodb::SERVICE,
    ecs::SERVICE,
    eks::SERVICE,
    elasticmapreduce::SERVICE,
    emr_containers::SERVICE,
    emr_serverless::SERVICE,
    events::SERVICE,
    glue::SERVICE,
    http::SERVICE,
    lambda::SERVICE,
    mediaconvert::SERVICE,
    sagemaker::SERVICE,
    sns::SERVICE,
    sqs::SERVICE,
    states::SERVICE,
];

/// A Lambda function named in the Resource itself.
pub const FUNCTION: &Api = &lambda::FUNCTION;

/// Amazon S3 as the reader and the writer of a Distributed Map. No task can call it, so it is not among the
/// services.
pub const READERS_AND_WRITERS: &Service = &s3::SERVICE;

/// The service of that name. Names are compared without regard to case; `Service::name` has the spelling of
/// AWS.
#[must_use]
pub fn service(name: &str) -> Option<&'static Service> {
    SERVICES.iter().find(|service| service.name.eq_ignore_ascii_case(name))
}

/// The optimized integration that makes the same request as an operation of the AWS SDK. The segment is the
/// SDK's name of the service.
#[must_use]
pub fn same_request(segment: &str, operation: &str) -> Option<(&'static Service, &'static Api)> {
    let mut services = SERVICES.iter().filter(|service| service.sdk.contains(&segment));
    services.find_map(|service| Some((service, service.api(operation)?)))
}

impl Service {
    /// The API of that name, compared without regard to case.
    #[must_use]
    pub fn api(&self, name: &str) -> Option<&'static Api> {
        self.apis.iter().find(|api| api.name.eq_ignore_ascii_case(name))
    }
}
