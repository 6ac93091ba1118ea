"""Parameters that hold a role which the call passes to a service."""

import re

_NEVER = re.compile(
    r"^(Get|List|Describe|Delete|Cancel|Assume|Disassociate|Respond|BatchGet|Search|Test|Decode)(?=[A-Z]|$)"
)
_NO_PREFIXES = {"iam", "sts", "sso", "sso-oauth", "signin", "organizations", "identitystore"}


def parameters(operation, prefix):
    """Paths of the role parameters, up to three levels down, in the model's order."""
    if _NEVER.match(operation.name) or prefix in _NO_PREFIXES:
        return []
    top = [(m.path, m) for m in operation.members.values() if m.textual]
    return [path for path, member in top + operation.nested if _is_role(member)]


def _is_role(member):
    if "iam" in member.pattern and ":role" in member.pattern or re.search(r"arn:.*role/", member.pattern):
        return True
    if re.search(r"(?i)rolearns?$", member.name):
        return True
    if re.search(r"(?i)(roles?|rolename)$", member.name):
        text = re.sub(r"<[^>]+>", " ", member.text)
        return bool(re.search(r"(?i)\b(IAM|Identity and Access Management|execution|service)\s+(service\s+)?role", text))
    return False
