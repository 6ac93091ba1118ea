"""How exactly an operation's resource is known; the numbers of the coverage report."""

import re

import templates
from making import CREATING, creates, norm

# Worst first.
ORDER = ["unknown", "hidden", "partial", "created", "listed", "optional", "full", "arn", "constant", "any", "none"]
# Readers (README.md) that make more of a parameter than the variable that it fills.
WHOLE = {"taskdefinition"}
EXACT = {"full", "arn", "constant", "any", "optional", "none"}


def of_target(target, operation):
    variables = templates.variables(target.template)
    if target.whole and target.source["$arn"] != "either":
        return "arn"
    if not variables:
        return "constant"
    if not target.unbound or _is_read_whole(target):
        return "full"
    if variables[-1] in target.unbound and (target.without == "created" or creates(operation, target)):
        return "created"
    if re.match(r"(List|Describe|Search|BatchGet|Get\w+s$)", operation.name) and not _names_one(operation, target):
        return "listed"
    if target.whole:
        return "hidden"
    return "partial" if target.bound else "hidden"


def _is_read_whole(target):
    """Whether a reader makes the whole ARN of what one parameter holds: of "family:revision" both parts."""
    return any(path.split("|")[-1] in WHOLE for paths in target.holes.values() for path in paths)


def _names_one(operation, target):
    """Whether some parameter may say which resource of the type is meant, though not by what its ARN holds."""
    used = {p.split("|")[0] for paths in [*target.holes.values()] for p in paths}
    return any(
        m.textual and m.path not in used and norm(m.name) not in _NEVER
        and re.search(r"(?i)(id|ids|name|names|arn|arns|identifier|identifiers)$", m.name)
        for m in operation.members.values()
    )  # fmt: skip


# Parameters of list calls that choose an account, a page or a retry, never a resource.
_NEVER = {"awsaccountid", "accountid", "accountids", "requestid", "ownerid", "transactionid", "principalid"}


def of_action(targets, operation):
    if not targets:
        return "any"
    required = [t for t in targets if t.required]
    if not required:
        return "optional" if not any(t.bound for t in targets) else of_worst([t for t in targets if t.bound], operation)
    bound = [t for t in required if t.bound or not templates.variables(t.template)]
    if bound and not CREATING.match(operation.name):
        return of_worst(bound, operation)
    return of_worst(required, operation)


def of_worst(targets, operation):
    return min((of_target(t, operation) for t in targets), key=ORDER.index)
