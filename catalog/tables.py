"""The reviewed tables in exceptions/, read once and passed around as one value."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "exceptions"


@dataclass(frozen=True)
class Tables:
    absent: dict
    actions: dict
    bindings: dict
    dangerous: dict
    dependents: dict
    grants: dict
    keys: dict
    owners: dict
    pages: dict
    permissionless: dict
    prefixes: dict
    roles: dict
    services: dict
    settled: dict
    tags: dict
    texts: dict
    types: dict
    unlisted: dict
    unnamed: dict

    @property
    def name_fills_id(self):
        return set(self.bindings["name_fills_id"])


def load(folder=FOLDER):
    def read(name):
        with open(folder / f"{name}.toml", "rb") as file:
            return tomllib.load(file)

    tables = Tables(**{name: read(name) for name in Tables.__dataclass_fields__})
    grants = {}
    for group in tables.grants["grant"]:
        for operation in group["operations"]:
            grants.setdefault(operation, []).extend(group["actions"])
    object.__setattr__(tables, "grants", grants)
    tables.texts["text"] += tables.pages["text"]
    tables.texts["text"] += [text for row in tables.texts.get("by_arn", ()) for text in by_arn(row)]
    return tables


def by_arn(row):
    """The rows of texts.toml that one of by_arn stands for: an action on the ARNs of its service, and what is told of others."""
    common = {"operations": row["operations"], "page": row["page"]}
    services = sorted({action.split(":")[0] for action in row["actions"]})
    for action in row["actions"]:
        when = [f"{row['parameter']}~:{action.split(':')[0]}:"]
        yield {**common, "actions": [action], "granted": f"${{{row['parameter']}}}", "when": when, "decided": True}
    others = [f"!{row['parameter']}~:{service}:" for service in services]
    yield {**common, "actions": row["told"], "told": row["why"], "when": others}
