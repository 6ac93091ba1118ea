//! The arguments and attributes of `sfniam_policy`. The descriptions are the reference page.

use std::sync::OnceLock;

use crate::finding::Level;
use crate::generator::{MAX_INLINE_CHARACTERS, MAX_MANAGED_CHARACTERS};
use crate::permissions::Mode;
use crate::protocol::schema::{Attribute, Block, DataSource, NestedBlock, Shape};
use crate::protocol::value::Type;

use super::super::{config, on_finding};
use super::choices::{KEY_TYPES, LEVELS, MODES, TYPES, UNRESOLVED, names};
use super::hints;

/// The data source's name.
pub const NAME: &str = "sfniam_policy";

/// The block of the data source, made once in a process: every read and every call of a function needs it.
pub(in crate::provider) fn block() -> &'static Block {
    static BLOCK: OnceLock<Block> = OnceLock::new();
    BLOCK.get_or_init(|| data_source().block)
}

/// The schema of the data source.
#[must_use]
pub fn data_source() -> DataSource {
    let mut attributes = vec![
        Attribute::optional(
            "activity_kms_keys",
            Type::map(Type::String),
            "The ARNs of the customer managed KMS keys of activities, keyed by the activity's ARN.",
        ),
        Attribute::required(
            "definition",
            Type::String,
            "The definition of the state machine in Amazon States Language (JSON): the same string as the `definition` of `aws_sfn_state_machine`.",
        ),
        Attribute::optional(
            "allow_unknown_apis",
            Type::list(Type::String),
            "APIs of AWS SDK integrations that are newer than the catalogue, such as `[\"dynamodb:newThing\"]`. Each is granted under its own name on every resource, with a warning. Any other API that is not in the catalogue is an error.",
        ),
        Attribute::optional(
            "definition_substitutions",
            Type::map(Type::String),
            "Values for the `${Token}` placeholders in the definition, as in AWS SAM and CloudFormation. Every token needs a value; a value without a token is a finding of severity `info`.",
        )
        .allow_null_elements(),
        Attribute::optional(
            "document_size_limit",
            Type::Number,
            "How many characters each of `documents` may have, not counting white space. The default is what IAM takes for a managed policy.",
        )
        .with_default(MAX_MANAGED_CHARACTERS.to_string()),
        Attribute::optional(
            "encryption_configuration",
            Shape::Object(encryption()),
            "The encryption of the state machine, with the members that the block of `aws_sfn_state_machine` has. One local value, an object, \
             serves both; from a list of one object, take it with `one(…)`.",
        ),
        Attribute::optional(
            "include_explanation",
            Type::Bool,
            "Whether to set the attributes `explanation` and `statements`. Without them, plan and state are smaller. The command `explain` does not need this.",
        )
        .with_default("false"),
        Attribute::optional(
            "include_redrive",
            Type::Bool,
            "Whether a redrive of the state machine may redrive the children of its Distributed Maps.",
        )
        .with_default("true"),
        Attribute::optional(
            "input",
            Type::String,
            "JSON of the parts of the execution's input that are fixed by contract, the same in every execution. \
             Permissions that depend on them are marked in `explanation`: executions with other input may lack them.",
        ),
        Attribute::optional(
            "kms_key_arns",
            Type::list(Type::String),
            "ARNs of the KMS keys of buckets, queues, topics, connections, child state machines and other resources, which the definition does not contain: the role \
             may decrypt with them and generate data keys.",
        ),
        Attribute::optional(
            "logging_configuration",
            Shape::Object(logging()),
            "The logging of the state machine, with the members that the block of `aws_sfn_state_machine` has. One local value, an object, \
             serves both; from a list of one object, take it with `one(…)`.",
        ),
        Attribute::optional(
            "mode",
            Type::String,
            "Which permissions are granted. `template`: those that AWS documents and the Step Functions console generates, with additions where they are \
             insufficient. `least_privilege`: only what the tasks use, on the resources that they name.",
        )
        .one_of(names(MODES))
        .with_default(Mode::Template.name()),
        on_finding::attribute(),
        Attribute::optional(
            "on_unresolved",
            Type::String,
            "Short for `unresolved-resource` in `on_finding`, which takes precedence. It applies to resources whose service, type, account, Region or main name is \
             known only at run time. With `error`, a `dangerous-wildcard` that AWS does not require is an error too.",
        )
        .one_of(names(UNRESOLVED))
        .with_default(Level::Warn.name()),
        Attribute::optional(
            "size_limit",
            Type::Number,
            "The maximum number of characters of the document, not counting white space. IAM allows 10240 for all inline policies of a role together, and 6144 for a \
             managed policy.",
        )
        .with_default(MAX_INLINE_CHARACTERS.to_string()),
        Attribute::optional(
            "state_machine_name",
            Type::String,
            "The name of the state machine, for permissions on the state machine itself. Pass the name as a string: a reference to the state machine would be a cycle.",
        ),
        Attribute::optional(
            "tracing_configuration",
            Shape::Object(vec![Attribute::required("enabled", Type::Bool, "Whether X-Ray tracing is on.")]),
            "Tracing by AWS X-Ray, with the member that the block of `aws_sfn_state_machine` has. An object; from a list of one object, take it with `one(…)`.",
        ),
        Attribute::optional(
            "type",
            Type::String,
            "The type of the state machine. In an `EXPRESS` one, `.sync` and `.waitForTaskToken` are errors.",
        )
        .one_of(names(TYPES))
        .with_default("STANDARD"),
    ];
    attributes.extend(config::attributes().map(overriding));
    attributes.extend(results());
    attributes.sort_by(|one, two| one.name.cmp(&two.name));
    let block = Block::new(
        "Computes the IAM policy that the execution role of an AWS Step Functions state machine needs, from the machine's definition.",
        attributes,
    )
    .with_block(NestedBlock::any(hints::NAME, hints::block()));
    DataSource { name: NAME.to_owned(), block }
}

