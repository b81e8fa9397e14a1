"""Reports say the currency, keep to the scope, count what they name, and drill down."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from daihou.config import clock
from daihou.kit import portfolio as months
from daihou.kit import ports
from daihou.kit.portfolio import Asked, Month, Series
from daihou.rooms.audit.models import Event
from daihou.rooms.contact.models import Attempt
from daihou.rooms.gateway import door as gateway
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from daihou.rooms.people.models import RoleGrant
from tests.rooms.book import Book, position, positions
from tests.rooms.cast import pay
from tests.rooms.reporting.test_reports_customers import (
    LAST,
    Counted,
    english,
    made,
    sections,
)

__all__ = ["made"]
pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


# -- one customer ------------------------------------------------------------------------


def test_each_payment_is_written_in_the_currency_of_its_own_loan(
    made: dict[str, Loan],
) -> None:
    one = made["one"]
    Loan.objects.filter(pk=made["two"].pk).update(
        currency="JPY", customer=one.customer_id
    )
    pay(made["two"], "P-J", paid_on=date(2026, 3, 5), amount=10_000, currency="JPY")
    found = sections(english("hana"), one.customer_id, "risk")["Last payments"]
    told = {(row[1], row[2]) for row in found.rows}
    assert ("L-1", "¥500.00") in told
    assert {text for loan, text in told if loan == "L-2"} == {"JP¥10,000"}


def attempt(loan: Loan, number: int, branch: str) -> None:
    Attempt.objects.create(
        fact_id=number,
        customer_id=loan.customer_id,
        person=f"p{loan.customer_id}",
        branch=branch,
        channel="call",
        purpose="collect",
        actor="lender",
        at=NOON + timedelta(hours=number),
        connected=True,
        conversation=False,
        failed=False,
        recorded_by="intake",
        recorded_at=NOON,
    )


def test_contacts_of_another_branch_are_not_counted(made: dict[str, Loan]) -> None:
    one = made["one"]
    Loan.objects.filter(pk=made["south"].pk).update(customer=one.customer_id)
    attempt(one, 1, "north")
    attempt(one, 2, "south")
    attempt(one, 3, "south")

    def attempts(name: str) -> str:
        shown = sections(english(name), one.customer_id, "behaviour")
        return str(shown["Channels that work"].rows[0][1])

    assert attempts("hana") == "3"
    assert attempts("mei") == "1"


# -- who may read rows of loans -----------------------------------------------------------


def asking(*scopes: gateway.ApiScope) -> Client:
    _line, secret = gateway.make_token(
        username="hana",
        name="t",
        scopes=scopes,
        days=30,
        by=people.process("test"),
        at=clock.now(),
    )
    return Client(headers={"authorization": f"Bearer {secret}"})


def test_a_token_of_figures_alone_reads_no_loans(made: dict[str, Loan]) -> None:
    client = asking(gateway.ApiScope.PORTFOLIO_READ)
    for code in ("overdue", "deviation", "restructured", "written-off", "exposures"):
        refused = client.get(f"/api/v1/reports/{code}")
        assert refused.status_code == 403, code
        assert refused.json()["code"] == "scope_missing"
    assert client.get("/api/v1/reports/ladder").status_code == 200


def test_who_may_see_no_loans_sees_the_sums_alone(made: dict[str, Loan]) -> None:
    role = RoleGrant.objects.get(code="risk")
    kept = people.person("hana").permissions - {people.Permission.VIEW_LOANS}
    role.permissions = sorted(kept)
    role.save()
    client = english("hana")
    listed = client.get("/reports/").content.decode()
    assert "/reports/ladder/" in listed and "/reports/overdue/" not in listed
    assert client.get("/reports/ladder/").status_code == 200
    for path in ("overdue/", "exposures/", "overdue/take/", "branches/north/"):
        assert client.get(f"/reports/{path}").status_code == 403, path


def test_the_largest_customers_count_as_their_loans_when_taken_out(
    made: dict[str, Loan], settings: Any
) -> None:
    page = english("hana").get("/reports/exposures/").context["page"]
    assert page.report.loan_ids == sorted(each.pk for each in made.values())
    english("hana").get("/reports/exposures/take/?form=csv")
    taken = Event.objects.get(type="ledger.exported")
    assert taken.payload["rows"] == 3


# -- as it was known ---------------------------------------------------------------------


class Running(Counted):
    """Counted months of which the last ran on after the day that is asked for."""

    def months(self) -> Sequence[Month]:
        """February, closed; March, counted from a day after the report's."""
        return [
            *super().months(),
            Month("2026-03", LAST + timedelta(days=9), 3, "later", complete=False),
        ]


