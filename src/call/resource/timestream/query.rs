//! The tables that a query reads. Where a part of it could have another meaning, none of it is certain.

use std::collections::BTreeSet;

use super::super::sql::Token;

/// A table as a statement names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Table<'a> {
    pub(super) database: &'a str,
    pub(super) name: &'a str,
}

/// The table that these parts name, and what follows them. Its database always precedes it, since a query has
/// no default, and both are compared letter by letter, in quotation marks or not.
///
/// Source:
/// <https://docs.aws.amazon.com/timestream/latest/developerguide/supported-sql-constructs.SELECT.html> and
/// <https://docs.aws.amazon.com/timestream/latest/developerguide/sample-queries.devops-scenarios.html>.
pub(super) fn table<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<(Table<'a>, &'t [Token<'a>])> {
    match tokens {
        [_, Token::Symbol('.'), _, Token::Symbol('.'), ..] => None,
        [database, Token::Symbol('.'), name, rest @ ..] => {
            let starts_with_digit = |token: &Token<'_>| matches!(token, Token::Word(word) if word.starts_with(|one: char| one.is_ascii_digit()));
            let is_name = !starts_with_digit(database) && !starts_with_digit(name);
            let table = Table { database: database.name()?, name: name.name()? };
            is_name.then_some((table, rest))
        }
        _ => None,
    }
}

/// Calls in which FROM is between arguments.
const CALLS_WITH_FROM: [&str; 3] = ["extract", "substring", "trim"];

/// What ends a list of tables.
const ENDS: [&str; 7] = ["except", "group", "having", "intersect", "order", "union", "where"];

/// What a query in parentheses begins with.
const QUERIES: [&str; 3] = ["select", "values", "with"];

/// Where a part is in the list of tables of a query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Spot {
    #[default]
    Outside,
    /// Where a table has to be.
    AtTable,
    BehindTable,
}

/// What stands between two parentheses, or in none.
#[derive(Default)]
struct Level<'a> {
    /// What ends it.
    end: char,
    place: Spot,
    /// Whether it has had a SELECT.
    selects: bool,
    /// Whether FROM may be between arguments.
    is_call: bool,
    /// The name of the query that the next parentheses have.
    defines: Option<&'a str>,
    /// The names of queries that take the place of tables.
    defined: Vec<&'a str>,
}

/// All tables that a query reads; `None` if it does not show them for certain.
pub(super) fn tables<'a>(tokens: &[Token<'a>]) -> Option<BTreeSet<Table<'a>>> {
    let mut found = BTreeSet::new();
    let mut levels = vec![Level::default()];
    let mut rest = tokens;
    let mut before = None;
    while let Some((token, behind)) = rest.split_first() {
        let mut behind = behind;
        let level = levels.last_mut()?;
        match *token {
            Token::Symbol(open @ ('(' | '[')) => {
                let is_query = QUERIES.into_iter().any(|word| behind.first().is_some_and(|one| one.is(word)));
                let is_call = |token: Token<'_>| CALLS_WITH_FROM.into_iter().any(|word| token.is(word));
                let inner = Level {
                    end: if open == '(' { ')' } else { ']' },
                    place: if is_query { Spot::Outside } else { level.place.within() },
                    is_call: before.is_some_and(is_call),
                    ..Level::default()
                };
                level.place = level.place.behind();
                levels.push(inner);
            }
            Token::Symbol(end @ (')' | ']')) => {
                let inner = levels.pop().filter(|inner| inner.end == end && inner.place != Spot::AtTable);
                inner?;
                let level = levels.last_mut()?;
                level.defined.extend(level.defines.take());
            }
            Token::Symbol(';') if behind.is_empty() => {}
            _ if level.place == Spot::AtTable => {
                level.place = Spot::BehindTable;
                behind = match table(rest) {
                    Some((table, behind)) => {
                        found.insert(table);
                        behind
                    }
                    None if token.is("unnest") => behind,
                    None => {
                        let name = token.name()?;
                        let mut defined = levels.iter().flat_map(|level| &level.defined);
                        defined.any(|one| one.eq_ignore_ascii_case(name)).then_some(behind)?
                    }
                };
                let is_call = matches!(behind, [Token::Symbol('('), ..]);
                let goes_on = matches!(behind, [Token::Symbol('.'), ..]);
                if goes_on || is_call != token.is("unnest") {
                    return None;
                }
            }
            Token::Symbol(',') => level.place = level.place.at_next(),
            Token::Symbol(one) if !one.is_ascii() || matches!(one, ';' | '&' | '{' | '}') => return None,
            Token::Symbol(_) | Token::Quoted(_) => {}
            Token::Word(_) => behind = level.word(*token, before, behind)?,
        }
        before = Some(*token);
        rest = behind;
    }
    let is_over = matches!(levels.as_slice(), [level] if level.place != Spot::AtTable);
    is_over.then_some(found)
}

