"""The repayment plan of one loan from its contract: integers only, rounded once a row.

Equal instalments are solved exactly over the periods as they are counted: the
instalment is the one number that brings the balance to zero. Every other row is
interest on the balance, rounded once; the last row takes what rounding left over.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from daihou.engine.basics import dates, rounding
from daihou.engine.ledger.errors import TermsError
from daihou.engine.ledger.values import LoanTerms, Row

# A period's interest on one minor unit of balance: numerator, denominator.
Share = tuple[int, int]


def schedule(terms: LoanTerms) -> tuple[Row, ...]:
    """Return the rows of the plan, in order; amounts in minor units.

    The principal of the rows adds up to the principal (statement aside: bills
    come one by one). Raises TermsError naming the field and the way out.
    """
    _check(terms)
    if terms.method in _GIVEN:
        return _given(terms)
    due = due_dates(terms)
    return _METHODS[terms.method](terms, due)


def due_dates(terms: LoanTerms) -> list[date]:
    """Return the due dates: the first as given, the others by whole periods.

    A plan that starts at a month's end keeps to month ends: paid out on the 31st
    and first due on 28 February, it is due on 31 March next.
    """
    first, unit, every = terms.first_due_on, terms.period_unit, terms.every
    day = _anchor_day(terms)
    return [
        first,
        *(
            dates.add_period(first, every * count, unit, day=day)
            for count in range(1, terms.periods)
        ),
    ]


def _anchor_day(terms: LoanTerms) -> int:
    first = terms.first_due_on
    if dates.is_month_end(first):
        return max(first.day, terms.disbursed_on.day)
    return first.day


def _first_is_regular(terms: LoanTerms) -> bool:
    whole = dates.add_period(terms.disbursed_on, terms.every, terms.period_unit)
    return whole == terms.first_due_on


def _shares(terms: LoanTerms, due: list[date]) -> list[Share]:
    """Return each period's interest per unit of balance, as exact fractions."""
    rate, per = terms.annual_rate.as_integer_ratio()
    unit, every, day_count = terms.period_unit, terms.every, terms.day_count
    regular = _first_is_regular(terms)
    shares, start = [], terms.disbursed_on
    for end in due:
        part, year = dates.period_share(
            start, end, day_count, unit=unit, every=every, regular=regular
        )
        shares.append((rate * part, per * year))
        start, regular = end, True
    return shares


def annuity(principal: int, shares: list[Share], *, mode: str) -> int:
    """Return the equal instalment that pays `principal` off, rounded once.

    Exact: with growth g_k = 1 + share_k it is P x g_1...g_n / sum over k of
    g_(k+1)...g_n, kept in integers over the common denominator.
    """
    whole, parts = 1, 0  # the product of growths, and the sum of its tails
    scale = 1
    for part, year in shares:
        grown = year + part
        whole *= grown
        parts = parts * grown + scale * year
        scale *= year
    # Both now stand over the product of all denominators.
    return rounding.divide(principal * whole, parts, rounding=mode)


def _equal_instalment(terms: LoanTerms, due: list[date]) -> tuple[Row, ...]:
    shares = _shares(terms, due)
    given, mode = terms.instalment_minor, terms.rounding
    balance, last = terms.principal_minor, len(due)
    instalment = annuity(balance, shares, mode=mode) if given is None else given
    rows = []
    for seq, (due_on, (part, year)) in enumerate(zip(due, shares, strict=True), 1):
        interest = rounding.divide(balance * part, year, rounding=mode)
        if seq == 1 and given is not None and (given <= interest and last > 1):
            raise TermsError("instalment_minor", value=given, interest=interest)
        principal = max(0, min(instalment - interest, balance))
        if seq == last:
            principal = balance
        rows.append(Row(seq, due_on, principal, interest))
        balance -= principal
        if given is not None and balance == 0 and seq < last:
            raise TermsError(
                "instalment_too_large", value=given, cleared=seq, periods=last
            )
    return tuple(rows)


def _equal_principal(terms: LoanTerms, due: list[date]) -> tuple[Row, ...]:
    return _with_principal(terms, due, _even_parts(terms))


