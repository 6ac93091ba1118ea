//! Rules for the code that neither the compiler nor the formatter checks.

use std::fs;
use std::path::Path;

use syn::visit::{Visit, visit_signature, visit_type_path};
use syn::{FnArg, GenericArgument, PathArguments, Signature, Type, TypePath};

use crate::support::{all, files};

/// An error is a type of its own, so that callers can distinguish what is wrong.
#[test]
fn errors_are_types() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    all(files(&src, ".rs").iter().map(|path| {
        match errors_as_text(&fs::read_to_string(path).expect("a source")) {
            0 => Ok(()),
            count => {
                Err(format!("{}: {count} times Result<_, String>: give the error a type", path.display()))
            }
        }
    }));
}

fn errors_as_text(source: &str) -> usize {
    let mut counter = Counter(0);
    counter.visit_file(&syn::parse_file(source).expect("Rust"));
    counter.0
}

struct Counter(usize);

impl Visit<'_> for Counter {
    fn visit_type_path(&mut self, path: &TypePath) {
        if let Some(last) = path.path.segments.last()
            && last.ident == "Result"
            && let PathArguments::AngleBracketed(arguments) = &last.arguments
            && let Some(GenericArgument::Type(error)) = arguments.args.iter().nth(1)
            && is_text(error)
        {
            self.0 += 1;
        }
        visit_type_path(self, path);
    }
}

/// `String`, a reference to text, or a tuple of such.
fn is_text(kind: &Type) -> bool {
    match kind {
        Type::Path(path) => {
            path.path.segments.last().is_some_and(|last| last.ident == "String" || last.ident == "str")
        }
        Type::Reference(reference) => is_text(&reference.elem),
        Type::Tuple(tuple) => !tuple.elems.is_empty() && tuple.elems.iter().all(is_text),
        _ => false,
    }
}

#[test]
fn errors_as_text_are_seen() {
    for (source, count) in [
        ("fn f() -> Result<u8, String> { Ok(1) }", 1),
        ("fn f() -> std::result::Result<Vec<u8>, (String, String)> { g() }", 1),
        ("fn f() { let x: Result<(), &'static str> = g(); }", 1),
        ("struct S { f: fn() -> Option<Result<u8, String>> }", 1),
        ("fn f() -> Result<String, Wrong> { g() } // Result<u8, String>", 0),
        ("fn f() -> io::Result<String> { g() }", 0),
    ] {
        assert_eq!(errors_as_text(source), count, "{source}");
    }
}

/// As `rustfmt.toml` has it for code; `rustfmt` itself leaves comments as they are.
const WIDTH: usize = 110;

#[test]
fn comments_are_no_wider_than_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources =
        ["benches", "build", "src", "tests", "tools"].map(|folder| files(&root.join(folder), ".rs"));
    let mut wide = Vec::new();
    for path in sources.iter().flatten() {
        let text = fs::read_to_string(path).expect("a source");
        let lines = text.lines().zip(1..).filter(|(line, _)| is_wide_comment(line));
        wide.extend(lines.map(|(_, number)| format!("{}:{number}", path.display())));
    }
    assert!(wide.is_empty(), "{} lines are too wide:\n{}", wide.len(), wide.join("\n"));
}

/// One long word, such as an address, cannot be broken.
fn is_wide_comment(line: &str) -> bool {
    let Some(comment) = line.trim_start().strip_prefix("//") else { return false };
    line.chars().count() > WIDTH && comment.trim_start_matches(['/', '!']).trim().contains(' ')
}

#[test]
fn wide_comments_are_seen() {
    let long = "word ".repeat(30);
    assert!(is_wide_comment(&format!("// {long}")) && is_wide_comment(&format!("    /// {long}")));
    assert!(!is_wide_comment(&format!("let text = \"{long}\";")) && !is_wide_comment("// short"));
    assert!(!is_wide_comment(&format!("// https://{}", "x".repeat(120))));
}

/// ARNs are taken apart in `src/iam/arn.rs` alone. The parser of definitions must not depend on IAM, and the
/// reader of documents shares no code with the layer that generates them.
#[test]
fn arns_are_split_in_one_file() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let excepted = ["iam/arn.rs", "asl/task.rs", "document/grammar.rs"];
    let excepted = excepted.map(|file| src.join(file));
    let is_excepted = |path: &Path| excepted.iter().any(|one| path.starts_with(one));
    let sources = files(&src, ".rs").into_iter().filter(|path| !is_excepted(path));
    all(sources.map(|path| {
        let source = fs::read_to_string(&path).expect("a source");
        match source.lines().find(|line| splits_arn(line)) {
            None => Ok(()),
            Some(line) => Err(format!("{}: use iam::Arn or ArnFields: {}", path.display(), line.trim())),
        }
    }));
}

/// Whether a line counts or picks the fields between colons. The service before an action's first colon is
/// not one of an ARN.
fn splits_arn(line: &str) -> bool {
    let counted = ["splitn(4, ':')", "splitn(5, ':')", "splitn(6, ':')", "splitn(7, ':')", "split(':').nth("];
    let walked = ["split(':').skip(", "split(':').count()", "split(':').collect", "split(':').map(str"];
    counted.into_iter().chain(walked).any(|how| line.contains(how))
}

#[test]
fn a_split_arn_is_seen() {
    for line in ["let fields = arn.splitn(6, ':');", "arn.split(':').nth(4)?", "arn.split(':').skip(4)"] {
        assert!(splits_arn(line), "{line}");
    }
    for line in ["action.split(':').next()", "text.split_once(':')", "Arn::of(text)"] {
        assert!(!splits_arn(line), "{line}");
    }
}

/// A visitor of `src/permissions` returns what it found: no function there has a collector among its
/// parameters.
#[test]
fn visitors_return_what_they_find() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/permissions");
    all(files(&folder, ".rs").iter().map(|path| {
        match collectors(&fs::read_to_string(path).expect("a source")).as_slice() {
            [] => Ok(()),
            names => Err(format!("{}: {}: return what is found", path.display(), names.join(", "))),
        }
    }));
}

/// The functions with a parameter that they change, other than `self` and a formatter.
fn collectors(source: &str) -> Vec<String> {
    let mut found = Collectors(Vec::new());
    found.visit_file(&syn::parse_file(source).expect("Rust"));
    found.0
}

struct Collectors(Vec<String>);

impl Visit<'_> for Collectors {
    fn visit_signature(&mut self, signature: &Signature) {
        let is_changed = |argument: &FnArg| match argument {
            FnArg::Receiver(_) => false,
            FnArg::Typed(typed) => match &*typed.ty {
                Type::Reference(to) if to.mutability.is_some() => match &*to.elem {
                    Type::Path(path) => {
                        path.path.segments.last().is_none_or(|last| last.ident != "Formatter")
                    }
                    _ => true,
                },
                _ => false,
            },
        };
        if signature.inputs.iter().any(is_changed) {
            self.0.push(signature.ident.to_string());
        }
        visit_signature(self, signature);
    }
}

#[test]
fn a_collector_is_seen() {
    for text in ["fn f(found: &mut Vec<u8>) {}", "impl A { fn f(&self, found: &mut [u8]) {} }"] {
        assert_eq!(collectors(text), ["f"], "{text}");
    }
    for text in ["impl A { fn f(&mut self) {} }", "impl A { fn f(&self, f: &mut fmt::Formatter<'_>) {} }"] {
        assert!(collectors(text).is_empty(), "{text}");
    }
}
