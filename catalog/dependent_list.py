"""The list of all dependent actions with what becomes of them: dependents.txt."""

from emit import condition, expression

HEADER = """\
# Every action that AWS's authorization data call dependent, and what becomes of it: granted, when and on what; told; none, not
# needed. Behind the dashes the reason of the rule in exceptions/dependents.toml. Made by catalog/build; read its changes.
"""


def text(services):
    lines = [HEADER.rstrip()]
    for service in services:
        for entry in service.entries:
            for line in entry.lines:
                if line.why and line.why != "tags":
                    lines.append(_line(f"{service.segment}.{entry.name}", line))
    return "\n".join(lines) + "\n"


def _line(place, line):
    words = [place, line.action, {"dependent": "granted"}.get(line.kind, line.kind)]
    if line.when:
        words += ["if", *map(condition, line.when)]
    if line.kind == "dependent":
        words += ["on", on(line)]
    return " ".join([*words, "--", line.why])


def on(line):
    if line.arn:
        return expression(line.arn)
    return ",".join(sorted(f"{t.type}{'' if t.bound else '/*'}" for t in line.targets)) or "*"
