"""The 2022 map: which of its services is which of ours, and its parameter templates as member paths."""

import re

# Names of the JavaScript SDK that the segment rule does not lead to.
_NAMES = {
    "augmentedairuntime": "sagemakera2iruntime",
    "cloudwatchevents": "eventbridge",
    "cognitoidentityserviceprovider": "cognitoidentityprovider",
    "cur": "costandusagereport",
    "discovery": "applicationdiscovery",
    "dms": "databasemigration",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancingv2",
    "es": "elasticsearch",
    "iotdata": "iotdataplane",
    "kinesisvideosignalingchannels": "kinesisvideosignaling",
    "stepfunctions": "sfn",
}

STAR = "*"


def by_operation(rows):
    """(segment, lower-case operation) -> mapped actions."""
    found = {}
    for key, actions in rows.items():
        service, operation = key.split(".")
        name = re.sub(r"service$", "", re.sub(r"^aws", "", re.sub(r"[^a-z0-9]", "", service.lower())))
        slot = (_NAMES.get(name, name), operation.lower())
        if slot not in found or service == "EventBridge":
            found[slot] = actions
    return found


def variables(action):
    """Template variable -> STAR or list of member paths, of one mapped action."""
    found = {}
    for variable, row in action.get("resource_mappings", {}).items():
        paths = _paths(str(row.get("template", "")))
        if paths:
            found[variable] = paths
    return found


def whole_arns(action):
    """Resource type, lower case -> list of member paths that hold its ARN."""
    found = {}
    for kind, template in action.get("resourcearn_mappings", {}).items():
        paths = _paths(template)
        if paths and paths != STAR:
            found[kind.lower()] = paths
    for kind, row in action.get("resource_mappings", {}).items():
        paths = _paths(str(row.get("arn", "")))
        if paths and paths != STAR:
            found.setdefault(kind.lower(), paths)
    return found


def _paths(template):
    if template == "*":
        return STAR
    whole = re.fullmatch(r"\$\{([^}]+)\}", template) or re.fullmatch(r"%%iftemplatematch%\$\{([^}]+)\}%%", template)
    if whole:
        return [whole[1]]
    many = re.fullmatch(r"%%many((?:%[^%]+)+)%%", template)
    if many:
        parts = [re.fullmatch(r"\$\{([^}]+)\}(\*?)", part) for part in many[1].strip("%").split("%")]
        return [part[1] + ("|add(*)" if part[2] else "") for part in parts if part]
    last = re.fullmatch(r"%%regex%\$\{([^}]+)\}%/\^\.\+\\/\(\.\+\?\)\$/g%%", template)
    return [f"{last[1]}|last(/)"] if last else []
