//! Amazon API Gateway: call a method of an API.

use super::dsl::{Api, Guard, Resource, Service, allow, each};
use crate::asl::IntegrationPattern::{Callback, RequestResponse};
use crate::call::{Call, Presence};
use crate::iam::{Location, Pattern};

pub(super) const SERVICE: Service = Service {
    name: "apigateway",
    title: "Amazon API Gateway",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html",
    sdk: &[],
    apis: &[Api {
        name: "invoke",
        patterns: &[RequestResponse, Callback],
        documented: Some(&[
            allow(&["execute-api:Invoke"])
                .on(&[each("ApiEndpoint", METHOD, documented)])
                .when(&[SIGNED, CALLS])
                .or_another(),
            allow(&["execute-api:Invoke"]).on(&[DEFAULT_ROUTE]).when(&[SIGNED, CALLS]).correction(
                "an HTTP API authorizes its default route by the name $default, not by method and path",
            ),
            allow(&["execute-api:ManageConnections"])
                .on(&[CONNECTIONS])
                .when(&[SIGNED, CONNECTS])
                .or_another()
                .correction("@connections of a WebSocket API is authorized as execute-api:ManageConnections"),
        ]),
        least_privilege: &[
            allow(&["execute-api:Invoke"])
                .on(&[each("ApiEndpoint", METHOD, methods).or(APIS)])
                .when(&[SIGNED, CALLS])
                .or_another(),
            // Whether the API is an HTTP API, and has such a route, is not in the definition.
            allow(&["execute-api:Invoke"]).on(&[DEFAULT_ROUTE.or(APIS)]).when(&[SIGNED, CALLS]),
            allow(&["execute-api:ManageConnections"])
                .on(&[CONNECTIONS.or(APIS)])
                .because("the IDs of connections exist only at run time")
                .when(&[SIGNED, CONNECTS])
                .or_another(),
        ],
        notes: &[
            "Only calls with AuthType IAM_ROLE are signed by the execution role. With NO_AUTH, the default, and with RESOURCE_POLICY it needs nothing.",
            "Without Stage the first segment of Path may be the stage, or the API may serve its $default stage: both are allowed.",
        ],
    }],
};

const METHOD: &str = "the method and path in the stage of the API";
const APIS: &[&str] = &["arn:{partition}:execute-api:{region}:{account}:*"];

const DEFAULT_ROUTE: Resource = each("ApiEndpoint", "the default route of an HTTP API", default_routes);
const CONNECTIONS: Resource = each("ApiEndpoint", "the connections of a WebSocket API", connections);

const SIGNED: Guard = Guard::Is("AuthType", "IAM_ROLE");
const CALLS: Guard = Guard::Holds("`Path` does not begin with `@connections`", |call| {
    connects(call).into_iter().any(|connects| connects != Presence::Always)
});
const CONNECTS: Guard = Guard::Holds("`Path` begins with `@connections`", |call| {
    connects(call).into_iter().any(|connects| connects != Presence::Never)
});

/// Where a request goes within an API.
struct Request {
    stage: Pattern,
    /// Without the leading slash; without the stage.
    path: Pattern,
    /// Whether the path begins with `@connections`.
    connects: Presence,
}

/// Without the leading slash.
fn paths(call: &Call<'_, '_>) -> Vec<Pattern> {
    let paths = call.required("Path|").into_iter();
    paths.map(|path| path.strip_prefix("/").unwrap_or(path)).collect()
}

/// Whether the path begins with `@connections`, for each request that a call can be. Stage is read only if it
/// decides about that, so that a stage that is not known yet leaves the answer known.
fn connects(call: &Call<'_, '_>) -> Vec<Presence> {
    let both_ways = |path: &Pattern| {
        let rest = first_segment(path).map(|(_, rest)| begins(&rest));
        [Some(begins(path)), rest].into_iter().flatten()
    };
    let mut kinds: Vec<Presence> = paths(call).iter().flat_map(both_ways).collect();
    kinds.dedup();
    if kinds.len() > 1 {
        kinds = requests(call).into_iter().map(|request| request.connects).collect();
    }
    kinds
}

/// All that a call can need. Without Stage an HTTP API serves its `$default` stage, any other API the stage
/// that begins the path.
fn requests(call: &Call<'_, '_>) -> Vec<Request> {
    let paths = paths(call);
    let mut stages = call.required("Stage|");
    let named = stages.len();
    stages.retain(|stage| !stage.is_empty());
    let mut requests = Vec::new();
    for path in paths {
        requests.extend(stages.iter().map(|stage| request(stage.clone(), path.clone())));
        if stages.len() < named {
            requests.push(request(Pattern::literal("$default"), path.clone()));
            requests.extend(first_segment(&path).map(|(stage, path)| request(stage, path)));
        }
    }
    requests
}

