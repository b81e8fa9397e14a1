"""What is done at the desk: drafts, savings that wait to be undone, who is at a case."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from daihou.kit import masking, wording
from daihou.kit.refusal import Conflict, Refused
from daihou.rooms.casework import sealing
from daihou.rooms.casework.actions.common import (
    Deed,
    locked,
    open_case_locked,
    open_day,
    tell,
    worker,
)
from daihou.rooms.casework.actions.items import add_item
from daihou.rooms.casework.actions.owing import check_owed
from daihou.rooms.casework.actions.promises import PromiseGiven
from daihou.rooms.casework.actions.results import record_result
from daihou.rooms.casework.actions.taking import in_other_hands, taken_by
from daihou.rooms.casework.codes import Action, ItemKind
from daihou.rooms.casework.models import Draft, Presence
from daihou.rooms.casework.queries import desk
from daihou.rooms.casework.queries.cases import CaseLine, case_numbered
from daihou.rooms.contact import door as contact
from daihou.rooms.dayend import door as dayend
from daihou.rooms.people import door as people

UNDO: Final = timedelta(seconds=10)  # how long a saved result may be taken back
LONGEST: Final = 8_000  # characters of a draft
_GONE: Final = timedelta(hours=1)  # without a sign so long, nobody asks who was there
_LOG: Final = logging.getLogger(__name__)
_FIELDS: Final = frozenset(
    {
        *("code", "amount", "due_on", "note", "next_at", "decision", "came"),
        *("asked_at", "channel", "version"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a contact as the desk sends it; `amount` in minor units.

    Without a `decision_id` the customer came by themselves.
    """

    code: str
    version: int
    decision_id: int = 0
    amount: int | None = None
    due_on: date | None = None
    follow_up_at: datetime | None = None
    note: str = ""


def outcome_json(outcome: Outcome, typed: Mapping[str, object]) -> str:
    """The outcome and what was typed, as a draft keeps them."""
    fields = {
        "code": outcome.code,
        "version": outcome.version,
        "decision_id": outcome.decision_id,
        "amount": outcome.amount,
        "due_on": outcome.due_on.isoformat() if outcome.due_on else None,
        "follow_up_at": (
            outcome.follow_up_at.isoformat() if outcome.follow_up_at else None
        ),
        "note": outcome.note,
    }
    return json.dumps({**typed, "outcome": fields}, ensure_ascii=False)


def _outcome_of(content: Mapping[str, object]) -> Outcome:
    told = content.get("outcome")
    if not isinstance(told, dict):  # the key it was sealed with is gone
        raise Refused(
            "saved_unreadable",
            _("What was saved cannot be read any more. Record it anew."),
        )
    due_on, again = told["due_on"], told["follow_up_at"]
    return Outcome(
        code=told["code"],
        version=told["version"],
        decision_id=told["decision_id"],
        amount=told["amount"],
        due_on=date.fromisoformat(due_on) if due_on else None,
        follow_up_at=datetime.fromisoformat(again) if again else None,
        note=told["note"],
    )


@transaction.atomic
def keep_draft(number: str, *, typed: Mapping[str, str], deed: Deed) -> None:
    """Keep what somebody is writing at a case, over what they wrote before.

    What was saved and waits to be written stays as it was saved.
    """
    worker(deed)
    case = case_numbered(number, scope=deed.by.scope)
    kept = _kept(case.id, deed.by.username)
    if kept is not None and kept.due_at is not None:
        return
    content = _content(kept)
    content |= {name: value for name, value in typed.items() if name in _FIELDS}
    _write(case.id, content, deed)


def _kept(case_id: int, by: str) -> Draft | None:
    rows = Draft.objects.select_for_update(of=("self",))
    found: Draft | None = rows.filter(case=case_id, by=by).first()
    return found


def _content(kept: Draft | None) -> dict[str, object]:
    text = sealing.opened(kept.content, about=sealing.DRAFT) if kept else ""
    content = json.loads(text) if text else {}
    assert isinstance(content, dict), content
    return content


