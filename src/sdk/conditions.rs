//! Whether conditions on the parameters of a call hold.

use super::model::{Condition, Path, Test};
use super::{accepted, bucket};
use crate::call::{Call, Presence};
use crate::iam::Pattern;

/// All of them combined: never if one never holds, always if each always holds.
pub(super) fn all_of(parts: impl Iterator<Item = Presence>) -> Presence {
    parts.fold(Presence::Always, |one, two| match (one, two) {
        (Presence::Never, _) | (_, Presence::Never) => Presence::Never,
        (Presence::Always, Presence::Always) => Presence::Always,
        _ => Presence::Maybe,
    })
}

const fn opposite(one: Presence) -> Presence {
    match one {
        Presence::Never => Presence::Always,
        Presence::Maybe => Presence::Maybe,
        Presence::Always => Presence::Never,
    }
}

/// Of several parameters one has to pass; under a negated condition none may.
pub(super) fn holds(when: &Condition, call: &Call<'_, '_>) -> Presence {
    let none = all_of(when.paths.iter().map(|path| opposite(passes(*path, when.test, call))));
    if when.negated { none } else { opposite(none) }
}

fn passes(path: Path, test: Test, call: &Call<'_, '_>) -> Presence {
    if test == Test::Present {
        return given(path, call);
    }
    let decides = bucket::decides(test, path.as_str());
    if let Some(passes) = decides.and_then(|names| beside_tokens(path, names, call)) {
        return if passes { Presence::Always } else { Presence::Never };
    }
    // A token that nothing replaces counts as the name of a general-purpose bucket too.
    let as_written = |text: &Pattern| decides.and_then(|names| Some(names(&text.written(false)?)));
    let passes = |text: &Pattern| {
        as_written(text).or_else(|| match test {
            bucket::OF_DIRECTORY => bucket::begins(text),
            _ if bucket::is_alias(test, path.as_str(), text) => Some(true),
            _ => accepted::passes(test, text),
        })
    };
    let results = || call.texts(path.as_str()).iter().map(passes).collect::<Option<Vec<bool>>>();
    let Some(results) = call.decided(results) else { return Presence::Maybe };
    if results.iter().all(|result| !result) {
        return Presence::Never;
    }
    let certain = call.presence(path.as_str()) == Presence::Always;
    if certain && results.iter().all(|result| *result) { Presence::Always } else { Presence::Maybe }
}

/// Whether texts with tokens name a bucket of a kind. Each token counts as the name of a general-purpose
/// bucket.
fn beside_tokens(path: Path, names: fn(&str) -> bool, call: &Call<'_, '_>) -> Option<bool> {
    let texts = call.beside_tokens(path.as_str())?;
    let is_named = names(texts.first()?);
    texts.iter().all(|text| names(text) == is_named).then_some(is_named)
}

const FALSE: &str = "false";

/// A literal `false` has the same effect as an absent parameter, where it is accepted.
fn given(path: Path, call: &Call<'_, '_>) -> Presence {
    if accepted::rejects(call, path.as_str(), FALSE) {
        return call.presence(path.as_str());
    }
    let texts = call.texts(path.as_str());
    let off = texts.iter().filter(|text| text.known() == Some(FALSE)).count();
    match off {
        0 => call.presence(path.as_str()),
        _ if off == texts.len() => Presence::Never,
        _ => Presence::Maybe,
    }
}
