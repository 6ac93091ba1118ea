"""Actions that the authorization data wants beside an operation's own: exceptions/dependents.toml says what becomes of each."""

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

import tagging
import templates
from bind import Foreign
from making import CREATING, norm
from dangerous import is_dangerous

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

# Without a required type an action has so many optional ones at most that all of them are granted.
_FEW = 4


@dataclass
class Dependent:
    action: str
    kind: str  # dependent, tag, told, none or service-linked-role
    when: list = field(default_factory=list)  # conditions, all of which hold
    targets: list = field(default_factory=list)  # bind.Target
    arn: str = ""  # an ARN expression instead of targets
    confidence: str = "medium"
    decided: bool = False  # granted only where known values fulfil the conditions
    why: str = ""  # the rule's reason, or its page
    rule: int = None  # the number of the rule


@dataclass
class _Facts:
    """What the rules ask of an action."""

    action: str
    level: str
    dangerous: bool
    condition: list  # parameters of which one has to be given; or ready conditions
    subject: bool  # it is about something that a parameter could name, and none does
    targets: list
    keys: list  # parameters with the KMS key

    @property
    def bound(self):
        return any(t.bound for t in self.targets) or bool(self.keys)


def of(operation, actions, binder, sources, tables):
    """Dependents of an operation's actions, those included that are not needed. iam:PassRole is left to the role parameters."""
    qualified = f"{operation.service.segment}.{operation.name}"
    given = {row["action"] for row in tables.grants.get(qualified, ())}
    prefixes = {a.split(":")[0] for a in actions}
    found, own = [], {a.lower() for a in actions}
    for action in actions:
        for _, name in sources.dependents.get(action.lower(), ()):
            known = sources.spelling.get(name.lower())
            if known is None or name.lower() in own or known == "iam:PassRole" or known in given:
                continue
            own.add(name.lower())
            found.append(_settled(operation, known, prefixes, action.split(":")[0], binder, sources, tables))
    found += _tagging_by_family(operation, actions, own, given, sources, tables)
    return sorted(found, key=lambda d: d.action)


def _settled(operation, action, prefixes, prefix, binder, sources, tables):
    service, name = action.split(":")
    if action == "iam:CreateServiceLinkedRole":
        return Dependent(action, "service-linked-role", why="only the first call in an account")
    facts = _facts(operation, action, prefixes, prefix, binder, sources, tables)
    if service == prefix and _TAGGING.match(name):
        tags = tagging.parameters(operation, tables)
        # RDS copies tags whether or not the call gives some; what a deletion tags is its last snapshot, by a row.
        if tags or prefix == "rds" and not operation.name.startswith("Delete"):
            return Dependent(action, "tag", [",".join(tags)] if tags and prefix != "rds" else [], why="tags")
    for number, row in enumerate(tables.dependents["rule"]):
        when = _fits(row, operation, facts)
        if when is None:
            continue
        kind = {"granted": "dependent", "told": "told", "none": "none"}[row["outcome"]]
        why = row.get("page", row.get("why", ""))
        if "why" in row and "page" in row:
            why = f"{row['why']}; {row['page']}"
        decided = facts.dangerous and kind == "dependent" and bool(when)
        dependent = Dependent(action, kind, when, decided=decided, why=why, rule=number)
        _place(dependent, row, operation, facts)
        if kind == "dependent" and not dependent.arn and not dependent.targets and binder.types_of(action):
            dependent.kind, dependent.why = "told", "no parameter says on which of its many resource types"
        return dependent
    raise SystemExit(f"{operation.service.segment}.{operation.name}: no rule for {action}")


