"""The licences and the list of the libraries inside."""

import importlib.util
import json
import re
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(FOLDER))
import crates  # noqa: E402


class Licences(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name: str, text: str):
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text)

    def package(self) -> dict:
        manifest = str(self.folder / "Cargo.toml")
        return {"name": "x", "version": "1.0.0", "license": "MIT", "authors": ["A"], "repository": "https://x", "manifest_path": manifest}

    def test_those_of_what_a_library_contains_are_there_too(self):
        for name, text in (("LICENSE-MIT", "of x"), ("c/v2/COPYING.txt", "of y"), ("c/v3/COPYING.txt", "of y"), ("src/license.rs", "code")):
            self.write(name, text)
        self.assertEqual(crates.licences(self.folder), ["of x", "of y"])
        self.assertIn("## x 1.0.0 (MIT)\n\n```text\nof x\n\nof y\n```\n", crates.notices([self.package()]))

    def test_without_a_text_it_is_who_made_it(self):
        self.assertIn("MIT; by A; https://x", crates.notices([self.package()]))


class Inside(unittest.TestCase):
    """What is inside this program, by Cargo.lock."""

    @classmethod
    def setUpClass(cls):
        cls.packages = crates.inside()
        cls.bill = crates.bill_of_materials(cls.packages, "1.2.3")

    def test_libraries_are_and_what_only_builds_and_tests_is_not(self):
        names = {one["name"] for one in self.packages}
        self.assertLess({"ring", "tonic", "mimalloc", "rustix", "sysinfo"}, names)
        self.assertEqual(names & {"syn", "askama_derive", "protox", "proptest", "cc", "terraform-provider-sfniam"}, set())

    def test_who_wrote_the_allocator_is_named(self):
        self.assertRegex(crates.notices(self.packages), "Microsoft Corporation, Daan Leijen")

    def test_every_library_is_listed_with_its_sum(self):
        listed = json.loads(self.bill)["components"]
        self.assertEqual([one["name"] for one in listed], [one["name"] for one in self.packages])
        for one in listed:
            self.assertEqual(one["purl"], f"pkg:cargo/{one['name']}@{one['version']}")
            self.assertTrue(re.fullmatch("[0-9a-f]{64}", one["hashes"][0]["content"]), one)

    @unittest.skipUnless(importlib.util.find_spec("cyclonedx"), "it needs cyclonedx-python-lib")
    def test_the_list_has_the_form_of_cyclonedx(self):
        from cyclonedx.schema import SchemaVersion
        from cyclonedx.validation.json import JsonStrictValidator

        validator = JsonStrictValidator(SchemaVersion.V1_5)
        self.assertIsNone(validator.validate_str(self.bill))
        self.assertIsNotNone(validator.validate_str(self.bill.replace('"library"', '"book"', 1)))


if __name__ == "__main__":
    unittest.main()
