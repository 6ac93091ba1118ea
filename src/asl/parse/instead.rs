//! What people pass instead of the definition of a state machine, and what to pass.

use super::super::{Json, Object};
use super::state_type::StateType;
use crate::finding::{listed_quoted, quoted};

/// What was passed instead of a definition: a sentence that says what it is, and one that says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Instead {
    /// The name of a file.
    #[error(
        "The definition is {}, which looks like the name of a file. Pass the text of the file: {}.",
        quoted(name),
        reading(name)
    )]
    FileName {
        /// As it was given.
        name: String,
    },
    /// An ARN.
    #[error(
        "The definition is {}, which is an ARN. Pass the text of the definition in Amazon States Language.",
        quoted(arn)
    )]
    Arn {
        /// As it was given.
        arn: String,
    },
    /// Text in base64.
    #[error("The definition looks like text in base64. Pass base64decode(…) of it.")]
    Base64,
    /// Text in a JSON string.
    #[error(
        "The definition is text in a JSON string, so it was encoded twice. Pass the text itself, without jsonencode."
    )]
    EncodedTwice,
    /// The output of a command of AWS.
    #[error(
        "This is what \"aws stepfunctions describe-state-machine\" prints. Pass the text in its member \"definition\": jsondecode(file(\"machine.json\")).definition, with the \
         name of your file."
    )]
    Description,
    /// A state machine in a member, as text.
    #[error(
        "The state machine is in the member {}, as text. Pass that text: jsondecode(file(\"machine.json\")).{member}, with the name of your file.",
        quoted(member)
    )]
    TextIn {
        /// The key of the member.
        member: String,
    },
    /// A state machine in a member.
    #[error(
        "The state machine is in the member {}. Pass that member alone: jsonencode(jsondecode(file(\"machine.json\")).{member}), with the name of your file.",
        quoted(member)
    )]
    ObjectIn {
        /// The key of the member.
        member: String,
    },
    /// A template of CloudFormation or SAM.
    #[error("This is a template of {}. {}", if *is_sam { "AWS SAM" } else { "AWS CloudFormation" }, of_template(definitions.as_deref()))]
    Template {
        /// Whether it has the transform of AWS SAM.
        is_sam: bool,
        /// Where the definitions of its state machines are; `None` if it cannot be read that far.
        definitions: Option<Vec<String>>,
    },
    /// A file of the Serverless Framework.
    #[error(
        "This is the configuration of the Serverless Framework. {}",
        if machines.is_empty() {
            "It has no state machine. Pass the definition of a state machine in Amazon States Language.".to_owned()
        } else {
            format!(
                "Pass the \"definition\" of one of its state machines, {}: jsonencode(yamldecode(file(\"serverless.yml\")).stepFunctions.stateMachines.NAME.definition).",
                listed_quoted(machines)
            )
        }
    )]
    Serverless {
        /// The names of its state machines.
        machines: Vec<String>,
    },
    /// A policy.
    #[error(
        "This is a policy document of IAM. Pass the definition of the state machine, from which the policy is generated. The function \"compare\" compares a policy with what \
         state machines need."
    )]
    Policy,
    /// A plan.
    #[error(
        "This is a plan of Terraform or OpenTofu. Pass the definition of a state machine. The command \"check\" reads plans."
    )]
    Plan,
    /// A state of Terraform, which is not what a definition has.
    #[error(
        "This is a state of Terraform or OpenTofu, not a plan. Pass the definition of a state machine. The command \"check\" reads plans: \"terraform show -json\" prints one if it \
         is given the name of a plan file."
    )]
    TerraformState,
    /// A function of CloudFormation.
    #[error(
        "This is {}, a function of AWS CloudFormation, which is not evaluated here. Pass the text of the definition, with the values of its ${{Token}}s in \
         \"definition_substitutions\".",
        quoted(name)
    )]
    Call {
        /// Its name.
        name: String,
    },
    /// States without the object around them.
    #[error(
        "These are states without the surrounding state machine. Write {{\"StartAt\": \"NAME\", \"States\": {{…}}}}, with the name of the first state."
    )]
    States,
    /// A state alone.
    #[error(
        "This is a single state. Write {{\"StartAt\": \"NAME\", \"States\": {{\"NAME\": {{…}}}}}} around it."
    )]
    State,
}

