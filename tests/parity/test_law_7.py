"""Law 7: the fast text equals the plain one, of every loan under every policy."""

from dataclasses import replace
from datetime import date

from hypothesis import given

from daihou.engine.ledger.values import Loan
from daihou.engine.rulebook.policy import Policy
from tests.engine.loans import days, loans, policies
from tests.parity.test_settle import compare


@given(loans(), policies(), days)
def test_law_7_the_fast_text_equals_the_plain_one(
    loan: Loan, policy: Policy, on: date
) -> None:
    compare([in_order(loan)], ["any"], {"any": policy}, on)


def in_order(loan: Loan) -> Loan:
    """Put the rows of a loan in the order of the tables."""
    owed = sorted(loan.demands, key=lambda d: (d.due_on, d.seq, d.demand_id))
    paid = sorted(loan.payments, key=lambda p: (p.paid_on, p.payment_id))
    waived = sorted(loan.waivers, key=lambda w: (w.on, w.waiver_id))
    return replace(
        loan, demands=tuple(owed), payments=tuple(paid), waivers=tuple(waived)
    )
