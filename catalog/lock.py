"""Moves the pins of requirements.lock to the newest packages and their hashes.

Reads the wheels that pip has just fetched without a version. The packages and their order stay as they are.
"""

import hashlib
import re
import sys
from pathlib import Path

import sources


def pinned(folder, packages):
    """A line of the lock for each package, from the one wheel of it that the folder holds."""
    lines = []
    for package in packages:
        wheels = sorted(Path(folder).glob(f"{package.replace('-', '_')}-*.whl"))
        if len(wheels) != 1:
            raise SystemExit(f"{folder} holds {len(wheels)} wheels of {package}; there must be one")
        version = re.fullmatch(r"[^-]+-([^-]+)-.*\.whl", wheels[0].name)[1]
        digest = hashlib.sha256(wheels[0].read_bytes()).hexdigest()
        lines.append(f"{package}=={version} --hash=sha256:{digest}")
    return lines


def main():
    packages = [package for package, _, _ in sources.pins()]
    if sys.argv[1:] == ["--names"]:
        print(" ".join(packages))
        return
    old, new = sources.LOCK.read_text().splitlines(), pinned(sys.argv[1], packages)
    for before, after in zip(old, new, strict=True):
        if before != after:
            print(f"~ {before.split()[0]} -> {after.split()[0]}")
    sources.LOCK.write_text("\n".join(new) + "\n")


if __name__ == "__main__":
    main()
