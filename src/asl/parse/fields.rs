//! An object of a definition while it is read. The members that are read are those that AWS documents; at the
//! end, every other member is reported.

use serde_json::Number;

use super::super::path::Path;
use super::super::problem::DefinitionProblem;
use super::super::template::{Piece, Template};
use super::super::{Destination, Json, Object, QueryLanguage, Selection};
use super::{names, template};
use crate::finding::suggest::alike;
use crate::finding::{Finding, quoted};
use crate::json::Place;

/// An object while it is read.
pub(super) struct Fields<'f, 'a> {
    pub(super) object: &'a Object<'a>,
    pub(super) place: &'f Place<'f>,
    /// The query language of the state that it is part of.
    pub(super) language: QueryLanguage,
    documented: Vec<&'static str>,
    problems: Vec<Finding>,
}

impl<'f, 'a> Fields<'f, 'a> {
    pub(super) fn new(object: &'a Object<'a>, place: &'f Place<'f>, language: QueryLanguage) -> Self {
        Fields { object, place, language, documented: Vec::with_capacity(24), problems: Vec::new() }
    }

    /// Adds a problem at a member.
    pub(super) fn error(&mut self, key: &str, problem: &DefinitionProblem<'_>) {
        self.problems.push(Finding::new(problem, Place::Member(self.place, key).to_string()));
    }

    /// Adds a problem of the object itself.
    pub(super) fn error_here(&mut self, problem: &DefinitionProblem<'_>) {
        self.problems.push(Finding::new(problem, self.place.to_string()));
    }

    /// Adds what was found elsewhere.
    pub(super) fn add(&mut self, problems: impl IntoIterator<Item = Finding>) {
        self.problems.extend(problems);
    }

