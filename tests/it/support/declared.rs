//! What a source file of the library declares.

use syn::visit::{Visit, visit_file, visit_item};
use syn::{Attribute, File, Ident, Item};

/// What a file declares for every system and outside of tests.
#[derive(Debug, Default)]
pub(crate) struct Declared {
    /// The names of its types and traits, also of those inside functions.
    pub(crate) types: Vec<String>,
    /// Its modules that are in files of their own and are compiled only under a condition, such as `test`.
    pub(crate) conditional_modules: Vec<String>,
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

impl Visit<'_> for Declared {
    fn visit_item(&mut self, item: &Item) {
        let (attributes, name) = parts(item);
        if is_conditional(attributes) {
            return;
        }
        self.types.extend(name.map(Ident::to_string));
        visit_item(self, item);
    }
}
