//! From JSON to a state machine, problems collected on the way.

mod choice;
mod data;
mod fields;
pub(super) mod instead;
pub(super) mod locate;
pub(super) mod map;
mod names;
mod pending;
mod state_type;
mod task;
mod template;

pub use instead::Instead;
pub use pending::{Marked, mark};

use self::fields::Fields;
use self::state_type::StateType;
use super::check;
use super::problem::DefinitionProblem;
use super::state::{
    Kind, Leads, Parallel, Processing, QueryLanguage, State, StateMachine, Transition, Workflow,
};
use super::{Json, Object, escape_pointer};
use crate::finding::{Code, Finding, order};
use crate::json::Place;
use crate::work::Work;

/// Reads a definition. What cannot be read is reported, and such a state is [`Kind::Unreadable`]; the machine
/// contains the rest.
#[must_use]
pub fn parse<'a>(document: &'a Json<'a>) -> (StateMachine<'a>, Vec<Finding>) {
    parse_within(document, &Work::default())
}

/// The same, counted. If the caller no longer waits for it, the result means nothing.
#[must_use]
pub fn parse_within<'a>(document: &'a Json<'a>, work: &Work) -> (StateMachine<'a>, Vec<Finding>) {
    let mut reader = Reader { problems: Vec::new(), size: 0, fixed: None, work };
    if let Some(instead) = Instead::of_json(document) {
        reader.error("", &DefinitionProblem::Instead(instead));
        let workflow = Workflow { pointer: String::new(), start_at: "", states: Vec::new() };
        return (StateMachine { workflow, size: 0 }, reader.problems);
    }
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
    order(&mut reader.problems, reader.work);
    (machine, reader.problems)
}

struct Reader<'w> {
    work: &'w Work,
    problems: Vec<Finding>,
    size: usize,
    /// JSONata at the top level is binding for all states.
    fixed: Option<QueryLanguage>,
}

/// How many members it has.
fn members(json: &Json<'_>) -> usize {
    json.as_object().map_or(0, |object| object.iter().len())
}

/// Whether a state may lead elsewhere once the problem is fixed.
fn misleads(problem: &Finding) -> bool {
    matches!(problem.code, Code::InvalidTransition | Code::UnknownMember)
}

