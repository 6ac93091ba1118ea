"""Services, operations and members, as the bindings and rules need them."""

import re
from dataclasses import dataclass, field
from functools import cached_property


@dataclass
class Member:
    name: str
    required: bool
    shape: dict  # of the member's own shape
    shape_name: str
    wire_name: str
    documentation: str
    service: "Service" = field(repr=False, default=None)

    @property
    def type(self):
        return self.shape["type"]

    @property
    def pattern(self):
        return self.shape.get("pattern") or self._element.get("pattern") or ""

    @property
    def text(self):
        """Documentation of the member and of its shape."""
        return f"{self.documentation} {self.shape.get('documentation', '')}"

    @property
    def _element(self):
        if self.type != "list":
            return {}
        return self.service.shapes[self.shape["member"]["shape"]]

    @property
    def element_shape_name(self):
        return self.shape["member"]["shape"] if self.type == "list" else ""

    @property
    def textual(self):
        """A string, or a list of strings: something that can fill an ARN."""
        return self.type == "string" or (self.type == "list" and self._element["type"] == "string")

    @property
    def path(self):
        return f"{self.name}[]" if self.type == "list" else self.name


@dataclass
class Operation:
    name: str
    method: str
    uri: str
    documentation: str
    auth: list
    members: dict  # name -> Member, top level
    service: "Service" = field(repr=False)
    event_stream: bool = False

    @cached_property
    def nested(self):
        """(path, Member) of textual members two and three levels down, shallow first, in the order of the model."""
        return self._below(3)

    @cached_property
    def deep(self):
        """The same at any depth, in maps and in lists of lists too; a structure inside itself is entered once."""
        return self._below(None)

    def _below(self, most):
        found = []

        def walk(prefix, members, depth, around):
            below = []
            for member in members.values():
                path, inner = f"{prefix}{member.path}", member.shape
                if member.type == "list":
                    inner = member._element
                # The bindings look at no map, and at no list of lists.
                while most is None and inner["type"] in ("list", "map"):
                    path += "[]"
                    inner = self.service.shapes[inner["member" if inner["type"] == "list" else "value"]["shape"]]
                if inner["type"] == "string" and (depth > 1 or not member.textual):
                    found.append((path, member))
                if inner["type"] == "structure" and id(inner) not in around and (most is None or depth < most):
                    below.append((f"{path}.", self.service.members_of(inner), around | {id(inner)}))
            for prefix_below, members_below, around_below in below:
                walk(prefix_below, members_below, depth + 1, around_below)

        walk("", self.members, 1, frozenset())
        return found

    def find(self, path):
        """The member a path names, without regard to case; None when there is none. Returns (Member, exact path)."""
        members, exact, member = self.members, [], None
        for part in path.split("."):
            name, kinds = part_of(part)
            if members is None:
                return None
            member = next((m for m in members.values() if m.name.lower() in (name.lower(), ANY_KEY)), None)
            if member is None:
                return None
            inner = member.shape
            for kind in re.findall(r"\[\]|\{\}", kinds):
                below = {("list", "[]"): "member", ("map", "[]"): "value", ("map", "{}"): "value"}.get((inner["type"], kind))
                if below is None:
                    return None
                inner = self.service.shapes[inner[below]["shape"]]
            exact.append((name if member.name == ANY_KEY else member.name) + kinds)
            members = self.service.below(inner)
        return member, ".".join(exact)


def part_of(text):
    """The name in a part of a path, and what of it is meant: "[]" and "{}", or nothing."""
    return re.fullmatch(r"([^\[\]{}]+)((?:\[\]|\{\})*)", text).groups()


# The name of the one member that stands for every key of a map.
ANY_KEY = "*"


@dataclass
class Service:
    folder: str
    segment: str
    metadata: dict
    shapes: dict = field(repr=False)
    operations: dict = field(default_factory=dict)  # name -> Operation
    _members: dict = field(default_factory=dict, repr=False)

    def below(self, shape):
        """The members of a structure, or one for all keys of a map; None for anything else."""
        if shape["type"] == "map":
            value = shape["value"]["shape"]
            return {ANY_KEY: Member(ANY_KEY, False, self.shapes[value], value, ANY_KEY, "", self)}
        return self.members_of(shape) if shape["type"] == "structure" else None

    def members_of(self, shape):
        key = id(shape)
        if key not in self._members:
            required = set(shape.get("required", []))
            self._members[key] = {
                name: Member(
                    name=name,
                    required=name in required,
                    shape=self.shapes[row["shape"]],
                    shape_name=row["shape"],
                    wire_name=row.get("locationName", name),
                    documentation=row.get("documentation", ""),
                    service=self,
                )
                for name, row in shape.get("members", {}).items()
            }
        return self._members[key]


def segment(service_id):
    """The part after "aws-sdk:" in a Task's Resource."""
    name = re.sub(r"[^A-Za-z0-9]", "", service_id).lower()
    return re.sub(r"service$", "", re.sub(r"^(amazon|aws)", "", name))


def services(models, ignored=()):
    """Services by segment. Two models with one segment are an error: one of them has to be in the ignored list."""
    found = {}
    for folder, model in models.items():
        if folder in ignored:
            continue
        service = Service(folder, segment(model["metadata"]["serviceId"]), model["metadata"], model["shapes"])
        if service.segment in found:
            raise SystemExit(f"{folder} and {found[service.segment].folder} are both {service.segment}")
        found[service.segment] = service
        for name, row in model["operations"].items():
            input_shape = model["shapes"][row["input"]["shape"]] if "input" in row else {"members": {}}
            output_shape = model["shapes"][row["output"]["shape"]] if "output" in row else {"members": {}}
            service.operations[name] = Operation(
                name=name,
                method=row["http"]["method"],
                uri=row["http"]["requestUri"],
                documentation=row.get("documentation", ""),
                auth=row.get("auth") or ([f"authtype:{row['authtype']}"] if "authtype" in row else []),
                members=service.members_of(input_shape),
                service=service,
                event_stream=any(
                    model["shapes"][m["shape"]].get("eventstream")
                    for shape in (input_shape, output_shape)
                    for m in shape["members"].values()
                ),
            )
    return dict(sorted(found.items()))


# Java's own words and the methods of every object; the SDK for Java appends Value to a member of that name.
_RESERVED = set(
    """abstract assert boolean break byte case catch char class const continue default do double else enum extends
    final finally float for goto if implements import instanceof int interface long native new null package private
    protected public return short static strictfp super switch synchronized this throw throws transient true try
    void volatile while false build clone copy equals finalize getclass hashcode notify notifyall tostring wait""".split()
)


def java_name(member):
    """A member as Step Functions spells it: the SDK for Java's name with a capital first letter.

    The SDK for Java lowers the leading run of capitals and leaves later ones alone: DBInstanceIdentifier becomes
    DbInstanceIdentifier, StreamARN stays.
    """
    end = 1
    while (
        end < len(member)
        and member[end].isupper()
        and not (end < len(member) - 1 and member[end + 1].islower())
    ):
        end += 1
    name = member[0].upper() + member[1:end].lower() + member[end:]
    return f"{name}Value" if member.lower() in _RESERVED else name


def java_path(path):
    return ".".join(
        java_name(name) + kind
        for name, kind in (part_of(part) for part in path.split("."))
    )
