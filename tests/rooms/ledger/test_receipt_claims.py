"""A receipt claimed by one and confirmed by another: posted, returned, reversed."""

import contextlib
import random
from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import (
    Loan,
    Payment,
    Receipt,
    ReceiptClaim,
    ReceiptShare,
)
from daihou.rooms.people import door as people
from tests.rooms.cast import TODAY, Cast, deed, make_loan
from tests.rooms.receipts import arrive, claim, make_finance

Pair = tuple[people.Person, people.Person]


@pytest.fixture
def finance(cast: Cast) -> Pair:
    """Fang and Gao."""
    return make_finance()


@pytest.fixture
def loans(cast: Cast) -> list[Loan]:
    """Two loans of the north, one of the south."""
    return [make_loan("N1"), make_loan("N2"), make_loan("S1", branch="south")]


def events(receipt_id: int) -> list[str]:
    told = audit.timeline(subject_type="receipt", subject_id=receipt_id)
    return [each.type for each in reversed(told)]


def test_a_claim_is_posted_once_a_second_person_confirms(
    finance: Pair, loans: list[Loan]
) -> None:
    fang, gao = finance
    number = arrive("B1", fang)
    claimed = claim(number, fang, (loans[0].pk, 60_000), (loans[1].pk, 41_000))
    assert not Payment.objects.exists()
    assert Receipt.objects.get().state == "claimed"
    posted = ledger.receipts.confirm(claimed, deed=deed(by=gao))
    assert {each.loan_id for each in posted} == {loans[0].pk, loans[1].pk}
    receipt = Receipt.objects.get()
    assert (receipt.state, receipt.posted, receipt.returned) == ("settled", 101_000, 0)
    payment = Payment.objects.get(loan=loans[0])
    assert (payment.amount, payment.paid_on) == (60_000, date(2026, 3, 18))
    assert (payment.payer, payment.channel) == ("王某", "bank_transfer")
    assert ReceiptShare.objects.filter(payment=None).count() == 0
    assert events(number) == [
        "receipt.recorded",
        "receipt.claimed",
        "receipt.posted",
    ]
    told = audit.timeline(subject_type="loan", subject_id=loans[0].pk)
    assert told[0].type == "payment.received" and told[0].by == "gao"


def test_nobody_confirms_or_refuses_their_own_claim(
    finance: Pair, loans: list[Loan]
) -> None:
    fang, _gao = finance
    claimed = claim(arrive("B1", fang), fang, (loans[0].pk, 101_000))
    with pytest.raises(NotAllowed):
        ledger.receipts.confirm(claimed, deed=deed(by=fang))
    with pytest.raises(NotAllowed):
        ledger.receipts.refuse(claimed, note="no", deed=deed(by=fang))
    assert ReceiptClaim.objects.get().state == "waiting"


def test_shares_that_do_not_add_up_are_not_confirmed(
    finance: Pair, loans: list[Loan]
) -> None:
    fang, gao = finance
    claimed = claim(arrive("B1", fang), fang, (loans[0].pk, 101_000))
    ReceiptShare.objects.create(claim_id=claimed, loan=loans[1], amount=5)
    with pytest.raises(DatabaseError), transaction.atomic():
        ledger.receipts.confirm(claimed, deed=deed(by=gao))
    assert not Payment.objects.exists()


def test_a_part_is_claimed_and_the_rest_waits(finance: Pair, loans: list[Loan]) -> None:
    fang, gao = finance
    number = arrive("B1", fang)
    first = claim(number, fang, (loans[0].pk, 1_000))
    ledger.receipts.confirm(first, deed=deed(by=gao))
    receipt = Receipt.objects.get()
    assert (receipt.state, receipt.posted) == ("open", 1_000)
    with pytest.raises(Refused):
        claim(number, fang, (loans[0].pk, 100_001))
    second = claim(number, gao, (loans[0].pk, 100_000))
    ledger.receipts.confirm(second, deed=deed(by=fang))
    assert Receipt.objects.get().state == "settled"
    assert sum(Payment.objects.values_list("amount", flat=True)) == 101_000


def test_while_one_claim_waits_there_is_no_second(
    finance: Pair, loans: list[Loan]
) -> None:
    fang, gao = finance
    number = arrive("B1", fang)
    claim(number, fang, (loans[0].pk, 1_000))
    with pytest.raises(ledger.receipts.ReceiptHasMoved) as refused:
        claim(number, gao, (loans[1].pk, 1_000))
    assert "fang" in str(refused.value)
    with pytest.raises(ledger.receipts.ReceiptHasMoved):
        ledger.receipts.ask_return(number, amount=5, evidence="x", deed=deed(by=gao))


def test_a_claim_is_decided_once(finance: Pair, loans: list[Loan]) -> None:
    fang, gao = finance
    claimed = claim(arrive("B1", fang), fang, (loans[0].pk, 101_000))
    ledger.receipts.confirm(claimed, deed=deed(by=gao))
    for again in (
        lambda: ledger.receipts.confirm(claimed, deed=deed(by=gao)),
        lambda: ledger.receipts.refuse(claimed, note="no", deed=deed(by=gao)),
        lambda: ledger.receipts.withdraw(claimed, deed=deed(by=fang)),
    ):
        with pytest.raises(ledger.receipts.ReceiptHasMoved):
            again()
    assert Payment.objects.count() == 1


