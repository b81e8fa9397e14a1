"""What each change of the plan does to the facts of a loan."""

from dataclasses import replace

from daihou.engine.basics.dates import add_period
from daihou.engine.ledger.fixed.replay import Replayed
from daihou.engine.ledger.life import events as ev
from daihou.engine.ledger.life.errors import LifeError
from daihou.engine.ledger.life.events import (
    Event,
    check_count,
    check_later,
    check_positive,
)
from daihou.engine.ledger.life.restructuring import (
    GIVEN,
    MOST_PERIODS,
    Deal,
    Left,
    NewRow,
    all_at_once,
    as_given,
    rows_of,
    same_dates,
    shortened,
    with_arrears,
    without_free_days,
)
from daihou.engine.ledger.life.unfolding import Unfolding
from daihou.engine.ledger.values import Row
from daihou.engine.rulebook.policy import Component


def _coming(life: Unfolding, event: Event) -> Left:
    left = life.left(event.happened_on)
    if not left.coming:
        on = event.happened_on
        raise LifeError("nothing_coming", event=event.event_id, on=on)
    return left


def _computed(life: Unfolding, event: Event, method: str | None = None) -> None:
    method = method or life.terms.method
    if method in GIVEN:
        raise LifeError("method", event=event.event_id, method=method)


def _deal(life: Unfolding, left: Left, **others: object) -> Deal:
    known = {"annual_rate": life.rate, "closed": life.calendar or frozenset()}
    return same_dates(left, **known | others)


def _remade(
    life: Unfolding, left: Left, deal: Deal, *, balance: int | None = None
) -> tuple[NewRow, ...]:
    wanted = left.balance if balance is None else balance
    rows = rows_of(left, life.terms, deal, balance=wanted, from_on=left.on)
    return _paused(life, rows)


def _paused(life: Unfolding, rows: tuple[NewRow, ...]) -> tuple[NewRow, ...]:
    """Let days free of interest stay so in rows made anew."""
    return without_free_days(rows, life.free, (), rounding=life.policy.rounding)


def disburse(life: Unfolding, event: ev.Disbursement) -> None:
    """Lend more: the rows to come are made anew on the larger balance."""
    check_positive(event, event.amount)
    _computed(life, event)
    left = _coming(life, event)
    balance = left.balance + event.amount
    rows = _remade(life, left, _deal(life, left), balance=balance)
    life.replace_rows(event, rows)
    life.loan = replace(life.loan, principal=life.loan.principal + event.amount)


def extend(life: Unfolding, event: ev.Extension) -> None:
    """展期: spread the principal to come over more periods; arrears stay due."""
    _computed(life, event)
    check_count(event, "periods", event.periods, high=MOST_PERIODS)
    left, terms = _coming(life, event), life.terms
    if event.annual_rate is not None:
        life.change_rate(event.annual_rate, on=left.on)
    periods = len(left.coming) + event.periods
    first = left.coming[0].row.due_on
    if terms.method == "bullet":
        first = add_period(first, event.periods * terms.every, terms.period_unit)
        periods = 1
    deal = _deal(life, left, periods=periods, first_due_on=first)
    life.replace_rows(event, _remade(life, left, deal))


def reschedule(life: Unfolding, event: ev.Reschedule) -> None:
    """重组: new rows by new terms or as stated, with the arrears or without."""
    left = life.left(event.happened_on)
    balance = left.balance + (left.arrears.principal if event.arrears else 0)
    if not balance:
        raise LifeError("nothing_left", event=event.event_id, on=left.on)
    if event.annual_rate is not None:
        life.change_rate(event.annual_rate, on=left.on)
    if event.rows:
        total = sum(row.principal for row in event.rows)
        if total != balance:
            raise LifeError("rows", event=event.event_id, total=total, balance=balance)
        rows = as_given(left, event.rows, from_on=left.on)
    else:
        rows = _new_plan(life, event, left, balance, method=event.method)
        if event.arrears:
            rows = with_arrears(rows, left.arrears)
    life.replace_rows(event, rows, arrears=event.arrears)


def _new_plan(
    life: Unfolding,
    event: ev.Reschedule | ev.ReAge,
    left: Left,
    balance: int,
    *,
    method: str | None = None,
) -> tuple[NewRow, ...]:
    _computed(life, event, method)
    periods = event.periods or len(left.coming)
    check_count(event, "periods", periods, high=MOST_PERIODS)
    first = event.first_due_on
    if first is None:
        first = left.coming[0].row.due_on if left.coming else None
    first = check_later(event, "first_due_on", first, than=left.on)
    deal = Deal(
        periods=periods,
        first_due_on=first,
        annual_rate=life.rate,
        method=method,
        due_day=first.day,
        closed=life.calendar or frozenset(),
    )
    return _remade(life, left, deal, balance=balance)


def re_age(life: Unfolding, event: ev.ReAge) -> None:
    """重整账龄: put all that is owed into new rows; lateness begins anew."""
    left = life.left(event.happened_on)
    balance = left.balance + left.arrears.principal
    if not balance:
        raise LifeError("nothing_left", event=event.event_id, on=left.on)
    if event.annual_rate is not None:
        life.change_rate(event.annual_rate, on=left.on)
    rows = with_arrears(_new_plan(life, event, left, balance), left.arrears)
    _penalty_so_far(life, event, event.penalty)
    life.replace_rows(event, rows, arrears=True)


