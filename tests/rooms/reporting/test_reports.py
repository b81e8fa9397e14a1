"""The reports: they add up, foot, are the same again, and show nothing of others."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from daihou.kit import ports
from daihou.rooms.audit.models import Event
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from daihou.rooms.reporting.pages.reports import movement
from tests.rooms.book import Book, position, positions
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_loan, pay
from tests.rooms.test_pages import signed_in

pytestmark = pytest.mark.django_db
OPENING, CLOSING = date(2026, 2, 28), date(2026, 3, 19)
CODES = (
    *("overdue", "ladder", "ranges", "classes", "class-moves", "npl-moves"),
    *("deviation", "restructured", "written-off", "exposures", "reasons"),
)


def loans() -> dict[str, Loan]:
    """Six loans of the north, each with another story, and one of the south."""
    made = {
        name: make_loan(f"L-{name}", name=f"甲{name}")
        for name in ("good", "late", "fell", "cured", "lost", "new")
    }
    made["south"] = make_loan("S-1", branch="south", name="丁一")
    Loan.objects.filter(pk=made["lost"].pk).update(
        status="written_off", closed_on=date(2026, 3, 5)
    )
    return {name: Loan.objects.get(pk=each.pk) for name, each in made.items()}


def book(made: dict[str, Loan]) -> Book:
    """An opening and a closing day of these loans."""

    def row(name: str, asset_class: str, **more: Any) -> dict[str, object]:
        return position(made[name].pk, asset_class=asset_class, **more)

    opening = positions(
        row("good", "normal"),
        row("late", "special_mention", dpd=60),
        row("fell", "normal", dpd=20),
        row("cured", "substandard", dpd=95, outstanding_principal=280_000),
        row("lost", "loss", dpd=400, outstanding_principal=250_000),
        row("south", "normal"),
    )
    closing = positions(
        row("good", "normal", outstanding_principal=290_000),
        row("late", "special_mention", dpd=79, late_instalments=3),
        row("fell", "substandard", dpd=39, outstanding_principal=270_000),
        row("cured", "normal", outstanding_principal=200_000),
        row(
            "lost", "loss", dpd=419, status="written_off", outstanding_principal=250_000
        ),
        row("new", "normal"),
        row("south", "normal", dpd=100),
    )
    return Book({OPENING: opening, CLOSING: closing})


@pytest.fixture
def made(cast: Cast) -> Iterator[dict[str, Loan]]:
    """The book, and somebody who reads all of it."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    found = loans()
    ports.bind_book(book(found))
    for name, role, branch in (("hana", "risk", None), ("bo", "supervisor", "north")):
        people.create_user(
            username=name, password=PASSWORD, role=role, branch=branch, by="t", at=AT
        )
    yield found
    ports.unbind_book()


def english(name: str) -> Client:
    client = signed_in(name)
    client.cookies["django_language"] = "en"
    return client


def tables(client: Client, code: str, query: str = "") -> dict[str, Any]:
    page = client.get(f"/reports/{code}/?{query}").context["page"]
    return {each.key: each for each in page.report.tables}


def rows(table: Any, by: str) -> dict[Any, dict[str, Any]]:
    return {row[by]: row for row in table.data.to_pylist()}


def test_every_report_opens_in_both_languages_and_says_its_fingerprint(
    made: dict[str, Loan],
) -> None:
    for code in CODES:
        for client in (english("hana"), signed_in("hana")):
            answer = client.get(f"/reports/{code}/")
            assert answer.status_code == 200, code
            assert answer.context["page"].report.fingerprint in answer.content.decode()
    assert b"class-moves" in english("hana").get("/reports/").content


def test_the_same_day_asked_again_has_the_same_fingerprint_and_another_another(
    made: dict[str, Loan],
) -> None:
    client = english("hana")
    for code in CODES:
        now = client.get(f"/reports/{code}/").context["page"].report
        again = signed_in("hana").get(f"/reports/{code}/").context["page"].report
        assert now.fingerprint == again.fingerprint, code
    past = client.get(f"/reports/overdue/?as_of={OPENING}").context["page"].report
    assert past.as_of == OPENING
    now = client.get("/reports/overdue/").context["page"].report
    assert past.fingerprint != now.fingerprint
    Loan.objects.filter(pk=made["late"].pk).update(officer="another")
    moved = client.get("/reports/overdue/").context["page"].report
    assert moved.fingerprint == now.fingerprint  # the register is no part of it


def test_the_ladder_adds_up_to_the_book(made: dict[str, Loan]) -> None:
    table = tables(english("hana"), "ladder")["ladder"]
    assert table.total(table.columns[1]) == 6  # the written-off one is outside
    balance = 290_000 + 300_000 + 270_000 + 200_000 + 300_000 + 300_000
    assert table.total(table.columns[2]) == balance
    found = rows(table, "bucket")
    assert (found["M2"]["loans"], found["M3"]["loans"], found["M4"]["loans"]) == (
        1,
        1,
        1,
    )
    assert sum(each["share"] for each in found.values()) == pytest.approx(Decimal(1))


