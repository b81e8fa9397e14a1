"""Orders over a journey: paused, sent on, replaced, stopped, and the same when asked again."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.strategy.checking import check_strategy
from daihou.engine.strategy.interrupts import Interrupt, On, Then
from daihou.engine.strategy.journey import Do, Journey, Next, State, Step, next_step
from daihou.engine.strategy.orders import Evening, Order, ordered
from daihou.packs import strategies

DAY = timedelta(days=1)
FIRST = date(2026, 1, 5)
OWES = {"dpd": 3, "overdue_total": 100}
MAIN = Journey(
    "main",
    {},
    (
        Step("sms", Do.MESSAGE, code="hello"),
        Step("rest", Do.WAIT, days=2),
        Step("call", Do.CALL),
        Step("again", Do.CONDITION, when=(("dpd", ">= 1"),), then="sms"),
        Step("over", Do.STOP, code="cured"),
    ),
)
HELP = Journey("help", {}, (Step("offer", Do.OFFER, code="plan"), *MAIN.steps[1:3]))
JOURNEYS = {each.id: each for each in (MAIN, HELP)}


@dataclass
class Life:
    """A customer whose evenings are asked one after another."""

    orders: list[Order] = field(default_factory=list)
    state: State | None = None
    before: State | None = None
    as_of: date = FIRST - DAY
    previous: date | None = None
    row_journey: str = "main"
    row_action: str = "message"

    def asked(self, evening: Evening) -> Next:
        found = ordered(self.orders, JOURNEYS, evening, OWES)
        if found is not None:
            return found
        journey = JOURNEYS.get(evening.row_journey)
        if journey is None:
            kept = evening.before if self.row_action == "pause" else None
            nowhere = State("", "", evening.as_of, evening.as_of)
            return Next(kept or nowhere, self.row_action)
        mine = evening.before
        if mine is not None and mine.journey != journey.id:
            mine = None
        return next_step(journey, mine, OWES, evening.as_of)

    def evening(self, before: State | None, previous: date | None) -> Evening:
        return Evening(
            as_of=self.as_of,
            morning=self.as_of + DAY,
            previous=previous,
            row_journey=self.row_journey,
            row_action=self.row_action,
            before=before,
        )

    def night(self) -> Next:
        """Live one more day."""
        self.previous = self.as_of if self.state is not None else None
        self.before, self.as_of = self.state, self.as_of + DAY
        return self.kept(self.asked(self.evening(self.before, self.previous)))

    def at_once(self) -> Next:
        """What the office finds between two evenings."""
        return self.kept(self.asked(self.evening(self.state, self.as_of)))

    def again(self) -> Next:
        """The same evening asked a second time, from where it began."""
        return self.asked(self.evening(self.before, self.previous))

    def kept(self, found: Next) -> Next:
        self.state = found.state if found.state.journey else None
        return found

    @property
    def today(self) -> date:
        """The morning after the last evening."""
        return self.as_of + DAY

    def order(self, do: Then, days: int = 0, **more: str) -> None:
        until = self.today + days * DAY if days else None
        plain = {"journey": "main"} | more
        self.orders.append(Order(do, self.today, until, **plain))

    def end(self, do: Then) -> None:
        """End what stands of a kind today."""
        self.orders = [
            replace(each, until=self.today)
            if each.do is do and each.stands(self.today)
            else each
            for each in self.orders
        ]


def begun(nights: int = 1, **facts: Any) -> Life:
    life = Life(**facts)
    for _each in range(nights):
        life.night()
    return life


def test_in_a_pause_time_stands_still() -> None:
    life = begun(4)
    assert life.at_once().action == "call"
    life.order(Then.PAUSE, 3, code="payment")
    assert (life.at_once().action, life.at_once().code) == ("pause", "payment")
    actions = [life.night().action for _each in range(4)]
    # The call that was due on the day of the payment is due on the day it ends.
    assert actions == ["pause", "pause", "call", "message"]


def test_a_wait_goes_on_with_the_days_it_had_left() -> None:
    life = begun(2)
    assert life.state is not None and life.state.step == "rest"
    ends = life.state.next_on
    life.order(Then.PAUSE, 5)
    life.at_once()
    for _each in range(5):
        life.night()
    assert life.state.next_on == ends + 5 * DAY  # type: ignore[operator]


def test_let_go_on_the_same_day_nothing_was_lost() -> None:
    life = begun(4)
    plain = life.at_once()
    life.order(Then.PAUSE, 9)
    life.at_once()
    life.end(Then.PAUSE)
    assert life.at_once() == plain


def test_a_jump_is_done_that_day_and_the_journey_goes_on_from_there() -> None:
    life = begun(1)
    life.order(Then.JUMP, aim="call")
    assert life.at_once().action == "call"
    assert life.night().action == "message"  # the condition leads back to it


def test_another_journey_takes_its_place_for_as_long_as_it_stands() -> None:
    life = begun(1)
    life.order(Then.START, aim="help")
    assert (life.at_once().action, life.at_once().code) == ("offer", "plan")
    assert [life.night().action for _each in range(3)] == ["none", "none", "call"]
    life.end(Then.START)
    assert life.at_once().action == "message"  # the one of the row, from its beginning


def test_a_stop_is_told_every_evening() -> None:
    life = begun(2)
    life.order(Then.STOP, code="refusal")
    found = [life.at_once(), life.night(), life.night()]
    assert {(each.action, each.code) for each in found} == {("stop", "refusal")}


def test_orders_of_another_journey_do_not_touch_this_one() -> None:
    life = begun(1)
    for do in (Then.PAUSE, Then.STOP, Then.JUMP):
        life.order(do, 5, journey="help", aim="call")
    assert life.night().action == "none"
    assert life.night().action == "none"
    assert life.night().action == "call"


def test_a_row_without_a_journey_is_paused_and_goes_on() -> None:
    life = begun(1, row_journey="", row_action="call")
    assert life.at_once().action == "call"
    life.order(Then.PAUSE, 2, journey="")
    assert [life.at_once().action, life.night().action] == ["pause", "pause"]
    assert life.night().action == "call"


given_orders = st.lists(
    st.tuples(
        st.sampled_from(list(Then)),
        st.integers(1, 3),
        st.sampled_from(["call", "again", "sms", "gone"]),
        st.sampled_from(["", "main", "help"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@given(given_orders, st.integers(1, 9), st.sampled_from(["main", ""]))
def test_at_once_and_the_evening_asked_again_come_to_the_same(
    many: list[tuple[Then, int, str, str, bool]], nights: int, row: str
) -> None:
    life = begun(nights)
    life.row_journey, life.row_action = row, "message" if row else "pause"
    life.night()
    for do, days, step, journey, night in many:
        if do is Then.RESUME:
            life.end(Then.PAUSE)
        elif do is Then.START:
            life.order(do, journey="main", aim="help")
        else:
            life.order(do, days if do is Then.PAUSE else 0, journey=journey, aim=step)
        found = life.at_once()
        assert found == life.at_once()  # asked a second time
        assert found.action == life.again().action
        # Under a row that only pauses, one that gave way is kept as it stood last.
        gave_way = not row and any(each.do is Then.START for each in life.orders)
        if found.action != "stop" and not gave_way:
            assert found.state.step == life.again().state.step
            assert found.state.journey == life.again().state.journey
        if night:
            life.night()


def test_what_interrupts_is_read_written_and_checked() -> None:
    text = strategies.shipped_text("consumer")
    one = strategies.read(text, name="consumer")
    assert strategies.read(strategies.write(one), name="again") == one
    talk = next(each for each in one.journeys if each.id == "offer")
    assert talk.on(On.PROMISE_BROKEN) == Interrupt(
        On.PROMISE_BROKEN, Then.JUMP, aim="talk"
    )
    assert talk.on(On.DISPUTE) is None
    wrong = (
        Interrupt(On.PAYMENT, Then.PAUSE),
        Interrupt(On.DISPUTE, Then.JUMP, aim="nowhere"),
        Interrupt(On.HARDSHIP, Then.START, aim="offer"),
    )
    broken = replace(one, journeys=(replace(talk, interrupts=wrong),))
    told = [each.say("en") for each in check_strategy(broken) if not each.rows]
    words = " ".join(told)
    assert "payment: say for how many days" in words
    assert "'nowhere', which does not exist" in words
    assert "'offer', which is no other journey" in words
