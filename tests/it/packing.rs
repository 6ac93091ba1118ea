//! The policy packed into documents: what they allow together, how large they are, and what a change touches.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Map, Value, json};
use sfniam::document::{grammar, read};
use sfniam::finding::{Code, Finding};
use sfniam::generator::{MAX_INLINE_CHARACTERS, MAX_MANAGED_CHARACTERS, Output, Request, generate};
use sfniam::iam::{Condition, Policy};
use sfniam::permissions::Mode;

use crate::support::composed::{Composer, tasks};
use crate::support::evaluator::{Access, Evaluator};
use crate::support::{files, request, sweeping, tests_folder};

/// What one statement allows, in single pairs.
type Pair = (String, String, Vec<Condition>);

fn pairs(policies: &[&Policy]) -> Vec<Pair> {
    let statements = policies.iter().flat_map(|policy| &policy.statements);
    let mut pairs = Vec::new();
    for one in statements {
        for action in &one.actions {
            for resource in &one.resources {
                pairs.push((action.clone(), resource.clone(), one.conditions.clone()));
            }
        }
    }
    pairs.sort();
    pairs
}

fn services(policy: &Policy) -> BTreeSet<&str> {
    let actions = policy.statements.iter().flat_map(|statement| &statement.actions);
    actions.filter_map(|action| action.split(':').next()).collect()
}

/// What is wrong with the documents of an answer.
fn check(output: &Output, documents: &[Policy], limit: u64) -> Result<(), String> {
    let parts: Vec<&Policy> = output.by_service.values().map(|part| &**part).collect();
    let (own, whole) = (pairs(&documents.iter().collect::<Vec<_>>()), pairs(&parts));
    if own.windows(2).any(|two| two[0] == two[1]) {
        return Err("they allow the same twice".into());
    }
    if let Some(more) = own.iter().find(|pair| whole.binary_search(pair).is_err()) {
        return Err(format!("only they allow {more:?}"));
    }
    let statements: Vec<_> = documents.iter().flat_map(|document| document.statements.clone()).collect();
    let evaluator = Evaluator::new(&statements);
    for (action, resource, conditions) in whole {
        let access = Access { action, resource, conditions };
        if !evaluator.allows(&access) {
            return Err(format!("they do not allow {access:?}"));
        }
    }
    for document in documents {
        let text = document.to_minified_json();
        let size = text.chars().count() as u64;
        if size > limit || document.is_empty() {
            return Err(format!("{size} characters"));
        }
        let read = read(&text).map_err(|error| error.to_string())?;
        grammar::check(&read).map_err(|error| error.to_string())?;
    }
    let has = |service: &str| {
        let holders = documents.iter().enumerate().filter(|(_, one)| services(one).contains(service));
        holders.map(|(at, _)| at).collect::<Vec<_>>()
    };
    let mut last = 0;
    for (service, part) in &output.by_service {
        let holders = has(service);
        if part.size() <= limit && holders.len() != 1 {
            return Err(format!("{service} fits and is torn"));
        }
        if holders.first().is_none_or(|first| *first < last) {
            return Err(format!("{service} is not in its order"));
        }
        last = holders.last().copied().unwrap_or(last);
    }
    Ok(())
}

/// Cases and random machines.
fn definitions() -> Vec<(String, String)> {
    let folders = ["integrations", "machines", "sdk"];
    let cases = folders.iter().flat_map(|folder| files(&tests_folder().join(folder), ".asl.json"));
    let cases = cases.step_by(if sweeping() { 1 } else { 8 });
    let mut all: Vec<(String, String)> =
        cases.map(|case| (case.display().to_string(), fs::read_to_string(case).expect("the case"))).collect();
    let tasks = tasks();
    let random = |seed: u64| (format!("machine {seed}"), Composer::new(seed, &tasks).machine().to_string());
    all.extend((0..if sweeping() { 2_000 } else { 40 }).map(random));
    all
}

/// From a limit that splits nearly everything to one that splits nothing.
const LIMITS: [u64; 5] = [400, 700, 1_500, MAX_MANAGED_CHARACTERS, u64::MAX];

