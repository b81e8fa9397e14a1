"""Who approved what makes the class of a loan better, for whoever asks why."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from daihou.engine.classification.codes import BY_CODE, AssetClass
from daihou.rooms.approvals import door as approvals
from daihou.rooms.grading.models import ClassFact
from daihou.tables.grades import OF_DEBTOR, Fact


@dataclass(frozen=True, slots=True)
class Approved:
    """A fact, or with `ended` its end, that stands on a proposal others approved.

    `on` is the first day of it; `by` login and day of every level, in order.
    """

    kind: Fact
    ended: bool
    on: date
    proposal_id: int
    by: tuple[tuple[str, date], ...]


def approved_for(
    loan_id: int, customer_id: int, *, as_of: date, asset_class: AssetClass
) -> tuple[Approved, ...]:
    """What was approved and counts for a loan in `asset_class` at the end of `as_of`.

    An approved better class is among them while the loan is in no worse one.
    """
    of_loan = Q(loan_id=loan_id)
    of_debtor = Q(customer_id=customer_id, kind__in=[str(each) for each in OF_DEBTOR])
    approved = Q(proposal_id__isnull=False) | Q(ended_proposal_id__isnull=False)
    rows = ClassFact.objects.filter(of_loan | of_debtor, approved, known_on__lte=as_of)
    told: list[tuple[Fact, bool, date, int]] = []
    for row in rows.order_by("begins_on", "id"):
        kind = Fact(row.kind)
        over = row.ends_on is not None and row.ends_on <= as_of
        over = over and row.ended_known_on is not None and row.ended_known_on <= as_of
        if over and row.ended_proposal_id is not None:
            told.append((kind, True, row.ends_on, row.ended_proposal_id))
        undone = kind is Fact.UPGRADE and asset_class > BY_CODE[row.content["to"]]
        if not over and not undone and row.proposal_id and row.begins_on <= as_of:
            told.append((kind, False, row.begins_on, row.proposal_id))
    said = approvals.approvals_of([number for *_rest, number in told])
    return tuple(
        Approved(
            kind,
            ended,
            on,
            number,
            tuple(
                (each.by, timezone.localdate(each.at)) for each in said.get(number, ())
            ),
        )
        for kind, ended, on, number in told
    )
