"""The libraries that are inside the executables of a release, by Cargo.lock: their licences, and the list of them in CycloneDX's form.

The same Cargo.lock gives the same text.
"""

import json
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGETS = ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl", "x86_64-apple-darwin", "aarch64-apple-darwin", "x86_64-pc-windows-gnu"]
# The name of a file with a licence, and not of a source file about licences.
LICENCE = re.compile(r"(?i)((un)?licen[sc]e|copying|copyright|notice)(?!.*\.(rs|c|h)$).*")


def _cargo(*arguments: str) -> str:
    return subprocess.run(["cargo", *arguments, "--locked"], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def inside() -> list[dict]:
    """The packages, as cargo's metadata have them, by name and version. Macros and build scripts are not inside."""
    names = set()
    for target in TARGETS:
        tree = _cargo("tree", "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}", "--target", target)
        names |= {tuple(line.split(" ")[:2]) for line in tree.splitlines() if line}
    packages = json.loads(_cargo("metadata", "--format-version", "1"))["packages"]
    found = [one for one in packages if one["source"] and (one["name"], f"v{one['version']}") in names]
    return sorted(found, key=lambda one: (one["name"], one["version"]))


def licences(folder: Path) -> list[str]:
    """The texts of a package, each once, its own first: libraries that it contains, such as mimalloc in C, have theirs in folders of their own."""
    files = (path for path in folder.rglob("*") if path.is_file() and LICENCE.fullmatch(path.name))
    ordered = sorted(files, key=lambda path: (path.parent != folder, path))
    return list(dict.fromkeys(path.read_text(errors="replace").strip() for path in ordered))


def notices(packages: list[dict]) -> str:
    """Every licence once, with the libraries that are under it: MIT, BSD, ISC and Apache-2.0 demand it."""
    texts: dict[str, list[str]] = {}
    for package in packages:
        text = "\n\n".join(licences(Path(package["manifest_path"]).parent))
        if not text:
            authors = ", ".join(package["authors"]) or "its contributors"
            text = f"{package['license']}; by {authors}; {package['repository']}"
        texts.setdefault(text, []).append(f"{package['name']} {package['version']} ({package['license']})")
    sections = ["## " + ", ".join(names) + "\n\n```text\n" + text + "\n```\n" for text, names in sorted(texts.items(), key=lambda one: one[1])]
    return "# Libraries inside, and their licences\n\n" + "\n".join(sections)


def bill_of_materials(packages: list[dict], version: str) -> str:
    """CycloneDX 1.5, as JSON."""
    lock = (ROOT / "Cargo.lock").read_text()
    sums = {
        (name, number): checksum
        for name, number, checksum in re.findall(r'name = "(.*)"\nversion = "(.*)"\nsource = ".*"\nchecksum = "(.*)"', lock)
    }
    components = [
        {
            "type": "library",
            "bom-ref": f"pkg:cargo/{one['name']}@{one['version']}",
            "name": one["name"],
            "version": one["version"],
            "purl": f"pkg:cargo/{one['name']}@{one['version']}",
            "licenses": [{"expression": one["license"].replace("/", " OR ")}],
            "hashes": [{"alg": "SHA-256", "content": sums[one["name"], one["version"]]}],
        }
        for one in packages
    ]
    product = {"type": "application", "name": "terraform-provider-sfniam", "version": version, "licenses": [{"license": {"id": "Apache-2.0"}}]}
    bill = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": {"component": product}, "components": components}
    return json.dumps(bill, indent=1) + "\n"
