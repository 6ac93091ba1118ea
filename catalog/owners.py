"""Which parameters have the account that owns a resource: exceptions/owners.toml."""

import re
from fnmatch import fnmatchcase

# How the names of parameters with an account end.
_NAME = re.compile(
    r"(owner|owners|ownerids?|owneraccounts?|account|accounts|accountids?|accountnumber|accountidentifiers?|accountlist|registryids?|catalogid)$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\\d\{12\}|\[0-9\]\{12\}")


def named(operation):
    """The paths of the texts whose name or pattern says that they are accounts."""
    top = [(member.path, member) for member in operation.members.values() if member.textual]
    for path, member in dict([*top, *operation.deep]).items():
        is_number = bool(_NUMBER.search(member.pattern)) and "arn" not in member.pattern
        if is_number or _NAME.search(member.name):
            yield path


def _rows(operation, tables):
    for row in tables.owners["owner"]:
        own = row["service"] == operation.service.segment and operation.name in row.get("operations", [operation.name])
        found = operation.find(row["parameter"]) if own else None
        if found:
            yield row, found[1]


def mark(lines, operation, prefix, tables):
    """Notes at the targets of the service the parameter with the account of their owner."""
    for row, path in _rows(operation, tables):
        for target in (target for line in lines for target in line.targets):
            if target.prefix == prefix and target.type in row.get("types", [target.type]) and "${Account}" in target.template:
                target.owner = path + ("?" if row.get("else") == "own" else "")


def unsettled(entry, tables):
    """The parameters with an account of which nothing says whether it owns what the call is checked on."""
    targets = [target for line in entry.lines if line.kind == "main" for target in line.targets]
    if not any("${Account}" in target.template for target in targets):
        return
    read = {path.split("|")[0] for t in targets for path in [*t.whole, *(p for some in t.holes.values() for p in some)]}
    read |= {path for _, path in _rows(entry.operation, tables)}
    where = f"{entry.operation.service.segment}.{entry.operation.name}"
    patterns = [pattern for row in tables.owners["other"] for pattern in row["parameters"]]
    for path in named(entry.operation):
        if path not in read and not any(fnmatchcase(f"{where}.{path}".replace("[]", ""), pattern) for pattern in patterns):
            yield path


def problems(built, tables):
    """Rows that settle nothing, or that have no reason or page."""
    entries = [entry for service in built for entry in service.entries if entry.operation]
    marked = {(e.operation.service.segment, t.owner.rstrip("?")) for e in entries for line in e.lines for t in line.targets if t.owner}
    for row in tables.owners["owner"]:
        if (row["service"], row["parameter"]) not in marked:
            yield f"owners.toml: {row['service']}.{row['parameter']} owns nothing"
        if not row.get("page"):
            yield f"owners.toml: {row['service']}.{row['parameter']}: no page"
    every = [f"{e.operation.service.segment}.{e.name}.{path}".replace("[]", "") for e in entries for path in named(e.operation)]
    for row in tables.owners["other"]:
        if not row.get("why"):
            yield f"owners.toml: {row['parameters'][0]}: no reason"
        for pattern in row["parameters"]:
            if not any(fnmatchcase(one, pattern) for one in every):
                yield f"owners.toml: there is no parameter {pattern}"
