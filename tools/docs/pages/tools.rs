//! The README's table of the tools in which the tests ran, from the file that `make matrix` writes.

use std::io;

const BEGINNING: &str = "<!-- From tests/matrix.txt -->\n";
const END: &str = "<!-- End -->";

/// The README with the table of this matrix. An error names what one of the texts lacks, or a tool in which
/// a test failed.
pub(crate) fn readme(readme: &str, matrix: &str) -> io::Result<String> {
    let lacks = |what: &str| io::Error::other(what.to_owned());
    let (before, rest) =
        readme.split_once(BEGINNING).ok_or_else(|| lacks("README.md has no beginning of the table"))?;
    let (_, after) = rest.split_once(END).ok_or_else(|| lacks("README.md has no end of the table"))?;
    Ok(format!("{before}{BEGINNING}\n{}\n{END}{after}", table(matrix)?))
}

fn table(matrix: &str) -> io::Result<String> {
    let value = |name: &str| {
        let found = matrix.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        found.ok_or_else(|| io::Error::other(format!("tests/matrix.txt has no line \"{name} …\"")))
    };
    let (day, commit, tests) = (value("date")?, value("commit")?, value("tests")?);
    let mut table = format!(
        "On {day}, `tests/clis` had {tests} tests (commit `{commit}`). None of them failed in:\n\n\
         | | Version | Passed | Skipped |\n|---|---|---|---|\n"
    );
    for line in matrix.lines().filter(|line| line.contains(" passed, ")) {
        let wrong = || io::Error::other(format!("tests/matrix.txt: {line}"));
        let (tool, rest) = line.split_once(' ').ok_or_else(wrong)?;
        let (version, rest) = rest.split_once(' ').ok_or_else(wrong)?;
        let mut counts = Vec::new();
        for (part, what) in
            rest.split(", ").zip([" passed", " failed", " not supported", " without their program"])
        {
            let count = part.strip_suffix(what).and_then(|count| count.parse::<u64>().ok());
            counts.push(count.ok_or_else(wrong)?);
        }
        let [passed, 0, unsupported, missing] = counts[..] else { return Err(wrong()) };
        let product = if tool == "tofu" { "OpenTofu" } else { "Terraform" };
        let skipped: Vec<String> =
            [(unsupported, "which this version does not support"), (missing, "because a program is missing")]
                .iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, why)| format!("{count}, {why}"))
                .collect();
        table.push_str(&format!("| {product} | {version} | {passed} | {} |\n", skipped.join("; ")));
    }
    Ok(table)
}
