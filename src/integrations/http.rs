//! HTTP Task: call an HTTPS API with the credentials of an EventBridge connection.

use super::dsl::{Api, GrantRule, Resource, Service, allow, computed, present};
use crate::asl::IntegrationPattern::RequestResponse;
use crate::call::Call;
use crate::iam::{Condition, Grant, Operator, Pattern, Piece, WildcardReason};

pub(super) const SERVICE: Service = Service {
    name: "http",
    title: "HTTP Task",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html",
    sdk: &[],
    apis: &[Api {
        name: "invoke",
        patterns: &[RequestResponse],
        documented: Some(&[
            allow(&["states:InvokeHTTPEndpoint"])
                .computed(MACHINE, |call| {
                    invoke(call, Operator::StringLike, &documented_machine(call), endpoints(call))
                })
                .fixed(),
            allow(&["states:InvokeHTTPEndpoint"])
                .computed(MACHINE, |call| {
                    let queries = with_query(endpoints(call));
                    invoke(call, Operator::StringLike, &documented_machine(call), queries)
                })
                .when(&[present("QueryParameters")])
                .correction(QUERY),
            CREDENTIALS,
            SECRET,
        ]),
        least_privilege: &[
            allow(&["states:InvokeHTTPEndpoint"])
                .computed(MACHINE, |call| {
                    invoke(call, Operator::StringEquals, &machine(call), endpoints(call))
                })
                .fixed(),
            allow(&["states:InvokeHTTPEndpoint"])
                .computed(MACHINE, |call| {
                    invoke(call, Operator::StringEquals, &machine(call), with_query(endpoints(call)))
                })
                .when(&[present("QueryParameters")]),
            CREDENTIALS,
            SECRET,
        ],
        notes: &[
            "AWS lists no resource type for states:InvokeHTTPEndpoint, but accepts the state machine's own ARN. Without state_machine_name it is \
             \"*\" in template mode and all state machines of the account and region in least privilege.",
            "Whether AWS compares states:HTTPEndpoint with or without the query string is not documented: a task with QueryParameters may call \
             the endpoint both ways.",
            "A connection with a KMS key of its own needs kms:Decrypt: list that key in kms_key_arns.",
        ],
    }],
};

const MACHINE: &str = "the state machine itself, for each method and endpoint";

const QUERY: &str = "whether the endpoint that AWS compares has the query string is not documented";

const CREDENTIALS: GrantRule =
    allow(&["events:RetrieveConnectionCredentials"]).on(&[computed("the connection", connections)
        .certain()
        .or(&["arn:{partition}:events:{region}:{account}:connection/*"])]);

const SECRET: GrantRule = allow(&["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"])
    .on(&[SECRETS.or(&["arn:{partition}:secretsmanager:{region}:{account}:secret:events!connection/*"])])
    .because(SECRET_ID);

const SECRETS: Resource = computed("the secret of the connection", secrets).certain();

const SECRET_ID: &str = "a connection's ARN does not show the ID of its secret";

/// The older and the newer name of the member.
const MEMBERS: [&str; 2] = ["Authentication.ConnectionArn", "InvocationConfig.ConnectionArn"];

fn connections(call: &Call<'_, '_>) -> Vec<Pattern> {
    let mut connections = Vec::new();
    for member in MEMBERS {
        for value in call.texts(member) {
            let certain = value.is_arn() && value.split_at(":connection/").is_some();
            connections.push(if certain { value } else { call.unfit(member, &value) });
        }
    }
    if connections.is_empty() { call.required("InvocationConfig.ConnectionArn") } else { connections }
}

/// `…:connection/NAME/ID` has the secret `…:secret:events!connection/NAME/ANOTHER_ID`.
fn secrets(call: &Call<'_, '_>) -> Vec<Pattern> {
    let secret = |connection: Pattern| {
        let Some((_, tail)) = connection.split_at(":connection/") else { return connection };
        let name = tail.split_at("/").map_or(tail, |(name, _)| name);
        call.arn(
            "arn:{partition}:secretsmanager:{region}:{account}:secret:events!connection/{}/*",
            Some(&name),
            SECRET_ID,
        )
    };
    connections(call).into_iter().map(secret).collect()
}

fn machine(call: &Call<'_, '_>) -> Pattern {
    call.arn("arn:{partition}:states:{region}:{account}:stateMachine:{machine}", None, "")
}

fn documented_machine(call: &Call<'_, '_>) -> Pattern {
    match call.machine {
        Some(_) => machine(call),
        None => Pattern::anything(WildcardReason::Setting("state_machine_name")),
    }
}

fn endpoints(call: &Call<'_, '_>) -> Vec<Pattern> {
    call.required("ApiEndpoint")
}

/// An endpoint with an open end already matches any query.
fn with_query(endpoints: Vec<Pattern>) -> Vec<Pattern> {
    let query = |endpoint: Pattern| {
        if let Some(Piece::Wildcard("*", _)) = endpoint.pieces().last() {
            return None;
        }
        let mut with = endpoint.then("?");
        with.push_wildcard("*", WildcardReason::Aws("the query string is made of QueryParameters"));
        Some(with)
    };
    endpoints.into_iter().filter_map(query).collect()
}

/// One row for each pair of method and endpoint: a statement with several of both would allow pairs that no
/// task uses. What is known only at run time has no condition.
fn invoke(call: &Call<'_, '_>, operator: Operator, machine: &Pattern, endpoints: Vec<Pattern>) -> Vec<Grant> {
    let methods = call.required("Method");
    let mut rows = Vec::new();
    for endpoint in &endpoints {
        for method in &methods {
            let mut conditions = Vec::new();
            for (operator, key, value) in [
                (operator, "states:HTTPEndpoint", endpoint),
                (Operator::StringEquals, "states:HTTPMethod", method),
            ] {
                conditions.push(Condition::new(operator, key, std::slice::from_ref(value)));
            }
            conditions.sort();
            rows.push(Grant {
                actions: vec!["states:InvokeHTTPEndpoint".to_owned()],
                resources: vec![machine.clone()],
                conditions,
            });
        }
    }
    rows
}
