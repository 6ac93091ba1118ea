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

/// The modules of an address and the resource itself: the name of each, and the key of its instance in
/// brackets, which is empty without one.
pub(super) fn path(address: &str) -> Vec<(&str, &str)> {
    let mut path = Vec::new();
    let parts = parts(address);
    let mut rest = parts.as_slice();
    while let ["module", name, tail @ ..] = rest {
        path.push(keyed(name));
        rest = tail;
    }
    path.extend(rest.get(1).map(|name| keyed(name)));
    path
}

/// The name of a part, and the key of its instance in brackets.
pub(super) fn keyed(part: &str) -> (&str, &str) {
    part.split_at(part.find('[').unwrap_or(part.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_may_have_anything() {
        let address = "module.a[\"x.y\\\"].z\"].module.b[0].aws_iam_role.this[\"k\"]";
        assert_eq!(path(address), [("a", "[\"x.y\\\"].z\"]"), ("b", "[0]"), ("this", "[\"k\"]")]);
        assert_eq!(parts("a.b[\"c.d\"].e"), ["a", "b[\"c.d\"]", "e"]);
        assert_eq!(path("aws_iam_role.this"), [("this", "")]);
        assert_eq!(path("module.a"), [("a", "")]);
    }
}
