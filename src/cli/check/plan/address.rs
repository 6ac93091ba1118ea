//! Addresses such as `module.a["x.y"].aws_iam_role.this[0]`.

/// The parts of an address between its dots; dots in keys do not count.
pub(super) fn parts(address: &str) -> Vec<&str> {
    let (mut parts, mut start, mut in_key, mut escaped) = (Vec::new(), 0, false, false);
    for (at, character) in address.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = in_key,
            '"' => in_key = !in_key,
            '.' if !in_key => {
                parts.extend(address.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(address.get(start..));
    parts
}

/// The names of the modules of an address, without the keys of their instances.
pub(super) fn modules(address: &str) -> Vec<String> {
    let mut names = Vec::new();
    let parts = parts(address);
    let mut rest = parts.as_slice();
    while let ["module", name, tail @ ..] = rest {
        names.push(without_key(name).to_owned());
        rest = tail;
    }
    names
}

/// A part without the key of its instance.
pub(super) fn without_key(part: &str) -> &str {
    part.split('[').next().unwrap_or(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_may_have_anything() {
        let address = "module.a[\"x.y\\\"].z\"].module.b[0].aws_iam_role.this[\"k\"]";
        assert_eq!(modules(address), ["a", "b"]);
        assert_eq!(parts("a.b[\"c.d\"].e"), ["a", "b[\"c.d\"]", "e"]);
        assert_eq!(modules("aws_iam_role.this"), [] as [&str; 0]);
        assert_eq!(without_key("this[\"k\"]"), "this");
    }
}
