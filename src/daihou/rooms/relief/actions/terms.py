"""The calculator of a change of terms 贷后要素变更, and its fields as they are kept."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass
from dataclasses import fields as fields_of
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from daihou.engine.ledger.life import events as ev
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
    _check_fields(wish)
    tried = None
    if wish.kind not in WRITTEN_DOWN:
        changes = [Change(wish.kind, dict(wish.fields))]
        tried = ledger.relieving.try_changes(loan_id, changes, on=on, scope=by.scope)
    terms = {"kind": wish.kind, "fields": plain(wish.fields)}
    parts = _given_up(at, wish, tried, by=by, on=on, policy=policy) if tried else {}
    return weighed(
        *("terms", parts, at, tried, wish.difficulty, by, on, policy), terms=terms
    )


def _check_fields(wish: TermsWish) -> None:
    """Refused where a field is not of this kind of change, or one it needs is missing."""
    if wish.kind in WRITTEN_DOWN:
        own, needed = {"what"}, {"what"}
    else:
        usual = {each.name for each in fields_of(ev.Event)}
        kind = [
            each for each in fields_of(ev.KINDS[wish.kind]) if each.name not in usual
        ]
        own = {each.name for each in kind}
        needed = {each.name for each in kind if each.default is MISSING}
    if odd := sorted(set(wish.fields) - own):
        raise Refused(
            "terms_field",
            _("This change of terms has no “%(name)s”. Leave it out.")
            % {"name": odd[0]},
            field=odd[0],
        )
    if lacking := sorted(needed - set(wish.fields)):
        raise Refused(
            "terms_lacking",
            _("This change of terms needs “%(name)s”. Fill it in.")
            % {"name": lacking[0]},
            field=lacking[0],
        )


def _given_up(
    at: weighing.Standing,
    wish: TermsWish,
    tried: ledger.relieving.Tried,
    *,
    by: people.Person,
    on: date,
    policy: ReliefPolicy,
) -> dict[str, int]:
    """What a change gives up by component: of what is owed, and of interest to come.

    Penalty as it grows while the decision is waited for, since it is posted then.
    """
    parts = dict(tried.given_up)
    later = weighing.owed_on(at, on + timedelta(days=policy.plan.offer_days))
    for part in ("penalty", "compound"):
        if parts.get(part):
            parts[part] = max(parts[part], later[part])
    if to_come := _to_come(at, wish, tried, by=by, on=on):
        parts["interest"] = parts.get("interest", 0) + to_come
    return parts


def _to_come(
    at: weighing.Standing,
    wish: TermsWish,
    tried: ledger.relieving.Tried,
    *,
    by: people.Person,
    on: date,
) -> int:
    """Interest to come that a lower rate or a pause gives up (minor units)."""
    if wish.kind in ("rate_change", "interest_pause"):
        without = sum(sum(each.unpaid.values()) for each in at.state.demands)
    elif wish.fields.get("annual_rate") is not None:
        fields = {k: v for k, v in wish.fields.items() if k != "annual_rate"}
        same = ledger.relieving.try_changes(
            at.line.loan_id, [Change(wish.kind, fields)], on=on, scope=by.scope
        )
        without = same.still_owed
    else:
        return 0
    return max(0, without - tried.still_owed)


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
