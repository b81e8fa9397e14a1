"""Fifty people at their desks: how fast pages answer over a million loans.

`python -m bench.sessions [--loans N] [--sessions 50] [--think 5] [--minutes 5]
[--warm-up 60] [--home FOLDER]`: a book in a home of its own, two closed days, some sixty
thousand open cases (`bench.cases`), the site as it is served, and sessions that think
between pages (exponential, seeded). Of ten people seven collect at the desk, one
oversees the floor, two look things up (`bench.desks`). The client runs on the same
machine and looks at what it is answered; what was saved is looked up in the database
afterwards. A home that is named is kept and used again. The table goes to
docs/reference/benchmark-pages.md.
"""

import argparse
import http.client
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bench.cases import BOSS, collectors, leads
from bench.day_end import ROOT, machine
from bench.desks import LIMITS, Book, Ledger, acts_of
from bench.load import branch_of

REPORT = ROOT / "docs" / "reference" / "benchmark-pages.md"
HEAD = """# Benchmark of the pages

Made by `python -m bench.sessions`: {sessions} sessions over {loans:,} loans and {cases:,} open cases;
of ten people seven collect at the desk, one oversees the floor, two look things up; {think:g} s of
thinking between pages (mean, exponential), {minutes:g} minutes after {warm_up:g} s of warm-up; site, database
and client on {machine}, without a worker. Milliseconds as the client
measures them, from the request to the last byte.

| page | requests | p50 | p95 | p99 | slowest | limit p95 | kept |
|---|---:|---:|---:|---:|---:|---:|---|
"""


