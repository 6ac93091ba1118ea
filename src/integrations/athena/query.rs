//! What a query needs according to its text. In doubt, it needs more.

use std::cell::LazyCell;

use crate::call::Call;
use crate::iam::{Pattern, Unresolved, WildcardReason};

/// Whether the query may write: unless it certainly begins with a verb that only reads.
pub(super) fn writes(call: &Call<'_, '_>) -> bool {
    call.required(QUERY).iter().any(|query| {
        let begun = query.beginning();
        match words(begun).as_slice() {
            // A lone word may continue in the wildcard after it.
            [Word::Name(_)] if query.known().is_none() && !begun.ends_with(char::is_whitespace) => true,
            [Word::Name(verb), ..] => !READS.contains(&verb.as_str()),
            _ => true,
        }
    })
}

/// An unknown text if the query may name another database than the task does. What the task names is looked
/// at only where the query has names with dots.
pub(super) fn elsewhere(call: &Call<'_, '_>) -> Option<Pattern> {
    let catalog = LazyCell::new(|| name(call, CATALOG));
    let database = LazyCell::new(|| name(call, DATABASE));
    open(call, "a query that may name other databases", |chain| match chain {
        [first, second, _, ..] if Some(first) == catalog.as_ref() => Some(second) == database.as_ref(),
        [first, _, ..] => Some(first) == database.as_ref(),
        _ => true,
    })
}

/// An unknown text if the query may name another data catalog than the task does.
pub(super) fn elsewhere_catalog(call: &Call<'_, '_>) -> Option<Pattern> {
    let catalog = LazyCell::new(|| name(call, CATALOG));
    open(call, "a query that may name other data catalogs", |chain| match chain {
        [first, _, _, ..] => Some(first) == catalog.as_ref(),
        _ => true,
    })
}

/// The catalog of the task, and the one without it.
pub(super) const CATALOG: &str = "QueryExecutionContext.Catalog|AwsDataCatalog";
/// The database of the task, and the one without it.
pub(super) const DATABASE: &str = "QueryExecutionContext.Database|default";
const QUERY: &str = "QueryString";

const READS: &[&str] = &["desc", "describe", "select", "show", "values", "with"];

/// Statements in which a database or a catalog is not followed by a dot, or which run the text of another.
const OPEN: &[&str] =
    &["catalog", "catalogs", "database", "databases", "execute", "schema", "schemas", "show"];

/// The only value of a parameter, in lower case, as Athena compares names. `None` if it is open.
fn name(call: &Call<'_, '_>, parameter: &str) -> Option<String> {
    match call.required(parameter).as_slice() {
        [name] => name.written(false).map(|name| name.to_lowercase()),
        _ => None,
    }
}

/// The query as an unknown text, unless all of it is known and every name in it with dots is one of those
/// `inside`.
fn open(call: &Call<'_, '_>, what: &'static str, inside: impl Fn(&[String]) -> bool) -> Option<Pattern> {
    for query in call.required(QUERY) {
        let Some(known) = query.known() else {
            return query.reasons().next().map(|why| Pattern::anything(why.clone()));
        };
        let words = words(known);
        // With escapes, text might be mistaken for a string.
        let open = known.contains('\\')
            || words.iter().any(|word| matches!(word, Word::Name(name) if OPEN.contains(&name.as_str())));
        if open || !chains(&words).iter().all(|chain| inside(chain)) {
            let why = WildcardReason::Run { parameter: QUERY.to_owned(), cause: Unresolved::Undecided(what) };
            return Some(Pattern::anything(why));
        }
    }
    None
}

/// A word of a query.
#[derive(Debug, PartialEq)]
enum Word {
    /// A name or a keyword, in lower case; quoted or not.
    Name(String),
    /// A dot.
    Dot,
    /// Anything else but blanks and comments.
    Other,
}

/// Names that dots join: `database.table`, but also `table.column`, because this is not a full parser.
fn chains(words: &[Word]) -> Vec<Vec<String>> {
    let mut chains: Vec<Vec<String>> = Vec::new();
    let mut joined = false;
    for word in words {
        match word {
            Word::Name(name) => {
                match chains.last_mut() {
                    Some(chain) if joined => chain.push(name.clone()),
                    _ => chains.push(vec![name.clone()]),
                }
                joined = false;
            }
            Word::Dot => joined = true,
            Word::Other => {
                chains.push(Vec::new());
                joined = false;
            }
        }
    }
    chains
}

fn words(query: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = query.trim_start();
    while let Some(first) = rest.chars().next() {
        let joined = words.last() == Some(&Word::Dot);
        let (word, after) = match number(rest) {
            Some(after) if !joined => (Some(Word::Other), after),
            _ => word(rest, first),
        };
        words.extend(word);
        rest = after.trim_start();
    }
    words
}

