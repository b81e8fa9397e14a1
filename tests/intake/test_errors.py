"""The error file: read, corrected, sent again; good rows only when asked."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.intake import files

pytestmark = pytest.mark.django_db


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _two_bad(tmp_path: Path) -> list[Path]:
    tables = files.good()
    tables["customers"][1]["id_no"] = "990101199003077731"
    tables["payments"][0]["amount"] = "1,077.71"
    return files.write(tables, tmp_path)


def test_it_names_file_line_column_and_what_would_be_right(tmp_path: Path) -> None:
    outcome = files.take(_two_bad(tmp_path))
    rows = _read(outcome.error_files["customers.csv"])
    assert len(rows) == 1
    assert rows[0]["#file"] == "customers.csv"
    assert rows[0]["#line"] == "3"
    assert rows[0]["#column"] == "id_no"
    assert "check digit" in rows[0]["#problem"]
    assert "5" in rows[0]["#right"]
    assert rows[0]["customer_id"] == "C2"


def test_it_speaks_the_language_of_its_reader(tmp_path: Path) -> None:
    outcome = files.take(_two_bad(tmp_path), language="zh-hans")
    rows = _read(outcome.error_files["customers.csv"])
    assert "校验码错误" in rows[0]["#问题"]
    assert rows[0]["#行号"] == "3"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_corrected_rows_sent_with_the_file_take_the_place_of_their_lines(
    language: str, tmp_path: Path
) -> None:
    paths = _two_bad(tmp_path)
    outcome = files.take(paths, language=language)
    fixed = []
    for path in outcome.error_files.values():
        rows = _read(path)
        for row in rows:
            if "id_no" in row:
                row["id_no"] = "990101199003077735"
            if "amount" in row:
                row["amount"] = "1077.71"
        fixed.append(_write(tmp_path / path.name, rows))
    outcome = files.take([*paths, *fixed])
    assert outcome.state == "applied", outcome.faults
    assert outcome.tables["customers"].added == 2
    assert outcome.tables["payments"].added == 1


def test_good_rows_alone_only_if_asked_and_the_rest_later(tmp_path: Path) -> None:
    paths = _two_bad(tmp_path)
    outcome = files.take(paths, accept_good=True)
    assert outcome.state == "applied"
    # C2 is refused, so its loan and that loan's schedule wait for it.
    assert outcome.refused == {
        "customers": 1,
        "loans": 1,
        "instalments": 3,
        "payments": 1,
    }
    assert files.query("SELECT external_id FROM ledger_loan") == [("L1",)]
    fixed = []
    for path in outcome.error_files.values():
        rows = _read(path)
        for row in rows:
            if "id_no" in row:
                row["id_no"] = "990101199003077735"
            if "amount" in row:
                row["amount"] = "1077.71"
        fixed.append(_write(tmp_path / path.name, rows))
    again = files.take(fixed)
    assert again.state == "applied", again.faults
    assert sum(count.added for count in again.tables.values()) == 6
    taken = files.query(
        "SELECT l.external_id, count(d.*) FROM ledger_loan l"
        " JOIN ledger_demand d ON d.loan_id = l.id GROUP BY 1 ORDER BY 1"
    )
    assert taken == [("L1", 12), ("L2", 3)]


def test_a_schedule_is_taken_whole_or_not_at_all(tmp_path: Path) -> None:
    tables = files.good()
    tables["instalments"][1]["due_on"] = "2026-02-30"
    outcome = files.take(files.write(tables, tmp_path), accept_good=True)
    assert outcome.refused == {"loans": 1, "instalments": 3}
    assert files.query("SELECT external_id FROM ledger_loan") == [("L1",)]


def test_a_reversal_of_a_refused_payment_waits_for_it(tmp_path: Path) -> None:
    tables = files.good()
    row = {**tables["payments"][0], "payment_id": "P2", "paid_on": "2026-02-20"}
    tables["payments"].append({**row, "kind": "reversal", "reversal_of": "P1"})
    tables["payments"][0]["recorded_at"] = "yesterday"
    tables["payments"][1]["recorded_at"] = ""
    outcome = files.take(files.write(tables, tmp_path), accept_good=True)
    assert outcome.refused == {"payments": 2}
    assert files.query("SELECT count(*) FROM ledger_payment") == [(0,)]


def test_a_workbook_gets_a_workbook_back(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("customers")
        page.write_row(0, 0, ["customer_id", "kind", "name"])
        page.write_row(1, 0, ["C1", "person", "张一"])
        page.write_row(2, 0, ["C2", "alien", "李二"])
    outcome = files.take([path])
    error_file = outcome.error_files["book.xlsx"]
    assert error_file.suffix == ".xlsx"
    book_back = CalamineWorkbook.from_path(str(error_file))
    rows = book_back.get_sheet_by_name("customers").to_python()
    assert rows[0][5:] == ["customer_id", "kind", "name"]
    assert rows[1][1] == "3"
    assert rows[1][5:] == ["C2", "alien", "李二"]


def test_nothing_in_an_error_file_runs_in_a_spreadsheet(tmp_path: Path) -> None:
    tables = files.good()
    tables["customers"][0]["name"] = "=1+1"
    tables["customers"][1]["name"] = "@SUM(A1)"
    outcome = files.take(files.write(tables, tmp_path))
    rows = _read(outcome.error_files["customers.csv"])
    assert [row["name"] for row in rows] == ["'=1+1", "'@SUM(A1)"]


def test_what_was_made_safe_comes_back_as_it_was_sent(tmp_path: Path) -> None:
    tables = files.good()
    names = ["+86 139 0000", "'=quoted by its sender", "-a-", "'plain"]
    tables["customers"] = [
        {**tables["customers"][0], "customer_id": f"C{number}", "name": name}
        for number, name in enumerate(names)
    ]
    for row in tables["customers"]:
        row.update(id_no="", gender="?")
    sent = files.write({"customers": tables["customers"]}, tmp_path)
    outcome = files.take(sent)
    rows = _read(outcome.error_files["customers.csv"])
    assert [row["name"] for row in rows] == [
        "'+86 139 0000",
        "''=quoted by its sender",
        "'-a-",
        "'plain",
    ]
    for row in rows:
        row["gender"] = "unknown"
    fixed = _write(tmp_path / "customers.errors.csv", rows)
    again = files.take([fixed])
    assert again.state == "applied", again.faults
    kept = files.query("SELECT name FROM ledger_customer ORDER BY external_id")
    assert [name for (name,) in kept] == names


def test_a_workbook_keeps_a_quote_mark_of_its_own(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("customers")
        page.write_row(0, 0, ["customer_id", "kind", "name"])
        page.write_row(1, 0, ["C1", "alien", "'+86 139"])
    error_file = files.take([path]).error_files["book.xlsx"]
    rows = CalamineWorkbook.from_path(str(error_file)).get_sheet_by_index(0).to_python()
    rows[1][rows[0].index("kind")] = "person"
    fixed = tmp_path / error_file.name
    with xlsxwriter.Workbook(str(fixed)) as book:
        page = book.add_worksheet("customers")
        for number, row in enumerate(rows):
            page.write_row(number, 0, [str(cell) for cell in row])
    assert files.take([fixed]).state == "applied"
    assert files.query("SELECT name FROM ledger_customer") == [("'+86 139",)]


def test_long_and_equal_names_each_have_their_error_file(tmp_path: Path) -> None:
    row = {"customer_id": "C1", "kind": "alien", "name": "甲"}
    # As an upload brings it: a short path, the name told beside it.
    long = "贷" * 240 + "customers"
    orders = []
    for number, name in enumerate((f"{long}_1.csv", f"{long}_2.csv")):
        row["customer_id"] = f"C{number}"
        path = tmp_path / f"{number}.csv"
        path.write_text(files.text([row]), "utf-8")
        orders.append((path, name))
    outcome = files.take_named(orders, table="customers")
    assert outcome.state == "refused"
    found = {_read(path)[0]["customer_id"] for path in outcome.error_files.values()}
    assert found == {"C0", "C1"}


def test_the_error_file_of_a_plan_is_gone_the_day_after_next(tmp_path: Path) -> None:
    paths = _two_bad(tmp_path)
    planned = files.take(paths, plan=True).error_files["customers.csv"]
    assert _read(planned)[0]["customer_id"] == "C2"
    assert planned.parent.stat().st_mode & 0o077 == 0
    files.take(paths[:1], at=files.AT + timedelta(hours=1))
    assert planned.exists()
    files.take(paths[:1], at=files.AT + timedelta(days=1))
    assert planned.exists()  # it may have been made a minute before midnight
    files.take(paths[:1], at=files.AT + timedelta(days=2))
    assert not planned.exists()


def test_every_bad_row_is_listed_however_many(tmp_path: Path) -> None:
    rows = [
        {"customer_id": f"C{number}", "kind": "alien", "name": "甲"}
        for number in range(3000)
    ]
    outcome = files.take(files.write({"customers": rows}, tmp_path))
    assert outcome.codes == {"unknown_enum": 3000}
    assert len(outcome.faults) == 20
    assert len(_read(outcome.error_files["customers.csv"])) == 3000
