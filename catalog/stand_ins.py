"""Resources of another service in place of an own one, which need that service's actions of the same names: stand_in of texts.toml."""

import rows
from lines import Line, is_on


def add(operation, lines, tables, sources):
    """Adds to the lines of an operation those of what may stand in for its resource."""
    qualified = f"{operation.service.segment}.{operation.name}"
    for row in tables.texts.get("stand_in", ()):
        if qualified in row["operations"]:
            _add(row, lines, sources)


def _add(row, lines, sources):
    is_one, path = f"{row['parameter']}~{row['contains']}", row["parameter"]
    own = [line for line in lines if line.kind in ("main", "error") and is_on(line, path)]
    granted = []
    for line in [line for line in own if line.kind == "main"]:
        when = [*(other for other in line.when if rows.parameter(other) != path), is_one]
        action = f"{row['prefix']}:{line.action.split(':')[1]}"
        if action.lower() in sources.spelling:
            granted.append(Line(action, "extra", when=when, arn=row["arn"], decided=True))
        granted.append(Line(line.action, "told", "medium", when=when, note=row["why"], decided=True))
    granted += [Line(action, "told", "medium", when=[is_one], note=row["why"], decided=True) for action in row.get("told", ())]
    for line in own:
        line.when = [*line.when, f"!{is_one}"]
    lines += granted


def problems(models, tables):
    """Rows that name what does not exist."""
    for row in tables.texts.get("stand_in", ()):
        for qualified in row["operations"]:
            operation = rows.operation(qualified, models)
            if operation is None or operation.find(row["parameter"]) is None:
                yield f"texts.toml: stand_in: {qualified} does not exist, or has no {row['parameter']}"
