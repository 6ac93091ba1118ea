//! The seeds of the fuzz targets, checked against their laws: what a fuzzer once found stays fixed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[path = "../../fuzz/laws.rs"]
mod laws;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The names of what is in a folder, without endings.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect()
}

#[test]
fn the_corpus_keeps_the_laws() {
    for (target, law) in laws::TARGETS {
        let seeds: Vec<_> = fs::read_dir(folder().join("corpus").join(target)).expect("seeds").collect();
        assert!(!seeds.is_empty(), "{target} has no seeds");
        for seed in seeds {
            law(&fs::read(seed.expect("a seed").path()).expect("a file"));
        }
    }
}

#[test]
fn every_target_has_its_law_and_its_seeds() {
    let laws: BTreeSet<String> = laws::TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names(&folder().join("fuzz_targets")), laws);
    assert_eq!(names(&folder().join("corpus")), laws);
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).expect("the manifest");
    assert!(laws.iter().all(|name| manifest.contains(&format!("name = \"{name}\""))));
}

#[test]
#[should_panic(expected = "refused without a reason")]
fn a_broken_law_fails() {
    laws::refused(&[]);
}
