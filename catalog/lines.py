"""A line of an operation: one action with its resources."""

from dataclasses import dataclass, field

import templates


@dataclass
class Line:
    """One action of an operation with its resources."""

    action: str
    kind: str = "main"  # main, dependent, tag, extra, optional, key, told, none or service-linked-role
    confidence: str = "high"
    unlisted: bool = False
    when: list = field(default_factory=list)
    targets: list = field(default_factory=list)  # bind.Target
    arn: str = ""  # an ARN expression instead of targets
    note: str = ""
    passed_to: list = field(default_factory=list)  # values of iam:PassedToService
    via: list = field(default_factory=list)  # the services in kms:ViaService
    where: list = field(default_factory=list)  # conditions of the statement, "KEY=VALUE"
    tagged: list = field(default_factory=list)  # condition key, and the parameters with keys and values, of tags that select
    decided: bool = False  # granted only where known values fulfil the conditions
    why: str = ""  # of a dependent: the reason of the rule that settles it
    rule: int = None  # of a dependent: the number of that rule


def is_on(line, parameter):
    """Whether a parameter names the resource of a line."""
    if line.arn:
        paths = [path for hole in templates.HOLE.findall(line.arn) for path in hole.split(",")]
    else:
        paths = [p for t in line.targets for p in [*t.whole, *(p for some in t.holes.values() for p in some)]]
    return any(path.split("|")[0].split(".")[0].removesuffix("[]") == parameter for path in paths)
