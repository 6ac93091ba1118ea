//! `explain` as HTML and as Mermaid: the texts alone and, if Chromium is installed, how a browser shows them.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use base64::Engine as _;
use serde_json::{Value, json};
use sha2::Digest as _;

/// Names of states that try to act as markup.
const HOSTILE: &[&str] = &[
    "<img src=http://canary.invalid/a onerror=alert(1)>",
    "</text></svg><script>alert(1)</script>",
    "\"]; click s0 href \"http://canary.invalid/b\"",
    "\n  end\n  x[\"y\"] --> s0",
    "%%{init: {\"securityLevel\": \"loose\"}}%%",
    "`**bold**` #quot;& <b>",
    "\u{202e}desrever \u{1b}[2J",
    "javascript:alert(1)",
    "終わり 🙂",
];

fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_terraform-provider-sfniam"));
    command.env_clear();
    command
}

fn explained(format: &str, more: &[&str], files: &[&Path]) -> String {
    let output =
        binary().args(["explain", "--format", format]).args(more).args(files).output().expect("the program");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn case(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// A Map of a chain of states with these names, and a Parallel of two such chains, whose names have more at
/// the end.
fn machine(names: &[&str]) -> Value {
    let chain = |end: &str| {
        let names: Vec<String> = names.iter().map(|name| format!("{name}{end}")).collect();
        let states = names.iter().enumerate().map(|(at, name)| {
            let topic = if at % 2 == 0 {
                json!({"TopicArn": "arn:aws:sns:eu-west-1:111122223333:t"})
            } else {
                json!({"TopicArn.$": "$.t"})
            };
            let mut state =
                json!({"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": topic});
            match names.get(at + 1) {
                Some(next) => state["Next"] = next.as_str().into(),
                None => state["End"] = true.into(),
            }
            (name.clone(), state)
        });
        json!({"StartAt": names[0], "States": states.collect::<serde_json::Map<_, _>>()})
    };
    json!({"StartAt": "Each", "States": {
        "Each": {"Type": "Map", "ItemProcessor": chain(""), "Next": "Both", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}]},
        "Both": {"Type": "Parallel", "Branches": [chain(" 1"), chain(" 2")], "Next": "Again?"},
        "Again?": {"Type": "Choice", "Choices": [{"Variable": "$.a", "BooleanEquals": true, "Next": "Each"}], "Default": "Done"},
        "Done": {"Type": "Succeed"},
        "Failed": {"Type": "Fail"},
    }})
}

fn hostile_file(folder: &Path) -> std::path::PathBuf {
    let file = folder.join("<b>hostile&.asl.json");
    fs::write(&file, machine(HOSTILE).to_string()).expect("to write");
    file
}

/// The values of an attribute.
fn values<'t>(page: &'t str, attribute: &str) -> Vec<&'t str> {
    let begin = format!(" {attribute}=\"");
    page.split(begin.as_str()).skip(1).map(|rest| rest.split('"').next().expect("an end")).collect()
}

#[test]
fn links_of_the_report_lead_somewhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let hostile = hostile_file(folder.path());
    let map = case("machines/machine/everything.asl.json");
    for files in [vec![map.as_path()], vec![hostile.as_path()], vec![map.as_path(), hostile.as_path()]] {
        let page = explained("html", &[], &files);
        let ids = values(&page, "id");
        let known: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(known.len(), ids.len(), "an id twice");
        let links: Vec<&str> =
            values(&page, "href").into_iter().filter(|link| link.starts_with('#')).collect();
        assert!(links.iter().all(|link| known.contains(&link[1..])), "{links:?}");
        // Each state leads from its box to its card, back, and to its statements.
        let cards = known.iter().filter(|id| id.contains("-state-") && !id.ends_with("-name")).count();
        assert_eq!(known.iter().filter(|id| id.contains("-box-")).count(), cards);
        assert!(cards > 0 && links.iter().any(|link| link.contains("-statement-")), "{links:?}");
        for label in values(&page, "aria-labelledby") {
            assert!(known.contains(label), "{label}");
        }
        assert_eq!(page, explained("html", &[], &files), "the same every time");
    }
}

