//! Statements of Amazon Timestream for LiveAnalytics, which say what a query reads.

mod query;

use std::collections::BTreeSet;

use query::{Table, table};

use super::sql::{Comments, Token, behind_comment, is_of_word, tokens};
use crate::call::Call;
use crate::iam::{Pattern, Unresolved, WildcardReason};

/// What a statement begins with.
///
/// Source: <https://docs.aws.amazon.com/timestream/latest/developerguide/supported-sql-constructs.html> and
/// <https://docs.aws.amazon.com/timestream/latest/developerguide/export-unload.html>.
const BEGINNINGS: [&str; 5] = ["describe", "select", "show", "unload", "with"];

/// Whether a statement begins with these words, which have hyphens between them; `None` while it is not
/// certain. Of a text that begins with no word of a statement nothing is certain.
pub(crate) fn begins_with(begun: &str, is_whole: bool, words: &str) -> Option<bool> {
    let mut rest = begun;
    for (index, wanted) in words.split('-').enumerate() {
        rest = behind_comments(rest)?;
        let end = rest.find(|one: char| !is_of_word(one)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at_checked(end)?;
        // More of the word may follow.
        if !is_whole && behind.is_empty() {
            return None;
        }
        if !word.eq_ignore_ascii_case(wanted) {
            let is_known =
                index > 0 && !word.is_empty() || BEGINNINGS.iter().any(|one| word.eq_ignore_ascii_case(one));
            return is_known.then_some(false);
        }
        rest = behind;
    }
    Some(true)
}

/// What follows blanks, comments and opening parentheses; `None` if it is not certain where a comment ends.
fn behind_comments(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|one: char| one.is_whitespace() || one == '(');
        match behind_comment(rest) {
            None => return Some(rest),
            Some(behind) => rest = behind?,
        }
    }
}

/// The tables that a statement names; every table where it does not show all of them for certain. Empty if
/// nothing is known of it.
pub(crate) fn tables(call: &Call<'_, '_>, statement: &Pattern) -> Vec<Pattern> {
    const OPEN: Unresolved =
        Unresolved::Undecided("the table of a statement that does not show it for certain");
    const EVERY: &str = "arn:{partition}:timestream:{region}:{account}:database/*/table/*";
    let names = |tokens: &[Token<'_>]| {
        let names = |table: Table<'_>| format!("{}/table/{}", table.database, table.name);
        let tables = tables_of(tokens).filter(|tables| !tables.is_empty())?;
        Some(tables.into_iter().map(|table| below_database(call, names(table))).collect())
    };
    named(statement, names, || call.stand_in(EVERY, &of_query(OPEN)))
}

/// The database whose tables a statement lists; every database where it lists all or does not show one for
/// certain. Empty if nothing is known of it.
pub(crate) fn databases(call: &Call<'_, '_>, statement: &Pattern) -> Vec<Pattern> {
    const OPEN: Unresolved =
        Unresolved::Undecided("the database of a statement that does not show it for certain");
    const ALL: WildcardReason = WildcardReason::Aws("the statement lists the tables of every database");
    const EVERY: &str = "arn:{partition}:timestream:{region}:{account}:database/*";
    let names = |tokens: &[Token<'_>]| {
        let [show, tables, rest @ ..] = tokens else { return None };
        if !show.is("show") || !tables.is("tables") {
            return None;
        }
        match rest {
            rest if is_end_of_list(rest) => Some(vec![call.stand_in(EVERY, &ALL)]),
            [from, database, rest @ ..] if from.is("from") && is_end_of_list(rest) => {
                Some(vec![below_database(call, database.name()?.to_owned())])
            }
            _ => None,
        }
    };
    named(statement, names, || call.stand_in(EVERY, &of_query(OPEN)))
}

