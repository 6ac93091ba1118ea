"""Parameters whose value decides which resource type a call is about: `decides` of exceptions/types.toml."""

from copy import copy
from dataclasses import replace

import presence
import rows


def row_of(operation, tables):
    """The row of an operation; None if it has none."""
    qualified = f"{operation.service.segment}.{operation.name}"
    return next((row for row in tables.types["decides"] if qualified in row["operations"]), None)


def split(line, operation, tables):
    """A line for each value or case, on its types, and one on all types for every other value; the line alone without a row."""
    row = row_of(operation, tables)
    if row is None or line.arn:
        return [line]
    if "cases" in row:
        return [replace(line, when=[*line.when, *case["when"]], targets=_chosen(line, case["types"])) for case in row["cases"]]
    parameter, found, rest = row["parameter"], [], list(line.when)
    for value, types in row["types"].items():
        chosen = _chosen(line, types)
        if not chosen:
            continue
        found.append(replace(line, when=[*line.when, f"{parameter}={value}"], targets=chosen))
        rest.append(f"!{parameter}={value}")
    return [*found, replace(line, when=rest)]


def _chosen(line, types):
    """Those targets of a line that have one of the types; they count unless another of them is named."""
    chosen = [copy(t) for t in line.targets if t.type in map(str.lower, types)]
    for target in chosen:
        target.presence, target.required = presence.NEEDED, True
    return chosen


def _types(row):
    """All types that a row names, in lower case."""
    lists = [case["types"] for case in row["cases"]] if "cases" in row else row["types"].values()
    return {name.lower() for names in lists for name in names}


def problems(models, tables, sources):
    """Rows that are wrong, and values of the model that a row lacks."""
    for row in tables.types["decides"]:
        for qualified in row["operations"]:
            where, operation = f"types.toml: decides: {qualified}", rows.operation(qualified, models)
            if operation is None:
                yield f"{where}: there is no such operation"
            elif "cases" in row:
                yield from (f"{where}: {p}" for case in row["cases"] for p in rows.conditions(operation, case["when"]))
            else:
                found = operation.find(row["parameter"])
                values = found[0].shape.get("enum", []) if found else []
                if not values or set(values) != row["types"].keys():
                    yield f"{where}: {row['parameter']} has the values {', '.join(values) or 'of no enumeration'}"
        if not row.keys() & {"page", "why"}:
            yield f"types.toml: decides: {', '.join(row['operations'])}: no reason"


def unused(tables, seen):
    """Types of rows that no own action of their operations has; seen: qualified -> types."""
    for row in tables.types["decides"]:
        for qualified in row["operations"]:
            for name in sorted(_types(row) - seen.get(qualified, set())):
                yield f"types.toml: decides: {qualified}: no action has the type {name}"
