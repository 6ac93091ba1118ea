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
        let mut places: Vec<(usize, usize)> =
            sorted.into_iter().enumerate().map(|(place, (_, _, at))| (at, place)).collect();
        drop(keys);
        // By where they are now.
        places.sort_unstable();
        arrange(findings, places.into_iter().map(|(_, place)| place).collect());
    }
    findings.dedup();
}

/// Brings each element to its place. Of a megabyte's findings a second list would be large.
fn arrange<T>(elements: &mut [T], mut places: Vec<usize>) {
    for at in 0..elements.len() {
        // Each exchange brings one to its place.
        while let Some(place) = places.get(at).copied().filter(|place| *place != at) {
            elements.swap(at, place);
            places.swap(at, place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Code;
    use super::super::made_up::found;
    use super::*;

    #[test]
    fn elements_come_to_their_places() {
        for places in [vec![], vec![0], vec![1, 0], vec![2, 0, 1], vec![1, 2, 0, 4, 3], vec![4, 3, 2, 1, 0]] {
            let mut elements = places.clone();
            arrange(&mut elements, places);
            assert!(elements.is_sorted(), "{elements:?}");
        }
    }

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
