//! The rules of a Choice state.

use super::super::problem::DefinitionProblem;
use super::super::{
    Choice, ChoiceRule, Comparison, Json, Object, Operand, Operator, QueryLanguage, Relation, Test, TypeTest,
};
use super::fields::Fields;
use crate::finding::Finding;
use crate::json::Place;

/// The comparisons: the member that has a literal, the one that has a path, and what they mean.
const OPERATORS: &[(&str, Option<&str>, Operator)] = &[
    ("BooleanEquals", Some("BooleanEqualsPath"), Operator::Boolean),
    ("IsBoolean", None, Operator::Is(TypeTest::Boolean)),
    ("IsNull", None, Operator::Is(TypeTest::Null)),
    ("IsNumeric", None, Operator::Is(TypeTest::Numeric)),
    ("IsPresent", None, Operator::Is(TypeTest::Present)),
    ("IsString", None, Operator::Is(TypeTest::String)),
    ("IsTimestamp", None, Operator::Is(TypeTest::Timestamp)),
    ("NumericEquals", Some("NumericEqualsPath"), Operator::Numeric(Relation::Equals)),
    ("NumericGreaterThan", Some("NumericGreaterThanPath"), Operator::Numeric(Relation::Greater)),
    (
        "NumericGreaterThanEquals",
        Some("NumericGreaterThanEqualsPath"),
        Operator::Numeric(Relation::GreaterOrEqual),
    ),
    ("NumericLessThan", Some("NumericLessThanPath"), Operator::Numeric(Relation::Less)),
    ("NumericLessThanEquals", Some("NumericLessThanEqualsPath"), Operator::Numeric(Relation::LessOrEqual)),
    ("StringEquals", Some("StringEqualsPath"), Operator::String(Relation::Equals)),
    ("StringGreaterThan", Some("StringGreaterThanPath"), Operator::String(Relation::Greater)),
    (
        "StringGreaterThanEquals",
        Some("StringGreaterThanEqualsPath"),
        Operator::String(Relation::GreaterOrEqual),
    ),
    ("StringLessThan", Some("StringLessThanPath"), Operator::String(Relation::Less)),
    ("StringLessThanEquals", Some("StringLessThanEqualsPath"), Operator::String(Relation::LessOrEqual)),
    ("StringMatches", None, Operator::StringMatches),
    ("TimestampEquals", Some("TimestampEqualsPath"), Operator::Timestamp(Relation::Equals)),
    ("TimestampGreaterThan", Some("TimestampGreaterThanPath"), Operator::Timestamp(Relation::Greater)),
    (
        "TimestampGreaterThanEquals",
        Some("TimestampGreaterThanEqualsPath"),
        Operator::Timestamp(Relation::GreaterOrEqual),
    ),
    ("TimestampLessThan", Some("TimestampLessThanPath"), Operator::Timestamp(Relation::Less)),
    (
        "TimestampLessThanEquals",
        Some("TimestampLessThanEqualsPath"),
        Operator::Timestamp(Relation::LessOrEqual),
    ),
];

/// The members of a Choice state.
pub(super) fn choice<'a>(fields: &mut Fields<'_, 'a>) -> Choice<'a> {
    const KEY: &str = "Choices";
    let list = Place::Member(fields.place, KEY);
    let mut rules = Vec::new();
    if fields.elements(KEY).is_empty() {
        fields.error_here(&DefinitionProblem::ChoicesMissing);
    }
    for (position, object) in fields.objects(KEY) {
        let place = Place::Element(&list, position);
        let mut inner = Fields::new(object, &place, fields.language);
        inner.also(&["Comment"]);
        let condition = inner.template_of(QueryLanguage::Jsonata, "Condition");
        let test = match condition {
            Some(condition) => Test::Condition(condition),
            None => test(&mut inner),
        };
        rules.push(ChoiceRule {
            position,
            test,
            next: inner.required_successor(),
            assign: inner.template("Assign"),
            output: inner.template_of(QueryLanguage::Jsonata, "Output"),
        });
        fields.add(inner.finish());
    }
    Choice { rules, default: fields.successor("Default") }
}

