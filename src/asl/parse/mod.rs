//! From JSON to a state machine, problems collected on the way.

mod choice;
mod data;

use self::data::{arguments, arguments_key};
use super::problem::DefinitionProblem;
use super::state::{
    Distributed, ExecutionType, Kind, Map, Parallel, QueryLanguage, State, StateMachine, Task, Template,
    Transfer, Workflow,
};
use super::{Integration, Json, Object, Resource, escape_pointer};
use super::{check, members};
use crate::finding::{Finding, Place};

/// Reads a definition. What cannot be read is left out and reported; the machine holds the rest.
#[must_use]
pub fn parse<'a>(document: &'a Json<'a>) -> (StateMachine<'a>, Vec<Finding>) {
    let mut reader = Reader { problems: Vec::new(), size: 0, fixed: None };
    let workflow = match document {
        Json::Object(object) => {
            let language = reader.language(object, "").unwrap_or(QueryLanguage::JsonPath);
            reader.fixed = (language == QueryLanguage::Jsonata).then_some(language);
            reader.workflow(object, String::new(), language)
        }
        other => {
            reader.error("", &DefinitionProblem::NotAnObject { found: other.kind() });
            Workflow { pointer: String::new(), start_at: "", states: Vec::new() }
        }
    };
    let machine = StateMachine { workflow, size: reader.size };
    check::names(&machine, &mut reader.problems);
    reader.problems.sort();
    reader.problems.dedup();
    (machine, reader.problems)
}

struct Reader {
    problems: Vec<Finding>,
    size: usize,
    /// JSONata at the top level is binding for all states.
    fixed: Option<QueryLanguage>,
}

impl Reader {
    fn error(&mut self, pointer: impl Into<Place>, problem: &DefinitionProblem<'_>) {
        self.problems.push(Finding::new(problem, pointer));
    }

