"""release/build with stand-ins for cargo and rustc that build nothing."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
RUSTC = """#!/bin/sh
case "$*" in
  -vV) echo "host: $STAND_IN_HOST" ;;
  *target-libdir*) for target; do :; done; echo "$STAND_IN/libraries/$target" ;;
  *sysroot*) echo "$STAND_IN/sysroot" ;;
esac
"""
CARGO = """#!/bin/sh
echo "$1 $CARGO_ENCODED_RUSTFLAGS" >> "$STAND_IN/calls"
echo "$SOURCE_DATE_EPOCH $ZIG_GLOBAL_CACHE_DIR $ZIG_LOCAL_CACHE_DIR" >> "$STAND_IN/times"
while [ $# -gt 0 ]; do
  case $1 in
    --target) target=$2 ;;
    --target-dir) folder=$2 ;;
  esac
  shift
done
place=$folder/$target/release
mkdir -p "$place"
case $target in *windows*) extension=.exe ;; esac
[ "$target" = "${STAND_IN_FAILS:-}" ] && exit 101
echo "$SFNIAM_COMMIT" > "$place/terraform-provider-sfniam$extension"
"""
HOST = "x86_64-unknown-linux-gnu"
ALL = ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl", "x86_64-pc-windows-gnu", "x86_64-apple-darwin", "aarch64-apple-darwin"]


class Build(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "a checkout/release").mkdir(parents=True)
        shutil.copy(FOLDER / "build", self.folder / "a checkout/release/build")
        (self.folder / "tools").mkdir()
        for name, text in (("rustc", RUSTC), ("cargo", CARGO), ("cargo-zigbuild", "#!/bin/sh\n")):
            (self.folder / "tools" / name).write_text(text)
            (self.folder / "tools" / name).chmod(0o755)
        for target in [HOST, *ALL]:
            (self.folder / "libraries" / target).mkdir(parents=True)

    def build(self, *arguments: str, **more: str) -> subprocess.CompletedProcess:
        environment = {"PATH": f"{self.folder}/tools:{os.environ['PATH']}", "HOME": str(self.folder), "SFNIAM_COMMIT": "0123456789ab"}
        environment |= {"STAND_IN": str(self.folder), "STAND_IN_HOST": HOST, **more}
        script = self.folder / "a checkout/release/build"
        return subprocess.run(["bash", str(script), *arguments], env=environment, capture_output=True, text=True, check=False)

    def paths(self, *targets: str) -> list[str]:
        extension = {"x86_64-pc-windows-gnu": ".exe"}
        return [f"dist/binaries/{target}/terraform-provider-sfniam{extension.get(target, '')}" for target in targets]

    def test_every_platform_of_a_release(self):
        done = self.build("--all")
        self.assertEqual((done.returncode, done.stdout.splitlines()), (0, self.paths(*ALL)), done.stderr)
        for path in self.paths(*ALL):
            self.assertEqual((self.folder / "a checkout" / path).read_text(), "0123456789ab\n")
        calls = (self.folder / "calls").read_text().splitlines()
        self.assertEqual([call.split(" ")[0] for call in calls], ["zigbuild"] * 5)
        for call in calls:
            self.assertIn(f"--remap-path-prefix={self.folder}/a checkout=.", call)

    def test_no_time_is_inside_and_no_object_of_another_build(self):
        # What zig keeps has the time in it with which it was compiled.
        self.build("--all", SOURCE_DATE_EPOCH="1", ZIG_GLOBAL_CACHE_DIR="/cache", ZIG_LOCAL_CACHE_DIR="/cache")
        own = f"{self.folder}/a checkout/dist/zig-cache"
        self.assertEqual((self.folder / "times").read_text().splitlines(), [f"315532800 {own} {own}"] * 5)

    def test_a_machine_of_that_platform_needs_no_other_linker(self):
        done = self.build("--all", STAND_IN_HOST=ALL[-1])
        self.assertEqual(done.stdout.splitlines(), self.paths(*ALL), done.stderr)
        calls = (self.folder / "calls").read_text().splitlines()
        self.assertEqual([call.split(" ")[0] for call in calls], [*["zigbuild"] * 4, "build"])

    def test_this_machine_takes_the_place_of_what_it_cannot_build(self):
        (self.folder / "libraries" / ALL[0]).rmdir()
        # Another toolchain of this machine could stand in.
        script = self.folder / "a checkout/release/build"
        script.write_text(script.read_text().replace('"" /usr/bin', '""'))
        done = self.build("--all")
        self.assertEqual(done.stdout.splitlines(), self.paths(HOST, *ALL[1:]), done.stderr)
        self.assertIn(f"NOT BUILT: {ALL[0]}", done.stderr)

    def test_the_empty_archive_for_windows_needs_no_ar(self):
        # Apple's makes none without members.
        for name in ("ar", "llvm-ar"):
            (self.folder / "tools" / name).write_text("#!/bin/sh\nexit 1\n")
            (self.folder / "tools" / name).chmod(0o755)
        done = self.build("x86_64-pc-windows-gnu")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((self.folder / "a checkout/dist/stage/tools/libssp_nonshared.a").read_bytes(), b"!<arch>\n")

    def test_a_build_that_fails_ends_all(self):
        done = self.build("--all", STAND_IN_FAILS=ALL[2])
        self.assertEqual((done.returncode, done.stdout.splitlines()), (101, self.paths(*ALL[:2])))

    def test_without_a_name_it_is_this_machine(self):
        self.assertEqual(self.build().stdout.splitlines(), self.paths(HOST))


if __name__ == "__main__":
    unittest.main()
