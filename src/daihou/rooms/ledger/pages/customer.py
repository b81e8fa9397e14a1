"""The page of one customer: who, all their loans, what money would do, what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import get_language, gettext

from daihou.engine.basics.errors import MoneyError
from daihou.engine.basics.money import to_major, to_minor
from daihou.engine.ledger.fixed.several import Spread
from daihou.engine.ledger.life.words import say_life
from daihou.kit import currencies, numbers
from daihou.kit.scope import Scope
from daihou.rooms.ledger.pages.customer_words import (
    contact_word,
    document_word,
    gender_word,
    kind_word,
    language_word,
    role_word,
)
from daihou.rooms.ledger.pages.words import channel_word, list_words, status_word
from daihou.rooms.ledger.queries import trials
from daihou.rooms.ledger.queries.customer import ContactLine, CustomerLoan
from daihou.rooms.ledger.queries.customer_whole import (
    Beside,
    CustomerWhole,
    Note,
    Paid,
    Part,
    customer_whole,
)

FRESH = timedelta(days=180)  # how long a way to reach somebody counts as checked
TRIED = Decimal(1000)  # major units, what arrives in the trial unless asked otherwise
_MOST_LOANS = 20  # a trial over more says nothing to a reader
_LIVE = ("active", "written_off")
Chip = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class LoanRow:
    """One loan in words."""

    line: CustomerLoan
    product: str
    branch: str
    status: str


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A way to reach somebody, with how good it is."""

    line: ContactLine
    kind: str
    whose: str
    chip: Chip


@dataclass(frozen=True, slots=True)
class Total:
    """All loans of one currency together, minor units."""

    currency: str
    loans: int
    late: int
    overdue: int
    outstanding: int
    next_due_on: date | None
    next_due_amount: int


@dataclass(frozen=True, slots=True)
class TrialRow:
    """What the money does to one loan; `amount` of it goes there."""

    loan_id: int
    number: str
    amount: int
    dpd: tuple[int, int]
    overdue: tuple[int, int]


@dataclass(frozen=True, slots=True)
class TrialSheet:
    """If so much arrives today: where it goes and why."""

    text: str
    currency: str
    first: str
    choices: Sequence[str]
    amount: int
    rows: Sequence[TrialRow]
    held: int
    because: Sequence[str]
    problem: str


@dataclass(frozen=True, slots=True)
class CustomerSheet:
    """Everything the page draws."""

    whole: CustomerWhole
    facts: Sequence[str]
    document: str
    loans: Sequence[LoanRow]
    closed: Sequence[LoanRow]
    totals: Sequence[Total]
    contacts: Sequence[ContactRow]
    parts: Sequence[tuple[Part, str]]
    beside: Sequence[tuple[Beside, str]]
    payments: Sequence[tuple[Paid, str]]
    attributes: Sequence[tuple[str, object, str]]
    trial: TrialSheet | None
    as_of: date

    @property
    def notes(self) -> Sequence[Note]:
        """What people wrote down."""
        return self.whole.notes

    @property
    def subjects(self) -> Mapping[str, list[int]]:
        """Whose events tell what happened: the customer and their loans."""
        page = self.whole.page
        return {
            "customer": [page.customer_id],
            "loan": [loan.loan_id for loan in page.loans],
        }


def customer_sheet(
    customer_id: int, *, query: Mapping[str, str], scope: Scope, on: date
) -> CustomerSheet:
    """The page of a customer on the open day; NotFound outside the scope."""
    whole = customer_whole(customer_id, scope=scope, on=on)
    words, page = list_words(), whole.page
    rows = [
        LoanRow(
            line,
            words.product(line.product),
            words.branch(line.branch),
            status_word(line.status),
        )
        for line in page.loans
    ]
    live = [row for row in rows if row.line.status in _LIVE]
    return CustomerSheet(
        whole=whole,
        facts=_facts(whole, on),
        document=document_word(whole.traits.id_type),
        loans=sorted(live, key=lambda row: (-(row.line.dpd or 0), row.line.number)),
        closed=[row for row in rows if row.line.status not in _LIVE],
        totals=_totals([row.line for row in live]),
        contacts=[
            ContactRow(
                line,
                contact_word(line.kind),
                role_word(line.owner_role or "self"),
                _quality(line.verified_on, on),
            )
            for line in page.contacts
        ],
        parts=[(part, role_word(part.role)) for part in whole.parts],
        beside=[(each, role_word(each.role)) for each in whole.beside],
        payments=[(paid, channel_word(paid.channel)) for paid in whole.payments],
        attributes=[
            (name, value, f"attribute-{name}")
            for name, value in sorted(whole.traits.attributes.items())
        ],
        trial=_trial([row.line for row in live], query, scope=scope, on=on),
        as_of=on,
    )


