import unittest
from types import SimpleNamespace

import tests.support  # noqa: F401

from bind import Binder, stem, unread
from map2022 import by_operation
from tests.support import service, sources, tables

THING = "arn:${Partition}:widget:${Region}:${Account}:thing/${ThingName}"


def targets(members, template=THING, kind="thing", name="GetThing", bindings=None, mapped=None, shapes=None, others=()):
    widget = service({name: members}, shapes=shapes)
    rows = [(kind, True), *((other, True) for other, _ in others)]
    data = sources({f"widget:{name}": rows}, {"widget": {kind: template, **dict(others)}})
    binder = Binder(tables(bindings=bindings or {}), data, by_operation(mapped or {}))
    return binder.targets(widget.operations[name], f"widget:{name}")


class Binding(unittest.TestCase):
    def test_stem(self):
        self.assertEqual([stem(n) for n in ("ClusterIdentifiers", "TopicARN", "Name")], ["cluster", "topic", ""])

    def test_equal_name(self):
        self.assertEqual(targets({"thingName": "String"})[0].holes, {"ThingName": ["thingName"]})

    def test_member_that_holds_the_arn(self):
        found = targets({"ThingArn": ("String", True)})[0]
        self.assertEqual((found.whole, found.holes), (["ThingArn"], {}))

    def test_optional_arn_and_name_are_alternatives(self):
        found = targets({"ThingArn": "String", "ThingName": "String"})[0]
        self.assertEqual((found.whole, found.holes), (["ThingArn"], {"ThingName": ["ThingName"]}))

    def test_a_name_that_is_a_part_of_the_arn_is_an_alternative_too(self):
        template = "arn:${Partition}:widget:${Region}:${Account}:thing/${ThingName}/${CreationTime}"
        found = targets({"ThingArn": "String", "ThingName": "String"}, template)[0]
        self.assertEqual((found.whole, found.holes), (["ThingArn"], {"ThingName": ["ThingName"]}))
        self.assertEqual(targets({"ThingArn": "String", "Thing": "String"}, template)[0].holes, {})

    def test_a_parameter_of_the_name_of_a_variable_that_nothing_reads(self):
        members = {"OtherArn": ("String", True), "ThingName": ("String", True)}
        operation = service({"GetThing": members}).operations["GetThing"]
        target = targets({"ThingName": ("String", True)})[0]
        target.whole, target.holes = ["OtherArn"], {}
        self.assertEqual(list(unread(SimpleNamespace(targets=[target]), operation)), [("thing", "ThingName")])
        target.holes = {"ThingName": ["ThingName"]}
        self.assertEqual(list(unread(SimpleNamespace(targets=[target]), operation)), [])

    def test_what_stands_before_a_variable_is_dropped_from_its_value(self):
        template = "arn:${Partition}:widget::${Account}:thing/o-${OrgId}/t-${ThingId}"
        found = targets({"ThingId": ("String", True)}, template)[0]
        self.assertEqual(found.holes, {"ThingId": ["ThingId|prefix(t-)"]})
        rows = {"widget.GetThing": {"thing": {"ThingId": "ThingId|after(t-)"}}}
        found = targets({"ThingId": ("String", True)}, template, bindings=rows)[0]
        self.assertEqual(found.holes, {"ThingId": ["ThingId|after(t-)"]})

    def test_the_owner_of_a_row_can_be_a_pattern(self):
        rows = {"widget.Get*": {"thing": {"ThingName": "One"}}, "widget.GetTh*": {"thing": {"ThingName": "Other"}}}
        members = {"One": "String", "Other": "String"}
        self.assertEqual(targets(members, bindings=rows)[0].holes, {"ThingName": ["Other"]})
        self.assertEqual(targets(members, bindings=rows, name="GetA")[0].holes, {"ThingName": ["One"]})

    def test_lists_give_one_arn_each(self):
        self.assertEqual(targets({"ThingNames": "Strings"})[0].holes, {"ThingName": ["ThingNames[]"]})

    def test_a_version_of_a_service_has_the_arns_of_its_form(self):
        both = "arn:${Partition}:widget:${Region}:${Account}:thing:${ThingName}, " + THING
        old = "arn:${Partition}:widget:${Region}:${Account}:part:${PartName}"
        widget = service({"GetThing": {"thingName": "String"}})
        rows = [("thing", False), ("part", True)]
        data = sources({"widget:GetThing": rows}, {"widget": {"thing": both, "part": old}})
        forms = {"types": [], "copy": [], "form": [{"services": ["widget"], "separator": "/"}]}
        binder = Binder(tables(types=forms), data, by_operation({}))
        (found,) = binder.targets(widget.operations["GetThing"], "widget:GetThing")
        self.assertEqual((found.template, found.required), (THING, True))

    def test_table_wins_and_false_blocks(self):
        members = {"ThingName": "String", "Alias": "String"}
        found = targets(members, bindings={"widget": {"thing": {"ThingName": "Alias|last(/)"}}})[0]
        self.assertEqual(found.holes, {"ThingName": ["Alias|last(/)"]})
        self.assertEqual(targets(members, bindings={"widget": {"thing": {"ThingName": False}}})[0].unbound, ["ThingName"])

    def test_narrower_row_of_the_table_wins(self):
        rows = {"widget": {"*": {"ThingName": "Alias"}}, "widget.GetThing": {"thing": {"ThingName": "=default"}}}
        self.assertEqual(targets({"Alias": "String"}, bindings=rows)[0].holes, {"ThingName": ["=default"]})

    def test_a_name_never_fills_an_id(self):
        template = THING.replace("ThingName", "ThingId")
        self.assertEqual(targets({"ThingName": "String"}, template)[0].holes, {})

    def test_an_id_does_not_fill_the_name_beside_it(self):
        template = THING.replace("${ThingName}", "${ThingName}:${ThingId}")
        self.assertEqual(targets({"ThingId": "String"}, template)[0].holes, {"ThingId": ["ThingId"]})

    def test_a_member_named_after_another_type_is_that_types(self):
        found = targets(
            {"FolderId": "String"}, THING.replace("ThingName", "ResourceId"),
            others=[("folder", "arn:${Partition}:widget:${Region}:${Account}:folder/${ResourceId}")],
        )  # fmt: skip
        self.assertEqual({t.type: t.holes for t in found}, {"thing": {}, "folder": {"ResourceId": ["FolderId"]}})

    def test_the_map_of_2022_and_its_stars(self):
        mapped = {"Widget.GetThing": [{"action": "widget:GetThing", "resource_mappings": {"ThingName": {"template": "${Key}"}}}]}
        self.assertEqual(targets({"Key": "String"}, mapped=mapped)[0].holes, {"ThingName": ["Key"]})

    def test_name_or_arn_is_no_whole_arn(self):
        shapes = {"Either": {"type": "string", "pattern": "(arn:aws:widget:[a-z]+:thing/)?[a-z]+"}}
        found = targets({"ThingName": ("Either", True)}, shapes=shapes)[0]
        self.assertEqual((found.whole, found.holes), ([], {"ThingName": ["ThingName"]}))

    def test_nested_member(self):
        shapes = {"Box": {"type": "structure", "members": {"ThingName": {"shape": "String"}}}}
        self.assertEqual(targets({"Box": "Box"}, shapes=shapes)[0].holes, {"ThingName": ["Box.ThingName"]})
