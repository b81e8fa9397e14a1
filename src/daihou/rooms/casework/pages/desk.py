"""The desk: one person's list, one case with everything a call needs, the outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from daihou.rooms.casework.pages import case_words as words
from daihou.rooms.casework.pages import desk_list
from daihou.rooms.casework.pages.desk_asked import Asked, Note
from daihou.rooms.casework.pages.desk_case import DeskCase, desk_case, draft_of
from daihou.rooms.casework.queries import desk
from daihou.rooms.casework.queries.later import later
from daihou.rooms.contact import door as contact
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class Saved:
    """A result that waits: it can be taken back for `seconds` yet."""

    text: str
    seconds: int
    url: str
    back: str


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty desk says, and what to do."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class DeskPage:
    """Everything the desk draws."""

    today: date
    at: datetime
    list: desk_list.Worklist
    case: DeskCase | None
    notes: Sequence[Note]
    saved: Saved | None
    may_work: bool
    empty: Empty | None


def desk_page(asked: Asked) -> DeskPage:
    """The desk with a case open: the one asked for, else the first of the list."""
    listed = desk_list.worklist(
        asked.by, current=asked.number, today=asked.today, at=asked.at
    )
    number = asked.number or listed.first
    if number and not asked.number:
        listed = desk_list.marked(listed, number)
    shown = desk_case(number, asked) if number else None
    kept = desk.left_by(asked.by.username)
    return DeskPage(
        today=asked.today,
        at=asked.at,
        list=listed,
        case=shown,
        notes=[*asked.notes, *_troubles(kept)],
        saved=_saved(kept, asked),
        may_work=asked.by.may(people.Permission.WORK_CASES),
        empty=_empty(asked) if shown is None else None,
    )


@dataclass(frozen=True, slots=True)
class ListPage:
    """What the list alone needs."""

    list: desk_list.Worklist
    may_work: bool


def list_page(by: people.Person, number: str, *, today: date, at: datetime) -> ListPage:
    """The list as it is now, the case that is open marked in it."""
    listed = desk_list.worklist(by, current=number, today=today, at=at)
    return ListPage(listed, by.may(people.Permission.WORK_CASES))


def _empty(asked: Asked) -> Empty:
    """Nothing to do, or nothing that may be done at this hour."""
    wait = later(asked.by.username, scope=asked.by.scope, at=asked.at)
    if wait.cases and wait.since is not None:
        text = ngettext(
            "%(n)s case waits until contact is allowed, %(when)s at the earliest.",
            "%(n)s cases wait until contact is allowed, %(when)s at the earliest.",
            wait.cases,
        )
        when = words.by_moment(wait.since, today=timezone.localdate(asked.at))
        return Empty(
            gettext("Nobody may be contacted now"),
            text % {"n": wait.cases, "when": when},
        )
    return Empty(
        gettext("Nothing is left to do today"),
        gettext("Take the next case from the queue, or look at the whole day."),
    )


def _troubles(kept: Sequence[desk.DraftLine]) -> Sequence[Note]:
    """Saved results that could not be written: nothing is lost, somebody must look."""
    return [
        Note(
            "bad",
            gettext("Case %(number)s was not saved: %(why)s")
            % {"number": each.number, "why": each.problem},
            desk_list.address(each.number),
            gettext("Open it"),
        )
        for each in kept
        if each.problem
    ]


def _saved(kept: Sequence[desk.DraftLine], asked: Asked) -> Saved | None:
    found = next((each for each in reversed(kept) if each.due_at), None)
    if found is None or found.due_at is None:
        return None
    left = (found.due_at - asked.at).total_seconds()
    if left <= 0:
        return None
    return Saved(
        text=gettext("Case %(number)s is saved.") % {"number": found.number},
        seconds=max(1, round(left)),
        url=reverse("casework:undo", args=[found.number]),
        back=desk_list.address(found.number),
    )


def answer_note(kept: contact.Kept, at: datetime) -> Note:
    """What the gate said just now, with the number of its answer."""
    if kept.answer.verdict.value == "allow":
        text = gettext("Decision %(id)s: allowed, good for 15 minutes. Dial now.")
        return Note("good", text % {"id": kept.id})
    titles = contact.reasons(kept.asked, kept.answer)
    until = kept.answer.until
    if until is not None:
        when = words.by_moment(until, today=timezone.localdate(at))
        text = gettext("Decision %(id)s: not before %(when)s. %(why)s")
        said = text % {"id": kept.id, "when": when, "why": titles}
        return Note(
            "warn", said, reverse("contact:decision", args=[kept.id]), gettext("Why")
        )
    text = gettext("Decision %(id)s: not allowed. %(why)s")
    return Note(
        "bad",
        text % {"id": kept.id, "why": titles},
        reverse("contact:decision", args=[kept.id]),
        gettext("Why"),
    )


__all__ = ["Asked", "DeskPage", "Note", "answer_note", "desk_page", "draft_of"]
