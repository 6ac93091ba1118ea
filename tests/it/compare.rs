//! A role's policies beside what its state machines need: laws on the cases.
//!
//! A fixed seed selects a sample of the cases; a sweep tries all of them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use sfniam::compare::{Comparison, Reason};
use sfniam::document::Glob;
use sfniam::generator::{Request, Role, compare_role, generate};
use sfniam::permissions::{Mode, Settings};
use sfniam::provider::request as read_arguments;
use sfniam::work::Cancel;

use crate::support::arguments::arguments_of;
use crate::support::chance::Chance;
use crate::support::{all, case_name, files, sweeping, tests_folder};

/// One in this many cases is tried.
const ONE_IN: usize = 6;

/// How many pairs of a case are taken away.
const PAIRS: usize = 3;

/// A case with a policy: its name, its request and its policy.
type Case = (String, Request, Value);

/// Some cases in a mode; all of them in a sweep.
fn cases(mode: Mode, seed: u64) -> Vec<Case> {
    let folders = ["integrations", "sdk", "machines"];
    let files = folders.iter().flat_map(|folder| files(&tests_folder().join(folder), ".asl.json"));
    let case = |file: PathBuf| {
        let request = read_arguments(&arguments_of(&file, mode)).ok()?;
        let policy = generate(&request).ok()?.policy.to_json();
        // One that denies everything is for definitions that need nothing.
        policy
            .contains("\"Allow\"")
            .then(|| (case_name(&file), request, serde_json::from_str(&policy).expect("JSON")))
    };
    let mut chance = Chance::new(seed);
    let cases: Vec<Case> = files.filter(|_| sweeping() || chance.one_in(ONE_IN)).filter_map(case).collect();
    assert!(cases.len() > 50, "{} cases are tried", cases.len());
    cases
}

fn compared(request: &Request, policy: &Value) -> Comparison {
    // A role may have no policy, but no policy is without statements.
    let has_statements = policy["Statement"].as_array().is_none_or(|statements| !statements.is_empty());
    let policies: Vec<String> = has_statements.then(|| policy.to_string()).into_iter().collect();
    let machines = [request.clone()];
    let role = Role { machines: &machines, policies: &policies, boundary: None };
    compare_role(role, &Cancel::default()).expect("a comparison")
}

/// Tries a law on some cases, with least privilege.
fn try_some(seed: u64, law: impl Fn(&Request, &Value, &mut Chance) -> Result<(), String>) {
    let mut chance = Chance::new(seed);
    all(cases(Mode::LeastPrivilege, seed).iter().map(|(name, request, policy)| {
        law(request, policy, &mut chance).map_err(|error| format!("{name}: {error}"))
    }));
}

#[test]
fn a_generated_policy_has_neither_missing_nor_excess() {
    for (mode, seed) in Mode::ALL.into_iter().zip(1..) {
        all(cases(mode, seed).iter().map(|(name, request, policy)| {
            let found = compared(request, policy);
            if found == Comparison::default() {
                return Ok(());
            }
            Err(format!("{name} ({}): {found:#?}", mode.name()))
        }));
    }
}

/// An action on a resource, and the statement that allows it.
struct Pair {
    statement: usize,
    action: String,
    resource: String,
}

fn pairs(policy: &Value) -> Vec<Pair> {
    let statements = policy["Statement"].as_array().expect("statements");
    let texts = |value: &Value| -> Vec<String> {
        let texts = value.as_array().expect("a list").iter();
        texts.map(|text| text.as_str().expect("a string").to_owned()).collect()
    };
    let of = |(statement, one): (usize, &Value)| {
        let resources = texts(&one["Resource"]);
        let actions = texts(&one["Action"]).into_iter();
        actions.flat_map(move |action| {
            let pair =
                |resource: &String| Pair { statement, action: action.clone(), resource: resource.clone() };
            resources.iter().map(pair).collect::<Vec<_>>()
        })
    };
    statements.iter().enumerate().flat_map(of).collect()
}