/// The first word of a text, skipping comments, and what follows.
fn word(text: &str, first: char) -> (Option<Word>, &str) {
    match first {
        '-' if text.starts_with("--") => (None, text.split_once('\n').map_or("", |(_, after)| after)),
        '/' if text.starts_with("/*") => (None, text.split_once("*/").map_or("", |(_, after)| after)),
        '\'' | '"' | '`' => {
            let (inside, after) = quoted(text, first);
            let word = if first == '\'' { Word::Other } else { Word::Name(inside.to_lowercase()) };
            (Some(word), after)
        }
        '.' => (Some(Word::Dot), text.strip_prefix('.').unwrap_or_default()),
        _ if part_of_name(first) => {
            let end = text.find(|character| !part_of_name(character)).unwrap_or(text.len());
            let (name, after) = text.split_at(end);
            (Some(Word::Name(name.to_lowercase())), after)
        }
        other => (Some(Word::Other), text.strip_prefix(other).unwrap_or_default()),
    }
}

/// What follows a number, if the text begins with one.
fn number(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|character: char| character.is_ascii_digit() || character == '.');
    let begins = text.starts_with(|character: char| character.is_ascii_digit());
    (begins && !rest.starts_with(part_of_name)).then_some(rest)
}

/// The text in quotes, and what follows. A doubled quote is an escaped quote; here it begins a new word.
/// Database names contain none.
fn quoted(text: &str, quote: char) -> (&str, &str) {
    let inside = text.strip_prefix(quote).unwrap_or(text);
    inside.split_once(quote).unwrap_or((inside, ""))
}

fn part_of_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$' | '@')
}

#[cfg(test)]
mod tests {
    use super::{Call, QUERY, Word, elsewhere, elsewhere_catalog, words, writes};
    use crate::call::testing::made;
    use crate::iam::Pattern;

    /// Whether something holds for a query, in which each `*` is a hole.
    fn holds(query: &'static str, what: impl Fn(&Call<'_, '_>) -> bool) -> bool {
        let result = |call: &Call<'_, '_>| if what(call) { vec![Pattern::default()] } else { Vec::new() };
        !made(&[(QUERY, query)], result).is_empty()
    }

    #[test]
    fn only_verbs_that_read_do_not_write() {
        for query in [
            "SELECT 1",
            "  select a from t",
            "-- x\nWITH a AS (SELECT 1) SELECT b FROM a",
            "SHOW TABLES",
            "describe t",
            "SELECT a FROM t WHERE d = '*'",
            "SELECT * FROM t",
            "SELECT 'CREATE'",
        ] {
            assert!(!holds(query, writes), "{query}");
        }
        for query in [
            "INSERT INTO t SELECT 1",
            "CREATE TABLE t AS SELECT 1",
            "ALTER TABLE t",
            "DROP TABLE t",
            "MSCK REPAIR TABLE t",
            "UNLOAD (SELECT 1) TO 's3://b/p'",
            "EXECUTE q",
            "EXPLAIN ANALYZE INSERT INTO t SELECT 1",
            "(SELECT 1)",
            "*",
            "SELECT*",
            "*SELECT 1",
            "-- *\nSELECT 1",
            "",
        ] {
            assert!(holds(query, writes), "{query}");
        }
    }

    #[test]
    fn names_with_dots_may_be_of_other_databases() {
        for query in [
            "SELECT a FROM t",
            "SELECT a FROM default.t",
            "SELECT a FROM \"default\".\"t\"",
            "SELECT 'a.b' FROM t",
            "SELECT a FROM AwsDataCatalog.default.t",
            "SELECT 1 -- a.b",
            "SELECT a FROM t WHERE price > 1.5",
            "CREATE TABLE t AS SELECT 1",
        ] {
            assert!(!holds(query, |call| elsewhere(call).is_some()), "{query}");
        }
        for query in [
            "SELECT a FROM sales.t",
            "SELECT a FROM `sales` . `t`",
            "SELECT a FROM other.default.t",
            "SHOW TABLES IN sales",
            "CREATE DATABASE sales",
            "DROP SCHEMA sales",
            "EXECUTE q",
            "SELECT a FROM t WHERE d = '*'",
            "*",
            "SELECT 'it''s', b FROM sales.t",
            "SELECT '\\' FROM sales.t",
        ] {
            assert!(holds(query, |call| elsewhere(call).is_some()), "{query}");
        }
    }

    #[test]
    fn three_names_with_dots_may_be_of_another_catalog() {
        for query in ["SELECT a FROM sales.t", "SELECT a FROM awsdatacatalog.sales.t"] {
            assert!(!holds(query, |call| elsewhere_catalog(call).is_some()), "{query}");
        }
        for query in ["SELECT a FROM other.sales.t", "SHOW DATABASES", "*"] {
            assert!(holds(query, |call| elsewhere_catalog(call).is_some()), "{query}");
        }
    }

    #[test]
    fn comments_strings_and_numbers_are_no_names() {
        let name = |name: &str| Word::Name(name.to_owned());
        let expected = [
            name("select"),
            Word::Other,
            Word::Other,
            Word::Other,
            Word::Other,
            name("a"),
            Word::Dot,
            name("1b"),
        ];
        assert_eq!(words("SELECT /* x.y */ *, 1.5 'c.d' -- e\n A.1B"), expected);
        assert_eq!(words("/* never closed"), []);
    }
}
