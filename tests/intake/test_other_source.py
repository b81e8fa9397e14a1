"""Rows of one system that mean the loans of another."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from daihou.config.commands.intake import command
from daihou.rooms.intake import door
from tests.intake import files

pytestmark = pytest.mark.django_db


@pytest.fixture
def payments(tmp_path: Path) -> Path:
    """The loans of `core` are in; what came at the bank waits in a file."""
    tables = files.good()
    paid = tables.pop("payments")
    files.take(files.write(tables, tmp_path))
    charge = {"charge_id": "F1", "loan_id": "L1", "kind": "collection"}
    files.write(
        {"charges": [{**charge, "due_on": "2026-05-01", "amount": "50.00"}]}, tmp_path
    )
    return files.write({"payments": paid}, tmp_path)[0]


def test_without_saying_whose_the_loan_is_not_known(payments: Path) -> None:
    assert files.take([payments], source="bank").codes == {"no_loan": 1}


def test_payments_and_charges_reach_the_loans_of_another(payments: Path) -> None:
    sent = [payments, payments.with_name("charges.csv")]
    outcome = files.take(sent, source="bank", loans_of="core")
    assert outcome.state == "applied", outcome.faults
    rows = files.query(
        "SELECT p.source, l.source, l.external_id FROM ledger_payment p"
        " JOIN ledger_loan l ON l.id = p.loan_id"
    )
    assert rows == [("bank", "core", "L1")]
    charges = files.query("SELECT source_ref FROM ledger_demand WHERE kind = 'charge'")
    assert charges == [("bank/F1",)]
    assert files.take(sent, source="bank", loans_of="core").state == "known"


def test_a_schedule_for_the_loan_of_another(payments: Path, tmp_path: Path) -> None:
    rows = files.good()["instalments"]
    rows[0]["paid_principal"] = "1500.00"
    sent = files.write({"instalments": rows}, tmp_path)
    outcome = files.take(sent, source="reports", loans_of="core")
    assert outcome.state == "applied", outcome.faults
    assert outcome.tables["instalments"].changed == 1


def test_the_same_rows_for_another_lender_of_loans_move(
    payments: Path, tmp_path: Path
) -> None:
    files.take([payments], source="bank", loans_of="core")
    tables = files.good()
    other = {name: tables[name] for name in ("customers", "loans")}
    other["loans"] = other["loans"][:1]
    folder = tmp_path / "other"
    folder.mkdir()
    files.take(files.write(other, folder), source="merged")
    outcome = files.take([payments], source="bank", loans_of="merged")
    assert outcome.tables["payments"].changed == 1
    rows = files.query(
        "SELECT l.source FROM ledger_payment p JOIN ledger_loan l ON l.id = p.loan_id"
    )
    assert rows == [("merged",)]


def test_loans_sent_along_are_their_senders_own(tmp_path: Path) -> None:
    tables = files.good()
    files.take(files.write({"customers": tables["customers"]}, tmp_path))
    sent = {name: tables[name] for name in ("loans", "instalments", "payments")}
    outcome = files.take(
        files.write(sent, tmp_path), source="origination", loans_of="core"
    )
    assert outcome.state == "applied", outcome.faults
    rows = files.query(
        "SELECT DISTINCT p.source, l.source, c.source FROM ledger_payment p"
        " JOIN ledger_loan l ON l.id = p.loan_id"
        " JOIN ledger_customer c ON c.id = l.customer_id"
    )
    assert rows == [("origination", "origination", "core")]


def test_the_command_line_and_a_mapping_say_whose(
    payments: Path, tmp_path: Path
) -> None:
    mapping = tmp_path / "bank.yaml"
    columns = ", ".join(
        f"{name}: {name}" for name in ("payment_id", "loan_id", "paid_on", "amount")
    )
    mapping.write_text(
        "mapping: bank\nversion: 1\nsource: bank\nrefers_to: core\n"
        f"tables: [{{table: payments, columns: {{{columns}}}}}]\n"
    )
    assert door.load(mapping).refers_to == "core"
    run = [str(payments), "--plan", "--language", "en"]
    told = CliRunner().invoke(command, [*run, "--mapping", str(mapping)])
    assert told.exit_code == 0, told.output
    given = ["--source", "bank", "--loans-of", "core"]
    told = CliRunner().invoke(command, [*run, *given])
    assert told.exit_code == 0, told.output
    told = CliRunner().invoke(command, [*run, "--source", "bank"])
    assert told.exit_code == 1, told.output
