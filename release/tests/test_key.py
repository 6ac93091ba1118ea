"""The public key in the repository: what the registries take, and the pages that name it."""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(FOLDER))
import rules  # noqa: E402
from pack import gpg  # noqa: E402


@unittest.skipUnless(shutil.which("gpg"), "it needs gpg")
class Key(unittest.TestCase):
    def setUp(self):
        # gpg's socket does not fit below a long path.
        self.folder = Path(tempfile.mkdtemp(dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.addCleanup(subprocess.run, ["gpgconf", "--homedir", str(self.folder), "--kill", "all"], check=False, capture_output=True)

    def key(self, algorithm: str = "rsa2048", end: str = "never", export: str = "--export") -> tuple[Path, str]:
        options = ["--pinentry-mode", "loopback", "--passphrase", ""]
        gpg(self.folder, *options, "--quick-generate-key", "x <x@example.com>", algorithm, "sign", end)
        listed = gpg(self.folder, "--with-colons", "--list-keys")
        path = self.folder / "key.asc"
        path.write_text(gpg(self.folder, *options, "--armor", export))
        return path, next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr:"))

    def faults(self, path: Path, text: str) -> str:
        return "\n".join(rules.key_faults(path, {"SECURITY.md": text}))

    def test_a_key_whose_fingerprint_is_on_the_page(self):
        path, fingerprint = self.key()
        parted = " ".join(fingerprint[at : at + 4] for at in range(0, 40, 4))
        self.assertEqual(self.faults(path, f"The key: `{parted}`."), "")
        self.assertIn(f"SECURITY.md does not have the fingerprint {fingerprint}", self.faults(path, "The key."))

    def test_a_key_with_an_end(self):
        path, fingerprint = self.key(end="1y")
        self.assertIn("has an end", self.faults(path, fingerprint))

    def test_a_key_that_the_terraform_registry_does_not_take(self):
        path, fingerprint = self.key(algorithm="ed25519")
        self.assertIn("not an RSA key", self.faults(path, fingerprint))

    def test_the_private_half(self):
        path, fingerprint = self.key(export="--export-secret-keys")
        self.assertIn("private key inside", self.faults(path, fingerprint))

    def test_two_keys(self):
        self.key()
        path, fingerprint = self.key(algorithm="ed25519")
        self.assertIn("2 keys", self.faults(path, fingerprint))


if __name__ == "__main__":
    unittest.main()
