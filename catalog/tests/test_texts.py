import unittest
from types import SimpleNamespace

import tests.support  # noqa: F401

import texts
import unnamed
from tests.support import service, sources, tables

DATA = sources({"widget:Make": [], "other:Read": [], "kms:Decrypt": []})


def widget(text="You must also have <code>other:Read</code>."):
    model = service({"Make": {"Name": "String"}})
    model.operations["Make"].documentation = text
    return model


def row(kind="granted", **fields):
    what = {"granted": "*", "told": "it is read", "none": "an example"}[kind]
    return {"operations": ["widget.Make"], "actions": ["other:Read"], kind: what, **fields}


def unsettled(rows, model=None, roles=()):
    operation = (model or widget()).operations["Make"]
    entry = SimpleNamespace(operation=operation, lines=[], roles=list(roles))
    return list(texts.unsettled(entry, tables(texts={"text": rows}), DATA))


def problems(rows):
    return list(texts.problems({"widget": widget()}, tables(texts={"text": rows}), DATA))


class Texts(unittest.TestCase):
    def test_what_the_text_names_needs_a_row(self):
        self.assertEqual(len(unsettled([])), 1)
        self.assertEqual(unsettled([row("none")]), [])
        self.assertEqual(unsettled([], widget("You need widget:Make and Read.")), [])

    def test_roles_and_keys_of_parameters_are_settled_elsewhere(self):
        data = widget("You need iam:PassRole.")
        self.assertEqual(unsettled([], data), [])  # not listed in these data
        keyed = service({"Make": {"KmsKeyId": "String"}})
        keyed.operations["Make"].documentation = "You need kms:Decrypt."
        self.assertEqual(unsettled([], keyed), [])
        self.assertEqual(len(unsettled([], widget("You need kms:Decrypt."))), 1)

    def test_rows_name_what_exists_and_what_the_text_says(self):
        self.assertEqual(problems([row(when=["Name"])]), [])
        for wrong in (
            row(operations=["widget.Break"]),
            row(when=["Colour"]),
            row(actions=["other:Write"]),
            row("told", where="a:b=c"),
            row(none="too"),
            row(actions=["kms:Decrypt"]),
        ):
            self.assertTrue(problems([wrong]), wrong)
        self.assertEqual(problems([row(actions=["kms:Decrypt"], page="https://x")]), [])

    def test_the_name_of_the_operation_in_an_action(self):
        (found,) = texts.of(widget().operations["Make"], tables(texts={"text": [row(actions=["other:{Operation}"])]}))
        self.assertEqual((found.action, found.arns), ("other:Make", ["*"]))


class Unnamed(unittest.TestCase):
    def test_rows_name_what_exists(self):
        def said(**fields):
            one = {"operations": ["widget.Make"], "actions": ["Decrypt"], "page": "https://x", **fields}
            return list(unnamed.problems({"widget": widget()}, tables(unnamed={"unnamed": [one]}), DATA))

        self.assertEqual(said(via="widget", when=["!Name"]), [])
        for wrong in ({"operations": ["widget.Break"]}, {"actions": ["Decipher"]}, {"when": ["Colour"]}, {"why": "x"}):
            self.assertTrue(said(**wrong), wrong)


if __name__ == "__main__":
    unittest.main()