#[test]
fn documents_allow_what_the_policy_allows_and_keep_to_the_limit() {
    let (mut several, mut torn) = (0, 0);
    for (name, definition) in definitions() {
        for mode in Mode::ALL {
            for limit in LIMITS {
                let asked = Request { document_size_limit: limit, ..request(&definition, mode) };
                let output = match generate(&asked) {
                    Ok(output) => output,
                    Err(errors) => {
                        let told = errors.iter().all(|error| error.code == Code::PermissionTooLarge);
                        assert!(limit < 1_000 && told || name.contains("/"), "{name}: {errors:?}");
                        continue;
                    }
                };
                check(&output, &output.documents, limit)
                    .unwrap_or_else(|error| panic!("{name}, {limit}: {error}"));
                several += usize::from(output.documents.len() > 1);
                torn += usize::from(output.by_service.values().any(|part| part.size() > limit));
            }
        }
    }
    assert!(several > 200 && torn > 60, "{several} {torn}");
}

#[test]
fn documents_that_break_the_law_are_seen() {
    let definition = machine([25, 25, 25, 25]);
    let limit = 1_500;
    let output =
        generate(&Request { document_size_limit: limit, ..request(&definition, Mode::LeastPrivilege) })
            .expect("an answer");
    let good = output.documents.clone();
    assert!(good.len() > 2, "{}", good.len());
    assert_eq!(check(&output, &good, limit), Ok(()));
    let broken = |change: &dyn Fn(&mut Vec<Policy>)| {
        let mut documents = good.clone();
        change(&mut documents);
        check(&output, &documents, limit)
    };
    assert!(broken(&|all| drop(all.pop())).is_err());
    assert!(broken(&|all| all.push(all[0].clone())).is_err());
    assert!(broken(&|all| all.reverse()).is_err());
    assert!(broken(&|all| all.push(Policy::default())).is_err());
    assert!(broken(&|all| drop(all[0].statements.pop())).is_err());
    assert!(check(&output, &good, 500).is_err());
    assert!(
        broken(&|all| {
            let taken = all[0].statements.pop().expect("a statement");
            all[1].statements.push(taken);
        })
        .is_err()
    );
}

/// A machine with this many tables, functions, topics and queues.
fn machine(counts: [usize; 4]) -> String {
    let kinds = [
        ("arn:aws:states:::dynamodb:getItem", "TableName", "table"),
        ("arn:aws:states:::lambda:invoke", "FunctionName", "function"),
        ("arn:aws:states:::sns:publish", "TopicArn", "arn:aws:sns:eu-west-1:111122223333:topic"),
        (
            "arn:aws:states:::sqs:sendMessage",
            "QueueUrl",
            "https://sqs.eu-west-1.amazonaws.com/111122223333/queue",
        ),
    ];
    let mut states = Map::new();
    for ((resource, parameter, name), count) in kinds.iter().zip(counts) {
        for number in 0..count {
            let mut parameters = json!({"Key": {"id": {"S": "a"}}, "Message": "m", "MessageBody": "m"});
            let kept: &[&str] = match *parameter {
                "TableName" => &["Key"],
                "TopicArn" => &["Message"],
                "QueueUrl" => &["MessageBody"],
                _ => &[],
            };
            parameters.as_object_mut().expect("an object").retain(|name, _| kept.contains(&name.as_str()));
            parameters[*parameter] = json!(format!("{name}-{number:03}"));
            let state = format!("{parameter} {number}");
            states.insert(
                state,
                json!({"Type": "Task", "Resource": resource, "Parameters": parameters, "End": true}),
            );
        }
    }
    let names: Vec<String> = states.keys().cloned().collect();
    let branches = names.iter().map(|name| json!({"StartAt": name, "States": {name: states[name]}}));
    let all = json!({"Type": "Parallel", "End": true, "Branches": branches.collect::<Vec<Value>>()});
    json!({"StartAt": "All", "States": {"All": all}}).to_string()
}

fn packed(counts: [usize; 4], limit: u64) -> Output {
    let asked = Request { document_size_limit: limit, ..request(&machine(counts), Mode::LeastPrivilege) };
    generate(&asked).unwrap_or_else(|errors| panic!("{errors:?}"))
}

