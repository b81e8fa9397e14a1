"""What is true of every life: any order of arrival, any restructuring, any day."""

from dataclasses import replace
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from daihou.engine.basics.dates import DAY
from daihou.engine.basics.errors import UserError
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.life import events as ev
from daihou.engine.ledger.life.events import Event
from daihou.engine.ledger.life.front import (
    Contract,
    Interest,
    LifeState,
    dpd_path,
    in_force,
    payoff_life,
    settle_life,
    unfold,
)
from daihou.engine.ledger.values import LoanState
from daihou.engine.rulebook.policy import Component, OrderRule
from tests.engine.lives import (
    CAP,
    FIRST,
    LAST,
    MONEY,
    RESHAPING,
    RUNNING,
    contracts,
    days,
    ends,
    happenings,
    instant,
)

FIXED_PARTS = (Component.FEE, Component.INTEREST, Component.PRINCIPAL)


def lived(
    contract: Contract, events: tuple[Event, ...], on: date, **others: object
) -> LifeState:
    """Settle a life; one that cannot be lived is no example."""
    try:
        return settle_life(contract, events, as_of=on, **others)  # type: ignore[arg-type]
    except UserError:
        assume(False)  # noqa: FBT003 - the library's own signature
        raise


def plain(state: LoanState) -> dict[str, object]:
    """Return a state as values that compare."""
    names = [name for name in LoanState.__slots__ if name != "demands"]
    rows = {
        each.demand.demand_id: (dict(each.paid), dict(each.unpaid), each.late)
        for each in state.demands
    }
    return {name: getattr(state, name) for name in names} | {"demands": rows}


@given(contracts(), happenings(), ends)
def test_law_1_no_cent_is_made_or_lost(
    contract: Contract, events: tuple[Event, ...], on: date
) -> None:
    life = lived(contract, events, on)
    money = sum(
        -each.amount if isinstance(each, ev.Refund) else each.amount
        for each in in_force(events, as_of=on)
        if isinstance(each, (*ev.MONEY_IN, ev.Refund))
    )
    placed = sum(each.amount for each in life.state.allocations)
    assert money == placed + life.state.unapplied_credit


@given(contracts(), happenings(), ends)
def test_law_2_principal_is_what_was_lent(
    contract: Contract, events: tuple[Event, ...], on: date
) -> None:
    life = lived(contract, events, on)
    moved = sum(
        each.amount
        for each in life.loan.waivers
        if each.moved and each.component == "principal"
    )
    rows = sum(each.demand.principal for each in life.state.demands)
    assert rows - moved == life.loan.principal
    for each in life.state.demands:
        due = (each.demand.fee, each.demand.interest, each.demand.principal)
        for part, owed in zip(FIXED_PARTS, due, strict=True):
            assert owed == each.paid[part] + each.waived[part] + each.unpaid[part]
        assert min(each.unpaid.values()) >= 0


@given(contracts(), happenings(), days, st.integers(1, 20))
def test_law_3_paying_more_never_makes_it_later(
    contract: Contract, events: tuple[Event, ...], on: date, amount: int
) -> None:
    """Money alone: how much a restructuring moves depends on what was paid."""
    events = tuple(each for each in events if isinstance(each, ev.PaymentReceived))
    policy = replace(
        contract.policy, dpd=replace(contract.policy.dpd, tolerance_minor=0)
    )
    contract = replace(contract, policy=policy)
    more = ev.PaymentReceived(
        event_id=77, happened_on=on, recorded_at=instant(on), amount=amount
    )
    before, after = (
        lived(contract, each, LAST).state for each in (events, (*events, more))
    )
    assert after.dpd <= before.dpd


@given(contracts(), happenings(), days.filter(lambda day: day < LAST))
def test_law_4_an_untouched_late_loan_ages_one_day_a_day(
    contract: Contract, events: tuple[Event, ...], on: date
) -> None:
    calm = tuple(
        each
        for each in events
        if each.happened_on <= on and not isinstance(each, ev.DelinquencyPause)
    )
    ids = {each.event_id for each in calm}
    assume(all(each.of in ids for each in calm if isinstance(each, ev.TAKES_BACK)))
    today = lived(contract, calm, on)
    assume(today.state.dpd > 0 and today.state.unapplied_credit <= 0)
    tomorrow = lived(contract, calm, on + DAY)
    assert tomorrow.state.dpd == today.state.dpd + 1
    assert tomorrow.dpd_original == today.dpd_original + 1


@given(contracts(), happenings(), ends, st.data())
def test_law_5_any_order_of_arrival_gives_the_same(
    contract: Contract, events: tuple[Event, ...], on: date, data: st.DataObject
) -> None:
    other = tuple(data.draw(st.permutations(events)))
    first, second = (lived(contract, each, on) for each in (events, other))
    assert plain(first.state) == plain(second.state)
    assert first.dpd_original == second.dpd_original


@given(contracts(), happenings(kinds=RESHAPING, taken_back=False), days)
def test_law_5_what_happens_later_moves_no_cent_of_before(
    contract: Contract, events: tuple[Event, ...], on: date
) -> None:
    """A restructuring or payment of a later day leaves every earlier day as it was."""
    late = lived(contract, events, LAST)
    early = lived(contract, tuple(e for e in events if e.happened_on <= on), on)
    assert early.state.allocations == tuple(
        each for each in late.state.allocations if each.on <= on
    )
    again = settle(late.loan, contract.policy, as_of=on)
    assume(late.loan.status == "active")
    assert again.dpd == early.state.dpd
    assert again.times_late == early.state.times_late


