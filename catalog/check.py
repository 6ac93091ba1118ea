"""Laws of a built catalogue and of the tables. Each problem is a sentence; none is the goal."""

import fnmatch
import re
from fnmatch import fnmatchcase

import absent
import dangerous
import decides
import keys
import owners
import pages
import presence
import roles
import spelling
import stand_ins
import tagging
import templates
import texts
import unnamed
from actions import CONFIDENCE
from bind import unread
from model import services

TRANSFORMS = {"last", "nameof", "cutlast", "first", "ltrim", "prefix", "after", "default", "add", "below", "lower", "unless", "wafscope"}
TRANSFORMS |= {"sesidentity", "copysource"}
READERS = {"bedrockmodel", "build", "ec2end", "ec2id", "fnname", "kmskey", "queue", "recoverypoint", "report", "s3uri", "taskdefinition", "tasktoken"}
READERS |= {"outpostobject", "partiqldelete", "partiqlinsert", "partiqlselect", "partiqlupdate", "timestreamdatabase", "timestreamtable", "workgroup"}
TRANSFORMS |= READERS


def catalogue(built, tables, sources):
    listed = pages.read()
    used = {line.rule for service in built for entry in service.entries for line in entry.lines}
    rules = enumerate(tables.dependents["rule"])
    problems = [f"dependents.toml: rule {n + 1}, of {r['operations']}, settles nothing" for n, r in rules if n not in used]
    if [s.segment for s in built] != sorted({s.segment for s in built}):
        problems.append("services are not sorted or not unique")
    seen = {}
    for service in built:
        names = [e.name.lower() for e in service.entries]
        if names != sorted(set(names)):
            problems.append(f"{service.segment}: operations are not sorted or not unique")
        for entry in service.entries:
            where = f"{service.segment}.{entry.name}"
            for line in entry.lines:
                if line.kind == "main" and entry.operation:
                    seen.setdefault(where, set()).update(t.type for t in line.targets)
                    open_types = presence.unexplained(line.targets, entry.operation, tables)
                    problems += [f"{where}: types.toml does not say when {name} counts" for name in open_types]
                    silent = absent.unclassified(line.targets, entry.operation, tables)
                    problems += [f"{where}: absent.toml does not say what the call means without {name}" for name in silent]
                    if where not in tables.bindings["beside_arn"]:
                        problems += [f"{where}: {path} names a {name} and fills nothing" for name, path in unread(line, entry.operation)]
                problems += [f"{where}: {problem}" for problem in _line(line, entry, sources)]
                problems += spelling.problems(entry, line, tables)
            problems += [f"{where}: {p}" for p in _paths(entry.operation, [*entry.roles, *entry.possible])]
            if entry.operation:
                silent = roles.unsettled(entry.operation, service.prefix, tables)
                problems += [f"{where}: roles.toml does not say whether {path} is a role that the call passes" for path in silent]
                problems += [f"{where}: {p}" for p in texts.unsettled(entry, tables, sources)]
                problems += [f"{where}: {p}" for p in pages.unsettled(entry, listed, tables)]
                problems += [f"{where}: {p}" for p in tagging.unsettled(entry)]
                problems += [f"{where}: owners.toml does not say whose account {path} is" for path in owners.unsettled(entry, tables)]
                if tagging.silent(entry, service.prefix, sources, tables):
                    problems.append(f"{where}: tags.toml does not say which action its tags need")
    problems += [*presence.unused(tables, seen), *decides.unused(tables, seen)]
    problems += tagging.problems(built, tables)
    problems += owners.problems(built, tables)
    problems += roles.problems(built, services(sources.models, tables.services["ignored_models"]), tables)
    return problems


def _line(line, entry, sources):
    if not re.fullmatch(r"[a-z0-9-]+:[A-Za-z0-9]+", line.action):
        yield f"{line.action} is no action"
    if (line.action.lower() in sources.spelling) == line.unlisted:
        yield f"{line.action} is {'listed' if line.unlisted else 'not listed'} in the authorization data"
    for target in line.targets:
        if not templates.well_formed(target.template):
            yield f"{target.template} is no ARN"
        strange = set(target.holes) - set(templates.variables(target.template))
        if strange:
            yield f"{target.template} has no {sorted(strange)}"
        paths = [*target.whole, *(p for paths in target.holes.values() for p in paths)]
        yield from _paths(entry.operation, [p for p in paths if not p.startswith("=")])
    if line.arn:
        holes = [h for h in templates.HOLE.findall(line.arn) if h not in templates.ENVIRONMENT.values()]
        yield from _paths(entry.operation, [p for h in holes for p in h.split(",")])
    if line.action == "iam:PassRole" and line.kind != "told" and line.arn.endswith("/*") and not line.passed_to:
        yield "every role may be passed to every service"
    for value in line.where:
        yield from _paths(entry.operation, templates.HOLE.findall(value))
    for condition in line.when:
        yield from _paths(entry.operation, re.match(r"!?([^=~:^]+)", condition)[1].split(","))


def _paths(operation, paths):
    for path in paths:
        member, *transforms = path.split("|")
        if operation is None or operation.find(member) is None:
            yield f"there is no parameter {member}"
        for transform in transforms:
            if transform.split("(")[0] not in TRANSFORMS:
                yield f"there is no transform {transform}"


