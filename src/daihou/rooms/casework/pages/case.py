"""One case whole: its axes, what is owed, everything that happened, in one stream."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext, pgettext

from daihou.kit import numbers
from daihou.kit.actors import actor_word
from daihou.rooms.casework import sealing
from daihou.rooms.casework.pages import case_words as words
from daihou.rooms.casework.pages import desk_who
from daihou.rooms.casework.pages.close_words import close_word
from daihou.rooms.casework.pages.desk_late import of_case
from daihou.rooms.casework.pages.floor import queue_titles
from daihou.rooms.casework.pages.plan import Plan, plan_of
from daihou.rooms.casework.queries import cases, desk, money, same_person
from daihou.rooms.casework.queries.cases import CaseLine
from daihou.rooms.contact import door as contact
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people

KINDS: Final = ("contact", "payment", "promise", "hold", "hands", "life")
SHOWN: Final = 200
# What was overdue at the end of a day is reckoned anew, loan by loan, some 10 ms each
# at the worst: of the newest days as often as this.
RECKONED: Final = 16


@dataclass(frozen=True, slots=True)
class Axis:
    """One of the eight axes, in words."""

    label: str
    word: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened; `balance` is what was overdue then, None unknown."""

    at: datetime
    when: str
    kind: str
    icon: str
    text: str
    chip: words.Chip
    by: str
    balance: int | None


@dataclass(frozen=True, slots=True)
class Filter:
    """One chip over the stream."""

    code: str
    word: str
    current: bool
    count: int


@dataclass(frozen=True, slots=True)
class HoldShown:
    """A hold with its words; one that stands may be released by another."""

    id: int
    word: str
    until: date
    reason: str
    by: str
    amount: int | None
    stands: bool
    may_release: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything the page draws."""

    at: datetime
    case: CaseLine
    name: str
    facts: Sequence[str]
    marks: Sequence[desk_who.Mark]
    chip: words.Chip
    axes: Sequence[Axis]
    owed: desk_who.Owed
    loans: Sequence[ledger.reading.Owed]
    because: str
    expected: str
    holds: Sequence[HoldShown]
    filters: Sequence[Filter]
    stream: Sequence[Happened]
    promises: Sequence[tuple[desk.PromiseLine, words.Chip]]
    items: Sequence[tuple[desk.ItemLine, str]]
    queue: str
    collector: str
    plan: Plan
    others: Sequence[tuple[CaseLine, str]]


def case_page(
    number: str, *, by: people.Person, today: date, at: datetime, kind: str
) -> CasePage:
    """The page of a case of the reader's scope, or NotFound."""
    case = cases.case_numbered(number, scope=by.scope)
    who = ledger.reading.who_is(case.customer_id)
    now = ledger.reading.owed_now(case.customer_id, open_on=today, scope=by.scope)
    owed = now.loans
    inside = cases.loans_in(case.id)
    mine = of_case(owed, [each.loan_id for each in inside if each.until is None])
    loan_id = next((row.loan_id for row in owed), 0)
    standing = contact.standing(case.customer_id, loan_id=loan_id, by=by, at=at)
    promised = desk.promises(case.id)
    holds = desk.holds(case.id)
    names = people.names()
    reckoned = inside if kind not in KINDS or kind == "payment" else ()
    paid = _payments(case, reckoned, by=by, today=timezone.localdate(at))
    stream = _named([*paid, *_stream(case, promised, holds, at=at)], names)
    shown = [one for one in stream if kind not in KINDS or one.kind == kind]
    call = standing.call
    return CasePage(
        at=at,
        case=case,
        name=who.name,
        facts=desk_who.facts_of(
            who, call.masked if call else "", loans=len(owed), today=today
        ),
        marks=desk_who.marks_of(who, standing, case),
        chip=words.lifecycle_chip(case.lifecycle),
        axes=_axes(case),
        owed=desk_who.owed_of(mine, case, today=today, paid_today=0),
        loans=owed,
        because=words.said(case.because),
        expected=numbers.money_text(case.expected_value, currency=case.currency),
        holds=[_hold(each, names, by=by) for each in holds],
        filters=_filters(stream, kind=kind),
        stream=shown[:SHOWN],
        promises=[(each, words.promise_chip(each.state)) for each in promised],
        items=[(each, words.item_word(each.kind)) for each in desk.items(case.id)],
        queue=queue_titles().get(case.queue, case.queue),
        collector=names.get(case.worker, case.worker),
        plan=plan_of(case, by=by, on=today),
        others=[
            (each, names.get(each.worker, each.worker))
            for each in same_person.others_of(case.customer_id, scope=by.scope)
        ],
    )


def _filters(stream: Sequence[Happened], *, kind: str) -> Sequence[Filter]:
    """A chip for everything and one for each kind, with how many there are."""
    counts = {each: sum(1 for one in stream if one.kind == each) for each in KINDS}
    return [
        Filter("", gettext("Everything"), kind not in KINDS, len(stream)),
        *(Filter(each, _kind_word(each), kind == each, counts[each]) for each in KINDS),
    ]


def _axes(case: CaseLine) -> Sequence[Axis]:
    lifecycle = words.lifecycle_chip(case.lifecycle)[2]
    held = gettext("Left in peace") if case.held else gettext("Not held")
    return [
        Axis(gettext("Life"), lifecycle),
        Axis(gettext("Lateness"), words.delinquency_word(case.delinquency)),
        Axis(gettext("Treatment"), words.treatment_word(case.treatment)),
        Axis(gettext("Hold"), held),
        Axis(gettext("In whose hands"), words.assignment_word(case.assignment)),
        Axis(gettext("Placement"), words.placement_word(case.placement)),
        Axis(gettext("Court"), words.legal_word(case.legal)),
        Axis(gettext("Agreed"), words.resolution_word(case.resolution)),
    ]


