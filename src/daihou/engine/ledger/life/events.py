"""What happens to a loan, one event each: the day it happened, when it was recorded.

An event is told once and never changed; a mistake is told by another event (a
Reversal of money, an Undo of anything). Amounts are minor units, rates yearly shares.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from daihou.engine.ledger.life.errors import LifeError
from daihou.engine.ledger.terms import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened on a day and was recorded at an instant (with offset)."""

    event_id: int
    happened_on: date
    recorded_at: datetime

    def __post_init__(self) -> None:
        """Check what only a program can get wrong."""
        assert self.event_id > 0, self.event_id
        assert self.recorded_at.tzinfo is not None, self.recorded_at


# --- Money -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Disbursement(Event):
    """More money lent under the contract: the rows to come are worked out anew."""

    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReceived(Event):
    """Money from the borrower, placed by the order of allocation."""

    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DownPayment(Event):
    """Money the borrower brings in at the start."""

    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery(Event):
    """Money that comes in after the loan was written off (核销后收回)."""

    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepayment(Event):
    """提前还款: money beyond what is due, and what becomes of the rows to come.

    `effect`: reduce_instalment (as many rows, smaller), shorten_term (as large,
    fewer) or keep (the product's habit for money in advance). Interest earned so far
    in the running period stays owed with the next row.
    """

    amount: int
    effect: str = "reduce_instalment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund(Event):
    """Money given back to the borrower: held credit first, then newest money first."""

    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal(Event):
    """冲正: from this day on the money of event `of` is as if it had never come."""

    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chargeback(Event):
    """Money of event `of` taken back by the payer's bank; it counted until today.

    `amount` None: the whole of it. What a settlement at a discount gave up stays
    given up; a Reversal takes back that too.
    """

    of: int
    amount: int | None = None


# --- Charges and what is given up --------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge(Event):
    """A fee: `amount` flat, or `share` of a base known that day, due on `due_on`.

    `base`: principal (all that is outstanding), overdue (all that is late). An
    overdue fee is a charge on `overdue`. `due_on` None: that day.
    """

    amount: int = 0
    share: Decimal | None = None
    base: str = "principal"
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverGranted(Event):
    """减免: an amount of one component given up, oldest demand first.

    `amount` None: all that is left of it and due, or of instalment `seq`.
    """

    component: str
    amount: int | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PenaltyAdjustment(Event):
    """Penalty made smaller (negative: given up) or larger (a charge of that day)."""

    amount: int


# --- The plan made anew ------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension(Event):
    """展期: the principal not yet due is spread over `periods` more periods.

    What is overdue stays overdue. `annual_rate` None: as before.
    """

    periods: int
    annual_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reschedule(Event):
    """重组: the principal left in new rows, by new terms or as `rows` state them.

    `arrears` True moves what is overdue too (principal into the balance, interest and
    fees evenly over the new rows); False leaves it due. None: as before. Rows given
    state all of the principal and interest that is moved.
    """

    periods: int = 0
    first_due_on: date | None = None
    annual_rate: Decimal | None = None
    method: str | None = None
    rows: tuple[Row, ...] = ()
    arrears: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReAge(Event):
    """重整账龄: all that is owed in `periods` new rows; lateness begins anew.

    Penalty and compound that had arisen stay owed (`penalty` keep) or are given up
    (waive). Lateness by the rows before is kept beside it as `dpd_original`.
    """

    periods: int
    first_due_on: date
    annual_rate: Decimal | None = None
    penalty: str = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReAmortise(Event):
    """重新摊还: what is overdue is spread over the rows to come, dates unchanged."""

    penalty: str = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChange(Event):
    """调息: another yearly rate, from that day or the next due date (`begins`).

    `keep` term works the instalment out anew; instalment keeps it and lets the term
    run longer or shorter. `penalty_rate` None: the new rate times the multiplier.
    """

    annual_rate: Decimal
    begins: str = "day"
    keep: str = "term"
    penalty_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDayChange(Event):
    """改还款日: the rows to come fall due from `first_due_on` on, as many as before."""

    first_due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestPause(Event):
    """停息: the days after this one, up to `until`, bear no interest.

    `penalty` True: no penalty or compound either.
    """

    until: date
    penalty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DelinquencyPause(Event):
    """停计逾期: days up to, not including, `until` do not count (None: no end)."""

    until: date | None = None


# --- The end ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTermination(Event):
    """解除合同, 宣布提前到期: all principal and the interest earned fall due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeOff(Event):
    """Given up as an asset; the debt stays owed.

    `behaviour`: regular (rows unchanged), zero_interest (no interest from then on),
    accelerate_maturity (everything falls due).
    """

    behaviour: str = "regular"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOff(Event):
    """核销: off the books, the claim kept (账销案存)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementAtDiscount(Event):
    """减免结清: this much money closes the loan; the rest is given up.

    What is given up: compound first, then penalty, fee, interest, principal.
    """

    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Event):
    """债权转让: the claim belongs to somebody else from that day on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(Event):
    """撤销: from this day on event `of` is as if it had never been."""

    of: int


MONEY_IN = (
    *(PaymentReceived, DownPayment, Recovery, Prepayment),
    SettlementAtDiscount,
)
TAKES_BACK = (Reversal, Undo)
# What a person may send, by its name in files; the order is the order of one day.
KINDS: Mapping[str, type[Event]] = MappingProxyType(
    {
        "disbursement": Disbursement,
        "charge": Charge,
        "waiver": WaiverGranted,
        "penalty_adjustment": PenaltyAdjustment,
        "rate_change": RateChange,
        "interest_pause": InterestPause,
        "due_day_change": DueDayChange,
        "extension": Extension,
        "reschedule": Reschedule,
        "re_age": ReAge,
        "re_amortise": ReAmortise,
        "contract_termination": ContractTermination,
        "charge_off": ChargeOff,
        "settlement_at_discount": SettlementAtDiscount,
        "prepayment": Prepayment,
        "payment": PaymentReceived,
        "down_payment": DownPayment,
        "recovery": Recovery,
        "refund": Refund,
        "chargeback": Chargeback,
        "delinquency_pause": DelinquencyPause,
        "write_off": WriteOff,
        "transfer": Transfer,
        "reversal": Reversal,
        "undo": Undo,
    }
)
_PLACE = {kind: place for place, kind in enumerate(KINDS.values())}
_NAMES = {kind: name for name, kind in KINDS.items()}


def kind_of(event: Event) -> str:
    """Return the name of an event's kind in files."""
    return _NAMES[type(event)]


def place_of(event: Event) -> tuple[date, int, int]:
    """Return the place of an event in the life: its day, its kind, its id."""
    return (event.happened_on, _PLACE[type(event)], event.event_id)


def check_positive(event: Event, amount: int) -> None:
    """Raise LifeError unless an event's amount is more than zero."""
    if amount <= 0:
        raise LifeError("amount", event=event.event_id, amount=amount)


def check_later(event: Event, field: str, value: date | None, *, than: date) -> date:
    """Return a day an event names, or raise LifeError unless it is later."""
    if value is None or value <= than:
        raise LifeError(
            "dates", event=event.event_id, field=field, value=value, on=than
        )
    return value


def check_count(event: Event, field: str, value: int, *, high: int) -> None:
    """Raise LifeError unless a number of periods lies from 1 to `high`."""
    if not 1 <= value <= high:
        raise LifeError(
            "count",
            event=event.event_id,
            field=field,
            value=value,
            low=1,
            high=high,
        )
