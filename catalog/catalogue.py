"""Puts the answers together: what is emitted, service by service."""

from dataclasses import dataclass, field

import absent
import actions
import classify
import decides
import dependents
import keys
import owners
import presence
import roles
import rows
import stand_ins
import tagging
import templates
import texts
import unnamed
from bind import Binder, Target
from lines import Line, is_on
from map2022 import by_operation
from model import services
from prefixes import prefix as prefix_of


@dataclass
class Entry:
    """An operation."""

    name: str
    rule: str
    grade: str  # one of classify.ORDER
    lines: list = field(default_factory=list)
    roles: list = field(default_factory=list)
    possible: list = field(default_factory=list)  # parameters with a role or something else
    passed_to: list = None  # in place of the service's
    support: str = ""  # "", "unsupported" or "doubtful"
    operation: object = None


@dataclass
class ServiceEntry:
    segment: str
    prefix: str
    status: str  # listed, removed-YYYY-MM, unlisted or retired
    passed_to: list
    entries: list


def build(tables, sources):
    """The whole catalogue and the list of things no rule settles."""
    mapped = by_operation(sources.map)
    binder = Binder(tables, sources, mapped)
    unsettled, found = [], []
    models = services(sources.models, tables.services["ignored_models"])
    for segment, service in models.items():
        prefix = prefix_of(service, tables, sources)
        if prefix is None:
            unsettled.append(f"{segment}: no IAM prefix")
            continue
        entries = []
        for operation in service.operations.values():
            answer = actions.answer(
                operation, prefix, tables, sources, mapped.get((segment, operation.name.lower()), [])
            )
            if answer is None:
                proposals = actions.proposals(operation, prefix, sources)
                unsettled.append(f"{segment}.{operation.name}: no rule; proposals {proposals or 'none'}")
                continue
            entries.append(_entry(operation, prefix, answer, binder, tables, sources))
        found.append(_service(segment, prefix, entries, tables))
    for segment, prefix in tables.services["retired"].items():
        found.append(_service(segment, prefix, _retired(prefix, binder, sources), tables))
    for segment, prefix in tables.services["without_model"].items():
        found.append(_service(segment, prefix, [], tables))
    return sorted(found, key=lambda s: s.segment), unsettled


def _service(segment, prefix, entries, tables):
    lists = tables.services
    removed = next((date for date, names in lists["removed"].items() if segment in names), None)
    if segment in lists["retired"]:
        status = "retired"
    elif removed:
        status = f"removed-{removed}"
    elif any(segment in names for names in lists["listed"].values()):
        status = "listed"
    else:
        status = "unlisted"
    for entry in entries:
        if entry.name in lists["unsupported"].get(segment, ()):
            entry.support = "unsupported"
        elif entry.name in lists["expected_unsupported"].get(segment, ()):
            entry.support = "doubtful"
    passed_to = tables.roles["passed_to"].get(segment, {}).get("to", [])
    return ServiceEntry(segment, prefix, status, passed_to, sorted(entries, key=lambda e: e.name.lower()))


def _entry(operation, prefix, answer, binder, tables, sources):
    segment = operation.service.segment
    lines = []
    for grant in answer.grants:
        line = Line(grant.action, "main", grant.confidence, grant.unlisted, grant.when, note=grant.note, where=grant.where)
        if grant.arn:
            line.arn = "" if grant.arn == "*" else grant.arn
        else:
            targets = binder.targets(operation, grant.action, grant.types, grant.bind)
            targets = presence.of_own(presence.copies(targets, operation, tables), operation, tables)
            line.targets = absent.of_own(targets, operation, tables)
            line.where = [*line.where, *presence.conditions(line, operation, tables, sources)]
        lines += decides.split(line, operation, tables)
    grade = _grade(answer, lines, operation)
    if answer.rule not in ("none", "assumed", "closed"):
        lines += _dependents(operation, lines, binder, sources, tables)
        passed, possible = _roles(operation, prefix, tables)
    else:
        passed, possible = [], []
    if answer.rule not in ("none", "closed"):
        extra = tables.grants.get(f"{segment}.{operation.name}", ())
        lines += [_extra(row, sources) for row in extra]
        lines = _keys(operation, lines, tables)
        lines = _texts(operation, lines, tables)
        stand_ins.add(operation, lines, tables, sources)
        lines += _unnamed_role(f"{segment}.{operation.name}", tables)
    owners.mark(lines, operation, prefix, tables)
    takers = roles.takers(segment, operation.name, tables) if passed or possible else None
    return Entry(operation.name, answer.rule, grade, lines, passed, possible, takers, operation=operation)


def _grade(answer, lines, operation):
    grades = []
    for line in lines:
        if line.unlisted:
            grades.append("unknown")
        elif any(not when.startswith("!") for when in line.when) and any(not other.when for other in lines):
            continue  # beside what every call needs
        elif line.arn:
            grades.append("full" if templates.HOLE.search(line.arn) else "constant")
        else:
            grades.append(classify.of_action(line.targets, operation))
    return min(grades, key=classify.ORDER.index) if grades else "none"


