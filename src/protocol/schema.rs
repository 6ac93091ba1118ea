//! What a provider offers, as data: the source of what hosts receive and of the reference pages.

use super::value::{Name, Type};

/// Everything that a provider offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema {
    /// The arguments of a provider block.
    pub provider: Block,
    /// The data sources. A data source's name begins with the provider's and an underscore.
    pub data_sources: Vec<DataSource>,
    /// The functions.
    pub functions: Vec<Function>,
}

/// One kind of data source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSource {
    /// The name of the type, such as `sfniam_policy`.
    pub name: String,
    /// Its arguments and results.
    pub block: Block,
}

/// The attributes and nested blocks between two braces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Block {
    /// What the block is for, in Markdown.
    pub description: String,
    /// Arguments and results.
    pub attributes: Vec<Attribute>,
    /// Blocks inside this one, by type.
    pub blocks: Vec<NestedBlock>,
    /// What to use in its place, in plain text, if the block is deprecated.
    pub deprecated: Option<String>,
}

/// A type of blocks that may be repeated, in order, inside another block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NestedBlock {
    /// The word before the brace.
    pub name: Name,
    /// What is inside each block.
    pub block: Block,
    /// How many there must be.
    pub min_items: u32,
    /// How many there may be; `None` for any number.
    pub max_items: Option<u32>,
}

/// An argument, a result, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub shape: Shape,
    /// What it is, in Markdown.
    pub description: String,
    /// Who sets it.
    pub usage: Usage,
    /// The values that it can have; `None` for any.
    pub values: Vec<&'static str>,
    /// The default, as text; empty if there is no single default.
    pub default: String,
    /// Whether elements of a list or map may be null.
    pub null_elements: bool,
    /// Whether its value is hidden in what the host prints.
    pub sensitive: bool,
    /// What to use in its place, in plain text, if the attribute is deprecated.
    pub deprecated: Option<String>,
}

/// Who sets an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usage {
    /// The configuration, always.
    Required,
    /// The configuration, or the provider.
    Optional,
    /// The provider.
    Computed,
    /// The configuration, or else the provider.
    OptionalComputed,
}

/// The type of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A type without further description.
    Plain(Type),
    /// An object whose members are attributes, each with its description.
    Object(Vec<Attribute>),
    /// A list of such objects.
    List(Vec<Attribute>),
}

/// A function of the provider. It must depend on nothing but its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// The name after `provider::NAME::`.
    pub name: String,
    /// One line in plain text.
    pub summary: String,
    /// What it does, in Markdown.
    pub description: String,
    /// The parameters, by position.
    pub parameters: Vec<Parameter>,
    /// The parameter that takes all further arguments.
    pub variadic: Option<Parameter>,
    /// The type of the result.
    pub result: Type,
    /// What to use in its place, in plain text, if the function is deprecated.
    pub deprecated: Option<String>,
}

/// A parameter of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, for documentation and messages.
    pub name: String,
    /// Its type.
    pub kind: Type,
    /// What it is, in Markdown.
    pub description: String,
    /// Whether the function takes null; if not, the host rejects it.
    pub allow_null: bool,
    /// Whether the function takes unknown values; if not, the host does not call it with one.
    pub allow_unknown: bool,
}

impl Schema {
    /// The data source of that name.
    pub fn data_source(&self, name: &str) -> Option<&DataSource> {
        self.data_sources.iter().find(|data_source| data_source.name == name)
    }

    /// The function of that name.
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.iter().find(|function| function.name == name)
    }
}

impl Block {
    /// A block of these attributes, without nested blocks. The description is Markdown.
    pub fn new(description: impl Into<String>, attributes: impl IntoIterator<Item = Attribute>) -> Self {
        Self {
            description: description.into(),
            attributes: attributes.into_iter().collect(),
            ..Self::default()
        }
    }

    /// The same block with one more type of nested blocks.
    #[must_use]
    pub fn with_block(mut self, block: NestedBlock) -> Self {
        self.blocks.push(block);
        self
    }

    /// The type of the block's value: an object of its attributes and lists of its nested blocks.
    pub fn value_type(&self) -> Type {
        let blocks =
            self.blocks.iter().map(|nested| (nested.name.clone(), Type::list(nested.block.value_type())));
        let attributes =
            self.attributes.iter().map(|attribute| (attribute.name.clone(), attribute.value_type()));
        Type::object(attributes.chain(blocks))
    }
}

impl NestedBlock {
    /// Any number of blocks.
    pub fn any(name: impl Into<Name>, block: Block) -> Self {
        Self { name: name.into(), block, min_items: 0, max_items: None }
    }
}

