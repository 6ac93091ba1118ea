//! The types of Terraform's language, and their form in JSON.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value as Json;

use super::Name;

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// A truth value.
    Bool,
    /// A number.
    Number,
    /// A text.
    String,
    /// Any type: each value has its own.
    Dynamic,
    /// Elements of one type, in order.
    List(Box<Type>),
    /// Different elements of one type, without order.
    Set(Box<Type>),
    /// Elements of one type by key.
    Map(Box<Type>),
    /// A fixed number of elements, each with its type.
    Tuple(Vec<Type>),
    /// Members by name, each with its type. A value has all of them; one that is absent is null.
    Object(BTreeMap<Name, Type>),
}

impl Type {
    /// A list of elements of this type.
    pub fn list(element: Type) -> Self {
        Self::List(Box::new(element))
    }

    /// A set of elements of this type.
    pub fn set(element: Type) -> Self {
        Self::Set(Box::new(element))
    }

    /// A map of elements of this type.
    pub fn map(element: Type) -> Self {
        Self::Map(Box::new(element))
    }

    /// An object of these members.
    pub fn object<K: Into<Name>>(members: impl IntoIterator<Item = (K, Type)>) -> Self {
        Self::Object(members.into_iter().map(|(name, member)| (name.into(), member)).collect())
    }

    /// The type as a configuration spells it, such as `list(string)`.
    pub fn name(&self) -> String {
        match self {
            Self::Bool => "bool".to_owned(),
            Self::Number => "number".to_owned(),
            Self::String => "string".to_owned(),
            Self::Dynamic => "any".to_owned(),
            Self::List(element) => format!("list({})", element.name()),
            Self::Set(element) => format!("set({})", element.name()),
            Self::Map(element) => format!("map({})", element.name()),
            Self::Tuple(elements) => {
                format!("tuple([{}])", elements.iter().map(Self::name).collect::<Vec<_>>().join(", "))
            }
            Self::Object(members) => {
                let members: Vec<_> =
                    members.iter().map(|(name, member)| format!("{name} = {}", member.name())).collect();
                format!("object({{{}}})", members.join(", "))
            }
        }
    }

    /// The type in JSON without white space, the form in which schemas and dynamic values carry it.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    /// The type that JSON encodes; `None` if it is not the JSON of a type.
    pub(super) fn from_json(bytes: &[u8]) -> Option<Self> {
        // serde_json rejects deep nesting, so the recursion below is bounded.
        Self::from_json_value(&serde_json::from_slice(bytes).ok()?)
    }

    fn from_json_value(json: &Json) -> Option<Self> {
        if let Json::String(name) = json {
            return match name.as_str() {
                "bool" => Some(Self::Bool),
                "number" => Some(Self::Number),
                "string" => Some(Self::String),
                "dynamic" => Some(Self::Dynamic),
                _ => None,
            };
        }
        match json.as_array()?.as_slice() {
            [Json::String(kind), Json::Array(elements)] if kind == "tuple" => {
                elements.iter().map(Self::from_json_value).collect::<Option<_>>().map(Self::Tuple)
            }
            // The names of optional members, which may follow, matter only for conversions.
            [Json::String(kind), Json::Object(members), ..] if kind == "object" => members
                .iter()
                .map(|(name, member)| Some((Name::from(name.clone()), Self::from_json_value(member)?)))
                .collect::<Option<_>>()
                .map(Self::Object),
            [Json::String(kind), element] => {
                let element = Self::from_json_value(element)?;
                match kind.as_str() {
                    "list" => Some(Self::list(element)),
                    "set" => Some(Self::set(element)),
                    "map" => Some(Self::map(element)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn write_json(&self, out: &mut String) {
        match self {
            Self::Bool => out.push_str("\"bool\""),
            Self::Number => out.push_str("\"number\""),
            Self::String => out.push_str("\"string\""),
            Self::Dynamic => out.push_str("\"dynamic\""),
            Self::List(element) => element.write_json_of("list", out),
            Self::Set(element) => element.write_json_of("set", out),
            Self::Map(element) => element.write_json_of("map", out),
            Self::Tuple(elements) => {
                out.push_str("[\"tuple\",[");
                for (position, element) in elements.iter().enumerate() {
                    if position > 0 {
                        out.push(',');
                    }
                    element.write_json(out);
                }
                out.push_str("]]");
            }
            Self::Object(members) => {
                out.push_str("[\"object\",{");
                for (position, (name, member)) in members.iter().enumerate() {
                    if position > 0 {
                        out.push(',');
                    }
                    // Writing to a String cannot fail.
                    let _ = write!(out, "{}:", Json::from(&**name));
                    member.write_json(out);
                }
                out.push_str("}]");
            }
        }
    }

    fn write_json_of(&self, kind: &str, out: &mut String) {
        let _ = write!(out, "[\"{kind}\",");
        self.write_json(out);
        out.push(']');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPES: &[&str] = &[
        r#""bool""#,
        r#""number""#,
        r#""string""#,
        r#""dynamic""#,
        r#"["list","string"]"#,
        r#"["set",["map","number"]]"#,
        r#"["tuple",[]]"#,
        r#"["tuple",["number","dynamic"]]"#,
        r#"["object",{}]"#,
        r#"["object",{"a":"bool","b \" c":["list","string"]}]"#,
    ];

    #[test]
    fn json_there_and_back() {
        for json in TYPES {
            assert_eq!(Type::from_json(json.as_bytes()).unwrap().to_json(), *json);
        }
    }

    #[test]
    fn optional_members_are_members() {
        let given = br#"["object",{"a":"bool"},["a"]]"#;
        assert_eq!(Type::from_json(given), Some(Type::object([("a", Type::Bool)])));
    }

    #[test]
    fn other_json_is_no_type() {
        let deep = format!("{}\"string\"{}", "[\"list\",".repeat(10_000), "]".repeat(10_000));
        for json in [
            "",
            "null",
            "\"text\"",
            "[]",
            r#"["list"]"#,
            r#"["list","x"]"#,
            r#"["tuple","string"]"#,
            "{}",
            &deep,
        ] {
            assert_eq!(Type::from_json(json.as_bytes()), None);
        }
    }

    #[test]
    fn names_are_those_of_the_language() {
        let object = Type::object([("a", Type::Bool), ("b", Type::list(Type::Number))]);
        assert_eq!(Type::map(object).name(), "map(object({a = bool, b = list(number)}))");
        assert_eq!(Type::Tuple(vec![Type::String, Type::Dynamic]).name(), "tuple([string, any])");
    }
}
