//! The generated pages are current, and the documentation is true. `make docs` writes the pages.

#[path = "../../tools/docs/pages/mod.rs"]
mod pages;

use std::fs;
use std::path::{Path, PathBuf};

use sfniam::permissions::Mode;
use sfniam::protocol::Provider;
use sfniam::provider::Sfniam;

use crate::support::{all, compare_or_bless, files, policy, settings};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn generated_pages_are_current() {
    all(pages::all(&root())
        .expect("the pages")
        .iter()
        .map(|(path, text)| compare_or_bless(&root().join("docs").join(path), text)));
}

/// The README names every function with a link to its page.
#[test]
fn the_readme_leads_to_every_function() {
    let readme = read("README.md");
    for function in Sfniam::default().schema().functions {
        let link = format!("[`{0}`](docs/functions/{0}.md)", function.name);
        assert!(readme.contains(&link), "README.md lacks {link}");
    }
}

/// The registries truncate longer pages.
const LONGEST_PAGE: usize = 500 * 1024;

#[test]
fn pages_are_as_the_registries_want_them() {
    all(files(&root().join("docs"), ".md").iter().map(|path| {
        let text = fs::read_to_string(path).expect("the page");
        let front = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
        let Some((front, body)) = front else { return Err(format!("{}: no front matter", path.display())) };
        let is_index = path.ends_with("docs/index.md");
        for (key, wanted) in
            [("page_title: \"", true), ("subcategory: ", !is_index), ("description: |-\n  ", true)]
        {
            if front.contains(key) != wanted {
                return Err(format!(
                    "{}: {key} {}",
                    path.display(),
                    if wanted { "is missing" } else { "is one too many" }
                ));
            }
        }
        if !body.contains("\n# ") || text.len() > LONGEST_PAGE {
            return Err(format!("{}: no heading, or {} bytes", path.display(), text.len()));
        }
        Ok(())
    }));
}

/// The Terraform Registry serves the index without a slash at its end, so a relative link on it leads
/// nowhere; on other pages it leads to a page of the same kind, and never out of `docs`.
#[test]
fn links_lead_somewhere_in_both_registries() {
    all(files(&root().join("docs"), ".md").iter().flat_map(|path| {
        let text = fs::read_to_string(path).expect("the page");
        let is_index = path.ends_with("docs/index.md");
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let relative = links.filter(|link| !link.contains("://") && !link.starts_with('#'));
        let bad = relative.filter(|link| is_index || link.contains('/'));
        bad.map(|link| Err(format!("{}: {link}", path.display()))).collect::<Vec<_>>()
    }));
}

/// The text of the first block in such a language.
fn fenced<'t>(text: &'t str, language: &str) -> &'t str {
    let (_, rest) =
        text.split_once(&format!("```{language}\n")).unwrap_or_else(|| panic!("no {language} block"));
    rest.split_once("```").expect("the end of the block").0
}

/// The arguments and attributes of the data source that the examples in guides and README use.
#[test]
fn what_examples_use_exists() {
    let schema = Sfniam::default().schema();
    let block = &schema.data_source("sfniam_policy").expect("the data source").block;
    let attributes = block.attributes.iter().map(|attribute| &*attribute.name);
    let known: Vec<&str> = attributes.chain(block.blocks.iter().map(|nested| &*nested.name)).collect();
    let mut used = 0;
    let mut pages = files(&root().join("docs"), ".md");
    pages.push(root().join("README.md"));
    pages.extend(files(&root().join("examples"), ".tf"));
    for page in pages {
        let text = fs::read_to_string(&page).expect("the page");
        let mut names: Vec<&str> = Vec::new();
        for data in text.split("data \"sfniam_policy\" \"").skip(1) {
            let body = data.split("\n}").next().unwrap_or_default();
            let lines = body.lines().skip(1).filter_map(|line| line.strip_prefix("  "));
            names.extend(
                lines
                    .filter(|line| line.starts_with(char::is_alphabetic))
                    .filter_map(|line| line.split(' ').next()),
            );
        }
        for reference in text.split("data.sfniam_policy.").skip(1) {
            let after = reference.split_once('.').map(|(_, attribute)| attribute).unwrap_or_default();
            let first_word =
                reference.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            if reference.strip_prefix(first_word).is_some_and(|rest| rest.starts_with('.')) {
                names.extend(after.split(|c: char| !c.is_alphanumeric() && c != '_').next());
            }
        }
        for name in names {
            let meta = ["count", "for_each", "depends_on", "lifecycle"].contains(&name);
            assert!(meta || known.contains(&name), "{}: there is no \"{name}\"", page.display());
            used += 1;
        }
    }
    assert!(used > 20, "the examples were not found");
}

#[test]
fn the_example_of_the_readme_is_true() {
    let readme = read("README.md");
    let (required, data) =
        (read("examples/provider/provider.tf"), read("examples/data-sources/sfniam_policy/data-source.tf"));
    let (required, _) = required.split_once("\n\n").expect("the block of the provider after it");
    assert_eq!(fenced(&readme, "terraform"), format!("{required}\n\n{data}"));
    let definition = read("examples/data-sources/sfniam_policy/nightly.asl.json");
    let (policy, _) = policy(&definition, &settings(Mode::LeastPrivilege)).expect("a policy");
    assert_eq!(fenced(&readme, "json").trim_end(), policy.to_json(), "README.md has another document");
}

/// The README's table of tools, from what `make matrix` wrote. It tells how many tests there were, because a
/// later commit may have more.
#[test]
fn the_readme_names_the_tools_in_which_the_tests_ran() {
    let expected = pages::readme(&root()).expect("a table");
    compare_or_bless(&root().join("README.md"), &expected).expect("`make docs`");
    let matrix = read("tests/matrix.txt");
    let tests = matrix.lines().find_map(|line| line.strip_prefix("tests ")).expect("the number of tests");
    assert!(expected.contains(&format!(" had {tests} tests ")), "{tests}");
}

#[test]
fn a_tool_in_which_a_test_failed_gets_no_row() {
    let readme = "<!-- From tests/matrix.txt -->\nold\n<!-- End -->";
    let matrix = |line: &str| format!("date 2030-01-02\ncommit 0123456789ab\ntests 9\n{line}\n");
    let table = |line: &str| pages::table_in(readme, &matrix(line));
    let fine =
        table("tofu 1.2.3 5 passed, 0 failed, 3 not supported, 1 without their program").expect("a table");
    assert!(fine.contains("had 9 tests (commit `0123456789ab`)"), "{fine}");
    assert!(
        fine.contains(
            "| OpenTofu | 1.2.3 | 5 | 3, which this version does not support; \
             1, because a program is missing |"
        ),
        "{fine}"
    );
    assert!(table("tofu 1.2.3 not run").expect("a table").ends_with("|---|\n\n<!-- End -->"));
    for line in
        ["tofu 1.2.3 5 passed, 1 failed, 3 not supported, 0 without their program", "tofu 1.2.3 5 passed, x"]
    {
        assert!(table(line).is_err(), "{line}");
    }
    assert!(pages::table_in(readme, "date 2030-01-02\ncommit 0123456789ab\n").is_err());
}