impl Attribute {
    /// An argument that must be given. The description is Markdown.
    pub fn required(name: impl Into<Name>, shape: impl Into<Shape>, description: impl Into<String>) -> Self {
        Self::new(name, shape, description, Usage::Required)
    }

    /// An argument that may be left out. The description is Markdown.
    pub fn optional(name: impl Into<Name>, shape: impl Into<Shape>, description: impl Into<String>) -> Self {
        Self::new(name, shape, description, Usage::Optional)
    }

    /// A result. The description is Markdown.
    pub fn computed(name: impl Into<Name>, shape: impl Into<Shape>, description: impl Into<String>) -> Self {
        Self::new(name, shape, description, Usage::Computed)
    }

    /// The same argument, which can only be one of these texts.
    #[must_use]
    pub fn one_of(mut self, values: impl IntoIterator<Item = &'static str>) -> Self {
        self.values.extend(values);
        self
    }

    /// The same argument, with its default.
    #[must_use]
    pub fn with_default(self, default: impl Into<String>) -> Self {
        Self { default: default.into(), ..self }
    }

    /// What it is, its default and, if it can only be one of a few texts, which; in Markdown.
    pub fn full_description(&self) -> String {
        let mut description = self.description.clone();
        if !self.default.is_empty() {
            description.push_str(&format!(" Default: `{}`.", self.default));
        }
        if !self.values.is_empty() {
            let values: Vec<String> = self.values.iter().map(|value| format!("`{value}`")).collect();
            description.push_str(&format!(" One of {}.", values.join(", ")));
        }
        description
    }

    /// The same argument, of whose elements each may be null.
    #[must_use]
    pub fn allow_null_elements(self) -> Self {
        Self { null_elements: true, ..self }
    }

    /// The type of the attribute's value.
    pub fn value_type(&self) -> Type {
        match &self.shape {
            Shape::Plain(plain) => plain.clone(),
            Shape::Object(members) => object_of(members),
            Shape::List(members) => Type::list(object_of(members)),
        }
    }

    fn new(
        name: impl Into<Name>,
        shape: impl Into<Shape>,
        description: impl Into<String>,
        usage: Usage,
    ) -> Self {
        Self {
            name: name.into(),
            shape: shape.into(),
            description: description.into(),
            usage,
            values: Vec::new(),
            default: String::new(),
            null_elements: false,
            sensitive: false,
            deprecated: None,
        }
    }
}

impl From<Type> for Shape {
    fn from(plain: Type) -> Self {
        Self::Plain(plain)
    }
}

impl Parameter {
    /// A parameter that takes neither null nor unknown values. The description is Markdown.
    pub fn new(name: impl Into<String>, kind: Type, description: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            kind,
            description: description.into(),
            allow_null: false,
            allow_unknown: false,
        }
    }
}

impl Function {
    /// The parameter that the argument at a position, counted from 0, belongs to.
    pub fn parameter(&self, position: usize) -> Option<&Parameter> {
        self.parameters.get(position).or(self.variadic.as_ref())
    }
}

fn object_of(members: &[Attribute]) -> Type {
    Type::object(members.iter().map(|member| (member.name.clone(), member.value_type())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_an_object_of_attributes_and_lists_of_blocks() {
        let inner = Block::new("", [Attribute::required("resources", Type::list(Type::String), "")]);
        let members = vec![Attribute::optional("enabled", Type::Bool, "")];
        let block = Block::new(
            "",
            [
                Attribute::required("definition", Type::String, ""),
                Attribute::optional("tracing", Shape::Object(members.clone()), ""),
                Attribute::computed("findings", Shape::List(members), ""),
            ],
        )
        .with_block(NestedBlock::any("hint", inner));
        assert_eq!(
            block.value_type().name(),
            "object({definition = string, findings = list(object({enabled = bool})), \
             hint = list(object({resources = list(string)})), tracing = object({enabled = bool})})"
        );
    }

    #[test]
    fn arguments_beyond_the_last_parameter_are_variadic() {
        let mut function = Function {
            name: "f".into(),
            summary: String::new(),
            description: String::new(),
            parameters: vec![Parameter::new("first", Type::String, "")],
            variadic: None,
            result: Type::String,
            deprecated: None,
        };
        assert_eq!(function.parameter(1), None);
        function.variadic = Some(Parameter::new("more", Type::Number, ""));
        assert_eq!(function.parameter(0).unwrap().name, "first");
        assert_eq!(function.parameter(7).unwrap().name, "more");
    }
}
