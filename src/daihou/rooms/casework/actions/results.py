"""What came of working a case once: written with everything that follows from it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit import wording
from daihou.kit.refusal import Conflict, Refused
from daihou.rooms.casework import codes, sealing
from daihou.rooms.casework.actions import holding, items, judging, markers, promises
from daihou.rooms.casework.actions.common import (
    CaseHasMoved,
    Deed,
    open_case_locked,
    open_day,
    passed_on,
    tell,
    worker,
)
from daihou.rooms.casework.actions.telling_promises import contact_told
from daihou.rooms.casework.codes import Action, Code, ItemKind, ItemState, Right, When
from daihou.rooms.casework.models import Case, CaseLoan, Hold
from daihou.rooms.casework.models.promises import Promise
from daihou.rooms.casework.models.work import Result, WorkItem
from daihou.rooms.contact import door as contact
from daihou.rooms.people import door as people

LONGEST: Final = 2_000  # characters of a note
# What a result says of the person where no contact says it for them.
_FLAGS: Final = {"CEASE": "cease", "LAWYER": "lawyer", "LOST": "unreachable"}
# What is done once the person themselves was talked to.
_ANSWERED_BY_TALK: Final = (ItemKind.CALL, ItemKind.CALLBACK, ItemKind.PROMISE_DUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What recording did: numbers of what was written, and when the case is next."""

    result_id: int
    attempt_id: int | None
    promise_id: int | None
    item_id: int | None
    hold_id: int | None
    next_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What is recorded, checked as far as it needs no case."""

    code: Code
    action: Action
    decision_id: int | None
    promise: promises.PromiseGiven | None
    follow_up_at: datetime | None
    note: str
    item_id: int | None


@transaction.atomic
def record_result(
    *,
    case_id: int,
    version: int,
    code: str,
    decision_id: int | None,
    deed: Deed,
    promise: promises.PromiseGiven | None = None,
    follow_up_at: datetime | None = None,
    note: str = "",
    action: Action | None = None,
    item_id: int | None = None,
    seconds: int = 0,
) -> Recorded:
    """Record what came of a contact, or of work nobody was contacted for.

    One transaction: the contact that rests on the gate's answer `decision_id`, the
    result, the promise, the hold its code asks for, what is to be done next, when the
    case is looked at again. Without an answer of the gate `action` says how: the
    customer called, used the portal, or the case was reviewed. `item_id` is what was
    to be done and now is; `seconds` after the answer the contact was made.
    CaseHasMoved where somebody acted since `version`.
    """
    worker(deed)
    known = _known(code)
    row = open_case_locked(case_id, deed=deed, version=version)
    _check_free(row, deed)
    given = _Given(
        code=known,
        action=_action(row, decision_id, action, deed),
        decision_id=decision_id,
        promise=promise,
        follow_up_at=follow_up_at,
        note=_note(note, row, deed),
        item_id=item_id,
    )
    _check(given, deed)
    attempt_id = None
    if decision_id is not None:
        attempt_id = contact.record_attempt(
            decision_id, result=code, note=given.note, deed=deed, seconds=seconds
        )
    elif code in _FLAGS:
        _flag(row, given, deed)
    return _write(row, given, attempt_id, deed)


def _write(row: Case, given: _Given, attempt_id: int | None, deed: Deed) -> Recorded:
    """What follows from a result, in the order in which one rests on another."""
    settled = _settle(row, given, deed)
    made = None
    if given.promise is not None:
        made = promises.give(row, given.promise, channel=given.action, deed=deed)
    hold_id = _hold(row, given, attempt_id, deed)
    if hold_id is not None:
        row.refresh_from_db()
    waits = made is not None and made.pauses
    asked_for = row.next_at if waits else _next_at(given, deed)
    item = _follow_up(row, given, deed, asked_for)
    next_at = judging.not_before(row, asked_for)
    words = sealing.seal(given.note or given.code.code, about=sealing.REASON)
    markers.raise_for(row, given.code.code, words=words, hold_id=hold_id, deed=deed)
    result = _kept(row, given, attempt_id, deed, made, settled, item, hold_id, next_at)
    values: dict[str, object] = {
        "last_worked_at": deed.at,
        "last_worked_by": deed.by.username,
        "next_at": next_at,
    }
    if row.taken_by == deed.by.username:
        values |= {"taken_by": "", "taken_until": None}
    passed_on(row, **values)
    if given.code.right is Right.YES:
        contact_told(row.customer_id, open_day(deed))
    payload: dict[str, object] = {
        "result": result.pk,
        "code": given.code.code,
        "action": given.action.value,
        "attempt": attempt_id,
        "decision": given.decision_id,
        "promise": made.pk if made else None,
        "item": item.pk if item else None,
        "hold": hold_id,
        "next_at": next_at.isoformat() if next_at else None,
    }
    tell("case.worked", row, deed, payload)
    return Recorded(
        result_id=result.pk,
        attempt_id=attempt_id,
        promise_id=made.pk if made else None,
        item_id=item.pk if item else None,
        hold_id=hold_id,
        next_at=next_at,
        version=row.version,
    )


def _kept(
    row: Case,
    given: _Given,
    attempt_id: int | None,
    deed: Deed,
    made: Promise | None,
    settled: WorkItem | None,
    item: WorkItem | None,
    hold_id: int | None,
    next_at: datetime | None,
) -> Result:
    kept: Result = Result.objects.create(
        case=row,
        customer_id=row.customer_id,
        action=given.action.value,
        code=given.code.code,
        attempt_id=attempt_id,
        decision_id=given.decision_id,
        promise=made,
        settled=settled,
        item=item,
        hold_id=hold_id,
        note=sealing.seal(given.note, about=sealing.NOTE),
        follow_up_at=next_at,
        overdue_total=row.overdue_total,
        dpd=row.dpd,
        by=deed.by.username,
        at=deed.at,
        business_date=open_day(deed),
    )
    return kept


def _known(code: str) -> Code:
    found = codes.BY_CODE.get(code)
    if found is None or found.own:
        known = ", ".join(each.code for each in codes.CODES if not each.own)
        raise Refused(
            "result_unknown",
            _("There is no result %(result)s; choose one of: %(known)s.")
            % {"result": code, "known": known},
            field="code",
        )
    return found


def _check_free(row: Case, deed: Deed) -> None:
    """Refuse a case that somebody else has in hand."""
    taken = row.taken_until is not None and row.taken_until > deed.at
    if not taken or row.taken_by == deed.by.username:
        return
    if deed.by.may(people.Permission.MANAGE_CASES):
        return
    raise CaseHasMoved(
        "case_taken",
        _("%(who)s has case %(case)s in hand. Take another, or wait until it is free.")
        % {"who": row.taken_by, "case": row.number},
        case=row.pk,
        version=row.version,
    )


def _action(
    row: Case, decision_id: int | None, action: Action | None, deed: Deed
) -> Action:
    """What was done: by the channel of the gate's answer, else as it is said."""
    if decision_id is None:
        if action is None or action not in codes.WITHOUT_LEAVE:
            raise Refused(
                "result_without_leave",
                _(
                    "No contact goes out without an answer of the gate. Ask it first,"
                    " or say that the customer came by themselves."
                ),
                field="decision",
            )
        return action
    found = contact.decision_line(decision_id, scope=deed.by.scope)
    mine = CaseLoan.objects.filter(case=row, until=None)
    if found is None or not mine.filter(loan_id=found.loan_id).exists():
        raise Refused(
            "decision_other_case",
            _("That answer of the gate is not about this case. Ask again from here."),
            field="decision",
            decision=decision_id,
        )
    return codes.OF_CHANNEL[found.channel]


