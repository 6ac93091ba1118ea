//! The rows in words, for the guide and for the command line.

use super::{Body, ConditionRule, GrantRule, Guard, Resource, ResourceSource};
use crate::asl::IntegrationPattern;

/// A row in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// What is allowed.
    pub actions: &'static [&'static str],
    /// On what; the last may say in parentheses why the wildcards are there.
    pub resources: Vec<String>,
    /// When the row counts, and the conditions of its statement. All must hold.
    pub only_if: Vec<String>,
    /// Why the row adds to what AWS documents. Empty if it does not.
    pub correction: &'static str,
}

impl GrantRule {
    /// The row in words, for an API with these patterns. `code` marks what is meant literally: ARNs,
    /// parameters, values.
    #[must_use]
    pub fn describe(&self, offered: &[IntegrationPattern], code: fn(&str) -> String) -> Description {
        let (actions, mut resources) = match self.body {
            Body::Rows { actions, resources } => {
                (actions, resources.iter().map(|one| resource(one, code)).collect::<Vec<_>>())
            }
            Body::Computed { actions, describes, .. } => (actions, vec![in_words(describes, code)]),
        };
        if !self.because.is_empty() {
            resources.push(format!("({})", self.because));
        }
        let guards = self.when.iter().map(|one| guard(*one, offered, code));
        let conditions = self.conditions.iter().map(|rule| condition(*rule, code));
        Description {
            actions,
            resources,
            only_if: guards.chain(conditions).collect(),
            correction: self.correction,
        }
    }
}

fn resource(resource: &Resource, code: fn(&str) -> String) -> String {
    let text = match resource.source {
        ResourceSource::Template(template) => code(template),
        ResourceSource::Named(parameter, template) => {
            let filled = template.replace("{}", &format!("{{{parameter}}}"));
            format!("{}, or the ARN in {}", code(&filled), code(parameter))
        }
        ResourceSource::Given(parameter, _) => format!("the ARN in {}", code(parameter)),
        ResourceSource::Each(parameter, describes, _) => {
            format!("{}, by {}", in_words(describes, code), code(parameter))
        }
        ResourceSource::Computed(describes, _) | ResourceSource::Hidden(describes) => {
            in_words(describes, code)
        }
    };
    if resource.otherwise.is_empty() {
        return text;
    }
    let otherwise: Vec<String> = resource.otherwise.iter().map(|template| code(template)).collect();
    format!("{text}; else {}", otherwise.join(" and "))
}

fn guard(guard: Guard, offered: &[IntegrationPattern], code: fn(&str) -> String) -> String {
    match guard {
        Guard::Pattern(patterns) => {
            let offered = patterns.iter().filter(|pattern| offered.contains(pattern));
            let names: Vec<String> = offered
                .map(|pattern| match pattern.suffix() {
                    "" => "no suffix".to_owned(),
                    suffix => code(suffix),
                })
                .collect();
            names.join(" or ")
        }
        Guard::Given(parameter) => format!("{} is given", code(parameter)),
        Guard::Missing(parameter) => format!("{} is absent", code(parameter)),
        Guard::Is(parameter, value) => format!("{} is {}", code(parameter), code(value)),
        Guard::IsNot(parameter, value) => format!("{} is not {}", code(parameter), code(value)),
        Guard::Holds(describes, _) => in_words(describes, code),
    }
}

/// The text of a row, in which names of parameters and their values stand between backticks.
fn in_words(text: &str, code: fn(&str) -> String) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(index, part)| if index % 2 == 0 { part.to_owned() } else { code(part) }).collect()
}

fn condition(rule: ConditionRule, code: fn(&str) -> String) -> String {
    match rule {
        ConditionRule::Fixed(operator, key, value) => {
            format!("condition {}: {} {}", operator.name(), code(key), code(value))
        }
        ConditionRule::Parameter(operator, key, parameter) => {
            format!(
                "condition {}: {} as in {}, where that is known",
                operator.name(),
                code(key),
                code(parameter)
            )
        }
        ConditionRule::Computed(key, _) => format!("condition on {}", code(key)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::SERVICES;
    use super::*;

    #[test]
    fn names_and_values_in_conditions_are_marked() {
        let apis = SERVICES.iter().flat_map(|service| service.apis);
        let rules = apis.flat_map(|api| api.documented.unwrap_or_default().iter().chain(api.least_privilege));
        let mut texts = 0;
        for guard in rules.flat_map(|rule| rule.when) {
            let Guard::Holds(text, _) = guard else { continue };
            let parts: Vec<&str> = text.split('`').collect();
            let plain: String = parts.iter().copied().step_by(2).collect();
            assert!(parts.len() % 2 == 1 && plain == plain.to_lowercase(), "{text}");
            texts += 1;
        }
        assert!(texts > 10, "{texts}");
        assert_eq!(in_words("`Queue` is given", str::to_owned), "Queue is given");
        assert_eq!(in_words("`A` is `true`", |name| format!("<{name}>")), "<A> is <true>");
    }
}
