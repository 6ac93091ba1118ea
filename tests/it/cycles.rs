//! Files that need each other: each cycle is listed with its reason, and a new one fails.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::files;
use crate::support::imports::{Uses, uses};

/// The intended cycles, by their files below `src/`, with the reason.
const CYCLES: &[(&[&str], &str)] = &[
    (
        &[
            "asl/jsonata/evaluate.rs",
            "asl/jsonata/functions/arrays.rs",
            "asl/jsonata/functions/higher.rs",
            "asl/jsonata/functions/mod.rs",
            "asl/jsonata/functions/strings.rs",
            "asl/jsonata/path.rs",
        ],
        "an expression calls functions and follows paths, and these work out expressions",
    ),
    (
        &["asl/lattice.rs", "asl/value.rs"],
        "a set of too many values becomes what they have in common, which is a value",
    ),
    (&["asl/parse/map.rs", "asl/parse/mod.rs"], "a Map state holds states"),
    (
        &[
            "call/mod.rs",
            "call/resource/backup.rs",
            "call/resource/bedrock.rs",
            "call/resource/codebuild.rs",
            "call/resource/dynamodb.rs",
            "call/resource/ec2.rs",
            "call/resource/ecs.rs",
            "call/resource/kms.rs",
            "call/resource/lambda.rs",
            "call/resource/mod.rs",
            "call/resource/redshift.rs",
            "call/resource/s3.rs",
            "call/resource/sqs.rs",
            "call/resource/states.rs",
            "call/resource/timestream.rs",
        ],
        "a call names what its parameters stand for by readers, and these read other parameters of the call",
    ),
    (
        &[
            "cli/check/against.rs",
            "cli/check/compare.rs",
            "cli/check/judge.rs",
            "cli/check/plan/mod.rs",
            "cli/check/plan/role.rs",
            "cli/check/report.rs",
        ],
        "a report is of what was judged, also in a plan and against a role's policies, and these count for it",
    ),
    (
        &["cli/integrations/mod.rs", "cli/integrations/optimized.rs", "cli/integrations/sdk.rs"],
        "both lists are written with the words of the command",
    ),
    (
        &["compare/enough.rs", "compare/excess.rs", "compare/missing.rs", "compare/mod.rs"],
        "the steps of a comparison work on its types",
    ),
    (
        &["generator/mod.rs", "generator/substitute.rs", "generator/suitable.rs", "generator/unreadable.rs"],
        "the steps from a request to its output work on its types",
    ),
    (
        &[
            "generator/hint/check.rs",
            "generator/hint/lookup.rs",
            "generator/hint/mod.rs",
            "generator/hint/open.rs",
            "generator/hint/opening.rs",
            "generator/hint/selector.rs",
        ],
        "the steps of a hint work on its types",
    ),
    (
        &["iam/arn.rs", "iam/pattern.rs", "iam/pattern/chunks.rs", "iam/unwritable.rs"],
        "an ARN is fields of a pattern, and a pattern knows whether it is an ARN",
    ),
    (&["plugin/debug.rs", "plugin/mod.rs"], "serving with `--debug` starts the same server"),
    (
        &[
            "protocol/calls.rs",
            "protocol/check.rs",
            "protocol/diagnostic.rs",
            "protocol/kept.rs",
            "protocol/mod.rs",
            "protocol/problem.rs",
            "protocol/wire.rs",
        ],
        "the calls go to the trait that a provider implements, whose methods return diagnostics",
    ),
    (
        &["provider/compare.rs", "provider/mod.rs"],
        "the function is one of the provider's, and shares its arguments",
    ),
    (&["sdk/catalog.rs", "sdk/parse.rs"], "a block of the catalogue is parsed when it is first asked for"),
    (
        &["source/mod.rs", "source/yaml/dialect.rs", "source/yaml/mod.rs", "source/yaml/scalar.rs"],
        "a source in YAML is one of the kinds of source, and has their types",
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The files of the library: by the path of their module, the name and what is used.
struct Library {
    modules: BTreeMap<Vec<String>, (String, Uses)>,
}

impl Library {
    fn new(texts: impl IntoIterator<Item = (String, String)>) -> Library {
        let modules = texts.into_iter().map(|(name, text)| {
            let inside = name.trim_end_matches(".rs");
            let module: Vec<String> =
                inside.split('/').filter(|part| !["mod", "lib"].contains(part)).map(str::to_owned).collect();
            let path: Vec<&str> = module.iter().map(String::as_str).collect();
            let uses = uses(&text, &path, false).unwrap_or_else(|error| panic!("{name}: {error}"));
            (module, (name, uses))
        });
        Library { modules: modules.collect() }
    }

    /// The file in which what a path names is defined.
    fn file(&self, path: &[String], left: usize) -> Option<&str> {
        let depth = (0..=path.len()).rev().find(|&end| self.modules.contains_key(&path[..end]))?;
        let (name, uses) = &self.modules[&path[..depth]];
        let elsewhere = path.get(depth).and_then(|name| uses.names.get(name)).filter(|_| left > 0);
        match elsewhere {
            Some(target) => self.file(&[target, &path[depth + 1..]].concat(), left - 1),
            None => Some(name),
        }
    }

    /// Which files each file needs.
    fn needs(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let needs = self.modules.values().map(|(name, uses)| {
            let needed = uses.paths.iter().filter_map(|path| self.file(path, 8));
            (name.as_str(), needed.filter(|needed| needed != name).collect())
        });
        needs.collect()
    }

    /// The sets of files that need each other, in ascending order.
    fn cycles(&self) -> BTreeSet<Vec<&str>> {
        let needs = self.needs();
        let reached: BTreeMap<&str, BTreeSet<&str>> =
            needs.keys().map(|start| (*start, reached(start, &needs))).collect();
        let around = |name: &str| -> Vec<&str> {
            reached[name].iter().copied().filter(|other| reached[other].contains(name)).collect()
        };
        needs.keys().map(|name| around(name)).filter(|cycle| !cycle.is_empty()).collect()
    }
}

fn reached<'n>(start: &str, needs: &BTreeMap<&'n str, BTreeSet<&'n str>>) -> BTreeSet<&'n str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = needs[start].iter().copied().collect();
    while let Some(name) = open.pop() {
        if reached.insert(name) {
            open.extend(&needs[name]);
        }
    }
    reached
}

fn library() -> Library {
    let texts = files(&root(), ".rs").into_iter().map(|path| {
        let name = path.strip_prefix(root()).expect("a source file").to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, text)
    });
    Library::new(texts.filter(|(name, _)| name != "main.rs" && !name.contains("tests")))
}

