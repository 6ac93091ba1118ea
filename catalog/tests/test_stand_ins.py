import unittest

import tests.support  # noqa: F401

import stand_ins
from bind import Target
from lines import Line
from tests.support import service, sources, tables

ROW = {
    "operations": ["widget.Get"],
    "parameter": "Box",
    "contains": "other:",
    "prefix": "other",
    "arn": "arn:${Partition}:other:${Region}:${Account}:box/${Box}",
    "told": ["third:Call"],
    "why": "it calls",
    "page": "https://x",
}
DATA = sources({"widget:Get": [], "widget:GetTags": [], "other:Get": [], "third:Call": []})


def lines(row):
    operation = service({"Get": {"Box": "String", "Part": "String"}}).operations["Get"]
    of_box = Target("widget", "box", "arn:x:${Box}", True, "")
    of_box.holes = {"Box": ["Box"]}
    found = [
        Line("widget:Get", targets=[of_box], when=["!Box~z", "Part"]),
        Line("widget:GetTags", arn="arn:x:${Box}"),
        Line("widget:List"),
    ]
    stand_ins.add(operation, found, tables(texts={"text": [], "stand_in": [row]}), DATA)
    return found


class StandIns(unittest.TestCase):
    def test_actions_of_the_same_names_in_place_of_the_own(self):
        found = lines(ROW)
        self.assertEqual([line.when for line in found[:3]], [["!Box~z", "Part", "!Box~other:"], ["!Box~other:"], []])
        granted = [(line.action, line.when, line.arn) for line in found if line.kind == "extra"]
        self.assertEqual(granted, [("other:Get", ["Part", "Box~other:"], ROW["arn"])])
        told = [(line.action, line.when) for line in found if line.kind == "told"]
        self.assertEqual(told, [("widget:Get", ["Part", "Box~other:"]), ("widget:GetTags", ["Box~other:"]), ("third:Call", ["Box~other:"])])
        self.assertTrue(all(line.decided for line in found[3:]))

    def test_other_operations_stay_as_they_are(self):
        self.assertEqual(len(lines({**ROW, "operations": ["widget.Put"]})), 3)

    def test_rows_name_what_exists(self):
        models = {"widget": service({"Get": {"Box": "String"}})}
        self.assertEqual(list(stand_ins.problems(models, tables(texts={"stand_in": [ROW]}))), [])
        for wrong in ({"operations": ["widget.Put"]}, {"parameter": "Lid"}):
            self.assertTrue(list(stand_ins.problems(models, tables(texts={"stand_in": [{**ROW, **wrong}]}))))