#[test]
fn the_report_asks_for_nothing_and_has_only_its_own_style() {
    let page = explained("html", &[], &[&case("machines/machine/everything.asl.json")]);
    let style = page.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).expect("a style");
    let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(style));
    let policy =
        format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'");
    assert!(page.contains(&format!("content=\"{policy}\"")), "{page}");
    for never in ["<script", " src=", " style=", "@import", "<link", "<iframe", "<object", "url(http"] {
        assert!(!page.contains(never), "{never}");
    }
    let foreign = values(&page, "href").into_iter().filter(|link| !link.starts_with('#'));
    assert!(foreign.into_iter().all(|link| link.starts_with("https://docs.aws.amazon.com/")));
    assert!(page.contains("prefers-color-scheme: dark") && page.contains("name=\"viewport\""));
}

#[test]
fn each_state_has_its_widest_grant() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.asl.json");
    fs::write(&file, machine(&["Named", "Open"]).to_string()).expect("to write");
    let page = explained("html", &[], &[&file]);
    for label in [
        "aria-label=\"Named: Task: sns:publish, named\"",
        "aria-label=\"Open: Task: sns:publish, open\"",
        "aria-label=\"Both: Parallel, no permission\"",
    ] {
        assert!(page.contains(label), "{label}: {page}");
    }
    let required = explained("html", &[], &[&case("integrations/batch/submitJob.asl.json")]);
    assert!(required.contains(", required by AWS\""), "{required}");
    // Nothing that a filter leaves out is coloured.
    let none = explained("html", &["--action", "sqs:*"], &[&file]);
    assert!(none.contains("No state needs an action") && !none.contains(", open\""), "{none}");
}

#[test]
fn hostile_names_are_text_in_the_report() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = explained("html", &[], &[&hostile_file(folder.path())]);
    assert!(!page.contains("<img") && !page.contains("<script") && !page.contains("<b>"), "{page}");
    assert!(!page.contains(['\u{202e}', '\u{1b}']), "{page}");
}

/// The only forms that a line of our diagrams can have.
fn is_line_of_a_diagram(line: &str) -> bool {
    let is_id = |text: &str| !text.is_empty() && text.chars().all(|one| one.is_ascii_alphanumeric());
    let is_label = |text: &str| {
        let plain = text.replace("<br/>", "");
        plain.split('#').enumerate().all(|(at, part)| {
            let rest = if at == 0 {
                Some(part)
            } else {
                part.split_once(';')
                    .filter(|(digits, _)| digits.bytes().all(|one| one.is_ascii_digit()))
                    .map(|(_, rest)| rest)
            };
            rest.is_some_and(|rest| rest.chars().all(|one| one.is_alphanumeric() || one == ' '))
        })
    };
    let is_box = |text: &str| {
        let inside = text.strip_suffix("\"]").and_then(|text| text.split_once("[\""));
        inside.is_some_and(|(id, label)| is_id(id) && is_label(label))
    };
    let line = line.trim_start();
    match line.split_once(' ') {
        None => line == "end" || is_box(line),
        Some(("subgraph", rest)) => is_box(rest),
        Some(("flowchart", rest)) => rest == "TD",
        Some(("classDef" | "class", rest)) => {
            rest.chars().all(|one| one.is_ascii_alphanumeric() || " ,:#-".contains(one))
        }
        Some((id, rest)) => {
            let to =
                ["--> ", "-->|default| ", "-. catch .-> "].iter().find_map(|arrow| rest.strip_prefix(arrow));
            match to {
                Some(to) => is_id(to) && (is_id(id) || id.strip_suffix("((\"").is_some_and(is_id)),
                None => {
                    is_box(line)
                        || rest.strip_prefix("\")) --> ").is_some_and(is_id)
                            && id.strip_suffix("((\"").is_some_and(is_id)
                }
            }
        }
    }
}