@given(contracts(caps=(CAP,)), happenings(), ends)
def test_law_6_no_restructuring_makes_it_dearer_than_the_cap(
    contract: Contract, events: tuple[Event, ...], on: date
) -> None:
    """One per cent a day of the principal outstanding each night is the most."""
    life = lived(contract, events, on)
    assume(life.loan.status == "active")
    nights = (FIRST + DAY * count for count in range((on - FIRST).days))
    allowance = sum(
        settle(life.loan, contract.policy, as_of=night).outstanding_principal
        for night in nights
    )
    state = life.state
    due = [each.paid for each in state.demands if each.due_on <= on]
    paid = sum(each["fee"] + each["interest"] for each in due)
    paid += sum(e.paid["penalty"] + e.paid["compound"] for e in state.demands)
    claimed = state.claimable - state.outstanding_principal
    assert paid + claimed <= max(allowance // 100, paid)


@given(contracts(), happenings(most=4), ends, st.data())
def test_undone_is_as_if_it_had_never_been(
    contract: Contract, events: tuple[Event, ...], on: date, data: st.DataObject
) -> None:
    events = tuple(each for each in events if not isinstance(each, ev.TAKES_BACK))
    assume(events)
    gone = data.draw(st.sampled_from(events))
    undo = ev.Undo(
        event_id=98,
        happened_on=gone.happened_on,
        recorded_at=instant(on),
        of=gone.event_id,
    )
    others = tuple(each for each in events if each is not gone)
    without = lived(contract, others, on)
    undone = lived(contract, (*events, undo), on)
    assert plain(undone.state) == plain(without.state)
    redo = ev.Undo(
        event_id=97, happened_on=on, recorded_at=instant(on), of=undo.event_id
    )
    assert plain(lived(contract, (*events, undo, redo), on).state) == plain(
        lived(contract, events, on).state
    )


@given(contracts(), happenings(), ends, days)
def test_known_at_is_the_life_of_what_was_recorded_by_then(
    contract: Contract, events: tuple[Event, ...], on: date, then: date
) -> None:
    known_at = instant(then, hour=2)
    known = tuple(each for each in events if each.recorded_at <= known_at)
    ids = {each.event_id for each in known}
    assume(all(each.of in ids for each in known if isinstance(each, ev.TAKES_BACK)))
    assert plain(lived(contract, events, on, known_at=known_at).state) == plain(
        lived(contract, known, on).state
    )


@given(contracts(), happenings(), days)
def test_what_happens_later_moves_no_money_of_before(
    contract: Contract, events: tuple[Event, ...], on: date
) -> None:
    """A plan made anew, a new status: only what takes an event back moves money."""
    order = (Component.PRINCIPAL, *FIXED_PARTS[:2], Component.PENALTY)
    rules = [
        OrderRule((*order, Component.COMPOUND), status=each)
        for each in ("written_off", "charged_off")
    ]
    policy = replace(contract.policy, order_rules=tuple(rules))
    contract = replace(contract, policy=policy)
    events = tuple(each for each in events if not isinstance(each, ev.TAKES_BACK))
    later = lived(contract, events, LAST).state.allocations
    then = lived(contract, events, on).state.allocations
    assert tuple(each for each in later if each.on <= on) == then


@given(contracts(), happenings())
def test_the_path_is_what_each_day_said(
    contract: Contract, events: tuple[Event, ...]
) -> None:
    lived(contract, events, LAST)
    states = {
        day: lived(contract, events, day).state.dpd
        for day in (FIRST + DAY * count for count in range((LAST - FIRST).days + 1))
    }
    assert dpd_path(contract, events, first=FIRST, last=LAST) == states


@given(contracts(), happenings(), ends)
def test_the_payoff_closes_the_loan(
    contract: Contract, events: tuple[Event, ...], on: date
) -> None:
    """Paid as a prepayment on its day, what is asked leaves nothing to pay."""
    events = tuple(each for each in events if each.happened_on < on)
    ids = {each.event_id for each in events}
    assume(all(each.of in ids for each in events if isinstance(each, ev.TAKES_BACK)))
    life = lived(contract, events, on)
    asked = payoff_life(contract, events, on=on)
    assume(life.state.status == "active" and asked.total > 0)
    paid = ev.Prepayment(
        event_id=90, happened_on=on, recorded_at=instant(on), amount=asked.total
    )
    after = lived(contract, (*events, paid), on).state
    late_fees = sum(
        each.unpaid["fee"] for each in life.state.demands if each.due_on > on
    )
    assert after.outstanding_principal == 0
    assert sum(sum(each.unpaid.values()) for each in after.demands) <= late_fees


@given(
    contracts(interest=Interest.RUNNING),
    happenings(kinds=RUNNING),
    days,
    st.data(),
)
def test_a_running_loan_lives_by_the_same_laws(
    contract: Contract, events: tuple[Event, ...], on: date, data: st.DataObject
) -> None:
    other = tuple(data.draw(st.permutations(events)))
    first, second = (lived(contract, each, on) for each in (events, other))
    assert plain(first.state) == plain(second.state)
    money = sum(
        -each.amount if isinstance(each, ev.Refund) else each.amount
        for each in in_force(events, as_of=on)
        if isinstance(each, (*ev.MONEY_IN, ev.Refund))
    )
    placed = sum(each.amount for each in first.state.allocations)
    assert money == placed + first.state.unapplied_credit


@given(contracts(), happenings(kinds=MONEY), days)
def test_facts_alone_give_the_state(
    contract: Contract, events: tuple[Event, ...], on: date
) -> None:
    life = lived(contract, events, on)
    facts = unfold(contract, events, as_of=on)
    assert settle(facts, contract.policy, as_of=on) == life.state
