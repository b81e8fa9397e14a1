"""Sent twice nothing changes; sent changed it is a new version; history stays."""

from datetime import timedelta
from pathlib import Path

import pytest

from daihou.rooms.intake import door
from tests.intake import files

pytestmark = pytest.mark.django_db


def _taken(tmp_path: Path, tables: files.Tables) -> dict[str, object]:
    outcome = files.take(files.write(tables, tmp_path))
    assert outcome.state == "applied", outcome.faults
    return {
        name: (count.added, count.changed, count.unchanged)
        for name, count in outcome.tables.items()
    }


def test_the_first_time_everything_is_added(tmp_path: Path) -> None:
    assert _taken(tmp_path, files.good()) == {
        "customers": (2, 0, 0),
        "loans": (2, 0, 0),
        "instalments": (15, 0, 0),
        "payments": (1, 0, 0),
    }
    principal = files.query(
        "SELECT l.external_id, sum(d.principal), count(*), min(d.begins_on)::text"
        " FROM ledger_demand d JOIN ledger_loan l ON l.id = d.loan_id GROUP BY 1"
    )
    assert sorted(principal) == [
        ("L1", 1_200_000, 12, "2026-01-15"),
        ("L2", 600_000, 3, "2026-01-15"),
    ]


def test_loans_sent_alone_get_their_schedule_from_the_terms(tmp_path: Path) -> None:
    tables = files.good()
    sent = {"customers": tables["customers"], "loans": tables["loans"][:1]}
    assert _taken(tmp_path, sent)["instalments"] == (12, 0, 0)


def test_the_same_files_again_are_known_and_change_nothing(tmp_path: Path) -> None:
    paths = files.write(files.good(), tmp_path)
    files.take(paths)
    everything = (*files.LEDGER, "intake_batch", "intake_file")
    before = files.checksums(everything)
    outcome = files.take(paths)
    assert outcome.state == "known"
    assert set(outcome.known) == {path.name for path in paths}
    assert files.checksums(everything) == before


def test_the_same_rows_in_another_file_change_nothing(tmp_path: Path) -> None:
    files.take(files.write(files.good(), tmp_path))
    before = files.checksums([t for t in files.LEDGER if t != "audit_event"])
    tables = {name: list(reversed(rows)) for name, rows in files.good().items()}
    tables["instalments"] = files.good()["instalments"][::-1]
    counts = _taken(tmp_path, tables)
    assert counts == {
        "customers": (0, 0, 2),
        "loans": (0, 0, 2),
        "instalments": (0, 0, 3),
        "payments": (0, 0, 1),
    }
    assert files.checksums([t for t in files.LEDGER if t != "audit_event"]) == before


def test_a_changed_row_is_a_new_version_and_the_old_one_is_kept(
    tmp_path: Path,
) -> None:
    tables = files.good()
    files.take(files.write(tables, tmp_path))
    tables["customers"][0]["name"] = "张一一"
    assert _taken(tmp_path, tables)["customers"] == (0, 1, 1)
    assert files.query(
        "SELECT name, version FROM ledger_customer WHERE external_id = 'C1'"
    ) == [("张一一", 2)]
    kept = files.query(
        "SELECT content->>'name', version FROM ledger_row_history WHERE \"table\""
        " = 'customer'"
    )
    assert kept == [("张一", 1)]


def test_a_file_set_back_after_a_later_one_is_judged_row_by_row(
    tmp_path: Path,
) -> None:
    tables = files.good()
    first = files.write(tables, tmp_path)
    files.take(first)
    texts = {path: path.read_bytes() for path in first}
    tables["customers"][0]["name"] = "张一一"
    _taken(tmp_path, tables)
    for path, content in texts.items():
        path.write_bytes(content)
    outcome = files.take(first)
    assert outcome.state == "applied"
    assert outcome.tables["customers"].changed == 1


def test_words_of_a_loan_need_no_new_night_money_does(tmp_path: Path) -> None:
    tables = files.good()
    files.take(files.write(tables, tmp_path))
    tables["loans"][0]["officer"] = "Mei"
    _taken(tmp_path, tables)
    waiting = "SELECT kind, happened_on::text FROM ledger_change WHERE batch_id = (%s)"
    last = files.query("SELECT max(id) FROM intake_batch")[0][0]
    assert files.query(waiting, last) == []
    tables["loans"][0].update(status="settled", closed_on="2026-05-01")
    tables["payments"][0]["amount"] = "1000.00"
    _taken(tmp_path, tables)
    last = files.query("SELECT max(id) FROM intake_batch")[0][0]
    assert sorted(files.query(waiting, last)) == [
        ("intake.loans", "2026-05-01"),
        ("intake.payments", "2026-02-15"),
    ]


def test_new_terms_make_a_new_generated_schedule(tmp_path: Path) -> None:
    tables = files.good()
    files.take(files.write(tables, tmp_path))
    tables["loans"][0]["periods"] = "6"
    counts = _taken(tmp_path, tables)
    assert counts["instalments"] == (0, 6, 3)
    rows = files.query(
        "SELECT count(*), sum(d.principal) FROM ledger_demand d JOIN ledger_loan l"
        " ON l.id = d.loan_id WHERE l.external_id = 'L1'"
    )
    assert rows == [(6, 1_200_000)]


