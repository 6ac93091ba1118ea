"""What the tables of exceptions/ have in common: operations by their qualified names, and conditions."""

import re


def operation(qualified, models):
    """The operation "segment.Name"; None if there is none."""
    segment, _, name = qualified.partition(".")
    service = models.get(segment)
    return service and service.operations.get(name)


def parameter(condition):
    """The parameter that a condition is about."""
    return re.match(r"!?([^=~:^]+)", condition)[1]


def conditions(operation, texts):
    """Parameters that conditions name and the operation lacks, as sentences."""
    for text in texts:
        for path in parameter(text).split(","):
            if operation.find(path) is None:
                yield f"{operation.name} has no {path}"
