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
    permissionless: dict
    prefixes: dict
    roles: dict
    services: dict
    settled: dict
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
    return tables
