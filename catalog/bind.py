"""Which parameter fills which variable of a resource type's ARN template. Every list of rules is tried in order."""

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

import map2022
import patterns
import templates
from making import CREATING, creates, norm

# Variables and members whose name says nothing about the resource.
GENERIC = {"resourceid", "id", "name", "identifier", "uuid", "resourcename", "resourceidentifier", "resource", "key"}
GENERIC_ARN_MEMBERS = [
    "resourcearn", "arn", "resourcearns", "arns", "resourcearnlist", "resource", "resourcename", "resourceid",
    "resourceidentifier", "identifier", "resourceidentifiers", "resources", "resourceids", "taggableresourcearn",
    "entityarn", "resourcearnorid", "id",
]  # fmt: skip
_ENDINGS = ["identifiers", "identifier", "names", "name", "arns", "arn", "uuid", "ids", "id", "key", "url"]


@dataclass
class Target:
    """A resource type of an action with what is known about its ARN."""

    prefix: str
    type: str
    template: str
    required: bool
    presence: str = ""  # "!" counts always, "?" where a parameter fills it; else unless an alternative of its is filled
    without: str = ""  # what it means that no parameter names it: all, created, or nothing
    region: str = ""  # the parameter with its Region, if that is not the state machine's
    owner: str = ""  # the parameter with the account of its owner; with "?", what is no account number is the caller's
    whole: list = field(default_factory=list)  # member paths that hold the ARN
    holes: dict = field(default_factory=dict)  # variable -> [member path with transforms]
    hint: list = field(default_factory=list)  # paths that the map takes for the whole ARN or a name
    source: dict = field(default_factory=dict)  # variable or "$arn" -> rule that bound it
    kinds: frozenset = frozenset()  # the normalised names of all types of its action

    @property
    def unbound(self):
        return [v for v in templates.variables(self.template) if v not in self.holes]

    @property
    def bound(self):
        return bool(self.whole or self.holes)

    @property
    def named(self):
        """Whether parameters can say which resource it is, and not only what it belongs to."""
        variables = templates.variables(self.template)
        return bool(self.whole) or not variables or variables[-1] in self.holes



def stem(name):
    name = norm(name)
    for ending in _ENDINGS:
        if name.endswith(ending) and name != ending:
            return name[: -len(ending)]
    return "" if name in _ENDINGS else name


def _names(pattern, service, literals):
    """Whether the expression spells out the service and the literals of the resource."""
    return bool(re.search(rf"(?<![a-z-]){re.escape(service)}(?![a-z-])", pattern)) and all(
        re.search(rf"(?<![A-Za-z-]){re.escape(literal)}(?![A-Za-z-])", pattern) for literal in literals
    )


def _without_lead(path, lead):
    """A parameter whose value may begin with what the template has before the variable, as in p-${PolicyId}: it counts once."""
    if not lead or path.startswith("=") or f"|after({lead})" in path:
        return path
    return f"{path}|prefix({lead})"


def _mentions_arn(member):
    return "arn" in member.pattern or bool(re.search(r"Amazon Resource Name|\bARNs?\b", member.text))


def unread(line, operation):
    """Types whose ARN has a variable of the name of a parameter that nothing of the line reads, with the parameter."""
    read = {p.split("|")[0] for t in line.targets for p in [*t.whole, *(p for some in t.holes.values() for p in some)]}
    for target in line.targets:
        wanted = {norm(v) for v in target.unbound} - GENERIC
        yield from ((target.type, m.path) for m in operation.members.values() if m.textual and norm(m.name) in wanted and m.path not in read)


class Foreign:
    """Reviewed bindings for the actions of other services; nothing else fills their ARNs."""

    def __init__(self, rows):
        self.rows = rows

    def of(self, operation, prefix, type_name):
        """variable or "$arn" -> paths, with blanks between."""
        found, qualified = {}, f"{operation.service.segment}.{operation.name}"
        for row in self.rows:
            if row["type"].lower() != f"{prefix}/{type_name}":
                continue
            names = {norm(name) for name in row.get("parameters", ())}
            members = [(m.path, m) for m in operation.members.values()] + operation.nested
            paths = [path for path, m in members if m.textual and norm(m.name) in names]
            paths += [path for place, path in row.get("paths", {}).items() if fnmatchcase(qualified, place)]
            if paths:
                found[row["variable"]] = " ".join(paths)
        return found