def test_a_refused_or_withdrawn_claim_leaves_the_receipt_as_it_was(
    finance: Pair, loans: list[Loan]
) -> None:
    fang, gao = finance
    number = arrive("B1", fang)
    first = claim(number, fang, (loans[0].pk, 101_000))
    with pytest.raises(Refused):
        ledger.receipts.refuse(first, note=" ", deed=deed(by=gao))
    ledger.receipts.refuse(first, note="another Wang", deed=deed(by=gao))
    second = claim(number, fang, (loans[1].pk, 101_000))
    with pytest.raises(NotAllowed):
        ledger.receipts.withdraw(second, deed=deed(by=gao))
    ledger.receipts.withdraw(second, deed=deed(by=fang))
    receipt = Receipt.objects.get()
    assert (receipt.state, receipt.posted) == ("open", 0)
    assert not Payment.objects.exists()
    assert events(number)[2:] == [
        "receipt.claim_refused",
        "receipt.claimed",
        "receipt.claim_withdrawn",
    ]


@pytest.mark.parametrize(
    "wish",
    [
        {"relation": "friend"},
        {"relation": ""},
        {"evidence": "  "},
        {"evidence": "x" * 501},
    ],
)
def test_a_claim_says_who_pays_and_how_one_knows(
    finance: Pair, loans: list[Loan], wish: dict[str, object]
) -> None:
    fang, _gao = finance
    number = arrive("B1", fang)
    with pytest.raises(Refused):
        claim(number, fang, (loans[0].pk, 101_000), **wish)
    assert Receipt.objects.get().state == "open"


def test_a_claim_that_does_not_fit_is_refused(finance: Pair, loans: list[Loan]) -> None:
    fang, _gao = finance
    number = arrive("B1", fang)
    dollars = arrive("B2", fang, currency="USD")
    early = arrive("B3", fang, received_on=date(2025, 12, 1))
    loan = loans[0].pk
    for receipt_id, shares in (
        (number, ()),
        (number, ((loan, 0),)),
        (number, ((loan, -5),)),
        (number, ((loan, 101_001),)),
        (number, ((loan, 5), (loan, 5))),
        (dollars, ((loan, 5),)),
        (early, ((loan, 5),)),
    ):
        with pytest.raises(Refused):
            claim(receipt_id, fang, *shares)
    with pytest.raises(NotFound):
        claim(number, fang, (10**9, 5))
    with pytest.raises(NotFound):
        claim(10**9, fang, (loan, 5))


def test_money_goes_back_when_a_second_person_agrees(finance: Pair) -> None:
    fang, gao = finance
    number = arrive("B1", fang)
    asked = ledger.receipts.ask_return(
        number, amount=101_000, evidence="sent to us by mistake", deed=deed(by=fang)
    )
    assert ledger.receipts.confirm(asked, deed=deed(by=gao)) == []
    receipt = Receipt.objects.get()
    assert (receipt.state, receipt.returned) == ("settled", 101_000)
    assert not Payment.objects.exists()
    assert events(number)[1:] == ["receipt.return_asked", "receipt.returned"]


def test_a_wrong_claim_is_reversed_and_the_money_has_no_owner_again(
    finance: Pair, loans: list[Loan]
) -> None:
    fang, gao = finance
    number = arrive("B1", fang)
    wrong = claim(number, fang, (loans[0].pk, 60_000), (loans[1].pk, 41_000))
    ledger.receipts.confirm(wrong, deed=deed(by=gao))
    asked = ledger.receipts.ask_reversal(
        wrong, evidence="another Wang", deed=deed(by=fang)
    )
    assert Payment.objects.filter(reversal_of=None).count() == 2
    assert not Payment.objects.exclude(reversal_of=None).exists()
    ledger.receipts.confirm(asked, deed=deed(by=gao))
    receipt = Receipt.objects.get()
    assert (receipt.state, receipt.posted) == ("open", 0)
    assert sum(Payment.objects.values_list("amount", flat=True)) == 0
    assert ReceiptClaim.objects.get(pk=wrong).state == "reversed"
    right = claim(number, fang, (loans[1].pk, 101_000))
    ledger.receipts.confirm(right, deed=deed(by=gao))
    assert Receipt.objects.get().state == "settled"
    assert events(number)[-1] == "receipt.posted"


def test_a_reversal_that_is_refused_leaves_the_payments(
    finance: Pair, loans: list[Loan]
) -> None:
    fang, gao = finance
    wrong = claim(arrive("B1", fang), fang, (loans[0].pk, 101_000))
    with pytest.raises(ledger.receipts.ReceiptHasMoved):
        ledger.receipts.ask_reversal(wrong, evidence="x", deed=deed(by=fang))
    ledger.receipts.confirm(wrong, deed=deed(by=gao))
    asked = ledger.receipts.ask_reversal(wrong, evidence="x", deed=deed(by=fang))
    ledger.receipts.refuse(asked, note="it was right", deed=deed(by=gao))
    receipt = Receipt.objects.get()
    assert (receipt.state, receipt.posted) == ("settled", 101_000)
    assert Payment.objects.count() == 1


