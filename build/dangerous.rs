//! Makes the table of dangerous actions out of the authorization data.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

const DATA: &str = "src/sdk/authorization.txt";

/// The access level of actions that manage permissions.
const MANAGES_PERMISSIONS: &str = "p";

/// Writes `dangerous.rs` to the build's folder: the patterns, their reasons, and the actions of that level.
pub(crate) fn write() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DATA}");
    let text = fs::read_to_string(DATA)?;
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
    fs::write(Path::new(&env::var("OUT_DIR")?).join("dangerous.rs"), made)?;
    Ok(())
}
