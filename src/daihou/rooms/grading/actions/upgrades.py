"""Leaving a class for a better one: three proofs, a day to wait for, two who decide."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.engine.classification.codes import BY_CODE, AssetClass
from daihou.kit.refusal import Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.grading import queries
from daihou.rooms.grading.actions.facts import Told, keep, open_day, with_reason
from daihou.rooms.grading.models import UPGRADE_KIND
from daihou.rooms.people import door as people
from daihou.tables.grades import Fact

# The three proofs without which nothing leaves 不良.
PROOFS = ("paid", "able", "others")


@transaction.atomic
def ask_upgrade(
    loan_id: int, *, to: AssetClass, proofs: Mapping[str, str], deed: approvals.Deed
) -> approvals.Proposal:
    """Ask that a loan leaves its class for a better one; two others decide.

    `proofs` say what shows that arrears and fees are paid (`paid`), that the debtor
    can go on paying (`able`) and that nothing else of the debtor is impaired
    (`others`). Refused before the earliest day of the law (办法 art. 14).
    """
    people.require(deed.by, people.Permission.PROPOSE_CLASS)
    line = queries.loan_line(loan_id, scope=deed.by.scope)
    given = {name: proofs.get(name, "").replace("\x00", "").strip() for name in PROOFS}
    for name in PROOFS:
        if not given[name]:
            raise Refused(
                "proof_missing",
                _("All three proofs are needed; one of them is empty."),
                field=name,
            )
    check_upgrade(loan_id, to=to, deed=deed)
    asked: approvals.Proposal = approvals.propose(
        kind=UPGRADE_KIND,
        subject_type="loan",
        subject_id=loan_id,
        title=line.number,
        after={"asset_class": to.code} | {k: v[:2000] for k, v in given.items()},
        deed=with_reason(deed, given["able"]),
    )
    return asked


def check_upgrade(loan_id: int, *, to: AssetClass, deed: approvals.Deed) -> None:
    """Refuse what the law lets nobody approve: not worse, still late, or too early."""
    found = queries.class_of(loan_id, scope=deed.by.scope)
    if found is None or to >= found.asset_class:
        raise Refused(
            "not_better",
            _("The loan has no worse class than that. Reload the page."),
            field="to",
        )
    if not found.asset_class.is_bad or to.is_bad:
        return
    if found.arrears or found.dpd or found.cleared_on is None:
        raise Refused(
            "not_cleared",
            _(
                "Arrears and fees are not paid in full, so it stays among the bad loans. "
                "The waiting time begins on the day they are."
            ),
            field="to",
        )
    first = found.upgrade_from
    if first is not None and open_day(deed) < first:
        raise Refused(
            "too_early",
            _("It may leave the bad loans from %(day)s on, not before. Ask again then.")
            % {"day": first.isoformat()},
            field="to",
            earliest=first,
        )


def carry_out_upgrade(proposal: approvals.Proposal, deed: approvals.Deed) -> None:
    """Keep an approved upgrade; the next run raises the loan if all still holds."""
    loan_id = int(proposal.subject_id)
    to = BY_CODE[str(proposal.after["asset_class"])]
    check_upgrade(loan_id, to=to, deed=deed)
    told = Told(
        kind=Fact.UPGRADE,
        begins_on=open_day(deed),
        content={"to": to.code},
        evidence="\n".join(str(proposal.after[name]) for name in PROOFS),
    )

    keep(loan_id, told, deed=deed, proposal_id=proposal.id)
