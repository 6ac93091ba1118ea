"""catalog/propose in a repository of its own, with a stand-in for gh."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
# Tells its arguments and the text of the proposal; a proposal that there is has the number in the file "number".
GH = """#!/bin/sh
case "$1 $2" in
  "pr list") cat "$STAND_IN/number" 2>/dev/null || true ;;
  *)
    echo "$*" > "$STAND_IN/call"
    while [ "$1" != --body-file ]; do shift; done
    cp "$2" "$STAND_IN/text"
    ;;
esac
"""


@unittest.skipUnless(shutil.which("git"), "it needs git")
class Propose(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.root = self.folder / "a checkout"
        (self.root / "catalog").mkdir(parents=True)
        shutil.copy(FOLDER / "propose", self.root / "catalog/propose")
        (self.root / "catalog/requirements.lock").write_text("old\n")
        (self.folder / "tools").mkdir()
        (self.folder / "tools/gh").write_text(GH)
        (self.folder / "tools/gh").chmod(0o755)
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("add", "--all")
        self.git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "--message", "First")
        subprocess.run(["git", "init", "--quiet", "--bare", str(self.folder / "remote")], check=True)
        (self.folder / "changes").write_text("sqs: changed\n! sqs Purge needs a row\n")

    def git(self, *arguments: str, at: Path | None = None) -> str:
        done = subprocess.run(["git", "-C", str(at or self.root), *arguments], capture_output=True, text=True, check=True)
        return done.stdout

    def propose(self, outcome: str) -> subprocess.CompletedProcess:
        environment = {"PATH": f"{self.folder}/tools:{os.environ['PATH']}", "HOME": str(self.folder), "STAND_IN": str(self.folder)}
        environment |= {"SFNIAM_REMOTE": str(self.folder / "remote"), "GIT_CONFIG_NOSYSTEM": "1"}
        return subprocess.run(
            ["bash", str(self.root / "catalog/propose"), outcome, str(self.folder / "changes")],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def proposed(self) -> tuple[str, list[str]]:
        """The title, and the files of the only branch."""
        (branch,) = self.git("branch", "--format=%(refname:short)", at=self.folder / "remote").split()
        self.assertRegex(branch, r"^catalogue-\d{4}-\d{2}$")
        files = self.git("diff", "--name-only", "main", branch).split()
        return self.git("log", "-1", "--format=%s", branch, at=self.folder / "remote").strip(), files

    def test_what_changed_and_what_is_new(self):
        (self.root / "catalog/requirements.lock").write_text("new\n")
        (self.root / "catalog/new.txt").write_text("new\n")
        done = self.propose("success")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.proposed(), ("Refresh the catalogue of AWS SDK integrations", ["catalog/new.txt", "catalog/requirements.lock"]))
        self.assertIn("pr create --head catalogue-", (self.folder / "call").read_text())
        self.assertIn("sqs: changed", (self.folder / "text").read_text())

    def test_a_row_that_needs_a_person_is_proposed_too(self):
        (self.root / "catalog/requirements.lock").write_text("new\n")
        done = self.propose("failure")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.proposed()[0], "Refresh the catalogue of AWS SDK integrations: needs decisions")
        lines = (self.folder / "text").read_text().splitlines()
        self.assertIn("The catalogue is not written yet", lines[0])
        self.assertEqual(lines[2:4], ["! sqs Purge needs a row", "sqs: changed"])

    def test_a_later_run_replaces_the_branch_of_the_month(self):
        for content in ("new\n", "newer\n"):
            (self.root / "catalog/requirements.lock").write_text(content)
            self.assertEqual(self.propose("success").returncode, 0)
            self.git("checkout", "--quiet", "main")
            (self.folder / "number").write_text("7\n")
        self.assertIn("pr edit 7 --title", (self.folder / "call").read_text())
        branch = self.git("branch", "--format=%(refname:short)", at=self.folder / "remote").strip()
        self.assertEqual(self.git("show", f"{branch}:catalog/requirements.lock", at=self.folder / "remote"), "newer\n")

    def test_nothing_changed(self):
        self.assertEqual(self.propose("success").returncode, 0)
        self.assertEqual(self.propose("failure").returncode, 1)
        self.assertFalse((self.folder / "call").exists())


if __name__ == "__main__":
    unittest.main()