def test_sent_rows_take_the_place_of_generated_ones(tmp_path: Path) -> None:
    tables = files.good()
    files.take(files.write(tables, tmp_path))
    row = tables["instalments"][0]
    halves = [
        {"loan_id": "L1", "seq": "1", "due_on": "2026-02-15", "principal": "6000"},
        {"loan_id": "L1", "seq": "2", "due_on": "2026-03-15", "principal": "6000"},
    ]
    sent = {"instalments": [{**row, **half, "paid_principal": ""} for half in halves]}
    _taken(tmp_path, sent)
    rows = files.query(
        "SELECT d.seq, d.principal, d.source_ref FROM ledger_demand d JOIN ledger_loan l"
        " ON l.id = d.loan_id WHERE l.external_id = 'L1' ORDER BY 1"
    )
    assert rows == [(1, 600_000, ""), (2, 600_000, "")]


def test_what_a_core_system_reports_later_begins_today(tmp_path: Path) -> None:
    tables = files.good()
    files.take(files.write(tables, tmp_path))
    tables["instalments"][1]["paid_principal"] = "500.00"
    assert _taken(tmp_path, tables)["instalments"] == (0, 1, 2)
    rows = files.query(
        "SELECT d.paid_principal, d.begins_on::text, d.ends_on::text FROM ledger_demand"
        " d JOIN ledger_loan l ON l.id = d.loan_id WHERE l.external_id = 'L2' AND"
        " d.seq = 2 ORDER BY d.begins_on"
    )
    assert rows == [(0, "2026-01-15", "2026-11-20"), (50_000, "2026-11-20", None)]


def _second_version() -> list[files.Row]:
    """From the second instalment on everything is due two months later."""
    rows = files.good()["instalments"][1:]
    for row, due_on in zip(rows, ("2026-05-15", "2026-06-15"), strict=True):
        row.update(version="2", due_on=due_on, effective_on="2026-03-01")
    return rows


def test_a_schedule_version_ends_the_rows_it_replaces(tmp_path: Path) -> None:
    tables = files.good()
    files.take(files.write(tables, tmp_path))
    assert _taken(tmp_path, {"instalments": _second_version()})["instalments"] == (
        2,
        0,
        0,
    )
    rows = files.query(
        "SELECT d.schedule, d.seq, d.begins_on::text, d.ends_on::text FROM"
        " ledger_demand d JOIN ledger_loan l ON l.id = d.loan_id"
        " WHERE l.external_id = 'L2' ORDER BY 1, 2"
    )
    assert rows == [
        (1, 1, "2026-01-15", None),
        (1, 2, "2026-01-15", "2026-03-01"),
        (1, 3, "2026-01-15", "2026-03-01"),
        (2, 2, "2026-03-01", None),
        (2, 3, "2026-03-01", None),
    ]


def test_versions_of_one_file_are_laid_over_each_other(tmp_path: Path) -> None:
    tables = files.good()
    for row in tables["instalments"]:
        row.update(version="1", effective_on="")
    tables["instalments"] += _second_version()
    assert _taken(tmp_path, tables)["instalments"] == (17, 0, 0)
    ended = files.query(
        "SELECT count(*) FROM ledger_demand WHERE ends_on = %s::date", "2026-03-01"
    )
    assert ended == [(2,)]


def test_a_version_whose_principal_is_wrong_is_refused(tmp_path: Path) -> None:
    files.take(files.write(files.good(), tmp_path))
    rows = _second_version()
    rows[0]["principal"] = "1999.00"
    outcome = files.take(files.write({"instalments": rows}, tmp_path))
    assert outcome.state == "refused"
    assert outcome.codes == {"principal_sum": 2}


def test_a_reversal_points_to_what_it_reverses(tmp_path: Path) -> None:
    tables = files.good()
    row = {**tables["payments"][0], "payment_id": "P2", "paid_on": "2026-02-20"}
    tables["payments"].append({**row, "kind": "", "reversal_of": "P1"})
    _taken(tmp_path, tables)
    rows = files.query(
        "SELECT r.amount, r.kind, o.external_id FROM ledger_payment r"
        " JOIN ledger_payment o ON o.id = r.reversal_of_id"
    )
    assert rows == [(-107_771, "reversal", "P1")]


def test_a_plan_counts_exactly_and_writes_nothing(tmp_path: Path) -> None:
    everything = (*files.LEDGER, "intake_batch", "intake_file")
    before = files.checksums(everything)
    paths = files.write(files.good(), tmp_path)
    planned = files.take(paths, plan=True)
    assert files.checksums(everything) == before
    assert planned.batch_id is None
    assert files.take(paths).tables == planned.tables


def test_one_event_per_table_tells_what_was_done(tmp_path: Path) -> None:
    outcome = files.take(files.write(files.good(), tmp_path))
    rows = files.query(
        "SELECT payload->>'table', payload->>'added', actor FROM audit_event"
        " WHERE type = 'intake.applied' AND subject_id = %s ORDER BY id",
        str(outcome.batch_id),
    )
    assert rows == [
        ("customers", "2", "mei"),
        ("loans", "2", "mei"),
        ("instalments", "15", "mei"),
        ("payments", "1", "mei"),
    ]


@pytest.mark.parametrize("wrong", [False, True])
def test_an_intake_ends_when_it_ended(tmp_path: Path, *, wrong: bool) -> None:
    tables = files.good()
    if wrong:
        tables["payments"][0]["amount"] = "-1"
    paths = files.write(tables, tmp_path)
    ended = files.AT + timedelta(seconds=7)
    outcome = door.take_files(
        door.Order(files=[(path, path.name) for path in paths], source="core"),
        door.Deed(by="mei", at=files.AT, business_date=files.TODAY, now=lambda: ended),
    )
    assert outcome.state == ("refused" if wrong else "applied")
    (batch,) = door.history()
    assert (batch.started_at, batch.finished_at) == (files.AT, ended)
