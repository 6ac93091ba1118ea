//! What a source file of the library imports from the library.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{Visit, visit_item_mod, visit_path};
use syn::{Item, ItemMod, ItemUse, Macro, Path, UseTree};

/// The paths that a file names, in `use` and elsewhere, inside of macros too, each from the root of the
/// library; `module` is the file's own.
pub(crate) fn imports(text: &str, module: &[&str]) -> syn::Result<Vec<Vec<String>>> {
    let file = syn::parse_file(text)?;
    let module = module.iter().map(|&name| name.to_owned()).collect();
    let mut finder = Finder { module, found: Vec::new() };
    finder.visit_file(&file);
    finder.found.sort();
    finder.found.dedup();
    Ok(finder.found)
}

struct Finder {
    module: Vec<String>,
    found: Vec<Vec<String>>,
}

impl Finder {
    /// Keeps a path that begins with `crate`, `self` or `super`. Every other one begins at a name that is
    /// imported, or at another crate.
    fn add(&mut self, segments: &[String]) {
        let mut place = self.module.clone();
        let mut rest = segments.iter();
        match rest.next().map(String::as_str) {
            Some("crate") => place.clear(),
            Some("super") => drop(place.pop()),
            Some("self") => {}
            _ => return,
        }
        for segment in rest {
            match segment.as_str() {
                "super" => drop(place.pop()),
                "self" => {}
                _ => place.push(segment.clone()),
            }
        }
        self.found.push(place);
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
            UseTree::Name(name) => self.add(&[before.as_slice(), &[name.ident.to_string()]].concat()),
            UseTree::Rename(name) => self.add(&[before.as_slice(), &[name.ident.to_string()]].concat()),
        }
    }

    /// What a macro does with its tokens is not known here: every path in them counts.
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
        self.tree(&item.tree, &mut Vec::new());
    }

    fn visit_path(&mut self, path: &Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add(&segments);
        visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &Macro) {
        self.tokens(called.tokens.clone());
    }

    fn visit_item_mod(&mut self, item: &ItemMod) {
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
