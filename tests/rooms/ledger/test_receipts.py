"""Money without an owner: written down once, claimed by one, confirmed by another."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.kit.scope import Scope, branches
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import (
    Loan,
    Receipt,
    ReceiptClaim,
)
from daihou.rooms.ledger.states import CLAIM_MOVES, RECEIPT_MOVES
from daihou.rooms.notices.models import Notice
from daihou.rooms.people import door as people
from tests.rooms.cast import TODAY, Cast, deed, make_loan
from tests.rooms.receipts import arrive, claim, login, make_finance

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


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_receipt_is_written_down_once(finance: Pair) -> None:
    fang, _gao = finance
    first = arrive("B1", fang)
    assert arrive("B1", fang, payer_account="6222020200112233445") == first
    assert Receipt.objects.count() == 1 and events(first) == ["receipt.recorded"]
    with pytest.raises(ledger.receipts.ReceiptConflict):
        arrive("B1", fang, amount=5)


def test_the_account_of_the_payer_is_sealed_and_found_again(finance: Pair) -> None:
    fang, _gao = finance
    number = arrive("B1", fang)
    row = Receipt.objects.get(pk=number)
    assert "3445" not in row.payer_account and row.payer_account.startswith("s1.")
    asked = ledger.receipts.Asked(text="6222020200112233445")
    (line,) = ledger.receipts.receipts(asked, scope=fang.scope, limit=5)
    assert line.id == number and line.account.endswith("*3445")
    assert "6222" not in line.account


@pytest.mark.parametrize(
    "wish",
    [
        {"amount": 0},
        {"amount": -5},
        {"amount": 10**16},
        {"currency": "QQQ"},
        {"received_on": date(2026, 3, 21)},
        {"external_id": " "},
        {"payer": "王" * 201},
    ],
)
def test_what_cannot_be_is_not_written_down(
    finance: Pair, wish: dict[str, object]
) -> None:
    with pytest.raises(Refused):
        arrive("B1", finance[0], **wish)
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "delete from ledger_receipt",
        "delete from ledger_receipt_claim",
        "delete from ledger_receipt_share",
        "update ledger_receipt set amount = amount + 1",
        "update ledger_receipt set currency = 'USD'",
        "update ledger_receipt set posted = amount + 1",
        "update ledger_receipt set state = 'open'",
        "update ledger_receipt_claim set amount = 5",
        "update ledger_receipt_claim set claimed_by = 'gao'",
        "update ledger_receipt_claim set state = 'waiting', decided_by = ''",
        "update ledger_receipt_claim set decided_by = 'mei'",
        "update ledger_receipt_share set amount = 5",
        "update ledger_receipt_share set payment_id = null",
    ],
)
def test_what_was_done_cannot_be_undone_by_hand(
    finance: Pair, loans: list[Loan], statement: str
) -> None:
    fang, gao = finance
    claimed = claim(arrive("B1", fang), fang, (loans[0].pk, 101_000))
    ledger.receipts.confirm(claimed, deed=deed(by=gao))
    with pytest.raises(DatabaseError), transaction.atomic():
        run(statement)


def test_the_database_wants_a_second_person_too(
    finance: Pair, loans: list[Loan]
) -> None:
    fang, _gao = finance
    claimed = claim(arrive("B1", fang), fang, (loans[0].pk, 101_000))
    for state in ("confirmed", "refused", "reversed"):
        with pytest.raises(DatabaseError), transaction.atomic():
            run(
                f"update ledger_receipt_claim set state = '{state}',"
                f" decided_by = 'fang', decided_at = now() where id = {claimed}"
            )


@pytest.mark.parametrize("name", ["mei", "bola", "sam"])
def test_who_may_not_does_not(cast: Cast, finance: Pair, name: str) -> None:
    fang, _gao = finance
    person = getattr(cast, name)
    number = arrive("B1", fang)
    loan = make_loan("N9")
    claimed = claim(number, fang, (loan.pk, 5))
    for deny in (
        lambda: arrive("B2", person),
        lambda: claim(number, person, (loan.pk, 5)),
        lambda: ledger.receipts.confirm(claimed, deed=deed(by=person)),
        lambda: ledger.receipts.refuse(claimed, note="x", deed=deed(by=person)),
        lambda: ledger.receipts.withdraw(claimed, deed=deed(by=person)),
        lambda: ledger.receipts.ask_return(
            number, amount=5, evidence="x", deed=deed(by=person)
        ),
        lambda: ledger.receipts.ask_reversal(
            claimed, evidence="x", deed=deed(by=person)
        ),
    ):
        with pytest.raises(NotAllowed):
            deny()
    assert ReceiptClaim.objects.get().state == "waiting"


def test_a_branch_sees_what_has_no_owner_and_what_is_its_own(
    finance: Pair, loans: list[Loan]
) -> None:
    fang, gao = finance
    south = branches("south")
    everyone = arrive("B1", fang)
    theirs = arrive("B2", fang, branch="north")
    own = arrive("B3", fang, branch="south")
    claimed = arrive("B4", fang)
    claim(claimed, fang, (loans[0].pk, 101_000))

    def seen(scope: object) -> set[int]:
        asked = ledger.receipts.Asked()
        lines = ledger.receipts.receipts(asked, scope=scope, limit=9)
        return {line.id for line in lines}

    assert seen(south) == {everyone, own}
    # Some officers' loans of every branch are no branch's money.
    some = Scope(branches=None, officers=frozenset({"wu"}))
    assert seen(south.with_also(some)) == {everyone, own}
    assert seen(some) == {everyone}
    assert seen(fang.scope) == {everyone, theirs, own, claimed}
    assert ledger.receipts.receipt_page(theirs, scope=south) is None
    assert ledger.receipts.receipt_page(claimed, scope=south) is None
    assert ledger.receipts.matches(theirs, scope=south) == ()
    boss = login("hu", "branch_manager", "south")
    with pytest.raises(NotFound):
        claim(theirs, boss, (loans[2].pk, 5))
    with pytest.raises(NotFound):
        claim(everyone, boss, (loans[0].pk, 5))
    assert claim(everyone, boss, (loans[2].pk, 101_000))
    assert gao.scope.everything


def test_who_claims_and_who_confirms_are_told(
    cast: Cast, finance: Pair, loans: list[Loan]
) -> None:
    fang, gao = finance
    arrive("B0", fang)
    number = arrive("B1", fang)
    to_claim = Notice.objects.get(kind="receipts.to_claim", login="gao")
    assert to_claim.params == {"count": 2}
    claimed = claim(number, fang, (loans[0].pk, 101_000))
    wanted = Notice.objects.filter(kind="receipts.to_confirm", read_at=None)
    assert "fang" not in set(wanted.values_list("login", flat=True))
    assert wanted.filter(login="gao").exists()
    ledger.receipts.confirm(claimed, deed=deed(by=gao))
    assert not wanted.exists()
    decided = Notice.objects.get(kind="receipts.decided")
    assert decided.login == "fang" and decided.url == f"/receipts/{number}/"
    to_claim.refresh_from_db()
    assert to_claim.params == {"count": 1}


def test_ageing_counts_what_has_no_owner(finance: Pair, loans: list[Loan]) -> None:
    fang, gao = finance
    for number, day in (("B1", 20), ("B2", 17), ("B3", 16), ("B4", 1)):
        arrive(number, fang, received_on=date(2026, 3, day))
    old = arrive("B5", fang, received_on=date(2025, 12, 1))
    back = ledger.receipts.ask_return(
        old, amount=1_000, evidence="x", deed=deed(by=fang)
    )
    ledger.receipts.confirm(back, deed=deed(by=gao))
    ages = ledger.receipts.ageing(scope=fang.scope, on=TODAY, currency="CNY")
    told = [(age.first, age.last, age.receipts, age.left) for age in ages]
    assert told == [
        (0, 3, 2, 202_000),
        (4, 7, 1, 101_000),
        (8, 30, 1, 101_000),
        (31, 90, 0, 0),
        (91, None, 1, 100_000),
    ]
    (total,) = ledger.receipts.totals(ledger.receipts.Asked(), scope=fang.scope)
    assert (total.receipts, total.amount, total.left) == (5, 505_000, 504_000)


@pytest.mark.parametrize("moves", [RECEIPT_MOVES, CLAIM_MOVES])
def test_every_state_is_reached_from_the_first(
    moves: tuple[tuple[str, str], ...],
) -> None:
    reached = {moves[0][0]}
    for _step in moves:
        reached |= {end for begin, end in moves if begin in reached}
    assert reached == {state for move in moves for state in move}
