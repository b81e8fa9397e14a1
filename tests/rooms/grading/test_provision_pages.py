"""Provisions of graded days: they add up, they foot, they say why, and to whom."""

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from daihou.config import clock
from daihou.engine.classification.codes import AssetClass
from daihou.engine.provision.movement import Line
from daihou.engine.provision.required import Exposure, needed
from daihou.kit import grades, ports, provisions
from daihou.nightly.grading.grader import Grader
from daihou.nightly.provision import Provider
from daihou.nightly.stores.classes import GradedBook
from daihou.rooms.dayend.models import Run
from daihou.rooms.gateway import door as gateway
from daihou.rooms.grading import actions
from daihou.rooms.grading import provision_queries as queries
from daihou.rooms.grading.models import (
    ClassFact,
    GradingRun,
    LoanClass,
    ProvisionHeld,
    ProvisionNeed,
    ProvisionRun,
)
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from tests.nightly import world
from tests.rooms.cast import AT, PASSWORD, Cast, make_cast
from tests.rooms.grading.test_grading_pages import english, standing
from tests.rooms.test_pages import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
LAST = world.LAST
TABLES = ("CN_MOF2012", "CN_PBC2002", "CN_MICRO")


@pytest.fixture
def cast(tmp_path: Path, settings: Any) -> Iterator[Cast]:
    """A week of a small lender around a month's end, graded and provided for."""
    settings.LICENCE = "microloan"
    world.build(loans=24)
    numbers = Loan.objects.order_by("pk").values_list("pk", flat=True)
    Loan.objects.filter(pk__in=list(numbers[:16])).update(branch="north")
    Loan.objects.filter(branch="").update(branch="south")
    night = world.a_night(tmp_path)
    night.begin(world.FIRST)
    list(night.close(through=LAST))
    night.shut()
    grades.bind_grader(Grader(url=world.url(), home=tmp_path))
    provisions.bind_provider(Provider(url=world.url(), home=tmp_path))
    book = GradedBook(
        tmp_path, lambda: standing(Run.objects), lambda: standing(GradingRun.objects)
    )
    ports.bind_book(book)
    actions.grade_due(at=AT)
    actions.provide_due(at=AT)
    yield make_cast()
    grades.unbind_grader()
    provisions.unbind_provider()
    ports.unbind_book()


def test_every_month_has_its_last_day_and_the_same_again_changes_nothing(
    cast: Cast,
) -> None:
    rows = list(ProvisionRun.objects.order_by("as_of").values_list("as_of", "pk"))
    assert [day for day, _pk in rows] == [world.FIRST.replace(day=29), LAST]
    actions.provide_due(at=AT)
    again = list(ProvisionRun.objects.order_by("as_of").values_list("as_of", "pk"))
    assert again == rows


