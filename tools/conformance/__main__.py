"""Command: python -m tools.conformance [cases.json] [--only TEXT] [--page FILE]."""

import argparse
import json
import sys
from pathlib import Path

from tools.conformance.score import run


def main() -> int:
    """Run a file of cases; print one JSON line last; write the page."""
    parser = argparse.ArgumentParser(prog="conformance", description=__doc__)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--page", type=Path)
    given = parser.parse_args()
    data = json.loads(given.cases.read_text(encoding="utf-8"))
    score = run(data, given.only)
    for each in score.mismatches if given.only else ():
        print(each.case, each.step, each.check, each.error)
        for difference in each.differences:
            print("     ", *difference)
    print(json.dumps(score.summary()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
