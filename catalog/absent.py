"""What it means that no parameter names a resource: exceptions/absent.toml."""

from fnmatch import fnmatchcase

import templates

# Beside these a row can have a default.
MEANINGS = ("all", "created", "none", "needed")


def optional(target, operation):
    """The parameters that can name a resource, if it is open where only the required ones are given; none if it is not."""
    if any(_is_given(path, operation) for path in target.whole):
        return []
    holes = _open_holes(target, operation)
    if not holes and any(v in target.holes for v in templates.variables(target.template)):
        return []
    paths = [*target.whole, *(path for variable in holes for path in target.holes[variable])]
    return sorted({path.split("|")[0].split(".")[0].removesuffix("[]") for path in paths})


def _open_holes(target, operation):
    """The variables that only optional parameters fill."""
    bound = [v for v in templates.variables(target.template) if v in target.holes]
    return [v for v in bound if not any(_is_given(path, operation) for path in target.holes[v])]


def _is_given(path, operation):
    if path.startswith("=") or "default(" in path:
        return True
    found = operation.find(path.split("|")[0].split(".")[0])
    return bool(found) and found[0].required


def row_of(target, operation, tables):
    """The first row that fits; None where no row says what the absence means."""
    qualified = f"{operation.service.segment}.{operation.name}"
    for row in tables.absent["absent"]:
        if target.type in row.get("types", [target.type]) and any(fnmatchcase(qualified, p) for p in row["operations"]):
            return row
    return None


def of_own(targets, operation, tables):
    """The targets of an own action, with what their absence means where it is not an error of the call."""
    for target in targets:
        row = row_of(target, operation, tables) if target.presence != "?" and optional(target, operation) else None
        if row is None:
            continue
        if "default" in row:
            for variable in _open_holes(target, operation):
                *others, last = target.holes[variable]
                target.holes[variable] = [*others, f"{last}|default({row['default']})"]
        elif row["means"] == "none":
            target.presence = "?"
        elif row["means"] in ("all", "created"):
            target.without = row["means"]
    return targets


def unclassified(targets, operation, tables):
    """Types that no row of the table settles."""
    for target in targets:
        if target.presence != "?" and optional(target, operation) and row_of(target, operation, tables) is None:
            yield target.type


def problems(models, tables, sources):
    """Rows that are wrong."""
    names = [f"{s}.{n}" for s, model in models.items() for n in model.operations]
    for row in tables.absent["absent"]:
        for pattern in row["operations"]:
            if not any(fnmatchcase(name, pattern) for name in names):
                yield f"absent.toml: there is no operation {pattern}"
        if ("default" in row) == (row.get("means") in MEANINGS) or not row.get("why"):
            yield f"absent.toml: {row['operations'][0]}: no meaning or no reason"
