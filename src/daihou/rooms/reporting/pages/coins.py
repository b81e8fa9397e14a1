"""The one currency an answer speaks of: several are never added."""

from dataclasses import replace

from daihou.kit import currencies
from daihou.kit.scope import Scope
from daihou.rooms.ledger import door as ledger
from daihou.rooms.reporting.question import Question


def settled(question: Question, *, scope: Scope) -> tuple[Question, currencies.Choice]:
    """The question with its currency named, and what may be chosen instead.

    Nobody is asked about the sole currency of a book, and where that is the usual one
    no address carries it. One that the reader's loans do not have becomes the one with
    most loans.
    """
    known = ledger.book.register().currencies(scope)
    choice = currencies.choose(question.currency, known)
    plain = not choice.several and choice.code == currencies.NO_BOOK
    return replace(question, currency="" if plain else choice.code), choice
