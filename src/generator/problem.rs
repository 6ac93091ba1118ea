//! What is wrong with a request, beyond the tasks of its definition.

use crate::asl::Instead;
use crate::finding::{Code, Problem, cut, listed, quoted};
use crate::json::{Malformed, SyntaxError};

use super::limits::{MAX_INLINE_CHARACTERS, MAX_MANAGED_CHARACTERS, MAX_MANAGED_POLICIES};

/// What is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum RequestProblem<'a> {
    #[error(
        "The definition is empty. Pass the text of a state machine in Amazon States Language, for example with file(\"order.asl.json\")."
    )]
    Empty,
    #[error("{}{}", said(error, " of the definition"), remedy(error, *token))]
    NotJson { error: &'a SyntaxError, token: Option<&'a str> },
    #[error("{0}")]
    Instead(Instead),
    #[error(
        "At line {line}, column {column} of the definition: a comment, which JSON does not have. Remove it, or write its text as \"Comment\" in the state or the state machine."
    )]
    Comment { line: usize, column: usize },
    #[error(
        "The definition is YAML, but it must be JSON. Write jsonencode(yamldecode(file(\"order.asl.yaml\"))), with the name of your file."
    )]
    Yaml,
    #[error("{} Only one of them would be used. Remove the others.", said(error, " of the definition"))]
    DuplicateKey { error: &'a SyntaxError },
    #[error("The definition has {}. Add a value for each to \"definition_substitutions\".", tokens(names))]
    MissingSubstitution { names: Vec<&'a str> },
    #[error(
        "The definition does not have {}. If it should, correct the name in \"definition_substitutions\".",
        tokens(&[*name])
    )]
    UnusedSubstitution { name: &'a str },
    #[error("The value of {} {reason}.", tokens(&[*name]))]
    UnsuitableSubstitution { name: &'a str, reason: &'a str },
    #[error(
        "The definition has {}, which only \"templatefile\" evaluates. Write a plain ${{Token}} with its value in \"definition_substitutions\", or pass the \
         result of \"templatefile\" as the definition.",
        quoted(construct)
    )]
    TemplateConstruct { construct: &'a str },
    #[error(
        "The definition has {}, which {} plain text without \"definition_substitutions\". Give {} there.",
        tokens(names),
        if names.len() == 1 { "is" } else { "are" },
        if names.len() == 1 { "its value" } else { "their values" }
    )]
    LeftOverToken { names: Vec<&'a str> },
    #[error(
        "\"input\" is not JSON. {} Give a JSON object with the members that are the same in every execution, for instance by jsonencode.",
        said(error, "")
    )]
    InputNotJson { error: &'a SyntaxError },
    #[error(
        "\"input\" is {found}. Give a JSON object with the members that are the same in every execution, for instance by jsonencode."
    )]
    InputNotAnObject { found: &'static str },
    #[error(
        "The generated policy fails its own check: {what}. It is not returned. This is a bug in the provider, not in your definition. Please report it with the \
         definition, or a part of it that reproduces the error."
    )]
    Defect { what: &'a str },
    #[error(
        "In the generated policy, {error}. IAM would reject it, so it is not returned. Correct the value in the definition, the argument or the hint that it comes \
         from."
    )]
    Refused { error: &'a str },
    #[error("The host cancelled the call before there was a result.")]
    Interrupted,
    #[error(
        "The policy has {size} characters without white space, but the limit is {limit}. IAM allows {MAX_INLINE_CHARACTERS} for all inline policies \
         of a role together and {MAX_MANAGED_CHARACTERS} for a managed policy.{} Set \"size_limit\" alone if the document goes elsewhere.",
        fits(*packed, *size)
    )]
    TooLarge { size: u64, limit: u64, packed: Option<Packed> },
    #[error(
        "A document that allows nothing but {action} on {} has {size} characters, but \"document_size_limit\" is {limit}. Set it to at least {size}.",
        quoted(resource)
    )]
    PermissionTooLarge { action: &'a str, resource: &'a str, size: u64, limit: u64 },
    #[error(
        "\"{service}\" in \"documents_by_service\" has {size} characters, but a managed policy can have {MAX_MANAGED_CHARACTERS}. \"documents\" has the same \
         permissions in parts of at most \"document_size_limit\" characters."
    )]
    OversizedPart { service: &'a str, size: u64 },
}

