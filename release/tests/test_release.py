"""The scripts of a release, each rule with a release that breaks it."""

import importlib.machinery
import importlib.util
import re
import shutil
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(FOLDER), str(FOLDER / "tests")]
import formats  # noqa: E402
import rules  # noqa: E402
import shell  # noqa: E402
from pack import NAME, PLATFORMS, ROOT, Release, executables, pack, runtime_licences, sha256, version  # noqa: E402
from test_formats import elf, pe  # noqa: E402


def script(name: str):
    loader = importlib.machinery.SourceFileLoader(name, str(FOLDER / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    # No compiled copy beside the script.
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    return module


class Packed(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.executable = self.folder / "executable"
        self.executable.write_bytes(pe("KERNEL32.dll"))
        self.release = self.make("release")

    def make(self, place: str) -> Release:
        release = Release("1.2.3", self.folder / place, 1767225600)
        made = ["THIRD-PARTY.md", "sbom.cdx.json", shell.PAGE, *shell.SCRIPTS.values()]
        pack(release, {"windows_amd64": self.executable}, dict.fromkeys(made, "texts"), None)
        return release

    def faults(self) -> str:
        return "\n".join(rules.faults(self.release, None))

    def test_a_release_as_it_is_packed_has_no_fault(self):
        self.assertEqual(self.faults(), "")

    def test_the_same_input_gives_the_same_bytes(self):
        other = self.make("other")
        for path in self.release.folder.iterdir():
            self.assertEqual(sha256(path), sha256(other.folder / path.name), path.name)

    def test_a_changed_zip(self):
        package = self.release.file("windows_amd64.zip")
        package.write_bytes(package.read_bytes() + b"\0")
        self.assertIn("SHA256SUMS has", self.faults())

    def test_a_file_too_many(self):
        (self.release.folder / "notes.txt").write_text("?")
        self.assertIn("the files are", self.faults())

    def test_a_mode_without_execution(self):
        package = self.release.file("windows_amd64.zip")
        with zipfile.ZipFile(package) as old:
            contents = {info.filename: old.read(info) for info in old.infolist()}
        with zipfile.ZipFile(package, "w") as new:
            for name, content in contents.items():
                new.writestr(zipfile.ZipInfo(name), content)
        self.assertIn(f"{NAME}_v1.2.3.exe has the mode", self.faults())

    def test_without_notices(self):
        package = self.release.file("windows_amd64.zip")
        with zipfile.ZipFile(package, "w") as new:
            new.writestr(f"{NAME}_v1.2.3.exe", b"MZ")
        self.assertIn("THIRD-PARTY.md", self.faults())

    def test_without_the_licence_of_what_the_linker_adds(self):
        package = self.release.file("windows_amd64.zip")
        with zipfile.ZipFile(package) as old:
            contents = {info.filename: old.read(info) for info in old.infolist()}
        self.assertIn("licences/mingw-w64.txt", contents)
        del contents["licences/mingw-w64.txt"]
        with zipfile.ZipFile(package, "w") as new:
            for name, content in contents.items():
                new.writestr(name, content)
        self.assertIn("it has no ['licences/mingw-w64.txt']", self.faults())

    def test_the_c_library_decides_which_licence_is_beside_it(self):
        musl, gnu = runtime_licences("linux_amd64", b"\x7fELF"), runtime_licences("linux_amd64", b"\x7fELF glibc.malloc.check")
        self.assertIn("musl.txt", musl)
        self.assertEqual((set(gnu) - set(musl), set(gnu) & {"musl.txt"}), ({"glibc.txt"}, set()))
        named = {name for platform in PLATFORMS.values() for name in runtime_licences(platform, b"")} | set(gnu)
        self.assertEqual(named, {path.name for path in (ROOT / "release/licences").iterdir()})

    def test_what_is_published_has_no_c_library_of_gnu(self):
        self.executable.write_bytes(pe("KERNEL32.dll") + b"glibc.malloc.check")
        release = self.make("gnu")
        self.assertEqual(rules.faults(release, None), [])
        self.assertIn("GNU C library", "\n".join(rules.faults(release, self.folder / "key.asc")))

    def test_an_executable_of_another_platform(self):
        self.assertTrue(rules.executable_faults(b"MZ", "linux_amd64"))

    def test_an_executable_that_needs_a_library(self):
        self.assertEqual(rules.executable_faults(elf(), "linux_amd64"), [])
        found = rules.executable_faults(elf(tags=(formats.DT_NEEDED, 0)), "linux_amd64")
        self.assertEqual(found, ["the executable is not static: NEEDED"])

    def test_an_executable_that_names_its_folder(self):
        content = pe("KERNEL32.dll") + str(ROOT).encode() + b"/src/main.rs"
        self.assertIn("the executable names the folder in which it was built", rules.executable_faults(content, "windows_amd64"))


class Chosen(unittest.TestCase):
    """Which executables `make dist` takes."""

    def setUp(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        for target, text in (("x86_64-unknown-linux-gnu", "0123456789ab"), ("aarch64-apple-darwin", "0123456789ab-changed")):
            path = self.root / "dist/binaries" / target / NAME
            path.parent.mkdir(parents=True)
            path.write_text(f"({text}, AWS data of")

    def test_those_of_this_commit(self):
        for commit, platforms in (("0123456789ab", {"linux_amd64"}), ("0123456789ab-changed", {"darwin_arm64"}), ("ba9876543210", set())):
            self.assertEqual(set(executables(commit, self.root)), platforms)

    def test_what_comes_from_an_archive_can_be_run(self):
        path = self.root / "dist/binaries/x86_64-unknown-linux-gnu" / NAME
        path.chmod(0o644)
        (path,) = executables("0123456789ab", self.root).values()
        self.assertEqual(path.stat().st_mode & 0o777, 0o755)

    def test_of_two_for_a_platform_that_of_a_release(self):
        musl = self.root / "dist/binaries/x86_64-unknown-linux-musl"
        shutil.copytree(self.root / "dist/binaries/x86_64-unknown-linux-gnu", musl)
        self.assertEqual(executables("0123456789ab", self.root), {"linux_amd64": musl / NAME})


class Shell(unittest.TestCase):
    def test_each_shell_and_each_command_has_its_file(self):
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        executable = folder / "executable"
        executable.write_text(
            '#!/bin/sh\n[ "$1" = --help ] || exec echo "$@"\n'
            'printf "About\\n\\nCommands:\\n  check  Checks\\n         much\\n  help  Help\\n\\nOptions:\\n  -h\\n"\n'
        )
        executable.chmod(0o755)
        files = shell.files(executable)
        self.assertEqual(files["man/sfniam-check.1"], "man check --name sfniam\n")
        self.assertEqual(files["completions/_sfniam"], "completions zsh --name sfniam\n")
        self.assertEqual(set(files), {*shell.SCRIPTS.values(), "man/sfniam.1", "man/sfniam-check.1"})


class Prepared(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        self.prepare = script("prepare")
        self.prepare.ROOT = self.root
        for name in ["Cargo.toml", "Cargo.lock", "CHANGELOG.md", "README.md"]:
            shutil.copy(ROOT / name, self.root / name)
        for name in ["docs", "examples"]:
            shutil.copytree(ROOT / name, self.root / name)

    def text(self, name: str) -> str:
        return (self.root / name).read_text()

    def test_the_version_is_written_everywhere(self):
        self.prepare.prepare(self.root, "7.8.9", "2030-01-02")
        self.assertIn('\nversion = "7.8.9"\n', self.text("Cargo.toml"))
        self.assertIn('name = "terraform-provider-sfniam"\nversion = "7.8.9"\n', self.text("Cargo.lock"))
        self.assertIn("## [Unreleased]\n\n## [7.8.9] - 2030-01-02\n", self.text("CHANGELOG.md"))
        for page in [*self.prepare.PAGES, "examples/bedrock/versions.tf", "examples/functions/policy/versions.tf"]:
            self.assertIn('version = "~> 7.8.0"', self.text(page), page)
        for tag in ("uses: sfniam/terraform-provider-sfniam@v7.8.9\n", "rev: v7.8.9\n"):
            self.assertIn(tag, self.text(self.prepare.PIPELINES))

    def test_no_page_and_no_example_keeps_the_version_before(self):
        before = re.escape(version().rsplit(".", 1)[0])
        pages = [self.root / "README.md", *(path for name in ("docs", "examples") for path in (self.root / name).rglob("*") if path.is_file())]

        def naming() -> set[str]:
            named = {path for path in pages if re.search(rf"(~> |@v|rev: v){before}\.\d", path.read_text())}
            return {str(path.relative_to(self.root)) for path in named}

        self.assertLess({"README.md", "docs/guides/recipes.md", "docs/guides/ci.md"}, naming())
        self.prepare.prepare(self.root, "7.8.9", "2030-01-02")
        self.assertEqual(naming(), set())

    def test_the_notes_are_the_section_of_the_version(self):
        self.prepare.prepare(self.root, "7.8.9", "2030-01-02")
        notes = script("notes").notes(self.text("CHANGELOG.md"), "7.8.9")
        self.assertTrue(notes.startswith("### "), notes)
        self.assertNotIn("## [", notes)
        self.assertIsNone(script("notes").notes(self.text("CHANGELOG.md"), "7.8.8"))

    def test_the_same_version_twice_is_refused(self):
        self.prepare.prepare(self.root, "7.8.9", "2030-01-02")
        with self.assertRaises(SystemExit):
            self.prepare.prepare(self.root, "7.8.9", "2030-01-02")


if __name__ == "__main__":
    unittest.main()
