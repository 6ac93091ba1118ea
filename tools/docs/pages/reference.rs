//! The reference pages in the layout of the registries, from the schema and the files of `examples/`.

use std::fmt::Write as _;
use std::io;

use sfniam::protocol::schema::{Attribute, Block, DataSource, Function, Parameter, Schema, Shape, Usage};
use sfniam::protocol::value::Type;

/// Every reference page: its path below `docs/`, and its text. `example` reads a file of `examples/`, `more`
/// reads the other configurations in the folder of such a file, `guides` is the list of the guides.
pub(super) fn pages(
    schema: &Schema,
    example: impl Fn(&str) -> io::Result<String>,
    more: impl Fn(&str) -> io::Result<Vec<String>>,
    guides: &str,
) -> io::Result<Vec<(String, String)>> {
    let index = index(&schema.provider, &example("provider/provider.tf")?, guides);
    let mut pages = vec![("index.md".to_owned(), index)];
    for source in &schema.data_sources {
        let name = format!("data-sources/{}/data-source.tf", source.name);
        let page = data_source(source, &example(&name)?, &more(&name)?);
        pages.push((format!("data-sources/{}.md", short(&source.name)), page));
    }
    for function in &schema.functions {
        let file = example(&format!("functions/{}/function.tf", function.name))?;
        pages.push((format!("functions/{}.md", function.name), self::function(function, &file)));
    }
    Ok(pages)
}

fn index(block: &Block, example: &str, guides: &str) -> String {
    // A provider's page belongs to no category, and tfplugindocs rejects one.
    let mut page = front("sfniam Provider", &block.description).replace("subcategory: \"\"\n", "");
    let _ = write!(page, "# sfniam Provider\n\n{}\n\n", block.description);
    page.push_str(guides);
    page.push('\n');
    let _ = write!(page, "## Example Usage\n\n```terraform\n{}\n```\n\n", example.trim_end());
    schema(&mut page, block);
    page
}

fn data_source(source: &DataSource, example: &str, more: &[String]) -> String {
    let description = &source.block.description;
    let mut page = front(&format!("{} Data Source - sfniam", source.name), description);
    let _ = write!(page, "# {} (Data Source)\n\n{description}\n\n", source.name);
    let _ = write!(page, "## Example Usage\n\n```terraform\n{}\n```\n\n", example.trim_end());
    for example in more {
        // The first line is a comment, the heading.
        let (title, text) = example.split_once('\n').unwrap_or_default();
        let _ =
            write!(page, "### {}\n\n```terraform\n{}\n```\n\n", title.trim_start_matches("# "), text.trim());
    }
    schema(&mut page, &source.block);
    page
}

fn function(function: &Function, example: &str) -> String {
    let mut page = front(&format!("{} function - sfniam", function.name), &function.summary);
    let _ = write!(page, "# function: {}\n\n{}\n\n", function.name, function.description);
    page.push_str("Provider functions need Terraform 1.8 or OpenTofu 1.7.\n\n");
    let _ = write!(page, "## Example Usage\n\n```terraform\n{}\n```\n\n", example.trim_end());
    let signature = |parameter: &Parameter| format!("{} {}", parameter.name, parameter.kind.name());
    let mut parameters: Vec<String> = function.parameters.iter().map(signature).collect();
    parameters.extend(function.variadic.iter().map(|more| format!("{}...", signature(more))));
    let result = function.result.name();
    let _ = write!(
        page,
        "## Signature\n\n```text\n{}({}) {result}\n```\n\n## Arguments\n\n",
        function.name,
        parameters.join(", ")
    );
    for (number, parameter) in (1..).zip(function.parameters.iter().chain(&function.variadic)) {
        let null = if parameter.allow_null { ", Nullable" } else { "" };
        let variadic = if number > function.parameters.len() { "Variadic, " } else { "" };
        let _ = writeln!(
            page,
            "{number}. `{}` ({variadic}{}{null}) {}",
            parameter.name,
            type_words(&parameter.kind),
            parameter.description
        );
    }
    page
}

