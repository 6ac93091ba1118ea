//! The guides: their configurations, shell lines and programs do what the text says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workspace::Workspace;

pub(crate) mod hosts;
pub(crate) mod policy_as_code;
pub(crate) mod recipes;

/// A page of the guides.
fn page(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join("docs/guides").join(name)).unwrap()
}

/// The blocks of a language on a page, in order, without the indentation of a list.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let beginning = format!("```{language}\n");
    let texts = page.split(&beginning).skip(1).map(|text| text.split_once("```").unwrap().0);
    texts
        .map(|text| {
            let indent = text.len() - text.trim_start_matches(' ').len();
            text.lines().map(|line| line.get(indent..).unwrap_or_default().to_owned() + "\n").collect()
        })
        .collect()
}

/// The block that contains a text.
fn block(page: &str, language: &str, with: &str) -> String {
    let found = blocks(page, language).into_iter().find(|block| block.contains(with));
    found.unwrap_or_else(|| panic!("no block in {language} with {with}"))
}

/// A definition with one task that publishes to this topic.
fn publishing(topic: &str) -> String {
    format!(
        r#"{{"StartAt": "Notify", "States": {{"Notify": {{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {{{topic}, "Message": "m"}}, "End": true}}}}}}"#
    )
}

const TOPIC: &str = r#""TopicArn": "arn:aws:sns:eu-west-1:111122223333:orders""#;

impl Workspace {
    /// Another program in the working directory.
    fn other(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.path("work"));
        command
    }

    /// Runs lines of a guide in a shell that has `sfniam` and these programs on its PATH; what it printed.
    fn shell(&self, lines: &str, programs: &[&PathBuf]) -> String {
        let folder = self.path("programs");
        fs::create_dir_all(&folder).unwrap();
        let own = folder.join("sfniam");
        if !own.exists() {
            std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_terraform-provider-sfniam"), own).unwrap();
        }
        let mut paths = vec![folder];
        paths.extend(programs.iter().filter_map(|program| program.parent().map(Path::to_owned)));
        paths.extend(["/usr/bin", "/bin"].map(PathBuf::from));
        let output = self
            .other(Path::new("/bin/sh"))
            .args(["-ec", lines])
            .env("PATH", std::env::join_paths(paths).unwrap())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{lines}\n{said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }
}
