//! Tables of Amazon DynamoDB, by the PartiQL statements that read and write them.

use super::sql::{Comments, Token, is_of_word, tokens};
use crate::call::Call;
use crate::iam::{Pattern, Unresolved, WildcardReason};

/// What a statement begins with.
pub(crate) const VERBS: [&str; 4] = [SELECT, "insert", "update", "delete"];

/// The verb of a statement that reads.
const SELECT: &str = "select";

/// What a comment begins with.
const COMMENTS: [&str; 2] = ["--", "/*"];

/// The statement that asks whether another, which reads, finds something.
const EXISTS: &str = "exists";

/// The verb of a statement; `None` while it is not certain. A question about existence reads. With what is no
/// statement nothing is certain.
///
/// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html> and
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-functions.exists.html>.
pub(crate) fn verb(begun: &str, is_whole: bool) -> Option<&'static str> {
    let begun = begun.trim_start();
    let end = begun.find(|one| !is_of_word(one)).unwrap_or(begun.len());
    let word = begun.get(..end).filter(|word| is_whole || word.len() < begun.len())?;
    let is = |verb: &&str| word.eq_ignore_ascii_case(verb);
    if is(&EXISTS) { Some(SELECT) } else { VERBS.into_iter().find(is) }
}

/// Whether a text can be a statement: it begins with a verb or a comment, and what stands for its table can
/// be the name of one.
pub(crate) fn is_statement(text: &str) -> bool {
    let Some(verb) = verb(text, true) else {
        return COMMENTS.iter().any(|one| text.trim_start().starts_with(one));
    };
    let tokens = tokens(text, Comments::Undecided).unwrap_or_default();
    let tokens = within(&tokens);
    let named = place(tokens, verb).and_then(|at| tokens.get(at..)).unwrap_or_default();
    let behind = match named {
        [_, Token::Symbol('.'), _, behind @ ..] | [_, behind @ ..] => behind.first(),
        [] => None,
    };
    named.first().is_none_or(|token| may_be_name(*token)) && behind.is_none_or(|token| !is_strange(*token))
}

/// The table of a statement with this verb, and the index in it; every table where the statement does not
/// show it for certain. Empty for a statement of another kind.
///
/// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html>.
pub(crate) fn tables(call: &Call<'_, '_>, statement: &Pattern, verb: &str) -> Vec<Pattern> {
    const TABLE: &str = "arn:{partition}:dynamodb:{region}:{account}:table/{}";
    let known = statement.written(false);
    let begun = known.as_deref().unwrap_or(statement.beginning());
    let is_of_another = self::verb(begun, known.is_some()).is_some_and(|own| own != verb);
    if is_of_another || begun.is_empty() || statement.is_arn() {
        return Vec::new();
    }
    let tokens = known.as_deref().and_then(|text| tokens(text, Comments::Undecided)).unwrap_or_default();
    let Some((table, index)) = named(within(&tokens), verb) else { return vec![any(call)] };
    let arn = |name: String| call.arn(TABLE, Some(&Pattern::literal(name)), "");
    let of_index = index.map(|index| arn(format!("{table}/index/{index}")));
    [Some(arn(table.to_owned())), of_index].into_iter().flatten().collect()
}

/// Every table of the account in the Region.
fn any(call: &Call<'_, '_>) -> Pattern {
    let cause = Unresolved::Undecided("the table of a statement that does not show it for certain");
    let why = WildcardReason::Run { parameter: "Statement".to_owned(), cause };
    call.stand_in("arn:{partition}:dynamodb:{region}:{account}:table/*", &why)
}

/// Whether a part can stand for a table. ARNs are not looked into.
fn may_be_name(token: Token<'_>) -> bool {
    match token {
        Token::Word(_) => true,
        Token::Quoted(text) => text.starts_with("arn:") || text.contains("${") || token.name().is_some(),
        Token::Symbol(_) => !is_strange(token),
    }
}

/// Whether a part can neither be a table nor follow one.
fn is_strange(token: Token<'_>) -> bool {
    matches!(token, Token::Symbol(one) if !one.is_ascii() || matches!(one, '*' | '?'))
}

/// The statement in a question about existence; any other as it is.
fn within<'t, 'a>(tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    match tokens {
        [first, Token::Symbol('('), rest @ ..] if first.is(EXISTS) => rest,
        all => all,
    }
}

