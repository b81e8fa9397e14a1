"""The life of a loan: a contract and typed events in, facts and a state out.

One front for both ledgers. A late-arriving event is placed where it happened and
everything after it is derived again; `known_at` gives the life as it was known then.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from daihou.engine.basics.dates import DAY
from daihou.engine.basics.line import Line
from daihou.engine.basics.money import nano
from daihou.engine.ledger.fixed.history import history
from daihou.engine.ledger.fixed.replay import Calendar
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.fixed.standing import CLOSED
from daihou.engine.ledger.fixed.whatif import Payoff, payoff_of
from daihou.engine.ledger.life import events as ev
from daihou.engine.ledger.life.errors import LifeError
from daihou.engine.ledger.life.events import Event, kind_of, place_of
from daihou.engine.ledger.life.placing import OF_RUNNING, place
from daihou.engine.ledger.life.unfolding import Unfolding
from daihou.engine.ledger.schedule import schedule
from daihou.engine.ledger.values import Demand, Loan, LoanState, LoanTerms, RateStep
from daihou.engine.rulebook.policy import Mode, Policy


class Interest(StrEnum):
    """Rows of the contract (fixed), or interest by the day on what is owed (running)."""

    FIXED = "fixed"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Contract:
    """What was agreed. `demands` are rows given, in versions; empty: from the terms.

    A loan whose rows are given keeps its terms for everything but those rows.
    """

    loan_id: int
    terms: LoanTerms
    policy: Policy
    interest: Interest = Interest.FIXED
    demands: tuple[Demand, ...] = ()


@dataclass(frozen=True, slots=True)
class LifeState:
    """A loan at the end of a day, its facts, and lateness by the rows before.

    `state.dpd` is lateness by the contract as it now stands; `dpd_original` as if no
    re-age, re-amortisation or rescheduling of arrears had ever taken lateness away
    (逾期天数不因重组归零). `story` says what became of the rows, event by event.
    `accrued` is interest of the running period, earned and not yet due.
    """

    loan: Loan
    state: LoanState
    dpd_original: int
    bucket_original: str
    accrued: int
    story: tuple[Line, ...]

    @property
    def dpd_contract(self) -> int:
        """Days past due by the rows now in force."""
        return self.state.dpd


def unfold(
    contract: Contract,
    events: Iterable[Event],
    *,
    as_of: date,
    known_at: datetime | None = None,
    calendar: Calendar | None = None,
) -> Loan:
    """Return the facts of a loan at the end of `as_of`, ready for `settle`.

    Events may arrive in any order; those recorded after `known_at` are not known.
    Raises LifeError naming the event, TermsError for terms without a schedule.
    """
    life = _walk(contract, events, as_of=as_of, known_at=known_at, calendar=calendar)
    return life.facts(as_of)


def settle_life(
    contract: Contract,
    events: Iterable[Event],
    *,
    as_of: date,
    known_at: datetime | None = None,
    calendar: Calendar | None = None,
) -> LifeState:
    """Return what a loan owes and how late it is at the end of `as_of`, and why."""
    events = tuple(events)
    life = _walk(contract, events, as_of=as_of, known_at=known_at, calendar=calendar)
    loan = life.facts(as_of)
    state = settle(loan, contract.policy, as_of=as_of, calendar=calendar)
    known = in_force(events, as_of=as_of, known_at=known_at)
    original = state
    if any(map(_clears_arrears, known)):
        uncleared = _walk(
            *(contract, without_clearing(known)), as_of=as_of, calendar=calendar
        ).facts(as_of)
        original = settle(uncleared, contract.policy, as_of=as_of, calendar=calendar)
    return LifeState(
        loan=loan,
        state=state,
        dpd_original=original.dpd,
        bucket_original=original.bucket,
        accrued=0 if state.status in CLOSED else life.accrued(as_of),
        story=tuple(life.story),
    )


def payoff_life(
    contract: Contract,
    events: Iterable[Event],
    *,
    on: date,
    known_at: datetime | None = None,
    calendar: Calendar | None = None,
) -> Payoff:
    """Return what closes a loan at the end of `on`, restructured or running too.

    Amounts in minor units. As in `whatif.payoff`, what is above the cost cap is left
    out: waive it that day. Raises LifeError naming the event that cannot be.
    """
    life = settle_life(contract, events, as_of=on, known_at=known_at, calendar=calendar)
    return payoff_of(life.state, running_interest=life.accrued)


def dpd_path(
    contract: Contract,
    events: Iterable[Event],
    *,
    first: date,
    last: date,
    known_at: datetime | None = None,
    calendar: Calendar | None = None,
) -> dict[date, int]:
    """Return days past due at the end of each day, as that day's events had it.

    Only what takes an event back changes what an earlier day looked like; between
    two such days one unfolding serves.
    """
    events = tuple(events)
    changes = {each.happened_on for each in events if isinstance(each, ev.TAKES_BACK)}
    if contract.interest is Interest.RUNNING:  # its rows follow the money
        changes |= {each.happened_on for each in events}
    days: dict[date, int] = {}
    for begin, end in _spans(max(first, contract.terms.disbursed_on), last, changes):
        loan = unfold(contract, events, as_of=end, known_at=known_at, calendar=calendar)
        days |= history(loan, contract.policy, first=begin, last=end, calendar=calendar)
    return days


def _spans(
    first: date, last: date, changes: Iterable[date]
) -> Iterator[tuple[date, date]]:
    begin = first
    for change in sorted(day for day in changes if first < day <= last):
        yield begin, change - DAY
        begin = change
    if begin <= last:
        yield begin, last


# --- Which events count ------------------------------------------------------------


def in_force(
    events: Iterable[Event], *, as_of: date, known_at: datetime | None = None
) -> tuple[Event, ...]:
    """Return the events that count on a day, in the order of the life.

    Left out: what happened later, what was not yet recorded, what was taken back by
    then, and what took it back.
    """
    every = tuple(events)
    by_id = {each.event_id: each for each in every}
    if len(by_id) < len(every):
        ids = [each.event_id for each in every]
        raise LifeError("twice", event=next(n for n in ids if ids.count(n) > 1))
    known = {
        each.event_id: each
        for each in every
        if each.happened_on <= as_of
        and (known_at is None or each.recorded_at <= known_at)
    }
    for each in every:
        _check_of(each, by_id)
    gone = _gone(known)
    counting = [
        each
        for each in known.values()
        if each.event_id not in gone and not isinstance(each, ev.TAKES_BACK)
    ]
    return tuple(sorted(counting, key=place_of))


def _check_of(event: Event, by_id: Mapping[int, Event]) -> None:
    if not isinstance(event, ev.Reversal | ev.Chargeback | ev.Undo):
        return
    if event.of not in by_id:
        raise LifeError("of", event=event.event_id, of=event.of)
    aim = by_id[event.of]
    if not isinstance(event, ev.Undo) and not isinstance(aim, ev.MONEY_IN):
        raise LifeError("of_money", event=event.event_id, of=event.of)


def _gone(known: Mapping[int, Event]) -> frozenset[int]:
    """Return the ids taken back by an event that is not itself taken back.

    A chargeback of a payment that was taken back has nothing left to take.
    """
    back: dict[int, list[int]] = {}
    for each in known.values():
        if isinstance(each, ev.Reversal | ev.Undo):
            back.setdefault(each.of, []).append(each.event_id)

    def is_gone(event_id: int, path: tuple[int, ...]) -> bool:
        if event_id in path:
            raise LifeError("circle", event=event_id)
        return any(
            not is_gone(each, (*path, event_id)) for each in back.get(event_id, ())
        )

    return frozenset(each for each in known if is_gone(each, ()))


def _clears_arrears(event: Event) -> bool:
    if isinstance(event, ev.Reschedule):
        return event.arrears
    return isinstance(event, ev.ReAge | ev.ReAmortise)


_RESHAPES = (
    *(ev.Extension, ev.Reschedule, ev.ReAge, ev.ReAmortise, ev.DueDayChange),
    *(ev.RateChange, ev.Disbursement),
)


def without_clearing(known: Sequence[Event]) -> tuple[Event, ...]:
    """Return the events of a life in which no restructuring took lateness away.

    What reshaped the plan after the first such event built on it and goes too; money
    stays, a prepayment as plain money.
    """
    found: list[Event] = []
    cleared = False
    for each in known:
        cleared = cleared or _clears_arrears(each)
        if _clears_arrears(each) or (cleared and isinstance(each, _RESHAPES)):
            continue
        if cleared and isinstance(each, ev.Prepayment):
            each = replace(each, effect="keep")
        found.append(each)
    return tuple(found)


# --- The walk ----------------------------------------------------------------------


def _walk(
    contract: Contract,
    events: Iterable[Event],
    *,
    as_of: date,
    known_at: datetime | None = None,
    calendar: Calendar | None = None,
) -> Unfolding:
    if contract.policy.mode is Mode.MIRROR:
        raise LifeError("mirror", product=contract.policy.product)
    running = contract.interest is Interest.RUNNING
    loan = _as_agreed(contract, calendar, running=running)
    life = Unfolding(
        loan, contract.terms, contract.policy, calendar=calendar, running=running
    )
    for event in in_force(events, as_of=as_of, known_at=known_at):
        _check(contract, event, running=running)
        place(life, event)
    return life


def _as_agreed(contract: Contract, calendar: Calendar | None, *, running: bool) -> Loan:
    """Return the loan on the day it is paid out, with all rows of the contract."""
    terms, multiplier = contract.terms, contract.policy.penalty.multiplier
    demands = () if running else contract.demands
    if not demands and not running:
        closed = frozenset(calendar or ())
        demands = tuple(
            Demand(place, *(row.seq, row.due_on, row.principal, row.interest, row.fee))
            for place, row in enumerate(schedule(terms, closed=closed), 1)
        )
    return Loan(
        loan_id=contract.loan_id,
        currency=terms.currency,
        principal=terms.principal_minor,
        disbursed_on=terms.disbursed_on,
        demands=demands,
        penalty_rate_nano=_penalty_nano(terms.annual_rate, multiplier),
        rate_steps=tuple(
            RateStep(each.on, _penalty_nano(each.annual_rate, multiplier))
            for each in terms.rate_changes
        ),
    )


def _penalty_nano(rate: Decimal, multiplier: Decimal) -> int:
    return nano(rate * multiplier)


def _check(contract: Contract, event: Event, *, running: bool) -> None:
    number, on = event.event_id, event.happened_on
    paid_out = contract.terms.disbursed_on
    if on < paid_out:
        raise LifeError("early", event=number, on=on, disbursed_on=paid_out)
    if running and type(event) not in OF_RUNNING:
        raise LifeError("running", event=number, kind=kind_of(event))
    if isinstance(event, (*_RESHAPES, ev.InterestPause, ev.Prepayment)):
        later = [each.begins_on for each in contract.demands if each.begins_on > on]
        if later and not running:
            raise LifeError("versions", event=number, on=on, begins_on=min(later))
