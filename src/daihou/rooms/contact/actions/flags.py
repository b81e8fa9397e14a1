"""What holds contact with a person: flags raised, confirmed, ended and lifted."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Conflict, NotFound, Refused
from daihou.rooms.contact import sealing
from daihou.rooms.contact.actions import holding
from daihou.rooms.contact.actions.deciding import Deed
from daihou.rooms.contact.actions.evidence import (
    about,
    check_seen,
    checked_evidence,
    tell,
)
from daihou.rooms.contact.models import Decision, PersonFlag
from daihou.rooms.contact.states import FLAGS, FOR_GOOD, OPENS, OwnFlag
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people


@transaction.atomic
def raise_flag(
    customer_id: int,
    *,
    kind: str,
    evidence: str,
    deed: Deed,
    point_id: int = 0,
    until_at: datetime | None = None,
) -> int:
    """Hold contact with a person from now on; return the number of the flag.

    A flag that stands is not raised again. `until_at` None: until it is lifted. A
    contact point of the customer's own is the customer.
    """
    people.require(deed.by, people.Permission.FLAG_PERSON)
    facts = about(customer_id, deed)
    if kind not in FLAGS:
        raise Refused(
            "flag_unknown",
            _("There is no flag %(kind)s; choose one of: %(known)s.")
            % {"kind": kind, "known": ", ".join(FLAGS)},
        )
    point_id = _of_another(customer_id, point_id)
    if kind == OwnFlag.REFUSED.value and not point_id:
        raise Refused(
            "flag_point",
            _("Who refuses is named by their number: choose the contact point."),
        )
    if kind in FOR_GOOD and until_at is not None:
        raise Refused(
            "flag_for_good",
            _("A contact person who refused is never contacted again."),
        )
    if until_at is not None and until_at <= deed.at:
        raise Refused(
            "flag_days", _("A flag ends after it begins; choose a later day.")
        )
    text = checked_evidence(evidence, deed, customer_id)
    return _raise(facts | {"point_id": point_id}, kind, text, deed, until_at)


def _of_another(customer_id: int, point_id: int) -> int:
    """The contact point of somebody else; 0 for one of the customer's own."""
    if not point_id:
        return 0
    ways = {each.point_id: each for each in ledger.reaching.ways(customer_id)}
    if point_id not in ways:
        raise NotFound(
            "contact_point_unknown",
            _("There is no such way to reach this person."),
            contact_point=point_id,
        )
    return 0 if ways[point_id].owner_role in ("", "self") else point_id


def raise_from_attempt(
    decision: Decision, kind: str, *, attempt_id: int, deed: Deed
) -> None:
    """What a result says of the person; in the transaction of the contact.

    What somebody else behind a number tells is of the customer, but that they want no
    contact: that is about them alone. Their complaint holds contact with both.
    """
    other = decision.point_id if "." in decision.person else 0
    facts = {
        "customer_id": decision.customer_id,
        "branch": decision.branch,
        "product": decision.product,
        "officer": decision.officer,
    }
    about_whom = [0]
    if other and kind == "cease":
        kind, about_whom = OwnFlag.REFUSED.value, [other]
    elif other and kind == "complaint":
        about_whom = [0, other]
    for point_id in about_whom:
        _raise(facts | {"point_id": point_id}, kind, f"#{attempt_id}", deed, None)


def _raise(
    facts: dict[str, Any], kind: str, text: str, deed: Deed, until_at: datetime | None
) -> int:
    holding.lock(facts["customer_id"])
    standing = PersonFlag.objects.filter(
        customer_id=facts["customer_id"],
        point_id=facts["point_id"],
        kind=kind,
        lifted_at=None,
        until_at=None,
    ).first()
    if kind != OwnFlag.UNREACHABLE.value:
        point_id = facts["point_id"]
        holding.take_back(facts["customer_id"], at=deed.at, point_id=point_id)
    if standing is not None:
        return int(standing.pk)
    made = PersonFlag.objects.create(
        **facts,
        kind=kind,
        from_at=deed.at,
        until_at=until_at,
        evidence=sealing.seal(text, about=sealing.EVIDENCE),
        raised_by=deed.by.username,
        raised_at=deed.at,
    )
    tell("contact.flag.raised", made.customer_id, deed, {"flag": made.pk, "kind": kind})
    return int(made.pk)


@transaction.atomic
def lift_flag(flag_id: int, *, evidence: str, deed: Deed) -> None:
    """Open contact again, on evidence, by another person than who raised the flag."""
    people.require(deed.by, people.Permission.LIFT_FLAG)
    flag = _locked(flag_id, deed)
    if flag.kind in FOR_GOOD:
        raise Conflict(
            "flag_for_good",
            _("A contact person who refused is never contacted again."),
        )
    if flag.lifted_at is not None:
        raise Conflict("flag_lifted", _("This flag was lifted before."))
    if flag.raised_by == deed.by.username:
        raise Conflict(
            "flag_own",
            _("Who raised a flag does not lift it. Ask a colleague who may."),
        )
    text = checked_evidence(evidence, deed, flag.customer_id)
    flag.lifted_by, flag.lifted_at = deed.by.username, deed.at
    flag.lift_evidence = sealing.seal(text, about=sealing.EVIDENCE)
    flag.save(update_fields=["lifted_by", "lifted_at", "lift_evidence"])
    payload = {"flag": flag.pk, "kind": flag.kind}
    tell("contact.flag.lifted", flag.customer_id, deed, payload)


@transaction.atomic
def confirm_flag(flag_id: int, *, deed: Deed) -> None:
    """Record that another person found the same; now it opens a way to others."""
    people.require(deed.by, people.Permission.LIFT_FLAG)
    flag = _locked(flag_id, deed)
    ended = flag.until_at is not None and flag.until_at <= deed.at
    settled = flag.lifted_at is not None or flag.confirmed_at is not None
    if settled or ended or flag.kind not in OPENS:
        raise Conflict("flag_settled", _("There is nothing to confirm of this flag."))
    if flag.raised_by == deed.by.username:
        raise Conflict(
            "flag_own_word",
            _("Who raised a flag does not confirm it. Ask a colleague who may."),
        )
    flag.confirmed_by, flag.confirmed_at = deed.by.username, deed.at
    flag.save(update_fields=["confirmed_by", "confirmed_at"])
    payload = {"flag": flag.pk, "kind": flag.kind}
    tell("contact.flag.confirmed", flag.customer_id, deed, payload)


def end_unreachable(customer_id: int, *, at: datetime, deed: Deed) -> None:
    """A person who was talked to at an instant can be reached from then on."""
    rows = PersonFlag.objects.filter(
        customer_id=customer_id,
        point_id=0,
        kind=OwnFlag.UNREACHABLE.value,
        lifted_at=None,
        from_at__lte=at,
    ).exclude(until_at__lte=at)
    for flag in rows:
        PersonFlag.objects.filter(pk=flag.pk).update(until_at=at)
        payload = {"flag": flag.pk, "kind": flag.kind}
        tell("contact.flag.ended", customer_id, deed, payload)


def _locked(flag_id: int, deed: Deed) -> PersonFlag:
    """A flag of a customer whom the person sees, nobody else at it."""
    found = PersonFlag.objects.filter(pk=flag_id).first()
    if found is None:
        raise NotFound("flag_unknown", _("There is no such flag among those you see."))
    check_seen(found.customer_id, deed)
    holding.lock(found.customer_id)
    row: PersonFlag = PersonFlag.objects.select_for_update().get(pk=found.pk)
    return row
