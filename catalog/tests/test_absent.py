import unittest

import tests.support  # noqa: F401

import absent
from bind import Target
from tests.support import service, tables

THING = "arn:${Partition}:widget:${Region}:${Account}:thing/${Box}/${Name}"


class Absent(unittest.TestCase):
    def setUp(self):
        self.operation = service({"ListThings": {"box": ("String", True), "name": "String", "arn": "String"}}).operations["ListThings"]

    def target(self, **rest):
        return Target("widget", "thing", THING, True, **rest)

    def test_what_stays_open_with_the_required_parameters(self):
        for target, open_parameters in [
            (self.target(holes={"Box": ["box"], "Name": ["name"]}), ["name"]),
            (self.target(holes={"Box": ["box"], "Name": ["name"]}, whole=["arn"]), ["arn", "name"]),
            (self.target(holes={"Box": ["box"]}), []),
            (self.target(holes={"Name": ["name|default(x)"]}), []),
            (self.target(whole=["arn"]), ["arn"]),
            (self.target(), []),
        ]:
            self.assertEqual(absent.optional(target, self.operation), open_parameters)

    def test_the_first_row_decides_and_silence_is_seen(self):
        target = self.target(whole=["arn"])
        self.assertEqual(list(absent.unclassified([target], self.operation, tables())), ["thing"])
        rows = {"absent": [{"operations": ["widget.List*"], "means": "all", "why": "x"}, {"operations": ["*"], "means": "needed", "why": "y"}]}
        self.assertEqual(list(absent.unclassified([target], self.operation, tables(absent=rows))), [])
        self.assertEqual(absent.of_own([target], self.operation, tables(absent=rows))[0].without, "all")
