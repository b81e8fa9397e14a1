"""What goes besides customers: payers of receipts, contents of proposals, attributes."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from daihou.kit import secret
from daihou.rooms.approvals import door as approvals
from daihou.rooms.approvals.models import Proposal
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import sealing
from daihou.rooms.ledger.actions import corrections, retention
from daihou.rooms.ledger.models import (
    Collateral,
    Loan,
    Payment,
    Receipt,
    ReceiptClaim,
    ReceiptShare,
    RowHistory,
)
from daihou.rooms.ledger.queries import retention as due
from daihou.rooms.people import door as people
from tests.rooms.approving import decide, deed, login
from tests.rooms.cast import AT, TODAY, Cast
from tests.rooms.ledger.test_retention import (
    TEN_ON,
    doing,
    lin,
    loan,
    planned,
    remove,
    zhou,
)
from tests.rooms.test_pages import signed_in, text_of

__all__ = ["lin", "loan", "zhou"]  # fixtures

PAYER, ACCOUNT = "王大明", "6222020200112233445"


def receipt(
    number: str, *, loan: Loan | None, state: str = "settled", claim: str = "confirmed"
) -> Receipt:
    """Money of 1 February 2026, posted to a loan or sent back."""
    settled = state == "settled"
    row = Receipt.objects.create(
        source="bank",
        external_id=number,
        digest=b"",
        received_on=date(2026, 2, 1),
        recorded_at=AT,
        recorded_by="bank",
        amount=100,
        currency="CNY",
        payer=PAYER,
        remark=f"代{PAYER}还款",
        posted=100 if settled and loan else 0,
        returned=100 if settled and not loan else 0,
        state=state,
        attributes={"idcard": secret.seal("x", about=sealing.ATTRIBUTE), "shop": "7"},
        **sealing.account_columns(ACCOUNT),
    )
    waiting = claim == "waiting"
    said = ReceiptClaim.objects.create(
        receipt=row,
        kind="post" if loan else "return",
        state=claim,
        amount=100,
        evidence=f"{PAYER} called",
        claimed_by="mei",
        claimed_at=AT,
        decided_by="" if waiting else "arun",
        decided_at=None if waiting else AT,
        note="" if waiting else "seen the slip",
    )
    if loan is not None:
        ReceiptShare.objects.create(claim=said, loan=loan, amount=100)
    return row


def test_payers_of_receipts_go_ten_years_after_the_last_loan(
    loan: Loan, zhou: people.Person, lin: people.Person
) -> None:
    row = receipt("R1", loan=loan)
    RowHistory.objects.create(
        table="receipt", row_id=row.pk, version=1, content={"payer": PAYER},
        replaced_at=AT,
    )  # fmt: skip
    assert "receipts" not in planned(zhou, date(2036, 1, 31))
    assert planned(zhou, TEN_ON)["receipts"] == 3  # itself, its claim, a former row
    run = remove(zhou, lin, TEN_ON)
    row.refresh_from_db()
    claim = ReceiptClaim.objects.get(receipt=row)
    emptied = (row.payer, row.payer_account, row.payer_account_digest, row.remark)
    assert emptied == ("", "", "", "")
    assert row.attributes == {"shop": "7"}
    assert (claim.evidence, claim.note) == ("***", "")
    assert (row.amount, row.posted, claim.claimed_by) == (100, 100, "mei")
    assert not RowHistory.objects.filter(table="receipt").exists()
    assert due.proof(run).intact
    assert planned(zhou, TEN_ON) == {}
    # By hand a claim stays as it was claimed, then as before.
    with pytest.raises(DatabaseError), transaction.atomic():
        ReceiptClaim.objects.update(evidence="another")


@pytest.mark.parametrize("state", ["open", "claimed"])
def test_money_that_waits_for_its_owner_keeps_its_payer(
    loan: Loan, zhou: people.Person, state: str
) -> None:
    claim = "withdrawn" if state == "open" else "waiting"
    receipt("R1", loan=loan, state=state, claim=claim)
    assert "receipts" not in planned(zhou, date(2060, 1, 1))


def test_a_hold_on_the_loan_keeps_who_paid_for_it(
    loan: Loan, zhou: people.Person
) -> None:
    receipt("R1", loan=loan)
    retention.place_hold(
        on="loan", number="L1", doing=doing(zhou, reason="lawsuit 12/2036")
    )
    assert planned(zhou, TEN_ON) == {}


def test_what_was_sent_back_goes_by_its_own_day(
    loan: Loan, zhou: people.Person
) -> None:
    receipt("R1", loan=None)
    assert "receipts" not in planned(zhou, date(2036, 1, 31))
    assert planned(zhou, TEN_ON)["receipts"] == 2


def test_a_claim_that_came_to_nothing_holds_nobody_back(
    loan: Loan, zhou: people.Person
) -> None:
    running = Loan.objects.get(pk=loan.pk)
    Loan.objects.filter(pk=running.pk).update(status="active", closed_on=None)
    receipt("R1", loan=running, claim="refused")
    assert planned(zhou, TEN_ON)["receipts"] == 2


def correction(cast: Cast, loan: Loan) -> Proposal:
    """An address of the customer corrected, with everything people write."""
    asked = corrections.propose_customer(
        loan.customer_id,
        {"address": "上海市某路二号"},
        deed=deed(cast.mei, reason="she called from 13800000007"),
    )
    approvals.comment(proposal_id=asked.id, text="which slip?", deed=deed(cast.arun))
    decide(cast.arun, asked.id, note="seen her card")
    return Proposal.objects.get(pk=asked.id)


@pytest.fixture
def corrected(cast: Cast, loan: Loan) -> Proposal:
    """A proposal that was decided on the day of the tests."""
    return correction(cast, loan)


def test_contents_of_proposals_go_five_years_after_their_end(
    corrected: Proposal, loan: Loan, zhou: people.Person, lin: people.Person
) -> None:
    last = date(2031, 3, 20)
    assert "proposals" not in planned(zhou, last - timedelta(days=1))
    assert planned(zhou, last)["proposals"] == 1
    run = remove(zhou, lin, last)
    row = Proposal.objects.get(pk=corrected.pk)
    assert (row.content, row.reason) == ("", "***")
    assert [each.text for each in row.comments.all()] == ["***"]
    assert [each.note for each in row.decisions.all()] == ["***"]
    assert (row.digest, row.state) == (corrected.digest, "approved")
    assert due.proof(run).intact
    listed = run.erasure_set.get(table="proposal")
    assert (listed.row_id, listed.row_digest) == (corrected.pk, corrected.digest)
    page = text_of(signed_in("arun").get(f"/approvals/{corrected.pk}/"))
    assert "Removed under the retention schedule." in page
    with pytest.raises(DatabaseError), transaction.atomic():
        Proposal.objects.filter(pk=corrected.pk).update(reason="another")


def test_who_still_owes_keeps_what_was_proposed(
    corrected: Proposal, loan: Loan, zhou: people.Person
) -> None:
    Loan.objects.filter(pk=loan.pk).update(status="active", closed_on=None)
    assert planned(zhou, date(2060, 1, 1)) == {}


def test_an_open_proposal_is_never_emptied(
    cast: Cast, loan: Loan, zhou: people.Person
) -> None:
    asked = corrections.propose_customer(
        loan.customer_id, {"address": "上海市某路二号"}, deed=deed(cast.mei)
    )
    assert "proposals" not in planned(zhou, TEN_ON)
    with pytest.raises(AssertionError):
        approvals.forget_contents([asked.id])


def test_of_people_of_the_house_the_day_of_the_decision_counts(
    cast: Cast, zhou: people.Person, settings: Any
) -> None:
    settings.APPROVE_ROLE_CHANGES = True
    ada = login("ada", "admin")
    address = people.ask_for_rights(
        username="mei",
        wish={"role": "legal"},
        deed=people.Deed(ada, AT, TODAY, reason="another desk"),
    )
    decide(login("cora", "compliance"), int(address.split("/")[2]))
    assert planned(zhou, date(2031, 3, 19)) == {}
    assert planned(zhou, date(2031, 3, 20)) == {"proposals": 1}


def sealed(text: str) -> str:
    return secret.seal(text, about=sealing.ATTRIBUTE)


def test_personal_attributes_and_former_rows_are_emptied_and_figures_stay(
    loan: Loan, zhou: people.Person, lin: people.Person
) -> None:
    attributes = {"idcard": sealed("x"), "rate": 3, "shop": "s1.x", "note": None}
    kept = {name: attributes[name] for name in ("rate", "shop", "note")}
    Loan.objects.filter(pk=loan.pk).update(attributes=attributes)
    Payment.objects.update(attributes=attributes)
    Collateral.objects.create(
        source="core", external_id="H", digest=b"", loan=loan, kind="house",
        owner=PAYER, value=5, attributes=attributes,
    )  # fmt: skip
    former = RowHistory.objects.create(
        table="payment",
        row_id=Payment.objects.get().pk,
        version=1,
        content={
            "loan_id": loan.pk,
            "payer": PAYER,
            "amount": 90,
            "attributes": attributes,
        },
        replaced_at=datetime(2026, 2, 2, tzinfo=AT.tzinfo),
    )
    # The customer and a former version, payment, loan, collateral, a former payment.
    assert planned(zhou, TEN_ON)["identity"] == 6
    run = remove(zhou, lin, TEN_ON)
    assert due.proof(run).intact
    assert Loan.objects.get(pk=loan.pk).attributes == kept
    payment = Payment.objects.get()
    assert (payment.payer, payment.amount, payment.attributes) == ("", 100, kept)
    house = Collateral.objects.get()
    assert (house.owner, house.value, house.attributes) == ("", 5, kept)
    former.refresh_from_db()
    assert former.content == {"loan_id": loan.pk, "amount": 90, "attributes": kept}
    assert planned(zhou, TEN_ON) == {}
    (erased,) = audit.timeline(subject_type="customer", subject_id=loan.customer_id)[:1]
    assert PAYER not in str(erased.payload)
