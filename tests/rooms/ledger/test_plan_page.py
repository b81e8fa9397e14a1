"""The plan before the day is closed: who sees it, what it says, when it is old."""

import re
from datetime import date

import pyarrow as pa
import pytest

from daihou.nightly.plan import Currencies, make_plan
from daihou.rooms.dayend.models import BusinessDate, Difference, Request
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Change, Loan
from tests.rooms.book import Book, position, positions
from tests.rooms.cast import AT, TODAY, Cast
from tests.rooms.dayend.test_dayend import make_run
from tests.rooms.test_pages import book, loans, signed_in, text_of  # noqa: F401

LAST = date(2026, 3, 19)


@pytest.fixture
def planned(book: Book, loans: list[Loan]) -> Request:  # noqa: F811
    """The night's answer: N1 goes to M3, S1 is cured, N3 comes late."""
    one, two, south, fine = (loan.pk for loan in loans)
    tomorrow = positions(
        position(one, dpd=61, overdue_total=300_000),
        position(two, dpd=2, overdue_total=200_000),
        position(south, status="settled"),
        position(fine, dpd=1, overdue_total=50_000),
    )
    rows = Loan.objects.order_by("pk").values_list("pk", "currency")
    known = pa.table(
        dict(zip(("loan_id", "currency"), zip(*rows, strict=True), strict=True))
    )
    plan = make_plan(
        book.days[LAST],
        tomorrow,
        as_of=TODAY,
        since=LAST,
        currencies=Currencies.of(known),
    )
    return Request.objects.create(
        as_of=TODAY,
        kind="plan",
        state="done",
        by="arun",
        asked_at=AT,
        finished_at=AT,
        plan=plan.to_json() | {"seconds": 0.25, "facts": ledger.book.facts_mark()},
    )


def section(page: str) -> str:
    found = re.search(r'<section id="plan">.*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def test_the_plan_says_who_would_move(planned: Request) -> None:
    part = section(text_of(signed_in("arun").get("/day-end/")))
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", part))
    assert facts["Change bucket or state"] == "3"
    assert (facts["Newly late"], facts["Cured"]) == ("1", "1")
    assert facts["Late afterwards"] == "3 of 4"
    rows = {
        row[0]: re.findall(r"(?:>)(\d+|–)(?:<)", row[1])
        for row in re.findall(r'<th scope="row">(\w+)</th>(.*?)</tr>', part)
    }
    columns = re.findall(r'<th class="num">(\w+)</th>', part)
    assert columns == ["M0", "M1", "M3"]
    assert rows["M2"][-1] == "1" and rows["M1"][:2] == ["1", "1"]
    assert part.index(">N1<") < part.index(">N3<")
    assert "M1 → Settled" in part
    assert "Out of date" not in part and "0.25" in part
    assert "compared with 19 Mar 2026" in part


def test_a_plan_is_out_of_date_once_facts_came(planned: Request) -> None:
    Change.objects.create(happened_on=TODAY, recorded_at=AT, kind="payment.received")
    part = section(text_of(signed_in("arun").get("/day-end/")))
    assert "Out of date" in part and "Facts have changed" in part


def test_a_plan_of_a_day_that_is_not_open_is_only_a_line(planned: Request) -> None:
    make_run(TODAY)
    BusinessDate.objects.update(on=date(2026, 3, 21))
    page = text_of(signed_in("arun").get("/day-end/"))
    assert not section(page) and "no longer the open day" in page


def test_who_sees_one_branch_sees_no_plan_of_the_whole_book(planned: Request) -> None:
    for who in ("mei", "bola"):
        assert not section(text_of(signed_in(who).get("/day-end/")))
    assert section(text_of(signed_in("sam").get("/day-end/")))


def test_the_plan_is_asked_for_and_waited_for(book: Book, cast: Cast) -> None:  # noqa: F811
    for who in ("mei", "sam"):
        assert signed_in(who).post("/day-end/ask/", {"kind": "plan"}).status_code == 403
    arun = signed_in("arun")
    told = text_of(arun.post("/day-end/ask/", {"kind": "plan"}, follow=True))
    assert "Nothing is closed by it" in told and "The worker plans the day" in told
    waiting = text_of(arun.get("/day-end/waiting/"))
    assert 'hx-get="/day-end/waiting/"' in waiting and "<html" not in waiting
    Request.objects.update(state="done", finished_at=AT)
    ended = text_of(arun.get("/day-end/waiting/"))
    assert "hx-get" not in ended and "Plan first" in ended


def test_the_plan_is_read_in_chinese(planned: Request) -> None:
    page = text_of(signed_in("arun", language="zh-hans").get("/day-end/"))
    assert "若现在关账" in section(page)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "lies before the first"), ("zh-hans", "早于首个")]
)
def test_why_a_request_failed_is_said_in_the_language_of_the_page(
    book: Book,  # noqa: F811
    language: str,
    said: str,
) -> None:
    problem = {
        "code": "x",
        "params": {},
        "zh": "早于首个",
        "en": "lies before the first",
    }
    Request.objects.create(
        as_of=TODAY,
        kind="next",
        state="failed",
        by="arun",
        asked_at=AT,
        finished_at=AT,
        problem=problem,
    )
    run = make_run(LAST)
    run.error = problem
    run.save()
    page = text_of(signed_in("arun", language=language).get("/day-end/"))
    assert page.count(said) == 3  # title and words of the request, the run


def test_a_branch_sees_only_its_own_differences_and_no_sum_of_the_whole(
    book: Book,  # noqa: F811
    loans: list[Loan],  # noqa: F811
) -> None:
    run = make_run(LAST)
    run.loans = 98_765
    run.save()
    strangers = range(900_000, 900_250)
    Difference.objects.bulk_create(
        Difference(run=run, loan_id=loan_id, as_of=date(2026, 1, 1))
        for loan_id in strangers
    )
    Difference.objects.create(run=run, loan_id=loans[0].pk, as_of=LAST)
    Difference.objects.create(run=run, loan_id=loans[2].pk, as_of=LAST)
    pages = {
        who: text_of(signed_in(who).get("/day-end/")) for who in ("mei", "bola", "arun")
    }
    changed = {
        who: page.split("What running again changed")[1] for who, page in pages.items()
    }
    assert "1 difference<" in changed["mei"] and ">N1<" in changed["mei"]
    assert "1 difference<" in changed["bola"] and ">S1<" in changed["bola"]
    assert "252 differences" in changed["arun"]
    assert "98,765" in pages["arun"]
    assert "98,765" not in pages["mei"] + pages["bola"]
