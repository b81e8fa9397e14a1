"""A collector works the next case: asks the gate, calls, writes down what came of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from daihou.kit.refusal import Refused
from daihou.rooms.casework import door as casework
from daihou.rooms.contact import door as contact
from daihou.rooms.ledger import door as ledger
from daihou.town import asking, reading
from daihou.town.characters import answer, comes, promised
from daihou.town.floor import Floor, Pledge

_OWN: Final = ("", "self")
_CALLED: Final = ("mobile", "phone")
_OFFICE: Final = ("legal_review", "assign")  # of the strategy: nobody is contacted
_CHANNEL: Final = {"message": "sms", "letter": "letter", "visit": "visit"}
_NOTES: Final = {
    "DISPUTE": "客户称金额与合同不符，要求核对",
    "COMPLAINT": "客户对上次来电不满，要求主管回复",
    "LOST": "多次联系不上，登记的地址也无人",
    "DECEASED": "家属称客户已经去世，需核实",
    "JAILED": "家属称客户在服刑，需核实",
    "ID_FRAUD": "客户称不是本人办理，需核实",
    "BANKRUPT": "客户称已申请破产，需核实",
    "LAWYER": "客户称已委托律师，请联系律师",
}
_AGAIN: Final = frozenset({"NO_ANSWER", "BUSY"})
_TALK: Final = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class _Call:
    """One case in a collector's hands."""

    floor: Floor
    case: casework.CaseLine
    loan: casework.working.BookLoan
    login: str
    at: datetime

    def deed(self, after: timedelta = timedelta(0)) -> casework.Deed:
        return self.floor.deed(self.login, self.at + after)


def next_one(floor: Floor, login: str, at: datetime) -> timedelta | None:
    """Take the next case and work it; how long it took, None where there is none."""
    deed = floor.deed(login, at)
    taken = floor.timed("take_next", lambda: casework.take_next(deed=deed))
    if taken is None:
        return None
    floor.count(f"taken {taken.why}")
    case = taken.case
    loans = casework.working.loans_in_case(case.id)
    assert loans, f"an open case has a loan: {case}"
    call = _Call(floor, case, loans[0], login, at)
    floor.last[login] = case, loans[0]
    try:
        if case.action in _OFFICE:
            return _to_supervisor(call)
        return _work(call)
    except casework.CaseHasMoved as error:
        floor.refused(error)
        return timedelta(minutes=1)


def _to_supervisor(call: _Call) -> timedelta:
    """Nobody is contacted about it: it is passed up, once, and out of one's hands."""
    working, floor = casework.working, call.floor
    chance = floor.draw("came", floor.loans[call.loan.loan_id], floor.day)
    if chance.random() < floor.rates.comes_by:
        made = _record(call, None, "NEGO", action=working.Action.INBOUND)
        if made is not None:
            floor.count("came by themselves")
            at = call.at + 2 * _TALK
            asking.after(floor, call.case, call.loan, call.login, at, "NEGO")
            return 3 * _TALK
    working.add_item(
        call.case.id,
        kind=working.ItemKind.REVIEW,
        due_at=call.at,
        for_supervisor=True,
        deed=call.deed(),
    )
    casework.let_go(call.case.id, deed=call.deed(_TALK), skip="材料齐了，转主管复核")
    floor.count("passed up")
    return _TALK


def _work(call: _Call) -> timedelta:
    floor, case = call.floor, call.case
    chance = floor.draw(
        "call", floor.customers[case.customer_id], floor.day, call.at, call.login
    )
    if chance.random() < floor.rates.third_party:
        _ask_for_another(call)
    kept = _asked(call)
    if kept is None:
        casework.let_go(case.id, deed=call.deed(), skip="现在不能联系，改日再联系")
        return timedelta(minutes=1)
    if kept.asked.wish.channel not in ("call", "robot_call"):
        _record(call, kept.id, "SENT")
        return _TALK
    code = answer(
        chance, floor.character(case.customer_id), case.delinquency, floor.rates
    )
    if code in _AGAIN and chance.random() < floor.rates.dials_again:
        return _dials_on(call, kept, chance)
    _came_of_it(call, kept.id, code, chance)
    return timedelta(minutes=2 + int(chance.random() * 6))


def _wishes(call: _Call) -> Iterator[contact.Wish]:
    """Ways to try, the first first: as the strategy says, the numbers, a letter."""
    case, loan = call.case, call.loan
    ways = [
        each
        for each in ledger.reaching.ways(case.customer_id)
        if each.owner_role in _OWN and each.kind in _CALLED
    ]
    plain: dict[str, Any] = {
        "loan_id": loan.loan_id,
        "customer_id": case.customer_id,
        "purpose": "collect",
    }
    wanted = _CHANNEL.get(case.action, "call")
    if wanted == "visit":
        yield contact.Wish(channel="visit", staff_count=2, **plain)
    if wanted == "letter":
        yield contact.Wish(channel="letter", **plain)
    for way in ways:
        if wanted == "sms" and way.kind == "mobile":
            yield contact.Wish(channel="sms", point_id=way.point_id, **plain)
        yield contact.Wish(channel="call", point_id=way.point_id, **plain)
    if not ways:
        yield contact.Wish(channel="letter", **plain)