@dataclass
class Told:
    """What one session measured: (page, began, seconds), and what went wrong."""

    times: list[tuple[str, float, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def live(place: int, port: int, book: Book, ledger: Ledger, until: float) -> Told:
    """One session from signing in to the end; times by the monotonic clock."""
    chance, told = random.Random(place), Told()
    for kind, act in acts_of(place, port, book, ledger, chance):
        time.sleep(chance.expovariate(1 / book.think))
        began = time.perf_counter()
        if began >= until:
            return told
        wrong = act()
        told.times.append((kind, began, time.perf_counter() - began))
        if wrong:
            told.wrong.append(wrong)
    raise AssertionError("people go on for ever")


def crowd(port: int, book: Book, how: argparse.Namespace) -> tuple[list[Told], Ledger]:
    """All sessions at once; what was measured after the warm-up, and what was saved."""
    begun = time.perf_counter()
    counted = begun + how.warm_up
    until = counted + 60 * how.minutes
    found: list[Told] = []
    ledger = Ledger()

    def one(place: int) -> None:
        try:
            told = live(place, port, book, ledger, until)
        except (OSError, http.client.HTTPException, AssertionError) as error:
            told = Told(wrong=[f"{type(error).__name__}: {error}"])
        told.times = [each for each in told.times if each[1] >= counted]
        found.append(told)

    threads = [threading.Thread(target=one, args=(n,)) for n in range(how.sessions)]
    for thread in threads:
        thread.start()
        time.sleep(how.think / how.sessions)
    for thread in threads:
        thread.join()
    return found, ledger


def at(times: Sequence[float], share: float) -> float:
    """The time that this share of the sorted times does not pass, in milliseconds."""
    return 1000 * times[min(len(times) - 1, int(share * len(times)))]


def table(
    told: Sequence[Told], ledger: Ledger, cases: int, how: argparse.Namespace
) -> str:
    """The page: a row a kind of page, then what went wrong."""
    rows = []
    for kind, limit in LIMITS.items():
        times = sorted(t[2] for each in told for t in each.times if t[0] == kind)
        if not times:
            continue
        figures = [at(times, share) for share in (0.5, 0.95, 0.99)]
        cells = [f"{figure:.0f}" for figure in (*figures, 1000 * times[-1])]
        kept = "yes" if figures[1] <= 1000 * limit else "**no**"
        head = f"| {kind} | {len(times):,} |"
        rows.append(f"{head} {' | '.join(cells)} | {1000 * limit:.0f} | {kept} |")
    wrong = [*(line for each in told for line in each.wrong), *ledger.wrong]
    count = sum(len(each.times) for each in told)
    rate = count / (60 * how.minutes)
    tail = (
        f"\n{count:,} pages, {rate:.1f} a second; {len(wrong)} went wrong."
        f"\n{len(ledger.handed):,} cases were handed out, none to two people unless told"
        f" below; {len(ledger.saved):,} results were saved and found again."
    )
    shown = "".join(f"\n- {line}" for line in wrong[:10])
    head = HEAD.format(machine=machine(), cases=cases, **vars(how))
    return head + "\n".join(rows) + "\n" + tail + shown + "\n"


def prepare(home: str, loans: int, think: float) -> Book:
    """A book of two closed days, logins and open cases, made once; migrated each time."""
    environment = os.environ | {"DAIHOU_HOME": home}
    environment.pop("DATABASE_URL", None)

    def run(*command: str) -> None:
        subprocess.run(
            [sys.executable, "-m", *command],
            env=environment,
            cwd=ROOT,
            check=True,
            stdout=sys.stderr,
        )

    run("daihou.config.cli", "migrate")
    for name, commands in (
        (
            f"bench-{loans}",
            (("load", str(loans), "--for-pages"), ("night", str(loans))),
        ),
        (f"bench-{loans}-cases", (("cases",),)),
    ):
        done = Path(home) / name
        if not done.exists():
            for module, *words in commands:
                run(f"bench.{module}", *words)
            done.touch()
    run("bench.cases", "--tidy")
    return book_of(loans, think)


def book_of(loans: int, think: float) -> Book:
    """Which loans each login may ask for."""
    chance = random.Random(7)
    every = [chance.randint(1, loans) for _ in range(min(loans, 5_000))]
    by_branch: dict[str, list[int]] = {}
    for number in range(1, min(loans, 200_000) + 1):
        by_branch.setdefault(branch_of(number), []).append(number)
    numbers = {login: by_branch[branch] for login, branch in (*collectors(), *leads())}
    numbers |= {"risk": every, BOSS: every, "supervisor": by_branch[branch_of(0)]}
    return Book(loans, numbers, think)


def looked_up(home: str, ledger: Ledger) -> int:
    """Look for what was handed out and saved, by whom; how many cases are open."""
    os.environ["DAIHOU_HOME"] = home
    os.environ.pop("DATABASE_URL", None)
    from daihou.config import database

    database.join()
    with psycopg.connect(database.database_url()) as connection:
        rows = connection.execute(
            "select c.number, r.by from casework_result r join casework_case c"
            " on c.id = r.case_id"
            " union all select c.number, d.by from casework_draft d"
            " join casework_case c on c.id = d.case_id where d.due_at is not null"
        ).fetchall()
        hands = connection.execute(
            "select number, taken_by, last_worked_by from casework_case"
            " where number = any(%s)",
            [list(ledger.handed)],
        ).fetchall()
        cases = connection.execute(
            "select count(*) from casework_case where lifecycle = 'open'"
        ).fetchone()
    assert cases is not None
    known = set(rows)
    ledger.wrong += [
        f"{case}: what {login} saved is not there"
        for case, login in ledger.saved
        if (case, login) not in known
    ]
    ledger.wrong += [
        f"{case} was never in the hands of {ledger.handed[case]}"
        for case, *whose in hands
        if ledger.handed[case] not in whose
    ]
    return int(cases[0])


def serve(home: str) -> tuple[subprocess.Popen[bytes], int]:
    """The site as people run it, at noon of its open day; its process and port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | {"DAIHOU_HOME": home}
    environment.pop("DATABASE_URL", None)
    site = subprocess.Popen(
        [sys.executable, "-m", "bench.site", "--port", str(port)],
        env=environment,
        cwd=ROOT,
    )
    for _ in range(600):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return site, port
        except OSError:
            time.sleep(0.2)
    site.terminate()
    raise SystemExit("The site did not come up.")


def main() -> None:
    """Prepare, serve, measure, write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loans", type=int, default=1_000_000)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--think", type=float, default=5.0)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--warm-up", type=float, default=60.0)
    parser.add_argument("--home", default="")
    parser.add_argument("--page", type=Path, default=REPORT)
    how = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="daihou-bench-") as folder:
        home = how.home or folder
        book = prepare(home, how.loans, how.think)
        site, port = serve(home)
        try:
            told, ledger = crowd(port, book, how)
        finally:
            site.terminate()
            site.wait(timeout=60)
        cases = looked_up(home, ledger)
    text = table(told, ledger, cases, how)
    how.page.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
