//! Rows of the catalogue, filled in with the values of a call.

use crate::call::resource::alias;
use crate::call::{Call, Pending, Presence, can_be_name, fill, is_of_type};
use crate::iam::{Condition, Grant, Operator, Pattern, Reach, Unresolved, WildcardReason};
use crate::integrations::{Body, ConditionRule, GrantRule, Guard, Resource, ResourceSource};

/// Why a documented template has a wildcard, if its row gives no reason.
const DOCUMENTED: &str = "AWS documents it so";

/// What a row allows for a call, and which parts of it depend on tokens not known yet. Empty if the row does
/// not apply, or names nothing.
pub(super) fn granted(grant: &GrantRule, call: &Call<'_, '_>) -> Vec<(Grant, Pending)> {
    let Some((existence, is_open)) = counts(grant.when, call) else { return Vec::new() };
    let is_alternative = grant.is_alternative && !is_open;
    let nothing_known = Pending { is_alternative, ..Pending::ALL };
    let because = if grant.because.is_empty() { DOCUMENTED } else { grant.because };
    match (grant.body, existence) {
        (Body::Computed { actions, .. } | Body::Rows { actions, .. }, Counts::Undecided) => {
            vec![(undecided(actions), nothing_known)]
        }
        (Body::Computed { actions, make, is_fixed, .. }, Counts::Perhaps | Counts::Certainly) => {
            let grants = make(call);
            let existence = existence == Counts::Perhaps;
            let may_be_none = call.may_name_nothing();
            if !call.depends() {
                let pending = Pending { existence, is_alternative, ..Pending::default() };
                return grants.into_iter().map(|grant| (grant, pending)).collect();
            }
            if !is_fixed || may_be_none {
                return vec![(undecided(actions), nothing_known)];
            }
            grants.into_iter().map(|grant| by_holes(grant, existence)).collect()
        }
        (Body::Rows { actions, resources }, Counts::Perhaps | Counts::Certainly) => {
            let mut pending =
                Pending { existence: existence == Counts::Perhaps, is_alternative, ..Pending::default() };
            let (mut texts, mut names) = (Vec::new(), false);
            for resource in resources {
                let found = resolve(resource, because, call);
                let (depends, may_be_none) = (call.depends(), call.may_name_nothing());
                pending.resources |= depends;
                let is_certain = !may_be_none
                    && (resource.is_certain || !matches!(resource.source, ResourceSource::Computed(..)));
                names |= !found.is_empty() && (!depends || is_certain);
                texts.extend(found);
            }
            if !names && pending.resources {
                return vec![(undecided(actions), nothing_known)];
            }
            texts.sort();
            // What is wrong with a value is told, even if another one makes it no difference.
            texts.dedup_by(|one, two| one == two && one.reasons().eq(two.reasons()));
            if texts.is_empty() {
                return Vec::new();
            }
            let mut conditions: Vec<Condition> =
                grant.conditions.iter().filter_map(|row| condition(row, because, call)).collect();
            pending.conditions = call.depends();
            conditions.sort();
            let actions = actions.iter().map(|action| (*action).to_owned()).collect();
            vec![(Grant { actions, resources: texts, conditions }, pending)]
        }
    }
}

/// Whether a row applies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// Whatever tokens turn out to be.
    Certainly,
    /// As far as known; a token may change that.
    Perhaps,
    /// As far as known, it does not; a token may change that.
    Undecided,
}

/// Whether a row applies, and whether that depends on more than what functions read; `None` if it certainly
/// does not.
fn counts(when: &[Guard], call: &Call<'_, '_>) -> Option<(Counts, bool)> {
    call.forget();
    let (mut counts, mut is_open) = (Counts::Certainly, false);
    for guard in when {
        let may_hold = may_hold(*guard, call);
        let depends = call.depends();
        is_open |= depends && !matches!(guard, Guard::Holds(..));
        counts = match (may_hold, depends) {
            (false, false) => return None,
            (false, true) => Counts::Undecided,
            (true, true) if counts == Counts::Certainly => Counts::Perhaps,
            _ => counts,
        };
    }
    Some((counts, is_open))
}

