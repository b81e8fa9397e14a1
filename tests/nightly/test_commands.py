"""The commands of the night, as a person types them."""

import csv
import os
from collections import Counter
from datetime import timedelta

import pytest
from click.testing import CliRunner

from daihou.config.commands import day_end, positions, town, travel
from daihou.kit import grades
from daihou.nightly.grading.grader import Grader
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend.models import BusinessDate, Run
from daihou.rooms.grading import door as grading
from daihou.rooms.grading.models import GradingRun
from daihou.rooms.ledger.models import Loan, Position
from tests.nightly import world
from tests.nightly.world import FIRST

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Type a command; its database and home are those of this test."""
    world.build()
    monkeypatch.setenv("DATABASE_URL", world.url())
    monkeypatch.setenv("DAIHOU_HOME", str(tmp_path))

    def typed(command, *words, code=0):
        monkeypatch.setenv("DAIHOU_LANGUAGE", "zh")
        result = CliRunner().invoke(command.command, [str(word) for word in words])
        assert result.exit_code == code, result.output
        return result.output

    return typed


def test_plan_shows_and_writes_nothing(run):
    said = run(day_end, "--as-of", FIRST, "--plan", "--language", "en")
    assert "the first of this book" in said
    assert "Nothing was written." in said
    assert "L0" in said or "new" in said
    assert not Run.objects.exists()


def test_days_are_closed_and_run_again_in_chinese(run):
    assert "已关账" in run(day_end, "--as-of", FIRST)
    assert run(day_end, "--through", FIRST + 2 * DAY).count("已关账") == 2
    assert "逐位相同" in run(day_end, "--as-of", FIRST + DAY)
    assert BusinessDate.objects.get().on == FIRST + 3 * DAY


def test_a_late_payment_prints_the_difference_with_the_senders_number(run):
    run(day_end, "--as-of", FIRST)
    run(day_end, "--through", FIRST + 3 * DAY)
    late = Position.objects.filter(dpd__gt=4).exclude(loan__product="mirror_core")
    loan = Loan.objects.get(pk=late[0].loan_id)
    world.report_payment(loan.pk, FIRST + 3 * DAY, 40_000, name="late")
    said = run(day_end, "--language", "en")
    assert f"{FIRST + 3 * DAY} run again (late facts): 1 loans differ" in said
    assert loan.external_id in said


def test_travel_lives_every_day_and_marks_the_clock_as_simulated(run):
    run(day_end, "--as-of", FIRST)
    said = run(travel, FIRST + 4 * DAY, "--language", "en")
    assert "Lived 3 days" in said
    assert Run.objects.filter(current=True).count() == 4
    assert not BusinessDate.objects.get().simulated


def test_travel_opens_a_book_that_has_no_date_and_lives_on_from_there(run):
    said = run(travel, FIRST, "--language", "en")
    assert "first open day of this book" in said
    assert BusinessDate.objects.get().on == FIRST and not Run.objects.exists()
    (event,) = audit.latest(type="business_date.set")
    assert event.business_date == FIRST
    assert "Lived 2 days" in run(travel, FIRST + 2 * DAY, "--language", "en")
    assert Run.objects.filter(current=True).count() == 2


def test_positions_are_written_and_an_open_day_is_refused(run, tmp_path):
    run(day_end, "--as-of", FIRST)
    out = tmp_path / "p.csv"
    run(positions, "--as-of", FIRST, "--format", "csv", "--out", out)
    head, first, *_ = out.read_text().splitlines()
    assert head.startswith('"loan_id","as_of","dpd","dpd_method"')
    assert first.split(",")[1] == str(FIRST)
    words = ("--as-of", FIRST + DAY, "--out", out, "--language", "en")
    assert "is not closed" in run(positions, *words, code=1)


def test_positions_tell_the_class_of_a_day_that_was_classified(run, tmp_path):
    run(day_end, "--as-of", FIRST)
    out = tmp_path / "p.csv"
    words = ("--as-of", FIRST, "--format", "csv", "--out", out, "--language", "en")
    assert "has not been classified" in run(positions, *words)
    with out.open(newline="") as file:
        assert {row["asset_class"] for row in csv.DictReader(file)} == {""}
    grader = Grader(url=os.environ["DATABASE_URL"], home=tmp_path)
    grades.bind_grader(grader)
    grading.grade_day(FIRST, at=world.AT, by="mei")
    grades.unbind_grader()
    assert "has not been classified" not in run(positions, *words)
    with out.open(newline="") as file:
        told = {row["loan_id"]: row["asset_class"] for row in csv.DictReader(file)}
    (run_,) = GradingRun.objects.filter(current=True)
    found = Counter(filter(None, told.values()))
    assert found == {code: n for code, n in run_.counts.items() if n}


def test_the_sender_is_named_where_two_share_a_number(run, tmp_path):
    run(day_end, "--as-of", FIRST)
    out = tmp_path / "p.csv"
    words = ("--as-of", FIRST, "--format", "csv", "--out", out)
    run(positions, *words)
    assert out.read_text().splitlines()[0].endswith('"status"')
    twin = Loan.objects.values().get(external_id="L000")
    Loan.objects.create(**twin | {"id": None, "source": "merged"})
    run(positions, *words)
    head, *rows = out.read_text().splitlines()
    assert head.endswith('"status","source"')
    assert {row.rsplit(",", 1)[1] for row in rows} == {'"core"'}


def test_a_plan_adds_each_currency_for_itself_with_its_decimals(run):
    run(day_end, "--as-of", FIRST)
    late = Position.objects.filter(dpd__gt=0).values_list("loan_id", "overdue_total")
    (one, yen), (two, dinar), *rest = late.order_by("-dpd", "loan_id")
    Loan.objects.filter(pk=one).update(currency="JPY")
    Loan.objects.filter(pk=two).update(currency="KWD")
    said = run(day_end, "--as-of", FIRST, "--plan", "--language", "en")
    yuan = sum(amount for _, amount in rest)
    dinars, rest_of_dinar = divmod(dinar, 1000)
    assert f"{yuan // 100:,}.{yuan % 100:02d} CNY" in said
    assert f"{yen:,} JPY" in said
    assert f"{dinars:,}.{rest_of_dinar:03d} KWD" in said
    assert sum(line.endswith(" JPY") for line in said.splitlines()) == 1


def test_two_dates_at_once_are_refused(run):
    words = ("--as-of", FIRST, "--through", FIRST, "--language", "en")
    assert "not both" in run(day_end, *words, code=2)


def test_a_day_that_is_past_is_named_and_nothing_is_closed(run):
    run(day_end, "--as-of", FIRST)
    run(day_end, "--through", FIRST + 2 * DAY)
    before = Run.objects.count()
    for command, words in ((travel, (FIRST,)), (day_end, ("--through", FIRST))):
        said = run(command, *words, "--language", "en", code=1)
        assert f"{FIRST} is already past" in said
        assert f"open business date is {FIRST + 3 * DAY}" in said
    assert "已经过去" in run(travel, FIRST, code=1)
    assert Run.objects.count() == before


def test_a_town_is_not_put_on_a_book_in_use(run):
    loans = Loan.objects.count()
    said = run(town, "--take-in", "--loans", 20, code=1)
    assert "此账簿已有贷款" in said
    assert Loan.objects.count() == loans
