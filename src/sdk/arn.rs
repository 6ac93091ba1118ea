//! ARN templates, filled with the values of a call.

use super::model::{Binding, Piece, Target, Template, Transform};
use super::transform;
use crate::call::resource::{bedrock, lambda, logs, secrets, ssm, states};
use crate::call::{Call, Presence, fill, overlapping};
use crate::iam::{Condition, Operator, Pattern, Unresolved, WildcardReason};

/// A resource, and the condition under which alone it is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Resource {
    pub(super) arn: Pattern,
    pub(super) condition: Option<Condition>,
}

/// The ARNs of a target.
pub(super) struct Filled {
    pub(super) resources: Vec<Resource>,
    /// Whether a parameter says which.
    pub(super) by_parameter: bool,
}

/// Fills a target of an action. `because` says why a variable that no parameter fills is a wildcard.
pub(super) fn filled(target: &Target, action: &str, because: &'static str, call: &Call<'_, '_>) -> Filled {
    let filler = Filler { because, call, creates: action.contains(":Create") };
    let mut filled = match target {
        Target::Expression(template) => filler.template(template),
        Target::Type { whole, template, .. } => {
            let given = filler.whole(whole, template);
            let named = filler.template(template);
            match (given.is_empty(), named.by_parameter) {
                (true, _) => named,
                (false, false) => Filled { resources: given, by_parameter: true },
                (false, true) => Filled { resources: [given, named.resources].concat(), by_parameter: true },
            }
        }
    };
    filled.resources = filled.resources.into_iter().flat_map(beside).collect();
    filled
}

struct Filler<'f, 'a, 's> {
    because: &'static str,
    call: &'f Call<'a, 's>,
    /// The action makes what the target names.
    creates: bool,
}

/// An ARN in the making.
#[derive(Clone, Default)]
struct Draft {
    arn: Pattern,
    condition: Option<Condition>,
}

