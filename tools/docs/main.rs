//! `make docs`: writes the pages of `docs/` and the table of the README. A test checks that they are current.

mod pages;

use std::path::Path;
use std::{fs, io};

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (path, text) in pages::all(root)? {
        let path = root.join("docs").join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)?;
    }
    fs::write(root.join("README.md"), pages::readme(root)?)
}