def _write(
    case_id: int,
    content: Mapping[str, object],
    deed: Deed,
    *,
    due_at: datetime | None = None,
) -> None:
    text = json.dumps(dict(content), ensure_ascii=False)
    if len(text) > LONGEST:
        raise Refused("draft_long", _("This is too long to be kept. Shorten the note."))
    Draft.objects.update_or_create(
        case_id=case_id,
        by=deed.by.username,
        defaults={
            "content": sealing.seal(text, about=sealing.DRAFT),
            "kept_at": deed.at,
            "due_at": due_at,
            "problem": "",
        },
    )


@transaction.atomic
def ask(
    number: str, *, loan_id: int, channel: str, point_id: int, deed: Deed
) -> contact.Kept:
    """Ask the gate for a contact about a case and keep its answer with the draft.

    What is written down next rests on it. Nothing shows the number: whoever dials is
    told the way to reach them by our number of it. A result that was saved here and
    waits is written first; refused while somebody else has the case in hand.
    """
    worker(deed)
    case = case_numbered(number, scope=deed.by.scope)
    _check_hands(case.id, deed)
    check_owed(case, deed)
    _write_waiting(case.id, deed)
    kept: contact.Kept = contact.may_contact(
        contact.Wish(
            loan_id=loan_id,
            customer_id=case.customer_id,
            point_id=point_id,
            channel=channel,
            purpose="collect",
        ),
        deed=deed,
    )
    if kept.answer.verdict.value == "allow":
        content = _content(_kept(case.id, deed.by.username))
        content |= {
            "decision": str(kept.id),
            "asked_at": deed.at.isoformat(),
            "channel": channel,
        }
        if channel != "call" and not content.get("code"):
            content["code"] = "SENT"
        _write(case.id, content, deed)
    return kept


@transaction.atomic
def save(
    number: str, *, outcome: Outcome, typed: Mapping[str, str], deed: Deed
) -> CaseLine:
    """Save a result: everything is checked now and written when `UNDO` is over.

    Refused whatever recording it would be refused, with nothing kept of it. The same
    saved twice is saved once; Conflict where something else waits to be written.
    """
    worker(deed)
    case = case_numbered(number, scope=deed.by.scope)
    waits = _kept(case.id, deed.by.username)
    if waits is not None and waits.due_at is not None:
        if _outcome_of(_content(waits)) == outcome:
            return case
        raise Conflict(
            "saved_waits",
            _("A result of this case is saved already. Undo it, or reload in a while."),
            case=case.id,
        )
    with transaction.atomic():
        _record(case.id, outcome, deed)
        transaction.set_rollback(True)  # this was only to hear whether it would do
    content = _content(_kept(case.id, deed.by.username)) | dict(typed)
    whole = json.loads(outcome_json(outcome, content))
    _write(case.id, whole, deed, due_at=deed.at + UNDO)
    return case


def _check_hands(case_id: int, deed: Deed) -> None:
    """Nobody is called about a case that is closed or in somebody else's hands."""
    row = open_case_locked(case_id, deed=deed)
    theirs = in_other_hands(row, me=deed.by.username, at=deed.at)
    if theirs and not deed.by.may(people.Permission.MANAGE_CASES):
        raise taken_by(row)


def _write_waiting(case_id: int, deed: Deed) -> None:
    """Write what the person saved here before: who asks anew undoes it no more."""
    kept = _kept(case_id, deed.by.username)
    if kept is None or kept.due_at is None:
        return
    outcome = _outcome_of(_content(kept))
    kept.delete()
    _record(case_id, outcome, deed)


def _record(case_id: int, outcome: Outcome, deed: Deed) -> None:
    promise = None
    if outcome.amount is not None and outcome.due_on is not None:
        promise = PromiseGiven(parts=((outcome.due_on, outcome.amount),))
    record_result(
        case_id=case_id,
        version=outcome.version,
        code=outcome.code,
        decision_id=outcome.decision_id or None,
        action=None if outcome.decision_id else Action.INBOUND,
        promise=promise,
        follow_up_at=outcome.follow_up_at,
        note=outcome.note,
        deed=deed,
    )


@transaction.atomic
def take_back(number: str, *, deed: Deed) -> CaseLine:
    """Undo a saved result that is not written yet: it is a draft again."""
    case = case_numbered(number, scope=deed.by.scope)
    kept = _kept(case.id, deed.by.username)
    if kept is None or kept.due_at is None:
        raise Conflict(
            "undo_too_late",
            _("This was written already. Record what is right as another result."),
            case=case.id,
        )
    kept.due_at = None
    kept.save(update_fields=["due_at"])
    return case


