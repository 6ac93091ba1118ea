//! The same law for options: each of them unknown, alone and all together, beside values that it may come to
//! have.

use std::collections::BTreeSet;

use sfniam::protocol::schema::Usage;
use sfniam::protocol::value::{Members, Value};
use sfniam::provider::data_source;

use crate::support::chance::Chance;
use crate::support::{in_parallel, is_chosen, sweeping};

use super::option_changes::OptionChange;
use super::option_hints::{Hints, Named, hints, named};
use super::option_inputs::{Requests, more_inputs, requests};
use super::option_values::{Pool, pools, texts, values_of};
use super::report::{Report, Reviewed, keeps, needless};
use super::tokens::{ALIKE, Alike, HOSTILE, Tokens, alike, pool};
use super::{Asked, all_asked, all_cases, analyze, option_changes, validate};

/// What stays unknown although no value of the pool changes it: how the option and the case's name begin.
const REVIEWED: &[Reviewed<'_>] = &[
    Reviewed {
        begins: "encryption_configuration integrations/athena/startQueryExecution",
        part: "",
        value: "a key, if those of the query's results were known: they cover it",
    },
    Reviewed {
        begins: "encryption_configuration ",
        part: ".actions_by_service",
        value: "a customer managed key, where no state needs the actions of AWS KMS",
    },
    Reviewed {
        begins: "kms_key_arns ",
        part: ".actions_by_service",
        value: "a key, where neither a state nor the machine needs the actions of AWS KMS",
    },
    Reviewed {
        begins: "kms_key_arns integrations/athena/startQueryExecution",
        part: ".findings",
        value: "so many keys that a part is too large, if those of the query's results were known: they cover these",
    },
    Reviewed {
        begins: "definition_substitutions integrations/athena/startQueryExecution.defaults",
        part: ".documents_by_service.s3",
        value: "a query that writes, if the place of its results were known",
    },
    Reviewed {
        begins: "definition_substitutions integrations/codebuild/batchDeleteBuilds.one-dynamic",
        part: "",
        value: "another build, if none were known only at run time",
    },
    Reviewed {
        begins: "definition_substitutions integrations/events/putEvents.one-dynamic-bus",
        part: ".documents",
        value: "another bus, if no bus were known only at run time",
    },
    Reviewed {
        begins: "definition_substitutions integrations/sagemaker/",
        part: ".documents_by_service.cloudwatch",
        value: "another alarm, if none were known only at run time",
    },
    Reviewed {
        begins: "definition_substitutions machines/distributed-map/",
        part: ".documents_by_service.s3",
        value: "MANIFEST, if the bucket were known, and PARQUET, if a version were given",
    },
    Reviewed {
        begins: "definition_substitutions machines/findings/instance-profile",
        part: ".permissions",
        value: "EMR_EC2_DefaultRole, whose role is known, if the other profile were that too",
    },
    Reviewed {
        begins: "definition_substitutions machines/jsonata/folded",
        part: "",
        value: "another topic, if the stage were the other one",
    },
    Reviewed {
        begins: "definition_substitutions machines/values/role-in-a-variable",
        part: ".findings_by_state./States/Choose",
        value: "a path, if the state had JSONata",
    },
    Reviewed {
        begins: "resource_hint integrations/athena/startQueryExecution",
        part: "",
        value: "the place of a table, if the other wildcards of the query were replaced too, which a second hint does",
    },
    Reviewed {
        begins: "resource_hint integrations/ecs/runTask",
        part: "",
        value: "none of those tried, among them a cluster of another account: less is known than could be",
    },
    Reviewed {
        begins: "resource_hint integrations/eks/",
        part: ".findings_by_state.",
        value: "none of those tried, among them a cluster of another account: less is known than could be",
    },
    Reviewed {
        begins: "resource_hint integrations/elasticmapreduce/",
        part: "",
        value: "the roles of a cluster, which are not tried; of the clusters that are, none",
    },
    Reviewed {
        begins: "resource_hint integrations/emr-containers/startJobRun.partly-known",
        part: ".findings_by_state.",
        value: "none of those tried, among them a virtual cluster of another account: less is known than could be",
    },
    Reviewed {
        begins: "resource_hint integrations/http/invoke.middle",
        part: ".documents_by_service.states",
        value: "a URL, if it were not an action on the connection too",
    },
    Reviewed {
        begins: "resource_hint integrations/sns/publish.target-topic",
        part: ".findings",
        value: "none of those tried, among them a topic of another account: less is known than could be",
    },
    Reviewed {
        begins: "resource_hint machines/credentials/",
        part: "",
        value: "a role that keeps a wildcard, or one with a longer name",
    },
    Reviewed {
        begins: "resource_hint machines/distributed-map/all-dynamic",
        part: "",
        value: "an object, if the wildcard of another parameter did not allow every object",
    },
    Reviewed {
        begins: "resource_hint machines/distributed-map/inventory-",
        part: "",
        value: "an object, if the inventory did not lead to every object",
    },
    Reviewed {
        begins: "resource_hint machines/findings/instance-profile",
        part: ".permissions",
        value: "a role, if the profile of the other cluster were hinted too",
    },
    Reviewed {
        begins: "resource_hint sdk/polly/synthesizeSpeech",
        part: "",
        value: "a lexicon, if the call named one",
    },
    Reviewed {
        begins: "resource_hint sdk/secretsmanager/putSecretValue.dynamic",
        part: ".findings_by_state.",
        value: "none of those tried, among them a secret of another account: less is known than could be",
    },
    Reviewed {
        begins: "definition_substitutions problems/values/function-among-buses-of-the-run",
        part: ".documents",
        value: "another bus, if no bus were known only at run time",
    },
];

