"""Writes which of the parameters that the catalogue knows the API models require: required.txt, for the tests."""

import re

import templates
from model import java_path, part_of

HEADER = """\
# The parameters of catalog.txt that the API models require, operation by operation. Made by catalog/build; for the tests alone.
"""


def text(services):
    rows = [HEADER.rstrip()]
    for service in services:
        rows.append(f"service {service.segment}")
        for entry in service.entries:
            found = sorted({java_path(p) for p in _paths(entry) if is_required(p, entry.operation)}) if entry.operation else []
            if found:
                rows.append(" ".join(["", entry.name, *found]))
    return "\n".join(rows) + "\n"


def is_required(path, operation):
    """Whether every member on the way to a parameter is required where its parent is given."""
    members, service = operation.members, operation.service
    for part in path.split("."):
        name, kinds = part_of(part)
        member = next((m for m in (members or {}).values() if m.name.lower() == name.lower()), None)
        if member is None or not member.required:
            return False
        inner = member.shape
        while kinds and inner["type"] in ("list", "map"):
            kinds = kinds[2:]
            inner = service.shapes[inner["member" if inner["type"] == "list" else "value"]["shape"]]
        members = service.below(inner)
    return True


def _paths(entry):
    """The paths of parameters in an operation's lines, as the models spell them."""
    yield from [*entry.roles, *entry.possible]
    for line in entry.lines:
        texts = list(line.when and [re.fullmatch(r"!?([^=~:^]+).*", w)[1] for w in line.when])
        texts += [hole for hole in templates.HOLE.findall(line.arn) if hole not in templates.ENVIRONMENT.values()]
        texts += [p for t in line.targets for p in [*t.whole, *(p for some in t.holes.values() for p in some)]]
        texts += [t.region for t in line.targets if t.region]
        for text in texts:
            for path in text.split(","):
                path = path.split("|")[0]
                if path and not path.startswith("="):
                    yield path
