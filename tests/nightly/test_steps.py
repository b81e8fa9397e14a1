"""The night's next steps: equal to the plain text, written once, rehearsed without a trace."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from daihou.engine.gate.checks import Per
from daihou.engine.strategy import deciding
from daihou.engine.strategy.journey import next_step
from daihou.engine.strategy.limits import Limit
from daihou.engine.strategy.strategy import Arm, Experiment, Strategy
from daihou.engine.strategy.table import Row
from daihou.kit.steps import Live
from daihou.nightly.errors import NightError
from daihou.nightly.strategy.maker import StepMaker
from daihou.packs import strategies
from daihou.rooms.ledger.models import Loan
from tests.nightly import world

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
LAST, AT = world.LAST, world.AT
COLUMNS = (
    *("customer_id", "version_id", "row_id", "arm", "segment", "queue", "action"),
    *("priority", "open_case", "journey", "journey_step", "alarm", "since"),
)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[StepMaker]:
    """A book lived from the first to the last day."""
    world.build(loans=40)
    night = world.a_night(tmp_path)
    night.begin(world.FIRST)
    list(night.close(through=LAST))
    night.shut()
    yield StepMaker(url=world.url(), home=tmp_path)


def consumer() -> Strategy:
    return strategies.shipped()["consumer"]


def live(strategy: Strategy | None = None, number: int = 7) -> list[Live]:
    return [Live(number, strategy or consumer())]


def evaluate(book: StepMaker, versions: list[Live], as_of: date = LAST) -> Any:
    return book.evaluate(as_of, live=versions, at=AT, by="night")


def rows(table: str = "strategy_step") -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(COLUMNS)} from {table} order by customer_id")
        return [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]


def with_rows(strategy: Strategy, **changes: Any) -> Strategy:
    """The same strategy with other answers in some rows: id -> action."""
    table = strategy.table
    at = table.output_place("action")

    def changed(row: Row) -> Row:
        action = changes.get(row.id.replace("-", "_"))
        if action is None:
            return row
        return replace(row, values=(*row.values[:at], action, *row.values[at + 1 :]))

    made = tuple(map(changed, table.rows))
    return replace(strategy, table=replace(table, rows=made))


def test_every_step_is_what_the_plain_text_says(book: StepMaker) -> None:
    run = evaluate(book, live())
    found = {row["customer_id"]: row for row in rows()}
    assert run.steps == len(found) > 5
    assert len({row["row_id"] for row in found.values()}) > 2
    customers = set(Loan.objects.values_list("customer_id", flat=True))
    asked = 0
    for customer in customers:
        facts = book.facts(customer, as_of=LAST)
        if facts is None:
            assert customer not in found
            continue
        asked += 1
        decision = deciding.decide(consumer().table, facts, LAST)
        answers = consumer().table.answers(consumer().table.row(str(decision.answer)))
        acts = answers["action"] != "none" or answers["open_case"]
        assert (customer in found) == bool(acts)
        if customer not in found:
            continue
        row = found[customer]
        assert row["row_id"] == decision.answer
        assert row["since"] == LAST
        journey = consumer().journey(str(answers["journey"] or ""))
        action, step = answers["action"], ""
        if journey is not None:
            lived = next_step(journey, None, facts, LAST)
            action, step = lived.action, lived.state.step
        assert (row["action"], row["journey_step"]) == (action, step)
        assert row["priority"] == answers["priority"]
    assert run.customers == asked


def test_the_run_says_how_many_and_how_much(book: StepMaker) -> None:
    run = evaluate(book, live())
    with connection.cursor() as cursor:
        cursor.execute(
            "select counts->'rows'->'7', counts->'actions', customers, steps, current"
            " from strategy_run"
        )
        ((by_row, actions, customers, steps, current),) = cursor.fetchall()
    by_row, actions = (_json(each) for each in (by_row, actions))
    assert current and (customers, steps) == (run.customers, run.steps)
    assert sum(each["customers"] for each in by_row.values()) == customers
    assert sum(each["customers"] for each in actions.values()) == steps
    with connection.cursor() as cursor:
        cursor.execute(
            "select sum(overdue_total), sum(outstanding_total) from ledger_position"
            " where status = 'active'"
        )
        ((overdue, outstanding),) = cursor.fetchall()
    assert sum(each["overdue"] for each in by_row.values()) == overdue > 0
    assert sum(each["outstanding"] for each in by_row.values()) == outstanding


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def test_the_same_night_again_writes_nothing(book: StepMaker) -> None:
    first = evaluate(book, live())
    again = evaluate(book, live())
    assert again.fingerprint == first.fingerprint
    assert (first.changed, again.changed) == (first.steps, 0)


def test_a_day_is_due_until_it_was_asked_like_this(book: StepMaker) -> None:
    assert book.due([]) == []
    assert book.due(live()) == [LAST]
    evaluate(book, live())
    assert book.due(live()) == []
    other = with_rows(consumer(), M1_15="visit")
    assert book.due(live(other)) == [LAST]
    assert book.due(live(number=8)) == [LAST]
    assert book.due([]) == [LAST]
    evaluate(book, [])
    assert rows() == []
    assert book.due([]) == []


def test_only_the_last_closed_day_is_asked(book: StepMaker) -> None:
    with pytest.raises(NightError) as caught:
        evaluate(book, live(), as_of=LAST - DAY)
    assert caught.value.code == "steps_past"


def test_journeys_go_on_from_night_to_night(book: StepMaker, tmp_path: Path) -> None:
    evaluate(book, live())
    before = {row["customer_id"]: row for row in rows()}
    facts = {number: book.facts(number, as_of=LAST) for number in before}
    night = world.a_night(tmp_path)
    list(night.close())
    night.shut()
    run = evaluate(book, live(), as_of=LAST + DAY)
    assert 0 < run.changed < run.steps
    went_on = 0
    for row in rows():
        was = before.get(row["customer_id"])
        if was is None or not row["journey"] or was["journey"] != row["journey"]:
            continue
        journey = consumer().journey(row["journey"])
        told = book.facts(row["customer_id"], as_of=LAST + DAY)
        assert journey is not None and told is not None
        first = facts[row["customer_id"]]
        assert first is not None
        state = next_step(journey, None, first, LAST).state
        lived = next_step(journey, state, told, LAST + DAY)
        assert (row["action"], row["journey_step"]) == (lived.action, lived.state.step)
        went_on += 1
    assert went_on


def journeys() -> dict[int, tuple[Any, ...]]:
    """Where every customer's journey stands."""
    names = "journey, journey_step, journey_since, step_since, next_on, action"
    with connection.cursor() as cursor:
        cursor.execute(f"select customer_id, {names} from strategy_step")
        return {row[0]: row[1:] for row in cursor.fetchall()}