/// The policy without a pair: the action's other resources get a statement of their own.
fn without(policy: &Value, pair: &Pair) -> Value {
    let mut policy = policy.clone();
    let statements = policy["Statement"].as_array_mut().expect("statements");
    let mut rest = statements[pair.statement].clone();
    let keep = |list: &mut Value, wanted: &dyn Fn(&str) -> bool| {
        list.as_array_mut().expect("a list").retain(|one| wanted(one.as_str().expect("a string")));
    };
    keep(&mut statements[pair.statement]["Action"], &|action| action != pair.action);
    keep(&mut rest["Action"], &|action| action == pair.action);
    keep(&mut rest["Resource"], &|resource| resource != pair.resource);
    statements.push(rest);
    let says = |list: &Value| list.as_array().is_some_and(|list| !list.is_empty());
    statements.retain(|statement| says(&statement["Action"]) && says(&statement["Resource"]));
    policy
}

#[test]
fn a_pair_that_is_taken_away_is_missing_and_nothing_else() {
    try_some(3, |request, policy, chance| {
        let pairs = pairs(policy);
        for _ in 0..PAIRS {
            let pair = &pairs[chance.below(pairs.len())];
            let left = without(policy, pair);
            let found = compared(request, &left);
            let taken = Glob::read(&pair.resource);
            let rows: Vec<_> = found.missing.iter().chain(&found.undecided).collect();
            let is_told = |row: &&&sfniam::compare::Difference| {
                row.actions == [pair.action.clone()]
                    && row.resources.iter().all(|resource| taken.covers(&Glob::read(resource)))
            };
            // What remains of the action may cover a part of what was taken away, here or in another place,
            // so the row may be undecided.
            let anywhere = |text: &str| {
                let glob = Glob::read(text);
                glob.without_place().unwrap_or(glob)
            };
            let others = self::pairs(&left).into_iter().filter(|other| other.action == pair.action);
            let may_be_undecided = others.into_iter().any(|other| {
                Glob::read(&other.resource).overlaps(&taken)
                    || anywhere(&other.resource).overlaps(&anywhere(&pair.resource))
            });
            let right = !rows.is_empty()
                && rows.iter().all(|row| is_told(&row))
                && found.excess.is_empty()
                && (may_be_undecided || found.undecided.is_empty());
            if !right {
                return Err(format!("without {} on {}: {found:#?}", pair.action, pair.resource));
            }
        }
        Ok(())
    });
}

#[test]
fn a_pair_that_is_added_is_in_excess_and_nothing_else() {
    try_some(4, |request, policy, chance| {
        let pairs = pairs(policy);
        let own = &pairs[chance.below(pairs.len())].action;
        let elsewhere = "arn:aws:zoo:eu-west-1:111122223333:cage/7";
        let is_wide = pairs
            .iter()
            .any(|pair| pair.action == *own && Glob::read(&pair.resource).covers(&Glob::plain(elsewhere)));
        let added = [
            ("s3:DeleteBucketWebsite", "arn:aws:s3:::a", Some(Reason::UnusedAction)),
            ("zoo:FeedLion", elsewhere, Some(Reason::UnusedAction)),
            ("ec2:Describe*", "*", Some(Reason::UnusedAction)),
            (own, elsewhere, (!is_wide).then_some(Reason::UnusedResource)),
        ];
        for (action, resource, reason) in added {
            let mut more = policy.clone();
            let statement = json!({"Effect": "Allow", "Action": action, "Resource": resource});
            more["Statement"].as_array_mut().expect("statements").push(statement);
            let found = compared(request, &more);
            let told: Vec<_> = found
                .excess
                .iter()
                .map(|row| (row.actions.clone(), row.resources.clone(), row.reason))
                .collect();
            let expected: Vec<_> = reason
                .iter()
                .map(|reason| (vec![action.to_owned()], vec![resource.to_owned()], *reason))
                .collect();
            // The added statement may only lack a condition.
            let only_a_condition = reason.is_none() && told.iter().all(|row| row.2 == Reason::Condition);
            if (told != expected && !only_a_condition)
                || !found.missing.is_empty()
                || !found.undecided.is_empty()
            {
                return Err(format!("with {action} on {resource}: {found:#?}"));
            }
        }
        Ok(())
    });
}

