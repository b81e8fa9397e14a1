"""The pages and the API of classes: what they show, to whom, in both languages."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from daihou.config import cli, clock
from daihou.kit import grades, ports
from daihou.nightly.grading.grader import Grader
from daihou.nightly.stores.classes import GradedBook
from daihou.rooms.dayend.models import Run
from daihou.rooms.gateway import door as gateway
from daihou.rooms.grading import actions
from daihou.rooms.grading.models import ClassFact, GradingRun, LoanClass
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from tests.nightly import world
from tests.rooms.cast import AT, Cast, make_cast
from tests.rooms.test_pages import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
LAST = world.LAST
OPEN = LAST + timedelta(days=1)


def standing(rows: Any) -> dict[date, str]:
    return dict(rows.filter(current=True).values_list("as_of", "fingerprint"))


@pytest.fixture
def cast(tmp_path: Path) -> Iterator[Cast]:
    """A week of a lender, graded, all of it of the north; and the four."""
    world.build(loans=24)
    Loan.objects.update(branch="north")
    night = world.a_night(tmp_path)
    night.begin(world.FIRST)
    list(night.close(through=LAST))
    night.shut()
    grades.bind_grader(Grader(url=world.url(), home=tmp_path))
    book = GradedBook(
        tmp_path, lambda: standing(Run.objects), lambda: standing(GradingRun.objects)
    )
    ports.bind_book(book)
    actions.grade_due(at=AT)
    yield make_cast()
    grades.unbind_grader()
    ports.unbind_book()


def english(name: str) -> Client:
    client = signed_in(name)
    client.cookies["django_language"] = "en"
    return client


def late() -> LoanClass:
    found: LoanClass | None = (
        LoanClass.objects.filter(dpd__gt=0).order_by("-dpd", "pk").first()
    )
    assert found is not None
    return found


def test_the_book_by_class_adds_up_and_the_other_branch_sees_nothing(
    cast: Cast,
) -> None:
    for span in ("day", "month", "quarter", "x"):
        adds_up(english("mei").get(f"/grading/?since={span}").context["page"])
    text = english("mei").get("/grading/").content.decode()
    assert "reports count outstanding principal" in text
    south = english("bola").get("/grading/").context["page"]
    assert south.loans == 0 and south.moved == 0
    assert not english("bola").get("/grading/loans/").context["page"].lines
    assert english("bola").get(f"/grading/loans/{late().pk}/").status_code == 404


def adds_up(page: Any) -> None:
    """Who stayed and who came are who is there, class by class."""
    for place, tile in enumerate(page.tiles):
        assert tile.loans == sum(row.cells[place].loans for row in page.rows)
        assert all(row.cells[place].loans >= 0 for row in page.rows)
    assert page.loans == LoanClass.objects.count() == sum(t.loans for t in page.tiles)


def test_the_list_narrows_by_class_and_cause(cast: Cast) -> None:
    client = english("mei")
    lines = client.get("/grading/loans/?cause=overdue").context["page"].lines
    assert {each.line.loan_id for each in lines} == set(
        LoanClass.objects.filter(asset_class__gt=0).values_list("pk", flat=True)
    )
    for query in ("class=loss", "cause=evasion", "text=nothing", "may_rise=1"):
        answer = client.get(f"/grading/loans/?{query}")
        assert not answer.context["page"].lines
        assert b"No loan here" in answer.content
    odd = client.get("/grading/loans/?class=blue&cause=%00&page=x&text=%00")
    assert odd.status_code == 200


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "days past due, above 0"), ("zh-hans", "超过 0 天，至少关注")],
)
def test_a_loan_tells_why_with_rule_and_version(
    cast: Cast, language: str, words: str
) -> None:
    client = signed_in("arun")
    client.cookies["django_language"] = language
    loan = late()
    text = client.get(f"/grading/loans/{loan.pk}/").content.decode()
    assert words in text
    assert f'href="/law/rules/{loan.rule}/"' in text
    assert (
        f'href="/grading/loans/{loan.pk}/"'
        in client.get(f"/loans/{loan.pk}/").content.decode()
    )
    # An earlier day, one before the book, and one that is no day.
    for asked in (world.FIRST.isoformat(), "2001-01-01", "x"):
        assert client.get(f"/grading/loans/{loan.pk}/?as_of={asked}").status_code == 200


def test_facts_by_form_who_may_and_what_is_refused(cast: Cast) -> None:
    loan = late()
    address = f"/grading/loans/{loan.pk}/facts/"
    good = {"kind": "evasion", "begins_on": LAST.isoformat(), "evidence": "file 7"}
    for name in ("mei", "sam"):
        assert english(name).post(address, good).status_code == 403
    client = english("arun")
    for wrong in (
        {"kind": "nonsense"},
        {"kind": "missed"},
        {"begins_on": "soon"},
        {"begins_on": "2030-01-01"},
        {"evidence": " "},
        {"kind": "expected_loss", "amount": "-1"},
        {"kind": "market", "late": "2", "total": "1"},
        {"kind": "restructured"},
    ):
        answer = client.post(address, good | wrong)
        assert answer.status_code == 400, wrong
        assert b"Nothing was kept" in answer.content
    assert not ClassFact.objects.exists()
    assert client.post(address, good).status_code == 302
    fact = ClassFact.objects.get()
    assert (fact.kind, fact.known_on, fact.by) == ("evasion", OPEN, "arun")
    judged = good | {"kind": "judged", "to": "substandard"}
    assert client.post(address, judged).status_code == 302
    assert ClassFact.objects.get(kind="judged").content == {"to": "substandard"}
    lifting = good | {"kind": "technical_overdue"}
    assert client.post(address, lifting).status_code == 302
    assert ClassFact.objects.count() == 2  # the last one waits for a second person
    page = client.get(f"/grading/loans/{loan.pk}/").content.decode()
    assert "waits to be decided" in page and "file 7" in page
    end = f"/grading/facts/{fact.pk}/end/"
    early = {"ends_on": "2001-01-01", "reason": "x"}
    assert client.post(end, early).status_code == 400
    right = {"ends_on": OPEN.isoformat(), "reason": "the court says so"}
    assert english("bola").post(end, right).status_code in (403, 404)
    assert client.post(end, right).status_code == 302
    fact.refresh_from_db()
    assert fact.ends_on is None  # proposed, since it lifts the class


def test_before_any_run_the_pages_say_so(db: None) -> None:
    make_cast()
    client = english("mei")
    for address in ("/grading/", "/grading/loans/"):
        assert b"No day has been classified yet" in client.get(address).content


def program() -> Client:
    """A program of Arun's that reads and tells."""
    _line, secret = gateway.make_token(
        username="arun",
        name="classes",
        scopes=(gateway.ApiScope.CLASSES_READ, gateway.ApiScope.CLASSES_WRITE),
        days=9,
        by=people.process("test"),
        at=clock.now(),
    )
    return Client(
        headers={"authorization": f"Bearer {secret}", "accept-language": "en"}
    )


