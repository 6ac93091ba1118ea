//! What a `ModelId` can be: the ID of a model or of an inference profile, the name of a provisioned model, or
//! the ARN of one of many kinds.

use super::super::dsl::{GrantRule, Resource, allow, computed, each, equals};
use crate::call::Call;
use crate::call::resource::bedrock::{Model, behind_one, model, of_kind};
use crate::iam::Grant;

/// The model, as it is named.
pub(super) const MODEL: Resource = each("ModelId", "the model, or the inference profile", model);

/// The models behind a profile, a router or a prompt.
pub(super) const BEHIND: GrantRule =
    allow(&["bedrock:InvokeModel"]).computed("the models behind a profile, a router or a prompt", behind);

/// Bedrock calls the endpoint of a Marketplace model with the permissions of its caller.
pub(super) const MARKETPLACE: GrantRule = allow(&["sagemaker:InvokeEndpoint"])
    .on(&[computed("the endpoint of a Marketplace model", |call| {
        of_kind(call, |model| if let Model::Endpoint(arn) = model { Some(arn) } else { None })
    })
    .or(&["arn:{partition}:sagemaker:{region}:{account}:endpoint/*"])])
    .only_if(&[equals("aws:CalledViaLast", "bedrock.amazonaws.com")]);

/// A prompt instead of a model.
pub(super) const PROMPT: GrantRule = allow(&["bedrock:RenderPrompt"]).on(&[computed("the prompt", |call| {
    of_kind(call, |model| if let Model::Prompt(arn) = model { Some(arn) } else { None })
})
.or(&["arn:{partition}:bedrock:{region}:{account}:prompt/*"])]);

fn behind(call: &Call<'_, '_>) -> Vec<Grant> {
    let values = call.texts("ModelId");
    let rows = values.iter().filter_map(|value| behind_one(call, value));
    let grants = rows.map(|(resources, condition)| Grant {
        actions: vec!["bedrock:InvokeModel".to_owned()],
        resources,
        conditions: condition.into_iter().collect(),
    });
    grants.collect()
}
