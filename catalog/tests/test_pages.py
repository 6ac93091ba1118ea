import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

import tests.support  # noqa: F401

import pages
from tests.support import service, tables

REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_widget.html"
DOCUMENT = {
    "Name": "widget",
    "Operations": [
        {
            "Name": "Make",
            "SDK": [{"Name": "widget", "Package": "Boto3"}, {"Name": "other", "Package": "Other"}],
            "AuthorizedActions": [
                {"Service": "widget", "Name": "Make"},
                {"Service": "other", "Name": "Make"},
                {"Service": "iam", "Name": "PassRole", "Context": {"iam:PassedToService": ["widget.amazonaws.com", "widget.preprod.amazonaws.com"]}},
            ],
        },
    ],
}


def widget():
    return service({"Make": {"RoleArn": "String"}})


def entry(roles=(), rule="same", passed_to=None):
    operation = widget().operations["Make"]
    return SimpleNamespace(operation=operation, lines=[], roles=list(roles), possible=[], rule=rule, passed_to=passed_to)


def row(action="other:Make", **fields):
    return {"operations": ["widget.Make"], "actions": [action], "none": "an example", "page": REFERENCE, **fields}


def tables_of(rows=(), to=()):
    roles = {"passed_to": {"widget": {"to": list(to)}}, "unverified": {}, "not_passed": {}, "parameters": {}, "possible": {}, "rights": {}}
    return tables(texts={"text": list(rows)}, pages={"text": list(rows)}, roles=roles)


class Pages(unittest.TestCase):
    def test_the_file_has_what_the_service_lists_beside_the_operation(self):
        text = pages.text([DOCUMENT], {"widget": widget()}, "2026-01-01")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "pages.txt"
            path.write_text(text)
            listed = pages.read(path)
        self.assertEqual(listed, {"widget.Make": pages.Listed(("iam:PassRole", "other:Make"), ("widget.amazonaws.com",))})

    def test_what_a_page_lists_needs_a_line_or_a_row(self):
        listed = {"widget.Make": pages.Listed(("other:Make",), ())}
        self.assertEqual(len(list(pages.unsettled(entry(), listed, tables_of()))), 1)
        self.assertEqual(list(pages.unsettled(entry(), listed, tables_of([row()]))), [])
        self.assertEqual(list(pages.unsettled(entry(rule="none"), listed, tables_of())), [])
        self.assertEqual(list(pages.unsettled(entry(), {}, tables_of())), [])

    def test_a_role_goes_to_the_services_of_the_page(self):
        listed = {"widget.Make": pages.Listed(("iam:PassRole",), ("widget.amazonaws.com",))}
        passing = entry(roles=["RoleArn"])
        self.assertEqual(list(pages.unsettled(passing, listed, tables_of(to=["widget.amazonaws.com"]))), [])
        self.assertEqual(list(pages.unsettled(passing, listed, tables_of(to=[]))), [])
        self.assertEqual(len(list(pages.unsettled(passing, listed, tables_of(to=["other.amazonaws.com"])))), 1)
        own = entry(roles=["RoleArn"], passed_to=["widget.amazonaws.com"])
        self.assertEqual(list(pages.unsettled(own, listed, tables_of(to=["other.amazonaws.com"]))), [])

    def test_a_row_is_of_what_the_page_lists_unless_the_page_is_newer(self):
        listed = {"widget.Make": pages.Listed(("other:Make",), ())}
        self.assertEqual(list(pages.problems(listed, tables_of([row()]))), [])
        self.assertEqual(len(list(pages.problems(listed, tables_of([row("other:Read")])))), 1)
        self.assertEqual(list(pages.problems(listed, tables_of([row("other:Read", newer=True)]))), [])
        self.assertEqual(len(list(pages.problems(listed, tables_of([row(newer=True)])))), 1)
        self.assertEqual(list(pages.problems({}, tables_of([row(page="https://docs.aws.amazon.com/widget.html")]))), [])


if __name__ == "__main__":
    unittest.main()