/// Where a statement has its table.
fn place(tokens: &[Token<'_>], verb: &str) -> Option<usize> {
    let only = |word: &str| {
        let mut places = (1..tokens.len()).filter(|at| tokens.get(*at).is_some_and(|one| one.is(word)));
        places.next().filter(|_| places.next().is_none())
    };
    match verb {
        SELECT => Some(only("from")? + 1),
        "insert" => Some(only("into").filter(|at| *at == 1)? + 1),
        "delete" => Some(only("from").filter(|at| *at == 1)? + 1),
        _ => Some(1),
    }
}

/// The one table that a statement names, and its index.
fn named<'a>(tokens: &[Token<'a>], verb: &str) -> Option<(&'a str, Option<&'a str>)> {
    let has = |word: &str| tokens.iter().skip(1).any(|one| one.is(word));
    // A statement in a statement has a table of its own.
    if VERBS.into_iter().any(has) || verb != SELECT && verb != "delete" && has("from") {
        return None;
    }
    let at = place(tokens, verb)?;
    let table = tokens.get(at)?.name()?;
    let (index, behind) = match tokens.get(at + 1) {
        Some(Token::Symbol('.')) => (Some(tokens.get(at + 2)?.name()?), at + 3),
        _ => (None, at + 1),
    };
    let is_over = matches!(tokens.get(behind), None | Some(Token::Word(_) | Token::Symbol(';' | ')')));
    is_over.then_some((table, index))
}

#[cfg(test)]
mod tests {
    use super::{Pattern, VERBS, is_statement, tables};
    use crate::call::testing::{made, text};

    const PLACE: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/";

    fn of(statement: &str) -> Vec<(&'static str, Vec<String>)> {
        read(&Pattern::literal(statement))
    }

    fn read(statement: &Pattern) -> Vec<(&'static str, Vec<String>)> {
        let all = VERBS.into_iter().map(|verb| (verb, made(&[], |call| tables(call, statement, verb))));
        all.filter(|(_, arns)| !arns.is_empty()).collect()
    }

    #[test]
    fn statements_show_their_tables() {
        for (statement, verb, names) in [
            ("SELECT * FROM \"orders\" WHERE id = 'from \"x\"'", "select", &["orders"][..]),
            ("select a, b from orders", "select", &["orders"]),
            (
                "SELECT * FROM \"or-ders\".\"by.day\" WHERE day = ?",
                "select",
                &["or-ders", "or-ders/index/by.day"],
            ),
            ("INSERT INTO orders VALUE {'id': 'it''s', 'n': 1}", "insert", &["orders"]),
            (" update \"orders\" SET n = 2 WHERE id = ? RETURNING ALL OLD *", "update", &["orders"]),
            ("DELETE FROM orders WHERE id = 'select';", "delete", &["orders"]),
            ("EXISTS(SELECT * FROM orders WHERE id = 1)", "select", &["orders"]),
            ("SELECT * FROM orders WHERE name = '\u{65e5}\u{672c}'", "select", &["orders"]),
        ] {
            let arns: Vec<String> = names.iter().map(|name| format!("{PLACE}{name}")).collect();
            assert_eq!(of(statement), [(verb, arns)], "{statement}");
        }
    }

    #[test]
    fn what_is_not_certain_is_every_table() {
        for statement in [
            "SELECT * FROM \"arn:aws:dynamodb:eu-west-1:1:table/t\"",
            "SELECT * FROM a, b",
            "SELECT * FROM or-ders",
            "SELECT x FROM a WHERE EXISTS (SELECT y FROM b)",
            "SELECT * -- from a\nFROM b",
            "SELECT * /* from a */ FROM b",
            "SELECT * FROM \"a\"\"b\"",
            "SELECT * FROM \"a",
            "SELECT 1",
            "INSERT orders",
            "UPDATE 'orders' SET a = 1",
            "DELETE x FROM orders",
        ] {
            let found = of(statement);
            let is_any = found.iter().any(|(_, arns)| *arns == [format!("{PLACE}*")]);
            let is_other = found.iter().any(|(_, arns)| *arns != [format!("{PLACE}*")]);
            assert!(is_any && !is_other, "{statement}: {found:?}");
        }
        assert_eq!(of("-- all\nSELECT * FROM a").len(), 4);
        assert_eq!(read(&text("SEL*")).len(), 4);
        assert_eq!(
            read(&text("SELECT id FROM orders WHERE id = *")),
            [("select", vec![format!("{PLACE}*")])]
        );
        assert_eq!(read(&text("*")).len(), 0);
    }

    #[test]
    fn what_is_no_statement() {
        for text in [
            "",
            " ",
            "zz-name",
            "zz:a:b",
            "https://zz.example.com/select",
            "S\u{415}LECT * FROM a",
            "SELECT * FROM \"\u{43e}rders\"",
            "SELECT * FROM \u{43e}rders",
            "SELECT * FROM *",
            "SELECT * FROM \"a\"*",
            "SELECT * FROM a.\"b\"\u{200b}",
            "UPDATE \"a*\" SET b = 1",
            "EXISTS(SELECT * FROM \"a?\")",
            "selected",
        ] {
            assert!(!is_statement(text), "{text}");
        }
        for text in
            ["SELECT * FROM a WHERE b = '\u{65e5}'", "-- all\nSELECT * FROM a", "select 1", "INSERT x"]
        {
            assert!(is_statement(text), "{text}");
        }
    }
}
