//! The recipes of `GNUmakefile`, run in a copy of the repository whose path contains blanks, beside a folder
//! of someone else.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{all, files};
use tempfile::TempDir;

const NAME: &str = "terraform-provider-sfniam";

/// A stub of cargo: it puts a small file where the real cargo would put the executable.
const CARGO: &str = r#"#!/bin/sh
folder=${CARGO_TARGET_DIR:-${CARGO_BUILD_TARGET_DIR:-target}}
while [ $# -gt 0 ]; do
  case $1 in
    --target) target=$2; shift ;;
    --target-dir) folder=$2; shift ;;
  esac
  shift
done
place=$folder/${target:+$target/}release
mkdir -p "$place" && echo terraform-provider-sfniam > "$place/terraform-provider-sfniam"
"#;

/// A stub of Terraform: it answers `plan` if the working directory has the provider's configuration and
/// nothing from the caller.
const TERRAFORM: &str = r#"#!/bin/sh
if [ -n "$TF_CLI_ARGS_plan$TF_WORKSPACE$TF_DATA_DIR" ]; then echo "the caller's settings arrived"; exit 1; fi
if ! [ -f "$TF_CLI_CONFIG_FILE" ] || ! [ -f main.tf ]; then echo "no configuration"; exit 1; fi
if ! [ -f ../mirror/registry.terraform.io/sfniam/sfniam/terraform-provider-sfniam_*_*.zip ]; then echo "no provider"; exit 1; fi
: > .terraform.lock.hcl
echo "stand-in: $1"
"#;

struct Copy {
    folder: TempDir,
}

impl Copy {
    fn new() -> Copy {
        let folder = tempfile::tempdir_in(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap();
        let copy = Copy { folder };
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for (name, mode) in [("GNUmakefile", 0o644), ("Cargo.toml", 0o644), ("release/build", 0o755)] {
            copy.write(&format!("a checkout/{name}"), &fs::read_to_string(root.join(name)).unwrap(), mode);
        }
        let examples = ["order-saga", "provider"].map(|name| files(&root.join("examples").join(name), ""));
        for path in examples.into_iter().flatten() {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            copy.write(&format!("a checkout/{name}"), &fs::read_to_string(&path).unwrap(), 0o644);
        }
        copy.write("some tools/cargo", CARGO, 0o755);
        copy.write("some tools/rustc", "#!/bin/sh\necho 'host: x86_64-unknown-linux-gnu'\n", 0o755);
        copy.write("some tools/terraform", TERRAFORM, 0o755);
        copy.write("other/rel/precious", "not ours", 0o644);
        copy.write("a checkout/target/precious", "not ours", 0o644);
        copy
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: &str, mode: u32) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Runs `make` in the copy with an environment in which everything is unusual.
    fn make(&self, arguments: &[&str]) -> Output {
        let path = std::env::var("PATH").unwrap();
        let mut command = Command::new("make");
        command.args(arguments).current_dir(self.path("a checkout"));
        // A surrounding `make` passes its own options on.
        for name in ["MAKEFLAGS", "MFLAGS", "MAKELEVEL"] {
            command.env_remove(name);
        }
        command
            .env("PATH", format!("{}:{path}", self.path("some tools").display()))
            .env("HOME", self.path("a home"))
            .env("CARGO_TARGET_DIR", format!("{} my/target", self.path("other/rel").display()))
            .env("CARGO_BUILD_TARGET_DIR", "elsewhere again")
            .env("STAGE", self.path("other"))
            .env("CDPATH", self.path("other"))
            .env("TF_CLI_ARGS_plan", "-var-file=production.tfvars")
            .env("TF_WORKSPACE", "production")
            .env("TF_DATA_DIR", "data");
        command.output().unwrap()
    }

    #[track_caller]
    fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.make(arguments);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
        text
    }

    /// All files but those below `dist`.
    fn others(&self) -> BTreeSet<PathBuf> {
        let dist = self.path("a checkout/dist");
        files(self.folder.path(), "").into_iter().filter(|path| !path.starts_with(&dist)).collect()
    }
}

#[test]
fn the_demo_touches_nothing_that_is_not_its_own() {
    let copy = Copy::new();
    let before = copy.others();
    for _ in 0..2 {
        let text = copy.succeeds(&["-j8", "demo"]);
        assert!(text.contains("stand-in: init") && text.contains("stand-in: plan"), "{text}");
        assert_eq!(copy.others(), before);
    }
    // Not by an argument either.
    copy.succeeds(&["demo", &format!("STAGE={}", copy.path("other").display())]);
    assert_eq!(copy.others(), before);
}

