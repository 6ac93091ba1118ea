"""Which parameters name a key of AWS KMS, and what exceptions/keys.toml says that the caller needs on it."""

import re
from dataclasses import dataclass

from model import java_path

_NAME = re.compile(r"(?i)kms|cmk|encryption_?key|customermanagedkey")
_HOLDER = re.compile(r"(?i)(encryption_?key(override)?|kms_?key)$")
_PART = re.compile(r"(?i)^(id|arn|value|name|keyid|keyarn)$")
# What is about keys and names none: how a key is used, who uses it, what it is bound to.
_NO_KEY = re.compile(
    r"(?i)(type|context|policies|policydocument|policy|region|role|rolearn|kmsaccess|uri|metadata|algorithm|material\w*|"
    r"decryptionkey|usage|status|option|mode|spec|enabled|reuseperiodseconds)$"
)
_DEPTH = 9


def parameters(operation):
    """Paths of the parameters that name a key, in the order of the model."""
    return [path for path, member, shape, holder in _walk(operation) if _is_key(member, shape, holder)]


def _walk(operation):
    """(path, member, shape of its text, name of the member around it) of every text at any depth."""
    shapes, found = operation.service.shapes, []

    def walk(members, prefix, holder, above):
        for member in members.values():
            path, inner, name = prefix + member.name, member.shape, member.shape_name
            while inner["type"] in ("list", "map"):
                below = "member" if inner["type"] == "list" else "value"
                path += "[]" if inner["type"] == "list" else "{}"
                name = inner[below]["shape"]
                inner = shapes[name]
            if inner["type"] == "string":
                found.append((path, member, inner, holder))
            elif inner["type"] == "structure" and name not in above and len(above) < _DEPTH:
                walk(operation.service.members_of(inner), f"{path}.", member.name, above | {name})

    walk(operation.members, "", "", frozenset())
    return found


def _is_key(member, shape, holder):
    if _NO_KEY.search(member.name):
        return False
    text = re.sub(r"<[^>]+>", " ", f"{member.text} {shape.get('documentation', '')}")
    about_kms = bool(re.search(r"\bKMS\b|Key Management Service", text))
    if re.search(r"(?i)kms|cmk|keymanagementservice|encryption_?key(_?id|_?arn)$", member.name):
        return True
    if "kms:" in shape.get("pattern", ""):
        return True
    if _PART.match(member.name) and _HOLDER.search(holder):
        return True
    return bool(about_kms and (_NAME.search(member.name) or re.search(r"(?i)key(_?id|_?arn)?s?(update)?$", member.name)))


_KINDS = ("granted", "none", "told")
_FIELDS = {"operations", "keys", "actions", "via", "when", "page", "schema", "verified", "searched", *_KINDS}
# What in keys.toml is not about the operations of one service.
_OTHERS = {"via"}
# What a finding names where no source says which actions it takes.
_USUAL = ["CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKey"]
_DAY = re.compile(r"20\d\d-\d\d-\d\d")


@dataclass
class Rule:
    """What the caller of an operation needs on some of its keys."""

    kind: str  # granted, none or told
    paths: list
    actions: list  # "kms:Name"
    via: list
    when: list
    why: str


def rules(operation, tables):
    """The rules of an operation, in the order of the table; KMS's own operations use keys directly and have none."""
    rows = _rows(operation, tables)
    named = {path for row in rows for path in row.get("keys", ())}
    open_paths = [path for path in parameters(operation) if path not in named]
    found = []
    for row in rows:
        kind = next(kind for kind in _KINDS if kind in row)
        paths = [p for p in parameters(operation) if p in row["keys"]] if "keys" in row else open_paths
        actions = row["granted"] if kind == "granted" else row.get("actions", _USUAL if kind == "told" else [])
        if paths:
            why = "" if kind == "granted" else row[kind]
            found.append(Rule(kind, paths, [f"kms:{a}" for a in actions], _via(row), row.get("when", []), why))
    return found


def _rows(operation, tables):
    return [row for row in tables.keys.get(operation.service.segment, ()) if operation.name in row["operations"]]


def arn(paths):
    """The expression for the keys that parameters name."""
    return "arn:${Partition}:kms:${Region}:${Account}:key/${" + ",".join(f"{path}|kmskey" for path in paths) + "}"


def problems(models, tables, sources):
    """Operations with a key that no row has, and rows that are wrong."""
    for segment, service in models.items():
        for operation in service.operations.values():
            missing = set(parameters(operation)) if segment != "kms" else set()
            for rule in rules(operation, tables):
                missing -= set(rule.paths)
            for path in sorted(missing):
                yield f"keys.toml: {segment}.{operation.name}: nothing is said of the key in {path}"
    for segment in sorted({*tables.keys} - _OTHERS):
        if segment not in models:
            yield f"keys.toml: there is no service {segment}"
            continue
        for row in tables.keys[segment]:
            yield from (f"keys.toml: {segment}: {problem}" for problem in _row(row, models[segment], sources))
        yield from (f"keys.toml: {segment}: {problem}" for problem in _overlaps(tables.keys[segment]))
    yield from (f"keys.toml: {problem}" for problem in _services(tables))


