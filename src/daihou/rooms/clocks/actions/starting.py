"""Clocks that a person starts, and those taken off the list for a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.engine.clocks.guarantee import FORMS
from daihou.engine.clocks.values import State
from daihou.kit.refusal import Conflict, NotFound, Refused
from daihou.kit.turns import in_turn
from daihou.rooms.approvals import door as approvals
from daihou.rooms.clocks import sealing
from daihou.rooms.clocks.actions import keeping_up
from daihou.rooms.clocks.actions.telling import checked_text, open_day, record, seen
from daihou.rooms.clocks.models import Clock
from daihou.rooms.clocks.states import NEED_LOAN, NOT_STARTED, Closed, Kind
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people

ASSETS: Final = ("real_estate", "equity", "movable")
_YEARS: Final = 40  # of a beginning before today; more is a slip of the keyboard


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A clock as somebody starts it: what began it, when, and what shows that.

    `facts` as its kind needs them: `asset` of what was foreclosed, `contract_ends_on`
    of an agency; of a guarantee `form`, `agreed_until` or `agreed_months`,
    `until_paid`. `name` is what it is about where that is no loan.
    """

    kind: str
    begins_on: date
    evidence: str
    loan_id: int | None = None
    customer_id: int | None = None
    party_id: int = 0
    name: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def start(wish: Beginning, *, deed: approvals.Deed) -> int:
    """Start a clock, or say where one of the book truly began; return its number."""
    people.require(deed.by, people.Permission.PROPOSE_CLASS)
    kind = _kind(wish)
    _check_day(wish, deed)
    facts = _facts(kind, wish)
    evidence = checked_text(wish.evidence, deed, field="evidence", loan_id=wish.loan_id)
    place = _place(kind, wish, deed)
    values: dict[str, Any] = {
        "begins_on": wish.begins_on,
        "facts": facts,
        "evidence": sealing.seal(evidence),
        "by_hand": True,
        "started_by": deed.by.username,
        "started_at": deed.at,
        "reckoned_on": open_day(deed),
        "state": State.NOT_BEGUN.value,
    }
    in_turn("clocks.start", f"{wish.loan_id} {wish.customer_id} {kind}")
    was = _of_book(kind, wish)
    if was is None:
        row = Clock.objects.create(kind=kind, **place, **values)
    elif was.by_hand:
        row = _in_place_of(was, place | values, deed)
    else:
        Clock.objects.filter(pk=was.pk).update(**values)
        row = was
    keeping_up.refresh([row.pk], as_of=open_day(deed))
    payload: dict[str, object] = {"clock": row.pk, "kind": str(kind)}
    payload |= {"begins_on": wish.begins_on.isoformat()}
    payload |= _before(was) if was else {}
    happened = "clock.corrected" if was else "clock.started"
    record(happened, wish.loan_id, row.pk, payload, deed)
    return int(row.pk)


def _in_place_of(was: Clock, values: Mapping[str, Any], deed: approvals.Deed) -> Clock:
    """Another clock for one that a person began: what they said stays to be read."""
    Clock.objects.filter(pk=was.pk).update(
        closed_on=open_day(deed),
        closed_because=Closed.CORRECTED,
        closed_by=deed.by.username,
    )
    made: Clock = Clock.objects.create(kind=was.kind, alarm=was.alarm, **values)
    return made


def _before(was: Clock) -> dict[str, object]:
    """How a clock stood that is corrected, as its event keeps it."""
    days = {"begins_on": was.begins_on, "ends_on": was.ends_on}
    before = {name: day.isoformat() if day else None for name, day in days.items()}
    return {"before": before | {"clock": was.pk, "started_by": was.started_by}}


def _kind(wish: Beginning) -> Kind:
    if wish.kind not in set(Kind) - NOT_STARTED:
        raise Refused("kind_unknown", _("Choose a kind of clock."), field="kind")
    kind = Kind(wish.kind)
    if kind in NEED_LOAN and wish.loan_id is None:
        raise Refused(
            "loan_missing", _("Name the loan that this clock is about."), field="loan"
        )
    if wish.loan_id is None and wish.customer_id is None and not wish.name.strip():
        raise Refused(
            "subject_missing",
            _(
                "Say what it is about: a loan, a customer, or a name such as an agency's."
            ),
            field="name",
        )
    return kind


def _check_day(wish: Beginning, deed: approvals.Deed) -> None:
    today = open_day(deed)
    if wish.begins_on > today or wish.begins_on.year < today.year - _YEARS:
        raise Refused(
            "begin_day",
            _(
                "Choose the day on which it began: not one to come, nor before living memory."
            ),
            field="begins_on",
        )


