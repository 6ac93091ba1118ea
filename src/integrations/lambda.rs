//! AWS Lambda: invoke a function, by `lambda:invoke` or by the function's own ARN.

use super::dsl::{Api, Resource, Service, allow, computed, each, present};
use crate::asl::IntegrationPattern::{Callback, RequestResponse};
use crate::call::Call;
use crate::call::resource::lambda::{functions, own_functions, qualified};
use crate::iam::Pattern;

pub(super) const SERVICE: Service = Service {
    name: "lambda",
    title: "AWS Lambda",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html",
    sdk: &["lambda"],
    apis: &[Api {
        name: "invoke",
        patterns: &[RequestResponse, Callback],
        documented: Some(&[
            allow(&["lambda:InvokeFunction"]).on(&[NAMED]),
            allow(&["lambda:InvokeFunction"])
                .on(&[DOCUMENTED])
                .when(&[present("Qualifier")])
                .correction("the ARN of a function does not cover its versions and aliases"),
        ]),
        least_privilege: &[allow(&["lambda:InvokeFunction"]).on(&[LEAST])],
        notes: &[
            "Lambda compares the policy with function and qualifier together: the ARN of a function does not cover its versions and aliases. \
             AWS's template has the function as FunctionName names it; where the task has a Qualifier, the qualified ARN is granted too.",
            "A wildcard does not match the account in that comparison: set account_id. In least privilege, a function is assumed to be one of this account \
             unless FunctionName names another.",
        ],
    }],
};

/// The function in the Resource itself. There `Parameters` is the payload and decides nothing.
pub(super) const FUNCTION: Api = Api {
    name: "functionArn",
    patterns: &[RequestResponse],
    documented: None,
    least_privilege: &[allow(&["lambda:InvokeFunction"]).on(&[computed(
        "the function in `Resource`",
        resource,
    )
    .certain()])],
    notes: &[],
};

fn resource(call: &Call<'_, '_>) -> Vec<Pattern> {
    vec![Pattern::literal(call.resource.arn)]
}

const NAMED: Resource = each("FunctionName", "the function", functions);

const DOCUMENTED: Resource =
    computed("the function, with its qualifier", |call| qualified(call, functions)).certain().or(&["*"]);
const LEAST: Resource = computed("the function, with its qualifier", |call| qualified(call, own_functions))
    .certain()
    .or(&["arn:{partition}:lambda:{region}:{account}:function:*"]);
