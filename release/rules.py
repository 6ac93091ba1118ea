"""What a release must be before it is published: names, sums, modes, contents, signature, and executables that start everywhere."""

import json
import re
import tempfile
import zipfile
from pathlib import Path

from formats import elf_faults, macho_faults, pe_faults
from pack import NAME, PLATFORMS, ROOT, Release, gpg, has_glibc, runtime_licences, sha256
from shell import PAGE, SCRIPTS

INSIDE = ["LICENSE", "THIRD-PARTY.md", "sbom.cdx.json", "CHANGELOG.md", "catalog/NOTICE", PAGE, *SCRIPTS.values()]


def faults(release: Release, key: Path | None, executables: bool = True, publish: bool = False) -> list[str]:
    """Everything that is wrong with the files of a release; `key` is the public key that must have signed it.

    Without `executables` their insides are not looked at. To `publish` it, it has to be signed and to have every platform.
    """
    found = []
    zips = sorted(release.folder.glob("*.zip"))
    if publish:
        wanted = {release.file(f"{platform}.zip").name for platform in PLATFORMS.values()}
        found += [f"there is no {name}" for name in sorted(wanted - {path.name for path in zips})]
        found += [f"{path.name} is for a platform that no release has" for path in zips if path.name not in wanted]
        if not key:
            found.append("it is not signed")
    names = {path.name for path in release.folder.iterdir()}
    expected = {path.name for path in zips} | {release.file("manifest.json").name, release.sums.name}
    if key:
        expected.add(release.sums.name + ".sig")
    if names != expected:
        found.append(f"the files are {sorted(names)} and not {sorted(expected)}")
    if not zips:
        found.append("there is no zip")
    found += _sums(release)
    manifest = json.loads(release.file("manifest.json").read_text())
    if manifest != {"version": 1, "metadata": {"protocol_versions": ["6.0"]}}:
        found.append(f"the manifest is {manifest}")
    for path in zips:
        platform = re.fullmatch(rf"{NAME}_{re.escape(release.version)}_([a-z]+_[a-z0-9]+)\.zip", path.name)
        if platform:
            found += [f"{path.name}: {one}" for one in _package(path, release, platform[1], executables, bool(key) or publish)]
        else:
            found.append(f"{path.name} is not a name that the registries take")
    if key:
        found += _signature(release, key)
    return found


def _sums(release: Release) -> list[str]:
    lines = release.sums.read_text().splitlines()
    sums = dict(reversed(line.split("  ", 1)) for line in lines)
    actual = {path.name: sha256(path) for path in release.folder.iterdir() if not path.name.startswith(release.sums.name)}
    return [] if sums == actual and len(lines) == len(sums) else [f"SHA256SUMS has {sums} and not {actual}"]


def _package(path: Path, release: Release, platform: str, executables: bool, published: bool) -> list[str]:
    found = []
    executable = f"{NAME}_v{release.version}" + (".exe" if platform.startswith("windows") else "")
    with zipfile.ZipFile(path) as package:
        infos = package.infolist()
        if [info.filename for info in infos] != sorted(info.filename for info in infos):
            found.append("the names are not sorted")
        modes = {info.filename: info.external_attr >> 16 for info in infos}
        if modes.get(executable) != 0o100755:
            found.append(f"{executable} has the mode {modes.get(executable)}")
        others = {mode for name, mode in modes.items() if name != executable}
        if others != {0o100644}:
            found.append(f"the other files have the modes {others}")
        content = package.read(executable) if executable in modes else b""
        missing = [name for name in [*INSIDE, *_licences(platform, content)] if name not in modes]
        if missing:
            found.append(f"it has no {missing}")
        if len({info.date_time for info in infos}) != 1:
            found.append("the dates differ")
    if executables and published and has_glibc(content):
        found.append("the executable has the GNU C library inside, whose source would have to be offered beside it: build for musl")
    return found + (executable_faults(content, platform) if executables else [])


def _licences(platform: str, executable: bytes) -> list[str]:
    catalogue = [f"catalog/licences/{path.name}" for path in (ROOT / "catalog/licences").iterdir()]
    return catalogue + [f"licences/{name}" for name in runtime_licences(platform, executable)]


def executable_faults(content: bytes, platform: str) -> list[str]:
    """What keeps an executable from starting elsewhere, and paths of the machine that built it."""
    found = []
    magic = {"linux": b"\x7fELF", "windows": b"MZ", "darwin": b"\xcf\xfa\xed\xfe"}[platform.split("_")[0]]
    if not content.startswith(magic):
        found.append(f"the executable is not one for {platform}")
    elif platform.startswith("linux"):
        found += elf_faults(content)
    elif platform.startswith("darwin"):
        found += macho_faults(content)
    else:
        found += pe_faults(content)
    home = str(Path.home()).encode()
    if len(home) > 1 and home + b"/" in content:
        found.append("the executable names the home of who built it")
    if str(ROOT).encode() + b"/" in content:
        found.append("the executable names the folder in which it was built")
    return found


def matrix_faults(matrix: str, suite: str) -> list[str]:
    """Why tests/matrix.txt does not tell in which tools this version works; `suite` is tests/clis/main.rs, which lists the tests."""
    lines = dict(line.split(" ", 1) for line in matrix.splitlines() if not line.startswith("#"))
    listed = len(re.findall(r"^ +(?:test|with)!\(", suite, re.MULTILINE))
    found = []
    if lines.get("tests") != str(listed):
        found.append(f"tests/matrix.txt is of {lines.get('tests')} tests, and tests/clis has {listed}: `make matrix`")
    if lines.get("commit", "-changed").endswith("-changed"):
        found.append("tests/matrix.txt is of a tree that was changed and not committed: `make matrix`")
    wrong = [line for line in matrix.splitlines() if " passed, " in line and " 0 failed, " not in line or line.endswith(" not run")]
    return found + [f"tests/matrix.txt: {line}" for line in wrong]


def key_faults(key: Path, pages: dict[str, str]) -> list[str]:
    """What is wrong with the public key of the repository; each of `pages`, by name and text, has to have its fingerprint."""
    if "PRIVATE KEY" in key.read_text():
        return [f"{key.name} has a private key inside: replace that key"]
    with tempfile.TemporaryDirectory() as home:
        listed = [line.split(":") for line in gpg(Path(home), "--with-colons", "--show-keys", str(key)).splitlines()]
    keys = [line for line in listed if line[0] == "pub"]
    if len(keys) != 1:
        return [f"{key.name} has {len(keys)} keys and not one"]
    found = []
    _, validity, length, algorithm, _, _, end = keys[0][:7]
    if validity in ("r", "e") or end:
        found.append(f"the key of {key.name} is revoked or has an end, after which nobody can install what it signed")
    if algorithm != "1" or int(length) < 2048:
        found.append(f"the key of {key.name} is not an RSA key of 2,048 bits or more, which the Terraform Registry wants")
    fingerprint = next(line[9] for line in listed if line[0] == "fpr")
    return found + [f"{name} does not have the fingerprint {fingerprint}" for name, text in pages.items() if fingerprint not in "".join(text.split())]


def _signature(release: Release, key: Path) -> list[str]:
    signature = Path(f"{release.sums}.sig")
    if not signature.is_file():
        return ["there is no signature"]
    if signature.read_bytes().startswith(b"-----"):
        return ["the signature is armored, and the registries want it binary"]
    with tempfile.TemporaryDirectory() as home:
        gpg(Path(home), "--import", str(key))
        try:
            gpg(Path(home), "--verify", str(signature), str(release.sums))
        except RuntimeError as error:
            return [f"the signature does not verify: {error}"]
    return []
