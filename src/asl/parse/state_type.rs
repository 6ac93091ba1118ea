//! The types of state.

/// The types of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StateType {
    Task,
    Map,
    Parallel,
    Pass,
    Choice,
    Wait,
    Succeed,
    Fail,
}

impl StateType {
    /// The type of that name.
    pub(super) fn of(name: &str) -> Option<StateType> {
        Some(match name {
            "Task" => StateType::Task,
            "Map" => StateType::Map,
            "Parallel" => StateType::Parallel,
            "Pass" => StateType::Pass,
            "Choice" => StateType::Choice,
            "Wait" => StateType::Wait,
            "Succeed" => StateType::Succeed,
            "Fail" => StateType::Fail,
            _ => return None,
        })
    }

    /// Whether it does work that has a result and can fail.
    pub(super) fn works(self) -> bool {
        matches!(self, StateType::Task | StateType::Map | StateType::Parallel)
    }

    /// Whether it has `Next` or `End`.
    pub(super) fn leads_on(self) -> bool {
        !matches!(self, StateType::Choice | StateType::Succeed | StateType::Fail)
    }
}
