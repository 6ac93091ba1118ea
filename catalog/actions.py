"""From an operation to the actions that IAM checks. The first rule with an answer wins."""

import re
from dataclasses import dataclass, field


@dataclass
class Grant:
    """One action that a call needs, before its resources are determined."""

    action: str  # "prefix:Name"
    confidence: str = "high"
    unlisted: bool = False  # not in the authorization data
    types: list = None  # the resource types to use; None: those of the action
    bind: dict = field(default_factory=dict)  # template variable -> member path, before every other rule
    arn: str = None  # an ARN expression instead of resource types
    when: list = field(default_factory=list)
    where: list = field(default_factory=list)  # conditions of the statement, "KEY=VALUE"
    note: str = ""


@dataclass
class Answer:
    rule: str
    grants: list


# rule -> how sure its answer is when the tables say nothing else
CONFIDENCE = {
    "exception": "high",
    "none": "high",
    "rest": "high",
    "same": "high",
    "map": "medium",
    "link": "high",
    "text": "medium",
    "affix": "medium",
    "closed": "low",
    "assumed": "low",
}


def answer(operation, prefix, tables, sources, mapped):
    """The operation's Answer; None when no rule and no table settles it."""
    segment, name = operation.service.segment, operation.name
    rows = tables.actions.get(segment, {}).get(name)
    if rows:
        return Answer("exception", [_from_row(row, sources) for row in rows])
    if needs_no_permission(operation, tables):
        return Answer("none", [])
    same = sources.actions.get(prefix, {}).get(name.lower())
    if prefix == "apigateway" and not same:
        return Answer("rest", [Grant(f"apigateway:{operation.method}", arn=rest_arn(operation))])
    if same:
        return Answer("same", [Grant(f"{prefix}:{same.name}")])
    settled = tables.settled.get(segment, {}).get(name)
    if settled:
        rule = settled["rule"]
        return Answer(rule, [Grant(action, CONFIDENCE[rule]) for action in settled["actions"]])
    others = [row["action"] for row in mapped if row["action"] != "iam:PassRole"]
    if others and all(action.lower() in sources.spelling for action in others):
        names = dict.fromkeys(sources.spelling[action.lower()] for action in others)
        return Answer("map", [Grant(action, CONFIDENCE["map"]) for action in names])
    if names_itself(operation, prefix) or any(name in row["operations"] for row in named(segment, tables)):
        return Answer("text", [Grant(f"{prefix}:{name}", CONFIDENCE["text"], unlisted=True)])
    for rule in ("closed", "assumed"):
        if name in tables.unlisted[rule].get(segment, ()):
            return Answer(rule, [Grant(f"{prefix}:{name}", CONFIDENCE[rule], unlisted=True)])
    return None


def named(segment, tables):
    """The rows of exceptions/unlisted.toml with the pages of AWS that name actions of a service."""
    return [row for row in tables.unlisted["named"] if row["service"] == segment]


def names_itself(operation, prefix):
    """Whether the operation's documentation says that its caller needs the action of its own name."""
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", operation.documentation))
    return bool(
        re.search(rf"(permissions?|IAM action)[^.]*\b{prefix}:{operation.name}\b", text, re.I)
        or re.search(rf"\b{prefix}:{operation.name}\b[^.]*(permission|IAM action)", text, re.I)
    )


def _from_row(row, sources):
    action = sources.spelling.get(row["action"].lower(), row["action"])
    return Grant(
        action=action,
        confidence=row.get("confidence", "high"),
        unlisted=row["action"].lower() not in sources.spelling,
        types=[t.lower() for t in row["types"]] if "types" in row else None,
        bind=row.get("bind", {}),
        arn=row.get("arn"),
        when=row.get("when", []),
        where=row.get("where", []),
        note=row.get("note", row.get("advice", "")),
    )


def needs_no_permission(operation, tables):
    row = tables.permissionless.get(operation.service.segment)
    if row and (operation.name in row["operations"] or row["operations"] == ["*"]):
        return True
    if operation.auth:
        kinds = set(operation.auth)
        return kinds <= {"smithy.api#noAuth", "smithy.api#httpBearerAuth", "authtype:none", "authtype:bearer"}
    metadata = operation.service.metadata
    if metadata["signatureVersion"] == "bearer" or metadata.get("auth") == ["smithy.api#httpBearerAuth"]:
        return True
    text = re.sub(r"<[^>]+>", " ", operation.documentation)
    return bool(re.search(r"does\s*n[o']t\s+(?:use|evaluate)[^.]{0,120}Signature Version 4", text))


def rest_arn(operation):
    """API Gateway authorizes the HTTP method on the request's path."""
    by_wire_name = {m.wire_name.lower(): m.name for m in operation.members.values()}

    def hole(found):
        name = by_wire_name[found[1].rstrip("+").lower()]
        # The ARN of a tagged resource is percent-encoded in the path.
        return "*" if name.lower().endswith("arn") else "${" + name + "}"

    path = re.sub(r"\{([^}]+)\}", hole, operation.uri.split("?")[0].removeprefix("/v2"))
    return "arn:${Partition}:apigateway:${Region}::" + path


def proposals(operation, prefix, sources):
    """What rules 5, 7 and 8 say of an operation that nothing settles: [(rule, [actions])], for a person to judge."""
    name, listed = operation.name, sources.actions.get(prefix, {})
    found = []
    linked = sorted(sources.links.get(prefix, {}).get(name.lower(), ()))
    if linked:
        found.append(("link", linked))
    text = re.sub(r"<[^>]+>", " ", operation.documentation)
    named = sorted(
        {sources.spelling[a.lower()] for a in re.findall(rf"\b{re.escape(prefix)}:\w+", text) if a.lower() in sources.spelling}
    )
    if named:
        found.append(("text", named))
    for pattern, replacement in ((r"^Batch(\w+?)s?$", r"\1"), (r"^(\w+)Batch$", r"\1"), (r"V2$", ""), (r"Stream$", "")):
        shorter = re.sub(pattern, replacement, name)
        if shorter != name and shorter.lower() in listed:
            found.append(("affix", [f"{prefix}:{listed[shorter.lower()].name}"]))
    return found