def _interest_only(terms: LoanTerms, due: list[date]) -> tuple[Row, ...]:
    return _with_principal(terms, due, [0] * (len(due) - 1) + [terms.principal_minor])


def _even_parts(terms: LoanTerms) -> list[int]:
    count = terms.periods
    even = rounding.divide(terms.principal_minor, count, rounding=terms.rounding)
    parts, left = [], terms.principal_minor
    for _ in range(count - 1):
        parts.append(min(even, left))
        left -= parts[-1]
    return [*parts, left]


def _with_principal(
    terms: LoanTerms, due: list[date], parts: list[int]
) -> tuple[Row, ...]:
    """Return rows with these parts of principal and interest on the balance."""
    rows, balance = [], terms.principal_minor
    shares = _shares(terms, due)
    for seq, (due_on, (part, year)) in enumerate(zip(due, shares, strict=True), 1):
        interest = rounding.divide(balance * part, year, rounding=terms.rounding)
        rows.append(Row(seq, due_on, parts[seq - 1], interest))
        balance -= parts[seq - 1]
    return tuple(rows)


def _bullet(terms: LoanTerms, due: list[date]) -> tuple[Row, ...]:
    """All principal and interest on the last day, rounded once for the whole term."""
    top, below = 0, 1
    for part, year in _shares(terms, due):
        top, below = top * year + part * below, below * year
    interest = rounding.divide(
        terms.principal_minor * top, below, rounding=terms.rounding
    )
    return (Row(1, due[-1], terms.principal_minor, interest),)


def _flat(terms: LoanTerms, due: list[date]) -> tuple[Row, ...]:
    """等本等息: even principal, and interest on the first principal every period."""
    principal, mode = terms.principal_minor, terms.rounding
    parts, shares = _even_parts(terms), _shares(terms, due)
    return tuple(
        Row(seq, due_on, own, rounding.divide(principal * part, year, rounding=mode))
        for seq, (due_on, own, (part, year)) in enumerate(
            zip(due, parts, shares, strict=True), 1
        )
    )


def _given(terms: LoanTerms) -> tuple[Row, ...]:
    if not terms.rows:
        raise TermsError("rows", method=terms.method)
    before = None
    for row in terms.rows:
        if min(row.principal, row.interest, row.fee) < 0:
            raise TermsError("rows_negative", seq=row.seq)
        if before is not None and row.due_on <= before:
            raise TermsError("rows_order", seq=row.seq, due_on=row.due_on)
        before = row.due_on
    total = sum(row.principal for row in terms.rows)
    if terms.method == "custom" and total != terms.principal_minor:
        raise TermsError("rows_principal", total=total, principal=terms.principal_minor)
    return terms.rows


_METHODS: Mapping[str, Callable[[LoanTerms, list[date]], tuple[Row, ...]]] = (
    MappingProxyType(
        {
            "equal_instalment": _equal_instalment,
            "equal_principal": _equal_principal,
            "interest_only": _interest_only,
            "bullet": _bullet,
            "flat": _flat,
        }
    )
)
_GIVEN = ("custom", "statement")
METHODS = (*_METHODS, *_GIVEN)


def _check(terms: LoanTerms) -> None:
    """Raise TermsError for the first field that cannot be."""
    if terms.principal_minor <= 0:
        raise TermsError("principal_minor", value=terms.principal_minor)
    if not 0 <= terms.annual_rate <= 10:
        raise TermsError("annual_rate", value=terms.annual_rate)
    if not 1 <= terms.periods <= 1200:
        raise TermsError("periods", value=terms.periods)
    if terms.every < 1:
        raise TermsError("every", value=terms.every)
    for name, known in (
        ("method", METHODS),
        ("period_unit", dates.UNITS),
        ("day_count", dates.DAY_COUNTS),
        ("rounding", rounding.MODES),
    ):
        value = getattr(terms, name)
        if value not in known:
            raise TermsError(name, value=value, known=", ".join(known))
    if terms.first_due_on <= terms.disbursed_on:
        raise TermsError(
            "first_due_on",
            value=terms.first_due_on,
            disbursed_on=terms.disbursed_on,
        )
