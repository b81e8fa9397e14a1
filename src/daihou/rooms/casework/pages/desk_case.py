"""One case as the desk shows it: everything a call needs, put into words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from daihou.engine.commitments.promise import PromiseRules
from daihou.kit import numbers
from daihou.packs import scripts
from daihou.rooms.casework import sealing
from daihou.rooms.casework.pages import case_words as words
from daihou.rooms.casework.pages import (
    desk_list,
    desk_next,
    desk_out,
    desk_who,
    pulse,
)
from daihou.rooms.casework.pages.desk_asked import Asked
from daihou.rooms.casework.pages.desk_late import late_of, of_case
from daihou.rooms.casework.queries import book, cases, desk, legal, money
from daihou.rooms.casework.queries.cases import CaseLine
from daihou.rooms.casework.queries.late import is_paid_up
from daihou.rooms.casework.states import HoldKind
from daihou.rooms.contact import door as contact
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import door as rulebooks

ICONS = {"call": "phone", "robot_call": "phone", "sms": "message", "wechat": "message"}
MONTHS = 6  # of lateness drawn beside what is owed
HELD_FOR = timedelta(days=14)  # what the form offers; the policy has the last word


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a short list: when, what, how it came out."""

    when: str
    icon: str
    text: str
    chip: words.Chip


