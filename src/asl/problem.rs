//! What is wrong with a definition, or probably not intended.

use crate::finding::suggest::did_you_mean;
use crate::finding::{Code, Problem, listed_quoted, quoted};

use super::QueryLanguage;
use super::intrinsic::FUNCTIONS;
use super::jsonata::Misspelt;
use super::parse::instead::Instead;
use super::task::ResourceError;

/// What is wrong with a definition, or probably not intended.
///
/// `found` is what is there instead, with its article, such as `a string`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum DefinitionProblem<'a> {
    #[error("A state machine is an object with \"StartAt\" and \"States\", but the definition is {found}.")]
    NotAnObject { found: &'static str },
    #[error("{0}")]
    Instead(Instead),
    #[error(
        "\"States\" is missing{}. A workflow needs \"States\", an object that maps names to states. Pass the definition of a state machine in Amazon \
         States Language.",
        alike.map(|key| format!(", but there is {}: names are case-sensitive", quoted(key))).unwrap_or_default()
    )]
    StatesMissing { alike: Option<&'a str> },
    #[error("\"States\" maps names to states, but it is {found}.")]
    StatesNotAnObject { found: &'static str },
    #[error("An object with \"StartAt\" and \"States\" is needed, but this is {found}.")]
    WorkflowNotAnObject { found: &'static str },
    #[error(
        "A Parallel state needs \"Branches\", an array of at least one object with \"StartAt\" and \"States\"."
    )]
    BranchesMissing,
    #[error("A state is an object with a \"Type\", but this one is {found}.")]
    StateNotAnObject { found: &'static str },
    #[error("\"Type\" is missing. Every state needs a \"Type\", such as \"Task\" or \"Pass\".")]
    TypeMissing,
    #[error("\"Type\" must be a name such as \"Task\", but it is {found}.")]
    TypeNotAString { found: &'static str },
    #[error(
        "{} is not a type of state. Use one of Task, Map, Parallel, Pass, Choice, Wait, Succeed, Fail; names are case-sensitive.",
        quoted(name)
    )]
    UnknownType { name: &'a str },
    #[error(
        "\"Resource\" is missing. Add the ARN of what is called, such as \"arn:aws:states:::lambda:invoke\". It must be a constant: there is no \
         \"Resource.$\"."
    )]
    ResourceMissing,
    #[error("\"Resource\" must be a constant string, but it is {found}.")]
    ResourceNotAString { found: &'static str },
    #[error(
        "\"Resource\" is {}, a function of AWS CloudFormation, which Step Functions does not evaluate. Write the ARN, or a ${{Token}} with its value in \
         \"definition_substitutions\".",
        quoted(name)
    )]
    ResourceOfCloudFormation { name: &'a str },
    #[error("The Resource is {}. {error}", quoted(arn))]
    Resource { arn: &'a str, error: ResourceError<'a> },
    #[error(
        "{} is a function of AWS CloudFormation, which Step Functions does not evaluate. Write a ${{Token}} with its value in \"definition_substitutions\", or the \
         value itself. If it is intended as it is, set on_finding = {{ \"cloudformation-function\" = \"ignore\" }}.",
        quoted(name)
    )]
    CloudFormation { name: &'a str },
    #[error(
        "\"RoleArn\" is missing in \"Credentials\", which names the role that the task assumes. Add \"RoleArn\" with the role's ARN, or remove \
         \"Credentials\"."
    )]
    RoleArnMissing,
    #[error("A Map state needs \"ItemProcessor\", an object with \"StartAt\" and \"States\".")]
    ProcessorMissing,
    #[error("The \"Mode\" of a Map state must be \"INLINE\" or \"DISTRIBUTED\".")]
    UnknownMode,
    #[error("A Distributed Map needs \"ExecutionType\": \"STANDARD\" or \"EXPRESS\" beside its \"Mode\".")]
    ExecutionTypeMissing,
    #[error("\"Label\" must be a string of 1 to 40 characters, unique in the definition.")]
    UnusableLabel,
    #[error(
        "AWS will reject \"{key}\" in an inline Map state. Add \"ProcessorConfig\": {{\"Mode\": \"DISTRIBUTED\", \"ExecutionType\": \"STANDARD\"}} to \
         \"ItemProcessor\", or remove \"{key}\"."
    )]
    InlineTransfer { key: &'static str },
    #[error("\"{key}\" must be an object with a \"Resource\", but it is {found}.")]
    TransferNotAnObject { key: &'a str, found: &'static str },
    #[error("\"QueryLanguage\" must be \"JSONPath\" or \"JSONata\".")]
    UnknownLanguage,
    #[error(
        "A state machine whose \"QueryLanguage\" is \"JSONata\" cannot have states with \"JSONPath\". Leave it out at the top and set it in each \
         JSONata state."
    )]
    JsonPathInJsonata,
    #[error(
        "A {} state has \"{own}\", not \"{other}\". Rename \"{other}\", or change the state's \"QueryLanguage\".",
        language.name()
    )]
    WrongArguments { language: QueryLanguage, own: &'static str, other: &'static str },
    #[error(
        "A {} state does not have \"{key}\", and AWS will reject the definition. Remove it, or change the state's \"QueryLanguage\".",
        language.name()
    )]
    OtherLanguage { language: QueryLanguage, key: &'a str },
    #[error("\"{key}\" must be a path, which begins with \"$\", such as \"$.name\", but it is {found}.")]
    NotAPath { key: &'a str, found: String },
    #[error(
        "\"{key}\" must be a path such as \"$.name\", a variable such as \"$name\", or an intrinsic function such as \"States.Format('{{}}', $.name)\", \
         but it is {found}."
    )]
    NotComputed { key: &'a str, found: String },
    #[error(
        "{} is not a member that Step Functions supports here, and AWS will reject the definition.{} Correct the name, or move the member to where it \
         belongs. If AWS has added it since, set on_finding = {{ \"unknown-member\" = \"warn\" }}.",
        quoted(name),
        did_you_mean(similar)
    )]
    UnknownMember { name: &'a str, similar: Vec<&'static str> },
    #[error(
        "{} and {} exclude each other, and AWS will reject the definition. Remove one of them.",
        quoted(one),
        quoted(other)
    )]
    ExcludeEachOther { one: &'static str, other: &'static str },
    #[error(
        "The state {} has \"Next\" and \"End\", and AWS will reject the definition. Remove one of them.",
        quoted(name)
    )]
    NextAndEnd { name: &'a str },
    #[error(
        "The state {} has neither \"Next\" nor \"End\": true, and AWS will reject the definition. Add one of them.",
        quoted(name)
    )]
    NeitherNextNorEnd { name: &'a str },
    #[error("\"{key}\" must be the name of a state, but it is {found}. AWS will reject the definition.")]
    NextNotAString { key: &'static str, found: &'static str },
    #[error(
        "\"Next\" is missing. AWS will reject the definition. Set \"Next\" to the name of a state in the same \"States\"."
    )]
    NextMissing,
    #[error("\"End\" must be true or false, but it is {found}. AWS will reject the definition.")]
    EndNotABoolean { found: &'static str },
    #[error(
        "An element of \"{key}\" must be an object, but this is {found}. AWS will reject the definition."
    )]
    ElementNotAnObject { key: &'static str, found: &'static str },
    #[error("A Choice state needs \"Choices\", an array of at least one rule.")]
    ChoicesMissing,
    #[error(
        "A rule has one operator, but this one has {}. Only one of them would be used, and AWS will reject the definition. Remove the others, or \
         combine rules with \"And\".",
        listed_quoted(names)
    )]
    SeveralOperators { names: Vec<&'static str> },
    #[error(
        "The rule tests nothing, and AWS will reject the definition. Add {}.",
        match language {
            QueryLanguage::JsonPath => "an operator such as \"StringEquals\" with its \"Variable\", or \"And\", \"Or\" or \"Not\"",
            QueryLanguage::Jsonata => "a \"Condition\"",
        }
    )]
    RuleWithoutOperator { language: QueryLanguage },
    #[error(
        "The rule compares nothing, and AWS will reject the definition. Add \"Variable\", a path such as \"$.status\"."
    )]
    VariableMissing,
    #[error(
        "The name {} has more than {limit} characters, and AWS will reject the definition. Give the state a shorter name.",
        quoted(name)
    )]
    LongName { name: &'a str, limit: usize },
    #[error("{} and {} set the same member. Remove one of them.", quoted(name), quoted(key))]
    GivenTwice { name: &'a str, key: &'a str },
    #[error(
        "The key ends in \".$\", so the value must be a string with a path such as \"$.name\", a variable such as \"$name\", or an intrinsic function such \
         as \"States.Format('{{}}', $.name)\". For a literal, remove \".$\" from the key."
    )]
    NotDynamic,
    #[error(
        "{} is not a valid call of an intrinsic function, such as \"States.Format('{{}}', $.name)\": strings use single quotes, and brackets must be \
         balanced. AWS will reject the definition. Correct the call.",
        quoted(text)
    )]
    UnreadableCall { text: &'a str },
    #[error(
        "There is no intrinsic function {}; there are {}. AWS will reject the definition. Correct the name. If AWS has added it since, set on_finding = \
         {{ \"invalid-intrinsic\" = \"warn\" }}.",
        quoted(&format!("States.{name}")),
        FUNCTIONS.map(|name| format!("States.{name}")).join(", ")
    )]
    UnknownFunction { name: &'a str },
    #[error(
        "{} is plain text here, because the key does not end in \".$\". Add \".$\" to the key if a path is meant.",
        quoted(text)
    )]
    LiteralPath { text: &'a str },
    #[error("{} is plain text here. Write {} if an expression is meant.", quoted(text), quoted(&format!("{{% {text} %}}")))]
    LiteralExpression { text: &'a str },
    #[error(
        "{} is plain text here, because there are blanks outside of \"{{%\" and \"%}}\". Remove them if an expression is meant.",
        quoted(text)
    )]
    BlanksOutside { text: &'a str },
    #[error(
        "{} is not a valid JSONata expression. At character {position} after \"{{%\": {wrong} AWS will reject the definition. Correct the expression.",
        quoted(text)
    )]
    UnreadableJsonata { text: &'a str, position: usize, wrong: Misspelt },
    #[error("{} is not closed: an expression begins with \"{{%\" and ends with \"%}}\".", quoted(text))]
    UnclosedJsonata { text: &'a str },
    #[error(
        "\"StartAt\" is missing. AWS will reject the definition. Set \"StartAt\" to the name of a state in the same \"States\"."
    )]
    StartAtMissing,
    #[error(
        "There is no state {}; names are case-sensitive. AWS will reject the definition. Set \"StartAt\" to the name of a state in the same \"States\".",
        quoted(name)
    )]
    StartAtNowhere { name: &'a str },
    #[error(
        "There is no state {} in the same \"States\". AWS will reject the definition. Correct the name.",
        quoted(name)
    )]
    NextNowhere { name: &'a str },
    #[error(
        "The state {} is unreachable, and AWS will reject the definition. Remove the state, or make it reachable through \"Next\", \"Default\", \
         \"Choices\" or \"Catch\".",
        quoted(name)
    )]
    Unreachable { name: &'a str },
    #[error(
        "State names must be unique in the whole definition, but the state at {} is also called {}, and AWS will reject the definition. Rename one of them.",
        quoted(other),
        quoted(name)
    )]
    NameTaken { name: &'a str, other: &'a str },
}

