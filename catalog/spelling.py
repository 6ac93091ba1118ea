"""Words of an API that an ARN may have in another case: IAM compares case."""


def problems(entry, line, tables):
    """Parameters with capital letters among their possible words that fill an ARN, and of which no row says how it has them."""
    known = set(tables.bindings["as_written"])
    for path in {path for target in line.targets for paths in target.holes.values() for path in paths}:
        member, *transforms = path.split("|")
        if entry.operation is None or member.startswith("=") or {"lower", "wafscope"} & set(transforms):
            continue
        words = _words(entry.operation.find(member))
        row = f"{entry.operation.service.segment}.{member}"
        if any(word != word.lower() for word in words) and row not in known:
            yield f"bindings.toml: as_written does not say whether ARNs have the words of {row} in this case"


def _words(found):
    if found is None:
        return []
    member, _ = found
    return (member._element if member.type == "list" else member.shape).get("enum", [])
