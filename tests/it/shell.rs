//! Shell completions, manual pages, and what `--help` says about each option.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

const COMMANDS: [&str; 6] = ["policy", "explain", "check", "integrations", "completions", "man"];

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_terraform-provider-sfniam"))
        .env_clear()
        .args(arguments)
        .output()
        .expect("the program")
}

fn said(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success() && output.stderr.is_empty(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The long options of a command, by its help.
fn long_options(command: &str) -> Vec<String> {
    let help = said(&[command, "--help"]);
    let lines = help.lines().filter_map(|line| line.split("--").nth(1).filter(|_| line.starts_with("  ")));
    let names = lines.map(|rest| rest.chars().take_while(|one| one.is_ascii_lowercase() || *one == '-'));
    names.map(|name| name.collect::<String>()).filter(|name| name.len() > 1).collect()
}

/// The output of a program for a text on its standard input; `None` if there is no such program.
fn judged_by(program: &str, arguments: &[&str], text: &str) -> Option<Output> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("to be read");
    Some(child.wait_with_output().expect("an end"))
}

#[test]
fn each_shell_completes_all_commands_and_options() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = said(&["completions", shell]);
        for command in COMMANDS {
            assert!(script.contains(command), "{shell}: {command}");
            for option in long_options(command) {
                assert!(script.contains(&option), "{shell}: {command} --{option}");
            }
        }
        for value in ["least_privilege", "sarif", "EXPRESS"] {
            assert!(script.contains(value) || shell == "powershell", "{shell}: {value}");
        }
        assert!(
            !script.contains("sfniam-x")
                && said(&["completions", shell, "--name", "sfniam-x"]).contains("sfniam-x")
        );
    }
    let unknown = run(&["completions", "tcsh"]);
    assert_eq!(unknown.status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn bash_completes() {
    let script = said(&["completions", "bash", "--name", "sfniam"]);
    let ask = |words: &[&str]| {
        let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        let run = format!(
            "{script}\nCOMP_WORDS=({})\nCOMP_CWORD={}\n_sfniam sfniam '{}' '{}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
            quoted.join(" "),
            words.len() - 1,
            words[words.len() - 1],
            words[words.len() - 2]
        );
        let output = judged_by("bash", &["--norc"], &run).expect("bash");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(ask(&["sfniam", "exp"]), ["explain"]);
    assert_eq!(ask(&["sfniam", "policy", "--mode", "l"]), ["least_privilege"]);
    assert_eq!(ask(&["sfniam", "check", "--write"]), ["--write-baseline"]);
}

#[test]
fn each_command_has_a_page() {
    let all = said(&["man"]);
    for command in COMMANDS {
        assert!(all.contains(&format!("terraform\\-provider\\-sfniam\\-{command}(1)")), "{command}: {all}");
        let page = said(&["man", command]);
        assert!(page.contains(&format!(".TH terraform-provider-sfniam-{command} 1")), "{page}");
        for option in long_options(command) {
            assert!(page.contains(&format!("\\-\\-{}", option.replace('-', "\\-"))), "{command} --{option}");
        }
        let short = said(&["man", command, "--name", "sfniam"]);
        assert!(
            short.contains(&format!(".TH sfniam-{command} 1"))
                && short.contains(&format!("\\fBsfniam {command}"))
        );
        // If groff is installed, it reports no warnings for the page.
        if let Some(output) = judged_by("groff", &["-man", "-Kutf8", "-ww", "-z"], &page) {
            assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        }
    }
    assert_eq!(run(&["man", "nothing"]).status.code(), Some(2));
}

#[test]
fn help_has_values_and_defaults() {
    for command in ["policy", "explain", "check"] {
        // As on a wide terminal.
        let help = said(&[command, "--help"]).split_whitespace().collect::<Vec<_>>().join(" ");
        for told in [
            "[default: template] [possible values: template, least_privilege]",
            "[default: STANDARD] [possible values: STANDARD, EXPRESS]",
            "[default: warn] [possible values: error, warn, ignore]",
            "[default: 10240]",
            "[default: true]",
            "[default: false]",
        ] {
            assert!(help.contains(told), "{command}: {told}: {help}");
        }
    }
    let help = said(&["check", "--help"]);
    assert!(help.contains("Exit status: 0") && !help.contains("\\n"), "{help}");
}