@pytest.fixture
def running(made: dict[str, Loan]) -> Iterator[Running]:
    """The same loans under those months."""
    counted = Running()
    months.bind_portfolio(counted)  # type: ignore[arg-type]
    yield counted


def test_lending_is_judged_by_what_was_known_on_the_day(running: Running) -> None:
    client = english("hana")
    client.get("/reports/origination/")
    client.get("/reports/branches/north/")
    assert running.asked
    assert {each.known_at for each in running.asked} == {"2026-02"}
    assert {each.until for each in running.asked} <= {"2026-01", "2025-09", "2026-02"}


class Nobody(Running):
    """Months counted only after the day."""

    def months(self) -> Sequence[Month]:
        """The later one."""
        return super().months()[-1:]

    def series(self, asked: Asked) -> Series:
        """Nobody may ask."""
        raise AssertionError(asked)


def test_before_the_first_counted_month_nothing_is_said(made: dict[str, Loan]) -> None:
    months.bind_portfolio(Nobody())  # type: ignore[arg-type]
    page = english("hana").get("/reports/origination/").context["page"]
    assert page.report.rows == 0


# -- down to the loans, and what it rests on ---------------------------------------------


def test_a_row_of_the_ladder_leads_to_its_loans_on_that_day(
    made: dict[str, Loan],
) -> None:
    earlier = date(2026, 2, 27)
    rows = [position(each.pk, dpd=40) for each in made.values()]
    early = [position(made["one"].pk, dpd=20)]
    ports.bind_book(Book({earlier: positions(*early), LAST: positions(*rows)}))
    client = english("hana")
    page = client.get(f"/reports/ladder/?as_of={earlier}&branch=north")
    table = page.context["page"].report.main
    names = table.data["bucket"].to_pylist()
    assert table.links[0] == ""  # nothing of it is in the overdue ledger
    link = table.links[names.index("M1")]
    assert link.replace("&", "&amp;") in page.content.decode()
    shown = client.get(link).context["page"]
    assert shown.as_of == earlier
    assert [line.number for line in shown.lines] == ["L-1"]


def test_a_late_payment_makes_the_written_off_report_anew(
    made: dict[str, Loan],
) -> None:
    lost = made["one"]
    Loan.objects.filter(pk=lost.pk).update(
        status="written_off", closed_on=date(2026, 3, 1)
    )
    row = position(lost.pk, dpd=400, status="written_off")
    ports.bind_book(Book({LAST: positions(row)}))
    client = english("hana")

    def cash() -> int:
        report = client.get("/reports/written-off/").context["page"].report
        return int(report.main.data["cash"].to_pylist()[0])

    before = cash()
    pay(lost, "P-late", paid_on=date(2026, 3, 10), amount=777)
    assert cash() == before + 777


def test_balances_say_on_both_screens_what_they_count(made: dict[str, Loan]) -> None:
    page = english("hana").get("/reports/classes/")
    assert "outstanding principal alone" in page.content.decode()


def test_the_first_page_leads_to_the_definition_of_its_rate(
    made: dict[str, Loan],
) -> None:
    text = english("hana").get("/").content.decode()
    assert text.count('href="/lab/metrics/overdue_1_amount/"') == 2
    assert 'href="/lab/metrics/' not in english("mei").get("/").content.decode()
