"""Spells of delinquency of a whole panel, in a few passes over its rows."""

from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from daihou.columnar.portfolio.columns import Ints
from daihou.columnar.portfolio.counting import Flags
from daihou.engine.metrics.cures import End, Share, Spell
from daihou.engine.metrics.survival import Counted

ENDS = (End.CURED, End.SETTLED, End.WRITTEN_OFF, End.TRANSFERRED)
OPEN = -1  # of `end`: still late when watching stopped
NEVER = np.iinfo(np.int64).min  # of `fell_back`
_CURED, _SETTLED = ENDS.index(End.CURED), ENDS.index(End.SETTLED)
Codes = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Months:
    """A panel as columns, sorted by account and period, one row for each of both.

    `closed` counts into `ENDS`, `OPEN` where the account goes on; see
    `engine.metrics.cures.Month`.
    """

    account: Ints
    period: Ints
    dpd: Ints
    closed: Codes
    contacted: Flags
    replaced: Flags

    def __len__(self) -> int:
        """Rows."""
        return len(self.account)

    def taken(self, rows: Flags) -> "Months":
        """The rows that are chosen."""
        return replace(
            self, **{f.name: getattr(self, f.name)[rows] for f in fields(self)}
        )


@dataclass(frozen=True, slots=True)
class Spells:
    """Spells as columns; see `engine.metrics.cures.Spell`, whose fields they are.

    `ended` holds the last period watched where `end` is `OPEN`; `fell_back` is `NEVER`
    where it did not.
    """

    account: Ints
    began: Ints
    ended: Ints
    end: Codes
    seen_until: Ints
    unseen: Flags
    contacted: Flags
    replaced: Flags
    fell_back: Ints
    settled: Flags

    def __len__(self) -> int:
        """Spells."""
        return len(self.account)

    def taken(self, rows: Flags) -> "Spells":
        """The spells that are chosen."""
        return replace(
            self, **{f.name: getattr(self, f.name)[rows] for f in fields(self)}
        )

    def rows(self) -> list[Spell]:
        """The same, one value each."""
        return [
            Spell(
                account=str(self.account[n]),
                began=int(self.began[n]),
                ended=int(self.ended[n]) if self.end[n] != OPEN else None,
                end=ENDS[self.end[n]] if self.end[n] != OPEN else None,
                seen_until=int(self.seen_until[n]),
                unseen=bool(self.unseen[n]),
                contacted=bool(self.contacted[n]),
                replaced=bool(self.replaced[n]),
                fell_back=None
                if self.fell_back[n] == NEVER
                else int(self.fell_back[n]),
                settled=bool(self.settled[n]),
            )
            for n in range(len(self))
        ]


def spells(months: Months, *, stay: int = 1, late_again: int = 30) -> Spells:
    """The spells of a panel, by account and time; see `engine.metrics.cures.spells`."""
    assert stay >= 1, stay
    months = months.taken(_before_the_end(months))
    size = len(months)
    if not size:
        return _none()
    opens = np.append(
        True, (np.diff(months.account) != 0) | (np.diff(months.period) != 1)
    )
    last = _ends_of(opens)  # the last row of the stretch of each row
    shut = months.closed != OPEN
    late = (months.dpd > 0) & ~shut
    stops = shut | _stays(months, opens, last, stay=stay)
    segment = np.cumsum(opens | np.append(False, stops[:-1])) - 1
    hit = np.flatnonzero(late)
    starts = hit[np.append(True, segment[hit][1:] != segment[hit][:-1])[: len(hit)]]
    over = np.minimum(_next(stops)[starts], last[starts] + 1)
    known = over <= last[starts]
    end_at = np.where(known, over, last[starts])
    how = np.where(months.closed[end_at] != OPEN, months.closed[end_at], _CURED)
    end = np.where(known, how, OPEN).astype(np.int8)
    bad = _next((months.dpd >= late_again) & ~shut)[end_at]
    back = (end == _CURED) & (bad <= last[starts])
    return Spells(
        account=months.account[starts],
        began=months.period[starts],
        ended=months.period[end_at],
        end=end,
        seen_until=months.period[last[starts]],
        unseen=opens[starts],
        contacted=_any(months.contacted, starts, end_at),
        replaced=_any(months.replaced, starts, end_at),
        fell_back=np.where(back, months.period[np.minimum(bad, size - 1)], NEVER),
        settled=months.closed[last[starts]] == _SETTLED,
    )


