//! ARN templates, filled with the values of a call.

mod literals;

use std::cell::RefCell;

use super::catalog::Service;
use super::draft::{Draft, Value, in_any_path, is_elsewhere, name_in, names_as_it_is};
use super::model::{
    Action, Binding, Operation, Piece, Presence as Counts, Target, Template, Transform, Without,
};
use super::transform::{self, ADDED};
use super::twofold::{beside, owner, within};
use crate::call::resource::{Named, Reader, states};
use crate::call::{Call, Presence, begins_as, can_be_name, fill};
use crate::iam::{Pattern, Unresolved, WildcardReason};
pub(super) use literals::Literal;

pub(super) const CREATED: &str = "the service gives the ID of what the call creates";

/// Operations whose resource can be AWS's own, without an account in its ARN.
///
/// Source: `LensAlias` in
/// <https://docs.aws.amazon.com/wellarchitected/latest/APIReference/API_GetLens.html>, and the pattern of
/// `providerServiceArn` in
/// <https://docs.aws.amazon.com/entityresolution/latest/apireference/API_GetProviderService.html>.
const ALSO_OF_AWS: [(&str, &str); 2] =
    [("entityresolution", "GetProviderService"), ("wellarchitected", "GetLens")];

/// Why a resource that no parameter names is a wildcard, where the call is about all of them.
const ALL: &str = "the call is about every resource of the type where no parameter names one";

/// The ARNs of a target.
pub(super) struct Filled {
    pub(super) resources: Vec<Named>,
    /// How far parameters determine them.
    pub(super) extent: Extent,
    /// The literals that were read for them.
    pub(super) read: Vec<Literal>,
}

/// How far parameters name the resources of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// None of the parameters that could name them is given.
    Nothing,
    /// A parameter is given, and its value is not an ARN of the type.
    Misfit,
    /// Some parameters of several are given.
    Part,
    /// All parameters that could name them are given.
    Whole,
}

impl Extent {
    /// Whether a parameter names the resource.
    pub(super) fn is_named(self) -> bool {
        matches!(self, Extent::Part | Extent::Whole)
    }
}

/// Fills a target of an action of an operation. `because` says why a variable that no parameter fills is a
/// wildcard.
pub(super) fn filled(
    of: (&Service, &Operation),
    target: &Target,
    action: &Action,
    because: &WildcardReason,
    call: &Call<'_, '_>,
) -> Filled {
    let without = match target {
        Target::Type { without, .. } => *without,
        Target::Expression(_) => Without::Open,
    };
    // What is required counts with any name; of alternatives only the one of which the ARN is.
    let others = match target {
        Target::Type { presence: Counts::Needed | Counts::Optional, .. } => action.targets.as_slice(),
        _ => &[],
    };
    let action = &*action.name;
    let read = RefCell::default();
    let filler = Filler { of, because, call, creates: action.contains(":Create"), without, others, read };
    let mut filled = match target {
        Target::Expression(template) => filler.expression(template),
        Target::Type { whole, template, presence, .. } => {
            filler.typed(whole, template, *presence == Counts::Always)
        }
    };
    let owner = owner(of.1, target);
    let resources = filled.resources.into_iter().flat_map(|resource| within(resource, call, action, owner));
    filled.resources = resources.flat_map(|resource| beside(resource, action)).collect();
    filled.read = filler.read.into_inner();
    filled
}

/// Why a wildcard follows a name.
const REST: WildcardReason = WildcardReason::Aws("the service generates what follows the name");

/// Whether a fixed text has a beginning of a name before its wildcard.
fn has_name_before_star(text: &str) -> bool {
    text.split_once('*').is_some_and(|(before, _)| !before.ends_with(['/', ':']))
}

/// The reason for a wildcard in a part of an ARN whose main name follows it.
fn part(why: WildcardReason) -> WildcardReason {
    match why {
        WildcardReason::Run { parameter, cause: Unresolved::NoParameter } => {
            WildcardReason::Run { parameter, cause: Unresolved::NoParameterForPart }
        }
        other => other,
    }
}

struct Filler<'f, 'a, 's> {
    /// The service and its operation.
    of: (&'f Service, &'f Operation),
    because: &'f WildcardReason,
    call: &'f Call<'a, 's>,
    /// The action creates what the target names.
    creates: bool,
    without: Without,
    /// The targets of the action, of which an ARN decides which one it is.
    others: &'f [Target],
    /// The literals read so far.
    read: RefCell<Vec<Literal>>,
}

