"""One warm process: it has every test loaded, and forks to be each mutant in turn.

Run by the command, inside a copy of the tree. Two passes: `watch` runs every judge
once on the engine as it is and notes which flips would have made a difference to it;
`judge` lets each flip loose on those judges, fastest first, until one notices.
"""

import argparse
import json
import os
import pickle
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from tools.mutants import flips

TESTS = (
    "tests/engine",
    "tests/golden",
    "tests/parity/test_law_7.py",
    "tests/conformance",
)
OPTIONS = ("--capture=no", "--continue-on-collection-errors", "--noconftest")
OPTIONS += ("-m", "not deep and not alone and not browser", "-c", "judges.ini")
for plugin in ("terminal", "cacheprovider", "xdist", "django"):
    OPTIONS += ("-p", f"no:{plugin}")
# The shared cases judge one by one; this test asks all of them at once.
LEFT_OUT = ("--ignore=tests/conformance/test_conformance.py",)
MEMORY = 3 << 30
# The office and its database have no part in this.
CONFIGURATION = """\
[pytest]
addopts = --import-mode=importlib
pythonpath = .
filterwarnings =
    error
    ignore::pytest.PytestAssertRewriteWarning
markers =
    alone: not here
    browser: not here
    deep: not here
"""
# A mutant is noticed, not explained, and by the same examples every time.
settings.register_profile(
    "mutants",
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)


@dataclass(frozen=True)
class Judge:
    """Something that can notice a mutant: a test, or one published case."""

    name: str
    passes: Callable[[], bool]


class Cases:
    """The published cases, each held against what the engine says as it is."""

    def __init__(self, path: Path | None) -> None:
        self.data: dict[str, Any] = {"meta": {}}
        if path is not None and path.is_file():
            self.data = json.loads(path.read_text("utf-8"))
        self.said: dict[str, bytes] = {}

    def judges(self) -> Iterator[Judge]:
        """Yield a judge for every case; the first time it speaks it sets the mark."""
        for kind in ("schedule_cases", "cases"):
            for case in self.data.get(kind, ()):
                name = f"{kind}: {case['id']}"
                yield Judge(name, lambda k=kind, c=case, n=name: self._same(k, c, n))

    def _same(self, kind: str, case: dict[str, Any], name: str) -> bool:
        try:
            from tools.conformance.score import run

            score = run({"meta": self.data["meta"], kind: [case]})
        except (ArithmeticError, AssertionError, ImportError, NameError) as problem:
            said = repr(problem).encode()
        else:
            said = pickle.dumps((score.summary(), score.mismatches))
        return self.said.setdefault(name, said) == said


class Court:
    """The pytest plugin: takes the place of pytest's own loop over the tests."""

    def __init__(self, finder: flips.Finder, order: argparse.Namespace) -> None:
        self.finder, self.order = finder, order
        self.failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure."""
        self.failed |= report.failed

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Say which tests cannot even be read."""
        if report.failed:
            print(f"not read: {report.nodeid}", report.longrepr, file=sys.stderr)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Judge instead of running the tests one after the other."""
        judges = [*self._tests(session.items)]
        cases = Cases(self.order.cases)
        judges += cases.judges()
        plan = json.loads(self.order.plan.read_text("utf-8"))
        if self.order.task == "watch":
            self._watch(judges)
        else:
            for judge in judges:
                if judge.name in plan["before"]:
                    judge.passes()
            self._judge({judge.name: judge for judge in judges}, plan["trials"])
        return True

    def _tests(self, items: Sequence[pytest.Item]) -> Iterator[Judge]:
        for item in items:
            yield Judge(item.nodeid, lambda item=item: self._run(item))

    def _run(self, item: pytest.Item) -> bool:
        self.failed = False
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        return not self.failed

    def _watch(self, judges: Sequence[Judge]) -> None:
        """Run every judge as things are; say how long it took and what it would see."""
        switch = self.finder.switch
        for judge in judges:
            switch.told = set()
            begun = time.process_time()
            passed = judge.passes()
            took = time.process_time() - begun
            told = sorted(switch.told)
            self._say(judge=judge.name, passed=passed, seconds=took, told=told)

    def _judge(self, judges: dict[str, Judge], trials: list[dict[str, Any]]) -> None:
        """Fork for each trial, so many at once."""
        running: dict[int, dict[str, Any]] = {}
        waiting = list(reversed(trials))
        while waiting or running:
            while waiting and len(running) < self.order.workers:
                trial = waiting.pop()
                reading, writing = os.pipe()
                pid = os.fork()
                if not pid:
                    os.close(reading)
                    self._be(trial, judges, writing)
                os.close(writing)
                running[pid] = trial | {"pipe": reading}
            pid, status = os.wait()
            trial = running.pop(pid)
            with os.fdopen(trial["pipe"]) as pipe:
                heard = pipe.read().splitlines()
            ended = os.waitstatus_to_exitcode(status)
            by = heard[-1] if ended else None
            self._say(site=trial["site"], by=by, asked=len(heard), endless=ended < 0)

    def _be(self, trial: dict[str, Any], judges: dict[str, Judge], pipe: int) -> None:
        """Be one mutant; end with 1 as soon as a judge notices, with 0 if none does.

        A judge that takes too long, or too much memory, has noticed as well.
        """
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        self.finder.switch.on = trial["site"]
        for name, seconds in trial["judges"]:
            os.write(pipe, f"{name}\n".encode())
            signal.setitimer(signal.ITIMER_PROF, 5 + 10 * seconds)
            passed = False
            try:
                passed = judges[name].passes()
            finally:
                if not passed:
                    os._exit(1)
        os._exit(0)

    def _say(self, **what: Any) -> None:
        with self.order.out.open("a", encoding="utf-8") as out:
            out.write(json.dumps(what) + "\n")


def main() -> int:
    """Load the rewritten engine, then hand over to pytest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=["watch", "judge"])
    parser.add_argument("--plan", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--named", default="")
    order = parser.parse_args()
    settings.load_profile("mutants")
    Path("judges.ini").write_text(CONFIGURATION, "utf-8")
    finder = flips.install(Path("src").resolve(), watch=order.task == "watch")
    there = [each for each in TESTS if Path(each).exists()]
    court = Court(finder, order)
    named = ["-k", order.named] if order.named else []
    code = pytest.main([*OPTIONS, *LEFT_OUT, *named, *there], plugins=[court])
    return 0 if code in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) else 1


if __name__ == "__main__":
    sys.exit(main())
