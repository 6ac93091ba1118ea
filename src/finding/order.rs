//! The order of findings: by place, at one place the most severe first.

use std::cmp::Ordering;

use super::Finding;
use super::place::sort_key;
use crate::work::Work;

impl Ord for Finding {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |finding: &Finding| (finding.severity, finding.code);
        let rest = |one: &Finding, two: &Finding| {
            (&one.parameter, &one.summary, &one.detail, &one.actions, &one.resources, one.docs).cmp(&(
                &two.parameter,
                &two.summary,
                &two.detail,
                &two.actions,
                &two.resources,
                two.docs,
            ))
        };
        self.place
            .compare(&other.place)
            .then_with(|| key(self).cmp(&key(other)))
            .then_with(|| rest(self, other))
    }
}

impl PartialOrd for Finding {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Puts findings in their order, each once. Pointers are read once for each finding, not once for each
/// comparison, and findings, which are large, are moved only to their places.
///
/// If the caller of the work no longer waits, the order is another one.
pub fn order(findings: &mut Vec<Finding>, work: &Work) {
    if !findings.is_sorted() {
        let keys: Vec<Vec<u8>> = findings.iter().map(|finding| sort_key(&finding.place.pointer)).collect();
        let mut sorted: Vec<(&Vec<u8>, &Finding, usize)> =
            keys.iter().zip(findings.iter()).enumerate().map(|(at, (key, one))| (key, one, at)).collect();
        work.sort(&mut sorted);
        let places: Vec<usize> = sorted.into_iter().map(|(_, _, at)| at).collect();
        let mut taken: Vec<Option<Finding>> = findings.drain(..).map(Some).collect();
        findings.extend(places.into_iter().filter_map(|at| taken.get_mut(at)?.take()));
    }
    findings.dedup();
}

#[cfg(test)]
mod tests {
    use super::super::Code;
    use super::super::made_up::found;
    use super::*;

    #[test]
    fn findings_are_sorted_by_place_and_gravity() {
        let at = |pointer: &str, code: Code| Finding { place: pointer.into(), ..found(code, 1) };
        let sorted = [
            at("", Code::AwsWildcard),
            at("/States/S2", Code::InvalidState),
            at("/States/S10", Code::UnresolvedResource),
            at("/States/S10", Code::AwsWildcard),
        ];
        let mut shuffled = [sorted.to_vec(), sorted.to_vec()].concat();
        shuffled.reverse();
        order(&mut shuffled, &Work::default());
        assert_eq!(shuffled, sorted);
    }
}
