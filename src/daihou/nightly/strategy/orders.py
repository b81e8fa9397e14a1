"""Orders over journeys as the night carries them out: paused, stopped, sent on.

Few customers have one, so each is asked by the plain text; what it answers goes over
what the columns said.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import psycopg

from daihou.columnar.strategy.stepping import Before, Steps
from daihou.engine.basics.dates import DAY
from daihou.engine.strategy.answering import Answered, of_row
from daihou.engine.strategy.interrupts import Then
from daihou.engine.strategy.journey import IsWorking, Journey, Next, State
from daihou.engine.strategy.orders import Evening, Order, ordered
from daihou.kit.steps import ORDERS_LOCK

Connection = psycopg.Connection[Any]
Orders = Mapping[int, Sequence[Order]]
_SETTABLE: Final = ("segment", "queue")
# What holds on the morning, and what ended since the one before.
_SQL: Final = """
select customer_id, "do", given_on, least(until_on, ended_on), journey, aim, cause
from strategy_order
where given_on <= %(morning)s
  and (least(until_on, ended_on) is null or least(until_on, ended_on) > %(since)s)
  and ("do" <> 'jump' or given_on = %(morning)s)
order by customer_id, id
"""
_PREVIOUS: Final = "select max(as_of) from strategy_run where current and as_of < %s"


def hold_still(connection: Connection) -> None:
    """Let nobody give an order until the end of the transaction."""
    connection.execute("select pg_advisory_xact_lock(%s)", (ORDERS_LOCK,))


def previous(connection: Connection, as_of: date) -> date | None:
    """The evening that was asked last before a day."""
    row = connection.execute(_PREVIOUS, (as_of,)).fetchone()
    return row[0] if row else None


def read(connection: Connection, *, as_of: date, last: date | None) -> Orders:
    """The orders that matter on the morning after a day, by customer."""
    since = last + DAY if last is not None else date.min
    found: dict[int, list[Order]] = defaultdict(list)
    rows = connection.execute(_SQL, {"morning": as_of + DAY, "since": since})
    for customer, do, given_on, until, journey, aim, code in rows:
        order = Order(Then(do), given_on, until, journey, aim, code)
        found[customer].append(order)
    return found


def carry_out(
    steps: Steps,
    before: Before,
    orders: Orders,
    *,
    as_of: date,
    last: date | None,
    is_working: IsWorking,
) -> None:
    """Write over the steps of who has orders what comes of these."""
    for customer, place in _places(steps, orders):
        version = int(steps.version[place])
        row = int(steps.row[place])
        if version < 0 or row < 0 or steps.held_out[place]:
            continue
        strategy = steps.versions[version].strategy
        row_id = strategy.table.rows[row].id
        says = of_row(strategy, row_id, customer_id=customer)
        if says is None or not says.acts:
            continue
        evening = Evening(
            as_of=as_of,
            morning=as_of + DAY,
            previous=last,
            row_journey=says.text("journey"),
            row_action=says.action,
            before=state_of(before, customer),
        )
        journeys: dict[str, Journey] = {each.id: each for each in strategy.journeys}
        facts = steps.customers.facts(place)
        found = ordered(
            orders[customer], journeys, evening, facts, is_working=is_working
        )
        if found is not None:
            _written(steps, place, found, says)


def _places(steps: Steps, orders: Orders) -> Iterator[tuple[int, int]]:
    ids = steps.customers.customer_id
    wanted = np.array(sorted(orders), np.int64)
    for customer, place in zip(
        wanted.tolist(), np.searchsorted(ids, wanted).tolist(), strict=True
    ):
        if place < len(ids) and ids[place] == customer:
            yield customer, place


def state_of(before: Before, customer: int) -> State | None:
    """Where a customer stood; None: on no journey."""
    place = int(np.searchsorted(before.customer_id, customer))
    if place >= len(before.customer_id) or before.customer_id[place] != customer:
        return None
    sets = before.sets.words[before.sets.codes[place]]
    since, step_since = _day(before.since[place]), _day(before.step_since[place])
    assert since is not None and step_since is not None, customer
    return State(
        journey=before.journey.words[before.journey.codes[place]],
        step=before.step.words[before.step.codes[place]],
        since=since,
        step_since=step_since,
        next_on=_day(before.next_on[place]),
        sets=json.loads(sets) if sets else {},
    )


def _day(value: Any) -> date | None:
    if np.isnat(value):
        return None
    found: date = value.astype("datetime64[D]").item()
    return found


def _written(steps: Steps, place: int, found: Next, says: Answered) -> None:
    words, texts, state = steps.words, steps.texts, found.state
    sets = json.dumps(dict(state.sets), ensure_ascii=False) if state.sets else ""
    plain = {
        "action": found.action,
        "action_code": found.code,
        "alarm": found.alarm,
        "journey": state.journey,
        "journey_step": state.step,
        "journey_sets": sets,
        **{name: state.sets.get(name, says.text(name)) for name in _SETTABLE},
    }
    for name, text in plain.items():
        texts[name][place] = words.place(text)
    steps.priority[place] = says.priority(state.sets)
    days: tuple[date | None, ...] = (state.since, state.step_since, state.next_on)
    if not state.journey:
        days = (None, None, None)
    for name, day in zip(("journey_since", "step_since", "next_on"), days, strict=True):
        steps.days[name][place] = (
            np.datetime64(day, "D") if day else np.datetime64("NaT")
        )
