"""What happened at a case while somebody sits over it, told every few seconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

from daihou.kit import numbers
from daihou.kit.refusal import Refused
from daihou.rooms.casework import door
from daihou.rooms.casework.queries import book, desk, money
from daihou.rooms.casework.queries.cases import CaseLine
from daihou.rooms.contact import door as contact
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class Way:
    """By which of the person's numbers a channel reaches them, about which loan."""

    loan_id: int
    point_id: int


def way_of(number: str, channel: str, *, by: people.Person, at: datetime) -> Way:
    """The way the desk asks about; Refused where there is none."""
    case = door.case_numbered(number, scope=by.scope)
    owed = ledger.reading.owed_by(case.customer_id, scope=by.scope)
    loan_id = loan_spoken_of(book.loans_in_case(case.id), owed)
    standing = contact.standing(case.customer_id, loan_id=loan_id, by=by, at=at)
    way = standing.ways.get(channel)
    if way is None:
        raise Refused(
            "no_way", gettext("There is no number or address for this channel.")
        )
    return Way(loan_id, way.point_id)


def loan_spoken_of(
    inside: Sequence[book.BookLoan], owed: Sequence[ledger.reading.Owed]
) -> int:
    """The loan that a contact is about: the latest of the case that one sees; or 0.

    Never another loan of the customer: what came of that could not be recorded here.
    """
    seen = {row.loan_id for row in owed}
    return next((each.loan_id for each in inside if each.loan_id in seen), 0)


def pulse(
    number: str, *, since: datetime, version: int, deed: door.Deed
) -> Mapping[str, object]:
    """Money that came since, who else is here, whether somebody acted, what failed."""
    case = door.case_numbered(number, scope=deed.by.scope)
    others = door.be_present(case.id, deed=deed)
    return {
        "paid": _paid(case, since=since, at=deed.at),
        "presence": _presence(others),
        "moved": _moved(case, version=version),
        "problems": [
            gettext("Case %(number)s was not saved: %(why)s")
            % {"number": each.number, "why": each.problem}
            for each in desk.troubled(by=deed.by.username)
        ],
    }


def _presence(others: tuple[str, ...]) -> str:
    if not others:
        return str(gettext("Only you are here"))
    name = people.names().get(others[0], others[0])
    return str(gettext("%(who)s is on this case") % {"who": name})


def _moved(case: CaseLine, *, version: int) -> str:
    if not version or case.version == version:
        return ""
    return str(gettext("Somebody acted on this case. Reload it before you save."))


def _paid(case: CaseLine, *, since: datetime, at: datetime) -> str:
    """The payment that arrived, how long ago, and what it did to the promise."""
    came = money.arrived(case, since)
    total = sum(each.amount for each in came)
    if total <= 0:
        return ""
    ago = max(0, int((at - came[-1].recorded_at).total_seconds()))
    said = ngettext(
        "%(money)s arrived %(n)s second ago", "%(money)s arrived %(n)s seconds ago", ago
    ) % {"money": numbers.money_text(total, currency=case.currency), "n": ago}
    promise = next(iter(desk.promises(case.id, limit=1)), None)
    if promise is not None and promise.state == "kept":
        return str(gettext("%(said)s: promise kept. Contact stops.") % {"said": said})
    return str(gettext("%(said)s. Contact stops.") % {"said": said})
