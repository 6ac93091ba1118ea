//! Models of Amazon Bedrock: the ID of a model or of an inference profile, the name of a provisioned model,
//! or the ARN of one of many kinds.

use crate::call::{Call, has_type};
use crate::iam::{Condition, Operator, Pattern, Unresolved, WildcardReason};

/// When the model is known only at run time: everything that can be used as one.
pub(crate) const ANY: &[&str] = &[
    "arn:{partition}:bedrock:*::foundation-model/*",
    "arn:{partition}:bedrock:{region}:{account}:application-inference-profile/*",
    "arn:{partition}:bedrock:{region}:{account}:custom-model-deployment/*",
    "arn:{partition}:bedrock:{region}:{account}:default-prompt-router/*",
    "arn:{partition}:bedrock:{region}:{account}:imported-model/*",
    "arn:{partition}:bedrock:{region}:{account}:inference-profile/*",
    "arn:{partition}:bedrock:{region}:{account}:marketplace/model-endpoint/all-access",
    "arn:{partition}:bedrock:{region}:{account}:prompt-router/*",
    "arn:{partition}:bedrock:{region}:{account}:provisioned-model/*",
];

/// The known geographies of inference profiles; AWS adds to them without publishing a list.
const GEOGRAPHIES: [&str; 8] = ["apac", "au", "ca", "eu", "global", "jp", "us", "us-gov"];

const REGIONS: &str = "a profile sends requests to Regions that the definition does not list";

const NOT_SHOWN: &str = "the ARN does not show which models are behind it";

