"""ARN templates of the authorization data."""

import re

# Names under which the fields for partition, region and account appear; everything else is a variable to fill.
ENVIRONMENT = {
    "Partition": "Partition",
    "Region": "Region",
    "Account": "Account",
    "AccountId": "Account",
    "ManagementAccountId": "Account",
    "VpcOwnerAccount": "Account",
}

HOLE = re.compile(r"\$\{([^}]+)\}")


def split(template):
    """A row may hold two ARNs; environment fields get one spelling."""
    return [_canonical(part) for part in template.split(", ")]


def _canonical(template):
    fields = template.split(":", 5)
    head = [HOLE.sub(lambda m: "${" + ENVIRONMENT.get(m[1], m[1]) + "}", field) for field in fields[:5]]
    return ":".join(head + fields[5:])


def variables(template):
    """Variables to fill, in order."""
    fields = template.split(":", 5)
    found = [v for v in HOLE.findall(":".join(fields[:5])) if v not in ENVIRONMENT.values()]
    return found + HOLE.findall(fields[5])


def lead(template, variable):
    """The letters with a hyphen right before a variable, which AWS has in the value too: "p-" of p-${PolicyId}."""
    found = re.search(r"(?:^|[:/])([a-z]+-)\$\{" + re.escape(variable) + r"\}", template)
    return found[1] if found else ""


def literals(template):
    """Service and the literals of the resource part: ("states", ["stateMachine"])."""
    fields = template.split(":", 5)
    parts = re.split(r"[:/]", HOLE.sub("", fields[5]))
    return fields[2], [part for part in parts if re.search(r"[A-Za-z]", part)]


def well_formed(template):
    return bool(
        re.fullmatch(
            r"arn:\$\{Partition\}:[a-z0-9-]*(\$\{\w+\})?:(\$\{Region\}|[a-z0-9-]*|\*):"
            r"(\$\{\w+\}|[a-z0-9-]*|\*):\S+( \S+)*",
            template,
        )
    )
