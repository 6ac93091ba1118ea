//! Limits: one file a layer has them, each with its page or reason.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::declared::{Number, declared};
use crate::support::files;

/// Constants that are numbers and no limits, by their files: nothing is shortened, rejected, or calculated in
/// another way because of them.
const NO_LIMITS: &[(&str, &[&str])] = &[
    // The position of a part of an ARN, and the letters that AWS adds to a name.
    ("src/call/resource/secrets.rs", &["SUFFIX"]),
    ("src/iam/arn.rs", &["FIELDS"]),
    ("src/sdk/model.rs", &["FIELDS"]),
    // What a document has beside its statements, and a finding beside its texts.
    ("src/iam/policy.rs", &["FRAME", "ROOM"]),
    ("src/provider/policy/bounded.rs", &["FRAME"]),
    // Memory that is reserved before it is needed.
    ("src/iam/pattern.rs", &["ARN_LENGTH"]),
    ("src/iam/trust.rs", &["TRUST_LENGTH"]),
    ("src/protocol/value/encode.rs", &["USUAL_LENGTH"]),
    // Versions of formats, exit statuses, positions of parameters.
    ("src/cli/check/baseline.rs", &["VERSION"]),
    ("src/cli/check/mod.rs", &["FOUND"]),
    ("src/plugin/handshake.rs", &["CORE_VERSION"]),
    ("src/provider/compare.rs", &["MACHINES", "POLICIES", "OPTIONS"]),
    // Pixels.
    ("src/cli/explain/layout.rs", &["WIDTH", "HEIGHT", "GAP_X", "GAP_Y", "LANE", "PADDING", "DOT", "ASIDE"]),
    ("src/cli/explain/svg.rs", &["BEND"]),
];

/// Words for limits in place of `MAX` and `MIN`.
const OTHER_WORDS: &[&str] =
    &["BOUND", "BUDGET", "CAP", "FEW", "FEWEST", "LEAST", "LIMIT", "LONGEST", "MOST", "PATIENCE"];

/// What a file has that it must not have.
fn wrong(name: &str, numbers: &[Number]) -> Vec<String> {
    let is_for_limits = name.split('/').count() == 3 && name.ends_with("/limits.rs");
    let others = NO_LIMITS.iter().find(|(file, _)| *file == name).map_or(&[][..], |(_, names)| *names);
    let wrong = numbers.iter().filter_map(|number| {
        let declared = &number.name;
        let is_limit = declared.split('_').any(|word| ["MAX", "MIN"].contains(&word));
        if let Some(word) = declared.split('_').find(|word| OTHER_WORDS.contains(word)) {
            return Some(format!("{name}: {declared} begins with MAX_ or MIN_ instead of \"{word}\""));
        }
        match (is_for_limits, others.contains(&declared.as_str())) {
            (true, _) if number.comment.split(' ').count() < 2 => {
                Some(format!("{name}: {declared} has neither a page nor a reason"))
            }
            (true, _) => None,
            (false, true) if !is_limit => None,
            (false, _) => Some(format!("{name}: {declared} belongs to limits.rs of the layer")),
        }
    });
    wrong.collect()
}

#[test]
fn limits_are_in_one_file_of_their_layer() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    let mut all = Vec::new();
    for path in files(&root.join("src"), ".rs") {
        let name = path.strip_prefix(&root).expect("inside").to_string_lossy().replace('\\', "/");
        let is_test = Path::new(&name)
            .components()
            .any(|part| ["tests", "tests.rs"].contains(&part.as_os_str().to_string_lossy().as_ref()));
        if is_test {
            continue;
        }
        let text = fs::read_to_string(&path).expect("UTF-8");
        let numbers = declared(&text).unwrap_or_else(|error| panic!("{name}: {error}")).numbers;
        all.extend(wrong(&name, &numbers));
        seen.extend(numbers.into_iter().map(|number| (name.clone(), number.name)));
    }
    let rows = NO_LIMITS.iter().flat_map(|(file, names)| names.iter().map(move |name| (*file, *name)));
    let stale = rows.filter(|(file, name)| !seen.contains(&((*file).to_owned(), (*name).to_owned())));
    all.extend(stale.map(|(file, name)| format!("{file} has no {name}")));
    assert!(all.is_empty(), "{}", all.join("\n"));
    assert!(seen.len() > 80, "only {} numbers were found", seen.len());
}

#[test]
fn a_limit_elsewhere_is_seen() {
    let wrong = |name: &str, text: &str| wrong(name, &declared(text).expect(text).numbers);
    for text in [
        "const MAX_NAMES: usize = 80;",
        "pub(super) const ENOUGH: u64 = 80;",
        "fn f() { const ENOUGH: i32 = 8; }",
        "impl Row { const ENOUGH: f64 = 0.8; }",
        "trait Rows { const ENOUGH: u8 = 8; }",
        "mod inner { const ENOUGH: std::time::Duration = std::time::Duration::from_secs(1); }",
    ] {
        assert_eq!(wrong("src/iam/arn.rs", text).len(), 1, "{text}");
        let said = text.replace("pub(super) ", "").replace("const", "/// Enough for each name.\nconst");
        assert_eq!(wrong("src/iam/limits.rs", &said).len(), 0, "{said}");
        assert_eq!(wrong("src/iam/limits.rs", text).len(), 1, "{text} has no reason");
        assert_eq!(wrong("src/iam/deep/limits.rs", text).len(), 1, "{text}");
    }
    assert_eq!(wrong("src/iam/limits.rs", "/// Enough for each name.\nconst NAME_LIMIT: u8 = 80;").len(), 1);
    assert_eq!(wrong("src/iam/arn.rs", "const FIELDS: usize = 5;").len(), 0);
    for text in [
        "const NAMES: &[&str] = &[\"80\"];",
        "static NAMES: usize = 80;",
        "#[cfg(test)] mod tests { const ROUNDS: u8 = 80; }",
        "#[cfg(test)] const ROUNDS: u8 = 80;",
    ] {
        assert_eq!(wrong("src/iam/arn.rs", text).len(), 0, "{text}");
    }
}