impl Problem for DefinitionProblem<'_> {
    fn code(&self) -> Code {
        use DefinitionProblem as P;
        match self {
            P::Instead(_) => Code::NotADefinition,
            P::CloudFormation { .. } => Code::CloudformationFunction,
            P::NotAnObject { .. }
            | P::StatesMissing { .. }
            | P::StatesNotAnObject { .. }
            | P::WorkflowNotAnObject { .. }
            | P::BranchesMissing => Code::InvalidWorkflow,
            P::StateNotAnObject { .. }
            | P::TypeMissing
            | P::TypeNotAString { .. }
            | P::UnknownType { .. } => Code::InvalidState,
            P::ResourceMissing
            | P::ResourceNotAString { .. }
            | P::ResourceOfCloudFormation { .. }
            | P::Resource { .. } => Code::InvalidResource,
            P::RoleArnMissing => Code::InvalidCredentials,
            P::ProcessorMissing | P::UnknownMode | P::ExecutionTypeMissing | P::UnusableLabel => {
                Code::InvalidMap
            }
            P::InlineTransfer { .. } | P::TransferNotAnObject { .. } => Code::InvalidTransfer,
            P::UnknownLanguage
            | P::JsonPathInJsonata
            | P::WrongArguments { .. }
            | P::OtherLanguage { .. } => Code::InvalidLanguage,
            P::UnknownMember { .. } => Code::UnknownMember,
            P::NextAndEnd { .. }
            | P::NeitherNextNorEnd { .. }
            | P::NextNotAString { .. }
            | P::NextMissing
            | P::EndNotABoolean { .. } => Code::InvalidTransition,
            P::ElementNotAnObject { .. }
            | P::ChoicesMissing
            | P::RuleWithoutOperator { .. }
            | P::VariableMissing
            | P::SeveralOperators { .. } => Code::InvalidRule,
            P::LongName { .. } => Code::InvalidState,
            P::GivenTwice { .. } | P::ExcludeEachOther { .. } => Code::DuplicateMember,
            P::NotDynamic | P::NotAPath { .. } | P::NotComputed { .. } => Code::InvalidDynamicMember,
            P::UnreadableCall { .. } | P::UnknownFunction { .. } => Code::InvalidIntrinsic,
            P::LiteralPath { .. } | P::LiteralExpression { .. } | P::BlanksOutside { .. } => {
                Code::LiteralExpression
            }
            P::UnreadableJsonata { .. } | P::UnclosedJsonata { .. } => Code::InvalidJsonata,
            P::StartAtMissing | P::StartAtNowhere { .. } | P::NextNowhere { .. } => Code::MissingState,
            P::Unreachable { .. } => Code::UnreachableState,
            P::NameTaken { .. } => Code::DuplicateStateName,
        }
    }

    fn summary(&self) -> String {
        use DefinitionProblem as P;
        match self {
            P::Instead(instead) => instead.title().to_owned(),
            P::StatesMissing { .. } => "\"States\" is missing".to_owned(),
            P::StatesNotAnObject { .. } => "\"States\" is not an object".to_owned(),
            P::BranchesMissing => "\"Branches\" is missing or empty".to_owned(),
            P::StateNotAnObject { .. } => "The state is not an object".to_owned(),
            P::TypeMissing => "\"Type\" is missing".to_owned(),
            P::TypeNotAString { .. } => "\"Type\" is not a string".to_owned(),
            P::UnknownType { .. } => "Unknown type of state".to_owned(),
            P::ResourceMissing => "\"Resource\" is missing".to_owned(),
            P::ResourceNotAString { .. } | P::ResourceOfCloudFormation { .. } => {
                "\"Resource\" is not a string".to_owned()
            }
            P::RoleArnMissing => "\"RoleArn\" is missing in \"Credentials\"".to_owned(),
            P::ProcessorMissing => "\"ItemProcessor\" is missing".to_owned(),
            P::UnknownMode => "Unknown mode of a Map state".to_owned(),
            P::ExecutionTypeMissing => "\"ExecutionType\" is missing or unknown".to_owned(),
            P::UnusableLabel => "Invalid \"Label\"".to_owned(),
            P::InlineTransfer { key } => format!("\"{key}\" in an inline Map state"),
            P::UnknownLanguage => "Unknown query language".to_owned(),
            P::JsonPathInJsonata => "JSONPath inside a JSONata state machine".to_owned(),
            P::WrongArguments { language, other, .. } => {
                format!("\"{other}\" in a {} state", language.name())
            }
            P::OtherLanguage { language, key } => format!("\"{key}\" in a {} state", language.name()),
            P::NotAPath { key, .. } => format!("\"{key}\" is not a path"),
            P::UnknownMember { name, .. } => format!("Unknown member {}", quoted(name)),
            P::ExcludeEachOther { one, other } => format!("{} and {}", quoted(one), quoted(other)),
            P::NextAndEnd { .. } => "\"Next\" and \"End\"".to_owned(),
            P::NeitherNextNorEnd { .. } => "Neither \"Next\" nor \"End\"".to_owned(),
            P::NextNotAString { key, .. } => format!("\"{key}\" is not a name"),
            P::NextMissing => "\"Next\" is missing".to_owned(),
            P::EndNotABoolean { .. } => "\"End\" is neither true nor false".to_owned(),
            P::ElementNotAnObject { key, .. } => format!("An element of \"{key}\" is not an object"),
            P::ChoicesMissing => "\"Choices\" is missing or empty".to_owned(),
            P::SeveralOperators { .. } => "A rule with several operators".to_owned(),
            P::RuleWithoutOperator { .. } => "A rule without an operator".to_owned(),
            P::VariableMissing => "\"Variable\" is missing".to_owned(),
            P::LongName { .. } => "The name of a state is too long".to_owned(),
            P::GivenTwice { name, .. } => format!("{} is set twice", quoted(name)),
            P::LiteralPath { .. } => "A path that is taken literally".to_owned(),
            P::UnclosedJsonata { .. } => "A JSONata expression that is not closed".to_owned(),
            P::StartAtMissing => "\"StartAt\" is missing".to_owned(),
            P::StartAtNowhere { .. } => "\"StartAt\" does not name a state".to_owned(),
            P::NextNowhere { name } => format!("There is no state {}", quoted(name)),
            P::NameTaken { name, .. } => format!("Duplicate state name {}", quoted(name)),
            _ => self.code().row().title.to_owned(),
        }
    }
}