/// In place of a grant of which only the actions are known.
fn undecided(actions: &[&str]) -> Grant {
    let any = WildcardReason::Run { parameter: String::new(), cause: Unresolved::Pending(String::new()) };
    Grant {
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
        resources: vec![Pattern::anything(any)],
        conditions: Vec::new(),
    }
}

/// A grant whose parts depend on a token only where they have a hole for it.
fn by_holes(grant: Grant, existence: bool) -> (Grant, Pending) {
    let has_hole = |pattern: &Pattern| {
        pattern.reasons().any(|why| matches!(why, WildcardReason::Run { cause: Unresolved::Pending(_), .. }))
    };
    let pending = Pending {
        existence,
        is_alternative: false,
        is_by_type: false,
        is_one_of_several: false,
        number: false,
        is_parted: false,
        resources: grant.resources.iter().any(has_hole),
        conditions: grant.conditions.iter().flat_map(|condition| &condition.values).any(has_hole),
    };
    (grant, pending)
}

/// Whether a row may apply.
fn may_hold(when: Guard, call: &Call<'_, '_>) -> bool {
    match when {
        Guard::Pattern(patterns) => patterns.contains(&call.pattern),
        Guard::Given(parameter) => call.presence(parameter) != Presence::Never,
        Guard::Missing(parameter) => call.presence(parameter) != Presence::Always,
        Guard::Is(parameter, value) => call.may_be(parameter, value),
        Guard::IsNot(parameter, value) => !call.is(parameter, value),
        Guard::Holds(_, holds) => holds(call),
    }
}

/// The ARNs of a resource.
fn resolve(resource: &Resource, because: &'static str, call: &Call<'_, '_>) -> Vec<Pattern> {
    let texts = match resource.source {
        ResourceSource::Template(template) => {
            template_texts(template, because, call, !resource.otherwise.is_empty())
        }
        ResourceSource::Named(parameter, template) => call
            .required(parameter)
            .into_iter()
            .flat_map(|value| {
                if value.is_unknown() && !resource.otherwise.is_empty() {
                    return vec![value];
                }
                let named = call.named(template, &value, because);
                let is_another = value.is_arn() && !is_of_type(&value, template);
                if !named.is_empty() && !is_another {
                    return named;
                }
                let open = replaced(call, parameter, &value, is_another);
                if resource.otherwise.is_empty() {
                    return vec![call.arn(template, Some(&open), because)];
                }
                vec![open]
            })
            .collect(),
        ResourceSource::Given(parameter, template) => call
            .required(parameter)
            .into_iter()
            .map(|value| {
                let is_another = value.is_arn() && !is_of_type(&value, template);
                let fits = value.is_arn() && !is_another;
                if fits { value } else { replaced(call, parameter, &value, is_another) }
            })
            .collect(),
        ResourceSource::Each(parameter, _, make) => call
            .required(parameter)
            .into_iter()
            .flat_map(|value| {
                if value.is_unknown() {
                    return vec![value];
                }
                let made = make(call, &value);
                if made.is_empty() { vec![call.unfit(parameter, &value)] } else { made }
            })
            .collect(),
        ResourceSource::Computed(_, make) => make(call),
        ResourceSource::Hidden(what) => {
            vec![Pattern::anything(WildcardReason::Run {
                parameter: what.to_owned(),
                cause: Unresolved::NotInDefinition,
            })]
        }
    };
    let mut resolved = Vec::new();
    for text in texts {
        let run = text
            .reasons()
            .next()
            .filter(|why| text.is_unknown() && matches!(why, WildcardReason::Run { .. }));
        match run.cloned() {
            Some(why) if !resource.otherwise.is_empty() => {
                resolved.extend(resource.otherwise.iter().map(|template| call.stand_in(template, &why)));
            }
            _ => resolved.push(alias::resolved(call, text)),
        }
    }
    resolved
}