def tables(tables, sources):
    """Rows that name something which does not exist, or that say nothing new."""
    models = services(sources.models, tables.services["ignored_models"])
    problems = []

    def operation(segment, name, where):
        if segment in models and name in models[segment].operations:
            return models[segment].operations[name]
        problems.append(f"{where}: there is no operation {segment}.{name}")
        return None

    for table in ("actions", "settled"):
        for segment, rows in getattr(tables, table).items():
            for name in rows:
                operation(segment, name, f"{table}.toml")
    for segment, rows in tables.settled.items():
        for name, row in rows.items():
            if row["rule"] not in CONFIDENCE:
                problems.append(f"settled.toml: {segment}.{name} names no rule")
            for action in row["actions"]:
                if action.lower() not in sources.spelling:
                    problems.append(f"settled.toml: {segment}.{name}: {action} is not listed")
    of_pages = {}
    for row in tables.unlisted["named"]:
        of_pages.setdefault(row["service"], []).extend(row["operations"])
    for kind, rows in {**tables.unlisted, "named": of_pages}.items():
        for segment, names in rows.items():
            for name in names:
                found = operation(segment, name, "unlisted.toml")
                prefix = next((p for p in sources.actions if found and p == segment), segment)
                if kind != "text_ignored" and name.lower() in sources.actions.get(prefix, {}):
                    problems.append(f"unlisted.toml: {segment}.{name} is listed by now; take it out")
    for row in tables.unlisted["named"]:
        for name in row["operations"]:
            operation(row["service"], name, "unlisted.toml")
            if any(name in tables.unlisted[kind].get(row["service"], ()) for kind in ("assumed", "closed")):
                problems.append(f"unlisted.toml: {row['service']}.{name} is named and is a guess")
        if not row["page"].startswith("https://docs.aws.amazon.com/") or not row["read"]:
            problems.append(f"unlisted.toml: {row['service']}: no page of AWS, or no day")
    untold = [name for names in tables.roles["untold"].values() for name in names]
    takers = [key for key in tables.roles["passed_to"] if "." in key]
    of_roles = [*tables.roles["parameters"], *tables.roles["possible"], *tables.roles["unnamed"], *tables.roles["rights"], *untold, *takers]
    for qualified in [*tables.grants, *of_roles]:
        operation(*qualified.split("."), "grants.toml or roles.toml")
    problems += _bindings(tables, sources, models)
    for table in (absent, decides, keys, presence, texts, unnamed):
        problems += table.problems(models, tables, sources)
    problems += pages.problems(pages.read(), tables)
    problems += stand_ins.problems(models, tables)
    problems += [f"dependents.toml: {problem}" for problem in _dependents(tables, sources, models)]
    problems += [f"dangerous.toml: no action fits {p}" for p, _ in dangerous.patterns(tables) if not _any(p, sources)]
    return problems


def _any(pattern, sources):
    return any(fnmatchcase(action, pattern) for action in sources.spelling.values())


def _dependents(tables, sources, models):
    """Rows whose operations, types, variables or parameters do not exist; main.py tells rules that settle nothing."""
    operations = {f"{s}.{n}": o for s, m in models.items() for n, o in m.operations.items()}
    for number, row in enumerate(tables.dependents["rule"], 1):
        if row["outcome"] not in ("granted", "told", "none") or not row.keys() & {"why", "page"}:
            yield f"rule {number} has no outcome or no reason"
        yield from (f"there is no operation {p}" for p in row["operations"] if not fnmatch.filter(operations, p))
    rows = [(row["type"], row["variable"]) for row in tables.dependents["binding"]]
    if rows != sorted(set(rows)):
        yield "bindings are not sorted or not unique"
    for row in tables.dependents["binding"]:
        prefix, kind = row["type"].split("/", 1)
        template = sources.resource_types.get(prefix, {}).get(kind.lower())
        if template is None:
            yield f"there is no resource type {row['type']}"
            continue
        variables = {v for part in templates.split(template) for v in templates.variables(part)}
        if row["variable"] not in {"$arn", *variables}:
            yield f"{row['type']} has no {row['variable']}"
        for place, path in row.get("paths", {}).items():
            if not any(operations[name].find(path.split("|")[0]) for name in fnmatch.filter(operations, place)):
                yield f"{place} has no {path}"


def _bindings(tables, sources, models):
    for owner, kinds in tables.bindings.items():
        if owner in ("as_written", "beside_arn", "name_fills_id"):
            continue
        segment, _, name = owner.partition(".")
        if name:
            listed = models[segment].operations if segment in models else {}
            operations = [listed[n] for n in fnmatch.filter(listed, name)]
            if not operations:
                yield f"bindings.toml: there is no operation {owner}"
                continue
        else:
            if owner not in sources.resource_types:
                yield f"bindings.toml: there is no prefix {owner}"
                continue
            operations = [o for m in models.values() for o in m.operations.values()]
        for kind, rows in kinds.items():
            known = [t[kind.lower()] for t in sources.resource_types.values() if kind.lower() in t]
            if kind != "*" and not known:
                yield f"bindings.toml: {owner}: there is no resource type {kind}"
            named = {v.lower() for template in known for part in templates.split(template) for v in templates.variables(part)}
            for variable in rows.keys() - {"$arn", "$either"}:
                if kind != "*" and variable.lower() not in named:
                    yield f"bindings.toml: {owner}: {kind} has no {variable}"
            for variable, text in rows.items():
                if text is False or text.startswith("="):
                    continue
                for path in text.split(" "):
                    if not any(o.find(path.split("|")[0]) for o in operations):
                        yield f"bindings.toml: {owner}: no operation has {path.split('|')[0]}"
