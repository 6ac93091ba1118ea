//! Texts that are not expressions, and expressions that nobody should write.

use super::check;
use super::value;

#[test]
fn syntax_errors_have_their_place() {
    for (expression, position, message) in [
        ("", 1, "The expression ends too early."),
        ("  ", 3, "The expression ends too early."),
        ("'a' &", 6, "The expression ends too early."),
        ("'a", 1, "The string is not closed."),
        ("`a", 1, "The name is not closed by a backtick."),
        ("1 /* é", 3, "The comment is not closed."),
        ("'é' & (1", 9, "The expression ends where \")\" is expected."),
        ("[1, 2", 6, "The expression ends where \"]\" is expected."),
        ("{'a' 1}", 6, "Expected \":\"."),
        ("1 2", 3, "Unexpected \"2\"."),
        ("$a ! $b", 4, "Unexpected \"!\"."),
        ("a ~ b", 3, "\"~\" is not an operator."),
        ("(1; 2))", 7, "Unexpected \")\"."),
        ("1 := 2", 1, "Expected a variable, such as \"$name\", before \":=\"."),
        ("$a[1] := 2", 1, "Expected a variable, such as \"$name\", before \":=\"."),
        ("$.7", 3, "A literal cannot be a step of a path."),
        ("a{'b': 1}[0]", 10, "A predicate cannot follow a grouping expression."),
        ("a{'b': 1}{'c': 2}", 10, "A step can have one grouping expression only."),
        ("function($a, b){1}", 14, "A parameter must be a variable, such as \"$name\"."),
        ("a@b", 3, "Expected a variable, such as \"$name\"."),
        (r"'\q'", 2, "Unknown escape sequence in a string."),
        (r"'\u12'", 2, "\"\\u\" needs four hexadecimal digits."),
        ("1e999", 1, "The number is out of range."),
        ("$match('a', /a)", 13, "The regular expression is not closed."),
    ] {
        let error = check(expression).unwrap_err();
        assert_eq!((error.position, error.wrong.to_string().as_str()), (position, message), "{expression}");
        assert_eq!(value(expression), "*", "{expression}");
    }
}

#[test]
fn hostile_input_comes_to_an_end() {
    let nested = |open: &str, close: &str| format!("{}1{}", open.repeat(50_000), close.repeat(50_000));
    for expression in [
        nested("(", ")"),
        nested("[", "]"),
        nested("{'a':", "}"),
        nested("-", ""),
        nested("$string(", ")"),
        nested("1+", ""),
        nested("a.", ""),
        nested("'a'&", ""),
        nested("a[", "]"),
        nested("true?", ":1"),
        nested("function(){", "}"),
        format!("1{}", "+1".repeat(50_000)),
        format!("1{}", "[0]".repeat(50_000)),
        format!("$f{}", "()".repeat(50_000)),
        format!("$f{}", "~>$g".repeat(50_000)),
        "($f := function($x){$f($x)}; $f(1))".to_owned(),
        "($f := function($x){$f($x) & 'a'}; $f(1))".to_owned(),
        "$reduce([1..999], function($a, $v){$a & $a}, 'aaaaaaaa')".to_owned(),
        "$reduce([1..999], function($a, $v){[$a, $a]}, ['a'])".to_owned(),
        "$reduce([1..999], function($a, $v){[[$a], [$a]]}, ['a'])".to_owned(),
        "$reduce([1..999], function($a, $v){[[$a]]}, ['a'])".to_owned(),
        "$reduce([1..999], function($a, $v){{'a': $a, 'b': $a}}, 1)".to_owned(),
        "$reduce([1..999], function($a, $v){$a ~> $trim}, $trim)".to_owned(),
        "$reduce([1..999], function($a, $v){$pad(?, 1)}, $trim)".to_owned(),
        "[1..999].[1..999].[1..999]".to_owned(),
        "$map([1..999], function($v){$map([1..999], function($w){$v * $w})})".to_owned(),
        "$zip([1..999], [1..999], [1..999])".to_owned(),
        "$pad('a', 100000000)".to_owned(),
        "$replace($pad('a', 9999, 'a'), 'a', $pad('b', 9999))".to_owned(),
        "[1..10000000]".to_owned(),
    ] {
        let start: String = expression.chars().take(60).collect();
        assert!(value(&expression).len() < 1_000_000, "{start}");
    }
}

#[test]
fn no_text_stops_the_evaluator() {
    let seeds = [
        "($x := 'a'; $y := $x & $states.input.unknown; {'a': [$y, 1..3], 'b': $in.orders[price > 3].id})",
        "$join($map($in.words, function($v, $i){$v & $string($i)}), ':') ~> $uppercase",
        "$in.orders^(>price, id){id: $sum(price)} ~> $lookup($merge([$in.a, {'k': -1.5e3}]), 'k')",
        "$split($part, ':')[0] in ['a', $set] and $substring('é😀', 1, $in.n) != /a(b)/i ? `x y` : $$.**.%",
    ];
    let segments = [
        "(", ")", "[", "]", "{", "}", "'", "\"", "$", ".", "&", "?", ":", "~>", "..", "-", "é", "\\", "/",
        "1e", ";",
    ];
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |bound: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % u64::try_from(bound).unwrap()).unwrap()
    };
    for round in 0..4_000 {
        let mut text: Vec<char> = seeds[round % seeds.len()].chars().collect();
        for _ in 0..=next(3) {
            let at = next(text.len() + 1);
            match next(4) {
                0 if at < text.len() => {
                    text.remove(at);
                }
                1 => text.truncate(at.max(1)),
                2 => {
                    let from = next(text.len() + 1);
                    let copy: Vec<char> = text.iter().skip(from).take(next(12)).copied().collect();
                    text.splice(at..at, copy);
                }
                _ => {
                    text.splice(at..at, segments[next(segments.len())].chars());
                }
            }
        }
        let text: String = text.into_iter().collect();
        let refused = check(&text).is_err();
        assert!(!refused || value(&text) == "*" || text.contains("$in."), "{text}");
        value(&text);
    }
}
