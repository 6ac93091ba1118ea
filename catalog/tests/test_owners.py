import unittest
from types import SimpleNamespace

import tests.support  # noqa: F401

import owners
from bind import Target
from lines import Line
from tests.support import service, tables

THING = "arn:${Partition}:widget:${Region}:${Account}:thing/${Name}"
SHELF = "arn:${Partition}:widget:::shelf/${Name}"


class Owners(unittest.TestCase):
    def setUp(self):
        members = {"name": "String", "thingOwner": "String", "bucketOwner": "String", "size": "String"}
        self.operation = service({"GetThing": members}).operations["GetThing"]

    def entry(self, *targets):
        line = Line("widget:GetThing", "main", targets=list(targets))
        return SimpleNamespace(name="GetThing", operation=self.operation, lines=[line])

    def thing(self):
        return Target("widget", "thing", THING, True, holes={"Name": ["name"]})

    def test_a_parameter_that_nothing_settles_is_seen(self):
        entry = self.entry(self.thing())
        self.assertEqual(list(owners.unsettled(entry, tables())), ["thingOwner", "bucketOwner"])
        row = {"service": "widget", "parameter": "thingOwner", "page": "p"}
        other = {"parameters": ["widget.*.*Owner"], "why": "no account in the ARN"}
        self.assertEqual(list(owners.unsettled(entry, tables(owners={"owner": [row], "other": []}))), ["bucketOwner"])
        self.assertEqual(list(owners.unsettled(entry, tables(owners={"owner": [row], "other": [other]}))), [])

    def test_without_an_account_in_an_arn_no_parameter_counts(self):
        entry = self.entry(Target("widget", "shelf", SHELF, True, holes={"Name": ["name"]}))
        self.assertEqual(list(owners.unsettled(entry, tables())), [])

    def test_the_types_of_a_row_are_marked(self):
        thing, shelf = self.thing(), Target("widget", "shelf", SHELF, True)
        other = Target("box", "thing", THING, True)
        row = {"service": "widget", "parameter": "ThingOwner", "types": ["thing", "shelf"], "else": "own", "page": "p"}
        owners.mark([Line("widget:GetThing", targets=[thing, shelf, other])], self.operation, "widget", tables(owners={"owner": [row], "other": []}))
        self.assertEqual([target.owner for target in (thing, shelf, other)], ["thingOwner?", "", ""])

    def test_rows_that_settle_nothing_are_seen(self):
        row = {"service": "widget", "parameter": "nobody"}
        other = {"parameters": ["widget.GetThing.nobody"], "why": ""}
        built = [SimpleNamespace(entries=[self.entry(self.thing())])]
        found = list(owners.problems(built, tables(owners={"owner": [row], "other": [other]})))
        self.assertEqual(len(found), 4, found)
