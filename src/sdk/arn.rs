//! ARN templates, filled with the values of a call.

use super::model::{Binding, Piece, Target, Template, Transform};
use super::transform;
use super::twofold::beside;
use crate::call::resource::{Named, Reader, states};
use crate::call::{Call, Presence, fill, overlapping};
use crate::iam::{Arn, Condition, Pattern, Unresolved, WildcardReason};

/// The ARNs of a target.
pub(super) struct Filled {
    pub(super) resources: Vec<Named>,
    /// How far parameters say which they are.
    pub(super) extent: Extent,
}

/// How far parameters name the resources of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// No parameter that could is given.
    Nothing,
    /// A parameter is given, and its value is not an ARN of the type.
    Misfit,
    /// Some parameters of several are given.
    Part,
    /// All that could be.
    Whole,
}

impl Extent {
    /// Whether a parameter names the resource.
    pub(super) fn is_named(self) -> bool {
        matches!(self, Extent::Part | Extent::Whole)
    }
}

/// Fills a target of an action. `because` says why a variable that no parameter fills is a wildcard.
pub(super) fn filled(target: &Target, action: &str, because: &WildcardReason, call: &Call<'_, '_>) -> Filled {
    let filler = Filler { because, call, creates: action.contains(":Create") };
    let mut filled = match target {
        Target::Expression(template) => filler.template(template, &[]),
        Target::Type { whole, template, .. } => filler.typed(whole, template),
    };
    filled.resources = filled.resources.into_iter().flat_map(beside).collect();
    filled
}

struct Filler<'f, 'a, 's> {
    because: &'f WildcardReason,
    call: &'f Call<'a, 's>,
    /// The action makes what the target names.
    creates: bool,
}

/// An ARN in the making.
#[derive(Clone, Default)]
struct Draft {
    arn: Pattern,
    condition: Option<Condition>,
    /// A reader has named the whole resource: nothing follows.
    is_complete: bool,
}