def test_programs_read_the_classes_with_their_reasons(cast: Cast) -> None:
    client = program()
    found, cursor = [], ""
    while True:
        page = client.get(f"/api/v1/classes?limit=7&cursor={cursor}").json()
        found += page["items"]
        assert len(page["items"]) <= 7
        if not page["has_more"]:
            break
        cursor = page["next_cursor"]
    assert [each["loan_id"] for each in found] == list(
        LoanClass.objects.order_by("pk").values_list("pk", flat=True)
    )
    loan = late()
    told = client.get(f"/api/v1/loans/{loan.pk}/class").json()
    assert told["rule"] == loan.rule and told["as_of"] == LAST.isoformat()
    assert told["decision"]["answer"] == told["asset_class"]
    assert loan.rule in {step["rule"] for step in told["decision"]["path"]}


def test_programs_tell_facts_and_ask(cast: Cast) -> None:
    client, loan = program(), late()
    body = {"kind": "evasion", "begins_on": LAST.isoformat(), "evidence": "file 7"}

    def post(address: str, content: dict[str, str], key: str) -> Any:
        return client.post(
            f"/api/v1/loans/{loan.pk}/{address}",
            json.dumps(content),
            content_type="application/json",
            headers={"idempotency-key": key},
        )

    dry = post("class-facts?dry_run=true", body, "k1")
    assert dry.json()["dry_run"] and not ClassFact.objects.exists()
    kept = post("class-facts", body, "k2").json()
    assert ClassFact.objects.get().pk == kept["fact"]["id"]
    proofs = {"to": "normal", "paid": "x", "able": "x", "others": "x"}
    LoanClass.objects.filter(pk=loan.pk).update(asset_class=3)
    refused = post("class-upgrades", proofs, "k3")
    assert refused.json()["code"] == "not_cleared"
    positions = ports.book().read(
        LAST, columns=["loan_id", "asset_class", "class_rule"]
    )
    shown = {row["loan_id"]: row["class_rule"] for row in positions.to_pylist()}
    assert shown[loan.pk] == loan.rule


