"""How a customer behaves (V24): rhythm, pay-day, channels that work, promises kept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from daihou.kit import numbers
from daihou.rooms.contact import door as contact
from daihou.rooms.ledger import door as ledger
from daihou.rooms.reporting.pages.reports.cells import language
from daihou.rooms.reporting.pages.reports.document import Section
from daihou.rooms.reporting.queries.reports import customer as queries

LATEST = 24  # instalments a rhythm is read from
FEWEST = 3  # payments below which no pattern is told


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Instalments that fell due: paid by the day, late, still open, and how late.

    `typical` is the median of days late among the paid ones (0: on the day or before).
    """

    due: int
    on_time: int
    late: int
    open: int
    typical: int | None
    worst: int


def rhythm(pages: Sequence[ledger.reading.LoanPage], *, as_of: date) -> Rhythm:
    """How the last instalments of these loans were paid."""
    fallen = sorted(
        (
            (each.due_on, each.settled_on)
            for page in pages
            for each in page.state.demands
            if each.due_on <= as_of
        ),
        key=lambda each: each[0],
    )[-LATEST:]
    days = [max(0, (paid - due).days) for due, paid in fallen if paid is not None]
    waiting = [(as_of - due).days for due, paid in fallen if paid is None]
    return Rhythm(
        due=len(fallen),
        on_time=sum(1 for each in days if each == 0),
        late=sum(1 for each in days if each > 0),
        open=len(waiting),
        typical=int(median(days)) if days else None,
        worst=max([*days, *waiting], default=0),
    )


@dataclass(frozen=True, slots=True)
class PayDay:
    """The third of the month and the weekday most payments came, and their shares."""

    payments: int
    third: int  # 0 the 1st-10th, 1 the 11th-20th, 2 the rest
    third_share: Decimal
    weekday: int  # 0 Monday
    weekday_share: Decimal


def pay_day(days: Sequence[date]) -> PayDay | None:
    """When money comes; None of fewer than three payments."""
    if len(days) < FEWEST:
        return None
    thirds = Counter(min(2, (day.day - 1) // 10) for day in days)
    weekdays = Counter(day.weekday() for day in days)
    third, many = max(sorted(thirds.items()), key=lambda each: each[1])
    weekday, most = max(sorted(weekdays.items()), key=lambda each: each[1])
    whole = Decimal(len(days))
    return PayDay(len(days), third, many / whole, weekday, most / whole)


def third_word(third: int) -> str:
    """The word of a third of a month."""
    words: tuple[str, str, str] = (
        _("the 1st to the 10th"),
        _("the 11th to the 20th"),
        _("the 21st to the end"),
    )
    return words[third]


def rhythm_section(found: Rhythm) -> Section:
    """The rhythm in facts."""
    facts = [
        (_("Instalments fallen due"), f"{found.due:,}"),
        (_("Paid by the day"), f"{found.on_time:,}"),
        (_("Paid late"), f"{found.late:,}"),
        (_("Still open"), f"{found.open:,}"),
        (
            _("Days late, median of the paid ones"),
            numbers.DASH if found.typical is None else str(found.typical),
        ),
        (_("Days late, the worst of these instalments"), str(found.worst)),
    ]
    return Section(
        _("Payment rhythm"),
        facts=facts if found.due else (),
        sentences=[_("The last %(n)s instalments that fell due.") % {"n": LATEST}]
        if found.due
        else (),
        empty=_("No instalment has fallen due yet."),
    )


def pay_day_section(found: PayDay | None) -> Section:
    """When money comes, in facts."""
    title = _("Pay-day")
    if found is None:
        said = _("Fewer than %(n)s payments: no pattern is told.") % {"n": FEWEST}
        return Section(title, empty=said)
    weekday = numbers.day_with_weekday(
        date(2024, 1, 1 + found.weekday), language=language()
    )
    word = weekday.split()[-1 if numbers.is_chinese(language()) else 0]
    return Section(
        title,
        facts=[
            (_("Payments"), f"{found.payments:,}"),
            (
                _("Most in this part of the month"),
                f"{third_word(found.third)} ({numbers.percent(found.third_share)} %)",
            ),
            (
                _("Most on this weekday"),
                f"{word} ({numbers.percent(found.weekday_share)} %)",
            ),
        ],
    )


def channel_section(found: Sequence[queries.Channel]) -> Section:
    """Which channels work, as a table."""
    return Section(
        _("Channels that work"),
        sentences=[
            _("A talk that money followed: a payment within %(n)s days.")
            % {"n": queries.SOON}
        ]
        if found
        else (),
        heads=(
            _("Channel"),
            _("Attempts"),
            pgettext("contact point", "Answered"),
            _("Talked over"),
            _("Money followed"),
        ),
        rows=[
            (
                contact.channel_word(each.channel),
                f"{each.attempts:,}",
                f"{each.answered:,}",
                f"{each.talks:,}",
                f"{each.paid_soon:,}",
            )
            for each in found
        ],
        numeric=frozenset({1, 2, 3, 4}),
        empty=_("Nobody has contacted this customer yet."),
    )


def promise_words() -> dict[str, str]:
    """The words for how promises stand."""
    return {
        "active": pgettext("promise", "Open"),
        "kept": pgettext("promise", "Kept"),
        "partially_kept": pgettext("promise", "Kept in part"),
        "broken": pgettext("promise", "Broken"),
        "invalidated": pgettext("promise", "No longer needed"),
        "cancelled": pgettext("promise", "Cancelled"),
        "superseded": pgettext("promise", "Replaced"),
    }


_JUDGED = ("kept", "partially_kept", "broken")


def promise_section(found: Sequence[queries.Promised]) -> Section:
    """Promises kept, with the ratio and its convention."""
    words = promise_words()
    judged = sum(each.promises for each in found if each.state in _JUDGED)
    kept = sum(each.promises for each in found if each.state == "kept")
    said = []
    if judged:
        rate = numbers.percent(Decimal(kept) / Decimal(judged))
        said.append(
            _("%(rate)s %% of the promises that were judged were kept in full.")
            % {"rate": rate}
        )
    return Section(
        _("Promises"),
        sentences=said,
        heads=(_("State"), _("Promises"), _("Promised"), _("Came")),
        rows=[
            (
                words.get(each.state, each.state),
                f"{each.promises:,}",
                numbers.money_text(each.amount, currency=each.currency),
                numbers.money_text(each.came, currency=each.currency),
            )
            for each in found
        ],
        numeric=frozenset({1, 2, 3}),
        empty=_("No promise has been made."),
    )