def _fits(row, operation, facts):
    """The conditions of a rule if it fits, else None."""
    qualified = f"{operation.service.segment}.{operation.name}"
    if not any(fnmatchcase(qualified, pattern) for pattern in row["operations"]):
        return None
    if not any(fnmatchcase(facts.action, pattern) for pattern in row["actions"]):
        return None
    answers = {
        "levels": facts.level in row.get("levels", [facts.level]),
        "dangerous": facts.dangerous == row.get("dangerous", facts.dangerous),
        "bound": facts.bound == row.get("bound", facts.bound),
        "decided": bool(facts.condition) == row.get("decided", bool(facts.condition)),
        "subject": facts.subject == row.get("subject", facts.subject),
    }
    if not all(answers.values()):
        return None
    if row.get("decided"):
        return [",".join(facts.condition)]
    conditions = []
    for text in row.get("when", ()):
        text = text.replace("{service}", facts.action.split(":")[0])
        sign, paths, rest = re.fullmatch(r"(!?)([^=~:^]+)(.*)", text).groups()
        known = [p for p in paths.split(",") if operation.find(p)]
        if known:
            conditions.append(sign + ",".join(known) + rest)
        elif not sign:
            return None
    return conditions


def _place(dependent, row, operation, facts):
    """On what: the row's ARN, the parameters' key, or the action's resource types as for own actions."""
    if "arn" in row:
        dependent.arn = templates.HOLE.sub(lambda hole: _existing(hole, operation), row["arn"])
    elif facts.keys:
        keys = ",".join(f"{path}|kmskey" for path in facts.keys)
        dependent.arn = "arn:${Partition}:kms:${Region}:${Account}:key/${" + keys + "}"
    else:
        dependent.targets = facts.targets


def _existing(hole, operation):
    if hole[1] in templates.ENVIRONMENT.values():
        return hole[0]
    paths = [p for p in hole[1].split(",") if operation.find(p.split("|")[0])]
    return "${" + ",".join(paths) + "}"


def _facts(operation, action, prefixes, prefix, binder, sources, tables):
    service, name = action.split(":")
    condition, subject, keys = _condition(operation, action, prefix)
    foreign = None if service in prefixes else Foreign(tables.dependents["binding"])
    return _Facts(
        action=action,
        level=sources.actions[service][name.lower()].level,
        dangerous=is_dangerous(action, tables, sources),
        condition=condition,
        subject=subject,
        targets=few(binder.targets(operation, action, foreign=foreign)),
        keys=keys,
    )


def few(targets):
    """Without a required type, and with no parameter that fills an optional one, the optional ones count if they are few."""
    if any(t.required or t.bound for t in targets):
        return [t for t in targets if t.required or t.bound]
    wanted = [t for t in targets if not t.type.startswith("accesspoint")]
    for target in wanted:
        target.required = True
    return wanted if len(wanted) <= _FEW else []


def _condition(operation, action, prefix):
    """(parameters that decide, whether the action is about what no parameter names, parameters with the key)."""
    service, name = action.split(":")
    for subject, parameter in _SUBJECTS:
        if subject.match(action):
            return _on_subject(operation, action, parameter)
    # What the action is about, as a parameter: lambda:PassCapacityProvider and CapacityProviderConfig.
    noun = norm(re.sub(r"^[A-Z][a-z]+", "", name))
    return [m.name for m in operation.members.values() if len(noun) >= 6 and noun in norm(m.name)], False, []


def _on_subject(operation, action, parameter):
    members = [m for m in operation.members.values() if parameter.search(m.name)]
    if action.startswith("secretsmanager:"):
        members = [m for m in members if "ManageMasterUserPassword" in m.name] or members
    paths = [m.path for m in members] or [path for path, m in operation.nested if parameter.search(m.name)][:3]
    if not paths:
        return [], True, []
    keys = []
    if action.startswith("kms:"):
        keys = [m.path for m in members if m.textual and re.search(r"(?i)(key|keyid|keyarn|keyidentifier)$", m.name)]
    return paths, False, keys


def _tagging_by_family(operation, actions, own, given, sources, tables):
    """The tagging action of a call with a tags parameter that the authorization data does not list: that of a row of
    exceptions/tags.toml, else that of its family if the call creates something.

    Most services check it; those that do not lose nothing by a grant on what the call creates.
    """
    tags, made = tagging.parameters(operation, tables), CREATING.match(operation.name)
    named = tagging.action(operation, tables) if tags else None
    if named:
        return [] if named in given or named.lower() in own else [Dependent(named, "tag", [",".join(tags)], why="tags")]
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
            return [] if action in given else [Dependent(action, "tag", [",".join(tags)], confidence="low", why="tags")]
    return []
