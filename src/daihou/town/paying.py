"""Money that somebody promised comes, or not; some of it goes back; offers are taken."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from daihou.kit.refusal import Refused
from daihou.rooms.ledger import door as ledger
from daihou.rooms.relief import door as relief
from daihou.town import reading
from daihou.town.characters import Coming, comes
from daihou.town.floor import Floor, Pledge, at_hour

SOURCE: Final = "town-bank"
_BACK: Final = "银行退回：付款人账户余额不足"
_OVER: Final = frozenset(
    {
        *("rejected", "withdrawn", "lapsed", "defaulted", "superseded", "cancelled"),
        *("applied", "completed", "reversed"),
    }
)


def due(floor: Floor) -> list[Pledge]:
    """The pledges of today and before, out of the list of those to come."""
    now = [each for each in floor.pledges if each.coming.on <= floor.day]
    floor.pledges = [each for each in floor.pledges if each.coming.on > floor.day]
    return now


def comes_in(floor: Floor, pledge: Pledge, at: datetime) -> None:
    """Post what came: to the loans it was meant for, the latest first.

    A plan or a settlement is paid into its own loan whatever is late there.
    """
    scope = floor.person(floor.staff.finance).scope
    owed = ledger.reading.owed_by(pledge.customer_id, scope=scope)
    mine = [each for each in owed if each.loan_id in pledge.loan_ids]
    agreed = pledge.why in ("plan", "settlement", "waiver")
    left = pledge.coming.amount
    for each in mine:
        most = each.outstanding_total if agreed else each.overdue_total
        amount = min(left, most)
        if amount <= 0:
            continue
        left -= amount
        _post(floor, each.loan_id, amount, pledge.why, at)
    if left == pledge.coming.amount:
        floor.count("money that nothing was owed for")


def _post(floor: Floor, loan_id: int, amount: int, why: str, at: datetime) -> None:
    number = f"T{floor.day:%y%m%d}{floor.next_serial():06d}"
    try:
        posted = floor.timed(
            "post a payment",
            lambda: ledger.posting.post_payment(
                source=SOURCE,
                external_id=number,
                loan_id=loan_id,
                paid_on=floor.day,
                amount=amount,
                by=floor.person(floor.staff.finance),
                at=at,
                business_date=floor.day,
                channel="bank_transfer",
            ),
        )
    except Refused as error:
        floor.refused(error)
        return
    floor.count(f"paid {why}")
    floor.count("fen of pledges", amount)
    floor.cash[floor.day] += amount
    loan = floor.loans[loan_id]
    floor.outside.spent[loan] = floor.outside.spent.get(loan, 0) + amount
    chance = floor.draw("bounced", number)
    if chance.random() < floor.rates.bounced:
        back = floor.day + timedelta(days=chance.randint(1, 3))
        floor.bounces.append((back, posted.payment_id))


def goes_back(floor: Floor) -> None:
    """Take back the payments that the bank returns today."""
    today = [number for on, number in floor.bounces if on <= floor.day]
    floor.bounces = [each for each in floor.bounces if each[0] > floor.day]
    for number in today:
        try:
            posted = ledger.posting.reverse_payment(
                payment_id=number,
                reversed_on=floor.day,
                reason=_BACK,
                by=floor.person(floor.staff.finance),
                at=at_hour(floor.day, 10, 5),
                business_date=floor.day,
            )
        except Refused as error:
            floor.refused(error)
            continue
        floor.count("payments taken back")
        floor.cash[floor.day] -= _amount_of(number)
        assert posted.new, number


def _amount_of(payment_id: int) -> int:
    return int(
        reading.rows(
            "select amount from ledger_payment where id = %(id)s", {"id": payment_id}
        )[0][0]
    )


def follow_offers(floor: Floor) -> None:
    """What was decided since: customers accept, and money is on its way."""
    for number, login in sorted(floor.offers.items()):
        person = floor.person(login)
        line = relief.find(number, scope=person.scope)
        if line.state in _OVER:
            floor.offers.pop(number)
        elif line.state == "approved" and line.kind in ("plan", "settlement"):
            floor.offers.pop(number)
            _offered(floor, line, login)
        elif line.state == "conditional":
            floor.offers.pop(number)
            assert line.until is not None, line
            parts = [(max(floor.day, line.until - timedelta(days=3)), line.receive)]
            _on_its_way(floor, line, parts)


def _offered(floor: Floor, line: relief.Line, login: str) -> None:
    chance = floor.draw("offer", line.number)
    if chance.random() >= floor.rates.offer_accepted:
        floor.count("offers not taken")
        return
    try:
        taken = relief.accept(
            line.id,
            evidence="客户在网点签字，协议存档",
            deed=floor.asking(login, at_hour(floor.day, 10, 30), ""),
        )
    except Refused as error:
        floor.refused(error)
        return
    floor.count(f"agreed {line.kind}")
    loans = {floor.loans[each] for each in taken.loan_ids}
    floor.outside.touched.update(loans)
    _on_its_way(floor, taken, [(r.due_on, r.amount) for r in relief.rows_of(line.id)])


def _on_its_way(
    floor: Floor, line: relief.Line, parts: Sequence[tuple[date, int]]
) -> None:
    chance = floor.draw("pays", line.number)
    found: list[Coming] = list(
        comes(
            chance,
            floor.character(line.customer_id),
            parts,
            kept=floor.rates.instalment_kept,
            rates=floor.rates,
        )
    )
    floor.pledges += [
        Pledge(each, line.customer_id, line.loan_ids, line.kind) for each in found
    ]