/// What a row of an excess reports as enough is enough: the policy with it instead of the statement that is
/// too wide lacks nothing and has nothing in excess.
#[test]
fn what_is_said_to_be_enough_is_enough() {
    try_some(5, |request, policy, _| {
        let mut services: Vec<String> = pairs(policy)
            .iter()
            .map(|pair| pair.action.split(':').next().unwrap_or_default().to_owned())
            .collect();
        services.dedup();
        let wide = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow",
            "Action": services.iter().map(|service| format!("{service}:*")).collect::<Vec<_>>(),
            "Resource": "*",
        }]});
        let found = compared(request, &wide);
        if !found.missing.is_empty()
            || found.undecided.iter().any(|row| row.reason != Reason::UnknownCondition)
        {
            return Err(format!("{wide}: {found:#?}"));
        }
        let statements: Vec<Value> = found
            .excess
            .iter()
            .flat_map(|row| &row.enough)
            .map(|enough| {
                let mut conditions = json!({});
                for condition in &enough.conditions {
                    conditions[&condition.operator][&condition.key] = json!(condition.values);
                }
                json!({"Effect": "Allow", "Action": enough.actions, "Resource": enough.resources, "Condition": conditions})
            })
            .collect();
        let narrow = json!({"Version": "2012-10-17", "Statement": statements});
        let found = compared(request, &narrow);
        if found == Comparison::default() { Ok(()) } else { Err(format!("{narrow}: {found:#?}")) }
    });
}

