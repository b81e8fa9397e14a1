"""The reckoning of a plan at the desk: equal parts, dates, what goes on meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, ngettext

from daihou.engine.basics.dates import add_period
from daihou.engine.commitments.arrangement import (
    ArrangementError,
    Instalment,
    spread,
)
from daihou.kit import numbers
from daihou.kit.refusal import Refused
from daihou.rooms.casework import door, forms_desk
from daihou.rooms.casework.pages import case_words as words
from daihou.rooms.casework.pages.desk_late import late_of, of_case
from daihou.rooms.casework.pages.desk_out import Check
from daihou.rooms.casework.queries import book
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people

MOST_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Terms:
    """A plan as it would be: rows, one part, all of it; minor units.

    `meanwhile` is about what the loans go on accruing until the last row if nothing
    else is agreed: each late day costs what it costs now.
    """

    currency: str
    problem: str
    each: int
    total: int
    meanwhile: int
    rows: Sequence[Instalment]
    checks: Sequence[Check]


def terms(
    number: str, query: Mapping[str, str], *, by: people.Person, today: date
) -> Terms:
    """Reckon what the slider says; a problem is told in the reader's language."""
    case = door.case_numbered(number, scope=by.scope)
    months = min(MOST_MONTHS, max(1, forms_desk.whole(query.get("months", "")) or 1))
    try:
        now = ledger.reading.owed_now(case.customer_id, open_on=today, scope=by.scope)
        inside = book.loans_in_case(case.id)
        owed = of_case(now.loans, [each.loan_id for each in inside])
        late = late_of(case, owed)
        asked = forms_desk.money(query.get("amount", ""), currency=case.currency)
        amount = asked or max(0, late - case.disputed)
        rows = spread(
            amount,
            count=months,
            first_due_on=add_period(today, 1, "months"),
            most=MOST_MONTHS,
        )
    except Refused as refused:
        return Terms(case.currency, str(refused), 0, 0, 0, (), ())
    except ArrangementError as error:
        said = error.say(words.language())
        return Terms(case.currency, said, 0, 0, 0, (), ())
    days = (rows[-1].due_on - today).days
    return Terms(
        currency=case.currency,
        problem="",
        each=rows[0].amount,
        total=amount,
        meanwhile=_meanwhile(owed, today=today, days=days, by=by),
        rows=rows,
        checks=_checks(case, amount, by=by, months=months, late=(late, owed)),
    )


def _meanwhile(
    owed: Sequence[ledger.reading.Owed], *, today: date, days: int, by: people.Person
) -> int:
    """What late days cost until then, at today's cost of a day on the latest loan."""
    late = next((row for row in owed if row.dpd > 0), None)
    if late is None:
        return 0
    page = ledger.reading.loan_page(late.loan_id, as_of=late.changed_on, scope=by.scope)
    return page.per_day * days


def _checks(
    case: door.CaseLine,
    amount: int,
    *,
    by: people.Person,
    months: int,
    late: tuple[int, Sequence[ledger.reading.Owed]],
) -> Sequence[Check]:
    overdue, loans = late
    stood = max((each.changed_on for each in loans), default=None)
    found = []
    if amount > case.outstanding_total:
        found.append(Check("bad", "cross", gettext("More than all that is owed")))
    elif amount >= overdue:
        said = gettext("Covers what is overdue")
        if stood is not None:
            day = numbers.day_text(stood, language=words.language())
            said = gettext("Covers what was overdue on %(day)s") % {"day": day}
        found.append(Check("good", "tick", said))
    else:
        found.append(Check("warn", "half", gettext("Leaves part of it overdue")))
    count = ngettext("%(n)s part, one a month", "%(n)s parts, one a month", months)
    found.append(Check("good", "tick", count % {"n": months}))
    if by.may(people.Permission.REQUEST_RELIEF):
        said = gettext("Nothing is waived; you may ask for a plan")
        found.append(Check("good", "tick", said))
    else:
        said = gettext("A plan is asked for by somebody with that task")
        found.append(Check("mute", "ring", said))
    return found
