"""Resource types that AWS's page has for an action and the pinned data lacks: `listed` of exceptions/types.toml."""


def apply(tables, sources):
    """Adds the types; says which rows are wrong, or needed no longer."""
    problems = []
    for row in tables.types["listed"]:
        for action in row["actions"]:
            prefix, name = action.split(":")
            known = sources.actions.get(prefix, {}).get(name.lower())
            if known is None:
                problems.append(f"types.toml: listed: there is no action {action}")
                continue
            types = [kind.lower() for kind in row["types"]]
            had = {kind for kind, _ in known.resource_types}
            problems += [f"types.toml: listed: there is no type {t}" for t in types if t not in sources.resource_types[prefix]]
            problems += [f"types.toml: listed: {action} has the type {t} by now; take it out" for t in types if t in had]
            required = any(needed for _, needed in known.resource_types)
            known.resource_types = [*known.resource_types, *((t, required) for t in types)]
    return problems
