"""When resource types of an operation's own action count."""

import unittest

import tests.support  # noqa: F401

import presence
from bind import Target
from catalogue import Line
from tests.support import service, sources, tables

ARN = "arn:${Partition}:widget:${Region}:${Account}:%s/${Id}"


def target(name, required=True, whole=(), holes=None):
    return Target("widget", name, ARN % name, required, whole=list(whole), holes=holes or {})


def signs(targets, rows=(), name="DoThing"):
    operation = service({name: {"BoxId": ("String",), "LidId": "String"}}).operations[name]
    found = presence.of_own(targets, operation, tables(types={"types": list(rows), "copy": []}))
    return {t.type: t.presence for t in found}


def row(**kinds):
    return {"operations": ["widget.DoThing"], "why": "a reason", **kinds}


class Presence(unittest.TestCase):
    def test_required_types_always_count(self):
        self.assertEqual(signs([target("box"), target("lid"), target("tag", False)]), {"box": "!", "lid": "!", "tag": "?"})

    def test_one_alone_needs_no_sign(self):
        self.assertEqual(signs([target("box"), target("tag", False)]), {"box": "", "tag": "?"})

    def test_rows_say_otherwise(self):
        rows = [row(alternatives=["box", "lid"], untouched=["tag"])]
        self.assertEqual(signs([target("box"), target("lid"), target("tag")], rows), {"box": "", "lid": "", "tag": "?"})
        self.assertEqual(signs([target("box", False), target("lid")], [row(reached=["box"])])["box"], "!")

    def test_one_parameter_with_the_arn_of_either(self):
        self.assertEqual(signs([target("box", whole=["BoxId"]), target("lid", whole=["BoxId"])]), {"box": "", "lid": ""})

    def test_what_needs_a_row(self):
        operation = service({"DoThing": {"BoxId": ("String",), "LidId": "String"}}).operations["DoThing"]
        targets = [target("box", holes={"Id": ["BoxId"]}), target("lid", holes={"Id": ["LidId"]})]
        none = tables()
        self.assertEqual(list(presence.unexplained(targets, operation, none)), ["lid"])
        told = tables(types={"types": [row(untouched=["lid"])], "copy": []})
        self.assertEqual(list(presence.unexplained(targets, operation, told)), [])

    def test_a_copy_and_its_source(self):
        operation = service({"DoThing": {"BoxId": ("String",), "LidId": "String"}}).operations["DoThing"]
        copy = {"operations": ["widget.DoThing"], "type": "box", "source": "BoxId", "region": "LidId", "copy": ""}
        found = presence.copies([target("box")], operation, tables(types={"types": [], "copy": [copy]}))
        self.assertEqual([(t.holes, t.region) for t in found], [({"Id": ["BoxId"]}, "LidId"), ({}, "")])

    def test_the_arn_of_what_the_call_is_about_is_no_arn_of_another_type(self):
        parts = {"box": [ARN % "box"], "stage": [ARN % "stage", ARN % "box"]}
        own = [target("box", whole=["Arn"])]
        line = Line("widget:Other", targets=[target("lid", whole=["Arn", "LidArn"]), target("stage", whole=["Arn"])])
        presence.of_other_types(line, own, lambda t: parts.get(t.type, [t.template]))
        self.assertEqual([(t.whole, t.template) for t in line.targets], [(["LidArn"], ARN % "lid"), (["Arn"], ARN % "box")])

    def test_conditions_name_what_an_arn_does_not(self):
        row = {"prefix": "widget", "type": "box", "keys": {"widget:boxName": "Name"}, "without": ["widget.RenameBox"]}
        rows = tables(types={"types": [], "copy": [], "condition": [row]})
        data = sources({"widget:GetBox": [], "widget:RenameBox": [], "widget:ListBoxes": []})
        for name in ("getbox", "renamebox"):
            data.actions["widget"][name].keys = ("widget:boxName",)
        model = service({name: {"Name": "String"} for name in ("GetBox", "RenameBox", "ListBoxes")})

        def conditions(name, **known):
            line = Line(f"widget:{name}", targets=[target("box", **known)])
            return presence.conditions(line, model.operations[name], rows, data)

        self.assertEqual(conditions("GetBox"), ["widget:boxName=${Name}"])
        self.assertEqual(conditions("GetBox", holes={"Id": ["Id"]}), [])
        self.assertEqual(conditions("RenameBox"), [])
        self.assertEqual(conditions("ListBoxes"), [])

    def test_tags_go_to_the_copy(self):
        source, copy = target("box", whole=["SourceArn"]), target("box", holes={"Id": ["Name"]})
        line = Line("widget:TagResource", "tag", targets=[target("box", whole=["SourceArn"])])
        presence.of_tagged(line, [source, copy])
        self.assertEqual((line.targets[0].whole, line.targets[0].holes), ([], {"Id": ["Name"]}))
