"""Any deeds in any order: what must always hold of cases holds after each of them."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from daihou.kit.refusal import Refused
from daihou.rooms.casework import door
from daihou.rooms.casework.actions import standing_in
from daihou.rooms.casework.actions.distributing import distribute, redistribute
from daihou.rooms.casework.actions.morning import morning
from daihou.rooms.casework.door import CloseCode, Deed, HoldKind, Resolution
from daihou.rooms.casework.models import Batch, Case, Hold
from daihou.rooms.casework.queries.invariants import broken
from daihou.rooms.casework.states import BatchMode
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from tests.rooms.caseworking import (
    NOON,
    close_day,
    late_loan,
    make_login,
    paid_off,
    queue,
    stand,
    supervisor,
)
from tests.rooms.cast import TODAY, Cast


class House:
    """Three borrowers, two supervisors, two collectors, and a clock that goes on."""

    def __init__(self, cast: Cast) -> None:
        self.loans = [late_loan(f"L{place}", dpd=10 + 30 * place) for place in range(3)]
        self.bosses = [supervisor(), supervisor("so")]
        self.workers = [cast.mei, make_login("li", "collector")]
        for code in ("early", "mid", "late"):
            queue(code, auto=True, redistribute_days=2)
        self.day = TODAY
        self.minutes = 0
        self.changes = 0

    def deed(self, by: people.Person) -> Deed:
        """Done some minutes later."""
        self.minutes += 4
        days = timedelta(days=(self.day - TODAY).days)
        at = NOON + days + timedelta(minutes=self.minutes)
        return Deed(by=by, at=at, business_date=self.day)

    def case(self, place: int) -> int:
        """A case of one of them, the newest; 0 where there is none."""
        customer = self.loans[place % 3].customer_id
        row = Case.objects.filter(customer_id=customer).order_by("-pk").first()
        return row.pk if row else 0

    def next_day(self, place: int) -> object:
        """The night comes, and the morning."""
        self.day += timedelta(days=1 + place)
        self.minutes = 0
        return self.again(place)

    def again(self, _place: int) -> object:
        """The day is run again."""
        self.changes += 1
        close_day(self.day - timedelta(days=1), f"f{self.changes}")
        return morning(self.day - timedelta(days=1), at=self.deed(self.bosses[0]).at)


def _hold(house: House, place: int) -> object:
    kind = list(HoldKind)[place % len(HoldKind)]
    amount = 500 if kind is HoldKind.DISPUTE and place > 2 else None
    return door.place_hold(
        house.case(place),
        kind=kind,
        reason="x",
        amount=amount,
        deed=house.deed(house.workers[place % 2]),
    )


def _release(house: House, place: int) -> object:
    row = Hold.objects.filter(case=house.case(place), released_at=None).first()
    number = row.pk if row else 0
    return door.release_hold(number, reason="y", deed=house.deed(house.bosses[0]))


def _loan(house: House, place: int, change: Callable[[Loan], object]) -> object:
    return change(house.loans[place % 3])


def _agree(house: House, place: int) -> object:
    kinds = (Resolution.PROMISE, Resolution.ARRANGEMENT, Resolution.SETTLEMENT)
    return door.set_resolution(
        house.case(place),
        resolution=kinds[place % 3],
        reference=f"x:{place % 4}",
        deed=house.deed(house.bosses[1]),
    )


def _boss(house: House) -> Deed:
    return house.deed(house.bosses[0])


def _mei(house: House, place: int = 0) -> Deed:
    return house.deed(house.workers[place % 2])


def _last_batch() -> int:
    row = Batch.objects.order_by("-pk").first()
    return row.pk if row else 0


DEEDS: tuple[Callable[[House, int], object], ...] = (
    lambda h, n: h.next_day(n % 3),
    lambda h, n: h.again(n),
    lambda h, n: door.open_case(h.loans[n % 3].customer_id, deed=_boss(h)),
    lambda h, n: door.assign([h.case(n)], collector="mei", deed=_boss(h)),
    lambda h, n: door.assign([h.case(n), h.case(n + 1)], team="north", deed=_boss(h)),
    lambda h, n: door.assign([h.case(n)], deed=_boss(h)),
    lambda h, n: distribute("early", deed=_boss(h), mode=list(BatchMode)[n % 3]),
    lambda h, n: redistribute("late", deed=_boss(h)),
    lambda h, n: door.undo_batch(_last_batch(), deed=_boss(h)),
    lambda h, n: standing_in.leave("mei", deed=_boss(h)),
    lambda h, n: standing_in.back("mei", deed=_boss(h)),
    lambda h, n: door.take_next(deed=_mei(h, n)),
    lambda h, n: door.take(h.case(n), deed=_mei(h, n), over=bool(n % 2)),
    lambda h, n: door.let_go(h.case(n), skip="x", deed=_mei(h, n)),
    _hold,
    _release,
    _agree,
    lambda h, n: door.end_resolution(h.case(n), reference=f"x:{n % 4}", deed=_boss(h)),
    lambda h, n: door.close_case(
        h.case(n), code=list(CloseCode)[n % 17], reason="x", deed=_boss(h)
    ),
    lambda h, n: door.reopen_case(h.case(n), reason="x", deed=_boss(h)),
    lambda h, n: _loan(h, n, lambda loan: stand(loan)),
    lambda h, n: _loan(h, n, lambda loan: stand(loan, dpd=1 + 20 * n)),
    lambda h, n: _loan(h, n, paid_off),
)


_SEQUENCES = st.lists(
    st.tuples(st.integers(0, len(DEEDS) - 1), st.integers(0, 16)),
    min_size=4,
    max_size=10,
)


def test_in_any_order(cast: Cast) -> None:
    """Each in a transaction of its own; one that is refused leaves nothing behind."""

    @settings(max_examples=6)
    @given(_SEQUENCES)
    def in_any_order(deeds: list[tuple[int, int]]) -> None:
        with transaction.atomic():
            house = House(cast)
            house.again(0)
            for which, place in deeds:
                _tried(house, which, place)
            house.again(0)
            assert broken(after_a_morning=True) == ()
            transaction.set_rollback(True)

    in_any_order()


def _tried(house: House, which: int, place: int) -> None:
    before = list(Case.objects.order_by("pk").values())
    try:
        with transaction.atomic():
            DEEDS[which](house, place)
    except (Refused, Case.DoesNotExist):
        assert list(Case.objects.order_by("pk").values()) == before
    assert broken() == (), (which, place)
