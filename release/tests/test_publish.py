"""What `release/check --publish` lets through, which is what the release workflow runs: nothing that is unsigned, incomplete or was not tried."""

import contextlib
import io
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

FOLDER = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(FOLDER), str(FOLDER / "tests")]
import shell  # noqa: E402
from pack import PLATFORMS, Release, gpg, pack  # noqa: E402
from test_formats import elf, macho, pe  # noqa: E402
from test_release import script  # noqa: E402

CONTENTS = {"linux": elf(), "darwin": macho(), "windows": pe("KERNEL32.dll")}

MATRIX = "# Head.\ndate 2030-01-02\ncommit 0123456789ab\ntests 2\ntofu 1.2.3 2 passed, 0 failed, 0 not supported, 0 without their program\n"


@unittest.skipUnless(shutil.which("gpg"), "it needs gpg")
class Publish(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # gpg's socket does not fit below a long path.
        cls.home = Path(tempfile.mkdtemp(dir="/tmp"))
        options = ["--pinentry-mode", "loopback", "--passphrase", ""]
        gpg(cls.home, *options, "--quick-generate-key", "ours <ours@example.com>", "rsa2048", "sign", "never")
        listed = gpg(cls.home, "--with-colons", "--list-keys")
        cls.fingerprint = next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr:"))

    @classmethod
    def tearDownClass(cls):
        subprocess.run(["gpgconf", "--homedir", str(cls.home), "--kill", "all"], check=False, capture_output=True)
        shutil.rmtree(cls.home, ignore_errors=True)

    def setUp(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        (self.root / "release").mkdir()
        for page in ("SECURITY.md", "README.md"):
            (self.root / page).write_text(self.fingerprint)
        (self.root / "tests/clis").mkdir(parents=True)
        (self.root / "tests/clis/main.rs").write_text('    test!(x::y),\n    with!("tflint", x::z),\n')
        (self.root / "tests/matrix.txt").write_text(MATRIX)
        (self.root / "release/key.asc").write_text(gpg(self.home, "--armor", "--export"))
        self.check = script("check")
        self.check.ROOT = self.root
        self.check.version = lambda: "1.2.3"

    def pack(self, platforms: set[str], key: str | None = "ours@example.com", more: bytes = b""):
        executables = {}
        for platform in platforms:
            executables[platform] = self.root / platform
            content = CONTENTS[platform.split("_")[0]]
            executables[platform].write_bytes(content + more if platform == "linux_amd64" else content)
        texts = dict.fromkeys(["THIRD-PARTY.md", "sbom.cdx.json", shell.PAGE, *shell.SCRIPTS.values()], "texts")
        pack(Release("1.2.3", self.root / "dist/release", 1767225600), executables, texts, key, self.home)

    def said(self, *arguments: str) -> tuple[int, str]:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = self.check.main([*arguments, "files"])
        return status, out.getvalue()

    def test_every_platform_and_signed(self):
        self.pack(set(PLATFORMS.values()))
        self.assertEqual(self.said("--publish"), (0, ""))

    def test_without_a_signature(self):
        self.pack(set(PLATFORMS.values()), key=None)
        self.assertEqual(self.said(), (0, "NOT TRIED: the signature of dist/release, because it is not signed\n"))
        status, said = self.said("--publish")
        self.assertEqual(status, 1)
        self.assertIn("FAULT files: it is not signed\n", said)

    def test_without_a_platform(self):
        self.pack(set(PLATFORMS.values()) - {"darwin_arm64"})
        self.assertEqual(self.said(), (0, ""))
        status, said = self.said("--publish")
        self.assertEqual((status, said), (1, "FAULT files: there is no terraform-provider-sfniam_1.2.3_darwin_arm64.zip\n"))

    def test_a_platform_that_no_release_has(self):
        self.pack({*PLATFORMS.values(), "linux_riscv64"})
        self.assertIn("linux_riscv64.zip is for a platform that no release has", self.said("--publish")[1])

    def test_with_the_c_library_of_gnu(self):
        self.pack(set(PLATFORMS.values()), key=None, more=b"glibc.malloc.check")
        self.assertEqual(self.said()[0], 0)
        self.assertIn("the executable has the GNU C library inside", self.said("--publish")[1])

    def test_a_matrix_of_another_commit(self):
        self.pack(set(PLATFORMS.values()))
        for old, new, saying in (
            ("tests 2", "tests 1", "is of 1 tests, and tests/clis has 2"),
            ("0123456789ab", "0123456789ab-changed", "is of a tree that was changed"),
            (" 0 failed", " 1 failed", "tofu 1.2.3 2 passed, 1 failed"),
            ("2 passed, 0 failed, 0 not supported, 0 without their program", "not run", "tofu 1.2.3 not run"),
        ):
            (self.root / "tests/matrix.txt").write_text(MATRIX.replace(old, new))
            self.assertEqual(self.said(), (0, ""))
            status, said = self.said("--publish")
            self.assertEqual((status, saying in said), (1, True), said)

    def test_what_was_not_tried(self):
        self.pack(set(PLATFORMS.values()))
        self.check.SKIPPED.append("something")
        self.assertEqual(self.said("--publish"), (1, "FAULT not tried: something\n"))

    def test_an_empty_root_for_a_user_who_may_not_change_it(self):
        sys.modules.pop("alone", None)
        import alone

        with mock.patch.object(alone, "way", lambda: None), mock.patch.object(sys, "platform", "linux"):
            self.assertEqual(self.check.alone(), [])
        self.assertIn("may not change the root", self.check.SKIPPED[0])


if __name__ == "__main__":
    unittest.main()
