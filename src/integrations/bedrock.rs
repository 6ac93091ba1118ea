//! Amazon Bedrock: invoke a model, and create a customized one.

mod model;

use super::dsl::{
    Api, GrantRule, RUN_JOB, Resource, Service, allow, arn, computed, each, named, passed_to, present,
    role_arn,
};
use crate::asl::IntegrationPattern::{Callback, RequestResponse, RunJob};
use crate::call::Call;
use crate::call::resource::bedrock::{ANY, may_become_arn, unknown};
use crate::call::resource::s3::object;
use crate::call::resource::{Named, kms};
use crate::iam::{Condition, Grant, Operator, Pattern};

pub(super) const SERVICE: Service = Service {
    name: "bedrock",
    title: "Amazon Bedrock",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrock.html",
    sdk: &["bedrock", "bedrockruntime"],
    apis: &[CUSTOMIZE, INVOKE],
};

const INVOKE: Api = Api {
    name: "invokeModel",
    patterns: &[RequestResponse, Callback],
    documented: Some(&[
        allow(&["bedrock:InvokeModel"]).on(&[model::MODEL.or(&[FOUNDATION, PROVISIONED])]),
        allow(&["bedrock:InvokeModel"])
            .on(&[computed("every kind of model", unknown).or(ANY)])
            .correction("AWS's template covers neither inference profiles nor imported and deployed models"),
        model::BEHIND.correction("a profile or a router is allowed only together with the models behind it"),
        model::MARKETPLACE.correction("a Marketplace model is an endpoint of Amazon SageMaker"),
        model::PROMPT.correction("a prompt is rendered before its model is invoked"),
        INPUT.correction(OWN_ROLE),
        OUTPUT.correction(OWN_ROLE),
        GUARDRAIL.correction("a guardrail is applied with the state machine's own role"),
        GUARDRAIL_PROFILE.correction(GUARDRAIL_REGIONS),
    ]),
    least_privilege: &[
        allow(&["bedrock:InvokeModel"]).on(&[model::MODEL.or(ANY)]),
        model::BEHIND,
        model::MARKETPLACE,
        model::PROMPT,
        INPUT,
        OUTPUT,
        GUARDRAIL,
        GUARDRAIL_PROFILE,
    ],
    notes: &[
        "A ModelId of the form GEOGRAPHY.PROVIDER.MODEL is an inference profile: the profile is allowed, and its model in every Region, but only \
         through the profile. AWS publishes no list of the geographies, so an unknown one is granted both as a model and as a profile.",
        "The models of an application profile, of a prompt router and of a prompt are not in its ARN: every foundation model is allowed, for \
         profiles only through the profile.",
        "The object in Input.S3Uri is read and the one in Output.S3Uri written with the state machine's own role; AWS's page leaves that out. A \
         bucket with a KMS key of its own needs that key in kms_key_arns.",
        "Guardrails with inference in several Regions use a guardrail profile, which no definition names: all are allowed where a guardrail is used.",
        "AWS's overview lists the callback pattern for Amazon Bedrock without naming an API; it is granted like Request Response.",
    ],
};

const FOUNDATION: &str = "arn:{partition}:bedrock:{region}::foundation-model/*";
const PROVISIONED: &str = "arn:{partition}:bedrock:{region}:{account}:provisioned-model/*";

const OWN_ROLE: &str = "Step Functions reaches the object with the state machine's own role";

const INPUT: GrantRule = allow(&["s3:GetObject"])
    .on(&[each("Input.S3Uri", "the object", object).or(&["arn:{partition}:s3:::*/*"])])
    .when(&[present("Input.S3Uri")]);

const OUTPUT: GrantRule = allow(&["s3:PutObject"])
    .on(&[each("Output.S3Uri", "the object", object).or(&["arn:{partition}:s3:::*/*"])])
    .when(&[present("Output.S3Uri")]);

const GUARDRAIL: GrantRule = allow(&["bedrock:ApplyGuardrail"])
    .on(&[named("GuardrailIdentifier", "arn:{partition}:bedrock:{region}:{account}:guardrail/{}")
        .or(&["arn:{partition}:bedrock:{region}:{account}:guardrail/*"])])
    .when(&[present("GuardrailIdentifier")]);

const GUARDRAIL_REGIONS: &str = "a guardrail with inference in several Regions uses a guardrail profile, which the definition does not name";

const GUARDRAIL_PROFILE: GrantRule = allow(&["bedrock:ApplyGuardrail"])
    .on(&[arn("arn:{partition}:bedrock:{region}:{account}:guardrail-profile/*")])
    .because(GUARDRAIL_REGIONS)
    .when(&[present("GuardrailIdentifier")]);