def test_a_payment_reversed_on_its_loan_is_not_reversed_twice(
    finance: Pair, loans: list[Loan]
) -> None:
    fang, gao = finance
    wrong = claim(
        arrive("B1", fang), fang, (loans[0].pk, 60_000), (loans[1].pk, 41_000)
    )
    posted = ledger.receipts.confirm(wrong, deed=deed(by=gao))
    ledger.posting.reverse_payment(
        payment_id=posted[0].payment_id,
        reversed_on=date(2026, 3, 19),
        reason="bounced",
        by=gao,
        at=deed().at,
        business_date=TODAY,
    )
    asked = ledger.receipts.ask_reversal(wrong, evidence="x", deed=deed(by=fang))
    assert len(ledger.receipts.confirm(asked, deed=deed(by=gao))) == 1
    assert sum(Payment.objects.values_list("amount", flat=True)) == 0


def test_where_one_loan_refuses_nothing_is_posted(
    finance: Pair, loans: list[Loan]
) -> None:
    fang, gao = finance
    number = arrive("B1", fang, amount=10_000_000)
    claimed = claim(number, fang, (loans[0].pk, 1_000), (loans[1].pk, 9_000_000))
    with pytest.raises(Refused):  # far beyond what closes the second loan
        ledger.receipts.confirm(claimed, deed=deed(by=gao))
    assert not Payment.objects.exists()
    assert ReceiptClaim.objects.get().state == "waiting"
    ledger.receipts.withdraw(claimed, deed=deed(by=fang))
    kept = claim(number, fang, (loans[1].pk, 9_000_000), keep_credit=True)
    (posted,) = ledger.receipts.confirm(kept, deed=deed(by=gao))
    assert posted.after.unapplied_credit > 0


def test_money_for_a_written_off_loan_is_a_recovery(
    finance: Pair, loans: list[Loan]
) -> None:
    fang, gao = finance
    Loan.objects.filter(pk=loans[0].pk).update(
        status="written_off", closed_on=date(2026, 3, 1)
    )
    claimed = claim(arrive("B1", fang), fang, (loans[0].pk, 101_000))
    ledger.receipts.confirm(claimed, deed=deed(by=gao))
    assert Payment.objects.get().kind == "recovery"


STEPS = 100


class Walk:
    """Two people who do whatever comes to hand, from one seed."""

    def __init__(self, finance: Pair, loans: list[Loan]) -> None:
        self.draw = random.Random(20260320)
        self.finance, self.loans = finance, loans
        self.numbers = [arrive(f"B{n}", finance[0], amount=3) for n in range(3)]

    def step(self) -> None:
        """One deed; one that is refused is no deed."""
        one, other = self.draw.sample(self.finance, 2)
        with contextlib.suppress(Refused):
            self.draw.choice([*self._asking(one), *self._deciding(one, other)])()

    def _asking(self, one: people.Person) -> list[Callable[[], object]]:
        receipt, draw = self.draw.choice(self.numbers), self.draw
        shares = [
            (loan.pk, draw.choice((1, 2))) for loan in self.loans[: draw.choice((1, 2))]
        ]
        amount, by = draw.choice((1, 2)), deed(by=one)
        deeds: list[Callable[[], object]] = [
            lambda: claim(receipt, one, *shares),
            lambda: ledger.receipts.ask_return(
                receipt, amount=amount, evidence="x", deed=by
            ),
        ]
        posted = ReceiptClaim.objects.filter(state="confirmed", kind="post").first()
        if posted is not None:
            wrong = posted.pk
            deeds.append(
                lambda: ledger.receipts.ask_reversal(wrong, evidence="x", deed=by)
            )
        return deeds

    def _deciding(
        self, one: people.Person, other: people.Person
    ) -> list[Callable[[], object]]:
        claims = ReceiptClaim.objects.filter(state="waiting").order_by("pk")
        ids = list(claims.values_list("pk", flat=True))
        if not ids:
            return []
        number = self.draw.choice(ids)
        mine, theirs = deed(by=one), deed(by=other)
        return [
            lambda: ledger.receipts.confirm(number, deed=theirs),
            lambda: ledger.receipts.refuse(number, note="x", deed=theirs),
            lambda: ledger.receipts.withdraw(number, deed=mine),
        ] * 2


def test_no_cent_is_lost_whatever_two_people_do(
    finance: Pair, loans: list[Loan]
) -> None:
    walk, seen = Walk(finance, loans), set[str]()
    for _turn in range(STEPS):
        walk.step()
        posted = sum(Receipt.objects.values_list("posted", flat=True))
        assert posted == sum(Payment.objects.values_list("amount", flat=True))
        for receipt in Receipt.objects.all():
            seen.add(receipt.state)
            held = ReceiptShare.objects.filter(
                claim__receipt=receipt, claim__state="confirmed"
            )
            assert receipt.posted == sum(held.values_list("amount", flat=True))
    assert seen == {"open", "claimed", "settled"}
