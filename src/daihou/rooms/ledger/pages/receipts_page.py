"""The receipts desk: money without an owner by age, what waits, and what was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext, pgettext

from daihou.engine.basics.errors import MoneyError
from daihou.engine.basics.money import to_minor
from daihou.kit.paging import Paging, paging
from daihou.kit.scope import Scope
from daihou.rooms.ledger.pages.receipt_words import Chip, age_word, receipt_state
from daihou.rooms.ledger.pages.words import channel_word
from daihou.rooms.ledger.queries import receipts as queries

_TABS = ("open", "claimed", "settled", "returned", "all")


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of the desk; `count` None where nobody counts."""

    label: str
    address: str
    count: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class AgeBar:
    """Money without an owner of one age; `share` of the longest bar, 0 to 100."""

    label: str
    age: queries.Age
    address: str
    share: int
    current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One receipt of the list."""

    line: queries.ReceiptLine
    age: int
    channel: str
    chip: Chip


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address asks for; `least_wrong` when the amount was no amount."""

    show: str
    text: str
    channel: str
    currency: str
    age: str
    least: str
    least_wrong: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether anything but the view is asked for."""
        return bool(self.text or self.channel or self.age or self.least)

    def address(self, **other: str) -> str:
        """The address query of this list with something else in it."""
        fields = {
            "show": self.show if self.show != "open" else "",
            "text": self.text,
            "channel": self.channel,
            "currency": self.currency,
            "age": self.age,
            "least": self.least,
        } | other
        return urlencode({name: value for name, value in fields.items() if value})


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the list draws."""

    wish: Wish
    tabs: Sequence[Tab]
    ages: Sequence[AgeBar]
    rows: Sequence[Row]
    totals: Sequence[queries.Total]
    paging: Paging
    channels: Sequence[tuple[str, str]]
    currencies: Sequence[str]
    cleared: str


def desk(query: Mapping[str, str], *, scope: Scope, on: date) -> Desk:
    """The list behind an address, on the open day `on`."""
    known = queries.choices(scope=scope)
    wish = _wish(query, known["currency"])
    asked = _asked(wish, on)
    totals = queries.totals(asked, scope=scope)
    total = sum(each.receipts for each in totals)
    cut = paging(query.get("page"), total=total)
    found = queries.receipts(asked, scope=scope, limit=cut.size, start=cut.start)
    return Desk(
        wish=wish,
        tabs=_tabs(wish, queries.counts(scope=scope)),
        ages=_ages(wish, known["currency"], scope=scope, on=on),
        rows=[
            Row(
                line,
                line.age(on),
                channel_word(line.channel),
                receipt_state(line.state),
            )
            for line in found
        ],
        totals=totals,
        paging=cut,
        channels=[(code, channel_word(code)) for code in known["channel"]],
        currencies=known["currency"],
        cleared=wish.address(text="", channel="", age="", least=""),
    )


def _given(query: Mapping[str, str], name: str) -> str:
    return query.get(name, "").replace("\0", "").strip()[:80]


def _wish(query: Mapping[str, str], currencies: Sequence[str]) -> Wish:
    show = _given(query, "show")
    currency = _given(query, "currency")
    least = _given(query, "least")[:30]
    return Wish(
        show=show if show in _TABS else "open",
        text=_given(query, "text"),
        channel=_given(query, "channel"),
        currency=currency if currency in currencies else "",
        age=_given(query, "age"),
        least=least,
        least_wrong=bool(least)
        and _minor(least, currency or _first(currencies)) is None,
    )


def _first(currencies: Sequence[str]) -> str:
    return currencies[0] if currencies else "CNY"


def _minor(text: str, currency: str) -> int | None:
    try:
        return to_minor(text.replace(",", ""), currency)
    except MoneyError:
        return None


def _span(text: str) -> tuple[int, int | None] | None:
    spans = {str(first): (first, last) for first, last in queries.AGES}
    return spans.get(text)


def _asked(wish: Wish, on: date) -> queries.Asked:
    least = _minor(wish.least, wish.currency or "CNY") if wish.least else None
    return queries.Asked(
        state="" if wish.show == "all" else wish.show,
        text=wish.text,
        channel=wish.channel,
        currency=wish.currency,
        least=least or 0,
        ages=_span(wish.age),
        on=on,
    )


def _tabs(wish: Wish, counts: Mapping[str, int]) -> Sequence[Tab]:
    labels = {
        "open": pgettext("receipt", "To claim"),
        "claimed": pgettext("receipt", "To confirm"),
        "settled": pgettext("receipt", "Settled"),
        "returned": gettext("Sent back"),
        "all": gettext("All"),
    }
    counted = {**counts, "all": sum(counts.values())}
    return [
        Tab(
            label,
            wish.address(show="" if key == "open" else key),
            counted.get(key, None if key == "returned" else 0),
            key == wish.show,
        )
        for key, label in labels.items()
    ]


def _ages(
    wish: Wish, currencies: Sequence[str], *, scope: Scope, on: date
) -> Sequence[AgeBar]:
    """How old what has no owner is; of one currency, sums of several say nothing."""
    currency = wish.currency or _first(currencies)
    ages = queries.ageing(scope=scope, on=on, currency=currency)
    most = max((age.left for age in ages), default=0) or 1
    return [
        AgeBar(
            label=age_word(age.first, age.last),
            age=age,
            address=wish.address(
                age="" if str(age.first) == wish.age else str(age.first)
            ),
            share=max(1, 100 * age.left // most) if age.left else 0,
            current=str(age.first) == wish.age,
        )
        for age in ages
    ]
