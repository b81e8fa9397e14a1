"""What loans owed on days that are past, by all that is known of them now."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from daihou.engine.ledger.fixed.settle import settle
from daihou.kit.scope import Scope
from daihou.rooms.ledger.queries import seen
from daihou.rooms.ledger.queries.facts import facts_of_rows


def owed_then(
    loan_ids: Sequence[int], *, days: Iterable[date], currency: str, scope: Scope
) -> Mapping[date, int]:
    """What was overdue of these loans together at the end of each day; minor units.

    Of those of the scope in this currency alone, and of each from the day it was paid
    out. Some three queries, however many days.
    """
    wanted = sorted(set(days))
    if not wanted or not loan_ids:
        return {}
    rows = list(seen.loans(scope).filter(pk__in=loan_ids, currency=currency))
    facts = facts_of_rows(rows, as_of=wanted[-1])
    found = dict.fromkeys(wanted, 0)
    for each in facts.values():
        for day in wanted:
            if day >= each.loan.disbursed_on:
                used = each.under_policy_of(day)
                state = settle(used.loan, used.policy, as_of=day)
                found[day] += state.overdue_total
    return found
