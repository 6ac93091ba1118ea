//! What Terraform makes of texts is tested in `tests/yaml`; here are texts that have no value, and positions.

use super::*;

fn json(text: &str) -> String {
    Yaml::read(text).unwrap_or_else(|error| panic!("{text}: {error}")).json
}

fn problem(text: &str) -> (YamlProblem, usize) {
    let Err(Unreadable { problem, offset }) = Yaml::read(text) else { panic!("{text}: no problem") };
    (problem, offset)
}

#[test]
fn what_has_no_value_in_json_is_refused() {
    let of = |text: &str| problem(text).0;
    assert_eq!(of(""), YamlProblem::Empty);
    assert_eq!(of("# nothing\n"), YamlProblem::Empty);
    assert_eq!(problem("a: 1\n---\nb: 2\n"), (YamlProblem::SecondDocument, 5));
    assert_eq!(problem("a: 1\nb: 2\na: 3\n"), (YamlProblem::DuplicateKey("a".into()), 10));
    assert_eq!(of("[a]: 1"), YamlProblem::Key);
    assert_eq!(of("{a: 1}: 1"), YamlProblem::Key);
    assert_eq!(of("~: 1"), YamlProblem::Key);
    assert_eq!(of("a: &a 1\n*a : 2"), YamlProblem::Key);
    assert_eq!(of("<<: [1]"), YamlProblem::Merge("a sequence"));
    assert_eq!(of("<<: 1"), YamlProblem::Merge("a scalar"));
    assert_eq!(problem("a: !Sub x"), (YamlProblem::Tag("!Sub".into()), 3));
    assert_eq!(of("!!set {a}"), YamlProblem::Tag("tag:yaml.org,2002:!set".into()));
    assert_eq!(of("!!int x"), YamlProblem::Scalar { text: "x".into(), tag: "!!int".into() });
    assert_eq!(of("!!binary ä"), YamlProblem::Scalar { text: "ä".into(), tag: "!!binary".into() });
    for text in [".nan", ".inf", "-.Inf", "+.INF"] {
        assert_eq!(of(text), YamlProblem::Number(text.into()));
    }
    for text in ["5e608", "-1e309", ".5e999", "1e99999999999999999999", "0x1ffffffffffffffff"] {
        assert_eq!(of(&format!("- {text}")), YamlProblem::Range(text.into()));
    }
    assert_eq!(json("[1.5e308, 1e-400]").len(), "[,0.]".len() + 309 + 400);
    for text in ["a: b: c", "\ta: 1\n b", "a: [1", "a: \"x", "a: *none", "a: 1\n  b: 2", "%", "- a\nb: 1"] {
        assert!(matches!(of(text), YamlProblem::Syntax(_)), "{text}");
    }
}

/// As `terraform console` answers `yamldecode` of the same texts.
#[test]
fn what_terraform_refuses_of_newer_versions_is_refused() {
    for (text, offset) in [
        ("%YAML 1.2\n---\na: 1\n", 0),
        ("# x\n\n%YAML 1.2 # y\n---\na: 1\n", 5),
        ("a: \"x\\/y\"\n", 3),
        ("\"\\/\": 1\n", 0),
    ] {
        let (problem, at) = problem(text);
        assert!(
            matches!(&problem, YamlProblem::Syntax(why) if why.contains("Terraform")),
            "{text}: {problem:?}"
        );
        assert_eq!(at, offset, "{text}");
    }
    for (text, value) in [
        ("%YAML 1.1\n---\na: 1\n", r#"{"a":1}"#),
        ("a: \"x\\\\/y\"\n", r#"{"a":"x\\/y"}"#),
        ("a: 'x\\/y'\n", r#"{"a":"x\\/y"}"#),
        ("a: |\n  %YAML 1.2\n", r#"{"a":"%YAML 1.2\n"}"#),
        ("a: !<tag:yaml.org,2002:str> 1\n", r#"{"a":"1"}"#),
        ("a: !<tag:yaml.org,2002:seq> [1]\n", r#"{"a":[1]}"#),
        ("%TAG !e! tag:yaml.org,2002:\n---\na: !e!str 1\n", r#"{"a":"1"}"#),
    ] {
        assert_eq!(json(text), value, "{text}");
    }
    assert!(matches!(problem("a: !<!foo> 1").0, YamlProblem::Tag(_)));
}

#[test]
fn aliases_cannot_make_much_of_little() {
    assert_eq!(problem("a: &a [*a]").0, YamlProblem::Cycle);
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let before = format!("*a{}", level - 1);
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![before; 10].join(", ")));
    }
    assert_eq!(problem(&bomb).0, YamlProblem::Bomb(MAX_ALIASED_BYTES));
    let mut merges = "a0: &a0 {x: 1}\n".to_owned();
    for level in 1..60 {
        merges.push_str(&format!("a{level}: &a{level} {{<<: *a{}, b{level}: *a{}}}\n", level - 1, level - 1));
    }
    assert_eq!(problem(&merges).0, YamlProblem::Bomb(MAX_ALIASED_BYTES));
    let chain: String = (1..200).map(|at| format!("a{at}: &a{at} [*a{}]\n", at - 1)).collect();
    assert_eq!(problem(&format!("a0: &a0 x\n{chain}")).0, YamlProblem::Depth(MAX_DEPTH));
    // The parser counts brackets itself.
    assert_eq!(problem(&"[".repeat(100_000)).0, YamlProblem::Syntax("recursion limit exceeded".into()));
    assert_eq!(problem(&"[".repeat(130)).0, YamlProblem::Depth(MAX_DEPTH));
    assert_eq!(problem(&"- ".repeat(100_000)).0, YamlProblem::Depth(MAX_DEPTH));
    // What a normal file has.
    assert_eq!(json("a: &a [1, 2]\nb: [*a, *a]"), r#"{"a":[1,2],"b":[[1,2],[1,2]]}"#);
}

#[test]
fn a_merge_counts_where_it_stands() {
    assert_eq!(json("b: &b {x: 1, z: 2}\nc: {x: 3, <<: *b}\nd: {<<: *b, x: 3}"), {
        r#"{"b":{"x":1,"z":2},"c":{"x":1,"z":2},"d":{"x":3,"z":2}}"#
    });
    assert_eq!(json("a: <<"), r#"{"a":"<<"}"#);
}

#[test]
fn places_are_those_of_the_text() {
    let text = "# Größe\na: plain  # x\n\"b\": 'ä''s'\nc:\n  - |\n    one\n    two\n  - {d: \"e\"}\n";
    let tree = Yaml::read(text).unwrap().tree;
    let texts: Vec<&str> = tree
        .nodes
        .iter()
        .filter(|node| matches!(node.shape, Shape::Scalar))
        .filter_map(|node| text.get(node.span.clone()))
        .collect();
    assert_eq!(texts, ["plain", "'ä''s'", "one\n    two", "\"e\""]);
    let Shape::Members(members) = &tree.nodes[0].shape else { panic!("an object") };
    let keys: Vec<&str> = members.iter().filter_map(|member| text.get(member.key_span.clone())).collect();
    assert_eq!(keys, ["a", "\"b\"", "c"]);
}
