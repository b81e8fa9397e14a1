"""A plan made anew: what is left of the rows and what was agreed give the new rows.

Pure and without history: `life` says what is left on a day and what becomes of it.
Interest earned up to the day is never lent again: it stays owed with the first new
row, and is not part of the balance the new interest runs on.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from daihou.engine.basics.rounding import divide
from daihou.engine.delinquency.dpd import Pauses, paused_days
from daihou.engine.ledger.schedule import remaining
from daihou.engine.ledger.terms import LoanTerms, Row

GIVEN = frozenset({"custom", "statement"})
MOST_PERIODS = 1200


@dataclass(frozen=True, slots=True)
class Coming:
    """A row not yet due: what is left of it, and the period it bears interest for.

    `carried` is the part of its interest that was earned before its period began.
    """

    demand_id: int
    row: Row
    begins: date
    carried: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a plan on a day, before that day's money; minor units.

    `arrears` is what is due and unpaid of principal, interest and fee (seq 0).
    `earned` is the interest of the running period up to the day, not yet paid.
    """

    on: date
    arrears: Row
    coming: tuple[Coming, ...]
    earned: int
    next_seq: int

    @property
    def balance(self) -> int:
        """Principal not yet due."""
        return sum(each.row.principal for each in self.coming)

    @property
    def instalment(self) -> int:
        """What a whole period asks for: the row after the running one, if any."""
        usual = self.coming[min(1, len(self.coming) - 1)].row
        return usual.principal + usual.interest


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row of the new version; see Coming."""

    row: Row
    begins: date
    carried: int = 0


@dataclass(frozen=True, slots=True)
class Deal:
    """By what terms the principal left is paid back from now on.

    None: as the contract has it. `instalment` keeps a level instalment: rows run
    until the balance is gone. `closed` are the days on which nothing falls due.
    """

    periods: int
    first_due_on: date
    annual_rate: Decimal | None = None
    method: str | None = None
    instalment: int | None = None
    due_day: int | None = None
    closed: AbstractSet[date] = frozenset()


def rows_of(
    left: Left, terms: LoanTerms, deal: Deal, *, balance: int, from_on: date
) -> tuple[NewRow, ...]:
    """Return rows that pay `balance` back, with interest from `from_on` on.

    The fees of the rows to come go on with the new rows, place by place; interest
    earned stays with the first.
    """
    if balance:
        rows = remaining(
            terms,
            balance=balance,
            from_on=from_on,
            first_due_on=deal.first_due_on,
            periods=deal.periods,
            annual_rate=deal.annual_rate,
            method=deal.method,
            instalment_minor=deal.instalment,
            last_row="on_term" if deal.instalment is None else "when_paid",
            due_day=deal.due_day,
            first_seq=left.next_seq,
            closed=frozenset(deal.closed),
        )
    else:  # only interest that was earned, or nothing
        rows = (Row(left.next_seq, deal.first_due_on, 0, 0),)
    carried = left.earned if from_on == left.on else 0
    fees = _fees(left, len(rows)) if from_on == left.on else [0] * len(rows)
    made, begins = [], from_on
    for place, row in enumerate(rows):
        own = carried if place == 0 else 0
        full = replace(row, interest=row.interest + own, fee=row.fee + fees[place])
        made.append(NewRow(full, begins, own))
        begins = row.due_on
    return tuple(made)


def _fees(left: Left, count: int) -> list[int]:
    fees = [each.row.fee for each in left.coming]
    rest = fees[count:]
    fees = fees[:count] + [0] * (count - len(fees))
    fees[-1] += sum(rest)
    return fees


def with_arrears(rows: Sequence[NewRow], arrears: Row) -> tuple[NewRow, ...]:
    """Spread overdue interest and fees evenly over rows; the last takes the rest."""
    count = len(rows)
    interest, fee = arrears.interest // count, arrears.fee // count
    made = []
    for place, new in enumerate(rows, 1):
        if place == count:
            interest = arrears.interest - interest * (count - 1)
            fee = arrears.fee - fee * (count - 1)
        row = replace(
            new.row, interest=new.row.interest + interest, fee=new.row.fee + fee
        )
        made.append(replace(new, row=row, carried=new.carried + interest))
    return tuple(made)


def as_given(left: Left, rows: Sequence[Row], *, from_on: date) -> tuple[NewRow, ...]:
    """Return rows stated by an agreement, numbered on; they state all interest."""
    made, begins = [], from_on
    for seq, row in enumerate(rows, left.next_seq):
        made.append(NewRow(replace(row, seq=seq), begins))
        begins = row.due_on
    return tuple(made)


def same_dates(left: Left, **others: object) -> Deal:
    """Return a deal over the due dates that are still to come."""
    first = left.coming[0].row.due_on
    return replace(Deal(len(left.coming), first), **others)  # type: ignore[arg-type]


def shortened(left: Left, terms: LoanTerms, *, balance: int) -> Deal:
    """Return the deal that keeps what a period asks for and needs fewer periods.

    Equal instalments keep the instalment. Equal principal and flat plans keep the
    part of principal; the others have no smaller number of periods to offer.
    """
    if terms.method == "equal_instalment":
        return same_dates(left, instalment=left.instalment)
    count = len(left.coming)
    if terms.method in ("equal_principal", "flat"):
        part = max(each.row.principal for each in left.coming)
        count = min(count, max(1, -(-balance // part)))
    return same_dates(left, periods=count)


def without_free_days(
    rows: Sequence[NewRow], free: Pauses, known: Pauses, *, rounding: str
) -> tuple[NewRow, ...]:
    """Return rows whose own interest counts for the days that are not `free` only.

    Half-open spans; the interest given already leaves out the `known` ones.
    """
    made = []
    for new in rows:
        begins, due = new.begins, new.row.due_on
        whole = (due - begins).days
        before = whole - paused_days(known, begin=begins, end=due)
        after = whole - paused_days(free, begin=begins, end=due)
        own = new.row.interest - new.carried
        if after != before and own > 0:
            own = divide(own * after, before, rounding=rounding)
            row = replace(new.row, interest=new.carried + own)
            new = replace(new, row=row)
        made.append(new)
    return tuple(made)


def without_interest(left: Left) -> tuple[NewRow, ...]:
    """Return the rows to come with no interest but what is earned."""
    return tuple(
        NewRow(
            replace(each.row, interest=0 if place else left.earned),
            each.begins,
            0 if place else left.earned,
        )
        for place, each in enumerate(left.coming)
    )


def all_at_once(left: Left) -> NewRow:
    """Return the row that asks for all principal and the interest earned today.

    Fees of rows to come are not earned and fall away.
    """
    row = Row(left.next_seq, left.on, left.balance, left.earned)
    return NewRow(row, left.on, left.earned)
