//! Literals of the cases as tokens whose values are not known: alone, in pairs, and all of a case.

use sfniam::protocol::value::Value;

use crate::support::chance::Chance;
use crate::support::{in_parallel, is_chosen, sweeping};

use super::report::{Report, Reviewed, keeps, needless};
use super::tokens::{ALIKE, Alike, Tokens, alike, others, pool};
use super::{Asked, all_asked, all_cases, analyze, validate};

/// What stays unknown although no value of the pool changes it.
pub(super) const REVIEWED: &[Reviewed<'_>] = &[
    Reviewed {
        begins: "integrations/apigateway/invoke.",
        part: ".permissions./States/Call[0].resources",
        value: "any method, if the path were known",
    },
    Reviewed {
        begins: "integrations/athena/startQueryExecution.defaults",
        part: ".documents_by_service.s3",
        value: "a query that writes, if the place of its results were known",
    },
    Reviewed {
        begins: "integrations/codebuild/batchDeleteBuilds.one-dynamic",
        part: "/Ids/0",
        value: "another build, if none were known only at run time",
    },
    Reviewed {
        begins: "integrations/events/putEvents.one-dynamic-bus",
        part: "EventBusName",
        value: "another bus, if no bus were known only at run time",
    },
    Reviewed {
        begins: "integrations/mediaconvert/createJob.presets",
        part: "/Preset",
        value: "another preset, if none were known only at run time",
    },
    Reviewed {
        begins: "integrations/sagemaker/createEndpoint.alarms",
        part: "/AlarmName",
        value: "another alarm, if none were known only at run time",
    },
    Reviewed {
        begins: "integrations/sagemaker/updateEndpoint.alarms",
        part: "/AlarmName",
        value: "another alarm, if none were known only at run time",
    },
    Reviewed {
        begins: "machines/distributed-map/athena",
        part: "/Key",
        value: "another key, if the query's tables were known: reading them covers it",
    },
    Reviewed {
        begins: "machines/distributed-map/",
        part: "InputType",
        value: "MANIFEST, if the bucket were known, and PARQUET, if a version were given",
    },
    Reviewed {
        begins: "machines/findings/instance-profile",
        part: ".findings_by_state.",
        value: "a role of another account, if the other role were not one already",
    },
    Reviewed {
        begins: "machines/findings/instance-profile",
        part: "/JobFlowRole",
        value: "EMR_EC2_DefaultRole, whose role is known, if the other profile were that too",
    },
    Reviewed {
        begins: "machines/jsonata/folded",
        part: "",
        value: "another topic, if the stage were the other one",
    },
    Reviewed {
        begins: "machines/values/role-in-a-variable",
        part: ".findings_by_state./States/Choose",
        value: "a path, if the state had JSONata",
    },
    Reviewed {
        begins: "problems/values/function-among-buses-of-the-run",
        part: "/EventBusName",
        value: "another bus, if no bus were known only at run time",
    },
    Reviewed {
        begins: "sdk/appmesh/describeMesh.shared",
        part: ".size",
        value: "the own account, if the same were called there too",
    },
    Reviewed {
        begins: "sdk/ec2/copySnapshot",
        part: "/SourceSnapshotId",
        value: "another snapshot, if every snapshot were not allowed already",
    },
    Reviewed {
        begins: "sdk/ecrpublic/describeImages.owner",
        part: ".size",
        value: "the own account, if the same were called there too",
    },
    Reviewed {
        begins: "sdk/elasticloadbalancingv2/createLoadBalancer",
        part: ".size",
        value: "a type with a longer name",
    },
    Reviewed {
        begins: "sdk/glacier/uploadArchive.owner",
        part: ".size",
        value: "the own account, if the same were called there too",
    },
    Reviewed {
        begins: "sdk/s3control/getDataAccess.owner",
        part: ".size",
        value: "the own account, if the same were called there too",
    },
];

/// A case whose literals are tokens.
struct Case<'a> {
    asked: &'a Asked,
    tokens: Tokens,
    alike: &'a Alike,
}

