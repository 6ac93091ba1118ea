//! Only the parser knows the names of a definition's members: everything else works with types.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{Visit, visit_expr_index, visit_expr_method_call, visit_item_mod, visit_pat};
use syn::{Expr, ExprIndex, ExprLit, ExprMethodCall, ItemMod, Lit, LitStr, Pat};

use crate::support::{all, files};

const PARSER: &str = "src/asl/parse/";

/// Layers that work with states.
const LAYERS: &[&str] = &["src/asl", "src/permissions", "src/generator", "src/call", "src/sdk"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The string literals of a file outside of its tests.
struct Literals {
    /// Whether literals that a text is only compared with count.
    patterns: bool,
    values: Vec<String>,
}

impl Visit<'_> for Literals {
    fn visit_lit_str(&mut self, literal: &LitStr) {
        self.values.push(literal.value());
    }

    fn visit_pat(&mut self, pattern: &Pat) {
        if self.patterns {
            visit_pat(self, pattern);
        }
    }

    fn visit_item_mod(&mut self, item: &ItemMod) {
        if item.ident != "tests" {
            visit_item_mod(self, item);
        }
    }

    fn visit_attribute(&mut self, _: &syn::Attribute) {}

    /// What a macro is given is tokens: its literals are found in their text.
    fn visit_macro(&mut self, called: &syn::Macro) {
        let arguments =
            called.parse_body_with(syn::punctuated::Punctuated::<Expr, syn::Token![,]>::parse_terminated);
        for argument in arguments.into_iter().flatten() {
            self.visit_expr(&argument);
        }
    }
}

fn literals(text: &str, patterns: bool) -> Vec<String> {
    let mut literals = Literals { patterns, values: Vec::new() };
    literals.visit_file(&syn::parse_file(text).expect("Rust"));
    literals.values
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The keys for which the parser asks.
fn keys() -> BTreeSet<String> {
    let texts = files(&root().join(PARSER), ".rs").into_iter().flat_map(|path| literals(&read(&path), false));
    let is_key = |text: &String| {
        text.starts_with(|first: char| first.is_ascii_uppercase())
            && text.len() > 2
            && text.chars().all(|character| character.is_ascii_alphabetic())
    };
    texts.filter(is_key).collect()
}

/// A key that a literal has as a whole, or as a segment of a JSON pointer.
fn key_in<'k>(keys: &'k BTreeSet<String>, literal: &str, whole: bool) -> Option<&'k String> {
    let segments = literal.split('/').skip(1).map(|segment| {
        segment.split(|character: char| !character.is_ascii_alphabetic()).next().unwrap_or_default()
    });
    let pointer = (!literal.contains(' ')).then_some(segments).into_iter().flatten();
    keys.get(literal).filter(|_| whole).or_else(|| pointer.filter_map(|segment| keys.get(segment)).next())
}

#[test]
fn no_key_of_a_definition_stands_outside_of_the_parser() {
    let keys = keys();
    let known =
        ["StartAt", "Next", "Catch", "Choices", "InputPath", "StringEquals", "ReaderConfig", "CausePath"];
    assert!(known.iter().all(|key| keys.contains(*key)), "{keys:?}");
    let sources = LAYERS.iter().flat_map(|layer| files(&root().join(layer), ".rs"));
    let sources: Vec<PathBuf> = sources.collect();
    all(sources.iter().map(|path| {
        let name = path.strip_prefix(root()).expect("a file of the repository").to_string_lossy();
        let name = name.replace('\\', "/");
        if name.starts_with(PARSER) || name.contains("/tests") {
            return Ok(());
        }
        // Other layers contain names of services' parameters, which can be the same.
        let whole = name.starts_with("src/asl/");
        for literal in literals(&read(path), true) {
            if let Some(key) = key_in(&keys, &literal, whole) {
                return Err(format!("{name} knows the member \"{key}\": {literal:?}"));
            }
        }
        Ok(())
    }));
}

/// The literals by which a source looks up members: `get("Next")`, `["Next"]`.
#[derive(Default)]
struct Lookups(Vec<String>);

