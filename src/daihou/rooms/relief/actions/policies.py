"""The lender's own relief policy: proposed as YAML, decided by another person."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.engine.basics.errors import UserError
from daihou.kit.refusal import Refused
from daihou.packs import relief as packs
from daihou.packs.reading import read_yaml
from daihou.packs.relief_written import differences
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people
from daihou.rooms.relief import queries
from daihou.rooms.relief.actions import weighing
from daihou.rooms.relief.actions.common import Deed, active, today
from daihou.rooms.relief.models import Policy

KIND = "relief_policy"


@transaction.atomic
def propose_policy(text: str, *, from_on: date, deed: Deed) -> approvals.Proposal:
    """Propose another policy from a day on; Refused where it cannot be read."""
    people.require(deed.by, people.Permission.PROPOSE_LAW)
    active(deed.by)
    if from_on < today(deed):
        raise Refused(
            "policy_day", _("A policy counts from today or a later day."), field="from"
        )
    try:
        content = read_yaml(text, name="policy")
        wanted = packs.of_plain(content, name="policy")
    except UserError as error:
        raise weighing.of_engine(error) from None
    before = queries.in_force(from_on)
    asked: approvals.Proposal = approvals.propose(
        kind=KIND,
        subject_type="relief_policy",
        subject_id="policy",
        title=f"{wanted.id} {wanted.version}",
        before={"content": before.digest},
        after={
            "changes": list(differences(queries.content_in_force(from_on), content)),
            "content": content,
            "from_on": from_on.isoformat(),
        },
        deed=deed,
    )
    return asked


def carry_out_policy(proposal: approvals.Proposal, deed: Deed) -> None:
    """Keep an approved policy; it counts from its day, or from today if that is past."""
    content = proposal.after["content"]
    wanted = packs.of_plain(content, name="policy")
    from_on = max(date.fromisoformat(str(proposal.after["from_on"])), today(deed))
    row = Policy.objects.create(
        from_on=from_on,
        content=content,
        digest=wanted.digest,
        proposal_id=proposal.id,
        by=deed.by.username,
        at=deed.at,
    )
    audit.record(
        type="relief.policy.changed",
        subject_type="relief_policy",
        subject_id=row.pk,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        payload={"from_on": from_on.isoformat(), "digest": wanted.digest},
        reason=proposal.reason,
        request_id=deed.request_id,
        on_behalf_of=deed.on_behalf_of,
    )
