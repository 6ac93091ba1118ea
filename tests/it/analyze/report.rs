//! Partly known values beside final ones, and what is wrong with them.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;

use sfniam::protocol::value::Value;

use crate::support::{chosen, sweeping};

/// Whether a partly known value agrees with the final one; else the place where it does not.
pub(super) fn keeps(said: &Value, came: &Value, place: &str) -> Result<(), String> {
    match (said, came) {
        (Value::Unknown, _) => Ok(()),
        (Value::List(one), Value::List(two)) if one.len() == two.len() => {
            one.iter().zip(two).try_for_each(|(one, two)| keeps(one, two, &format!("{place}[]")))
        }
        (Value::Object(one), Value::Object(two)) if one.keys().eq(two.keys()) => one
            .iter()
            .zip(two.values())
            .try_for_each(|((key, one), two)| keeps(one, two, &format!("{place}.{key}"))),
        (one, two) if one == two => Ok(()),
        _ => Err(format!("{place}: said {said:?}, came {came:?}")),
    }
}

/// The parts that are unknown although all answers have the same there.
pub(super) fn needless(said: &Value, came: &[Value]) -> Vec<String> {
    let mut found = Vec::new();
    unknown_and_equal(said, &came.iter().collect::<Vec<_>>(), "", &mut found);
    found
}

fn unknown_and_equal(said: &Value, came: &[&Value], place: &str, found: &mut Vec<String>) {
    match said {
        Value::Unknown if came.windows(2).all(|pair| pair[0] == pair[1]) => found.push(place.to_owned()),
        Value::List(elements) => {
            for (index, element) in elements.iter().enumerate() {
                let came: Vec<&Value> = came.iter().filter_map(|value| value.as_list()?.get(index)).collect();
                unknown_and_equal(element, &came, &format!("{place}[{index}]"), found);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                let came: Vec<&Value> = came.iter().map(|value| value.get(key)).collect();
                unknown_and_equal(member, &came, &format!("{place}.{key}"), found);
            }
        }
        _ => {}
    }
}

/// What stays unknown although no value of a pool changes it.
#[derive(Clone, Copy)]
pub(super) struct Reviewed<'t> {
    /// How what was unknown and the case's name begin.
    pub(super) begins: &'t str,
    /// A part of the place in the result.
    pub(super) part: &'static str,
    /// The value that would change it.
    pub(super) value: &'static str,
}

impl Reviewed<'_> {
    fn has(&self, found: &str) -> bool {
        found.starts_with(self.begins) && found.contains(self.part)
    }
}

#[derive(Default)]
pub(super) struct Report {
    pub(super) answers: usize,
    /// What was returned as known and turned out differently.
    pub(super) broken: Vec<String>,
    /// What could have been returned as known.
    pub(super) needless: Vec<String>,
    /// Values that are rejected while they are not known, although there are some that would be accepted.
    pub(super) errors: BTreeMap<String, String>,
    /// What is no error although every value is one.
    pub(super) late: Vec<String>,
}

/// Errors that come when all values are known, and not before: a part of the message, and why.
const LATE: &[(&str, &str)] = &[
    ("[policy-too-large]", "a value may be of any length"),
    ("[permission-too-large]", "a value may be of any length"),
    ("[refused-policy]", "an error that was lowered is found again in the policy"),
    ("Invalid hint", "a hint is checked when its resources are known"),
    ("A hint that does not narrow", "a hint is checked when its resources are known"),
    ("A hint that matches nothing", "a hint is checked when its resources are known"),
    ("Region and partition do not match", "another region would match"),
    ("\"on_finding\" or \"on_unresolved\" makes this an error.", "in a check it is only a warning"),
];

/// Cases with an error that comes when all values are known, although each value is one: how they begin, and
/// why it is not found before.
const LATE_CASES: &[(&str, &str)] = &[
    ("problems/places/bucket-in-another-partition", "an ARN with a token is judged when it is whole"),
    ("input problems/values/", "a value that is known in part is judged when it is whole"),
    (
        "allow_unknown_apis problems/resource/",
        "it may come to allow the API, which no value that is tried does",
    ),
    ("definition_substitutions problems/", "other arguments are judged when the definition is whole"),
    ("region problems/settings/key-in-another-partition", "the region may give another partition"),
    ("problems/values/arn-in-place-of-an-index", "the token may name the index too, which is then not read"),
    ("problems/values/look-alike-among-arns", "a list with a token is judged when it is whole"),
    ("problems/values/star-among-instances", "a list with a token is judged when it is whole"),
    ("problems/values/star-in-place-of-a-bucket", "an ARN with a token is judged when it is whole"),
    ("problems/values/typo-among-instances", "a list with a token is judged when it is whole"),
];

