//! What can be said of a state machine although values of tokens, or settings, are not known yet.
//!
//! Whatever an unknown value can change is left out as a whole: a list with a part that is not known would
//! have to keep its length, and two values that are not known may turn out equal. What no value can change is
//! there.

mod answer;
mod known;
mod open;
mod problems;
mod resource;
mod services;

use std::rc::Rc;

use crate::asl::flow::Assumptions;
use crate::asl::{mark, parse_within};
use crate::finding::{Code, Finding, Level};
use crate::permissions::{
    assume_role_policy, callback_grants, findings, keys_of_activities, located, once_for_the_machine,
    requirements, trust_findings, wrong_settings,
};
use crate::work::{Cancel, Limit, Phase, Work};

use super::hint::leave_open;
use super::substitute::{Pending, substitute_pending};
use super::suitable::unsuitable;
use super::{Partition, Request, assumptions, hinted, in_other_mode, input, judged, read, wanted};

use answer::Answer;
use open::{errors, flow, judged_already, key, open_states, refused, settle, with_open_keys};
use resource::{advice, stand_in};

pub use known::{ActivityKeys, Analysis, Asks, DataKeys, OfState, Parts, Unknown};
pub use problems::problems;

/// Works out what can be said already.
///
/// # Errors
/// Those that no value can mend.
pub fn analyze(request: &Request, unknown: &Unknown, cancel: &Cancel) -> Result<Analysis, Vec<Finding>> {
    let work = Work::new(cancel.clone(), Limit::for_definition(request.definition.len()));
    analyze_within(request, unknown, &Rc::new(work))
}

/// The same within a limit of work, which is counted.
///
/// # Errors
/// As [`analyze`].
pub fn analyze_within(
    request: &Request,
    unknown: &Unknown,
    work: &Rc<Work>,
) -> Result<Analysis, Vec<Finding>> {
    let cancel = work.cancel();
    let pending = substitute_pending(request, &unknown.tokens);
    let unsuitable = unsuitable(request, &pending);
    let Pending { filled, mark: character, findings: substituted, is_unknown } = pending;
    let substituted = [substituted, unsuitable].concat();
    let told = judged_already(request, unknown, substituted, work)?;
    if is_unknown || unknown.anything {
        return nothing(request, unknown, work);
    }
    let document = read(&filled, request, work)?;
    let stand_in = stand_in(request);
    work.begin(Phase::Parsing);
    let marked = mark(document, character, &stand_in, work);
    wanted(cancel)?;
    if marked.is_unknown {
        judged(&request.on_finding, problems::of_text(&filled.text, character, work), work)?;
    }
    if marked.is_unknown || unknown.place && request.definition.contains("StateMachine") {
        return nothing(request, unknown, work);
    }
    work.begin(Phase::Parsing);
    let (machine, problems) = parse_within(&marked.document, work);
    wanted(cancel)?;
    let input = input(request)?;
    let assumed = Assumptions { work: Rc::clone(work), ..assumptions(&request.settings, input.as_ref()) };
    work.begin(Phase::Values);
    let flow = flow(&machine, &assumed, &marked, unknown, &filled.text);
    work.begin(Phase::Needs);
    let mut needed = located(requirements(&machine, &flow, &request.settings), &marked.document);
    wanted(cancel)?;
    needed.problems.extend(problems);
    needed.problems.extend(wrong_settings(&request.settings));
    work.begin(Phase::Findings);
    let refused = refused(&needed, &marked, &request.settings, work);
    let of_activities = with_open_keys(&machine, unknown);
    if unknown.activity_keys == ActivityKeys::Whole {
        needed.permissions.extend(keys_of_activities(&machine));
    }
    settle(&mut needed, &marked, unknown, &of_activities);
    needed.problems.extend(refused);
    if unknown.apis && needed.problems.iter().any(|problem| problem.code == Code::UnknownApi) {
        return nothing(request, unknown, work);
    }
    judged(&request.on_finding, errors(needed.problems.clone(), unknown), work)?;
    let is_open = !open_states(&needed, &marked, unknown, request).is_empty()
        || unknown.substitutions
        || unknown.place
        || !unknown.hints.is_empty();
    let of_hints = Unknown { hints: unknown.hints.clone(), ..Unknown::default() };
    let other = (*unknown == of_hints && !unknown.hints.is_empty())
        .then(|| in_other_mode(&machine, request, input.as_ref(), work));
    leave_open(&unknown.hints, request.settings.mode, &mut needed, other.as_ref());
    let hinted = hinted(&machine, request, input.as_ref(), work, &mut needed);
    let mut open = open_states(&needed, &marked, unknown, request);
    // A hint that seems to be wrong may fit what a token comes to be.
    let hinted = if is_open { Vec::new() } else { judged_already(request, unknown, hinted, work)? };
    if is_open && !request.hints.is_empty() {
        open.insert(String::new());
    }
    let stops = request.on_finding.level(Code::UnresolvedResource) == Level::Error;
    let of_states = findings(&needed, &marked.document, &request.settings, stops, &|_| true, work);
    let workers = callback_grants(&machine, &request.settings);
    let of_trust =
        trust_findings(&assume_role_policy(&machine, &request.settings), &workers, &request.settings);
    let of_states =
        of_states.into_iter().chain(of_trust).filter(|finding| !open.contains(key(finding))).collect();
    let of_states = once_for_the_machine(of_states);
    let told = [told, hinted, judged_already(request, unknown, of_states, work)?].concat();
    wanted(cancel)?;
    Answer { request, unknown, machine: &machine, marked: &marked, needed, open, work }.put_together(told)
}

/// What is known where an unknown value can change everything: what the text alone says. The definition is
/// checked nevertheless.
fn nothing(request: &Request, unknown: &Unknown, work: &Work) -> Result<Analysis, Vec<Finding>> {
    let partition = if unknown.place { Partition::OfDefinition } else { Partition::OfSettings };
    let wrong = problems(request, unknown, partition, work.cancel());
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(Analysis { advice: advice(request, unknown, work), ..Analysis::default() })
}
