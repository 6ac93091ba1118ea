//! How objects grow and shrink without affecting others that share their members.

use std::rc::Rc;

use super::limits::MAX_MEMBERS;
use super::text::Str;
use super::value::{Members, Value, find};

/// The members with one set. Too many of them are cut; the second result says whether that happened.
pub(super) fn with<'a>(members: &Members<'a>, key: Str<'a>, value: Value<'a>) -> (Members<'a>, bool) {
    let at = members.binary_search_by(|(name, _)| name.cmp(&key));
    let (before, after) = match at {
        Ok(at) => (members.get(..at), members.get(at + 1..)),
        Err(at) => (members.get(..at), members.get(at..)),
    };
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    let (before_kept, after_kept) = if before.len() + after.len() < MAX_MEMBERS {
        (before, after)
    } else {
        let first = before.len().min(MAX_MEMBERS / 2);
        (
            before.get(..first).unwrap_or_default(),
            after.get(..after.len().min(MAX_MEMBERS / 2 - 1)).unwrap_or_default(),
        )
    };
    let cut = before_kept.len() + after_kept.len() < before.len() + after.len();
    let new = before_kept.iter().cloned().chain([(key, value)]).chain(after_kept.iter().cloned()).collect();
    (new, cut)
}

/// The members without one.
pub(super) fn without<'a>(members: &Members<'a>, key: &str) -> Members<'a> {
    if find(members, key).is_none() {
        return Rc::clone(members);
    }
    members.iter().filter(|(name, _)| name != key).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_set_and_taken_away_in_order() {
        let mut members: Members<'_> = Rc::from([]);
        for key in ["b", "a", "c", "a"] {
            members = with(&members, key.into(), Value::String(key.into())).0;
        }
        let keys: Vec<&str> = members.iter().map(|(key, _)| key.as_ref()).collect();
        assert_eq!(keys, ["a", "b", "c"]);
        assert_eq!(without(&members, "b").len(), 2);
        assert_eq!(without(&members, "x").len(), 3);
    }

    #[test]
    fn members_have_an_end() {
        let mut members: Members<'_> = Rc::from([]);
        let mut ever_cut = false;
        for number in 0..1000 {
            let (more, cut) = with(&members, format!("{number:04}").into(), Value::Null);
            members = more;
            ever_cut |= cut;
            assert_eq!(find(&members, &format!("{number:04}")), Some(&Value::Null));
        }
        assert!(ever_cut && members.len() <= MAX_MEMBERS);
    }
}
