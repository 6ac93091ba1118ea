//! Names that a user may have meant.

use std::cmp::Ordering;

use super::limits::{MAX_SUGGESTIONS, MIN_LIKENESS};

/// The names that are like an unknown one, the most similar first. Case does not count.
#[must_use]
pub fn alike<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let name = name.to_ascii_lowercase();
    let letters = Letters::of(&name);
    let bounded = known.map(|other| (letters.likeness_at_most(&name, other), other));
    let mut bounded: Vec<_> = bounded.filter(|&(bound, _)| bound >= MIN_LIKENESS).collect();
    bounded.sort_by(by_likeness);
    let mut best: Vec<(f64, &str)> = Vec::with_capacity(MAX_SUGGESTIONS + 1);
    for (bound, other) in bounded {
        // Nothing that follows can come before the last of the best.
        if best.get(MAX_SUGGESTIONS - 1).is_some_and(|&(least, _)| bound < least) {
            break;
        }
        let likeness = strsim::jaro_winkler(&name, &other.to_ascii_lowercase());
        if likeness >= MIN_LIKENESS && best.iter().all(|&(_, one)| one != other) {
            best.push((likeness, other));
            best.sort_by(by_likeness);
            best.truncate(MAX_SUGGESTIONS);
        }
    }
    best.into_iter().map(|(_, other)| other).collect()
}

/// The most similar first; of names that are equally similar, the first in the alphabet.
fn by_likeness(&(one, name): &(f64, &str), &(other, other_name): &(f64, &str)) -> Ordering {
    other.total_cmp(&one).then(name.cmp(other_name))
}

/// How often each letter occurs in a name, so that most names are ruled out without a comparison.
struct Letters([u8; 32]);

/// The letters are distinguished by the low bits of their bytes, in either case.
fn slot(byte: u8) -> usize {
    usize::from(byte & 31)
}

impl Letters {
    fn of(name: &str) -> Self {
        let mut counts = [0_u8; 32];
        for byte in name.bytes() {
            if let Some(count) = counts.get_mut(slot(byte)) {
                *count = count.saturating_add(1);
            }
        }
        Letters(counts)
    }

    /// The Jaro-Winkler similarity never exceeds this: matches are letters of both names, and at best none of
    /// them is transposed.
    fn likeness_at_most(&self, name: &str, other: &str) -> f64 {
        if !name.is_ascii() || !other.is_ascii() || name.len() > 255 {
            return 1.0;
        }
        let mut left = self.0;
        let mut matches = 0_u32;
        for byte in other.bytes() {
            if let Some(count) = left.get_mut(slot(byte)).filter(|count| **count > 0) {
                *count -= 1;
                matches += 1;
            }
        }
        let same = |(one, two): &(u8, u8)| one.eq_ignore_ascii_case(two);
        let prefix = name.bytes().zip(other.bytes()).take(4).take_while(same).count();
        let share = |text: &str| f64::from(matches) / f64::from(u8::try_from(text.len()).unwrap_or(1));
        if other.len() > 255 || other.is_empty() || name.is_empty() {
            return 1.0;
        }
        let jaro = (share(name) + share(other) + 1.0) / 3.0;
        // A little more, to allow for rounding.
        jaro + 0.1 * f64::from(u8::try_from(prefix).unwrap_or(4)) * (1.0 - jaro) + 1e-9
    }
}

/// A question after a message, with a blank before it. Empty if there is nothing to suggest.
#[must_use]
pub fn did_you_mean(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [name] => format!(" Did you mean \"{name}\"?"),
        [names @ .., last] => format!(" Did you mean \"{}\" or \"{last}\"?", names.join("\", \"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likest_comes_first_and_strangers_do_not_come() {
        assert_eq!(alike("Lamda", ["batch", "lambda", "sns"].into_iter()), ["lambda"]);
        assert_eq!(alike("x", ["batch", "lambda"].into_iter()), [] as [&str; 0]);
    }

    #[test]
    fn no_name_is_suggested_twice() {
        assert_eq!(alike("states", ["States", "Status", "States"].into_iter()), ["States", "Status"]);
    }

    #[test]
    fn the_best_are_found_without_a_comparison_with_each() {
        let verbs = ["Describe", "Create", "Delete", "Get", "Put", "Run", "describe"];
        let nouns = ["Instance", "Instances", "InstanceStatus", "Vpc", "Vpcs", "Tags", "Tag", "Instances"];
        let names: Vec<String> =
            verbs.iter().flat_map(|verb| nouns.map(|noun| format!("{verb}{noun}"))).collect();
        for name in ["describeInstanzes", "runInstance", "DeleteVpcs", "x", "describe", "CreateTagsTags"] {
            let lower = name.to_ascii_lowercase();
            let rate = |other: &'_ String| strsim::jaro_winkler(&lower, &other.to_ascii_lowercase());
            let mut rated: Vec<(f64, &str)> =
                names.iter().map(|other| (rate(other), other.as_str())).collect();
            rated.retain(|(likeness, _)| *likeness >= MIN_LIKENESS);
            rated.sort_by(by_likeness);
            rated.dedup();
            let expected: Vec<&str> =
                rated.into_iter().map(|(_, other)| other).take(MAX_SUGGESTIONS).collect();
            assert_eq!(alike(name, names.iter().map(String::as_str)), expected, "{name}");
        }
    }

    #[test]
    fn no_name_is_more_like_another_than_its_letters_allow() {
        let names = [
            "a",
            "ab",
            "ba",
            "lambda",
            "lamda",
            "adbmal",
            "describeInstances",
            "DescribeInstanceStatus",
            "putItem",
            "PutItems",
            "getItem",
            "größe",
            "sendMessage",
            "SendMessageBatch",
            "x_1",
            "X-1",
        ];
        for one in names.map(str::to_ascii_lowercase) {
            for other in names {
                let likeness = strsim::jaro_winkler(&one, &other.to_ascii_lowercase());
                let most = Letters::of(&one).likeness_at_most(&one, other);
                assert!(likeness <= most, "{one} {other}: {likeness} > {most}");
            }
        }
        assert!(Letters::of("sns").likeness_at_most("sns", "DescribeInstances") < MIN_LIKENESS);
    }

    #[test]
    fn suggestions() {
        assert_eq!(did_you_mean(&[]), "");
        assert_eq!(did_you_mean(&["a"]), " Did you mean \"a\"?");
        assert_eq!(did_you_mean(&["a", "b", "c"]), " Did you mean \"a\", \"b\" or \"c\"?");
    }
}
