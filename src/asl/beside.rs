//! Expressions that read nothing of the values which go from state to state.

use super::text::Str;

/// What the context object says of the execution, whatever its input is.
const OF_EXECUTION: [&str; 9] = [
    "Execution.Id",
    "Execution.Name",
    "Execution.RedriveCount",
    "Execution.RedriveTime",
    "Execution.RoleArn",
    "Execution.StartTime",
    "State.",
    "StateMachine.",
    "Task.",
];

/// Whether a text reads only what is the same for every input: members of the context object that have
/// nothing of it, and variables that no state assigns.
pub(super) fn reads_no_data(text: &str, assigned: &[Str<'_>]) -> bool {
    // In JSONata, `%` is what is around a value.
    let is_plain = !text.contains('%') || text.starts_with("{%") && text.matches('%').count() == 2;
    is_plain && is_context_of_execution(text, "$$") && {
        let rests = text.match_indices('$').filter(|(at, _)| !text.get(..*at).is_some_and(ends_in_root));
        rests.filter_map(|(at, _)| text.get(at + 1..)).all(|rest| reads_no_data_at(rest, assigned))
    }
}

/// Whether each `$$` or `context` in a text goes on to a member that has nothing of the input.
pub(super) fn is_context_of_execution(text: &str, root: &str) -> bool {
    text.match_indices(root).all(|(at, _)| text.get(at + root.len()..).is_some_and(is_of_execution))
}

fn ends_in_root(before: &str) -> bool {
    before.ends_with('$')
}

/// What follows a `$`.
fn reads_no_data_at(rest: &str, assigned: &[Str<'_>]) -> bool {
    if rest.starts_with('$') {
        return true;
    }
    let is_of_name = |one: char| one.is_alphanumeric() || one == '_';
    let name = rest.split(|one| !is_of_name(one)).next().unwrap_or_default();
    match name {
        "" => false,
        "states" => rest.strip_prefix("states.context").is_some_and(is_of_execution),
        name => assigned.binary_search_by(|one| one.as_ref().cmp(name)).is_err(),
    }
}

/// What follows the context object.
fn is_of_execution(rest: &str) -> bool {
    let Some(rest) = rest.strip_prefix('.') else { return false };
    let is_end = |rest: &str| !rest.starts_with(|one: char| one.is_alphanumeric() || "_-".contains(one));
    OF_EXECUTION
        .iter()
        .any(|member| rest.strip_prefix(member).is_some_and(|after| member.ends_with('.') || is_end(after)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_input_changes() {
        let assigned = ["role".into()];
        for (text, expected) in [
            ("$$.Execution.Name", true),
            ("$$.Task.Token", true),
            ("$other", true),
            ("States.Format('{}-{}', $$.Execution.Name, $$.StateMachine.Name)", true),
            ("{% $states.context.Execution.Name %}", true),
            ("{% $uppercase($states.context.StateMachine.Name) & $other %}", true),
            ("$role", false),
            ("$", false),
            ("$$", false),
            ("$.x", false),
            ("$['x']", false),
            ("$$.Execution", false),
            ("$$.Execution.Input.x", false),
            ("$$.Execution.Names", false),
            ("$$['Execution']['Input']", false),
            ("$$.Map.Item.Value", false),
            ("States.Format('{}-{}', $$.Execution.Name, $.x)", false),
            ("{% $states.input.x %}", false),
            ("{% $states.context %}", false),
            ("{% $states.context.Execution.Input.x %}", false),
            ("{% $states.context.Execution.(Input) %}", false),
            ("{% $states.context.Execution.Name.%.Input %}", false),
            ("{% $states.context.Execution.Name & $role %}", false),
            ("{% $s := $states; $s.input %}", false),
        ] {
            assert_eq!(reads_no_data(text, &assigned), expected, "{text}");
        }
    }
}
