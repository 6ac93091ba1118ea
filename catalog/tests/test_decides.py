"""Parameters whose value decides on which resource type an action is checked."""

import unittest

import tests.support  # noqa: F401

import decides
import supplement
from bind import Target
from catalogue import Line
from tests.support import service, sources, tables

ARN = "arn:${Partition}:widget:${Region}:${Account}:%s/${Id}"
ENUM = {"Kind": {"type": "string", "enum": ["BOX", "LID", "NEW"]}}


def operation():
    return service({"Tag": {"kind": ("Kind",), "id": "String"}}, shapes=ENUM).operations["Tag"]


def line():
    targets = [Target("widget", name, ARN % name, False, "?", holes={"Id": ["id"]}) for name in ("box", "lid")]
    return Line("widget:Tag", targets=targets)


def with_row(**row):
    return tables(types={"types": [], "decides": [{"operations": ["widget.Tag"], "why": "a reason", **row}], "listed": []})


class Decides(unittest.TestCase):
    def split(self, table):
        return [(found.when, [(t.type, t.presence) for t in found.targets]) for found in decides.split(line(), operation(), table)]

    def test_a_line_for_each_value_and_one_for_all_others(self):
        table = with_row(parameter="kind", types={"BOX": ["box"], "LID": ["lid"], "NEW": []})
        self.assertEqual(
            self.split(table),
            [
                (["kind=BOX"], [("box", "")]),
                (["kind=LID"], [("lid", "")]),
                (["!kind=BOX", "!kind=LID"], [("box", "?"), ("lid", "?")]),
            ],
        )
        self.assertEqual(list(decides.problems({"widget": operation().service}, table, None)), [])
        self.assertEqual(list(decides.unused(table, {"widget.Tag": {"box", "lid"}})), [])

    def test_cases_have_their_own_conditions(self):
        table = with_row(cases=[{"when": ["!kind"], "types": ["box"]}, {"when": ["kind"], "types": ["lid"]}])
        self.assertEqual(self.split(table), [(["!kind"], [("box", "")]), (["kind"], [("lid", "")])])

    def test_without_a_row_nothing_changes(self):
        self.assertEqual(self.split(tables()), [([], [("box", "?"), ("lid", "?")])])

    def test_wrong_rows(self):
        models = {"widget": operation().service}
        for table in [
            with_row(parameter="kind", types={"BOX": ["box"]}),
            with_row(parameter="id", types={"BOX": ["box"]}),
            with_row(cases=[{"when": ["none"], "types": ["box"]}]),
        ]:
            self.assertEqual(len(list(decides.problems(models, table, None))), 1)
        table = with_row(parameter="kind", types={"BOX": ["other"]})
        self.assertEqual(len(list(decides.unused(table, {"widget.Tag": {"box", "lid"}}))), 1)


class Supplement(unittest.TestCase):
    def test_types_are_added_once(self):
        types = {"widget": {"box": ARN % "box", "lid": ARN % "lid"}}
        row = {"actions": ["widget:Tag"], "types": ["lid"], "page": "x"}
        data = sources({"widget:Tag": [("box", True)]}, types)
        table = tables(types={"types": [], "listed": [row]})
        self.assertEqual(supplement.apply(table, data), [])
        self.assertEqual(data.actions["widget"]["tag"].resource_types, [("box", True), ("lid", True)])
        self.assertEqual(len(supplement.apply(table, data)), 1)
        row["actions"] = ["widget:Other"]
        self.assertEqual(len(supplement.apply(table, data)), 1)
