//! What documents allow, beside the crate iam-rs, which shares nothing with this one: random documents and
//! fully known requests.
//!
//! Left out is where iam-rs 0.8 differs from the IAM user guide: `ArnEquals` with wildcards, which is exact
//! there; `ArnLike` with a `*` that would reach over a colon; and a policy variable without value or default,
//! which is an empty text there.

use iam_rs::{
    Arn, Context as TheirContext, ContextValue as TheirValue, Decision, IAMPolicy, IAMRequest, Principal,
    PrincipalId, evaluate_policies,
};
use serde_json::{Value, json};
use sfniam::document::{Allowance, Context, ContextValue, Document, Glob, PolicySet, Request, decide, read};
use sfniam::work::Work;

use crate::support::chance::Chance;
use crate::support::sweeping;

const ACTIONS: &[&str] =
    &["s3:GetObject", "s3:PutObject", "sns:Publish", "sqs:SendMessage", "dynamodb:GetItem"];
const ACTION_PATTERNS: &[&str] = &[
    "s3:GetObject",
    "S3:putobject",
    "s3:*",
    "s3:?etObject",
    "sns:Pub*",
    "sqs:SendMessage",
    "dynamodb:*Item",
    "*",
    "*:Get*",
];

const RESOURCES: &[&str] = &[
    "arn:aws:s3:::b/k",
    "arn:aws:s3:::b/red/k",
    "arn:aws:s3:::c/k*k",
    "arn:aws:sns:eu-west-1:111122223333:orders",
    "arn:aws:sns:us-east-1:444455556666:orders",
    "arn:aws:sqs:eu-west-1:111122223333:q",
    "arn:aws:dynamodb:eu-west-1:111122223333:table/t",
];
const RESOURCE_PATTERNS: &[&str] = &[
    "*",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::?/k",
    "arn:aws:s3:::b/${aws:PrincipalTag/team}/*",
    "arn:aws:s3:::b/${aws:PrincipalTag/none, 'red'}/*",
    "arn:aws:sns:eu-west-1:111122223333:orders",
    "arn:aws:sns:*:111122223333:*",
    "arn:aws:sns:*:*:orders",
    "arn:aws:sns:eu-*-1:*:orders",
    "arn:aws:sqs:eu-*-?:111122223333:*",
    "arn:aws:sqs:eu-west-1:111122223333:*",
    "arn:aws:dynamodb:eu-west-1:*:table/t",
];

/// Operators of a kind, the key that they are tried on, values of tests, and values of requests.
type Kind =
    (&'static [&'static str], &'static str, &'static [&'static str], &'static [&'static [&'static str]]);

const TEXTS: &[&str] = &["red", "RED", "blue", "r*", "*e?"];
const ARNS: &[&str] = &[
    "arn:aws:iam::111122223333:role/r",
    "arn:aws:iam::*:role/*",
    "arn:aws:iam::444455556666:role/?",
    "arn:aws:iam::111122223333:user/*",
];

