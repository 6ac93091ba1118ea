"""Small models and data, so that every rule is tested without the packages."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import model
from sources import Action, Sources
from tables import Tables


def service(operations, service_id="Widget Service", shapes=None, **metadata):
    """Operations as {name: {member: shape or (shape, required)}}; shapes adds to String, Strings and Tags."""
    metadata = {"serviceId": service_id, "endpointPrefix": "widget", "signatureVersion": "v4", **metadata}
    known = {
        "String": {"type": "string"},
        "Strings": {"type": "list", "member": {"shape": "String"}},
        "Tags": {"type": "list", "member": {"shape": "Tag"}},
        "Tag": {"type": "structure", "members": {"Key": {"shape": "String"}}},
        **(shapes or {}),
    }
    rows = {}
    for name, members in operations.items():
        rows[name] = {"http": {"method": "POST", "requestUri": "/"}, "input": {"shape": f"{name}Input"}}
        known[f"{name}Input"] = {
            "type": "structure",
            "required": [m for m, s in members.items() if isinstance(s, tuple)],
            "members": {m: {"shape": s[0] if isinstance(s, tuple) else s} for m, s in members.items()},
        }
    found = model.services({"widget": {"metadata": metadata, "operations": rows, "shapes": known}})
    return next(iter(found.values()))


def sources(actions=None, types=None, dependents=None, links=None, mapped=None):
    """actions: {"prefix:Name": [(type, required)]}; types: {"prefix": {type: template}}."""
    found = {}
    for name, kinds in (actions or {}).items():
        prefix, action = name.split(":")
        found.setdefault(prefix, {})[action.lower()] = Action(action, kinds)
    return Sources(
        versions={},
        date="2026-01-01",
        models={},
        actions=found,
        resource_types=types or {},
        dependents=dependents or {},
        links=links or {},
        older_spelling=set(),
        map=mapped or {},
        spelling={n.lower(): n for n in actions or {}},
    )


def tables(**rows):
    empty = {
        "absent": {"absent": []},
        "actions": {},
        "bindings": {"name_fills_id": []},
        "dangerous": {"levels": ["Permissions management, Write"], "dangerous": [{"why": "it destroys", "actions": ["*:Delete*"]}]},
        "dependents": {"binding": [], "rule": [{"operations": ["*"], "actions": ["*"], "outcome": "told", "why": "nothing says"}]},
        "grants": {},
        "keys": {},
        "owners": {"owner": [], "other": []},
        "pages": {"text": []},
        "permissionless": {},
        "prefixes": {"chosen": {}, "expected": {}},
        "roles": {"passed_to": {}, "unverified": {}, "not_passed": {}, "parameters": {}, "possible": {}, "rights": {}},
        "services": {"ignored_models": []},
        "settled": {},
        "tags": {"other": [], "tagged": []},
        "types": {"types": [], "copy": [], "form": [], "decides": [], "listed": []},
        "texts": {"text": []},
        "unnamed": {"unnamed": []},
        "unlisted": {"assumed": {}, "closed": {}, "named": []},
    }
    empty["bindings"].update(rows.pop("bindings", {}))
    return Tables(**{**empty, **rows})
