"""Every action on a case, done by two people who saw the same: who wins, who is told."""

from datetime import timedelta
from typing import Final

from daihou.rooms.casework import door
from daihou.rooms.casework.actions import desk, items, markers, promises, results
from daihou.rooms.casework.codes import Action, ItemKind, ItemState
from daihou.rooms.casework.door import CloseCode, HoldKind, Resolution
from daihou.rooms.casework.models import Marker
from daihou.rooms.people import door as people
from tests.rooms import at_once_hands, at_once_plans
from tests.rooms.at_once_world import MOVED, SECOND, World
from tests.rooms.caseworking import stand
from tests.rooms.cast import make_loan
from tests.rooms.overlapping import Line, Pair
from tests.rooms.promising import NOON, allowed, deed, on, promised


def _close(w: World) -> Pair:
    seen = w.case
    return (
        lambda: door.close_case(
            seen.pk,
            code=CloseCode.WITHDRAWN,
            reason="a",
            deed=deed(w.boss),
            version=seen.version,
        ),
        lambda: door.close_case(
            seen.pk,
            code=CloseCode.DISPUTE_UPHELD,
            reason="b",
            deed=deed(w.other),
            version=seen.version,
        ),
    )


def _keep_draft(w: World) -> Pair:
    number = w.case.number
    return (
        lambda: desk.keep_draft(number, typed={"note": "a"}, deed=deed(w.boss)),
        lambda: desk.keep_draft(number, typed={"note": "b"}, deed=deed(w.other)),
    )


def _ask(w: World) -> Pair:
    seen = w.case

    def ask(by: people.Person) -> object:
        return desk.ask(
            seen.number,
            loan_id=w.worked.loan.pk,
            channel="call",
            point_id=w.worked.point,
            deed=deed(by),
        )

    return lambda: ask(w.boss), lambda: ask(w.other)


def _outcome(w: World) -> desk.Outcome:
    return desk.Outcome(code="REFUSE", version=w.case.version, note="x")


def _save(w: World) -> Pair:
    number, told = w.case.number, _outcome(w)
    return (
        lambda: desk.save(number, outcome=told, typed={}, deed=deed(w.boss)),
        lambda: desk.save(number, outcome=told, typed={}, deed=deed(w.other)),
    )


def _take_back(w: World) -> Pair:
    number = w.case.number
    desk.save(number, outcome=_outcome(w), typed={}, deed=deed(w.boss))

    def back() -> object:
        return desk.take_back(number, deed=deed(w.boss))

    return back, back


def _disagree(w: World) -> Pair:
    number = w.case.number
    return (
        lambda: desk.disagree(number, reason="a", deed=deed(w.boss)),
        lambda: desk.disagree(number, reason="b", deed=deed(w.other)),
    )


def _escalate(w: World) -> Pair:
    seen = w.case

    def up(by: people.Person) -> object:
        return desk.escalate(
            seen.number, kind="", reason="x", version=seen.version, deed=deed(by)
        )

    return lambda: up(w.mei), lambda: up(w.li)


def _hold(w: World) -> Pair:
    seen = w.case
    return (
        lambda: door.place_hold(
            seen.pk,
            kind=HoldKind.LEGAL,
            reason="a",
            deed=deed(w.mei),
            version=seen.version,
        ),
        lambda: door.place_hold(
            seen.pk,
            kind=HoldKind.DISPUTE,
            reason="b",
            deed=deed(w.li),
            version=seen.version,
        ),
    )


def _release(w: World) -> Pair:
    hold = door.place_hold(w.case.pk, kind=HoldKind.LEGAL, reason="x", deed=deed(w.mei))
    return (
        lambda: door.release_hold(hold, reason="a", deed=deed(w.boss)),
        lambda: door.release_hold(hold, reason="b", deed=deed(w.other)),
    )


def _add_item(w: World) -> Pair:
    seen = w.case

    def add(by: people.Person) -> object:
        return items.add_item(
            seen.pk,
            kind=ItemKind.CALLBACK,
            due_at=NOON + timedelta(hours=2),
            deed=deed(by),
            version=seen.version,
        )

    return lambda: add(w.mei), lambda: add(w.li)


def _end_item(w: World) -> Pair:
    item = items.add_item(
        w.case.pk, kind=ItemKind.MANUAL, due_at=NOON + SECOND, deed=deed(w.mei)
    )
    return (
        lambda: items.end_item(item, done=ItemState.DONE, deed=deed(w.mei)),
        lambda: items.end_item(item, done=ItemState.DISMISSED, deed=deed(w.li)),
    )


def _marker(w: World) -> int:
    results.record_result(
        case_id=w.case.pk,
        version=w.case.version,
        code="DECEASED",
        decision_id=None,
        action=Action.INBOUND,
        note="x",
        deed=deed(w.mei),
    )
    number: int = Marker.objects.get(case=w.case.pk).pk
    return number


def _confirm(w: World) -> Pair:
    marker = _marker(w)
    return (
        lambda: markers.confirm_marker(marker, evidence="a", deed=deed(w.boss)),
        lambda: markers.confirm_marker(marker, evidence="b", deed=deed(w.other)),
    )


def _refute(w: World) -> Pair:
    marker = _marker(w)
    return (
        lambda: markers.refute_marker(marker, evidence="a", deed=deed(w.boss)),
        lambda: markers.refute_marker(marker, evidence="b", deed=deed(w.other)),
    )


