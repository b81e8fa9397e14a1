"""Run a file of cases on the plain engine, write the page, print one JSON line last."""

import argparse
import json
import os
import sys
from pathlib import Path

from tools.conformance.page import page
from tools.conformance.score import run

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "conformance.md"


def shared_cases() -> Path:
    """Return where the shared file is expected (DAIHOU_SHARED, or beside the house)."""
    shared = Path(os.environ.get("DAIHOU_SHARED") or ROOT.parent / "shared")
    return shared / "conformance" / "fineract_cases.json"


def main() -> int:
    """Run the file; 2 when there is none."""
    parser = argparse.ArgumentParser(prog="conformance", description=__doc__)
    parser.add_argument("cases", type=Path, nargs="?", default=shared_cases())
    parser.add_argument("--only", default="", help="only cases whose id has this in it")
    given = parser.parse_args()
    if not given.cases.is_file():
        print(f"No cases at {given.cases}: say CASES=path.", file=sys.stderr)
        return 2
    try:
        data = json.loads(given.cases.read_text(encoding="utf-8"))
    except ValueError as problem:
        print(f"{given.cases} is no JSON: {problem}.", file=sys.stderr)
        return 2
    if not isinstance(data, dict):
        print(f"{given.cases} holds no cases: an object is wanted.", file=sys.stderr)
        return 2
    score = run(data, given.only)
    if given.only:
        for each in score.mismatches:
            print(each.case, each.step, each.check, each.error)
            for difference in each.differences:
                print("     ", *difference)
    else:
        PAGE.write_text(page(score, data), encoding="utf-8")
    print(json.dumps(score.summary()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
