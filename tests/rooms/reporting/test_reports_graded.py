"""Reports over days that a night closed and classified: they agree with the rooms."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest
from django.db.models import Count
from django.test import Client

from daihou.engine.classification.codes import AssetClass
from daihou.kit import grades, ports
from daihou.nightly.grading.grader import Grader
from daihou.nightly.stores.classes import GradedBook
from daihou.rooms.dayend.models import Run
from daihou.rooms.grading import actions
from daihou.rooms.grading import door as grading
from daihou.rooms.grading.models import ClassFact, GradingRun, LoanClass
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from tests.nightly import world
from tests.rooms.cast import AT, PASSWORD, Cast, make_cast
from tests.rooms.grading.test_grading_pages import english, standing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(tmp_path: Path) -> Iterator[Cast]:
    """A week of a small lender in two branches, closed and classified."""
    world.build(loans=24)
    ids = list(Loan.objects.order_by("pk").values_list("pk", flat=True))
    Loan.objects.filter(pk__in=ids[:16]).update(branch="north")
    Loan.objects.filter(pk__in=ids[16:]).update(branch="south")
    night = world.a_night(tmp_path)
    night.begin(world.FIRST)
    list(night.close(through=world.LAST))
    night.shut()
    grades.bind_grader(Grader(url=world.url(), home=tmp_path))
    book = GradedBook(
        tmp_path, lambda: standing(Run.objects), lambda: standing(GradingRun.objects)
    )
    ports.bind_book(book)
    actions.grade_due(at=AT)
    made = make_cast()
    people.create_user(username="hana", password=PASSWORD, role="risk", by="t", at=AT)
    yield made
    grades.unbind_grader()
    ports.unbind_book()


def tables(client: Client, code: str, query: str = "") -> dict[str, Any]:
    page = client.get(f"/reports/{code}/?{query}").context["page"]
    return {each.key: each for each in page.report.tables}


def test_classes_are_those_of_the_rooms_and_every_day_agrees_with_itself(
    cast: Cast,
) -> None:
    client = english("hana")
    rows = tables(client, "classes")["classes"].data.to_pylist()
    found = {row["class"]: row["loans"] for row in rows if row["loans"]}
    grouped = LoanClass.objects.values_list("asset_class").annotate(n=Count("pk"))
    assert found == {
        AssetClass(number).code: n for number, n in grouped.order_by("asset_class")
    }
    for day in ports.book().dates():
        query = f"as_of={day}"
        ladder = tables(client, "ladder", query)["ladder"]
        classes = tables(client, "classes", query)["classes"]
        at = [column.key for column in ladder.columns].index("balance")
        by_class = sum(row["balance"] for row in classes.data.to_pylist())
        assert ladder.total(ladder.columns[at]) == by_class  # identity 1
        deviation = tables(client, "deviation", query)["deviation"].data.to_pylist()
        assert all(row["late"] <= row["npl"] for row in deviation)  # identity 2


def test_the_movement_of_bad_loans_foots_between_any_two_days(cast: Cast) -> None:
    client = english("hana")
    days = list(ports.book().dates())
    for since, until in zip(days, days[1:] + days[-1:], strict=True):
        table = tables(client, "npl-moves", f"since={since}&as_of={until}")["moves"]
        assert not table.problem
        assert all(row["foots"] == 0 for row in table.data.to_pylist())
        matrix = tables(client, "class-moves", f"since={since}&as_of={until}")
        opening = tables(client, "classes", f"as_of={since}")["classes"]
        stood = {row["class"]: row["balance"] for row in opening.data.to_pylist()}
        for row in matrix["amount"].data.to_pylist():
            if row["was"] in stood:
                assert row["all"] == stood[row["was"]]


def test_a_restructured_loan_is_named_from_the_day_it_was_known(cast: Cast) -> None:
    loan = Loan.objects.filter(branch="north", status="active").order_by("pk")[0]
    ClassFact.objects.create(
        loan_id=loan.pk,
        customer_id=loan.customer_id,
        kind="restructured",
        begins_on=date(2024, 2, 28),
        known_on=date(2024, 3, 1),
        content={"first_due_on": "2024-04-01", "period_months": 1},
        by="grading",
        at=AT,
    )
    assert not grading.restructured(on=date(2024, 2, 29))
    [known] = grading.restructured(on=world.LAST)
    assert (known.loan_id, known.times) == (loan.pk, 1)
    client = english("hana")
    before = tables(client, "restructured", "as_of=2024-02-29")["restructured"]
    assert before.rows == 0
    after = tables(client, "restructured")["restructured"]
    assert after.data["number"].to_pylist() == [loan.external_id]
    assert pc.sum(after.data["times"]).as_py() == 1
    assert tables(client, "restructured", "branch=south")["restructured"].rows == 0
