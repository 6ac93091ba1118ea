"""What release/arrived asks of a registry, here the one on loopback: every platform, offered with our key."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

FOLDER = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(FOLDER), str(FOLDER / "tests")]
from pack import PLATFORMS, Release, gpg, pack  # noqa: E402
from registry import Registry  # noqa: E402
from test_release import script  # noqa: E402


@unittest.skipUnless(shutil.which("gpg") and shutil.which("openssl"), "it needs gpg and openssl")
class Arrived(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # gpg's socket does not fit below a long path.
        cls.folder = Path(tempfile.mkdtemp(dir="/tmp"))
        cls.keys = {}
        for who in ("ours", "stranger"):
            options = ["--pinentry-mode", "loopback", "--passphrase", ""]
            gpg(cls.folder, *options, "--quick-generate-key", f"{who} <{who}@example.com>", "rsa2048", "sign", "never")
            cls.keys[who] = (who, gpg(cls.folder, "--armor", "--export", f"{who}@example.com"))
        executable = cls.folder / "executable"
        executable.write_text("?")
        cls.release = Release("1.2.3", cls.folder / "release", 1767225600)
        pack(cls.release, dict.fromkeys(PLATFORMS.values(), executable), {}, None)
        cls.registry = Registry(cls.folder)
        cls.arrived = script("arrived")
        cls.ours = cls.arrived.fingerprints(cls.keys["ours"][1])

    @classmethod
    def tearDownClass(cls):
        cls.registry.close()
        subprocess.run(["gpgconf", "--homedir", str(cls.folder), "--kill", "all"], check=False, capture_output=True)
        shutil.rmtree(cls.folder, ignore_errors=True)

    def lacks(self, releases: list[Release], keys: list[str]) -> list[str]:
        self.registry.releases, self.registry.keys = releases, [self.keys[who] for who in keys]
        with mock.patch.dict(os.environ, {"SSL_CERT_FILE": str(self.registry.certificate)}):
            return self.arrived.lacks(self.registry.origin, "1.2.3", self.ours)

    def test_every_platform_with_our_key(self):
        self.assertEqual(len(self.ours), 1)
        self.assertEqual(self.lacks([self.release], ["stranger", "ours"]), [])

    def test_another_version(self):
        self.assertEqual(self.lacks([], ["ours"]), ["there is no 1.2.3"])

    def test_without_a_key_or_with_that_of_a_stranger(self):
        for keys in ([], ["stranger"]):
            found = self.lacks([self.release], keys)
            self.assertEqual(len(found), 5, found)
            self.assertIn("none is that of release/key.asc", found[0])

    def test_without_a_platform(self):
        part = Release("1.2.3", self.folder / "part", 1767225600)
        shutil.copytree(self.release.folder, part.folder)
        part.file("windows_amd64.zip").unlink()
        self.assertEqual(self.lacks([part], ["ours"]), ["1.2.3 is not there for windows_amd64"])

    def test_an_answer_of_another_form(self):
        with mock.patch.object(self.registry, "answer", lambda path: b'{"versions": null}'):
            self.assertIn("TypeError", self.lacks([self.release], ["ours"])[0])
        with mock.patch.object(self.registry, "answer", lambda path: None):
            self.assertIn("404", self.lacks([self.release], ["ours"])[0])


if __name__ == "__main__":
    unittest.main()
