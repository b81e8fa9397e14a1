"""A customer's step is found anew between two evenings, and orders over it are kept.

The night asks the same plain text of the same orders, so it comes to the same.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db import connection

from daihou.engine.basics.errors import UserError
from daihou.engine.strategy.answering import Answered, answered, of_row
from daihou.engine.strategy.journey import Next, State, next_step
from daihou.engine.strategy.orders import Evening, ordered
from daihou.engine.strategy.strategy import Strategy
from daihou.engine.strategy.table import Value
from daihou.kit import steps
from daihou.kit.turns import in_turn
from daihou.packs import holidays
from daihou.rooms.strategy import document, queries
from daihou.rooms.strategy.models import CustomerStep
from daihou.rooms.strategy.queries import orders

Facts = Mapping[str, Value]
_SETTABLE: Final = ("segment", "queue")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """What became of a customer's journey, and why.

    `what` is paused, resumed, jumped, started, stopped, ended or asked_again; `cause`
    the event, `person` or `expired`. The rest is the step as it stands now; `changed`
    says whether it is another than before.
    """

    customer_id: int
    what: str
    cause: str
    aim: str = ""
    until: date | None = None
    order: int | None = None
    reason: str = ""
    journey: str = ""
    step: str = ""
    action: str = ""
    segment: str = ""
    priority: int = 0
    because: Mapping[str, str] = field(default_factory=dict)
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Doer:
    """Who ordered it, when and on which business date; `request_id` of a request."""

    login: str
    at: datetime
    on: date
    request_id: str = ""


# Told of what became of journeys, in the transaction of it; gives whom it wrote of.
Follow = Callable[[Sequence[Turned], Doer], set[int]]
_follows: dict[str, Follow] = {}


def register_follow(name: str, follow: Follow) -> None:
    """Say who goes by what becomes of journeys; the same name again replaces it."""
    _follows[name] = follow


def followed(turned: Sequence[Turned], doer: Doer) -> set[int]:
    """Tell everybody who goes by it; the customers of whom somebody wrote."""
    told: set[int] = set()
    for name in sorted(_follows):
        told |= _follows[name](turned, doer)
    return told


def hold(customer_id: int) -> None:
    """Nobody else turns this customer's journey to the end of the transaction."""
    in_turn("journey", str(customer_id))
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock_shared(%s)", [steps.ORDERS_LOCK])


class _Unknown(Exception):
    """The facts of a customer cannot be had now; the night has them."""


class _Lazy(Mapping[str, Value]):
    """The facts of a customer, read when one is asked for."""

    def __init__(self, customer_id: int, as_of: date) -> None:
        self._of = customer_id, as_of
        self._found: Facts | None = None

    def _read(self) -> Facts:
        if self._found is None:
            maker = steps.step_maker()
            customer_id, as_of = self._of
            try:
                found = maker and maker.facts(customer_id, as_of=as_of)
            except UserError:
                found = None
            if not found:
                raise _Unknown
            self._found = found
        return self._found

    def __getitem__(self, name: str) -> Value:
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


