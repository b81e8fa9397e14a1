"""The contact funnel (Q6): from cases assigned to cash, by hour, channel and segment."""

from collections.abc import Mapping, Sequence

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
from daihou.rooms.reporting.queries.work.funnel import Steps, steps
from daihou.rooms.reporting.queries.work.hands import Period
from daihou.rooms.reporting.queries.work.seen import narrowed

FEWEST = 30  # attempts below which a share is not told


def funnel(desk: Desk) -> Sequence[Table]:
    """The steps of the period, and the same by hour of day, channel and segment."""
    wish = desk.wish
    period = Period(wish.since, wish.as_of, wish.currency)
    scope = narrowed(desk.scope, wish.equal)
    whole = steps("all", period, scope=scope)
    channels = {
        each: contact.channel_word(each) for each in ("call", "robot_call", "visit")
    }
    cut = {by: steps(by, period, scope=scope) for by in ("hour", "channel", "segment")}
    return [
        _whole(whole[0] if whole else None),
        _by("hour", _("By hour of the day"), Kind.TEXT, {}, cut["hour"]),
        _by("channel", _("By channel"), Kind.WORD, channels, cut["channel"]),
        _by("segment", _("By segment"), Kind.TEXT, {}, cut["segment"]),
    ]


def _whole(one: Steps | None) -> Table:
    words = {
        "assigned": _("Cases assigned"),
        "tried": _("Cases tried"),
        "connected": _("Attempts answered"),
        "reached": _("Right-party contacts"),
        "accounts": _("Cases reached"),
        "promised": _("Promises"),
        "kept": _("Promises kept"),
        "cash": _("Cash of these promises"),
    }
    columns = [
        Column("step", _("Step"), Kind.WORD, words=words),
        Column("number", _("Number"), Kind.COUNT),
        Column("of", _("Of"), Kind.COUNT),
        Column("cash", _("Cash"), Kind.MONEY),
        Column("promised", _("Promised amount"), Kind.MONEY),
        Column("share", pgettext("figure", "Share"), Kind.SHARE),
    ]
    return made(
        "steps",
        _("From cases to cash"),
        columns,
        _steps(one) if one is not None else [],
        note=_(
            "A call, a call of a robot or a visit that reached the network is an attempt;"
            " a promise belongs to the talk in which it was given, its money to it. Kept"
            " is of those that fell due; the others are still open."
        ),
    )


def _steps(one: Steps) -> list[dict[str, Value]]:
    """Each step with what it is a part of; the last is money."""
    told: tuple[tuple[str, int, int], ...] = (
        ("assigned", one.assigned or 0, 0),
        ("tried", one.tried, one.assigned or 0),
        ("connected", one.connected, one.attempts),
        ("reached", one.reached, one.connected),
        ("accounts", one.accounts_reached, one.tried),
        ("promised", one.promised, one.reached),
        ("kept", one.kept, one.judged),
    )
    rows: list[dict[str, Value]] = [
        {"step": name, "number": n, "of": of or None, "share": share(n, of)}
        for name, n, of in told
    ]
    money: dict[str, Value] = {
        "step": "cash",
        "cash": one.cash,
        "promised": one.promised_amount,
        "share": share(one.cash, one.promised_amount),
    }
    return [*rows, money]


def _by(
    key: str,
    title: str,
    kind: Kind,
    words: Mapping[str, str],
    found: Sequence[Steps],
) -> Table:
    count, part = Kind.COUNT, Kind.SHARE
    columns = [
        Column("key", title, kind, words=words),
        Column("attempts", _("Attempts"), count, sums=True),
        Column("connected", _("Answered"), count, sums=True),
        Column("penetration", _("Answered, share"), part),
        Column("reached", _("Right-party contacts"), count, sums=True),
        Column("rpc", _("Right party per attempt"), part),
        Column("promised", _("Promises"), count, sums=True),
        Column("ptp", _("Promises per right party"), part),
        Column("kept", _("Kept"), count, sums=True),
        Column("kept_rate", _("Kept rate"), part),
        Column("cash", _("Cash"), Kind.MONEY, sums=True),
    ]
    return made(
        key,
        title,
        columns,
        [_row(each) for each in found],
        note=_("Shares of fewer than %(n)s attempts are left out.") % {"n": FEWEST},
    )


def _row(one: Steps) -> dict[str, Value]:
    enough = one.attempts >= FEWEST
    return {
        "key": one.key,
        "attempts": one.attempts,
        "connected": one.connected,
        "penetration": share(one.connected, one.attempts) if enough else None,
        "reached": one.reached,
        "rpc": share(one.reached, one.attempts) if enough else None,
        "promised": one.promised,
        "ptp": share(one.promised, one.reached) if enough else None,
        "kept": one.kept,
        "kept_rate": share(one.kept, one.judged) if enough else None,
        "cash": one.cash,
    }