impl Filler<'_, '_, '_> {
    /// A resource type: the parameters that hold the whole ARN, and those that fill its variables.
    fn typed(&self, whole: &[Binding], template: &Template) -> Filled {
        let given = self.whole(whole, template);
        let named = self.template(template, whole);
        if !given.is_empty() {
            let mut resources = given;
            if named.extent.is_named() {
                resources.extend(named.resources);
            }
            return Filled { resources, extent: Extent::Whole };
        }
        if named.extent.is_named() {
            return named;
        }
        if let Some((reader, why)) = self.misfit(whole) {
            return Filled { resources: self.any(reader, template, &why), extent: Extent::Misfit };
        }
        let reader = whole.iter().find_map(Binding::reader);
        match reader.and_then(|reader| reader.any(self.call, &self.open(whole))) {
            Some(resources) => Filled { resources, ..named },
            None => named,
        }
    }

    /// The parameters that hold the whole ARN. What only the run knows gives the template with a wildcard in
    /// each hole.
    fn whole(&self, bindings: &[Binding], template: &Template) -> Vec<Named> {
        let mut found = Vec::new();
        for binding in bindings {
            for text in self.values(binding) {
                let read = binding.reader().map(|reader| reader.read(self.call, &text)).unwrap_or_default();
                if !read.is_empty() {
                    found.extend(read);
                } else if text.is_arn() {
                    if fits(template, &text) {
                        found.push(states::without_qualifier(text).into());
                    }
                } else if let Some(why) = text.reasons().next().filter(|_| may_be_arn(&text)) {
                    found.extend(self.any(binding.reader(), template, why));
                }
            }
        }
        found
    }

    /// Why nothing can be said of a parameter that should hold the whole ARN.
    fn misfit(&self, bindings: &[Binding]) -> Option<(Option<Reader>, WildcardReason)> {
        bindings.iter().find_map(|binding| {
            let Binding::Parameter { path, .. } = binding else { return None };
            let text = self.call.texts(path.as_str()).into_iter().next()?;
            let why = self.call.malformed(path.as_str(), &text).reasons().next().cloned()?;
            Some((binding.reader(), why))
        })
    }

    /// Everything that a parameter could name.
    fn any(&self, reader: Option<Reader>, template: &Template, why: &WildcardReason) -> Vec<Named> {
        if let Some(named) = reader.and_then(|reader| reader.any(self.call, why)) {
            return named;
        }
        let mut arn = Pattern::default();
        for piece in &template.pieces {
            match piece {
                Piece::Hole { .. } => arn.push_wildcard("*", why.clone()),
                other => self.push_fixed(other, why, &mut arn),
            }
        }
        vec![arn.into()]
    }

    /// The template with the values of its holes. Its own wildcards are as open as the parameters that could
    /// hold the whole ARN.
    fn template(&self, template: &Template, whole: &[Binding]) -> Filled {
        let own = if whole.is_empty() { self.because.clone() } else { self.open(whole) };
        let holes = template.pieces.iter().any(|piece| matches!(piece, Piece::Hole { .. }));
        let stars =
            template.pieces.iter().any(|piece| matches!(piece, Piece::Text(text) if text.contains('*')));
        // An ARN without holes needs no parameter.
        let (mut named, mut missing) = (!holes && (whole.is_empty() || !stars), false);
        let mut drafts = vec![Draft::default()];
        for (index, piece) in template.pieces.iter().enumerate() {
            let Piece::Hole { variable, bindings } = piece else {
                for draft in drafts.iter_mut().filter(|draft| !draft.is_complete) {
                    self.push_fixed(piece, &own, &mut draft.arn);
                }
                continue;
            };
            let mut values = self.hole(bindings, template);
            if variable.ends_with("WithPath")
                && (!self.creates || self.call.presence("Path") != Presence::Never)
            {
                values = values.into_iter().flat_map(in_any_path).collect();
            }
            named |= !values.is_empty();
            if values.is_empty() {
                missing |= !bindings.is_empty();
                let why = self.open(bindings);
                for draft in drafts.iter_mut().filter(|draft| !draft.is_complete) {
                    draft.arn.push_wildcard("*", why.clone());
                }
                continue;
            }
            let is_last = index + 1 == template.pieces.len();
            let after = |draft: &Draft| -> Vec<Draft> {
                if draft.is_complete {
                    return vec![draft.clone()];
                }
                values.iter().flat_map(|value| value.clone().after(draft, is_last)).collect()
            };
            drafts = drafts.iter().flat_map(after).collect();
        }
        let resources =
            drafts.into_iter().map(|draft| Named { arn: draft.arn, condition: draft.condition }).collect();
        let extent = match (named, missing) {
            (false, _) => Extent::Nothing,
            (true, false) => Extent::Whole,
            (true, true) => Extent::Part,
        };
        Filled { resources, extent }
    }

    /// Why a hole that no parameter fills is open: none can, or none of those that could is given.
    fn open(&self, bindings: &[Binding]) -> WildcardReason {
        match bindings.first() {
            Some(Binding::Parameter { path, .. }) => {
                WildcardReason::Run { parameter: path.as_str().to_owned(), cause: Unresolved::NotGiven }
            }
            _ => self.because.clone(),
        }
    }

    fn push_fixed(&self, piece: &Piece, why: &WildcardReason, arn: &mut Pattern) {
        let setting = match piece {
            Piece::Text(text) => return fill(text, why, arn, |_, _| {}),
            Piece::Partition => "partition",
            Piece::Region => "region",
            Piece::Account => "account",
            Piece::Hole { .. } => return,
        };
        arn.push(&self.call.setting(setting).unwrap_or_default());
    }

    /// What may stand in a hole.
    fn hole(&self, bindings: &[Binding], template: &Template) -> Vec<Value> {
        let mut values = Vec::new();
        for binding in bindings {
            let Binding::Parameter { path, transforms } = binding else {
                values.extend(self.values(binding).into_iter().map(Value::Part));
                continue;
            };
            for text in self.call.texts(path.as_str()).into_iter().chain(self.default(binding)) {
                if let Some(reader) = binding.reader() {
                    let read = reader.read(self.call, &text);
                    if read.is_empty() {
                        values.push(Value::Part(self.call.malformed(path.as_str(), &text)));
                    }
                    values.extend(read.into_iter().map(Value::Read));
                } else if text.is_arn() && fits(template, &text) {
                    values.push(Value::Whole(text));
                } else if let Some(name) = name_in(&text, template).filter(|_| transforms.is_empty()) {
                    values.push(name);
                } else {
                    let parts = self.transformed(text, transforms);
                    let parts = parts.into_iter().filter(|part| !part.is_arn());
                    values.extend(parts.map(|part| Value::Part(without_begun_arn(part))));
                }
            }
        }
        values
    }

    /// The texts of a binding, transformed.
    fn values(&self, binding: &Binding) -> Vec<Pattern> {
        match binding {
            Binding::Constant(text) => vec![Pattern::literal(*text)],
            Binding::Parameter { path, transforms } => self
                .call
                .texts(path.as_str())
                .into_iter()
                .chain(self.default(binding))
                .flat_map(|text| self.transformed(text, transforms))
                .collect(),
        }
    }

    /// The default, if the parameter may be absent.
    fn default(&self, binding: &Binding) -> Option<Pattern> {
        let Binding::Parameter { path, transforms } = binding else { return None };
        let default = transforms.iter().find_map(|transform| match transform {
            Transform::Default(text) => Some(*text),
            _ => None,
        })?;
        let texts = self.call.texts(path.as_str());
        let absent = self.call.presence(path.as_str()) != Presence::Always;
        (absent && !texts.iter().any(Pattern::is_unknown)).then(|| Pattern::literal(default))
    }

    fn transformed(&self, text: Pattern, transforms: &[Transform]) -> Vec<Pattern> {
        transforms.iter().fold(vec![text], |texts, transform| {
            texts.into_iter().flat_map(|text| transform::apply(*transform, text)).collect()
        })
    }
}

