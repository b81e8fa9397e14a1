"""The two reports on one customer: the risk they are (V23), and how they behave (V24)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from daihou.engine.classification.codes import AssetClass
from daihou.engine.ledger.errors import LoanError
from daihou.kit import masking, numbers
from daihou.kit.ladder import step
from daihou.kit.scope import Scope
from daihou.rooms.contact import door as contact
from daihou.rooms.ledger import door as ledger
from daihou.rooms.reporting.pages.reports import behaviour
from daihou.rooms.reporting.pages.reports.causes import reason_words
from daihou.rooms.reporting.pages.reports.cells import class_words, language
from daihou.rooms.reporting.pages.reports.document import Document, Section
from daihou.rooms.reporting.queries.reports import customer as queries
from daihou.rooms.reporting.queries.reports.money import paid_on_loans
from daihou.rooms.reporting.queries.reports.reasons import reasons_of

MOST = 20  # loans whose plan is read
KINDS = ("risk", "behaviour")
ON_BOOK = "active"
OFF_BOOK = ("written_off", "transferred")


@dataclass(frozen=True)
class _Known:
    """What both reports read of a customer."""

    who: ledger.reading.Who
    owed: Sequence[ledger.reading.Owed]
    pages: Sequence[ledger.reading.LoanPage]
    loan_ids: Sequence[int]
    numbers: Mapping[int, str]
    currencies: Mapping[int, str]
    states: Mapping[int, str]  # of each loan: active, written_off ...
    as_of: date
    paid: Sequence[tuple[int, date, int]]


@dataclass(frozen=True)
class OfCustomer:
    """A report on a customer, and the loans it speaks of."""

    customer_id: int
    kind: str
    document: Document
    loan_ids: Sequence[int]


def report(customer_id: int, *, kind: str, as_of: date, scope: Scope) -> OfCustomer:
    """A report on a customer at the end of a day; NotFound outside the scope.

    Names and document numbers are masked. `kind` is one of KINDS.
    """
    assert kind in KINDS, kind
    known = _known(customer_id, as_of=as_of, scope=scope)
    titles = {
        "risk": _("Post-loan risk report"),
        "behaviour": _("Customer behaviour report"),
    }
    sections = _behaviour(customer_id, known, scope)
    if kind == "risk":
        sections = [*_risk(customer_id, known), *sections]
    shown = masking.name(known.who.name, kind=known.who.kind)
    about = [
        _("%(name)s, customer %(number)s")
        % {"name": shown, "number": known.who.number},
        _("As of %(day)s") % {"day": as_of.isoformat()},
    ]
    foot = [
        _("Personal data is masked. Only loans the reader may see are counted."),
    ]
    return OfCustomer(
        customer_id,
        kind,
        Document(titles[kind], about, sections, foot),
        known.loan_ids,
    )


def _known(customer_id: int, *, as_of: date, scope: Scope) -> _Known:
    found = ledger.reading.customer_page(customer_id, scope=scope)
    loans = [each for each in found.loans if each.disbursed_on <= as_of]
    pages = []
    for each in loans[-MOST:]:
        try:
            page = ledger.reading.loan_page(each.loan_id, as_of=as_of, scope=scope)
        except LoanError:  # nothing is known of it on that day
            continue
        pages.append(page)
    ids = [each.loan_id for each in loans]
    return _Known(
        who=ledger.reading.who_is(customer_id),
        owed=ledger.reading.owed_by(customer_id, scope=scope),
        pages=pages,
        loan_ids=ids,
        numbers={each.loan_id: each.number for each in loans},
        currencies={each.loan_id: each.currency for each in loans},
        states={each.loan_id: each.status for each in found.loans},
        as_of=as_of,
        paid=paid_on_loans(ids, until=as_of),
    )


def _behaviour(customer_id: int, known: _Known, scope: Scope) -> Sequence[Section]:
    promised = queries.promised(customer_id, on=known.as_of, scope=scope)
    days = [day for _loan, day, _amount in known.paid]
    return [
        behaviour.rhythm_section(behaviour.rhythm(known.pages, as_of=known.as_of)),
        behaviour.pay_day_section(behaviour.pay_day(days)),
        behaviour.channel_section(
            queries.reached(customer_id, known.loan_ids, on=known.as_of, scope=scope)
        ),
        behaviour.promise_section(promised),
    ]


def _risk(customer_id: int, known: _Known) -> Sequence[Section]:
    return [
        _exposure(known),
        _signals(customer_id, known),
        _classes(known),
        _payments(known),
    ]


def _money(amount: int, currency: str) -> str:
    return numbers.money_text(amount, currency=currency)


def _standing(known: _Known) -> Sequence[tuple[str, Sequence[ledger.reading.Owed]]]:
    """What is owed by the state of the loan: that on the book, then what left it."""
    found: dict[str, list[ledger.reading.Owed]] = {ON_BOOK: []}
    for each in known.owed:
        state = known.states.get(each.loan_id, ON_BOOK)
        gone = state if state in OFF_BOOK else ON_BOOK
        found.setdefault(gone, []).append(each)
    return [(state, rows) for state, rows in found.items() if rows]


def _totals(state: str, rows: Sequence[ledger.reading.Owed]) -> list[tuple[str, str]]:
    """What loans of one state come to, by currency."""
    sums: dict[str, list[int]] = {}
    for each in rows:
        row = sums.setdefault(each.currency, [0, 0])
        row[0] += each.outstanding_total
        row[1] += each.overdue_total
    words = {
        "written_off": _("Written off, the claim still stands: owed in all"),
        "transferred": _("Transferred to others: owed in all"),
    }
    facts: list[tuple[str, str]] = []
    for currency, (owed, late) in sorted(sums.items()):
        if state in words:
            facts.append((words[state], _money(owed, currency)))
            continue
        facts += [
            (_("On the book: owed in all"), _money(owed, currency)),
            (_("On the book: overdue amount"), _money(late, currency)),
        ]
    return facts


def _exposure(known: _Known) -> Section:
    """What is owed; a loan written off or sold is no exposure of the book."""
    standing = _standing(known)
    words = ledger.reading.list_words()
    return Section(
        _("Exposure"),
        facts=[fact for each in standing for fact in _totals(*each)],
        heads=(
            _("Loan number"),
            _("Product"),
            _("Status"),
            _("Bucket"),
            _("Days past due"),
            _("Overdue amount"),
            _("Owed in all"),
        ),
        rows=[
            (
                each.number,
                words.product(each.product),
                ledger.reading.status_word(known.states.get(each.loan_id, ON_BOOK)),
                numbers.bucket_word(step(each.dpd)),
                str(each.dpd),
                _money(each.overdue_total, each.currency),
                _money(each.outstanding_total, each.currency),
            )
            for _state, rows in standing
            for each in rows
        ],
        numeric=frozenset({4, 5, 6}),
        empty=_("Nothing is owed on a loan you may see."),
    )


def _signals(customer_id: int, known: _Known) -> Section:
    """What speaks for or against them: plain facts, each with where it comes from."""
    worst = max((each.worst_dpd for each in known.owed), default=0)
    times = sum(each.times_late for each in known.owed)
    said = []
    if worst:
        said.append(
            _(
                "Since the loans were paid out: at worst %(days)s days past due, late"
                " %(times)s times."
            )
            % {"days": worst, "times": times}
        )
    said += [
        _("Loan %(loan)s was written off.") % {"loan": each.number}
        for each in known.owed
        if known.states.get(each.loan_id) == "written_off"
    ]
    known_reasons = reasons_of(known.loan_ids, on=known.as_of)
    words = reason_words()
    said += [
        _("Why loan %(loan)s is late: %(reason)s.")
        % {"loan": known.numbers[loan], "reason": words[reason]}
        for loan, reason in sorted(known_reasons.items())
    ]
    said += [
        _("Known of the person since %(day)s: %(what)s.")
        % {"day": since.isoformat(), "what": contact.flag_word(kind)}
        for kind, since in queries.flagged(customer_id, on=known.as_of)
    ]
    return Section(_("Signals"), sentences=said, empty=_("Nothing stands out."))


def _classes(known: _Known) -> Section:
    words = class_words()

    def word(number: int) -> str:
        return words[AssetClass(number).code] if number >= 0 else numbers.DASH

    rows = [
        (
            numbers.day_text(each.on, language=language()),
            known.numbers.get(each.loan_id, ""),
            word(each.was),
            word(each.becomes),
            each.rule or numbers.DASH,
        )
        for each in queries.classed(known.loan_ids, on=known.as_of)
    ]
    return Section(
        _("History of the class"),
        heads=(
            _("Day"),
            _("Loan number"),
            pgettext("class", "From"),
            pgettext("class", "To"),
            _("Rule"),
        ),
        rows=rows,
        empty=_("The loans were not classified yet."),
    )


LAST_PAYMENTS = 12


def _payments(known: _Known) -> Section:
    rows = [
        (
            numbers.day_text(day, language=language()),
            known.numbers.get(loan, ""),
            _money(amount, known.currencies[loan]),
        )
        for loan, day, amount in reversed(known.paid[-LAST_PAYMENTS:])
    ]
    return Section(
        _("Last payments"),
        heads=(_("Day"), _("Loan number"), _("Amount")),
        rows=rows,
        numeric=frozenset({2}),
        empty=_("No payment has come in."),
    )
