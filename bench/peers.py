"""Making repayment plans, beside what others on PyPI make of the same loans."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from importlib import metadata
from typing import Any

import numpy as np

from daihou.columnar.layout import day_number
from daihou.columnar.schedule import Contracts, schedules
from daihou.engine.ledger.schedule import schedule

PERIODS = 24
LOANS = 200_000
PEER_LOANS = 2_000  # of the same, the first; a peer is slow
PEERS = ("amortization", "loan-calculator")
OUT, FIRST = date(2025, 1, 15), date(2025, 2, 15)


def contracts() -> Contracts:
    """Loans of many amounts at whole thousandths a year."""
    random = np.random.default_rng(7)
    return Contracts(
        principal=random.integers(5_000, 300_000, LOANS) * 100,
        rate_nano=random.integers(40, 240, LOANS) * 1_000_000,
        method=np.zeros(LOANS, np.int64),
        periods=np.full(LOANS, PERIODS),
        disbursed_on=np.full(LOANS, day_number(OUT)),
        first_due_on=np.full(LOANS, day_number(FIRST)),
    )


def _reference(book: Contracts) -> int:
    return sum(len(schedule(book.terms(i))) for i in range(PEER_LOANS))


def _major(book: Contracts) -> Iterator[tuple[float, float]]:
    """Principal and rate as the peers take them: floating point, major units."""
    for i in range(PEER_LOANS):
        yield book.principal[i] / 100, book.rate_nano[i] / 1e9


def _amortization(book: Contracts) -> int:
    from amortization.schedule import amortization_schedule

    return sum(
        len(list(amortization_schedule(float(principal), float(rate), PERIODS)))
        for principal, rate in _major(book)
    )


def _loan_calculator(book: Contracts) -> int:
    from loan_calculator.loan import Loan

    due = [row.due_on for row in schedule(book.terms(0))]
    rows = 0
    for principal, rate in _major(book):
        loan = Loan(float(principal), float(rate), OUT, due)
        rows += len(list(zip(loan.amortizations, loan.interest_payments, strict=True)))
    return rows


PEER_WORK: dict[str, Callable[[Contracts], int]] = {
    "amortization": _amortization,
    "loan-calculator": _loan_calculator,
}


def names() -> str:
    """The peers that are installed, with versions."""
    return ", ".join(f"{name} {metadata.version(name)}" for name in installed())


def installed() -> list[str]:
    """Which peers there are; `make setup-dev` installs them."""
    found = []
    for name in PEERS:
        try:
            metadata.version(name)
        except metadata.PackageNotFoundError:
            print(f"{name} is not installed and left out; `make setup-dev` brings it.")
        else:
            found.append(name)
    return found


def _row(what: str, loans: int, seconds: float) -> dict[str, Any]:
    rate = loans * PERIODS / seconds
    return {
        "what": what,
        "loans": loans,
        "seconds": round(seconds, 4),
        "rows_per_second": round(rate),
    }


def _seconds(work: Callable[[], int], rows: int) -> float:
    """CPU seconds of the better of two runs; the rows asked for must be there."""
    found = []
    for _ in range(2):
        begun = time.process_time()
        assert work() == rows, "a plan has other rows than it should"
        found.append(time.process_time() - begun)
    return min(found)


def measure(
    say: Callable[[dict[str, Any]], dict[str, Any]],
) -> tuple[list[dict[str, Any]], int]:
    """Measure all; also how many of our plans the reference had to make."""
    book = contracts()
    made = schedules(book, threads=1)

    def ours() -> int:
        return len(schedules(book, threads=1).due_on)

    rows = [say(_row("columnar.schedule", LOANS, _seconds(ours, LOANS * PERIODS)))]
    slow: dict[str, Callable[[Contracts], int]] = {"engine.ledger.schedule": _reference}
    slow |= {name: PEER_WORK[name] for name in installed()}
    for name, work in slow.items():
        seconds = _seconds(partial(work, book), PEER_LOANS * PERIODS)
        rows.append(say(_row(name, PEER_LOANS, seconds)))
    return rows, made.by_reference
