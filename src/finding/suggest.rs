//! Names that a user may have meant.

/// More suggestions than these do not help.
pub const MOST: usize = 3;

/// Names less alike than this are no suggestion.
const ALIKE: f64 = 0.84;

/// Those names that are like one that nobody knows, the likest first. Case does not count.
#[must_use]
pub fn alike<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let name = name.to_ascii_lowercase();
    let mut rated: Vec<_> = known
        .map(|other| (strsim::jaro_winkler(&name, &other.to_ascii_lowercase()), other))
        .filter(|&(likeness, _)| likeness >= ALIKE)
        .collect();
    rated.sort_by(|(one, name), (other, other_name)| other.total_cmp(one).then(name.cmp(other_name)));
    rated.into_iter().map(|(_, other)| other).take(MOST).collect()
}

/// A question behind a message, with a blank before it. Empty if there is nothing to suggest.
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
    fn suggestions() {
        assert_eq!(did_you_mean(&[]), "");
        assert_eq!(did_you_mean(&["a"]), " Did you mean \"a\"?");
        assert_eq!(did_you_mean(&["a", "b", "c"]), " Did you mean \"a\", \"b\" or \"c\"?");
    }
}