def _row(row, service, sources):
    where = ", ".join(row["operations"])
    kinds = [kind for kind in _KINDS if kind in row]
    if len(kinds) != 1 or row.keys() - _FIELDS:
        yield f"{where}: a row has one of {', '.join(_KINDS)}, and no other fields"
        return
    yield from (f"{where}: {problem}" for problem in _source(row))
    if "granted" in row and any("{}" in path for path in row.get("keys", ())):
        yield f"{where}: the keys of a map are beyond an ARN expression"
    if ("granted" in row) != ("via" in row):
        yield f"{where}: what is granted, and no more, has the service of kms:ViaService"
    for action in [*row.get("granted", ()), *row.get("actions", ())]:
        if sources.spelling.get(f"kms:{action}".lower()) != f"kms:{action}":
            yield f"{where}: there is no kms:{action}"
    operations = [service.operations.get(name) for name in row["operations"]]
    for name, operation in zip(row["operations"], operations):
        if operation is None:
            yield f"there is no operation {name}"
        elif not any(path in row.get("keys", [path]) for path in parameters(operation)):
            yield f"{name} has no such key"
    for path in row.get("keys", ()):
        if not any(operation and path in parameters(operation) for operation in operations):
            yield f"{where}: there is no key {path}"


def _source(row):
    """Every row has AWS's page or schema and the day on which a person read it; what is told alone may have none, with its reason and
    the day on which it was sought."""
    if "page" in row and "schema" in row:
        yield "a row names its page or its schema"
    elif row.keys() & {"page", "schema"}:
        if not _DAY.fullmatch(row.get("verified", "")) or "searched" in row:
            yield "verified is the day on which its page or schema was read, such as 2026-01-31"
    elif "told" not in row or not row["told"].strip():
        yield "without a page or schema, it can only be told, with the reason"
    elif not _DAY.fullmatch(row.get("searched", "")) or "verified" in row:
        yield "searched is the day on which no page was found, such as 2026-01-31"


def _services(tables):
    """What kms:ViaService holds has AWS's page; a page stands for no service that no row names."""
    paged = [service for services in tables.keys.get("via", {}).values() for service in services]
    rows = [*_all_rows(tables), *tables.unnamed["unnamed"]]
    used = {service for row in rows for service in _via(row)}
    for service in sorted(used - set(paged)):
        yield f"no page says that kms:ViaService holds {service}"
    for service in sorted({one for one in paged if one not in used or paged.count(one) > 1}):
        yield f"via: {service} has two pages, or no row names it"


def _all_rows(tables):
    return [row for segment in sorted(tables.keys.keys() - _OTHERS) for row in tables.keys[segment]]


def _via(row):
    via = row.get("via", [])
    return [via] if isinstance(via, str) else via


def _overlaps(rows):
    """Two rows about one key; what is granted under different conditions alone may have several."""
    seen = {}
    for row in rows:
        for name in row["operations"]:
            for path in row.get("keys", ("every other key",)):
                others = seen.setdefault((name, path), [])
                if any("granted" not in one or "when" not in one for one in [*others, row] if others):
                    yield f"{name}: two rows are about {path}"
                others.append(row)


def _counts(services, tables):
    """How far the table is settled, as comments: the operations by what their keys need, and the rows that were read."""
    kinds = dict.fromkeys(_KINDS, 0)
    found = 0
    for entry in (entry for service in services for entry in service.entries if entry.operation):
        of_operation = {rule.kind for rule in rules(entry.operation, tables)}
        found += bool(of_operation)
        for kind in of_operation:
            kinds[kind] += 1
    rows = _all_rows(tables)
    verified = sum("verified" in row for row in rows)
    silent = sum(len(row["operations"]) for row in rows if "searched" in row)
    return [
        f"# operations {found}: " + ", ".join(f"{count} {kind}" for kind, count in kinds.items()) + " (one may have keys of several kinds)",
        f"# rows {len(rows)}: {verified} read on their page or compared with their schema; {silent} operations of which no page speaks",
    ]


def text(services, tables):
    """Every parameter that names a key, with its rule; a line each."""
    lines = [
        "# Every parameter that names a key of AWS KMS, and what the caller needs on it: granted, with the services in",
        "# kms:ViaService; told, because no source settles it; none. Made by catalog/build; the tests watch it.",
        *_counts(services, tables),
    ]
    for service in services:
        for entry in service.entries:
            for rule in rules(entry.operation, tables) if entry.operation else ():
                for path in rule.paths:
                    words = [f"{service.segment}.{entry.name}", java_path(path), rule.kind]
                    if rule.via:
                        words.append("via=" + ",".join(rule.via))
                    # A row that needs another parameter's value; one that a value rules out holds without it.
                    words += [f"when={java_path(one)}" for one in rule.when if not one.startswith("!")]
                    lines.append(" ".join(words + rule.actions))
    return "\n".join(lines) + "\n"
