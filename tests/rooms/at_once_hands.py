"""Whose a case is and what is planned for it, said by two people at the same moment."""

from datetime import timedelta
from typing import Final

from daihou.rooms.casework import door
from daihou.rooms.casework.actions import distributing
from daihou.rooms.casework.models import Assignment, Queue
from daihou.rooms.people import door as people
from tests.rooms.at_once_world import MINUTE, MOVED, SECOND, World
from tests.rooms.overlapping import Line, Pair
from tests.rooms.promising import NOON, deed


def _give(w: World) -> None:
    """Mei has it."""
    key = f"give:{w.case.pk}"
    door.assign([w.case.pk], collector="mei", key=key, deed=deed(w.boss))


def _assign(w: World) -> Pair:
    seen = w.case
    return (
        lambda: door.assign(
            [seen.pk], collector="mei", deed=deed(w.boss), version=seen.version
        ),
        lambda: door.assign(
            [seen.pk],
            collector="li",
            deed=deed(w.other, at=NOON + SECOND),
            version=seen.version,
        ),
    )


def _undo_batch(w: World) -> Pair:
    key = f"give:{w.case.pk}"
    done = door.assign([w.case.pk], collector="mei", key=key, deed=deed(w.boss))
    return (
        lambda: door.undo_batch(done.batch_id, deed=deed(w.boss)),
        lambda: door.undo_batch(done.batch_id, deed=deed(w.other)),
    )


def _distribute(w: World) -> Pair:
    queue = w.case.queue
    Queue.objects.get_or_create(code=queue, defaults={"title": queue, "auto": False})
    return (
        lambda: distributing.distribute(queue, deed=deed(w.boss), key=f"a{w.case.pk}"),
        lambda: distributing.distribute(queue, deed=deed(w.other), key=f"b{w.case.pk}"),
    )


def _redistribute(w: World) -> Pair:
    queue = w.case.queue
    usual = {"title": queue, "auto": False, "redistribute_days": 1}
    Queue.objects.update_or_create(code=queue, defaults=usual)
    _give(w)
    days = timedelta(days=5)
    Assignment.objects.filter(case=w.case.pk).update(from_at=NOON - days)
    return (
        lambda: distributing.redistribute(
            queue, deed=deed(w.boss), key=f"a{w.case.pk}"
        ),
        lambda: distributing.redistribute(
            queue, deed=deed(w.other), key=f"b{w.case.pk}"
        ),
    )


def _leave(w: World) -> Pair:
    at = NOON + w.case.pk * MINUTE
    door.back("mei", deed=deed(w.boss, at=at))
    _give(w)
    return (
        lambda: door.leave("mei", deed=deed(w.boss, at=at)),
        lambda: door.leave("mei", deed=deed(w.other, at=at + SECOND)),
    )


def _back(w: World) -> Pair:
    at = NOON + w.case.pk * MINUTE
    _leave(w)[0]()
    return (
        lambda: door.back("mei", deed=deed(w.boss, at=at + SECOND)),
        lambda: door.back("mei", deed=deed(w.other, at=at + 2 * SECOND)),
    )


def _take(w: World) -> Pair:
    case = w.case.pk
    return (
        lambda: door.take(case, deed=deed(w.mei)),
        lambda: door.take(case, deed=deed(w.li)),
    )


def _present(w: World) -> Pair:
    case = w.case.pk
    return (
        lambda: door.be_present(case, deed=deed(w.mei)),
        lambda: door.be_present(case, deed=deed(w.li)),
    )


def _let_go(w: World) -> Pair:
    case = w.case.pk
    door.take(case, deed=deed(w.mei))
    return (
        lambda: door.let_go(case, skip="a", deed=deed(w.mei)),
        lambda: door.let_go(case, skip="b", deed=deed(w.li)),
    )


def _take_next(w: World) -> Pair:
    Queue.objects.get_or_create(code=w.case.queue, defaults={"title": "x"})

    def one(by: people.Person) -> object:
        taken = door.take_next(deed=deed(by))
        return taken.case.id if taken else None

    return lambda: one(w.mei), lambda: one(w.li)


LINES: Final = {
    "assigning.assign": Line(_assign, "assignment.changed", MOVED),
    "assigning.undo_batch": Line(_undo_batch, "assignment.changed", ("batch_undone",)),
    "distributing.distribute": Line(
        _distribute, "assignment.changed", both="the second finds nothing left to share"
    ),
    "distributing.redistribute": Line(
        _redistribute,
        "assignment.changed",
        both="the second finds nothing stale any more",
    ),
    "standing_in.leave": Line(
        _leave, "assignment.changed", both="both say the same; cases move once"
    ),
    "standing_in.back": Line(
        _back, "assignment.changed", both="both say the same; cases come back once"
    ),
    "taking.take": Line(_take, "", ("case_taken",), events=0),
    "taking.take_next": Line(
        _take_next,
        "assignment.changed",
        both="one case is left: one gets it, the other hears that there is none",
    ),
    "taking.be_present": Line(_present, "", both="both look at it", events=0),
    "taking.let_go": Line(
        _let_go, "case.skipped", both="everybody passes over for themselves", events=2
    ),
}
