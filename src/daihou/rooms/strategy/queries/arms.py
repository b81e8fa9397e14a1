"""What became of the customers of each arm since they took part."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from daihou.engine.strategy.experiment import Amounts
from daihou.engine.strategy.figures import CURRENCY

# Money in the currency of the facts, of the loans of a customer from the day after the enrolment on; a reversal counts
# against it. Who owes nothing overdue is cured. Sums of squares are exact numbers.
_OUTCOMES = """
WITH paid AS (
  SELECT e.customer_id, e.arm, e.since, COALESCE(SUM(p.amount), 0) AS cash
  FROM strategy_enrolment e
  LEFT JOIN ledger_loan l ON l.customer_id = e.customer_id AND l.currency = %s
  LEFT JOIN ledger_payment p ON p.loan_id = l.id AND p.paid_on > e.since
  WHERE e.experiment = %s
  GROUP BY e.customer_id, e.arm, e.since
), late AS (
  SELECT DISTINCT l.customer_id FROM strategy_enrolment e
  JOIN ledger_loan l ON l.customer_id = e.customer_id
  JOIN ledger_position p ON p.loan_id = l.id
  WHERE e.experiment = %s AND p.overdue_total > 0
)
SELECT paid.arm, count(*), min(paid.since), count(*) - count(late.customer_id),
       sum(cash)::numeric, sum(cash::numeric * cash)
FROM paid LEFT JOIN late USING (customer_id)
GROUP BY paid.arm
"""


@dataclass(frozen=True, slots=True)
class ArmOutcome:
    """One arm: how many took part since when, how many are cured, what they paid."""

    customers: int
    since: date
    cured: int
    cash: Amounts


def outcomes(experiment: str) -> Mapping[str, ArmOutcome]:
    """The outcome of each arm that anybody was in; amounts in minor units."""
    with connection.cursor() as cursor:
        cursor.execute(_OUTCOMES, [CURRENCY, experiment, experiment])
        return {
            arm: ArmOutcome(many, since, cured, Amounts(many, int(cash), int(squares)))
            for arm, many, since, cured, cash, squares in cursor.fetchall()
        }
