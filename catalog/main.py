"""Reads the pinned wheels, builds the catalogue, checks it, says what changed and writes it.

With --check nothing is written, and a difference from the committed files is an error.
"""

import argparse
import sys
from pathlib import Path

import catalogue
import check
import emit
import report
import sources
import tables

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "src/permissions/sdk/catalog.txt"
COVERAGE = Path(__file__).parent / "coverage.txt"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheels", help="folder with the wheels of requirements.lock")
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    arguments = parser.parse_args()

    data, exceptions = sources.load(arguments.wheels), tables.load()
    built, unsettled = catalogue.build(exceptions, data)
    problems = unsettled + check.tables(exceptions, data) + check.catalogue(built, data)
    for problem in problems:
        print(f"! {problem}")
    text, coverage = emit.text(built, data), report.coverage(built)
    old = CATALOGUE.read_text() if CATALOGUE.exists() else ""
    for line in report.changes(old, text):
        print(line)
    print(coverage)
    if arguments.check:
        same = text == old and COVERAGE.exists() and coverage == COVERAGE.read_text()
        print("The committed files are current." if same else "The committed files differ; run catalog/build.")
        return int(bool(problems) or not same)
    if not problems:
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        CATALOGUE.write_text(text)
        COVERAGE.write_text(coverage)
        print(f"{CATALOGUE.relative_to(ROOT)}: {len(text)} bytes")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
