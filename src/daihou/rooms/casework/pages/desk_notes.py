"""The notes that are filled in for each result, in the reader's language."""

from django.utils.translation import gettext

from daihou.rooms.casework.codes import Code


def template(code: Code) -> str:
    """What stands in the note before the person looks; {amount} and {day} are theirs."""
    words = {
        "PTP": gettext("Spoke to the borrower, who will pay {amount} by {day}."),
        "PAID_CLAIM": gettext("The borrower says it is paid. Receipt to be checked."),
        "NEGO": gettext("Spoke to the borrower about how to pay; nothing agreed yet."),
        "PLAN_REQ": gettext("The borrower asks to pay in instalments."),
        "HARDSHIP": gettext("The borrower is in difficulty. Help was offered."),
        "REFUSE": gettext("The borrower does not want to pay. Reason: "),
        "DISPUTE": gettext("The borrower disputes: "),
        "CALLBACK": gettext("The borrower asks to be called again at the time below."),
        "NO_ANSWER": gettext("Nobody answered."),
        "WRONG": gettext("Another person answered and does not know the borrower."),
        "COMPLAINT": gettext("The borrower complains: "),
        "LEFT_MSG": gettext("Asked another person to have the borrower call back."),
        "BUSY": gettext("The line was busy."),
        "HANGUP": gettext("The call was ended at once."),
        "OFF": gettext("The telephone was switched off."),
        "INVALID": gettext("There is no such number."),
        "LOST": gettext("Could not be found at any known place: "),
        "DECEASED": gettext("Told that the borrower has died. Source: "),
        "JAILED": gettext("Told that the borrower is in custody. Source: "),
        "ID_FRAUD": gettext("Says that somebody else took the loan: "),
        "BANKRUPT": gettext("Told of bankruptcy. Court and number: "),
        "LAWYER": gettext("A lawyer acts for the borrower. Name and number: "),
        "CEASE": gettext("The borrower wants no further contact."),
        "SENT": gettext("Sent."),
    }
    return str(words.get(code.code, ""))


def short_word(code: Code, usual: str) -> str:
    """The word on a key: as short as the key is wide."""
    words = {
        "PTP": gettext("Promise"),
        "PAID_CLAIM": gettext("Says paid"),
        "NEGO": gettext("Negotiating"),
        "PLAN_REQ": gettext("Wants a plan"),
        "HARDSHIP": gettext("Hardship"),
        "REFUSE": gettext("Refuses"),
        "DISPUTE": gettext("Dispute"),
        "CALLBACK": gettext("Call back"),
        "NO_ANSWER": gettext("No answer"),
        "WRONG": gettext("Wrong person"),
    }
    return str(words.get(code.code, usual))
