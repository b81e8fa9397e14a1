"""Loans by the words a list shows them with, read in bulk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from daihou.kit.scope import Scope


@dataclass(frozen=True, slots=True)
class LoanLine:
    """One loan as lists name it; `number` is the sender's own id."""

    loan_id: int
    number: str
    name: str
    product: str
    branch: str
    officer: str
    first_due_on: date


_SELECT = """
select loan.id, loan.external_id, customer.name, loan.product, loan.branch,
       loan.officer, loan.first_due_on
  from ledger_loan loan join ledger_customer customer on customer.id = loan.customer_id
 where loan.id = any(%s) and (%s::text[] is null or loan.branch = any(%s::text[]))
"""


def lines_of(
    loan_ids: Iterable[int], *, scope: Scope
) -> Mapping[int, LoanLine]:
    """The lines of these loans; those outside `scope` are left out."""
    ids = [int(loan_id) for loan_id in loan_ids]
    bound = None if scope.branches is None else sorted(scope.branches)
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, [ids, bound, bound])
        return {row[0]: LoanLine(*row) for row in cursor.fetchall()}


def loan_ids_in(scope: Scope) -> list[int] | None:
    """Every loan of the scope in order of id; None when nothing is hidden."""
    if scope.branches is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from ledger_loan where branch = any(%s) order by id",
            [sorted(scope.branches)],
        )
        return [row[0] for row in cursor.fetchall()]
