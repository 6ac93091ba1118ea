//! What is wrong with a configuration or a call, as far as the protocol and the schema show.

use super::diagnostic::{Diagnostic, FunctionError};

/// Defines the enum and the way from a code to its row.
macro_rules! codes {
    ($($code:ident => $name:literal, $title:literal, $cause:literal, $cure:literal;)*) => {
        /// The kind of a problem. All are errors, and none can be made less severe.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {
            $(#[doc = $title] $code,)*
        }

        impl Code {
            /// All codes: first what is wrong with a configuration, then what is wrong with programs.
            pub const ALL: &[Code] = &[$(Code::$code,)*];

            /// What the code means.
            #[must_use]
            pub const fn row(self) -> &'static Row {
                match self {
                    $(Code::$code => &Row { name: $name, title: $title, cause: $cause, cure: $cure },)*
                }
            }
        }
    };
}

/// What a code means; the guide to findings is made from it.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The code as messages and the guide have it: words in lower case with hyphens between them. It never
    /// changes.
    pub name: &'static str,
    /// What is wrong: short, without a full stop.
    pub title: &'static str,
    /// Why it is reported: sentences in Markdown.
    pub cause: &'static str,
    /// What to do: sentences in Markdown.
    pub cure: &'static str,
}

codes! {
    ReadOnlyArgument => "read-only-argument", "A read-only attribute is set",
        "A result of the data source, such as `size`, is given as if it were an argument. Terraform and OpenTofu would accept it and ignore it.",
        "Use the argument that the message names, or remove it.";
    NullArgument => "null-argument", "A required argument is null",
        "A required argument, such as `definition`, or a required member of an object, such as `tracing_configuration.enabled`, is null, or its name is misspelt.",
        "Give it a value, or leave out what it is part of.";
    NullElement => "null-element", "A null element",
        "An element of a list or a map is null.",
        "Leave out what is null, for instance with `compact(…)`.";
    UnknownValue => "unknown-value", "An unknown value",
        "An argument accepts only certain values, and the configuration has another.",
        "Use one of those that the message names.";
    UnknownArgument => "unknown-argument", "Unknown argument",
        "The options of a function have a name that is not that of an argument.",
        "Correct the name, or remove it.";
    WrongType => "wrong-type", "Wrong type of an argument",
        "A value cannot be converted to the type of its argument.",
        "Give a value of the type that the message names. Where there is a list of one object, take its element with `one(…)`.";
    WrongArguments => "wrong-arguments", "Wrong arguments of a function",
        "A function is called with too few or too many arguments, or with one that it does not accept.",
        "Call it as its page describes.";
    UnknownName => "unknown-name", "Not offered by this provider",
        "The configuration uses a resource, data source or function that this provider does not have.",
        "Use the value that the message names.";
    MalformedCall => "malformed-call", "Malformed call",
        "The program that called the provider sent something that the protocol does not allow.",
        "This is a bug in that program or in the provider. Please report it.";
    WrongResult => "wrong-result", "Wrong result",
        "The provider returned a result that does not fit its own schema. It is not returned.",
        "This is a bug in the provider. Please report it.";
    Crash => "crash", "The provider crashed",
        "The provider failed unexpectedly on an input.",
        "This is a bug in the provider. Please report it, with the definition if you may share it.";
    NoThread => "no-thread", "The provider cannot work",
        "The operating system cannot start a thread for a call.",
        "Raise the limit of processes or of memory, or run fewer programs at the same time.";
    Stopped => "stopped", "Interrupted",
        "The host stopped the call before it had a result.",
        "Run it again.";
}

impl Code {
    /// The name in messages and in the guide, such as `null-element`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The code of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.name() == name)
    }
}