fn encryption() -> Vec<Attribute> {
    vec![
        Attribute::optional(
            "kms_data_key_reuse_period_seconds",
            Type::Number,
            "How long a data key is reused, in seconds. No effect on permissions.",
        ),
        Attribute::optional(
            "kms_key_id",
            Type::String,
            "The key, preferably its ARN: a policy cannot name a key by its alias.",
        ),
        Attribute::required(
            "type",
            Type::String,
            "`CUSTOMER_MANAGED_KMS_KEY` requires `kms_key_id`; `AWS_OWNED_KEY` does not take it.",
        )
        .one_of(names(KEY_TYPES)),
    ]
}

fn logging() -> Vec<Attribute> {
    vec![
        Attribute::optional(
            "include_execution_data",
            Type::Bool,
            "Whether the logs contain input and output. No effect on permissions.",
        ),
        Attribute::required("level", Type::String, "Which events are logged.").one_of(names(LEVELS)),
        Attribute::optional("log_destination", Type::String, "The ARN of the log group, ending in `:*`."),
    ]
}

fn overriding(mut attribute: Attribute) -> Attribute {
    attribute.description.push_str(" Overrides the provider's argument of the same name.");
    attribute
}

fn results() -> Vec<Attribute> {
    let text = |name: &'static str, description: &str| Attribute::computed(name, Type::String, description);
    vec![
        text(
            "assume_role_policy_json",
            "The trust policy of the execution role: Step Functions may assume it only on behalf of this account and this state machine. Without `account_id` there \
             is no condition on the account; without `state_machine_name`, every state machine of the account and region may use the role. A Distributed Map with \
             `EXPRESS` children fails under a condition on the state machine, so in that case the condition is only on the account.",
        ),
        Attribute::computed(
            "assumed_role_policies",
            Type::map(Type::String),
            "The policies of the roles that tasks assume through `Credentials`: a policy document for each role, keyed by its ARN.",
        ),
        text(
            "callback_policy_json",
            "The policy of the workers that the state machine waits for: those that return task tokens, and those that poll activities. `null` if it waits for none.",
        ),
        text(
            "catalog_date",
            "The date of AWS's authorization data in the catalogue of AWS SDK integrations, such as `2026-10-27`. It changes only with the version of the provider.",
        ),
        Attribute::computed(
            "documents",
            Type::list(Type::String),
            "The policy in as few documents, without white space, as keep to `document_size_limit`: for managed policies. They are in the order of services, and a \
             service is in one of them if it fits; a larger one is split by its statements, then by their actions or resources. A change leaves the documents of \
             earlier services as they are. Empty if nothing is needed.",
        ),
        Attribute::computed(
            "documents_by_service",
            Type::map(Type::String),
            "The policy in parts for managed policies: a document for each service, by IAM's prefix of the service. \
             A part changes only when something of its service does. It is never split, so it may be larger than IAM takes; `documents` are not.",
        ),
        Attribute::computed(
            "explanation",
            Shape::List(explanation()),
            "Which states need each statement, and why each wildcard is there. `null` unless `include_explanation` is `true`.",
        ),
        Attribute::computed(
            "findings",
            Shape::List(finding()),
            "Everything a reviewer should know, one finding for each code, state and parameter: each wildcard, required by AWS or unresolved; unreachable states; … \
             At most 2 KB for each state and 6 KB more, of which at most 64 KB are for messages beyond their summaries: beyond that, the most severe stay whole and the others have a summary as their message and no `docs`; if even these are too many, the rest is summed \
             up by code and severity, with their number and all their actions. Sorted by state name, with numbers compared by value, and within a place by severity; the order of keys in the definition has no effect.",
        ),
        Attribute::computed(
            "is_empty",
            Type::Bool,
            "Whether the state machine needs no permissions. `json` is then the document that AWS documents for such state machines, which denies everything: leave \
             it out with `count = data.sfniam_policy.example.is_empty ? 0 : 1`, and never merge it with other documents.",
        ),
        text(
            "json",
            "The policy document, indented: for `aws_iam_role_policy` or `aws_iam_policy`, or `source_policy_documents` of `aws_iam_policy_document`. \
             `jsonencode(jsondecode(….json))` is the same without white space.",
        ),
        Attribute::computed(
            "size",
            Type::Number,
            "The number of characters of the document, not counting white space, as IAM's quotas count them.",
        ),
        Attribute::computed(
            "statements",
            Shape::List(statements()),
            "The statements of the document, to which `explanation` refers. `null` unless `include_explanation` is `true`; `jsondecode(….json).Statement` is always \
             available.",
        ),
    ]
}

