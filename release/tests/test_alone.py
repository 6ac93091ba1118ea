"""How a command gets into a root of its own, with stand-ins for sudo, unshare and chroot that only tell what they are given."""

import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import alone  # noqa: E402

SUDO = '#!/bin/sh\n[ "$1" = -n ] && shift\nunset TF_X\necho sudo\nexec "$@"\n'
UNSHARE = '#!/bin/sh\n[ "$1" = --map-root-user ] && shift\necho unshare\nexec "$@"\n'
FORBIDDEN = "#!/bin/sh\nexit 1\n"
# Runs the command in this very root.
CHROOT = """#!/bin/sh
case $1 in --*) echo "$1"; shift ;; esac
shift
exec "$@"
"""


@unittest.skipUnless(hasattr(os, "geteuid"), "it needs users of Unix")
class Alone(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.write(chroot=CHROOT, sudo=FORBIDDEN, unshare=FORBIDDEN)
        for patch in (mock.patch.dict(os.environ, {"PATH": f"{self.folder}:{os.environ['PATH']}"}), mock.patch("os.geteuid", lambda: 1001)):
            patch.start()
            self.addCleanup(patch.stop)

    def write(self, **programs: str):
        for name, text in programs.items():
            (self.folder / name).write_text(text)
            (self.folder / name).chmod(0o755)

    def said(self) -> list[str]:
        done = alone.inside(Path("/"), ["/bin/sh", "-c", 'echo "$TF_X"; cat'], {"TF_X": "a b"}, "given\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.splitlines()

    def test_root_needs_nobody(self):
        with mock.patch("os.geteuid", lambda: 0):
            self.assertEqual((alone.way(), self.said()), ([], ["a b", "given"]))

    def test_by_sudo_where_namespaces_are_forbidden(self):
        self.write(sudo=SUDO)
        self.assertEqual(self.said(), ["sudo", f"--userspec={os.getuid()}:{os.getgid()}", "a b", "given"])

    def test_by_unshare_where_sudo_asks_for_a_password(self):
        self.write(unshare=UNSHARE)
        self.assertEqual(self.said(), ["unshare", "a b", "given"])

    def test_sudo_that_runs_no_chroot_is_no_way(self):
        self.write(sudo='#!/bin/sh\n[ "$2" = true ]\n', unshare=UNSHARE)
        self.assertEqual(alone.way(), ["unshare", "--map-root-user"])

    def test_neither_is_said(self):
        self.assertIsNone(alone.way())
        with self.assertRaisesRegex(RuntimeError, "may not change the root"):
            alone.inside(Path("/"), ["true"], {})


if __name__ == "__main__":
    unittest.main()