def _dependents(operation, mains, binder, sources, tables):
    found = []
    # Where a parameter decides on what it is checked, every line of an action has a condition.
    several = {line.action for number, line in enumerate(mains) if line.action in {other.action for other in mains[:number]}}
    own = list(dict.fromkeys(line.action for line in mains if not line.when or line.action in several))
    for dependent in dependents.of(operation, own, binder, sources, tables):
        line = Line(dependent.action, dependent.kind, dependent.confidence, when=dependent.when)
        line.arn, line.targets, line.decided = dependent.arn, dependent.targets, dependent.decided
        line.why, line.rule = dependent.why, dependent.rule
        held = [t for main in mains for t in main.targets]
        presence.of_other_types(line, held, lambda t: templates.split(sources.resource_types[t.prefix][t.type]))
        placed = [line]
        if dependent.kind == "tag":
            if line.action == "ec2:CreateTags":
                line.where = [f"ec2:CreateAction={operation.name}"]
            placed = tagging.lines(line, operation, mains, binder, tables)
            placed = [part for one in placed for part in decides.split(one, operation, tables)]
        for one in placed:
            presence.of_dependent(one)
        found += placed
    return found


def _roles(operation, prefix, tables):
    qualified = f"{operation.service.segment}.{operation.name}"
    named = tables.roles["parameters"].get(qualified, [])
    return [*roles.parameters(operation, prefix, tables), *named], tables.roles["possible"].get(qualified, [])


def _unnamed_role(qualified, tables):
    """A role that no parameter names: a grant on every role if the service that takes it is known, else advice."""
    row = tables.roles["unnamed"].get(qualified)
    if row:
        arn = "arn:${Partition}:iam::${Account}:role/" + row.get("role", "*")
        return [
            Line("iam:PassRole", "extra", "medium", when=row.get("when", []), arn=arn, note=row["note"], passed_to=row["passed_to"])
        ]
    rights = tables.roles["rights"].get(qualified)
    if rights:
        return [Line("iam:PassRole", "told", "medium", when=rights.get("when", []), note=rights["note"])]
    if any(qualified in names for names in tables.roles["untold"].values()):
        return [Line("iam:PassRole", "told", "low")]
    return []


def _extra(row, sources):
    action = sources.spelling.get(row["action"].lower(), row["action"])
    return Line(
        action=action,
        kind="optional" if "optional" in row else "extra",
        confidence=row.get("confidence", "high"),
        unlisted=row["action"].lower() not in sources.spelling,
        when=row.get("when", []),
        arn="" if row["arn"] == "*" else row["arn"],
        note=row.get("advice", row.get("note", row.get("optional", ""))),
        passed_to=row.get("passed_to", []),
    )


def _keys(operation, lines, tables):
    """What the caller needs on the keys that parameters name; what the authorization data say of them is in the table too."""
    found = []
    for rule in keys.rules(operation, tables):
        kind = {"granted": "extra", "told": "key"}.get(rule.kind)
        for action in rule.actions if kind else ():
            arn = keys.arn(rule.paths) if kind == "extra" else ""
            # A path through the keys of a map is beyond a condition; the map itself is not.
            when = [",".join(dict.fromkeys(path.split("{}")[0] for path in rule.paths)), *rule.when]
            found.append(Line(action, kind, when=when, arn=arn, via=rule.via))
    by_name = bool(keys.parameters(operation))
    if operation.service.segment != "kms":
        # Without a key among the parameters, what the authorization data wants is about keys that no parameter names.
        lines = [line for line in lines if not (by_name and line.action.startswith("kms:"))]
        for line in lines:
            if line.action.startswith("kms:"):
                line.kind, line.targets, line.arn = "optional", [], ""
    for row in unnamed.of(operation, tables):
        via = [row["via"]] if "via" in row else []
        found += [Line(f"kms:{action}", "optional", when=row.get("when", []), via=via) for action in row["actions"]]
    given = {(line.action, line.kind) for line in found}
    return [line for line in lines if (line.action, line.kind) not in given] + found


def _texts(operation, lines, tables):
    """What the operation's text names beside the call."""
    for text in texts.of(operation, tables):
        if text.instead:
            for line in lines:
                if line.kind == "main" and text.instead not in line.when and is_on(line, rows.parameter(text.instead)):
                    line.when = [*line.when, text.instead]
        if text.kind == "told":
            lines.append(Line(text.action, "told", "medium", when=text.when, note=text.why))
        if text.kind == "granted":
            lines = [line for line in lines if line.action != text.action or line.kind not in ("dependent", "tag")]
        for arn in text.arns:
            arn = "" if arn == "*" else arn
            if text.kind == "error":
                lines.append(Line(text.action, "error", when=text.when, arn=arn, note=text.why))
                continue
            line = Line(text.action, "extra", when=text.when, arn=arn, where=text.where, note=text.why)
            line.decided, line.tagged = text.decided, text.tagged
            lines.append(line)
    return lines


def _retired(prefix, binder, sources):
    """A closed service has no model left; its actions stand for its operations."""
    listed = {a.name: a for a in sources.actions.get(prefix, {}).values()}
    older = {links.split(":")[1] for links in sources.older_spelling if links.split(":")[0] == prefix}
    names = {}
    for name in sorted([*listed, *older]):
        names.setdefault(name.lower(), name)
    return [
        Entry(name, "same", "hidden", [_of_retired(f"{prefix}:{name}", binder, unlisted=name not in listed)])
        for name in names.values()
    ]


def _of_retired(action, binder, unlisted):
    """An action on its required types: without a model no parameter names them."""
    prefix, templates_of = action.split(":")[0], binder.sources.resource_types
    targets = [
        Target(prefix, name, part, True, presence.ALWAYS)
        for name, required in binder.types_of(action)
        if required and name in templates_of.get(prefix, {})
        for part in templates.split(templates_of[prefix][name])
    ]
    return Line(action, unlisted=unlisted, targets=targets)
