"""Exports too large for one person alone: asked for, approved, taken out once."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Conflict
from daihou.kit.turns import in_turn
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger.actions.exports import record_export
from daihou.rooms.people import door as people

EXPORT_KIND = "ledger.export"


def mark_of(loan_ids: Sequence[int]) -> str:
    """A short name of a list: another list of as many loans has another one."""
    listed = ",".join(map(str, sorted(loan_ids)))
    return hashlib.sha256(listed.encode()).hexdigest()[:16]


def needs_approval(rows: int, *, by: people.Person, at: datetime) -> bool:
    """Whether so many rows leave the house only with a second person's yes.

    What the same person took out within a day without one counts too: a list cut into
    pieces is the same list.
    """
    since = at - timedelta(days=1)
    told = audit.told_by(by=by.username, type="ledger.exported", since=since)
    alone = [entry.payload for entry in told if "proposal" not in entry.payload]
    before = sum(int(str(each["rows"])) for each in alone)
    return before + rows > settings.EXPORT_APPROVAL_ROWS


def propose_export(
    *,
    as_of: date,
    loan_ids: Sequence[int],
    conditions: str,
    deed: approvals.Deed,
    names: str = "",
) -> approvals.Proposal:
    """Ask to take out the list behind an address (`conditions`), once.

    It rests on the positions of `as_of`: if that day is run again, it has to be asked
    for again. `names` is whole where they are not to be masked.
    """
    people.require(deed.by, people.Permission.EXPORT_LEDGER)
    rows = len(loan_ids)
    mark = hashlib.sha256(f"{deed.by.username}?{conditions}".encode()).hexdigest()
    return approvals.propose(
        kind=EXPORT_KIND,
        subject_type="ledger",
        subject_id=f"{as_of.isoformat()}:{mark[:12]}",
        title=as_of.isoformat(),
        after={
            "as_of": as_of.isoformat(),
            "rows": rows,
            "conditions": conditions,
            "list": mark_of(loan_ids),
        }
        | ({"names": names} if names else {}),
        watch=("fingerprint",),
        amount=rows,
        deed=deed,
    )


@transaction.atomic
def take_out_alone(
    *,
    as_of: date,
    loan_ids: Sequence[int],
    address: str,
    by: people.Person,
    at: datetime,
    business_date: date | None,
    request_id: str = "",
) -> bool:
    """Record an export on one person's word; False where it needs a second one.

    Exports of one person stand in line, so that several asked for at once count.
    """
    in_turn("export", by.username)
    if needs_approval(len(loan_ids), by=by, at=at):
        return False
    record_export(
        as_of=as_of,
        rows=len(loan_ids),
        address=address,
        by=by,
        at=at,
        business_date=business_date,
        loan_ids=loan_ids,
        request_id=request_id,
    )
    return True


@transaction.atomic
def take_out(
    *,
    proposal_id: int,
    as_of: date,
    loan_ids: Sequence[int],
    fingerprint: str,
    deed: approvals.Deed,
    names: str = "",
) -> approvals.Proposal:
    """Use an approved export: once, in time, and for the very list that was approved.

    `loan_ids` and `fingerprint` are those of the list as it would leave now; another
    list is refused, and the approval stays for as long as it serves.
    """
    rows = len(loan_ids)
    proposal = approvals.take(proposal_id=proposal_id, kind=EXPORT_KIND, deed=deed)
    same = (
        proposal.after["list"] == mark_of(loan_ids)
        and proposal.after["as_of"] == as_of.isoformat()
        and proposal.before["fingerprint"] == fingerprint
    )
    if not same:
        raise Conflict(
            "export_changed",
            _("The list is no longer the one that was approved. Ask for it again."),
        )
    record_export(
        as_of=as_of,
        rows=rows,
        address=str(proposal.after["conditions"]),
        by=deed.by,
        at=deed.at,
        business_date=deed.business_date,
        loan_ids=loan_ids,
        names=names,
        request_id=deed.request_id,
        proposal=proposal.id,
    )
    return proposal