/// The front matter that the registries read, and how to make the page again.
fn front(title: &str, description: &str) -> String {
    let first = description.split(". ").next().unwrap_or_default().trim_end_matches('.').replace('`', "");
    format!(
        "---\npage_title: \"{title}\"\nsubcategory: \"\"\ndescription: |-\n  {first}.\n---\n\n\
         <!-- Made by \"make docs\" from the descriptions in src/provider and the files in examples. Change those. -->\n\n"
    )
}

fn schema(page: &mut String, block: &Block) {
    page.push_str("## Schema\n\n");
    let mut nested = Vec::new();
    let with_usage =
        |usage: fn(Usage) -> bool| block.attributes.iter().filter(move |it| usage(it.usage)).collect();
    let required: Vec<&Attribute> = with_usage(|usage| usage == Usage::Required);
    let optional: Vec<&Attribute> =
        with_usage(|usage| matches!(usage, Usage::Optional | Usage::OptionalComputed));
    let computed: Vec<&Attribute> = with_usage(|usage| usage == Usage::Computed);
    section(page, "Required", &required, "", &mut nested);
    section(page, "Optional", &optional, "", &mut nested);
    if !block.blocks.is_empty() {
        page.push_str("### Blocks\n\n");
        for inner in &block.blocks {
            let _ = writeln!(
                page,
                "- `{0}` (Block List) {1} (see [below for nested schema](#nestedblock--{0}))",
                inner.name, inner.block.description
            );
        }
        page.push('\n');
    }
    section(page, "Read-Only", &computed, "", &mut nested);
    for inner in &block.blocks {
        heading(page, "nestedblock", &inner.name);
        lines(page, &inner.block.attributes.iter().collect::<Vec<_>>(), &inner.name, &mut nested);
        page.push('\n');
    }
    let mut position = 0;
    while let Some((path, members)) = nested.get(position).cloned() {
        heading(page, "nestedatt", &path);
        lines(page, &members.iter().collect::<Vec<_>>(), &path, &mut nested);
        page.push('\n');
        position += 1;
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
}

/// The heading of what is nested, with the anchor that tfplugindocs makes for it.
fn heading(page: &mut String, kind: &str, path: &str) {
    let _ = writeln!(page, "<a id=\"{kind}--{}\"></a>", path.replace('.', "--"));
    let _ = write!(page, "### Nested Schema for `{path}`\n\n");
}

type Nested = Vec<(String, Vec<Attribute>)>;

fn section(page: &mut String, title: &str, attributes: &[&Attribute], path: &str, nested: &mut Nested) {
    if attributes.is_empty() {
        return;
    }
    let _ = write!(page, "### {title}\n\n");
    lines(page, attributes, path, nested);
    page.push('\n');
}

/// A line for each attribute; the members of objects are described further down.
fn lines(page: &mut String, attributes: &[&Attribute], path: &str, nested: &mut Nested) {
    for attribute in attributes {
        let (name, description) = (&attribute.name, attribute.full_description());
        let full = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
        let (kind, members) = match &attribute.shape {
            Shape::Plain(plain) => (type_words(plain), None),
            Shape::Object(members) => ("Attributes".to_owned(), Some(members)),
            Shape::List(members) => ("Attributes List".to_owned(), Some(members)),
        };
        let required = if !path.is_empty() && attribute.usage == Usage::Required { ", Required" } else { "" };
        let _ = write!(page, "- `{name}` ({kind}{required}) {description}");
        if let Some(members) = members {
            let _ = write!(page, " (see [below for nested schema](#nestedatt--{}))", full.replace('.', "--"));
            nested.push((full, members.clone()));
        }
        page.push('\n');
    }
}

fn type_words(kind: &Type) -> String {
    match kind {
        Type::String => "String".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::Bool => "Boolean".to_owned(),
        Type::Dynamic => "Dynamic".to_owned(),
        Type::List(element) => format!("List of {}", type_words(element)),
        Type::Set(element) => format!("Set of {}", type_words(element)),
        Type::Map(element) => format!("Map of {}", type_words(element)),
        Type::Tuple(_) | Type::Object(_) => kind.name(),
    }
}

/// The registries leave out the provider's name in the names of pages.
fn short(name: &str) -> &str {
    name.split_once('_').map_or(name, |(_, rest)| rest)
}
