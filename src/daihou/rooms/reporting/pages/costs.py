"""Costs of collection: the grid of a month to fill in, and what stands of others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import QueryDict
from django.utils.translation import gettext as _

from daihou.engine.basics.money import to_major
from daihou.kit import currencies
from daihou.kit.refusal import Refused
from daihou.rooms.contact import door as contact
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.rooms.reporting import typed
from daihou.rooms.reporting.pages.reports.costs import kind_words
from daihou.rooms.reporting.queries import targets as months
from daihou.rooms.reporting.queries.work import costs as spent
from daihou.rooms.reporting.queries.work.costs import CostLine
from daihou.rooms.reporting.states import CostKind

LISTED = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One line that stands, in words."""

    line: CostLine
    kind: str
    channel: str
    by: str


@dataclass(frozen=True, slots=True)
class Page:
    """The month that is filled in, its cells by kind, and the lines of other months.

    `cells` are (word of the kind, [(name of the field, typed amount)]) by channel.
    """

    month: str
    before: str
    after: str
    currency: str
    currencies: Sequence[str]
    channels: Sequence[str]
    cells: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    lines: Sequence[Line]
    more: int
    may_set: bool


def _cells(
    kind: CostKind, told: Mapping[tuple[str, str], int], currency: str
) -> list[tuple[str, str]]:
    """The fields of a kind, by channel, and what stands in them."""
    return [
        (f"{kind.value}:{channel}", _typed(told.get((kind.value, channel)), currency))
        for channel in typed.CHANNELS
    ]


def page(
    person: people.Person, query: QueryDict | Mapping[str, str], *, today: date
) -> Page:
    """The page of the month an address asks for, else of the one before the open day's."""
    asked = (query.get("month") or "")[:7]
    usual = today.replace(day=1) - timedelta(days=1)
    try:
        first = months.first_day(typed.month_of(asked)) if asked else usual
    except Refused:
        first = usual
    month = f"{first:%Y-%m}"
    coin = currencies.choose(
        query.get("currency"), ledger.book.register().currencies(person.scope)
    )
    listed = spent.lines(coin.code)
    told: dict[tuple[str, str], int] = {
        (e.kind, e.channel): e.amount
        for e in listed
        if e.month == month and not e.taken_in
    }
    kinds, names = kind_words(), people.names()
    return Page(
        month=month,
        before=f"{months.first_day(month) - timedelta(days=1):%Y-%m}",
        after=f"{months.last_day(month) + timedelta(days=1):%Y-%m}",
        currency=coin.code,
        currencies=coin.known if coin.several else (),
        channels=[channel_word(each) for each in typed.CHANNELS],
        cells=[(kinds[kind], _cells(kind, told, coin.code)) for kind in CostKind],
        lines=[
            Line(
                e,
                kinds[CostKind(e.kind)],
                channel_word(e.channel),
                _("by intake") if e.taken_in else names.get(e.by, e.by),
            )
            for e in listed[:LISTED]
        ],
        more=max(0, len(listed) - LISTED),
        may_set=typed.may_keep_costs(person),
    )


def _typed(amount: int | None, currency: str) -> str:
    return "" if amount is None else f"{to_major(amount, currency):f}"


def channel_word(channel: str) -> str:
    """What a channel is called; of none, that it belongs to none."""
    return contact.channel_word(channel) if channel else _("of no channel")


def wishes(sent: QueryDict, *, currency: str) -> Sequence[typed.CostWish]:
    """What was changed in the grid of a month; a field as it was shown stays."""
    month = typed.month_of(sent.get("month", ""))
    found = []
    for kind in CostKind:
        for channel in typed.CHANNELS:
            told = sent.get(f"{kind.value}:{channel}")
            if told is not None and told != sent.get(f"was:{kind.value}:{channel}"):
                amount = typed.amount_of(told, currency)
                wish = typed.CostWish(month, kind.value, channel, currency, amount)
                found.append(wish)
    return found


def shown(sent: QueryDict, *, currency: str) -> dict[tuple[str, str], int | None]:
    """What stood in the grid when it was opened, by kind and channel."""
    return {
        (kind.value, channel): typed.amount_of(was, currency)
        for kind in CostKind
        for channel in typed.CHANNELS
        if (was := sent.get(f"was:{kind.value}:{channel}")) is not None
    }
