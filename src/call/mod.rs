//! A task's call: what the catalogues can ask about it.

mod pending;
pub mod resource;
mod template;

use std::cell::Cell;
use std::collections::BTreeSet;

use crate::asl::template::{Arguments, member};
use crate::asl::{self, Expression, Integration, IntegrationPattern, Value};
use crate::iam::{ArnFields, Location, Pattern, Reach, Unresolved, WildcardReason};

pub use pending::Pending;
pub use template::{arn, begins_as, fill, is_of_type, overlapping, setting};

/// A call as far as it is known before the execution.
#[derive(Clone, Debug)]
pub struct Call<'a, 's> {
    /// Where the state machine runs.
    pub aws: &'s Location,
    /// The state machine's own name, if it was given.
    pub machine: Option<&'s str>,
    /// The task's Resource.
    pub resource: &'s asl::Resource<'a>,
    /// How the task waits.
    pub pattern: IntegrationPattern,
    /// The values of the call.
    pub arguments: Arguments<'a, 's>,
    /// `ReaderConfig` of a reader: its members are parameters such as `ReaderConfig.InputType`.
    pub config: Option<Arguments<'a, 's>>,
    /// Whether an answer so far depended on a token whose value is not known yet; see [`Call::depends`].
    pub pending: Cell<bool>,
    /// Whether a list so far may turn out to have no text; see [`Call::may_name_nothing`].
    pub may_be_empty: Cell<bool>,
}

/// Whether a parameter is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Certainly not.
    Never,
    /// It is known only at run time.
    Maybe,
    /// Certainly.
    Always,
}

impl Call<'_, '_> {
    /// The texts that a parameter can have. Empty if it is certainly absent; a single `*` if it is known only
    /// at run time.
    ///
    /// A path names a member (`JobName`), a nested one (`Overrides.TaskRoleArn`), the elements of lists
    /// (`VolumeConfigurations[].ManagedEBSVolume.RoleArn`), the values of a map alike (`Actions[].ActionId`),
    /// or its keys (`RequestItems{}`). Numbers and Booleans count as their JSON text.
    #[must_use]
    pub fn texts(&self, path: &str) -> Vec<Pattern> {
        let values = self.values(path);
        self.look(values.iter().any(is_open));
        // A list that has a text in any case does not turn out to be empty.
        let is_list =
            path.contains(['[', '{']) && !values.iter().any(|one| presence(one) == Presence::Always);
        self.may_be_empty.set(self.may_be_empty.get() || is_list && values.iter().any(may_be_given));
        texts(&values, path)
    }

    /// Notes whether an answer depends on a token whose value is not known yet.
    fn look(&self, depends: bool) {
        self.pending.set(self.pending.get() || depends);
    }

    /// Only queries from here on count for [`Call::depends`].
    pub fn forget(&self) {
        self.pending.set(false);
        self.may_be_empty.set(false);
    }

    /// Whether any answer since the last call of this depends on a token whose value is not known yet: any
    /// other value may give another answer. What is derived from the answers then counts as not known.
    #[must_use]
    pub fn depends(&self) -> bool {
        self.pending.replace(false)
    }

    /// What a look at texts decides. It depends on tokens only where nothing is decided: what is certain of a
    /// text of which a part is known stays so, whatever the rest comes to be.
    pub fn decided<T>(&self, look: impl FnOnce() -> Option<T>) -> Option<T> {
        let before = (self.pending.get(), self.may_be_empty.get());
        let decided = look();
        if decided.is_some() {
            self.pending.set(before.0);
            self.may_be_empty.set(before.1);
        }
        decided
    }

    /// Whether a list that was read since the last call of this depends as a whole on a token whose value is
    /// not known yet: it may turn out to be empty, and to name nothing.
    #[must_use]
    pub fn may_name_nothing(&self) -> bool {
        self.may_be_empty.replace(false)
    }

