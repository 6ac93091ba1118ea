"""release/pages with stand-ins for Go and Terraform: what cannot be had is said, and what is wrong is a failure."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TERRAFORM = '#!/bin/sh\necho "{}"\n'
# The tool that "go build" makes finds what FINDS says.
GO = """#!/bin/sh
case $1 in
  version) echo go9 ;;
  mod)
    [ -z "$MOD_FAILS" ] || { echo "{\\"Error\\": \\"$MOD_FAILS\\"}"; exit 1; }
    echo "go: downloading it" >&2
    printf '{\\n\\t"Path": "it",\\n\\t"Dir": "%s",\\n\\t"Sum": "%s"\\n}\\n' "$STAND_IN" "$SUM"
    ;;
  build)
    [ -z "$BUILD_FAILS" ] || { echo "$BUILD_FAILS" >&2; exit 1; }
    while [ "$1" != -o ]; do shift; done
    printf '#!/bin/sh\\n%s\\n' "$TOOL" >"$2"
    chmod 0755 "$2"
    ;;
esac
"""


class Pages(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.root = self.folder / "a checkout"
        for name in ("release/pages", "tests/clis/build", "tests/clis/versions.txt", "examples/provider/provider.tf"):
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.root / name)
        (self.folder / "tools").mkdir()
        for name, text in (("go", GO), ("terraform", TERRAFORM)):
            (self.folder / "tools" / name).write_text(text)
            (self.folder / "tools" / name).chmod(0o755)

    def pages(self, **more: str) -> subprocess.CompletedProcess:
        lines = (ROOT / "tests/clis/versions.txt").read_text().splitlines()
        wanted = next(line.split()[-1] for line in lines if line.startswith("tfplugindocs "))
        environment = {"PATH": f"{self.folder}/tools:{os.environ['PATH']}", "HOME": str(self.folder), "STAND_IN": str(self.folder)}
        environment |= {"SUM": wanted, "TOOL": "exit 0", **more}
        return subprocess.run(
            ["bash", str(self.root / "release/pages"), str(self.folder / "executable")],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def test_pages_without_a_fault(self):
        done = self.pages()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("finds nothing wrong with docs", done.stdout)

    def test_pages_with_a_fault(self):
        done = self.pages(TOOL="echo wrong; exit 1")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("wrong", done.stderr)

    def test_without_the_module_proxy_it_is_said(self):
        for more in ({"MOD_FAILS": "dial tcp: connection refused"}, {"BUILD_FAILS": "dial tcp: connection refused"}):
            done = self.pages(**more)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("connection refused", done.stderr)
            self.assertIn("SKIPPED: tfplugindocs", done.stderr)

    def test_another_checksum_is_a_failure(self):
        for more in ({"SUM": "h1:other"}, {"MOD_FAILS": "verifying module: checksum mismatch"}, {"BUILD_FAILS": "SECURITY ERROR"}):
            done = self.pages(**more)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertNotIn("SKIPPED", done.stderr)


if __name__ == "__main__":
    unittest.main()
