//! The repository itself: layers, orphan files, the form of messages, paths in Markdown.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use sfniam::finding::Code;
use sfniam::protocol::problem;

use crate::support::declared::declared;
use crate::support::imports::imports;
use crate::support::{all, files};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// As it is written in the repository, with `/` on every system.
fn name(path: &Path) -> String {
    path.strip_prefix(root()).expect("a file of the repository").to_string_lossy().replace('\\', "/")
}

fn sources() -> Vec<PathBuf> {
    files(&root().join("src"), ".rs")
}

/// Which folders of `src/` may be imported from which. Only `main.rs` joins plugin, protocol and provider.
pub(crate) const LAYERS: &[(&str, &[&str])] = &[
    ("asl", &["finding", "json", "work"]),
    ("call", &["asl", "iam"]),
    (
        "cli",
        &[
            "asl",
            "compare",
            "document",
            "finding",
            "generator",
            "iam",
            "integrations",
            "json",
            "permissions",
            "protocol",
            "provider",
            "sdk",
            "source",
            "work",
        ],
    ),
    ("compare", &["document", "iam", "work"]),
    ("document", &["json", "work"]),
    ("finding", &["work"]),
    (
        "generator",
        &["asl", "compare", "document", "finding", "iam", "json", "permissions", "sdk", "source", "work"],
    ),
    ("iam", &["work"]),
    ("integrations", &["asl", "call", "iam"]),
    ("json", &[]),
    ("permissions", &["asl", "call", "finding", "iam", "integrations", "sdk", "work"]),
    ("plugin", &[]),
    ("protocol", &["work"]),
    (
        "provider",
        &["compare", "document", "generator", "asl", "finding", "iam", "permissions", "protocol", "work"],
    ),
    ("sdk", &["asl", "call", "finding", "iam"]),
    ("source", &[]),
    ("work", &[]),
];

#[test]
fn layers_import_only_what_they_may() {
    all(sources().iter().map(|path| {
        let name = name(path);
        let module = module(&name);
        let Some(layer) = module.first() else { return Ok(()) };
        if !LAYERS.iter().any(|(one, _)| one == layer) {
            return Err(format!("{name}: the layer \"{layer}\" has no row in tests/it/repository.rs"));
        }
        let imported = imports(&read(path), &module).map_err(|error| format!("{name}: {error}"))?;
        match forbidden(layer, &imported) {
            Some(imported) => Err(format!("{name}: {layer} must not know {imported}")),
            None => Ok(()),
        }
    }));
}

/// The module of a file of `src/`, from the root of the library.
fn module(name: &str) -> Vec<&str> {
    let inside = name.trim_start_matches("src/").trim_end_matches(".rs");
    inside.split('/').filter(|part| !["mod", "lib", "main"].contains(part)).collect()
}

/// What a layer imports although it must not.
fn forbidden<'i>(layer: &str, imported: &'i [Vec<String>]) -> Option<&'i str> {
    let may = |other: &str| {
        other == layer || LAYERS.iter().any(|(one, others)| *one == layer && others.contains(&other))
    };
    let is_layer = |name: &str| name == "*" || LAYERS.iter().any(|(layer, _)| *layer == name);
    imported
        .iter()
        .filter_map(|path| path.first())
        .map(String::as_str)
        .find(|name| is_layer(name) && !may(name))
}

#[test]
fn every_form_of_an_import_is_seen() {
    for text in [
        "use crate::provider;",
        "use crate::{asl, provider};",
        "use crate::{asl::{Json, State}, provider::{self, Sfniam}};",
        "use crate::provider as other;",
        "use super::super::provider::Sfniam;",
        "use super::{super::{provider}};",
        "use crate::*;",
        "fn f() -> crate::provider::Sfniam { todo!() }",
        "fn f() { let _ = <super::super::provider::Sfniam as Default>::default(); }",
        "fn f() { println!(\"{}\", crate::provider::NAME) }",
        "macro_rules! m { () => { $crate::provider::f() } }",
        "mod inner { use super::super::super::provider; }",
        "pub(crate) use crate::provider::Sfniam;",
    ] {
        let imported = imports(text, &["asl", "parse"]).expect(text);
        assert!(forbidden("asl", &imported).is_some(), "{text}: {imported:?}");
    }
    for text in [
        "use crate::asl::provider;",
        "use super::provider;",
        "use self::provider::Sfniam;",
        "use provider::Sfniam;",
        "mod inner { use super::*; use super::super::provider; }",
        "// use crate::provider;\nconst TEXT: &str = \"crate::provider\";",
        "use crate::finding::Finding;",
    ] {
        let imported = imports(text, &["asl", "parse"]).expect(text);
        assert_eq!(forbidden("asl", &imported), None, "{text}");
    }
}

