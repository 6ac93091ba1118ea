//! The generated pages: the reference from the schema and the examples, the guides to both kinds of
//! integrations from the catalogues.

mod findings;
mod integrations;
mod reference;
mod sdk;
mod tools;

use std::path::Path;
use std::{fs, io};

use sfniam::integrations::{READERS_AND_WRITERS, SERVICES, Service};
use sfniam::protocol::Provider;
use sfniam::provider::Sfniam;

/// Where the Terraform Registry has our pages.
const PUBLISHED: &str = "https://registry.terraform.io/providers/sfniam/sfniam/latest/docs/";

/// Every generated page: its path below `docs/`, and its text. `root` is the folder of the repository.
pub(crate) fn all(root: &Path) -> io::Result<Vec<(String, String)>> {
    let read = |path: &str| {
        fs::read_to_string(root.join(path))
            .map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))
    };
    let schema = Sfniam::default().schema();
    let example = |name: &str| read(&format!("examples/{name}"));
    let more = |name: &str| others(&root.join("examples").join(name));
    let mut pages = reference::pages(&schema, example, more, &guides(root)?)?;
    pages.push(("guides/findings.md".to_owned(), findings::page()));
    pages.push(("guides/integrations.md".to_owned(), integrations::page(&services())));
    pages.push(("guides/aws-sdk-integrations.md".to_owned(), sdk::page(&read("catalog/coverage.txt")?)));
    Ok(pages)
}

/// README.md with the table of `tests/matrix.txt`.
pub(crate) fn readme(root: &Path) -> io::Result<String> {
    let read = |path: &str| fs::read_to_string(root.join(path));
    table_in(&read("README.md")?, &read("tests/matrix.txt")?)
}

pub(crate) use tools::readme as table_in;

/// The texts of the other examples in the folder of a file, which have numbers, in their order.
fn others(file: &Path) -> io::Result<Vec<String>> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(|one: char| one.is_ascii_digit()) {
            paths.push(entry.path());
        }
    }
    paths.sort();
    paths.iter().map(fs::read_to_string).collect()
}

/// All that a task, a reader or a writer can call.
fn services() -> Vec<Service> {
    let mut services: Vec<Service> = SERVICES.iter().chain([READERS_AND_WRITERS]).copied().collect();
    services.sort_by_key(|service| service.name);
    services
}

/// A line for each guide, from its front matter.
fn guides(root: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root.join("docs/guides"))? {
        files.push(entry?.file_name().to_string_lossy().into_owned());
    }
    files.sort();
    let mut lines = String::new();
    for file in files {
        let text = fs::read_to_string(root.join("docs/guides").join(&file))?;
        let value = |key: &str| {
            let rest = text.split_once(key).map(|(_, rest)| rest);
            rest.and_then(|rest| rest.lines().next()).unwrap_or_default().to_owned()
        };
        let (title, description) = (value("page_title: "), value("description: |-\n  "));
        let title = title.trim_matches('"').replace("\\\"", "\"");
        let page = file.trim_end_matches(".md");
        lines.push_str(&format!("- [{title}]({PUBLISHED}guides/{page}): {description}\n"));
    }
    Ok(lines)
}
