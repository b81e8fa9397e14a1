"""What casework reads of the book: the loans of a customer, and sums of many."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

# One row a loan of `who` (customer_id) that is not settled, the latest loan first.
# The currency of a case is that of its latest loan: others are worked, not summed.
LOANS: Final = """
select l.customer_id, l.id as loan_id, l.currency, l.branch, l.product, l.officer,
       p.dpd, p.bucket, p.status, p.overdue_total, p.outstanding_total,
       p.next_due_amount, l.external_id
from {who} w
join ledger_loan l on l.customer_id = w.customer_id
join ledger_position p on p.loan_id = l.id
"""
# What came in on a loan since it joined: payments recorded after, refunds off.
PAID: Final = """
coalesce((select sum(y.amount) from ledger_payment y
          where y.loan_id = m.loan_id and y.recorded_at > m.joined_at), 0)
"""


# Of a case `c`: something of it is late yet, or it never was about late money. The
# offset makes the database look case by case, not read the loans of every case first.
LATE_YET: Final = """
(c.overdue_total = 0 or exists (
  select from casework_loan m join ledger_position late on late.loan_id = m.loan_id
  where m.case_id = c.id and m.until is null and late.overdue_total > 0
  offset 0))
"""


@dataclass(frozen=True, slots=True)
class BookLoan:
    """A loan as the book has it now; minor units."""

    loan_id: int
    number: str
    currency: str
    branch: str
    product: str
    officer: str
    dpd: int
    bucket: str
    status: str
    overdue_total: int
    outstanding_total: int
    next_due_amount: int

    @property
    def is_late(self) -> bool:
        """Whether it is past due, by the method it is counted by."""
        return self.dpd > 0


_OF_ONE: Final = """
select l.id, l.external_id, l.currency, l.branch, l.product, l.officer, p.dpd, p.bucket,
       p.status, p.overdue_total, p.outstanding_total, p.next_due_amount
from ledger_loan l join ledger_position p on p.loan_id = l.id
where {which}
order by p.dpd desc, p.overdue_total desc, l.id
"""


def loans_of(customer_id: int) -> Sequence[BookLoan]:
    """The loans of a customer that are not over, the latest first."""
    return _loans(
        "l.customer_id = %s and p.status in ('active', 'written_off')", customer_id
    )


def loans_in_case(case_id: int) -> Sequence[BookLoan]:
    """The loans that are in a case, the latest first, whatever became of them."""
    inside = (
        "l.id in (select m.loan_id from casework_loan m"
        " where m.case_id = %s and m.until is null)"
    )
    return _loans(inside, case_id)


def _loans(which: str, *values: Any) -> Sequence[BookLoan]:
    with connection.cursor() as cursor:
        cursor.execute(_OF_ONE.format(which=which), values)
        return [BookLoan(*row) for row in cursor.fetchall()]


def paid_into(case_id: int) -> int:
    """What came in on the loans of a case since each joined, minor units."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select coalesce(sum({PAID}), 0)::bigint from casework_loan m"
            " where m.case_id = %s and m.until is null",
            [case_id],
        )
        return int(cursor.fetchone()[0])


def stage_of(loans: Sequence[BookLoan]) -> str:
    """The delinquency of a case: that of its latest loan, which comes first."""
    late = [each for each in loans if each.is_late]
    if any(each.status == "written_off" for each in loans):
        return "charged_off"
    if late and late[0].bucket != "M0":
        return late[0].bucket
    if late:
        return "M1"
    return "pre" if any(each.next_due_amount for each in loans) else "current"
