"""Money that came to the town's lender without saying whose it is, for its desk."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from daihou.kit import ports
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people

SOURCE = "bank"
_SHOPS = ("河滨五金店", "城东汽修行", "江北粮油铺")
Arrival = ledger.receipts.Arrival


def leave_receipts(*, on: date, at: datetime, seed: int) -> int:
    """Write down a dozen receipts before the open day `on`; return how many there are.

    The same seed and book leave the same ones, and once. One of them is claimed and
    waits for a second person.
    """
    by = people.process("town")
    deed = ledger.posting.Deed(by=by, at=at, business_date=on)
    draw = random.Random(seed)
    numbers = []
    for place, (arrival, loan_id) in enumerate(_arrivals(draw, on=on)):
        number = ledger.receipts.record_receipt(
            replace(arrival, external_id=f"{on:%Y%m%d}-{place + 1:03d}"), deed=deed
        )
        numbers.append((number, arrival, loan_id))
    for number, arrival, loan_id in numbers[:1]:
        if not loan_id:
            break  # nobody is late: nothing to claim
        page = ledger.receipts.receipt_page(number, scope=by.scope)
        if page is not None and page.receipt.state == "open":
            ledger.receipts.claim(
                number,
                splits=[ledger.receipts.Split(loan_id, arrival.amount)],
                relation="spouse",
                evidence="付款人来电核实，附转账凭证",
                deed=deed,
            )
    return len(numbers)


def _arrivals(draw: random.Random, *, on: date) -> Iterator[tuple[Arrival, int]]:
    """What came, each with the loan it is meant for."""
    late = _late_loans(draw, wanted=9)
    for place, (loan_id, number, name, currency, overdue) in enumerate(late):
        usual = Arrival(
            source=SOURCE,
            external_id="",
            received_on=on - timedelta(days=1 + place // 2),
            amount=overdue,
            currency=currency,
            payer=name,
            payer_account=f"62220200{draw.randrange(10**10):010d}",
            channel=draw.choice(("bank_transfer", "mobile_bank")),
        )
        spouse, partly = f"{name[:1]}某", max(1, overdue * 2 // 3)
        kinds = (
            replace(usual, payer=spouse, remark=f"代{name}还款 {number}"),
            replace(usual, remark=f"还款 {number}"),
            replace(usual, amount=partly),
            replace(usual, payer=draw.choice(_SHOPS), remark=f"{name} 贷款"),
            replace(usual, payer="", payer_account="", channel="counter"),
        )
        yield kinds[place % len(kinds)], loan_id
    for shop, days in zip(_SHOPS, (12, 47, 103), strict=True):
        came = Arrival(
            source=SOURCE,
            external_id="",
            received_on=on - timedelta(days=days),
            amount=draw.randrange(200, 5_000) * 100,
            currency="CNY",
            payer=shop,
            payer_account=f"62170001{draw.randrange(10**10):010d}",
            channel="bank_transfer",
            remark="往来款",
        )
        yield came, 0


def _late_loans(
    draw: random.Random, *, wanted: int
) -> list[tuple[int, str, str, str, int]]:
    """Some late loans: id, number, name, currency, what is overdue."""
    book = ports.book()
    days = book.dates()
    if not days:
        return []
    rows = book.read(days[-1], columns=["loan_id", "overdue_total", "dpd"]).to_pylist()
    late = [row for row in rows if row["dpd"] > 0 and row["overdue_total"] > 0]
    chosen = draw.sample(late, min(wanted, len(late)))
    scope = people.process("town").scope
    lines = ledger.reading.lines_of([row["loan_id"] for row in chosen], scope=scope)
    return [
        (line.loan_id, line.number, line.name, line.currency, row["overdue_total"])
        for row in chosen
        if (line := lines.get(row["loan_id"]))
    ]