def test_a_day_put_right_leaves_no_trace_of_the_wrong_one(
    book: StepMaker, tmp_path: Path
) -> None:
    evaluate(book, live())
    night = world.a_night(tmp_path)
    list(night.close())
    night.shut()
    right = evaluate(book, live(), as_of=LAST + DAY)
    found = journeys()
    assert any(stands[2] == LAST for stands in found.values())  # begun the day before
    evaluate(book, [], as_of=LAST + DAY)  # nobody is asked: every journey is lost
    assert journeys() == {}
    again = evaluate(book, live(), as_of=LAST + DAY)
    assert journeys() == found
    assert again.fingerprint == right.fingerprint


def test_a_customer_on_hold_keeps_the_journey_but_hears_nothing(
    book: StepMaker, tmp_path: Path
) -> None:
    evaluate(book, live())
    held = next(row for row in rows() if row["journey"])
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into casework_facts (customer_id, held) values (%s, true)",
            [held["customer_id"]],
        )
    night = world.a_night(tmp_path)
    list(night.close())
    night.shut()
    evaluate(book, live(), as_of=LAST + DAY)
    (now,) = (row for row in rows() if row["customer_id"] == held["customer_id"])
    assert (now["row_id"], now["action"]) == ("HOLD", "pause")
    kept = ("journey", "journey_step")
    assert [now[name] for name in kept] == [held[name] for name in kept]


