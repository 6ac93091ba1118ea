"""Roles, dependent actions, the text and the report."""

import unittest

import tests.support  # noqa: F401

import dependents
import emit
import report
import roles
from bind import Binder
from tests.support import service, sources, tables


class Rest(unittest.TestCase):
    def test_role_parameters(self):
        shapes = {"Target": {"type": "structure", "members": {"RoleArn": {"shape": "String"}}}}
        widget = service({"CreateThing": {"Target": "Target", "Name": "String"}, "GetThing": {"RoleArn": "String"}}, shapes=shapes)
        self.assertEqual(roles.parameters(widget.operations["CreateThing"], "widget"), ["Target.RoleArn"])
        self.assertEqual(roles.parameters(widget.operations["GetThing"], "widget"), [])

    def test_tagging_action_that_no_list_names(self):
        data = sources({"widget:CreateThing": [], "widget:TagResource": []})
        operation = service({"CreateThing": {"Tags": "Tags"}}).operations["CreateThing"]
        found = dependents.of(operation, ["widget:CreateThing"], Binder(tables(), data, {}), data, tables())
        self.assertEqual([(d.action, d.confidence) for d in found], [("widget:TagResource", "low")])

    def test_text_of_paths_and_conditions(self):
        self.assertEqual(emit.condition("!DBName,items[].Key=x"), "!DbName,Items[].Key=x")
        self.assertEqual(emit.condition("source~versionId="), "Source~versionId=")
        self.assertEqual(emit.expression("arn:${Partition}:s3:::${bucket|prefix(s3://)}"), "arn:${Partition}:s3:::${Bucket|prefix(s3://)}")

    def test_changes(self):
        old = "service a a listed\n type t arn\n One\n   t X\n Two\nservice b b listed\n Three\n"
        new = "service a a listed\n type t arn\n One\n   t Y\n Four\n  + a:Five\nservice c c listed\n"
        self.assertEqual(
            report.changes(old, new),
            ["+ a.Four", "~ a.One: bindings", "- a.Two", "- service b (1 operations)", "+ service c (0 operations)"],
        )

    def test_reviewed_tables_can_be_read(self):
        import tables as reviewed

        self.assertEqual(reviewed.load().prefixes["expected"]["sfn"], "states")
