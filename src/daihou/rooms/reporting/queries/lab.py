"""Asking the months of the book, in somebody's sight."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from django.utils.translation import get_language

from daihou.engine.basics.errors import UserError
from daihou.engine.metrics.definition import Metric
from daihou.engine.metrics.matrix import RollMatrix
from daihou.kit.portfolio import Asked, Cut, Month, Series, portfolio, said
from daihou.kit.scope import Scope
from daihou.rooms.ledger import door as ledger
from daihou.rooms.reporting.queries.sight import sights
from daihou.rooms.reporting.question import Question

MOST_LOANS = 200
_PRINT: Final = 32  # hex digits of a fingerprint, as everywhere


@dataclass(frozen=True, slots=True)
class Unknown:
    """A question that the book cannot answer, and what it says about that."""

    why: str


def months() -> Sequence[Month]:
    """The counted months, the earliest first."""
    return portfolio().months()


def values(cut: Cut, *, scope: Scope) -> Sequence[str]:
    """What stands in a cut among the loans that may be seen."""
    seen = sights(scope)
    try:
        return portfolio().values(cut, sight=seen) if seen else ()
    except LookupError:  # no month is counted, or a file is gone: the answer says so
        return ()


def series(
    question: Question, *, scope: Scope, metric: Metric | None = None
) -> Series | Unknown:
    """The figure of the question, or of another metric put to the same question."""
    return ask(question.asked(sight=sights(scope), metric=metric))


def ask(asked: Asked) -> Series | Unknown:
    """The answer to a question, or why there is none."""
    if not asked.sight:
        return Unknown("")
    try:
        return portfolio().series(asked)
    except LookupError as error:
        return Unknown(_said(error))
    except UserError as error:  # such as a line of the lender's list of costs
        return Unknown(error.say(get_language() or "zh-hans"))


def matrix(
    question: Question, *, month: str, amount: bool, scope: Scope
) -> RollMatrix | Unknown:
    """Where the loans of the month before stand at the end of `month`."""
    asked = question.asked(sight=sights(scope))
    if not asked.sight:
        return Unknown("")
    try:
        return portfolio().matrix(asked, of=question.of, month=month, amount=amount)
    except LookupError as error:
        return Unknown(_said(error))


def matrix_print(question: Question, *, month: str, amount: bool, scope: Scope) -> str:
    """The fingerprint of a matrix: of the question, whose sight, and both months."""
    asked = question.asked(sight=sights(scope))
    counted = {each.name: each.fingerprint for each in months()}
    before = max((name for name in counted if name < month), default="")
    prints = [counted.get(name, "") for name in (asked.since or before, month)]
    told = (said(asked), str(question.of), month, amount, *prints)
    return sha256(repr(told).encode()).hexdigest()[:_PRINT]


def loans(
    question: Question, *, at: str, key: str, scope: Scope
) -> Sequence[ledger.reading.LoanLine]:
    """The loans in the numerator of one cell, the largest first, at most 200."""
    asked = question.asked(sight=sights(scope))
    if not asked.sight:
        return ()
    try:
        found = portfolio().loans(asked, at=at, key=key, most=MOST_LOANS)
    except LookupError:
        return ()
    lines = ledger.reading.lines_of(found, scope=scope)
    return [lines[each] for each in found if each in lines]


def _said(error: LookupError) -> str:
    return str(error.args[0]) if error.args else ""
