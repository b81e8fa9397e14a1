"""What a person agreed to: given, confirmed by another, taken back."""

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.engine.gate.values import Channel, ConsentKind
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
from daihou.rooms.contact.models import Consent
from daihou.rooms.people import door as people


@transaction.atomic
def give_consent(
    customer_id: int, *, kind: str, channel: str, evidence: str, deed: Deed
) -> int:
    """Record that a person agrees from now on; no channel means all of them.

    To contact at night, and again to a channel that was withdrawn, it counts from when
    another person confirmed it.
    """
    people.require(deed.by, people.Permission.RECORD_CONTACT)
    facts = about(customer_id, deed)
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
    text = checked_evidence(evidence, deed, customer_id)
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
    tell("contact.consent.given", customer_id, deed, payload)
    return int(made.pk)


@transaction.atomic
def withdraw_consent(consent_id: int, *, deed: Deed) -> None:
    """Record that a person takes a consent back; it counts from now on, at once."""
    people.require(deed.by, people.Permission.RECORD_CONTACT)
    consent = _locked(consent_id, deed)
    if consent.withdrawn_at is not None:
        raise Conflict("consent_withdrawn", _("It was withdrawn before."))
    consent.withdrawn_at = deed.at
    consent.save(update_fields=["withdrawn_at"])
    holding.take_back(consent.customer_id, at=deed.at)
    payload = {"consent": consent.pk, "kind": consent.kind, "channel": consent.channel}
    tell("contact.consent.withdrawn", consent.customer_id, deed, payload)


@transaction.atomic
def confirm_consent(consent_id: int, *, deed: Deed) -> None:
    """Record that another person looked at the evidence of a consent; now it counts."""
    people.require(deed.by, people.Permission.LIFT_FLAG)
    consent = _locked(consent_id, deed)
    if consent.confirmed_at is not None or consent.withdrawn_at is not None:
        raise Conflict("consent_settled", _("It was confirmed or withdrawn before."))
    if consent.recorded_by == deed.by.username:
        raise Conflict(
            "consent_own",
            _("Who recorded a consent does not confirm it. Ask a colleague who may."),
        )
    consent.confirmed_by, consent.confirmed_at = deed.by.username, deed.at
    consent.save(update_fields=["confirmed_by", "confirmed_at"])
    payload = {"consent": consent.pk, "kind": consent.kind, "channel": consent.channel}
    tell("contact.consent.confirmed", consent.customer_id, deed, payload)


def _locked(consent_id: int, deed: Deed) -> Consent:
    """A consent of a customer whom the person sees, nobody else at it."""
    found = Consent.objects.filter(pk=consent_id).first()
    if found is None:
        raise NotFound("consent_missing", _("There is no such consent."))
    check_seen(found.customer_id, deed)
    holding.lock(found.customer_id)
    row: Consent = Consent.objects.select_for_update().get(pk=found.pk)
    return row
