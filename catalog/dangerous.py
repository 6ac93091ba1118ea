"""Which actions must not be allowed on more than the resources that a call names: exceptions/dangerous.toml."""

from fnmatch import fnmatchcase


def patterns(tables):
    """The patterns of the table with their reasons, sorted."""
    rows = tables.dangerous["dangerous"]
    return sorted((pattern, row["why"]) for row in rows for pattern in row["actions"])


def is_dangerous(action, tables, sources):
    """Whether an action, "prefix:Name" as the authorization data spell it, is in the table."""
    prefix, name = action.split(":")
    known = sources.actions.get(prefix, {}).get(name.lower())
    by_level = known is not None and known.level in tables.dangerous["levels"]
    return by_level or any(fnmatchcase(action, pattern) for pattern, _ in patterns(tables))
