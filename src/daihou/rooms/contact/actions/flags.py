"""What holds contact with a person: flags raised and lifted, consents given and taken back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.engine.gate.values import Channel, ConsentKind
from daihou.kit import wording
from daihou.kit.refusal import Conflict, NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.contact import sealing
from daihou.rooms.contact.actions.deciding import Deed
from daihou.rooms.contact.models import Consent, Decision, PersonFlag
from daihou.rooms.contact.states import FLAGS, FOR_GOOD, OwnFlag
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people

LONGEST = 1_000  # characters of evidence


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

    A flag that stands is not raised again. `until_at` None: until it is lifted.
    """
    people.require(deed.by, people.Permission.FLAG_PERSON)
    facts = _about(customer_id, deed)
    if kind not in FLAGS:
        raise Refused(
            "flag_unknown",
            _("There is no flag %(kind)s; choose one of: %(known)s.")
            % {"kind": kind, "known": ", ".join(FLAGS)},
        )
    if kind == OwnFlag.REFUSED.value and not point_id:
        raise Refused(
            "flag_point",
            _("Who refuses is named by their number: choose the contact point."),
        )
    if point_id and point_id not in {
        each.point_id for each in ledger.reaching.ways(customer_id)
    }:
        raise NotFound(
            "contact_point_unknown",
            _("There is no such way to reach this person."),
            contact_point=point_id,
        )
    if until_at is not None and until_at <= deed.at:
        raise Refused(
            "flag_days", _("A flag ends after it begins; choose a later day.")
        )
    text = _evidence(evidence, deed, customer_id)
    return _raise(facts | {"point_id": point_id}, kind, text, deed, until_at)


def raise_from_attempt(
    decision: Decision, kind: str, *, attempt_id: int, deed: Deed
) -> None:
    """What a result says of the person; in the transaction of the contact.

    Of somebody else behind a number it is about them alone, but for what they tell of
    the debtor, who is then looked after as well.
    """
    about = decision.point_id if "." in decision.person else 0
    facts = {
        "customer_id": decision.customer_id,
        "point_id": about,
        "branch": decision.branch,
        "product": decision.product,
        "officer": decision.officer,
    }
    if about and kind == "cease":
        kind = OwnFlag.REFUSED.value
    _raise(facts, kind, f"#{attempt_id}", deed, None)


def _raise(
    facts: dict[str, Any], kind: str, text: str, deed: Deed, until_at: datetime | None
) -> int:
    standing = PersonFlag.objects.filter(
        customer_id=facts["customer_id"],
        point_id=facts["point_id"],
        kind=kind,
        lifted_at=None,
        until_at=None,
    ).first()
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
    _tell(
        "contact.flag.raised", made.customer_id, deed, {"flag": made.pk, "kind": kind}
    )
    return int(made.pk)


@transaction.atomic
def lift_flag(flag_id: int, *, evidence: str, deed: Deed) -> None:
    """Open contact again, on evidence, by another person than who raised the flag."""
    people.require(deed.by, people.Permission.LIFT_FLAG)
    rows = deed.by.scope.limit(PersonFlag.objects.select_for_update(), by="branch")
    flag = rows.filter(pk=flag_id).first()
    if flag is None:
        raise NotFound("flag_unknown", _("There is no such flag among those you see."))
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
    text = _evidence(evidence, deed, flag.customer_id)
    flag.lifted_by, flag.lifted_at = deed.by.username, deed.at
    flag.lift_evidence = sealing.seal(text, about=sealing.EVIDENCE)
    flag.save(update_fields=["lifted_by", "lifted_at", "lift_evidence"])
    payload = {"flag": flag.pk, "kind": flag.kind}
    _tell("contact.flag.lifted", flag.customer_id, deed, payload)


@transaction.atomic
def give_consent(
    customer_id: int, *, kind: str, channel: str, evidence: str, deed: Deed
) -> int:
    """Record that a person agrees from now on; no channel means all of them."""
    people.require(deed.by, people.Permission.RECORD_CONTACT)
    facts = _about(customer_id, deed)
    if kind not in set(ConsentKind):
        raise Refused(
            "consent_unknown",
            _("There is no consent %(kind)s; choose one of: %(known)s.")
            % {"kind": kind, "known": ", ".join(ConsentKind)},
        )
    if channel and channel not in set(Channel):
        raise Refused("channel_unknown", _("There is no such channel."))
    if kind == ConsentKind.CHANNEL.value and not channel:
        raise Refused("consent_channel", _("Name the channel the consent is for."))
    text = _evidence(evidence, deed, customer_id)
    made = Consent.objects.create(
        **facts,
        kind=kind,
        channel=channel,
        given_at=deed.at,
        evidence=sealing.seal(text, about=sealing.EVIDENCE),
        recorded_by=deed.by.username,
        recorded_at=deed.at,
    )
    payload = {"consent": made.pk, "kind": kind, "channel": channel}
    _tell("contact.consent.given", customer_id, deed, payload)
    return int(made.pk)


@transaction.atomic
def withdraw_consent(consent_id: int, *, deed: Deed) -> None:
    """Record that a person takes a consent back; it counts from now on, at once."""
    people.require(deed.by, people.Permission.RECORD_CONTACT)
    rows = deed.by.scope.limit(Consent.objects.select_for_update(), by="branch")
    consent = rows.filter(pk=consent_id).first()
    if consent is None:
        raise NotFound("consent_missing", _("There is no such consent."))
    if consent.withdrawn_at is not None:
        raise Conflict("consent_withdrawn", _("It was withdrawn before."))
    consent.withdrawn_at = deed.at
    consent.save(update_fields=["withdrawn_at"])
    payload = {"consent": consent.pk, "kind": consent.kind, "channel": consent.channel}
    _tell("contact.consent.withdrawn", consent.customer_id, deed, payload)


def _about(customer_id: int, deed: Deed) -> dict[str, Any]:
    """The customer with the scope of a loan of theirs that the person sees."""
    loans = ledger.reaching.loans_of(customer_id, scope=deed.by.scope)
    if not loans:
        raise NotFound(
            "customer_unknown",
            _("There is no such customer among those you may see."),
            customer=customer_id,
        )
    facts = ledger.reaching.reached(
        loans[0][0], customer_id=customer_id, point_id=0, scope=deed.by.scope
    )
    return {
        "customer_id": customer_id,
        "branch": facts.branch,
        "product": facts.product,
        "officer": facts.officer,
    }


def _evidence(text: str, deed: Deed, customer_id: int) -> str:
    plain = text.replace("\0", "").strip()
    if not plain or len(plain) > LONGEST:
        raise Refused(
            "evidence_text",
            _("Say on what evidence, in one to %(most)s characters.")
            % {"most": LONGEST},
        )
    wording.check(
        {"evidence": plain},
        channel="action",
        place=f"/customers/{customer_id}/contact/",
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        request_id=deed.request_id,
        customer_id=customer_id,
    )
    return plain


def _tell(type: str, customer_id: int, deed: Deed, payload: dict[str, object]) -> None:
    audit.record(
        type=type,
        subject_type="customer",
        subject_id=customer_id,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        payload=payload,
        request_id=deed.request_id,
    )
