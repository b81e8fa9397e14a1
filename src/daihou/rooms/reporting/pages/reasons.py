"""The panel on the page of a loan: why it is late, and the list to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils.translation import pgettext

from daihou.rooms.people import door as people
from daihou.rooms.reporting.pages.reports.causes import reason_words
from daihou.rooms.reporting.pages.reports.lists import MOST_ROUND, round_words
from daihou.rooms.reporting.queries.reports import reasons
from daihou.rooms.reporting.states import Reason


def means_word(round_number: int) -> str:
    """What is usually done in a round (V26): the handbook's order, not a rule."""
    words: tuple[str, ...] = (
        pgettext("means of a round", "remind"),
        pgettext("means of a round", "negotiate"),
        pgettext("means of a round", "formal notice"),
        pgettext("means of a round", "formal notice"),
        pgettext("means of a round", "suit, and talk again once it is filed"),
        pgettext("means of a round", "suit, and talk again once it is filed"),
    )
    return words[round_number - 1]


@dataclass(frozen=True, slots=True)
class Told:
    """One reason as it was told."""

    word: str
    on: date
    by: str


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel draws; without `choices` nobody may choose."""

    loan_id: int
    round: str  # its round 一手…六手 by instalments overdue; "" for none
    means: str
    told: Sequence[Told]
    choices: Sequence[tuple[str, str]]


def of_loan(request: HttpRequest, loan_id: int) -> Panel | None:
    """Why a loan is late; nothing where it is not late and nothing was told."""
    words = reason_words()
    told = [
        Told(words[each.reason], each.told_on, each.by)
        for each in reasons.told_of(loan_id)
    ]
    may = request.person.may(people.Permission.WORK_CASES)
    may = may and request.business_day() is not None
    late = min(MOST_ROUND, reasons.instalments_late(loan_id))
    if not late and not told:
        return None
    choices = [(each.value, words[each]) for each in Reason] if may else []
    word = round_words()[str(late)] if late else ""
    return Panel(loan_id, word, means_word(late) if late else "", told, choices)
