"""Receipts by file: taken in once, sealed, and left alone once they are claimed."""

from datetime import date
from pathlib import Path

import pytest

from daihou.rooms.intake import door
from daihou.rooms.ledger.models import Receipt, RowHistory
from daihou.rooms.notices.models import Notice
from tests.intake import files
from tests.rooms.cast import make_loan
from tests.rooms.receipts import claim, login

pytestmark = pytest.mark.django_db


def rows(**wish: str) -> list[files.Row]:
    """Two receipts; the first is what `wish` says otherwise."""
    first = {
        "receipt_id": "R1",
        "received_on": "2026-11-18",
        "amount": "1010.00",
        "currency": "CNY",
        "payer": "王某",
        "payer_account": "6222 0202 0011 2233 445",
        "channel": "bank_transfer",
        "remark": "还款",
        "branch": "",
    }
    second = first | {"receipt_id": "R2", "amount": "5", "currency": "JPY"}
    return [first | wish, second]


def take(folder: Path, sent: list[files.Row]) -> door.Outcome:
    return files.take(files.write({"receipts": sent}, folder))


def test_receipts_are_taken_in_once(tmp_path: Path) -> None:
    outcome = take(tmp_path, rows())
    assert outcome.state == "applied", outcome.faults
    one, two = Receipt.objects.order_by("external_id")
    assert (one.amount, one.currency, one.state) == (101_000, "CNY", "open")
    assert (two.amount, two.currency) == (5, "JPY")  # no decimals
    assert (one.posted, one.returned, one.recorded_by) == (0, 0, "intake")
    assert one.payer_account.startswith("s1.")
    assert one.payer_account_digest == two.payer_account_digest != ""
    again = take(tmp_path, rows()[::-1])
    assert again.tables["receipts"] == door.Counts(0, 0, 2)


def test_a_corrected_receipt_is_a_new_version(tmp_path: Path) -> None:
    take(tmp_path, rows())
    outcome = take(tmp_path, rows(amount="1011.00", payer_account="6222"))
    assert outcome.tables["receipts"] == door.Counts(0, 1, 1)
    one = Receipt.objects.get(external_id="R1")
    assert (one.amount, one.version) == (101_100, 2)
    (before,) = RowHistory.objects.filter(table="receipt")
    assert before.content["amount"] == 101_000
    assert before.content["payer_account"].startswith("s1.")


def test_one_that_was_claimed_stays_as_it_came(tmp_path: Path) -> None:
    fang = login("fang", "finance")
    take(tmp_path, rows())
    loan = make_loan("L9", dues=(date(2026, 9, 1),))
    claim(Receipt.objects.get(external_id="R1").pk, fang, (loan.pk, 5))
    for wish in (
        {"amount": "1011.00"},
        {"currency": "USD"},
        {"received_on": "2026-11-17"},
    ):
        outcome = take(tmp_path, rows(**wish))
        assert outcome.state == "refused"
        assert set(outcome.codes) == {"receipt_claimed"}
    outcome = take(tmp_path, rows(remark="王某还款"))
    assert outcome.tables["receipts"] == door.Counts(0, 1, 1)
    one = Receipt.objects.get(external_id="R1")
    assert (one.state, one.remark, one.amount) == ("claimed", "王某还款", 101_000)


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"amount": "0"}, "not_positive"),
        ({"amount": "-5"}, "negative"),
        ({"amount": "1.001"}, "decimals"),
        ({"currency": "QQQ"}, "unknown_currency"),
        ({"received_on": "2026-02-30"}, "date"),
        ({"receipt_id": "R2"}, "duplicate"),
        ({"payer": ""}, ""),
        ({"received_on": "2026-11-28"}, "in_the_future"),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, wish: dict[str, str], code: str
) -> None:
    outcome = take(tmp_path, rows(**wish))
    told = " ".join(outcome.codes)
    assert code in told and bool(code) == bool(told), told


def test_who_claims_hears_of_it(tmp_path: Path) -> None:
    login("fang", "finance")
    take(tmp_path, rows())
    notice = Notice.objects.get(login="fang")
    assert notice.kind == "receipts.to_claim" and notice.params == {"count": 2}
