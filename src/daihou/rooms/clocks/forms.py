"""What the forms of the room send, read into values."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from daihou.kit import typed
from daihou.kit.refusal import Refused
from daihou.rooms.clocks.actions import Beginning, EventIn


def day(sent: QueryDict, name: str) -> date:
    """A date of the form, or Refused."""
    found = maybe_day(sent, name)
    if found is None:
        raise Refused("day_unread", _("Write the date as YYYY-MM-DD."), field=name)
    return found


def maybe_day(sent: QueryDict, name: str) -> date | None:
    """A date of the form, None where the field is empty, or Refused."""
    text = sent.get(name, "").strip()
    if not text:
        return None
    found = typed.day(text)
    if found is None:
        raise Refused("day_unread", _("Write the date as YYYY-MM-DD."), field=name)
    return found


def _number(sent: QueryDict, name: str) -> int | None:
    text = sent.get(name, "").strip()
    if not text:
        return None
    found = typed.whole(text, digits=15)
    if found is None:
        raise Refused("number_unread", _("Enter a whole number."), field=name)
    return found


def event(sent: QueryDict) -> EventIn:
    """An event as the form tells it."""
    return EventIn(
        kind=sent.get("kind", "")[:40],
        happened_on=day(sent, "happened_on"),
        evidence=sent.get("evidence", ""),
        evidence_kind=sent.get("evidence_kind", "")[:40],
        signed_by=sent.get("signed_by", "")[:40],
        arrived=bool(sent.get("arrived")),
        debtor_missing=bool(sent.get("debtor_missing")),
        until=maybe_day(sent, "until"),
        party=_number(sent, "party") or 0,
    )


def beginning(sent: QueryDict, *, loan_id: int | None) -> Beginning:
    """A clock as the form starts it."""
    months = _number(sent, "agreed_months")
    facts: Mapping[str, Any] = {
        "asset": sent.get("asset", "")[:40],
        "contract_ends_on": maybe_day(sent, "contract_ends_on"),
        "form": sent.get("form", "")[:20],
        "agreed_until": maybe_day(sent, "agreed_until"),
        "agreed_months": months,
        "until_paid": True if sent.get("until_paid") else None,
    }
    if months is not None and not 1 <= months <= 600:
        raise Refused(
            "number_unread", _("Enter a whole number."), field="agreed_months"
        )
    return Beginning(
        kind=sent.get("kind", "")[:30],
        begins_on=day(sent, "begins_on"),
        evidence=sent.get("evidence", ""),
        loan_id=loan_id,
        party_id=_number(sent, "party") or 0,
        name=sent.get("name", ""),
        facts=facts,
    )
