"""If money came in on a day: where it would go in the life of a loan."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from types import MappingProxyType

from daihou.engine.ledger.errors import LoanError
from daihou.engine.ledger.fixed.replay import Calendar
from daihou.engine.ledger.fixed.whatif import Preview
from daihou.engine.ledger.life.events import Event, PaymentReceived
from daihou.engine.ledger.life.front import Contract, settle_life
from daihou.engine.rulebook.policy import Component


def preview_life(
    contract: Contract,
    events: Sequence[Event],
    amount: int,
    *,
    on: date,
    known_at: datetime | None = None,
    calendar: Calendar | None = None,
) -> Preview:
    """Return what a payment of `amount` minor units on a day would do that day.

    Restructured and running loans too; nothing is kept. Raises LoanError for an
    amount of zero or less.
    """
    if amount <= 0:
        raise LoanError("amount", amount=amount)
    trial = PaymentReceived(
        event_id=1 + max((each.event_id for each in events), default=0),
        happened_on=on,
        recorded_at=known_at or datetime.combine(on, time(0), tzinfo=UTC),
        amount=amount,
    )
    before, after = (
        settle_life(
            contract, each, as_of=on, known_at=known_at, calendar=calendar
        ).state
        for each in (events, (*events, trial))
    )
    own = tuple(each for each in after.allocations if each.payment_id == trial.event_id)
    split = {component.value: 0 for component in Component}
    for each in own:
        split[each.component] += each.amount
    held = amount - sum(split.values())
    return Preview(before, after, own, MappingProxyType(split), held)