    fn workflow<'a>(
        &mut self,
        object: &'a Object<'a>,
        pointer: String,
        language: QueryLanguage,
    ) -> Workflow<'a> {
        members::workflow(object, &pointer, &mut self.problems);
        let start_at = object.get("StartAt").and_then(Json::as_str).unwrap_or_default();
        let mut states = Vec::new();
        match object.get("States") {
            Some(Json::Object(members)) => {
                for (name, json) in members.iter() {
                    let pointer = format!("{pointer}/States/{}", escape_pointer(name));
                    states.extend(self.state(name, json, pointer, language));
                }
            }
            Some(other) => self.error(
                format!("{pointer}/States"),
                &DefinitionProblem::StatesNotAnObject { found: other.kind() },
            ),
            None => self.error(pointer.as_str(), &DefinitionProblem::StatesMissing),
        }
        let workflow = Workflow { pointer, start_at, states };
        check::reachability(&workflow, &mut self.problems);
        workflow
    }

    fn state<'a>(
        &mut self,
        name: &'a str,
        json: &'a Json<'a>,
        pointer: String,
        around: QueryLanguage,
    ) -> Option<State<'a>> {
        let Json::Object(members) = json else {
            self.error(pointer, &DefinitionProblem::StateNotAnObject { found: json.kind() });
            return None;
        };
        let language = self.language(members, &pointer).unwrap_or(around);
        let id = self.size;
        self.size += 1;
        check::members(members, &pointer, language, &mut self.problems);
        members::state(name, members, &pointer, &mut self.problems);
        let kind = self.kind(members, &pointer, language, around)?;
        Some(State {
            id,
            name,
            pointer,
            language,
            processing: data::processing(members, language),
            assign: data::template(members, "Assign", language),
            transition: data::transition(&kind, members),
            catchers: data::catchers(members, language),
            kind,
        })
    }

    fn kind<'a>(
        &mut self,
        members: &'a Object<'a>,
        pointer: &str,
        language: QueryLanguage,
        around: QueryLanguage,
    ) -> Option<Kind<'a>> {
        match members.get("Type") {
            Some(Json::String(name)) => match name.as_ref() {
                "Task" => self.task(members, pointer, language).map(|task| Kind::Task(Box::new(task))),
                "Map" => self.map(members, pointer, language, around).map(|map| Kind::Map(Box::new(map))),
                "Parallel" => {
                    let branches = self.branches(members, pointer, around);
                    Some(Kind::Parallel(Parallel { branches, arguments: arguments(members, language) }))
                }
                "Pass" => Some(Kind::Pass(data::pass(members, language))),
                "Choice" => Some(Kind::Choice(choice::choice(members, language))),
                "Wait" => Some(Kind::Wait),
                "Succeed" => Some(Kind::Succeed),
                "Fail" => Some(Kind::Fail),
                name => {
                    self.error(format!("{pointer}/Type"), &DefinitionProblem::UnknownType { name });
                    None
                }
            },
            Some(other) => {
                let problem = DefinitionProblem::TypeNotAString { found: other.kind() };
                self.error(format!("{pointer}/Type"), &problem);
                None
            }
            None => {
                self.error(pointer, &DefinitionProblem::TypeMissing);
                None
            }
        }
    }

    fn task<'a>(
        &mut self,
        members: &'a Object<'a>,
        pointer: &str,
        language: QueryLanguage,
    ) -> Option<Task<'a>> {
        let resource = self.resource(members, pointer)?;
        let credentials = match members.get("Credentials") {
            None => None,
            Some(json) => {
                let role = match json {
                    Json::Object(object) => {
                        object.get("RoleArn").or_else(|| object.get("RoleArn.$")).is_some()
                    }
                    Json::String(_) => language == QueryLanguage::Jsonata,
                    _ => false,
                };
                if !role {
                    self.error(format!("{pointer}/Credentials"), &DefinitionProblem::RoleArnMissing);
                }
                Some(Template { json: Some(json), language })
            }
        };
        let arguments = arguments(members, language);
        let is_call = !matches!(resource.integration, Integration::Function | Integration::Activity);
        if let Some(parameters) = arguments.json.and_then(Json::as_object).filter(|_| is_call) {
            let place = format!("{pointer}/{}", arguments_key(language));
            members::parameters(parameters, &place, &mut self.problems);
        }
        Some(Task { resource, arguments, credentials })
    }

    fn resource<'a>(&mut self, members: &'a Object<'a>, pointer: &str) -> Option<Resource<'a>> {
        match members.get("Resource") {
            Some(Json::String(arn)) => match Resource::read(arn) {
                Ok(resource) => Some(resource),
                Err(error) => {
                    self.error(format!("{pointer}/Resource"), &DefinitionProblem::Resource { arn, error });
                    None
                }
            },
            Some(other) => {
                let problem = DefinitionProblem::ResourceNotAString { found: other.kind() };
                self.error(format!("{pointer}/Resource"), &problem);
                None
            }
            None => {
                self.error(pointer, &DefinitionProblem::ResourceMissing);
                None
            }
        }
    }

    fn branches<'a>(
        &mut self,
        members: &'a Object<'a>,
        pointer: &str,
        language: QueryLanguage,
    ) -> Vec<Workflow<'a>> {
        let place = format!("{pointer}/Branches");
        match members.get("Branches") {
            Some(Json::Array(branches)) if !branches.is_empty() => {
                let mut workflows = Vec::new();
                for (index, branch) in branches.iter().enumerate() {
                    workflows.extend(self.nested(branch, format!("{place}/{index}"), language));
                }
                workflows
            }
            _ => {
                self.error(place, &DefinitionProblem::BranchesMissing);
                Vec::new()
            }
        }
    }

    fn nested<'a>(
        &mut self,
        json: &'a Json<'a>,
        pointer: String,
        around: QueryLanguage,
    ) -> Option<Workflow<'a>> {
        match json {
            Json::Object(object) => {
                let language = self.language(object, &pointer).unwrap_or(around);
                Some(self.workflow(object, pointer, language))
            }
            other => {
                self.error(pointer, &DefinitionProblem::WorkflowNotAnObject { found: other.kind() });
                None
            }
        }
    }

    fn map<'a>(
        &mut self,
        members: &'a Object<'a>,
        pointer: &str,
        language: QueryLanguage,
        around: QueryLanguage,
    ) -> Option<Map<'a>> {
        let found = ["ItemProcessor", "Iterator"].into_iter().find_map(|key| Some((key, members.get(key)?)));
        let Some((key, json)) = found else {
            self.error(pointer, &DefinitionProblem::ProcessorMissing);
            return None;
        };
        let processor = self.nested(json, format!("{pointer}/{key}"), around)?;
        let config =
            json.as_object().and_then(|object| object.get("ProcessorConfig")).and_then(Json::as_object);
        let place = format!("{pointer}/{key}/ProcessorConfig");
        let distributed = match config.and_then(|config| config.get("Mode")).map(|mode| (mode, mode.as_str()))
        {
            None | Some((_, Some("INLINE"))) => {
                self.only_distributed(members, pointer);
                None
            }
            Some((_, Some("DISTRIBUTED"))) => {
                Some(self.distributed(members, pointer, config, &place, language))
            }
            Some(_) => {
                self.error(format!("{place}/Mode"), &DefinitionProblem::UnknownMode);
                None
            }
        };
        Some(Map {
            processor,
            items: data::items(members, language),
            selector: data::selector(members, language),
            batcher: data::batcher(members, language),
            distributed,
        })
    }

    /// Readers and writers belong to Distributed mode. Their permissions would be missing without a word.
    fn only_distributed(&mut self, members: &Object<'_>, pointer: &str) {
        for key in ["ItemReader", "ResultWriter"] {
            if members.get(key).is_some() {
                self.error(format!("{pointer}/{key}"), &DefinitionProblem::InlineTransfer { key });
            }
        }
    }

    fn distributed<'a>(
        &mut self,
        members: &'a Object<'a>,
        pointer: &str,
        config: Option<&'a Object<'a>>,
        place: &str,
        language: QueryLanguage,
    ) -> Distributed<'a> {
        let execution_type =
            match config.and_then(|config| config.get("ExecutionType")).and_then(Json::as_str) {
                Some("STANDARD") => ExecutionType::Standard,
                Some("EXPRESS") => ExecutionType::Express,
                _ => {
                    self.error(place, &DefinitionProblem::ExecutionTypeMissing);
                    ExecutionType::Standard
                }
            };
        let label = members.get("Label").and_then(Json::as_str);
        if members.get("Label").is_some() && label.is_none_or(str::is_empty) {
            self.error(format!("{pointer}/Label"), &DefinitionProblem::UnusableLabel);
        }
        let reader = self.transfer(members, pointer, "ItemReader", "ReaderConfig", language);
        let writer = self.transfer(members, pointer, "ResultWriter", "WriterConfig", language);
        Distributed { execution_type, label, reader, writer }
    }

    fn transfer<'a>(
        &mut self,
        members: &'a Object<'a>,
        pointer: &str,
        key: &str,
        config: &str,
        language: QueryLanguage,
    ) -> Option<Transfer<'a>> {
        let place = format!("{pointer}/{key}");
        let object = match members.get(key)? {
            Json::Object(object) => object,
            other => {
                self.error(place, &DefinitionProblem::TransferNotAnObject { key, found: other.kind() });
                return None;
            }
        };
        // A writer without a Resource only shapes the output of the state.
        if key == "ResultWriter" && object.get("Resource").is_none() {
            return None;
        }
        check::members(object, &place, language, &mut self.problems);
        let resource = self.resource(object, &place)?;
        let config = object.get(config).map(|json| Template { json: Some(json), language });
        Some(Transfer { pointer: place, resource, arguments: arguments(object, language), config })
    }

    /// The language that an object asks for, if it asks.
    fn language(&mut self, object: &Object<'_>, pointer: &str) -> Option<QueryLanguage> {
        let json = object.get("QueryLanguage")?;
        let language = match json.as_str() {
            Some("JSONPath") => QueryLanguage::JsonPath,
            Some("JSONata") => QueryLanguage::Jsonata,
            _ => {
                self.error(format!("{pointer}/QueryLanguage"), &DefinitionProblem::UnknownLanguage);
                return None;
            }
        };
        if language == QueryLanguage::JsonPath && self.fixed == Some(QueryLanguage::Jsonata) {
            self.error(format!("{pointer}/QueryLanguage"), &DefinitionProblem::JsonPathInJsonata);
        }
        Some(language)
    }
}
