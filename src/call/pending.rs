//! Which parts of an answer depend on tokens whose values are not known yet.

/// Which parts of a permission depend on tokens whose values are not known yet. By default, none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// Whether it is needed at all.
    pub existence: bool,
    /// That it, or another one of the same state for which this also holds, is needed in any case.
    pub is_alternative: bool,
    /// That its actions are needed in any case, if not by it then by another one of the same state.
    pub is_by_type: bool,
    /// That it, or another one of the same state with other actions, is needed in any case.
    pub is_one_of_several: bool,
    /// Whether it is one or several, under different conditions.
    pub number: bool,
    /// Whether a hint may part it by its actions: several permissions then allow the same.
    pub is_parted: bool,
    /// Any of its resources.
    pub resources: bool,
    /// Any of its conditions.
    pub conditions: bool,
}

impl Pending {
    /// Everything but the actions.
    pub const ALL: Pending = Pending {
        existence: true,
        is_alternative: false,
        is_by_type: false,
        is_one_of_several: false,
        number: true,
        is_parted: false,
        resources: true,
        conditions: true,
    };

    /// Whether anything is not known of what it allows.
    #[must_use]
    pub fn any(self) -> bool {
        self.existence || self.number || self.resources || self.conditions
    }

    /// Whether it is unknown how often it occurs in the list of its state.
    #[must_use]
    pub fn is_uncounted(self) -> bool {
        self.existence || self.number || self.is_parted
    }
}
