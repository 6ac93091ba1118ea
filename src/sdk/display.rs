//! The entries of the catalogue as a person reads them: ARN templates with parameters in braces, conditions
//! in words.

use std::fmt::Write as _;

use super::model::{Action, Binding, Condition, Piece, Target, Template, Test, Transform};

impl Target {
    /// The ARN: `{partition}`, `{region}` and `{account}` are the arguments of the data source, other names
    /// in braces parameters of the task, `{EventBusName|default}` with the text for when it is absent. What
    /// follows `*` is unknown. Where a parameter can be the whole ARN it comes first: `{StateMachineArn}`.
    #[must_use]
    pub fn to_texts(&self) -> Vec<String> {
        match self {
            Target::Expression(template) => vec![template.to_text()],
            Target::Type { whole, template, .. } => {
                let mut texts: Vec<String> = whole.iter().map(in_braces).collect();
                let bound = template.holes().any(|bindings| !bindings.is_empty());
                if texts.is_empty() || bound {
                    texts.push(template.to_text());
                }
                texts
            }
        }
    }
}

impl Action {
    /// On what it is allowed: each ARN once, `*` if there is none.
    #[must_use]
    pub fn resources_in_words(&self) -> Vec<String> {
        let mut resources: Vec<String> = Vec::new();
        for text in self.targets.iter().flat_map(Target::to_texts) {
            if !resources.contains(&text) {
                resources.push(text);
            }
        }
        if resources.is_empty() {
            resources.push("*".to_owned());
        }
        resources
    }

    /// When it is needed, and under which conditions it is allowed.
    #[must_use]
    pub fn conditions_in_words(&self) -> Vec<String> {
        let mut when: Vec<String> = self.when.iter().map(Condition::to_text).collect();
        if !self.passed_to.is_empty() {
            when.push(format!("iam:PassedToService StringEquals {}", self.passed_to.join(" or ")));
        }
        if !self.via.is_empty() {
            let services: Vec<String> =
                self.via.iter().map(|service| format!("{service}.{{region}}.amazonaws.com")).collect();
            when.push(format!("kms:ViaService StringEquals {}", services.join(" or ")));
        }
        when.extend(self.conditions.iter().map(|(key, value)| format!("{key} StringEquals {value}")));
        if let Some(tagged) = self.tagged {
            let (keys, values) = (tagged.keys.as_str(), tagged.values.as_str());
            when.push(format!("{}{{{keys}}} StringEquals {{{values}}}", tagged.key));
        }
        if self.makes_grants() {
            when.push("kms:GrantIsForAWSResource Bool true".to_owned());
        }
        when
    }
}

impl Template {
    fn holes(&self) -> impl Iterator<Item = &[Binding]> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Hole { bindings, .. } => Some(bindings.as_slice()),
            _ => None,
        })
    }

    pub(super) fn to_text(&self) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(fixed) => text.push_str(fixed),
                Piece::Partition => text.push_str("{partition}"),
                Piece::Region => text.push_str("{region}"),
                Piece::Account => text.push_str("{account}"),
                Piece::Hole { bindings, .. } if bindings.is_empty() => text.push('*'),
                Piece::Hole { bindings, .. } => {
                    text.push_str(&bindings.iter().map(in_braces).collect::<Vec<_>>().join(" or "));
                }
            }
        }
        text
    }
}

fn in_braces(binding: &Binding) -> String {
    let (path, transforms) = match binding {
        Binding::Constant(text) => return (*text).to_owned(),
        Binding::Parameter { path, transforms } => (path.as_str(), transforms),
    };
    let (mut inside, mut behind) = (path.to_owned(), String::new());
    for transform in transforms {
        // Writing to a String cannot fail.
        let _ = match transform {
            Transform::Default(text) => write!(inside, "|{text}"),
            Transform::Append(text) => write!(behind, "{text}"),
            _ => Ok(()),
        };
    }
    format!("{{{inside}}}{behind}")
}

impl Condition {
    /// Such as `Tags is given`.
    #[must_use]
    pub fn to_text(&self) -> String {
        let paths: Vec<&str> = self.paths.iter().map(|path| path.as_str()).collect();
        let paths = paths.join(" or ");
        match (self.test, self.negated) {
            (Test::Present, false) => format!("{paths} is given"),
            (Test::Present, true) => format!("{paths} is absent"),
            (Test::Equals(text), false) => format!("{paths} is {text}"),
            (Test::Equals(text), true) => format!("{paths} is not {text}"),
            (Test::Contains(text), false) => format!("{paths} contains {text}"),
            (Test::Contains(text), true) => format!("{paths} does not contain {text}"),
            (Test::Ends(text), false) => format!("{paths} ends with {text}"),
            (Test::Ends(text), true) => format!("{paths} does not end with {text}"),
            (Test::Verb(text), false) => format!("{paths} begins with {text}"),
            (Test::Verb(text), true) => format!("{paths} does not begin with {text}"),
            (Test::Statement(words), false) => format!("{paths} begins with {}", words.replace('-', " ")),
            (Test::Statement(words), true) => {
                format!("{paths} does not begin with {}", words.replace('-', " "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::sdk::catalog;

    fn resources(service: &str, operation: &str) -> Vec<String> {
        let operation = catalog::service(service).and_then(|service| service.operation(operation));
        let actions = &operation.expect("the operation").actions;
        actions.iter().flat_map(|action| &action.targets).flat_map(|target| target.to_texts()).collect()
    }

    #[test]
    fn parameters_stand_in_braces() {
        assert_eq!(resources("sfn", "startExecution").first().map(String::as_str), Some("{StateMachineArn}"));
        let name = "arn:{partition}:s3:::{Bucket}/{Key}";
        assert!(resources("s3", "putObject").iter().any(|resource| resource == name));
    }
}