impl Case<'_> {
    fn answer(&self, unknown: &[usize], values: Option<&[String]>) -> Result<Value, String> {
        analyze(&self.tokens.definition, &self.tokens.options(&self.asked.options, unknown, values))
    }

    fn pool(&self, at: usize) -> Vec<String> {
        pool(&self.tokens, at, self.alike, ALIKE)
    }

    /// The value of a token, lengthened until it is just not an error. With it, a part of the policy may be
    /// too large for a managed policy although each permission fits.
    fn lengthened(&self, at: usize) -> String {
        let long = |more: usize| format!("{}{}", self.tokens.value(at), "x".repeat(more));
        let (mut fits, mut breaks) = (0, 7_000);
        while breaks - fits > 1 {
            let middle = usize::midpoint(fits, breaks);
            let end = if self.answer(&[at], Some(&[long(middle)])).is_ok() { &mut fits } else { &mut breaks };
            *end = middle;
        }
        long(fits)
    }

    /// Answers with another value of one of several tokens, until there is one that is no error.
    fn one_at_a_time(&self, unknown: &[usize]) -> Vec<Result<Value, String>> {
        let own: Vec<String> = unknown.iter().map(|at| self.tokens.value(*at).to_owned()).collect();
        let mut answers = Vec::new();
        for (position, at) in unknown.iter().enumerate() {
            for value in self.pool(*at) {
                let mut chosen = own.clone();
                chosen[position] = value;
                let answer = self.answer(unknown, Some(&chosen));
                let is_found = answer.is_ok();
                answers.push(answer);
                if is_found {
                    return answers;
                }
            }
        }
        answers
    }

    /// An answer with other values of two of several tokens that is no error, if there is one: the texts of
    /// the case may be errors where they are values of tokens.
    fn two_at_a_time(&self, unknown: &[usize]) -> Option<Result<Value, String>> {
        let own: Vec<String> = unknown.iter().map(|at| self.tokens.value(*at).to_owned()).collect();
        let others: Vec<Vec<String>> =
            unknown.iter().map(|at| others(&self.tokens, *at, self.alike)).collect();
        for (one, two) in (0..own.len()).flat_map(|one| (one + 1..own.len()).map(move |two| (one, two))) {
            for value in &others[one] {
                for more in &others[two] {
                    let mut chosen = own.clone();
                    (chosen[one], chosen[two]) = (value.clone(), more.clone());
                    let answer = self.answer(unknown, Some(&chosen));
                    if answer.is_ok() {
                        return Some(answer);
                    }
                }
            }
        }
        None
    }

    /// Tries tokens that are unknown together with values for them.
    fn tried(&self, unknown: &[usize], values: &[Vec<String>], report: &mut Report) {
        let paths: Vec<&str> = unknown.iter().map(|at| self.tokens.path(*at)).collect();
        let name = format!("{} {paths:?}", self.asked.name);
        let said = self.answer(unknown, None);
        let options = self.tokens.options(&self.asked.options, unknown, None);
        let mut answers: Vec<Result<Value, String>> =
            values.iter().map(|chosen| self.answer(unknown, Some(chosen))).collect();
        if unknown.len() > 1 && answers.iter().all(Result::is_err) {
            answers.extend(self.one_at_a_time(unknown));
        }
        if unknown.len() > 1 && said.is_ok() && answers.iter().all(Result::is_err) {
            answers.extend(self.two_at_a_time(unknown));
        }
        report.errors_come_in_time(&name, &said, &validate(&self.tokens.definition, &options), &answers);
        let Ok(said) = said else { return };
        let mut came = Vec::new();
        let judged = |chosen: &[String], answer: Result<Value, String>, report: &mut Report| {
            let answer = answer.ok()?;
            report.answers += 1;
            if let Err(place) = keeps(&said, &answer, "") {
                report.broken.push(format!("{name} = {chosen:?}: {place}"));
            }
            Some(answer)
        };
        for (chosen, answer) in values.iter().zip(answers) {
            came.extend(judged(chosen, answer, report));
        }
        let [at] = unknown else { return };
        let mut found = needless(&said, &came);
        if !found.is_empty() && came.len() > 1 {
            // A longer value, one from some other case, a name in another text, or another account may change
            // it.
            let others = pool(&self.tokens, *at, self.alike, usize::MAX);
            let of_tokens = self.tokens.words().into_iter().chain(self.tokens.elsewhere(*at, self.alike));
            for value in [self.lengthened(*at)].into_iter().chain(others).chain(of_tokens) {
                let value = [value];
                came.extend(judged(&value, self.answer(unknown, Some(&value)), report));
            }
            found = needless(&said, &came);
        }
        if came.len() > 1 {
            report.needless.extend(found.into_iter().map(|place| format!("{name}: {place}")));
        }
    }

    /// Tries the tokens alone, in pairs and all, or some of these.
    fn all_tried(&self) -> Report {
        let mut report = Report::default();
        let mut chance = Chance::of(&self.asked.name);
        let count = self.tokens.len();
        let skipped = |chance: &mut Chance, one_in| !sweeping() && !chance.one_in(one_in);
        // Wholly known.
        if !skipped(&mut chance, 16) {
            self.tried(&[], &[Vec::new()], &mut report);
        }
        for at in 0..count {
            if !skipped(&mut chance, 48) {
                let values: Vec<Vec<String>> = self.pool(at).into_iter().map(|value| vec![value]).collect();
                self.tried(&[at], &values, &mut report);
            }
        }
        let pairs = (0..count).flat_map(|one| (one + 1..count).map(move |other| vec![one, other]));
        let all = (count > 2).then(|| ((0..count).collect(), 48));
        for (unknown, one_in) in pairs.map(|pair| (pair, 600)).chain(all) {
            if skipped(&mut chance, one_in) {
                continue;
            }
            let own: Vec<String> = unknown.iter().map(|at| self.tokens.value(*at).to_owned()).collect();
            // Equal values, each of which fits one of the tokens.
            let mut values: Vec<Vec<String>> = own.iter().map(|one| vec![one.clone(); own.len()]).collect();
            values.push(own);
            let pools: Vec<Vec<String>> = unknown.iter().map(|at| self.pool(*at)).collect();
            values.extend((0..8).map(|_| pools.iter().map(|pool| chance.pick(pool)).collect::<Vec<_>>()));
            self.tried(&unknown, &values, &mut report);
        }
        report
    }
}

#[test]
fn what_is_called_known_stays_and_what_no_value_changes_is_known() {
    let alike = alike(&all_cases());
    let asked: Vec<Asked> = all_asked().into_iter().filter(|asked| is_chosen(&asked.name)).collect();
    let reports = in_parallel(&asked, |asked| {
        let Some(tokens) = Tokens::of(&asked.definition, &asked.options) else { return Report::default() };
        Case { asked, tokens, alike: &alike }.all_tried().noted(REVIEWED)
    });
    Report::of(reports, REVIEWED).judge(500);
}