/// What is wrong with a configuration or a call. Its `Display` is the detail of a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A result is set; perhaps an argument was meant.
    #[error("\"{name}\" is a result, so it cannot be set. {}", remedy(meant.as_deref()))]
    ReadOnly {
        /// The attribute.
        name: String,
        /// The argument that was probably meant.
        meant: Option<String>,
    },
    /// What must have a value is null.
    #[error("\"{name}\" must have a value. Give one, or leave out what it is part of.")]
    Null {
        /// The member.
        name: String,
    },
    /// An element of a list is null.
    #[error(
        "Element {position} of \"{name}\" is null. Leave out what is null, for instance with compact(…)."
    )]
    NullElement {
        /// The list.
        name: String,
        /// From 0.
        position: u32,
    },
    /// A value of a map is null.
    #[error(
        "\"{key}\" in \"{name}\" is null. Leave out what is null, for instance with {{ for key, value in … : key => value if value != null }}."
    )]
    NullValue {
        /// The map.
        name: String,
        /// The key of the value.
        key: String,
    },
    /// A text is not one of the allowed ones.
    #[error("\"{name}\" must be one of {}, not \"{text}\".", listed(values))]
    UnknownValue {
        /// The argument.
        name: String,
        /// Its value.
        text: String,
        /// The allowed values.
        values: Vec<&'static str>,
    },
    /// A name that is not that of an argument.
    #[error("There is no argument \"{name}\". {}", match meant {
        Some(one) => format!("Did you mean \"{one}\"?"),
        None => format!("There are {}.", arguments.join(", ")),
    })]
    UnknownArgument {
        /// The name.
        name: String,
        /// The argument that was probably meant.
        meant: Option<String>,
        /// All arguments.
        arguments: Vec<String>,
    },
    /// A value that cannot be converted.
    #[error("In \"{name}\", {reason}.")]
    WrongType {
        /// The argument.
        name: String,
        /// What was expected, and what there is.
        reason: String,
    },
    /// A function has too few arguments.
    #[error("There are too few arguments.")]
    TooFewArguments,
    /// A function has too many arguments.
    #[error("There are too many arguments.")]
    TooManyArguments,
    /// An argument of a function is null.
    #[error("The argument must not be null.")]
    NullParameter,
    /// An argument of a function cannot be read.
    #[error("The argument cannot be read: {0}.")]
    UnreadableParameter(String),
    /// The provider does not have the subject of the call.
    #[error("This provider has no {kind} \"{name}\".{}", instead(*is_data_source, data_sources, name))]
    UnknownName {
        /// The word for it, such as `resource`.
        kind: &'static str,
        /// Its name.
        name: String,
        /// Whether a data source has the name.
        is_data_source: bool,
        /// What the provider offers; empty if that does not help.
        data_sources: Vec<String>,
    },
    /// A block that does not fit the schema.
    #[error(
        "The configuration that the provider was sent does not fit its schema: {reason}. This is a bug in the provider or in the program that called \
         it; please report it."
    )]
    MalformedConfiguration {
        /// What does not fit.
        reason: String,
    },
    /// A read of values that are not known.
    #[error(
        "The data source was read while some of its arguments were not yet known. This is a bug in the program that called the provider."
    )]
    UnknownRead,
    /// A result that does not fit the schema.
    #[error(
        "The provider returned a wrong result: {reason}. This is a bug in the provider; please report it."
    )]
    WrongResult {
        /// What does not fit.
        reason: String,
    },
    /// The provider panicked.
    #[error(
        "The provider failed unexpectedly on this input. This is a bug in the provider; please report it, with the definition if \
         you may share it."
    )]
    Crash,
    /// No thread can be started.
    #[error(
        "The operating system did not start a thread: {reason}. Raise the limit of processes or of memory, or run fewer programs at the same time."
    )]
    NoThread {
        /// The operating system's error.
        reason: String,
    },
    /// The call was interrupted.
    #[error("The call was interrupted before it had a result.")]
    Stopped,
}

fn remedy(meant: Option<&str>) -> String {
    meant.map_or_else(|| "Remove it.".to_owned(), |argument| format!("Did you mean \"{argument}\"?"))
}

