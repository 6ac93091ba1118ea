//! Work grows as the definition does, whatever is in it: a law without a clock, over doublings of each kind.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::json;
use sfniam::generator::{
    MAX_MANAGED_CHARACTERS, Request, Role, RoleProblem, Unknown, analyze_within, compare_role_within,
    generate, generate_within, tokens,
};
use sfniam::permissions::Mode;
use sfniam::work::{Cancel, Limit, Work};

use crate::support::kinds::{KINDS, Kind, kind};
use crate::support::{request, sweeping};

/// The units that the whole way to the documents takes, explanation included.
fn units(kind: &Kind, count: usize, mode: Mode) -> u64 {
    let mut asked = kind.request(count, mode);
    // The policy packed into one document is the policy itself, which is checked once: a kind that is not
    // about documents has one at any size.
    if asked.document_size_limit == MAX_MANAGED_CHARACTERS {
        asked.document_size_limit = u64::MAX;
    }
    let work = Rc::new(Work::new(Cancel::default(), Limit::for_definition(asked.definition.len())));
    let made = generate_within(&asked, &work);
    assert_eq!(made.is_err(), kind.is_refused, "{}: {:?}", kind.name, made.err());
    work.units() + work.counted()
}

#[test]
fn twice_as_many_take_about_twice_the_work() {
    let sizes = if sweeping() { [100, 200, 400] } else { [30, 60, 120] };
    for kind in KINDS {
        for mode in Mode::ALL {
            let units = sizes.map(|count| units(kind, count, mode));
            assert!(is_linear(units), "{}, {mode:?}: {units:?}", kind.name);
        }
    }
}

/// Whether work over doublings grows about as the sizes do. Quadratic work would be four times as
/// much.
fn is_linear(units: [u64; 3]) -> bool {
    units.windows(2).all(|pair| pair[1] <= pair[0] * 12 / 5 + 20)
}

/// Patterns held against each other pair by pair, as no part of the product does it, do not pass the law.
#[test]
fn comparing_each_with_each_is_seen() {
    let units = |count: usize, all: bool| {
        let asked = kind("beginnings that are known").request(count, Mode::LeastPrivilege);
        let policy = generate(&asked).unwrap_or_else(|findings| panic!("{findings:?}")).policy;
        let resources: Vec<&String> = policy.statements.iter().flat_map(|one| &one.resources).collect();
        let work = Work::default();
        for (at, resource) in resources.iter().enumerate() {
            let others = if all { resources.as_slice() } else { &resources[..=at.min(1)] };
            for other in others {
                work.count(usize::from(other != resource)).expect("somebody waits");
            }
        }
        work.units() + work.counted()
    };
    assert!(is_linear([30, 60, 120].map(|count| units(count, false))));
    assert!(!is_linear([30, 60, 120].map(|count| units(count, true))));
}

/// The units that `analyze` takes with every token unknown that a definition has.
fn units_of_analysis(kind: &Kind, count: usize, mode: Mode) -> u64 {
    let asked = kind.request(count, mode);
    let names = tokens(&asked.definition).map(|token| token.name.to_owned()).collect();
    let unknown = Unknown { tokens: names, ..Unknown::default() };
    let work = Rc::new(Work::new(Cancel::default(), Limit::for_definition(asked.definition.len())));
    // What is refused takes work too.
    let _ = analyze_within(&asked, &unknown, &work);
    work.units() + work.counted()
}

#[test]
fn twice_as_many_take_about_twice_the_work_to_analyze() {
    let mut counted = 0;
    for kind in KINDS {
        for mode in Mode::ALL {
            let units = [30, 60, 120].map(|count| units_of_analysis(kind, count, mode));
            assert!(is_linear(units), "{}, {mode:?}: {units:?}", kind.name);
            counted += usize::from(units[2] > units[0] + 60);
        }
    }
    assert!(counted > KINDS.len(), "{counted} kinds and modes of which the work is counted");
}

#[test]
fn the_work_that_a_kind_is_about_is_counted() {
    let of = |name: &str| units(kind(name), 100, Mode::LeastPrivilege);
    let plain = of("states without tasks");
    assert!(plain >= 100, "{plain} units for 100 states");
    // Each of them is compared with those that may cover it.
    for name in [
        "beginnings that are known",
        "ends that are known",
        "hints",
        "jobs that are waited for",
        "documents of few permissions",
    ] {
        assert!(of(name) >= plain + 100, "{name}: what is compared is not counted");
    }
}

/// The kinds whose policies are compared.
pub(crate) const COMPARED: [&str; 9] = [
    "names that are known",
    "beginnings that are known",
    "ends that are known",
    "middles that are known",
    "names that one wildcard covers",
    "endpoints",
    "jobs that are waited for",
    "states without tasks",
    "variables",
];

