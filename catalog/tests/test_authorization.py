import tempfile
import unittest
from pathlib import Path

import support
import authorization
import lock
from sources import Action


class Authorization(unittest.TestCase):
    def test_actions_with_their_level_and_types(self):
        data = support.sources(types={"widget": {"big box": "arn:${Partition}:widget:::box/${Id}, arn:${Partition}:widget:::b/${Id}"}})
        data.actions = {"widget": {"make": Action("Make", [("big box", True), ("a", False)], "Write"), "look": Action("Look", [], "Read")}}
        self.assertEqual(
            authorization.text(support.tables(), data).splitlines()[2:],
            [
                "date 2026-01-01",
                "dangerous *:Delete* -- it destroys",
                "prefix widget",
                " type big_box arn:${Partition}:widget:::box/${Id}",
                " type big_box arn:${Partition}:widget:::b/${Id}",
                " Look r",
                " Make w a big_box!",
            ],
        )


class Lock(unittest.TestCase):
    def test_pins_of_the_wheels_in_a_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "some_thing-1.2-py3-none-any.whl").write_bytes(b"a wheel")
            self.assertRegex(lock.pinned(folder, ["some-thing"])[0], r"^some-thing==1\.2 --hash=sha256:[0-9a-f]{64}$")
            with self.assertRaises(SystemExit):
                lock.pinned(folder, ["other"])