def _facts(kind: Kind, wish: Beginning) -> dict[str, Any]:
    """What the kind needs beside its beginning, and nothing more."""
    given = {
        name: value for name, value in wish.facts.items() if value not in ("", None)
    }
    if kind is Kind.FORECLOSED:
        if given.get("asset") not in ASSETS:
            raise Refused(
                "asset_unknown", _("Say what kind of asset it is."), field="asset"
            )
        return {"asset": given["asset"]}
    if kind is Kind.EVALUATION:
        return _only(given, "contract_ends_on")
    if kind is Kind.GUARANTEE:
        if given.get("form") not in (None, *FORMS):
            raise Refused(
                "form_unknown", _("Choose the form of the guarantee."), field="form"
            )
        if "agreed_until" in given and "agreed_months" in given:
            raise Refused(
                "agreed_twice",
                _("Enter the last day or the number of months, not both."),
                field="agreed_until",
            )
        return _only(given, "form", "agreed_until", "agreed_months", "until_paid")
    return {}


def _only(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    found = {name: given[name] for name in names if name in given}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in found.items()
    }


def _place(kind: Kind, wish: Beginning, deed: approvals.Deed) -> dict[str, Any]:
    """Whose clock it is, and by which branch, product and officer it is seen."""
    place: dict[str, Any] = {
        "loan_id": wish.loan_id,
        "customer_id": wish.customer_id,
        "party_id": wish.party_id,
        "name": " ".join(wish.name.replace("\x00", "").split())[:200],
    }
    loan_id = wish.loan_id
    if loan_id is None and wish.customer_id is not None:
        loans = ledger.reaching.loans_of(wish.customer_id, scope=deed.by.scope)
        if not loans:
            raise NotFound(
                "customer_unknown",
                _("There is no such customer among those you may see."),
                customer=wish.customer_id,
            )
        loan_id = loans[0][0]
    if loan_id is None:
        if not (deed.by.scope.everything and deed.by.may(people.Permission.VIEW_LAW)):
            raise Refused(
                "house_clock",
                _("Only who sees the whole house starts a clock of the house."),
                field="name",
            )
        return place
    facts = ledger.reaching.reached(
        loan_id, customer_id=None, point_id=0, scope=deed.by.scope
    )
    place["customer_id"] = wish.customer_id or facts.debtor_id
    if kind is Kind.GUARANTEE:
        place["name"] = place["name"] or _guarantor(loan_id, wish.party_id)
    return place | {
        "branch": facts.branch,
        "product": facts.product,
        "officer": facts.officer,
    }


def _guarantor(loan_id: int, party_id: int) -> str:
    for each in ledger.reading.guarantors_of([loan_id]).get(loan_id, ()):
        if each.customer_id == party_id:
            return each.name
    raise Refused(
        "guarantor_unknown",
        _("Name the guarantor: one of this loan's, or whoever signed."),
        field="name",
    )


def _of_book(kind: Kind, wish: Beginning) -> Clock | None:
    """The open clock of the book whose beginning a person corrects."""
    if kind not in (Kind.LIMITATION, Kind.GUARANTEE):
        return None
    rows = Clock.objects.select_for_update().filter(
        kind=kind, loan_id=wish.loan_id, party_id=wish.party_id, closed_on=None
    )
    found: Clock | None = rows.first()
    return found


@transaction.atomic
def close(clock_id: int, *, because: str, deed: approvals.Deed) -> None:
    """Take a clock off the list, with the reason; one of the book ends by itself."""
    people.require(deed.by, people.Permission.PROPOSE_CLASS)
    line = seen(clock_id, deed)
    if not line.by_hand:
        raise Refused(
            "clock_of_book",
            _("The book keeps this clock: it ends when nothing of the claim is late."),
        )
    text = checked_text(because, deed, field="because", loan_id=line.loan_id)
    moved = Clock.objects.filter(pk=clock_id, closed_on=None).update(
        closed_on=open_day(deed),
        closed_because=Closed.BY_HAND,
        closed_by=deed.by.username,
        closed_evidence=sealing.seal(text),
    )
    if not moved:
        raise Conflict(
            "clock_closed", _("This clock is no longer looked at. Reload the page.")
        )
    payload: dict[str, object] = {"clock": clock_id, "kind": line.kind}
    record("clock.closed", line.loan_id, clock_id, payload, deed)
