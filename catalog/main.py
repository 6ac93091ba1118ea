"""Reads the pinned wheels, builds the catalogue, checks it, says what changed and writes it.

With --check nothing is written, and a difference from the committed files is an error.
"""

import argparse
import sys
from pathlib import Path

import authorization
import catalogue
import check
import dependent_list
import emit
import keys
import report
import required
import sources
import supplement
import tables

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "src/sdk"
CATALOGUE = FOLDER / "catalog.txt"
AUTHORIZATION = FOLDER / "authorization.txt"
REQUIRED = Path(__file__).parent / "required.txt"
COVERAGE = Path(__file__).parent / "coverage.txt"
KEYS = Path(__file__).parent / "keys.txt"
DEPENDENTS = Path(__file__).parent / "dependents.txt"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheels", help="folder with the wheels of requirements.lock")
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    arguments = parser.parse_args()

    data, exceptions = sources.load(arguments.wheels), tables.load()
    problems = supplement.apply(exceptions, data)
    built, unsettled = catalogue.build(exceptions, data)
    problems += unsettled + check.tables(exceptions, data) + check.catalogue(built, exceptions, data)
    for problem in problems:
        print(f"! {problem}")
    files = {
        CATALOGUE: emit.text(built, data),
        AUTHORIZATION: authorization.text(exceptions, data),
        REQUIRED: required.text(built),
        COVERAGE: report.coverage(built),
        KEYS: keys.text(built, exceptions),
        DEPENDENTS: dependent_list.text(built),
    }
    old = {path: path.read_text() if path.exists() else "" for path in files}
    for line in report.changes(old[CATALOGUE], files[CATALOGUE]):
        print(line)
    print(files[COVERAGE])
    if arguments.check:
        same = files == old
        print("The committed files are current." if same else "The committed files differ; run catalog/build.")
        return int(bool(problems) or not same)
    if not problems:
        for path, text in files.items():
            path.write_text(text)
            print(f"{path.relative_to(ROOT)}: {len(text)} bytes")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
