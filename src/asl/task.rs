//! The `Resource` of a Task state, taken apart.

use std::fmt;

use crate::finding::quoted;

/// How a task waits for what it calls. The names are those of the service integration patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IntegrationPattern {
    /// Request Response: continues as soon as the call is answered.
    RequestResponse,
    /// Run a Job, `.sync`: waits for the end of what was started.
    RunJob,
    /// Run a Job, `.sync:2`: the same with a parsed result.
    RunJob2,
    /// Wait for a Callback, `.waitForTaskToken`.
    Callback,
}

impl IntegrationPattern {
    /// All patterns.
    pub const ALL: [IntegrationPattern; 4] = [
        IntegrationPattern::RequestResponse,
        IntegrationPattern::RunJob,
        IntegrationPattern::RunJob2,
        IntegrationPattern::Callback,
    ];

    /// What follows the API in the Resource.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            IntegrationPattern::RequestResponse => "",
            IntegrationPattern::RunJob => ".sync",
            IntegrationPattern::RunJob2 => ".sync:2",
            IntegrationPattern::Callback => ".waitForTaskToken",
        }
    }

    /// The name in AWS's documentation.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            IntegrationPattern::RequestResponse => "Request Response",
            IntegrationPattern::RunJob => "Run a Job (.sync)",
            IntegrationPattern::RunJob2 => "Run a Job (.sync:2)",
            IntegrationPattern::Callback => "Wait for a Callback",
        }
    }
}

/// What a task calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource<'a> {
    /// The text as written.
    pub arn: &'a str,
    /// Second field of the ARN.
    pub partition: &'a str,
    /// Fourth field; usually empty for integrations.
    pub region: &'a str,
    /// Fifth field; usually empty for integrations.
    pub account: &'a str,
    /// What it is.
    pub integration: Integration<'a>,
}

/// The kinds of thing that a task can call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integration<'a> {
    /// A Lambda function, named by its own ARN.
    Function,
    /// An activity: workers poll for it.
    Activity,
    /// An optimized integration.
    Optimized {
        /// Such as `batch`.
        service: &'a str,
        /// Such as `submitJob`.
        api: &'a str,
        /// How the task waits.
        pattern: IntegrationPattern,
    },
    /// An AWS SDK integration.
    Sdk {
        /// Such as `dynamodb`.
        service: &'a str,
        /// Such as `batchWriteItem`.
        api: &'a str,
        /// Request Response or Wait for a Callback.
        pattern: IntegrationPattern,
    },
}

/// The characters, beside white space and control characters, that the names of state machines and activities
/// do not have.
///
/// Source: the pages of `CreateStateMachine` and `CreateActivity` in the Step Functions API reference.
pub const NOT_IN_NAMES: &str = "?*<>{}[]\"#%\\^|~`$&,;:/";

/// Whether a state machine or an activity can have this name.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let fits = |one: char| !one.is_whitespace() && !one.is_control() && !NOT_IN_NAMES.contains(one);
    (1..=80).contains(&name.chars().count()) && name.chars().all(fits)
}

impl<'a> Resource<'a> {
    /// Takes an ARN apart.
    ///
    /// # Errors
    /// If it has none of the forms that Step Functions accepts.
    pub fn read(arn: &'a str) -> Result<Resource<'a>, ResourceError<'a>> {
        if arn.contains("${") {
            // The name of a token can contain colons, so the fields are meaningless.
            return Err(ResourceError::Token);
        }
        let mut fields = arn.splitn(6, ':');
        let [scheme, partition, service, region, account] =
            [(); 5].map(|()| fields.next().unwrap_or_default());
        let Some(tail) = fields.next().filter(|_| scheme == "arn") else {
            return Err(ResourceError::NotAnArn { meant: Meant::by(arn) });
        };
        let integration = match service {
            "lambda" | "states" if is_wild(tail) => return Err(ResourceError::Wildcard),
            "lambda" if is_function(tail) => Integration::Function,
            "lambda" => return Err(ResourceError::NotAFunction),
            "states" if tail.starts_with("activity:") => match tail.strip_prefix("activity:") {
                Some(name) if is_name(name) => Integration::Activity,
                _ => return Err(ResourceError::NotAnActivity),
            },
            "states" if tail.starts_with("stateMachine:") => return Err(ResourceError::StateMachine),
            "states" => read_integration(tail).map_err(|error| match (error, Meant::by(arn)) {
                (ResourceError::NoApi | ResourceError::Empty, Some(meant)) => ResourceError::Colons { meant },
                (error, _) => error,
            })?,
            service => return Err(ResourceError::OtherService { service }),
        };
        Ok(Resource { arn, partition, region, account, integration })
    }
}

