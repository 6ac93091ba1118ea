//! The names of all actions of AWS, embedded in compressed form and decompressed when they are first needed.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::limits::MAX_TEXT_BYTES;

static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/actions.bin"));

/// An action that IAM knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IamAction {
    /// Its name after the colon, in AWS's spelling: `GetObject`.
    pub name: &'static str,
    /// Whether a statement can name resources for it; if not, IAM checks it on `*`.
    pub has_resource_types: bool,
}

/// All actions by the prefix of their service, such as `s3`, in ascending order without regard to case.
///
/// Source: AWS's service authorization reference, as of the day that [`date`](super::catalog::date) returns.
#[must_use]
pub fn all() -> &'static BTreeMap<&'static str, Vec<IamAction>> {
    static TEXT: OnceLock<String> = OnceLock::new();
    static ALL: OnceLock<BTreeMap<&'static str, Vec<IamAction>>> = OnceLock::new();

    ALL.get_or_init(|| {
        let text = TEXT.get_or_init(|| {
            let bytes = miniz_oxide::inflate::decompress_to_vec_with_limit(PACKED, MAX_TEXT_BYTES);
            bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
        });
        let mut services: BTreeMap<&'static str, Vec<IamAction>> = BTreeMap::new();
        let mut prefix = "";
        for line in text.lines() {
            match line.strip_prefix(' ') {
                None => prefix = line,
                Some(action) => {
                    let name = action.strip_suffix('+');
                    services
                        .entry(prefix)
                        .or_default()
                        .push(IamAction { name: name.unwrap_or(action), has_resource_types: name.is_some() });
                }
            }
        }
        services
    })
}

/// Whether no statement can name a resource for an action: the authorization data have no type for it.
pub(super) fn is_without_type(action: &str) -> bool {
    let Some((prefix, name)) = action.split_once(':') else { return false };
    let actions = all().get(prefix).map(Vec::as_slice).unwrap_or_default();
    actions.iter().any(|one| one.name == name && !one.has_resource_types)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_of_the_authorization_data_is_there() {
        let text = include_str!("authorization.txt");
        let is_action = |line: &&str| line.starts_with(' ') && !line.starts_with(" type ");
        assert_eq!(all().values().map(Vec::len).sum::<usize>(), text.lines().filter(is_action).count());
        assert_eq!(all().len(), text.lines().filter(|line| line.starts_with("prefix ")).count());
        let of = |service: &str, name: &str| {
            let found = all().get(service).into_iter().flatten().find(|action| action.name == name);
            found.map(|action| action.has_resource_types)
        };
        assert_eq!(of("s3", "GetObject"), Some(true));
        assert_eq!(of("xray", "PutTraceSegments"), Some(false));
        assert_eq!(of("s3", "GetObjects"), None);
        let without = ["timestream:ListDatabases", "timestream:Select", "timestream:Selects", "xray"];
        assert_eq!(without.map(is_without_type), [true, false, false, false]);
    }

    #[test]
    fn it_is_small() {
        assert!(PACKED.len() < 120_000, "{} bytes", PACKED.len());
    }
}
