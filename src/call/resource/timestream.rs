//! Statements of Amazon Timestream for LiveAnalytics, which say what a query reads.

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

fn is_of_word(one: char) -> bool {
    one.is_ascii_alphanumeric() || one == '_'
}

/// What follows blanks, comments and opening parentheses; `None` if a comment has no end.
fn behind_comments(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|one: char| one.is_whitespace() || one == '(');
        rest = match (rest.strip_prefix("--"), rest.strip_prefix("/*")) {
            (Some(comment), _) => comment.split_once('\n')?.1,
            (_, Some(comment)) => comment.split_once("*/")?.1,
            _ => return Some(rest),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::begins_with;

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
