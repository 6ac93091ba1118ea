"""release/publish with a stand-in for gh that keeps releases in a folder: a draft at a time, until every file is there."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
# A release is a folder with its assets; the file "draft" beside it says that it is one.
GH = """#!/bin/sh
[ -z "$GH_FAILS" ] || exit 1
echo "$*" >> "$STAND_IN/calls"
releases=$STAND_IN/releases
[ "$1" = release ] || exit 9
verb=$2 tag=$3
case $verb in
  list)
    for place in "$releases"/*; do
      [ ! -d "$place" ] || if [ -e "$place.draft" ]; then echo true; else echo false; fi
    done
    ;;
  create) mkdir -p "$releases/$tag"; : > "$releases/$tag.draft" ;;
  view) ls "$releases/$tag" ;;
  download) cat "$releases/$tag"/*SHA256SUMS ;;
  edit) case "$*" in *--draft=false*) rm "$releases/$tag.draft" ;; esac ;;
esac
case $verb in
  create | upload)
    for path; do case $path in dist/release/*) cp "$path" "$releases/$tag" ;; esac; done
    ;;
esac
[ "$verb" != "$GH_BREAKS" ]
"""


class Published(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.root = self.folder / "a checkout"
        for name in ("publish", "notes"):
            (self.root / "release").mkdir(parents=True, exist_ok=True)
            shutil.copy(FOLDER / name, self.root / "release" / name)
        (self.root / "CHANGELOG.md").write_text("## [Unreleased]\n\n## [1.2.3] - 2030-01-02\n\n### Added\n\n- All.\n")
        self.files = ["terraform-provider-sfniam_1.2.3_SHA256SUMS", "terraform-provider-sfniam_1.2.3_linux_amd64.zip"]
        for name in self.files:
            (self.root / "dist/release" / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / "dist/release" / name).write_text(name)
        (self.folder / "tools").mkdir()
        (self.folder / "tools/gh").write_text(GH)
        (self.folder / "tools/gh").chmod(0o755)
        self.releases = self.folder / "releases"
        self.releases.mkdir()

    def publish(self, tag: str = "v1.2.3", **more: str) -> subprocess.CompletedProcess:
        environment = {"PATH": f"{self.folder}/tools:{os.environ['PATH']}", "STAND_IN": str(self.folder), "HOME": str(self.folder), **more}
        return subprocess.run(["bash", self.root / "release/publish", tag], env=environment, capture_output=True, text=True, check=False)

    def there(self) -> tuple[list[str], bool]:
        """The assets of the release, and whether it is public."""
        place = self.releases / "v1.2.3"
        assets = sorted(path.name for path in place.iterdir()) if place.is_dir() else []
        return assets, place.is_dir() and not (self.releases / "v1.2.3.draft").exists()

    def test_all_files_and_then_it_is_public(self):
        done = self.publish()
        self.assertEqual((done.returncode, self.there()), (0, (self.files, True)), done.stderr)
        self.assertEqual((self.root / "dist/stage/notes.md").read_text(), "### Added\n\n- All.\n")

    def test_it_goes_on_with_a_draft(self):
        for breaks in ("create", "upload", "view"):
            self.assertNotEqual(self.publish(GH_BREAKS=breaks).returncode, 0)
            self.assertEqual(self.there(), (self.files, False), breaks)
        self.assertEqual(self.publish().returncode, 0)
        self.assertEqual(self.there(), (self.files, True))
        self.assertEqual((self.folder / "calls").read_text().count("release create"), 1)

    def test_a_draft_with_another_file_stays_one(self):
        self.publish(GH_BREAKS="create")
        (self.releases / "v1.2.3/other.zip").write_text("?")
        self.assertNotEqual(self.publish().returncode, 0)
        self.assertFalse(self.there()[1])

    def test_again_after_it_is_public(self):
        self.publish()
        self.assertEqual(self.publish().returncode, 0)
        (self.root / "dist/release" / self.files[0]).write_text("other sums")
        done = self.publish()
        self.assertEqual(done.returncode, 1)
        self.assertIn("published with other files", done.stderr)
        self.assertEqual((self.releases / "v1.2.3" / self.files[0]).read_text(), self.files[0])

    def test_a_forge_that_does_not_answer_makes_no_second_release(self):
        self.assertNotEqual(self.publish(GH_FAILS="1").returncode, 0)
        self.assertFalse((self.folder / "calls").exists())

    def test_without_a_section_in_the_changelog_nothing_is_made(self):
        done = self.publish("v1.2.4")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("CHANGELOG.md has no section for 1.2.4", done.stderr)
        self.assertFalse((self.folder / "calls").exists())


if __name__ == "__main__":
    unittest.main()