/// A policy as people write them: wider in places, narrower in others, with conditions and denials.
fn by_hand(policy: &Value, chance: &mut Chance) -> Value {
    let mut statements = Vec::new();
    for pair in pairs(policy) {
        let cut = |text: &str, chance: &mut Chance| {
            let from = text.find(':').map_or(0, |at| at + 1);
            let at = from + chance.below(text.len() - from + 1);
            let is_cut = text != "*" && text.is_char_boundary(at);
            if is_cut { format!("{}*", &text[..at]) } else { text.to_owned() }
        };
        let (mut action, mut resource) = (pair.action.clone(), pair.resource.clone());
        match chance.below(8) {
            0 => continue,
            1 => action = cut(&action, chance),
            2 | 3 => resource = cut(&resource, chance),
            4 => resource = "*".to_owned(),
            _ => {}
        }
        let mut statement = json!({"Effect": "Allow", "Action": [action], "Resource": [resource]});
        match chance.below(12) {
            0 => statement["Condition"] = json!({"Bool": {"aws:SecureTransport": "true"}}),
            1 => statement["Condition"] = json!({"StringEquals": {"aws:PrincipalTag/team": ["a", "b"]}}),
            2 => statement["Effect"] = json!("Deny"),
            3 => {
                statement["NotAction"] = json!(["iam:*"]);
                statement.as_object_mut().expect("an object").remove("Action");
            }
            4 => {
                statement["NotResource"] = json!(["arn:aws:s3:::secret/*"]);
                statement.as_object_mut().expect("an object").remove("Resource");
            }
            _ => {}
        }
        statements.push(statement);
    }
    statements
        .push(json!({"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::other/*"]}));
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// The policy with what is enough instead of what is in excess. Resources that a statement excluded of these
/// are denied, or else allowed.
fn narrowed(policy: &Value, found: &Comparison, denies: bool) -> Value {
    let old = policy["Statement"].as_array().expect("statements");
    let mut statements = old.clone();
    for row in &found.excess {
        let position = row.statement.expect("a statement").statement;
        // Each statement has one action and one resource.
        statements[position] = Value::Null;
        for enough in &row.enough {
            let mut conditions = old[position].get("Condition").cloned().unwrap_or(json!({}));
            for condition in &enough.conditions {
                conditions[&condition.operator][&condition.key] = json!(condition.values);
            }
            statements.push(json!({
                "Effect": "Allow", "Action": enough.actions, "Resource": enough.resources, "Condition": conditions,
            }));
            if denies && !enough.not_resources.is_empty() {
                statements.push(json!({
                    "Effect": "Deny", "Action": enough.actions, "Resource": enough.not_resources,
                }));
            }
        }
    }
    statements.retain(|statement| !statement.is_null());
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// Nothing that is needed is reported as excess: without it, and with what is enough in its place, a policy
/// lacks what it lacked before and nothing else.
#[test]
fn nothing_that_is_needed_is_in_excess() {
    let (seen, kinds) = (Cell::new(0), RefCell::new(BTreeSet::new()));
    try_some(6, |request, policy, chance| {
        let wide = by_hand(policy, chance);
        let before = compared(request, &wide);
        kinds.borrow_mut().extend(before.excess.iter().map(|row| row.reason));
        seen.set(seen.get() + before.excess.len());
        let lacks = |found: &Comparison| {
            let rows = found.missing.iter().chain(&found.undecided).flat_map(|row| {
                let actions = row.actions.iter().map(move |action| (action, row));
                actions.flat_map(|(action, row)| {
                    row.resources.iter().map(move |resource| (action.clone(), resource.clone()))
                })
            });
            rows.collect::<BTreeSet<_>>()
        };
        // One statement cannot exclude resources from those it names: if the excluded ones are allowed, the
        // policy may lack less than before; if they are denied, it may lack more.
        let excludes =
            before.excess.iter().flat_map(|row| &row.enough).any(|one| !one.not_resources.is_empty());
        for denies in [false, true] {
            let narrow = narrowed(&wide, &before, denies);
            let after = compared(request, &narrow);
            let (old, new) = (lacks(&before), lacks(&after));
            let is_right = match (excludes, denies) {
                (false, _) => old == new,
                (true, false) => new.is_subset(&old),
                (true, true) => old.is_subset(&new),
            };
            if !is_right {
                return Err(format!("{wide}\nbefore: {before:#?}\n{narrow}\nafter: {after:#?}"));
            }
        }
        Ok(())
    });
    assert!(seen.get() > 100 && kinds.borrow().len() >= 5, "{seen:?} {kinds:?}");
}

/// Every reason is reported by a pair of `tests/compare`, or by one of these, which do not depend on values
/// known only at run time.
#[test]
fn every_reason_is_told() {
    let publish = json!({"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::sns:publish",
        "Parameters": {"TopicArn": "arn:aws:sns:eu-west-1:111122223333:orders", "Message": "m"}}}});
    let invoke = json!({"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "price"}}}});
    let settings = Settings { mode: Mode::LeastPrivilege, ..Settings::default() };
    let tag = json!({"StringEquals": {"aws:PrincipalTag/team": "red"}});
    let mut told: BTreeSet<String> = BTreeSet::new();
    for (definition, statement, reason) in [
        (
            &publish,
            json!({"Action": "sns:Publish", "Resource": "*", "Condition": tag}),
            Reason::UnknownCondition,
        ),
        (
            &publish,
            json!({"Action": "sns:Publish", "Resource": "arn:aws:sns:*:*:${aws:PrincipalTag/team}"}),
            Reason::UnknownCondition,
        ),
        (
            &invoke,
            json!({"Action": "lambda:InvokeFunction", "Resource": "arn:aws:lambda:eu-west-1:111122223333:function:price"}),
            Reason::MissingSetting,
        ),
    ] {
        let mut statement = statement;
        statement["Effect"] = json!("Allow");
        let policy = json!({"Version": "2012-10-17", "Statement": [statement]});
        let found = compared(&Request::new(definition.to_string(), settings.clone()), &policy);
        let reasons: Vec<Reason> = found.undecided.iter().map(|row| row.reason).collect();
        assert_eq!((reasons, found.missing.len()), (vec![reason], 0), "{policy}");
        told.insert(reason.name().to_owned());
    }
    for result in files(&tests_folder().join("compare"), "result.txt") {
        let text = fs::read_to_string(result).expect("the result");
        let rows = text.lines().filter_map(|line| line.split_once(" (")?.1.split_once(','));
        told.extend(rows.map(|(reason, _)| reason.to_owned()));
    }
    for reason in Reason::ALL {
        assert!(told.contains(reason.name()), "nothing tells {}", reason.name());
    }
}

/// State machines that share a role: what one of them needs is not in excess for the others, and what each
/// lacks is reported.
#[test]
fn machines_that_share_a_role_are_told_apart() {
    let cases = cases(Mode::LeastPrivilege, 9);
    let mut chance = Chance::new(9);
    for _ in 0..20 {
        let (one, two) = (chance.pick(&cases), chance.pick(&cases));
        let machines = [one.1, two.1];
        let compare = |policies: &[&Value]| {
            let policies: Vec<String> = policies.iter().map(|policy| policy.to_string()).collect();
            let role = Role { machines: &machines, policies: &policies, boundary: None };
            compare_role(role, &Cancel::default()).expect("a comparison")
        };
        let both = compare(&[&one.2, &two.2]);
        assert!(both.missing.is_empty() && both.undecided.is_empty(), "{} and {}: {both:#?}", one.0, two.0);
        // If only one of them has a condition, the other's statement is wider than what both need.
        let lacks = compare(&[&one.2]);
        assert!(
            lacks.missing.iter().all(|row| row.machine == Some(1)),
            "{} and {}: {lacks:#?}",
            one.0,
            two.0
        );
    }
}