def _note(note: str, row: Case, deed: Deed) -> str:
    text = note.replace("\0", "").strip()
    if len(text) > LONGEST:
        raise Refused(
            "note_text",
            _("A note has at most %(most)s characters.") % {"most": LONGEST},
            field="note",
        )
    if text:
        wording.check(
            {"note": text},
            channel="action",
            place="/cases/",
            by=deed.by.username,
            at=deed.at,
            business_date=deed.business_date,
            request_id=deed.request_id,
            customer_id=row.customer_id,
        )
    return text


def _check(given: _Given, deed: Deed) -> None:
    """Refuse what does not fit together: a promise, a time, a word of why."""
    if given.code.promise and given.promise is None:
        raise Refused(
            "result_promise",
            _("Say how much was promised, and for which day."),
            field="promise",
        )
    if given.promise is not None and not given.code.promise:
        raise Refused(
            "result_no_promise",
            _("Only the result PTP takes a promise."),
            field="promise",
        )
    if given.code.when is When.CHOSEN and given.follow_up_at is None:
        raise Refused("result_when", _("Say when to call back."), field="follow_up_at")
    if given.follow_up_at is not None:
        ahead = given.follow_up_at - deed.at
        if not timedelta(0) < ahead <= items.FURTHEST:
            raise Refused(
                "result_follow_up",
                _("The next time lies ahead, and at most %(days)s days.")
                % {"days": items.FURTHEST.days},
                field="follow_up_at",
            )
    if given.code.needs_note and not given.note:
        raise Refused(
            "result_note",
            _("Write down what was said; this result needs a note."),
            field="note",
        )
    if unfinished(given.note):
        raise _not_said(given.code)


