"""Which month stands for an answer about one."""

from collections.abc import Sequence

from daihou.kit.portfolio import Month
from daihou.rooms.reporting.question import Question


def chosen(question: Question, months: Sequence[Month]) -> Month | None:
    """The month asked for, None where it is not counted; else the last whole one.

    A month that still runs has lived but a part of its moves: it is shown where it is
    asked for, or where there is no other.
    """
    if question.month:
        return next((each for each in months if each.name == question.month), None)
    whole = [each for each in months[1:] if each.complete]
    return whole[-1] if whole else months[-1]
