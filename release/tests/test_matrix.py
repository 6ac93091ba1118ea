"""tests/clis/matrix with a stand-in for cargo: how many tests there are, how many ran, and why the others did not."""

import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "release/tests")]
from test_release import script  # noqa: E402

CARGO = """#!/bin/sh
case $SFNIAM_CLIS in
  *1.2.3)
    echo "SKIPPED tofu-1.2.3::x: functions of providers came with OpenTofu 1.7.0"
    echo "SKIPPED a_state_passes_from_tool_to_tool: there is only one tool"
    echo "SKIPPED the_examples_pass_the_linter: tflint is not here" >&2
    echo "test result: ok. 3 passed; 0 failed; 0 ignored" ;;
  *) echo "test result: FAILED. 4 passed; 1 failed; 0 ignored"; exit 101 ;;
esac
"""


class Matrix(unittest.TestCase):
    def test_what_it_writes(self):
        root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, root)
        for name, text in (
            ("tests/clis/versions.txt", "# Head.\ntofu 1.2.3 x\nterraform 2.0.0 PATH\ntofu 3.0.0 x\ntflint 1.0.0 x\n"),
            ("dist/tools/tofu-1.2.3", "#!/bin/sh\necho OpenTofu v1.2.3-dev\n"),
            ("dist/tools/tofu-3.0.0", "#!/bin/sh\necho OpenTofu v3.0.0\n"),
            ("release/build", "#!/bin/sh\necho 0123456789ab-changed\n"),
            ("tools/cargo", CARGO),
        ):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
            (root / name).chmod(0o755)
        module = script("../tests/clis/matrix")
        with (
            mock.patch.object(module, "ROOT", root),
            mock.patch.dict(os.environ, {"PATH": f"{root}/tools:/bin:/usr/bin"}),
            mock.patch.object(module.shutil, "which", lambda name: None),
            mock.patch.object(sys, "stderr"),
        ):
            self.assertEqual(module.main(), 1)
        lines = (root / "tests/matrix.txt").read_text().splitlines()
        self.assertRegex(lines[1], r"^date \d{4}-\d{2}-\d{2}$")
        self.assertEqual(
            lines[2:],
            [
                "commit 0123456789ab-changed",
                "tests 5",
                "tofu 1.2.3 3 passed, 0 failed, 1 not supported, 1 without their program",
                "terraform 2.0.0 not run",
                "tofu 3.0.0 4 passed, 1 failed, 0 not supported, 0 without their program",
            ],
        )


if __name__ == "__main__":
    unittest.main()