fn listed<T: AsRef<str>>(names: &[T]) -> String {
    names.iter().map(|name| format!("\"{}\"", name.as_ref())).collect::<Vec<_>>().join(", ")
}

fn instead(is_data_source: bool, data_sources: &[String], name: &str) -> String {
    if is_data_source {
        return format!(
            " \"{name}\" is a data source: use it in a \"data\" block. It is read again for each plan, so there is nothing to create, to import or to \
             keep."
        );
    }
    if data_sources.is_empty() {
        String::new()
    } else {
        format!(" It has data sources only: {}.", listed(data_sources))
    }
}

impl Problem {
    /// The provider has nothing of that name. `kind` is the word for it, such as `data source`.
    #[must_use]
    pub fn unknown(kind: &'static str, name: &str) -> Problem {
        let name = name.to_owned();
        Problem::UnknownName { kind, name, is_data_source: false, data_sources: Vec::new() }
    }

    /// Its kind.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Problem::ReadOnly { .. } => Code::ReadOnlyArgument,
            Problem::Null { .. } => Code::NullArgument,
            Problem::NullElement { .. } | Problem::NullValue { .. } => Code::NullElement,
            Problem::UnknownValue { .. } => Code::UnknownValue,
            Problem::UnknownArgument { .. } => Code::UnknownArgument,
            Problem::WrongType { .. } => Code::WrongType,
            Problem::TooFewArguments
            | Problem::TooManyArguments
            | Problem::NullParameter
            | Problem::UnreadableParameter(_) => Code::WrongArguments,
            Problem::UnknownName { .. } => Code::UnknownName,
            Problem::MalformedConfiguration { .. } | Problem::UnknownRead => Code::MalformedCall,
            Problem::WrongResult { .. } => Code::WrongResult,
            Problem::Crash => Code::Crash,
            Problem::NoThread { .. } => Code::NoThread,
            Problem::Stopped => Code::Stopped,
        }
    }

    /// What is wrong: short, without a full stop.
    #[must_use]
    pub fn summary(&self) -> String {
        match self {
            Problem::Null { name } => format!("\"{name}\" is null"),
            Problem::UnknownValue { name, .. } => format!("Unknown value of \"{name}\""),
            Problem::UnknownName { kind, .. } => format!("Unknown {kind}"),
            Problem::MalformedConfiguration { .. } => "Malformed configuration".to_owned(),
            Problem::UnknownRead => "Read of unknown values".to_owned(),
            _ => self.code().row().title.to_owned(),
        }
    }
}

/// An error about the whole block, with the code at its end in brackets.
impl From<Problem> for Diagnostic {
    fn from(problem: Problem) -> Self {
        Diagnostic::error(problem.summary(), format!("{problem} [{}]", problem.code().name()))
    }
}

/// An error about the whole call, with the code at its end in brackets.
impl From<Problem> for FunctionError {
    fn from(problem: Problem) -> Self {
        FunctionError::new(format!("{}. {problem} [{}]", problem.summary(), problem.code().name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_in_kebab_case() {
        for (at, code) in Code::ALL.iter().enumerate() {
            let name = code.name();
            let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
            assert!(name.split('-').all(is_word), "{name}");
            assert_eq!(Code::ALL.iter().position(|one| one.name() == name), Some(at));
            assert_eq!(Code::of(name), Some(*code));
        }
        assert_eq!(Code::of("no-such-code"), None);
    }

    #[test]
    fn a_message_ends_with_its_code() {
        let problem = Problem::ReadOnly { name: "size".to_owned(), meant: None };
        let diagnostic = Diagnostic::from(problem);
        assert_eq!(diagnostic.summary, "A read-only attribute is set");
        assert_eq!(
            diagnostic.detail,
            "\"size\" is a result, so it cannot be set. Remove it. [read-only-argument]"
        );
        let error = FunctionError::from(Problem::TooFewArguments);
        assert_eq!(
            error.text,
            "Wrong arguments of a function. There are too few arguments. [wrong-arguments]"
        );
    }
}