/// A part of an ARN, and what an ARN with it is.
type Kind = (&'static str, fn(Pattern) -> Model);

/// The kinds of `ModelId`.
pub(crate) enum Model {
    /// A model's ARN, or that of a prompt router; used as it is.
    Arn(Pattern),
    /// An inference profile of AWS: its ARN and the ID in it.
    Profile(Pattern, Pattern),
    /// A profile of the account, with models that its ARN does not show.
    Application(Pattern),
    /// A prompt router, with models that its ARN does not show.
    Router(Pattern),
    /// A prompt: it is rendered, and its model is not shown.
    Prompt(Pattern),
    /// An endpoint of Amazon SageMaker.
    Endpoint(Pattern),
    /// The ID of a foundation model.
    Foundation(Pattern),
    /// An ID that is either that of a foundation model, or one of a profile in a geography that is not known:
    /// its ARN and the ID.
    FoundationOrProfile(Pattern, Pattern),
    /// The name of a provisioned model, whose ARN has an ID instead.
    ProvisionedName,
}

impl Model {
    /// `None` if too little is known.
    fn of(call: &Call<'_, '_>, value: &Pattern) -> Option<Model> {
        if value.is_arn() {
            return Model::of_arn(value);
        }
        if may_become_arn(value) {
            return None;
        }
        let profile =
            || call.arn("arn:{partition}:bedrock:{region}:{account}:inference-profile/{}", Some(value), "");
        match value.beginning().split_once('.') {
            None => value.known().filter(|name| is_provisioned_name(name)).map(|_| Model::ProvisionedName),
            Some((label, _)) if GEOGRAPHIES.contains(&label) => {
                Some(Model::Profile(profile(), value.clone()))
            }
            Some((_, rest)) => {
                // Model IDs have numbers after further dots, and profiles have the names of models.
                let model = rest.split_once('.').map(|(_, model)| model);
                let of_profile = match model.and_then(|model| model.chars().next()) {
                    Some(first) => first.is_ascii_alphabetic(),
                    None => value.known().is_none(),
                };
                Some(match of_profile {
                    true => Model::FoundationOrProfile(profile(), value.clone()),
                    false => Model::Foundation(value.clone()),
                })
            }
        }
    }

    fn of_arn(arn: &Pattern) -> Option<Model> {
        let has = |kind: &str| arn.split_at(kind).is_some();
        if let Some((_, id)) = arn.split_at(":inference-profile/") {
            return Some(Model::Profile(arn.clone(), id));
        }
        let kinds: [Kind; 9] = [
            (":application-inference-profile/", Model::Application),
            (":custom-model-deployment/", Model::Arn),
            (":default-prompt-router/", Model::Router),
            (":endpoint/", Model::Endpoint),
            (":foundation-model/", Model::Arn),
            (":imported-model/", Model::Arn),
            (":prompt-router/", Model::Router),
            (":prompt/", Model::Prompt),
            (":provisioned-model/", Model::Arn),
        ];
        kinds.iter().find(|(kind, _)| has(kind)).map(|(_, make)| make(arn.clone()))
    }
}

/// Whether a text has the form of the name of a provisioned model: letters and digits, with single hyphens
/// and underscores between them.
///
/// Source: the pattern of `ModelId` in the Amazon Bedrock API reference.
fn is_provisioned_name(text: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    text.split(['-', '_']).all(word)
}

/// Whether it may become an ARN at run time, although its beginning is not one yet.
pub(crate) fn may_become_arn(value: &Pattern) -> bool {
    let beginning = value.beginning();
    beginning.starts_with("arn:") || (value.known().is_none() && "arn:".starts_with(beginning))
}

/// A single `*` for what is known only at run time; empty for what is known.
pub(crate) fn unknown(call: &Call<'_, '_>) -> Vec<Pattern> {
    of_kind(call, |_| None)
}

pub(crate) fn model(call: &Call<'_, '_>, value: &Pattern) -> Vec<Pattern> {
    let foundation =
        |id: &Pattern| call.arn("arn:{partition}:bedrock:{region}::foundation-model/{}", Some(id), "");
    match Model::of(call, value) {
        None => Vec::new(),
        Some(Model::Arn(arn) | Model::Application(arn) | Model::Profile(arn, _) | Model::Router(arn)) => {
            vec![arn]
        }
        Some(Model::Foundation(id)) => vec![foundation(&id)],
        Some(Model::FoundationOrProfile(profile, id)) => vec![foundation(&id), profile],
        Some(Model::Prompt(_)) => any_model(call),
        Some(Model::Endpoint(_)) => {
            let all = "arn:{partition}:bedrock:{region}:{account}:marketplace/model-endpoint/all-access";
            vec![call.arn(all, None, "")]
        }
        Some(Model::ProvisionedName) => {
            let cause = Unresolved::Undecided("the name of a provisioned model (its ARN has an ID instead)");
            let why = WildcardReason::Run { parameter: "ModelId".to_owned(), cause };
            vec![call.stand_in("arn:{partition}:bedrock:{region}:{account}:provisioned-model/*", &why)]
        }
    }
}

/// For calls by the AWS SDK: the model as it is named, and those behind it, each with the condition under
/// which alone it is meant.
pub(crate) fn models(call: &Call<'_, '_>, value: &Pattern) -> Vec<(Pattern, Option<Condition>)> {
    let named = model(call, value);
    if named.is_empty() && (value.known().is_some() || has_type(value.beginning())) {
        return Vec::new();
    }
    if named.is_empty() {
        let why = value.reasons().next().cloned().unwrap_or(WildcardReason::Aws(NOT_SHOWN));
        return any(call, &why).into_iter().map(|model| (model, None)).collect();
    }
    let (behind, condition) = behind_one(call, value).unwrap_or_default();
    let behind = behind.into_iter().map(|resource| (resource, condition.clone()));
    named.into_iter().map(|resource| (resource, None)).chain(behind).collect()
}

/// Every model, inference profile and router, for a reason.
pub(crate) fn any(call: &Call<'_, '_>, why: &WildcardReason) -> Vec<Pattern> {
    ANY.iter().map(|model| call.stand_in(model, why)).collect()
}

fn any_model(call: &Call<'_, '_>) -> Vec<Pattern> {
    let mut models = vec![foundation_anywhere(call)];
    for profiles in ["application-inference-profile", "inference-profile"] {
        let template = "arn:{partition}:bedrock:{region}:{account}:{}/*";
        models.push(call.arn(template, Some(&Pattern::literal(profiles)), NOT_SHOWN));
    }
    models
}

fn foundation_anywhere(call: &Call<'_, '_>) -> Pattern {
    call.arn("arn:{partition}:bedrock:*::foundation-model/*", None, NOT_SHOWN)
}

/// A model is allowed in every Region, for `*` matches the empty Region of global profiles as well; but only
/// through the profile.
pub(crate) fn behind_one(call: &Call<'_, '_>, value: &Pattern) -> Option<(Vec<Pattern>, Option<Condition>)> {
    let (resources, profile) = match Model::of(call, value) {
        Some(Model::Profile(profile, id) | Model::FoundationOrProfile(profile, id)) => {
            // Unless there is certainly a dot, the model after the geography is not known.
            let model = match id.split_once('.') {
                Some((_, model)) => {
                    let template = "arn:{partition}:bedrock:*::foundation-model/{}";
                    call.arn(template, Some(&model), REGIONS)
                }
                None => call.arn("arn:{partition}:bedrock:*::foundation-model/*", None, REGIONS),
            };
            (vec![model], Some(profile))
        }
        Some(Model::Application(profile)) => (vec![foundation_anywhere(call)], Some(profile)),
        Some(Model::Router(_)) => (any_model(call), None),
        _ => return None,
    };
    let condition =
        |profile: Pattern| Condition::new(Operator::StringEquals, "bedrock:InferenceProfileArn", &[profile]);
    Some((resources, profile.map(condition)))
}

/// The values of one kind, and a single `*` for those whose kind is known only at run time.
pub(crate) fn of_kind(call: &Call<'_, '_>, select: fn(Model) -> Option<Pattern>) -> Vec<Pattern> {
    let values = call.required("ModelId");
    let one = |value: &Pattern| match Model::of(call, value) {
        Some(model) => select(model),
        None => Some(call.unfit("ModelId", value)),
    };
    values.iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::{Call, model};
    use crate::call::testing::made;

    #[test]
    fn partly_known_models_are_no_narrower_than_what_can_come() {
        let models = |value: &'static str| {
            let make = |call: &Call<'_, '_>| {
                call.texts("ModelId").iter().flat_map(|value| model(call, value)).collect()
            };
            made(&[("ModelId", value)], make)
        };
        let (model, profile) = (
            "arn:aws:bedrock:eu-west-1::foundation-model/",
            "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/",
        );
        assert_eq!(models("eu.anthropic.claude-*"), [format!("{profile}eu.anthropic.claude-*")]);
        assert_eq!(
            models("anthropic.claude-*"),
            [format!("{model}anthropic.claude-*"), format!("{profile}anthropic.claude-*")]
        );
        assert_eq!(
            models("arn:aws:bedrock:*::foundation-model/anthropic.claude-v2"),
            ["arn:aws:bedrock:*::foundation-model/anthropic.claude-v2"]
        );
        for unclear in ["*", "*.claude-v2", "a*", "claude-*", "arn:aws:bedrock:eu-west-1:*"] {
            assert!(models(unclear).is_empty(), "{unclear}");
        }
    }
}
