"""What each kind of event does to the facts of a loan."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from daihou.engine.basics.rounding import divide
from daihou.engine.ledger.life import events as ev
from daihou.engine.ledger.life import reshaping
from daihou.engine.ledger.life.errors import LifeError
from daihou.engine.ledger.life.events import (
    Event,
    check_later,
    check_positive,
)
from daihou.engine.ledger.life.restructuring import without_interest
from daihou.engine.ledger.life.unfolding import Unfolding
from daihou.engine.ledger.values import Row
from daihou.engine.rulebook.policy import Component

GIVEN_UP_FIRST = (
    *(Component.COMPOUND, Component.PENALTY, Component.FEE),
    *(Component.INTEREST, Component.PRINCIPAL),
)


def place(life: Unfolding, event: Event) -> None:
    """Put one event on the facts; events come in the order of `place_of`."""
    _PLACES[type(event)](life, event)


def _money(life: Unfolding, event: Any) -> None:
    check_positive(event, event.amount)
    life.pay(event, event.amount)


def _refund(life: Unfolding, event: ev.Refund) -> None:
    check_positive(event, event.amount)
    life.pay(event, -event.amount)


def _chargeback(life: Unfolding, event: ev.Chargeback) -> None:
    known = {each.payment_id: each.amount for each in life.loan.payments}
    amount = known.get(event.of, 0) if event.amount is None else event.amount
    if not amount:  # what was reversed before cannot be taken back again
        return
    check_positive(event, amount)
    life.pay(event, -amount)
    if life.loan.status == "settled":  # the money that closed it is gone
        *former, (status, since) = life.loan.former or (("active", None),)
        life.loan = replace(
            life.loan, status=status, status_on=since, former=tuple(former)
        )


def _charge(life: Unfolding, event: ev.Charge) -> None:
    on, amount = event.happened_on, event.amount
    if event.share is not None:
        part, whole = event.share.as_integer_ratio()
        base = _base(life, event)
        amount += divide(base * part, whole, rounding=life.policy.rounding)
    if event.share is None:
        check_positive(event, amount)
    due = event.due_on or on
    if due < on:
        raise LifeError("dates", event=event.event_id, field="due_on", value=due, on=on)
    if amount:
        life.owe(event, Row(0, due, 0, 0, amount))


def _base(life: Unfolding, event: ev.Charge) -> int:
    accounts = life.book(event.happened_on).accounts
    if event.base == "principal":
        return sum(each.left[Component.PRINCIPAL] for each in accounts)
    return sum(each.unpaid for each in accounts if each.due < event.happened_on)


def _waive(life: Unfolding, event: ev.WaiverGranted) -> None:
    """Give up by name, oldest demand first, so that no later plan changes whose."""
    component, on = Component(event.component), event.happened_on
    accounts = list(life.book(on).accounts)
    if event.seq is not None:
        accounts = [each for each in accounts if each.demand.seq == event.seq]
        if not accounts:
            raise LifeError("seq", event=event.event_id, seq=event.seq, on=on)
    elif event.amount is None:
        accounts = [each for each in accounts if each.due <= on]
    rest = event.amount
    if rest is not None:
        check_positive(event, rest)
    life.give_up(event, accounts, component, rest)


def _adjust_penalty(life: Unfolding, event: ev.PenaltyAdjustment) -> None:
    if event.amount > 0:
        life.owe(event, Row(0, event.happened_on, 0, 0, event.amount))
        return
    accounts = list(life.book(event.happened_on).accounts)
    most = -event.amount
    most -= life.give_up(event, accounts, Component.PENALTY, most)
    life.give_up(event, accounts, Component.COMPOUND, most)


def _pause_lateness(life: Unfolding, event: ev.DelinquencyPause) -> None:
    on, until = event.happened_on, event.until or date.max
    check_later(event, "until", until, than=on)
    life.loan = replace(life.loan, pauses=(*life.loan.pauses, (on, until)))


# --- The end ---------------------------------------------------------------------


def _charge_off(life: Unfolding, event: ev.ChargeOff) -> None:
    if event.behaviour == "accelerate_maturity":
        reshaping.accelerate(life, event)
    elif event.behaviour == "zero_interest":
        left = life.left(event.happened_on)
        if left.coming:
            life.replace_rows(event, without_interest(left))
    _status(life, event, "charged_off")


def _settle_at_discount(life: Unfolding, event: ev.SettlementAtDiscount) -> None:
    check_positive(event, event.amount)
    reshaping.accelerate(life, event)
    accounts = list(life.book(event.happened_on).accounts)
    given_up = sum(sum(each.left.values()) for each in accounts) - event.amount
    for component in GIVEN_UP_FIRST:
        if given_up > 0:
            given_up -= life.give_up(event, accounts, component, given_up)
    life.pay(event, event.amount)
    _status(life, event, "settled")


def _write_off(life: Unfolding, event: ev.WriteOff) -> None:
    _status(life, event, "written_off")


def _transfer(life: Unfolding, event: ev.Transfer) -> None:
    _status(life, event, "transferred")


def _status(life: Unfolding, event: Event, status: str) -> None:
    """Let a status hold from a day on; what money met before stays as it was."""
    loan, on = life.loan, event.happened_on
    known = () if loan.status_on is None else ((loan.status, loan.status_on),)
    former = (*loan.former, *known)
    life.loan = replace(loan, status=status, status_on=on, former=former)


_PLACES: Mapping[type[Event], Callable[[Unfolding, Any], None]] = MappingProxyType(
    {
        ev.Disbursement: reshaping.disburse,
        ev.PaymentReceived: _money,
        ev.DownPayment: _money,
        ev.Recovery: _money,
        ev.Prepayment: reshaping.prepay,
        ev.Refund: _refund,
        ev.Chargeback: _chargeback,
        ev.Charge: _charge,
        ev.WaiverGranted: _waive,
        ev.PenaltyAdjustment: _adjust_penalty,
        ev.Extension: reshaping.extend,
        ev.Reschedule: reshaping.reschedule,
        ev.ReAge: reshaping.re_age,
        ev.ReAmortise: reshaping.re_amortise,
        ev.RateChange: reshaping.change_rate,
        ev.DueDayChange: reshaping.change_due_day,
        ev.InterestPause: reshaping.pause_interest,
        ev.DelinquencyPause: _pause_lateness,
        ev.ContractTermination: reshaping.accelerate,
        ev.ChargeOff: _charge_off,
        ev.WriteOff: _write_off,
        ev.SettlementAtDiscount: _settle_at_discount,
        ev.Transfer: _transfer,
    }
)
# Those that need no rows of their own: what a running loan can live.
OF_RUNNING = frozenset(
    {
        *(ev.PaymentReceived, ev.DownPayment, ev.Recovery, ev.Prepayment),
        *(ev.Refund, ev.Chargeback, ev.Charge, ev.WaiverGranted),
        *(ev.PenaltyAdjustment, ev.RateChange, ev.InterestPause),
        *(ev.DelinquencyPause, ev.WriteOff, ev.Transfer),
    }
)