def unfinished(note: str) -> bool:
    """Whether a note stops where what was said should begin: “Reason: ”."""
    return note.split("\n[")[0].rstrip().endswith((":", "："))


def _not_said(code: Code) -> Refused:
    said = {
        "DISPUTE": _("Note: write down what is disputed, the amount, day or contract."),
        "REFUSE": _("Note: write down why they refuse to pay."),
    }
    usual = _("Note: the sentence is not finished; write down what was said.")
    return Refused("result_note_open", said.get(code.code, usual), field="note")


def _flag(row: Case, given: _Given, deed: Deed) -> None:
    contact.raise_flag(
        row.customer_id,
        kind=_FLAGS[given.code.code],
        evidence=given.note or given.code.code,
        deed=deed,
    )


def _settle(row: Case, given: _Given, deed: Deed) -> WorkItem | None:
    """What was to be done and now is: the item named, and what a talk answers."""
    open_ones = WorkItem.objects.select_for_update().filter(
        case=row, state=ItemState.OPEN.value
    )
    named = None
    if given.item_id is not None:
        named = open_ones.filter(pk=given.item_id).first()
        if named is None:
            raise Conflict(
                "item_done",
                _("This was done before."),
                item=given.item_id,
            )
    rows = [named] if named is not None else []
    if given.code.right is Right.YES:
        answered = open_ones.filter(
            kind__in=[each.value for each in _ANSWERED_BY_TALK],
            for_supervisor=False,
            due_at__lte=deed.at + timedelta(days=1),
        )
        rows += [each for each in answered if named is None or each.pk != named.pk]
    for each in rows:
        outcome = given.code.code.lower()
        items.finish(each, state=ItemState.DONE, outcome=outcome, deed=deed)
    return rows[0] if rows else None


def _hold(row: Case, given: _Given, attempt_id: int | None, deed: Deed) -> int | None:
    """The hold a result asks for; one of its kind that stands stays."""
    kind = given.code.hold
    if kind is None:
        return None
    standing = Hold.objects.filter(case=row, kind=kind.value, released_at=None)
    if standing.exists():
        return None
    number: int = holding.place_hold(
        row.pk,
        kind=kind,
        reason=given.note or given.code.code,
        evidence=f"#{attempt_id}" if attempt_id else "",
        deed=deed,
    )
    return number


def _next_at(given: _Given, deed: Deed) -> datetime | None:
    """When the case is looked at again; None: as soon as its turn comes."""
    if given.follow_up_at is not None:
        return given.follow_up_at
    if given.code.after:
        return deed.at + given.code.after
    return None


def _follow_up(
    row: Case, given: _Given, deed: Deed, next_at: datetime | None
) -> WorkItem | None:
    if given.code.item is None:
        return None
    due_at = deed.at if given.code.when is When.NOW else (next_at or deed.at)
    return items.put(
        row,
        kind=given.code.item,
        reason=given.code.code.lower(),
        due_at=due_at,
        deed=deed,
        priority=given.code.priority,
        for_supervisor=given.code.to_supervisor,
    )
