"""Writes the authorization data of all services as sorted text: every action with its access level and resource types.

README.md describes the lines.
"""

import dangerous
import templates

HEADER = """\
# All actions of all services, from AWS's service authorization reference. Made by catalog/build; catalog/README.md
# describes the lines. Do not edit.
"""

LEVELS = {"List": "l", "Read": "r", "Write": "w", "Tagging, Write": "t", "Permissions management, Write": "p"}


def text(tables, sources):
    lines = [HEADER.rstrip(), f"date {sources.date}"]
    lines += [f"dangerous {pattern} -- {why}" for pattern, why in dangerous.patterns(tables)]
    for prefix, listed in sorted(sources.actions.items()):
        kinds = sources.resource_types.get(prefix, {})
        lines.append(f"prefix {prefix}")
        lines += [f" type {_word(name)} {part}" for name in sorted(kinds) for part in templates.split(kinds[name])]
        lines += [_action(action) for _, action in sorted(listed.items())]
    return "\n".join(lines) + "\n"


def _action(action):
    types = [_word(name) + ("!" if required else "") for name, required in sorted(action.resource_types)]
    return " " + " ".join([action.name, LEVELS[action.level], *types])


def _word(name):
    return name.replace(" ", "_")
