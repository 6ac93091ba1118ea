//! Findings about the sizes of documents.

use crate::finding::{Argument, Finding};

use super::document::{Documents, Limits};
use super::limits::MAX_MANAGED_CHARACTERS;
use super::packing::Unfitting;
use super::problem::{Packed, RequestProblem};

/// What is larger than it may be: the policy, a permission, a part for a managed policy.
pub(super) fn findings(made: &Documents, limits: Limits) -> Vec<Finding> {
    let mut found = Vec::new();
    let size = made.size;
    if size > limits.policy {
        let packed = match (&made.packed, limits.document) {
            (Ok(packed), Some(limit)) => Some(Packed { documents: packed.len(), limit }),
            _ => None,
        };
        let problem = RequestProblem::TooLarge { size, limit: limits.policy, packed };
        found.push(Finding::new(&problem, Argument::new("size_limit")));
    }
    if let (Err(Unfitting { action, resource, size }), Some(limit)) = (&made.packed, limits.document) {
        let problem = RequestProblem::PermissionTooLarge { action, resource, size: *size, limit };
        found.push(Finding::new(&problem, Argument::new("document_size_limit")));
    }
    // No part is larger than all of them together.
    let parts = made.by_service.iter().filter(|_| made.unshared > MAX_MANAGED_CHARACTERS);
    for (service, part) in parts {
        let size = part.size();
        if size > MAX_MANAGED_CHARACTERS {
            found.push(Finding::new(&RequestProblem::OversizedPart { service, size }, ""));
        }
    }
    found
}
