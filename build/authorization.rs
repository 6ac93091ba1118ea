//! Makes tables out of the authorization data: the actions that are dangerous, and the form of each service's
//! ARNs.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

const DATA: &str = "src/sdk/authorization.txt";

/// The access level of actions that manage permissions.
const MANAGES_PERMISSIONS: &str = "p";

/// Writes `dangerous.rs` and `forms.rs` to the build's folder.
pub(crate) fn write() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DATA}");
    let text = fs::read_to_string(DATA)?;
    let folder = env::var("OUT_DIR")?;
    fs::write(Path::new(&folder).join("forms.rs"), forms(&text)?)?;
    let (mut patterns, mut actions, mut prefix) = (String::new(), Vec::new(), "");
    for line in text.lines() {
        if let Some(row) = line.strip_prefix("dangerous ") {
            let (pattern, why) = row.split_once(" -- ").ok_or("a pattern without a reason")?;
            writeln!(patterns, "    ({:?}, {why:?}),", pattern.to_ascii_lowercase())?;
        } else if let Some(name) = line.strip_prefix("prefix ") {
            prefix = name;
        } else if let Some(row) = line.strip_prefix(' ').filter(|row| !row.starts_with("type ")) {
            let mut words = row.split(' ');
            let name = words.next().unwrap_or_default();
            if words.next() == Some(MANAGES_PERMISSIONS) {
                actions.push(format!("{prefix}:{name}").to_ascii_lowercase());
            }
        }
    }
    if patterns.is_empty() || actions.is_empty() {
        return Err("the authorization data have no dangerous actions".into());
    }
    actions.sort();
    let mut made = format!(
        "/// Patterns in lower case, and why what fits is dangerous.\nconst PATTERNS: &[(&str, &str)] = &[\n{patterns}];\n"
    );
    writeln!(made, "\n/// Actions that manage permissions, in lower case.")?;
    writeln!(made, "const MANAGE_PERMISSIONS: Rows = {};", rows(&actions))?;
    fs::write(Path::new(&folder).join("dangerous.rs"), made)?;
    Ok(())
}

/// What the templates of resource types say of ARNs: of which services those are that actions of a prefix
/// take, and whether the ARNs of a type have a Region and an account.
fn forms(text: &str) -> Result<String, Box<dyn Error>> {
    let mut services: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut types: BTreeMap<&str, BTreeMap<&str, [BTreeSet<bool>; 2]>> = BTreeMap::new();
    let mut prefix = "";
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("prefix ") {
            prefix = name;
        } else if let Some(row) = line.strip_prefix(" type ") {
            let template = row.split_once(' ').ok_or("a type without a template")?.1;
            let mut parts = template.splitn(6, ':').skip(2);
            let [service, region, account, resource] = [(); 4].map(|()| parts.next());
            let service = service.ok_or("a template without a service")?;
            services.entry(prefix).or_default().insert(service);
            let resource = resource.ok_or("a template without a resource")?;
            let beginning = resource.split(['$', '*']).next().unwrap_or_default();
            if service.contains(' ') || beginning.contains(' ') {
                return Err("a template with a space".into());
            }
            let [regions, accounts] = types.entry(service).or_default().entry(beginning).or_default();
            for (known, field) in [(regions, region), (accounts, account)] {
                let field = field.ok_or("a template without a field")?;
                match field {
                    "" => drop(known.insert(false)),
                    _ if field.starts_with("${") => drop(known.insert(true)),
                    // A wildcard stands for either.
                    _ => known.extend([false, true]),
                }
            }
        }
    }
    let always = |known: &BTreeSet<bool>| match known.iter().collect::<Vec<_>>().as_slice() {
        [true] => '+',
        [false] => '-',
        _ => '?',
    };
    // A template can have a variable instead of the service: then it can be any.
    let certain =
        services.into_iter().filter(|(_, of)| !of.iter().any(|service| service.contains(['$', '*'])));
    let of_prefixes = certain.map(|(prefix, of)| {
        let of: Vec<&str> = of.into_iter().collect();
        format!("{prefix} {}", of.join(" "))
    });
    let of_services = types.into_iter().map(|(service, types)| {
        let words = types.into_iter().map(|(beginning, [regions, accounts])| {
            format!(" {}{}{beginning}", always(&regions), always(&accounts))
        });
        format!("{service}{}", words.collect::<String>())
    });
    let mut made = String::from(
        "/// A prefix of actions, and the services of the ARNs that they take, unless they can be any.\n",
    );
    writeln!(made, "const SERVICES: Rows = {};\n", rows(&of_prefixes.collect::<Vec<_>>()))?;
    made.push_str("/// A service, and its types: whether their ARNs have a Region, and an account, `+`, `-`, or `?`, and how their resources begin.\n");
    writeln!(made, "const TYPES: Rows = {};", rows(&of_services.collect::<Vec<_>>()))?;
    Ok(made)
}

/// A table of texts as one text: `src/sdk/rows.rs`.
fn rows(texts: &[String]) -> String {
    let mut end = 0;
    let bounds = texts.iter().map(|text| {
        let start = end;
        end += text.len();
        (start, start + text.find(' ').unwrap_or(text.len()), end)
    });
    let bounds: Vec<(usize, usize, usize)> = bounds.collect();
    format!("Rows {{ text: {:?}, bounds: &{bounds:?} }}", texts.concat())
}