@dataclass(frozen=True, slots=True)
class Lost:
    """A saved result that could not be written, and why; its draft is kept."""

    number: str
    words: str


def keep_due(*, at: datetime, by: str = "") -> Sequence[Lost]:
    """Write the saved results whose time to be taken back is over, each by itself."""
    found = [_keep_one(each, at=at, until=at) for each in desk.due(at=at, by=by)]
    return [each for each in found if each is not None]


def keep_own(*, deed: Deed) -> Sequence[Lost]:
    """Write whatever the person saved, as of now: who goes on waits for none of it."""
    mine = [each for each in desk.left_by(deed.by.username) if each.due_at]
    found = [_keep_one(each, at=deed.at, deed=deed) for each in mine]
    return [each for each in found if each is not None]


def _keep_one(
    each: desk.DraftLine,
    *,
    at: datetime,
    until: datetime | None = None,
    deed: Deed | None = None,
) -> Lost | None:
    """Write one as of `at`; None where it was, or another process has it in hand.

    By the deed of who asks, else as whoever saved it; with `until` only where it is
    due by then. Whatever hinders one is put down at it: those behind it are written.
    """
    try:
        with transaction.atomic():
            rows = Draft.objects.select_for_update(skip_locked=True, of=("self",))
            row = rows.filter(case=each.case_id, by=each.by, due_at__isnull=False)
            kept = (row if until is None else row.filter(due_at__lte=until)).first()
            if kept is None:
                return None
            outcome = _outcome_of(_content(kept))
            kept.delete()
            _record(each.case_id, outcome, deed or _deed_of(each.by, at=at))
    except Refused as refused:
        return _lost(each, str(refused))
    except OperationalError:
        _LOG.warning("saved result of case %s: next round again", each.number)
    except Exception:  # noqa: BLE001 - one bad draft must not keep the others
        _LOG.exception("saved result of case %s was not written", each.number)
        return _lost(each, _("It could not be written. Record it anew."))
    return None


def _lost(each: desk.DraftLine, words: str) -> Lost:
    Draft.objects.filter(case=each.case_id, by=each.by).update(
        due_at=None, problem=words[:500]
    )
    return Lost(each.number, words)


def _deed_of(login: str, *, at: datetime) -> Deed:
    day = dayend.open_day()
    return Deed(
        by=people.person(login, at=at), at=at, business_date=day.on if day else None
    )


def keep_all_due(*, at: datetime) -> None:
    """On the rounds: what a browser that went away left to be written, or to be seen."""
    keep_due(at=at)
    Presence.objects.filter(seen_at__lt=at - _GONE).delete()


@transaction.atomic
def disagree(number: str, *, reason: str, deed: Deed) -> None:
    """Say why the step that was suggested is not right; the strategy desk reads it."""
    worker(deed)
    case = case_numbered(number, scope=deed.by.scope)
    row = locked(case.id, deed=deed)
    words = _sentence(reason, deed, case)
    step = {"action": row.action, "segment": row.segment}
    tell("case.suggestion.refused", row, deed, step, reason=words)


@transaction.atomic
def escalate(number: str, *, kind: str, reason: str, version: int, deed: Deed) -> None:
    """Hand a case to who oversees it, with a sentence of why."""
    case = case_numbered(number, scope=deed.by.scope)
    open_day(deed)
    words = _sentence(reason, deed, case)
    add_item(
        case.id,
        kind=ItemKind.REVIEW,
        due_at=deed.at,
        for_supervisor=True,
        version=version,
        deed=deed,
    )
    row = locked(case.id, deed=deed)
    tell("case.escalated", row, deed, {"kind": kind[:20]}, reason=words)


def _sentence(text: str, deed: Deed, case: CaseLine) -> str:
    """A sentence fit to be kept in the log: looked at, numbers in it masked."""
    plain = " ".join(text.replace("\0", "").split())[:500]
    if not plain:
        raise Refused("reason_text", _("Say why, in a sentence."), field="reason")
    wording.check(
        {"reason": plain},
        channel="action",
        place="/desk/",
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        request_id=deed.request_id,
        customer_id=case.customer_id,
    )
    return masking.scrubbed(plain)