    /// The texts of a parameter that AWS requires. If it is certainly absent, a lone `*`, because it is not
    /// known what will be sent. With a default after the path, as in `WorkGroup|primary`, the default is the
    /// text of a parameter that is absent.
    #[must_use]
    pub fn required(&self, path: &str) -> Vec<Pattern> {
        if let Some((path, default)) = path.split_once('|') {
            return self.texts_or(path, default);
        }
        let texts = self.texts(path);
        if texts.is_empty() && !path.contains(['[', '{']) {
            let why = WildcardReason::Run { parameter: path.to_owned(), cause: Unresolved::NotGiven };
            return vec![Pattern::anything(why)];
        }
        texts
    }

    fn texts_or(&self, path: &str, default: &str) -> Vec<Pattern> {
        let may_be_empty = self.may_be_empty.get();
        let mut texts = self.texts(path);
        // An empty list has the default.
        self.may_be_empty.set(may_be_empty);
        // What is known only at run time covers the default as well.
        if self.presence(path) != Presence::Always && !texts.iter().any(Pattern::is_unknown) {
            texts.push(Pattern::literal(default));
        }
        texts
    }

    /// Replaces a value that does not have the form that its parameter requires, as far as it is known:
    /// nothing can be said of it.
    #[must_use]
    pub fn malformed(&self, parameter: &str, value: &Pattern) -> Pattern {
        match value.reasons().next() {
            Some(why) if !value.has_unwritable() => Pattern::anything(why.reaching(Reach::Anywhere)),
            _ => self.impossible(parameter, value),
        }
    }

    /// The same where an ARN of the right type is never replaced, even if no more of it is known: one of
    /// another type is impossible, whatever its name turns out to be.
    #[must_use]
    pub fn unfit(&self, parameter: &str, value: &Pattern) -> Pattern {
        match has_type(value.beginning()) {
            true => self.impossible(parameter, value),
            false => self.malformed(parameter, value),
        }
    }

    /// Replaces a value that AWS rejects, whatever else is not known of it.
    #[must_use]
    pub fn impossible(&self, parameter: &str, value: &Pattern) -> Pattern {
        let parameter = parameter.split('|').next().unwrap_or_default();
        // As the user wrote it, so without IAM's escapes.
        let written = value.written(true).unwrap_or_default();
        let cause = match value.has_unwritable() {
            true => Unresolved::Unwritable(written),
            false => Unresolved::Malformed(written),
        };
        Pattern::anything(WildcardReason::Run { parameter: parameter.to_owned(), cause })
    }

