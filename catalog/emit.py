"""Writes the catalogue as sorted text; README.md describes the lines."""

import re

import templates
from classify import EXACT
from model import java_path

CODES = {"high": "", "medium": "medium", "low": "low"}
HEADER = """\
# What IAM checks for each AWS SDK integration. Made by catalog/build; catalog/README.md describes the lines.
# Do not edit: correct the tables in catalog/exceptions and build again.
"""


def text(services, sources):
    lines = [HEADER.rstrip(), f"date {sources.date}"]
    lines += [f"source {package} {version}" for package, version in sources.versions.items()]
    for service in services:
        lines += _service(service)
    return "\n".join(lines) + "\n"


def _service(service):
    head = f"service {service.segment} {service.prefix} {service.status}"
    if service.passed_to:
        head += " passed-to=" + ",".join(service.passed_to)
    types, body = {}, []
    for entry in service.entries:
        body += _entry(entry, service, types)
    rows = [f" type {name} {template}" for name, template in sorted(types.items())]
    return [head, *rows, *body]


def _entry(entry, service, types):
    head = f" {entry.name}"
    if entry.rule != "same":
        head += f" {entry.rule}"
    if entry.grade not in EXACT and entry.grade != "unknown":
        head += f" ~{entry.grade}"
    if entry.support:
        head += f" {entry.support}"
    rows = [head]
    implied = entry.rule in ("same", "assumed", "closed")
    for number, line in enumerate(line for line in entry.lines if line.kind != "none"):
        plain = line.kind == "main" and not (line.when or line.where or line.note or line.arn)
        if not (implied and number == 0 and plain and line.action == f"{service.prefix}:{entry.name}"):
            rows.append(_line(line))
        rows += [f"   {row}" for row in _targets(line, service, types)]
    rows += [f"  passes {java_path(path)}" for path in entry.roles]
    rows += [f"  may-pass {java_path(path)}" for path in entry.possible]
    if entry.passed_to is not None:
        rows.append("  to " + (",".join(entry.passed_to) or "*"))
    return rows


def _line(line):
    words = ["  +", line.action]
    if line.kind != "main":
        words.append({"told": "advice"}.get(line.kind, line.kind))
    if CODES[line.confidence]:
        words.append(CODES[line.confidence])
    if line.unlisted:
        words.append("unlisted")
    if line.decided:
        words.append("decided")
    if line.passed_to:
        words.append("to=" + ",".join(line.passed_to))
    if line.via:
        words.append("via=" + ",".join(line.via))
    words += [f"where={expression(condition)}" for condition in line.where]
    if line.tagged:
        key, *paths = line.tagged
        words.append("tagged=" + ",".join([key, *map(java_path, paths)]))
    if line.when:
        words += ["if", *map(condition, line.when)]
    if line.note:
        words += ["--", line.note]
    return " ".join(words)


def _targets(line, service, types):
    if line.arn:
        return [f"= {expression(line.arn)}"]
    # An optional type counts only when a parameter names it. What names no more than another type, to which it belongs, says
    # nothing, unless there is nothing else.
    parents = {variable for t in line.targets if t.named or t.required for variable in t.holes}
    targets = [t for t in line.targets if t.required or t.named or t.holes.keys() - parents]
    targets = targets or [t for t in line.targets if t.bound]
    return [_target(t, service, types) for t in sorted(targets, key=lambda t: t.type)]


def _target(target, service, types):
    name = target.type.replace(" ", "_")
    if target.prefix != service.prefix:
        name = f"{target.prefix}/{name}"
    # A row of the authorization data with two ARNs gives two types.
    while types.setdefault(name, target.template) != target.template:
        name += "+"
    words = [name + target.presence]
    if target.without:
        words.append("without:" + target.without)
    if target.region:
        words.append("^" + binding(target.region))
    if target.owner:
        words.append("&" + java_path(target.owner.rstrip("?")) + "?" * target.owner.endswith("?"))
    if target.whole:
        words.append("@" + ",".join(map(binding, target.whole)))
    for variable in templates.variables(target.template):
        if variable in target.holes:
            paths = ",".join(map(binding, target.holes[variable]))
            if target.template.endswith(":key/${KeyId}") and ":kms:" in target.template:
                # What a key parameter holds may be an alias.
                paths = ",".join(f"{path}|kmskey" for path in paths.split(","))
            words.append(variable if paths == variable else f"{variable}={paths}")
    return " ".join(words)


def binding(text):
    """A member path with transforms, or "=" and a constant."""
    if text.startswith("="):
        return text
    path, *transforms = text.split("|")
    return "|".join([java_path(path), *transforms])


def bindings(text):
    return ",".join(map(binding, text.split(",")))


def expression(arn):
    """An ARN expression: holes name parameters, apart from the three of the environment."""

    def hole(found):
        return found[0] if found[1] in templates.ENVIRONMENT.values() else "${" + bindings(found[1]) + "}"

    return templates.HOLE.sub(hole, arn)


def condition(text):
    sign, paths, rest = re.fullmatch(r"(!?)([^=~:^]+)(.*)", text).groups()
    return sign + ",".join(java_path(path) for path in paths.split(",")) + rest
