//! A case for every API and pattern of the catalogue:
//! `integrations/SERVICE/API[.PATTERN][.VARIANT].asl.json`, and beside it the policy in both modes:
//! `….template.json` and `….least_privilege.json`. A case named `….dynamic.asl.json` has values that are
//! known only at run time.

use std::fs;
use std::path::Path;

use sfniam::permissions::Mode;

use crate::support::{beside, compare_or_bless, policy, settings};

pub(crate) fn check(case: &Path) -> Vec<Result<(), String>> {
    let definition = fs::read_to_string(case).expect("the case");
    let document = |mode: Mode| {
        let (policy, _) = policy(&definition, &settings(mode))?;
        compare_or_bless(&beside(case, &format!(".{}.json", mode.name())), &(policy.to_json() + "\n"))
    };
    Mode::ALL.map(document).into()
}
