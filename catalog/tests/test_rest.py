"""Roles, dependent actions, the text and the report."""

import unittest

import tests.support  # noqa: F401

import dependents
import emit
import report
import roles
from bind import Binder
from catalogue import Entry, ServiceEntry
from model import java_path
from tests.support import service, sources, tables


class Rest(unittest.TestCase):
    def test_role_parameters(self):
        shapes = {
            "Target": {"type": "structure", "members": {"RoleArn": {"shape": "String"}, "Next": {"shape": "Target"}}},
            "Far": {"type": "structure", "members": {"Three": {"shape": "Three"}}},
            "Three": {"type": "structure", "members": {"Four": {"shape": "Target"}}},
        }
        members = {"Target": "Target", "Far": "Far", "Name": "String"}
        widget = service({"CreateThing": members, "GetThing": {"RoleArn": "String"}}, shapes=shapes)
        create = widget.operations["CreateThing"]
        self.assertEqual(roles.parameters(create, "widget", tables()), ["Target.RoleArn", "Far.Three.Four.RoleArn"])
        self.assertEqual(roles.parameters(widget.operations["GetThing"], "widget", tables()), [])
        row = {"parameters": ["*.Four.RoleArn"], "why": "somebody else passes it"}
        reviewed = tables(roles={"not_passed": {"widget.Create*": row}})
        self.assertEqual(roles.parameters(create, "widget", reviewed), ["Target.RoleArn"])

    def test_roles_in_maps_and_in_lists_of_lists(self):
        shapes = {
            "Hooks": {"type": "map", "key": {"shape": "String"}, "value": {"shape": "HookList"}},
            "HookList": {"type": "list", "member": {"shape": "Hook"}},
            "Hook": {"type": "structure", "members": {"RoleArn": {"shape": "String"}, "Uri": {"shape": "String"}}},
        }
        create = service({"CreateThing": {"Hooks": "Hooks"}}, shapes=shapes).operations["CreateThing"]
        self.assertEqual(roles.parameters(create, "widget", tables()), ["Hooks[][].RoleArn"])
        self.assertEqual(create.find("Hooks[][].RoleArn")[1], "Hooks[][].RoleArn")
        self.assertIsNone(create.find("Hooks[][][].RoleArn"))
        self.assertEqual(java_path("Hooks[][].roleARN"), "Hooks[][].RoleARN")
        # What the bindings look at is without maps.
        self.assertEqual(create.nested, [])

    def test_a_parameter_whose_text_speaks_of_a_role_needs_a_row(self):
        shapes = {"Caller": {"type": "string", "documentation": "The ARN of the IAM role that sends messages."}}
        members = {"SnsCaller": "Caller", "Topic": "String", "JobRoleArn": "Caller"}
        create = service({"CreateThing": members, "GetThing": members}, shapes=shapes).operations["CreateThing"]
        silent = lambda **rows: list(roles.unsettled(create, "widget", tables(roles=rows)))  # noqa: E731
        none = {"not_passed": {}, "parameters": {}, "possible": {}}
        self.assertEqual(silent(**none), ["SnsCaller"])
        self.assertEqual(silent(**{**none, "parameters": {"widget.CreateThing": ["SnsCaller"]}}), [])
        self.assertEqual(silent(**{**none, "possible": {"widget.CreateThing": ["SnsCaller"]}}), [])
        row = {"parameters": ["SnsCaller"], "why": "it is who gets the messages"}
        self.assertEqual(silent(**{**none, "not_passed": {"widget.*": row}}), [])
        self.assertEqual(list(roles.unsettled(create.service.operations["GetThing"], "widget", tables(roles=none))), [])

    def test_who_takes_roles(self):
        row = {"to": ["a.amazonaws.com"], "page": "list_widget"}
        own = {**row, "to": []}
        reviewed = {"passed_to": {"widget": row, "widget.Make": own}, "unverified": {}, "not_passed": {}}
        self.assertEqual(roles.takers("widget", "Make", tables(roles=reviewed)), [])
        self.assertIsNone(roles.takers("widget", "Stop", tables(roles=reviewed)))
        built = [ServiceEntry("widget", "widget", "listed", [], [Entry(n, "same", "full", [], ["Role"]) for n in ("Make", "Stop")])]
        self.assertEqual(list(roles.problems(built, {}, tables(roles=reviewed))), [])
        del reviewed["passed_to"]["widget"]
        self.assertIn("roles.toml: widget needs one row, in passed_to or in unverified", list(roles.problems(built, {}, tables(roles=reviewed))))

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
