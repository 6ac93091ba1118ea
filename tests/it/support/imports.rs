//! What a source file of the library imports from the library.

use std::collections::BTreeMap;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{Visit, visit_item_mod, visit_path};
use syn::{Item, ItemMod, ItemUse, Macro, Path, UseTree, Visibility};

/// The paths that a file names, in `use` and elsewhere, inside of macros too, each from the root of the
/// library; `module` is the file's own.
pub(crate) fn imports(text: &str, module: &[&str]) -> syn::Result<Vec<Vec<String>>> {
    let uses = uses(text, module, true)?;
    let mut found = [uses.paths, uses.passed_on].concat();
    found.sort();
    found.dedup();
    Ok(found)
}

/// What a file names, and under which names it has what is elsewhere; each path from the root of the library.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    /// The paths that it names for itself.
    pub(crate) paths: Vec<Vec<String>>,
    /// Those that it only passes on, by `pub use`.
    pub(crate) passed_on: Vec<Vec<String>>,
    /// The paths of its names from `use`.
    pub(crate) names: BTreeMap<String, Vec<String>>,
}

/// The same, kept apart; with or without the modules named `tests`.
pub(crate) fn uses(text: &str, module: &[&str], tests: bool) -> syn::Result<Uses> {
    let file = syn::parse_file(text)?;
    let module: Vec<String> = module.iter().map(|&name| name.to_owned()).collect();
    let children = file.items.iter().filter_map(|item| match item {
        Item::Mod(child) if child.content.is_none() => Some(child.ident.to_string()),
        _ => None,
    });
    let children = children.collect();
    let mut finder =
        Finder { file: module.clone(), module, children, tests, passes_on: false, uses: Uses::default() };
    finder.visit_file(&file);
    Ok(finder.uses)
}

struct Finder {
    /// The module of the file.
    file: Vec<String>,
    module: Vec<String>,
    /// The modules that it declares in files of their own.
    children: Vec<String>,
    tests: bool,
    /// Whether the `use` that is visited is public.
    passes_on: bool,
    uses: Uses,
}

impl Finder {
    /// Keeps a path that begins with `crate`, `self`, `super` or a module of the file. Every other one begins
    /// at a name that is imported, or at another crate.
    fn add(&mut self, segments: &[String]) {
        let Some(place) = self.place(segments) else { return };
        let kept = if self.passes_on { &mut self.uses.passed_on } else { &mut self.uses.paths };
        kept.push(place);
    }

    /// A path of a `use` with the name that it gives.
    fn import(&mut self, segments: &[String], name: &str) {
        self.add(segments);
        if let Some(place) = self.place(segments).filter(|_| self.module == self.file) {
            self.uses.names.insert(name.to_owned(), place);
        }
    }

    fn place(&self, segments: &[String]) -> Option<Vec<String>> {
        let mut place = self.module.clone();
        let mut rest = segments.iter();
        match rest.next().map(String::as_str) {
            Some("crate") => place.clear(),
            Some("super") => drop(place.pop()),
            Some("self") => {}
            Some(child) if self.module == self.file && self.children.iter().any(|one| one == child) => {
                place.push(child.to_owned());
            }
            _ => return None,
        }
        for segment in rest {
            match segment.as_str() {
                "super" => drop(place.pop()),
                "self" => {}
                _ => place.push(segment.clone()),
            }
        }
        Some(place)
    }

    fn tree(&mut self, tree: &UseTree, before: &mut Vec<String>) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.tree(&path.tree, before);
                before.pop();
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(tree, before)),
            UseTree::Glob(_) => self.add(&[before.as_slice(), &["*".to_owned()]].concat()),
            UseTree::Name(name) => {
                let own = name.ident.to_string();
                let given =
                    if own == "self" { before.last().cloned().unwrap_or_default() } else { own.clone() };
                self.import(&[before.as_slice(), &[own]].concat(), &given);
            }
            UseTree::Rename(name) => {
                let given = name.rename.to_string();
                self.import(&[before.as_slice(), &[name.ident.to_string()]].concat(), &given);
            }
        }
    }

    /// How a macro uses its tokens is not known here, so every path in them counts.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) if colons == 2 || path.is_empty() => {
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(sign) if sign.as_char() == ':' && !path.is_empty() => colons += 1,
                other => {
                    self.add(&std::mem::take(&mut path));
                    colons = 0;
                    match other {
                        TokenTree::Ident(name) => path.push(name.to_string()),
                        TokenTree::Group(group) => self.tokens(group.stream()),
                        TokenTree::Punct(_) | TokenTree::Literal(_) => {}
                    }
                }
            }
        }
        self.add(&path);
    }
}

impl Visit<'_> for Finder {
    fn visit_item_use(&mut self, item: &ItemUse) {
        self.passes_on = !matches!(item.vis, Visibility::Inherited);
        self.tree(&item.tree, &mut Vec::new());
        self.passes_on = false;
    }

    /// `pub(super)` and `pub(in crate::asl)` say who may see it, and need nothing.
    fn visit_visibility(&mut self, _: &Visibility) {}

    fn visit_path(&mut self, path: &Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add(&segments);
        visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &Macro) {
        self.tokens(called.tokens.clone());
    }

    fn visit_item_mod(&mut self, item: &ItemMod) {
        if item.ident == "tests" && !self.tests {
            return;
        }
        self.module.push(item.ident.to_string());
        visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item(&mut self, item: &Item) {
        // The bodies of `macro_rules!` are tokens of no known form.
        if let Item::Verbatim(tokens) = item {
            self.tokens(tokens.clone());
        }
        syn::visit::visit_item(self, item);
    }
}