def test_a_hold_out_is_left_alone_and_stays_known(book: StepMaker) -> None:
    arms = (Arm("usual", {}, 500), Arm("alone", {}, 500, hold_out=True))
    tried = replace(consumer(), experiment=Experiment("e", {}, "salt", arms))
    evaluate(book, live())
    usual = {row["customer_id"]: row for row in rows()}
    evaluate(book, live(tried))
    found = {row["customer_id"]: row for row in rows()}
    assert found.keys() == usual.keys()
    assert {row["arm"] for row in found.values()} == {"usual", "alone"}
    for number, row in found.items():
        if row["arm"] == "alone":
            silent = (row["action"], row["queue"], row["journey"], row["open_case"])
            assert silent == ("none", "", "", False)
        else:
            assert row | {"arm": ""} == usual[number] | {"since": row["since"]}


def test_who_owes_and_has_no_row_raises_an_alarm(book: StepMaker) -> None:
    table = consumer().table
    some = replace(table, rows=tuple(r for r in table.rows if not r.id.startswith("M")))
    run = evaluate(book, live(replace(consumer(), table=some)))
    alarms = [row for row in rows() if row["alarm"]]
    assert run.alarms == len(alarms) > 0
    assert {(row["alarm"], row["action"]) for row in alarms} == {("no_row", "none")}
    for row in alarms:
        facts = book.facts(row["customer_id"], as_of=LAST)
        assert facts is not None
        assert facts["overdue_total"] != 0


def test_the_first_strategy_with_a_row_has_the_customer(book: StepMaker) -> None:
    table = consumer().table
    reminders = replace(table, rows=tuple(r for r in table.rows if r.id == "M1-3"))
    few = replace(consumer(), id="few", table=replace(reminders, id="few"))
    evaluate(book, [Live(1, few), Live(2, consumer())])
    found = rows()
    assert {row["version_id"] for row in found} <= {1, 2}
    for row in found:
        assert (row["version_id"] == 1) == (row["row_id"] == "M1-3")


def test_a_rehearsal_tells_who_moves_and_writes_nothing(book: StepMaker) -> None:
    evaluate(book, live())
    before = rows()
    target = max(
        ("DUE-1", "DUE-3", "M1-FORGOT", "M1-3", "M1-15"),
        key=lambda id: sum(
            row["row_id"] == id and not row["journey"] for row in before
        ),
    )
    changed = with_rows(consumer(), **{target.replace("-", "_"): "letter"})
    steps: list[float] = []
    found = book.rehearse(live(), live(changed, 8), as_of=LAST, told=steps.append)
    assert rows() == before
    assert steps == sorted(steps) and steps[-1] == 1.0
    moving = [row for row in before if row["row_id"] == target]
    assert found.summary["moved"] == len(moving) > 0
    moves = book.moves(found.key, size=100)
    assert {each.customer_id for each in moves} == {r["customer_id"] for r in moving}
    assert {(each.was.row_id, each.becomes.action) for each in moves} == {
        (target, "letter")
    }
    assert sum(each.overdue for each in moves) == found.summary["overdue"]
    assert [e.overdue for e in moves] == sorted(
        (e.overdue for e in moves), reverse=True
    )
    assert sum(line["moved"] for line in found.summary["buckets"]) == len(moving)
    (flow,) = found.summary["flows"]["action"]
    assert (flow["becomes"], flow["customers"]) == ("letter", len(moving))
    assert found.summary["flows"]["segment"] == []
    pages = [book.moves(found.key, start=at, size=1)[0] for at in range(len(moves))]
    assert pages == list(moves)
    assert book.moves(found.key, only={"action": "letter"}) == list(moves)
    assert book.moves(found.key, only={"action": "visit"}) == []
    flow_key = f"action\t{flow['was']}\tletter"
    assert book.moves(found.key, only={"flow": flow_key}) == list(moves)


