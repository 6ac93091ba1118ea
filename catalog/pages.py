"""What AWS's pages "API operations defined by ..." list: pages.txt, and what of it nothing settles.

    python3 pages.py FOLDER DAY

writes pages.txt from AWS's service reference, https://servicereference.us-east-1.amazonaws.com/v1/service-list.json, whose documents are
in the folder as any/path/SERVICE.json; the pages show the same data. Actions of the service that are called like the operation are left out.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import texts

FILE = Path(__file__).parent / "pages.txt"
_HEADER = """\
# Actions that AWS lists for an operation beside its service's one of that name, and the services that iam:PassRole is for. Made by pages.py from AWS's
# service reference of the day below. SEGMENT.Operation ACTION ...; a service that is AWS's own for trials is left out.
"""
# Preview and test systems of AWS, in values of iam:PassedToService.
_INTERNAL = ("preprod", "preview", "test.")


@dataclass(frozen=True)
class Listed:
    """What a page lists for an operation."""

    actions: tuple  # "prefix:Name"
    takers: tuple  # values of iam:PassedToService


def read(path=FILE):
    """By "segment.Operation"."""
    found = {}
    for line in path.read_text().splitlines():
        if line and not line.startswith(("#", "date ")):
            name, *words = line.split(" ")
            takers = [word.removeprefix("to=") for word in words if word.startswith("to=")]
            found[name] = Listed(tuple(w for w in words if ":" in w), tuple(takers[0].split(",")) if takers else ())
    return found


def text(documents, models, day):
    """The file: of the documents of AWS's reference, what concerns the operations of the models."""
    listed = _by_client(documents)
    lines = []
    for segment, service in sorted(models.items()):
        for name in sorted(service.operations):
            actions, takers = listed.get((service.folder, name.lower()), (set(), set()))
            if actions:
                to = [f"to={','.join(sorted(takers))}"] if takers else []
                lines.append(" ".join([f"{segment}.{name}", *sorted(actions), *to]))
    return _HEADER + f"date {day}\n" + "\n".join(lines) + "\n"


def _by_client(documents):
    """By boto3's name of the client and the operation in lower case: actions, and the services that take a role."""
    found = {}
    for document in documents:
        for operation in document.get("Operations", ()):
            for client in {sdk["Name"] for sdk in operation.get("SDK", ()) if sdk.get("Package") == "Boto3"}:
                actions, takers = found.setdefault((client, operation["Name"].lower()), (set(), set()))
                for action in operation.get("AuthorizedActions", ()):
                    if (action["Service"], action["Name"].lower()) != (document["Name"], operation["Name"].lower()):
                        actions.add(f"{action['Service']}:{action['Name']}")
                    values = action.get("Context", {}).get("iam:PassedToService", ())
                    takers.update(value for value in values if not any(word in value for word in _INTERNAL))
    return found


def unsettled(entry, listed, tables):
    """Actions that AWS lists for an operation, and services that take its roles, of which neither the catalogue nor a table speaks."""
    operation = entry.operation
    found = listed.get(f"{operation.service.segment}.{operation.name}")
    if found is None or entry.rule == "none":
        return
    settled = {line.action.lower() for line in entry.lines} | {row.action.lower() for row in texts.of(operation, tables)}
    passes = bool(entry.roles or entry.possible)
    for action in found.actions:
        if action.lower() not in settled and not (action == "iam:PassRole" and passes):
            yield f"AWS's page lists {action}, and pages.toml does not settle it"
    takers = entry.passed_to if entry.passed_to is not None else tables.roles["passed_to"].get(operation.service.segment, {}).get("to")
    if passes and takers:
        for service in sorted(set(found.takers) - set(takers)):
            yield f"AWS's page has iam:PassRole for {service}, and roles.toml has not"


def problems(listed, tables):
    """Rows by a page of the reference whose action it does not list, or which say without need that the page is newer."""
    for row in tables.pages["text"]:
        if "/service-authorization/" not in row.get("page", ""):
            continue
        for qualified in row["operations"]:
            found = listed.get(qualified, Listed((), ()))
            for action in row["actions"]:
                if (action in found.actions) == row.get("newer", False):
                    yield f"pages.toml: {qualified}: pages.txt {'has' if row.get('newer') else 'does not have'} {action}"


def main():
    import sources
    import tables
    from model import services

    folder, day = Path(sys.argv[1]), sys.argv[2]
    documents = [json.loads(path.read_text()) for path in sorted(folder.rglob("*.json"))]
    data = sources.load(Path(__file__).parent / ".wheels")
    FILE.write_text(text(documents, services(data.models, tables.load().services["ignored_models"]), day))


if __name__ == "__main__":
    main()
