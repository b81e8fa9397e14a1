"""What collecting costs (Q9): by month and kind, per yuan, account and contact."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from daihou.rooms.contact import door as contact
from daihou.rooms.reporting.pages.reports.desk import Desk
from daihou.rooms.reporting.pages.reports.report import (
    Column,
    Kind,
    Table,
    Value,
    made,
    share,
)
from daihou.rooms.reporting.queries.work.costs import (
    Beside,
    CostLine,
    beside,
    lines,
)
from daihou.rooms.reporting.states import CostKind

MONTHS = 12
_SPOKEN = ("call", "robot_call", "visit")


def kind_words() -> Mapping[str, str]:
    """What money is spent on."""
    return {
        CostKind.STAFF: pgettext("cost", "Staff"),
        CostKind.TELECOM: pgettext("cost", "Telecom"),
        CostKind.AGENCY: pgettext("cost", "Agencies"),
        CostKind.LEGAL: pgettext("cost", "Legal"),
        CostKind.SYSTEM: pgettext("cost", "Systems"),
        CostKind.OTHER: pgettext("cost", "Other"),
    }


def months_until(last: date, count: int) -> list[str]:
    """The months up to that of a day, the earliest first."""
    number = last.year * 12 + last.month - 1
    return [
        f"{each // 12:04d}-{each % 12 + 1:02d}"
        for each in range(number - count + 1, number + 1)
    ]


def last_whole_month(day: date) -> str:
    """The last month that is over at the end of a day: costs are of whole months."""
    after = day + timedelta(days=1)
    return f"{after.replace(day=1) - timedelta(days=1):%Y-%m}"


def costs(desk: Desk) -> Sequence[Table]:
    """Costs by month beside what they brought, and by channel."""
    wish = desk.wish
    whole = desk.scope.everything and not any(wish.equal.values())
    if not whole:
        return [_by_month([], {}, None)]
    months = months_until(wish.as_of, MONTHS)
    listed = lines(wish.currency, months=months)
    told = beside(months, until=wish.as_of, currency=wish.currency)
    by_month: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line in listed:
        by_month[line.month][line.kind] += line.amount
    return [
        _by_month(months, by_month, told, whole=last_whole_month(wish.as_of)),
        _by_channel(
            [each for each in listed if each.month <= last_whole_month(wish.as_of)],
            told,
        ),
    ]


def _by_month(
    months: Sequence[str],
    spent: Mapping[str, Mapping[str, int]],
    told: Beside | None,
    *,
    whole: str = "",
) -> Table:
    """The months; those after `whole` have no rates. Without it nothing is shown."""
    words = kind_words()
    money, count = Kind.MONEY, Kind.COUNT
    rows = [
        row
        for month in months
        if told is not None
        and (row := _month(month, spent.get(month), told, over=month <= whole))
    ]
    columns = [
        Column("month", _("Month"), Kind.TEXT),
        *(Column(str(kind), words[kind], money, sums=True) for kind in CostKind),
        Column("total", _("Cost"), money, sums=True),
        Column("cash", _("Cash"), money, sums=True),
        Column("per_yuan", _("Cost / cash"), Kind.SHARE),
        Column("accounts", _("Cases"), count),
        Column("per_account", _("Cost a case"), money),
        Column("rpc", _("Right-party contacts"), count, sums=True),
        Column("per_rpc", _("Cost a contact"), money),
    ]
    problem = ""
    if not whole:
        problem = _(
            "Costs are of the whole house; they are shown to who sees all of it,"
            " without a condition."
        )
    return made(
        "months",
        _("Costs by month"),
        columns,
        rows,
        note=_(
            "A month without a line in the list of costs is not known, not nothing. A"
            " month that is not over at the day of the report has its costs and what"
            " came so far, and no rates: the two are not of the same days."
        ),
        problem=problem,
        metric="cost_to_collect",
    )


def _month(
    month: str, kinds: Mapping[str, int] | None, told: Beside, *, over: bool
) -> dict[str, Value] | None:
    """One month, with rates when it is over; None where there was neither cost nor cash nor a case."""
    total = sum(kinds.values()) if kinds else None
    cash, accounts = told.cash.get(month, 0), told.accounts.get(month, 0)
    reached = sum(told.tried.get((month, each), (0, 0))[1] for each in _SPOKEN)
    if total is None and not cash and not accounts:
        return None
    row: dict[str, Value] = {
        "month": month,
        "total": total,
        "cash": cash,
        "accounts": accounts,
        "rpc": reached,
    }
    if kinds and total is not None:
        row |= {str(kind): kinds.get(kind) for kind in CostKind}
    if over and total is not None:
        row |= {
            "per_yuan": share(total, cash) if cash > 0 else None,
            "per_account": _each(total, accounts),
            "per_rpc": _each(total, reached),
        }
    return row


def _each(total: int, number: int) -> int | None:
    return round(total / number) if number else None


def _by_channel(listed: Sequence[CostLine], told: Beside) -> Table:
    spent: dict[str, int] = defaultdict(int)
    months = {line.month for line in listed if line.channel}
    for line in listed:
        if line.channel:
            spent[line.channel] += line.amount
    rows: list[dict[str, Value]] = []
    for channel in sorted({*spent, *(name for _month, name in told.tried)}):
        ours = [
            pair
            for (month, name), pair in told.tried.items()
            if name == channel and month in months
        ]
        tried = sum(pair[0] for pair in ours)
        reached = sum(pair[1] for pair in ours)
        cost = spent.get(channel)
        rows.append(
            {
                "channel": channel,
                "cost": cost,
                "tried": tried,
                "rpc": reached,
                "per_try": None if cost is None else _each(cost, tried),
                "per_rpc": None if cost is None else _each(cost, reached),
            }
        )
    words = {
        each["channel"]: contact.channel_word(str(each["channel"])) for each in rows
    }
    return made(
        "channels",
        _("Costs by channel"),
        [
            Column(
                "channel",
                _("Channel"),
                Kind.WORD,
                words={str(code): word for code, word in words.items()},
            ),
            Column("cost", _("Cost"), Kind.MONEY, sums=True),
            Column("tried", _("Attempts"), Kind.COUNT, sums=True),
            Column("per_try", _("Cost an attempt"), Kind.MONEY),
            Column("rpc", _("Right-party contacts"), Kind.COUNT, sums=True),
            Column("per_rpc", _("Cost a contact"), Kind.MONEY),
        ],
        rows,
        note=_("Of the months in which costs of a channel were written down."),
    )
