"""What its sender corrects: nothing counts twice, and nothing is lost."""

from datetime import date
from pathlib import Path

import pytest

from tests.intake import files

pytestmark = pytest.mark.django_db


def _taken(tmp_path: Path, tables: files.Tables, **order: object) -> files.door.Outcome:
    outcome = files.take(files.write(tables, tmp_path), **order)
    assert outcome.state == "applied", outcome.faults
    return outcome


def _since(kind: str) -> date:
    """From which date on the last intake says that facts of a kind are new."""
    rows = files.query(
        "SELECT happened_on FROM ledger_change WHERE kind = %s AND batch_id ="
        " (SELECT max(id) FROM intake_batch)",
        kind,
    )
    assert len(rows) == 1, rows
    day = rows[0][0]
    assert isinstance(day, date)
    return day


def _reversed() -> files.Tables:
    """P1 and R1, which takes it back."""
    tables = files.good()
    row = {**tables["payments"][0], "payment_id": "R1", "paid_on": "2026-03-01"}
    tables["payments"].append({**row, "kind": "", "reversal_of": "P1"})
    return tables


_LINKS = (
    "SELECT p.external_id, p.amount, o.external_id FROM ledger_payment p"
    " LEFT JOIN ledger_payment o ON o.id = p.reversal_of_id ORDER BY 1"
)


def test_a_reversal_that_was_none_gives_both_payments_back(tmp_path: Path) -> None:
    tables = _reversed()
    _taken(tmp_path, tables)
    tables["payments"][1].update(reversal_of="", kind="payment", paid_on="2026-03-05")
    _taken(tmp_path, {"payments": tables["payments"]})
    assert files.query(_LINKS) == [("P1", 107_771, None), ("R1", 107_771, None)]
    # P1 counts again from the day from which R1 had taken it back.
    assert _since("intake.payments") == date(2026, 3, 1)


def test_a_payment_may_turn_out_to_be_a_reversal(tmp_path: Path) -> None:
    tables = _reversed()
    tables["payments"][1].update(reversal_of="", kind="payment", paid_on="2026-03-05")
    _taken(tmp_path, tables)
    tables["payments"][1].update(reversal_of="P1", kind="", paid_on="2026-03-09")
    _taken(tmp_path, {"payments": tables["payments"]})
    assert files.query(_LINKS) == [("P1", 107_771, None), ("R1", -107_771, "P1")]
    assert _since("intake.payments") == date(2026, 3, 5)


def test_two_reversals_may_change_places(tmp_path: Path) -> None:
    tables = _reversed()
    first, back = tables["payments"]
    tables["payments"] += [
        {**first, "payment_id": "P2"},
        {**back, "payment_id": "R2", "reversal_of": "P2"},
    ]
    _taken(tmp_path, tables)
    tables["payments"][1]["reversal_of"] = "P2"
    tables["payments"][3]["reversal_of"] = "P1"
    _taken(tmp_path, {"payments": tables["payments"]})
    links = {row[0]: row[2] for row in files.query(_LINKS)}
    assert links == {"P1": None, "P2": None, "R1": "P2", "R2": "P1"}


def test_a_reversal_of_a_kept_reversal_is_refused(tmp_path: Path) -> None:
    tables = _reversed()
    _taken(tmp_path, tables)
    again = {**tables["payments"][1], "payment_id": "R2", "reversal_of": "R1"}
    outcome = files.take(files.write({"payments": [again]}, tmp_path))
    assert outcome.codes == {"reversal_unknown": 1}


def _charge(loan: str, **more: str) -> files.Row:
    row = {"charge_id": "F1", "loan_id": loan, "kind": "collection"}
    return {**row, "due_on": "2026-05-01", "amount": "50.00", **more}


def test_a_charge_sent_again_under_another_loan_moves_to_it(tmp_path: Path) -> None:
    _taken(tmp_path, {**files.good(), "charges": [_charge("L1")]})
    outcome = _taken(tmp_path, {"charges": [_charge("L2", due_on="2026-06-01")]})
    assert outcome.tables["charges"].changed == 1
    rows = files.query(
        "SELECT l.external_id, d.fee FROM ledger_demand d JOIN ledger_loan l"
        " ON l.id = d.loan_id WHERE d.kind = 'charge'"
    )
    assert rows == [("L2", 5_000)]
    kept = files.query(
        "SELECT l.external_id FROM ledger_row_history h JOIN ledger_loan l"
        " ON l.id = (h.content->>'loan_id')::bigint WHERE h.\"table\" = 'demand'"
    )
    assert kept == [("L1",)]
    # L1 owes it no longer since the day from which it owed it.
    assert _since("intake.charges") == date(2026, 5, 1)


def test_a_principal_that_its_schedule_does_not_make_is_refused(
    tmp_path: Path,
) -> None:
    tables = files.good()
    _taken(tmp_path, tables)
    tables["loans"][1]["principal"] = "7000.00"
    outcome = files.take(files.write({"loans": tables["loans"]}, tmp_path))
    assert outcome.state == "refused"
    assert outcome.codes == {"principal_without_schedule": 1}
    assert outcome.faults[0].right.startswith("6000.00")
    # The way out: the loan with its schedule.
    tables["instalments"][2]["principal"] = "3000.00"
    both = {name: tables[name] for name in ("loans", "instalments")}
    assert _taken(tmp_path, both).tables["loans"].changed == 1