fn request(stage: Pattern, path: Pattern) -> Request {
    let connects = begins(&path);
    Request { stage, path, connects }
}

/// Whether a path begins with `@connections`.
fn begins(path: &Pattern) -> Presence {
    let begun = path.beginning();
    if begun.starts_with(AT_CONNECTIONS) {
        Presence::Always
    } else if path.known().is_none() && AT_CONNECTIONS.starts_with(begun) {
        Presence::Maybe
    } else {
        Presence::Never
    }
}

const AT_CONNECTIONS: &str = "@connections";

/// The stage that begins a path, and the rest. If a wildcard may contain the slash between them, both are
/// open.
fn first_segment(path: &Pattern) -> Option<(Pattern, Pattern)> {
    if let Some(split) = path.split_once('/') {
        return Some(split);
    }
    let Some(why) = path.reasons().next() else {
        return (!path.is_empty()).then(|| (path.clone(), Pattern::default()));
    };
    let mut stage = Pattern::literal(path.beginning());
    stage.push_wildcard("*", why.clone());
    Some((stage, Pattern::anything(why.clone())))
}

/// AWS documents `*` for a call of which a part is known only at run time.
fn documented(call: &Call<'_, '_>, endpoint: &Pattern) -> Vec<Pattern> {
    // Otherwise the other parameters do not matter.
    if api(call, endpoint).is_none() {
        return Vec::new();
    }
    let parts = ["Stage|", "Method", "Path|"];
    let unknown = parts.iter().flat_map(|part| call.required(part)).find(Pattern::is_unknown);
    unknown.map_or_else(|| methods(call, endpoint), |unknown| vec![unknown])
}

fn methods(call: &Call<'_, '_>, endpoint: &Pattern) -> Vec<Pattern> {
    arns(call, endpoint, |request, arn, arns| {
        if request.connects != Presence::Always {
            arns.extend(given_methods(call).iter().map(|method| {
                let mut arn = arn.clone();
                arn.push(method);
                arn.push_literal("/");
                arn.push(&request.path);
                arn
            }));
        }
    })
}

/// A request has a method.
fn given_methods(call: &Call<'_, '_>) -> Vec<Pattern> {
    let named = |method: Pattern| if method.is_empty() { call.unfit("Method", &method) } else { method };
    call.required("Method").into_iter().map(named).collect()
}

fn default_routes(call: &Call<'_, '_>, endpoint: &Pattern) -> Vec<Pattern> {
    let absent = call.presence("Stage") == Presence::Never;
    arns(call, endpoint, |request, arn, arns| {
        // Only HTTP APIs have the route, and without Stage those serve their default stage.
        let serves = !absent || request.stage.known() == Some("$default");
        if serves && request.connects != Presence::Always {
            arns.push(arn.clone().then("$default"));
        }
    })
}

fn connections(call: &Call<'_, '_>, endpoint: &Pattern) -> Vec<Pattern> {
    arns(call, endpoint, |request, arn, arns| {
        if request.connects != Presence::Never {
            let all = call.arn("@connections*", None, "the IDs of connections exist only at run time");
            arns.extend(given_methods(call).iter().map(|method| {
                let mut arn = arn.clone();
                arn.push(method);
                arn.push_literal("/");
                arn.push(&all);
                arn
            }));
        }
    })
}

/// What `make` adds to the beginning of an ARN, `…:API/STAGE/`, for each request. Empty for what is not an
/// endpoint of an API.
fn arns(
    call: &Call<'_, '_>,
    endpoint: &Pattern,
    make: impl Fn(&Request, &Pattern, &mut Vec<Pattern>),
) -> Vec<Pattern> {
    let Some(api) = api(call, endpoint) else { return Vec::new() };
    let mut arns = Vec::new();
    for request in requests(call) {
        let mut arn = api.clone().then("/");
        arn.push(&request.stage);
        make(&request, &arn.then("/"), &mut arns);
    }
    arns
}

/// The ARN of the API at `API.execute-api.REGION.amazonaws.com`. The caller's account, because signed calls
/// do not cross accounts.
fn api(call: &Call<'_, '_>, endpoint: &Pattern) -> Option<Pattern> {
    let (id, rest) = endpoint.split_at(".execute-api.")?;
    if id.is_empty() || id.beginning().contains(['/', ':']) {
        return None;
    }
    let region = rest.split_once('.').and_then(|(region, _)| region.known().map(str::to_owned));
    // A region that is not fully known is that of the state machine, because tasks call no other.
    let (partition, region) = match region {
        Some(region) => (Pattern::literal(Location::partition_of(&region)), Pattern::literal(region)),
        None if rest.known().is_some() => return None,
        None => (call.setting("partition")?, call.setting("region")?),
    };
    let mut arn = Pattern::literal("arn:");
    for field in [&partition, &Pattern::literal("execute-api"), &region, &call.setting("account")?] {
        arn.push(field);
        arn.push_literal(":");
    }
    arn.push(&id);
    Some(arn)
}