def test_a_rehearsal_tells_which_queue_would_hold_too_many(book: StepMaker) -> None:
    strategy = strategies.read(
        strategies.shipped_text("consumer").replace(
            "{code: digital, title: {zh: 线上自助, en: Digital}}",
            "{code: digital, title: {zh: 线上自助, en: Digital}, capacity: 1,"
            " capacity_mode: hard}",
        ),
        name="small",
    )
    found = book.rehearse([], live(strategy), as_of=LAST)
    (line,) = (each for each in found.summary["queues"] if each["code"] == "digital")
    assert line["was"] == 0 and line["becomes"] > 1 == line["most"]
    (broken,) = found.summary["breaks"]["capacity"]
    assert broken == {"queue": "digital", "customers": line["becomes"], "most": 1}


def test_a_rehearsal_tells_who_would_run_into_a_cap_of_the_law(book: StepMaker) -> None:
    calls = with_rows(consumer(), M1_3="call", M1_FORGOT="call")
    calls = replace(calls, journeys=())
    table = calls.table
    at = table.output_place("journey")
    silent = tuple(
        replace(row, values=(*row.values[:at], "", *row.values[at + 1 :]))
        for row in table.rows
    )
    calls = replace(calls, table=replace(table, rows=silent))
    evaluate(book, live(calls))
    called = [row["customer_id"] for row in rows() if row["action"] == "call"]
    assert len(called) > 1
    weekly = Limit("R", "call", Per.PERSON, 2, 7, frozenset({"call", "robot_call"}))
    attempted(called[0], times=2)
    attempted(called[1], times=1)
    found = book.rehearse([], live(calls), as_of=LAST, limits=[weekly])
    (line,) = found.summary["breaks"]["caps"]
    assert line == {"rule": weekly.rule, "action": "call", "was": 0, "becomes": 1}
    assert found.summary["breaks"]["capped"] == 1
    talked = replace(weekly, most=1, conversation=True)
    found = book.rehearse([], live(calls), as_of=LAST, limits=[talked])
    assert found.summary["breaks"]["caps"] == []
    today = replace(weekly, days=1)  # the morning's count begins anew
    found = book.rehearse([], live(calls), as_of=LAST, limits=[today])
    assert found.summary["breaks"]["capped"] == 0
    never = replace(weekly, most=0)
    found = book.rehearse([], live(calls), as_of=LAST, limits=[never])
    assert found.summary["breaks"]["capped"] == len(called)


def attempted(customer: int, *, times: int) -> None:
    """Calls with a customer on the last day; and one that never rang."""
    loan = Loan.objects.filter(customer_id=customer).values_list("id", flat=True)[0]
    for count in range(times + 1):
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into contact_attempt (fact_id, loan_id, customer_id, person,"
                " point_id, point, channel, purpose, actor, at, result, connected,"
                " conversation, failed, note, recorded_by, recorded_at, branch, product,"
                " officer) values (%s, %s, %s, %s, 0, 'x', 'call', 'collect', 'staff',"
                " %s, '', true, false, %s, '', 'test', %s, '', '', '')",
                [
                    *(customer * 1000 + count, loan, customer, f"p{customer}"),
                    *(f"{LAST} 10:0{count}+08", count == times, AT),
                ],
            )


def test_a_list_that_is_gone_is_told_with_a_way_out(book: StepMaker) -> None:
    for key in ("0" * 32, "../../secret"):
        with pytest.raises(NightError) as caught:
            book.moves(key)
        assert caught.value.code == "rehearsal_gone"


def test_a_customer_without_an_open_loan_has_no_facts(book: StepMaker) -> None:
    assert book.facts(10**9, as_of=LAST) is None
