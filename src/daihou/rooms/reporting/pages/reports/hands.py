"""Collectors and teams (Q7): what they held, did and brought, beside their mix of cases."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pyarrow.compute as pc
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from daihou.engine.basics.money import digits
from daihou.engine.metrics.hands import (
    FEWEST,
    Adjusted,
    Held,
    Yield,
    adjusted,
    yields,
)
from daihou.rooms.people import door as people
from daihou.rooms.reporting.pages.reports.desk import Desk
from daihou.rooms.reporting.pages.reports.report import (
    Column,
    Kind,
    Table,
    Value,
    made,
    rounded,
    share,
)
from daihou.rooms.reporting.queries.work.hands import (
    Did,
    Period,
    Spell,
    did,
    given_on,
    held,
)
from daihou.rooms.reporting.queries.work.seen import narrowed

_SIZES = ((1_000, "0-1000"), (10_000, "1000-10000"), (100_000, "10000-100000"))
_LARGEST = "100000+"
_MONTH = 30  # days of a step of the ladder
_STEPS = 7
_HUNDRED_TH = 10_000  # complaints are told of so many cases


def hands(desk: Desk) -> Sequence[Table]:
    """People, teams, and the averages that both are compared with."""
    wish = desk.wish
    period = Period(wish.since, wish.as_of, wish.currency)
    scope = narrowed(desk.scope, wish.equal)
    spells = held(period, scope=scope)
    rows = _rows(desk, spells)
    more = given_on(period, spells, scope=scope)
    done = did(period, scope=scope)
    units = {each.username: each.branch or "" for each in people.people()}
    known = yields(rows)
    teams = [replace(row, hand=units.get(row.hand, "")) for row in rows]
    by_team: dict[str, Did] = {}
    for login, one in done.items():
        unit = units.get(login, "")
        by_team[unit] = _added(by_team.get(unit, Did()), one)
    more_of: dict[str, int] = {}
    for login, cash in more.items():
        unit = units.get(login, "")
        more_of[unit] = more_of.get(unit, 0) + cash
    names = people.names()
    return [
        _table(
            "hands",
            _("Collectors"),
            Column("hand", _("Collector"), Kind.WORD, words=names),
            adjusted(rows, known),
            done,
            more,
            note=_note(),
        ),
        _table(
            "teams",
            _("Units"),
            Column("hand", _("Unit"), Kind.BRANCH),
            adjusted(teams, known),
            by_team,
            more_of,
        ),
        _averages(known),
    ]


def _note() -> str:
    text = _(
        "Expected is what all hands together bring of cases as late and as large in the"
        " same days (indirect standardisation); the ratio is observed / expected, its"
        " range holds 95 of 100 (Byar). With fewer than %(cases)s cases or 5 expected"
        " nothing is said of somebody, and they come last, by name. Cash is all that"
        " came on the loans of a case while it was in the hand, beside what was late"
        " when it came; money that went back is subtracted from the hand of its"
        " payment, also of a case given on since. Talk time is told by no telephone"
        " system yet."
    )
    return text % {"cases": FEWEST}


def _rows(desk: Desk, spells: Sequence[Spell]) -> Sequence[Held]:
    """Spells in order of time with the kind of case they were on their first day.

    That is how late and how large they were.
    """
    wanted = ["dpd", "overdue_total"]
    book = desk.read(desk.wish.since, wanted, words=(), filters=pc.field("dpd") > 0)
    late = dict(
        zip(
            book["loan_id"].to_pylist(),
            zip(
                book["dpd"].to_pylist(), book["overdue_total"].to_pylist(), strict=True
            ),
            strict=True,
        )
    )
    found = []
    unit: int = 10 ** digits(desk.wish.currency)
    for each in sorted(spells, key=lambda one: (one.begins, one.case_id, one.hand)):
        then = [late[loan] for loan in each.loans if loan in late]
        since = (each.begins - desk.wish.since).days
        if then:
            dpd = max(days for days, _amount in then) + since
        else:
            dpd = (each.begins - each.opened_on).days + 1
        amount = each.amount
        if each.given <= desk.wish.since and then:
            amount = sum(one for _days, one in then)
        found.append(
            Held(
                each.case_id,
                each.hand,
                (_step(dpd), _size(amount, unit)),
                each.days,
                each.cured,
                amount,
                each.cash,
            )
        )
    return found


def _step(dpd: int) -> str:
    return f"M{min(_STEPS, max(0, dpd + _MONTH - 1) // _MONTH)}"


def _size(amount: int, unit: int) -> str:
    """Which power of ten of the main unit; `unit` minor units are one of it."""
    words = (word for end, word in _SIZES if amount < end * unit)
    return next(words, _LARGEST)


def _added(one: Did, other: Did) -> Did:
    names = Did.__dataclass_fields__
    return Did(**{name: getattr(one, name) + getattr(other, name) for name in names})


def _columns(first: Column) -> list[Column]:
    count, money, part = Kind.COUNT, Kind.MONEY, Kind.SHARE
    verdicts = {
        "better": pgettext("beside the average", "more than expected"),
        "worse": pgettext("beside the average", "less than expected"),
        "same": pgettext("beside the average", "as expected"),
        "few": pgettext("beside the average", "too few to say"),
    }
    return [
        first,
        Column("cases", _("Cases in hand"), count),
        Column("cured", _("Ended well"), count),
        Column("case_rate", _("Case recovery rate"), part),
        Column("amount", _("Late when given"), money),
        Column("cash", _("Cash"), money, sums=True),
        Column("cash_rate", _("Amount recovery rate"), part),
        Column("expected", _("Expected of the mix"), Kind.TEXT),
        Column("ratio", _("Observed / expected"), part),
        Column("low", _("At least (95 %)"), part),
        Column("high", _("At most (95 %)"), part),
        Column("cash_ratio", _("Cash / expected"), part),
        Column("said", _("Verdict"), Kind.WORD, words=verdicts),
        Column("attempts", _("Attempts"), count, sums=True),
        Column("rpc", _("Right-party contacts"), count, sums=True),
        Column("ptp", _("PTP rate"), part),
        Column("taken", _("Promises taken"), count, sums=True),
        Column("kept", _("Kept rate"), part),
        Column("complaints", _("Complaints per 10,000 cases"), count),
        Column("refused", _("Refused by the gate"), count, sums=True),
    ]


def _table(
    key: str,
    title: str,
    first: Column,
    found: Mapping[str, Adjusted],
    done: Mapping[str, Did],
    more: Mapping[str, int],
    *,
    note: str = "",
) -> Table:
    none = Adjusted(0, 0, Fraction(0), 0, 0, Fraction(0))
    rows = []
    for hand in {*found, *done, *more}:
        one, work = found.get(hand, none), done.get(hand, Did())
        rows.append((_order(hand, one), _row(hand, one, work, more.get(hand, 0))))
    ordered = [row for _place, row in sorted(rows, key=lambda each: each[0])]
    return made(key, title, _columns(first), ordered, note=note)


def _order(hand: str, one: Adjusted) -> tuple[bool, Decimal, str]:
    """Who can be compared first, the highest ratio first; the others by name."""
    ratio = rounded(one.ratio) if one.enough else None
    return (not one.enough, -(ratio or Decimal(0)), hand)


def _row(hand: str, one: Adjusted, work: Did, more: int) -> dict[str, Value]:
    """One hand; `more` is cash of cases it no longer has, minor units."""
    few = not one.enough
    span = one.interval
    return {
        "hand": hand,
        "cases": one.cases,
        "cured": one.cured,
        "case_rate": share(one.cured, one.cases),
        "amount": one.amount,
        "cash": one.cash + more,
        "cash_rate": share(one.cash + more, one.amount),
        "expected": f"{float(one.cured_expected):.1f}",
        "ratio": None if few else rounded(one.ratio),
        "low": None if few or span is None else rounded(Fraction(span[0])),
        "high": None if few or span is None else rounded(Fraction(span[1])),
        "cash_ratio": None if few else rounded(one.cash_ratio),
        "said": _said(one),
        "attempts": work.attempts,
        "rpc": work.reached,
        "ptp": share(work.promised, work.reached),
        "taken": work.taken,
        "kept": share(work.kept, work.judged),
        "complaints": (
            round(work.complaints * _HUNDRED_TH / one.cases) if one.cases else None
        ),
        "refused": work.refused,
    }


def _said(one: Adjusted) -> str:
    span = one.interval
    if not one.enough or span is None:
        return "few"
    if span[0] > 1:
        return "better"
    return "worse" if span[1] < 1 else "same"


def _averages(known: Mapping[tuple[str, str], Yield]) -> Table:
    """What each kind of case yields in thirty days, all hands together."""
    rows: list[dict[str, Value]] = [
        {
            "bucket": step,
            "size": size,
            "cases": one.cases,
            "days": one.days,
            "cured": one.cured,
            "month": rounded(one.cured_a_day * _MONTH),
            "cash": rounded(one.cash_a_day * _MONTH),
        }
        for (step, size), one in known.items()
    ]
    return made(
        "averages",
        _("What the average is made of"),
        [
            Column("bucket", _("Bucket"), Kind.BUCKET),
            Column("size", _("Late when given"), Kind.TEXT),
            # One case can be of several kinds in turn: these do not add up.
            Column("cases", _("Cases in hand"), Kind.COUNT),
            Column("days", _("Days in hand"), Kind.COUNT, sums=True),
            Column("cured", _("Ended well"), Kind.COUNT, sums=True),
            Column("month", _("Ended well in 30 days"), Kind.SHARE),
            Column("cash", _("Cash in 30 days"), Kind.SHARE),
        ],
        rows,
        note=_(
            "How late a case was comes from the closed day before the period, a day a"
            " day; how much was late, from there or from when it was given."
        ),
    )
