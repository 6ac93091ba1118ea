"""Parameters that hold a role which the call passes to a service, and the services that take it."""

import re
from fnmatch import fnmatchcase

_NEVER = re.compile(
    r"^(Get|List|Describe|Delete|Cancel|Assume|Disassociate|Respond|BatchGet|Search|Test|Decode)(?=[A-Z]|$)"
)
_NO_PREFIXES = {"iam", "sts", "sso", "sso-oauth", "signin", "organizations", "identitystore"}
# How the text of a parameter says that it holds a role.
_TOLD = re.compile(
    r"(?i)\bARN\)?s? (\(ARN\) )?(of|for) (an?|the|any) ([\w()]+ ){0,5}roles?\b|\brole('s)? (Amazon Resource Name|ARN)\b|"
    r"name of an? (\w+ ){0,3}role\b"
)


def parameters(operation, prefix, tables):
    """Paths of the role parameters, at any depth, shallow first, in the model's order."""
    if _NEVER.match(operation.name) or prefix in _NO_PREFIXES:
        return []
    named = [path for path, member in _texts(operation) if _is_role(member)]
    return [path for path in named if not not_passed(operation, path, tables)]


def unsettled(operation, prefix, tables):
    """Paths of parameters whose text speaks of a role, though they are no role parameters and no row has them."""
    if _NEVER.match(operation.name) or prefix in _NO_PREFIXES:
        return
    qualified = f"{operation.service.segment}.{operation.name}"
    rows = [*tables.roles["parameters"].get(qualified, ()), *tables.roles["possible"].get(qualified, ())]
    for path, member in _texts(operation):
        known = _is_role(member) or any(row == path or row.startswith(f"{path.removesuffix('[]')}.") for row in rows)
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", member.text))
        if not known and _TOLD.search(text) and not not_passed(operation, path, tables):
            yield path


def _texts(operation):
    """Paths of all parameters that hold texts, shallow first, in the model's order."""
    top = [(m.path, m) for m in operation.members.values() if m.textual]
    return top + operation.deep


def not_passed(operation, path, tables):
    """The pattern of the row by which a call does not pass the role in a parameter; None if there is none."""
    qualified = f"{operation.service.segment}.{operation.name}"
    for pattern, row in tables.roles["not_passed"].items():
        if fnmatchcase(qualified, pattern) and any(fnmatchcase(path, parameter) for parameter in row["parameters"]):
            return pattern
    return None


def takers(segment, operation, tables):
    """The services that an operation passes roles to, if they are others than those of its segment; else None."""
    row = tables.roles["passed_to"].get(f"{segment}.{operation}")
    return row and row["to"]


def problems(built, models, tables):
    """Segments whose calls take a role without a row about who takes it, and rows that nothing needs."""
    passed_to, unverified = tables.roles["passed_to"], tables.roles["unverified"]
    passing, inherits = {}, set()
    for service in built:
        for entry in service.entries:
            if entry.roles or entry.possible:
                passing.setdefault(service.segment, set()).add(entry.name)
                if f"{service.segment}.{entry.name}" not in passed_to:
                    inherits.add(service.segment)
    for segment in sorted(passing):
        if (segment in passed_to) == (segment in unverified):
            yield f"roles.toml: {segment} needs one row, in passed_to or in unverified"
    for key, row in passed_to.items():
        segment, _, name = key.partition(".")
        if name and (segment not in passing or name not in passing[segment]):
            yield f"roles.toml: {key} passes no role"
        elif name and row["to"] == passed_to.get(segment, {}).get("to"):
            yield f"roles.toml: {key} says what its segment's row says"
        elif not name and segment not in inherits:
            yield f"roles.toml: {segment} passes no role"
        if not row["page"].startswith(("list_", "https://docs.aws.amazon.com/")):
            yield f"roles.toml: {key} has no page of AWS"
        if any(not service.endswith(".amazonaws.com") for service in row["to"]):
            yield f"roles.toml: {key} names no service"
    for segment in unverified:
        if segment not in passing:
            yield f"roles.toml: {segment} passes no role"
    used = set()
    for service in models.values():
        for operation in service.operations.values():
            if not _NEVER.match(operation.name):
                used |= {not_passed(operation, path, tables) for path, member in _texts(operation)}
    for pattern in tables.roles["not_passed"]:
        if pattern not in used:
            yield f"roles.toml: no parameter of {pattern} would be passed"


def _is_role(member):
    if "iam" in member.pattern and ":role" in member.pattern or re.search(r"arn:.*role/", member.pattern):
        return True
    if re.search(r"(?i)rolearns?$", member.name):
        return True
    if re.search(r"(?i)(roles?|rolename)$", member.name):
        text = re.sub(r"<[^>]+>", " ", member.text)
        return bool(re.search(r"(?i)\b(IAM|Identity and Access Management|execution|service)\s+(service\s+)?role", text))
    return False
