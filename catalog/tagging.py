"""What a call with tags gives them to: what it makes, by its name, or what exceptions/tags.toml says."""

import re
from dataclasses import replace
from fnmatch import fnmatchcase

import making
import presence
import templates
from bind import stem

_TAGS = re.compile(r"(?i)^(tags?|tag_?list|tags_?list|tag_?set|tagspecifications?|.*tags)$")
_UNLISTED = "AWS does not list the type of what the call makes among those that take tags"
_UNSURE = "nothing says which of several types takes the tags"


def parameters(operation, tables):
    """Paths of the parameters with tags for what the call makes."""
    return [m.path for m in operation.members.values() if _TAGS.match(m.name) and _other(operation, m.name, tables) is None]


def _other(operation, name, tables):
    """The number of the row by which a parameter is called tags and gives none to what the call makes."""
    path = f"{operation.service.segment}.{operation.name}.{name}"
    rows = enumerate(tables.tags["other"])
    return next((n for n, row in rows if any(fnmatchcase(path, pattern) for pattern in row["parameters"])), None)


def lines(line, operation, mains, binder, tables):
    """The line of a tagging action on what takes the tags: one for all parameters, or for each that a row names."""
    rows, paths, found = _rows(operation, tables), parameters(operation, tables), []
    for row in rows:
        if "parameters" in row:
            mine = [path for path in paths if path.removesuffix("[]") in row["parameters"]]
            paths = [path for path in paths if path not in mine]
            found.append(_placed(replace(line, when=[",".join(mine)]), row, operation, mains, binder))
    for row in rows:
        if "parameters" not in row:
            return [*found, _placed(line, row, operation, mains, binder)]
    if paths or not found:
        rest = replace(line, when=[",".join(paths)]) if found else line
        placed = _placed(rest, {"types": _types(line, operation, mains, binder, tables)}, operation, mains, binder)
        if placed.kind == "told" and _is_open(line, operation, mains, binder):
            placed.why = _UNSURE
        found.append(placed)
    return found


def _rows(operation, tables):
    qualified = f"{operation.service.segment}.{operation.name}"
    return [row for row in tables.tags["tagged"] if any(fnmatchcase(qualified, pattern) for pattern in row["operations"])]


def _placed(line, row, operation, mains, binder):
    """A line on the types of a row; where there are none, nothing confirms that the action is checked."""
    taggable, own = [t for t, _ in binder.types_of(line.action)], [t for main in mains for t in main.targets]
    types = [t for t in taggable if t in row["types"]]
    line.targets = binder.targets(operation, line.action, types)
    if not line.targets and taggable:
        line.kind, line.why = "told", row.get("told", _UNLISTED)
        return line
    if "arn" in row:
        line.arn, line.targets = row["arn"], []
        return line
    for target in line.targets:
        if row.get("unnamed"):
            target.whole, target.holes = [], {v: p for v, p in target.holes.items() if v != templates.variables(target.template)[-1]}
        elif target.whole and target.type not in {t.type for t in own}:
            # What the call makes has no ARN yet, unless it is made anew: the ARN is that of what it is made from.
            target.whole = [path for path in target.whole if stem(path.split("|")[0]) == making.norm(target.type)]
    if not row.get("unnamed"):
        presence.of_tagged(line, own)
    return line


def _types(line, operation, mains, binder, tables):
    """The types that the call makes: those of its own actions first, then any that takes tags."""
    own = {t.type for main in mains for t in main.targets}
    taggable = {t for t, _ in binder.types_of(line.action)}
    settled = {name for name, kind in presence.kinds_of(operation, tables).items() if kind == "created"} & own
    made = (settled | making.made(operation, own, strictly=True)) & taggable
    return made or making.made(operation, taggable, strictly=True)


def _is_open(line, operation, mains, binder):
    """Whether a type that takes tags may be meant, though the operation's name does not end in it."""
    own = {t.type for main in mains for t in main.targets}
    taggable = {t for t, _ in binder.types_of(line.action)}
    return line.confidence != "low" or bool(own & taggable or making.made(operation, taggable))


def action(operation, tables):
    """The tagging action that a row names, of a call that makes nothing or whose service calls it otherwise."""
    return next((row["action"] for row in _rows(operation, tables) if "action" in row), None)


def silent(entry, prefix, sources, tables):
    """Whether a call takes tags, its service has an action that tags, and neither the catalogue nor a row speaks of it."""
    if entry.rule in ("none", "assumed", "closed") or not parameters(entry.operation, tables):
        return False
    listed = [a.name for a in sources.actions.get(prefix, {}).values() if "Tagging" in a.level]
    tagging = [name for name in listed if re.search(r"(?i)tag", name) and not re.match("(?i)untag|remove|delete", name)]
    known = any(re.search(r"(?i)tag", line.action.split(":")[1]) for line in entry.lines)
    return bool(tagging) and not known and _untagged(entry.operation, tables) is None


def _untagged(operation, tables):
    """The number of the row by which the tags of a call need no action."""
    qualified = f"{operation.service.segment}.{operation.name}"
    rows = enumerate(tables.tags["untagged"])
    return next((n for n, row in rows if any(fnmatchcase(qualified, pattern) for pattern in row["operations"])), None)


def unsettled(entry):
    """Tagging actions of an operation whose name does not say what takes the tags, and that no row settles."""
    for line in entry.lines:
        if line.kind == "told" and line.why == _UNSURE:
            yield f"tags.toml does not say what {line.action} tags"


def problems(built, tables):
    """Rows that are wrong, and rows that say what names say."""
    passed = [entry for service in built for entry in service.entries if entry.operation]
    for row in tables.tags["tagged"]:
        where = f"tags.toml: {row['operations'][0]}"
        for pattern in row["operations"]:
            found = [e for e in passed if fnmatchcase(f"{e.operation.service.segment}.{e.name}", pattern)]
            if not found:
                yield f"{where}: there is no operation {pattern}"
            for name in row.get("parameters", ()):
                if not all(name in entry.operation.members for entry in found):
                    yield f"{where}: {pattern} has no {name}"
        if not row.keys() & {"why", "page"}:
            yield f"{where}: no reason"
    spare = {_untagged(entry.operation, tables) for entry in passed}
    for number, row in enumerate(tables.tags["untagged"]):
        if number not in spare or not row.keys() & {"why", "page"}:
            yield f"tags.toml: {row['operations'][0]}: there is no such operation, or no reason"
    used = {_other(e.operation, name, tables) for e in passed for name in e.operation.members if _TAGS.match(name)}
    for number, row in enumerate(tables.tags["other"]):
        if number not in used or not row.get("why"):
            yield f"tags.toml: {row['parameters'][0]}: there is no such parameter, or no reason"