def test_terms_of_a_plan_replaced_since_need_the_new_rows(tmp_path: Path) -> None:
    tables = files.good()
    _taken(tmp_path, tables)
    later = [
        files._instalment("L1", "12", "2027-03-15", "1064.93", "12.78"),
    ]
    later[0].update(version="2", effective_on="2026-11-01")
    sums = files.query(
        "SELECT d.principal FROM ledger_demand d JOIN ledger_loan l ON l.id = d.loan_id"
        " WHERE l.external_id = 'L1' AND d.seq = 12"
    )
    later[0]["principal"] = f"{sums[0][0] / 100:.2f}"
    _taken(tmp_path, {"instalments": later})
    tables["loans"][0]["annual_rate"] = "0.1"
    outcome = files.take(files.write({"loans": tables["loans"]}, tmp_path))
    assert outcome.codes == {"terms_without_schedule": 1}
    tables["loans"][0]["annual_rate"] = "0.144"
    tables["loans"][0]["officer"] = "Mei"
    assert _taken(tmp_path, {"loans": tables["loans"]}).tables["loans"].changed == 1


def test_a_corrected_first_day_moves_the_plan_with_it(tmp_path: Path) -> None:
    tables = files.good()
    _taken(tmp_path, tables)
    for row in tables["loans"]:
        row["disbursed_on"] = "2026-01-10"
    _taken(tmp_path, {"loans": tables["loans"]})
    begins = "SELECT DISTINCT begins_on FROM ledger_demand"
    assert files.query(begins) == [(date(2026, 1, 10),)]
    assert _since("intake.loans") == date(2026, 1, 10)


def test_a_status_that_had_no_day_is_corrected_from_the_first(tmp_path: Path) -> None:
    tables = files.good()
    tables["loans"][1].update(status="settled", closed_on="")
    _taken(tmp_path, tables)
    tables["loans"][1].update(status="settled", closed_on="2026-06-01")
    _taken(tmp_path, {"loans": tables["loans"]})
    assert _since("intake.loans") == date(2026, 1, 15)
    tables["loans"][1].update(status="settled", closed_on="2026-07-01")
    _taken(tmp_path, {"loans": tables["loans"]})
    assert _since("intake.loans") == date(2026, 6, 1)


def test_the_order_of_columns_makes_no_new_version(tmp_path: Path) -> None:
    tables = files.good()
    for row in tables["loans"]:
        row.update(vip="5", region_manager="Wei")
    _taken(tmp_path, tables)
    names = ["region_manager", "vip", *reversed(files.good()["loans"][0])]
    turned = [{name: row[name] for name in names} for row in tables["loans"]]
    turned[0]["empty_one"] = ""
    outcome = _taken(tmp_path, {"loans": turned})
    assert (outcome.tables["loans"].changed, outcome.tables["loans"].unchanged) == (
        0,
        2,
    )


def test_a_wider_attribute_changes_only_the_row_that_widens_it(
    tmp_path: Path,
) -> None:
    tables = files.good()
    for row in tables["loans"]:
        row["score"] = "5"
    _taken(tmp_path, tables)
    tables["loans"][0]["score"] = "5.5"
    outcome = _taken(tmp_path, {"loans": tables["loans"]})
    assert outcome.tables["loans"].changed == 1


def test_a_charge_with_an_empty_further_column_is_the_same(tmp_path: Path) -> None:
    _taken(tmp_path, {**files.good(), "charges": [_charge("L1")]})
    outcome = _taken(tmp_path, {"charges": [_charge("L1", note="")]})
    assert outcome.tables["charges"].unchanged == 1


def test_a_workbook_with_a_refused_row_may_come_again(tmp_path: Path) -> None:
    import xlsxwriter

    tables = files.good()
    path = tmp_path / "day.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in (("customers", tables["customers"][:1]), ("payments", [])):
            page = book.add_worksheet(name)
            rows = rows or tables["payments"]
            page.write_row(0, 0, list(rows[0]))
            for place, row in enumerate(rows, start=1):
                page.write_row(place, 0, list(row.values()))
    # The loan of P1 has not come yet: the payment is refused, the customer is taken.
    first = _taken_book(path)
    assert first.refused == {"payments": 1}
    _taken(tmp_path, {"loans": tables["loans"][:1]})
    again = _taken_book(path)
    assert again.tables["payments"].added == 1
    assert files.take([path]).state == "known"


def _taken_book(path: Path) -> files.door.Outcome:
    outcome = files.take([path], accept_good=True)
    assert outcome.state == "applied", outcome.faults
    return outcome


def test_a_write_off_without_its_day_counts_from_the_business_date(
    tmp_path: Path,
) -> None:
    tables = files.good()
    _taken(tmp_path, tables)
    days = "SELECT closed_on FROM ledger_loan WHERE external_id = 'L2'"
    tables["loans"][1].update(status="written_off", closed_on="")
    outcome = _taken(tmp_path, {"loans": tables["loans"]})
    assert files.query(days) == [(files.TODAY,)]
    assert _since("intake.loans") == files.TODAY
    (warning,) = outcome.faults
    assert (warning.column, warning.is_error) == ("closed_on", False)
    assert files.TODAY.isoformat() in warning.problem
    # Said again on a later day with another word changed: the day stays.
    tables["loans"][1]["officer"] = "another"
    later = files.TODAY.replace(day=25)
    _taken(tmp_path, {"loans": tables["loans"]}, today=later)
    assert files.query(days) == [(files.TODAY,)]
    # The day itself, once the sender gives it, is taken.
    tables["loans"][1]["closed_on"] = "2026-10-01"
    assert not _taken(tmp_path, {"loans": tables["loans"]}).faults
    assert files.query(days) == [(date(2026, 10, 1),)]
    assert _since("intake.loans") == date(2026, 10, 1)
