"""The list of payments: every loan's, newest first, as an address asks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.utils.translation import gettext, pgettext

from daihou.engine.basics.errors import MoneyError
from daihou.engine.basics.money import to_minor
from daihou.kit import masking
from daihou.kit.scope import Scope
from daihou.rooms.ledger.pages.words import channel_word
from daihou.rooms.ledger.queries import payments_listed as queries
from daihou.rooms.ledger.queries.listed import PaymentRow

LIST: Final = "payments"  # what the lists room calls this list
FIELDS: Final = frozenset(
    {"loan", "kind", "channel", "currency", "source", "least", "days", "state"}
)
SIZE: Final = 50
_DAYS: Final = (1, 7, 30, 90)
_STATES: Final = ("standing", "reversed")


@dataclass(frozen=True, slots=True)
class Row:
    """One payment: its words, the payer masked."""

    line: PaymentRow
    kind: str
    channel: str
    payer: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose in a filter."""

    code: str
    word: str
    current: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the list draws; `older` is the address query of the next page."""

    asked: queries.AskedPayments
    least: str
    least_wrong: bool
    rows: Sequence[Row]
    kinds: Sequence[Choice]
    channels: Sequence[Choice]
    currencies: Sequence[Choice]
    sources: Sequence[Choice]
    days: Sequence[Choice]
    states: Sequence[Choice]
    older: str
    paged: bool
    narrowed: bool


def page(query: Mapping[str, str], *, scope: Scope, on: date) -> Page:
    """The list behind an address on the open day `on`; what cannot be read is left out."""
    asked, least, wrong = _asked(query, on=on)
    before = _number(query.get("before", ""))
    found = queries.payments(asked, scope=scope, before=before, limit=SIZE + 1)
    shown = found[:SIZE]
    known = queries.payment_choices(shown)
    fields = {name: _given(query, name) for name in (*FIELDS, "v")}
    kept = {name: value for name, value in sorted(fields.items()) if value}
    older = {"before": str(shown[-1].payment_id)} if len(found) > SIZE else {}
    return Page(
        asked=asked,
        least=least,
        least_wrong=wrong,
        rows=[_row(line) for line in shown],
        kinds=_choices({code: kind_word(code) for code in queries.KINDS}, asked.kind),
        channels=_known(known["channel"], asked.channel, word=True),
        currencies=_known(known["currency"], asked.currency),
        sources=_known(known["source"], asked.source),
        days=_choices({str(n): _days_word(n) for n in _DAYS}, str(asked.days)),
        states=_choices({code: _state_word(code) for code in _STATES}, asked.state),
        older=urlencode(kept | older) if older else "",
        paged=bool(before),
        narrowed=asked != queries.AskedPayments(on=on) or bool(least),
    )


def _given(query: Mapping[str, str], name: str) -> str:
    return query.get(name, "").replace("\0", "").strip()[:80]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _asked(
    query: Mapping[str, str], *, on: date
) -> tuple[queries.AskedPayments, str, bool]:
    """What is asked for, the least amount as it was typed, and whether it is none."""
    kind, state = _given(query, "kind"), _given(query, "state")
    days, least = _number(_given(query, "days")), _given(query, "least")[:30]
    asked = queries.AskedPayments(
        on=on,
        loan=_given(query, "loan"),
        kind=kind if kind in queries.KINDS else "",
        channel=_given(query, "channel"),
        currency=_given(query, "currency")[:3],
        source=_given(query, "source"),
        days=days if days in _DAYS else 0,
        state=state if state in _STATES else "",
    )
    if not least:
        return asked, "", False
    try:
        minor = to_minor(least.replace(",", ""), asked.currency or "CNY")
    except MoneyError:
        return asked, least, True
    return replace(asked, least=max(0, minor)), least, False


def _row(line: PaymentRow) -> Row:
    return Row(
        line=line,
        kind=kind_word(line.kind),
        channel=channel_word(line.channel),
        payer=masking.name(line.payer),
    )


def _choices(words: Mapping[str, str], chosen: str) -> Sequence[Choice]:
    return [Choice(code, word, code == chosen) for code, word in words.items()]


def _known(
    codes: Sequence[str], chosen: str, *, word: bool = False
) -> Sequence[Choice]:
    listed = sorted({*codes, *([chosen] if chosen else [])})
    return _choices(
        {code: channel_word(code) if word else code for code in listed}, chosen
    )


def kind_word(kind: str) -> str:
    """The word for a kind of payment; an unknown one is shown as it came."""
    words = {
        "payment": pgettext("payment kind", "Payment"),
        "recovery": pgettext("payment kind", "Recovery"),
        "refund": pgettext("payment kind", "Refund"),
        "chargeback": pgettext("payment kind", "Chargeback"),
        "reversal": pgettext("payment kind", "Reversal"),
    }
    return words.get(kind, kind)


def _days_word(days: int) -> str:
    words = {
        1: gettext("Today"),
        7: gettext("Last 7 days"),
        30: gettext("Last 30 days"),
        90: gettext("Last 90 days"),
    }
    return words[days]


def _state_word(state: str) -> str:
    words = {
        "standing": gettext("Not reversed"),
        "reversed": gettext("Reversed"),
    }
    return words[state]
