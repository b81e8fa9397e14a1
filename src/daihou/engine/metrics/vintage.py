"""Vintage curves 账龄分析 as a value, and counted loan by loan."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from daihou.engine.metrics import showing

Timing = Literal["ever", "current"]
MobBase = Literal[0, 1]
Cells = tuple[tuple[int | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Vintage:
    """How much of what began together was bad at each month on book (MOB).

    A line is a cohort, and a cut of it where one was asked for; `size` its accounts
    and `count` those that were bad at `mobs[j]`: ever by then, or at that time.
    `disbursed` and `amount` are the same in units of 10 ** -`scale`. None: the panel
    does not reach so far (right-censored), or did not see the beginning.
    `mob_base` is the MOB of the period of disbursement itself, 0 or 1.
    """

    timing: Timing
    mob_base: MobBase
    cohorts: tuple[str, ...]
    mobs: tuple[int, ...]
    size: tuple[int, ...]
    count: Cells
    cuts: tuple[str, ...] | None = None
    disbursed: tuple[int, ...] | None = None
    amount: Cells | None = None
    scale: int = 0

    @property
    def rate(self) -> tuple[tuple[Fraction | None, ...], ...]:
        """Bad accounts over all accounts of the line, exact."""
        return _rates(self.count, self.size)

    @property
    def amount_rate(self) -> tuple[tuple[Fraction | None, ...], ...]:
        """Bad amount over what was disbursed, exact."""
        assert self.amount is not None, "the curves were made without amounts"
        assert self.disbursed is not None
        return _rates(self.amount, self.disbursed)

    def _repr_html_(self) -> str:
        """What a notebook shows: a row for each line, blank where not known yet."""
        weighed = self.amount is not None
        rate = self.amount_rate if weighed else self.rate
        cuts = self.cuts or ("",) * len(self.cohorts)
        rows = [
            (f"{cohort} {cut}".strip(), [f"{size:,}", *map(showing.percent, row)])
            for cohort, cut, size, row in zip(
                self.cohorts, cuts, self.size, rate, strict=True
            )
        ]
        of = "disbursed amount" if weighed else "accounts"
        heads = ("", "accounts", *map(str, self.mobs))
        return showing.table(
            heads, rows, caption=f"bad ({self.timing}) by month on book, {of}"
        )

    def content(self) -> dict[str, Any]:
        """As plain numbers for JSON; null: not known yet."""
        found: dict[str, Any] = {
            "timing": self.timing,
            "mob_base": self.mob_base,
            "cohorts": list(self.cohorts),
            "mob": list(self.mobs),
            "size": list(self.size),
            "count": [list(row) for row in self.count],
            "rate": _plain(self.rate),
        }
        if self.cuts is not None:
            found["cuts"] = list(self.cuts)
        if self.amount is not None and self.disbursed is not None:
            unit = 10**self.scale
            found["disbursed"] = [n / unit for n in self.disbursed]
            found["amount"] = [
                [None if n is None else n / unit for n in row] for row in self.amount
            ]
            found["amount_rate"] = _plain(self.amount_rate)
        return found


def _rates(
    cells: Cells, whole: Sequence[int]
) -> tuple[tuple[Fraction | None, ...], ...]:
    return tuple(
        tuple(None if n is None or not total else Fraction(n, total) for n in row)
        for row, total in zip(cells, whole, strict=True)
    )


def _plain(cells: Iterable[Iterable[Fraction | None]]) -> list[list[float | None]]:
    return [[None if n is None else float(n) for n in row] for row in cells]


@dataclass(frozen=True, slots=True)
class Aged:
    """An account at the end of a period, seen for its vintage.

    `cohort` None: it began with its first row. `stays`: written off or the like, so
    that it stands as it was when its rows end. Amounts are minor units; `disbursed`
    is read in the account's first row.
    """

    account: str
    period: int
    bad: bool
    cohort: int | None = None
    cut: str = ""
    balance: int = 0
    disbursed: int = 0
    stays: bool = False


Lives = Mapping[str, Mapping[int, Aged]]


def curves(
    rows: Iterable[Aged], *, timing: Timing = "ever", mob_base: MobBase = 0
) -> Vintage:
    """The curves of a panel, one loan and one age at a time; the plain reference.

    Ever, by amount: what was disbursed to the loans that were ever bad, so that a
    curve never falls. Current, by amount: what the bad loans owe at that time. In
    both, the whole cohort is the denominator, also those paid off since.
    """
    lives: dict[str, dict[int, Aged]] = defaultdict(dict)
    for row in rows:
        assert row.period not in lives[row.account], "two rows for one period"
        lives[row.account][row.period] = row
    lines: dict[tuple[str, int], list[str]] = defaultdict(list)
    for account, life in lives.items():
        start = life[min(life)]
        cohort = start.period if start.cohort is None else start.cohort
        assert cohort <= start.period, account
        lines[start.cut, cohort].append(account)
    seen = [period for life in lives.values() for period in life]
    first, last = min(seen), max(seen)
    order = sorted(lines)
    ages = range(last - min(cohort for _, cohort in order) + 1)
    count, amount = [], []
    for line in order:
        cells = [
            _cell([lives[a] for a in lines[line]], line[1] + age, timing)
            if _is_seen(line[1], age, first, last, timing)
            else (None, None)
            for age in ages
        ]
        count.append(tuple(n for n, _ in cells))
        amount.append(tuple(n for _, n in cells))
    starts = {a: life[min(life)].disbursed for a, life in lives.items()}
    return Vintage(
        timing=timing,
        mob_base=mob_base,
        cohorts=tuple(str(cohort) for _, cohort in order),
        mobs=tuple(age + mob_base for age in ages),
        size=tuple(len(lines[line]) for line in order),
        count=tuple(count),
        cuts=tuple(cut for cut, _ in order),
        disbursed=tuple(sum(starts[a] for a in lines[line]) for line in order),
        amount=tuple(amount),
    )


def _is_seen(cohort: int, age: int, first: int, last: int, timing: Timing) -> bool:
    """Whether the panel tells of that age; of "ever" it must tell from the start."""
    begun = cohort >= first if timing == "ever" else cohort + age >= first
    return begun and cohort + age <= last


def _cell(
    lives: Iterable[Mapping[int, Aged]], at: int, timing: Timing
) -> tuple[int, int]:
    hits = amount = 0
    for life in lives:
        if timing == "ever":
            hit = any(row.bad for period, row in life.items() if period <= at)
            amount += life[min(life)].disbursed if hit else 0
        else:
            end = life[max(life)]
            row = end if end.stays and end.period < at else life.get(at)
            hit = row is not None and row.bad
            amount += row.balance if row is not None and row.bad else 0
        hits += hit
    return hits, amount