/// A test of JSONPath, alone or inside of another one.
fn test<'a>(fields: &mut Fields<'_, 'a>) -> Test<'a> {
    check_members(fields);
    let (all, any) = (several(fields, "And"), several(fields, "Or"));
    let not = fields.of(QueryLanguage::JsonPath, "Not");
    let variable = fields.path("Variable");
    let (operator, operand) = comparison(fields).unzip();
    match (all, any, not) {
        (Some(tests), _, _) => return Test::All(tests),
        (_, Some(tests), _) => return Test::Any(tests),
        (_, _, Some(Json::Object(object))) => {
            let place = Place::Member(fields.place, "Not");
            let (test, problems) = inner(object, &place, fields.language);
            fields.add(problems);
            return Test::Not(Box::new(test));
        }
        _ => {}
    }
    match (variable, operator, operand) {
        (Some(variable), Some(operator), Some(operand)) => {
            Test::Comparison(Comparison { variable, operator, operand })
        }
        _ => Test::Unreadable,
    }
}

/// What a rule has beside its operator.
const BESIDE: [&str; 5] = ["Assign", "Comment", "Next", "Output", "Variable"];

/// A rule says one thing: of two operators, only one would count.
fn check_members(fields: &mut Fields<'_, '_>) {
    let has = |key: &&'static str| fields.object.get(key).is_some();
    let combined = ["And", "Or", "Not"].into_iter().filter(has);
    let compared = OPERATORS.iter().flat_map(|(key, path_key, _)| std::iter::once(*key).chain(*path_key));
    let compared: Vec<&'static str> = compared.filter(has).collect();
    let operators: Vec<&'static str> = combined.chain(compared.iter().copied()).collect();
    let problem = match operators.as_slice() {
        // An unknown member is reported as such; it may be an operator that AWS has added since.
        [] if fields.object.iter().any(|(key, _)| !BESIDE.contains(&key.as_ref())) => return,
        [] => DefinitionProblem::RuleWithoutOperator { language: fields.language },
        [_] if compared.len() == 1 && !has(&"Variable") => DefinitionProblem::VariableMissing,
        [operator] if compared.is_empty() && has(&"Variable") => {
            DefinitionProblem::SeveralOperators { names: vec!["Variable", *operator] }
        }
        [_] => return,
        _ => DefinitionProblem::SeveralOperators { names: operators },
    };
    fields.error_here(&problem);
}

/// The tests of `And` or `Or`.
fn several<'a>(fields: &mut Fields<'_, 'a>, key: &'static str) -> Option<Vec<Test<'a>>> {
    fields.of(QueryLanguage::JsonPath, key)?;
    let list = Place::Member(fields.place, key);
    let mut read = Vec::new();
    for (position, object) in fields.objects(key) {
        let (test, problems) = inner(object, &Place::Element(&list, position), fields.language);
        fields.add(problems);
        read.push(test);
    }
    Some(read)
}

/// A test inside of another one.
fn inner<'a>(object: &'a Object<'a>, place: &Place<'_>, language: QueryLanguage) -> (Test<'a>, Vec<Finding>) {
    let mut fields = Fields::new(object, place, language);
    fields.also(&["Comment"]);
    let test = test(&mut fields);
    (test, fields.finish())
}

/// The operator of a comparison, and with what it compares.
fn comparison<'a>(fields: &mut Fields<'_, 'a>) -> Option<(Operator, Operand<'a>)> {
    let mut found = None;
    for (key, path_key, operator) in OPERATORS {
        if let Some(literal) = fields.of(QueryLanguage::JsonPath, key) {
            found = found.or(Some((*operator, Operand::Literal(literal))));
        }
        if let Some(path) = path_key.and_then(|key| fields.path(key)) {
            found = found.or(Some((*operator, Operand::Path(path))));
        }
    }
    found
}
