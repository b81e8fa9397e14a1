"""The reports there are: what each shows, for whom, and how it is made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from daihou.kit.kept import Kept
from daihou.kit.portfolio import portfolio
from daihou.kit.refusal import NotFound
from daihou.rooms.reporting.pages.reports import (
    causes,
    commitments,
    contact_funnel,
    costs,
    effect,
    hands,
    lists,
    movement,
    origination,
    stock,
)
from daihou.rooms.reporting.pages.reports.desk import Desk
from daihou.rooms.reporting.pages.reports.report import Report, Table, fingerprint
from daihou.rooms.reporting.queries.reports.money import mark as payments_mark
from daihou.rooms.reporting.queries.reports.reasons import mark as reasons_mark
from daihou.rooms.reporting.queries.work.mark import mark as work_mark

MOST_KEPT = 24
_KEPT: Kept[Report] = Kept(MOST_KEPT)


def _nothing(_on: date) -> Sequence[str]:
    return ()


def _days_alone(_on: date) -> str:
    return ""


@dataclass(frozen=True)
class Entry:
    """One report: `make` gives its tables, `mark` what it reads beside days, as it is now.

    `period`: it compares two days; `by`: its parts can be chosen; `kept` is False for
    what is made anew each time. `names`: it has a row for each loan or customer, so it
    is for who may see loans.
    """

    code: str
    title: str
    readers: str
    about: str
    make: Callable[[Desk], Sequence[Table]]
    period: bool = False
    by: bool = False
    mark: Callable[[date], object] = _days_alone
    doubted: Callable[[date], Sequence[str]] = _nothing
    kept: bool = True
    names: bool = False


def _months_mark(_on: date) -> object:
    return tuple(each.fingerprint for each in portfolio().months())


_ALL = (
    Entry(
        "overdue",
        _("Overdue ledger"),
        _("risk, branches, auditors"),
        _("One row a loan with something overdue, as of any closed day."),
        lists.overdue,
        names=True,
    ),
    Entry(
        "ladder",
        _("Bucket ladder"),
        _("risk, branches"),
        _("Loans and balance by step M0 to M6+, whole and by branch."),
        stock.ladder,
    ),
    Entry(
        "ranges",
        _("Overdue by ranges of days (S71)"),
        _("finance, the regulator"),
        _("Overdue loans in the ranges of the inclusive-finance return."),
        stock.ranges,
        mark=stock.ranges_mark,
        doubted=stock.doubted,
    ),
    Entry(
        "classes",
        _("Five classes"),
        _("risk, finance, the regulator"),
        _("Balance by class on a day, the ratios, and the change since another."),
        stock.classes,
        period=True,
    ),
    Entry(
        "class-moves",
        _("Class migration"),
        _("risk, the regulator"),
        _("From class to class over a period, with the five regulatory rates."),
        movement.class_moves,
        period=True,
    ),
    Entry(
        "npl-moves",
        _("Movement of bad loans"),
        _("risk, finance, executives"),
        _("From the opening to the closing balance of NPL; every row foots."),
        movement.npl_moves,
        period=True,
    ),
    Entry(
        "deviation",
        _("Overdue 90+ over NPL"),
        _("risk, auditors, the regulator"),
        _("By branch, and every loan that is late and in no bad class."),
        stock.deviation,
        names=True,
    ),
    Entry(
        "restructured",
        _("Restructured loans"),
        _("risk, the regulator"),
        _("When, how often, and how they stand now."),
        lists.restructured,
        kept=False,
        names=True,
    ),
    Entry(
        "written-off",
        _("Write-offs and recoveries after"),
        _("finance, legal"),
        _("What was written off, what is still claimed, what came since."),
        lists.written_off,
        mark=lambda on: payments_mark(),
        names=True,
    ),
    Entry(
        "exposures",
        _("Largest exposures"),
        _("risk, executives, the regulator"),
        _("The largest customers and how concentrated the book is."),
        lists.exposures,
        names=True,
    ),
    Entry(
        "reasons",
        _("Why loans are late"),
        _("branches, lending, executives"),
        _("A Pareto of the reasons, by product, region, officer or branch."),
        causes.causes,
        by=True,
        mark=lambda on: reasons_mark(),
    ),
    Entry(
        "origination",
        _("Feedback to origination"),
        _("lending, risk, executives"),
        _("First payment default and vintage by officer, channel and product."),
        origination.origination,
        mark=_months_mark,
    ),
    Entry(
        "hands",
        _("Collectors and teams"),
        _("supervisors, branches, executives"),
        _("Recovery, promises, complaints of each, beside what their mix yields."),
        hands.hands,
        period=True,
        mark=lambda on: work_mark(),
    ),
    Entry(
        "contact-funnel",
        _("Contact funnel"),
        _("supervisors, strategy, executives"),
        _(
            "From cases to right-party contacts, promises and cash, by hour and channel."
        ),
        contact_funnel.funnel,
        period=True,
        mark=lambda on: work_mark(),
    ),
    Entry(
        "commitments",
        _("Promises and plans"),
        _("supervisors, branches, risk"),
        _("How promises and plans were kept, by age, size, collector and reason."),
        commitments.commitments,
        period=True,
        mark=lambda on: work_mark(),
    ),
    Entry(
        "costs",
        _("Costs of collection"),
        _("finance, executives"),
        _("By month and kind, per yuan, per case and per contact, and by channel."),
        costs.costs,
        mark=lambda on: work_mark(),
    ),
    Entry(
        "effect",
        _("Effect of collection"),
        _("supervisors, risk, executives"),
        _(
            "Success before and after, time, cost, satisfaction, and against a hold-out."
        ),
        effect.effects,
        period=True,
        kept=False,
    ),
)
REPORTS: Mapping[str, Entry] = MappingProxyType({each.code: each for each in _ALL})


def entry(code: str) -> Entry:
    """The report of a code, or NotFound."""
    if code not in REPORTS:
        raise NotFound("report_unknown", _("There is no such report."), report=code)
    return REPORTS[code]


def report(code: str, desk: Desk) -> Report:
    """A report of a day for one pair of eyes; made once as long as nothing changed."""
    found = entry(code)
    if not found.kept:
        return _made(found, desk)
    key = (code, get_language(), desk.key, found.mark(desk.wish.as_of))
    return _KEPT.get(key, lambda: _made(found, desk))


def _made(found: Entry, desk: Desk) -> Report:
    wish = desk.wish
    draft = Report(
        code=found.code,
        as_of=wish.as_of,
        currency=wish.currency,
        tables=found.make(desk),
        positions=desk.print_of(wish.as_of),
        since=wish.since if found.period else None,
        conditions=wish.conditions,
        doubted=found.doubted(wish.as_of),
    )
    assert draft.names_people == found.names, found.code
    return replace(draft, fingerprint=fingerprint(draft))
