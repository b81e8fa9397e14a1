"""The town lived through the front door: intake, the nights, and what they leave."""

from collections.abc import Callable
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from daihou.kit import speech
from daihou.nightly.stores.parquet import PositionBook
from daihou.packs import products
from daihou.rooms.dayend import door as dayend
from daihou.rooms.dayend.models import Run
from daihou.rooms.intake import door as intake
from daihou.rooms.ledger.models import Loan, Payment, Position
from daihou.rooms.people import door as people
from daihou.town import contract, door, watch
from daihou.town.book import Book, make_book
from daihou.town.facts import facts
from daihou.town.products import OFFICES
from tests.nightly.world import url
from tests.simulation.towns import UNTIL, every_day

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = {"loans": 120, "months": 3, "seed": 5}
DAY = timedelta(days=1)


class BrokenOff(Exception):
    """The power went."""


@pytest.fixture
def home(settings, tmp_path, monkeypatch):
    """A DAIHOU_HOME of its own, the database of the test, and English on the way."""
    monkeypatch.setattr(speech, "_spoken", ["en"])
    settings.DAIHOU_HOME = tmp_path
    settings.DATABASE_URL = url()
    return tmp_path


def the_book(**size: int) -> Book:
    return make_book(**size, policies=products.policies(on=UNTIL), until=UNTIL)


def stored_days(home) -> PositionBook:
    runs = Run.objects.filter(current=True)
    return PositionBook(home, lambda: dict(runs.values_list("as_of", "fingerprint")))


def by_the_towns_ids(made: Book) -> Callable[[pa.Table], pa.Table]:
    """Positions of the database with the town's own loan ids, in their order.

    Which id a loan of one file gets, the database decides.
    """
    known = dict(Loan.objects.values_list("external_id", "id"))
    ids = pa.array(
        [known[external] for external in contract.loan_ids(made).to_pylist()]
    )
    town = facts(made)[0]["loan_id"].combine_chunks()

    def renamed(positions: pa.Table) -> pa.Table:
        theirs = town.take(pc.index_in(positions["loan_id"], value_set=ids))
        place = positions.column_names.index("loan_id")
        return positions.set_column(place, "loan_id", theirs).sort_by("loan_id")

    return renamed


def breaks_at(word: str) -> Callable[[str], None]:
    def say(line: str) -> None:
        if word in line:
            raise BrokenOff(line)

    return say


@pytest.mark.parametrize(
    "size",
    [
        SIZE,
        pytest.param({"loans": 150, "months": 12, "seed": 2}, marks=pytest.mark.deep),
    ],
    ids=["three months", "a year"],
)
def test_lived_through_the_front_door_and_broken_off_twice(home, size):
    for word in ("are in the ledger", "60 of"):
        with pytest.raises(BrokenOff):
            door.seed_demo(**size, say=breaks_at(word))
    said: list[str] = []
    door.seed_demo(**size, say=said.append)
    assert dayend.business_date() == dayend.BusinessDay(on=UNTIL, simulated=False)
    assert any("was closed again" in line for line in said)

    made = the_book(**size)
    assert Payment.objects.count() == len(made.payments)
    assert set(people.branch_names(language="en")) == {o.code for o in OFFICES}
    direct, stored = watch.settler(made), stored_days(home)
    renamed = by_the_towns_ids(made)
    for day in every_day(made.span.begin, UNTIL - DAY):
        now, wanted = renamed(stored.read(day)), direct.positions(day)
        for name in (
            "loan_id",
            "dpd",
            "overdue_total",
            "outstanding_total",
            "worst_dpd",
            "status",
        ):
            assert now[name].to_pylist() == wanted[name].to_pylist(), (day, name)
    last = direct.positions(UNTIL - DAY)
    current = dict(Position.objects.values_list("loan_id", "dpd"))
    now = renamed(pa.table({"loan_id": list(current), "dpd": list(current.values())}))
    assert now["dpd"].to_pylist() == last["dpd"].to_pylist()

    batches = len(intake.history())
    door.seed_demo(**size, say=breaks_at(""))  # says nothing: all is there
    assert len(intake.history()) == batches


def test_a_date_after_the_real_one_is_marked_as_simulated(home):
    door.seed_demo(**SIZE, say=lambda _line: None, today=UNTIL - DAY)
    assert dayend.business_date().simulated


def test_another_book_is_left_alone(home):
    tables = contract.tables(the_book(**SIZE))
    few = {name: tables[name] for name in ("customers", "loans")}
    paths = contract.write(few, home / "sent", form="csv")
    intake.take_files(
        intake.Order(files=[(path, path.name) for path in paths], source="core"),
        intake.Deed(by="mei", at=door.opening(UNTIL), business_date=UNTIL),
    )
    with pytest.raises(door.BookNotEmpty, match="DAIHOU_HOME"):
        door.seed_demo(**SIZE, say=lambda _line: None)
    assert Loan.objects.exclude(source="core").count() == 0
