"""Every action on a request for relief, done by two people who saw the same."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from daihou.rooms.ledger.actions import standing
from daihou.rooms.people import door as people
from daihou.rooms.relief import actions, queries
from daihou.rooms.relief.actions import (
    PlanWish,
    SettlementWish,
    TermsWish,
    WaiverWish,
    household,
)
from tests.rooms.cast import HAND, TODAY, Cast
from tests.rooms.overlapping import Line, Pair
from tests.rooms.relieving import (
    DAY,
    Deciders,
    agreed,
    all_decide,
    decide,
    deed,
    late_loan,
    plan,
)

MOVED: Final = ("relief_has_moved",)


@dataclass(frozen=True)
class World:
    """Loans of its own name, who asks, and who decides."""

    name: str
    cast: Cast
    deciders: Deciders
    min: people.Person
    lead2: people.Person

    def loan(self) -> Any:
        """A late loan."""
        return late_loan(self.name)


def _both(w: World, act: Callable[[people.Person], object]) -> Pair:
    """Mei and Min do the same."""
    return lambda: act(w.cast.mei), lambda: act(w.min)


def _settlement(w: World) -> queries.Line:
    loan = w.loan()
    owed = actions.standing(loan.pk, on=TODAY, scope=HAND.scope).payoff
    wish = SettlementWish(
        parts=((TODAY + 5 * DAY, owed - 1_500),), difficulty="overdue"
    )
    return all_decide(
        actions.ask_settlement(loan.pk, wish, deed=deed(w.cast.mei)), w.deciders
    )


def _accept(w: World) -> Pair:
    line = decide(plan(w.loan(), w.cast), w.deciders.lead)
    return _both(
        w,
        lambda by: actions.accept(
            line.id, evidence="paper", deed=deed(by), version=line.version
        ),
    )


def _counter(w: World) -> Pair:
    line = _settlement(w)
    parts = ((TODAY + 5 * DAY, line.receive - 100),)
    return _both(
        w,
        lambda by: actions.counter(line.id, parts, deed=deed(by), version=line.version),
    )


def _withdraw(w: World) -> Pair:
    line = _settlement(w)
    return _both(
        w, lambda by: actions.withdraw(line.id, deed=deed(by), version=line.version)
    )


def _of_plan(
    act: Callable[..., queries.Line], *more: object, first: bool = False
) -> Callable[[World], Pair]:
    def prepare(w: World) -> Pair:
        line = agreed(w.loan(), w.cast, w.deciders)
        if first:
            line = actions.suspend(line.id, deed=deed(w.cast.mei))
        return _both(
            w, lambda by: act(line.id, *more, deed=deed(by), version=line.version)
        )

    return prepare


def _ask_waiver(w: World) -> Pair:
    loan = w.loan()
    owed = actions.standing(loan.pk, on=TODAY, scope=HAND.scope).owed["penalty"]
    wish = WaiverWish(parts={"penalty": owed // 10}, difficulty="none")
    return _both(w, lambda by: actions.ask_waiver(loan.pk, wish, deed=deed(by)))


def _ask_plan(w: World) -> Pair:
    loan = w.loan()
    wish = PlanWish(
        count=3, first_due_on=TODAY + timedelta(days=7), difficulty="overdue"
    )
    return _both(w, lambda by: actions.ask_plan(loan.pk, wish, deed=deed(by)))


def _ask_settlement(w: World) -> Pair:
    loan = w.loan()
    owed = actions.standing(loan.pk, on=TODAY, scope=HAND.scope).payoff
    wish = SettlementWish(
        parts=((TODAY + 5 * DAY, owed - 1_500),), difficulty="overdue"
    )
    return _both(w, lambda by: actions.ask_settlement(loan.pk, wish, deed=deed(by)))


def _ask_terms(w: World) -> Pair:
    loan = w.loan()
    wish = TermsWish(
        kind="extension", fields={"periods": 3}, difficulty="overdue", agreed="paper"
    )
    return _both(
        w, lambda by: actions.ask_change_of_terms(loan.pk, wish, deed=deed(by))
    )


def _decide(w: World) -> Pair:
    line = plan(w.loan(), w.cast)
    return (lambda: decide(line, w.deciders.lead)), (lambda: decide(line, w.lead2))


def _household(w: World) -> tuple[int, household.HouseholdWish]:
    loan = w.loan()
    standing.settle_at_once(loan, business_date=TODAY)
    wish = household.HouseholdWish(
        goal=200_000,
        goal_on=TODAY + timedelta(days=90),
        next_on=TODAY + timedelta(days=7),
        review_on=TODAY + timedelta(days=30),
        willingness="unable_willing",
        story="shop closed",
        sources=[
            household.SourceWish(
                kind="rent", amount=30_000, every="month", from_on=TODAY
            )
        ],
        means=[("visit", TODAY + timedelta(days=7))],
    )
    return loan.customer_id, wish


def _begin(w: World) -> Pair:
    customer, wish = _household(w)
    return _both(w, lambda by: household.begin(customer, wish, deed=deed(by)))


def _of_household(act: Callable[..., object], *more: object, **kw: object) -> Any:
    def prepare(w: World) -> Pair:
        customer, wish = _household(w)
        line = household.begin(customer, wish, deed=deed(w.cast.mei))
        return _both(
            w,
            lambda by: act(line.id, *more, deed=deed(by), version=line.version, **kw),
        )

    return prepare


_GONE: Final = ("household_has_moved",)
LINES: Final = {
    "agreeing.accept": Line(_accept, "arrangement.accepted", MOVED),
    "agreeing.counter": Line(_counter, "settlement.countered", MOVED),
    "agreeing.withdraw": Line(_withdraw, "settlement.withdrawn", MOVED),
    "agreeing.cancel": Line(_of_plan(actions.cancel), "arrangement.cancelled", MOVED),
    "agreeing.suspend": Line(_of_plan(actions.suspend), "arrangement.suspended", MOVED),
    "agreeing.resume": Line(
        _of_plan(actions.resume, first=True), "arrangement.resumed", MOVED
    ),
    "agreeing.skip": Line(
        _of_plan(actions.skip, 2), "arrangement.instalment.skipped", MOVED
    ),
    "asking.ask_waiver": Line(
        _ask_waiver,
        "waiver.requested",
        both="what both give up is weighed together",
        events=2,
    ),
    "asking.ask_plan": Line(
        _ask_plan,
        "arrangement.requested",
        both="a request binds nobody; one plan of a loan is accepted",
        events=2,
    ),
    "asking.ask_settlement": Line(
        _ask_settlement,
        "settlement.requested",
        both="a request binds nobody; one settlement of a loan is offered",
        events=2,
    ),
    "asking.ask_change_of_terms": Line(
        _ask_terms,
        "terms.requested",
        both="a request binds nobody; each is decided by itself",
        events=2,
    ),
    "deciding.carry_out": Line(_decide, "arrangement.approved", ("decided_meanwhile",)),
    "household.begin": Line(_begin, "household.begun", ("household_runs",)),
    "household.confirm": Line(
        _of_household(household.confirm, "likely", review_on=TODAY + 40 * DAY),
        "household.confirmed",
        _GONE,
    ),
    "household.done": Line(
        _of_household(household.done, 1, outcome="x", next_on=TODAY + 9 * DAY),
        "household.means.done",
        _GONE,
    ),
    "household.end": Line(_of_household(household.end), "household.ended", _GONE),
}
# A policy is proposed, and decided like any other proposal: no act on a request.
NO_CASE: Final = {"policies.propose_policy"}
# Done within the transaction of the last level's decision.
WITHIN: Final = {"deciding.carry_out"}
