//! `resource_hint` blocks: their schema, and from a block to a hint.

use crate::finding::{Argument, Finding};
use crate::generator::{Hint, OpenHint, Remedy, Selector, Target};
use crate::protocol::schema::{Attribute, Block};
use crate::protocol::value::{Type, Value};

use super::super::problem::ArgumentProblem;

/// The name of the blocks.
pub(super) const NAME: &str = "resource_hint";

/// The arguments of a block.
pub(super) fn block() -> Block {
    Block::new(
        "States what would otherwise be known only at run time: `resources` replaces the wildcard of a parameter, or `accept_wildcard` keeps it with a `reason`. Set \
         exactly one of `state` and `integration`, one of `parameter` and `action`, and one of `resources` and `accept_wildcard`. A hint that matches nothing or \
         does not narrow is an error; one that would only narrow the policy of the other `mode` is a finding.",
        [
            Attribute::optional(
                "accept_wildcard",
                Type::Bool,
                "Whether to keep the wildcard. Its finding is then `accepted-wildcard`, of severity `info`, with the `reason`.",
            ),
            Attribute::optional(
                "action",
                Type::String,
                "Selects every wildcard of this action, such as `sns:Publish`, instead of those of a `parameter`.",
            ),
            Attribute::optional(
                "integration",
                Type::String,
                "Selects every task of this integration, such as `sns:publish`, or with its pattern, such as `ecs:runTask.sync`.",
            ),
            Attribute::optional(
                "parameter",
                Type::String,
                "The parameter, as `findings` names it, such as `TopicArn`.",
            ),
            Attribute::optional(
                "reason",
                Type::String,
                "Why the wildcard is accepted. Required with `accept_wildcard`.",
            ),
            Attribute::optional(
                "resources",
                Type::list(Type::String),
                "ARNs of the service and type that the parameter takes; `*` and `?` are wildcards. Each is narrower than what it replaces. The exact ARN of a resource in \
                 another account is allowed.",
            ),
            Attribute::optional("state", Type::String, "The name or the path of the state."),
        ],
    )
}

/// Reads the blocks. Those of which it is not known whom or what they are for are left out.
pub(super) fn read(value: &Value) -> (Vec<Hint>, Vec<Finding>) {
    let (mut hints, mut problems) = (Vec::new(), Vec::new());
    for (position, block) in (0_usize..).zip(value.as_list().unwrap_or_default()) {
        // A null element has an error of its own.
        if has_null(block.get("resources")) {
            continue;
        }
        if !block.is_wholly_known() {
            hints.extend(pending(block));
            continue;
        }
        match hint(block) {
            Ok(hint) => hints.push(hint),
            Err(WrongHint { member, advice }) => {
                let argument =
                    Argument { block: Some(position), member: Some(member), ..Argument::new(NAME) };
                problems.push(Finding::new(&ArgumentProblem::Hint { advice }, argument));
            }
        }
    }
    (hints, problems)
}

fn has_null(list: &Value) -> bool {
    list.as_list().unwrap_or_default().iter().any(Value::is_null)
}

/// What is known of the blocks of which it is not known whom or what they are for.
pub(super) fn open(value: &Value) -> Vec<OpenHint> {
    let Value::List(blocks) = value else {
        return if value.is_unknown() { vec![OpenHint::default()] } else { Vec::new() };
    };
    let open = blocks.iter().filter(|block| !block.is_wholly_known() && pending(block).is_none());
    open.map(|block| OpenHint { selector: selector(block), target: target(block) }).collect()
}

/// A hint of which it is known whom and what it is for, and no more. An unknown member may come to be null,
/// so the other one of its pair says something only if it is known.
fn pending(block: &Value) -> Option<Hint> {
    let accepts = block.get("accept_wildcard");
    let remedy = Remedy::Unknown {
        names: !block.get("resources").is_null(),
        accepts: accepts.is_unknown() || accepts.as_bool() == Some(true),
    };
    Some(Hint { selector: selector(block)?, target: target(block)?, remedy })
}

fn selector(block: &Value) -> Option<Selector> {
    let text = |name: &str| block.get(name).as_str().map(str::to_owned);
    text("state").map(Selector::State).or_else(|| text("integration").map(Selector::Integration))
}

fn target(block: &Value) -> Option<Target> {
    let text = |name: &str| block.get(name).as_str().map(str::to_owned);
    text("parameter").map(Target::Parameter).or_else(|| text("action").map(Target::Action))
}

/// A hint that says too little or too much.
struct WrongHint {
    /// The member that is wrong, or one that is missing: hosts show the line of a block only for a member of
    /// it.
    member: &'static str,
    /// What to do.
    advice: &'static str,
}

fn wrong(member: &'static str, advice: &'static str) -> WrongHint {
    WrongHint { member, advice }
}