class Binder:
    def __init__(self, tables, sources, mapped):
        self.tables, self.sources, self.mapped = tables, sources, mapped
        self.learned = {}  # (prefix, variable) -> paths that the map uses for it, most frequent first
        self.owners = {}  # (prefix, "segment.Operation") -> the rows of the bindings table that fit, the narrower last
        self.patterns = {}  # segment -> the owners of the bindings table that are patterns
        for owner in tables.bindings:
            if "*" in owner:
                self.patterns.setdefault(owner.split(".")[0], []).append(owner)
        self._learn()

    def types_of(self, action):
        """(resource type, required) of an action."""
        prefix, name = action.split(":")
        known = self.sources.actions.get(prefix, {}).get(name.lower())
        return known.resource_types if known else []

    def _parts(self, operation, prefix, type_name):
        """The ARN templates of a type, in the form that the operation's service has for it."""
        parts = templates.split(self.sources.resource_types.get(prefix, {}).get(type_name, ""))
        for row in self.tables.types["form"]:
            if operation.service.segment in row["services"] and "separator" in row:
                parts = [part for part in parts if ("/" in part.split(":", 5)[5]) == (row["separator"] == "/")]
            if operation.service.segment in row["services"] and row.get("prefix", prefix) == prefix and type_name in row.get("without", ()):
                return []
        return parts

    def _of_form(self, operation, prefix, rows):
        """The types of an action that the operation's service has; what is left is required where all that is required is not."""
        kept = [(name, required) for name, required in rows if self._parts(operation, prefix, name)]
        lost = any(required for _, required in rows) and not any(required for _, required in kept)
        return [(name, required or lost) for name, required in kept]

    def targets(self, operation, action, types=None, bind=None, foreign=None):
        """Targets of one action. `types` narrows or replaces the action's own types, `bind` comes before every rule; `foreign`
        is for an action of another service."""
        prefix = action.split(":")[0]
        rows = self.types_of(action)
        if types is not None:
            rows = [(t, True) for t in types]
        rows = self._of_form(operation, prefix, rows)
        if foreign:
            return [t for name, required in rows for t in [self._foreign(operation, prefix, name, required, foreign)] if t]
        maps = self._map_rows(operation, action)
        found, used = [], set()
        kinds = frozenset(norm(t) for t, _ in rows)
        named = {t: self._named_members(operation, prefix, t) for t, _ in rows}
        for type_name, required in rows:
            # A member named like another type's variable is that type's.
            taken = used | {p for t, paths in named.items() if t != type_name for p in paths - named[type_name]}
            candidates = [
                self._target(operation, prefix, type_name, part, required, bind or {}, maps, taken, kinds)
                for part in self._parts(operation, prefix, type_name)
            ]
            best = max(candidates, key=lambda t: (bool(t.whole), not t.unbound, len(t.holes), -len(t.unbound)))
            found.append(best)
            if not best.whole:
                used |= {p for paths in best.holes.values() for p in paths}
        return found

    def _foreign(self, operation, prefix, type_name, required, foreign):
        template = self.sources.resource_types.get(prefix, {}).get(type_name)
        if not template:
            return None
        explicit = foreign.of(operation, prefix, type_name)
        candidates = []
        for part in templates.split(template):
            target = Target(prefix, type_name, part, required)
            if "$arn" in explicit:
                self._set_whole(target, operation, explicit["$arn"], "table")
            for variable in templates.variables(part):
                if variable in explicit:
                    target.holes[variable] = self._exact(operation, explicit[variable])
                    target.source[variable] = "table"
            candidates.append(target)
        return max(candidates, key=lambda t: (bool(t.whole), len(t.holes)))

    def _target(self, operation, prefix, type_name, template, required, bind, maps, used, kinds):
        target = Target(prefix, type_name, template, required, kinds=kinds)
        explicit = self._explicit(operation, prefix, type_name) | bind
        variables = templates.variables(template)
        if explicit.get("$arn"):
            self._set_whole(target, operation, explicit["$arn"], "table")
        if explicit.get("$either"):
            self._set_whole(target, operation, explicit["$either"], "either")
        if not target.whole and explicit.get("$arn", True) is not False:
            self._whole(target, operation, variables, maps, explicit)
        either = target.whole and target.source["$arn"] == "either"
        if not target.whole or either or not self._required(operation, target.whole[0]):
            # Equal names first, so that BrokerId fills BrokerId and not BrokerName before it.
            for variable in variables:
                self._named(target, operation, variable, explicit)
            for variable in target.unbound:
                self._variable(target, operation, variable, variables, explicit, maps, used, kinds)
        self._creation(target, operation, variables, explicit)
        if variables and variables[-1] in target.unbound and not target.whole and not creates(operation, target):
            if explicit.get("$arn", True) is not False and explicit.get(variables[-1], True) is not False:
                self._either(target, operation, variables)
        if target.whole and target.unbound and target.source["$arn"] != "either":
            # Names that do not make a full ARN are an alternative to the ARN itself if they are those of its variables.
            target.holes = {v: paths for v, paths in target.holes.items() if target.source[v] in ("name", "table")}
        for variable, paths in target.holes.items():
            target.holes[variable] = [_without_lead(path, templates.lead(template, variable)) for path in paths]
        return target

    def _named_members(self, operation, prefix, type_name):
        template = self.sources.resource_types.get(prefix, {}).get(type_name, "arn:::::")
        wanted = {norm(v) for part in templates.split(template) for v in templates.variables(part)} - GENERIC
        return {m.path for m in operation.members.values() if m.textual and norm(m.name) in wanted}

    # -- whole ARN -----------------------------------------------------------------------------------------------

    def _whole(self, target, operation, variables, maps, explicit):
        kind, last = norm(target.type), stem(variables[-1]) if variables else ""
        members = [m for m in operation.members.values() if m.textual]
        for whole, _ in maps:
            if target.type in whole:
                paths = [p for p in whole[target.type] if self._exists(operation, p)]
                holders = [operation.find(p.split("|")[0])[0] for p in paths]
                if paths and all(self._holds_arns(m, operation) for m in holders):
                    self._set_whole(target, operation, " ".join(paths), "map-arn")
                    return
                # A parameter that takes a name as well fills the template's last variable.
                target.hint = paths
        arns = [m for m in members if re.search(r"(?i)arns?$", m.name)]
        by_name = [m for m in arns if stem(m.name) and stem(m.name) in (kind, last)]
        by_name = by_name or [
            m for m in arns if m.required and len(stem(m.name)) >= 7 and kind.endswith(stem(m.name))
        ]
        qualified = [m for m in arns if m.required and len(kind) >= 4 and stem(m.name).endswith(kind)]
        by_name = by_name or (qualified if len(qualified) == 1 else [])
        if by_name:
            self._set_whole(target, operation, by_name[0].path, "arn-name")
            return
        service, literals = templates.literals(target.template)
        if literals:
            for member in members:
                named = stem(member.name)
                fits = named in ("", kind, last) or norm(member.name) in GENERIC or kind.endswith(named)
                fits = fits or re.search(rf":\(?{re.escape(literals[0])}[/:]", member.pattern)
                if fits and patterns.only_arns(member.pattern) and _names(member.pattern, service, literals):
                    self._set_whole(target, operation, member.path, "arn-pattern")
                    return
        # An ARN of no particular kind beside the type's own names is another resource's.
        named = {norm(m.name) for m in members}
        if variables and all(norm(v) in named - GENERIC for v in variables):
            return
        for generic in GENERIC_ARN_MEMBERS:
            for member in members:
                if norm(member.name) == generic and self._holds_arns(member, operation):
                    self._set_whole(target, operation, member.path, "arn-generic")
                    return
        for member in members:
            if stem(member.name) == kind and self._holds_arns(member, operation):
                self._set_whole(target, operation, member.path, "arn-shape")
                return

    def _either(self, target, operation, variables):
        """A member that takes a name or an ARN, where the name is not what the ARN carries: only an ARN is of use."""
        kind, last = norm(target.type), stem(variables[-1]) if variables else ""
        for member in operation.members.values():
            if member.textual and stem(member.name) in (kind, last) and stem(member.name) and _mentions_arn(member):
                self._set_whole(target, operation, member.path, "either")
                return

    def _set_whole(self, target, operation, text, source):
        paths = self._exact(operation, text)
        if paths:
            target.whole, target.source["$arn"] = paths, source
        return bool(paths)

    @staticmethod
    def _holds_arns(member, operation):
        """Whether the member holds ARNs and nothing else."""
        if re.search(r"(?i)arns?(list)?$", member.name):
            return True
        if patterns.only_arns(member.pattern):
            return True
        # The tagging calls of older services take an ARN in a member called ResourceName or ResourceId.
        return bool(re.search(r"Tag", operation.name) and re.search(r"Amazon Resource Name|\bARNs?\b", member.text))

    # -- single variables ----------------------------------------------------------------------------------------

    def _named(self, target, operation, variable, explicit):
        value = {norm(k): v for k, v in explicit.items()}.get(norm(variable))
        if value:
            paths = [value] if value.startswith("=") else self._exact(operation, value)
            if paths:
                target.holes[variable], target.source[variable] = paths, "table"
        elif value is None and norm(variable) not in GENERIC:
            for member in operation.members.values():
                if member.textual and norm(member.name) == norm(variable) and member.path not in target.whole:
                    target.holes[variable], target.source[variable] = [member.path], "name"
                    return

    def _variable(self, target, operation, variable, variables, explicit, maps, used, kinds):
        if {norm(k): v for k, v in explicit.items()}.get(norm(variable)) is False:
            return
        mine = {p.split("|")[0] for paths in [target.whole, *target.holes.values()] for p in paths}
        members = [m for m in operation.members.values() if m.textual and m.path not in mine]
        kind, generic = norm(target.type), norm(variable) in GENERIC
        starred = any(v.get(variable) == map2022.STAR for _, v in maps)

        def take(paths, source):
            target.holes[variable], target.source[variable] = paths, source

        def allowed(member):
            named = stem(member.name)
            if generic and named != kind and named in kinds:
                return False
            # An id does not fill the name beside it: broker:${BrokerName}:${BrokerId}.
            sibling = re.sub(r"Name$", "Id", variable)
            if sibling != variable and sibling in variables and re.search(r"(?i)ids?$", member.name):
                return False
            # A name does not fill an id, except where the service's ids are names.
            if not re.search(r"(?i)ids?$", variable) or target.prefix in self.tables.name_fills_id:
                return True
            return not re.search(r"(?i)names?$", member.name)

        def first(candidates):
            return sorted(candidates, key=lambda m: (not m.required, m.type != "string"))[0].path

        if generic:
            of_kind = [m for m in members if stem(m.name) and stem(m.name) == kind and allowed(m)]
            if of_kind:
                return take([first(of_kind)], "type")
        for _, mapped in maps:
            paths = mapped.get(variable)
            if paths and paths != map2022.STAR:
                paths = [p for p in paths if self._exists(operation, p) and allowed(operation.find(p.split("|")[0])[0])]
                if paths:
                    return take([self._exact_path(operation, p) for p in paths], "map")
        hints = [p for p in target.hint if variable == variables[-1] and p.split("|")[0] not in mine]
        hints = [p for p in hints if allowed(operation.find(p.split("|")[0])[0])]
        if hints:
            return take([self._exact_path(operation, p) for p in hints], "map")
        for path in self.learned.get((target.prefix, variable), ()):
            if path not in mine and self._exists(operation, path):
                member, _ = operation.find(path.split("|")[0])
                related = stem(member.name) in ("", kind) or kind.endswith(stem(member.name))
                if generic and not related:
                    continue
                if allowed(member) and not ("." in path and CREATING.match(operation.name)):
                    return take([self._exact_path(operation, path)], "learned")
        if generic:
            same = [m for m in members if norm(m.name) == norm(variable) and allowed(m)]
            if same:
                return take([same[0].path], "name")
        plural = [m for m in members if norm(m.name) in (norm(variable) + "s", norm(variable) + "list")]
        if plural:
            return take([plural[0].path], "plural")
        blocked = starred and re.search(r"Id$", variable)
        equal = [
            m for m in members
            if stem(m.name) and stem(m.name) in (stem(variable), stem(variable) + "s") and allowed(m)
            and not (blocked and not re.search(r"(?i)ids?$", m.name))
        ]  # fmt: skip
        if equal:
            return take([first(equal)], "stem")
        if variable == variables[-1]:
            suffix = [
                m for m in members
                if len(stem(m.name)) >= 3 and (kind.endswith(stem(m.name)) or stem(variable).endswith(stem(m.name)))
                and m.path not in used and allowed(m)
                and not (blocked and not re.search(r"(?i)ids?$", m.name))
            ]  # fmt: skip
            if suffix:
                return take([first(suffix)], "suffix")
            bare = [
                m for m in members
                if norm(m.name) in ("name", "id", "identifier") and norm(kind) in norm(operation.name) and allowed(m)
                and not (blocked and not re.search(r"(?i)ids?$", m.name))
            ]  # fmt: skip
            if bare:
                return take([first(bare)], "bare")
            longer = [
                m for m in members
                if m.required and len(stem(variable)) >= 5 and stem(m.name).endswith(stem(variable)) and allowed(m)
                and re.search(r"(?i)(id|name|identifier)$", m.name)
                and not (creates(operation, target) and re.match(r"(?i)source|primary|current", m.name))
            ]  # fmt: skip
            if len(longer) == 1:
                return take([longer[0].path], "longer")
            either = [m for m in members if norm(m.name) in GENERIC_ARN_MEMBERS and _mentions_arn(m) and allowed(m)]
            if either:
                return take([first(either)], "generic")
        made = CREATING.match(operation.name) and kind and operation.name.lower().endswith(kind)
        if not (made and variable == variables[-1]):
            below = [p for p, m in operation.nested if norm(m.name) == norm(variable) and not generic]
            if below:
                return take([below[0]], "nested")

    def _creation(self, target, operation, variables, explicit):
        """A created resource whose other operations know it by a member that this one lacks gets its id from the service."""
        created = CREATING.match(operation.name)
        if not created or not variables or norm(variables[-1]) in {norm(k) for k in explicit}:
            return
        noun = operation.name[created.end() :]
        if norm(noun) != norm(target.type):
            return
        last = variables[-1]
        if target.source.get(last) not in ("stem", "suffix", "bare", "learned", "nested", "type"):
            return
        for verb in ("Delete", "Get", "Describe", "Update"):
            other = operation.service.operations.get(verb + noun)
            if other is None:
                continue
            keys = [m for m in other.members.values() if m.required and m.textual]
            own = {m.name for m in operation.members.values()}
            identity = [m for m in keys if re.search(r"(?i)(id|identifier|arn)$", m.name)]
            if identity and all(m.name not in own for m in identity):
                target.holes.pop(last, None)
                target.source.pop(last, None)
                return

    # -- helpers -------------------------------------------------------------------------------------------------

    def _explicit(self, operation, prefix, type_name):
        """Rows of the bindings table for this operation and type: variable -> path or False; the narrower row wins."""
        found = {}
        for table in self._owners(operation, prefix):
            for kind in ("*", type_name):
                found.update(table.get(kind, {}))
        return found

    def _owners(self, operation, prefix):
        """The tables of an operation, type in lower case -> row: of its prefix, of patterns, of the operation itself."""
        qualified = f"{operation.service.segment}.{operation.name}"
        if (prefix, qualified) not in self.owners:
            fitting = [p for p in self.patterns.get(operation.service.segment, ()) if fnmatchcase(qualified, p)]
            names = [name for name in (prefix, *sorted(fitting, key=len), qualified) if name in self.tables.bindings]
            tables = [{k.lower(): v for k, v in self.tables.bindings[name].items()} for name in names]
            self.owners[prefix, qualified] = tables
        return self.owners[prefix, qualified]

    def _map_rows(self, operation, action):
        rows = self.mapped.get((operation.service.segment, operation.name.lower()), [])
        mine = [row for row in rows if row["action"].lower() == action.lower()]
        return [(map2022.whole_arns(row), map2022.variables(row)) for row in mine]

    def _learn(self):
        counts = {}
        for (segment, operation), rows in self.mapped.items():
            for row in rows:
                for variable, paths in map2022.variables(row).items():
                    if paths != map2022.STAR:
                        slot = counts.setdefault((row["action"].split(":")[0], variable), {})
                        for path in paths:
                            slot[path] = slot.get(path, 0) + 1
        for slot, paths in counts.items():
            self.learned[slot] = sorted(paths, key=lambda p: (-paths[p], p))

    def _exists(self, operation, path):
        found = operation.find(path.split("|")[0])
        return found is not None and found[0].shape["type"] in ("string", "list", "map", "integer", "long")

    def _exact_path(self, operation, path):
        head, *transforms = path.split("|")
        return "|".join([operation.find(head)[1], *transforms])

    def _exact(self, operation, text):
        return [self._exact_path(operation, p) for p in text.split(" ") if self._exists(operation, p)]

    @staticmethod
    def _required(operation, path):
        member = operation.find(path.split("|")[0].split(".")[0])
        return bool(member) and member[0].required
