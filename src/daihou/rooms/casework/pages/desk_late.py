"""What of a case is late by now, from the loans as they stand."""

from collections.abc import Iterable, Sequence

from daihou.rooms.casework.queries.cases import CaseLine
from daihou.rooms.ledger import door as ledger


def of_case(
    owed: Sequence[ledger.reading.Owed], inside: Iterable[int]
) -> Sequence[ledger.reading.Owed]:
    """Of a customer's loans those in the case, by their numbers, in the order given."""
    mine = set(inside)
    return [each for each in owed if each.loan_id in mine]


def late_of(case: CaseLine, owed: Sequence[ledger.reading.Owed]) -> int:
    """What is overdue by now of the loans of a case one sees; minor units.

    In the currency of the case; as the last close had it where one sees none of them.
    """
    mine = [each for each in owed if each.currency == case.currency]
    if not mine:
        return case.overdue_total
    return sum(each.overdue_total for each in mine)
