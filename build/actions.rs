//! Packs the names of all actions of AWS for embedding: 100 KB of the megabyte that the authorization data
//! have.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

const AUTHORIZATION: &str = "src/sdk/authorization.txt";

const LEVEL: u8 = 10;

/// Writes `actions.bin`: a line for the prefix of each service, then one for each of its actions, indented,
/// with `+` behind the name where the action has resource types.
pub(crate) fn pack() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={AUTHORIZATION}");
    let text = fs::read_to_string(AUTHORIZATION)?;
    let mut packed = String::new();
    for line in text.lines() {
        if let Some(prefix) = line.strip_prefix("prefix ") {
            packed.push_str(prefix);
        } else if let Some(action) = line.strip_prefix(' ').filter(|line| !line.starts_with("type ")) {
            let mut words = action.split_whitespace();
            packed.push(' ');
            packed.push_str(words.next().ok_or("no action")?);
            // The second word is the level.
            packed.push_str(words.nth(1).map_or("", |_| "+"));
        } else {
            continue;
        }
        packed.push('\n');
    }
    let folder = env::var("OUT_DIR")?;
    fs::write(
        Path::new(&folder).join("actions.bin"),
        miniz_oxide::deflate::compress_to_vec(packed.as_bytes(), LEVEL),
    )?;
    Ok(())
}