#[test]
fn a_layer_gives_a_name_to_one_type() {
    let texts: Vec<(String, String)> = sources().iter().map(|path| (name(path), read(path))).collect();
    let twice = types_with_one_name(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}

/// Names that several types of a layer have. What is compiled only under a condition does not count: tests,
/// and what takes the place of something else on another system.
fn types_with_one_name<'f>(files: impl Iterator<Item = (&'f str, &'f str)> + Clone) -> Vec<String> {
    let declared = files.map(|(name, text)| {
        (name, module(name), declared(text).unwrap_or_else(|error| panic!("{name}: {error}")))
    });
    let declared: Vec<_> = declared.collect();
    let conditional = declared.iter().flat_map(|(_, module, declared)| {
        declared.conditional_modules.iter().map(|child| [module.as_slice(), &[child]].concat())
    });
    let conditional: Vec<Vec<&str>> = conditional.collect();
    let mut places: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for (name, module, declared) in &declared {
        if conditional.iter().any(|other| module.starts_with(other)) {
            continue;
        }
        let layer = module.first().copied().unwrap_or_default();
        for declared in &declared.types {
            places.entry((layer, declared)).or_default().push(name);
        }
    }
    let twice = places.into_iter().filter(|(_, names)| names.len() > 1);
    twice.map(|((_, declared), names)| format!("the type {declared} in {}", names.join(" and "))).collect()
}

#[test]
fn every_form_of_a_type_is_seen() {
    for text in [
        "struct Row;",
        "pub enum Row {}",
        "pub(super) trait Row {}",
        "union Row { one: u8 }",
        "type Row<'a> = &'a str;",
        "mod inner { struct Row; }",
        "fn f() { type Row = u8; }",
        "impl Other { fn f() { struct Row; } }",
    ] {
        let twice =
            types_with_one_name([("src/iam/a.rs", "struct Row;"), ("src/iam/b.rs", text)].into_iter());
        assert_eq!(twice, ["the type Row in src/iam/a.rs and src/iam/b.rs"], "{text}");
        let other =
            types_with_one_name([("src/iam/a.rs", "struct Row;"), ("src/cli/b.rs", text)].into_iter());
        assert!(other.is_empty(), "{text}");
    }
    for text in [
        "use super::a::Row;",
        "#[cfg(test)] mod tests { struct Row; }",
        "#[cfg(windows)] struct Row;",
        "impl Other for u8 { type Row = u8; }",
        "trait Other { type Row; }",
        "fn row() {} const ROW: u8 = 1; // struct Row;",
    ] {
        let twice =
            types_with_one_name([("src/iam/a.rs", "struct Row;"), ("src/iam/b.rs", text)].into_iter());
        assert!(twice.is_empty(), "{text}: {twice:?}");
    }
    let tests = [("src/iam/a.rs", "#[cfg(test)] mod b; struct Row;"), ("src/iam/a/b.rs", "struct Row;")];
    assert!(types_with_one_name(tests.into_iter()).is_empty());
}

#[test]
fn every_source_file_is_a_module() {
    let texts: Vec<(PathBuf, String)> =
        sources().into_iter().map(|path| (path.clone(), read(&path))).collect();
    all(texts.iter().map(|(path, _)| {
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let folder = path.parent().expect("a folder");
        let (module, place) = match stem.as_str() {
            "main" | "lib" => return Ok(()),
            "mod" => (folder.file_name().expect("a name").to_string_lossy().into_owned(), folder.parent()),
            _ => (stem, Some(folder)),
        };
        let place = place.expect("a folder");
        let parents = [place.join("mod.rs"), place.join("lib.rs"), place.with_extension("rs")];
        let declared = texts.iter().filter(|(path, _)| parents.contains(path)).any(|(_, text)| {
            let line = format!("mod {module};");
            text.lines().any(|own| {
                own.strip_suffix(&line).is_some_and(|before| before.is_empty() || before.starts_with("pub"))
            })
        });
        if declared { Ok(()) } else { Err(format!("{} is the file of no module", name(path))) }
    }));
}

#[test]
fn files_stay_small() {
    let others = ["tests", "tools"].map(|folder| files(&root().join(folder), ".rs"));
    all(sources().iter().chain(others.iter().flatten()).map(|path| {
        let lines = read(path).lines().count();
        if lines <= 500 { Ok(()) } else { Err(format!("{} has {lines} lines: divide it", name(path))) }
    }));
}

/// `sns:Publish`, whose prefix is never capitalized.
fn begins_with_an_action(summary: &str) -> bool {
    summary.split(' ').next().is_some_and(|word| word.contains(':'))
}

