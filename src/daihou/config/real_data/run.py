"""The whole of `daihou real-data`: read, work out, load, live, count."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa

from daihou.columnar.settle import Settler
from daihou.config.real_data import (
    extension,
    lived,
    load,
    outcome,
    prepared,
    report,
    source,
    summary,
)
from daihou.packs.products import policies

Say = Callable[[str], None]
# Which months a loan's extensions are looked for in (None: all; no entry: none).
WINDOWS: Mapping[str, tuple[date, date] | None] = {"wave": extension.WAVE, "any": None}


@dataclass(frozen=True, slots=True)
class Result:
    """What a run made: its figures, and the file of every loan at every month-end."""

    figures: report.Figures
    positions: Path
    unbooked: int
    misses: tuple[str, ...]


def _granted(
    loan: source.SourceLoan, which: str
) -> tuple[extension.Extension, ...]:
    if which == "none":
        return ()
    return extension.extensions(loan, window=WINDOWS[which])


def _misses(loans: tuple[source.SourceLoan, ...]) -> tuple[str, ...]:
    """The loans whose outcome we did not reproduce, with the figures that decide."""
    lines = []
    for loan in loans:
        ours = outcome.outcome(loan)
        if not loan.outcome or ours == loan.outcome:
            continue
        principal = sum(m.principal or 0 for m in loan.with_month_0())
        smaller = min(loan.opening, loan.closing)
        lines.append(
            f"{loan.loan_id}: the file says {loan.outcome}, the rule {ours}; principal "
            f"collected {principal / 100:.2f} of {smaller / 100:.2f}"
        )
    return tuple(lines)


def _endings(booked: tuple[prepared.Lived, ...]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for one in booked:
        found.setdefault(one.loan.outcome, Counter())[one.ending.status] += 1
    return found


def _settlers(facts: load.Facts, last: date) -> tuple[Settler, Settler]:
    """With the schedule versions, and as if there were none."""
    given = Settler(
        facts.loans,
        facts.demands,
        facts.payments,
        policies_on=lambda day: policies(on=day),
        horizon=last,
    )
    first_only = lived.without_extensions(facts.demands)
    return given, replace(given, demands=first_only, _books={})


def run(data: Path, *, home: Path, extensions: str, out: Path | None, say: Say) -> Result:
    """Live the files in `data`; the book of this run is kept below `home`.

    `extensions`: wave (spring 2020), any (whenever the rule says so) or none.
    Raises source.WrongLayout for a folder of another layout.
    """
    loans = source.read(data)
    say(f"{len(loans):,} loans read from {data}")
    booked = tuple(
        prepared.live(loan, _granted(loan, extensions))
        for loan in loans
        if loan.opening > 0
    )
    files = prepared.write(booked, source=data, folder=home / "prepared")
    facts = load.load(files, say=say)
    days = lived.month_ends(loans)
    deals = {loan.loan_id: loan.deal for loan in loans}
    settlers = _settlers(facts, max(days))
    tables: list[list[tuple[date, pa.Table]]] = [
        list(lived.live(settler, days=days, senders=facts.senders, deals=deals))
        for settler in settlers
    ]
    path = out or home / "positions.parquet"
    lived.write((table for _, table in tables[0]), path)
    say(f"{len(days)} month-ends lived, {min(days)} to {max(days)}")
    by_id = {loan.loan_id: loan for loan in loans}
    figures = report.Figures(
        loans=len(loans),
        by_month=[summary.count(day, table) for day, table in tables[0]],
        without=[summary.count(day, table) for day, table in tables[1]],
        zero=summary.zero_months(loans),
        gaps=[summary.balance_gap(day, table, by_id) for day, table in tables[0]],
        matched=outcome.matches(loans),
        extended=Counter(e.months for one in booked for e in one.extensions),
        endings=_endings(booked),
    )
    return Result(figures, path, len(loans) - len(booked), _misses(loans))
