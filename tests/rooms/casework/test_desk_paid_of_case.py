"""What is paid up is the case: its loans, all of them, whoever looks, and no others."""

from datetime import timedelta
from typing import Any

import pytest

from daihou.rooms.casework.actions.opening import open_case
from daihou.rooms.casework.pages import case as case_page
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.actions import standing
from daihou.rooms.ledger.models import ContactPoint, Loan
from tests.rooms.casework.test_desk_paid import by_file
from tests.rooms.cast import AT, TODAY, Cast, make_loan, pay
from tests.rooms.desking import a_case, clock_at_noon, desk_of, give
from tests.rooms.promising import NOON, Worked, deed, supervisor
from tests.rooms.test_pages import signed_in

LATER = NOON + timedelta(hours=1)
PAID = "nobody is contacted about it"


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The clock stands at noon of the open day."""
    return clock_at_noon(monkeypatch)


def beside(worked_loan: Loan, number: str, **wish: Any) -> Loan:
    """Another late loan of the same customer."""
    made = make_loan(number, **wish)
    Loan.objects.filter(pk=made.pk).update(customer=worked_loan.customer)
    made.refresh_from_db()
    standing.settle_at_once(made, business_date=TODAY)
    return made


def asked(worked: Worked) -> list[str]:
    """What the desk says when the gate is asked for a call."""
    client = signed_in("mei")
    answer = client.post(f"/desk/{worked.case.number}/ask/", {"channel": "call"})
    assert answer.status_code == 200
    return [each.text for each in answer.context["page"].notes]


def test_a_loan_of_the_case_out_of_sight_is_late_yet(cast: Cast, now: Any) -> None:
    """Mei sees the paid loan of two in the case; the other one is the south's."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    loan = make_loan("L1", principal=200_000)
    standing.settle_at_once(loan, business_date=TODAY)
    other = beside(loan, "L2", branch="south")
    point = ContactPoint.objects.create(
        source="core",
        external_id="L1-phone",
        digest=b"",
        customer=loan.customer,
        kind="mobile",
        owner_role="self",
        **ledger.personal.contact_columns("13800010001"),
    )
    boss = supervisor()
    open_case(loan.customer_id, deed=deed(boss))
    worked = Worked(loan, point.pk, boss)
    give(worked, "mei")
    by_file(worked, 900_000)
    case = desk_of(signed_in("mei"), f"?case={worked.case.number}").case
    assert case.owed.total == 0
    assert case.next.title != "Contact nobody: what was late is paid"
    assert not any(PAID in text for text in asked(worked))
    by_file(Worked(other, 0, boss), 900_000, batch=8)
    case = desk_of(signed_in("mei"), f"?case={worked.case.number}").case
    assert case.next.title == "Contact nobody: what was late is paid"
    assert any(PAID in text for text in asked(worked))


def test_a_late_loan_beside_the_case_is_not_what_it_is_about(
    cast: Cast, now: Any
) -> None:
    worked = a_case()
    late = desk_of(signed_in("mei"), f"?case={worked.case.number}").case.owed.total
    beside(worked.loan, "L9")
    page = desk_of(signed_in("mei"), f"?case={worked.case.number}").case
    assert page.owed.total == late
    by_file(worked, 400_000)
    case = desk_of(signed_in("mei"), f"?case={worked.case.number}").case
    assert (case.owed.total, case.owed.late) == (0, "Not late")
    assert case.next.title == "Contact nobody: what was late is paid"
    assert any(PAID in text for text in asked(worked))
    page = signed_in("mei").get(f"/cases/{worked.case.number}/").context["page"]
    assert page.owed.total == 0
    assert len(page.loans) == 2


def test_what_was_overdue_is_reckoned_for_the_newest_days_alone(
    cast: Cast, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked = a_case()
    for days in range(3):
        day = TODAY - timedelta(days=days)
        pay(worked.loan, f"P{days}", amount=1_000, paid_on=day, at=LATER)
    monkeypatch.setattr(case_page, "RECKONED", 2)
    url = f"/cases/{worked.case.number}/"
    page = signed_in("mei").get(url).context["page"]
    came = [each.balance for each in page.stream if each.kind == "payment"]
    assert sorted(balance is None for balance in came) == [False, False, True]
    page = signed_in("mei").get(f"{url}?kind=hands").context["page"]
    counts = {each.code: each.count for each in page.filters}
    assert counts["payment"] == 3
    monkeypatch.setattr(case_page, "RECKONED", 0)
    page = signed_in("mei").get(url).context["page"]
    came = [each.balance for each in page.stream if each.kind == "payment"]
    assert came == [None] * 3
