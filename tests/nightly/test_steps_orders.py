"""Orders over journeys: the office at once and the night come to the same step."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from daihou.engine.strategy.interrupts import On
from daihou.kit import steps
from daihou.kit.refusal import Conflict
from daihou.kit.steps import Live
from daihou.nightly.strategy.maker import StepMaker
from daihou.packs import strategies
from daihou.rooms.audit.models import Event
from daihou.rooms.strategy import queries
from daihou.rooms.strategy.actions import ordering
from daihou.rooms.strategy.actions.turning import Doer, Turned
from daihou.rooms.strategy.models import CustomerStep, Order
from tests.nightly import world

pytestmark = pytest.mark.django_db(transaction=True)
LAST, AT = world.LAST, world.AT
MORNING = LAST + timedelta(days=1)
DOER = Doer("journeys", AT, MORNING)
SKIPPED = ("since",)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StepMaker]:
    """A book lived to the last day, its steps found."""
    world.build(loans=40)
    night = world.a_night(tmp_path)
    night.begin(world.FIRST)
    list(night.close(through=LAST))
    night.shut()
    maker = StepMaker(url=world.url(), home=tmp_path)
    steps.bind_step_maker(maker)
    maker.evaluate(LAST, live=live(), at=AT, by="night")
    monkeypatch.setattr(queries, "in_force", lambda _on: tuple(live()))
    yield maker
    steps.unbind_step_maker()


def live() -> list[Live]:
    """The strategy that ships, every journey with all events in it."""
    text = strategies.shipped_text("consumer").replace(
        "interrupts:\n      - {event: payment",
        "interrupts:\n      - {event: complaint, do: stop}\n"
        "      - {event: dispute, do: start, aim: talks}\n"
        "      - {event: promise_kept, do: resume}\n"
        "      - {event: bankruptcy, do: jump, aim: rest}\n"
        "      - {event: payment",
    )
    text = text.replace("      - {event: bankruptcy, do: stop}\n", "")
    text = text.replace(
        "queues:\n  - {code: digital",
        "  - id: talks\n    title: {zh: 谈, en: Talks}\n    steps:\n"
        "      - {id: come, do: call}\n"
        "      - {id: later, do: set, name: queue, value: middle}\n"
        "      - {id: rest, do: wait, days: 9}\nqueues:\n  - {code: digital",
    )
    return [Live(7, strategies.read(text, name="consumer"))]


def somebody(nth: int = 0) -> int:
    """A customer on a journey."""
    rows = CustomerStep.objects.exclude(journey="").order_by("pk")
    return int(rows.values_list("pk", flat=True)[nth])


def shown(customer: int) -> dict[str, Any]:
    """The step of a customer, but for when it was written."""
    row = CustomerStep.objects.filter(pk=customer).values().get()
    return {name: value for name, value in row.items() if name not in SKIPPED}


def happens(customer: int, event: On, source: str = "event:1") -> Turned | None:
    found: Turned | None = ordering.interrupt(
        customer, event, source=source, live=live(), doer=DOER, anew=False
    )
    return found


@pytest.mark.parametrize(
    ("event", "action"),
    [
        (On.PAYMENT, "pause"),
        (On.COMPLAINT, "stop"),
        (On.DISPUTE, "call"),
        (On.BANKRUPTCY, "none"),
    ],
)
def test_the_night_asked_again_comes_to_what_the_office_found(
    book: StepMaker, event: On, action: str
) -> None:
    customer = somebody()
    plain = shown(customer)
    turned = happens(customer, event)
    assert turned is not None and turned.action == action
    at_once = shown(customer)
    assert at_once != plain and at_once["action"] == action
    book.evaluate(LAST, live=live(), at=AT, by="night")
    assert shown(customer) == at_once
    others = CustomerStep.objects.exclude(pk=customer)
    assert not others.filter(action="pause", journey__gt="").exists()


def test_the_same_event_counts_once(book: StepMaker) -> None:
    customer = somebody()
    assert happens(customer, On.PAYMENT) is not None
    assert happens(customer, On.PAYMENT) is None
    assert Order.objects.count() == 1
    assert Event.objects.filter(type="journey.paused").count() == 1
    assert happens(customer, On.PAYMENT, "event:2") is not None


def test_what_no_journey_has_a_word_about_changes_nothing(book: StepMaker) -> None:
    customer = somebody()
    plain = shown(customer)
    assert happens(customer, On.HARDSHIP) is None or plain["journey"] == "offer"
    assert happens(customer, On.PROMISE_KEPT) is None  # nothing is paused
    if plain["journey"] != "offer":
        assert shown(customer) == plain


def test_an_event_ends_what_an_event_paused_but_not_a_persons_pause(
    book: StepMaker,
) -> None:
    customer = somebody()
    plain = shown(customer)
    happens(customer, On.PAYMENT)
    turned = happens(customer, On.PROMISE_KEPT, "event:2")
    assert turned is not None and turned.what == "resumed"
    assert shown(customer) == plain
    ordering.pause_journey(
        customer, until=MORNING + timedelta(days=3), reason="x", key="k", doer=DOER
    )
    assert happens(customer, On.PROMISE_KEPT, "event:3") is None
    assert shown(customer)["action"] == "pause"


def test_a_pause_by_hand_ends_by_its_day_where_the_journey_stood(
    book: StepMaker,
) -> None:
    customer = somebody()
    plain = shown(customer)
    until = MORNING + timedelta(days=2)
    ordering.pause_journey(customer, until=until, reason="x", key="k", doer=DOER)
    with pytest.raises(Conflict):
        ordering.pause_journey(customer, until=until, reason="x", key="l", doer=DOER)
    order = Order.objects.get()
    assert order.reason not in ("", "x")  # sealed
    late = Doer("journeys", AT, until)
    turned = ordering.expire(order.pk, live=live(), doer=late)
    assert turned is not None and turned.cause == "expired"
    assert shown(customer)["action"] == plain["action"]
    assert ordering.expire(order.pk, live=live(), doer=late) is None


def test_a_rehearsal_knows_the_orders(book: StepMaker) -> None:
    customer = somebody()
    happens(customer, On.COMPLAINT)
    done = book.rehearse(live(), live(), as_of=LAST)
    assert done.summary["moved"] == 0
    actions = {each["code"]: each for each in done.summary["actions"]}
    assert "stop" in actions
