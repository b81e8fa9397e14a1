"""Fifty people at their desks: how fast pages answer over a million loans.

`python -m bench.sessions [--loans N] [--sessions 50] [--think 5] [--minutes 5]
[--warm-up 60] [--home FOLDER]`: a book in a home of its own, two closed days, the
site as it is served, and sessions that think between pages (exponential, seeded). The
client runs on the same machine. A home that is named is kept and used again. The
table goes to docs/reference/benchmark-pages.md.
"""

import argparse
import http.client
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from bench.day_end import ROOT, machine
from bench.load import branch_of, name_of

REPORT = ROOT / "docs" / "reference" / "benchmark-pages.md"
# Every second session sees the whole book, the others one branch of forty.
LOGINS, PASSWORD = ("risk", "supervisor"), "daihou-demo"
BUCKETS = ("", "M1", "M2", "M3", "M4-", "M2-M3")
SORTS = ("", "-overdue", "dpd", "-outstanding", "oldest")
HEAD = """# Benchmark of the pages

Made by `python -m bench.sessions`: {sessions} sessions over {loans:,} loans, every second
one bound to a branch of forty; {think:g} s of thinking between pages (mean, exponential), {minutes:g} minutes after {warm_up:g} s of
warm-up; site, database and client on {machine}, without a worker. Milliseconds as the client
measures them, from the request to the last byte.

| page | requests | p50 | p95 | p99 | slowest | limit p95 | kept |
|---|---:|---:|---:|---:|---:|---:|---|
"""


@dataclass
class Book:
    """What a session can ask for: numbers of loans that its login may see."""

    loans: int
    numbers: Mapping[str, Sequence[int]]


