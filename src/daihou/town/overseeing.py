"""Who oversees the floor: decides, releases holds, arranges leave, shares work out."""

from datetime import datetime, timedelta
from typing import Final

from daihou.kit.refusal import NotAllowed, Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.casework import door as casework
from daihou.town import asking, reading
from daihou.town.floor import Floor, at_hour

_NO: Final = "理由不充分，请补充收入证明后再报"
_REST: Final = 7  # of so many days a collector works all but two


def decide(floor: Floor, at: datetime) -> None:
    """Everybody who decides goes through what waits for them, and not for others."""
    for login in floor.staff.deciders:
        person = floor.person(login)
        for each in approvals.waiting(person, at=at):
            chance = floor.draw("decide", each.title, login, each.level)
            good = chance.random() < floor.rates.approved
            _say(floor, each.id, login, at, verdict="approve" if good else "refuse")


def _say(
    floor: Floor, proposal: int, login: str, at: datetime, *, verdict: str
) -> bool:
    deed = floor.asking(login, at, "")

    def do() -> approvals.Proposal:
        return approvals.decide(
            proposal_id=proposal,
            verdict=verdict,
            note=_NO if verdict == "refuse" else "",
            deed=deed,
        )

    try:
        floor.timed("decide", do)
    except Refused as error:
        floor.refused(error)
        return False
    floor.count(f"decided {verdict}")
    return True


def tries_their_own(floor: Floor, at: datetime) -> None:
    """A supervisor asks for a plan and then tries to approve it: the house says no."""
    chance = floor.draw("own", floor.day)
    if chance.random() >= floor.rates.own_asked:
        return
    login = chance.choice(floor.staff.supervisors)
    late = reading.rows(
        "select m.loan_id from casework_case c"
        " join casework_loan m on m.case_id = c.id and m.until is null"
        " join ledger_position p on p.loan_id = m.loan_id"
        " where c.lifecycle = 'open' and not c.held and p.dpd between 10 and 80"
        " and c.resolution = 'none' order by c.number, m.loan_id limit 20"
    )
    if not late:
        return
    line = asking.of_own(floor, chance.choice(late)[0], login, at)
    if line is None or line.proposal_id is None:
        return
    try:
        approvals.decide(
            proposal_id=line.proposal_id,
            verdict="approve",
            deed=floor.asking(login, at + timedelta(minutes=2), ""),
        )
    except NotAllowed as error:
        floor.refused(error)
        floor.count("own request refused to its asker")
    else:
        raise AssertionError(f"{login} approved their own request {line.number}")


def look_into_holds(floor: Floor, at: datetime) -> None:
    """Holds that stood a while are released by somebody who did not place them."""
    before = floor.day - timedelta(days=floor.rates.hold_days)
    for number, placed_by, _branch, customer in reading.standing_holds(before):
        chance = floor.draw("hold", floor.customers[customer], floor.day)
        if chance.random() >= floor.rates.hold_released:
            continue
        others = [each for each in floor.staff.supervisors if each != placed_by]
        try:
            casework.release_hold(
                number,
                reason="已核实处理完毕，客户同意继续沟通",
                deed=floor.deed(chance.choice(others), at),
            )
        except Refused as error:
            floor.refused(error)
        else:
            floor.count("holds released")


def look_into_markers(floor: Floor, at: datetime) -> None:
    """What was heard of people is confirmed or refuted by somebody else."""
    login = floor.staff.supervisors[0]
    deed = floor.deed(login, at)
    old = at_hour(floor.day, 9) - timedelta(days=floor.rates.marker_days)
    for each in casework.working.markers(scope=deed.by.scope):
        if each.raised_at > old or each.raised_by == login:
            continue
        chance = floor.draw("marker", floor.customers[each.customer_id], each.kind)
        good = chance.random() < floor.rates.marker_confirmed
        do = casework.working.confirm_marker if good else casework.working.refute_marker
        try:
            do(each.id, evidence="已向户籍与法院渠道核实", deed=deed)
        except Refused as error:
            floor.refused(error)
        else:
            floor.count("markers confirmed" if good else "markers refuted")


def clear_items(floor: Floor, at: datetime) -> None:
    """What was passed up to supervisors is looked at and done."""
    deed = floor.deed(floor.staff.supervisors[-1], at)
    for number in reading.supervisors_items():
        try:
            casework.working.end_item(
                number, done=casework.working.ItemState.DONE, deed=deed
            )
        except Refused as error:
            floor.refused(error)
        else:
            floor.count("items of supervisors done")


def leave_and_return(floor: Floor, at: datetime) -> None:
    """Who falls ill is stood in for; who is well again has their cases back."""
    lead = floor.deed(floor.staff.supervisors[0], at)
    for login in floor.staff.collectors:
        until = floor.back_on.get(login)
        if until is not None and until <= floor.day:
            casework.back(login, deed=lead)
            del floor.back_on[login]
            floor.count("came back from leave")
        chance = floor.draw("ill", login, floor.day)
        if login not in floor.back_on and chance.random() < floor.rates.falls_ill:
            floor.timed("leave", lambda who=login: casework.leave(who, deed=lead))  # type: ignore[misc]
            floor.back_on[login] = floor.day + timedelta(days=chance.randint(2, 5))
            floor.count("went on leave")


def share_out(floor: Floor, at: datetime) -> None:
    """On Mondays a supervisor shares a queue out anew; sometimes takes it back at once."""
    if floor.day.weekday() != 0:
        return
    login = floor.staff.supervisors[-1]
    chance = floor.draw("share", floor.day)
    for queue in casework.working.queues(scope=floor.person(login).scope):
        if not queue.cases or queue.code not in ("early", "middle", "late"):
            continue
        done = floor.timed(
            "distribute",
            lambda code=queue.code: casework.distribute(  # type: ignore[misc]
                code, deed=floor.deed(login, at), key=f"town:{floor.day}:{code}"
            ),
        )
        floor.count("cases shared out by hand", done.moved)
        if done.batch_id and chance.random() < floor.rates.undone:
            later = floor.deed(login, at + timedelta(minutes=5))
            back = casework.undo_batch(done.batch_id, deed=later)
            floor.count("cases of a distribution taken back", len(back.back))


def on_duty(floor: Floor) -> list[str]:
    """The collectors of the day: five days of seven, and not ill."""
    found = []
    for place, login in enumerate(floor.staff.collectors):
        day = (floor.day.toordinal() + place) % _REST
        if day < _REST - 2 and login not in floor.back_on:
            found.append(login)
    return found
