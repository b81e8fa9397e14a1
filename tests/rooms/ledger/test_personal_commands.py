"""`daihou keys`, `daihou retention` and what `daihou check` says of the key ring."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from daihou.config import cli, safety
from daihou.kit import keyring
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger.models import ContactPoint, Customer, Loan, RetentionRun
from daihou.rooms.people import door as people
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_customer, make_loan

pytestmark = pytest.mark.django_db
CLOSED = date(2015, 2, 1)


@pytest.fixture(autouse=True)
def ring(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ring of this test's own; English spoken."""
    settings.KEY_RING = str(tmp_path / "keyring.json")
    monkeypatch.setenv("DAIHOU_LANGUAGE", "en")
    return Path(settings.KEY_RING)


@pytest.fixture
def loan(cast: Cast) -> Loan:
    """A loan that ended long ago, of somebody with a number and a telephone."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    made = make_loan("L1")
    customer = make_customer("C1", id_no="11010519491231002X", phones=("13800000007",))
    Loan.objects.filter(pk=made.pk).update(
        customer=customer, status="settled", closed_on=CLOSED
    )
    for name in ("zhou", "lin"):
        people.create_user(
            username=name,
            password=PASSWORD,
            role="compliance",
            branch=None,
            by="test",
            at=AT,
        )
    return made


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.daihou, words)


def test_keys_are_listed_turned_and_dropped(loan: Loan) -> None:
    old = keyring.ring().newest
    listed = run("keys", "list")
    assert listed.exit_code == 0, listed.output
    assert old in listed.output and "ledger_contact_point.value" in listed.output
    turned = run("keys", "rotate")
    assert turned.exit_code == 0, turned.output
    assert "2 values sealed anew." in turned.output
    assert "0 values sealed anew." in run("keys", "rotate", "--go-on").output
    assert len(keyring.ring().keys) == 2
    dropped = run("keys", "drop", old)
    assert dropped.exit_code == 0 and len(keyring.ring().keys) == 1
    again = run("keys", "drop", old)
    assert again.exit_code == 1 and f"There is no key {old}." in again.output


def test_a_ring_that_cannot_be_read_is_one_sentence(ring: Path) -> None:
    ring.write_text("{}")
    told = run("keys", "list")
    assert told.exit_code == 1 and str(ring) in told.output
    assert "Traceback" not in told.output


def test_retention_is_planned_by_one_and_carried_out_by_another(loan: Loan) -> None:
    planned = run("retention", "plan", "--by", "zhou")
    assert planned.exit_code == 0, planned.output
    assert "contact_points" in planned.output and "identity" in planned.output
    number = str(RetentionRun.objects.get().pk)
    assert ContactPoint.objects.exists()
    own = run("retention", "run", number, "--by", "zhou")
    assert own.exit_code == 1 and "Somebody else" in own.output
    done = run("retention", "run", number, "--by", "lin")
    assert done.exit_code == 0, done.output
    assert RetentionRun.objects.get().digest in done.output
    assert Customer.objects.get(external_id="C1").erased_on == TODAY
    assert "done" in run("retention", "list").output
    assert "Nothing is due" in run("retention", "plan").output


def test_retention_asks_for_a_day_where_none_is_open(db: None) -> None:
    told = run("retention", "plan")
    assert told.exit_code == 2 and "--as-of" in told.output
    assert run("retention", "plan", "--as-of", "2031-01-01").exit_code == 0


def test_a_schedule_that_is_wrong_is_one_sentence(
    loan: Loan, tmp_path: Path, settings: Any
) -> None:
    settings.DAIHOU_HOME = tmp_path
    (tmp_path / "retention.yaml").write_text("id: own\n", "utf-8")
    told = run("retention", "plan")
    assert told.exit_code == 1 and "retention.yaml" in told.output
    assert "Traceback" not in told.output


def test_a_schedule_of_ones_own_counts(
    loan: Loan, tmp_path: Path, settings: Any
) -> None:
    settings.DAIHOU_HOME = tmp_path
    (tmp_path / "retention.yaml").write_text(
        "id: own\nversion: 2026-01-01\nname: {zh-Hans: 自订, en: Own}\nclasses:\n"
        "  - {id: contact_points, name: {zh-Hans: 联系方式, en: Contact}, years: 20,\n"
        "     clock: closure, then: delete,\n"
        "     sources: [{rule: own, text: 本行规定, evidence: S}]}\n",
        "utf-8",
    )
    assert "Nothing is due" in run("retention", "plan").output
    later = run("retention", "plan", "--as-of", "2035-02-01")
    assert "contact_points" in later.output and "identity" not in later.output


def test_check_says_what_is_wrong_with_the_ring(loan: Loan, ring: Path) -> None:
    assert safety.of_key_ring() == []
    ring.chmod(0o644)
    gone = keyring.ring().newest
    keyring.add_key(at=AT)
    keyring.drop_key(gone)
    ring.chmod(0o644)
    found = {each.code: each.words for each in safety.of_key_ring()}
    assert found.keys() == {"key_ring_readable", "key_missing"}
    assert gone in found["key_missing"]
