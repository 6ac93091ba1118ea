//! `--policy`: which file has the policy of a definition's role.

use std::path::{Path, PathBuf};

use crate::cli::file::File;
use crate::cli::locate::Locator;
use crate::cli::refusal::Refusal;
use crate::finding::Finding;
use crate::source::Span;

use super::compare::{FindingSpan, Machine, Policies, Policy, compared, grouped};
use super::inputs::stem;
use super::judge::Judged;
use super::report::Told;

/// Each policy that is named, and the state machines that it is for, by their positions.
pub(super) type Groups<'j> = Vec<(PathBuf, Vec<&'j Judged>)>;

/// The state machines of files by the policies that they name.
pub(super) fn groups(judged: &[Judged]) -> Groups<'_> {
    let named = judged.iter().filter_map(|one| Some((one.whole.as_ref()?.policy.clone(), one)));
    grouped(named).into_iter().collect()
}

/// Compares the state machines of a group with their policy.
pub(super) fn compare(path: &Path, group: &[&Judged]) -> Vec<Told> {
    let policy = match File::read(path) {
        Ok(policy) => policy,
        Err(row) => return vec![(*row).into()],
    };
    let wholes: Vec<_> = group.iter().filter_map(|judged| judged.whole.as_ref()).collect();
    let spans: Vec<FindingSpan<'_>> = wholes
        .iter()
        .map(|whole| {
            let locator = std::cell::OnceCell::new();
            let span = move |finding: &Finding| {
                let values = whole.request.substitutions.clone();
                locator.get_or_init(|| Locator::new(&whole.file.source, values)).span(finding)
            };
            Box::new(span) as FindingSpan<'_>
        })
        .collect();
    let machines: Vec<Machine<'_>> = wholes
        .iter()
        .zip(&spans)
        .filter(|(whole, _)| whole.is_sound)
        .map(|(whole, span)| Machine {
            file: &whole.file.name,
            address: "",
            request: whole.request.clone(),
            most: None,
            open: &[],
            span: span.as_ref(),
        })
        .collect();
    let index = policy.source.index(&|key| key);
    let span = |pointer: &str| {
        let found = index.find(pointer).filter(|found| !found.is_around);
        // A document may have one statement instead of a list.
        let found = found.or_else(|| index.find("/Statement"));
        found.map_or(crate::source::Position::START.into(), |found| index.span(&found.shown()))
    };
    let json = policy.source.json();
    let readable = vec![Policy { file: &policy.name, address: "", json, span: &span, at: &Span::from }];
    let policies = Policies {
        name: &format!("\"{}\"", policy.name),
        readable,
        boundary: None,
        unreadable: Vec::new(),
        has_all_machines: machines.len() == group.len(),
    };
    compared(&machines, &policies)
}

/// The policy that a pattern names for a file: `{dir}` is its folder, `{name}` its name without the ending of
/// definitions.
///
/// # Errors
/// If the pattern has other words in braces.
pub(super) fn named(pattern: &str, file: &Path) -> Result<PathBuf, Refusal> {
    let folder = file.parent().map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = if folder.is_empty() { ".".to_owned() } else { folder };
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (mut path, mut rest) = (String::new(), pattern);
    while let Some((before, inside)) = rest.split_once('{') {
        path.push_str(before);
        let (word, after) = inside.split_once('}').unwrap_or((inside, ""));
        match word {
            "dir" => path.push_str(&folder),
            "name" => path.push_str(stem(&name)),
            _ => return Err(Refusal::UnknownWord { word: word.to_owned() }),
        }
        rest = after;
    }
    path.push_str(rest);
    Ok(PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_name_policies() {
        for (pattern, file, path) in [
            ("role.json", "m/orders.asl.json", "role.json"),
            ("{dir}/{name}.policy.json", "m/orders.asl.json", "m/orders.policy.json"),
            ("{dir}/../policies/{name}.json", "orders.states.yml", "./../policies/orders.json"),
            ("{name}-{name}", "a.b.json", "a.b-a.b"),
        ] {
            assert_eq!(named(pattern, Path::new(file)).unwrap(), PathBuf::from(path), "{pattern}");
        }
        assert!(named("{folder}/x", Path::new("a")).is_err());
    }
}