/// The titles of codes, and every literal in a function that returns the summary of a problem.
#[test]
fn summaries_have_no_full_stop() {
    let mut summaries: Vec<String> = Code::ALL.iter().map(|code| code.row().title.to_owned()).collect();
    summaries.extend(problem::Code::ALL.iter().map(|code| code.row().title.to_owned()));
    for path in sources() {
        for function in read(&path).split("fn summary(&self) -> String {").skip(1) {
            let body = function.split("\n    }\n").next().unwrap_or_default().replace("\\\"", "'");
            summaries.extend(body.split('"').skip(1).step_by(2).map(str::to_owned));
        }
    }
    all(summaries.iter().map(|summary| {
        let bad = summary.ends_with(['.', '!', ':'])
            || summary.contains('\n')
            || summary.len() > 80
            || (summary.starts_with(char::is_lowercase) && !begins_with_an_action(summary));
        if bad { Err(format!("the summary \"{summary}\"")) } else { Ok(()) }
    }));
    assert!(summaries.len() > 100, "only {} summaries were found", summaries.len());
}

fn pages() -> Vec<PathBuf> {
    let mut pages = files(&root().join("docs"), ".md");
    pages.push(root().join("examples/README.md"));
    let tops = fs::read_dir(root()).expect("the repository").map(|entry| entry.expect("an entry").path());
    pages.extend(tops.filter(|path| path.extension().is_some_and(|ending| ending == "md")));
    pages
}

#[test]
fn paths_in_pages_exist() {
    all(pages().iter().flat_map(|page| {
        let text = read(page);
        let folder = page.parent().expect("a folder").to_owned();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let links = links.filter(|link| !link.contains("://") && !link.starts_with('#'));
        // Where our own pages and files are when they are published.
        let published = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let published = published.filter_map(|link| {
            let page =
                link.strip_prefix("https://registry.terraform.io/providers/sfniam/sfniam/latest/docs/");
            let file = link.strip_prefix("https://github.com/sfniam/terraform-provider-sfniam/tree/main/");
            page.map(|page| root().join(format!("docs/{page}.md"))).or(file.map(|file| root().join(file)))
        });
        let published: Vec<PathBuf> = published.collect();
        let links: Vec<PathBuf> =
            links.map(|link| folder.join(link.split('#').next().unwrap_or_default())).collect();
        // Paths in running text are those of the repository's top.
        let words =
            text.split('`').skip(1).step_by(2).filter(|word| !word.contains([' ', '*', '\n', ':', '…', '|']));
        let beginnings = ["src/", "tests/", "examples/", "docs/", "proto/", "benches/", "catalog/", "tools/"];
        let words = words.filter(|word| beginnings.iter().any(|beginning| word.starts_with(beginning)));
        let words: Vec<PathBuf> =
            words.filter(|word| !word.contains("SERVICE")).map(|word| root().join(word)).collect();
        let page = name(page);
        links
            .into_iter()
            .chain(words)
            .chain(published)
            .filter(|path| !path.exists())
            .map(move |path| Err(format!("{page} names {}, which does not exist", path.display())))
            .collect::<Vec<_>>()
    }));
}

