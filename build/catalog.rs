//! Packs the catalogue of AWS SDK integrations for embedding.
//!
//! Services lie together in blocks that are compressed one by one, so that a look-up unpacks one block.
//! Bigger blocks are smaller in sum: one a service would take 300 KB, these take 240 KB.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

const CATALOG: &str = "src/sdk/catalog.txt";

/// What a service begins with, behind the line before it.
const SERVICE: &str = "\nservice ";

/// A block is closed when it has so many bytes of text.
const BLOCK: usize = 64 * 1024;

const LEVEL: u8 = 10;

/// Writes `catalog.bin`, the compressed blocks, and `catalog.rs`, the index, to the build's folder.
pub(crate) fn pack() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={CATALOG}");
    let text = fs::read_to_string(CATALOG)?;
    let (head, services) = text.trim_end().split_once(SERVICE).ok_or("the catalogue has no service")?;
    let mut index = format!("/// The lines before the first service.\nconst HEAD: &str = {head:?};\n");
    writeln!(index, "\n/// Segment, IAM prefix, block, start and end in it; sorted by segment.")?;
    writeln!(index, "const SERVICES: &[(&str, &str, usize, usize, usize)] = &[")?;

    let (mut packed, mut blocks, mut block) = (Vec::new(), Vec::new(), String::new());
    for service in services.split(SERVICE) {
        let mut words = service.split_whitespace();
        let (segment, prefix) = (words.next().ok_or("no segment")?, words.next().ok_or("no prefix")?);
        let service = format!("service {service}\n");
        if !block.is_empty() && block.len() + service.len() > BLOCK {
            close(&mut block, &mut packed, &mut blocks);
        }
        let (start, end) = (block.len(), block.len() + service.len());
        writeln!(index, "    ({segment:?}, {prefix:?}, {}, {start}, {end}),", blocks.len())?;
        block.push_str(&service);
    }
    close(&mut block, &mut packed, &mut blocks);
    writeln!(index, "];\n\n/// Start and end of each block in the packed file, and the bytes of its text.")?;
    writeln!(index, "const BLOCKS: [(usize, usize, usize); {}] = {blocks:?};", blocks.len())?;

    let folder = env::var("OUT_DIR")?;
    fs::write(Path::new(&folder).join("catalog.bin"), packed)?;
    fs::write(Path::new(&folder).join("catalog.rs"), index)?;
    Ok(())
}

fn close(block: &mut String, packed: &mut Vec<u8>, blocks: &mut Vec<(usize, usize, usize)>) {
    let start = packed.len();
    packed.extend(miniz_oxide::deflate::compress_to_vec(block.as_bytes(), LEVEL));
    blocks.push((start, packed.len(), block.len()));
    block.clear();
}
