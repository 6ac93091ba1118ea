//! The errors of a definition that can be found before everything is known.

use std::borrow::Cow;
use std::rc::Rc;

use crate::asl::flow::Assumptions;
use crate::asl::{Integration, Json, Kind, Marked, State, StateMachine, mark, parse_within};
use crate::finding::{Code, Finding, Level, Severity};
use crate::iam::Location;
use crate::permissions::{located, requirements, wrong_settings};
use crate::work::{Cancel, Limit, Phase, Work};

use super::super::substitute::{Pending, substitute_pending};
use super::super::suitable::unsuitable;
use super::super::unreadable::unreadable;
use super::super::{Partition, Request, assumptions, input, judged};
use super::known::Unknown;
use super::open::{flow, refused, settle, with_open_keys};
use super::resource::stand_in;

/// The errors of a definition that can be found before everything is known: partition, region, account and
/// the levels of findings may still be missing, and values of tokens too.
#[must_use]
pub fn problems(request: &Request, unknown: &Unknown, partition: Partition, cancel: &Cancel) -> Vec<Finding> {
    let pending = substitute_pending(request, &unknown.tokens);
    let unsuitable = unsuitable(request, &pending);
    let Pending { filled, mark: character, findings: mut problems, is_unknown } = pending;
    let limit = Limit::for_definition(request.definition.len());
    let work = Rc::new(Work::new(cancel.clone(), limit));
    let (given, wrong) = input(request).map_or_else(|wrong| (None, wrong), |given| (given, Vec::new()));
    if !is_unknown
        && problems.iter().all(|problem| problem.code.may_be_lowered() || problem.severity != Severity::Error)
    {
        work.begin(Phase::Reading);
        let read = Json::read_while(&filled.text, &|| work.count(1).is_ok());
        // Where reading was given up, its error says nothing of the text.
        if work.is_cancelled() {
            return Vec::new();
        }
        match read {
            Err(error) => problems.push(unreadable(&request.definition, &filled, error)),
            Ok(document) => {
                let stand_in = stand_in(request);
                work.begin(Phase::Parsing);
                let marked = mark(document, character, &stand_in, &work);
                if marked.is_unknown {
                    problems.extend(of_text(&filled.text, character, &work));
                }
                let input = given.as_ref();
                problems.extend(of_definition(
                    request,
                    &filled.text,
                    input,
                    &marked,
                    unknown,
                    partition,
                    Rc::clone(&work),
                ));
            }
        }
    }
    problems.extend(wrong);
    problems.extend(unsuitable);
    if unknown.apis {
        problems.retain(|problem| problem.code != Code::NeedlessUnknownApi);
    }
    if unknown.levels {
        // What is not raised here may come to be lowered.
        problems.retain(|problem| {
            !unknown.may_lower(problem.code) || request.on_finding.said(problem.code) == Some(Level::Error)
        });
    }
    judged(&request.on_finding, problems, &work).err().unwrap_or_default()
}

/// What a text is in place of a definition, whatever the values of its tokens are.
pub(super) fn of_text(text: &str, mark: Option<char>, work: &Work) -> Vec<Finding> {
    let text: String = text.split(|one| Some(one) == mark).collect();
    let read = Json::read_while(&text, &|| work.count(1).is_ok());
    let Ok(document) = read else { return Vec::new() };
    let (_, problems) = parse_within(&document, work);
    problems.into_iter().filter(|problem| problem.code == Code::NotADefinition).collect()
}

fn of_definition(
    request: &Request,
    text: &str,
    input: Option<&Json>,
    marked: &Marked<'_>,
    unknown: &Unknown,
    partition: Partition,
    work: Rc<Work>,
) -> Vec<Finding> {
    if marked.is_unknown {
        return Vec::new();
    }
    let (machine, problems) = parse_within(&marked.document, &work);
    let is_open = partition == Partition::OfDefinition;
    // What replaces a Resource says nothing.
    let own = machine.partition().filter(|_| marked.resources.is_empty());
    let placed = own.filter(|own| is_open && Location::is_partition(own)).map(|own| {
        let mut request = request.clone();
        own.clone_into(&mut request.settings.aws.partition);
        request
    });
    let mut request = Cow::Borrowed(placed.as_ref().unwrap_or(request));
    if unknown.apis {
        let allowed = request.settings.allow_unknown_apis.iter().map(str::to_owned);
        request.to_mut().settings.allow_unknown_apis = allowed.chain(sdk_apis(&machine)).collect();
    }
    let assumed = Assumptions { work: Rc::clone(&work), ..assumptions(&request.settings, input) };
    let flow = flow(&machine, &assumed, marked, unknown, text);
    let mut needed = located(requirements(&machine, &flow, &request.settings), &marked.document);
    needed.problems.extend(problems);
    needed.problems.extend(wrong_settings(&request.settings));
    if is_open && own.is_none() {
        needed.problems.retain(|problem| problem.code != Code::WrongPartition);
    }
    let refused = refused(&needed, marked, &request.settings, &work);
    settle(&mut needed, marked, unknown, &with_open_keys(&machine, unknown));
    needed.problems.extend(refused);
    needed.problems
}

/// The APIs of the AWS SDK that are called, as `allow_unknown_apis` names them.
fn sdk_apis(machine: &StateMachine<'_>) -> Vec<String> {
    let name = |state: &State<'_>| match &state.kind {
        Kind::Task(task) => match &task.resource.integration {
            Integration::Sdk { service, api, .. } => Some(format!("{service}:{api}")),
            _ => None,
        },
        _ => None,
    };
    machine.states().into_iter().filter_map(name).collect()
}
