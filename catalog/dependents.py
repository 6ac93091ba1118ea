"""Actions that the authorization data wants beside an operation's own, and when they are needed."""

import re
from dataclasses import dataclass, field

from bind import CREATING, norm

# Subject of a dependent action -> what the name of a parameter on that subject looks like.
_SUBJECTS = [
    (re.compile(r"^kms:"), re.compile(r"(?i)kms|encryption")),
    (re.compile(r"^ec2:.*(Network|Subnet|Vpc|SecurityGroup)"), re.compile(r"(?i)subnet|vpc|securitygroup|network")),
    (re.compile(r"^ec2:Describe"), re.compile(r"(?i)subnet|vpc|securitygroup|network")),
    (re.compile(r"^s3:"), re.compile(r"(?i)s3|bucket")),
    (re.compile(r"^secretsmanager:"), re.compile(r"(?i)secret|ManageMasterUserPassword")),
    (re.compile(r"^logs:"), re.compile(r"(?i)log")),
]  # fmt: skip
_TAGGING = re.compile(r"^(Tag|AddTags|CreateTags)")
_TAGS = re.compile(r"(?i)^(tags?|tag_?list|tag_?set|tagspecifications?|.*tags)$")


@dataclass
class Dependent:
    action: str
    kind: str  # dependent, tag, advice or service-linked-role
    when: list = field(default_factory=list)  # member paths of which one has to be given; none: always
    keys: list = field(default_factory=list)  # the parameters with the KMS key
    confidence: str = "medium"


def of(operation, actions, sources, tables):
    """Dependents of an operation's actions. iam:PassRole is left to the role parameters."""
    qualified = f"{operation.service.segment}.{operation.name}"
    given = {row["action"] for row in tables.grants.get(qualified, ())}
    rows = tables.dependents.get(qualified, {})
    found, own = [], {a.lower() for a in actions}
    for action in actions:
        for _, name in sources.dependents.get(action.lower(), ()):
            known = sources.spelling.get(name.lower())
            if known is None or name.lower() in own or known == "iam:PassRole" or known in given:
                continue
            own.add(name.lower())
            dependent = _classify(operation, known, action.split(":")[0])
            if known in rows:
                dependent.kind, dependent.when = "dependent", rows[known]
            found.append(dependent)
    found += _tagging_by_family(operation, actions, own, given, sources)
    return sorted(found, key=lambda d: d.action)


def _classify(operation, action, prefix):
    service, name = action.split(":")
    if action == "iam:CreateServiceLinkedRole":
        return Dependent(action, "service-linked-role")
    if service == prefix and _TAGGING.match(name):
        tags = _tags(operation)
        if prefix == "rds":
            # RDS copies tags whether or not the call gives some.
            return Dependent(action, "tag")
        return Dependent(action, "tag", tags) if tags else Dependent(action, "advice")
    for subject, parameter in _SUBJECTS:
        if subject.match(action):
            return _on_subject(operation, action, parameter)
    if prefix == "servicequotas" and "ServiceCode" in operation.members:
        # The quotas of a service are read through the service.
        return Dependent(action, "dependent", [f"ServiceCode={service}"])
    # What the action is about, as a parameter: lambda:PassCapacityProvider and CapacityProviderConfig.
    noun = norm(re.sub(r"^[A-Z][a-z]+", "", name))
    about = [m.name for m in operation.members.values() if len(noun) >= 6 and noun in norm(m.name)]
    return Dependent(action, "dependent", about)


def _on_subject(operation, action, parameter):
    members = [m for m in operation.members.values() if parameter.search(m.name)]
    if action.startswith("secretsmanager:"):
        members = [m for m in members if "ManageMasterUserPassword" in m.name] or members
    paths = [m.path for m in members] or [path for path, m in operation.nested if parameter.search(m.name)][:3]
    if not paths:
        return Dependent(action, "advice")
    keys = []
    if action.startswith("kms:"):
        keys = [m.path for m in members if m.textual and re.search(r"(?i)(key|keyid|keyarn|keyidentifier)$", m.name)]
    return Dependent(action, "dependent", paths, keys)


def _tags(operation):
    return [m.path for m in operation.members.values() if _TAGS.match(m.name)]


def _tagging_by_family(operation, actions, own, given, sources):
    """The tagging action of a creating call with a tags parameter that the authorization data does not list.

    Most services check it; those that do not lose nothing by a grant on what the call creates.
    """
    tags, made = _tags(operation), CREATING.match(operation.name)
    if not tags or not made or not actions:
        return []
    prefix = actions[0].split(":")[0]
    listed = sources.actions.get(prefix, {})
    if any(a.split(":")[0] == prefix and _TAGGING.match(sources.spelling[a].split(":")[1]) for a in own if a in sources.spelling):
        return []
    noun = operation.name[made.end() :].lower()
    for name in ("tagresource", "addtagstoresource", f"tag{noun}", f"addtagsto{noun}", "createtags", "addtags"):
        if name in listed:
            action = f"{prefix}:{listed[name].name}"
            return [] if action in given else [Dependent(action, "tag", tags, confidence="low")]
    return []
