"""Reports of the work: hands beside their mix, the funnel to cash, promises, costs."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from daihou.kit import portfolio, ports
from daihou.rooms.casework.models import Assignment, Case
from daihou.rooms.contact.models import Attempt
from daihou.rooms.ledger.models import Payment
from daihou.rooms.people import door as people
from daihou.rooms.reporting.models import Cost
from tests.rooms.book import Book, position, positions
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_loan
from tests.rooms.portfolio import Nothing
from tests.rooms.reporting.test_reports import english, rows, tables

pytestmark = pytest.mark.django_db
BEFORE = date(2026, 2, 28)
LAST = date(2026, 3, 19)
CODES = ("hands", "contact-funnel", "commitments", "costs", "effect")


def noon(day: date) -> Any:
    return AT.replace(year=day.year, month=day.month, day=day.day)


def case(number: str, *, branch: str = "north", **facts: Any) -> Case:
    """A case of one loan, opened on the 20th of February."""
    from daihou.rooms.casework.models import CaseLoan

    loan = make_loan(number, branch=branch)
    opened = date(2026, 2, 20)
    closed = facts.get("closed_on")
    more = {"lifecycle": "closed", "closed_at": noon(closed)} if closed else {}
    made = Case.objects.create(
        number=f"A-{number}",
        customer_id=loan.customer_id,
        currency="CNY",
        branch=branch,
        product=loan.product,
        opened_on=opened,
        opened_at=noon(opened),
        opened_because="rule",
        **(facts | more),
    )
    CaseLoan.objects.create(
        case=made,
        loan_id=loan.pk,
        since=opened,
        joined_at=noon(opened),
        until=closed,
        outstanding=300_000,
    )
    return made


def given(to: Case, hand: str, day: date, *, until: date | None = None) -> None:
    """A case in a hand from a day on."""
    Assignment.objects.create(
        case=to,
        assignment="collector" if hand else "pool",
        collector=hand,
        method="manual",
        from_at=noon(day),
        until_at=noon(until) if until else None,
        business_date=day,
        amount=50_000,
        by="su",
    )


def paid(of: Case, amount: int, day: date, *, takes_back: Payment | None = None) -> Any:
    row = of.in_it.get()
    return Payment.objects.create(
        loan_id=row.loan_id,
        source="core",
        external_id=f"P{Payment.objects.count()}",
        digest=b"",
        amount=amount,
        paid_on=day,
        recorded_at=noon(day),
        reversal_of=takes_back,
    )


@pytest.fixture
def work(cast: Cast) -> Iterator[dict[str, Case]]:
    """Three cases of the north and one of the south, in the hands of two people."""
    from daihou.rooms.dayend import door as dayend

    dayend.set_business_date(on=TODAY, by="test", at=AT)
    for name, role, branch in (("hana", "risk", None), ("bo", "supervisor", "north")):
        people.create_user(
            username=name, password=PASSWORD, role=role, branch=branch, by="t", at=AT
        )
    made = {
        "kept": case("L1"),
        "cured": case("L2", closed_on=date(2026, 3, 11), close_code="CURED"),
        "moved": case("L3"),
        "south": case("S1", branch="south"),
    }
    given(made["kept"], "mei", date(2026, 2, 21))
    given(made["cured"], "mei", date(2026, 3, 2), until=date(2026, 3, 11))
    given(made["moved"], "mei", date(2026, 3, 1), until=date(2026, 3, 10))
    given(made["moved"], "bo", date(2026, 3, 10))
    given(made["south"], "bola", date(2026, 3, 1))
    loans = [each.in_it.get().loan_id for each in made.values()]
    late = positions(*(position(loan, dpd=10, overdue_total=40_000) for loan in loans))
    ports.bind_book(Book({BEFORE: late, LAST: late}))
    portfolio.bind_portfolio(Nothing())
    yield made
    portfolio.unbind_portfolio()
    ports.unbind_book()


QUERY = f"as_of={LAST}&since={BEFORE}"


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("code", CODES)
def test_reports_of_the_work_open_in_both_languages_and_leave_as_files(
    code: str,
) -> None:
    from tests.rooms.test_pages import signed_in

    for client in (english("hana"), signed_in("hana")):
        assert client.get(f"/reports/{code}/?{QUERY}").status_code == 200
    for form in ("xlsx", "csv"):
        answer = english("hana").get(f"/reports/{code}/take/?{QUERY}&form={form}")
        assert answer.status_code == 200, answer
        assert answer["Content-Disposition"].endswith(f'.{form}"')


def test_cash_belongs_to_the_hand_of_its_day_and_counts_once(
    work: dict[str, Case],
) -> None:
    moved = work["moved"]
    paid(moved, 1_000, date(2026, 3, 9))
    back = paid(moved, 500, date(2026, 3, 10))  # given on: it is Bo's from then on
    paid(moved, -500, date(2026, 3, 18), takes_back=back)
    paid(work["cured"], 40_000, date(2026, 3, 11))
    paid(work["kept"], 7, BEFORE)  # before the period
    found = rows(tables(english("hana"), "hands", QUERY)["hands"], "hand")
    assert (found["mei"]["cash"], found["bo"]["cash"]) == (41_000, 0)
    assert (found["mei"]["cases"], found["mei"]["cured"]) == (3, 1)
    assert (found["bo"]["cases"], found["bola"]["cases"]) == (1, 1)
    # What was late when it came: of the first from the closed day before, of others
    # from when they were given.
    assert found["mei"]["amount"] == 40_000 + 50_000 + 50_000
    assert {row["said"] for row in found.values()} == {"few"}
    assert found["mei"]["ratio"] is None, "nothing is said of so few"


def test_a_case_given_on_within_a_unit_is_one_case_of_it(
    work: dict[str, Case],
) -> None:
    people.create_user(
        username="cai",
        password=PASSWORD,
        role="collector",
        branch="north",
        by="t",
        at=AT,
    )
    day = date(2026, 3, 12)
    Assignment.objects.filter(case=work["moved"], until_at=None).update(
        until_at=noon(day)
    )
    given(work["moved"], "cai", day)  # of the unit that Bo is of
    paid(work["moved"], 1_000, date(2026, 3, 11))
    paid(work["moved"], 2_000, date(2026, 3, 13))
    page = tables(english("hana"), "hands", QUERY)
    hands, teams = rows(page["hands"], "hand"), rows(page["teams"], "hand")
    assert (hands["bo"]["cases"], hands["cai"]["cases"]) == (1, 1)
    assert hands["bo"]["cash"] + hands["cai"]["cash"] == 3_000
    # Mei's three; the moved one was in three hands of the unit, and late but once.
    north = teams["north"]
    assert (
        (north["cases"], north["cash"]) == (3, 3_000) == (hands["mei"]["cases"], 3_000)
    )
    assert north["amount"] == hands["mei"]["amount"]


def test_nobody_sees_the_work_of_other_branches(work: dict[str, Case]) -> None:
    paid(work["south"], 900, date(2026, 3, 9))
    found = rows(tables(english("bo"), "hands", QUERY)["hands"], "hand")
    assert "bola" not in found
    narrowed = tables(english("hana"), "hands", f"{QUERY}&branch=south")["hands"]
    assert [row["hand"] for row in narrowed.data.to_pylist()] == ["bola"]


def test_the_average_expects_of_all_hands_what_they_brought(
    work: dict[str, Case],
) -> None:
    paid(work["kept"], 3_000, date(2026, 3, 9))
    page = tables(english("hana"), "hands", QUERY)
    averages = page["averages"].data.to_pylist()
    assert sum(each["cured"] for each in averages) == 1
    expected = [float(each["expected"]) for each in page["hands"].data.to_pylist()]
    assert sum(expected) == pytest.approx(1, abs=0.15)  # each is rounded to a tenth


def test_the_funnel_ends_in_cash_and_knows_the_hour(work: dict[str, Case]) -> None:
    for n, (connected, talked) in enumerate([(True, True), (True, False)]):
        Attempt.objects.create(
            fact_id=n + 1,
            customer_id=work["kept"].customer_id,
            person="p1",
            channel="call",
            purpose="collect",
            actor="lender",
            at=noon(date(2026, 3, 9)) + timedelta(hours=n),
            result="NEGO",
            connected=connected,
            conversation=talked,
            failed=False,
            recorded_by="mei",
            recorded_at=AT,
        )
    page = tables(english("hana"), "contact-funnel", QUERY)
    steps = rows(page["steps"], "step")
    assert (steps["assigned"]["number"], steps["tried"]["number"]) == (4, 1)
    assert (steps["connected"]["number"], steps["connected"]["of"]) == (2, 2)
    assert (steps["reached"]["number"], steps["reached"]["of"]) == (1, 2)
    hours = rows(page["hour"], "key")
    assert len(hours) == 2 and all(each["attempts"] == 1 for each in hours.values())
    assert all(each["penetration"] is None for each in hours.values()), "too few"


def test_the_effect_is_told_beside_the_period_before(work: dict[str, Case]) -> None:
    paid(work["kept"], 1_000, date(2026, 3, 2))  # ten days after it was opened
    paid(work["kept"], 3_000, date(2026, 3, 10))  # eighteen days after
    found = rows(tables(english("hana"), "effect", QUERY)["periods"], "measure")
    assert found["cash"]["after_cash"] == 4_000 and not found["cash"]["before_cash"]
    assert found["time"]["after"] == "16.0" and found["time"]["before"] is None
    assert found["success"]["after"] == "25.0 %", "one case of four ended well"
    assert found["success"]["said"] == "few"
    assert found["cured_time"]["after"] == "19.0"
    assert "hold-outs" not in tables(english("bo"), "effect", QUERY)
    assert not tables(english("hana"), "effect", QUERY)["hold-outs"].rows


def test_costs_stand_beside_cash_accounts_and_contacts(work: dict[str, Case]) -> None:
    paid(work["kept"], 10_000, date(2026, 2, 25))
    for kind, channel, amount in (("staff", "", 900), ("telecom", "call", 100)):
        Cost.objects.create(
            month="2026-02",
            kind=kind,
            channel=channel,
            currency="CNY",
            amount=amount,
            by="fay",
            at=AT,
        )
    month = rows(tables(english("hana"), "costs")["months"], "month")["2026-02"]
    assert (month["total"], month["cash"], month["accounts"]) == (1_000, 10_000, 4)
    assert str(month["per_yuan"]) == "0.100000"
    assert month["per_account"] == 250
    channels = rows(tables(english("hana"), "costs")["channels"], "channel")
    assert channels["call"]["cost"] == 100
    part = tables(english("bo"), "costs")["months"]
    assert part.problem and not part.rows, "a part of the house has no costs"


def test_money_that_went_back_after_the_case_was_given_on_is_subtracted(
    work: dict[str, Case],
) -> None:
    lent = work["kept"]
    gone = paid(lent, 10_000, BEFORE)
    noon_of_first = noon(date(2026, 3, 1))
    Assignment.objects.filter(case=lent).update(until_at=noon_of_first)
    given(lent, "bo", date(2026, 3, 1))
    paid(lent, -10_000, date(2026, 3, 3), takes_back=gone)
    paid(lent, 500, date(2026, 3, 5))
    found = rows(tables(english("hana"), "hands", QUERY)["hands"], "hand")
    assert (found["mei"]["cash"], found["bo"]["cash"]) == (-10_000, 500)
    teams = tables(english("hana"), "hands", QUERY)["teams"].data.to_pylist()
    assert sum(row["cash"] for row in teams) == -9_500
    whole = rows(tables(english("hana"), "effect", QUERY)["periods"], "measure")
    assert whole["cash"]["after_cash"] == -9_500, "two reports of a month agree"


def test_a_month_that_is_not_over_has_no_rate(work: dict[str, Case]) -> None:
    for month, amount in (("2026-02", 100), ("2026-03", 900)):
        Cost.objects.create(
            month=month,
            kind="staff",
            channel="",
            currency="CNY",
            amount=amount,
            by="fay",
            at=AT,
        )
    paid(work["kept"], 1_000, date(2026, 2, 25))
    paid(work["kept"], 4_000, date(2026, 3, 9))
    found = rows(tables(english("hana"), "costs", QUERY)["months"], "month")
    assert str(found["2026-02"]["per_yuan"]) == "0.100000"
    march = found["2026-03"]
    assert (march["total"], march["cash"]) == (900, 4_000)
    assert march["per_yuan"] is march["per_account"] is march["per_rpc"] is None
    wide = f"as_of={LAST}&since=2026-01-31"
    cost = rows(tables(english("hana"), "effect", wide)["periods"], "measure")["cost"]
    assert (cost["before"], cost["after"]) == (None, "10.0 % (2026-02)")
