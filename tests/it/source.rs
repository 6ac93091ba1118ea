//! Files in JSON and YAML: what they are as JSON, and where their values are.

use std::fs;

use serde_json::Value;
use sfniam::source::{Format, Index, Source};

use crate::support::{all, files, tests_folder};

/// `tests/clis/yaml.rs` compares the same files with the real tools.
#[test]
fn yaml_is_what_terraform_makes_of_it() {
    let files = files(&tests_folder().join("yaml"), ".yaml");
    assert!(files.len() > 8);
    all(files.iter().map(|file| {
        let text = fs::read_to_string(file).expect("the file");
        let expected = fs::read_to_string(file.with_extension("json")).expect("what Terraform makes of it");
        let source =
            Source::new(text, Format::Yaml).map_err(|error| format!("{}: {error}", file.display()))?;
        let read = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        let (own, theirs) = (read(source.json()), read(&expected));
        if own == theirs { Ok(()) } else { Err(format!("{}:\n{own}\n{theirs}", file.display())) }
    }));
}

fn index(source: &Source) -> Index<'_> {
    source.index(&|key| key)
}

/// Every value of a text is found at its pointer, and the text there is the value.
fn every_value_is_at_its_place(text: &str, format: Format) -> Result<usize, String> {
    let source = Source::new(text.to_owned(), format).map_err(|error| error.to_string())?;
    let whole: Value = serde_json::from_str(source.json()).map_err(|error| error.to_string())?;
    let index = index(&source);
    let mut left = vec![(String::new(), &whole)];
    let mut seen = 0;
    while let Some((pointer, value)) = left.pop() {
        let found = index.find(&pointer).ok_or("nothing is found")?;
        if found.is_around {
            return Err(format!("{pointer} is not found"));
        }
        if let Some(key) = pointer.rsplit('/').next().filter(|_| found.key.is_some()) {
            let key = key.replace("~1", "/").replace("~0", "~");
            let own = index.text(&found.key.clone().expect("a key"));
            let own = Source::new(own.to_owned(), format).map_err(|error| error.to_string())?;
            let own: Value = serde_json::from_str(own.json()).map_err(|error| error.to_string())?;
            let own = own.as_str().map_or_else(|| own.to_string(), str::to_owned);
            if own != key {
                return Err(format!("the key of {pointer} is {own}"));
            }
        }
        seen += 1;
        match value {
            Value::Object(members) => left.extend(members.iter().map(|(key, value)| {
                (format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), value)
            })),
            Value::Array(elements) => {
                left.extend(
                    elements.iter().enumerate().map(|(at, value)| (format!("{pointer}/{at}"), value)),
                );
            }
            scalar => {
                let own = index.text(&found.value);
                let own = Source::new(own.to_owned(), format)
                    .map_err(|error| format!("{pointer}: {own}: {error}"))?;
                let own: Value = serde_json::from_str(own.json()).map_err(|error| error.to_string())?;
                if own != *scalar {
                    return Err(format!("at {pointer} is {own} instead of {scalar}"));
                }
            }
        }
    }
    Ok(seen)
}

#[test]
fn every_value_of_every_definition_is_found_in_json_and_yaml() {
    let folders = ["integrations", "machines", "sdk"];
    let files: Vec<_> =
        folders.iter().flat_map(|folder| files(&tests_folder().join(folder), ".asl.json")).collect();
    all(files.iter().map(|file| {
        let text = fs::read_to_string(file).expect("the case");
        let seen = every_value_is_at_its_place(&text, Format::Json)
            .map_err(|why| format!("{}: {why}", file.display()))?;
        // JSON is YAML too.
        let yaml = every_value_is_at_its_place(&text, Format::Yaml);
        match yaml {
            Ok(again) if again == seen => Ok(()),
            other => Err(format!("{} as YAML: {other:?}, {seen} in JSON", file.display())),
        }
    }));
}

#[test]
fn places_of_members_elements_and_what_is_not_there() {
    let json = "{\n  \"a\": [1, {\"b/c\": \"x\\\"y\"}],\n  \"m\": ${Count},\n  \"o\": {}\n}";
    let yaml = "a:\n  - 1\n  - b/c: 'x\"y'\nm: ${Count}\no: {}\n";
    for (text, format, places) in [
        (
            json,
            Format::Json,
            [
                ("", (1, 1), (1, 2), false),
                ("/a", (2, 3), (2, 6), false),
                ("/a/0", (2, 9), (2, 10), false),
                ("/a/1", (2, 12), (2, 13), false),
                ("/a/1/b~1c", (2, 13), (2, 26), false),
                ("/m", (3, 3), (3, 16), false),
                ("/o/x", (4, 3), (4, 6), true),
                ("/a/7", (2, 3), (2, 6), true),
            ],
        ),
        (
            yaml,
            Format::Yaml,
            [
                ("", (1, 1), (1, 2), false),
                ("/a", (1, 1), (1, 2), false),
                ("/a/0", (2, 5), (2, 6), false),
                ("/a/1", (3, 5), (3, 6), false),
                ("/a/1/b~1c", (3, 5), (3, 15), false),
                ("/m", (4, 1), (4, 12), false),
                ("/o/x", (5, 1), (5, 2), true),
                ("/a/7", (1, 1), (1, 2), true),
            ],
        ),
    ] {
        let source = Source::new(text.to_owned(), format).expect("a text that is read");
        let index = index(&source);
        for (pointer, start, end, is_around) in places {
            let found = index.find(pointer).expect("a value");
            let span = index.span(&found.shown());
            let shown = ((span.start.line, span.start.column), (span.end.line, span.end.column));
            assert_eq!((shown, found.is_around), ((start, end), is_around), "{format:?} {pointer}");
        }
    }
}

#[test]
fn texts_that_are_not_json_have_places_all_the_same() {
    for text in [
        "",
        "{",
        "{\"a\": ",
        "[1, 2",
        "{\"a\": 1 \"b\"}",
        "]",
        "}{",
        "\"x",
        "{\"a\": {\"b\": [}",
        "nul",
        "{{{{",
        "{\"a\"}",
    ] {
        let source = Source::new(text.to_owned(), Format::Json).expect("JSON is not read");
        let index = index(&source);
        if let Some(found) = index.find("/a/b/0") {
            let _ = index.span(&found.shown());
        }
        assert!(index.texts().iter().all(|(bytes, part)| text.get(bytes.clone()) == Some(part)), "{text}");
    }
    let deep = "[".repeat(200_000);
    let source = Source::new(deep, Format::Json).expect("JSON is not read");
    assert!(index(&source).find("/0/0").is_some_and(|found| !found.is_around));
}

#[test]
fn formats_are_told_by_name_and_by_text() {
    for (name, format) in [
        ("a.asl.json", Some(Format::Json)),
        ("a.asl.YAML", Some(Format::Yaml)),
        ("a.yml", Some(Format::Yaml)),
        ("a.asl", None),
        ("json", None),
    ] {
        assert_eq!(Format::of_name(name.as_ref()), format, "{name}");
    }
    for (text, format) in [
        ("\u{feff} {}", Format::Json),
        ("[]", Format::Json),
        ("", Format::Json),
        ("# x\na: 1", Format::Yaml),
        ("---", Format::Yaml),
    ] {
        assert_eq!(Format::of_text(text), format, "{text}");
    }
}
