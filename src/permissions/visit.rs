//! What is known of a state that is looked at.

use super::Settings;
use super::alike::Alike;
use crate::asl::{Scope, State};

/// A state that is visited, with what is known where it is entered.
#[derive(Clone, Copy)]
pub(super) struct Visit<'v, 'a> {
    pub(super) state: &'v State<'a>,
    pub(super) scope: &'v Scope<'a>,
    pub(super) settings: &'v Settings,
    /// What calls with these settings need.
    pub(super) alike: &'v Alike<'a>,
}