def re_amortise(life: Unfolding, event: ev.ReAmortise) -> None:
    """重新摊还: spread what is overdue over the rows to come, dates unchanged."""
    _computed(life, event)
    left = _coming(life, event)
    balance = left.balance + left.arrears.principal
    rows = _remade(life, left, _deal(life, left), balance=balance)
    _penalty_so_far(life, event, event.penalty)
    life.replace_rows(event, with_arrears(rows, left.arrears), arrears=True)


def _penalty_so_far(life: Unfolding, event: Event, what: str) -> None:
    if what == "waive":
        accounts = list(life.book(event.happened_on).accounts)
        for component in (Component.PENALTY, Component.COMPOUND):
            life.give_up(event, accounts, component)


def change_rate(life: Unfolding, event: ev.RateChange) -> None:
    """调息: make the rows anew from that day or the next due date on."""
    on = event.happened_on
    if life.running:
        life.change_rate(event.annual_rate, on=on, penalty_rate=event.penalty_rate)
        return
    left = _coming(life, event)
    _computed(life, event)
    later = event.begins == "next_due"
    begins = left.coming[0].row.due_on if later else on
    life.change_rate(event.annual_rate, on=begins, penalty_rate=event.penalty_rate)
    if later:
        left = replace(left, coming=left.coming[1:], next_seq=left.next_seq + 1)
    if not left.coming:
        return
    deal = _deal(life, left)
    if event.keep == "instalment":
        deal = replace(deal, instalment=left.instalment, periods=MOST_PERIODS)
    rows = rows_of(left, life.terms, deal, balance=left.balance, from_on=begins)
    rows = _paused(life, rows)
    if later:
        rows = _with_fees(rows, left)
    only = frozenset(each.demand_id for each in left.coming)
    life.replace_rows(event, rows, only=only)


def _with_fees(rows: tuple[NewRow, ...], left: Left) -> tuple[NewRow, ...]:
    """Put fees of the rows to come on the last new row where the plan begins later."""
    fee = sum(each.row.fee for each in left.coming)
    *others, last = rows
    return (*others, replace(last, row=replace(last.row, fee=last.row.fee + fee)))


def change_due_day(life: Unfolding, event: ev.DueDayChange) -> None:
    """改还款日: make as many rows anew, due from another day on."""
    _computed(life, event)
    left = _coming(life, event)
    first = check_later(event, "first_due_on", event.first_due_on, than=left.on)
    deal = _deal(life, left, first_due_on=first, due_day=first.day)
    life.replace_rows(event, _remade(life, left, deal))


def pause_interest(life: Unfolding, event: ev.InterestPause) -> None:
    """停息: take the interest of the days in the pause out of the rows to come."""
    on = event.happened_on
    check_later(event, "until", event.until, than=on)
    if event.penalty:
        life.stop_penalty(on, event.until)
    known = tuple(life.free)
    left = None if life.running else life.left(on)
    life.free.append((on, event.until))
    if left is None:  # its rows follow the days by themselves
        return
    old = [NewRow(each.row, each.begins, each.carried) for each in left.coming]
    new = without_free_days(old, life.free, known, rounding=life.policy.rounding)
    changed = [
        (each.demand_id, after)
        for each, before, after in zip(left.coming, old, new, strict=True)
        if after != before
    ]
    if changed:
        rows = tuple(after for _, after in changed)
        life.replace_rows(event, rows, only=frozenset(number for number, _ in changed))


def prepay(life: Unfolding, event: ev.Prepayment) -> None:
    """Pay what is due, then principal to come; make the rows left anew.

    With what is held already, all that is left may be paid: then nothing is to come.
    """
    check_positive(event, event.amount)
    if life.running:  # its rows follow the money by themselves
        life.pay(event, event.amount)
        return
    left = life.left(event.happened_on)
    book = life.book(event.happened_on)
    due = _due(book)
    prepaid = min(event.amount - due, left.balance)
    if event.effect == "keep" or prepaid <= 0 or not left.coming:
        life.pay(event, event.amount)
        return
    _computed(life, event)
    held = max(0, book.credit)
    if event.amount + held - due >= left.balance + left.earned:
        accelerate(life, event)
        life.pay(event, event.amount)
        return
    balance = left.balance - prepaid
    deal = _deal(life, left)
    if event.effect == "shorten_term" and balance:
        deal = shortened(left, life.terms, balance=balance)
        deal = replace(deal, annual_rate=life.rate, closed=life.calendar or frozenset())
    life.replace_rows(event, _remade(life, left, deal, balance=balance))
    life.owe(event, Row(0, left.on, prepaid, 0))
    life.pay(event, event.amount)


def _due(book: Replayed) -> int:
    """Return all that is due and unpaid, penalties with it."""
    due = (each for each in book.accounts if each.due <= book.as_of)
    return sum(sum(each.left.values()) for each in due)


def accelerate(life: Unfolding, event: Event) -> None:
    """Let all principal and the interest earned so far fall due that day."""
    left = life.left(event.happened_on)
    if left.coming:
        life.replace_rows(event, (all_at_once(left),))
