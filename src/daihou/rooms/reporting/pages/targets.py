"""Targets of a month with live progress: the page, the panel, the bulletin's sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from daihou.engine.basics.money import to_major
from daihou.kit import currencies, numbers
from daihou.kit.refusal import Refused
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.rooms.reporting import typed, words
from daihou.rooms.reporting.queries import targets as reading
from daihou.rooms.reporting.queries.targets import Key, Progress
from daihou.rooms.reporting.states import Measure, Whose

FULL = 100
SHOWN = 12  # lines of the panel; the page has them all


@dataclass(frozen=True, slots=True)
class Row:
    """One unit or person: targets as they are typed, what came, how far."""

    name: str
    kind: str
    depth: range
    field: str
    cash_typed: str
    cured_typed: str
    one: Progress
    cash_done: int
    cured_done: int
    cash_share: str
    cured_share: str
    behind: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The month, its rows, and how much of it is over."""

    month: str
    before: str
    after: str
    currency: str
    currencies: Sequence[str]
    rows: Sequence[Row]
    passed: str
    open: bool
    may_set: bool


def page(
    person: people.Person, query: QueryDict | Mapping[str, str], *, today: date
) -> Page:
    """The page of the month an address asks for, else of the one that runs."""
    asked = (query.get("month") or "")[:7]
    try:
        first = reading.first_day(typed.month_of(asked)) if asked else today
    except Refused:
        first = today
    month = f"{first:%Y-%m}"
    known = ledger.book.register().currencies(person.scope)
    coin = currencies.choose(query.get("currency"), known)
    passed = _passed(month, today)
    is_open = month >= f"{today:%Y-%m}"
    found = reading.progress(person, month, today=today, currency=coin.code)
    return Page(
        month=month,
        before=f"{reading.first_day(month) - timedelta(days=1):%Y-%m}",
        after=f"{reading.last_day(month) + timedelta(days=1):%Y-%m}",
        currency=coin.code,
        currencies=coin.known if coin.several else (),
        rows=[_row(each, coin.code, passed) for each in found],
        passed=words.share(passed, places=0),
        open=is_open,
        may_set=is_open and person.may(people.Permission.MANAGE_CASES),
    )


def _passed(month: str, today: date) -> Fraction:
    """How much of the month is over, by days; the open day is not."""
    first, last = reading.first_day(month), reading.last_day(month)
    whole = (last - first).days + 1
    return Fraction(min(max((today - first).days, 0), whole), whole)


def field_of(key: Key, measure: Measure) -> str:
    """The name of a field of the form."""
    return f"{measure.value}:{key[0]}:{key[1]}"


def _row(one: Progress, currency: str, passed: Fraction) -> Row:
    cash, share = one.cash_target, one.cash_share
    return Row(
        name=one.owner.name or _("The whole house"),
        kind=whose_word(one.owner.whose),
        depth=range(one.owner.depth),
        field=f"{one.owner.whose.value}:{one.owner.code}",
        cash_typed="" if cash is None else f"{to_major(cash, currency):f}",
        cured_typed="" if one.cured_target is None else str(one.cured_target),
        one=one,
        cash_done=_percent(share),
        cured_done=_percent(one.cured_share),
        cash_share=words.share(share, places=1),
        cured_share=words.share(one.cured_share, places=1),
        behind=share is not None and share < passed,
    )


def _percent(share: Fraction | None) -> int:
    return 0 if share is None else max(0, min(FULL, int(share * FULL)))


def whose_word(whose: Whose) -> str:
    """What an owner of a target is."""
    said = {
        Whose.HOUSE: pgettext("owner of a target", "house"),
        Whose.BRANCH: pgettext("owner of a target", "branch"),
        Whose.TEAM: pgettext("owner of a target", "team"),
        Whose.PERSON: pgettext("owner of a target", "person"),
    }
    return said[whose]


def wishes(
    sent: QueryDict, *, person: people.Person, currency: str
) -> Mapping[tuple[Key, Measure], int | None]:
    """What was changed for everybody in sight; a field as it was shown stays."""
    found: dict[tuple[Key, Measure], int | None] = {}
    for owner in reading.owners(person):
        for measure in Measure:
            field = field_of(owner.key, measure)
            told = sent.get(field)
            if told is None or told == sent.get(f"was:{field}"):
                continue
            if measure is Measure.CASH:
                found[owner.key, measure] = typed.amount_of(told, currency)
            else:
                found[owner.key, measure] = typed.number_of(told)
    return found


def shown(
    sent: QueryDict, *, person: people.Person, currency: str
) -> Mapping[tuple[Key, Measure], int | None]:
    """What stood in the form when it was opened, where the form says it."""
    found: dict[tuple[Key, Measure], int | None] = {}
    for owner in reading.owners(person):
        for measure in Measure:
            was = sent.get(f"was:{field_of(owner.key, measure)}")
            if was is not None and measure is Measure.CASH:
                found[owner.key, measure] = typed.amount_of(was, currency)
            elif was is not None:
                found[owner.key, measure] = typed.number_of(was)
    return found


@dataclass(frozen=True, slots=True)
class Panel:
    """What the floor, the bulletin and the first page show of the month."""

    month: str
    currency: str
    rows: Sequence[Row]
    more: int
    passed: str
    said: Sequence[str]
    may_set: bool


def of_floor(request: HttpRequest, _subject: int) -> Panel | None:
    """The targets of the month that runs; an empty panel where nobody has one."""
    return _panel(request)


def of_home(request: HttpRequest, _subject: int) -> Panel | None:
    """The same for who manages cases; nothing where nobody has a target."""
    if not request.person.may(people.Permission.MANAGE_CASES):
        return None
    found = _panel(request)
    return found if found is not None and found.rows else None


def _panel(request: HttpRequest) -> Panel | None:
    day = request.business_day()
    if day is None:
        return None
    person, month = request.person, f"{day.on:%Y-%m}"
    may_set = person.may(people.Permission.MANAGE_CASES)
    if not reading.any_in(month):
        return Panel(month, "", (), 0, "", (), may_set)
    found = page(person, {"currency": request.GET.get("currency", "")}, today=day.on)
    rows = [each for each in found.rows if each.one.has_one]
    return Panel(
        month=month,
        currency=found.currency,
        rows=rows[:SHOWN],
        more=max(0, len(rows) - SHOWN),
        passed=found.passed,
        said=[_said(each, found) for each in rows[:SHOWN] if each.one.cash_target],
        may_set=may_set,
    )


def _said(row: Row, found: Page) -> str:
    def money(minor: int) -> str:
        language = "zh-hans" if words.chinese() else "en"
        return numbers.large_money(minor, language=language, currency=found.currency)

    text = _(
        "%(name)s: %(came)s of %(target)s recovered this month, %(share)s; %(passed)s of"
        " the month is over."
    )
    return text % {
        "name": row.name,
        "came": money(row.one.cash),
        "target": money(row.one.cash_target or 0),
        "share": row.cash_share,
        "passed": found.passed,
    }
