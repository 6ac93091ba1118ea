use super::super::Json;
use super::super::show::show;
use super::*;

/// The state's input of these tests. `$.unknown` is known only at run time.
const INPUT: &str = r#"{"arn": "arn:aws:sns:eu-west-1:111122223333:t", "n": 2, "list": [1, "two", null], "object": {"a": 1, "b": 2}, "template": "<{}>"}"#;

fn check(cases: &[(&str, &str)]) {
    let json = Json::read(INPUT).unwrap();
    let Value::Object(members) = Value::from(&json) else { panic!("an object") };
    let set = Value::one_of(["x", "y"].map(|text| Value::String(text.into())));
    let variables = [("set".into(), set)].into();
    let scope = Scope { input: Value::Open(members, "$".into()), variables, ..Scope::default() };
    for (call, expected) in cases {
        assert_eq!(show(&Intrinsic::read(call).value(&scope)), *expected, "{call}");
    }
}

#[test]
fn format() {
    check(&[
        ("States.Format('arn:aws:s3:::{}/{}', $.unknown, 'x')", r#""arn:aws:s3:::*/x""#),
        ("States.Format('{}', States.Format('a{}', 'b'))", r#""ab""#),
        (r"States.Format('it\'s \{literal\} {}', $.unknown)", r#""it's {literal} *""#),
        (r"States.Format('back\\slash')", r#""back\\slash""#),
        ("States.Format('{}-{}-{}-{}', 1, -2, true, null)", r#""1--2-true-null""#),
        ("States.Format('{}', 1.5)", r#""*""#),
        ("States.Format('{} {}', $.object, $.list)", r#""* *""#),
        ("States.Format($.template, 'x')", r#""<x>""#),
        ("States.Format('queue-{}', $set)", r#""queue-x"|"queue-y""#),
        ("States.Format('{}', $$.Execution.Name)", r#""*""#),
        ("States.Format( 'a{}' ,\n $.n )", r#""a2""#),
        // Rejected by Step Functions.
        ("States.Format('{}')", "*"),
        ("States.Format('{}', 1, 2)", "*"),
        ("States.Format('{x}', 1)", "*"),
        ("States.Format('a}')", "*"),
        (r"States.Format('\n')", "*"),
        ("States.Format($.unknown, 'x')", "*"),
    ]);
}

#[test]
fn arrays() {
    check(&[
        ("States.Array()", "[]"),
        ("States.Array('a', 1, null, $.unknown)", r#"["a",1,null,*]"#),
        ("States.ArrayPartition($.list, 2)", r#"[[1,"two"],[null]]"#),
        ("States.ArrayPartition($.list, 1.5)", r#"[[1,"two"],[null]]"#),
        ("States.ArrayPartition(States.Array(), 2)", "[]"),
        ("States.ArrayPartition($.list, 0)", "*"),
        ("States.ArrayContains($.list, 'two')", "true"),
        ("States.ArrayContains($.list, 2)", "false"),
        ("States.ArrayContains($.list, $.unknown)", "*"),
        ("States.ArrayContains(States.Array($.unknown), 2)", "*"),
        ("States.ArrayContains(States.Array($.unknown, 2), 2)", "true"),
        ("States.ArrayContains(States.Array($.object), States.StringToJson('{\"b\":2,\"a\":1}'))", "true"),
        ("States.ArrayRange(0, 9, 3)", "[0,3,6,9]"),
        ("States.ArrayRange(0, 10, 3)", "[0,3,6,9]"),
        ("States.ArrayRange(1, 9, 9)", "[1]"),
        ("States.ArrayRange(1, 5000, 1)", "*"),
        ("States.ArrayRange(1, 9, 0)", "*"),
        ("States.ArrayGetItem($.list, 1)", r#""two""#),
        ("States.ArrayGetItem($.list, 3)", "*"),
        ("States.ArrayGetItem($.list, -1)", "*"),
        ("States.ArrayLength($.list)", "3"),
        ("States.ArrayLength($.unknown)", "*"),
        ("States.ArrayUnique(States.Array(1, 1))", "[1]"),
        ("States.ArrayUnique(States.Array(1, 2, 1))", "[1|2,1|2]"),
        ("States.ArrayUnique(States.Array(1, $.unknown))", "*"),
    ]);
}

#[test]
fn text() {
    check(&[
        ("States.StringSplit('This.is+a,test=string', '.+,=')", r#"["This","is","a","test","string"]"#),
        ("States.StringSplit(', , ,', ',')", r#"[" "," "]"#),
        ("States.StringSplit(',,,,', ',')", "[]"),
        ("States.ArrayGetItem(States.StringSplit('a:b:c', ':'), 1)", r#""b""#),
        ("States.ArrayGetItem(States.StringSplit($.arn, ':'), 5)", r#""t""#),
        ("States.ArrayGetItem(States.StringSplit($.unknown, ':'), 6)", "*"),
        ("States.Base64Encode('Data to encode')", r#""RGF0YSB0byBlbmNvZGU=""#),
        ("States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", r#""Data to encode""#),
        ("States.Base64Decode('RGF0YSB0byBlbmNvZGU')", "*"),
        ("States.Base64Decode('_')", "*"),
        ("States.Hash('abc', 'MD5')", r#""900150983cd24fb0d6963f7d28e17f72""#),
        ("States.Hash('abc', 'MD6')", "*"),
        ("States.Hash($.unknown, 'MD5')", "*"),
        ("States.UUID()", "*"),
        ("States.Format('job-{}', States.UUID())", r#""job-*""#),
    ]);
}

#[test]
fn json() {
    check(&[
        ("States.JsonToString(States.Array(1, 'HelloWorld', null))", r#""[1,\"HelloWorld\",null]""#),
        ("States.JsonToString(States.StringToJson('{\"a\":[]}'))", r#""{\"a\":[]}""#),
        ("States.JsonToString($.object)", r#""{*}""#),
        ("States.JsonToString($.unknown)", r#""*""#),
        ("States.JsonToString(States.Array('<é>', 1.5))", r#""[\"*\",*]""#),
        ("States.StringToJson('')", "null"),
        ("States.StringToJson('{\"a\": [true, 1]}')", "{a:[true,1]}"),
        ("States.StringToJson('{\"a\": 1, \"a\": 2}')", "*"),
        ("States.StringToJson('nonsense')", "*"),
        ("States.JsonMerge($.object, States.StringToJson('{\"b\":3}'), false)", "{a:1,b:3}"),
        ("States.JsonMerge($.unknown, $.object, false)", "{a:1,b:2,…}"),
        ("States.JsonMerge($.object, $.unknown, false)", "*"),
        ("States.JsonMerge($.object, $.object, true)", "*"),
    ]);
}

#[test]
fn mathematics() {
    check(&[
        ("States.MathAdd(-9, 3)", "-6"),
        ("States.MathAdd(1.49, 1.5)", "3"),
        ("States.MathAdd(-1.5, -1.51)", "-3"),
        ("States.MathAdd(2.5, 0)", "3"),
        ("States.MathAdd(-0.5, 0)", "0"),
        ("States.MathAdd($.n, -1)", "1"),
        ("States.MathAdd(2147483647, 1)", "*"),
        ("States.MathAdd($.unknown, 1)", "*"),
        ("States.MathRandom(1, 1)", "*"),
        ("States.ArrayGetItem($.list, States.MathAdd(States.ArrayLength($.list), -1))", "null"),
    ]);
}

#[test]
fn what_is_no_call_is_left_to_the_run() {
    let nested = |levels| format!("{}1{}", "States.Array(".repeat(levels), ")".repeat(levels));
    let (deep, deeper) = (nested(10), nested(11));
    check(&[
        ("States.Format", "*"),
        ("States.Format(", "*"),
        ("States.Format('a'", "*"),
        ("States.Format('a') ", "*"),
        ("States.Format('a',)", "*"),
        ("states.Format('a')", "*"),
        ("States.format('a')", "*"),
        ("States.Nothing('a')", "*"),
        ("States.Array(x)", "*"),
        ("States.Array(01)", "*"),
        (&deep, "[[[[[[[[[[1]]]]]]]]]]"),
        (&deeper, "*"),
        // Paths with brackets, quotes and filters of their own.
        ("States.Array($['a,b)'], $.list[?(@.x > 1)], $.n)", "[*,*,2]"),
        ("States.Array($.list[0], $.list[*])", r#"[1,[1,"two",null]]"#),
    ]);
}

#[test]
fn text_has_an_end() {
    let mut scope = Scope { input: Value::String("x".into()), ..Scope::default() };
    for _ in 0..100 {
        scope.input = Intrinsic::read("States.Format('{}{}', $, $)").value(&scope);
    }
    assert!(format!("{:?}", scope.input).len() < 200_000);
}

#[test]
fn doubts_about_calls() {
    for (text, expected) in [
        ("States.Format('{}', $.a)", None),
        ("States.Format( '{}' , $['a b'].c )", None),
        ("States.Format('{}', States.UUID())", None),
        ("States.Format('{}', $.a[?(@.b == 'c,d')])", None),
        ("States.Format('{}', $.items.length())", None),
        ("States.Format('{}', $.a", Some(Doubt::Unreadable)),
        ("States.Format(\"{}\", $.a)", Some(Doubt::Unreadable)),
        ("States.Formt('{}', $.a)", Some(Doubt::UnknownFunction("Formt"))),
        ("States.Format('{}', States.Uuid())", Some(Doubt::UnknownFunction("Uuid"))),
    ] {
        assert_eq!(Intrinsic::read(text).doubt(), expected, "{text}");
    }
}