/// How Terraform reads a file of that name.
fn reading(name: &str) -> String {
    let path = name.replace('\\', "/");
    let ending = ending(name);
    match ending.as_str() {
        "yaml" | "yml" => format!("jsonencode(yamldecode(file({})))", quoted(&path)),
        "tpl" | "tftpl" => format!("templatefile({}, {{…}})", quoted(&path)),
        _ => format!("file({})", quoted(&path)),
    }
}

fn of_template(definitions: Option<&[String]>) -> String {
    match definitions {
        None => "Pass the definition of one of its state machines, or the text of the file that it names."
            .to_owned(),
        Some([]) => {
            "It has no state machine. Pass the definition of a state machine in Amazon States Language."
                .to_owned()
        }
        Some(definitions) => format!(
            "Pass the definition of one of its state machines, or the text of the file that it names: {}.",
            listed_quoted(definitions)
        ),
    }
}

/// What follows the last dot, in lower case.
fn ending(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
}

impl Instead {
    /// What it is: short, without a full stop.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self {
            Instead::FileName { .. } => "A file name instead of the definition",
            Instead::Arn { .. } => "An ARN instead of the definition",
            Instead::Base64 => "The definition is base64",
            Instead::EncodedTwice => "The definition is encoded twice",
            Instead::Description | Instead::TextIn { .. } | Instead::ObjectIn { .. } => {
                "The definition is in a member"
            }
            Instead::Template { .. } => "A template instead of the definition",
            Instead::Serverless { .. } => "A configuration instead of the definition",
            Instead::Policy => "A policy instead of the definition",
            Instead::Plan => "A plan instead of the definition",
            Instead::TerraformState => "A state of Terraform instead of the definition",
            Instead::Call { .. } => "A function of CloudFormation instead of the definition",
            Instead::States | Instead::State => "States without a state machine",
        }
    }

    /// What a text is that is not JSON; `None` if it is merely malformed JSON.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Instead> {
        let text = text.trim();
        if text.contains(['\n', '{', '[', '"']) {
            return None;
        }
        if text.starts_with("arn:") {
            return Some(Instead::Arn { arn: text.to_owned() });
        }
        let is_encoded = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte));
        // The beginning of base64 text that encodes `{` and what may follow it.
        if is_encoded && text.len() > 20 && ["ey", "ew"].iter().any(|start| text.starts_with(start)) {
            return Some(Instead::Base64);
        }
        let known = ["json", "yaml", "yml", "asl", "tpl", "tftpl", "txt"];
        let is_path = ["./", "../", "/", "~/", ".\\", "..\\"].iter().any(|start| text.starts_with(start));
        (is_path || known.contains(&ending(text).as_str()))
            .then(|| Instead::FileName { name: text.to_owned() })
    }

    /// What a document in JSON is that is not an object with `States`.
    #[must_use]
    pub fn of_json(json: &Json<'_>) -> Option<Instead> {
        match json {
            Json::Object(object) => of_object(object),
            Json::String(text) if text.trim_start().starts_with('{') => Some(Instead::EncodedTwice),
            Json::String(text) => Instead::of_text(text),
            _ => None,
        }
    }
}

