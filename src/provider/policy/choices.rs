//! Arguments with a few allowed values: each list once, for the schema and for reading the arguments.

use crate::asl::ExecutionType;
use crate::finding::Level;
use crate::permissions::{KeyType, LogLevel, Mode};

/// Texts of a configuration, each with its meaning.
pub(super) type Choices<T> = [(&'static str, T)];

/// `mode`.
pub(super) const MODES: &Choices<Mode> =
    &[(Mode::Template.name(), Mode::Template), (Mode::LeastPrivilege.name(), Mode::LeastPrivilege)];

/// `type`.
pub(super) const TYPES: &Choices<ExecutionType> =
    &[("STANDARD", ExecutionType::Standard), ("EXPRESS", ExecutionType::Express)];

/// `logging_configuration.level`.
pub(super) const LEVELS: &Choices<LogLevel> =
    &[("OFF", LogLevel::Off), ("FATAL", LogLevel::Fatal), ("ERROR", LogLevel::Error), ("ALL", LogLevel::All)];

/// `encryption_configuration.type`.
pub(super) const KEY_TYPES: &Choices<KeyType> =
    &[("AWS_OWNED_KEY", KeyType::AwsOwned), ("CUSTOMER_MANAGED_KMS_KEY", KeyType::CustomerManaged)];

/// `on_unresolved`.
pub(super) const UNRESOLVED: &Choices<Level> = &[
    (Level::Error.name(), Level::Error),
    (Level::Warn.name(), Level::Warn),
    (Level::Ignore.name(), Level::Ignore),
];

/// The texts, for the schema.
pub(super) fn names<T>(choices: &'static Choices<T>) -> impl Iterator<Item = &'static str> {
    choices.iter().map(|(name, _)| *name)
}