def _kind_word(kind: str) -> str:
    return str(
        {
            "contact": gettext("Contacts"),
            "payment": gettext("Payments"),
            "promise": gettext("Promises"),
            "hold": pgettext("case", "Holds"),
            "hands": gettext("Hands"),
            "life": gettext("Life of the case"),
        }[kind]
    )


def _hold(
    each: desk.HoldLine, names: Mapping[str, str], *, by: people.Person
) -> HoldShown:
    stands = each.released_at is None
    return HoldShown(
        id=each.id,
        word=words.hold_word(each.kind),
        until=each.expires_on,
        reason=sealing.opened(each.reason, about=sealing.REASON),
        by=actor_word(each.placed_by, names=names),
        amount=each.amount,
        stands=stands,
        may_release=stands
        and each.placed_by != by.username
        and by.may(people.Permission.MANAGE_CASES),
    )


def _stream(
    case: CaseLine,
    promised: Sequence[desk.PromiseLine],
    holds: Sequence[desk.HoldLine],
    *,
    at: datetime,
) -> Sequence[Happened]:
    """All that happened at the case and to its person, but for money."""
    today = timezone.localdate(at)  # moments are told by the calendar
    return [
        *_results(case, today=today),
        *_promised(case, promised, today=today),
        *_held(holds, today=today),
        *_hands(case, today=today),
        *_life(case, today=today),
    ]


def _named(stream: Sequence[Happened], names: Mapping[str, str]) -> Sequence[Happened]:
    """The same with who did it by name, the newest first."""
    return [
        dataclasses.replace(each, by=actor_word(each.by, names=names))
        for each in sorted(stream, key=lambda each: each.at, reverse=True)
    ]


def _results(case: CaseLine, *, today: date) -> list[Happened]:
    return [
        Happened(
            each.at,
            words.moment(each.at, today=today),
            "contact",
            {"CALL": "phone", "SMS": "message"}.get(each.action, "clipboard-check"),
            sealing.opened(each.note, about=sealing.NOTE),
            ("info", "dot", contact.result_word(each.code)),
            each.by,
            each.overdue_total,
        )
        for each in desk.results(case.id, limit=SHOWN)
    ]


def _payments(
    case: CaseLine,
    reckoned: Sequence[cases.LoanIn],
    *,
    by: people.Person,
    today: date,
) -> list[Happened]:
    """Money in and out; beside it what was overdue of the case at the end of the day.

    Of the newest days alone, so many as `RECKONED` allows for the loans `reckoned`.
    """
    rows = money.payments_of(case.id, scope=by.scope)
    most = RECKONED // max(1, len(reckoned))
    days = sorted({each.paid_on for each in rows}, reverse=True)[:most]
    owed = ledger.reading.owed_then(
        [each.loan_id for each in reckoned],
        days=days,
        currency=case.currency,
        scope=by.scope,
    )
    return [
        Happened(
            each.recorded_at,
            words.moment(each.recorded_at, today=today),
            "payment",
            "coin",
            numbers.money_text(each.amount, currency=case.currency),
            ("good", "tick", gettext("Received"))
            if each.amount > 0
            else ("bad", "cross", gettext("Taken back")),
            "",
            owed.get(each.paid_on),
        )
        for each in rows
    ]


def _promised(
    case: CaseLine, rows: Sequence[desk.PromiseLine], *, today: date
) -> list[Happened]:
    overdue = desk.overdue_when_promised(case.id) if rows else {}
    return [
        Happened(
            each.taken_at,
            words.moment(each.taken_at, today=today),
            "promise",
            "calendar-check",
            gettext("%(money)s by %(day)s")
            % {
                "money": numbers.money_text(each.amount, currency=each.currency),
                "day": words.day_near(each.due_on, today=today),
            },
            words.promise_chip(each.state),
            each.taken_by,
            overdue.get(each.id),
        )
        for each in rows
    ]


def _held(rows: Sequence[desk.HoldLine], *, today: date) -> list[Happened]:
    found = []
    for each in rows:
        word = words.hold_word(each.kind)
        chip = ("warn", "bars", gettext("Left in peace"))
        found.append(_at(each.from_at, "hold", word, chip, each.placed_by, today))
        if each.released_at is not None:
            chip = ("mute", "ring", gettext("Released"))
            found.append(
                _at(each.released_at, "hold", word, chip, each.released_by, today)
            )
    return found


def _hands(case: CaseLine, *, today: date) -> list[Happened]:
    names = people.names()
    found = []
    for each in cases.given(case.id):
        holder = each.cover or each.collector
        word = names.get(holder, holder) or each.team or gettext("nobody yet")
        chip = ("mute", "dot", words.assignment_word(each.assignment))
        text = f"{word}. {each.reason}" if each.reason else word
        found.append(_at(each.from_at, "hands", text, chip, each.by, today))
    return found


def _life(case: CaseLine, *, today: date) -> list[Happened]:
    at = timezone.make_aware(datetime.combine(case.opened_on, time(0)))
    found = [
        _at(at, "life", gettext("Case opened"), words.lifecycle_chip("open"), "", today)
    ]
    if case.closed_on is not None:
        at = timezone.make_aware(datetime.combine(case.closed_on, time(23, 59)))
        chip = words.lifecycle_chip("closed")
        found.append(_at(at, "life", close_word(case.close_code), chip, "", today))
    return found


def _at(
    at: datetime, kind: str, text: str, chip: words.Chip, by: str, today: date
) -> Happened:
    icons = {"hold": "moon", "hands": "user", "life": "file-invoice"}
    when = words.moment(at, today=today)
    return Happened(at, when, kind, icons[kind], text, chip, by, None)
