"""The only reader of what was found of the caps, and the question for one loan."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Sum

from daihou.engine.basics.money import NANO
from daihou.engine.caps.claim import check_claim
from daihou.engine.caps.lpr import LprTable
from daihou.engine.caps.price import check_price
from daihou.engine.caps.rules import CapRules
from daihou.engine.caps.terms import Term, terms
from daihou.engine.caps.values import (
    Charge,
    Claim,
    ClaimAnswer,
    Lending,
    Price,
    PriceAnswer,
    Stretch,
)
from daihou.engine.ledger.values import Loan, LoanState
from daihou.engine.rulebook.law import Lawbook
from daihou.engine.rulebook.policy import Component, Mode
from daihou.kit.scope import EVERYTHING, Scope
from daihou.packs import lpr, products
from daihou.rooms.caps.models import CapRun, Finding
from daihou.rooms.caps.states import NOT_ASSERTED, OVER
from daihou.rooms.ledger import door as ledger
from daihou.rooms.rulebooks import door as rulebooks

PACK: Final = "cn"  # the caps are those of Chinese law; other packs name none
MOST_COUNTED: Final = 10_000


@dataclass(frozen=True, slots=True)
class RunLine:
    """The last look at the whole book."""

    as_of: date
    positions: str
    rules: str
    law: str
    over: int
    not_asserted: int
    changed: int
    at: datetime


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One loan of the list; rates are shares a year, amounts minor units."""

    loan_id: int
    number: str
    name: str
    branch: str
    product: str
    disbursed_on: date
    standing: str
    licence: str
    cap: Decimal | None
    all_in: Decimal
    excess: Decimal
    multiple_above: bool
    doubted: bool
    above: int
    currency: str


@dataclass(frozen=True, slots=True)
class CapSum:
    """How many loans stand so in one currency, and what of them is above."""

    standing: str
    currency: str
    loans: int
    above: int


@dataclass(frozen=True, slots=True)
class Caps:
    """The caps of every kind of lender, and the product's multiple for lateness."""

    law: Lawbook
    lpr: LprTable
    terms: tuple[Term, ...]
    multipliers: Mapping[str, Decimal]
    own: str  # what a loan is lent as that says nothing itself

    @property
    def digest(self) -> str:
        """The same caps, the same digest."""
        told = (self.terms, sorted(self.multipliers.items()), self.own)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which loans of the list; empty does not narrow."""

    standing: str = OVER
    text: str = ""
    currency: str = ""


_RUN = tuple(RunLine.__dataclass_fields__)
_LINE = (
    *("loan_id", "loan__external_id", "loan__customer__name", "loan__branch"),
    *("loan__product", "loan__disbursed_on", "standing", "licence", "cap", "all_in"),
    *("excess", "multiple_above", "doubted", "above", "currency"),
)


def applies() -> bool:
    """Whether the law of this lender names caps that are kept here."""
    return rulebooks.jurisdiction() == PACK


def rates() -> LprTable:
    """The loan prime rates: the lender's own list, else the one that ships."""
    return lpr.known(settings.DAIHOU_HOME / "lpr" / f"{PACK}.yaml")


def caps(on: date) -> Caps:
    """The caps as they were decided by a business date."""
    law, table = rulebooks.lawbook(on), rates()
    multipliers = {
        name: policy.penalty.multiplier
        for name, policy in products.policies(on=on).items()
    }
    return Caps(law, table, _terms(law, table), multipliers, rulebooks.licence())


_known: dict[tuple[str, str], tuple[Term, ...]] = {}


def _terms(law: Lawbook, table: LprTable) -> tuple[Term, ...]:
    """The caps of every licence; the last ones are kept, for the round asks often."""
    key = (law.digest, table.digest)
    if key not in _known:
        licences = law.packs[PACK].licences
        found = (terms(law, table, licence=each) for each in licences)
        _known.clear()
        _known[key] = tuple(chain(*found))
    return _known[key]


def last_run() -> RunLine | None:
    """The last look at the book; None before the first."""
    row = CapRun.objects.order_by("-id").values_list(*_RUN).first()
    return RunLine(*row) if row else None


def sums_now() -> list[list[Any]]:
    """Standing, currency, branch, loans and what is above, for a run to keep."""
    rows = Finding.objects.order_by("standing", "currency", "loan__branch")
    named = rows.values_list("standing", "currency", "loan__branch")
    found = named.annotate(loans=Count("pk"), amount=Sum("above"))
    return [[*names, loans, int(amount)] for *names, loans, amount in found]


def sums(*, scope: Scope) -> Sequence[CapSum]:
    """Loans and what is above by standing and currency.

    As the last run kept them by branch; counted anew for who sees a part of a branch.
    """
    kept = CapRun.objects.order_by("-id").values_list("sums", flat=True).first()
    if kept is None or any(way.products or way.officers for way in scope.ways):
        return _counted(scope)
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for standing, currency, branch, loans, above in kept:
        if scope.allows(branch):
            had = found.get((standing, currency), (0, 0))
            found[standing, currency] = (had[0] + loans, had[1] + above)
    return [CapSum(*key, *value) for key, value in found.items()]


def _counted(scope: Scope) -> Sequence[CapSum]:
    rows = scope.limit(Finding.objects.all(), by="loan__branch")
    grouped = (
        rows.order_by("standing", "currency")
        .values_list("standing", "currency")
        .annotate(loans=Count("pk"), amount=Sum("above"))
    )
    return [CapSum(*row) for row in grouped]


