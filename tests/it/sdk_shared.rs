//! Several services can have one IAM prefix, and each its own page of AWS's service authorization reference.
//! The pinned data keep one row of each action and one list of types for the prefix. A call of one service is
//! never checked on a type that only the page of another has.

use sfniam::permissions::Mode;
use sfniam::sdk::catalog::{self, Service};
use sfniam::sdk::model::{Kind, Operation, Target};

use crate::support::sdk::{Given, arguments, example, paths, permissions, services};
use crate::support::{all, settings};

/// A service, its page, and all resource types that the page defines, in lower case.
struct Page {
    segments: &'static [&'static str],
    prefix: &'static str,
    page: &'static str,
    types: &'static [&'static str],
}

/// The pages whose prefix another page has too, if their types differ; a page without a type of its own, such
/// as that of the former Amazon Pinpoint SMS and Voice, is left out. Source: the part "Resource types defined
/// by" of each page.
const PAGES: &[Page] = &[
    Page {
        segments: &["elasticloadbalancing"],
        prefix: "elasticloadbalancing",
        page: "list_elasticloadbalancing",
        types: &["loadbalancer"],
    },
    Page {
        segments: &["elasticloadbalancingv2"],
        prefix: "elasticloadbalancing",
        page: "list_elasticloadbalancingv2",
        types: &[
            "listener-rule/app",
            "listener-rule/net",
            "listener/app",
            "listener/gwy",
            "listener/net",
            "loadbalancer/app/",
            "loadbalancer/gwy/",
            "loadbalancer/net/",
            "targetgroup",
            "truststore",
        ],
    },
    Page {
        segments: &["greengrass"],
        prefix: "greengrass",
        page: "list_greengrass",
        types: &[
            "bulkdeployment",
            "certificateauthority",
            "connectivityinfo",
            "connectordefinition",
            "connectordefinitionversion",
            "coredefinition",
            "coredefinitionversion",
            "deployment",
            "devicedefinition",
            "devicedefinitionversion",
            "functiondefinition",
            "functiondefinitionversion",
            "group",
            "groupversion",
            "loggerdefinition",
            "loggerdefinitionversion",
            "resourcedefinition",
            "resourcedefinitionversion",
            "subscriptiondefinition",
            "subscriptiondefinitionversion",
            "thing",
            "thingruntimeconfig",
        ],
    },
    Page {
        segments: &["greengrassv2"],
        prefix: "greengrass",
        page: "list_greengrassv2",
        types: &["component", "componentversion", "connectivityinfo", "coredevice", "deployment"],
    },
    Page {
        segments: &["lexmodelbuilding", "lexruntime"],
        prefix: "lex",
        page: "list_lex",
        types: &["bot", "bot_alias", "bot_version", "channel", "intent_version", "slottype_version"],
    },
    Page {
        segments: &["lexmodelsv2", "lexruntimev2"],
        prefix: "lex",
        page: "list_lex-v2",
        types: &["bot", "bot_alias", "test_set"],
    },
    Page {
        segments: &["mailmanager"],
        prefix: "ses",
        page: "list_mailmanager",
        types: &[
            "addon-instance",
            "addon-subscription",
            "mailmanager-address-list",
            "mailmanager-archive",
            "mailmanager-ingress-point",
            "mailmanager-rule-set",
            "mailmanager-smtp-relay",
            "mailmanager-traffic-policy",
        ],
    },
    Page {
        segments: &["pinpointemail"],
        prefix: "ses",
        page: "list_pinpoint-email",
        types: &["configuration-set", "dedicated-ip-pool", "deliverability-test-report", "identity"],
    },
    Page {
        segments: &["ses"],
        prefix: "ses",
        page: "list_ses",
        types: &["configuration-set", "custom-verification-email-template", "identity", "template"],
    },
    Page {
        segments: &["sesv2"],
        prefix: "ses",
        page: "list_sesv2",
        types: &[
            "configuration-set",
            "contact-list",
            "custom-verification-email-template",
            "dedicated-ip-pool",
            "deliverability-test-report",
            "export-job",
            "identity",
            "import-job",
            "mailmanager-archive",
            "multi-region-endpoint",
            "reputation-policy",
            "template",
            "tenant",
        ],
    },
    Page {
        segments: &["wisdom"],
        prefix: "wisdom",
        page: "list_wisdom",
        types: &[
            "assistant",
            "assistantassociation",
            "content",
            "contentassociation",
            "knowledgebase",
            "messagetemplate",
            "quickresponse",
            "session",
        ],
    },
];

fn page_of(segment: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.segments.contains(&segment))
}

/// The name of a type of the service's own prefix, without what is before a `/`.
fn own_type(target: &Target, prefix: &str) -> Option<String> {
    let Target::Type { name, template, .. } = target else { return None };
    let is_own = template.service().is_none_or(|service| service == prefix);
    is_own.then(|| name.title().replace(' ', "_"))
}

