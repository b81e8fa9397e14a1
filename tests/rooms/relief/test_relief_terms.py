"""Settlements, changes of terms, and what the class and the case hear of them."""

from datetime import timedelta

import pytest

from daihou.kit.refusal import Refused
from daihou.rooms.casework import door as casework
from daihou.rooms.casework.models import CaseFacts
from daihou.rooms.grading.models import ClassFact, LoanClass
from daihou.rooms.ledger.actions import standing
from daihou.rooms.ledger.models import Demand, Loan
from daihou.rooms.relief import actions, queries
from daihou.rooms.relief.actions import SettlementWish, TermsWish
from daihou.rooms.relief.models import Relief
from tests.rooms.cast import AT, HAND, TODAY, Cast, pay
from tests.rooms.relieving import (
    Deciders,
    agreed,
    decide,
    deed,
    judge,
    late_loan,
    make_deciders,
    plan,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def deciders(cast: Cast) -> Deciders:
    """The levels of the policy."""
    return make_deciders()


def _settlement(loan: Loan, cast: Cast, amount: int) -> queries.Line:
    wish = SettlementWish(parts=((TODAY + 5 * DAY, amount),), difficulty="overdue")
    line: queries.Line = actions.ask_settlement(loan.pk, wish, deed=deed(cast.mei))
    return line


def _payoff(loan: Loan) -> int:
    return actions.standing(loan.pk, on=TODAY, scope=HAND.scope).payoff


def test_a_settlement_closes_the_loan_for_less(cast: Cast, deciders: Deciders) -> None:
    loan = late_loan()
    amount = _payoff(loan) - 1_500
    line = _settlement(loan, cast, amount)
    assert line.effect["settlement"]["band"] == "S-1"
    by = {"supervisor": deciders.lead, "branch_manager": deciders.head}
    offered = decide(line, *(by[level] for level in line.levels))
    actions.accept(offered.id, evidence="letter 4", deed=deed(cast.mei))
    pay(loan, "P1", amount=amount)
    judge(TODAY)
    assert queries.find(line.id, scope=HAND.scope).state == "applied"
    found = actions.standing(loan.pk, on=TODAY, scope=HAND.scope)
    assert (found.state.status, found.state.outstanding_total) == ("settled", 0)
    assert found.state.unapplied_credit == 0


def test_a_settlement_outside_its_band_is_refused(cast: Cast) -> None:
    loan = late_loan()
    with pytest.raises(Refused) as told:
        _settlement(loan, cast, _payoff(loan) // 2)
    assert told.value.code == "relief_below_band"
    with pytest.raises(Refused) as told:
        _settlement(loan, cast, _payoff(loan))
    assert told.value.code == "relief_above_owed"


def test_a_settlement_has_one_counter_offer(cast: Cast, deciders: Deciders) -> None:
    loan = late_loan()
    payoff = _payoff(loan)
    by = {"supervisor": deciders.lead, "branch_manager": deciders.head}
    line = _settlement(loan, cast, payoff - 1_000)
    offered = decide(line, *(by[level] for level in line.levels))
    parts = [(TODAY + 3 * DAY, payoff - 2_000)]
    again = actions.counter(offered.id, parts, deed=deed(cast.mei))
    assert (again.state, again.receive) == ("pending", payoff - 2_000)
    offered = decide(again, *(by[level] for level in again.levels))
    with pytest.raises(Refused) as told:
        actions.counter(offered.id, parts, deed=deed(cast.mei))
    assert told.value.code == "relief_countered"


def test_a_change_of_terms_writes_a_schedule_version(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    wish = TermsWish(
        kind="extension",
        fields={"periods": 3},
        difficulty="overdue",
        agreed="amendment 7, in the file",
    )
    line = actions.ask_change_of_terms(loan.pk, wish, deed=deed(cast.mei))
    by = {"branch_manager": deciders.head}
    done = decide(line, *(by[level] for level in line.levels))
    assert done.state == "applied"
    rows = Demand.objects.filter(loan=loan, opens_on=TODAY)
    assert (rows.count(), sum(row.principal for row in rows)) == (4, 100_000)
    found = actions.standing(loan.pk, on=TODAY, scope=HAND.scope)
    assert found.state.outstanding_principal == 300_000
    assert found.state.dpd == 47  # what is overdue stays overdue


def test_a_second_change_builds_on_the_first(cast: Cast, deciders: Deciders) -> None:
    loan = late_loan()
    for number, kind in enumerate(("extension", "re_amortise")):
        fields = {"periods": 3} if kind == "extension" else {}
        wish = TermsWish(kind=kind, fields=fields, difficulty="overdue", agreed="paper")
        line = actions.ask_change_of_terms(loan.pk, wish, deed=deed(cast.mei))
        by = {
            "supervisor": deciders.lead,
            "branch_manager": deciders.head,
            "risk": deciders.risk,
        }
        decide(line, *(by[level] for level in line.levels))
        found = actions.standing(loan.pk, on=TODAY, scope=HAND.scope)
        assert found.state.outstanding_principal == 300_000, number
    assert found.state.dpd == 0


def test_a_version_that_has_moved_is_told(cast: Cast, deciders: Deciders) -> None:
    loan = late_loan()
    offered = decide(plan(loan, cast), deciders.lead)
    seen = offered.version
    actions.accept(offered.id, evidence="paper", deed=deed(cast.mei), version=seen)
    with pytest.raises(actions.ReliefHasMoved):
        actions.withdraw(offered.id, deed=deed(cast.mei), version=seen)


def _graded(loan: Loan) -> None:
    """The loan has a class, as after a graded day."""
    LoanClass.objects.create(
        loan=loan,
        asset_class=2,
        machine_class=2,
        asserted_class=2,
        causes=0,
        stage=2,
        since=TODAY,
        dpd=47,
        arrears=202_000,
        balance=300_000,
        currency="CNY",
    )


def test_an_eased_loan_in_difficulty_is_marked_as_restructured(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    _graded(loan)
    line = agreed(loan, cast, deciders, re_age=True, count=4, unit="months")
    fact = ClassFact.objects.get(kind="restructured")
    assert (fact.loan_id, fact.begins_on, fact.evidence) == (
        loan.pk,
        TODAY,
        line.number,
    )
    first = (TODAY + 7 * DAY).isoformat()
    assert fact.content == {"first_due_on": first, "period_months": 1}
    assert Relief.objects.get(pk=line.id).class_told


def test_what_is_agreed_is_the_resolution_of_the_case(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    standing.settle_at_once(loan, business_date=TODAY)
    done = casework.Deed(by=HAND, at=AT, business_date=TODAY)
    opened = casework.open_case(loan.customer_id, deed=done)
    line = agreed(loan, cast, deciders)
    case = casework.case_of(loan.customer_id)
    assert case is not None and case.id == opened.id
    assert case.resolution == "arrangement"
    facts = CaseFacts.objects.get(customer_id=loan.customer_id)
    assert facts.plan_state == "live"
    actions.cancel(line.id, deed=deed(cast.mei, reason="both agreed"))
    case = casework.case_of(loan.customer_id)
    assert case is not None and case.resolution == "none"
