"""The calculator of a change of terms 贷后要素变更, and its fields as they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from daihou.kit.refusal import Refused
from daihou.packs.relief import ReliefPolicy
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.rooms.relief.actions import weighing
from daihou.rooms.relief.actions.offering import weighed
from daihou.rooms.relief.actions.weighing import Weighed

Change = ledger.relieving.Change
# What a change of terms may be, and whether it eases what the customer owes.
TERMS: Mapping[str, bool] = {
    "extension": True,
    "reschedule": True,
    "re_age": True,
    "re_amortise": True,
    "interest_pause": True,
    "rate_change": True,
    "due_day_change": False,
    "account": False,
    "guarantor": False,
    "collateral": False,
}
WRITTEN_DOWN = frozenset({"account", "guarantor", "collateral"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsWish:
    """A change of terms: its kind, its fields as the ledger's event has them.

    `agreed` is what shows that the customer agreed.
    """

    kind: str
    fields: Mapping[str, Any]
    difficulty: str
    agreed: str


def weigh_terms(
    loan_id: int, wish: TermsWish, *, by: people.Person, on: date, policy: ReliefPolicy
) -> Weighed:
    """What a change of terms would make of the plan, and who decides."""
    at = weighing.standing(loan_id, on=on, scope=by.scope)
    if wish.kind not in TERMS:
        raise Refused("terms_kind", _("Choose what is to be changed."), field="kind")
    weighing.check_difficulty(wish.difficulty, at, eases=TERMS[wish.kind])
    if not wish.agreed.strip():
        raise Refused(
            "agreed_missing",
            _("Say what shows that the customer agreed, and where it is kept."),
            field="agreed",
        )
    tried = None
    if wish.kind not in WRITTEN_DOWN:
        changes = [Change(wish.kind, dict(wish.fields))]
        tried = ledger.relieving.try_changes(loan_id, changes, on=on, scope=by.scope)
    terms = {"kind": wish.kind, "fields": plain(wish.fields)}
    parts = dict(tried.given_up) if tried else {}
    return weighed(
        *("terms", parts, at, tried, wish.difficulty, by, on, policy), terms=terms
    )


def plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a change as plain JSON."""
    return {
        name: (
            value.isoformat()
            if isinstance(value, date)
            else str(value)
            if isinstance(value, Decimal)
            else value
        )
        for name, value in fields.items()
    }


def of_plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same read back, as the ledger's events have them."""
    found = dict(fields)
    for name in ("first_due_on", "until"):
        if found.get(name):
            found[name] = date.fromisoformat(found[name])
    if found.get("annual_rate"):
        found["annual_rate"] = Decimal(found["annual_rate"])
    return found