#[test]
fn install_can_be_taken_back() {
    let copy = Copy::new();
    let before = copy.others();
    copy.succeeds(&["-j8", "install"]);
    let version = env!("CARGO_PKG_VERSION");
    let plugins = copy.path("a home/.terraform.d/plugins");
    let installed: BTreeSet<PathBuf> = copy.others().difference(&before).cloned().collect();
    assert_eq!(installed.len(), 3, "{installed:?}");
    let short = copy.path("a home/.local/bin/sfniam");
    assert!(installed.contains(&short), "{installed:?}");
    for host in ["registry.terraform.io", "registry.opentofu.org"] {
        let beginning = format!("{host}/sfniam/sfniam/{NAME}_{version}_");
        let is_there = |path: &PathBuf| {
            path.strip_prefix(&plugins).is_ok_and(|path| path.to_string_lossy().starts_with(&beginning))
                && path.extension().is_some_and(|ending| ending == "zip")
        };
        assert!(installed.iter().any(is_there), "no {beginning}….zip in {installed:?}");
    }

    let older = format!("registry.terraform.io/sfniam/sfniam/0.0.9/linux_amd64/{NAME}_v0.0.9");
    copy.write(&format!("a home/.terraform.d/plugins/{older}"), "older", 0o755);
    for foreign in ["registry.terraform.io/other/sfniam/precious", "registry.terraform.io/sfniam/precious"] {
        copy.write(&format!("a home/.terraform.d/plugins/{foreign}"), "not ours", 0o644);
    }
    copy.succeeds(&["uninstall"]);
    let left: Vec<PathBuf> = copy.others().difference(&before).cloned().collect();
    let names: Vec<_> = left.iter().map(|path| path.strip_prefix(&plugins).unwrap()).collect();
    assert_eq!(
        names,
        [
            Path::new("registry.terraform.io/other/sfniam/precious"),
            Path::new("registry.terraform.io/sfniam/precious")
        ]
    );
    assert!(!plugins.join("registry.terraform.io/sfniam/sfniam").exists());
    // There is nothing left to do.
    copy.succeeds(&["uninstall"]);

    // Another program with the short name stays.
    copy.write("a home/.local/bin/sfniam", "not ours", 0o755);
    copy.succeeds(&["install"]);
    copy.succeeds(&["uninstall"]);
    assert_eq!(fs::read_to_string(short).unwrap(), "not ours");
}

#[test]
fn the_help_lists_every_target() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("GNUmakefile")).unwrap();
    let described: Vec<(&str, &str)> = text
        .lines()
        .filter(|line| !line.starts_with(['\t', '#']))
        .filter_map(|line| Some((line.split_once(':')?.0, line.split_once("## ")?.1)))
        .collect();
    let said = Copy::new().succeeds(&["help"]);
    let listed: Vec<(&str, &str)> = said
        .lines()
        .filter_map(|line| line.strip_prefix("make ")?.split_once(' '))
        .map(|(target, what)| (target, what.trim_start()))
        .collect();
    assert_eq!(listed, described);
    for target in ["e2e", "release-check"] {
        assert!(listed.iter().any(|(one, _)| *one == target), "{said}");
    }
}

/// Each recipe contains the output folder as a literal.
#[test]
fn only_folders_below_dist_are_removed_with_their_contents() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut recipes = vec![root.join("GNUmakefile")];
    for folder in [".ci", "release"] {
        if root.join(folder).is_dir() {
            recipes.extend(files(&root.join(folder), ""));
        }
    }
    let mut seen = 0;
    all(recipes.iter().flat_map(|path| {
        let text = fs::read_to_string(path).unwrap_or_default();
        let mut bad = Vec::new();
        for call in text.lines().filter_map(|line| line.split_once("rm -r")).map(|(_, call)| call) {
            seen += 1;
            let argument = call.split_once(' ').map_or("", |(_, argument)| argument.trim());
            if !argument.starts_with("\"dist/") || argument.contains([' ', '$', '*']) {
                bad.push(Err(format!("{}: rm -r{call}", path.display())));
            }
        }
        bad
    }));
    assert!(seen > 0);
}
