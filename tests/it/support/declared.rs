//! What a source file of the library declares.

use syn::visit::{Visit, visit_file, visit_item};
use syn::{Attribute, Expr, File, Ident, ImplItemConst, Item, Lit, Meta, TraitItemConst, Type};

/// What a file declares for every system and outside of tests.
#[derive(Debug, Default)]
pub(crate) struct Declared {
    /// The names of its types and traits, also of those inside functions.
    pub(crate) types: Vec<String>,
    /// Its constants that are numbers or durations, also of those inside functions.
    pub(crate) numbers: Vec<Number>,
    /// Its modules that are in files of their own and are compiled only under a condition, such as `test`.
    pub(crate) conditional_modules: Vec<String>,
}

/// A constant.
#[derive(Debug)]
pub(crate) struct Number {
    pub(crate) name: String,
    /// What its comment says.
    pub(crate) comment: String,
}

pub(crate) fn declared(text: &str) -> syn::Result<Declared> {
    let file = syn::parse_file(text)?;
    let mut declared = Declared::default();
    visit_file(&mut declared, &file);
    declared.conditional_modules = conditional_modules(&file);
    Ok(declared)
}

fn conditional_modules(file: &File) -> Vec<String> {
    let modules = file.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.content.is_none() && is_conditional(&module.attrs) => Some(module),
        _ => None,
    });
    modules.map(|module| module.ident.to_string()).collect()
}

fn is_conditional(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("cfg"))
}

/// The attributes of an item that may stand under a condition, and the name if it is that of a type.
fn parts(item: &Item) -> (&[Attribute], Option<&Ident>) {
    match item {
        Item::Struct(item) => (&item.attrs, Some(&item.ident)),
        Item::Enum(item) => (&item.attrs, Some(&item.ident)),
        Item::Union(item) => (&item.attrs, Some(&item.ident)),
        Item::Trait(item) => (&item.attrs, Some(&item.ident)),
        Item::Type(item) => (&item.attrs, Some(&item.ident)),
        Item::Mod(item) => (&item.attrs, None),
        Item::Fn(item) => (&item.attrs, None),
        Item::Impl(item) => (&item.attrs, None),
        Item::Const(item) => (&item.attrs, None),
        _ => (&[], None),
    }
}

/// Whether values of a type count or measure something.
fn is_number(kind: &Type) -> bool {
    let Type::Path(path) = kind else { return false };
    let Some(last) = path.path.segments.last().map(|segment| segment.ident.to_string()) else { return false };
    let digits = last.strip_prefix(['u', 'i', 'f']).unwrap_or_default();
    last == "Duration" || digits == "size" || digits.parse::<u8>().is_ok()
}

fn comment(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(value) if value.path.is_ident("doc") => match &value.value {
            Expr::Lit(literal) => Some(&literal.lit),
            _ => None,
        },
        _ => None,
    });
    let lines = lines.filter_map(|literal| match literal {
        Lit::Str(line) => Some(line.value()),
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

impl Declared {
    fn constant(&mut self, name: &Ident, kind: &Type, attributes: &[Attribute]) {
        if is_number(kind) && !is_conditional(attributes) {
            self.numbers.push(Number { name: name.to_string(), comment: comment(attributes) });
        }
    }
}

impl Visit<'_> for Declared {
    fn visit_item(&mut self, item: &Item) {
        let (attributes, name) = parts(item);
        if is_conditional(attributes) {
            return;
        }
        self.types.extend(name.map(Ident::to_string));
        if let Item::Const(item) = item {
            self.constant(&item.ident, &item.ty, &item.attrs);
        }
        visit_item(self, item);
    }

    fn visit_impl_item_const(&mut self, item: &ImplItemConst) {
        self.constant(&item.ident, &item.ty, &item.attrs);
    }

    fn visit_trait_item_const(&mut self, item: &TraitItemConst) {
        self.constant(&item.ident, &item.ty, &item.attrs);
    }
}