/// The data have a path before the name of some types: `loadbalancer/app/`.
fn is_named(kind: &str, name: &str) -> bool {
    kind == name || kind.split_once('/').is_some_and(|(_, rest)| rest == name)
}

fn foreign<'o>(page: &Page, operation: &'o Operation) -> impl Iterator<Item = (String, &'o str)> {
    let (prefix, types) = (page.prefix, page.types);
    let of_service = move |action: &str| action.split(':').next() == Some(prefix);
    let actions = operation.actions.iter().filter(move |action| of_service(&action.name));
    let named = actions.flat_map(move |action| {
        action.targets.iter().filter_map(move |target| Some((own_type(target, prefix)?, &*action.name)))
    });
    named.filter(move |(kind, _)| !types.iter().any(|one| is_named(one, kind)))
}

#[test]
fn no_call_is_checked_on_a_type_that_only_the_page_of_another_service_has() {
    let mut seen = 0;
    for service in services() {
        let Some(page) = page_of(service.segment) else { continue };
        for operation in service.operations().filter_map(|name| service.operation(name)) {
            seen += operation.actions.iter().map(|action| action.targets.len()).sum::<usize>();
            all(foreign(page, operation).map(|(kind, action)| {
                Err(format!(
                    "{}.{}: {action} on {kind}, which {} does not have",
                    service.segment, operation.name, page.page
                ))
            }));
        }
    }
    assert!(seen > 700, "{seen}");
}

/// The opposite: each type of a page is one of a call of its service, but those that no API has; else the law
/// would hold for a catalogue without types.
#[test]
fn every_type_of_a_page_is_one_of_a_call() {
    // AWS's page defines them, and lists them for permissions without an API or for none.
    let unused = ["thing", "intent_version"];
    for page in PAGES {
        let found: Vec<String> = page
            .segments
            .iter()
            .filter_map(|segment| catalog::service(segment))
            .flat_map(|service| service.operations().filter_map(move |name| service.operation(name)))
            .flat_map(|operation| &operation.actions)
            .flat_map(|action| &action.targets)
            .filter_map(|target| own_type(target, page.prefix))
            .collect();
        for kind in page.types.iter().filter(|kind| !unused.contains(kind)) {
            assert!(found.iter().any(|one| is_named(kind, one)), "{}: no call is about {kind}", page.page);
        }
    }
}

/// A tag is put on each type of a service's own page, and the ARN of another page's type is none of the
/// service's.
#[test]
fn tags_are_put_on_the_types_of_the_own_page() {
    let settings = settings(Mode::LeastPrivilege);
    let on = |segment: &str, arn: &'static str| -> Vec<String> {
        let service: &Service = catalog::service(segment).expect("the service");
        let given = |operation: &Operation| {
            let values = |path: sfniam::sdk::model::Path| match path.as_str() {
                "ResourceArn" => arn.to_owned(),
                _ => example(operation, path),
            };
            Given::Parameters(arguments(paths(operation), values))
        };
        let needed = permissions(service, given, &settings);
        let of = needed
            .iter()
            .filter(|(place, permission)| place.ends_with(".TagResource") && permission.basis.is_some());
        of.flat_map(|(_, permission)| &permission.grant.resources).map(|one| one.to_text()).collect()
    };
    for (segment, arn) in [
        ("mailmanager", "arn:aws:ses:eu-west-1:111122223333:mailmanager-rule-set/rs-1"),
        ("mailmanager", "arn:aws:ses:eu-west-1:111122223333:addon-instance/ai-1"),
        ("sesv2", "arn:aws:ses:eu-west-1:111122223333:contact-list/readers"),
        ("greengrassv2", "arn:aws:greengrass:eu-west-1:111122223333:components:pump:versions:1.0.0"),
        ("greengrass", "arn:aws:greengrass:eu-west-1:111122223333:/greengrass/groups/g-1"),
    ] {
        assert_eq!(on(segment, arn), [arn], "{segment}");
    }
    for (segment, arn) in [
        ("mailmanager", "arn:aws:ses:eu-west-1:111122223333:contact-list/readers"),
        ("greengrassv2", "arn:aws:greengrass:eu-west-1:111122223333:/greengrass/groups/g-1"),
    ] {
        assert!(!on(segment, arn).contains(&arn.to_owned()), "{segment}: {arn}");
    }
}

/// A target of another page is found; a target of the own page is not.
#[test]
fn the_law_finds_a_type_of_another_page() {
    let service = catalog::service("sesv2").expect("the service");
    let operation = service.operation("CreateContact").expect("the operation");
    let [own, v1] = ["sesv2", "ses"].map(|segment| page_of(segment).expect("a page"));
    assert_eq!(foreign(own, operation).count(), 0);
    assert!(foreign(v1, operation).any(|(kind, _)| kind == "contact-list"));
    assert!(operation.actions.iter().any(|action| action.kind == Kind::Own));
}
