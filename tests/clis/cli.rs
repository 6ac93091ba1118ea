//! The command line tools that are available, and what each of them supports.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Terraform or OpenTofu in one version.
#[derive(Clone)]
pub(crate) struct Cli {
    pub(crate) program: PathBuf,
    /// `terraform` or `tofu`, by its own output and not by its file name.
    name: &'static str,
    /// Without `-dev`, `-rc1` and the like: a build from the source of a release reports `-dev`.
    version: [u32; 3],
}

/// Features that not every version supports.
#[cfg_attr(not(unix), expect(dead_code, reason = "some are needed only by guides that are tried in a shell"))]
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Feature {
    /// Functions of providers.
    Functions,
    /// Optional members of the type of an object.
    OptionalMembers,
    /// Blocks `moved`.
    Moved,
    /// The built-in resource `terraform_data`.
    TerraformData,
    /// Numbers of YAML by the rules of YAML 1.2.
    YamlNumbers,
    /// The command `test`.
    Tests,
    /// Providers that are mocked in tests, without a crash.
    Mocks,
    /// A call of a provider's function in parentheses.
    Parentheses,
    /// Blocks `check`.
    Checks,
    /// Blocks `import`, and configurations that are generated from them.
    ImportBlocks,
    /// Blocks `ephemeral`.
    Ephemeral,
    /// `for_each` of providers, `-exclude` and encrypted states.
    OnlyOpenTofu,
}

/// Later than any version.
const NEVER: [u32; 3] = [u32::MAX; 3];

impl Feature {
    /// The first version of Terraform and of OpenTofu that has it.
    fn since(self) -> ([u32; 3], [u32; 3]) {
        match self {
            Feature::Functions => ([1, 8, 0], [1, 7, 0]),
            Feature::OptionalMembers => ([1, 3, 0], [1, 6, 0]),
            Feature::Moved => ([1, 1, 0], [1, 6, 0]),
            Feature::TerraformData => ([1, 4, 0], [1, 6, 0]),
            Feature::YamlNumbers => ([1, 10, 0], [1, 10, 0]),
            Feature::Tests => ([1, 6, 0], [1, 6, 0]),
            Feature::Mocks => ([1, 7, 0], [1, 10, 0]),
            Feature::Parentheses => ([1, 8, 0], [1, 10, 0]),
            Feature::Checks => ([1, 5, 0], [1, 6, 0]),
            Feature::ImportBlocks => ([1, 5, 0], [1, 6, 0]),
            Feature::Ephemeral => ([1, 10, 0], [1, 11, 0]),
            Feature::OnlyOpenTofu => (NEVER, [1, 9, 0]),
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self {
            Feature::Functions => "functions of providers",
            Feature::OptionalMembers => "optional members of objects",
            Feature::Moved => "the block \"moved\"",
            Feature::TerraformData => "the resource \"terraform_data\"",
            Feature::YamlNumbers => "numbers of YAML 1.2",
            Feature::Tests => "the command \"test\"",
            Feature::Mocks => "mocks that work",
            Feature::Parentheses => "a provider's function in parentheses",
            Feature::Checks => "the block \"check\"",
            Feature::ImportBlocks => "the block \"import\"",
            Feature::Ephemeral => "the block \"ephemeral\"",
            Feature::OnlyOpenTofu => "\"for_each\" of providers",
        };
        let (terraform, tofu) = self.since();
        match terraform {
            NEVER => write!(out, "{what} came with OpenTofu {}", dotted(tofu)),
            _ => {
                write!(out, "{what} came with Terraform {} and OpenTofu {}", dotted(terraform), dotted(tofu))
            }
        }
    }
}

impl Cli {
    /// The tools in `SFNIAM_CLIS`, else all on the PATH; each file once.
    pub(crate) fn all() -> Vec<Cli> {
        if let Some(programs) = std::env::var_os("SFNIAM_CLIS").filter(|value| !value.is_empty()) {
            return std::env::split_paths(&programs).map(|program| Cli::at(&program)).collect();
        }
        let mut seen = BTreeSet::new();
        let folders = std::env::var_os("PATH").unwrap_or_default();
        let names = ["terraform", "tofu"].map(|name| format!("{name}{}", std::env::consts::EXE_SUFFIX));
        let programs = std::env::split_paths(&folders)
            .flat_map(|folder| names.iter().map(move |name| folder.join(name)).collect::<Vec<_>>());
        let found = programs.filter_map(|program| program.canonicalize().ok()).filter(|file| file.is_file());
        found.filter(|file| seen.insert(file.clone())).map(|file| Cli::at(&file)).collect()
    }

    fn at(program: &Path) -> Cli {
        let shown = program.display();
        // Every test runs in a folder of its own.
        let program = program.canonicalize().unwrap_or_else(|error| panic!("{shown}: {error}"));
        let output = command(&program).arg("version").output();
        let output = output.unwrap_or_else(|error| panic!("{shown}: {error}"));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let (name, version) = parse(&text).unwrap_or_else(|| panic!("{shown} says \"{text}\""));
        Cli { program, name, version }
    }

    /// Such as `tofu-1.12.6`.
    pub(crate) fn label(&self) -> String {
        format!("{}-{}", self.name, dotted(self.version))
    }

    /// Whether it is new enough.
    pub(crate) fn can(&self, feature: Feature) -> bool {
        let (terraform, tofu) = feature.since();
        self.version >= if self.name == "tofu" { tofu } else { terraform }
    }
}

/// A program beside Terraform and OpenTofu that a test needs.
pub(crate) struct Tool {
    pub(crate) program: PathBuf,
}

impl Tool {
    /// The program of that name: on the PATH, or as `make tools` and `make check` install it below `dist`.
    pub(crate) fn find(name: &str) -> Option<Tool> {
        let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("dist");
        let folders = std::env::var_os("PATH").unwrap_or_default();
        let mut places: Vec<PathBuf> =
            std::env::split_paths(&folders).map(|folder| folder.join(name)).collect();
        places.push(dist.join("venv/bin").join(name));
        let built = std::fs::read_dir(dist.join("tools")).into_iter().flatten().flatten();
        let mut built: Vec<PathBuf> = built.map(|entry| entry.path()).collect();
        built.sort();
        let is_version = |path: &PathBuf| {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            file.strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('-'))
                .is_some_and(|version| version.chars().all(|c| c.is_ascii_digit() || c == '.'))
        };
        places.extend(built.into_iter().rev().filter(is_version));
        places.into_iter().find(|path| path.is_file()).map(|program| Tool { program })
    }
}

/// The program in an environment with none of the caller's settings for it.
pub(crate) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TF_")) {
        command.env_remove(name);
    }
    command.env("TF_IN_AUTOMATION", "1").env("CHECKPOINT_DISABLE", "1");
    command
}

/// Reads `OpenTofu v1.12.6-dev`, the first line of `version`.
fn parse(text: &str) -> Option<(&'static str, [u32; 3])> {
    let (product, version) = text.lines().next()?.split_once(" v")?;
    let name = match product {
        "Terraform" => "terraform",
        "OpenTofu" => "tofu",
        _ => return None,
    };
    let numbers = version.split(['-', '+']).next()?.split('.').map(|number| number.parse().ok());
    let numbers: Vec<u32> = numbers.collect::<Option<_>>()?;
    Some((name, numbers.try_into().ok()?))
}

fn dotted(version: [u32; 3]) -> String {
    version.map(|number| number.to_string()).join(".")
}