impl Filler<'_, '_, '_> {
    /// The parameters that hold the whole ARN. What only the run knows gives the template with a wildcard in each hole.
    fn whole(&self, bindings: &[Binding], template: &Template) -> Vec<Resource> {
        let mut found = Vec::new();
        for text in bindings.iter().flat_map(|binding| self.values(binding)) {
            if text.is_arn() {
                if fits(template, &text) {
                    found.push(Resource { arn: states::without_qualifier(text), condition: None });
                }
            } else if let Some(why) = text.reasons().next().filter(|_| may_be_arn(&text)) {
                found.push(Resource { arn: self.stand_in(template, why), condition: None });
            }
        }
        found
    }

    fn stand_in(&self, template: &Template, why: &WildcardReason) -> Pattern {
        let mut arn = Pattern::default();
        for piece in &template.pieces {
            match piece {
                Piece::Hole { .. } => arn.push_wildcard("*", why.clone()),
                other => self.push_fixed(other, &mut arn),
            }
        }
        arn
    }

    fn template(&self, template: &Template) -> Filled {
        // An ARN without holes needs no parameter.
        let mut by_parameter = !template.pieces.iter().any(|piece| matches!(piece, Piece::Hole { .. }));
        let mut drafts = vec![Draft::default()];
        for piece in &template.pieces {
            let Piece::Hole { variable, bindings } = piece else {
                for draft in &mut drafts {
                    self.push_fixed(piece, &mut draft.arn);
                }
                continue;
            };
            let mut values = self.hole(bindings, template);
            if variable.ends_with("WithPath")
                && (!self.creates || self.call.presence("Path") != Presence::Never)
            {
                values = values.into_iter().flat_map(in_any_path).collect();
            }
            by_parameter |= !values.is_empty();
            if values.is_empty() {
                let why = self.open(bindings);
                for draft in &mut drafts {
                    draft.arn.push_wildcard("*", why.clone());
                }
                continue;
            }
            drafts = drafts
                .iter()
                .flat_map(|draft| values.iter().flat_map(|value| value.clone().after(draft)))
                .collect();
        }
        let resources =
            drafts.into_iter().map(|Draft { arn, condition }| Resource { arn, condition }).collect();
        Filled { resources, by_parameter }
    }

    /// Why a hole that no parameter fills is open: none can, or none of those that could is given.
    fn open(&self, bindings: &[Binding]) -> WildcardReason {
        match bindings.first() {
            Some(Binding::Parameter { path, .. }) => {
                WildcardReason::Run { parameter: path.as_str().to_owned(), cause: Unresolved::NotGiven }
            }
            _ => WildcardReason::Aws(self.because),
        }
    }

    fn push_fixed(&self, piece: &Piece, arn: &mut Pattern) {
        let setting = match piece {
            Piece::Text(text) => return fill(text, &WildcardReason::Aws(self.because), arn, |_, _| {}),
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
                if transforms.contains(&Transform::FunctionName) {
                    let whole =
                        |text: Pattern| if text.is_arn() { Value::Whole(text) } else { Value::Part(text) };
                    values.extend(lambda::compared(text, self.call).into_iter().map(whole));
                } else if transforms.contains(&Transform::KmsKey) && text.beginning().contains("alias/") {
                    values.push(Value::Alias(text));
                } else if transforms.contains(&Transform::BedrockModel) {
                    let models = bedrock::models(self.call, &text);
                    values.extend(models.into_iter().map(|(arn, condition)| Value::Only(arn, condition)));
                } else if text.is_arn() && fits(template, &text) {
                    values.push(Value::Whole(text));
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
    /// It is an ARN itself, meant under the condition alone.
    Only(Pattern, Option<Condition>),
    /// It names a key by an alias.
    Alias(Pattern),
}

impl Value {
    /// The drafts with the value in the hole behind them. A wildcard that the value begins with may hold the beginning of an ARN, so there can be more than
    /// one.
    fn after(self, before: &Draft) -> Vec<Draft> {
        let mut draft = before.clone();
        let mut others = Vec::new();
        match self {
            Value::Part(text) => {
                let arns = overlapping(&before.arn, &text).into_iter();
                others.extend(arns.map(|arn| Draft { arn, condition: before.condition.clone() }));
                draft.arn.push(&text);
            }
            Value::Whole(arn) if arn.beginning().contains(":accesspoint/") => draft.arn = arn.then("/object"),
            Value::Whole(arn) => draft.arn = arn,
            Value::Only(arn, condition) => (draft.arn, draft.condition) = (arn, condition),
            Value::Alias(alias) => {
                draft.arn.push_wildcard("*", WildcardReason::Aws("an alias does not tell its key"));
                let name = alias.split_at("alias/").map(|(_, name)| name).unwrap_or_default();
                let mut value = Pattern::literal("alias/");
                value.push(&name);
                draft.condition =
                    Some(Condition::new(Operator::ForAnyValueStringEquals, "kms:ResourceAliases", &[value]));
            }
        }
        [vec![draft], others].concat()
    }
}

/// Names in IAM stand in the ARN behind a path that the parameters of most calls leave out.
fn in_any_path(value: Value) -> Vec<Value> {
    let named = match &value {
        Value::Part(name) => name.known().filter(|name| !name.contains('/')).map(Pattern::literal),
        Value::Whole(_) | Value::Only(..) | Value::Alias(_) => None,
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

/// What begins as an ARN is no name. Where too little of it is known, neither is the name in it.
fn without_begun_arn(part: Pattern) -> Pattern {
    let why = part.reasons().next().filter(|_| part.beginning().starts_with("arn:")).cloned();
    why.map_or(part, Pattern::anything)
}

/// Whether an ARN can be one of the template: the same service, and the same words before the first hole.
fn fits(template: &Template, arn: &Pattern) -> bool {
    let mut written = String::new();
    for piece in &template.pieces {
        match piece {
            Piece::Text(text) => written.push_str(text),
            Piece::Hole { .. } => break,
            Piece::Partition | Piece::Region | Piece::Account => {}
        }
    }
    let wanted: Vec<&str> = written.splitn(6, ':').collect();
    let given: Vec<&str> = arn.beginning().splitn(6, ':').collect();
    let service = match (wanted.get(2), given.get(2)) {
        // A template that begins with a hole takes any ARN.
        (None, _) => return true,
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

/// All that is meant by an ARN, because AWS names the same thing in two ways.
fn beside(resource: Resource) -> Vec<Resource> {
    let known = resource.arn.known().unwrap_or_default();
    if secrets::is_secret_without_suffix(known) {
        let mut arn = resource.arn.clone();
        fill("-??????", &WildcardReason::Aws(transform::ADDED), &mut arn, |_, _| {});
        return vec![Resource { arn, condition: resource.condition }];
    }
    let more = if logs::is_log_group(known) {
        // Calls on a group are checked with and without its streams.
        let mut arn = resource.arn.clone();
        fill(":*", &WildcardReason::Aws("a log group is checked with its streams, too"), &mut arn, |_, _| {});
        Some(arn)
    } else {
        ssm::of_aws(&resource.arn)
    };
    let more = more.map(|arn| Resource { arn, condition: resource.condition.clone() });
    [Some(resource), more].into_iter().flatten().collect()
}
