"""Which types of resources a call makes, so that nothing names them yet, read from the operation's name."""

import re

CREATING = re.compile(
    r"^(Create|BatchCreate|Run|Allocate|Import|Register|Request|Copy|Restore|Start|Purchase|Launch|Provision|Upload"
    r"|Clone|Issue|Submit|Invite|Generate|Schedule|Open|Add|Put|Publish|Build|Initiate|Associate)(?=[A-Z]|$)"
)
# What follows the noun in the name of a creating operation; a site-to-site attachment is one noun.
_BEHIND = re.compile(r"(?<=[a-z0-9])(?<!Site)(From|To|With|Using|For|In|By)(?=[A-Z]).*$")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def norm(name):
    return re.sub(r"[^a-z0-9]", "", name.lower())


def made(operation, kinds, strictly=False):
    """Those of the types that the call makes.

    The last type in the operation's name is made; what comes before it is what it belongs to: CreateDBSnapshot makes a
    snapshot and no db. Where the name ends in no type, as in LocationEfs, any type in it may be made, but not `strictly`.
    """
    found = CREATING.match(operation.name)
    if not found:
        return set()
    noun = operation.name[found.end() :]
    if found[0] == "Associate":
        return {kind for kind in kinds if norm(kind) == norm(noun) + "association"}
    whole = {kind for kind in kinds if norm(kind) == norm(noun)}
    noun = _BEHIND.sub("", noun)
    heads = {kind: _words_at_end(noun, _versionless(norm(kind))) for kind in kinds}
    longest = max(heads.values(), default=0)
    if whole or longest or strictly:
        return whole or {kind for kind, words in heads.items() if words and words == longest}
    begun = norm(operation.name[found.end() :])
    return {kind for kind in kinds if norm(kind) in norm(noun) or len(begun) >= 8 and norm(kind).startswith(begun)}


def creates(operation, target):
    """Whether the call makes what the target stands for."""
    return norm(target.type) in made(operation, target.kinds)


def _words_at_end(noun, kind):
    """How many words at the end of the noun are the type; 0 where it does not end in it."""
    words = [word.lower() for word in _WORD.findall(_versionless(noun))]
    # Types of some services are plurals, or end in a word that says no more than that they are types.
    forms = {form for one in (kind, re.sub(r"(?<=.{4})resource$", "", kind)) for form in (one, one + "s", one + "es", re.sub("y$", "ies", one))}
    forms |= {re.sub("ies$", "y", kind), re.sub("es$", "", kind), re.sub("s$", "", kind)}
    return next((len(words) - first for first in range(len(words)) if kind and "".join(words[first:]) in forms), 0)


def _versionless(kind):
    return re.sub(r"(?i)v[0-9]+$", "", kind)
