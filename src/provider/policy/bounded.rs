//! The findings as hosts store them, limited to what plan and state can carry.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::finding::{Code, Finding, Place, Severity};
use crate::iam::json_bytes;
use crate::provider::limits::{MAX_FINDING_BYTES, MAX_FINDING_BYTES_OF_A_STATE, MAX_WHOLE_MESSAGE_BYTES};

/// The findings of a definition with so many states, each if possible: where there is not room for all of
/// them whole, the most severe stay so and the others are shortened. Where there is not room even for that,
/// the others are summarized by one for each severity and code, with their number and all their actions.
/// Unless they are wanted to the end, some are missing.
pub(super) fn fitting<'f>(
    findings: &'f [Finding],
    states: usize,
    wanted: &dyn Fn() -> bool,
) -> Cow<'f, [Finding]> {
    let whole: Vec<usize> = findings.iter().take_while(|_| wanted()).map(size).collect();
    if whole.iter().copied().fold(0, usize::saturating_add) <= limit(states).min(MAX_WHOLE_MESSAGE_BYTES) {
        return Cow::Borrowed(findings.get(..whole.len()).unwrap_or_default());
    }
    let short: Vec<Finding> = findings.iter().take_while(|_| wanted()).map(shortened).collect();
    let Some(room) = limit(states).checked_sub(sizes(short.iter().take_while(|_| wanted()))) else {
        return Cow::Owned(reduced(&short, states, wanted));
    };
    Cow::Owned(lengthened(findings, short, room.min(MAX_WHOLE_MESSAGE_BYTES)))
}

/// A finding of which only the summary is said.
fn shortened(finding: &Finding) -> Finding {
    Finding { detail: format!("{}.", finding.summary).into(), docs: "", ..finding.clone() }
}

/// The short findings, the most severe ones whole as far as there is room for that.
fn lengthened(findings: &[Finding], mut short: Vec<Finding>, mut room: usize) -> Vec<Finding> {
    let mut by_gravity: Vec<(&Finding, &mut Finding)> = findings.iter().zip(&mut short).collect();
    by_gravity.sort_by_key(|(finding, _)| kind(finding));
    for (whole, short) in by_gravity {
        let Some(left) = room.checked_sub(size(whole).saturating_sub(size(short))) else { break };
        room = left;
        *short = whole.clone();
    }
    short
}

/// The same if there is not room for each.
fn reduced(findings: &[Finding], states: usize, wanted: &dyn Fn() -> bool) -> Vec<Finding> {
    let mut by_gravity: Vec<&Finding> = findings.iter().take_while(|_| wanted()).collect();
    by_gravity.sort_by_key(|finding| kind(finding));
    // Room for the summary of the rest, however many they are.
    let reserved = sizes(&left_out(&by_gravity));
    let mut room = limit(states).saturating_sub(reserved);
    let fits = |finding: &&&Finding| match room.checked_sub(size(finding)) {
        Some(left) => {
            room = left;
            true
        }
        None => false,
    };
    let count = by_gravity.iter().take_while(fits).count();
    let (kept, rest) = by_gravity.split_at(count);
    let mut kept: Vec<Finding> = kept.iter().map(|finding| (*finding).clone()).collect();
    kept.extend(left_out(rest));
    kept.sort();
    kept
}

/// The bytes of a finding as JSON, with what separates it from the next one.
fn size(finding: &Finding) -> usize {
    let list = |texts: &[String]| texts.iter().map(|text| json_bytes(text) + 1).sum::<usize>().max(1) - 1;
    let texts = [finding.code.name(), finding.docs, finding.severity.name(), &finding.parameter];
    FRAME
        + texts.into_iter().map(json_bytes).sum::<usize>()
        + json_bytes(&finding.message())
        + json_bytes(&finding.place.pointer)
        + json_bytes(&finding.state())
        + list(&finding.actions)
        + list(&finding.resources)
}

/// The bytes of a finding as JSON without its texts, and of what separates it from the next one.
const FRAME: usize = r#"{"actions":[],"code":,"docs":,"message":,"parameter":,"pointer":,"resources":[],"severity":,"state":}, "#.len();

fn sizes<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> usize {
    findings.into_iter().map(size).fold(0, usize::saturating_add)
}

const fn limit(states: usize) -> usize {
    MAX_FINDING_BYTES.saturating_add(MAX_FINDING_BYTES_OF_A_STATE.saturating_mul(states))
}

fn kind(finding: &Finding) -> (Severity, Code) {
    (finding.severity, finding.code)
}