def test_ranges_come_from_the_rules_and_are_marked_unverified(
    made: dict[str, Loan],
) -> None:
    client = english("hana")
    page = client.get("/reports/ranges/").context["page"]
    assert set(page.report.doubted) == {"CN-CLS-20", "CN-CLS-21"}
    assert b"unverified" in client.get("/reports/ranges/").content
    found = rows(page.report.main, "range")
    assert found["31–60"]["loans"] == 1 and found["61–90"]["loans"] == 1
    assert found["61–90"]["told"] == 100_000  # its overdue principal alone
    assert found["91–180"]["told"] == 300_000  # from day 91 on the whole
    assert found["≥ 361"]["loans"] == 0


def test_bad_loans_foot_branch_by_branch(made: dict[str, Loan]) -> None:
    table = tables(english("hana"), "npl-moves")["moves"]
    assert not table.problem
    north = rows(table, "branch")["north"]
    assert {name: north[name] for name in north if name != "branch"} == {
        "opening": 530_000,
        "new": 270_000,
        "cash": 80_000,
        "upgrade": 200_000,
        "written_off": 250_000,
        "transferred": 0,
        "other": 0,
        "closing": 270_000,
        "foots": 0,
    }


def test_formation_is_what_the_dictionary_says(made: dict[str, Loan]) -> None:
    found = tables(english("hana"), "npl-moves")
    total = {
        each.key: found["moves"].total(each) for each in found["moves"].columns[1:]
    }
    grown = total["closing"] - total["opening"] + total["written_off"]
    grown += total["transferred"] + total["cash"] + total["upgrade"]
    [rate] = found["formation"].data.to_pylist()
    assert (rate["part"], rate["whole"]) == (grown, 1_730_000)


def test_class_migration_keeps_every_loan_and_gives_the_regulators_rates(
    made: dict[str, Loan],
) -> None:
    found = tables(english("hana"), "class-moves")
    amount = rows(found["amount"], "was")
    assert amount["normal"]["substandard"] == 300_000
    assert amount["normal"]["all"] == 900_000
    assert amount["loss"]["written_off"] == 250_000
    assert "missing" not in amount  # what was lent since had no balance then
    count = rows(found["count"], "was")
    assert count["missing"]["normal"] == 1
    assert sum(row["all"] for row in count.values()) == 7
    rates = {row["what"]: row["rate"] for row in found["rates"].data.to_pylist()}
    # 270 of 300 fell and is owed still; 10 of another and 30 of it were collected.
    assert rates["normal"] == Decimal("0.313953")  # 270 of 900 - 40
    assert rates["normal_to_bad"] == Decimal("0.232759")  # 270 of 860 + 300
    assert rates["substandard"] == 0 and rates["doubtful"] is None


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-(2**50), 2**50)), max_size=9))
def test_sums_by_place_lose_no_cent(pairs: list[tuple[int, int]]) -> None:
    place = np.array([at for at, _value in pairs], np.int64)
    values = np.array([value for _at, value in pairs], np.int64)
    wanted = [sum(value for at, value in pairs if at == one) for one in range(4)]
    assert movement._sums(place, values, 4).tolist() == wanted


def test_late_loans_in_no_bad_class_are_named(made: dict[str, Loan]) -> None:
    found = tables(english("hana"), "deviation")
    assert "1 loans are 91 or more days" in found["deviation"].problem
    assert [row["number"] for row in found["outside"].data.to_pylist()] == ["S-1"]
    south = rows(found["deviation"], "branch")["south"]
    assert (south["late"], south["npl"], south["ratio"]) == (300_000, 0, None)


def test_money_after_a_write_off_counts_from_the_day_after(
    made: dict[str, Loan],
) -> None:
    pay(made["lost"], "P-before", paid_on=date(2026, 3, 4), amount=7_000)
    pay(made["lost"], "P-after", paid_on=date(2026, 3, 10), amount=50_000)
    pay(made["lost"], "P-later", paid_on=TODAY, amount=1_000)
    found = tables(english("hana"), "written-off")
    row = found["written_off"].data.to_pylist()[0]
    assert (row["off_on"], row["cash"]) == (date(2026, 3, 5), 50_000)
    ratio = found["ratio"].data.to_pylist()[0]
    assert ratio["rate"] == Decimal("0.166667")


