"""What is compared of an executable for another system, with stand-ins for cargo and for the emulator."""

import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import emulated  # noqa: E402

# A provider that answers every command with its arguments, and a host that wants a handshake with a line.
PROVIDER = """#!/bin/sh
[ -z "$TF_PLUGIN_MAGIC_COOKIE" ] || { echo "1|6|unix|/tmp/plugin|grpc|"; exit; }
echo "$1 of $ANSWER"
"""
EMULATOR = """#!/bin/sh
program=$1; shift
ANSWER=${OTHER-} exec "$program" "$@"
"""
# The tests of the protocol are one call here.
CARGO = """#!/bin/sh
[ "$*" = "test --locked --test it -- protocol" ] || exit 9
[ "$("$SFNIAM_EXECUTABLE" "a b")" = "${EXPECTED-a b of }" ]
"""


class Emulated(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        for name, text in (("a provider", PROVIDER), ("an emulator", EMULATOR), ("cargo", CARGO)):
            (self.folder / name).write_text(text)
            (self.folder / name).chmod(0o755)

    def faults(self, platform: str, **more: str) -> list[str]:
        provider, program = self.folder / "a provider", self.folder / "an emulator"
        with (
            mock.patch.dict(os.environ, {"PATH": f"{self.folder}:{os.environ['PATH']}", **more}),
            mock.patch.object(emulated, "ROOT", self.folder),
            mock.patch.object(emulated, "_environment", lambda: dict(os.environ)),
        ):
            return emulated.faults(platform, provider, provider, str(program))

    def test_the_same_answers_have_no_fault(self):
        self.assertEqual(self.faults("linux_arm64"), [])

    def test_another_answer(self):
        self.assertIn("says something else to ['--version']", self.faults("linux_arm64", OTHER="another machine")[0])

    def test_another_handshake(self):
        self.assertEqual([one.split(" and not ")[1] for one in self.faults("windows_amd64")], ["with 1|6|tcp|127.0.0.1:"])

    def test_a_test_of_the_protocol_that_fails(self):
        found = self.faults("linux_arm64", EXPECTED="something else")
        self.assertEqual([one.split(" with ")[0] for one in found], ["the tests of the protocol fail"])


if __name__ == "__main__":
    unittest.main()