@dataclass(slots=True)
class Turning:
    """One customer's step, locked, and what the strategies in force say of it."""

    customer_id: int
    row: CustomerStep | None
    as_of: date
    on: date
    live: Sequence[steps.Live]
    facts: Facts
    says: Answered | None
    version: steps.Live | None

    @classmethod
    def of(
        cls,
        customer_id: int,
        *,
        on: date,
        live: Sequence[steps.Live],
        anew: bool,
    ) -> "Turning | None":
        """Hold a customer; with `anew` the table is asked with today's facts.

        None where no night has asked anything yet.
        """
        hold(customer_id)
        run = queries.steps_run()
        if run is None:
            return None
        row = CustomerStep.objects.select_for_update().filter(pk=customer_id).first()
        facts = _Lazy(customer_id, run.as_of)
        found = cls(customer_id, row, run.as_of, on, live, facts, None, None)
        if anew:
            found._ask()
        if found.says is None:
            found._as_it_was()
        return found

    def _ask(self) -> None:
        strategies = [each.strategy for each in self.live]
        try:
            says = answered(
                strategies, self.facts, customer_id=self.customer_id, as_of=self.as_of
            )
        except (_Unknown, UserError):
            return
        if says is not None:
            self.says, self.version = says, self.live[says.place]

    def _as_it_was(self) -> None:
        """The row that the last evening answered, also of a version no more in force."""
        if self.row is None:
            return
        self.version = next(
            (each for each in self.live if each.version_id == self.row.version_id),
            None,
        )
        kept = None if self.version else queries.version_or_none(self.row.version_id)
        if kept is not None:
            self.version = steps.Live(kept.pk, document.parsed(kept.content))
        if self.version is not None:
            self.says = of_row(
                self.version.strategy, self.row.row_id, customer_id=self.customer_id
            )

    @property
    def strategy(self) -> Strategy | None:
        """The strategy that has the customer."""
        return self.version.strategy if self.version else None

    def journeys(self) -> list[str]:
        """The journeys the customer may be on: of the row now, and of the step."""
        now = self.says.text("journey") if self.says else ""
        was = self.row.journey if self.row else ""
        return [each for each in dict.fromkeys((was, now)) if each]

    def _state(self) -> State | None:
        row = self.row
        if row is None or not row.journey or row.journey_since is None:
            return None
        return State(
            journey=row.journey,
            step=row.journey_step,
            since=row.journey_since,
            step_since=row.step_since or row.journey_since,
            next_on=row.next_on,
            sets=row.journey_sets,
        )

    def _found(self) -> Next | None:
        """The step under the orders that stand; None where it cannot be told now."""
        if self.says is None or self.strategy is None or self.says.held_out:
            return None
        if not self.says.acts:
            return Next(State("", "", self.as_of, self.as_of), "none")
        known = holidays.holidays()
        journeys = {each.id: each for each in self.strategy.journeys}
        state, name = self._state(), self.says.text("journey")
        evening = Evening(
            as_of=self.as_of,
            morning=self.on,
            previous=self.as_of,
            row_journey=name,
            row_action=self.says.action,
            before=state,
        )

        def is_working(day: date) -> bool:
            return not known.is_off(day)

        standing = orders.standing_on(self.customer_id, self.on)
        try:
            found = ordered(
                standing, journeys, evening, self.facts, is_working=is_working
            )
            if found is None and name in journeys:
                mine = state if state and state.journey == name else None
                found = next_step(
                    *(journeys[name], mine, self.facts, self.as_of),
                    is_working=is_working,
                )
        except _Unknown:
            return None
        if found is not None:
            return found
        stays = state if self.says.action == "pause" else None
        nowhere = State("", "", self.as_of, self.as_of)
        return Next(stays or nowhere, self.says.action)

    def written(self, *, what: str, cause: str, **more: object) -> Turned:
        """Write the step as it stands under the orders; what became of it."""
        values = self._values()
        changed = False
        if values and self.row is None:
            self.row = CustomerStep(pk=self.customer_id, since=self.on, **values)
            self.row.save(force_insert=True)
            changed = True
        elif values and self.row is not None:
            other = {n: v for n, v in values.items() if getattr(self.row, n) != v}
            if other:
                for name, value in other.items():
                    setattr(self.row, name, value)
                self.row.since, changed = self.on, True
                self.row.save(update_fields=[*other, "since"])
        row = self.row
        told = {} if row is None else _told(row)
        return Turned(
            customer_id=self.customer_id,
            what=what,
            cause=cause,
            changed=changed,
            **(told | more),  # type: ignore[arg-type]
        )

    def _values(self) -> dict[str, object]:
        found = self._found()
        if found is None or self.says is None or self.version is None:
            return {}
        state, says = found.state, self.says
        on_one = bool(state.journey)
        return {
            "version_id": self.version.version_id,
            "row_id": says.row.id,
            "arm": says.arm,
            **{name: state.sets.get(name, says.text(name)) for name in _SETTABLE},
            "priority": says.priority(state.sets),
            "open_case": bool(says.answers.get("open_case")),
            "action": found.action,
            "action_code": found.code,
            "alarm": found.alarm,
            "journey": state.journey,
            "journey_step": state.step,
            "journey_since": state.since if on_one else None,
            "step_since": state.step_since if on_one else None,
            "next_on": state.next_on if on_one else None,
            "journey_sets": dict(state.sets),
            "because": dict(says.row.because),
        }


def _told(row: CustomerStep) -> dict[str, object]:
    return {
        "journey": row.journey,
        "step": row.journey_step,
        "action": row.action,
        "segment": row.segment,
        "priority": row.priority,
        "because": row.because,
    }