fn finding() -> Vec<Attribute> {
    vec![
        Attribute::computed(
            "actions",
            Type::list(Type::String),
            "The actions concerned, in ascending order; at most 20.",
        ),
        Attribute::computed(
            "code",
            Type::String,
            "The kind of finding, such as `unresolved-resource`. The guide to findings lists all codes.",
        ),
        Attribute::computed("docs", Type::String, "AWS's page about it. Empty if there is none."),
        Attribute::computed(
            "message",
            Type::String,
            "What is wrong, where, and what to do, ending in the code.",
        ),
        Attribute::computed(
            "parameter",
            Type::String,
            "The unresolved parameter, such as `TopicArn`, or the missing argument. Empty if the finding is about neither.",
        ),
        Attribute::computed(
            "pointer",
            Type::String,
            "The JSON pointer of the member of the definition. Empty for the whole. Names are in it as the definition has them; see `state`.",
        ),
        Attribute::computed(
            "resources",
            Type::list(Type::String),
            "The resources concerned as the policy has them, or key and value of a condition, in ascending order; at most 20.",
        ),
        Attribute::computed("severity", Type::String, "`warning` or `info`, after `on_finding`."),
        Attribute::computed(
            "state",
            Type::String,
            "The path of the state, such as `States.Loop.ItemProcessor.States.Notify`. Empty outside of states. Names are in it as the definition has them, so that they can be compared: \
             control characters and those that change the order of reading are escaped only in `message`.",
        ),
    ]
}

fn statements() -> Vec<Attribute> {
    vec![
        Attribute::computed("actions", Type::list(Type::String), "In ascending order."),
        Attribute::computed(
            "conditions",
            Shape::List(vec![
                Attribute::computed("key", Type::String, "Such as `iam:PassedToService`."),
                Attribute::computed("operator", Type::String, "Such as `StringEquals`."),
                Attribute::computed("values", Type::list(Type::String), "In ascending order."),
            ]),
            "All must hold.",
        ),
        Attribute::computed("effect", Type::String, "`Allow`, or `Deny` if no permissions are needed."),
        Attribute::computed("resources", Type::list(Type::String), "In ascending order."),
    ]
}

fn explanation() -> Vec<Attribute> {
    vec![
        Attribute::computed("actions", Type::list(Type::String), "The actions that are needed."),
        Attribute::computed(
            "assumes_input",
            Type::Bool,
            "Whether it applies only to executions with the stated `input`.",
        ),
        Attribute::computed(
            "confidence",
            Type::String,
            "The confidence of the `rule`: `high`, `medium` or `low`. Empty without a rule.",
        ),
        Attribute::computed("docs", Type::String, "AWS's page about it."),
        Attribute::computed(
            "integration",
            Type::String,
            "The integration that needs it, such as `batch:submitJob.sync`.",
        ),
        Attribute::computed(
            "note",
            Type::String,
            "Why it adds to what AWS documents; with a `rule`, the evidence for the rule. Otherwise empty.",
        ),
        Attribute::computed("resources", Type::list(Type::String), "On what."),
        Attribute::computed(
            "rule",
            Type::String,
            "For AWS SDK integrations, the rule that determined it, such as `same name`; the guide to AWS SDK integrations lists the rules. Empty for optimized integrations, \
             whose policies AWS documents.",
        ),
        Attribute::computed("statement", Type::Number, "The position in `statements`, from 0."),
        Attribute::computed(
            "states",
            Shape::List(vec![
                Attribute::computed("path", Type::String, "Such as `States.Notify`."),
                Attribute::computed(
                    "pointer",
                    Type::String,
                    "The same as a JSON pointer into the definition. Both have names as the definition has them, without escapes for control characters.",
                ),
            ]),
            "The states that need it. Empty if the state machine itself does.",
        ),
        Attribute::computed(
            "wildcards",
            Shape::List(vec![
                Attribute::computed(
                    "kind",
                    Type::String,
                    "`aws`: AWS requires it. `run`: the value is known only at run time. `setting`: an argument is not set. `hint`: it comes from a `resource_hint`. \
                     `character`: policies cannot contain the character at this position.",
                ),
                Attribute::computed(
                    "parameter",
                    Type::String,
                    "The parameter or argument. Empty for `aws` and `hint`.",
                ),
                Attribute::computed(
                    "pointers",
                    Type::list(Type::String),
                    "The JSON pointers of the states whose reason it is. Empty if it is that of all `states`.",
                ),
                Attribute::computed(
                    "reason",
                    Type::String,
                    "AWS's reason, or the expression as the definition has it.",
                ),
                Attribute::computed("resource", Type::String, "The resource with the wildcard."),
            ]),
            "Why each wildcard is there.",
        ),
    ]
}