/// The definition of a kind with this many.
pub(crate) fn definition(name: &str, count: usize) -> String {
    kind(name).request(count, Mode::LeastPrivilege).definition
}

/// The ways in which a policy is compared with a definition.
pub(crate) const POLICIES: [&str; 4] =
    ["its own", "a statement for each pair", "of another region", "with denials"];

/// The policy of a definition, changed; `None` if it has none.
pub(crate) fn policy(definition: &str, way: &str) -> Option<String> {
    let asked = Request { size_limit: u64::MAX, ..request(definition, Mode::LeastPrivilege) };
    let own = generate(&asked).unwrap_or_else(|findings| panic!("{findings:?}")).policy;
    let statements = own.statements.iter().flat_map(|statement| {
        let actions = statement.actions.iter();
        actions.flat_map(|action| statement.resources.iter().map(move |resource| (action, resource)))
    });
    let pairs = |effect: &str| -> Vec<serde_json::Value> {
        let distinct: BTreeSet<_> = statements.clone().collect();
        let pair = |(action, resource): (&String, &String)| json!({"Effect": effect, "Action": action, "Resource": resource});
        distinct.into_iter().map(pair).collect()
    };
    if own.statements.is_empty() {
        return None;
    }
    let document = |statements: Vec<serde_json::Value>| {
        json!({"Version": "2012-10-17", "Statement": statements}).to_string()
    };
    let elsewhere = |text: String| text.replace("eu-west-1", "us-east-1").replace("bucket-", "basket-");
    Some(match way {
        "its own" => own.to_json(),
        "a statement for each pair" => document(pairs("Allow")),
        "of another region" => elsewhere(document(pairs("Allow"))),
        _ => {
            let denials = pairs("Deny")
                .into_iter()
                .map(|statement| serde_json::from_str(&elsewhere(statement.to_string())).expect("JSON"));
            document(pairs("Allow").into_iter().chain(denials).collect())
        }
    })
}

/// The units that a comparison takes, the reading of the definition included.
fn units_of_comparison(definition: &str, policy: String) -> u64 {
    let limit = Limit::for_definition(definition.len() + policy.len());
    let work = Rc::new(Work::new(Cancel::default(), limit));
    let (machines, policies) = ([request(definition, Mode::LeastPrivilege)], [policy]);
    let role = Role { machines: &machines, policies: &policies, boundary: None };
    compare_role_within(role, &work).unwrap_or_else(|problem| panic!("{problem}"));
    work.units() + work.counted()
}

#[test]
fn twice_the_states_and_statements_take_about_twice_the_work_to_compare() {
    let mut compared = 0;
    for name in COMPARED {
        for way in POLICIES {
            let sizes: Vec<u64> = [50, 100, 200]
                .iter()
                .filter_map(|states| {
                    let definition = definition(name, *states);
                    Some(units_of_comparison(&definition, policy(&definition, way)?))
                })
                .collect();
            for pair in sizes.windows(2) {
                assert!(pair[1] <= pair[0] * 12 / 5, "{name}, {way}: {sizes:?}");
                compared += 1;
            }
        }
    }
    assert!(compared >= 40, "{compared} comparisons");
}

/// Comparing each state with each statement is seen.
#[test]
fn a_comparison_counts_what_it_compares() {
    let definition = definition("names that are known", 100);
    let of = |policy: String| units_of_comparison(&definition, policy);
    let none =
        of(r#"{"Statement": {"Effect": "Allow", "Action": "sns:Unknown", "Resource": "*"}}"#.to_owned());
    let own = of(policy(&definition, "its own").expect("a policy"));
    assert!(own >= none + 100, "{none} {own}");
    // Patterns that begin alike have to be compared one by one.
    let wide: Vec<String> =
        (0..100).map(|number| format!("\"arn:aws:lambda:*:*:function:*{number}\"")).collect();
    let statement = format!(
        r#"{{"Statement": [{{"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": [{}]}}]}}"#,
        wide.join(", ")
    );
    assert!(of(statement) > own + 100, "comparisons of patterns are not counted");
}

#[test]
fn a_comparison_ends_at_its_limit() {
    let definition = definition("names that are known", 100);
    let work = Rc::new(Work::new(Cancel::default(), Limit { units: 50, bytes: 0 }));
    let policies = [policy(&definition, "its own").expect("a policy")];
    let machines = [request(&definition, Mode::LeastPrivilege)];
    let role = Role { machines: &machines, policies: &policies, boundary: None };
    assert_eq!(compare_role_within(role, &work), Err(RoleProblem::TooMuchWork));
}