/// Why a text is not a Resource that a task can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResourceError<'a> {
    /// A `${Token}` that nothing has replaced.
    #[error(
        "It has a token without a value. Give the value in \"definition_substitutions\", or replace the token beforehand."
    )]
    Token,
    /// It has fewer fields than an ARN.
    #[error(
        "An ARN with six fields is needed, such as {}.",
        quoted(&meant.map_or_else(|| "arn:aws:states:::lambda:invoke".to_owned(), |meant| meant.to_string()))
    )]
    NotAnArn {
        /// The integration that the text names.
        meant: Option<Meant<'a>>,
    },
    /// An integration with more or fewer than three colons before it.
    #[error(
        "Before the service of an integration there are three colons. Did you mean {}?",
        quoted(&meant.to_string())
    )]
    Colons {
        /// The integration that the text names.
        meant: Meant<'a>,
    },
    /// A `*` or `?` in the name of a function or an activity.
    #[error("The name of a function or an activity has neither \"*\" nor \"?\", and a task calls only one.")]
    Wildcard,
    /// An ARN of AWS Lambda that is not a function.
    #[error("A Lambda ARN in a Resource must name a function.")]
    NotAFunction,
    /// An activity whose name is none.
    #[error(
        "The name of an activity has 1 to 80 characters, no white space and none of {NOT_IN_NAMES}. Correct it."
    )]
    NotAnActivity,
    /// A state machine, which is a parameter of an integration.
    #[error("A state machine is started by \"states:startExecution\", with its ARN as \"StateMachineArn\".")]
    StateMachine,
    /// Something of a service that tasks do not name.
    #[error(
        "An ARN of the service {} is not valid here; only Lambda functions, activities and service integrations are.",
        quoted(service)
    )]
    OtherService {
        /// The third field of the ARN.
        service: &'a str,
    },
    /// A service without an API.
    #[error("A service integration has a service and an API, such as \"sqs:sendMessage\".")]
    NoApi,
    /// An empty part before or after the colon.
    #[error("The service or the API is empty.")]
    Empty,
    /// What follows the API.
    #[error(
        "{} is not an integration pattern; there are \".sync\", \".sync:2\" and \".waitForTaskToken\".",
        quoted(&format!(".{pattern}"))
    )]
    UnknownPattern {
        /// Without the full stop before it.
        pattern: &'a str,
    },
    /// An AWS SDK integration that waits for a job.
    #[error("AWS SDK integrations have no \".sync\"; only optimized integrations do.")]
    SdkJob,
}

/// The integration that a text names without being its ARN, such as `sns:publish`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meant<'a> {
    partition: &'a str,
    call: &'a str,
}

impl<'a> Meant<'a> {
    fn by(text: &'a str) -> Option<Meant<'a>> {
        let (partition, call) = match text.strip_prefix("arn:") {
            None => ("aws", text),
            Some(rest) => {
                let (partition, rest) = rest.split_once(':')?;
                (partition, rest.strip_prefix("states:")?.trim_start_matches(':'))
            }
        };
        let is_call = call.chars().all(|one| one.is_ascii_alphanumeric() || ":.-".contains(one));
        (is_call && read_integration(call).is_ok()).then_some(Meant { partition, call })
    }
}

impl fmt::Display for Meant<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Meant { partition, call } = self;
        write!(formatter, "arn:{partition}:states:::{call}")
    }
}

/// Whether it is the name of a function or an activity with what would be a wildcard in a policy.
fn is_wild(tail: &str) -> bool {
    let is_named = tail.starts_with("function:") || tail.starts_with("activity:");
    is_named && tail.contains(['*', '?'])
}

fn is_function(tail: &str) -> bool {
    tail.strip_prefix("function:").is_some_and(|name| !name.is_empty() && name.split(':').count() <= 2)
}

