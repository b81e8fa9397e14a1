"""Whether anything of a case is late yet, with all the money that is known by now."""

from collections.abc import Sequence
from datetime import date

from daihou.kit.scope import EVERYTHING
from daihou.rooms.casework.queries.book import BookLoan, loans_in_case
from daihou.rooms.casework.queries.cases import CaseLine
from daihou.rooms.ledger import door as ledger


def is_paid_up(
    case: CaseLine,
    *,
    open_on: date,
    inside: Sequence[BookLoan] | None = None,
    owed: Sequence[ledger.reading.Owed] = (),
) -> bool:
    """Whether all that was late of the loans in a case came in since.

    A yes or no about the case, whoever asks: its loans out of one's sight count, other
    loans of the customer do not. Give `inside` (the loans in the case) and `owed`
    (`owed_now`, within a scope) where they were read before; they are not read again.
    """
    if not case.overdue_total:
        return False
    loans = loans_in_case(case.id) if inside is None else inside
    mine = {each.loan_id for each in loans}
    found = [each for each in owed if each.loan_id in mine]
    if any(each.overdue_total for each in found):
        return False
    if len(found) < len(mine):
        now = ledger.reading.owed_now(
            case.customer_id, open_on=open_on, scope=EVERYTHING
        )
        found = [each for each in now.loans if each.loan_id in mine]
    return bool(found) and not any(each.overdue_total for each in found)