#[cfg(test)]
mod tests {
    use super::{connections, default_routes, methods};
    use crate::call::testing::{made, text};

    const API: &str = "arn:aws:execute-api:eu-west-1:111122223333:";

    fn short(arns: Vec<String>) -> Vec<String> {
        arns.iter().map(|arn| arn.strip_prefix(API).unwrap_or(arn).to_owned()).collect()
    }

    #[test]
    fn stage_method_and_path_are_in_the_arn() {
        let endpoint = text("a1.execute-api.eu-west-1.amazonaws.com");
        let get = ("Method", "GET");
        for (parameters, expected) in [
            (vec![get, ("Stage", "prod"), ("Path", "/pets/1")], vec!["a1/prod/GET/pets/1"]),
            (vec![get, ("Stage", "prod")], vec!["a1/prod/GET/"]),
            (vec![get, ("Stage", "prod"), ("Path", "/")], vec!["a1/prod/GET/"]),
            (vec![get, ("Stage", "*"), ("Path", "pets/*")], vec!["a1/*/GET/pets/*"]),
            (vec![get, ("Path", "pets/1")], vec!["a1/$default/GET/pets/1", "a1/pets/GET/1"]),
            (vec![get, ("Path", "prod")], vec!["a1/$default/GET/prod", "a1/prod/GET/"]),
            (vec![get], vec!["a1/$default/GET/"]),
            (vec![get, ("Path", "pr*")], vec!["a1/$default/GET/pr*", "a1/pr*/GET/*"]),
            (vec![get, ("Path", "*")], vec!["a1/$default/GET/*", "a1/*/GET/*"]),
            (vec![("Stage", "prod"), ("Path", "pets")], vec!["a1/prod/*/pets"]),
            (vec![get, ("Stage", "prod"), ("Path", "@connections/x")], vec![]),
        ] {
            assert_eq!(short(made(&parameters, |call| methods(call, &endpoint))), expected, "{parameters:?}");
        }
    }

    #[test]
    fn connections_and_the_default_route() {
        let endpoint = text("a1.execute-api.eu-west-1.amazonaws.com");
        for (parameters, connects, default) in [
            (
                vec![("Stage", "prod"), ("Path", "/@connections/*")],
                vec!["a1/prod/POST/@connections*"],
                vec![],
            ),
            (
                vec![("Path", "prod/@connections/x")],
                vec!["a1/prod/POST/@connections*"],
                vec!["a1/$default/$default"],
            ),
            (
                vec![("Stage", "prod"), ("Path", "@co*")],
                vec!["a1/prod/POST/@connections*"],
                vec!["a1/prod/$default"],
            ),
            (vec![("Stage", "prod"), ("Path", "pets")], vec![], vec!["a1/prod/$default"]),
            (vec![("Stage", "*"), ("Path", "pets")], vec![], vec!["a1/*/$default"]),
        ] {
            let parameters: Vec<_> = parameters.into_iter().chain([("Method", "POST")]).collect();
            assert_eq!(
                short(made(&parameters, |call| connections(call, &endpoint))),
                connects,
                "{parameters:?}"
            );
            assert_eq!(
                short(made(&parameters, |call| default_routes(call, &endpoint))),
                default,
                "{parameters:?}"
            );
        }
    }

    #[test]
    fn api_and_region_are_in_the_host() {
        let parameters = [("Method", "GET"), ("Stage", "s")];
        for (endpoint, beginning) in [
            ("a1.execute-api.us-east-1.amazonaws.com", "arn:aws:execute-api:us-east-1:111122223333:a1"),
            (
                "a1.execute-api.cn-north-1.amazonaws.com.cn",
                "arn:aws-cn:execute-api:cn-north-1:111122223333:a1",
            ),
            ("*.execute-api.us-east-1.amazonaws.com", "arn:aws:execute-api:us-east-1:111122223333:*"),
            ("a1.execute-api.*.amazonaws.com", "arn:aws:execute-api:eu-west-1:111122223333:a1"),
            ("a1.execute-api.*", "arn:aws:execute-api:eu-west-1:111122223333:a1"),
        ] {
            let arns = made(&parameters, |call| methods(call, &text(endpoint)));
            assert_eq!(arns, [format!("{beginning}/s/GET/")], "{endpoint}");
        }
        for endpoint in [
            "",
            "api.example.com",
            "https://a1.execute-api.eu-west-1.amazonaws.com",
            "a1.execute-api.",
            "a1*",
        ] {
            assert!(made(&parameters, |call| methods(call, &text(endpoint))).is_empty(), "{endpoint}");
        }
    }
}