/// A value for a hole.
#[derive(Clone)]
enum Value {
    /// It stands in the hole.
    Part(Pattern),
    /// It is an ARN itself: it stands for all that is before it, and for the hole.
    Whole(Pattern),
    /// It names the whole resource in a way of its own.
    Read(Named),
    /// A name out of an ARN of the same service, with what precedes the resource there: partition, service,
    /// region, account.
    Elsewhere(String, Pattern),
}

impl Value {
    /// The drafts with the value in the hole behind them. A wildcard that the value begins with may hold the
    /// beginning of an ARN, so there can be more than one.
    fn after(self, before: &Draft, is_last: bool) -> Vec<Draft> {
        let mut draft = before.clone();
        let mut others = Vec::new();
        match self {
            Value::Part(text) => {
                let arns = overlapping(&before.arn, &text).into_iter();
                others.extend(arns.map(|arn| Draft { arn, ..before.clone() }));
                draft.arn.push(&text);
            }
            Value::Whole(arn) => {
                // Behind an access point stand objects.
                let objects = !is_last && arn.beginning().contains(":accesspoint/");
                draft.arn = if objects { arn.then("/object") } else { arn };
            }
            Value::Read(Named { arn, condition }) => draft = Draft { arn, condition, is_complete: true },
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

/// A parameter that takes a name or an ARN may have the ARN where a name is a part of another ARN: the
/// cluster of a service.
fn name_in(text: &Pattern, template: &Template) -> Option<Value> {
    let arn = Arn::of(text.known()?)?;
    let own = template.service()?;
    (arn.service == own).then(|| Value::Elsewhere(arn.place(), Pattern::literal(arn.name())))
}

/// Names in IAM stand in the ARN behind a path that the parameters of most calls leave out.
fn in_any_path(value: Value) -> Vec<Value> {
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

/// Whether it can become an ARN although partition and service are not certain.
fn may_be_arn(text: &Pattern) -> bool {
    let beginning = text.beginning();
    "arn:".starts_with(beginning) || beginning.starts_with("arn:")
}

/// What begins as an ARN is not a name. Where too little of it is known, neither is the name in it.
fn without_begun_arn(part: Pattern) -> Pattern {
    let why = part.reasons().next().filter(|_| part.beginning().starts_with("arn:")).cloned();
    why.map_or(part, Pattern::anything)
}

/// Whether an ARN can be one of the template: the same service, and the same words before the first hole or
/// wildcard.
fn fits(template: &Template, arn: &Pattern) -> bool {
    let written = template.beginning();
    let wanted: Vec<&str> = written.splitn(6, ':').collect();
    let given: Vec<&str> = arn.beginning().splitn(6, ':').collect();
    let service = match (wanted.get(2), given.get(2)) {
        // A template with a hole in place of the service takes any ARN.
        (None, _) | (Some(&""), _) => return true,
        (wanted, given) => wanted == given,
    };
    let words = wanted.get(5).copied().unwrap_or_default();
    service
        && match given.get(5) {
            // With a wildcard behind them the words may still come.
            Some(resource) if arn.known().is_none() && words.starts_with(*resource) => true,
            Some(resource) => resource.starts_with(words),
            None => true,
        }
}
