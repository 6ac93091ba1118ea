//! Whether literals name a resource, or can, as far as they are known.

use super::super::draft::names_as_it_is;
use super::super::model::{Binding, Template};
use super::super::taken::{takes, takes_further};
use super::Filler;
use crate::call::has_type;
use crate::iam::{ArnFields, Pattern};

/// A literal that may name a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sdk) struct Literal {
    pub(in crate::sdk) parameter: String,
    pub(in crate::sdk) text: String,
    /// Whether it does.
    pub(in crate::sdk) fits: bool,
}

impl Filler<'_, '_, '_> {
    /// Whether a parameter can take a text, which may be an ARN of a type that it does not name.
    pub(super) fn takes(&self, binding: &Binding, text: &Pattern) -> bool {
        match binding {
            Binding::Parameter { path, .. } if text.is_arn() => {
                takes(self.of, path.as_str(), text, self.call.aws.partition.as_str())
            }
            _ => true,
        }
    }

    /// Whether it takes an ARN of a type that the catalogue does not show.
    pub(super) fn takes_further(&self, binding: &Binding, text: &Pattern) -> bool {
        let partition = self.call.aws.partition.as_str();
        matches!(binding, Binding::Parameter { path, .. }
            if text.is_arn() && takes_further(self.of, path.as_str(), text, partition))
    }

    /// Notes that no call takes an ARN, of which no more need to be known than its type.
    pub(super) fn reject(&self, binding: &Binding, text: &Pattern) {
        if let (Binding::Parameter { path, .. }, Some(text)) = (binding, text.written(true)) {
            self.read.borrow_mut().push(Literal { parameter: path.as_str().to_owned(), text, fits: false });
        }
    }

    /// Notes whether a literal names a resource, or an ARN of which no more is known than its type can.
    pub(super) fn note(&self, binding: &Binding, text: &Pattern, template: &Template, fits: bool) {
        let Binding::Parameter { path, transforms } = binding else { return };
        let literal = match text.written(false) {
            Some(written) => {
                // A part of an ARN fills any hole, and does not show whose ARN it is.
                // A bucket's has no word for a type.
                let is_foreign = ArnFields::of(&written).resource.is_some()
                    && !names_as_it_is(transforms)
                    && template.service().is_some_and(|own| text.service() != Some(&*own));
                let fits = fits && (!is_foreign || self.takes_further(binding, text));
                Some((written, fits))
            }
            // A reader has said so itself.
            None if has_type(text.beginning()) && binding.reader().is_none() => {
                let is_own = template.service().is_none_or(|own| text.service() == Some(&*own));
                // What a part of it fills does not show whose ARN it is.
                let is_said = is_own || !fits || names_as_it_is(transforms);
                text.written(true).filter(|_| is_said).map(|written| (written, fits || is_own))
            }
            None => None,
        };
        if let Some((text, fits)) = literal {
            self.read.borrow_mut().push(Literal { parameter: path.as_str().to_owned(), text, fits });
        }
    }

    /// Replaces a value that fills nothing. A reader accepts every ARN of its types.
    pub(super) fn malformed(&self, binding: &Binding, path: &str, value: &Pattern) -> Pattern {
        match binding.reader() {
            Some(_) => self.call.unfit(path, value),
            None => self.call.malformed(path, value),
        }
    }
}