    /// The values at a path; several for lists and sets.
    fn values(&self, path: &str) -> Vec<Value<'_>> {
        let (arguments, path) = match path.strip_prefix("ReaderConfig.") {
            Some(rest) => (self.config.as_ref(), rest),
            None => (Some(&self.arguments), path),
        };
        let Some(arguments) = arguments else { return Vec::new() };
        let mut segments = path.split('.');
        let Some((first, ending)) = segments.next().map(ending) else { return Vec::new() };
        let mut values = ending.apply(arguments.get(first));
        let mut end = path.find('.').unwrap_or_default();
        for segment in segments {
            end += 1 + segment.len();
            let (name, ending) = self::ending(segment);
            let mut respelled = |written: &str| arguments.respell(path.get(..end).unwrap_or(path), written);
            let mut inside = |value| ending.apply(member(value, name, &mut respelled));
            values = values.iter().flat_map(&mut inside).collect();
        }
        values
    }

    /// The texts of a parameter with a blank for each token whose value is not known yet; `None` if there is
    /// more to them than text and tokens.
    #[must_use]
    pub fn beside_tokens(&self, path: &str) -> Option<Vec<String>> {
        let text = |segment: &asl::Segment<'_>| match segment {
            asl::Segment::Literal(text) => Some(text.to_string()),
            asl::Segment::Hole(expression) => expression.is_pending().then(|| " ".to_owned()),
        };
        let written = |value: Value<'_>| match value {
            Value::PartialString(whole) => whole.segments.iter().map(text).collect::<Option<String>>(),
            _ => None,
        };
        self.values(path).into_iter().map(written).collect()
    }

    /// Whether the parameter is given.
    #[must_use]
    pub fn presence(&self, path: &str) -> Presence {
        let values = self.values(path);
        self.look(values.iter().any(may_be_given));
        let mut presences = values.iter().map(presence);
        let Some(first) = presences.next() else { return Presence::Never };
        presences.fold(first, |one, two| if one == two { one } else { Presence::Maybe })
    }

    /// The parameter's text if it has exactly one and that is wholly known.
    #[must_use]
    pub fn known(&self, path: &str) -> Option<String> {
        match self.texts(path).as_slice() {
            [text] => text.known().map(str::to_owned),
            _ => None,
        }
    }

    /// Whether the parameter may have this text.
    #[must_use]
    pub fn may_be(&self, path: &str, text: &str) -> bool {
        let literal = Pattern::literal(text);
        let mut values = self.values(path);
        values
            .retain(|value| texts(std::slice::from_ref(value), path).iter().any(|one| one.covers(&literal)));
        // One that certainly has the text decides, whatever the others turn out to be.
        self.look(!values.is_empty() && values.iter().all(is_open));
        !values.is_empty()
    }

    /// Whether the parameter certainly has this text.
    #[must_use]
    pub fn is(&self, path: &str, text: &str) -> bool {
        let values = self.values(path);
        let texts = texts(&values, path);
        let may_be = texts.iter().all(|one| one.covers(&Pattern::literal(text)));
        self.look(may_be && values.iter().any(is_open));
        matches!(texts.as_slice(), [only] if only.known() == Some(text))
    }

    /// An ARN from a template whose holes are `{partition}`, `{region}`, `{account}`, `{machine}` and, if
    /// `value` is given, `{}`. `*` and `?` in the template are wildcards, for the reason given.
    #[must_use]
    pub fn arn(&self, template: &str, value: Option<&Pattern>, because: &'static str) -> Pattern {
        arn(self.aws, self.machine, template, value, because)
    }

    /// A template in the place of what is known only at run time or not at all: of its holes those of the
    /// user's settings are filled, all others and its wildcards have the reason.
    #[must_use]
    pub fn stand_in(&self, template: &str, why: &WildcardReason) -> Pattern {
        let mut text = Pattern::default();
        fill(template, why, &mut text, |hole, text| match self.setting(hole) {
            Some(setting) => text.push(&setting),
            None => text.push_wildcard("*", why.clone()),
        });
        text
    }

    /// The ARNs that a name or an ARN means; the name goes into the `{}` at the end of the template. Empty
    /// for a URL, and for an ARN of which too little is known.
    ///
    /// A wildcard that the value begins with may hold the beginning of an ARN, which then ends as the value
    /// does: `*/orders` is the name after any prefix, but also `…:table/orders` of this account and region.
    #[must_use]
    pub fn named(&self, template: &str, value: &Pattern, because: &'static str) -> Vec<Pattern> {
        let begun = value.beginning();
        if value.is_arn() {
            return if is_of_type(value, template) { vec![value.clone()] } else { Vec::new() };
        }
        if !can_be_name(value) {
            return Vec::new();
        }
        if value.known().is_some() || !ARN.starts_with(begun) {
            return vec![self.arn(template, Some(value), because)];
        }
        let ending = value.strip_prefix(begun).unwrap_or_default();
        let mut arns = vec![self.arn(template, Some(&ending), because)];
        arns.extend(overlapping(&self.arn(template, Some(&Pattern::default()), because), &ending));
        arns
    }

    /// Whether the Resource is an optimized integration; else the AWS SDK makes the same request, and Step
    /// Functions adds nothing to it.
    #[must_use]
    pub fn is_optimized(&self) -> bool {
        matches!(self.resource.integration, Integration::Optimized { .. })
    }

    /// What the user's settings say for a hole; `None` if it is not the name of a setting.
    #[must_use]
    pub fn setting(&self, hole: &str) -> Option<Pattern> {
        setting(self.aws, self.machine, hole)
    }
}

