"""The page of one loan: the sum as an equation, months, plan, payments, the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.translation import (
    get_language,
    gettext,
    ngettext,
    pgettext,
)

from daihou.engine.basics.errors import UserError
from daihou.engine.basics.line import Line
from daihou.engine.delinquency.phrases import say
from daihou.engine.ledger.values import LoanState
from daihou.engine.rulebook.policy import Component
from daihou.kit import numbers
from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.ledger import queries
from daihou.rooms.ledger.pages import beside, plan
from daihou.rooms.ledger.pages.wish import read_day
from daihou.rooms.ledger.pages.words import (
    channel_word,
    component_word,
    list_words,
    method_word,
    short_component,
    status_word,
)

PAYMENTS_SHOWN = 5
_SUM = (
    Component.PRINCIPAL,
    Component.INTEREST,
    Component.PENALTY,
    Component.COMPOUND,
    Component.FEE,
)


@dataclass(frozen=True)
class Part:
    """One part of a sum, in minor units."""

    label: str
    amount: int


@dataclass(frozen=True)
class Month:
    """One month of the strip; `dpd` is None before the loan was paid out."""

    level: str
    dpd: int | None
    title: str
    axis: str


@dataclass(frozen=True)
class PaymentRow:
    """One payment and where it went."""

    paid_on: date
    channel: str
    amount: int
    reversed_on: date | None
    shares: Sequence[Part]


@dataclass(frozen=True)
class WhyLine:
    """One line of the derivation; the last is the result."""

    statement: str
    value: str
    source: str
    result: bool


@dataclass(frozen=True)
class LoanSheet:
    """Everything the page of one loan draws."""

    loan_id: int
    customer_id: int
    as_of: date
    is_latest: bool
    date_note: str
    currency: str
    name: str
    number: str
    status: str
    status_word: str
    facts: Sequence[str]
    state: LoanState
    parts: Sequence[Part]
    beside: Sequence[beside.Note]
    payoff: int | None
    per_day: int
    strip: Sequence[Month]
    plan: Sequence[plan.PlanRow]
    plan_note: str
    plan_size: int
    plan_cut: bool
    plan_all: bool
    has_fee: bool
    payments: Sequence[PaymentRow]
    payments_note: str
    payments_cut: bool
    why_question: str
    why: Sequence[WhyLine]
    changes: Sequence[str]
    policy_from: date


def _level(dpd: int | None) -> str:
    """Which gauge a day count fills: the bucket by 30 days."""
    return "x" if dpd is None else str(min(7, (dpd + 29) // 30))


def _strip(months: Sequence[tuple[date, int | None]]) -> Sequence[Month]:
    shown = []
    for place, (month, dpd) in enumerate(months):
        first = place == 0 or months[place - 1][0].year != month.year
        quarter = month.month in (1, 4, 7, 10)
        label = f"{month:%y-%m}" if first or month.month == 1 else f"{month:%m}"
        last = place == len(months) - 1
        axis = label if quarter or (last and not quarter) else ""
        shown.append(Month(_level(dpd), dpd, f"{month:%Y-%m}", axis))
    return shown


def _facts(terms: queries.LoanTermsLine) -> Sequence[str]:
    words = list_words()
    language = get_language() or "zh-hans"
    repaid = ngettext(
        "%(method)s, %(n)s instalment", "%(method)s, %(n)s instalments", terms.periods
    )
    paid_out = gettext("paid out %(day)s %(amount)s") % {
        "day": numbers.day_text(terms.disbursed_on, language=language),
        "amount": numbers.money_text(terms.principal, currency=terms.currency),
    }
    rate = numbers.percent(terms.annual_rate, places=2).rstrip("0").rstrip(".")
    facts = [
        words.product(terms.product),
        words.branch(terms.branch),
        repaid % {"method": method_word(terms.method), "n": terms.periods},
        gettext("%(rate)s%% a year") % {"rate": rate},
        paid_out,
        terms.officer,
        gettext("ID %(number)s") % {"number": terms.id_no} if terms.id_no else "",
    ]
    return [fact for fact in facts if fact]


def _payments(page: queries.LoanPage) -> Sequence[PaymentRow]:
    def shares(parts: Mapping[str, int]) -> Sequence[Part]:
        order = page.policy.order
        return [
            Part(short_component(part), parts[part]) for part in order if part in parts
        ]

    return [
        PaymentRow(
            paid_on=row.paid_on,
            channel=channel_word(row.channel),
            amount=row.amount,
            reversed_on=row.reversed_on,
            shares=shares(row.shares),
        )
        for row in page.payments
        if not row.not_yet
    ]


def _why(lines: Sequence[Line]) -> Sequence[WhyLine]:
    language = get_language() or "zh-hans"
    said = [say(line, language) for line in lines]
    last = len(said) - 1
    return [
        WhyLine(each.title, each.value, each.note, place == last)
        for place, each in enumerate(said)
    ]


def _changes(lines: Sequence[Line]) -> Sequence[str]:
    language = get_language() or "zh-hans"
    separator = "，" if numbers.is_chinese(language) else ", "
    told = []
    for line in lines:
        said = say(line, language)
        note = f"{separator}{said.note}" if said.note else ""
        told.append(f"{said.title} → {said.value}{note}")
    return told


def _question(state: LoanState) -> str:
    if not state.dpd:
        return gettext("Why not late?")
    words = ngettext("Why %(days)s day late?", "Why %(days)s days late?", state.dpd)
    return words % {"days": state.dpd}


def _plan_note(version: int, rows: Sequence[plan.PlanRow]) -> str:
    note = gettext("version %(number)s") % {"number": version}
    numbered = [row.seq for row in rows if row.seq.isdigit()]
    if not numbered:
        return note
    span = gettext("no. %(first)s–%(last)s") % {
        "first": numbered[0],
        "last": numbered[-1],
    }
    return pgettext("two short notes", "%(first)s, %(second)s") % {
        "first": note,
        "second": span,
    }


def _payments_note(shown: int, total: int) -> str:
    if shown == total:
        return ngettext("%(n)s payment", "%(n)s payments", total) % {"n": total}
    return gettext("the last %(shown)s of %(total)s") % {
        "shown": shown,
        "total": total,
    }


@dataclass(frozen=True)
class AheadSheet:
    """The page of a loan that is not paid out yet: its terms, and nothing owed."""

    loan_id: int
    customer_id: int
    name: str
    number: str
    facts: Sequence[str]
    paid_out_on: date
    date_note: str


def _date_note(asked: str, shown: date) -> str:
    """What to say when the day shown is not the one the address asks for."""
    asked_day = read_day(asked)
    if not asked or asked_day == shown:
        return ""
    day = numbers.day_text(shown, language=get_language() or "zh-hans")
    if asked_day is None:
        note = gettext("“%(asked)s” is no date; the latest, %(shown)s, is shown.")
        return note % {"asked": asked[:40], "shown": day}
    note = gettext("%(asked)s is not closed yet; the latest, %(shown)s, is shown.")
    return note % {"asked": asked_day, "shown": day}


def _page(
    loan_id: int, *, asked: date | None, open_on: date, scope: Scope
) -> queries.LoanPage | queries.LoanTermsLine:
    """The page of the closed day that is asked for, else the loan as it stands."""
    try:
        if asked is not None and asked < open_on:
            return queries.loan_page(loan_id, as_of=asked, scope=scope)
        return queries.loan_now(loan_id, open_on=open_on, scope=scope)
    except UserError as error:
        said = error.say(get_language() or "zh-hans")
        raise NotFound("loan_not_then", said, loan=loan_id, as_of=asked) from error


def loan_page(
    loan_id: int, *, query: QueryDict, open_on: date | None, scope: Scope
) -> LoanSheet | AheadSheet:
    """The page of one loan as of the closed day the address names, else as it stands.

    It stands on the last closed day, or on the open one once something happened to it
    there. NotFound outside the scope, before the loan was paid out or its product had
    terms, and while there is no business date.
    """
    if open_on is None:
        raise NotFound("no_closed_day", gettext("No day has been closed yet."))
    asked = read_day(query.get("as_of", ""))
    page = _page(loan_id, asked=asked, open_on=open_on, scope=scope)
    if isinstance(page, queries.LoanTermsLine):
        return _ahead(page, _date_note(query.get("as_of", ""), open_on))
    return _sheet(page, query, past=asked is not None and asked < open_on)


def _ahead(terms: queries.LoanTermsLine, note: str) -> AheadSheet:
    return AheadSheet(
        loan_id=terms.loan_id,
        customer_id=terms.customer_id,
        name=terms.name,
        number=terms.number,
        facts=_facts(terms),
        paid_out_on=terms.disbursed_on,
        date_note=note,
    )


def _sheet(page: queries.LoanPage, query: QueryDict, *, past: bool) -> LoanSheet:
    """Everything of one page in words."""
    state, rows = page.state, plan.plan_rows(page.state, page.policy, dict(page.kinds))
    every = query.get("plan") == "all"
    shown = rows if every else plan.around_today(rows)
    payments = _payments(page)
    whole = query.get("payments") == "all"
    listed = payments if whole else payments[:PAYMENTS_SHOWN]
    return LoanSheet(
        loan_id=page.terms.loan_id,
        customer_id=page.terms.customer_id,
        as_of=page.as_of,
        is_latest=not past,
        date_note=_date_note(query.get("as_of", ""), page.as_of),
        currency=page.terms.currency,
        name=page.terms.name,
        number=page.terms.number,
        status=state.status,
        status_word=status_word(state.status),
        facts=_facts(page.terms),
        state=state,
        parts=[Part(component_word(part), state.overdue[part]) for part in _SUM],
        beside=beside.notes(page.loan, page.policy, state),
        payoff=page.payoff.total,
        per_day=page.per_day,
        strip=_strip(page.months),
        plan=shown,
        plan_note=_plan_note(page.schedule, shown),
        plan_size=len(rows),
        plan_cut=len(shown) < len(rows),
        plan_all=every and len(rows) > plan.ROWS_SHOWN,
        has_fee=any(row.fee for row in rows),
        payments=listed,
        payments_note=_payments_note(len(listed), len(payments)),
        payments_cut=len(listed) < len(payments),
        why_question=_question(state),
        why=_why(state.derivation),
        changes=_changes(page.changes),
        policy_from=page.policy.begins_on,
    )
