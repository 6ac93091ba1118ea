"""Actions that an operation's own API text names beside the call, and what exceptions/texts.toml says of each."""

import re
from dataclasses import dataclass

import keys
import rows
import unnamed

_KINDS = ("granted", "told", "error", "none")
_FIELDS = {"operations", "actions", "when", "decided", "undecided", "where", "tagged", "instead", "on", "page", "verified", "newer", *_KINDS}
_ACTION = re.compile(r"\b([a-z0-9-]+:[A-Z]\w+)")


@dataclass
class Text:
    """An action that a row settles, for one operation."""

    kind: str  # granted, told, error or none
    action: str
    arns: list  # expressions, for what is granted or decides an error; "*" for no resource type
    when: list
    decided: bool
    where: list  # conditions of the statement, "KEY=VALUE"
    tagged: list  # the condition key, and the parameters with the keys and the values, of tags that select
    instead: str  # the condition under which alone the own actions are needed
    why: str


def of(operation, tables):
    """What the rows say of an operation."""
    qualified, found = f"{operation.service.segment}.{operation.name}", []
    for row in tables.texts["text"]:
        if qualified not in row["operations"]:
            continue
        kind = next(kind for kind in _KINDS if kind in row)
        arns = row.get("granted", row.get("on", []))
        for action in row["actions"]:
            found.append(
                Text(
                    kind=kind,
                    action=action.replace("{Operation}", operation.name),
                    arns=[arns] if isinstance(arns, str) else arns,
                    when=row.get("when", []),
                    decided=row.get("decided", False),
                    where=[row["where"]] if "where" in row else [],
                    tagged=row.get("tagged", []),
                    instead=row.get("instead", ""),
                    why=row.get("undecided", "") if kind == "granted" else row[kind],
                )
            )
    return found


def named(operation, sources):
    """The listed actions that the operation's text names, "prefix:Name"."""
    text = re.sub(r"<[^>]+>", " ", operation.documentation)
    found = (sources.spelling.get(action.lower()) for action in _ACTION.findall(text))
    return list(dict.fromkeys(action for action in found if action))


def unsettled(entry, tables, sources):
    """Actions that an operation's text names, and that neither a line of the catalogue nor a table settles."""
    operation = entry.operation
    settled = {line.action.lower() for line in entry.lines} | {text.action.lower() for text in of(operation, tables)}
    by_key = bool(keys.parameters(operation) or unnamed.of(operation, tables))
    for action in named(operation, sources):
        if action.split(":")[1] == operation.name or action.lower() in settled or action.startswith("kms:") and by_key:
            continue
        if action == "iam:PassRole" and entry.roles:
            continue
        yield f"the text names {action}, and texts.toml does not settle it"


def problems(models, tables, sources):
    """Rows that are wrong."""
    for row in tables.texts["text"]:
        where = f"texts.toml: {', '.join(row['operations'])}"
        if len([kind for kind in _KINDS if kind in row]) != 1 or row.keys() - _FIELDS:
            yield f"{where}: a row has one of {', '.join(_KINDS)}, and no other fields"
            continue
        if "granted" not in row and row.keys() & {"decided", "undecided", "where", "tagged", "instead"}:
            yield f"{where}: only what is granted has conditions of its statement"
        if "undecided" in row and not row.get("decided"):
            yield f"{where}: what is not decided has no reason"
        if ("error" in row) != ("on" in row):
            yield f"{where}: what decides an error, and no other, has a resource"
        for qualified in row["operations"]:
            operation = rows.operation(qualified, models)
            if operation is None:
                yield f"{where}: there is no operation {qualified}"
                continue
            yield from (f"{where}: {problem}" for problem in rows.conditions(operation, row.get("when", ())))
            for action in row["actions"]:
                name = action.replace("{Operation}", operation.name)
                if sources.spelling.get(name.lower()) != name:
                    yield f"{where}: there is no action {name}"
                elif "page" not in row and "decided" not in row and name not in named(operation, sources):
                    yield f"{where}: the text does not name {name}, and the row has no page"
