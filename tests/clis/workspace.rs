//! A working directory in which the real Terraform or OpenTofu runs with the provider that was built.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::cli::{self, Cli};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The beginning of every configuration.
pub(crate) const REQUIRED: &str =
    "terraform {\n  required_providers {\n    sfniam = { source = \"sfniam/sfniam\" }\n  }\n}\n";

/// The executable under test: the one that was built with the tests, or that of `SFNIAM_EXECUTABLE`.
pub(crate) fn binary() -> PathBuf {
    env::var_os("SFNIAM_EXECUTABLE")
        .map_or_else(|| env!("CARGO_BIN_EXE_terraform-provider-sfniam").into(), PathBuf::from)
}

/// A working directory, with the provider in a filesystem mirror beside it.
pub(crate) struct Workspace {
    program: PathBuf,
    folder: TempDir,
}

/// What a command did.
pub(crate) struct Done {
    pub(crate) success: bool,
    /// Standard output and error, the lines of messages joined to one and blanks squeezed, so that it does
    /// not matter where Terraform breaks them.
    pub(crate) text: String,
    /// Standard output as it came.
    pub(crate) stdout: String,
}

impl Workspace {
    /// A directory with these files, after `init`.
    pub(crate) fn new(cli: &Cli, files: &[(&str, &str)]) -> Workspace {
        let workspace = Workspace { program: cli.program.clone(), folder: folder() };
        workspace.mirror();
        fs::create_dir(workspace.path("work")).unwrap();
        for (name, content) in files {
            workspace.write(name, content);
        }
        workspace.run(&["init", "-input=false"]).expect_success();
        workspace
    }

    /// The same with one file, `main.tf`: the requirement of the provider and then the text.
    pub(crate) fn with(cli: &Cli, configuration: &str) -> Workspace {
        Workspace::new(cli, &[("main.tf", &format!("{REQUIRED}{configuration}"))])
    }

    /// Writes a file into the working directory, with its folders.
    pub(crate) fn write(&self, name: &str, content: &str) {
        let path = self.path("work").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Replaces `main.tf`; see [`Workspace::with`].
    pub(crate) fn rewrite(&self, configuration: &str) {
        self.write("main.tf", &format!("{REQUIRED}{configuration}"));
    }

    /// The same with the files of a folder of `examples/`, except `aws.tf`, because the AWS provider needs
    /// the network, and `versions.tf`, which requires that provider.
    pub(crate) fn of_example(cli: &Cli, folder: &Path) -> Workspace {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name == "versions.tf" {
                files.push((name, REQUIRED.to_owned()));
            } else if name != "aws.tf" {
                files.push((name.clone(), fs::read_to_string(folder.join(name)).unwrap()));
            }
        }
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (&**name, &**text)).collect();
        Workspace::new(cli, &files)
    }

    /// From here on, commands are those of another tool.
    pub(crate) fn hand_to(&mut self, cli: &Cli) {
        self.program.clone_from(&cli.program);
    }

    /// Runs a command of Terraform's.
    pub(crate) fn run(&self, arguments: &[&str]) -> Done {
        let output = self.command().args(arguments).arg("-no-color").output().unwrap();
        Done::of(&output)
    }

    /// Runs a command that takes no `-no-color`, or with more in its environment.
    pub(crate) fn command(&self) -> Command {
        let mut command = cli::command(&self.program);
        command.current_dir(self.path("work"));
        command.env("TF_CLI_CONFIG_FILE", self.path("terraform.rc")).env("HOME", self.path("home"));
        command
    }

    /// A path in the directory that goes away with this value.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The output of `plan`, and the planned actions as JSON, because each tool prints them in its own way.
    pub(crate) fn plan(&self) -> (Done, serde_json::Value) {
        let done = self.run(&["plan", "-out=plan"]).expect_success();
        let shown = self.command().args(["show", "-json", "plan"]).output().unwrap();
        (done, serde_json::from_slice(&shown.stdout).unwrap())
    }

    /// The value of an output after `apply`, a string.
    pub(crate) fn output(&self, name: &str) -> String {
        let done = Done::of(&self.command().args(["output", "-raw", name]).output().unwrap());
        assert!(done.success, "{}", done.text);
        done.stdout
    }

    /// The command lines of processes that still run the provider of this directory.
    #[cfg(target_os = "linux")]
    pub(crate) fn processes(&self) -> Vec<String> {
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            // Processes end while this looks at them.
            let Ok(command) = fs::read(entry.path().join("cmdline")) else { continue };
            let command = String::from_utf8_lossy(&command).replace('\0', " ");
            if command.contains(".terraform/providers") && self.owns(&entry.path()) {
                found.push(command);
            }
        }
        found
    }

    #[cfg(target_os = "linux")]
    fn owns(&self, process: &Path) -> bool {
        let folder = self.folder.path().canonicalize().unwrap();
        ["exe", "cwd"]
            .iter()
            .any(|link| fs::read_link(process.join(link)).is_ok_and(|place| place.starts_with(&folder)))
    }

    fn mirror(&self) {
        for host in ["registry.terraform.io", "registry.opentofu.org"] {
            let place = format!("mirror/{host}/sfniam/sfniam/{VERSION}/{}", platform());
            fs::create_dir_all(self.path(&place)).unwrap();
            let packed = self
                .path(&place)
                .join(format!("terraform-provider-sfniam_v{VERSION}{}", env::consts::EXE_SUFFIX));
            // A debug binary is large, so it is linked.
            if fs::hard_link(binary(), &packed).is_err() {
                fs::copy(binary(), &packed).unwrap();
            }
        }
        let mirror = self.path("mirror").display().to_string().replace('\\', "/");
        let settings =
            format!("provider_installation {{\n  filesystem_mirror {{\n    path = \"{mirror}\"\n  }}\n}}\n");
        fs::write(self.path("terraform.rc"), settings).unwrap();
    }
}

impl Done {
    fn of(output: &std::process::Output) -> Done {
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let everything = stdout.clone() + &String::from_utf8_lossy(&output.stderr);
        let words = everything.split_whitespace().filter(|word| !["╷", "│", "╵"].contains(word));
        Done { success: output.status.success(), text: words.collect::<Vec<_>>().join(" "), stdout }
    }

    /// Fails the test if the command failed.
    #[track_caller]
    pub(crate) fn expect_success(self) -> Done {
        assert!(self.success, "{}", self.text);
        self
    }

    /// Fails the test if the command succeeded, or did not print this.
    #[track_caller]
    pub(crate) fn expect_failure(self, saying: &[&str]) {
        assert!(!self.success, "it succeeded: {}", self.text);
        self.expect(saying);
    }

    /// Fails the test if the command did not print this.
    #[track_caller]
    pub(crate) fn expect(&self, saying: &[&str]) {
        for text in saying {
            assert!(self.text.contains(text), "it does not say \"{text}\": {}", self.text);
        }
    }

    /// How often the command printed this.
    pub(crate) fn count(&self, text: &str) -> usize {
        self.text.matches(text).count()
    }
}

/// Where cargo keeps files of tests, on the same file system as the binary.
fn folder() -> TempDir {
    tempfile::tempdir_in(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap()
}

/// The name in Go.
fn platform() -> String {
    let system = match env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let processor = match env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    format!("{system}_{processor}")
}