const ARN: &str = "arn:";

/// Whether a value can be the name of a resource, or a part of one. An ARN, a URL, an empty text, and text
/// that begins like an ARN or a URL cannot.
#[must_use]
pub fn can_be_name(value: &Pattern) -> bool {
    let begun = value.beginning();
    let is_url = begun.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    });
    !value.is_empty() && !is_url && !begun.starts_with(ARN)
}

/// Whether a text begins as an ARN whose type is certain. The colons of a token that is not yet replaced do
/// not separate fields.
#[must_use]
pub fn has_type(begun: &str) -> bool {
    let resource = ArnFields::of(begun).resource.filter(|_| !begun.contains("${"));
    resource.is_some_and(|resource| resource.contains(['/', ':']))
}

/// A segment of a path: its name and its suffixes.
fn ending(segment: &str) -> (&str, Ending<'_>) {
    let (name, suffixes) = segment.split_at(segment.find(['[', '{']).unwrap_or(segment.len()));
    (name, Ending(suffixes))
}

/// What of a value is meant: `[]`, each element; `{}`, each key; `[][]`, each element of each element.
#[derive(Clone, Copy)]
struct Ending<'p>(&'p str);

impl Ending<'_> {
    fn apply<'v>(self, value: Value<'v>) -> Vec<Value<'v>> {
        let elements = self.0.strip_prefix("[]");
        match (elements, value) {
            (_, Value::OneOf(values)) => values.iter().flat_map(|one| self.apply(one.clone())).collect(),
            (_, value) if self.0.is_empty() => vec![value],
            (_, value @ (Value::Unknown(_) | Value::Absent)) => vec![value],
            (_, Value::Open(_, rest)) => vec![Value::Unknown(rest)],
            (Some(rest), Value::Array(elements)) => {
                elements.iter().flat_map(|element| Ending(rest).apply(element.clone())).collect()
            }
            (Some(rest), Value::Object(members)) => {
                members.iter().flat_map(|(_, value)| Ending(rest).apply(value.clone())).collect()
            }
            (None, Value::Object(members)) => {
                members.iter().map(|(key, _)| Value::String(key.clone())).collect()
            }
            // Of a type that AWS does not accept: the call fails, so it needs no permissions.
            _ => Vec::new(),
        }
    }
}

fn presence(value: &Value<'_>) -> Presence {
    match value {
        Value::Absent | Value::Null => Presence::Never,
        Value::Unknown(_) => Presence::Maybe,
        Value::OneOf(values) if values.iter().any(|one| presence(one) != Presence::Always) => Presence::Maybe,
        _ => Presence::Always,
    }
}

/// Whether a value has a token that is not known yet, so that its text may become another.
fn is_open(value: &Value<'_>) -> bool {
    match value {
        Value::Unknown(expression) => expression.is_pending(),
        Value::PartialString(text) => text
            .segments
            .iter()
            .any(|segment| matches!(segment, asl::Segment::Hole(expression) if expression.is_pending())),
        Value::OneOf(values) => values.iter().any(is_open),
        _ => false,
    }
}

/// Whether the presence of a value depends on a token that is not known yet: text is present, whatever it
/// says.
fn may_be_given(value: &Value<'_>) -> bool {
    match value {
        Value::Unknown(expression) => expression.is_pending(),
        Value::OneOf(values) => values.iter().any(may_be_given),
        _ => false,
    }
}

