//! The real tools decode YAML as the command line does.

use std::fs;

use serde_json::Value;

use crate::cli::{Cli, Feature};
use crate::support::{all, files, tests_folder};
use crate::workspace::Workspace;

/// The expected JSON beside each file in `tests/yaml`, with which `tests/it/source.rs` compares the command
/// line.
pub(crate) fn yaml_is_decoded_as_the_command_line_decodes_it(cli: &Cli) {
    // Older ones have other rules for numbers.
    let is_told = |name: &str| name != "numbers" || cli.can(Feature::YamlNumbers);
    let folder = tests_folder().join("yaml");
    let names: Vec<String> = files(&folder, ".yaml")
        .iter()
        .map(|file| file.file_stem().expect("a name").to_string_lossy().into_owned())
        .filter(|name| is_told(name))
        .collect();
    let output = |name: &String| {
        let path = folder.join(name).with_extension("yaml");
        let path = Value::from(path.display().to_string());
        format!("output \"{name}\" {{\n  value = jsonencode(yamldecode(file({path})))\n}}\n")
    };
    let workspace = Workspace::with(cli, &names.iter().map(output).collect::<String>());
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    all(names.iter().map(|name| {
        let read = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        let expected = fs::read_to_string(folder.join(name).with_extension("json")).expect("the JSON");
        let (own, expected) = (read(&workspace.output(name)), read(&expected));
        if own == expected { Ok(()) } else { Err(format!("{name}: {own} instead of {expected}")) }
    }));
}
