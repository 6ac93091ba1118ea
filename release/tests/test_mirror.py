"""tests/e2e/mirror with a stand-in for Terraform: tests/e2e/run finds what it fetched."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "release/tests")]
from test_release import script  # noqa: E402

TERRAFORM = """#!/bin/sh
[ "$1 $2" = "providers mirror" ] || exit 9
platform=${3#-platform=}
version=$(sed -n 's/.*version = "\\(.*\\)"/\\1/p' main.tf)
place=$4/registry.terraform.io/hashicorp/aws
mkdir -p "$place"
cp "$STAND_IN/aws.zip" "$place/terraform-provider-aws_${version}_$platform.zip"
"""


@unittest.skipUnless(shutil.which("unzip"), "it needs unzip")
class Mirror(unittest.TestCase):
    def test_what_was_fetched_is_found(self):
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        fetching = folder / "a checkout/tests/e2e/mirror"
        fetching.parent.mkdir(parents=True)
        shutil.copy(ROOT / "tests/e2e/mirror", fetching)
        (folder / "tools").mkdir()
        for name, text in (("tools/terraform", TERRAFORM), ("terraform-provider-aws_v0.0.0_x5", "#!/bin/sh\n")):
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)
        run = script("../tests/e2e/run")
        self.assertIn(str(ROOT / "dist/mirror"), run.MIRRORS)
        # As HashiCorp packs it, with the mode of the executable.
        with zipfile.ZipFile(folder / "aws.zip", "w") as packed:
            packed.write(folder / "terraform-provider-aws_v0.0.0_x5", "terraform-provider-aws_v0.0.0_x5")
        environment = {"PATH": f"{folder}/tools:{os.environ['PATH']}", "STAND_IN": str(folder), "TF_DATA_DIR": "elsewhere"}
        # A second time, over what is there.
        for _ in range(2):
            done = subprocess.run(["bash", str(fetching)], env=environment, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
        found = run.aws_provider([str(folder / "a checkout/dist/mirror")])
        self.assertTrue(found and os.access(found, os.X_OK), found)
        self.assertEqual(found.parents[1].name, "5.100.0")
        self.assertEqual(found.parents[2].parts[-3:], ("registry.terraform.io", "hashicorp", "aws"))


if __name__ == "__main__":
    unittest.main()
