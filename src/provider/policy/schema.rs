//! The arguments and attributes of `sfniam_policy`. The descriptions are the reference page.

use std::sync::OnceLock;

use crate::finding::Level;
use crate::generator::{INLINE_LIMIT, MANAGED_LIMIT};
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
            "The ARNs of the KMS keys of activities, by the activity's ARN: for activities that have a key of their own.",
        ),
        Attribute::required(
            "definition",
            Type::String,
            "The definition of the state machine in Amazon States Language (JSON): the same string that goes to the `definition` of \
             `aws_sfn_state_machine`.",
        ),
        Attribute::optional(
            "allow_unknown_apis",
            Type::list(Type::String),
            "APIs of AWS SDK integrations that are newer than the catalogue, such as `[\"dynamodb:newThing\"]`. Each is granted by its own name on every resource, with \
             a warning. Any other API that the catalogue does not have is an error.",
        ),
        Attribute::optional(
            "definition_substitutions",
            Type::map(Type::String),
            "Values for `${Token}`s in the definition, as AWS SAM and CloudFormation have them. Every token needs a value, and every value a token.",
        )
        .allow_null_elements(),
        Attribute::optional(
            "document_size_limit",
            Type::Number,
            "How many characters each of `documents` may have, white space not counted. The default is what IAM takes for a managed policy.",
        )
        .with_default(MANAGED_LIMIT.to_string()),
        Attribute::optional(
            "encryption_configuration",
            Shape::Object(encryption()),
            "The encryption of the state machine, with the members that the block of `aws_sfn_state_machine` has: one local value serves both. An object; from a \
             list of one object take it by `one(…)`.",
        ),
        Attribute::optional(
            "include_explanation",
            Type::Bool,
            "Whether the attributes `explanation` and `statements` are there. Without them plan and state are small. \
             The command `explain` needs neither.",
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
             What is granted because of them is marked in `explanation`: other executions may lack it.",
        ),
        Attribute::optional(
            "kms_key_arns",
            Type::list(Type::String),
            "ARNs of the KMS keys of buckets, queues, topics, connections, child state machines and the like, which no definition shows: the role may decrypt with \
             them and generate data keys.",
        ),
        Attribute::optional(
            "logging_configuration",
            Shape::Object(logging()),
            "The logging of the state machine, with the members that the block of `aws_sfn_state_machine` has: one local value serves both. An object; from a \
             list of one object take it by `one(…)`.",
        ),
        Attribute::optional(
            "mode",
            Type::String,
            "Which permissions are granted. `template`: what AWS documents and the Step Functions console writes, with additions where that does \
             not work. `least_privilege`: only what the tasks use, on the resources that they name.",
        )
        .one_of(names(MODES))
        .with_default(Mode::Template.name()),
        on_finding::attribute(),
        Attribute::optional(
            "on_unresolved",
            Type::String,
            "Short for `unresolved-resource` in `on_finding`, which counts where both have it. It is about resources whose service, type, \
             account, Region or main name is known only at run time. With `error`, a `dangerous-wildcard` that AWS does not require is an error too.",
        )
        .one_of(names(UNRESOLVED))
        .with_default(Level::Warn.name()),
        Attribute::optional(
            "size_limit",
            Type::Number,
            "How many characters the document may have, white space not counted. IAM takes 10240 for all inline policies of a role together, \
             and 6144 for a managed policy.",
        )
        .with_default(INLINE_LIMIT.to_string()),
        Attribute::optional(
            "state_machine_name",
            Type::String,
            "The name of the state machine, for permissions on the machine itself. Give the name as a string: a reference to the state machine would be a cycle.",
        ),
        Attribute::optional(
            "tracing_configuration",
            Shape::Object(vec![Attribute::required("enabled", Type::Bool, "Whether X-Ray tracing is on.")]),
            "Tracing by AWS X-Ray, with the member that the block of `aws_sfn_state_machine` has. An object; from a list of one object take it by `one(…)`.",
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
            "How long a data key is used again. No effect on permissions.",
        ),
        Attribute::optional(
            "kms_key_id",
            Type::String,
            "The key, best by its ARN: a policy cannot name a key by its alias.",
        ),
        Attribute::required(
            "type",
            Type::String,
            "The key of the second kind is `kms_key_id`; the first kind has none.",
        )
        .one_of(names(KEY_TYPES)),
    ]
}

fn logging() -> Vec<Attribute> {
    vec![
        Attribute::optional(
            "include_execution_data",
            Type::Bool,
            "Whether input and output are logged. No effect on permissions.",
        ),
        Attribute::required("level", Type::String, "Which events are logged.").one_of(names(LEVELS)),
        Attribute::optional("log_destination", Type::String, "The ARN of the log group, `:*` at its end."),
    ]
}

fn overriding(mut attribute: Attribute) -> Attribute {
    attribute.description.push_str(" Overrides the provider's argument of the same name.");
    attribute
}