#[test]
fn examples_take_patches_of_this_version_and_nothing_else() {
    let version = concat!(env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"), ".0");
    let mut pages = files(&root().join("examples"), "versions.tf");
    pages.extend([root().join("examples/provider/provider.tf"), root().join("README.md")]);
    all(pages.iter().map(|path| {
        let pinned = format!("version = \"~> {version}\"");
        if read(path).contains(&pinned) { Ok(()) } else { Err(format!("{} has no {pinned}", name(path))) }
    }));
}

/// SECURITY.md says what the program writes and when it serves without certificates.
#[test]
fn what_writes_a_file_is_told() {
    let security = read(&root().join("SECURITY.md"));
    let writes = ["fs::write(", "File::create", "OpenOptions", "fs::copy(", "fs::rename("];
    let found: Vec<String> = sources()
        .iter()
        .filter(|path| {
            let text = read(path);
            let shipped = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
            writes.iter().any(|write| shipped.contains(write))
        })
        .map(|path| name(path))
        .filter(|name| !name.ends_with("/tests.rs"))
        .collect();
    assert_eq!(found, ["src/cli/check/baseline.rs"]);
    for option in ["`check --write-baseline FILE`", "`--debug`"] {
        assert!(security.contains(option), "SECURITY.md does not name {option}");
    }
}

#[test]
fn registries_learn_the_protocol_that_is_served() {
    let text = read(&root().join("terraform-registry-manifest.json"));
    let manifest: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(manifest["version"], 1);
    assert_eq!(manifest["metadata"]["protocol_versions"], serde_json::json!(["6.0"]));
}

#[test]
fn every_scenario_has_its_line() {
    let text = read(&root().join("examples/README.md"));
    all(files(&root().join("examples"), "main.tf").iter().map(|path| {
        let folder = path.parent().and_then(Path::file_name).expect("a folder").to_string_lossy();
        let line = format!("| [{folder}]({folder}) |");
        if text.contains(&line) {
            Ok(())
        } else {
            Err(format!("examples/README.md has no line for {folder}"))
        }
    }));
}

#[test]
fn the_aws_halves_of_the_scenarios_use_the_policy_before_the_state_machine() {
    let halves = files(&root().join("examples"), "aws.tf");
    assert!(!halves.is_empty());
    let parts: [&[&str]; 3] = [
        &["= data.sfniam_policy.this.json", "= local.policy.json"],
        &["definition = local.definition"],
        &["depends_on = [aws_iam_role_policy.this]"],
    ];
    all(halves.iter().flat_map(|path| {
        let text = read(path);
        let missing = parts.iter().filter(|part| !part.iter().any(|form| text.contains(form)));
        missing.map(|part| Err(format!("{}: no {}", name(path), part[0]))).collect::<Vec<_>>()
    }));
}

#[test]
fn every_test_file_has_its_line() {
    let text = read(&root().join("ARCHITECTURE.md"));
    all(files(&root().join("tests"), ".rs").iter().map(|path| name(path)).map(|name| {
        let line = format!("| [`{name}`]({name}) |");
        let is_support = name.starts_with("tests/it/support/");
        if is_support || name.ends_with("/main.rs") || text.contains(&line) {
            Ok(())
        } else {
            Err(format!("ARCHITECTURE.md has no line for {name}"))
        }
    }));
}

#[test]
fn the_changelog_has_its_form() {
    let text = read(&root().join("CHANGELOG.md"));
    const KINDS: &[&str] = &["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    let mut before = None;
    let mut versions = Vec::new();
    for line in text.lines() {
        if let Some(version) = line.strip_prefix("## ") {
            versions.push(version);
            before = None;
        } else if let Some(kind) = line.strip_prefix("### ") {
            let position = KINDS.iter().position(|one| *one == kind);
            assert!(position.is_some(), "CHANGELOG.md: \"{kind}\" is none of {KINDS:?}");
            assert!(before < position, "CHANGELOG.md: \"{kind}\" stands too late");
            before = position;
        } else if line.starts_with("- ") {
            assert!(before.is_some(), "CHANGELOG.md: \"{line}\" stands under no heading");
        }
    }
    assert_eq!(versions.first(), Some(&"[Unreleased]"), "CHANGELOG.md begins with what is not yet released");
}

#[test]
fn nothing_is_left_for_later_and_nothing_names_a_machine() {
    // Concatenated here, so that this file does not find itself.
    let words = [["TO", "DO"], ["FIX", "ME"], ["/home", "/"], ["/root", "/"], ["/tmp", "/"], ["/Users", "/"]]
        .map(|parts| parts.concat());
    let mut paths = pages();
    for (folder, ending) in [
        ("src", ".rs"),
        ("tests", ".rs"),
        ("proto", ".proto"),
        ("examples", ".tf"),
        ("build", ".rs"),
        ("benches", ".rs"),
        ("tools", ".rs"),
    ] {
        if root().join(folder).is_dir() {
            paths.extend(files(&root().join(folder), ending));
        }
    }
    all(paths.iter().flat_map(|path| {
        let text = read(path);
        let found: Vec<&String> = words.iter().filter(|word| text.contains(word.as_str())).collect();
        found.into_iter().map(|word| Err(format!("{} has \"{word}\"", name(path)))).collect::<Vec<_>>()
    }));
}

/// The packages that a package needs, by a lock file.
fn needed(lock: &str, package: &str) -> BTreeSet<String> {
    let lock: toml::Table = lock.parse().expect("a lock file");
    let packages = lock["package"].as_array().expect("packages");
    let own = packages.iter().find(|one| one["name"].as_str() == Some(package));
    let listed = own.and_then(|one| one.get("dependencies")).and_then(|all| all.as_array());
    listed.into_iter().flatten().filter_map(|one| Some(one.as_str()?.split(' ').next()?.to_owned())).collect()
}

/// Cargo adds what is missing in silence, in whatever version is newest then.
#[test]
fn lock_files_of_their_own_have_all_that_the_library_needs() {
    let manifest: toml::Table = read(&root().join("Cargo.toml")).parse().expect("a manifest");
    let always = manifest["dependencies"].as_table().expect("dependencies").keys();
    let always: BTreeSet<String> = always.cloned().collect();
    assert!(always.len() > 10);
    for name in ["fuzz", "benches/peer"] {
        let needed = needed(&read(&root().join(name).join("Cargo.lock")), "terraform-provider-sfniam");
        let missing: Vec<&String> = always.difference(&needed).collect();
        assert!(missing.is_empty(), "{name}/Cargo.lock lacks {missing:?}");
    }
}