/// Arguments without a pool, and why.
const WITHOUT_POOL: &[(&str, &str)] = &[
    ("definition", "as long as it is unknown, so is everything"),
    ("definition_substitutions", "the tokens of each case, below"),
    ("include_explanation", "the result has no explanation"),
    ("resource_hint", "hints for each case, below"),
];

/// Whoever adds an argument adds values for it: without them, no test notices that something was called known
/// that depends on the argument.
#[test]
fn every_argument_has_values() {
    let block = data_source().block;
    let attributes = block.attributes.iter().filter(|one| one.usage != Usage::Computed);
    let names = attributes.map(|one| &*one.name).chain(block.blocks.iter().map(|one| &*one.name));
    let names: BTreeSet<&str> = names.collect();
    let pools = pools();
    let tried = pools.iter().map(|(name, ..)| *name).chain(WITHOUT_POOL.iter().map(|(name, _)| *name));
    let tried: BTreeSet<&str> = tried.collect();
    let missing: Vec<_> = names.difference(&tried).collect();
    let gone: Vec<_> = tried.difference(&names).collect();
    assert!(missing.is_empty(), "add values for these arguments to `pools`: {missing:?}");
    assert!(gone.is_empty(), "these arguments do not exist: {gone:?}");
}

/// Values for unknown options: each element has one for each of them.
struct Values<'v> {
    some: &'v [Vec<Value>],
    /// Those that are tried if the others do not change all that is unknown.
    more: &'v dyn Fn() -> Vec<Vec<Value>>,
}