impl Visit<'_> for Lookups {
    fn visit_expr_method_call(&mut self, call: &ExprMethodCall) {
        if ["get", "get_mut", "remove", "contains_key", "member", "find", "pointer"]
            .iter()
            .any(|name| call.method == name)
            && let Some(Expr::Lit(ExprLit { lit: Lit::Str(key), .. })) = call.args.first()
        {
            self.0.push(key.value());
        }
        visit_expr_method_call(self, call);
    }

    fn visit_expr_index(&mut self, index: &ExprIndex) {
        if let Expr::Lit(ExprLit { lit: Lit::Str(key), .. }) = &*index.index {
            self.0.push(key.value());
        }
        visit_expr_index(self, index);
    }

    fn visit_item_mod(&mut self, item: &ItemMod) {
        if item.ident != "tests" {
            visit_item_mod(self, item);
        }
    }
}

fn lookups(text: &str) -> Vec<String> {
    let mut found = Lookups::default();
    found.visit_file(&syn::parse_file(text).expect("Rust"));
    found.0
}

/// Readers of IAM policy documents, which have members of the same names.
const OF_POLICIES: &[&str] = &["src/document/", "src/cli/check/baseline.rs", "src/cli/check/against.rs"];

/// In every layer, whatever the names of services' parameters are: nothing is looked up by a definition's
/// keys.
#[test]
fn nothing_is_looked_up_by_the_keys_of_a_definition() {
    let keys = keys();
    all(files(&root().join("src"), ".rs").iter().map(|path| {
        let name = path.strip_prefix(root()).expect("a file of the repository").to_string_lossy();
        let name = name.replace('\\', "/");
        if name.starts_with(PARSER)
            || name.contains("/tests")
            || OF_POLICIES.iter().any(|one| name.starts_with(one))
        {
            return Ok(());
        }
        match lookups(&read(path)).into_iter().find(|key| key_in(&keys, key, true).is_some()) {
            None => Ok(()),
            Some(key) => Err(format!("{name} looks up \"{key}\"")),
        }
    }));
}

#[test]
fn a_lookup_is_seen() {
    for text in [
        r#"fn f(o: &Object) { o.get("Next"); }"#,
        r#"fn f(o: &Json) { o["Next"].as_str(); }"#,
        r#"fn f(o: &Object) { o.iter().map(|one| one.get("Next")); }"#,
    ] {
        assert_eq!(lookups(text), ["Next"], "{text}");
    }
    for text in
        [r#"fn f(c: &Call) { c.known("Next"); }"#, r#"mod tests { fn f(o: &Object) { o.get("Next"); } }"#]
    {
        assert!(lookups(text).is_empty(), "{text}");
    }
}

#[test]
fn a_key_is_seen_wherever_it_stands() {
    let keys: BTreeSet<String> = ["Next", "Resource"].map(str::to_owned).into();
    for text in [
        r#"fn f(o: &Object) { o.get("Next"); }"#,
        r#"const NEXT: &str = "Next";"#,
        r#"fn f(p: &str) -> String { format!("{p}/Resource") }"#,
        r#"fn f(p: &str) -> String { format!("{}/Catch/{}/Next", p, 1) }"#,
        r#"fn f() { let keys = ["Default", "Next"]; }"#,
        r#"fn f(key: &str) -> bool { match key { "Next" => true, _ => false } }"#,
    ] {
        assert!(literals(text, true).iter().any(|literal| key_in(&keys, literal, true).is_some()), "{text}");
    }
    for text in [
        r#"#[error("\"Next\" is missing")] struct Missing;"#,
        r#"const TEXT: &str = "Add \"Next\" or \"End\".";"#,
        r#"mod tests { const NEXT: &str = "Next"; }"#,
        r#"fn f(text: &str) -> bool { matches!(text, "x") }"#,
    ] {
        assert!(!literals(text, true).iter().any(|literal| key_in(&keys, literal, true).is_some()), "{text}");
    }
}