/// The policy in documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packed {
    /// How many there are.
    pub(super) documents: usize,
    /// The most characters that one may have.
    pub(super) limit: u64,
}

/// Which of the documents fit: a sentence.
fn fits(packed: Option<Packed>, size: u64) -> String {
    let Some(Packed { documents, limit }) = packed else { return String::new() };
    let many = if documents > MAX_MANAGED_POLICIES {
        format!(
            " A role can have {MAX_MANAGED_POLICIES} managed policies unless AWS raised that quota for your account, so divide the state machine."
        )
    } else {
        String::new()
    };
    let in_documents =
        if documents == 1 { "one document".to_owned() } else { format!("{documents} documents") };
    format!(
        " It fits into {in_documents} of at most {limit} characters: set \"size_limit\" to {size}, and attach each of \"documents\" as a managed policy.{many}"
    )
}

/// What is wrong with a text, and where: a sentence. A definition may be a part of a file, whose lines are
/// others.
fn said(error: &SyntaxError, of: &str) -> String {
    let SyntaxError { wrong, line, column } = error;
    format!("At line {line}, column {}{of}: {wrong}.", (*column).max(1))
}

fn remedy(error: &SyntaxError, token: Option<&str>) -> String {
    match (&error.wrong, token) {
        (_, Some(token)) => format!(
            " The token {} is outside of quotes, where its value must be JSON. For a string, write it in quotes: \"{}\".",
            cut(token),
            cut(token)
        ),
        (Malformed::EndsEarly { .. }, _) => " Is the file truncated?".to_owned(),
        (Malformed::TooDeep, _) => " Definitions may be nested up to 128 levels deep.".to_owned(),
        (Malformed::DuplicateKey { .. } | Malformed::Grammar(_), _) => String::new(),
    }
}

fn tokens(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("${{{name}}}")).collect();
    listed(&names)
}

impl Problem for RequestProblem<'_> {
    fn code(&self) -> Code {
        use RequestProblem as P;
        match self {
            P::Instead(_) => Code::NotADefinition,
            P::Empty | P::NotJson { .. } | P::Yaml | P::Comment { .. } => Code::InvalidJson,
            P::DuplicateKey { .. } => Code::DuplicateKey,
            P::MissingSubstitution { .. } => Code::MissingSubstitution,
            P::UnusedSubstitution { .. } => Code::UnusedSubstitution,
            P::UnsuitableSubstitution { .. } => Code::InvalidArgument,
            P::TemplateConstruct { .. } => Code::TemplateConstruct,
            P::LeftOverToken { .. } => Code::LeftOverToken,
            P::InputNotJson { .. } | P::InputNotAnObject { .. } => Code::InvalidInput,
            P::Defect { .. } => Code::Defect,
            P::Refused { .. } => Code::RefusedPolicy,
            P::Interrupted => Code::Interrupted,
            P::TooLarge { .. } => Code::PolicyTooLarge,
            P::PermissionTooLarge { .. } => Code::PermissionTooLarge,
            P::OversizedPart { .. } => Code::OversizedPart,
        }
    }

    fn summary(&self) -> String {
        use RequestProblem as P;
        match self {
            P::Instead(instead) => instead.title().to_owned(),
            P::Comment { .. } => "The definition has a comment".to_owned(),
            P::Yaml => "The definition is YAML".to_owned(),
            P::InputNotJson { .. } => "The input is not JSON".to_owned(),
            P::InputNotAnObject { .. } => "The input is not an object".to_owned(),
            _ => self.code().row().title.to_owned(),
        }
    }
}
