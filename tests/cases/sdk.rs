//! Cases of AWS SDK integrations: `sdk/SERVICE/API[.VARIANT].asl.json`, and beside it the policy. AWS
//! documents none, so both modes grant the same.
//!
//! The policies were compared with the authorization data that the catalogue is made from: each action is
//! listed and spelt as there, each resource is of a type of its action, each required type is covered, and
//! each dependent action is granted unless its condition does not hold. What that does not cover was reviewed
//! one by one: actions by exception, data of the caller, roles, and `*` where types are optional. Nothing was
//! tested against AWS.

use std::fs;
use std::path::Path;

use sfniam::permissions::Mode;

use crate::support::{beside, compare_or_bless, policy, settings};

pub(crate) fn check(case: &Path) -> Vec<Result<(), String>> {
    let definition = fs::read_to_string(case).expect("the case");
    let document = policy(&definition, &settings(Mode::LeastPrivilege));
    vec![
        document.and_then(|(policy, _)| {
            compare_or_bless(&beside(case, ".policy.json"), &(policy.to_json() + "\n"))
        }),
    ]
}