def _asked(call: _Call) -> contact.Kept | None:
    """The first answer of the gate that allows; None where none does."""
    for wish in _wishes(call):
        kept = _ask(call, wish)
        if kept is not None:
            return kept
    return None


def _ask(call: _Call, wish: contact.Wish) -> contact.Kept | None:
    floor = call.floor
    deed = call.deed()
    try:
        kept = floor.timed("ask the gate", lambda: contact.may_contact(wish, deed=deed))
    except Refused as error:
        floor.refused(error)
        return None
    return kept if kept.answer.verdict.value == "allow" else None


def _ask_for_another(call: _Call) -> None:
    """Try a contact person or a guarantor: the gate says no, or nobody calls after all."""
    for customer, point in reading.others_of(call.loan.loan_id):
        wish = contact.Wish(
            loan_id=call.loan.loan_id,
            customer_id=customer,
            point_id=point,
            channel="call",
            purpose="collect",
        )
        call.floor.count("asked for another person")
        _only_ask(call, wish)
        return


def _only_ask(call: _Call, wish: contact.Wish) -> None:
    kept = _ask(call, wish)
    if kept is not None:
        contact.mark_unused(kept.id, deed=call.deed())


def asks_late(floor: Floor, login: str, at: datetime) -> None:
    """Somebody who stayed on would call their last customer again, late at night."""
    if login not in floor.last:
        return
    case, loan = floor.last[login]
    call = _Call(floor, case, loan, login, at)
    floor.count("asked late at night")
    _only_ask(call, next(iter(_wishes(call))))


def _dials_on(call: _Call, kept: contact.Kept, chance: Any) -> timedelta:
    """Dial again and again until the gate says that it is enough."""
    case, spent = call.case, timedelta(0)
    number, version = kept.id, case.version
    while True:
        at = call.at + spent + timedelta(minutes=1)
        made = _record(call, number, "NO_ANSWER", after=at - call.at, version=version)
        spent = at - call.at + timedelta(minutes=1)
        if made is None or spent > timedelta(minutes=20) or chance.random() < 0.15:
            return spent
        again = _Call(call.floor, case, call.loan, call.login, call.at + spent)
        found = _ask(again, kept.asked.wish)
        if found is None:
            return spent
        number, version = found.id, made.version


def _came_of_it(call: _Call, decision_id: int, code: str, chance: Any) -> None:
    floor, case = call.floor, call.case
    more: dict[str, Any] = {}
    partly = code == "DISPUTE" and chance.random() < floor.rates.dispute_of_a_part
    if partly:
        code = "NEGO"
    if code == "CALLBACK":
        more["follow_up_at"] = call.at + timedelta(hours=chance.randint(2, 70))
    parts = None
    asked_for = case.overdue_total - case.disputed
    if code == "PTP" and asked_for <= 0:
        code = "NEGO"
    if code == "PTP":
        parts = promised(chance, overdue=asked_for, on=floor.day, rates=floor.rates)
        more["promise"] = casework.working.PromiseGiven(parts=parts)
    made = _record(call, decision_id, code, **more)
    if made is None and parts is not None:
        # A promise beyond the policy: what was talked about is written down without.
        parts = None
        made = _record(call, decision_id, "NEGO")
    if made is None:
        return
    if parts is not None:
        _pledged(call, parts, chance)
    if partly:
        _disputed(call, chance)
    asking.after(floor, call.case, call.loan, call.login, call.at + 2 * _TALK, code)


def _record(
    call: _Call,
    decision_id: int | None,
    code: str,
    *,
    after: timedelta = _TALK,
    version: int | None = None,
    **more: Any,
) -> casework.working.Recorded | None:
    """Write the result down; None where the house refuses it."""
    floor, deed = call.floor, call.deed(after)

    def do() -> casework.working.Recorded:
        written: casework.working.Recorded = casework.working.record_result(
            case_id=call.case.id,
            version=call.case.version if version is None else version,
            code=code,
            decision_id=decision_id,
            note=_NOTES.get(code, ""),
            seconds=30,
            deed=deed,
            **more,
        )
        return written

    try:
        made = floor.timed("save a result", do)
    except Refused as error:
        floor.refused(error)
        return None
    floor.count("worked")
    return made


def _pledged(call: _Call, parts: Any, chance: Any) -> None:
    floor, case = call.floor, call.case
    who = floor.character(case.customer_id)
    loans = tuple(each.loan_id for each in casework.working.loans_in_case(case.id))
    for coming in comes(chance, who, parts, kept=floor.rates.kept, rates=floor.rates):
        floor.pledges.append(Pledge(coming, case.customer_id, loans, "promise"))


def _disputed(call: _Call, chance: Any) -> None:
    """Part of what is owed is disputed; the rest goes on being worked."""
    part = max(1, call.case.overdue_total * chance.randint(10, 50) // 100)
    try:
        casework.place_hold(
            call.case.id,
            kind=casework.HoldKind.DISPUTE,
            reason=_NOTES["DISPUTE"],
            amount=part,
            deed=call.deed(2 * _TALK),
        )
    except Refused as error:
        call.floor.refused(error)
