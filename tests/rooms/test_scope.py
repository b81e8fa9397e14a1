"""Who may see which loan: every query of the ledger, for each of the cast."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from daihou.kit.refusal import NotAllowed, NotFound
from daihou.kit.scope import EVERYTHING, NOTHING, Scope, branches
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Demand, Loan, Party, Payment
from daihou.rooms.people import door as people
from tests.rooms.cast import AT, TODAY, Cast, deed, make_customer, make_loan, pay

Ask = Callable[[Loan, Scope], object]

# Everything of the ledger's door that takes a scope and names one loan.
ONE_LOAN: dict[str, Ask] = {
    "load_loan": lambda loan, scope: ledger.reading.load_loan(
        loan.pk, as_of=TODAY, scope=scope
    ),
    "loan_page": lambda loan, scope: ledger.reading.loan_page(
        loan.pk, as_of=TODAY, scope=scope
    ),
    "loan_id_of": lambda loan, scope: ledger.reading.loan_id_of(
        loan.external_id, scope=scope
    ),
    "customer_page": lambda loan, scope: ledger.reading.customer_page(
        loan.customer_id, scope=scope
    ),
    "preview_payment": lambda loan, scope: ledger.reading.preview_payment(
        loan.pk, amount=5, on=TODAY, scope=scope
    ),
}
# Everything of the door that changes one loan.
CHANGES: dict[str, Callable[[Loan, people.Person], object]] = {
    "post_payment": lambda loan, by: pay(loan, f"P{loan.pk}", by=by),
    "reverse_payment": lambda loan, by: ledger.posting.reverse_payment(
        payment_id=pay(loan, f"P{loan.pk}").payment_id,
        reversed_on=TODAY,
        reason="bounced",
        by=by,
        at=AT,
        business_date=TODAY,
    ),
    "record_charge": lambda loan, by: ledger.posting.record_charge(
        source="core",
        external_id="F1",
        loan_id=loan.pk,
        kind="late_fee",
        due_on=TODAY,
        amount=100,
        deed=deed(by=by),
    ),
    "extend": lambda loan, by: ledger.posting.extend(
        loan_id=loan.pk,
        rows=[ledger.Row(3, date(2026, 5, 1), 100_000, 1_000)],
        begins_on=TODAY,
        deed=deed(by=by),
    ),
}
# Everything that takes a scope and gives a list: what it finds of the loans.
LISTS: dict[str, Callable[[list[int], Scope], set[int]]] = {
    "lines_of": lambda ids, scope: set(ledger.reading.lines_of(ids, scope=scope)),
    "register": lambda ids, scope: set(
        ids if scope.everything else ledger.book.register().seen(scope).to_pylist()
    ),
    "search by number": lambda ids, scope: {
        hit.loan_id for hit in ledger.reading.search("L", scope=scope)
    },
    "search by name": lambda ids, scope: {
        hit.loan_id for hit in ledger.reading.search("甲", scope=scope)
    },
    "search by customer": lambda ids, scope: {
        hit.loan_id for hit in ledger.reading.search("C-", scope=scope)
    },
}


@pytest.fixture
def book(cast: Cast) -> dict[str, Loan]:
    """One loan in Mei's branch, one in Bola's, one without a branch."""
    return {
        "north": make_loan("L1"),
        "south": make_loan("L2", branch="south"),
        "": make_loan("L3", branch=""),
    }


@pytest.mark.parametrize("ask", ONE_LOAN.values(), ids=ONE_LOAN)
def test_a_loan_is_there_for_its_branch_and_not_for_another(
    cast: Cast, book: dict[str, Loan], ask: Ask
) -> None:
    for stranger in (cast.bola.scope, NOTHING, branches("")):
        with pytest.raises(NotFound):
            ask(book["north"], stranger)
    assert ask(book["north"], cast.mei.scope) is not None


@pytest.mark.parametrize("ask", ONE_LOAN.values(), ids=ONE_LOAN)
def test_who_supervises_and_who_audits_see_every_branch(
    cast: Cast, book: dict[str, Loan], ask: Ask
) -> None:
    assert ask(book["north"], cast.arun.scope) is not None
    assert ask(book["south"], cast.sam.scope) is not None
    assert ask(book[""], EVERYTHING) is not None


def facts_of(loan: Loan) -> tuple[object, ...]:
    """All that a change of the loan could have written."""
    return (
        list(Demand.objects.filter(loan=loan).order_by("pk").values()),
        list(Payment.objects.filter(loan=loan, reversal_of=None).values()),
        Payment.objects.exclude(reversal_of=None).count(),
    )


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_only_who_may_changes_a_loan(
    cast: Cast, book: dict[str, Loan], change: Callable[..., object]
) -> None:
    loan = book["north"]
    pay(loan, f"P{loan.pk}")
    before = facts_of(loan)
    for person in (cast.mei, cast.bola, cast.sam):
        with pytest.raises(NotAllowed):
            change(loan, person)
    assert facts_of(loan) == before
    assert change(loan, cast.arun) is not None
    told = audit.timeline(subject_type="loan", subject_id=loan.pk)[0]
    assert told.by in ("arun", "test")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_right_reaches_only_the_own_branch(
    cast: Cast, book: dict[str, Loan], change: Callable[..., object]
) -> None:
    southern = replace(cast.arun, scope=cast.bola.scope)
    loan = book["north"]
    pay(loan, f"P{loan.pk}")
    before = facts_of(loan)
    with pytest.raises(NotFound):
        change(loan, southern)
    assert facts_of(loan) == before


@pytest.mark.parametrize("ask", LISTS.values(), ids=LISTS)
def test_a_list_holds_only_what_may_be_seen(
    cast: Cast, book: dict[str, Loan], ask: Callable[[list[int], Scope], set[int]]
) -> None:
    ids = {branch: loan.pk for branch, loan in book.items()}
    assert ask(list(ids.values()), cast.mei.scope) == {ids["north"]}
    assert ask(list(ids.values()), cast.bola.scope) == {ids["south"]}
    assert ask(list(ids.values()), cast.sam.scope) == set(ids.values())
    assert ask(list(ids.values()), NOTHING) == set()


def test_the_choices_of_a_filter_name_no_foreign_branch(
    cast: Cast, book: dict[str, Loan]
) -> None:
    assert ledger.reading.choices(cast.mei.scope)["branch"] == ["north"]
    assert ledger.reading.choices(cast.arun.scope)["branch"] == ["north", "south"]


def test_a_guarantor_is_seen_where_the_loan_is(
    cast: Cast, book: dict[str, Loan]
) -> None:
    guarantor = make_customer("G1", name="保")
    Party.objects.create(
        source="core",
        external_id="1",
        digest=b"",
        loan=book["north"],
        customer=guarantor,
        role="guarantor",
    )
    page = ledger.reading.customer_page(guarantor.pk, scope=cast.mei.scope)
    assert page.name == "保" and page.loans == ()
    with pytest.raises(NotFound):
        ledger.reading.customer_page(guarantor.pk, scope=cast.bola.scope)
    (party,) = ledger.reading.loan_page(
        book["north"].pk, as_of=TODAY, scope=cast.mei.scope
    ).parties
    assert (party.role, party.name) == ("guarantor", "保")


def test_a_customer_in_two_branches_shows_each_branch_its_own_loans(
    cast: Cast, book: dict[str, Loan]
) -> None:
    shared = book["north"].customer
    Loan.objects.filter(pk=book["south"].pk).update(customer=shared)
    for person, branch in ((cast.mei, "north"), (cast.bola, "south")):
        page = ledger.reading.customer_page(shared.pk, scope=person.scope)
        assert [loan.branch for loan in page.loans] == [branch]
    both = ledger.reading.customer_page(shared.pk, scope=cast.arun.scope)
    assert len(both.loans) == 2


def test_a_refusal_does_not_tell_that_the_loan_exists(
    cast: Cast, book: dict[str, Loan]
) -> None:
    def words(loan_id: int) -> str:
        with pytest.raises(NotFound) as refused:
            ledger.reading.load_loan(loan_id, as_of=TODAY, scope=cast.bola.scope)
        return str(refused.value).replace(str(loan_id), "")

    assert words(book["north"].pk) == words(10**9)