fn of_object(object: &Object<'_>) -> Option<Instead> {
    let has = |key: &str| object.get(key).is_some();
    if has("States") {
        return None;
    }
    if let Some(name) = call_of_cloudformation(object) {
        return Some(Instead::Call { name: name.to_owned() });
    }
    let resources = object.get("Resources").and_then(Json::as_object);
    if has("AWSTemplateFormatVersion") || has("Transform") || resources.is_some_and(has_types) {
        return Some(template(object, resources));
    }
    if has("stepFunctions") || has("service") && (has("provider") || has("functions")) {
        let machines = object.get("stepFunctions").and_then(Json::as_object);
        let machines = machines.and_then(|all| all.get("stateMachines")).and_then(Json::as_object);
        let machines = machines.map(|all| all.iter().map(|(name, _)| name.to_string()).collect());
        return Some(Instead::Serverless { machines: machines.unwrap_or_default() });
    }
    if let Some((member, json)) = object.iter().find(|(_, json)| is_machine(json)) {
        let member = member.to_string();
        return Some(match json {
            Json::String(_) if has("stateMachineArn") => Instead::Description,
            Json::String(_) => Instead::TextIn { member },
            _ => Instead::ObjectIn { member },
        });
    }
    if has("Statement") {
        return Some(Instead::Policy);
    }
    if has("format_version") && (has("planned_values") || has("terraform_version") || has("values")) {
        return Some(if has("values") && !has("planned_values") {
            Instead::TerraformState
        } else {
            Instead::Plan
        });
    }
    if is_state(object) {
        return Some(Instead::State);
    }
    let mut members = object.iter().map(|(_, json)| json.as_object());
    let are_states = members.len() > 0 && members.all(|one| one.is_some_and(is_state));
    are_states.then_some(Instead::States)
}

/// The name of the function, if an object is a call of one of CloudFormation.
pub(super) fn call_of_cloudformation<'o>(object: &'o Object<'_>) -> Option<&'o str> {
    let mut members = object.iter();
    match (members.next(), members.next()) {
        (Some((key, _)), None) => Some(key.as_ref()).filter(|key| key.starts_with("Fn::") || *key == "Ref"),
        _ => None,
    }
}

/// Whether an object is a reference to something of a CloudFormation template, by its name there.
pub(super) fn is_reference(object: &Object<'_>) -> bool {
    let name = object.get("Ref").and_then(Json::as_str).unwrap_or_default();
    let is_name = name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.strip_prefix("AWS::").unwrap_or(name).bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_name && call_of_cloudformation(object).is_some()
}

/// Whether a value is a state machine, or the text of one.
fn is_machine(json: &Json<'_>) -> bool {
    match json {
        Json::Object(object) => object.get("States").is_some_and(|states| states.as_object().is_some()),
        Json::String(text) => text.trim_start().starts_with('{') && text.contains("\"States\""),
        _ => false,
    }
}

fn is_state(object: &Object<'_>) -> bool {
    object.get("Type").and_then(Json::as_str).is_some_and(|name| StateType::of(name).is_some())
}

fn type_of<'j>(resource: &'j Json<'_>) -> &'j str {
    resource.as_object().and_then(|object| object.get("Type")).and_then(Json::as_str).unwrap_or_default()
}

fn has_types(resources: &Object<'_>) -> bool {
    resources.iter().any(|(_, resource)| type_of(resource).starts_with("AWS::"))
}

fn template(object: &Object<'_>, resources: Option<&Object<'_>>) -> Instead {
    const MACHINES: [&str; 2] = ["AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"];
    const DEFINITIONS: [&str; 4] =
        ["Definition", "DefinitionString", "DefinitionUri", "DefinitionS3Location"];

    let serverless = |json: &Json<'_>| json.as_str().is_some_and(|name| name.starts_with("AWS::Serverless"));
    let transform = object.get("Transform");
    let is_sam = transform
        .is_some_and(|one| serverless(one) || one.as_array().is_some_and(|all| all.iter().any(serverless)))
        || resources
            .is_some_and(|all| all.iter().any(|(_, one)| type_of(one).starts_with("AWS::Serverless")));
    let machines = resources.into_iter().flat_map(Object::iter);
    let machines = machines.filter(|(_, resource)| MACHINES.contains(&type_of(resource)));
    let definitions = machines.filter_map(|(name, resource)| {
        let properties = resource.as_object()?.get("Properties")?.as_object()?;
        let member = DEFINITIONS.iter().find(|member| properties.get(member).is_some())?;
        Some(format!("Resources.{name}.Properties.{member}"))
    });
    Instead::Template { is_sam, definitions: Some(definitions.collect()) }
}