def _none() -> Spells:
    no, flags = np.empty(0, np.int64), np.empty(0, np.bool_)
    code = np.empty(0, np.int8)
    return Spells(no, no, no, code, no, flags, flags, flags, no, flags)


def _before_the_end(months: Months) -> Flags:
    """Rows up to the first in which the account closed."""
    shut = (months.closed != OPEN).astype(np.int64)
    before = np.cumsum(shut) - shut
    first = np.append(True, np.diff(months.account) != 0)
    base = np.maximum.accumulate(np.where(first, before, 0)) if len(shut) else before
    kept: Flags = before == base
    return kept


def _ends_of(opens: Flags) -> Ints:
    starts = np.flatnonzero(opens)
    ends = np.append(starts[1:], len(opens)) - 1
    found: Ints = np.repeat(ends, ends - starts + 1)
    return found


def _next(chosen: Flags) -> Ints:
    """The first chosen row from each row on; the number of rows where there is none."""
    size = len(chosen)
    at = np.where(chosen, np.arange(size), size)
    found: Ints = np.minimum.accumulate(at[::-1])[::-1]
    return found


def _stays(months: Months, opens: Flags, last: Ints, *, stay: int) -> Flags:
    """Rows in time from which on the account stays so for long enough."""
    size = len(months)
    good = (months.dpd == 0) & (months.closed == OPEN)
    after = np.minimum(_next(~good), last + 1)  # the first row that is not in time
    row = np.arange(size)
    paid = (after <= last) & (months.closed[np.minimum(after, size - 1)] == _SETTLED)
    found: Flags = good & ((after - row >= stay) | paid)
    return found


def _any(chosen: Flags, starts: Ints, ends: Ints) -> Flags:
    """Whether any row from a start to an end is chosen."""
    total = np.append(0, np.cumsum(chosen))
    found: Flags = total[ends + 1] > total[starts]
    return found


def cure_rate(
    found: Spells, *, within: int, last: int, stay: int = 1, alone: bool = False
) -> Share:
    """See `engine.metrics.cures.cure_rate`; `alone`: the self-cure rate."""
    until = found.began + within + stay - 1
    known = ~found.unseen & (until <= last)
    known &= (found.end != OPEN) | (found.seen_until >= until)
    good = ((found.end == _CURED) | (found.end == _SETTLED)) & ~found.replaced
    good &= known & (found.ended - found.began <= within)
    if alone:
        good &= ~found.contacted
    return Share(int(good.sum()), int(known.sum()))


def redefault_rate(found: Spells, *, within: int) -> Share:
    """See `engine.metrics.cures.redefault_rate`."""
    cured = found.end == _CURED
    fell = cured & (found.fell_back != NEVER)
    fell[fell] &= found.fell_back[fell] - found.ended[fell] <= within
    watched = found.settled | (found.seen_until - found.ended >= within)
    return Share(int(fell.sum()), int((cured & (watched | fell)).sum()))


def waiting(found: Spells) -> Counted:
    """Ages and events of all spells, counted, for `survival.incidence_of`."""
    age = np.maximum(found.ended - found.began, 1)
    kind = found.end.astype(np.int64)
    new_loan = found.replaced & ((kind == _CURED) | (kind == _SETTLED))
    kind[new_loan] = len(ENDS)
    names = (*(end.value for end in ENDS), "replaced", None)  # the last of them: open
    most = int(age.max(initial=0)) + 1
    cells = np.bincount((kind % len(names)) * most + age, minlength=len(names) * most)
    ended = {
        (n % most, names[n // most]): int(cells[n])
        for n in np.flatnonzero(cells).tolist()
    }
    return Counted(entered={0: len(found)}, ended=ended)