/// What a statement names, or everything if it does not show that for certain.
fn named(
    statement: &Pattern,
    names: impl Fn(&[Token<'_>]) -> Option<Vec<Pattern>>,
    every: impl Fn() -> Pattern,
) -> Vec<Pattern> {
    let known = statement.written(false);
    if known.as_deref().unwrap_or(statement.beginning()).is_empty() {
        return Vec::new();
    }
    // What a token stands for is not known yet, and a backslash may escape a quotation mark.
    let known = known.filter(|text| !text.contains("${") && !text.contains('\\'));
    let tokens = known.as_deref().and_then(|text| tokens(text, Comments::Separate));
    tokens.and_then(|tokens| names(&tokens)).unwrap_or_else(|| vec![every()])
}

fn below_database(call: &Call<'_, '_>, name: String) -> Pattern {
    const DATABASE: &str = "arn:{partition}:timestream:{region}:{account}:database/{}";
    call.arn(DATABASE, Some(&Pattern::literal(name)), "")
}

/// Why a wildcard is in the place of what a statement names.
fn of_query(cause: Unresolved) -> WildcardReason {
    WildcardReason::Run { parameter: "QueryString".to_owned(), cause }
}

/// Whether a text can be a statement: it begins with a word, whatever comments and parentheses precede it.
pub(crate) fn is_statement(text: &str) -> bool {
    behind_comments(text).is_none_or(|text| {
        let (word, behind) = text.split_at(text.find(|one| !is_of_word(one)).unwrap_or(text.len()));
        // An ARN and a URL begin with a word and a colon.
        !word.is_empty() && !behind.starts_with(':')
    })
}

/// Whether nothing follows but a pattern of names.
fn is_end_of_list(tokens: &[Token<'_>]) -> bool {
    match tokens {
        [like, Token::Symbol('\''), rest @ ..] if like.is("like") => is_end(rest),
        rest => is_end(rest),
    }
}

fn is_end(tokens: &[Token<'_>]) -> bool {
    matches!(tokens, [] | [Token::Symbol(';')])
}

/// All tables that a statement reads, describes or exports, in ascending order; `None` if it does not show
/// them for certain.
///
/// Source: <https://docs.aws.amazon.com/timestream/latest/developerguide/supported-sql-constructs.html>.
fn tables_of<'a>(tokens: &[Token<'a>]) -> Option<BTreeSet<Table<'a>>> {
    let only = |tokens: &[Token<'a>], is_end: fn(&[Token<'_>]) -> bool| {
        let (table, rest) = table(tokens)?;
        is_end(rest).then(|| BTreeSet::from([table]))
    };
    match tokens {
        [describe, rest @ ..] if describe.is("describe") => only(rest, is_end),
        [show, measures, from, rest @ ..]
            if show.is("show") && measures.is("measures") && from.is("from") =>
        {
            only(rest, is_end_of_list)
        }
        [unload, Token::Symbol('('), rest @ ..] if unload.is("unload") => {
            let (query, rest) = parenthesized(rest)?;
            let options = match rest {
                [to, Token::Symbol('\''), rest @ ..] if to.is("to") => rest,
                _ => return None,
            };
            let is_over = match options {
                [with, Token::Symbol('('), rest @ ..] if with.is("with") => is_end(parenthesized(rest)?.1),
                rest => is_end(rest),
            };
            if is_over { query::tables(query) } else { None }
        }
        [first, ..] if first.is("select") || first.is("with") || *first == Token::Symbol('(') => {
            query::tables(tokens)
        }
        _ => None,
    }
}