def test_exposures_are_by_customer_and_say_how_concentrated(
    made: dict[str, Loan],
) -> None:
    Loan.objects.filter(pk=made["late"].pk).update(customer=made["good"].customer)
    found = tables(english("hana"), "exposures")
    first = found["exposures"].data.to_pylist()[0]
    assert (first["loans"], first["balance"]) == (2, 590_000)
    assert first["class"] == "special_mention" and first["dpd"] == 79
    parts = [590_000, 300_000, 300_000, 270_000, 200_000]
    hhi = sum(Decimal(each) ** 2 for each in parts) / Decimal(sum(parts)) ** 2
    top = rows(found["concentration"], "what")
    assert abs(top["hhi"]["share"] - hhi) < Decimal("0.000001")
    assert top["10"]["share"] == 1


def test_a_branch_sees_its_own_and_a_collector_no_report(made: dict[str, Loan]) -> None:
    north = tables(english("bo"), "overdue")["overdue"]
    assert "S-1" not in north.data["number"].to_pylist()
    whole = tables(english("hana"), "overdue")["overdue"]
    assert whole.rows == north.rows + 1
    assert english("mei").get("/reports/").status_code == 403
    assert english("mei").get("/reports/overdue/").status_code == 403
    assert english("hana").get("/reports/no-such/").status_code == 404


def test_conditions_narrow_and_odd_addresses_open(made: dict[str, Loan]) -> None:
    client = english("hana")
    south = tables(client, "overdue", "branch=south")["overdue"]
    assert south.data["number"].to_pylist() == ["S-1"]
    assert tables(client, "overdue", "bucket=M3")["overdue"].rows == 1
    empty = client.get("/reports/overdue/?branch=nowhere")
    assert b"Nothing here" in empty.content
    for odd in ("as_of=x", "as_of=2020-01-01", "as_of=2026-03-01", "page=%00", "by=x"):
        for code in CODES:
            assert client.get(f"/reports/{code}/?{odd}").status_code == 200


# -- files -------------------------------------------------------------------------------


def taken(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content[:300]
    return bytes(answer.content)


def test_a_workbook_holds_figures_sums_and_what_it_rests_on(
    made: dict[str, Loan],
) -> None:
    client = english("hana")
    page = client.get("/reports/overdue/").context["page"].report
    content = taken(client, "/reports/overdue/take/?form=xlsx")
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheet = workbook.get_sheet_by_name("Overdue loans").to_python()
    head, first, last = sheet[0], sheet[1], sheet[-1]
    at = head.index("Overdue amount")
    assert first[head.index("Days past due")] == 419.0
    assert isinstance(first[head.index("Oldest unpaid")], date)
    amounts = [float(str(row[at])) for row in sheet[1:-1]]
    assert last[at] == sum(amounts) == 4 * 1010.0
    lines = workbook.get_sheet_by_name("About").to_python()
    about = {str(row[0]): str(row[1]) for row in lines if row[0]}
    assert about["Fingerprint of the report"] == page.fingerprint
    assert about["As of"] == CLOSING.isoformat()
    assert "甲late" not in content.decode("latin-1")
    assert "hana" in about["Taken out"]


def test_sums_are_formulas_and_the_same_report_is_the_same_file(
    made: dict[str, Loan],
) -> None:
    def sheets(content: bytes) -> list[bytes]:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            found = [packed.read(f"xl/worksheets/sheet{n}.xml") for n in (1, 2)]
        # The foot of the page says who took it out and when.
        return [
            re.sub(rb"<headerFooter>.*</headerFooter>", b"", each) for each in found
        ]

    client = english("hana")
    one = taken(client, "/reports/ladder/take/")
    with zipfile.ZipFile(io.BytesIO(one)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
        about = packed.read("xl/worksheets/sheet3.xml").decode()
    assert "SUM(B2:B9)" in sheet and "ROUND(" in about
    again = taken(client, "/reports/ladder/take/")
    assert sheets(one) == sheets(again)


def test_csv_is_read_back_and_no_cell_runs(made: dict[str, Loan]) -> None:
    Loan.objects.filter(pk=made["late"].pk).update(external_id="=1+1")
    text = taken(english("hana"), "/reports/overdue/take/?form=csv").decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert any(row and row[0] == "'=1+1" for row in lines)
    assert not any(cell.startswith("=") for row in lines for cell in row)
    assert lines[-1][0].startswith("# ")


def test_what_leaves_is_written_down_and_not_for_everybody(
    made: dict[str, Loan], settings: Any
) -> None:
    taken(english("hana"), "/reports/ladder/take/")
    event = Event.objects.get(type="report.exported")
    assert event.payload["form"] == "xlsx" and event.subject_id == "ladder"
    assert english("mei").get("/reports/overdue/take/").status_code == 403
    settings.EXPORT_APPROVAL_ROWS = 2
    answer = english("hana").get("/reports/overdue/take/")
    assert answer.status_code == 302 and answer["Location"] == "/reports/overdue/?"
    assert Event.objects.filter(type="report.exported").count() == 1