/// The summary of findings that are left out.
fn left_out(findings: &[&Finding]) -> Vec<Finding> {
    let mut kinds: BTreeMap<(Severity, Code), (usize, BTreeSet<&String>)> = BTreeMap::new();
    for finding in findings {
        let (count, actions) = kinds.entry(kind(finding)).or_default();
        *count += 1;
        actions.extend(finding.actions.iter());
    }
    let told = |((severity, code), (count, actions)): ((Severity, Code), (usize, BTreeSet<&String>))| {
        Finding {
            code,
            severity,
            place: Place::from(""),
            parameter: String::new(),
            actions: actions.into_iter().cloned().collect(),
            resources: Arc::default(),
            subject: String::new(),
            docs: code.row().docs,
            summary: code.row().title.into(),
            detail: format!(
                "There are {count} more findings of this kind, which are left out so that plan and state stay small. The command line lists all: \
             terraform-provider-sfniam check FILE."
            )
            .into(),
        }
    };
    kinds.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::made_up::found;
    use serde::Serialize;

    /// A finding as JSON.
    #[derive(Serialize)]
    struct FindingRow<'f> {
        actions: &'f [String],
        code: &'static str,
        docs: &'static str,
        message: String,
        parameter: &'f str,
        pointer: &'f str,
        resources: &'f [String],
        severity: &'static str,
        state: String,
    }

    impl<'f> FindingRow<'f> {
        fn of(finding: &'f Finding) -> Self {
            FindingRow {
                actions: &finding.actions,
                code: finding.code.name(),
                docs: finding.docs,
                message: finding.message(),
                parameter: &finding.parameter,
                pointer: &finding.place.pointer,
                resources: &finding.resources,
                severity: finding.severity.name(),
                state: finding.state(),
            }
        }
    }

    #[test]
    fn the_size_is_that_of_the_json() {
        let texts = |count: usize| (0..count).map(|number| format!("sns:\"{number}\u{1}ü"));
        for count in [0, 1, 3] {
            let detail = format!("The \\ and \n \"ü\" {count}");
            let one = found(Code::UnresolvedResource, count).about(texts(count), texts(2 * count));
            let one = Finding { detail: detail.into(), ..one }.parameter("Topic\"Arn");
            let json = serde_json::to_string(&FindingRow::of(&one)).unwrap();
            assert_eq!(size(&one), json.len() + 2, "{json}");
        }
    }

    fn many(count: usize) -> Vec<Finding> {
        let of = |number: usize| {
            let code = if number % 100 == 7 { Code::DangerousWildcard } else { Code::UnresolvedResource };
            let actions = [format!("s{}:Do{}", number % 7, number % 301)];
            let long = "x".repeat(2_000);
            Finding { detail: long.into(), ..found(code, number).about(actions, []) }
        };
        let mut all: Vec<Finding> = (0..count).map(of).collect();
        all.sort();
        all
    }

    #[test]
    fn what_has_room_is_whole() {
        let few = many(3);
        assert_eq!(fitting(&few, 3, &|| true), few.as_slice());
        assert!(fitting(&[], 0, &|| true).is_empty());
    }

    /// The flag is looked at for each finding, and nothing is made after it is set.
    #[test]
    fn it_ends_where_nobody_waits_for_it() {
        let all = many(2_000);
        for states in [50, 5_000] {
            let looks = std::cell::Cell::new(0);
            let wanted = |most: usize| {
                looks.set(looks.get() + 1);
                looks.get() <= most
            };
            assert!(!fitting(&all, states, &|| wanted(usize::MAX)).is_empty());
            assert!(looks.get() >= 2 * all.len(), "{}", looks.get());
            looks.set(0);
            assert!(fitting(&all, states, &|| wanted(10)).len() <= 10);
            assert!(looks.get() <= 20, "{}", looks.get());
        }
    }

    #[test]
    fn each_finding_is_kept_where_its_summary_has_room() {
        let all = many(2_000);
        let kept = fitting(&all, 500, &|| true);
        assert!(sizes(kept.iter()) <= limit(500));
        let places = |findings: &[Finding]| -> Vec<(Code, Place)> {
            findings.iter().map(|finding| (finding.code, finding.place.clone())).collect()
        };
        assert_eq!(places(&kept), places(&all));
        for (kept, whole) in kept.iter().zip(&all) {
            let is_whole = kept.detail == whole.detail;
            assert!(is_whole || kept.message() == format!("{}. [{}]", whole.summary, whole.code.name()));
            assert!(is_whole || kept.code != Code::DangerousWildcard, "a less severe one is whole");
        }
    }

    #[test]
    fn the_messages_of_many_findings_take_little_more_than_their_summaries() {
        let code = |number| if number == 4_999 { Code::DangerousWildcard } else { Code::UnresolvedResource };
        let all: Vec<Finding> = (0..5_000)
            .map(|number| Finding { detail: "x".repeat(200).into(), ..found(code(number), number) })
            .collect();
        let kept = fitting(&all, 5_000, &|| true);
        assert_eq!(kept.len(), all.len());
        let short: Vec<Finding> = all.iter().map(shortened).collect();
        assert!(sizes(&all) <= limit(5_000) && sizes(kept.iter()) <= sizes(&short) + MAX_WHOLE_MESSAGE_BYTES);
        let is_whole = |number: usize| kept[number].detail == all[number].detail;
        assert!(is_whole(0) && is_whole(100) && is_whole(4_999) && !is_whole(4_998));
    }

    #[test]
    fn what_has_no_room_is_counted_with_all_its_actions() {
        let all = many(2_000);
        let kept = fitting(&all, 50, &|| true);
        assert!(sizes(kept.iter()) <= limit(50));
        let actions = |findings: &[Finding]| -> BTreeSet<String> {
            findings.iter().flat_map(|finding| finding.actions.to_vec()).collect()
        };
        assert_eq!(actions(&kept), actions(&all));
        let dangerous = |findings: &[Finding]| {
            findings.iter().filter(|finding| finding.code == Code::DangerousWildcard).count()
        };
        assert_eq!(dangerous(&kept), dangerous(&all));
        let last: Vec<&Finding> = kept.iter().filter(|finding| finding.place.pointer.is_empty()).collect();
        let [rest] = last.as_slice() else { panic!("{last:?}") };
        let left_out = all.len() - (kept.len() - 1);
        assert!(rest.detail.starts_with(&format!("There are {left_out} more findings")), "{}", rest.detail);
        assert_eq!((rest.code, rest.severity), (Code::UnresolvedResource, Severity::Warning));
    }
}
