"""Makes the files of a release from executables: what both registries want, named as they want it. The same input gives the same bytes."""

import hashlib
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAME = "terraform-provider-sfniam"
# What a release is made for, as Rust and as Go names it. Of several for one platform, the first is that of a release.
PLATFORMS = {
    "x86_64-unknown-linux-musl": "linux_amd64",
    "x86_64-unknown-linux-gnu": "linux_amd64",
    "aarch64-unknown-linux-musl": "linux_arm64",
    "aarch64-unknown-linux-gnu": "linux_arm64",
    "x86_64-apple-darwin": "darwin_amd64",
    "aarch64-apple-darwin": "darwin_arm64",
    "x86_64-pc-windows-gnu": "windows_amd64",
    "x86_64-pc-windows-msvc": "windows_amd64",
}
# What compilers and linkers put into executables, by system, as the files of release/licences name it.
RUNTIMES = {
    "linux": ["rust.txt", "llvm.txt", "musl.txt", "zig.txt"],
    "darwin": ["rust.txt", "llvm.txt", "zig.txt"],
    "windows": ["rust.txt", "llvm.txt", "mingw-w64.txt", "zig.txt"],
}


@dataclass(frozen=True)
class Release:
    """A version and where its files are put."""

    version: str
    folder: Path
    # Seconds since 1970: the date of everything inside.
    epoch: int

    def file(self, tail: str) -> Path:
        return self.folder / f"{NAME}_{self.version}_{tail}"

    @property
    def sums(self) -> Path:
        return self.file("SHA256SUMS")


def pack(release: Release, executables: dict[str, Path], texts: dict[str, str], key: str | None, home: Path | None = None) -> None:
    """Writes a zip for each platform, the manifest, the sums and, with the fingerprint of a key, their signature.

    `texts` are the files that are made for the release: name and content.
    """
    # The registries take nothing else from a release, and sums of what is not there break it for good.
    shutil.rmtree(release.folder, ignore_errors=True)
    release.folder.mkdir(parents=True)
    for platform, executable in sorted(executables.items()):
        _zip(release, platform, executable, texts)
    shutil.copyfile(ROOT / "terraform-registry-manifest.json", release.file("manifest.json"))
    files = sorted(path for path in release.folder.iterdir())
    release.sums.write_text("".join(f"{sha256(path)}  {path.name}\n" for path in files))
    if key:
        gpg(home, "--local-user", key, "--detach-sign", "--output", f"{release.sums}.sig", str(release.sums))


def has_glibc(executable: bytes) -> bool:
    """Whether the GNU C library is linked into an executable: the names of its settings are."""
    return b"glibc.malloc." in executable


def runtime_licences(platform: str, executable: bytes) -> list[str]:
    """The files of release/licences that have to be beside an executable."""
    if has_glibc(executable):
        return ["rust.txt", "glibc.txt"]
    return RUNTIMES[platform.split("_")[0]]


def _zip(release: Release, platform: str, executable: Path, texts: dict[str, str]) -> None:
    extension = ".exe" if platform.startswith("windows") else ""
    entries = {f"{NAME}_v{release.version}{extension}": executable.read_bytes()}
    entries |= {name: text.encode() for name, text in texts.items()}
    for name in ["LICENSE", "CHANGELOG.md", "catalog/NOTICE"]:
        entries[name] = (ROOT / name).read_bytes()
    for path in (ROOT / "catalog/licences").iterdir():
        entries[f"catalog/licences/{path.name}"] = path.read_bytes()
    for name in runtime_licences(platform, executable.read_bytes()):
        entries[f"licences/{name}"] = (ROOT / "release/licences" / name).read_bytes()
    moment = zip_time(release.epoch)
    with zipfile.ZipFile(release.file(f"{platform}.zip"), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, content in sorted(entries.items()):
            info = zipfile.ZipInfo(name, moment)
            info.compress_type = zipfile.ZIP_DEFLATED
            # Unix, whatever this machine is: without the x bit `init` succeeds and `plan` fails.
            info.create_system = 3
            mode = 0o755 if name.startswith(NAME) else 0o644
            info.external_attr = (0o100000 | mode) << 16
            package.writestr(info, content)


def zip_time(epoch: int) -> tuple[int, int, int, int, int, int]:
    """Universal time in the form of a zip, which counts from 1980 and in steps of two seconds."""
    import time

    moment = time.gmtime(max(epoch, 315532800))
    return (moment.tm_year, moment.tm_mon, moment.tm_mday, moment.tm_hour, moment.tm_min, moment.tm_sec // 2 * 2)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def gpg(home: Path | None, *arguments: str) -> str:
    options = ["--homedir", str(home)] if home else []
    done = subprocess.run(["gpg", "--batch", "--yes", *options, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"gpg {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def executables(commit: str, root: Path = ROOT) -> dict[str, Path]:
    """What release/build has made of this commit, by platform."""
    found: dict[str, Path] = {}
    for target, platform in PLATFORMS.items():
        for path in (root / "dist/binaries" / target).glob(f"{NAME}*"):
            if not re.search(re.escape(commit).encode() + b"(?!-changed)", path.read_bytes()):
                print(f"Left out, because it is not of the commit {commit}: {path.relative_to(root)}", file=sys.stderr)
                continue
            if platform not in found:
                # Files that come from an archive of a workflow have lost their mode.
                path.chmod(path.stat().st_mode | 0o111)
                found[platform] = path
    return found


def commit() -> str:
    """What an executable of this tree says in --version; empty without git."""
    return subprocess.run([ROOT / "release/build", "--commit"], capture_output=True, text=True, check=True).stdout.strip()


def version() -> str:
    """The version of Cargo.toml."""
    for line in (ROOT / "Cargo.toml").read_text().splitlines():
        if line.startswith('version = "'):
            return line.split('"')[1]
    raise RuntimeError("Cargo.toml has no version")