const KINDS: &[Kind] = &[
    (
        &[
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
            "StringLike",
            "StringNotLike",
            "StringEqualsIfExists",
            "StringLikeIfExists",
            "StringNotEqualsIfExists",
            "StringNotLikeIfExists",
        ],
        "aws:PrincipalTag/team",
        TEXTS,
        &[&["red"], &["Red"], &["blue"]],
    ),
    (
        &[
            "ForAllValues:StringEquals",
            "ForAnyValue:StringEquals",
            "ForAllValues:StringNotEquals",
            "ForAnyValue:StringNotEquals",
            "ForAllValues:StringLike",
            "ForAnyValue:StringLike",
            "ForAnyValue:StringNotLike",
            "ForAllValues:StringEqualsIgnoreCase",
        ],
        "aws:TagKeys",
        TEXTS,
        &[&["red"], &["red", "blue"], &["green", "Red"], &["green"]],
    ),
    (
        &["ArnLike", "ArnNotLike", "ArnLikeIfExists"],
        "aws:PrincipalArn",
        ARNS,
        &[&["arn:aws:iam::111122223333:role/r"], &["arn:aws:iam::444455556666:role/s"]],
    ),
    (&["Bool", "BoolIfExists"], "aws:SecureTransport", &["true", "false"], &[&["true"], &["false"]]),
    (
        &[
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "NumericGreaterThanEquals",
            "NumericLessThanIfExists",
        ],
        "s3:max-keys",
        &["10", "10.5", "9"],
        &[&["10"], &["9.25"], &["11"]],
    ),
    (
        &[
            "DateEquals",
            "DateNotEquals",
            "DateLessThan",
            "DateLessThanEquals",
            "DateGreaterThan",
            "DateGreaterThanEquals",
            "DateGreaterThanIfExists",
        ],
        "aws:CurrentTime",
        &["2026-01-01T00:00:00Z", "1767225600", "2039-06-01T12:00:00+02:00"],
        &[&["2026-01-01T00:00:00Z"], &["2039-06-01T10:00:00Z"], &["2025-12-31T23:59:59Z"]],
    ),
    (
        &["IpAddress", "NotIpAddress", "IpAddressIfExists", "NotIpAddressIfExists"],
        "aws:SourceIp",
        &["203.0.113.0/24", "203.0.113.7", "2001:db8::/32", "0.0.0.0/0"],
        &[&["203.0.113.7"], &["198.51.100.1"], &["2001:db8::5"]],
    ),
    (&["Null"], "aws:PrincipalTag/team", &["true", "false"], &[&["red"]]),
    (&["Null"], "aws:TagKeys", &["true", "false"], &[&["red", "blue"]]),
];