#[test]
fn hostile_names_are_text_in_diagrams() {
    let folder = tempfile::tempdir().expect("a folder");
    let hostile = hostile_file(folder.path());
    let map = case("machines/machine/everything.asl.json");
    for files in [vec![hostile.as_path()], vec![map.as_path(), hostile.as_path()]] {
        let diagram = explained("mermaid", &[], &files);
        for line in diagram.lines() {
            assert!(is_line_of_a_diagram(line), "{line}");
        }
        let count = |what: &str| diagram.lines().filter(|line| line.trim_start().starts_with(what)).count();
        assert_eq!(count("subgraph "), diagram.lines().filter(|line| line.trim() == "end").count());
    }
    for broken in ["  s1[\"a\"] --> s2[\"b\"]", "  s1[\"<img>\"]", "click s1 href \"x\"", "  s1[\"a\"b\"]"] {
        assert!(!is_line_of_a_diagram(broken), "{broken}");
    }
}

#[test]
fn a_diagram_has_the_states_and_their_ways() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.asl.json");
    fs::write(&file, machine(&["Named", "Open"]).to_string()).expect("to write");
    let diagram = explained("mermaid", &[], &[&file]);
    for part in [
        "[\"Each<br/>Map\"]",
        "Open<br/>sns#58;publish<br/>open#58; TopicArn",
        "-. catch .->",
        "-->|default|",
        "[\"branch 2\"]",
        "classDef open",
        "classDef named",
    ] {
        assert!(diagram.contains(part), "{part}: {diagram}");
    }
}

/// The names of Chromium's executable.
const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The output of headless Chromium for a page, without any network; `None` if there is no Chromium.
fn browsed(folder: &Path, page: &Path, more: &[&str]) -> Option<Output> {
    let profile = folder.join("profile");
    let url = format!("file://{}", page.display());
    let run = |browser: &str| {
        Command::new(browser)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
            ])
            .args(["--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND"])
            .args(["--enable-logging=stderr", "--virtual-time-budget=5000"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .args(more)
            .arg(&url)
            .output()
            .ok()
    };
    let output = BROWSERS.iter().find_map(|browser| run(browser));
    if output.is_none() {
        // Not captured, so that it is seen where tests pass.
        let _ = std::io::stderr()
            .write_all(b"SKIPPED: the report in a browser, because there is no Chromium on the PATH.\n");
    }
    output
}

#[test]
fn a_browser_shows_the_report_without_errors_or_requests() {
    let folder = tempfile::tempdir().expect("a folder");
    let hostile = hostile_file(folder.path());
    let map = case("machines/machine/everything.asl.json");
    let page = folder.path().join("report.html");
    fs::write(&page, explained("html", &[], &[&map, &hostile])).expect("to write");
    let log = folder.path().join("net.json");
    let net = format!("--log-net-log={}", log.display());
    let Some(output) = browsed(folder.path(), &page, &["--dump-dom", &net]) else { return };
    let (dom, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && dom.contains("</html>"), "{said}");
    assert!(!said.contains("CONSOLE"), "{said}");
    // How the browser parsed it: no element comes from a name, and each link leads to an existing element.
    for never in ["<img", "<script", "<b>", "<iframe"] {
        assert!(!dom.contains(never), "{never}");
    }
    let ids: BTreeSet<&str> = values(&dom, "id").into_iter().collect();
    let links: Vec<&str> =
        values(&dom, "href").into_iter().filter_map(|link| link.strip_prefix('#')).collect();
    assert!(links.len() > 50 && links.iter().all(|link| ids.contains(link)), "{links:?}");
    let requests = fs::read_to_string(&log).expect("a log of the network");
    assert!(requests.len() > 1_000 && !requests.contains("canary"), "the page made a request");
    assert!(!requests.contains("docs.aws.amazon.com"), "a link was followed");
}

#[test]
fn a_browser_that_is_refused_something_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("report.html");
    let text = explained("html", &[], &[&case("machines/machine/everything.asl.json")]);
    fs::write(
        &page,
        text.replace("<main", "<script>alert(1)</script><img src=\"http://canary.invalid/x\"><main"),
    )
    .expect("to write");
    let Some(output) = browsed(folder.path(), &page, &["--dump-dom"]) else { return };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("CONSOLE") && said.contains("Content Security Policy"), "{said}");
}