impl Spot {
    /// The place in parentheses that stand here.
    fn within(self) -> Spot {
        if self == Spot::AtTable { Spot::AtTable } else { Spot::Outside }
    }

    /// The place behind them.
    fn behind(self) -> Spot {
        if self == Spot::AtTable { Spot::BehindTable } else { self }
    }

    /// The place behind a comma.
    fn at_next(self) -> Spot {
        if self == Spot::BehindTable { Spot::AtTable } else { self }
    }
}

impl<'a> Level<'a> {
    /// What follows a word that is no table; `None` if it may have another meaning here.
    fn word<'t>(
        &mut self,
        word: Token<'a>,
        before: Option<Token<'a>>,
        behind: &'t [Token<'a>],
    ) -> Option<&'t [Token<'a>]> {
        let is_listed = self.place == Spot::BehindTable;
        let is = |text: &str| word.is(text);
        if is("table") || is("recursive") {
            return None;
        }
        if is("select") {
            self.selects = true;
            return (!is_listed).then_some(behind);
        }
        if is("from") {
            // `IS DISTINCT FROM` compares.
            let is_other = is_listed || before.is_some_and(|one| one.is("distinct"));
            if is_other || !self.selects && !self.is_call {
                return None;
            }
            if self.selects {
                self.place = Spot::AtTable;
            }
            return Some(behind);
        }
        if is("join") {
            self.place = Spot::AtTable;
            return is_listed.then_some(behind);
        }
        if is("as") && is_listed {
            let (name, behind) = behind.split_first()?;
            return name.name().map(|_| behind);
        }
        if is("as") && !self.selects && matches!(behind, [Token::Symbol('('), ..]) {
            self.defines = before.and_then(Token::name);
        }
        if is_listed && ENDS.into_iter().any(is) {
            self.place = Spot::Outside;
        }
        // These can be names as well.
        if is_listed && ["fetch", "limit", "offset", "window"].into_iter().any(is) {
            let is_number = |text: &str| text.bytes().all(|one| one.is_ascii_digit());
            let is_limit = matches!(behind, [Token::Word(text), ..] if is_number(text) || text.eq_ignore_ascii_case("all"));
            self.place = Spot::Outside;
            return (is_limit && !is("fetch") && !is("window")).then_some(behind);
        }
        Some(behind)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::sql::{Comments, tokens};
    use super::*;

    fn of(query: &str) -> Option<Vec<String>> {
        let tokens = tokens(query, Comments::Separate)?;
        let found = tables(&tokens)?;
        Some(found.into_iter().map(|table| format!("{}.{}", table.database, table.name)).collect())
    }

    #[test]
    fn each_table_is_found() {
        for (query, found) in [
            ("SELECT 1", &[][..]),
            ("SELECT * FROM meters.water", &["meters.water"]),
            ("select * from \"my-db\".\"a.b\" t where t.x = 'from c.d' limit 5;", &["my-db.a.b"]),
            ("SELECT * FROM a.b, c.d AS limit, e.f g", &["a.b", "c.d", "e.f"]),
            (
                "SELECT * FROM a.b x JOIN c.d y ON x.i = y.i AND (x.j, 1) = (y.j, 1), e.f",
                &["a.b", "c.d", "e.f"],
            ),
            ("SELECT * FROM (a.b CROSS JOIN c.d) LEFT OUTER JOIN e.f USING (i)", &["a.b", "c.d", "e.f"]),
            (
                "SELECT (SELECT max(x) FROM a.b), y FROM c.d WHERE EXISTS (SELECT 1 FROM e.f)",
                &["a.b", "c.d", "e.f"],
            ),
            ("SELECT 1 FROM a.b UNION ALL SELECT 2 FROM c.d ORDER BY 1, 2", &["a.b", "c.d"]),
            ("(SELECT 1 FROM a.b) UNION (SELECT 2 FROM c.d)", &["a.b", "c.d"]),
            ("SELECT 1 FROM ((SELECT x FROM a.b) UNION SELECT y FROM c.d) u, e.f", &["a.b", "c.d", "e.f"]),
            (
                "WITH x AS (SELECT * FROM a.b), y AS (SELECT * FROM X) SELECT * FROM y JOIN c.d ON true",
                &["a.b", "c.d"],
            ),
            ("SELECT extract(hour FROM time), trim(BOTH ' ' FROM n) FROM a.b", &["a.b"]),
            ("SELECT n FROM a.b CROSS JOIN UNNEST(ARRAY[1, 2], f(b)) AS t (n, m), c.d", &["a.b", "c.d"]),
            ("SELECT sum(x) OVER (PARTITION BY y ORDER BY z) FROM a.b GROUP BY x, y", &["a.b"]),
            ("SELECT * FROM (VALUES (1, 2), (3, 4)) t (x, y), a.b", &["a.b"]),
            ("SELECT x -- FROM c.d\n FROM a /* , e.f */ . b", &["a.b"]),
            (
                "SELECT measure_value::double FROM \"sampleDB\".DevOps WHERE time > ago(2h)",
                &["sampleDB.DevOps"],
            ),
        ] {
            let found: Vec<String> = found.iter().map(|one| (*one).to_owned()).collect();
            assert_eq!(of(query), Some(found), "{query}");
        }
    }

    #[test]
    fn what_may_mean_something_else_is_not_certain() {
        for query in [
            "SELECT * FROM water",
            "SELECT * FROM a.b.c",
            "SELECT * FROM a.b(1)",
            "SELECT * FROM a.b limit, c.d",
            "SELECT * FROM a.b offset, c.d",
            "SELECT * FROM a.b WINDOW w AS (ORDER BY x), c.d",
            "SELECT * FROM a.b FETCH FIRST 1 ROWS ONLY",
            "SELECT * FROM a.b JOIN LATERAL (SELECT * FROM c.d) ON true",
            "SELECT * FROM TABLE(f(TABLE(a.b)))",
            "SELECT x IS DISTINCT FROM y FROM a.b",
            "SELECT f(x FROM y) FROM a.b",
            "SELECT * FROM a.b; SELECT * FROM c.d",
            "SELECT * FROM (WITH x AS (SELECT 1) SELECT * FROM x), x",
            "WITH x AS (SELECT * FROM x) SELECT 1",
            "WITH x (y) AS (SELECT * FROM a.b) SELECT * FROM x",
            "WITH RECURSIVE x AS (SELECT 1) SELECT * FROM x",
            "SELECT * FROM a.b UNION TABLE c.d",
            "SELECT * FROM a.b,",
            "SELECT * FROM a.b JOIN",
            "SELECT * FROM (a.b",
            "SELECT * FROM (a.b]",
            "SELECT * FROM a.b)",
            "SELECT * FROM 1.2",
            "SELECT * FROM \"a\"\"b\".c",
            "SELECT * FROM U&\"a\".b",
            "SELECT * FROM \u{430}.b",
            "SELECT * FROM a.\"b\u{200b}\"",
            "SELECT * FROM \"a*\".b",
            "SELECT * /* /* */ FROM a.b",
            "SELECT 1 -- a\r FROM a.b",
            "SELECT 1 JOIN a.b",
            "SELECT * FROM a.b SELECT 1 FROM c.d",
            "SELECT * FROM a.b FROM c.d",
            "SELECT * FROM ()",
            "SELECT 'a FROM a.b",
            "SELECT \"a FROM a.b",
            "SELECT `a` FROM a.b",
        ] {
            assert_eq!(of(query), None, "{query}");
        }
    }
}
