"""`daihou gate` and `daihou rulebook` ask the lender's book where there is a database."""

import json
from datetime import UTC, datetime, time

import pytest
from click.testing import CliRunner, Result

from daihou.config.cli import daihou
from tests.engine.test_gate_command import PLAIN, changed
from tests.nightly import world
from tests.rooms.cast import make_cast
from tests.rooms.ruling import CALLS, LATER, MOST, agreed, lawyers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lender's database is the one of the test."""
    monkeypatch.setenv("DATABASE_URL", world.url())


def call(*words: str, send: bytes = b"") -> Result:
    found = CliRunner().invoke(daihou, [*words, "--language", "en"], input=send)
    assert found.exit_code == 0, found.output
    return found


def asked() -> bytes:
    """A third call on a day on which two were answered."""
    at = datetime.combine(LATER, time(3), tzinfo=UTC)
    request = changed("at", at.isoformat())
    past = PLAIN["history"][0]
    early = datetime.combine(LATER, time(1), tzinfo=UTC).isoformat()
    request["history"] = [past | {"at": early}, past | {"at": early}]
    return json.dumps(request).encode()


def test_a_change_that_was_approved_counts_and_the_command_says_so(
    database: None,
) -> None:
    make_cast()
    before = call("gate", "check", "--json", "-", send=asked())
    assert json.loads(before.stdout)["verdict"] == "allow"
    assert "Rule book as it ships" in before.stderr
    agreed(*lawyers())
    after = call("gate", "check", "--json", "-", send=asked())
    assert json.loads(after.stdout)["rules"] == [CALLS]
    assert "of this lender with 1 approved change" in after.stderr
    shipped = call("gate", "check", "--json", "-", "--shipped", send=asked())
    assert json.loads(shipped.stdout)["verdict"] == "allow"
    assert not shipped.stderr


def test_the_rule_shows_the_lenders_own_value(database: None) -> None:
    make_cast()
    assert "policy of the house" not in call("rulebook", "show", CALLS).stdout
    agreed(*lawyers())
    said = call("rulebook", "show", CALLS).stdout
    assert "policy of the house" in said and f"{MOST} " in said
    assert "fewer complaints" in said
    shipped = call("rulebook", "show", CALLS, "--shipped").stdout
    assert "policy of the house" not in shipped


def test_a_database_that_does_not_answer_is_an_error_with_a_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A laxer book must not answer in silence."""
    url = "postgresql://nobody@127.0.0.1:9/none"
    monkeypatch.setenv("DATABASE_URL", url)
    words = ["gate", "check", "--language", "en", "--json", "-"]
    found = CliRunner().invoke(daihou, words, input=asked())
    assert found.exit_code == 1 and "--shipped" in found.output
    again = CliRunner().invoke(daihou, [*words, "--shipped"], input=asked())
    assert again.exit_code == 0