def test_closed_days_carry_their_classes(cast: Cast) -> None:
    wanted = ["asset_class", "class_rule", "dpd"]
    rows = ports.book().read(LAST, columns=["loan_id", *wanted]).to_pylist()
    shown = {row["loan_id"]: row["class_rule"] for row in rows if row["asset_class"]}
    classes = LoanClass.objects.values_list("pk", "rule")
    assert shown == {pk: rule or None for pk, rule in classes}
    assert ports.book().read(LAST, columns=wanted).column_names == wanted


def test_the_command_line_grades_and_explains(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound, book = grades.grader(), ports.book()
    monkeypatch.setenv("DAIHOU_LANGUAGE", "en")
    monkeypatch.setattr("daihou.config.wiring.start", lambda: None)

    def run(*words: str) -> str:
        answer = CliRunner().invoke(cli.daihou, words)
        assert answer.exit_code == 0, answer.output
        return answer.output

    assert bound is grades.grader() and book is ports.book()
    assert "Every closed day is classified." in run("grade")
    again = run("grade", "--day", LAST.isoformat(), "--full")
    run_ = GradingRun.objects.get(as_of=LAST, current=True)
    assert run_.fingerprint[:12] in again and run_.kind == "full"
    loan = late()
    number = Loan.objects.get(pk=loan.pk).external_id
    told = run("explain", number, LAST.isoformat())
    assert f"{loan.dpd} days past due" in told and loan.rule in told
    assert "CN-INT-02" in told  # the cap on what it may cost
    refused = CliRunner().invoke(cli.daihou, ["grade", "--day", "2001-01-01"])
    assert refused.exit_code == 1 and "2001-01-01 is not closed" in refused.output


def test_a_fact_of_the_debtor_shows_at_another_loan_of_the_debtor(cast: Cast) -> None:
    """Told at one loan it decides the class of all; its evidence stays where it is."""
    one, two = Loan.objects.order_by("pk").filter(
        pk__in=LoanClass.objects.values("loan_id")
    )[:2]
    Loan.objects.filter(pk=two.pk).update(customer_id=one.customer_id)
    ClassFact.objects.create(
        loan_id=one.pk,
        customer_id=one.customer_id,
        kind="bankruptcy_liquidation",
        begins_on=LAST,
        known_on=LAST,
        evidence="court file 7",
        by="maker",
        at=AT,
    )
    here, there = (
        english("arun").get(f"/grading/loans/{each.pk}/").content.decode()
        for each in (one, two)
    )
    assert "court file 7" in here
    assert "told at another loan of the debtor" in there
    assert "court file 7" not in there