fn read_integration(tail: &str) -> Result<Integration<'_>, ResourceError<'_>> {
    let (sdk, tail) = match tail.strip_prefix("aws-sdk:") {
        Some(rest) => (true, rest),
        None => (false, tail),
    };
    let Some((service, call)) = tail.split_once(':') else {
        return Err(ResourceError::NoApi);
    };
    let (api, pattern) = match call.split_once('.') {
        None => (call, IntegrationPattern::RequestResponse),
        Some((api, "sync")) => (api, IntegrationPattern::RunJob),
        Some((api, "sync:2")) => (api, IntegrationPattern::RunJob2),
        Some((api, "waitForTaskToken")) => (api, IntegrationPattern::Callback),
        Some((_, pattern)) => return Err(ResourceError::UnknownPattern { pattern }),
    };
    if service.is_empty() || api.is_empty() {
        return Err(ResourceError::Empty);
    }
    match pattern {
        IntegrationPattern::RunJob | IntegrationPattern::RunJob2 if sdk => Err(ResourceError::SdkJob),
        _ if sdk => Ok(Integration::Sdk { service, api, pattern }),
        _ => Ok(Integration::Optimized { service, api, pattern }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let optimized = |service, api, pattern| Integration::Optimized { service, api, pattern };
        let sdk = |service, api, pattern| Integration::Sdk { service, api, pattern };
        for (arn, integration) in [
            ("arn:aws:lambda:eu-west-1:111122223333:function:f", Integration::Function),
            ("arn:aws:lambda:eu-west-1:111122223333:function:f:PROD", Integration::Function),
            ("arn:aws:states:eu-west-1:111122223333:activity:a", Integration::Activity),
            (
                "arn:aws:states:::lambda:invoke",
                optimized("lambda", "invoke", IntegrationPattern::RequestResponse),
            ),
            ("arn:aws-cn:states:::ecs:runTask.sync", optimized("ecs", "runTask", IntegrationPattern::RunJob)),
            (
                "arn:aws:states:::states:startExecution.sync:2",
                optimized("states", "startExecution", IntegrationPattern::RunJob2),
            ),
            (
                "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                optimized("sqs", "sendMessage", IntegrationPattern::Callback),
            ),
            (
                "arn:aws:states:us-east-1:111122223333:aws-sdk:s3:getObject",
                sdk("s3", "getObject", IntegrationPattern::RequestResponse),
            ),
            (
                "arn:aws:states:::aws-sdk:dynamodb:putItem.waitForTaskToken",
                sdk("dynamodb", "putItem", IntegrationPattern::Callback),
            ),
        ] {
            assert_eq!(Resource::read(arn).map(|resource| resource.integration), Ok(integration), "{arn}");
        }
    }

    #[test]
    fn the_integration_that_a_text_names_is_in_the_message() {
        for (text, meant) in [
            ("sns:publish", Some("arn:aws:states:::sns:publish")),
            ("aws-sdk:s3:getObject", Some("arn:aws:states:::aws-sdk:s3:getObject")),
            (
                "arn:aws-cn:states::sns:publish.waitForTaskToken",
                Some("arn:aws-cn:states:::sns:publish.waitForTaskToken"),
            ),
            ("arn:aws:states::::sns:publish", Some("arn:aws:states:::sns:publish")),
            ("arn:aws:states:sns:publish", Some("arn:aws:states:::sns:publish")),
            ("arn:aws:states:::sqs", None),
            ("https://example.com", None),
            ("arn:aws:lambda:f", None),
        ] {
            let message = Resource::read(text).unwrap_err().to_string();
            match meant {
                Some(meant) => assert!(message.contains(&format!("\"{meant}\"")), "{message}"),
                None => assert!(!message.contains("Did you mean"), "{message}"),
            }
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for arn in [
            "",
            "x",
            "arn:aws:states",
            "arn:aws:states:::",
            "arn:aws:states:::lambda",
            "arn:aws:states:::lambda:",
            "arn:aws:states:::lambda:invoke.async",
            "arn:aws:states:::aws-sdk:s3:getObject.sync",
            "arn:aws:states:::activity:",
            "arn:aws:sns:eu-west-1:111122223333:t",
            "arn:aws:lambda:eu-west-1:111122223333:layer:l",
            "arn:aws:lambda:::function:a:b:c",
        ] {
            assert!(Resource::read(arn).is_err(), "{arn}");
        }
    }
}
