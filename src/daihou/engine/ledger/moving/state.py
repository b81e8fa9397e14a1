"""What one loan on a moving plan holds: rows, charges, entries and money over."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from daihou.engine.ledger.moving.stretches import Stretches
from daihou.engine.ledger.moving.terms import COMPONENTS, PlanTerms

# Entries that bring money to the loan, however it is named.
MONEY_IN = frozenset(
    {
        "repayment",
        "down_payment",
        "goodwill_credit",
        "merchant_issued_refund",
        "payout_refund",
        "interest_payment_waiver",
        "interest_refund",
        "charge_adjustment",
        "charge_payment",
        "recovery_repayment",
    }
)
# Entries that say what was earned or moved; they touch no row.
MEMO = frozenset({"accrual", "accrual_adjustment", "accrual_activity", "waive_charge"})


def nothing() -> dict[str, int]:
    """Return zero of every component."""
    return dict.fromkeys(COMPONENTS, 0)


@dataclass(slots=True, eq=False)
class Row:
    """One line of the schedule while it lives: due, paid and waived by component."""

    begins: date
    due: date
    owed: dict[str, int] = field(default_factory=nothing)
    paid: dict[str, int] = field(default_factory=nothing)
    waived: dict[str, int] = field(default_factory=nothing)
    credited: dict[str, int] = field(default_factory=nothing)
    early: int = 0
    late: int = 0
    met_on: date | None = None
    down_payment: bool = False
    additional: bool = False
    re_aged: bool = False

    def left(self, component: str) -> int:
        """Return what is unpaid of a component."""
        return self.owed[component] - self.paid[component] - self.waived[component]

    @property
    def outstanding(self) -> int:
        """Everything unpaid."""
        return sum(self.left(each) for each in COMPONENTS)

    @property
    def total(self) -> int:
        """Everything due."""
        return sum(self.owed.values())

    @property
    def total_paid(self) -> int:
        """Everything paid."""
        return sum(self.paid.values())

    @property
    def open(self) -> bool:
        """Tell whether something is unpaid."""
        return self.outstanding != 0

    def pay(self, component: str, amount: int, on: date) -> int:
        """Pay up to `amount` of a component; return what was taken."""
        part = min(amount, max(0, self.left(component)))
        if part:
            self.paid[component] += part
            if on < self.due:
                self.early += part
            elif on > self.due:
                self.late += part
        self.met_on = None if self.open else (self.met_on or on)
        return part

    def unpay(self, component: str, amount: int, on: date) -> int:
        """Take back up to `amount` of what was paid; return what was taken."""
        part = min(amount, self.paid[component])
        self.paid[component] -= part
        if on < self.due:
            self.early = max(0, self.early - part)
        elif on > self.due:
            self.late = max(0, self.late - part)
        self.check(on)
        return part

    def check(self, on: date) -> None:
        """Note since when everything is paid, if it is."""
        if self.open:
            self.met_on = None
        elif self.met_on is None:
            self.met_on = on

    def clear(self) -> None:
        """Forget all amounts; a replay fills them again."""
        for amounts in (self.owed, self.paid, self.waived, self.credited):
            amounts.update(nothing())
        self.early = self.late = 0
        self.met_on = None


@dataclass(slots=True, eq=False)
class Charge:
    """A fee or penalty charge; `due` None: at disbursement or with each instalment."""

    number: int
    name: str
    penalty: bool
    when: str
    calculation: str
    rate: Decimal
    submitted_on: date
    seq: int
    due: date | None = None
    amount: int = 0
    paid: int = 0
    waived: int = 0
    active: bool = True
    disbursement: int | None = None  # the entry whose money it is taken from
    of: "Charge | None" = None  # the agreed charge, of one taken with each tranche
    parts: dict[date, int] = field(default_factory=dict)  # by due date: instalments
    parts_paid: dict[date, int] = field(default_factory=dict)

    @property
    def at_once(self) -> bool:
        """Tell whether it is taken from the money paid out."""
        return self.when in ("disbursement", "tranche_disbursement")

    @property
    def component(self) -> str:
        """The component it adds to."""
        return "penalty" if self.penalty else "fee"

    @property
    def left(self) -> int:
        """What is unpaid of it."""
        return self.amount - self.paid - self.waived

    @property
    def effective_on(self) -> date:
        """The day from which it counts."""
        return self.due or self.submitted_on


@dataclass(slots=True, eq=False)
class Entry:
    """One thing that happened to the loan, and where its money went."""

    number: int
    seq: int
    kind: str
    on: date
    amount: int
    parts: dict[str, int] = field(default_factory=nothing)
    over: int = 0  # money nobody owed
    reversed_on: date | None = None
    placed: bool = False  # its money has been put on rows before
    replayed: bool = False
    balance: int = 0
    of: "Entry | None" = None  # a chargeback's payment, a refund's interest
    charge: Charge | None = None
    details: dict[str, object] = field(default_factory=dict)
    shares: list[tuple[Row, str, int]] = field(default_factory=list)

    @property
    def live(self) -> bool:
        """Tell whether it still counts."""
        return self.reversed_on is None


@dataclass(slots=True, eq=False)
class Variation:
    """A change of the contract: new_rate, pause, new_due, extra, grace."""

    kind: str
    on: date
    seq: int
    value: Decimal | date | int | None = None
    live: bool = True


@dataclass(slots=True, eq=False)
class State:
    """One loan as it is replayed."""

    terms: PlanTerms
    start: date
    rows: list[Row] = field(default_factory=list)
    plan: Stretches | None = None
    over: int = 0
    entries: list[Entry] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    variations: list[Variation] = field(default_factory=list)
    charged_off: bool = False
    terminated: bool = False
    reshaped: bool = False
    expected: bool = False  # laid out for money that is only expected
    interest_refunded: int = 0
    done: list[Entry] = field(default_factory=list)
    closing: bool = False

    @property
    def normal(self) -> list[Row]:
        """Rows that are neither down payments nor additional."""
        return [
            each for each in self.rows if not each.down_payment and not each.additional
        ]

    @property
    def first_begins(self) -> date | None:
        """The beginning of the first normal row."""
        rows = self.normal
        return rows[0].begins if rows else None

    def sort(self) -> None:
        """Put rows in order of their due dates, down payments in their place."""
        late = self.terms.progressive  # a later disbursement follows what is due
        self.rows.sort(key=lambda row: (row.due, row.down_payment is late))

    def live(self, *kinds: str) -> Iterator[Entry]:
        """Yield the entries in force, of some kinds only if any are given."""
        for each in self.entries:
            if each.live and (not kinds or each.kind in kinds):
                yield each

    def covers(self, row: Row, day: date) -> bool:
        """Tell whether something due on `day` belongs to this row."""
        if row.down_payment:
            return False
        first = row.begins == self.first_begins and not row.additional
        return (date.min if first else row.begins) < day <= row.due

    def extra_row(self, due: date) -> Row:
        """Return the one row after the last instalment, due at least on a day."""
        row = next((each for each in self.rows if each.additional), None)
        if row is None:
            row = Row(self.normal[-1].due, due, additional=True)
            self.rows.append(row)
        row.due = max(row.due, due)
        return row
