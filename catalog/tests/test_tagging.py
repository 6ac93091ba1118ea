"""Which types of resources take the tags of a call."""

import unittest
from types import SimpleNamespace

import tests.support  # noqa: F401

import catalogue
import tagging
from bind import Binder
from tests.support import service, sources, tables

THING = "arn:${Partition}:widget:${Region}:${Account}:thing/${ThingName}"
PART = "arn:${Partition}:widget:${Region}:${Account}:thing/${ThingName}/part/${PartId}"


def tagged(name, members, own, taggable, confidence="low", **rows):
    """The lines of widget:TagResource of a call: kind, conditions, and what the types have."""
    data = sources(
        {f"widget:{name}": [(t, True) for t in own], "widget:TagResource": [(t, False) for t in taggable]},
        {"widget": {"thing": THING, "part": PART}},
    )
    table = tables(tags={"tagged": rows.get("tagged", []), "other": rows.get("other", []), "untagged": []})
    operation = service({name: members}).operations[name]
    binder = Binder(table, data, {})
    main = SimpleNamespace(targets=binder.targets(operation, f"widget:{name}"), when=[])
    line = catalogue.Line("widget:TagResource", "tag", confidence, when=[",".join(tagging.parameters(operation, table))])
    found = tagging.lines(line, operation, [main], binder, table)
    return [(one.kind, one.when, {t.type: t.holes for t in one.targets}, one.why) for one in found]


class Tagging(unittest.TestCase):
    def test_what_is_made_takes_them_and_not_what_it_belongs_to(self):
        ((kind, when, types, _),) = tagged("CreatePart", {"ThingName": "String", "Tags": "Tags"}, ["thing"], ["thing", "part"])
        self.assertEqual((kind, when, types), ("tag", ["Tags[]"], {"part": {"ThingName": ["ThingName"]}}))

    def test_nothing_is_granted_on_what_it_belongs_to(self):
        ((kind, _, types, why),) = tagged("CreateLabel", {"ThingName": "String", "Tags": "Tags"}, ["thing"], ["thing"])
        self.assertEqual((kind, types, why), ("told", {}, tagging._UNSURE))
        ((kind, _, _, why),) = tagged("CreateLabel", {"Tags": "Tags"}, [], ["thing"])
        self.assertEqual((kind, why), ("told", tagging._UNLISTED))

    def test_rows(self):
        row = {"operations": ["widget.Create*"], "types": ["thing"], "why": "a page", "unnamed": True}
        ((kind, _, types, _),) = tagged("CreateLabel", {"ThingName": "String", "Tags": "Tags"}, ["thing"], ["thing"], tagged=[row])
        self.assertEqual((kind, types), ("tag", {"thing": {}}))
        rows = [
            {"operations": ["widget.CreateLabel"], "parameters": [f"{one}Tags"], "types": [one.lower()], "why": "a page"}
            for one in ("Thing", "Part")
        ]
        found = tagged("CreateLabel", {"ThingTags": "Tags", "PartTags": "Tags"}, [], ["thing", "part"], tagged=rows)
        self.assertEqual([(when, list(types)) for _, when, types, _ in found], [(["ThingTags[]"], ["thing"]), (["PartTags[]"], ["part"])])

    def test_parameters_that_are_called_tags(self):
        row = {"parameters": ["widget.CreateThing.SessionTags"], "why": "tags of a session"}
        operation = service({"CreateThing": {"SessionTags": "Tags", "Tags": "Tags"}}).operations["CreateThing"]
        self.assertEqual(tagging.parameters(operation, tables(tags={"tagged": [], "other": [row]})), ["Tags[]"])

    def test_a_row_says_why_nothing_is_granted(self):
        row = {"operations": ["widget.Update*"], "action": "widget:TagResource", "types": [], "told": "left open"}
        ((kind, when, types, why),) = tagged("UpdateThing", {"Tags": "Tags"}, ["thing"], ["thing"], tagged=[row])
        self.assertEqual((kind, when, types, why), ("told", ["Tags[]"], {}, "left open"))

    def test_a_call_that_makes_nothing_needs_a_row(self):
        def asks(tags=(), name="UpdateThing", members=None, line="widget:UpdateThing", rule="same", actions=("UpdateThing", "LabelTags")):
            data = sources({f"widget:{a}": [] for a in actions}, {"widget": {}})
            for action in data.actions["widget"].values():
                action.level = "Tagging, Write" if "Tags" in action.name else "Write"
            operation = service({name: members or {"Tags": "Tags"}}).operations[name]
            entry = SimpleNamespace(rule=rule, operation=operation, lines=[SimpleNamespace(action=line)])
            return tagging.silent(entry, "widget", data, tables(tags={"tagged": [], "other": [], "untagged": list(tags)}))

        self.assertTrue(asks())
        self.assertFalse(asks([{"operations": ["widget.Update*"], "why": "a page"}]))
        self.assertFalse(asks(members={"Name": "String"}))
        self.assertFalse(asks(line="widget:LabelTags"))
        self.assertFalse(asks(rule="assumed"))
        self.assertFalse(asks(actions=("UpdateThing", "UntagThing")))

    def test_an_operation_that_nothing_settles_is_a_problem(self):
        line = SimpleNamespace(kind="told", why=tagging._UNSURE, action="widget:TagResource")
        self.assertEqual(len(list(tagging.unsettled(SimpleNamespace(lines=[line])))), 1)


if __name__ == "__main__":
    unittest.main()
