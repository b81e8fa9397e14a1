"""The panel on the page of a customer: when they pay, what reaches them, their word."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from daihou.kit import numbers
from daihou.rooms.contact import door as contact
from daihou.rooms.ledger import door as ledger
from daihou.rooms.reporting.pages.reports import behaviour
from daihou.rooms.reporting.queries.reports import customer as queries
from daihou.rooms.reporting.queries.reports.money import paid_on_loans


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel draws: pairs of a name and what is known."""

    customer_id: int
    facts: Sequence[tuple[str, str]]


def of_customer(request: HttpRequest, customer_id: int) -> Panel | None:
    """What the pattern is; four small queries. Nothing without a running loan."""
    scope = request.person.scope
    owed = ledger.reading.owed_by(customer_id, scope=scope)
    if not owed:
        return None
    day = request.business_day()
    on = day.on if day else timezone.localdate(request.at)
    loans = [each.loan_id for each in owed]
    facts: list[tuple[str, str]] = []
    pattern = behaviour.pay_day(
        [paid for _l, paid, _a in paid_on_loans(loans, until=on)]
    )
    if pattern is not None:
        share = numbers.percent(pattern.third_share, places=0)
        said = f"{behaviour.third_word(pattern.third)} ({share} %)"
        facts.append((_("Pays mostly"), said))
    reached = queries.reached(customer_id, loans, on=on, scope=scope)
    if reached and reached[0].talks:
        best = reached[0]
        said = _("%(talks)s talks of %(attempts)s attempts") % {
            "talks": best.talks,
            "attempts": best.attempts,
        }
        facts.append((contact.channel_word(best.channel), said))
    promises: dict[str, int] = defaultdict(int)
    for each in queries.promised(customer_id, on=on, scope=scope):
        promises[each.state] += each.promises
    words = behaviour.promise_words()
    kept = [f"{words[state]} {number}" for state, number in promises.items()]
    if kept:
        facts.append((_("Promises"), ", ".join(kept)))
    return Panel(customer_id, facts)