/// Tries options of which something is not known together with values for them.
fn tried(
    name: &str,
    (definition, options): (&str, &Members),
    unknown: &[(&'static str, Value)],
    values: Values<'_>,
    report: &mut Report,
) {
    let with = |values: &mut dyn Iterator<Item = Value>| {
        let mut options = options.clone();
        options.extend(unknown.iter().map(|(option, _)| (*option).into()).zip(values));
        options
    };
    let open = with(&mut unknown.iter().map(|(_, value)| value.clone()));
    let said = analyze(definition, &open);
    let answers: Vec<Result<Value, String>> =
        values.some.iter().map(|chosen| analyze(definition, &with(&mut chosen.iter().cloned()))).collect();
    report.errors_come_in_time(name, &said, &validate(definition, &open), &answers);
    let mut came: Vec<Value> = answers.into_iter().filter_map(Result::ok).collect();
    let Ok(said) = said else {
        report.answers += came.len();
        return;
    };
    if unknown.len() == 1 && came.len() > 1 && !needless(&said, &came).is_empty() {
        let more = (values.more)();
        came.extend(more.iter().filter_map(|one| analyze(definition, &with(&mut one.iter().cloned())).ok()));
    }
    report.answers += came.len();
    for answer in &came {
        if let Err(place) = keeps(&said, answer, "") {
            report.broken.push(format!("{name}: {place}"));
        }
    }
    if unknown.len() == 1 && came.len() > 1 {
        let found = needless(&said, &came);
        report.needless.extend(found.into_iter().map(|place| format!("{name}: {place}")));
    }
}

/// From where the values of options come.
struct Sources {
    pools: Vec<Pool>,
    alike: Alike,
    named: Named,
    requests: Requests,
}

/// Tries each option alone, those that can be unknown as a whole together, hints, and all tokens at once; or
/// some of these.
fn all_tried(asked: &Asked, sources: &Sources) -> Report {
    let Sources { pools, alike, named, requests } = sources;
    let Asked { name, definition, options } = asked;
    let of = (definition.as_str(), options);
    let mut report = Report::default();
    let mut chance = Chance::of(name);
    let name = |option: &str| format!("{option} {name}");
    let skipped = |chance: &mut Chance, option: &str| {
        let is_taken = sweeping() || chance.one_in(400);
        !is_taken || !is_chosen(&name(option))
    };
    let own = |option: &str, unknown: &Value| options.get(option).filter(|_| unknown.is_unknown()).cloned();
    for (option, unknown, values) in pools {
        if !skipped(&mut chance, option) {
            let of_case = if unknown.is_unknown() { values_of(option, asked, alike) } else { Vec::new() };
            let values = values.iter().cloned().chain(own(option, unknown)).chain(of_case);
            let values: Vec<Vec<Value>> = values.map(|value| vec![value]).collect();
            let more = || match *option {
                "input" => more_inputs(asked, alike, requests).into_iter().map(|value| vec![value]).collect(),
                _ => Vec::new(),
            };
            tried(
                &name(option),
                of,
                &[(option, unknown.clone())],
                Values { some: &values, more: &more },
                &mut report,
            );
        }
    }
    let no_more = Vec::new;
    if !skipped(&mut chance, "all") {
        let whole: Vec<&Pool> = pools.iter().filter(|(_, unknown, _)| unknown.is_unknown()).collect();
        let unknown: Vec<(&str, Value)> =
            whole.iter().map(|(option, ..)| (*option, Value::Unknown)).collect();
        let mut chosen = |is_own: bool| -> Vec<Value> {
            let value = |(option, unknown, values): &&Pool| {
                own(option, unknown).filter(|_| is_own).unwrap_or_else(|| chance.pick(values))
            };
            whole.iter().map(value).collect()
        };
        let values: Vec<Vec<Value>> = (0..8).map(|number| chosen(number % 2 == 0)).collect();
        tried(&name("all"), of, &unknown, Values { some: &values, more: &no_more }, &mut report);
    }
    if !skipped(&mut chance, "resource_hint") {
        for Hints { unknown, values, more } in hints(asked, named) {
            let each = |values: &[Value]| values.iter().map(|value| vec![value.clone()]).collect();
            let values: Vec<Vec<Value>> = each(&values);
            let more = || each(&more);
            tried(
                &name("resource_hint"),
                of,
                &[("resource_hint", unknown)],
                Values { some: &values, more: &more },
                &mut report,
            );
        }
    }
    if let Some(Value::Object(given)) = options
        .get("definition_substitutions")
        .filter(|_| !skipped(&mut chance, "a token of definition_substitutions"))
    {
        for token in given.keys() {
            let with = |value: Value| {
                let mut all = given.clone();
                all.insert(token.clone(), value);
                Value::Object(all)
            };
            let hostile = HOSTILE.iter().map(|one| Value::from(*one)).chain(given.get(token).cloned());
            let values: Vec<Vec<Value>> = hostile.map(|value| vec![with(value)]).collect();
            let unknown = [("definition_substitutions", with(Value::Unknown))];
            let values = Values { some: &values, more: &no_more };
            tried(&name("a token of definition_substitutions"), of, &unknown, values, &mut report);
        }
    }
    if let Some(tokens) =
        Tokens::of(definition, options).filter(|_| !skipped(&mut chance, "definition_substitutions"))
    {
        let unknown = [("definition_substitutions", Value::Unknown)];
        let of = (tokens.definition.as_str(), options);
        let is_accepted = |values: Value| {
            let mut options = options.clone();
            options.insert(unknown[0].0.into(), values);
            analyze(of.0, &options).is_ok()
        };
        let bases = Bases::of(&tokens, alike, &is_accepted);
        let values = bases.some(&mut chance);
        let more = || bases.one_at_a_time();
        tried(
            &name("definition_substitutions"),
            of,
            &unknown,
            Values { some: &values, more: &more },
            &mut report,
        );
    }
    report
}

/// Values for all tokens of a definition. Each has one for each of them.
struct Bases<'t> {
    tokens: &'t Tokens,
    alike: &'t Alike,
    /// Those with which the definition is accepted, if there are any; else their own. What is said of a token
    /// shows nowhere beside another one whose value is an error.
    values: Vec<String>,
}

impl<'t> Bases<'t> {
    /// Their own values, unless these are an error, and others in place of one of them, wherever it stands,
    /// are none.
    fn of(tokens: &'t Tokens, alike: &'t Alike, is_accepted: &dyn Fn(Value) -> bool) -> Self {
        let own: Vec<String> = (0..tokens.len()).map(|at| tokens.value(at).to_owned()).collect();
        let with = |at: usize, other: &str| -> Vec<String> {
            let value = |one: &String| if *one == own[at] { other.to_owned() } else { one.clone() };
            own.iter().map(value).collect()
        };
        let is_accepted = |values: &Vec<String>| is_accepted(all_of(values, &[]));
        let first = |at: &usize| !own[..*at].contains(&own[*at]);
        let of_token = |at: usize| pool(tokens, at, alike, ALIKE).into_iter().map(move |value| (at, value));
        let others = (0..tokens.len()).filter(first).flat_map(of_token).map(|(at, value)| with(at, &value));
        let values = [own.clone()].into_iter().chain(others).find(is_accepted).unwrap_or(own.clone());
        Bases { tokens, alike, values }
    }

    /// Their own values, others, and one that no token takes.
    fn some(&self, chance: &mut Chance) -> Vec<Vec<Value>> {
        let Bases { tokens, alike, values } = self;
        let own: Vec<String> = (0..tokens.len()).map(|at| tokens.value(at).to_owned()).collect();
        let mut all =
            vec![Value::Null, all_of(&own, &[]), all_of(values, &[]), all_of(values, &[("unused", "x")])];
        let pools: Vec<Vec<String>> = (0..tokens.len()).map(|at| pool(tokens, at, alike, ALIKE)).collect();
        // One token at a time has another value, then each has.
        for number in 0..48 {
            let other = number % tokens.len().max(1);
            let is_other = |at: usize| at == other || number % 4 == 0;
            let value = |(at, value): (usize, &String)| {
                if is_other(at) { chance.pick(&pools[at]) } else { value.clone() }
            };
            all.push(all_of(&values.iter().enumerate().map(value).collect::<Vec<_>>(), &[]));
        }
        all.into_iter().map(|value| vec![value]).collect()
    }

    /// Each token has each value of its pool, while the others stay.
    fn one_at_a_time(&self) -> Vec<Vec<Value>> {
        let with = |at: usize, other: String| {
            let mut values = self.values.clone();
            values[at] = other;
            vec![all_of(&values, &[])]
        };
        let of_token = |at: usize| {
            pool(self.tokens, at, self.alike, usize::MAX).into_iter().map(move |value| (at, value))
        };
        (0..self.tokens.len()).flat_map(of_token).map(|(at, value)| with(at, value)).collect()
    }
}

/// The values of all tokens, and of more that the definition does not have.
fn all_of(values: &[String], more: &[(&str, &str)]) -> Value {
    let own = values.iter().enumerate().map(|(at, value)| (format!("T{at}"), Value::from(value.as_str())));
    let more = more.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
    Value::object(own.chain(more).collect::<Vec<_>>())
}

#[test]
fn what_is_called_known_stays_whatever_options_come_to_be() {
    let cases = all_cases();
    let sources =
        Sources { pools: pools(), alike: alike(&cases), named: named(&cases), requests: requests(&cases) };
    let with_change = option_changes::CHANGES.iter().map(OptionChange::reviewed);
    let reviewed: Vec<Reviewed<'_>> = with_change.chain(REVIEWED.iter().copied()).collect();
    let reports = in_parallel(&all_asked(), |asked| all_tried(asked, &sources).noted(&reviewed));
    Report::of(reports, &reviewed).judge(200);
}

/// An API that the catalogue does not have may come to be allowed; an integration that does not exist may
/// not.
#[test]
fn an_api_that_may_come_to_be_allowed_is_no_error_yet() {
    let calling = |resource: &str| {
        format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::{resource}", "End": true}}}}}}"#
        )
    };
    let said = |resource: &str, names: Value| {
        let options = Members::from([("allow_unknown_apis".into(), names)]);
        analyze(&calling(resource), &options)
    };
    let late = || Value::list([Value::Unknown]);
    let own = "aws-sdk:dynamodb:newApi";
    assert!(said(own, Value::list(Vec::<Value>::new())).is_err());
    assert_eq!(said(own, late()).expect("it may be allowed").get("permissions"), &Value::Unknown);
    let allowed = said(own, Value::list(texts(&["dynamodb:newApi"]))).expect("it is allowed");
    assert_eq!(allowed.get("actions_by_service").get("dynamodb").as_list().map(<[Value]>::len), Some(1));
    assert!(said("sns:publsh", late()).expect_err("nothing allows it").contains("publish"));
    // Where every API is known, the names can only be without use.
    let known = said("aws-sdk:dynamodb:putItem", late()).expect("an answer");
    assert_eq!(known.get("permissions").get("/States/A").as_list().map(<[Value]>::len), Some(1));
    assert_eq!(known.get("findings_by_state").get(""), &Value::Unknown);
}