impl Filler<'_, '_, '_> {
    /// An ARN made of parameters.
    fn expression(&self, template: &Template) -> Filled {
        let filled = self.template(template, &[]);
        let bindings: Vec<Binding> = template.bindings().cloned().collect();
        let reader = bindings.iter().find_map(Binding::reader).filter(|_| !filled.extent.is_named());
        match reader.and_then(|reader| reader.any(self.call, &self.open(&bindings))) {
            Some(resources) => Filled { resources, ..filled },
            None => filled,
        }
    }

    /// A resource type: the parameters that contain the whole ARN, and those that fill its variables. Where
    /// it always counts, a parameter that names another type for it, such as an alias for a key, leaves it
    /// open, whatever the parameters beside it hold.
    fn typed(&self, whole: &[Binding], template: &Template, counts_always: bool) -> Filled {
        let given = self.whole(whole, template);
        let named = self.template(template, whole);
        if !given.is_empty() {
            let mut resources = given;
            if named.extent.is_named() {
                // Names that do not make an ARN count where none is given.
                let is_whole = template.is_filled() || template.shares_parameter(whole);
                resources.extend(named.resources.into_iter().filter(|_| is_whole));
            } else if counts_always {
                let others = whole.iter().flat_map(|one| self.others(one, template));
                resources.extend(others.flat_map(|why| self.any(None, template, &why)));
            }
            return Filled { resources, extent: Extent::Whole, read: Vec::new() };
        }
        if named.extent.is_named() {
            return named;
        }
        if let Some((reader, why)) = self.misfit(whole) {
            let resources = self.any(reader, template, &why);
            return Filled { resources, extent: Extent::Misfit, read: Vec::new() };
        }
        let reader = whole.iter().find_map(Binding::reader);
        match reader.and_then(|reader| reader.any(self.call, &self.open(whole))) {
            Some(resources) => Filled { resources, ..named },
            None => named,
        }
    }

    /// The parameters that contain the whole ARN. A value known only at run time gives the template with a
    /// wildcard in each hole.
    fn whole(&self, bindings: &[Binding], template: &Template) -> Vec<Named> {
        let mut found = Vec::new();
        for binding in bindings {
            for text in self.values(binding) {
                let before = found.len();
                let read = binding.reader().map(|reader| reader.read(self.call, &text)).unwrap_or_default();
                if !read.is_empty() {
                    found.extend(read);
                } else if text.is_arn() {
                    if binding.reader() != Some(Reader::RecoveryPoint) && fits(template, &text) {
                        found.push(states::without_qualifier(text.clone()).into());
                    }
                } else if let Some(why) = text.reasons().next().filter(|_| may_be_arn(&text))
                    && !text.has_unwritable()
                {
                    found.extend(self.any(binding.reader(), template, why));
                }
                if self.takes(binding, &text) {
                    let fits = found.len() > before || self.takes_further(binding, &text);
                    self.note(binding, &text, template, fits);
                } else {
                    self.reject(binding, &text);
                }
            }
        }
        found
    }

    /// What a parameter holds that should contain the whole ARN of a type and contains none.
    fn others(&self, binding: &Binding, template: &Template) -> Vec<WildcardReason> {
        let Binding::Parameter { path, .. } = binding else { return Vec::new() };
        let texts = self.call.texts(path.as_str());
        let names = |text: &Pattern| {
            let read = binding.reader().map(|reader| reader.read(self.call, text));
            fits(template, text) || read.is_some_and(|read| !read.is_empty())
        };
        let others = texts.iter().filter(|text| !text.is_unknown() && !names(text));
        others
            .filter_map(|text| self.malformed(binding, path.as_str(), text).reasons().next().cloned())
            .collect()
    }

    /// Why nothing is known of a parameter that should contain the whole ARN.
    fn misfit(&self, bindings: &[Binding]) -> Option<(Option<Reader>, WildcardReason)> {
        bindings.iter().find_map(|binding| {
            let Binding::Parameter { path, .. } = binding else { return None };
            let text = self.call.texts(path.as_str()).into_iter().next()?;
            let why = self.malformed(binding, path.as_str(), &text).reasons().next().cloned()?;
            Some((binding.reader(), why))
        })
    }

    /// Everything that a parameter could name.
    fn any(&self, reader: Option<Reader>, template: &Template, why: &WildcardReason) -> Vec<Named> {
        if let Some(named) = reader.and_then(|reader| reader.any(self.call, why)) {
            return named;
        }
        let arn = |is_of_aws: bool| {
            let mut arn = Pattern::default();
            for piece in &template.pieces {
                match piece {
                    Piece::Hole { .. } => arn.push_wildcard("*", why.clone()),
                    Piece::Account if is_of_aws => {}
                    other => self.push_fixed(other, why, &mut arn),
                }
            }
            arn.into()
        };
        let (service, operation) = self.of;
        let is_also_of_aws = ALSO_OF_AWS.contains(&(service.segment, operation.name));
        [false, true].into_iter().filter(|is_of_aws| !is_of_aws || is_also_of_aws).map(arn).collect()
    }

    /// The template with the values of its holes. Its own wildcards are as open as the parameters that could
    /// contain the whole ARN.
    fn template(&self, template: &Template, whole: &[Binding]) -> Filled {
        let own = if whole.is_empty() { self.because.clone() } else { self.open(whole) };
        let holes = template.pieces.iter().any(|piece| matches!(piece, Piece::Hole { .. }));
        let stars =
            template.pieces.iter().any(|piece| matches!(piece, Piece::Text(text) if text.contains('*')));
        // An ARN without holes needs no parameter.
        let (mut named, mut missing, mut misfits) = (!holes && (whole.is_empty() || !stars), false, false);
        let (mut drafts, mut begun) = (vec![Draft::default()], false);
        for (index, piece) in template.pieces.iter().enumerate() {
            let Piece::Hole { variable, bindings } = piece else {
                for draft in drafts.iter_mut().filter(|draft| !draft.is_complete) {
                    // The name, or the beginning of one, precedes the wildcard.
                    let is_rest = begun || matches!(piece, Piece::Text(text) if has_name_before_star(text));
                    let why = if is_rest && whole.is_empty() { &REST } else { &own };
                    self.push_fixed(piece, why, &mut draft.arn);
                }
                continue;
            };
            let free = self.is_key(template, index);
            let Held { mut values, misfit } = self.hole(bindings, template, index, free);
            if variable.ends_with("WithPath")
                && (!self.creates || self.call.presence("Path") != Presence::Never)
            {
                values = values.into_iter().flat_map(in_any_path).collect();
            }
            named |= !values.is_empty();
            begun |= !values.is_empty();
            if values.is_empty() {
                missing |= !bindings.is_empty();
                misfits |= misfit.is_some();
                let why = misfit.unwrap_or_else(|| self.open(bindings));
                let reader = bindings.iter().find_map(Binding::reader);
                if let Some(any) = reader.and_then(|reader| reader.any(self.call, &why)) {
                    drafts = any.into_iter().map(Draft::from).collect();
                    continue;
                }
                let why = if self.is_named_behind(template, index) { part(why) } else { why };
                for draft in drafts.iter_mut().filter(|draft| !draft.is_complete) {
                    draft.arn.push_wildcard("*", why.clone());
                }
                continue;
            }
            let after = |draft: &Draft| -> Vec<Draft> {
                if draft.is_complete {
                    return vec![draft.clone()];
                }
                values.iter().flat_map(|value| value.clone().after(draft, template, index)).collect()
            };
            drafts = drafts.iter().flat_map(after).collect();
        }
        let resources =
            drafts.into_iter().map(|draft| Named { arn: draft.arn, condition: draft.condition }).collect();
        let extent = match (named, missing) {
            _ if misfits => Extent::Misfit,
            (false, _) => Extent::Nothing,
            (true, false) => Extent::Whole,
            (true, true) => Extent::Part,
        };
        Filled { resources, extent, read: Vec::new() }
    }

    /// Whether a parameter fills a later hole.
    fn is_named_behind(&self, template: &Template, index: usize) -> bool {
        let behind = template.pieces.iter().skip(index + 1);
        let bindings = behind.filter_map(|piece| match piece {
            Piece::Hole { bindings, .. } => Some(bindings),
            _ => None,
        });
        bindings.flatten().any(|binding| !self.values(binding).is_empty())
    }

    /// Why a hole that no parameter fills is open: none can, or none of those that could is given.
    fn open(&self, bindings: &[Binding]) -> WildcardReason {
        match self.without {
            Without::All if !bindings.is_empty() => return WildcardReason::Aws(ALL),
            Without::Created if !bindings.is_empty() => return WildcardReason::Aws(CREATED),
            _ => {}
        }
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

    /// Whether a hole is for the key of an object, which can be any text, one that looks like an ARN too: it
    /// follows the bucket, in an ARN without an account.
    fn is_key(&self, template: &Template, index: usize) -> bool {
        let before = || template.pieces.iter().take(index);
        template.service().as_deref() == Some("s3")
            && before().any(|piece| matches!(piece, Piece::Hole { .. }))
            && !before().any(|piece| matches!(piece, Piece::Account))
    }

    /// What may fill a hole; with `free`, any text can, unchanged.
    fn hole(&self, bindings: &[Binding], template: &Template, index: usize, free: bool) -> Held {
        let mut held = Held::default();
        for binding in bindings {
            let Binding::Parameter { path, transforms } = binding else {
                held.values.extend(self.values(binding).into_iter().map(Value::Part));
                continue;
            };
            let default = self.default(binding);
            if binding.reader().is_none() {
                held.values.extend(default.clone().map(Value::Part));
            }
            for text in self
                .call
                .texts(path.as_str())
                .into_iter()
                .chain(default.filter(|_| binding.reader().is_some()))
            {
                let malformed = || self.malformed(binding, path.as_str(), &text);
                if !free && !self.takes(binding, &text) {
                    held.misfit = malformed().reasons().next().cloned();
                    self.reject(binding, &text);
                    continue;
                }
                let (before, mut is_read) = (held.values.len(), true);
                if let Some(reader) = binding.reader() {
                    let read = reader.read(self.call, &text);
                    if read.is_empty() {
                        is_read = false;
                        let open = malformed();
                        let any = open.reasons().next().and_then(|why| reader.any(self.call, why));
                        held.values.extend(any.into_iter().flatten().map(Value::Read));
                        if held.values.len() == before {
                            held.values.push(Value::Part(open));
                        }
                    }
                    held.values.extend(read.into_iter().map(Value::Read));
                } else if !free
                    && text.is_arn()
                    && fits(template, &text)
                    && !is_elsewhere(template, transforms)
                {
                    held.values.push(Value::Whole(text.clone()));
                } else if let Some(name) =
                    name_in(&text, template, index).filter(|_| !free && names_as_it_is(transforms))
                {
                    if !self.is_of_another(&text, template, index) {
                        held.values.push(name);
                    }
                } else {
                    let parts = self.transformed(text.clone(), transforms);
                    if parts.is_empty() {
                        held.misfit = malformed().reasons().next().cloned();
                    }
                    for part in parts {
                        if free || can_be_name(&part) {
                            held.values.push(Value::Part(part));
                        } else if part.is_arn() || part.known().is_some() {
                            held.misfit = malformed().reasons().next().cloned();
                        } else {
                            is_read = false;
                            held.values.push(Value::Part(malformed()));
                        }
                    }
                }
                let is_lost =
                    text.has_unwritable() && !held.values.iter().skip(before).any(Value::has_unwritable);
                let fits = is_read && held.values.len() > before && !is_lost;
                self.note(binding, &text, template, free || fits || self.takes_further(binding, &text));
            }
        }
        held
    }

    /// Whether an ARN in the last hole of a template is of another type of the action. One that always counts
    /// says nothing of the others.
    fn is_of_another(&self, arn: &Pattern, template: &Template, index: usize) -> bool {
        let is_hole = |piece: &Piece| matches!(piece, Piece::Hole { bindings, .. } if !bindings.is_empty());
        let is_last = !template.pieces.iter().skip(index + 1).any(is_hole);
        let mut others = self.others.iter().filter_map(|target| match target {
            Target::Type { template: other, presence, .. }
                if other != template && *presence != Counts::Always =>
            {
                Some(other)
            }
            _ => None,
        });
        is_last && others.any(|other| fits(other, arn))
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
        (absent && !texts.iter().any(Pattern::is_unknown)).then(|| {
            let mut text = Pattern::default();
            fill(default, &WildcardReason::Aws(ADDED), &mut text, |_, _| {});
            text
        })
    }

    fn transformed(&self, text: Pattern, transforms: &[Transform]) -> Vec<Pattern> {
        transforms.iter().fold(vec![text], |texts, transform| {
            texts.into_iter().flat_map(|text| transform::apply(*transform, text)).collect()
        })
    }
}

/// The values of a hole's parameters.
#[derive(Default)]
struct Held {
    values: Vec<Value>,
    /// Why an existing value cannot fill the hole: it is an ARN of something else, or a URL.
    misfit: Option<WildcardReason>,
}

/// Whether it can become an ARN although partition and service are not certain.
fn may_be_arn(text: &Pattern) -> bool {
    let beginning = text.beginning();
    "arn:".starts_with(beginning) || beginning.starts_with("arn:")
}

/// Whether an ARN can be one of the template.
fn fits(template: &Template, arn: &Pattern) -> bool {
    begins_as(arn, &template.beginning())
}