/// In place of a value that does not fit. What begins as an ARN of something else never will; but the colons
/// of a token that is not yet replaced do not separate fields.
fn replaced(call: &Call<'_, '_>, parameter: &str, value: &Pattern, is_another: bool) -> Pattern {
    if is_another && !value.beginning().contains("${") {
        return call.impossible(parameter, value);
    }
    call.unfit(parameter, value)
}

/// A template with parameters: one text for each combination of their values. With `whole`, the whole text is
/// unknown if nothing is known of any parameter; one known parameter narrows.
fn template_texts(template: &str, because: &'static str, call: &Call<'_, '_>, whole: bool) -> Vec<Pattern> {
    let mut texts = vec![Pattern::default()];
    let (mut unknown, mut narrowed) = (None, false);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (hole, tail) = after.split_once('}').unwrap_or((after, ""));
        rest = tail;
        for text in &mut texts {
            fill(before, &WildcardReason::Aws(because), text, |_, _| {});
        }
        let values = hole_texts(hole, template, call);
        let reasons = values.iter().filter(|value| value.is_unknown()).flat_map(Pattern::reasons);
        for why in reasons.filter(|why| matches!(why, WildcardReason::Run { .. })) {
            // A literal that names nothing is wrong, whatever the other parameters turn out to be.
            if unknown.is_none() || is_wrong(why) && !unknown.as_ref().is_some_and(is_wrong) {
                unknown = Some(why.clone());
            }
        }
        narrowed |= call.setting(hole).is_none() && values.iter().any(|value| !value.is_unknown());
        texts = texts.iter().flat_map(|text| values.iter().map(|value| joined(text, value))).collect();
    }
    for text in &mut texts {
        fill(rest, &WildcardReason::Aws(because), text, |_, _| {});
    }
    match unknown {
        Some(why) if whole && !narrowed => vec![Pattern::anything(why)],
        _ => texts,
    }
}

/// Whether a wildcard replaces a literal that names nothing.
fn is_wrong(why: &WildcardReason) -> bool {
    let WildcardReason::Run { cause, .. } = why else { return false };
    matches!(cause, Unresolved::Malformed(_) | Unresolved::Unwritable(_))
}

fn joined(text: &Pattern, value: &Pattern) -> Pattern {
    let mut joined = text.clone();
    joined.push(value);
    joined
}

/// The texts for a hole of a template: a setting, a parameter, or a parameter with a default. An ARN contains
/// only names.
fn hole_texts(hole: &str, template: &str, call: &Call<'_, '_>) -> Vec<Pattern> {
    if let Some(setting) = call.setting(hole) {
        return vec![setting];
    }
    let parameter = hole.split('|').next().unwrap_or_default();
    let named = |value: Pattern| {
        let name = if can_be_name(&value) { value } else { call.unfit(parameter, &value) };
        name.with_reasons(|why| why.reaching(Reach::There))
    };
    let values = call.required(hole).into_iter();
    if template.starts_with("arn:") { values.map(named).collect() } else { values.collect() }
}

/// In place of the value of a parameter that may be absent.
fn perhaps(parameter: &str) -> Pattern {
    let cause = Unresolved::PerhapsGiven;
    Pattern::anything(WildcardReason::Run { parameter: parameter.to_owned(), cause })
}

fn condition(row: &ConditionRule, because: &'static str, call: &Call<'_, '_>) -> Option<Condition> {
    match *row {
        ConditionRule::Fixed(operator, key, template) => {
            Some(Condition::new(operator, key, &template_texts(template, because, call, false)))
        }
        ConditionRule::Parameter(operator, key, parameter) => {
            let mut values = call.texts(parameter);
            match call.presence(parameter) {
                Presence::Always => {}
                Presence::Never => return None,
                Presence::Maybe if values.iter().any(Pattern::is_unknown) => {}
                Presence::Maybe => values.push(perhaps(parameter)),
            }
            // The ARN operators compare field by field, and a hole may contain several fields.
            let exact = values.iter().all(|value| value.known().is_some());
            Some(Condition::new(if exact { operator } else { Operator::StringLike }, key, &values))
        }
        ConditionRule::Computed(_, make) => make(call),
    }
}
