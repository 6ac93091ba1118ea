//! The rules of a Choice state.

use super::super::path::Path;
use super::super::{
    Choice, ChoiceRule, Comparison, Json, Object, Operand, Operator, QueryLanguage, Relation, Test, TypeTest,
};
use super::data::{name, template};

/// The members of a Choice state.
pub(super) fn choice<'a>(members: &'a Object<'a>, language: QueryLanguage) -> Choice<'a> {
    let rules = members.get("Choices").and_then(Json::as_array).unwrap_or_default();
    let rules = rules.iter().enumerate().filter_map(|(position, rule)| {
        let rule = rule.as_object()?;
        Some(ChoiceRule {
            position,
            test: test(rule, language),
            next: name(rule, "Next"),
            assign: template(rule, "Assign", language),
            output: match language {
                QueryLanguage::JsonPath => None,
                QueryLanguage::Jsonata => template(rule, "Output", language),
            },
        })
    });
    Choice { rules: rules.collect(), default: name(members, "Default") }
}

fn test<'a>(rule: &'a Object<'a>, language: QueryLanguage) -> Test<'a> {
    match language {
        QueryLanguage::JsonPath => compound(rule),
        QueryLanguage::Jsonata => {
            template(rule, "Condition", language).map_or(Test::Unreadable, Test::Condition)
        }
    }
}

/// A test of JSONPath, alone or inside of another one.
fn compound<'a>(rule: &'a Object<'a>) -> Test<'a> {
    let inner = |json: &'a Json<'a>| json.as_object().map_or(Test::Unreadable, compound);
    match (rule.get("And"), rule.get("Or"), rule.get("Not")) {
        (Some(Json::Array(tests)), _, _) => Test::All(tests.iter().map(inner).collect()),
        (_, Some(Json::Array(tests)), _) => Test::Any(tests.iter().map(inner).collect()),
        (_, _, Some(test @ Json::Object(_))) => Test::Not(Box::new(inner(test))),
        _ => comparison(rule).map_or(Test::Unreadable, Test::Comparison),
    }
}

fn comparison<'a>(rule: &'a Object<'a>) -> Option<Comparison<'a>> {
    let variable = Path::read(rule.get("Variable")?.as_str()?);
    let (operator, operand) = rule.iter().find_map(|(key, operand)| {
        if let Some(operator) = operator(key) {
            return Some((operator, Operand::Literal(operand)));
        }
        let operator = key.strip_suffix("Path").and_then(operator)?;
        let has_path = !matches!(operator, Operator::Is(_) | Operator::StringMatches);
        Some((operator, Operand::Path(Path::read(operand.as_str().filter(|_| has_path)?))))
    })?;
    Some(Comparison { variable, operator, operand })
}

/// The operator of that name.
fn operator(name: &str) -> Option<Operator> {
    let relation = |name: &str| {
        Some(match name {
            "Equals" => Relation::Equals,
            "LessThan" => Relation::Less,
            "LessThanEquals" => Relation::LessOrEqual,
            "GreaterThan" => Relation::Greater,
            "GreaterThanEquals" => Relation::GreaterOrEqual,
            _ => return None,
        })
    };
    Some(match name {
        "BooleanEquals" => Operator::Boolean,
        "StringMatches" => Operator::StringMatches,
        "IsBoolean" => Operator::Is(TypeTest::Boolean),
        "IsNull" => Operator::Is(TypeTest::Null),
        "IsNumeric" => Operator::Is(TypeTest::Numeric),
        "IsPresent" => Operator::Is(TypeTest::Present),
        "IsString" => Operator::Is(TypeTest::String),
        "IsTimestamp" => Operator::Is(TypeTest::Timestamp),
        _ => {
            let of = |kind: &str| name.strip_prefix(kind).and_then(relation);
            return of("String")
                .map(Operator::String)
                .or_else(|| of("Numeric").map(Operator::Numeric))
                .or_else(|| of("Timestamp").map(Operator::Timestamp));
        }
    })
}