fn hint(block: &Value) -> Result<Hint, WrongHint> {
    let text = |name: &str| block.get(name).as_str().map(str::to_owned);
    let selector = match (text("state"), text("integration")) {
        (Some(state), None) => Selector::State(state),
        (None, Some(integration)) => Selector::Integration(integration),
        (None, None) => return Err(wrong("state", "Give either \"state\" or \"integration\".")),
        _ => return Err(wrong("integration", "Give either \"state\" or \"integration\", not both.")),
    };
    let target = match (text("parameter"), text("action")) {
        (Some(parameter), None) => Target::Parameter(parameter),
        (None, Some(action)) => Target::Action(action),
        (None, None) => return Err(wrong("parameter", "Give either \"parameter\" or \"action\".")),
        _ => return Err(wrong("action", "Give either \"parameter\" or \"action\", not both.")),
    };
    let accepts = block.get("accept_wildcard").as_bool().unwrap_or(false);
    let reason = text("reason").filter(|reason| !reason.trim().is_empty());
    let resources = block.get("resources");
    let remedy = match (accepts, resources.is_null(), reason) {
        (true, true, Some(reason)) => Remedy::Accept(reason),
        (true, true, None) => return Err(wrong("reason", "Say in \"reason\" why the wildcard is accepted.")),
        (true, false, _) => {
            return Err(wrong(
                "accept_wildcard",
                "Give either \"resources\" or \"accept_wildcard\", not both.",
            ));
        }
        (false, true, _) => {
            return Err(wrong(
                "resources",
                "Give \"resources\", or set \"accept_wildcard\" with a \"reason\".",
            ));
        }
        (false, false, Some(_)) => {
            return Err(wrong(
                "reason",
                "A \"reason\" belongs to \"accept_wildcard\". Remove it, or accept the wildcard.",
            ));
        }
        (false, false, None) => {
            let texts = resources.as_list().unwrap_or_default().iter().filter_map(Value::as_str);
            let texts: Vec<String> = texts.map(str::to_owned).collect();
            if texts.is_empty() {
                return Err(wrong(
                    "resources",
                    "\"resources\" is empty. Name at least one ARN, or remove the hint.",
                ));
            }
            Remedy::Resources(texts)
        }
    };
    Ok(Hint { selector, target, remedy })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Code;

    fn read_one(members: &[(&'static str, Value)]) -> Result<Hint, Box<Finding>> {
        let block = Value::object(members.iter().cloned());
        let (mut hints, mut problems) = read(&Value::list([block]));
        problems.pop().map_or_else(|| Ok(hints.remove(0)), |problem| Err(Box::new(problem)))
    }

    #[test]
    fn both_remedies_are_read() {
        let resources = Value::list([Value::from("arn:aws:sns:eu-west-1:111122223333:orders")]);
        let hint =
            read_one(&[("state", "A".into()), ("parameter", "TopicArn".into()), ("resources", resources)]);
        let remedy = Remedy::Resources(vec!["arn:aws:sns:eu-west-1:111122223333:orders".to_owned()]);
        let target = Target::Parameter("TopicArn".to_owned());
        assert_eq!(hint, Ok(Hint { selector: Selector::State("A".to_owned()), target, remedy }));
        let hint = read_one(&[
            ("integration", "sns:publish".into()),
            ("action", "sns:Publish".into()),
            ("accept_wildcard", true.into()),
            ("reason", "Tenants create their own topics.".into()),
        ]);
        let remedy = Remedy::Accept("Tenants create their own topics.".to_owned());
        let target = Target::Action("sns:Publish".to_owned());
        assert_eq!(
            hint,
            Ok(Hint { selector: Selector::Integration("sns:publish".to_owned()), target, remedy })
        );
    }

    #[test]
    fn what_is_missing_or_too_much_is_said_at_its_member() {
        let state = || ("state", Value::from("A"));
        let parameter = || ("parameter", Value::from("TopicArn"));
        let resources = || ("resources", Value::list([Value::from("x")]));
        for (members, member, said) in [
            (vec![parameter(), resources()], "state", "either \"state\" or \"integration\""),
            (vec![state(), ("integration", "x".into()), parameter(), resources()], "integration", "not both"),
            (vec![state(), resources()], "parameter", "either \"parameter\" or \"action\""),
            (vec![state(), parameter(), ("action", "x".into()), resources()], "action", "not both"),
            (vec![state(), parameter()], "resources", "Give \"resources\", or set"),
            (
                vec![state(), parameter(), ("accept_wildcard", true.into())],
                "reason",
                "why the wildcard is accepted",
            ),
            (
                vec![
                    state(),
                    parameter(),
                    ("accept_wildcard", true.into()),
                    ("reason", "r".into()),
                    resources(),
                ],
                "accept_wildcard",
                "not both",
            ),
            (vec![state(), parameter(), ("reason", "r".into()), resources()], "reason", "belongs to"),
            (vec![state(), parameter(), ("resources", Value::List(Vec::new()))], "resources", "is empty"),
        ] {
            let problem = read_one(&members).unwrap_err();
            let argument = Argument { block: Some(0), member: Some(member), ..Argument::new(NAME) };
            assert_eq!((problem.code, &problem.place.argument), (Code::InvalidHint, &argument));
            assert!(problem.detail.contains(said), "{problem:?}");
        }
    }

    /// The list has an error of its own, and the others of the block would be about what is left of it.
    #[test]
    fn a_null_element_has_one_error() {
        let resources = Value::list([Value::Null]);
        let block = Value::object([
            ("state", Value::from("A")),
            ("parameter", Value::from("TopicArn")),
            ("resources", resources),
        ]);
        assert_eq!(read(&Value::list([block])), (Vec::new(), Vec::new()));
    }
}
