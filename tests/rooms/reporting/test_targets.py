"""Targets: who may set them, what stands, live progress on the floor and the bulletin."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from daihou.kit.scope import EVERYTHING
from daihou.rooms.audit.models import Event
from daihou.rooms.casework.models import Case
from daihou.rooms.ledger.models import Loan, SideFact
from daihou.rooms.people import door as people
from daihou.rooms.reporting.models import Cost, Target
from daihou.rooms.reporting.queries.work.costs import lines, of_years
from tests.rooms.cast import AT, PASSWORD, TODAY, make_loan
from tests.rooms.reporting.test_reports import english, tables
from tests.rooms.reporting.test_reports_work import paid, work
from tests.rooms.test_pages import signed_in

__all__ = ["work"]  # a fixture
pytestmark = pytest.mark.django_db
MONTH = f"{TODAY:%Y-%m}"


def save(name: str, **fields: str) -> Any:
    told = {key.replace("__", ":"): value for key, value in fields.items()}
    return english(name).post(
        "/targets/save/", {"month": MONTH, "currency": "CNY"} | told, follow=True
    )


def shown(name: str, query: str = "") -> dict[str, Any]:
    page = english(name).get(f"/targets/?{query}").context["page"]
    return {row.field: row for row in page.rows}


def test_a_target_is_set_changed_and_taken_back_and_all_of_it_stays(
    work: dict[str, Case],
) -> None:
    paid(work["kept"], 25_000, date(2026, 3, 9))
    save("bo", cash__person__mei="1,000.00", cured__person__mei="4")
    mine = shown("bo")["person:mei"]
    assert (mine.one.cash_target, mine.one.cash) == (100_000, 25_000)
    assert (mine.cash_share, mine.one.cured, mine.cured_share) == ("25.0%", 1, "25.0%")
    save("bo", cash__person__mei="500")
    assert shown("bo")["person:mei"].one.cash_target == 50_000
    save("bo", cash__person__mei="")
    assert shown("bo")["person:mei"].one.cash_target is None
    assert Target.objects.filter(code="mei", measure="cash").count() == 3
    assert Event.objects.filter(type="targets.set").count() == 3
    save("bo", cured__person__mei="4")
    assert Event.objects.filter(type="targets.set").count() == 3, "nothing changed"
    with pytest.raises(DatabaseError), transaction.atomic():
        Target.objects.update(amount=1)


def test_branches_count_by_the_case_and_people_by_the_hand(
    work: dict[str, Case],
) -> None:
    paid(work["kept"], 25_000, date(2026, 3, 9))
    paid(work["south"], 9_000, date(2026, 3, 9))
    found = shown("hana")
    assert found["house:"].one.cash == 34_000
    assert found["branch:north"].one.cash == 25_000
    assert found["branch:south"].one.cash == found["person:bola"].one.cash == 9_000
    north = shown("bo")
    assert "house:" not in north and "person:bola" not in north
    before = shown("hana", "month=2026-01")
    assert not any(row.one.cash for row in before.values())


def test_who_does_not_manage_or_does_not_see_sets_nothing(
    work: dict[str, Case],
) -> None:
    assert save("hana", cash__person__mei="5").status_code == 403
    save("bo", cash__person__bola="5", cash__branch__south="5", cash__house__="5")
    assert not Target.objects.exists()
    for wrong in ("x", "-1", "1e99", "٣"):
        answer = save("bo", cash__person__mei=wrong)
        assert "is no amount" in answer.content.decode()
    old = english("bo").post(
        "/targets/save/", {"month": "2026-01", "cash:person:mei": "5"}, follow=True
    )
    assert "keeps its targets" in old.content.decode()
    assert english("bo").get("/targets/?month=2026-99").status_code == 200
    assert not Target.objects.exists()


def test_the_floor_the_bulletin_and_the_first_page_show_the_progress(
    work: dict[str, Case],
) -> None:
    empty = english("bo").get("/floor/").content.decode()
    assert "Nobody has a target for this month." in empty
    assert 'id="targets"' not in english("bo").get("/").content.decode()
    paid(work["kept"], 25_000, date(2026, 3, 9))
    save("bo", cash__branch__north="1000")
    for address in ("/floor/", "/"):
        text = english("bo").get(address).content.decode()
        assert 'id="targets"' in text and "25.0%" in text, address
    said = english("bo").get("/floor/bulletin/").content.decode()
    assert "recovered this month, 25.0%" in said
    for address in ("/targets/", "/floor/", "/floor/bulletin/"):
        assert signed_in("bo").get(address).status_code == 200


def test_a_form_opened_before_a_colleague_saved_undoes_nothing(
    work: dict[str, Case],
) -> None:
    save("bo", cash__person__mei="1000.00")
    stale = {
        "was:cash:person:mei": "",
        "cash:person:mei": "",
        "was:cured:person:mei": "",
        "cured:person:mei": "4",
    }
    save("bo", **stale)
    mine = shown("bo")["person:mei"].one
    assert (mine.cash_target, mine.cured_target) == (100_000, 4), "both stand"
    answer = save("bo", **(stale | {"cash:person:mei": "7"}))
    assert "Somebody changed this" in answer.content.decode()
    assert shown("bo")["person:mei"].one.cash_target == 100_000


# -- costs ------------------------------------------------------------------------------


@pytest.fixture
def fay(work: dict[str, Case]) -> None:
    """Somebody of finance, who sees the whole house."""
    people.create_user(
        username="fay", password=PASSWORD, role="finance", branch=None, by="t", at=AT
    )


@pytest.mark.usefixtures("fay")
def test_costs_are_typed_and_taken_in_from_a_file() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = english("fay")
    sent = {
        "month": "2026-02",
        "staff:": "1,200.50",
        "telecom:call": "30",
        "legal:": "",
    }
    client.post("/costs/save/", sent)
    found = {(row.kind, row.channel): row.amount for row in Cost.objects.all()}
    assert found == {("staff", ""): 120_050, ("telecom", "call"): 3_000}
    page = client.get("/costs/?month=2026-02").context["page"]
    assert len(page.lines) == 2
    file = "month,kind,currency,amount\n2026-01,staff,CNY,5\n2026-01,staff,CNY,6\n"
    given = SimpleUploadedFile("costs.csv", file.encode())
    client.post("/costs/save/", {"month": "2026-02", "file": given})
    assert Cost.objects.get(month="2026-01").amount == 1_100
    assert signed_in("fay").get("/costs/").status_code == 200


@pytest.mark.usefixtures("fay")
@pytest.mark.parametrize(
    "line",
    [
        "2026-13,staff,CNY,1",
        "2026-1,staff,CNY,1",
        "2026-01,rent,CNY,1",
        "2026-01,staff,CNY,x",
        "2026-01,staff,CNY,-1",
        "2026-01,staff,ABC,1",
        "2026-01,staff,CNY,",
    ],
)
def test_a_line_that_cannot_be_read_is_told_and_nothing_is_kept(line: str) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    text = f"month,kind,currency,amount\n2026-01,system,CNY,5\n{line}\n"
    file = SimpleUploadedFile("costs.csv", text.encode())
    answer = english("fay").post(
        "/costs/save/", {"month": "2026-02", "file": file}, follow=True
    )
    assert "Line 3 cannot be read" in answer.content.decode()
    assert not Cost.objects.exists()


@pytest.mark.usefixtures("fay")
def test_costs_are_for_who_keeps_the_house_its_books() -> None:
    assert english("bo").get("/costs/").status_code == 403
    sam = english("sam")
    assert sam.get("/costs/").status_code == 200
    assert sam.post(
        "/costs/save/", {"month": "2026-02", "staff:": "1"}
    ).status_code in (
        302,
        403,
    )
    assert not Cost.objects.exists()


@pytest.mark.usefixtures("fay")
def test_costs_taken_in_and_written_down_are_one_list() -> None:
    taken = (("staff", 700, date(2026, 1, 31)), ("rent", 50, date(2026, 2, 28)))
    for number, (kind, amount, on) in enumerate(taken):
        SideFact.objects.create(
            source="core",
            external_id=f"c{number}",
            digest=b"",
            table="costs",
            on_date=on,
            content={"kind": kind, "amount": str(amount), "branch": "north"},
        )
    client = english("fay")
    day = [date(2026, 2, 28)]
    assert of_years(day, EVERYTHING, "CNY") == {day[0]: 750}
    found = {(e.month, e.kind): e.amount for e in lines("CNY")}
    assert found == {("2026-01", "staff"): 700, ("2026-02", "other"): 50}
    told = tables(english("hana"), "costs", "as_of=2026-03-19")["months"]
    assert {r["month"]: r["total"] for r in told.data.to_pylist()}["2026-01"] == 700
    page = client.get("/costs/?month=2026-01")
    assert "by intake" in page.content.decode()
    client.post("/costs/save/", {"month": "2026-01", "staff:": "3"})
    assert of_years(day, EVERYTHING, "CNY") == {day[0]: 350}, "never counted twice"
    client.post("/costs/save/", {"month": "2026-01", "staff:": ""})
    assert of_years(day, EVERYTHING, "CNY") == {day[0]: 750}, "taken back"
    Loan.objects.filter(pk=make_loan("U1").pk).update(currency="USD")
    assert of_years(day, EVERYTHING, "CNY") == {}, "which currency nobody said"


@pytest.mark.usefixtures("fay")
def test_a_file_that_is_no_csv_is_told() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    text = "month,kind,currency,amount\n" + "x" * 140_000 + ",staff,CNY,1\n"
    file = SimpleUploadedFile("costs.csv", text.encode())
    answer = english("fay").post(
        "/costs/save/", {"month": "2026-02", "file": file}, follow=True
    )
    assert "The file is no CSV" in answer.content.decode()
