//! AWS Lambda: invoke a function, by `lambda:invoke` or by the function's own ARN.

use super::define::{Api, Resource, Service, allow, computed, each, present};
use super::{Call, Presence};
use crate::asl::Pattern::{Callback, RequestResponse};
use crate::iam::Pattern as Text;

pub(super) const SERVICE: Service = Service {
    name: "lambda",
    title: "AWS Lambda",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html",
    apis: &[Api {
        name: "invoke",
        patterns: &[RequestResponse, Callback],
        documented: Some(&[
            allow(&["lambda:InvokeFunction"]).on(&[NAMED]),
            allow(&["lambda:InvokeFunction"])
                .on(&[QUALIFIED.or(&["*"])])
                .when(&[present("Qualifier")])
                .correction("the ARN of a function does not cover its versions and aliases"),
        ]),
        least_privilege: &[allow(&["lambda:InvokeFunction"])
            .on(&[QUALIFIED.or(&["arn:{partition}:lambda:{region}:{account}:function:*"])])],
        notes: &[
            "Lambda compares the policy with function and qualifier together: the ARN of a function does not cover its versions and aliases. \
             AWS's template has the function as FunctionName names it; where the task has a Qualifier, the qualified ARN is granted too.",
        ],
    }],
};

/// The function in the Resource itself. There `Parameters` is the payload and decides nothing.
pub(super) const FUNCTION: Api = Api {
    name: "functionArn",
    patterns: &[RequestResponse],
    documented: None,
    least_privilege: &[
        allow(&["lambda:InvokeFunction"]).on(&[computed("the function in Resource", resource)])
    ],
    notes: &[],
};

fn resource(call: &Call<'_, '_>) -> Vec<Text> {
    vec![Text::literal(call.resource.arn)]
}

const NAMED: Resource = each("FunctionName", "the function", |call, name| vec![function_arn(call, name)]);

const QUALIFIED: Resource = computed("the function, with its qualifier", function);

/// `FunctionName` is a name, a partial ARN (`account:function:name`) or an ARN, each with or without a qualifier; `Qualifier` adds one.
fn function(call: &Call<'_, '_>) -> Vec<Text> {
    let names = call.texts("FunctionName");
    names.iter().flat_map(|name| qualified(call, name)).collect()
}

fn qualified(call: &Call<'_, '_>, name: &Text) -> Vec<Text> {
    if name.is_unknown() {
        return vec![name.clone()];
    }
    let arn = function_arn(call, name);
    // Eight fields: the qualifier is there already. With a hole in it, only the run knows.
    let fields = arn.known().map(|arn| arn.split(':').count());
    let qualifiers = call.texts("Qualifier");
    if fields.is_some_and(|fields| fields > 7) || qualifiers.is_empty() {
        return vec![arn];
    }
    let optional = call.presence("Qualifier") != Presence::Always;
    let mut arns = Vec::new();
    if optional {
        arns.push(arn.clone());
    }
    for qualifier in qualifiers {
        let mut with = arn.clone().then(":");
        with.push(&qualifier);
        arns.push(with);
    }
    arns
}

fn function_arn(call: &Call<'_, '_>, name: &Text) -> Text {
    if name.is_arn() {
        return name.clone();
    }
    let account = name.beginning().split(':').next().unwrap_or_default();
    let partial = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    if partial && name.beginning().contains(":function:") {
        return call.arn("arn:{partition}:lambda:{region}:{}", Some(name), "");
    }
    call.arn("arn:{partition}:lambda:{region}:{account}:function:{}", Some(name), "")
}
