"""What tests of the receipts desk start from: two in finance, and money that came."""

from datetime import date

from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from tests.rooms.cast import AT, PASSWORD, TODAY, deed


def make_finance() -> tuple[people.Person, people.Person]:
    """Fang claims, Gao confirms; both may do both."""
    return (login("fang", "finance"), login("gao", "finance"))


def login(name: str, role: str, branch: str | None = None) -> people.Person:
    """One more who signs in."""
    return people.create_user(
        username=name, password=PASSWORD, role=role, branch=branch, by="test", at=AT
    )


def arrive(number: str, by: people.Person, **wish: object) -> int:
    """1,010.00 of somebody came on 18 March, but for what `wish` says otherwise."""
    arrival = ledger.receipts.Arrival(
        **{
            "source": "bank",
            "external_id": number,
            "received_on": date(2026, 3, 18),
            "amount": 101_000,
            "currency": "CNY",
            "payer": "王某",
            "payer_account": "6222 0202 0011 2233 445",
            "channel": "bank_transfer",
            "remark": "",
        }
        | wish
    )
    return ledger.receipts.record_receipt(arrival, deed=deed(by=by))


def claim(
    receipt_id: int, by: people.Person, *shares: tuple[int, int], **wish: object
) -> int:
    """Claim for these (loan, amount), as the borrower's own money."""
    return ledger.receipts.claim(
        receipt_id,
        splits=[ledger.receipts.Split(loan, amount) for loan, amount in shares],
        **{"relation": "self", "evidence": "transfer slip 17", "deed": deed(by=by)}
        | wish,
    )


__all__ = ["TODAY", "arrive", "claim", "login", "make_finance"]