fn results() -> Vec<Attribute> {
    let text = |name: &str, description: &str| Attribute::computed(name, Type::String, description);
    vec![
        text(
            "assume_role_policy_json",
            "The trust policy of the execution role: Step Functions may assume it on behalf of this account and this state machine only. Without `account_id` there is no \
             condition on the account, without `state_machine_name` every state machine of account and region counts. A Distributed Map with `EXPRESS` children \
             fails under a condition on the state machine, so there it is the account alone.",
        ),
        Attribute::computed(
            "assumed_role_policies",
            Type::map(Type::String),
            "What the roles need that tasks assume by `Credentials`: a policy document for each role, by its ARN.",
        ),
        text(
            "callback_policy_json",
            "What the workers need that the state machine waits for: those that return task tokens, and those that ask for the work of activities. `null` if it waits \
             for none.",
        ),
        text(
            "catalog_date",
            "The day of AWS's authorization data in the catalogue of AWS SDK integrations, such as `2026-10-27`. It changes with the version of the provider alone.",
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
            "Who asks for what, and why it is as wide as it is. `null` unless `include_explanation` is `true`.",
        ),
        text(
            "findings_json",
            "Everything that a careful reviewer should know, one for each code, state and parameter: each wildcard, required by AWS or unresolved; states that nothing leads to; … \
             JSON, which keeps plan and state small: `jsondecode(….findings_json)` is a list of objects. Each has `code`, the kind of finding, such as `unresolved-resource` \
             (the guide to findings has all codes); `severity`, `warning` or `info`, as `on_finding` has it; `state`, the path of the state, such as \
             `States.Loop.ItemProcessor.States.Notify`, empty outside of states; `pointer`, the JSON pointer of the member of the definition, empty for the whole; `parameter`, the \
             parameter that is open, such as `TopicArn`, or the argument that is not given, empty if it is about neither; `actions`, the actions concerned, and `resources`, the resources \
             concerned as the policy has them, or key and value of a condition, both lists in ascending order of at most 20; `docs`, AWS's page about it, empty if there is none; \
             `message`, what it is, where, and what can be done, with the code at its end. \
             At most 2 KB for each state and 6 KB more: where there would be more, the gravest stay whole, and of the others there is one for each code and severity, with their number \
             and all their actions. In the order of states by name, in which numbers count by their value, and at one place the gravest first; the order of keys in the definition does not show.",
        ),
        Attribute::computed(
            "is_empty",
            Type::Bool,
            "Whether nothing is needed. `json` is then the document that AWS documents for such state machines, which denies everything: \
             leave it out with `count = data.sfniam_policy.example.is_empty ? 0 : 1`, and never merge it with other documents.",
        ),
        text(
            "json",
            "The policy document, indented: for `aws_iam_role_policy` or `aws_iam_policy`, or `source_policy_documents` of `aws_iam_policy_document`. \
             `jsonencode(jsondecode(….json))` is the same without white space.",
        ),
        Attribute::computed(
            "size",
            Type::Number,
            "The characters of the document, white space not counted, as IAM's quotas count them.",
        ),
        Attribute::computed(
            "statements",
            Shape::List(statements()),
            "The statements of the document, to which `explanation` refers. `null` unless `include_explanation` is `true`; `jsondecode(….json).Statement` has the \
             same without it.",
        ),
    ]
}

/// The type of the findings where they are a value and not a text: what `findings_json` decodes to.
pub(in crate::provider) fn findings() -> Type {
    let list = |name: &str| (name.to_owned(), Type::list(Type::String));
    let text = |name: &str| (name.to_owned(), Type::String);
    let texts = ["code", "docs", "message", "parameter", "pointer", "severity", "state"].map(text);
    Type::list(Type::object(["actions", "resources"].map(list).into_iter().chain(texts)))
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
        Attribute::computed("effect", Type::String, "`Allow`, or `Deny` if nothing is needed."),
        Attribute::computed("resources", Type::list(Type::String), "In ascending order."),
    ]
}

fn explanation() -> Vec<Attribute> {
    vec![
        Attribute::computed("actions", Type::list(Type::String), "What is asked for."),
        Attribute::computed(
            "assumes_input",
            Type::Bool,
            "Whether it holds only for executions with the `input` that was stated.",
        ),
        Attribute::computed(
            "confidence",
            Type::String,
            "How sure the `rule` is: `high`, `medium` or `low`. Empty where there is none.",
        ),
        Attribute::computed("docs", Type::String, "AWS's page about it."),
        Attribute::computed("integration", Type::String, "What asks, such as `batch:submitJob.sync`."),
        Attribute::computed(
            "note",
            Type::String,
            "Where it adds to what AWS documents: why. With a `rule`: what that goes by. Else empty.",
        ),
        Attribute::computed("resources", Type::list(Type::String), "On what."),
        Attribute::computed(
            "rule",
            Type::String,
            "For AWS SDK integrations, by which rule it is known, such as `same name`; the guide to AWS SDK integrations lists them. Empty for optimized integrations, \
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
                    "The same as a JSON pointer into the definition.",
                ),
            ]),
            "The states that ask. Empty if the state machine itself does.",
        ),
        Attribute::computed(
            "wildcards",
            Shape::List(vec![
                Attribute::computed(
                    "kind",
                    Type::String,
                    "`aws`: AWS asks for it. `run`: only a run knows the value. `setting`: an argument is not given. `hint`: a `resource_hint` has it. `character`: no policy may have the \
                     character that stands there.",
                ),
                Attribute::computed(
                    "parameter",
                    Type::String,
                    "The parameter or argument. Empty for `aws` and `hint`.",
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
