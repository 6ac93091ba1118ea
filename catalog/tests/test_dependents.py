"""What becomes of dependent actions, by the rules of the table."""

import unittest

import tests.support  # noqa: F401

import dependents
import emit
from bind import Binder
from dangerous import is_dangerous
from tests.support import service, sources, tables

REST = [{"operations": ["*"], "actions": ["*"], "outcome": "told", "why": "nothing says"}]
THING = "arn:${Partition}:widget:${Region}:${Account}:thing/${ThingName}"
ROW = "arn:${Partition}:shop:${Region}:${Account}:row/${Name}"


def settled(wanted, members, rules=(), bindings=(), required=True):
    """What becomes of actions (with their resource type, if any) that widget:CreateThing depends on."""
    data = sources(
        {"widget:CreateThing": [("thing", True)], **{a: [(t, required)] if t else [] for a, t in wanted.items()}},
        {"widget": {"thing": THING}, "shop": {"row": ROW}},
        dependents={"widget:creatething": [("thing", name) for name in wanted]},
    )
    rows = tables(dependents={"rule": [*rules, *REST], "binding": list(bindings)})
    operation = service({"CreateThing": members}).operations["CreateThing"]
    return {d.action: d for d in dependents.of(operation, ["widget:CreateThing"], Binder(rows, data, {}), data, rows)}


def granted(**fields):
    return {"operations": ["widget.*"], "actions": ["*"], "outcome": "granted", "why": "a page", **fields}


class Dependents(unittest.TestCase):
    def test_kinds(self):
        wanted = dict.fromkeys(["iam:PassRole", "logs:CreateLogGroup", "widget:TagResource", "iam:CreateServiceLinkedRole"])
        found = settled(wanted, {"Tags": "Tags"})
        self.assertEqual(
            {action: (d.kind, d.when) for action, d in found.items()},
            {
                "logs:CreateLogGroup": ("told", []),
                "widget:TagResource": ("tag", ["Tags[]"]),
                "iam:CreateServiceLinkedRole": ("service-linked-role", []),
            },
        )

    def test_first_rule_that_fits(self):
        rules = [granted(actions=["shop:Other"]), granted(outcome="none", when=["Wish"]), granted(when=["!Skip", "!NoSuch"])]
        found = settled({"shop:Sell": None}, {"Skip": "String"}, rules)
        self.assertEqual((found["shop:Sell"].kind, found["shop:Sell"].when), ("dependent", ["!Skip"]))

    def test_equal_names_bind_no_other_service(self):
        found = settled({"shop:Sell": "row"}, {"Name": "String"}, [granted(bound=True)])
        self.assertEqual(found["shop:Sell"].kind, "told")
        row = {"type": "shop/row", "variable": "Name", "paths": {"widget.CreateThing": "Name"}}
        found = settled({"shop:Sell": "row"}, {"Name": "String"}, [granted(bound=True)], [row])
        self.assertEqual(found["shop:Sell"].targets[0].holes, {"Name": ["Name"]})

    def test_required_types_count_without_a_parameter(self):
        found = settled({"shop:Sell": "row"}, {}, [granted()])
        self.assertEqual([(t.type, t.bound) for t in found["shop:Sell"].targets], [("row", False)])

    def test_the_only_optional_type_counts(self):
        found = settled({"shop:Sell": "row"}, {}, [granted()], required=False)
        self.assertEqual([(t.type, t.required) for t in found["shop:Sell"].targets], [("row", True)])

    def test_dangerous_actions_are_granted_where_known_values_decide(self):
        rules = [granted(when=["All"], dangerous=True, arn="arn:${Partition}:shop:::row/${All,None}")]
        found = settled({"shop:DeleteRows": "row", "shop:Sell": "row"}, {"All": "String"}, rules)
        row = found["shop:DeleteRows"]
        self.assertEqual((row.kind, row.decided, row.arn), ("dependent", True, "arn:${Partition}:shop:::row/${All}"))
        self.assertEqual(found["shop:Sell"].kind, "told")

    def test_what_is_dangerous(self):
        data = sources({"shop:DeleteRows": [], "shop:Sell": []})
        self.assertTrue(is_dangerous("shop:DeleteRows", tables(), data))
        self.assertFalse(is_dangerous("shop:Sell", tables(), data))
        data.actions["shop"]["sell"].level = "Permissions management, Write"
        self.assertTrue(is_dangerous("shop:Sell", tables(), data))


class Emitted(unittest.TestCase):
    def test_words_of_a_line(self):
        from catalogue import Line

        self.assertEqual(emit._line(Line("a:B", "dependent", when=["c"], decided=True)), "  + a:B dependent decided if C")
