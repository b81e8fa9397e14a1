"""The panel on the pages of a customer and a loan: their case, whose it is, why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.utils.translation import pgettext

from daihou.kit.panels import Read
from daihou.rooms.casework.pages import case_words
from daihou.rooms.casework.pages.case_words import Chip
from daihou.rooms.casework.queries.cases import CaseLine, case_of, case_of_loan
from daihou.rooms.casework.queries.queues import queue_title
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel draws: the case, its chips, who works it, the next step and why."""

    case: CaseLine
    chips: tuple[Chip, ...]
    worker: str
    queue: str
    action: str
    because: str


def of_customer(request: HttpRequest, customer_id: int) -> Panel | None:
    """The case of a customer that the page has found; nothing where there is none."""
    return _panel(case_of(customer_id, scope=request.person.scope))


def of_loan(request: HttpRequest, loan_id: int) -> Panel | None:
    """The case a loan is in; nothing outside the scope."""
    found = case_of_loan(loan_id)
    scope = request.person.scope
    if found is None or not scope.allows(
        found.branch, product=found.product, officer=found.officer
    ):
        return None
    return _panel(found)


def _panel(found: CaseLine | None) -> Panel | None:
    if found is None:
        return None
    names = people.names() if found.worker else {}
    return Panel(
        case=found,
        chips=_chips(found),
        worker=names.get(found.worker, found.worker),
        queue=queue_title(found.queue, language=case_words.language()),
        action=case_words.action_word(found.action) if found.action else "",
        because=case_words.said(found.because),
    )


def _chips(found: CaseLine) -> tuple[Chip, ...]:
    held: tuple[Chip, ...] = ()
    if found.held:
        held = (("warn", "dia", pgettext("case", "Held")),)
    agreed: tuple[Chip, ...] = ()
    if found.resolution != "none":
        agreed = (("info", "half", case_words.resolution_word(found.resolution)),)
    return (case_words.lifecycle_chip(found.lifecycle), *held, *agreed)


READERS: Final[Mapping[str, Read]] = {"customer": of_customer, "loan": of_loan}
