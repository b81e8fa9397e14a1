"""What the pages on personal data show: reasons, schedule, holds, runs, canaries, keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language, gettext, pgettext

from daihou.kit import keyring
from daihou.packs.retention import DataClass
from daihou.rooms.ledger.actions.reveal import REASONS
from daihou.rooms.ledger.queries import retention
from daihou.rooms.ledger.queries.retention import RunLine
from daihou.rooms.ledger.states import ErasureState

PARTS: Final = ("schedule", "runs", "holds", "canaries")


def reasons() -> Sequence[tuple[str, str]]:
    """Why one may have to see a value whole: code and word."""
    words = {
        "contact": pgettext("why", "to reach the customer"),
        "identity": pgettext("why", "to check who it is"),
        "legal": pgettext("why", "for a court or a letter"),
        "complaint": pgettext("why", "to answer a complaint"),
        "correction": pgettext("why", "to correct it"),
        "other": pgettext("why", "something else"),
    }
    return [(code, words[code]) for code in REASONS]


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class of the schedule in words; `chip` is kind, shape and word."""

    id: str
    name: str
    term: str
    clock: str
    then: str
    grounds: Sequence[tuple[str, str]]
    chip: tuple[str, str, str]


def _term(each: DataClass) -> str:
    if each.days is not None:
        return str(gettext("%(days)s days") % {"days": each.days})
    if each.years is not None:
        return str(gettext("%(years)s years") % {"years": each.years})
    return str(gettext("without end"))


def _row(each: DataClass) -> ClassRow:
    clocks = {
        "closure": gettext("the end of the last loan"),
        "record": gettext("the record, and the end of the last loan"),
        "file": gettext("the day it was written"),
    }
    ends = {
        "delete": gettext("deleted"),
        "empty": gettext("emptied of what is personal"),
        "keep": gettext("kept"),
    }
    evidence = {
        "P": gettext("read"),
        "S": gettext("from a secondary source"),
        "M": gettext("from memory, unverified"),
        "A": gettext("our own assumption"),
    }
    chip = ("good", "tick", gettext("sourced"))
    if not each.verified:
        chip = ("warn", "tri", evidence[each.grounds[0].evidence])
    return ClassRow(
        id=each.id,
        name=each.name(get_language() or ""),
        term=_term(each),
        clock=clocks[each.clock],
        then=ends[each.then],
        grounds=[
            (f"{ground.rule} {ground.text}", evidence[ground.evidence])
            for ground in each.grounds
        ],
        chip=chip,
    )


@dataclass(frozen=True, slots=True)
class ScheduleSheet:
    """The schedule in force, and the keys that seal."""

    name: str
    label: str
    rows: Sequence[ClassRow]
    keys: int
    newest_key: str
    index: str


def schedule_sheet() -> ScheduleSheet:
    """The schedule in the reader's language."""
    kept = retention.schedule()
    ring = keyring.ring()
    return ScheduleSheet(
        name=kept.name(get_language() or ""),
        label=kept.label,
        rows=[_row(each) for each in kept.classes],
        keys=len(ring.keys),
        newest_key=ring.newest,
        index=ring.index_id,
    )


def tabs(part: str) -> Sequence[tuple[str, str, bool]]:
    """The parts of the page: code, word, whether it is the one shown."""
    words: Mapping[str, str] = {
        "schedule": gettext("How long what is kept"),
        "runs": gettext("Deletions"),
        "holds": gettext("Holds"),
        "canaries": gettext("Canaries"),
    }
    return [(code, words[code], code == part) for code in PARTS]


@dataclass(frozen=True, slots=True)
class RunRow:
    """One deletion as the list shows it."""

    run: RunLine
    chip: tuple[str, str, str]
    classes: Sequence[tuple[str, int]]


def run_row(run: RunLine) -> RunRow:
    """A run with its state and its classes in words."""
    chips = {
        ErasureState.PLANNED: ("info", "ring", gettext("planned")),
        ErasureState.DONE: ("good", "tick", gettext("done")),
        ErasureState.DROPPED: ("mute", "bars", gettext("dropped")),
    }
    language = get_language() or ""
    names = {each.id: each.name(language) for each in retention.schedule().classes}
    return RunRow(
        run=run,
        chip=chips[ErasureState(run.state)],
        classes=[(names.get(name, name), rows) for name, rows in run.counts.items()],
    )
