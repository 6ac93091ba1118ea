"""Coverage, and what a build changed."""

import re

from classify import EXACT

COLUMNS = ["exact", "type", "partial", "hidden", "unknown"]


def coverage(services):
    """The coverage file: how much of the catalogue is settled, in numbers that tests watch."""
    rows = [
        "# How much is settled. Made by catalog/build; tests/it/sdk_catalog.rs watches the numbers.",
        "# actions: from data, rule or checked exception. exact: the ARN, a constant, or nothing to narrow by.",
        "# type: a wildcard of the type is all that a policy can have: the service gives the id, or the call lists the type.",
        "# partial, hidden: part of the ARN, or all of it, is known to the service alone. unknown: assumed actions.",
        f"{'scope':<8} services operations actions " + " ".join(COLUMNS),
    ]
    modelled = [s for s in services if s.status != "retired" and s.entries]
    for scope, chosen in (("all", modelled), ("listed", [s for s in modelled if s.status == "listed"])):
        entries = [e for s in chosen for e in s.entries]
        settled = sum(e.rule not in ("assumed", "closed") for e in entries)
        counts = dict.fromkeys(COLUMNS, 0)
        for entry in entries:
            counts[column(entry.grade)] += 1
        share = " ".join(f"{100 * counts[c] / len(entries):.2f}" for c in COLUMNS)
        rows.append(f"{scope:<8} {len(chosen)} {len(entries)} {100 * settled / len(entries):.2f} {share}")
    rules = {}
    for service in modelled:
        for entry in service.entries:
            rules[entry.rule] = rules.get(entry.rule, 0) + 1
    rows += ["", "# Operations by the rule that settled their actions."]
    rows += [f"{rule:<10} {count}" for rule, count in sorted(rules.items(), key=lambda r: -r[1])]
    return "\n".join(rows) + "\n"


def column(grade):
    return "exact" if grade in EXACT else {"created": "type", "listed": "type"}.get(grade, grade)


def changes(old, new):
    """What differs between two catalogue texts, as lines for a person."""
    before, after = _parse(old), _parse(new)
    lines = []
    for segment in sorted(before.keys() | after.keys()):
        if segment not in before or segment not in after:
            sign, rows = ("+", after[segment]) if segment not in before else ("-", before[segment])
            lines.append(f"{sign} service {segment} ({len(rows) - 1} operations)")
            continue
        one, other = before[segment], after[segment]
        for name in sorted(one.keys() | other.keys()):
            if name not in one or name not in other:
                lines.append(f"{'+' if name not in one else '-'} {segment}.{name or 'head'}")
            elif one[name] != other[name]:
                what = "actions" if _actions(one[name]) != _actions(other[name]) else "bindings"
                lines.append(f"~ {segment}.{name or 'head and types'}: {what}")
    return lines


def _parse(text):
    """segment -> operation -> its lines; the service's head and types are under the empty name."""
    found, rows = {}, None
    for line in text.splitlines():
        if line.startswith("service "):
            rows = found.setdefault(line.split()[1], {"": [line]})
            name = ""
        elif rows is not None:
            operation = re.fullmatch(r" (?!type )([A-Za-z0-9]\S*).*", line)
            name = operation[1] if operation else name
            rows.setdefault(name, []).append(line)
    return found


def _actions(rows):
    return [rows[0], *(row for row in rows if row.startswith("  +"))]