#[test]
fn a_change_leaves_the_documents_of_earlier_services() {
    let names = ["dynamodb", "lambda", "sns", "sqs"];
    let mut kept = 0;
    for limit in [700, 1_500, MAX_MANAGED_CHARACTERS] {
        for size in [1, 12, 60] {
            for changed in 0..4 {
                for grown in [0, 2, 40, 90] {
                    let before = [size; 4];
                    let mut after = before;
                    after[changed] = grown;
                    let (before, after) = (packed(before, limit), packed(after, limit));
                    // Those that hold nothing of the service that changed, nor of a later one.
                    let earlier = |output: &Output| {
                        let is_earlier =
                            |one: &&Policy| services(one).iter().all(|own| *own < names[changed]);
                        output.documents.iter().take_while(is_earlier).cloned().collect::<Vec<_>>()
                    };
                    let (one, two) = (earlier(&before), earlier(&after));
                    let both = one.len().min(two.len());
                    assert_eq!(one[..both], two[..both], "{limit} {size} {changed} {grown}");
                    // At most the document into which the changed service goes now, or from which it was
                    // moved.
                    assert!(one.len().abs_diff(two.len()) <= 1, "{limit} {size} {changed} {grown}");
                    kept += both;
                }
            }
        }
    }
    assert!(kept > 100, "{kept}");
}

#[test]
fn a_service_larger_than_a_document_begins_where_the_one_before_it_ends() {
    let output = packed([3, 150, 3, 3], MAX_MANAGED_CHARACTERS);
    let of: Vec<Vec<&str>> = output.documents.iter().map(|one| services(one).into_iter().collect()).collect();
    assert_eq!(of, [vec!["dynamodb", "lambda"], vec!["lambda", "sns", "sqs"]]);
    assert!(output.findings.iter().any(|finding| finding.code == Code::OversizedPart));
    assert_eq!(output.by_service.keys().collect::<Vec<_>>(), ["dynamodb", "lambda", "sns", "sqs"]);
}

fn refused(asked: &Request) -> Vec<(Code, &'static str, String)> {
    let said = |one: &Finding| (one.code, one.place.argument.name, one.detail.to_string());
    generate(asked).expect_err("errors").iter().map(said).collect()
}

#[test]
fn the_errors_of_size_tell_what_fits() {
    let many = machine([0, 200, 0, 0]);
    let asked = Request { size_limit: MAX_INLINE_CHARACTERS, ..request(&many, Mode::LeastPrivilege) };
    let [(code, argument, detail)] = refused(&asked).try_into().expect("one error");
    assert_eq!((code, argument), (Code::PolicyTooLarge, "size_limit"));
    let size = detail.split(' ').nth(3).and_then(|size| size.parse::<u64>().ok()).expect("a size");
    assert!(
        detail.contains(&format!(
            "It fits into 3 documents of at most 6144 characters: set \"size_limit\" to {size}, and attach each of \"documents\""
        )),
        "{detail}"
    );
    assert_eq!(
        generate(&Request { size_limit: size, ..asked.clone() }).expect("an answer").documents.len(),
        3
    );
    let more = Request { definition: machine([0, 1_100, 0, 0]), ..asked.clone() };
    assert!(refused(&more)[0].2.contains("A role can have 10 managed policies"), "{:?}", refused(&more));

    let tiny = Request { document_size_limit: 1, size_limit: 1, ..asked };
    let told = refused(&tiny);
    assert_eq!(
        told.iter().map(|one| one.0).collect::<Vec<_>>(),
        [Code::PermissionTooLarge, Code::PolicyTooLarge]
    );
    let least = told[0].2.rsplit(' ').next().and_then(|size| size.trim_end_matches('.').parse().ok());
    let least: u64 = least.expect("a size");
    let asked = |limit| Request { document_size_limit: limit, ..request(&many, Mode::LeastPrivilege) };
    assert_eq!(refused(&asked(least - 1)).len(), 1);
    let output = generate(&asked(least)).expect("an answer");
    check(&output, &output.documents, least).expect("the law");
    // A machine that needs nothing has no documents, however small the limit.
    let nothing = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#;
    let output = generate(&Request { document_size_limit: 1, ..request(nothing, Mode::Template) });
    assert_eq!(output.expect("an answer").documents, []);
}