def test_a_month_whose_file_is_gone_keeps_what_was_found(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = list(ProvisionRun.objects.order_by("as_of").values_list("as_of", "pk"))
    provider = provisions.provider()
    assert provider is not None
    graded = dict(provider.graded())
    gone = rows[0][0]  # the end of the first of two months

    there = {day: key for day, key in graded.items() if day > gone}
    monkeypatch.setattr(provider, "graded", lambda: there)
    actions.provide_due(at=AT)
    after = list(ProvisionRun.objects.order_by("as_of").values_list("as_of", "pk"))
    assert after == rows


@pytest.mark.parametrize("table", TABLES)
def test_the_sums_are_those_of_the_plain_text_loan_by_loan(
    cast: Cast, table: str
) -> None:
    run = queries.runs()[0]
    rules = queries.rules(run.as_of)[table]
    wanted = {each: [0, 0, 0] for each in AssetClass}
    for row in LoanClass.objects.all():
        at = AssetClass(row.asset_class)
        need = needed(Exposure(str(row.pk), at, row.balance), rules)
        for place, value in enumerate((1, row.balance, need.amount)):
            wanted[at][place] += value
    found = {each: [0, 0, 0] for each in AssetClass}
    for need in ProvisionNeed.objects.filter(run_id=run.id, table=table):
        row = found[AssetClass(need.asset_class)]
        for place, value in enumerate((need.loans, need.balance, need.needed)):
            row[place] += value
    assert found == wanted
    assert sum(row[2] for row in found.values()) > 0


@pytest.mark.parametrize("table", TABLES)
def test_the_movement_foots_from_month_to_month(cast: Cast, table: str) -> None:
    last, before = queries.runs()
    assert last.opening_on == before.as_of
    move = queries.move(last, table=table, currency="CNY")
    assert move is not None
    for sheet in (move.balances, move.allowances):
        for cells in sheet.values():
            lines = [cells[line] for line in Line if line is not Line.CLOSING]
            assert sum(lines) == cells[Line.CLOSING]
    for run, line in ((before, Line.OPENING), (last, Line.CLOSING)):
        for at in AssetClass:
            rows = ProvisionNeed.objects.filter(
                run_id=run.id, table=table, asset_class=at
            )
            owed = sum(row.balance for row in rows)
            need = sum(row.needed for row in rows)
            assert move.balances[at][line] == owed
            assert move.allowances[at][line] == need


def test_a_loss_that_was_told_stands_above_the_table(cast: Cast) -> None:
    loan = LoanClass.objects.filter(balance__gt=0).order_by("asset_class", "pk").first()
    assert loan is not None and loan.asset_class < AssetClass.LOSS
    before = sum(queries_sum("CN_MOF2012").values())
    ClassFact.objects.create(
        loan_id=loan.pk,
        customer_id=loan.loan.customer_id,
        kind="expected_loss",
        begins_on=world.FIRST,
        known_on=world.FIRST,
        content={"amount": loan.balance},
        by="arun",
        at=AT,
    )
    ProvisionRun.objects.all().delete()
    actions.provide_due(at=AT)
    share = needed(
        Exposure("x", AssetClass(loan.asset_class), loan.balance),
        queries.rules(LAST)["CN_MOF2012"],
    ).amount
    assert sum(queries_sum("CN_MOF2012").values()) == before + loan.balance - share
    text = english("mei").get(f"/grading/provision/loans/{loan.pk}/").content.decode()
    assert "the higher governs" in text


def queries_sum(table: str) -> dict[str, int]:
    run = queries.runs()[0]
    found: dict[str, int] = {}
    for row in ProvisionNeed.objects.filter(run_id=run.id, table=table):
        found[row.branch] = found.get(row.branch, 0) + row.needed
    return found


def test_the_page_adds_up_and_a_branch_sees_its_own(cast: Cast) -> None:
    whole = english("arun").get("/grading/provision/?table=CN_MOF2012").context["page"]
    sums = queries_sum("CN_MOF2012")
    assert whole.total.needed == sum(sums.values())
    assert {row.code: row.needed for row in whole.offices} == sums
    assert whole.found is not None and whole.sheets
    north = english("mei").get("/grading/provision/?table=CN_MOF2012").context["page"]
    assert north.total.needed == sums["north"]
    assert north.found is None and not north.sheets
    south = english("bola").get("/grading/provision/?table=CN_MOF2012").context["page"]
    assert {row.code for row in south.offices} == {"south"}
    other = Loan.objects.filter(branch="south").order_by("pk").first()
    assert other is not None
    address = f"/grading/provision/loans/{other.pk}/"
    assert english("mei").get(address).status_code == 404


@pytest.mark.parametrize(
    ("language", "words"), [("en", "By class"), ("zh-hans", "财金")]
)
def test_the_page_says_why_in_both_languages(
    cast: Cast, language: str, words: str
) -> None:
    client = signed_in("arun")
    client.cookies["django_language"] = language
    text = client.get("/grading/provision/?table=CN_MOF2012").content.decode()
    assert words in text and 'href="/law/rules/CN-PRV-02/"' in text
    micro = client.get("/grading/provision/").context["page"]
    assert micro.table == "CN_MICRO" and micro.unverified
    for odd in ("month=2001-01", "month=x&table=x&currency=%00", "month=2024-02"):
        assert client.get(f"/grading/provision/?{odd}").status_code == 200


def test_after_another_country_the_page_still_opens(cast: Cast, settings: Any) -> None:
    settings.JURISDICTION, settings.LICENCE = "us", "creditor"
    page = english("arun").get("/grading/provision/?table=CN_MICRO")
    assert page.status_code == 200 and page.context["page"].run is not None
    assert not page.context["page"].tables


def test_what_is_held_makes_the_ratios(cast: Cast, settings: Any) -> None:
    client = english("arun")
    good = {"amount": "1000.00", "on": LAST.isoformat(), "evidence": "ledger 1231"}
    for wrong in (
        {"amount": "-1"},
        {"amount": "x"},
        {"on": "soon"},
        {"on": (LAST + timedelta(days=9)).isoformat()},
        {"evidence": " "},
    ):
        answer = client.post("/grading/provision/held/", good | wrong)
        assert answer.status_code == 400, wrong
    assert not ProvisionHeld.objects.exists()
    assert english("mei").post("/grading/provision/held/", good).status_code == 403
    assert client.post("/grading/provision/held/", good).status_code == 302
    page = client.get("/grading/provision/").context["page"]
    assert page.found.held == 100_000 and page.held.by == "arun"
    assert page.ratios["provision"] * page.found.loans == pytest.approx(100_000)


def test_a_bank_sees_its_ratios_and_the_highest_governs(
    cast: Cast, settings: Any
) -> None:
    settings.LICENCE = "bank"
    actions.provide_due(at=AT)
    page = english("arun").get("/grading/provision/").context["page"]
    assert [code for code, _word, _chosen in page.tables] == list(TABLES[:2])
    found = page.found
    assert found.required == max(found.by_table, found.by_ratio, found.by_coverage)
    assert {"CN-PRV-01", "CN-PRV-02"} <= {step.rule for step in page.path}


def test_before_any_day_the_page_says_so(db: None) -> None:
    make_cast()
    text = english("mei").get("/grading/provision/").content
    assert b"No day has been provided for yet" in text
    assert english("arun").get("/grading/provision/export/").status_code == 404


def test_the_sheet_and_programs(cast: Cast) -> None:
    answer = english("arun").get("/grading/provision/export/?table=CN_PBC2002")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "Substandard" in texts and "arun" in texts
    assert english("mei").get("/grading/provision/export/").status_code == 403
    _line, secret = gateway.make_token(
        username="arun",
        name="classes",
        scopes=(gateway.ApiScope.CLASSES_READ,),
        days=9,
        by=people.process("test"),
        at=clock.now(),
    )
    client = Client(headers={"authorization": f"Bearer {secret}"})
    told = client.get("/api/v1/provision?table=CN_MOF2012&month=2024-03").json()
    assert told["as_of"] == LAST.isoformat() and told["movement"]["balances"]
    assert told["decision"]["path"] and set(told["ratios"]) >= {"provision"}
    loan = LoanClass.objects.order_by("pk").first()
    assert loan is not None
    of_loan = client.get(f"/api/v1/loans/{loan.pk}/provision").json()
    assert [each["table"] for each in of_loan["tables"]] == list(TABLES)


def test_auditors_read_and_tell_nothing(cast: Cast) -> None:
    people.create_user(
        username="eve", password=PASSWORD, role="auditor", branch=None, by="t", at=AT
    )
    assert english("eve").get("/grading/provision/").context["page"].found is not None
    good = {"amount": "1.00", "on": LAST.isoformat(), "evidence": "x"}
    assert english("eve").post("/grading/provision/held/", good).status_code == 403