fn some(chance: &mut Chance, of: &[&'static str], most: usize) -> Vec<&'static str> {
    (0..=chance.below(most)).map(|_| chance.pick(of)).collect()
}

fn statement(chance: &mut Chance) -> Value {
    let mut statement = json!({"Effect": if chance.one_in(3) { "Deny" } else { "Allow" }});
    let action = if chance.one_in(4) { "NotAction" } else { "Action" };
    statement[action] = json!(some(chance, ACTION_PATTERNS, 3));
    let resource = if chance.one_in(4) { "NotResource" } else { "Resource" };
    statement[resource] = json!(some(chance, RESOURCE_PATTERNS, 3));
    for _ in 0..chance.below(3) {
        let (operators, key, values, _) = chance.pick(KINDS);
        let operator = chance.pick(operators);
        // With a single value, "true" and "false" together would show nothing.
        let values = if operator == "Null" { vec![chance.pick(values)] } else { some(chance, values, 2) };
        statement["Condition"][operator][key] = json!(values);
    }
    statement
}

/// The context of a request, as both have it.
fn context(chance: &mut Chance) -> (Context, TheirContext) {
    let (mut ours, mut theirs) = (Context::complete(), TheirContext::new());
    for (operators, key, _, values) in KINDS {
        if operators == &["Null"] || chance.one_in(4) {
            continue;
        }
        let values = chance.pick(values);
        ours = ours.with(key, ContextValue::Known(values.iter().map(|value| (*value).to_owned()).collect()));
        let value = match (*key, values) {
            ("aws:SecureTransport", [value]) => TheirValue::Boolean(*value == "true"),
            ("aws:TagKeys", values) => {
                TheirValue::StringList(values.iter().map(|value| (*value).to_owned()).collect())
            }
            (_, values) => TheirValue::String(values[0].to_owned()),
        };
        theirs.insert((*key).to_owned(), value);
    }
    (ours, theirs)
}

#[test]
fn documents_allow_what_iam_rs_says() {
    let mut chance = Chance::new(2026);
    let mut seen = [0_usize; 2];
    for _ in 0..if sweeping() { 20_000 } else { 2_000 } {
        let documents: Vec<Value> = (0..=chance.below(2))
            .map(|_| {
                let statements: Vec<Value> = (0..=chance.below(4)).map(|_| statement(&mut chance)).collect();
                json!({"Version": "2012-10-17", "Statement": statements})
            })
            .collect();
        let ours: Vec<Document> =
            documents.iter().map(|document| read(&document.to_string()).expect("a document")).collect();
        let theirs: Vec<IAMPolicy> = documents
            .iter()
            .map(|document| serde_json::from_value(document.clone()).expect("a policy of theirs"))
            .collect();
        let set = PolicySet::new(&ours, &Work::default()).expect("within the limit");
        for _ in 0..10 {
            let (action, resource) = (chance.pick(ACTIONS), chance.pick(RESOURCES));
            let (context, their_context) = context(&mut chance);
            if their_context.get("aws:PrincipalTag/team").is_none()
                && documents.iter().any(|document| document.to_string().contains("${aws:PrincipalTag/team}"))
            {
                continue;
            }
            let principal = Principal::Aws(PrincipalId::String("arn:aws:iam::111122223333:role/r".into()));
            let asked = IAMRequest::new_with_context(
                principal,
                action,
                Arn::parse(resource).expect("an ARN"),
                their_context.clone(),
            );
            let said = evaluate_policies(&theirs, &asked).expect("a decision");
            let expected = if said == Decision::Allow { Allowance::Everything } else { Allowance::Nothing };
            let request =
                Request { action: Glob::read_action(action), resource: Glob::plain(resource), context };
            let told = || format!("{action} on {resource} in {their_context:?} with {}", json!(documents));
            assert_eq!(decide(&ours, &request), expected, "{}", told());
            let decision = set.decide(&request, &Work::default()).expect("within the limit");
            assert_eq!(decision.allowance, expected, "{}", told());
            assert_eq!(decision.denied_by.is_some(), said == Decision::Deny, "{}", told());
            seen[usize::from(said == Decision::Allow)] += 1;
        }
    }
    // Neither answer is rare, so that neither can be right by chance.
    assert!(seen.iter().all(|count| *count > 2_000), "{seen:?}");
}

/// For patterns of resources and contexts of which a part is unknown: the index agrees with examining each
/// statement, and both are sound: what is wholly allowed is allowed for each of the pattern's texts in each
/// context.
#[test]
fn what_is_said_of_a_pattern_holds_for_all_its_texts() {
    let mut chance = Chance::new(14);
    let mut seen = [0_usize; 3];
    for _ in 0..if sweeping() { 10_000 } else { 1_000 } {
        let statements: Vec<Value> = (0..=chance.below(4)).map(|_| statement(&mut chance)).collect();
        let text = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
        let documents = [read(&text).expect("a document")];
        let set = PolicySet::new(&documents, &Work::default()).expect("within the limit");
        for _ in 0..5 {
            let action = Glob::read_action(chance.pick(ACTIONS));
            let wide = Glob::read(chance.pick(RESOURCE_PATTERNS));
            let request =
                Request { action: action.clone(), resource: wide.clone(), context: Context::default() };
            let said = decide(&documents, &request);
            let decision = set.decide(&request, &Work::default()).expect("within the limit");
            assert_eq!(decision.allowance, said, "{wide} in {text}");
            assert!(decision.at_best >= said, "{wide} in {text}");
            seen[said as usize] += 1;
            for resource in RESOURCES.iter().map(|resource| Glob::plain(resource)) {
                if wide.has_variables() || !wide.covers(&resource) {
                    continue;
                }
                let (context, _) = context(&mut chance);
                let one = Request { action: action.clone(), resource, context };
                let of_one = decide(&documents, &one);
                assert_ne!(of_one, Allowance::Part, "{one:?} in {text}");
                if said != Allowance::Part {
                    assert_eq!(of_one, said, "{one:?} in {text}");
                }
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 100), "{seen:?}");
}
