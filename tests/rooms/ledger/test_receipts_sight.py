"""A receipt shows nothing of another branch's loans, whatever became of its claims."""

import pytest

from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from tests.rooms.cast import AT, TODAY, Cast, deed, make_loan
from tests.rooms.receipts import arrive, claim, login, make_finance
from tests.rooms.test_pages import signed_in, text_of


@pytest.fixture
def fang(cast: Cast) -> people.Person:
    """Somebody in finance, on an open day."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    return make_finance()[0]


@pytest.fixture
def norths() -> Loan:
    """A loan of the north."""
    return make_loan("JD-2026-0001", name="王某")


def test_a_claim_for_a_foreign_loan_is_out_of_sight(
    fang: people.Person, norths: Loan
) -> None:
    number = arrive("B1", fang)
    claimed = claim(number, fang, (norths.pk, 5))
    login("hu", "branch_manager", "south")
    client = signed_in("hu")
    assert client.get(f"/receipts/{number}/").status_code == 404
    assert client.post(f"/receipts/claims/{claimed}/", {"step": "x"}).status_code == 404
    assert client.post(f"/receipts/{number}/claim/", {"loan": 1}).status_code == 404
    assert "No receipt" in text_of(client.get("/receipts/?show=all&text=王"))


def test_a_claim_for_a_foreign_loan_stays_out_of_sight_when_it_is_over(
    fang: people.Person, norths: Loan
) -> None:
    number = arrive("B1", fang)
    claimed = claim(number, fang, (norths.pk, 5))
    ledger.receipts.withdraw(claimed, deed=deed(by=fang))
    login("hu", "branch_manager", "south")
    page = text_of(signed_in("hu").get(f"/receipts/{number}/"))
    assert "1 earlier claim names a loan of another branch" in page
    for word in (norths.external_id, "transfer slip 17"):
        assert word not in page, word
    assert "transfer slip 17" in text_of(signed_in("fang").get(f"/receipts/{number}/"))
