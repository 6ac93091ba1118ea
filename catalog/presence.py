"""When a resource type of an operation's own action counts: exceptions/types.toml."""

import templates
from bind import Target
from making import creates

_KINDS = ("reached", "alternatives", "untouched", "created")
ALWAYS, NEEDED, OPTIONAL = "!", "", "?"


def kinds_of(operation, tables):
    """type, lower case -> what a row says of it: reached, alternatives, untouched or created."""
    qualified, found = f"{operation.service.segment}.{operation.name}", {}
    for row in tables.types["types"]:
        if qualified in row["operations"]:
            found |= {name.lower(): kind for kind in _KINDS for name in row.get(kind, ())}
    return found


def sign(target, targets, operation, tables):
    """`!` always, `?` where a parameter fills it, nothing for an alternative."""
    kind = kinds_of(operation, tables).get(target.type)
    if kind in ("reached", "created"):
        return ALWAYS
    if kind == "alternatives":
        return NEEDED
    if kind == "untouched" or not target.required:
        return OPTIONAL
    # One parameter holds the ARN of either.
    holders = set(target.whole)
    if any(holders & set(t.whole) for t in targets if t is not target and t.required):
        return NEEDED
    return ALWAYS


def of_own(targets, operation, tables):
    """The targets of an own action with their signs. One that is alone needs none."""
    alone = sum(t.required for t in targets) == 1
    known = kinds_of(operation, tables)
    for target in targets:
        found = sign(target, targets, operation, tables)
        if known.get(target.type) == "created" and not target.named:
            target.without = "created"
        target.presence = NEEDED if alone and target.required and found == ALWAYS else found
        target.required |= found == ALWAYS
    return targets


def of_tagged(line, own):
    """What a call tags it touches: a resource counts as it does for the call itself. Of a source and its copy, the copy gets the tags."""
    touched = {t.type: t for t in own}
    for target in line.targets:
        one = touched.get(target.type)
        if one and any(t.whole and t.type == one.type and t is not one for t in own) and not one.whole:
            target.whole, target.holes, target.source = [], dict(one.holes), dict(one.source)
        if one and one.bound and target.bound:
            target.required &= one.presence != OPTIONAL
            target.without, target.holes = one.without, target.holes | {v: one.holes[v] for v in target.holes if v in one.holes}
    optional = [t for t in line.targets if not t.required and t.named]
    if optional and len(optional) == len(line.targets):
        names = {path.split("|")[0] for t in optional for path in [*t.whole, *(p for some in t.holes.values() for p in some)]}
        line.when = [*line.when, ",".join(sorted(names))]


def of_other_types(line, own, parts):
    """A parameter with the ARN of what the call itself is about is no ARN of another type. `own`: the targets of the own
    actions; parts: type -> its ARN templates."""
    held = {}
    for target in own:
        for path in target.whole:
            held.setdefault(path.split("|")[0], set()).add(_shape(target.template))
    for target in line.targets:
        for path in [p for p in target.whole if p.split("|")[0] in held]:
            fitting = [part for part in parts(target) if _shape(part) in held[path.split("|")[0]]]
            if fitting:
                target.template = fitting[0]
            else:
                target.whole.remove(path)


def _shape(template):
    """A template without the names of its variables."""
    return templates.HOLE.sub("${}", template)


def of_dependent(line):
    """What depends on a call reaches every resource that the authorization data requires; tags go to one of several."""
    always = NEEDED if line.kind == "tag" and sum(t.required for t in line.targets) == 1 else ALWAYS
    for target in line.targets:
        target.presence = always if target.required else OPTIONAL


def unexplained(targets, operation, tables):
    """Required types that no required parameter fills, that the call does not create, and that stand beside one that is filled."""
    known = kinds_of(operation, tables)
    required = [t for t in targets if t.required]
    filled = [t for t in required if _is_filled(t, operation)]
    for target in required:
        shared = any(set(target.whole) & set(t.whole) for t in required if t is not target)
        if filled and target not in filled and not shared and target.type not in known:
            if not creates(operation, target) or target.bound:
                yield target.type


def _is_filled(target, operation):
    if not templates.variables(target.template):
        return True
    paths = [*target.whole, *(p for paths in target.holes.values() for p in paths)]
    return any(_is_given(path, operation) for path in paths)


def _is_given(path, operation):
    if path.startswith("=") or "default(" in path:
        return True
    found = operation.find(path.split("|")[0].split(".")[0])
    return bool(found) and found[0].required


def copies(targets, operation, tables):
    """The targets of a call that makes another resource of a type that it reads: what is read, and the copy."""
    qualified = f"{operation.service.segment}.{operation.name}"
    for row in tables.types["copy"]:
        if qualified not in row["operations"]:
            continue
        kept = [t for t in targets if t.type != row["type"]]
        (one,) = [t for t in targets if t.type == row["type"]]
        last = templates.variables(one.template)[-1]
        source = Target(one.prefix, one.type, one.template, one.required, kinds=one.kinds)
        if row["source"].lower().endswith("arn"):
            source.whole, source.source = [row["source"]], {"$arn": "table"}
        else:
            source.holes, source.source = {last: [row["source"]]}, {last: "table"}
        source.region = row.get("region", "")
        copy = Target(one.prefix, one.type, one.template, one.required, kinds=one.kinds)
        if row["copy"].endswith("Arn"):
            copy.whole, copy.source = [row["copy"]], {"$arn": "table"}
        elif row["copy"]:
            variable = row.get("variable", last)
            copy.holes, copy.source = {variable: [row["copy"]]}, {variable: "table"}
        for variable, path in row.get("beside", {}).items():
            copy.holes[variable], copy.source[variable] = [path], "table"
        targets = [*kept, source, copy]
    return targets


def problems(models, tables, sources):
    """Rows that are wrong."""
    for row in [*tables.types["types"], *tables.types["copy"]]:
        where = ", ".join(row["operations"])
        for qualified in row["operations"]:
            segment, name = qualified.split(".")
            if segment not in models or name not in models[segment].operations:
                yield f"types.toml: there is no operation {qualified}"
        if "type" not in row and not row.keys() & {"page", "why"}:
            yield f"types.toml: {where}: no reason"


def unused(tables, seen):
    """Types of rows that no own action of their operations has; seen: qualified -> types."""
    for row in tables.types["types"]:
        for kind in _KINDS:
            for name in row.get(kind, ()):
                if not any(name.lower() in seen.get(q, ()) for q in row["operations"]):
                    yield f"types.toml: {', '.join(row['operations'])}: no action has the type {name}"


def conditions(line, operation, tables, sources):
    """The conditions of a line's statement that name what its ARN does not, "KEY=VALUE"."""
    prefix, name = line.action.split(":")
    known = sources.actions.get(prefix, {}).get(name.lower())
    for row in tables.types.get("condition", ()):
        is_open = any(t.type == row["type"] and t.unbound for t in line.targets)
        if prefix != row["prefix"] or not is_open or f"{operation.service.segment}.{operation.name}" in row["without"]:
            continue
        if set(row["keys"]) <= set(known.keys) and all(operation.find(path) for path in row["keys"].values()):
            return [f"{key}=${{{path}}}" for key, path in row["keys"].items()]
    return []