impl Reader<'_> {
    fn error(&mut self, pointer: &str, problem: &DefinitionProblem<'_>) {
        self.problems.push(Finding::new(problem, pointer));
    }

    fn workflow<'a>(
        &mut self,
        object: &'a Object<'a>,
        pointer: String,
        language: QueryLanguage,
    ) -> Workflow<'a> {
        let place = Place::At(&pointer);
        let mut fields = Fields::new(object, &place, language);
        fields.also(&["Comment", "QueryLanguage", "TimeoutSeconds", "Version"]);
        let start_at = fields.text("StartAt").unwrap_or_default();
        let mut states = Vec::with_capacity(fields.object.get("States").map_or(0, members));
        let before = self.problems.len();
        let has_states = matches!(fields.get("States"), Some(Json::Object(_)));
        match fields.get("States") {
            Some(Json::Object(members)) => {
                for (name, json) in members.iter().take_while(|_| self.work.count(1).is_ok()) {
                    let pointer = [&pointer, "/States/", &escape_pointer(name)].concat();
                    states.push(self.state(name, json, pointer, language));
                }
            }
            Some(other) => {
                fields.error("States", &DefinitionProblem::StatesNotAnObject { found: other.kind() });
            }
            None => {
                let mut keys = object.iter().map(|(key, _)| key.as_ref());
                let alike = keys.find(|key: &&str| key.eq_ignore_ascii_case("States"));
                fields.error_here(&DefinitionProblem::StatesMissing { alike });
            }
        }
        map::processor_config(&mut fields);
        let is_misled = self.problems.iter().skip(before).any(misleads);
        self.problems.extend(fields.finish());
        let workflow = Workflow { pointer, start_at, states };
        if has_states {
            check::reachability(&workflow, is_misled, &mut self.problems);
        }
        workflow
    }

    fn state<'a>(
        &mut self,
        name: &'a str,
        json: &'a Json<'a>,
        pointer: String,
        around: QueryLanguage,
    ) -> State<'a> {
        let id = self.size;
        self.size += 1;
        let Json::Object(object) = json else {
            self.error(&pointer, &DefinitionProblem::StateNotAnObject { found: json.kind() });
            return unreadable(id, name, pointer, around);
        };
        let language = self.language(object, &pointer).unwrap_or(around);
        let place = Place::At(&pointer);
        let mut fields = Fields::new(object, &place, language);
        fields.also(&["Comment", "QueryLanguage"]);
        fields.add(names::name(name, &pointer));
        let kind = fields.get("Type");
        let Some(name_of_type) = kind.and_then(Json::as_str) else {
            match kind {
                Some(other) => {
                    fields.error("Type", &DefinitionProblem::TypeNotAString { found: other.kind() });
                }
                None => fields.error_here(&DefinitionProblem::TypeMissing),
            }
            self.problems.extend(fields.finish_open());
            return unreadable(id, name, pointer, language);
        };
        let Some(title) = StateType::of(name_of_type) else {
            fields.error("Type", &DefinitionProblem::UnknownType { name: name_of_type });
            self.problems.extend(fields.finish_open());
            return unreadable(id, name, pointer, language);
        };
        let kind = self.kind(title, &mut fields, &pointer, around);
        let (processing, assign) = (data::processing(title, &mut fields), data::assign(title, &mut fields));
        let (catchers, retriers) = (data::catchers(title, &mut fields), data::retriers(title, &mut fields));
        let transition = data::transition(title, name, &mut fields);
        self.problems.extend(fields.finish());
        let kind = kind.unwrap_or(Kind::Unreadable { leads: Leads::Known });
        State { id, name, pointer, language, processing, assign, transition, catchers, retriers, kind }
    }

    fn kind<'a>(
        &mut self,
        title: StateType,
        fields: &mut Fields<'_, 'a>,
        pointer: &str,
        around: QueryLanguage,
    ) -> Option<Kind<'a>> {
        Some(match title {
            StateType::Task => Kind::Task(Box::new(task::task(fields)?)),
            StateType::Map => Kind::Map(Box::new(self.map(fields, pointer, around)?)),
            StateType::Parallel => {
                let branches = self.branches(fields, pointer, around);
                Kind::Parallel(Parallel { branches, arguments: fields.arguments() })
            }
            StateType::Pass => Kind::Pass(data::pass(fields)),
            StateType::Choice => Kind::Choice(choice::choice(fields)),
            StateType::Wait => Kind::Wait(data::wait(fields)),
            StateType::Succeed => Kind::Succeed,
            StateType::Fail => Kind::Fail(data::fail(fields)),
        })
    }

    fn branches<'a>(
        &mut self,
        fields: &mut Fields<'_, 'a>,
        pointer: &str,
        around: QueryLanguage,
    ) -> Vec<Workflow<'a>> {
        let branches = fields.elements("Branches");
        if branches.is_empty() {
            fields.error("Branches", &DefinitionProblem::BranchesMissing);
        }
        let branches = branches.iter().enumerate();
        branches
            .filter_map(|(index, branch)| self.nested(branch, format!("{pointer}/Branches/{index}"), around))
            .collect()
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
                self.error(&pointer, &DefinitionProblem::WorkflowNotAnObject { found: other.kind() });
                None
            }
        }
    }

    /// The language that an object sets, if it does.
    fn language(&mut self, object: &Object<'_>, pointer: &str) -> Option<QueryLanguage> {
        let language = match object.get("QueryLanguage")?.as_str() {
            Some("JSONPath") => QueryLanguage::JsonPath,
            Some("JSONata") => QueryLanguage::Jsonata,
            _ => {
                self.error(&format!("{pointer}/QueryLanguage"), &DefinitionProblem::UnknownLanguage);
                return None;
            }
        };
        if language == QueryLanguage::JsonPath && self.fixed == Some(QueryLanguage::Jsonata) {
            self.error(&format!("{pointer}/QueryLanguage"), &DefinitionProblem::JsonPathInJsonata);
        }
        Some(language)
    }
}

/// A state whose type is not known: which members it may have is not known either.
fn unreadable(id: usize, name: &str, pointer: String, language: QueryLanguage) -> State<'_> {
    State {
        id,
        name,
        pointer,
        language,
        processing: Processing::Jsonata { output: None },
        assign: None,
        transition: Transition::End,
        catchers: Vec::new(),
        retriers: Vec::new(),
        kind: Kind::Unreadable { leads: Leads::Anywhere },
    }
}