#[test]
fn files_need_each_other_only_where_there_is_a_reason() {
    let library = library();
    let found = library.cycles();
    let listed: BTreeSet<Vec<&str>> = CYCLES.iter().map(|(files, _)| files.to_vec()).collect();
    let needs = library.needs();
    let new = found.difference(&listed).map(|cycle| {
        let inside = |name: &&str| -> Vec<&str> {
            needs[name].iter().copied().filter(|needed| cycle.contains(needed)).collect()
        };
        cycle.iter().map(|name| format!("{name} needs {}", inside(name).join(", "))).collect::<Vec<_>>()
    });
    let new: Vec<_> = new.collect();
    let gone: Vec<_> = listed.difference(&found).collect();
    assert!(new.is_empty() && gone.is_empty(), "new: {new:#?}\nlisted and gone: {gone:#?}");
    assert!(CYCLES.iter().all(|(files, reason)| files.is_sorted() && !reason.is_empty()));
}

#[test]
fn a_cycle_is_seen_through_every_form_of_an_import() {
    let library = |one: &str, two: &str| {
        let root = "mod one; mod two; pub use one::One; pub(crate) use two::Two;";
        let texts = [("lib.rs", "mod a;"), ("a/mod.rs", root), ("a/one.rs", one), ("a/two.rs", two)];
        Library::new(texts.map(|(name, text)| (name.to_owned(), text.to_owned())))
    };
    let one = "use super::two::Two; pub struct One(Two);";
    for two in [
        "use super::one::One;",
        "use super::One;",
        "use crate::a::{One as Other};",
        "use super::{one::{self}};",
        "fn f() -> Option<super::One> { None }",
        "fn f() { println!(\"{:?}\", crate::a::One) }",
        "use super::super::a::one::One;",
        "mod inner { use super::super::One; }",
    ] {
        let library = library(one, two);
        assert_eq!(library.cycles(), BTreeSet::from([vec!["a/one.rs", "a/two.rs"]]), "{two}");
    }
    for two in ["", "use std::fmt;", "mod tests { use super::super::One; }", "use super::two::Two;"] {
        assert!(library(one, two).cycles().is_empty(), "{two}");
    }
    let root = "mod one; pub struct Root; fn f() { one::f() }";
    let texts = [("lib.rs", "mod a;"), ("a/mod.rs", root), ("a/one.rs", "use super::Root; pub fn f() {}")];
    let library = Library::new(texts.map(|(name, text)| (name.to_owned(), text.to_owned())));
    assert_eq!(library.cycles(), BTreeSet::from([vec!["a/mod.rs", "a/one.rs"]]));
}
