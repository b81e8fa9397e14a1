"""What a promise would have to be on the day it is given for."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext

from daihou.kit import numbers
from daihou.rooms.casework import door
from daihou.rooms.casework.pages.case_words import language
from daihou.rooms.casework.pages.desk_out import plain
from daihou.rooms.casework.queries import book
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people


def due(number: str, *, on: date, by: people.Person, today: date) -> Mapping[str, str]:
    """What clears the loans of a case on a day, and how to say it.

    Penalty and interest go on until then, and what falls due meanwhile is part of it;
    what is disputed is not. A day that is over counts as today.
    """
    case = door.case_numbered(number, scope=by.scope)
    inside = [
        each.loan_id
        for each in book.loans_in_case(case.id)
        if each.currency == case.currency
    ]
    day = max(on, today)
    found = ledger.reading.owed_on(inside, on=day, open_on=today, scope=by.scope)
    amount = max(0, sum(found.values()) - case.disputed)
    said = gettext("On %(day)s %(money)s clears what is late by then") % {
        "day": numbers.day_text(day, language=language()),
        "money": numbers.money_text(amount, currency=case.currency),
    }
    return {"amount": plain(amount, case.currency), "said": said}