def _chosen(wish: Wish, scope: Scope) -> Any:
    rows = scope.limit(Finding.objects.all(), by="loan__branch")
    rows = rows.filter(standing=wish.standing)
    if wish.currency:
        rows = rows.filter(currency=wish.currency)
    if wish.text:
        rows = rows.filter(loan__external_id__startswith=wish.text)
    return rows


def count(wish: Wish, *, scope: Scope) -> int:
    """How many loans a list has; no further than MOST_COUNTED, which pages suffice."""
    return int(_chosen(wish, scope).order_by()[:MOST_COUNTED].count())


def findings(
    wish: Wish, *, scope: Scope, start: int = 0, stop: int = 50
) -> Sequence[FindingLine]:
    """Loans of a list, the largest amount first, then the largest rate."""
    rows = _chosen(wish, scope).order_by("-above", "-excess", "loan_id")
    return [FindingLine(*row) for row in rows.values_list(*_LINE)[start:stop]]


def findings_after(
    after: int, *, scope: Scope, limit: int, standing: str = ""
) -> Sequence[FindingLine]:
    """Every finding of the scope with a loan's number above `after`, by number."""
    rows = scope.limit(Finding.objects.filter(pk__gt=after), by="loan__branch")
    if standing:
        rows = rows.filter(standing=standing)
    found = rows.order_by("pk").values_list(*_LINE)[:limit]
    return [FindingLine(*row) for row in found]


def finding_of(loan_id: int, *, scope: Scope) -> FindingLine | None:
    """What was found of one loan; None where it keeps its caps, or is closed."""
    found = findings_after(loan_id - 1, scope=scope, limit=1)
    return found[0] if found and found[0].loan_id == loan_id else None


# -- one loan ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Weighed:
    """One loan against its caps: its rates, and all that was ever charged on it.

    `cut_by_us` is what the ledger does not claim by the cap of the product.
    """

    page: ledger.reading.LoanPage
    licence: str
    price: PriceAnswer
    claim: ClaimAnswer | None
    charged: Mapping[Charge, int]

    @property
    def cut_by_us(self) -> Mapping[Charge, int]:
        """By kind of charge, in minor units."""
        over = self.page.state.over_cap
        return {charge: over.get(part, 0) for charge, part in _CHARGES.items()}


def weigh(loan_id: int, *, as_of: date, scope: Scope = EVERYTHING) -> Weighed:
    """Hold a loan against the caps of its day of payout, as it stood on `as_of`.

    NotFound outside the scope. There is no claim where the ledger mirrors another
    system, which does not tell the days of the principal.
    """
    page = ledger.reading.loan_page(loan_id, as_of=as_of, scope=scope)
    licence = page.terms.licence or rulebooks.licence()
    law = rulebooks.lawbook()
    rules = CapRules.of(law, Lending(licence, page.terms.disbursed_on), rates())
    nano = page.loan.penalty_rate_nano
    price = Price(
        rate=page.terms.annual_rate,
        overdue_rate=Decimal(nano) / NANO if nano else None,
    )
    subject = page.terms.number
    charged = charges_of(page.state)
    claim = None
    if page.policy.mode is not Mode.MIRROR:
        told = Claim(
            currency=page.terms.currency,
            stretches=tuple(stretches_of(page.loan, page.state)),
            charges=charged,
            days_in_year=page.policy.penalty.days_in_year,
            first_principal=page.terms.principal,
        )
        claim = check_claim(told, rules, subject=subject, as_of=as_of)
    return Weighed(
        page=page,
        licence=licence,
        price=check_price(price, rules, subject=subject, as_of=as_of),
        claim=claim,
        charged=charged,
    )


_CHARGES: Final = {
    Charge.COMPOUND: Component.COMPOUND,
    Charge.PENALTY: Component.PENALTY,
    Charge.FEE: Component.FEE,
    Charge.INTEREST: Component.INTEREST,
}


def charges_of(state: LoanState) -> Mapping[Charge, int]:
    """All that was charged beside the principal by that day, in minor units.

    Paid, unpaid and cut off by the ledger's own cap; what was waived is not asked for.
    """
    due = [each for each in state.demands if each.due_on <= state.as_of]
    found = {}
    for charge, part in _CHARGES.items():
        paid = sum(each.paid.get(part, 0) for each in state.demands)
        owed = sum(each.unpaid.get(part, 0) for each in due)
        cut = 0
        if part in (Component.PENALTY, Component.COMPOUND):
            cut = state.over_cap.get(part, 0)
        found[charge] = paid + owed + cut
    return found


def stretches_of(loan: Loan, state: LoanState) -> Iterator[Stretch]:
    """The principal that was out, by days, from the payout to the end of `as_of`."""
    paid: dict[date, int] = {}
    for each in state.allocations:
        if each.component == Component.PRINCIPAL:
            paid[each.on] = paid.get(each.on, 0) + each.amount
    left, begins_on = loan.principal, loan.disbursed_on
    for day in sorted(paid):
        if day > begins_on:
            yield Stretch(begins_on, day, left)
            begins_on = day
        left -= paid[day]
    if begins_on < state.as_of:
        yield Stretch(begins_on, state.as_of, left)


__all__ = [
    "NOT_ASSERTED",
    "OVER",
    "CapSum",
    "Caps",
    "FindingLine",
    "RunLine",
    "Weighed",
    "Wish",
    "applies",
    "caps",
    "charges_of",
    "count",
    "finding_of",
    "findings",
    "findings_after",
    "last_run",
    "rates",
    "stretches_of",
    "sums",
    "sums_now",
    "weigh",
]
