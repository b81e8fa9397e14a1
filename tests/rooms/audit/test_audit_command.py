"""`daihou audit`: seal, verify, export, as a person types them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connection, transaction

from daihou.config import wiring
from daihou.config.cli import daihou
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import door as dayend
from tests.rooms.cast import AT, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def book(monkeypatch: pytest.MonkeyPatch) -> None:
    """An open day and one event; the commands use the tests' database."""
    monkeypatch.setattr(wiring, "start", wiring.bind)
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    with transaction.atomic():
        audit.record(
            type="thing.done",
            subject_type="thing",
            subject_id=1,
            by="arun",
            at=AT,
            business_date=TODAY,
        )


def run(*words: str) -> Result:
    return CliRunner().invoke(daihou, ["--language", "en", "audit", *words])


def test_a_seal_is_set_printed_and_verified_against(tmp_path: Path) -> None:
    assert run("seal", "--print").exit_code == 1  # nothing sealed yet
    paper = tmp_path / "seal.txt"
    result = run("seal", "--out", str(paper))
    assert result.exit_code == 0, result.output
    assert result.output == paper.read_text("utf-8")
    assert f"day {TODAY}" in result.output
    assert run("seal", "--print").output == result.output
    verified = run("verify", "--seal", str(paper))
    assert verified.exit_code == 0, verified.output
    assert "3 events in 3 chains, 1 seals: 0 findings." in verified.output


def test_verifying_names_what_is_wrong_and_fails(tmp_path: Path) -> None:
    paper = tmp_path / "seal.txt"
    run("seal", "--out", str(paper))
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute("update audit_event set actor = 'x' where subject_type='thing'")
        cursor.execute("set session_replication_role = origin")
    result = run("verify", "--seal", str(paper))
    assert result.exit_code == 1
    assert "changed thing/1 position=1" in result.output


def test_another_file_is_no_seal(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("not a seal", "utf-8")
    result = run("verify", "--seal", str(other))
    assert result.exit_code == 1
    assert "is no printed seal" in result.output


def test_the_log_is_exported(tmp_path: Path) -> None:
    out = tmp_path / "log.jsonl"
    result = run("export", "--out", str(out))
    assert result.exit_code == 0, result.output
    assert len(out.read_text("utf-8").splitlines()) == 4  # two events, two heads
