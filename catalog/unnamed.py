"""Keys of AWS KMS that no parameter names: exceptions/unnamed.toml says which data may be under one."""

import rows


def of(operation, tables):
    """The rows of an operation."""
    qualified = f"{operation.service.segment}.{operation.name}"
    return [row for row in tables.unnamed["unnamed"] if qualified in row["operations"]]


def problems(models, tables, sources):
    """Rows that are wrong."""
    for row in tables.unnamed["unnamed"]:
        where = f"unnamed.toml: {', '.join(row['operations'])}"
        if not {"operations", "actions", "page"} <= row.keys() <= {"operations", "actions", "page", "via", "when"}:
            yield f"{where}: a row has operations, actions and a page, and may have via and when"
            continue
        for action in row["actions"]:
            if sources.spelling.get(f"kms:{action}".lower()) != f"kms:{action}":
                yield f"{where}: there is no kms:{action}"
        for qualified in row["operations"]:
            operation = rows.operation(qualified, models)
            if operation is None:
                yield f"{where}: there is no operation {qualified}"
            else:
                yield from (f"{where}: {problem}" for problem in rows.conditions(operation, row.get("when", ())))