def _open(w: World) -> Pair:
    loan = make_loan(f"{w.worked.loan.external_id}-new")
    stand(loan, dpd=20)
    return (
        lambda: door.open_case(loan.customer_id, deed=deed(w.boss)),
        lambda: door.open_case(loan.customer_id, deed=deed(w.other)),
    )


def _join(w: World) -> Pair:
    seen = w.case
    loan = make_loan(f"{w.worked.loan.external_id}-more")
    loan.customer = w.worked.loan.customer
    loan.save(update_fields=["customer"])
    stand(loan, dpd=5)

    def join(by: people.Person) -> object:
        return door.join_case(
            seen.pk, loan_id=loan.pk, deed=deed(by), version=seen.version
        )

    return lambda: join(w.boss), lambda: join(w.other)


def _reopen(w: World) -> Pair:
    door.close_case(w.case.pk, code=CloseCode.WITHDRAWN, reason="x", deed=deed(w.boss))
    seen = w.case

    def again(by: people.Person) -> object:
        return door.reopen_case(
            seen.pk, reason="late", deed=deed(by), version=seen.version
        )

    return lambda: again(w.boss), lambda: again(w.other)


def _promise(w: World) -> Pair:
    seen = w.case

    def give(by: people.Person, amount: int) -> object:
        return promises.make_promise(
            seen.pk,
            given=promises.PromiseGiven(parts=[(on(3), amount)]),
            channel=Action.INBOUND,
            deed=deed(by),
            version=seen.version,
        )

    return lambda: give(w.mei, 1_000), lambda: give(w.li, 2_000)


def _cancel(w: World) -> Pair:
    promise = promised(w.boss, w.worked, (3, 1_000))
    return (
        lambda: promises.cancel_promise(promise, reason="a", deed=deed(w.boss)),
        lambda: promises.cancel_promise(promise, reason="b", deed=deed(w.other)),
    )


def _agree(w: World) -> Pair:
    seen = w.case
    return (
        lambda: door.set_resolution(
            seen.pk,
            resolution=Resolution.SETTLEMENT,
            reference="settlement:1",
            deed=deed(w.boss),
            version=seen.version,
        ),
        lambda: door.set_resolution(
            seen.pk,
            resolution=Resolution.ARRANGEMENT,
            reference="plan:2",
            deed=deed(w.other),
            version=seen.version,
        ),
    )


def _disagreed(w: World) -> Pair:
    door.set_resolution(
        w.case.pk,
        resolution=Resolution.SETTLEMENT,
        reference="settlement:1",
        deed=deed(w.boss),
    )
    case = w.case.pk
    return (
        lambda: door.end_resolution(case, reference="settlement:1", deed=deed(w.boss)),
        lambda: door.end_resolution(case, reference="settlement:1", deed=deed(w.other)),
    )


def _record(w: World) -> Pair:
    seen, decision = w.case, allowed(w.mei, w.worked)

    def inbound(by: people.Person) -> object:
        return results.record_result(
            case_id=seen.pk,
            version=seen.version,
            code="REFUSE",
            decision_id=None,
            action=Action.INBOUND,
            note="x",
            deed=deed(by),
        )

    def called(by: people.Person) -> object:
        return results.record_result(
            case_id=seen.pk,
            version=seen.version,
            code="NO_ANSWER",
            decision_id=decision,
            deed=deed(by),
        )

    return lambda: called(w.mei), lambda: inbound(w.li)


LINES: Final = {
    **at_once_hands.LINES,
    **at_once_plans.LINES,
    "closing.close_case": Line(_close, "case.closed", MOVED),
    "desk.keep_draft": Line(
        _keep_draft, "", both="everybody writes their own draft", events=0
    ),
    "desk.ask": Line(
        _ask,
        "",
        both="an answer of the gate is no contact; the second who writes one down on a"
        " case that has moved is told",
        events=0,
    ),
    "desk.save": Line(
        _save,
        "case.worked",
        both="saved is not written yet; see the test below",
        events=0,
    ),
    "desk.take_back": Line(_take_back, "", ("undo_too_late",), events=0),
    "desk.disagree": Line(
        _disagree, "case.suggestion.refused", both="two opinions", events=2
    ),
    "desk.escalate": Line(_escalate, "case.escalated", MOVED),
    "holding.place_hold": Line(_hold, "case.hold.placed", MOVED),
    "holding.release_hold": Line(_release, "case.hold.released", ("hold_released",)),
    "items.add_item": Line(_add_item, "case.item.made", MOVED),
    "items.end_item": Line(_end_item, "case.item.done", ("item_done",)),
    "markers.confirm_marker": Line(
        _confirm, "case.marker.confirmed", ("marker_decided",)
    ),
    "markers.refute_marker": Line(_refute, "case.marker.refuted", ("marker_decided",)),
    "opening.open_case": Line(_open, "case.opened", ("case_open",)),
    "opening.join_case": Line(_join, "case.loan.joined", MOVED),
    "opening.reopen_case": Line(_reopen, "case.reopened", MOVED),
    "promises.make_promise": Line(_promise, "promise.created", MOVED),
    "promises.cancel_promise": Line(_cancel, "promise.cancelled", ("promise_decided",)),
    "resolving.set_resolution": Line(_agree, "case.resolution.changed", MOVED),
    "resolving.end_resolution": Line(
        _disagreed, "case.resolution.changed", both="both say the same; it ends once"
    ),
    "results.record_result": Line(_record, "case.worked", MOVED),
}
# What is said of a queue or a seat is no act on a case: the last word counts.
NO_CASE: Final = {"queueing.save_queue", "queueing.save_seat"}