impl Report {
    /// Judges what was said before values are known, by `analyze` and by `validate`, by the answers for
    /// values.
    pub(super) fn errors_come_in_time(
        &mut self,
        name: &str,
        said: &Result<Value, String>,
        validated: &[String],
        answers: &[Result<Value, String>],
    ) {
        let is_late = |error: &String| {
            let is_of_case = LATE_CASES.iter().any(|(case, _)| name.starts_with(case));
            is_of_case || LATE.iter().any(|(part, _)| error.contains(part))
        };
        if answers.iter().any(Result::is_ok) {
            self.errors.extend(said.as_ref().err().map(|error| (name.to_owned(), error.clone())));
            let wrong = validated.first().map(|error| (format!("{name} at validate"), error.clone()));
            self.errors.extend(wrong);
        } else if !answers.iter().any(|answer| answer.as_ref().is_err_and(is_late)) {
            let errors = || answers.first().map(|answer| answer.as_ref().err().cloned().unwrap_or_default());
            if said.is_ok() {
                self.late.extend(errors().map(|error| format!("{name}: {error}")));
            }
            if validated.is_empty() {
                self.late.extend(errors().map(|error| format!("{name} at validate: {error}")));
            }
        }
    }

    /// All reports in one, without what was reviewed.
    pub(super) fn of(reports: Vec<Report>, reviewed: &[Reviewed<'_>]) -> Report {
        let mut all = Report::default();
        for report in reports {
            all.answers += report.answers;
            all.broken.extend(report.broken);
            all.needless.extend(report.needless);
            all.errors.extend(report.errors);
            all.late.extend(report.late);
        }
        let mut used = vec![false; reviewed.len()];
        all.needless.retain(|found| {
            let row = reviewed.iter().position(|row| row.has(found));
            row.and_then(|row| used.get_mut(row)).is_none_or(|used| {
                *used = true;
                false
            })
        });
        // Only a sweep tries everything.
        let is_all = sweeping() && chosen().is_none();
        for (row, _) in reviewed.iter().zip(&used).filter(|(_, used)| is_all && !**used) {
            let Reviewed { begins, part, value } = row;
            all.needless.push(format!("the row {begins:?} {part:?} ({value}) is of no use"));
        }
        all
    }

    /// Adds what is wrong and not reviewed to the file that `SFNIAM_LAW_REPORT` names, so that a long run
    /// shows it at once.
    pub(super) fn noted(self, reviewed: &[Reviewed<'_>]) -> Report {
        let errors = self.errors.iter().map(|(name, error)| format!("ERROR {name}: {error}\n"));
        let is_open = |found: &&String| !reviewed.iter().any(|row| row.has(found));
        let needless: Vec<String> = self.needless.iter().filter(is_open).cloned().collect();
        let others = [("BROKEN", &self.broken), ("NEEDLESS", &needless), ("LATE", &self.late)];
        let others =
            others.iter().flat_map(|(what, all)| all.iter().map(move |one| format!("{what} {one}\n")));
        let text: String = others.chain(errors).collect();
        if let Some(path) = std::env::var_os("SFNIAM_LAW_REPORT").filter(|_| !text.is_empty()) {
            let mut file = OpenOptions::new().create(true).append(true).open(path).unwrap();
            file.write_all(text.as_bytes()).unwrap();
        }
        self
    }

    /// Fails the test if the law is broken, or too few answers were had.
    pub(super) fn judge(&self, least: usize) {
        let Report { answers, broken, needless, errors, late } = self;
        let errors: Vec<String> = errors.iter().map(|(name, error)| format!("{name}: {error}")).collect();
        for (what, found) in [("broken", broken), ("needless", needless), ("errors", &errors), ("late", late)]
        {
            let some: Vec<&String> = found.iter().take(40).collect();
            assert!(found.is_empty(), "{} {what}:\n{some:#?}", found.len());
        }
        assert!(*answers > least || chosen().is_some(), "{answers} answers");
    }
}