def _facts(whole: CustomerWhole, on: date) -> Sequence[str]:
    page, traits = whole.page, whole.traits
    age = _age(traits.birth_on, on)
    income = ""
    if traits.annual_income:
        income = gettext("%(amount)s a year") % {
            "amount": numbers.money_text(
                traits.annual_income, currency=currencies.NO_BOOK
            )
        }
    facts = [
        kind_word(page.kind),
        gender_word(traits.gender),
        gettext("%(years)s years old") % {"years": age} if age is not None else "",
        language_word(traits.language) if traits.language else "",
        page.region,
        page.industry,
        page.employer,
        income,
    ]
    return [fact for fact in facts if fact]


def _age(birth_on: date | None, on: date) -> int | None:
    if birth_on is None or birth_on > on:
        return None
    had = (on.month, on.day) >= (birth_on.month, birth_on.day)
    return on.year - birth_on.year - (0 if had else 1)


def _quality(verified_on: date | None, on: date) -> Chip:
    """How good a way to reach somebody is: checked lately, long ago, or never."""
    if verified_on is None:
        return ("mute", "ring", gettext("Not checked"))
    if on - verified_on <= FRESH:
        return ("good", "tick", gettext("Checked"))
    return ("warn", "half", gettext("Checked long ago"))


def _totals(loans: Sequence[CustomerLoan]) -> Sequence[Total]:
    found = []
    for currency in sorted({loan.currency for loan in loans}):
        mine = [loan for loan in loans if loan.currency == currency]
        days = [loan.next_due_on for loan in mine if loan.next_due_on]
        first = min(days, default=None)
        found.append(
            Total(
                currency=currency,
                loans=len(mine),
                late=sum(1 for loan in mine if loan.dpd),
                overdue=sum(loan.overdue_total or 0 for loan in mine),
                outstanding=sum(loan.outstanding_total or 0 for loan in mine),
                next_due_on=first,
                next_due_amount=sum(
                    loan.next_due_amount or 0
                    for loan in mine
                    if first is not None and loan.next_due_on == first
                ),
            )
        )
    return found


def _trial(
    loans: Sequence[CustomerLoan], query: Mapping[str, str], *, scope: Scope, on: date
) -> TrialSheet | None:
    """Of one currency: the one asked for, else that of the first loan."""
    open_now = [loan for loan in loans if loan.disbursed_on <= on]
    known = sorted({loan.currency for loan in open_now})
    if not known:
        return None
    asked = query.get("currency", "")
    currency = asked if asked in known else known[0]
    mine = [loan for loan in open_now if loan.currency == currency][:_MOST_LOANS]
    choices = [loan.number for loan in mine]
    first = query.get("first", "")
    first = first if first in choices else ""
    text = query.get("arrives", "").strip()[:30]
    amount, problem = int(TRIED * to_minor(1, currency)), ""
    if text:
        try:
            amount = to_minor(text.replace(",", ""), currency)
        except MoneyError as error:
            problem = error.say(get_language() or "zh-hans")
    shown = text or f"{to_major(amount, currency):f}"
    rows: list[TrialRow] = []
    held, because = 0, list[str]()
    if not problem:
        spread = trials.spread(
            [loan.loan_id for loan in mine],
            amount=amount,
            on=on,
            scope=scope,
            designated=[first] if first else [],
        )
        if isinstance(spread, Spread):
            rows, held, because = _rows(spread, mine), spread.held, _because(spread)
        else:
            problem = spread.say(get_language() or "zh-hans")
    return TrialSheet(
        text=shown,
        currency=currency,
        first=first,
        choices=choices if len(choices) > 1 else [],
        amount=amount,
        rows=rows,
        held=held,
        because=because,
        problem=problem,
    )


def _rows(spread: Spread, loans: Sequence[CustomerLoan]) -> list[TrialRow]:
    ids = {loan.number: loan.loan_id for loan in loans}
    found = []
    for share in spread.shares:
        tried = share.preview
        if tried is None:
            continue
        found.append(
            TrialRow(
                loan_id=ids[share.number],
                number=share.number,
                amount=share.amount,
                dpd=(tried.before.dpd, tried.after.dpd),
                overdue=(tried.before.overdue_total, tried.after.overdue_total),
            )
        )
    return found


def _because(spread: Spread) -> list[str]:
    language = get_language() or "zh-hans"
    return [str(say_life(line, language)) for line in spread.because]