    /// Members that are documented and have no effect on permissions or messages.
    pub(super) fn also(&mut self, keys: &[&'static str]) {
        self.documented.extend(keys);
    }

    /// A member of both query languages.
    pub(super) fn get(&mut self, key: &'static str) -> Option<&'a Json<'a>> {
        self.documented.push(key);
        self.object.get(key)
    }

    /// A member that one query language has and the other does not.
    pub(super) fn of(&mut self, language: QueryLanguage, key: &'static str) -> Option<&'a Json<'a>> {
        let json = self.get(key)?;
        if self.language == language {
            return Some(json);
        }
        self.error(key, &DefinitionProblem::OtherLanguage { language: self.language, key });
        None
    }

    /// A string.
    pub(super) fn text(&mut self, key: &'static str) -> Option<&'a str> {
        self.get(key).and_then(Json::as_str)
    }

    /// A literal number.
    pub(super) fn number(&mut self, key: &'static str) -> Option<&'a Number> {
        match self.get(key)? {
            Json::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The strings of an array.
    pub(super) fn texts(&mut self, key: &'static str) -> Vec<&'a str> {
        self.elements(key).iter().filter_map(Json::as_str).collect()
    }

    /// The elements of an array, none if the member is missing.
    pub(super) fn elements(&mut self, key: &'static str) -> &'a [Json<'a>] {
        self.get(key).and_then(Json::as_array).unwrap_or_default()
    }

    /// The elements of an array that are objects, with their positions; others are errors.
    pub(super) fn objects(&mut self, key: &'static str) -> Vec<(usize, &'a Object<'a>)> {
        let mut objects = Vec::new();
        for (position, json) in self.elements(key).iter().enumerate() {
            match json.as_object() {
                Some(object) => objects.push((position, object)),
                None => {
                    let list = Place::Member(self.place, key);
                    let problem = DefinitionProblem::ElementNotAnObject { key, found: json.kind() };
                    self.problems.push(Finding::new(&problem, Place::Element(&list, position).to_string()));
                }
            }
        }
        objects
    }

    /// The name of a state.
    pub(super) fn successor(&mut self, key: &'static str) -> Option<&'a str> {
        let json = self.get(key)?;
        if json.as_str().is_none() {
            self.error(key, &DefinitionProblem::NextNotAString { key, found: json.kind() });
        }
        json.as_str()
    }

    /// `Next` where nothing else can lead on.
    pub(super) fn required_successor(&mut self) -> Option<&'a str> {
        if self.object.get("Next").is_none() {
            self.error_here(&DefinitionProblem::NextMissing);
        }
        self.successor("Next")
    }

    /// A payload template of both query languages.
    pub(super) fn template(&mut self, key: &'static str) -> Option<Template<'a>> {
        let json = self.get(key)?;
        Some(self.read(key, json))
    }

    /// A payload template of one query language.
    pub(super) fn template_of(&mut self, language: QueryLanguage, key: &'static str) -> Option<Template<'a>> {
        let json = self.of(language, key)?;
        Some(self.read(key, json))
    }

    fn read(&mut self, key: &str, json: &'a Json<'a>) -> Template<'a> {
        let (template, problems) = template::read(json, &Place::Member(self.place, key), self.language);
        self.problems.extend(problems);
        template
    }

    /// `Parameters` or `Arguments`, whichever the query language has.
    pub(super) fn arguments(&mut self) -> Option<Template<'a>> {
        let (own, other) = arguments_keys(self.language);
        if self.get(other).is_some() {
            self.error(other, &DefinitionProblem::WrongArguments { language: self.language, own, other });
        }
        self.template(own)
    }

    /// Checks that no parameter of a call is given in two spellings.
    pub(super) fn check_spellings(&mut self) {
        let (key, _) = arguments_keys(self.language);
        if let Some(Json::Object(parameters)) = self.object.get(key) {
            self.problems.extend(names::parameters(parameters, &Place::Member(self.place, key)));
        }
    }

    /// Checks that an object does not have both members.
    pub(super) fn exclude_each_other(&mut self, one: &'static str, other: &'static str) {
        if self.object.get(one).is_some() && self.object.get(other).is_some() {
            self.error(other, &DefinitionProblem::ExcludeEachOther { one, other });
        }
    }

    /// A number or a string: a literal in JSONPath, in JSONata perhaps an expression.
    pub(super) fn scalar(&mut self, key: &'static str) -> Option<Template<'a>> {
        let json = self.get(key)?;
        Some(match self.language {
            QueryLanguage::JsonPath => Template { node: Piece::Literal(json.into()) },
            QueryLanguage::Jsonata => self.read(key, json),
        })
    }

    /// The same, for which JSONPath has a second member with a path.
    pub(super) fn scalar_or_path(
        &mut self,
        key: &'static str,
        path_key: &'static str,
    ) -> Option<Template<'a>> {
        let path = self.path(path_key).map(|path| Template { node: Piece::Path(path) });
        if path.is_some() {
            self.exclude_each_other(key, path_key);
        }
        self.scalar(key).or(path)
    }

    /// The same, where an intrinsic function may replace the path.
    pub(super) fn text_or_path(&mut self, key: &'static str, path_key: &'static str) -> Option<Template<'a>> {
        let computed = self.of(QueryLanguage::JsonPath, path_key).map(|json| {
            let (node, problems) = template::computed(json, &Place::Member(self.place, path_key));
            match node {
                Piece::Literal(_) => {
                    let problem = DefinitionProblem::NotComputed { key: path_key, found: found(json) };
                    self.error(path_key, &problem);
                }
                _ => self.problems.extend(problems),
            }
            Template { node }
        });
        if computed.is_some() {
            self.exclude_each_other(key, path_key);
        }
        self.scalar(key).or(computed)
    }

    /// A path, in JSONPath.
    pub(super) fn path(&mut self, key: &'static str) -> Option<Path<'a>> {
        let json = self.of(QueryLanguage::JsonPath, key)?;
        Some(self.read_path(key, json))
    }

    pub(super) fn read_path(&mut self, key: &str, json: &'a Json<'a>) -> Path<'a> {
        match json.as_str() {
            Some(text) if text.starts_with('$') => Path::read(text),
            text => {
                self.error(key, &DefinitionProblem::NotAPath { key, found: found(json) });
                Path { text: text.unwrap_or("the state's input"), reference: None }
            }
        }
    }

    /// `InputPath`, `OutputPath` or `ItemsPath`.
    pub(super) fn selection(&mut self, key: &'static str) -> Selection<'a> {
        match self.of(QueryLanguage::JsonPath, key) {
            None => Selection::Whole,
            Some(Json::Null) => Selection::Nothing,
            Some(json) => Selection::At(self.read_path(key, json)),
        }
    }

    /// `ResultPath`.
    pub(super) fn destination(&mut self) -> Destination<'a> {
        const KEY: &str = "ResultPath";
        match self.of(QueryLanguage::JsonPath, KEY) {
            None => Destination::Whole,
            Some(Json::Null) => Destination::Nowhere,
            Some(json) => Destination::At(self.read_path(KEY, json)),
        }
    }

    /// Everything that is wrong with it, once every member that it may have has been read.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        for (key, _) in self.object.iter() {
            if !self.documented.contains(&key.as_ref()) {
                let similar = alike(key, self.documented.iter().copied());
                let problem = DefinitionProblem::UnknownMember { name: key, similar };
                self.problems.push(Finding::new(&problem, Place::Member(self.place, key).to_string()));
            }
        }
        self.problems
    }

    /// What is wrong with it, if the members that it may have are not known.
    pub(super) fn finish_open(self) -> Vec<Finding> {
        self.problems
    }
}

/// What is there instead of a path.
fn found(json: &Json<'_>) -> String {
    json.as_str().map_or_else(|| json.kind().to_owned(), |text| quoted(text).to_string())
}

/// The member that holds the arguments of a call, and the one that holds them in the other query language.
pub(super) const fn arguments_keys(language: QueryLanguage) -> (&'static str, &'static str) {
    match language {
        QueryLanguage::JsonPath => ("Parameters", "Arguments"),
        QueryLanguage::Jsonata => ("Arguments", "Parameters"),
    }
}
