"""Does a member hold only ARNs, or a name as well? Read from the regular expression the model gives it."""

import re


def only_arns(pattern):
    """Whether every alternative of the expression begins with a literal "arn" that cannot be left out."""
    pattern = pattern.strip().removeprefix("^").removesuffix("$")
    alternatives = _alternatives(pattern)
    if len(alternatives) > 1:
        return all(only_arns(part) for part in alternatives)
    if re.match(r"\s*arn\b", pattern) or pattern.startswith("arn"):
        return True
    if pattern.startswith("("):
        end = _closing(pattern)
        inner, rest = pattern[1:end], pattern[end + 1 :]
        if re.match(r"[?*]|\{0", rest):
            return False
        return only_arns(re.sub(r"^\?:", "", inner))
    return False


def _alternatives(pattern):
    parts, depth, start, in_class, i = [], 0, 0, False, 0
    while i < len(pattern):
        c = pattern[i]
        if c == "\\":
            i += 2
            continue
        if in_class:
            in_class = c != "]"
        elif c == "[":
            in_class = True
        elif c == "(":
            depth += 1
        elif c == ")":
            depth -= 1
        elif c == "|" and depth == 0:
            parts.append(pattern[start:i])
            start = i + 1
        i += 1
    return parts + [pattern[start:]]


def _closing(pattern):
    depth, in_class, i = 0, False, 0
    while i < len(pattern):
        c = pattern[i]
        if c == "\\":
            i += 2
            continue
        if in_class:
            in_class = c != "]"
        elif c == "[":
            in_class = True
        elif c == "(":
            depth += 1
        elif c == ")":
            depth -= 1
            if depth == 0:
                return i
        i += 1
    return len(pattern)