/// What parentheses that are open have in them, and what follows them.
fn parenthesized<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<(&'t [Token<'a>], &'t [Token<'a>])> {
    let mut open = 1_usize;
    let end = tokens.iter().position(|token| {
        match token {
            Token::Symbol('(') => open += 1,
            Token::Symbol(')') => open -= 1,
            _ => {}
        }
        open == 0
    })?;
    Some((tokens.get(..end)?, tokens.get(end + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::{Pattern, begins_with, databases, is_statement, tables};
    use crate::call::testing::{made, text};

    const PLACE: &str = "arn:aws:timestream:eu-west-1:111122223333:database/";

    #[test]
    fn statements_name_tables_and_databases() {
        for (statement, names) in [
            ("SELECT * FROM a.b JOIN \"c\".\"d\" ON true", &["a/table/b", "c/table/d"][..]),
            ("DESCRIBE meters.\"water.1\"", &["meters/table/water.1"]),
            ("show measures from a.b like '%x';", &["a/table/b"]),
            (
                "UNLOAD (SELECT * FROM a.b) TO 's3://b/k' WITH (format = 'CSV', compression='NONE')",
                &["a/table/b"],
            ),
            ("-- c.d\nUNLOAD(WITH x AS (SELECT 1 FROM a.b) SELECT * FROM x) TO 's3://b/k'", &["a/table/b"]),
            ("UNLOAD (SELECT * FROM a.b) TO x", &["*/table/*"]),
            ("UNLOAD (SELECT * FROM a.b) TO 's3://b/k' SELECT 1 FROM c.d", &["*/table/*"]),
            ("DESCRIBE a", &["*/table/*"]),
            ("DESCRIBE a.b c.d", &["*/table/*"]),
            ("SHOW TABLES FROM a", &["*/table/*"]),
            ("SELECT 1", &["*/table/*"]),
            ("SELECT * FROM a.b WHERE c = '\\' AND d IN (SELECT 'x' FROM e.f)", &["*/table/*"]),
            ("SELECT * FROM a.b WHERE c = '${T}'", &["*/table/*"]),
            ("arn:aws:timestream:eu-west-1:111122223333:database/a/table/b", &["*/table/*"]),
            ("", &[]),
        ] {
            let found = made(&[], |call| tables(call, &Pattern::literal(statement)));
            assert_eq!(
                found,
                names.iter().map(|name| format!("{PLACE}{name}")).collect::<Vec<_>>(),
                "{statement}"
            );
        }
        for (statement, name) in [
            ("SHOW TABLES FROM \"my-db\"", "my-db"),
            ("SHOW TABLES FROM a LIKE '%b';", "a"),
            ("SHOW TABLES", "*"),
            ("SHOW TABLES FROM a.b", "*"),
            ("SHOW TABLES LIKE 'a';", "*"),
            ("SHOW TABLES FROM a, b", "*"),
        ] {
            let found = made(&[], |call| databases(call, &Pattern::literal(statement)));
            assert_eq!(found, [format!("{PLACE}{name}")], "{statement}");
        }
        assert_eq!(
            made(&[], |call| tables(call, &text("SELECT * FROM a.b WHERE c = '*'"))),
            [format!("{PLACE}*/table/*")]
        );
        assert_eq!(made(&[], |call| tables(call, &text("*"))).len(), 0);
    }

    #[test]
    fn what_is_no_statement() {
        for text in [
            "",
            " ",
            "*",
            "arn:aws:sns:eu-west-1:1:a",
            "https://example.com",
            "\u{455}elect 1",
            "(( 'a'",
            "-- a\n;",
        ] {
            assert!(!is_statement(text), "{text}");
        }
        for text in ["select 1", "/* a */ ((SELECT 1))", "VALUES 1", "/* never closed"] {
            assert!(is_statement(text), "{text}");
        }
    }

    #[test]
    fn words_of_the_statement_count_and_no_others() {
        for (text, words, begins) in [
            ("SHOW TABLES FROM \"a\"", "show-tables", true),
            ("show\n /* the */ databases", "show-databases", true),
            ("-- all\n  SHOW MEASURES FROM a.b", "show-measures", true),
            ("SHOW TABLES", "show-databases", false),
            ("SHOW TABLES", "show", true),
            ("DESCRIBE a.b", "describe", true),
            ("SELECT show, describe FROM a.b", "show", false),
            ("SELECT * FROM a.b WHERE c = 'describe'", "describe", false),
            ("/* show tables */ (SELECT 1)", "show-tables", false),
            ("WITH shown AS (SELECT 1) SELECT * FROM shown", "show", false),
            ("UNLOAD(SELECT * FROM a.b) TO 's3://b/k'", "unload", true),
            ("describe", "describe", true),
            ("SHOW", "describe", false),
        ] {
            assert_eq!(begins_with(text, true, words), Some(begins), "{text}");
        }
    }

    #[test]
    fn what_is_no_statement_or_not_whole_is_not_certain() {
        for text in ["", "tables", "/* show tables", "-- show", "\u{455}how tables", "SHOW", "'show tables'"]
        {
            assert_eq!(begins_with(text, true, "show-tables"), None, "{text}");
        }
        for (begun, words, begins) in [
            ("", "show", None),
            ("SHOW", "show", None),
            ("SHOW ", "show", Some(true)),
            ("SHOW ", "show-tables", None),
            ("SHOW TAB", "show-tables", None),
            ("SHOW TABLES FROM ", "show-tables", Some(true)),
            ("SELECT * FROM ", "show", Some(false)),
            ("SELECT * FROM ", "describe", Some(false)),
        ] {
            assert_eq!(begins_with(begun, false, words), begins, "{begun}");
        }
    }
}
