"""Flip every comparison of the engine in turn, let the tests judge, print the score.

python -m tools.mutants                     judge all, write docs/reference/mutants.md
python -m tools.mutants --only fixed/cap    only flips whose name this finds (a regex)
python -m tools.mutants --again             only what is new or survived the last time
python -m tools.mutants --laws              show each law fail, write reference/laws.md

What was noticed once is kept in var/ and counts until the comparison is written
otherwise; judging all forgets it.

The work tree is copied first and never touched. No library was found that flips
comparisons only, picks the tests of each flip and pays the start of the tests once
(cosmic-ray starts anew for each flip; mutmut flips much else besides).
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tools.conformance.__main__ import shared_cases
from tools.mutants import flips, page

ROOT = Path(__file__).resolve().parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent.yaml")
LAST = ROOT / "var" / "mutants.json"
PAGES = ROOT / "docs" / "reference"
CANDIDATES = 40  # flips tried on the test of each law
# What decides where a cent goes and which day is late, rather than how it is said.
HEART = re.compile(
    r"ledger/fixed/(account|accruals|allocation|cap|replay|settle|standing)"
    r"|ledger/life/(placing|reshaping|restructuring|unfolding)|delinquency/dpd"
)


@dataclass(frozen=True)
class Watched:
    """What one judge did on the engine as it is."""

    name: str
    passed: bool
    seconds: float
    told: frozenset[int]


class Bench:
    """A copy of the tree in which the judges sit."""

    def __init__(self, folder: Path, *, cases: Path | None, workers: int) -> None:
        self.folder, self.cases, self.workers = folder, cases, workers
        # What the kernel was compiled to comes along; it is kept beside the source.
        leave = shutil.ignore_patterns("*.pyc", "static", "vendor", "*.mo")
        for name in ("src", "tests", "tools"):
            shutil.copytree(ROOT / name, folder / name, ignore=leave)
        self.sites = flips.sites(folder / "src" / "daihou" / "engine")

    def ask(
        self, task: str, trials: Sequence[dict[str, Any]] = (), *, named: str = ""
    ) -> list[Any]:
        """Run one pass; return what was said, a value per line."""
        plan, out = self.folder / "plan.json", self.folder / "out.jsonl"
        asked = {name for trial in trials for name, _ in trial["judges"]}
        # A case sets its mark before anything is flipped; the kernel is loaded once.
        before = [name for name in asked if "cases: " in name or "::test_law_7" in name]
        plan.write_text(json.dumps({"trials": trials, "before": before}), "utf-8")
        out.write_text("", "utf-8")
        order = [sys.executable, "-m", "tools.mutants.judges", task]
        order += ["--plan", str(plan), "--out", str(out)]
        order += ["--workers", str(self.workers)]
        order += ["--cases", str(self.cases)] if self.cases and not named else []
        order += ["--named", named] if named else []
        places = {
            "PYTHONPATH": os.pathsep.join([str(self.folder / "src"), str(self.folder)]),
        }
        done = subprocess.run(
            order, cwd=self.folder, env=os.environ | places, check=False
        )
        said = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
        if done.returncode or not said:
            sys.exit(f"The tests could not be run ({task}); see above.")
        return said

    def watch(self, *, named: str = "") -> list[Watched]:
        """Run each judge (or the tests so named alone) on the engine as it is."""
        return [
            Watched(
                each["judge"], each["passed"], each["seconds"], frozenset(each["told"])
            )
            for each in self.ask("watch", named=named)
        ]


def equivalents(sites: Sequence[flips.Site]) -> dict[str, str]:
    """Return why a flip changes nothing, by its name; complain of names gone by."""
    written = yaml.safe_load(EQUIVALENT.read_text("utf-8")) or []
    why = {each["flip"]: each["why"] for each in written}
    names = {site.name for site in sites}
    for gone in sorted(why.keys() - names):
        print(f"No such flip any more: {gone}", file=sys.stderr)
    return {name: text for name, text in why.items() if name in names}


def _known(sites: Sequence[flips.Site]) -> dict[str, dict[str, Any]]:
    """Return what was found of flips before, as they are numbered now."""
    if not LAST.is_file():
        return {}
    last = {each["name"]: each for each in json.loads(LAST.read_text("utf-8"))["flips"]}
    return {s.name: last[s.name] | vars(s) for s in sites if s.name in last}


def trial(site: flips.Site, judges: Sequence[Watched]) -> dict[str, Any]:
    """Return the order of judges for one flip: those it matters to, fastest first."""
    asked = sorted(
        (each for each in judges if each.passed and site.number in each.told),
        key=lambda each: each.seconds,
    )
    pairs = [[each.name, each.seconds] for each in asked]
    return {"site": site.number, "judges": pairs}


def judge_all(bench: Bench, wanted: list[flips.Site]) -> dict[str, Any]:
    """Judge the wanted flips; return the result, all of it plain values."""
    judges = bench.watch()
    print(f"{len(judges)} judges, {sum(each.seconds for each in judges):.0f} s")
    broken = [each.name for each in judges if not each.passed]
    trials = [trial(site, judges) for site in wanted]
    said = bench.ask("judge", [each for each in trials if each["judges"]])
    heard = {each["site"]: each for each in said}
    reached = {each["site"] for each in trials if each["judges"]}
    return {
        "judges": [sum("cases: " not in j.name for j in judges), len(judges)],
        "broken": broken,
        "flips": [
            {
                **vars(site),
                "name": site.name,
                "by": heard.get(site.number, {}).get("by"),
                "endless": heard.get(site.number, {}).get("endless", False),
                "reached": site.number in reached,
            }
            for site in wanted
        ],
    }


def show_laws(bench: Bench) -> dict[str, dict[str, Any]]:
    """Find, for each test of a law, flips it notices by itself."""
    judges = bench.watch(named="test_law_")
    shown: dict[str, dict[str, Any]] = {}
    by_number = {site.number: site for site in bench.sites}
    orders: list[dict[str, Any]] = []
    for each in judges:
        told = [n for n in sorted(each.told) if HEART.match(by_number[n].path)]
        tried = told[:: -(-len(told) // CANDIDATES) or 1]
        orders += [
            {"site": number, "judges": [[each.name, each.seconds]]} for number in tried
        ]
        shown[each.name] = {"tried": len(tried), "noticed": []}
    for said in bench.ask("judge", orders, named="test_law_"):
        if said["by"]:
            shown[said["by"]]["noticed"].append(vars(by_number[said["site"]]))
    return shown


def main() -> int:
    """Print the score as one JSON line last; 1 when it is below the least wanted."""
    parser = argparse.ArgumentParser(prog="mutants")
    parser.add_argument("--only", default="")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--laws", action="store_true")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--cases", type=Path, default=shared_cases())
    parser.add_argument("--least", type=float, default=0.85)
    given = parser.parse_args()
    cases = given.cases.resolve() if given.cases.is_file() else None
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), cases=cases, workers=given.workers)
        if given.laws:
            shown = show_laws(bench)
            (PAGES / "laws.md").write_text(page.laws(shown), "utf-8")
            mute = [name for name, noticed in shown.items() if not noticed["noticed"]]
            print("".join(f"{name} notices nothing\n" for name in mute), end="")
            return 1 if mute else 0
        known = _known(bench.sites) if given.again or given.only else {}
        wanted = [site for site in bench.sites if re.search(given.only, site.name)]
        if given.again:
            wanted = [site for site in wanted if not known.get(site.name, {}).get("by")]
        result = judge_all(bench, wanted)
        known |= {each["name"]: each for each in result["flips"]}
        result["flips"] = [known[s.name] for s in bench.sites if s.name in known]
        missing = [site.name for site in bench.sites if site.name not in known]
    LAST.parent.mkdir(parents=True, exist_ok=True)
    LAST.write_text(json.dumps(result), "utf-8")
    result |= {"why": equivalents(bench.sites), "cases": cases is not None}
    for line in page.survivors(result):
        print(line)
    for name in result["broken"]:
        print(f"left out, it fails on the engine as it is: {name}")
    summary = page.summary(result) | {"not_judged": len(missing)}
    if not missing:
        (PAGES / "mutants.md").write_text(page.mutants(result), "utf-8")
    print(json.dumps(summary))
    return 0 if summary["score"] >= given.least else 1


if __name__ == "__main__":
    sys.exit(main())