const CUSTOMIZE: Api = Api {
    name: "createModelCustomizationJob",
    patterns: &[RequestResponse, RunJob],
    documented: Some(&[
        CREATE,
        TAG.when(&[present("JobTags")]).correction(TAGGED),
        TAG.when(&[present("CustomModelTags")]).correction(TAGGED),
        FOLLOW,
        allow(&["iam:PassRole"]).on(&[role_arn("RoleArn")]),
        KEY.correction(
            "a key for the custom model is used with the permissions of the principal that creates the job",
        ),
    ]),
    least_privilege: &[
        CREATE,
        TAG.when(&[present("JobTags")]),
        TAG.when(&[present("CustomModelTags")]),
        FOLLOW,
        allow(&["iam:PassRole"])
            .on(&[role_arn("RoleArn").or(&["arn:{partition}:iam::{account}:role/*"])])
            .only_if(&[passed_to("bedrock.amazonaws.com")]),
        KEY,
    ],
    notes: &[
        "Jobs and custom models have IDs that are generated at run time, so neither can be named.",
        "Whether CustomModelKmsKeyId needs permissions of the state machine's role or only of the passed role is not documented; they are granted, \
         as long as Amazon Bedrock uses them.",
    ],
};

const GENERATED: &str = "the IDs of jobs and custom models are generated at run time";

const CREATE: GrantRule = allow(&["bedrock:CreateModelCustomizationJob"])
    .on(&[
        each("BaseModelIdentifier", "the base model", base).or(&[FOUNDATION]),
        CUSTOM_MODEL,
        CUSTOMIZATION_JOB,
    ])
    .because(GENERATED);

const TAGGED: &str = "AWS's authorization data asks for bedrock:TagResource when a job is created with tags";

const TAG: GrantRule =
    allow(&["bedrock:TagResource"]).on(&[CUSTOM_MODEL, CUSTOMIZATION_JOB]).because(GENERATED);

const FOLLOW: GrantRule = allow(&["bedrock:GetModelCustomizationJob", "bedrock:StopModelCustomizationJob"])
    .on(&[CUSTOMIZATION_JOB])
    .because(GENERATED)
    .when(&[RUN_JOB]);

const CUSTOM_MODEL: Resource = arn("arn:{partition}:bedrock:{region}:{account}:custom-model/*");
const CUSTOMIZATION_JOB: Resource =
    arn("arn:{partition}:bedrock:{region}:{account}:model-customization-job/*");

/// IDs of base models have a provider and a dot; the names of custom models have none. Custom models cannot
/// be named more closely.
fn base(call: &Call<'_, '_>, value: &Pattern) -> Vec<Pattern> {
    let custom = |value: &Pattern| value.known().is_some_and(|known| !known.contains('.'));
    let is_part = |one: u8| one.is_ascii_alphanumeric() || matches!(one, b'-' | b'_');
    let is_name = |known: &str| !known.is_empty() && known.bytes().all(is_part);
    if !value.is_arn() && custom(value) && !value.known().is_some_and(is_name) {
        return Vec::new();
    }
    if value.is_arn() {
        match value.split_at(":foundation-model/") {
            None if value.split_at(":custom-model/").is_none() => Vec::new(),
            None => {
                vec![call.arn("arn:{partition}:bedrock:{region}:{account}:custom-model/*", None, GENERATED)]
            }
            Some(_) => vec![value.clone()],
        }
    } else if may_become_arn(value) {
        Vec::new()
    } else if custom(value) {
        vec![call.arn("arn:{partition}:bedrock:{region}:{account}:custom-model/*", None, GENERATED)]
    } else {
        vec![call.arn("arn:{partition}:bedrock:{region}::foundation-model/{}", Some(value), "")]
    }
}

const KEY_ACTIONS: &[&str] = &["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"];

const KEY: GrantRule =
    allow(KEY_ACTIONS).computed("the key in `CustomModelKmsKeyId`, as long as Amazon Bedrock uses it", key);

/// The key is an ID, an alias, or the ARN of either. Only an ARN names a key of another account.
fn key(call: &Call<'_, '_>) -> Vec<Grant> {
    let via = call.arn("bedrock.{region}.amazonaws.com", None, "");
    let via = Condition::new(Operator::StringEquals, "kms:ViaService", &[via]);
    let grant = |Named { arn, condition }: Named| {
        let mut conditions: Vec<Condition> = condition.into_iter().chain([via.clone()]).collect();
        conditions.sort();
        let actions = KEY_ACTIONS.iter().map(|action| (*action).to_owned()).collect();
        Grant { actions, resources: vec![arn], conditions }
    };
    let named = |value: Pattern| {
        let named = kms::keys(call, &value);
        // At run time it may become an alias or an ARN.
        let is_open = value.known().is_none()
            && ["alias/", "arn:"].iter().any(|form| form.starts_with(value.beginning()));
        if is_open || named.is_empty() {
            let any = call.unfit("CustomModelKmsKeyId", &value);
            return vec![call.arn("arn:{partition}:kms:{region}:{}:key/{}", Some(&any), "").into()];
        }
        named
    };
    call.texts("CustomModelKmsKeyId").into_iter().flat_map(named).map(grant).collect()
}
