"""The GitHub Action: what it runs is what was released, and it hands on what it is given."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(FOLDER))
from pack import NAME, ROOT, Release, gpg, pack, sha256  # noqa: E402

# Tells its arguments, and fails when it is told to.
PROGRAM = '#!/bin/sh\nprintf "%s\\n" "$@"\ncase "$*" in *broken*) exit 2 ;; *finding*) exit 1 ;; esac\n'

# Tells how it was called, with the separators of Windows.
CYGPATH = """#!/bin/sh
echo "$*" | tr / '\\\\'
"""


@unittest.skipUnless(shutil.which("gpg") and shutil.which("curl") and shutil.which("unzip"), "it needs gpg, curl and unzip")
class Action(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # gpg's socket does not fit below a long path.
        cls.home = Path(tempfile.mkdtemp(dir="/tmp"))
        for who in ("ours", "stranger"):
            options = ["--pinentry-mode", "loopback", "--passphrase", ""]
            gpg(cls.home, *options, "--quick-generate-key", f"{who} <{who}@example.com>", "rsa2048", "sign", "never")

    @classmethod
    def tearDownClass(cls):
        subprocess.run(["gpgconf", "--homedir", str(cls.home), "--kill", "all"], check=False, capture_output=True)
        shutil.rmtree(cls.home, ignore_errors=True)

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        shutil.copytree(ROOT / "action", self.folder / "checkout/action")
        (self.folder / "checkout/release").mkdir()
        (self.folder / "temp").mkdir()
        (self.folder / "checkout/release/key.asc").write_text(gpg(self.home, "--armor", "--export", "ours@example.com"))
        (self.folder / "checkout/Cargo.toml").write_text('[package]\nname = "x"\nversion = "1.2.3"\n')
        self.publish("ours")

    def publish(self, who: str):
        executable = self.folder / "executable"
        executable.write_text(PROGRAM)
        self.release = Release("1.2.3", self.folder / "releases/v1.2.3", 1767225600)
        pack(self.release, {"linux_amd64": executable, "windows_amd64": executable}, {}, f"{who}@example.com", self.home)
        self.zip = self.release.file("linux_amd64.zip")

    def run_script(self, script: str, **more: str) -> subprocess.CompletedProcess:
        environment = {"PATH": f"{self.folder}/temp/sfniam/bin:{os.environ['PATH']}", "HOME": str(self.folder)}
        environment |= {"RUNNER_TEMP": f"{self.folder}/temp", "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64"}
        environment |= {"GITHUB_PATH": f"{self.folder}/path", "SFNIAM_RELEASES": f"file://{self.folder}/releases", **more}
        return subprocess.run(
            ["bash", str(self.folder / "checkout/action" / script)], cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )

    def installs(self, **more: str):
        done = self.run_script("install", **more)
        self.assertEqual(done.returncode, 0, done.stderr)

    def refuses(self, saying: str, **more: str):
        done = self.run_script("install", **more)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertIn(saying, done.stderr)
        self.assertFalse((self.folder / "path").exists(), "it is on the PATH")

    def test_what_is_signed_is_put_on_the_path(self):
        self.installs()
        self.assertEqual((self.folder / "path").read_text(), f"{self.folder}/temp/sfniam/bin\n")
        self.assertEqual((self.folder / "temp/sfniam/bin/sfniam").read_text(), PROGRAM)

    def test_on_windows_the_path_is_one_of_windows(self):
        (self.folder / "temp/tools").mkdir()
        (self.folder / "temp/tools/cygpath").write_text(CYGPATH)
        (self.folder / "temp/tools/cygpath").chmod(0o755)
        # Each program gets absolute paths in the form of the shell, whatever the form of RUNNER_TEMP: here a relative one.
        self.installs(RUNNER_OS="Windows", RUNNER_TEMP="temp", PATH=f"{self.folder}/temp/tools:{os.environ['PATH']}")
        place = str(self.folder / "temp/sfniam/bin").replace("/", "\\")
        self.assertEqual((self.folder / "path").read_text(), f"-w {place}\n")
        self.assertEqual((self.folder / "temp/sfniam/bin/sfniam.exe").read_text(), PROGRAM)

    def test_the_demanded_sum(self):
        self.installs(SHA256=sha256(self.zip))
        (self.folder / "path").unlink()
        self.refuses("the workflow requires", SHA256="0" * 64)

    def test_a_changed_zip(self):
        self.zip.write_bytes(self.zip.read_bytes() + b"\0")
        self.refuses("has another checksum")

    def test_changed_sums(self):
        old = sha256(self.zip)
        self.zip.write_bytes(self.zip.read_bytes() + b"\0")
        self.release.sums.write_text(self.release.sums.read_text().replace(old, sha256(self.zip)))
        self.refuses("is not signed by our key")

    def test_a_strangers_key(self):
        self.publish("stranger")
        self.refuses("is not signed by our key")

    def test_without_a_key_the_sum_is_needed(self):
        (self.folder / "checkout/release/key.asc").unlink()
        self.refuses("the input \"sha256\" is required")
        self.installs(SHA256=sha256(self.zip))

    def test_a_version_that_is_none(self):
        self.refuses("is not a version", VERSION="1.2.3/../../x")

    def test_the_program_gets_paths_and_arguments(self):
        self.installs()
        done = self.run_script("check", PATHS="a b\n-c\n", ARGUMENTS="--mode\nleast_privilege\n", SARIF="out.sarif")
        self.assertEqual(done.returncode, 0, done.stderr)
        given = ["check", "--mode", "least_privilege", "--format", "github", "--", "a b", "-c"]
        self.assertEqual(done.stdout.splitlines(), given)
        given[4] = "sarif"
        self.assertEqual((self.folder / "out.sarif").read_text().splitlines(), given)

    def test_its_exit_status_is_that_of_the_step(self):
        self.installs()
        for path, status in (("fine", 0), ("finding", 1), ("broken", 2)):
            for sarif in ("", "out.sarif"):
                self.assertEqual(self.run_script("check", PATHS=path, SARIF=sarif).returncode, status, path)

    def test_the_names_are_those_that_a_release_has(self):
        self.assertIn(f"name={NAME}\n", (ROOT / "action/install").read_text())


if __name__ == "__main__":
    unittest.main()