fn texts(values: &[Value<'_>], path: &str) -> Vec<Pattern> {
    let mut texts = Vec::new();
    for value in values {
        add_texts(value, path, &mut texts);
    }
    if texts.len() < 2 {
        return texts;
    }
    // Each once, in the order of the values, of which there may be as many as the definition has room for.
    let mut seen = BTreeSet::new();
    let is_first: Vec<bool> = texts.iter().map(|text| seen.insert(text)).collect();
    let mut is_first = is_first.into_iter();
    texts.retain(|_| is_first.next().unwrap_or_default());
    texts
}

/// Where a resource may be that a text names which is known in part: it can be an ARN whose account is not
/// known, or it begins as a name or with the place.
fn reach(segments: &[asl::Segment<'_>]) -> Reach {
    let Some(asl::Segment::Literal(begun)) = segments.first() else { return Reach::Anywhere };
    let is_open = match begun.strip_prefix(ARN) {
        Some(fields) => fields.matches(':').count() < 4,
        None => ARN.starts_with(begun.as_ref()),
    };
    if is_open { Reach::Anywhere } else { Reach::There }
}

fn add_texts(value: &Value<'_>, path: &str, texts: &mut Vec<Pattern>) {
    let run = |cause| WildcardReason::Run { parameter: path.to_owned(), cause };
    let dynamic = |expression: &Expression<'_>, reach| {
        let text = expression.to_string();
        let pending = expression.is_pending();
        run(if pending { Unresolved::Pending(text) } else { Unresolved::Expression(text, reach) })
    };
    let text = match value {
        Value::Absent | Value::Null => return,
        Value::Bool(value) => Pattern::literal(value.to_string()),
        Value::Number(number) => Pattern::literal(number.to_string()),
        Value::String(text) => Pattern::literal(text.as_ref()),
        Value::PartialString(text) => {
            let mut made = Pattern::default();
            let reach = reach(&text.segments);
            for piece in &text.segments {
                match piece {
                    asl::Segment::Literal(text) => made.push_literal(text),
                    asl::Segment::Hole(expression) => made.push_wildcard("*", dynamic(expression, reach)),
                }
            }
            made
        }
        Value::OneOf(values) => {
            for one in values.iter() {
                add_texts(one, path, texts);
            }
            return;
        }
        Value::Unknown(expression) => Pattern::anything(dynamic(expression, Reach::Anywhere)),
        Value::Array(_) | Value::Object(_) | Value::Open(..) => {
            Pattern::anything(run(Unresolved::NotAString))
        }
    };
    // The reader of the message must be able to find the character.
    texts.push(text.of_parameter(path));
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;
    use crate::asl::template::Scope;
    use crate::asl::{Resource, Str};

    /// A text in which each `*` is a hole.
    pub(crate) fn text(written: &str) -> Pattern {
        let mut text = Pattern::default();
        text.push_template(written, &WildcardReason::Aws("test"));
        text
    }

    /// The result of a function for a call with these parameters, in which each `*` is a hole.
    pub(crate) fn made(
        parameters: &[(&'static str, &'static str)],
        make: impl Fn(&Call<'_, '_>) -> Vec<Pattern>,
    ) -> Vec<String> {
        let mut members: Vec<_> =
            parameters.iter().map(|(name, value)| ((*name).into(), value_of(value))).collect();
        members.sort_by(|(one, _): &(Str<'_>, Value<'_>), (two, _)| one.cmp(two));
        let scope = Scope { input: Value::Object(members.into()), ..Scope::default() };
        let aws = Location {
            region: Some("eu-west-1".into()),
            account: Some("111122223333".into()),
            ..Location::default()
        };
        let call = Call {
            aws: &aws,
            machine: None,
            resource: &Resource::read("arn:aws:states:::sns:publish").unwrap(),
            pattern: IntegrationPattern::RequestResponse,
            arguments: Arguments::new(None, &scope),
            config: None,
            pending: Cell::default(),
            may_be_empty: Cell::default(),
        };
        make(&call).iter().map(Pattern::to_text).collect()
    }

    fn value_of(written: &'static str) -> Value<'static> {
        let mut pieces = Vec::new();
        for (index, part) in written.split('*').enumerate() {
            if index > 0 {
                pieces.push(asl::Segment::Hole("$.x".into()));
            }
            pieces.push(asl::Segment::Literal(part.into()));
        }
        if written == "*" { Value::Unknown("$.x".into()) } else { asl::PartialString::join(pieces) }
    }
}
