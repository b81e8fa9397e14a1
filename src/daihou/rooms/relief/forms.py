"""What the forms of the room send, read into wishes."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from daihou.engine.basics.errors import MoneyError
from daihou.engine.basics.money import to_minor
from daihou.kit import typed
from daihou.kit.refusal import Refused
from daihou.rooms.relief import words
from daihou.rooms.relief.actions import (
    PlanWish,
    SettlementWish,
    TermsWish,
    WaiverWish,
)

COMPONENTS = ("penalty", "compound", "fee", "interest", "principal")
SETTLEMENT_PARTS = 3


def day(sent: QueryDict, name: str, *, required: bool = True) -> date | None:
    """A date of the form, or Refused; None where it may be empty and is."""
    text = sent.get(name, "").strip()
    if not text and not required:
        return None
    found = typed.day(text)
    if found is None:
        raise Refused("day_unread", _("Write the date as YYYY-MM-DD."), field=name)
    return found


def sure_day(sent: QueryDict, name: str) -> date:
    """A date that must be there."""
    found = day(sent, name)
    assert found is not None, name
    return found


def amount(sent: QueryDict, name: str, currency: str) -> int:
    """An amount in major units as minor units; empty is nothing."""
    text = sent.get(name, "").replace(",", "").strip()
    if not text:
        return 0
    try:
        minor = to_minor(text, currency)
    except MoneyError as error:
        raise Refused(
            "amount_unread", error.say(words.language()), field=name
        ) from None
    if not 0 <= minor <= 10**15:
        raise Refused(
            "amount_unread", _("Enter an amount that is not negative."), field=name
        )
    return minor


def number(sent: QueryDict, name: str, *, usual: int = 0, most: int = 1200) -> int:
    """A whole number, or Refused."""
    text = sent.get(name, "").strip()
    if not text:
        return usual
    found = typed.whole(text, digits=len(str(most)))
    if found is None or found > most:
        raise Refused(
            "number_unread",
            _("Enter a whole number of at most %(most)s.") % {"most": most},
            field=name,
        )
    return found


def key(text: str, name: str) -> int:
    """The number by which something is kept, or Refused."""
    found = typed.whole(text)
    if found is None:
        raise Refused("key_unread", _("Choose one of those shown."), field=name)
    return found


def weights(sent: QueryDict) -> tuple[int, ...]:
    """The weights of instalments, one after the other; empty is none."""
    found = []
    for each in sent.get("weights", "").replace("，", ",").split(","):
        if not each.strip():
            continue
        weight = typed.whole(each, digits=6)
        if weight is None:
            raise Refused(
                "weights_unread",
                _("Write the weights as whole numbers, with a comma between them."),
                field="weights",
            )
        found.append(weight)
    return tuple(found)


def parts(sent: QueryDict, currency: str) -> dict[str, int]:
    """Amounts to give up by component, those that are not empty."""
    found = {part: amount(sent, f"part_{part}", currency) for part in COMPONENTS}
    return {part: minor for part, minor in found.items() if minor}


def waiver(sent: QueryDict, currency: str) -> WaiverWish:
    """A waiver as the form tells it."""
    return WaiverWish(
        parts=parts(sent, currency),
        difficulty=sent.get("difficulty", ""),
        receive=amount(sent, "receive", currency),
        until=day(sent, "until", required=False),
    )


def plan(sent: QueryDict, currency: str) -> PlanWish:
    """A plan as the form tells it."""
    unit = sent.get("unit", "months")
    if unit not in ("days", "weeks", "months"):
        raise Refused("unit_unknown", _("Choose days, weeks or months."), field="unit")
    total = amount(sent, "total", currency)
    loans = tuple(key(each, "loans") for each in sent.getlist("loans"))
    replaces = sent.get("replaces", "").strip()
    return PlanWish(
        count=number(sent, "count", usual=3),
        first_due_on=sure_day(sent, "first_due_on"),
        difficulty=sent.get("difficulty", ""),
        total=total or None,
        every=max(1, number(sent, "every", usual=1, most=24)),
        unit=unit,
        first_payment=amount(sent, "first_payment", currency),
        first_by=day(sent, "first_by", required=False),
        weights=weights(sent),
        re_age=sent.get("re_age") == "yes",
        interest_freeze=sent.get("interest_freeze") == "yes",
        parts=parts(sent, currency),
        loan_ids=loans,
        replaces=key(replaces, "replaces") if replaces else None,
    )


def settlement_parts(sent: QueryDict, currency: str) -> tuple[tuple[date, int], ...]:
    """The days and amounts of a settlement; empty lines are left out."""
    found = []
    for place in range(1, SETTLEMENT_PARTS + 1):
        minor = amount(sent, f"amount_{place}", currency)
        if minor:
            found.append((sure_day(sent, f"on_{place}"), minor))
    return tuple(found)


def settlement(sent: QueryDict, currency: str) -> SettlementWish:
    """A settlement as the form tells it."""
    return SettlementWish(
        parts=settlement_parts(sent, currency), difficulty=sent.get("difficulty", "")
    )


def terms(sent: QueryDict, _currency: str) -> TermsWish:
    """A change of terms as the form tells it: its fields by its kind."""
    kind = sent.get("terms", "")
    read = _FIELDS.get(kind)
    fields: Mapping[str, Any] = read(sent) if read else {}
    return TermsWish(
        kind=kind,
        fields=fields,
        difficulty=sent.get("difficulty", ""),
        agreed=sent.get("agreed", ""),
    )


def _rate(sent: QueryDict) -> Decimal:
    text = sent.get("annual_rate", "").replace("%", "").strip()
    try:
        rate = Decimal(text) / 100
    except InvalidOperation:
        rate = Decimal("NaN")
    if not rate.is_finite() or not 0 <= rate <= 1:
        raise Refused(
            "rate_unread", _("Enter a yearly rate in per cent."), field="annual_rate"
        )
    return rate


def _what(sent: QueryDict) -> dict[str, Any]:
    text = sent.get("what", "").strip()
    if not text:
        raise Refused("what_missing", _("Say what it becomes."), field="what")
    return {"what": text[:500]}


_FIELDS = {
    "extension": lambda sent: {"periods": number(sent, "periods", usual=0)},
    "reschedule": lambda sent: {
        "periods": number(sent, "periods", usual=0),
        "first_due_on": day(sent, "first_due_on", required=False),
        "arrears": sent.get("arrears") == "yes",
    },
    "re_age": lambda sent: {
        "periods": number(sent, "periods", usual=0),
        "first_due_on": sure_day(sent, "first_due_on"),
        "penalty": "waive" if sent.get("penalty") == "waive" else "keep",
    },
    "re_amortise": lambda sent: {
        "penalty": "waive" if sent.get("penalty") == "waive" else "keep"
    },
    "interest_pause": lambda sent: {
        "until": sure_day(sent, "until"),
        "penalty": sent.get("penalty") == "waive",
    },
    "rate_change": lambda sent: {"annual_rate": _rate(sent)},
    "due_day_change": lambda sent: {"first_due_on": sure_day(sent, "first_due_on")},
    "account": _what,
    "guarantor": _what,
    "collateral": _what,
}
