"""The notes that are filled in for each result, in the reader's language."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext, gettext_noop

from daihou.rooms.casework.codes import Code

# A page asks for every code, so each is translated when it is asked for.
_NOTES: Final[Mapping[str, str]] = {
    "PTP": gettext_noop("Spoke to the borrower, who will pay {amount} by {day}."),
    "PAID_CLAIM": gettext_noop("The borrower says it is paid. Receipt to be checked."),
    "NEGO": gettext_noop("Spoke to the borrower about how to pay; nothing agreed yet."),
    "PLAN_REQ": gettext_noop("The borrower asks to pay in instalments."),
    "HARDSHIP": gettext_noop("The borrower is in difficulty. Help was offered."),
    "REFUSE": gettext_noop("The borrower does not want to pay. Reason: "),
    "DISPUTE": gettext_noop("The borrower disputes: "),
    "CALLBACK": gettext_noop("The borrower asks to be called again at the time below."),
    "NO_ANSWER": gettext_noop("Nobody answered."),
    "WRONG": gettext_noop("Another person answered and does not know the borrower."),
    "COMPLAINT": gettext_noop("The borrower complains: "),
    "LEFT_MSG": gettext_noop("Asked another person to have the borrower call back."),
    "BUSY": gettext_noop("The line was busy."),
    "HANGUP": gettext_noop("The call was ended at once."),
    "OFF": gettext_noop("The telephone was switched off."),
    "INVALID": gettext_noop("There is no such number."),
    "LOST": gettext_noop("Could not be found at any known place: "),
    "DECEASED": gettext_noop("Told that the borrower has died. Source: "),
    "JAILED": gettext_noop("Told that the borrower is in custody. Source: "),
    "ID_FRAUD": gettext_noop("Says that somebody else took the loan: "),
    "BANKRUPT": gettext_noop("Told of bankruptcy. Court and number: "),
    "LAWYER": gettext_noop("A lawyer acts for the borrower. Name and number: "),
    "CEASE": gettext_noop("The borrower wants no further contact."),
    "SENT": gettext_noop("Sent."),
}
_SHORT: Final[Mapping[str, str]] = {
    "PTP": gettext_noop("Promise"),
    "PAID_CLAIM": gettext_noop("Says paid"),
    "NEGO": gettext_noop("Negotiating"),
    "PLAN_REQ": gettext_noop("Wants a plan"),
    "HARDSHIP": gettext_noop("Hardship"),
    "REFUSE": gettext_noop("Refuses"),
    "DISPUTE": gettext_noop("Dispute"),
    "CALLBACK": gettext_noop("Call back"),
    "NO_ANSWER": gettext_noop("No answer"),
    "WRONG": gettext_noop("Wrong person"),
}


def template(code: Code) -> str:
    """What stands in the note before the person looks; {amount} and {day} are theirs."""
    known = _NOTES.get(code.code)
    return str(gettext(known)) if known else ""


def short_word(code: Code, usual: str) -> str:
    """The word on a key: as short as the key is wide."""
    known = _SHORT.get(code.code)
    return str(gettext(known)) if known else usual
