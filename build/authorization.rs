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
    writeln!(made, "\n/// Actions that manage permissions, in lower case and ascending order.")?;
    writeln!(made, "const MANAGE_PERMISSIONS: &[&str] = &{actions:?};")?;
    fs::write(Path::new(&folder).join("dangerous.rs"), made)?;
    Ok(())
}

/// What the templates of resource types say of ARNs: of which services those are that actions of a prefix
/// take, and whether the ARNs of a type have a Region and an account.
fn forms(text: &str) -> Result<String, Box<dyn Error>> {
    let mut services: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut fields: BTreeMap<(&str, &str), [BTreeSet<bool>; 2]> = BTreeMap::new();
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
            let [regions, accounts] = fields.entry((service, beginning)).or_default();
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
        [one] => format!("Some({one})"),
        _ => "None".to_owned(),
    };
    let mut made = "/// Prefixes of actions, and the services of the ARNs that they take.\nconst SERVICES: &[(&str, &[&str])] = &[\n".to_owned();
    for (prefix, of) in services {
        writeln!(made, "    ({prefix:?}, &{:?}),", of.into_iter().collect::<Vec<_>>())?;
    }
    made.push_str("];\n\n/// Services, how the resources of a type begin, whether their ARNs have a Region, and an account.\nconst FIELDS: &[(&str, &str, Option<bool>, Option<bool>)] = &[\n");
    for ((service, beginning), [regions, accounts]) in fields {
        writeln!(made, "    ({service:?}, {beginning:?}, {}, {}),", always(&regions), always(&accounts))?;
    }
    made.push_str("];\n");
    Ok(made)
}