@dataclass(frozen=True, slots=True)
class PromiseShown:
    """One promise: for when, how much, how it stands."""

    when: str
    amount: int
    paid: int
    currency: str
    chip: words.Chip


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """One line to say."""

    id: str
    must: bool
    text: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of a call."""

    title: str
    lines: Sequence[ScriptLine]


@dataclass(frozen=True, slots=True)
class Script:
    """What is said in a call, the names put in."""

    stages: Sequence[Stage]


@dataclass(frozen=True, slots=True)
class DeskCase:
    """One case as the desk shows it."""

    id: int
    number: str
    version: int
    customer_id: int
    name: str
    marks: Sequence[desk_who.Mark]
    facts: Sequence[str]
    presence: str
    other: str  # the login of a colleague who has it in hand, or empty
    mine: bool  # it was given to the reader to be worked now
    gate: desk_who.Gate
    owed: desk_who.Owed
    next: desk_next.Next
    recent: Sequence[Line]
    promises: Sequence[PromiseShown]
    promises_said: str
    work: Sequence[Line]
    out: desk_out.Out
    bar: Sequence[desk_next.Button]
    script: Script
    kept: int  # when the server last kept the draft, in milliseconds; 0 never
    holds: Sequence[tuple[str, str]]
    hold_until: date


def draft_of(case_id: int, *, by: str) -> Mapping[str, object]:
    """What somebody was writing at a case, opened; nothing is an empty one."""
    kept = desk.draft(case_id, by=by)
    if kept is None:
        return {}
    try:
        content = json.loads(sealing.opened(kept.content, about=sealing.DRAFT) or "{}")
    except ValueError:
        return {}
    if not isinstance(content, dict):
        return {}
    milliseconds = int(kept.kept_at.timestamp() * 1000)
    return {**content, "problem": kept.problem, "kept_at": milliseconds}


def rules_of(case: CaseLine, *, on: date) -> PromiseRules | None:
    """The lender's policy on promises for a case."""
    return PromiseRules.of(
        rulebooks.lawbook(),
        jurisdiction=rulebooks.jurisdiction(),
        licence=rulebooks.licence(),
        product=case.product,
        on=on,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of one case, before it is put into words."""

    case: CaseLine
    loans: int
    owed: Sequence[ledger.reading.Owed]
    months: Sequence[int]
    who: ledger.reading.Who
    standing: contact.Standing
    promised: Sequence[desk.PromiseLine]
    items: Sequence[desk.ItemLine]
    draft: Mapping[str, object]
    kept: Mapping[str, object]
    barred: str
    paid_up: bool


def _read(number: str, asked: Asked) -> _Read:
    by = asked.by
    case = asked.case or cases.case_numbered(number, scope=by.scope)
    now = ledger.reading.owed_now(
        case.customer_id, open_on=asked.today, scope=by.scope, months=MONTHS
    )
    inside = book.loans_in_case(case.id)
    loan_id = pulse.loan_spoken_of(inside, now.loans)
    draft = asked.draft
    if draft is None:
        draft = draft_of(case.id, by=by.username)
    kept = _decision(draft, at=asked.at)
    if not kept:
        draft = {**draft, "decision": "", "asked_at": ""}
    return _Read(
        case=case,
        loans=len(now.loans),
        owed=of_case(now.loans, [each.loan_id for each in inside]),
        months=now.months,
        who=ledger.reading.who_is(case.customer_id),
        standing=contact.standing(
            case.customer_id, loan_id=loan_id, by=by, at=asked.at
        ),
        promised=desk.promises(case.id),
        items=desk.items(case.id),
        draft=draft,
        kept=kept,
        barred=_barred(case),
        paid_up=is_paid_up(case, open_on=asked.today, inside=inside, owed=now.loans),
    )


def desk_case(number: str, asked: Asked) -> DeskCase:
    """One case of the reader's scope, or NotFound; some two dozen queries."""
    by, today, at = asked.by, asked.today, asked.at
    read = _read(number, asked)
    case, call = read.case, read.standing.call
    calendar = timezone.localdate(
        at
    )  # by which moments are today, whatever day is open
    return DeskCase(
        id=case.id,
        number=case.number,
        version=case.version,
        customer_id=case.customer_id,
        name=read.who.name,
        marks=desk_who.marks_of(read.who, read.standing, case),
        facts=desk_who.facts_of(
            read.who, call.masked if call else "", loans=read.loans, today=today
        ),
        presence=presence_said(case.id, by=by, at=at),
        other=_in_other_hands(case, by=by, at=at),
        mine=case.taken_by == by.username,
        gate=desk_who.gate_of(read.standing, at=at, decision=read.kept),
        owed=_owed(read, asked),
        next=_next(read, asked),
        recent=_recent(read.standing, today=calendar),
        promises=_promises(read.promised, today=today),
        promises_said=_promises_said(read.promised),
        work=_work(read.items, today=calendar),
        out=_out(read, asked),
        bar=_bar(read, by),
        script=_script(read.who.name),
        kept=int(str(read.draft.get("kept_at") or 0)),
        holds=[(kind.value, words.hold_word(kind.value)) for kind in HoldKind],
        hold_until=today + HELD_FOR,
    )


def _owed(read: _Read, asked: Asked) -> desk_who.Owed:
    return desk_who.owed_of(
        read.owed,
        read.case,
        today=asked.today,
        paid_today=_paid(read.case, asked),
        months=read.months,
    )


def _next(read: _Read, asked: Asked) -> desk_next.Next:
    return desk_next.next_of(
        read.case,
        standing=read.standing,
        promises=read.promised,
        items=read.items,
        today=asked.today,
        at=asked.at,
        decision=bool(read.kept),
        legal_wait=legal.wait_of(read.case.id, action=read.case.action, at=asked.at),
        paid_up=read.paid_up,
    )


def _out(read: _Read, asked: Asked) -> desk_out.Out:
    return desk_out.out_of(
        read.case,
        draft=read.draft,
        promises=read.promised,
        rules=rules_of(read.case, on=asked.today),
        late=late_of(read.case, read.owed),
        today=asked.today,
        at=asked.at,
        problem=asked.problem,
        barred=read.barred,
    )


def _bar(read: _Read, by: people.Person) -> Sequence[desk_next.Button]:
    return desk_next.bar_of(
        read.case,
        standing=read.standing,
        promises=read.promised,
        may_record=by.may(people.Permission.RECORD_CONTACT),
        may_ask_relief=by.may(people.Permission.REQUEST_RELIEF),
        barred=read.barred,
        paid_up=read.paid_up,
    )


def _paid(case: CaseLine, asked: Asked) -> int:
    """What came in on the open day, less what went back; minor units."""
    since = desk_list.midnight(timezone.localdate(asked.at))
    return money.came_on(case, asked.today, since=since)


def _decision(draft: Mapping[str, object], *, at: datetime) -> Mapping[str, object]:
    """The kept answer one works on, while what came of it may still be written."""
    asked_at = str(draft.get("asked_at") or "")
    if not draft.get("decision") or not asked_at:
        return {}
    if at - datetime.fromisoformat(asked_at) > timedelta(hours=12):
        return {}
    return {"id": draft["decision"], "asked_at": asked_at}


def _barred(case: CaseLine) -> str:
    """Why nobody works this case now; '' where they may."""
    if not case.is_open:
        return str(gettext("the case is closed"))
    if case.held:
        return str(gettext("left in peace"))
    return ""


def _in_other_hands(case: CaseLine, *, by: people.Person, at: datetime) -> str:
    until = case.taken_until
    if not case.taken_by or case.taken_by == by.username or until is None:
        return ""
    return case.taken_by if until > at else ""


def presence_said(case_id: int, *, by: people.Person, at: datetime) -> str:
    """Who is at the case: alone, or who came first."""
    others = [each for each in desk.present(case_id, at=at) if each != by.username]
    if not others:
        return str(gettext("Only you are here"))
    name = people.names().get(others[0], others[0])
    return str(gettext("%(who)s is on this case") % {"who": name})


def _recent(standing: contact.Standing, *, today: date) -> Sequence[Line]:
    return [
        Line(
            words.moment(each.at, today=today),
            ICONS.get(each.channel, "mail"),
            f"{each.word}, {each.note}" if each.note else each.word,
            (
                "good" if each.conversation else "mute",
                "tick" if each.conversation else "ring",
                each.result_word or "–",
            ),
        )
        for each in standing.recent
    ]


def _promises(
    rows: Sequence[desk.PromiseLine], *, today: date
) -> Sequence[PromiseShown]:
    return [
        PromiseShown(
            words.day_near(each.due_on, today=today),
            each.amount,
            each.appropriated if each.appropriated < each.amount else 0,
            each.currency,
            words.promise_chip(each.state),
        )
        for each in rows[:3]
    ]


def _promises_said(rows: Sequence[desk.PromiseLine]) -> str:
    ended = [
        each for each in rows if each.state in ("kept", "broken", "partially_kept")
    ]
    if not ended:
        return ""
    kept = sum(1 for each in ended if each.state == "kept")
    return str(gettext("last %(n)s, kept %(kept)s") % {"n": len(ended), "kept": kept})


def _work(items: Sequence[desk.ItemLine], *, today: date) -> Sequence[Line]:
    return [
        Line(
            words.moment(each.due_at, today=today),
            "clipboard-check",
            words.item_word(each.kind),
            ("mute", "ring", gettext("for the supervisor"))
            if each.for_supervisor
            else ("info", "dot", gettext("for whoever has it")),
        )
        for each in items[:4]
    ]


def _script(name: str) -> Script:
    chinese = numbers.is_chinese(words.language())
    lender = settings.LENDER_NAME if chinese else settings.LENDER_NAME_EN
    said = {"lender": lender, "name": name}

    def put(text: str) -> str:
        return text.format_map(said)

    return Script(
        [
            Stage(
                stage.zh if chinese else stage.en,
                [
                    ScriptLine(line.id, line.must, put(line.zh if chinese else line.en))
                    for line in stage.lines
                ],
            )
            for stage in scripts.script()
        ]
    )