@dataclass
class Told:
    """What one session measured: (page, began, seconds), and what went wrong."""

    times: list[tuple[str, float, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Session:
    """Somebody signed in, over one connection that is kept open."""

    def __init__(self, port: int, login: str) -> None:
        """Sign in; the page of the form gives the token first."""
        self._wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: SimpleCookie = SimpleCookie()
        page = self.get("/sign-in/")[1]
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token, "the sign-in page carries a token"
        form = {"username": login, "password": PASSWORD, "next": "/ledger/"}
        form["csrfmiddlewaretoken"] = token[1]
        status, _ = self._ask("POST", "/sign-in/", urlencode(form))
        assert status == 302, f"not signed in: {status}"

    def get(self, address: str) -> tuple[int, str]:
        """Status and text of a page."""
        return self._ask("GET", address)

    def _ask(self, how: str, address: str, body: str = "") -> tuple[int, str]:
        cookies = "; ".join(f"{c.key}={c.value}" for c in self._cookies.values())
        headers = {"Cookie": cookies} if cookies else {}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._wire.request(how, address, body=body or None, headers=headers)
            answer = self._wire.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # The site closes a connection nobody used; a browser asks again, too.
            self._wire.close()
            self._wire.request(how, address, body=body or None, headers=headers)
            answer = self._wire.getresponse()
        text = answer.read().decode()
        for value in answer.headers.get_all("Set-Cookie", []):
            self._cookies.load(value)
        return answer.status, text


def typed(number: int, chance: random.Random) -> str:
    """What somebody types to find a loan: some of its number, or of a name."""
    name, digits = name_of(number), str(number)
    begun = digits[: max(3, len(digits) - 2)]
    return chance.choice((begun, digits[:4], name[:1], name[:2], name))


def _list(_number: int, chance: random.Random) -> str:
    wish = {
        "bucket": chance.choice(BUCKETS),
        "sort": chance.choice(SORTS),
        "page": str(chance.randint(1, 20)),
    }
    return f"/ledger/?{urlencode({k: v for k, v in wish.items() if v})}"


def _loan(number: int, _chance: random.Random) -> str:
    return f"/loans/{number}/"


def _search(number: int, chance: random.Random) -> str:
    return f"/search/?{urlencode({'q': typed(number, chance)})}"


def _suggest(number: int, chance: random.Random) -> str:
    return f"/search/suggest/?{urlencode({'q': typed(number, chance)})}"


@dataclass(frozen=True)
class Kind:
    """A kind of page: how often it is opened beside the others, how many seconds it
    may take at the 95th percentile, and its address for the number of a loan."""

    often: int
    limit: float
    address: Callable[[int, random.Random], str]


# A new kind of page is one line here.
KINDS = {
    "list": Kind(4, 0.3, _list),
    "loan": Kind(4, 0.3, _loan),
    "search": Kind(1, 0.4, _search),
    "suggest": Kind(2, 0.4, _suggest),
}


def pages(numbers: Sequence[int], chance: random.Random) -> Iterator[tuple[str, str]]:
    """What a person opens next, for ever: the list, a loan of it, a search."""
    weights = [kind.often for kind in KINDS.values()]
    while True:
        (name,) = chance.choices([*KINDS], weights)
        yield name, KINDS[name].address(chance.choice(numbers), chance)


def live(port: int, book: Book, seed: int, until: float, think: float) -> Told:
    """One session from signing in to the end; times by the monotonic clock."""
    chance, told = random.Random(seed), Told()
    login = LOGINS[seed % len(LOGINS)]
    session = Session(port, login)
    for kind, address in pages(book.numbers[login], chance):
        time.sleep(chance.expovariate(1 / think))
        began = time.perf_counter()
        if began >= until:
            return told
        status, _ = session.get(address)
        told.times.append((kind, began, time.perf_counter() - began))
        if status not in (200, 302):
            told.wrong.append(f"{status} {address}")
    return told


def crowd(port: int, book: Book, how: argparse.Namespace) -> list[Told]:
    """All sessions at once; what was measured after the warm-up."""
    begun = time.perf_counter()
    counted = begun + how.warm_up
    until = counted + 60 * how.minutes
    found: list[Told] = []

    def one(seed: int) -> None:
        try:
            told = live(port, book, seed, until, how.think)
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
    return found


def at(times: Sequence[float], share: float) -> float:
    """The time that this share of the sorted times does not pass, in milliseconds."""
    return 1000 * times[min(len(times) - 1, int(share * len(times)))]


def table(told: Sequence[Told], how: argparse.Namespace) -> str:
    """The page: a row a kind of page, then what went wrong."""
    rows = []
    for kind, limit in ((name, kind.limit) for name, kind in KINDS.items()):
        times = sorted(t[2] for each in told for t in each.times if t[0] == kind)
        if not times:
            continue
        figures = [at(times, share) for share in (0.5, 0.95, 0.99)]
        cells = [f"{figure:.0f}" for figure in (*figures, 1000 * times[-1])]
        kept = "yes" if figures[1] <= 1000 * limit else "**no**"
        head = f"| {kind} | {len(times):,} |"
        rows.append(f"{head} {' | '.join(cells)} | {1000 * limit:.0f} | {kept} |")
    wrong = [line for each in told for line in each.wrong]
    count = sum(len(each.times) for each in told)
    rate = count / (60 * how.minutes)
    tail = f"\n{count:,} pages, {rate:.1f} a second; {len(wrong)} went wrong."
    shown = "".join(f"\n- {line}" for line in wrong[:10])
    head = HEAD.format(machine=machine(), **vars(how))
    return head + "\n".join(rows) + "\n" + tail + shown + "\n"


def prepare(home: str, loans: int) -> Book:
    """A book of two closed days and the logins of a demonstration, made once."""
    environment = os.environ | {"DAIHOU_HOME": home}
    environment.pop("DATABASE_URL", None)
    done = Path(home) / f"bench-{loans}"
    if not done.exists():
        for command in (
            ["-m", "daihou.config.cli", "migrate"],
            ["-m", "bench.load", str(loans), "--for-pages"],
            ["-m", "bench.night", str(loans)],
        ):
            subprocess.run(
                [sys.executable, *command],
                env=environment,
                cwd=ROOT,
                check=True,
                stdout=sys.stderr,
            )
        done.touch()
    chance = random.Random(7)
    every = [chance.randint(1, loans) for _ in range(min(loans, 5_000))]
    own = [n for n in range(1, loans + 1) if branch_of(n) == branch_of(0)]
    return Book(loans, {LOGINS[0]: every, LOGINS[1]: own[:5_000]})


def serve(home: str) -> tuple[subprocess.Popen[bytes], int]:
    """The site as people run it; its process and port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | {"DAIHOU_HOME": home}
    environment.pop("DATABASE_URL", None)
    site = subprocess.Popen(
        [sys.executable, "-m", "daihou.config.cli", "serve", "--port", str(port)],
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
        book = prepare(home, how.loans)
        site, port = serve(home)
        try:
            told = crowd(port, book, how)
        finally:
            site.terminate()
            site.wait(timeout=60)
    text = table(told, how)
    how.page.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
