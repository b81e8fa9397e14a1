"""Spells of delinquency: how they end, who cures, and who falls back.

A panel has one row per account and period with its days past due. A spell begins with
the first late period and lasts until the account is in time again and stays so for a
given number of periods; a shorter stay is a pause of the same spell.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from daihou.engine.metrics.survival import Spell as Waiting


class End(StrEnum):
    """How a spell ends."""

    CURED = "cured"  # in time again, and it stayed
    SETTLED = "settled"  # paid in full from a late state
    WRITTEN_OFF = "written_off"
    TRANSFERRED = "transferred"


@dataclass(frozen=True, slots=True)
class Month:
    """An account at the end of a period.

    `closed`: how it ended in this period, if it did (SETTLED, WRITTEN_OFF or
    TRANSFERRED); later rows of the account do not count. `contacted`: somebody spoke
    with the debtor in this period. `replaced`: arrears were paid with a new loan, which
    is no cure.
    """

    account: str
    period: int
    dpd: int
    closed: End | None = None
    contacted: bool = False
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class Spell:
    """One spell of delinquency, in periods.

    It began in `began`, or earlier if `unseen` (the account's first row is late). It
    ended in `ended` with `end`; None: it was still late, or had not stayed in time for
    long enough, when watching stopped in `seen_until`. `fell_back`: the first period
    after a cure in which it was late again by the days asked for.
    """

    account: str
    began: int
    ended: int | None
    end: End | None
    seen_until: int
    unseen: bool
    contacted: bool
    replaced: bool
    fell_back: int | None = None
    settled: bool = False  # paid in full when watching stopped: it cannot fall back

    @property
    def waiting(self) -> Waiting:
        """For the curves of `survival`: ages in periods since it began, events apart.

        Who pays with a new loan leaves without having cured.
        """
        if self.end is None or self.ended is None:
            return Waiting(max(self.seen_until - self.began, 1), None)
        event = "replaced" if self._by_new_loan else self.end.value
        return Waiting(max(self.ended - self.began, 1), event)

    @property
    def _by_new_loan(self) -> bool:
        return self.replaced and self.end in {End.CURED, End.SETTLED}

    def healed(self, *, within: int) -> bool:
        """Whether it was cured or paid in full in so many periods, out of own means."""
        good = self.end in {End.CURED, End.SETTLED} and not self.replaced
        return good and self.ended is not None and self.ended - self.began <= within


def spells(
    rows: Iterable[Month], *, stay: int = 1, late_again: int = 30
) -> tuple[Spell, ...]:
    """The spells of a panel, by account and time.

    `stay`: periods in time that make a cure. A cure dates from the first of them. Paid
    in full counts as staying. Watching an account stops before a period without a row.
    `late_again`: the days past due that make a cured account fall back.
    """
    assert stay >= 1, stay
    lives: dict[str, dict[int, Month]] = defaultdict(dict)
    for row in rows:
        assert row.period not in lives[row.account], "two rows for one period"
        lives[row.account][row.period] = row
    found: list[Spell] = []
    for account in sorted(lives):
        for stretch in _stretches(lives[account]):
            found += _of_stretch(stretch, stay=stay, late_again=late_again)
    return tuple(found)


def _stretches(life: Mapping[int, Month]) -> list[list[Month]]:
    """Rows of periods that follow one another, up to the one in which it closed."""
    found: list[list[Month]] = []
    before = None
    for period in sorted(life):
        row = life[period]
        if before is not None and before.closed:
            break
        if before is None or period != before.period + 1:
            found.append([])
        found[-1].append(row)
        before = row
    return found


def _of_stretch(rows: Sequence[Month], *, stay: int, late_again: int) -> list[Spell]:
    found: list[Spell] = []
    at = 0
    while at < len(rows):
        if rows[at].dpd == 0 or rows[at].closed:
            at += 1
            continue
        end = _end_of(rows, at, stay=stay)
        found.append(_spell(rows, at, end, late_again=late_again))
        at = end
    return found


def _end_of(rows: Sequence[Month], start: int, *, stay: int) -> int:
    """Where the spell from `start` on is over; len(rows): watching stopped first."""
    at = start
    while at < len(rows):
        if rows[at].closed:
            return at
        if rows[at].dpd == 0 and _stays(rows, at, stay=stay):
            return at
        at += 1
    return len(rows)


def _stays(rows: Sequence[Month], start: int, *, stay: int) -> bool:
    for at in range(start, start + stay):
        if at >= len(rows):
            return False  # not known yet
        if rows[at].closed:
            return rows[at].closed == End.SETTLED
        if rows[at].dpd > 0:
            return False
    return True


def _spell(rows: Sequence[Month], start: int, end: int, *, late_again: int) -> Spell:
    over = end < len(rows)
    last = rows[end] if over else None
    how = None if last is None else (last.closed or End.CURED)
    within = rows[start : end + 1]
    return Spell(
        account=rows[start].account,
        began=rows[start].period,
        ended=None if last is None else last.period,
        end=how,
        seen_until=rows[-1].period,
        unseen=start == 0,
        contacted=any(row.contacted for row in within),
        replaced=any(row.replaced for row in within),
        fell_back=_fell_back(rows, end, late_again) if how == End.CURED else None,
        settled=rows[-1].closed == End.SETTLED,
    )


def _fell_back(rows: Sequence[Month], cured: int, late_again: int) -> int | None:
    for row in rows[cured:]:
        if row.dpd >= late_again and not row.closed:
            return row.period
    return None


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; nothing where there is nothing to divide by."""

    part: int
    whole: int

    @property
    def rate(self) -> Fraction | None:
        """The share, exact."""
        return Fraction(self.part, self.whole) if self.whole else None


def cure_rate(
    found: Iterable[Spell], *, within: int, last: int, stay: int = 1
) -> Share:
    """Spells that ended well `within` so many periods, of those watched that long.

    A spell counts once `within` periods and the stay after them lie behind it, for
    whoever cures soon would count before who does not: `last` is the last period of
    the panel. Those whose beginning was not seen, and those that were no longer
    watched before it was known, are left out.
    """
    known = []
    for each in found:
        until = each.began + within + stay - 1
        told = each.end is not None or each.seen_until >= until
        if not each.unseen and until <= last and told:
            known.append(each)
    return Share(sum(each.healed(within=within) for each in known), len(known))


def self_cure_rate(
    found: Iterable[Spell], *, within: int, last: int, stay: int = 1
) -> Share:
    """The same, cured without anybody having spoken with the debtor."""
    told = list(found)
    whole = cure_rate(told, within=within, last=last, stay=stay).whole
    alone = [each for each in told if not each.contacted]
    part = cure_rate(alone, within=within, last=last, stay=stay).part
    return Share(part, whole)


def redefault_rate(found: Iterable[Spell], *, within: int) -> Share:
    """Cured accounts late again `within` so many periods, of those watched that long.

    METRICS: DPD of at least 30 within 3, 6 or 12 months of the cure. Who falls back
    and is then watched no longer counts, for what was asked is known.
    """
    part = whole = 0
    for each in found:
        if each.end != End.CURED or each.ended is None:
            continue
        back = each.fell_back
        fell = back is not None and back - each.ended <= within
        if fell or each.settled or each.seen_until - each.ended >= within:
            part, whole = part + fell, whole + 1
    return Share(part, whole)
