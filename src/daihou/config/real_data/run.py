"""The whole of `daihou real-data`: read, work out, load, live, count."""

import hashlib
import os
import shutil
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
from daihou.config.real_data.opening import arrears
from daihou.kit.speech import gettext
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


def _granted(loan: source.SourceLoan, which: str) -> tuple[extension.Extension, ...]:
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
    )
    first_only = lived.without_extensions(facts.demands)
    return given, replace(given, demands=first_only, _books={})


def _place(booked: tuple[prepared.Lived, ...], *, data: Path, below: Path) -> Path:
    """Write the prepared files into the folder of their content, and return it.

    The same content finds the book it has already; another one gets its own.
    """
    draft = below / f"draft-{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    prepared.write(booked, source=data, folder=draft)
    digest = hashlib.sha256()
    for name in prepared.FILES:
        digest.update((draft / name).read_bytes())
    place = below / digest.hexdigest()[:12]
    place.mkdir(exist_ok=True)
    if (place / "prepared").exists():
        shutil.rmtree(draft)
    else:
        draft.rename(place / "prepared")
    return place


def run(
    data: Path, *, below: Path, mappings: Path, extensions: str, say: Say
) -> Result:
    """Live the files in `data`; the book of this run is kept in a folder `below`.

    `extensions`: wave (spring 2020), any (whenever the rule says so) or none.
    Raises source.WrongLayout for a folder of another layout.
    """
    loans = source.read(data)
    say(
        gettext("%(count)s loans read from %(place)s")
        % {"count": f"{len(loans):,}", "place": data}
    )
    booked = tuple(
        prepared.live(loan, _granted(loan, extensions))
        for loan in loans
        if loan.opening > 0
    )
    place = _place(booked, data=data, below=below)
    days = lived.month_ends(loans)
    facts = load.load(place, mappings=mappings, today=max(days), say=say)
    deals = {loan.loan_id: loan.deal for loan in loans}
    settlers = _settlers(facts, max(days))
    tables: list[list[tuple[date, pa.Table]]] = [
        list(lived.live(settler, days=days, names=facts.names, deals=deals))
        for settler in settlers
    ]
    path = place / "positions.parquet"
    lived.write((table for _, table in tables[0]), path)
    say(
        gettext("%(count)s month-ends lived, %(first)s to %(last)s")
        % {"count": len(days), "first": min(days), "last": max(days)}
    )
    by_id = {loan.loan_id: loan for loan in loans}
    given, plain = tables
    moved = frozenset(one.loan.loan_id for one in booked if one.extensions)
    figures = report.Figures(
        loans=len(loans),
        by_month=[summary.count(*each) for each in given],
        without=[summary.count(*each) for each in plain],
        moved=[summary.count(*each, only=moved) for each in given],
        moved_without=[summary.count(*each, only=moved) for each in plain],
        zero=summary.zero_months(loans),
        gaps=[summary.balance_gap(day, table, by_id) for day, table in given],
        opening=(
            sum(loan.days_late > 0 for loan in loans),
            sum(loan.closing > 0 and arrears(loan) < 0 for loan in loans),
        ),
        matched=outcome.matches(loans),
        extended=Counter(e.months for one in booked for e in one.extensions),
        endings=_endings(booked),
    )
    return Result(figures, path, len(loans) - len(booked), _misses(loans))
