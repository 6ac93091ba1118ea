//! ARNs under construction: what a value adds to them.

use super::forms;
use super::model::{Piece, Template, Transform};
use crate::call::resource::Named;
use crate::call::{fill, overlapping};
use crate::iam::{self, Arn, Condition, Pattern, WildcardReason};

/// An ARN under construction.
#[derive(Clone, Default)]
pub(super) struct Draft {
    pub(super) arn: Pattern,
    pub(super) condition: Option<Condition>,
    /// A reader has named the whole resource: nothing follows.
    pub(super) is_complete: bool,
}

impl From<Named> for Draft {
    fn from(Named { arn, condition }: Named) -> Self {
        Draft { arn, condition, is_complete: true }
    }
}

/// A value for a hole.
#[derive(Clone)]
pub(super) enum Value {
    /// It fills the hole.
    Part(Pattern),
    /// It is an ARN itself: it replaces everything before it, and the hole.
    Whole(Pattern),
    /// It names the whole resource in a way of its own.
    Read(Named),
    /// A name from an ARN of the same service, with what precedes the resource there: partition, service,
    /// region, account.
    Elsewhere(String, Pattern),
}

impl Value {
    /// Whether a character is left out of it that a policy cannot contain.
    pub(super) fn has_unwritable(&self) -> bool {
        match self {
            Value::Part(text) | Value::Whole(text) | Value::Elsewhere(_, text) => text.has_unwritable(),
            Value::Read(named) => named.arn.has_unwritable(),
        }
    }

    /// The drafts with the value in the hole after them, and what the template has after the hole. A wildcard
    /// that the value begins with may hold the beginning of an ARN, so there can be more than one.
    pub(super) fn after(self, before: &Draft, template: &Template, index: usize) -> Vec<Draft> {
        let behind = template.pieces.get(index + 1..).unwrap_or_default();
        let mut draft = before.clone();
        let mut others = Vec::new();
        match self {
            Value::Part(text) => {
                let arns = overlapping(&before.arn, &text).into_iter();
                others.extend(arns.map(|arn| Draft { arn, ..before.clone() }));
                draft.arn.push(&text);
            }
            Value::Whole(arn) => {
                // Objects follow an access point.
                let objects = !behind.is_empty() && arn.beginning().contains(":accesspoint/");
                // The ARN can be that of the part with which the template continues.
                draft.is_complete = behind.first().is_some_and(|piece| goes_on(&arn, piece))
                    || !objects && has_every_part(&arn, template, behind);
                draft.arn = if objects { arn.then("/object") } else { arn };
            }
            Value::Read(named) => draft = named.into(),
            Value::Elsewhere(place, name) => {
                if let Some(resource) = before.arn.resource() {
                    draft.arn = Pattern::literal(place).then(":");
                    draft.arn.push(&resource);
                }
                draft.arn.push(&name);
            }
        }
        [vec![draft], others].concat()
    }
}

/// Whether an ARN already has what follows the hole in the template: words with a letter in them, for a lone
/// `/` can be part of a name.
fn goes_on(arn: &Pattern, behind: &Piece) -> bool {
    let Piece::Text(words) = behind else { return false };
    let words = words.split('*').next().unwrap_or_default();
    words.bytes().any(|byte| byte.is_ascii_alphabetic())
        && arn.known().and_then(Arn::of).is_some_and(|arn| arn.resource.contains(words))
}

/// Whether an ARN has all parts of a template, of which no parameter fills any behind the hole: the name that
/// the hole is for, and the ID that the service adds to it.
fn has_every_part(arn: &Pattern, template: &Template, behind: &[Piece]) -> bool {
    let is_filled = |piece: &Piece| matches!(piece, Piece::Hole { bindings, .. } if !bindings.is_empty());
    let separators = |text: &str| text.matches([':', '/']).count();
    let texts = template.pieces.iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(separators(text)),
        _ => None,
    });
    let given = arn.pieces().iter().filter_map(|piece| match piece {
        iam::Piece::Literal(text) => Some(separators(text)),
        iam::Piece::Wildcard(..) => None,
    });
    !behind.is_empty() && !behind.iter().any(is_filled) && given.sum::<usize>() >= texts.sum()
}

/// Whether a parameter gives the Region of a template, and another its name alone, though that can be an ARN.
pub(super) fn is_elsewhere(template: &Template, transforms: &[Transform]) -> bool {
    let is_account = |piece: &Piece| matches!(piece, Piece::Account);
    let mut place = template.pieces.iter().take_while(|piece| !is_account(piece));
    !names_as_it_is(transforms)
        && place.any(|piece| matches!(piece, Piece::Hole { .. }))
        && template.pieces.iter().any(is_account)
}

/// Whether a value fills its hole unchanged.
pub(super) fn names_as_it_is(transforms: &[Transform]) -> bool {
    transforms.iter().all(|transform| matches!(transform, Transform::Default(_)))
}

/// A parameter that takes a name or an ARN may contain the ARN although the name is only a part of another
/// ARN, such as the cluster of a service. After another name in the ARN, only the last name fills the hole.
/// Where only one of the two types has a Region or an account, that of the ARN is not taken over.
pub(super) fn name_in(text: &Pattern, template: &Template, index: usize) -> Option<Value> {
    let begun = text.beginning();
    let arn = Arn::of(begun)?;
    if template.service()? != arn.service || !has_its_fields(&arn) {
        return None;
    }
    let before = || template.pieces.iter().take(index);
    // What follows a wildcard is not the name of what an ARN of another type names.
    if before().any(|piece| matches!(piece, Piece::Text(text) if text.contains('*'))) {
        return None;
    }
    let is_behind = before().any(|piece| matches!(piece, Piece::Hole { .. }));
    let name = arn.name();
    // Of a value of the execution, the word for the type has to be known; more names may follow.
    if text.known().is_none() && (is_behind || name.len() == arn.resource.len()) || name.is_empty() {
        return None;
    }
    let name = if is_behind { name.rsplit('/').next().unwrap_or(name) } else { name };
    let name = text.strip_prefix(begun.strip_suffix(name)?)?;
    let is_as = |place: &Piece, field: &str| before().any(|piece| piece == place) != field.is_empty();
    let account = if arn.account == "aws" { "" } else { arn.account };
    Some(if is_as(&Piece::Region, arn.region) && is_as(&Piece::Account, account) {
        Value::Elsewhere(arn.place(), name)
    } else {
        Value::Part(name)
    })
}

/// Whether an ARN has a Region and an account if its type has them.
fn has_its_fields(arn: &Arn<'_>) -> bool {
    let (region, account) = forms::fields(arn.service, arn.resource);
    let has = |needed: Option<bool>, field: &str| needed != Some(true) || !field.is_empty();
    has(region, arn.region) && has(account, arn.account)
}

/// In ARNs of IAM, names follow a path that the parameters of most calls omit.
pub(super) fn in_any_path(value: Value) -> Vec<Value> {
    let named = match &value {
        Value::Part(name) => name.known().filter(|name| !name.contains('/')).map(Pattern::literal),
        Value::Whole(_) | Value::Read(_) | Value::Elsewhere(..) => None,
    };
    let behind = named.map(|name| {
        let mut text = Pattern::default();
        fill("*/", &WildcardReason::Aws("the path is not among the parameters"), &mut text, |_, _| {});
        text.push(&name);
        Value::Part(text)
    });
    [Some(value), behind].into_iter().flatten().collect()
}
