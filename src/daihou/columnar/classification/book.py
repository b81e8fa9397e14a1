"""The facts of classification as arrays: one place a claim, in any order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Final

import numpy as np

from daihou.columnar.classification.coins import CNY, number_of
from daihou.engine.classification.codes import Cause, Guarantee, Sign
from daihou.engine.classification.facts import ClassFacts

Array = np.ndarray[Any, Any]
DAY: Final = np.dtype("datetime64[D]")
NO_DAY: Final = np.datetime64("NaT", "D")
NO_CLASS: Final = -1

# name -> (type, what stands where nothing is known)
COLUMNS: Final[Mapping[str, tuple[Any, Any]]] = {
    "loan_id": (np.int64, 0),
    "customer_id": (np.int64, 0),
    "currency": (np.int32, CNY),
    "balance": (np.int64, 0),
    "arrears": (np.int64, 0),
    "dpd": (np.int32, 0),
    "is_retail": (np.bool_, True),
    "guarantee": (np.int8, int(Guarantee.UNSECURED)),
    "signs": (np.int32, 0),
    "expected_loss": (np.int64, -1),
    "market_late": (np.int64, 0),
    "market_total": (np.int64, 0),
    "period_months": (np.int16, 1),
    "period_days": (np.int16, 0),
    "cleared_on": (DAY, NO_DAY),
    "missed_on": (DAY, NO_DAY),
    "acquired_on": (DAY, NO_DAY),
    "judged_class": (np.int8, NO_CLASS),
    "previous_class": (np.int8, NO_CLASS),
    "previous_causes": (np.int32, 0),
    "previous_since": (DAY, NO_DAY),
    "upgrade_to": (np.int8, NO_CLASS),
    "upgrade_on": (DAY, NO_DAY),
}
NEEDED: Final = ("loan_id", "customer_id", "balance", "dpd")
_EVENTS: Final[Mapping[str, Any]] = {
    "loan": np.int64,
    "event": np.int8,
    "happened_on": DAY,
    "first_due_on": DAY,
    "period_months": np.int16,
    "period_days": np.int16,
}


@dataclass(frozen=True, slots=True)
class EventRows:
    """What happened to restructured claims; `loan` is the place in the book."""

    loan: Array
    event: Array
    happened_on: Array
    first_due_on: Array
    period_months: Array
    period_days: Array

    @classmethod
    def of(cls, rows: Iterable[tuple[Any, ...]] = ()) -> "EventRows":
        """Return rows of (place, event, on, first due or None, months, days)."""
        columns = list(zip(*rows, strict=True)) or [()] * len(_EVENTS)
        return cls(
            *(
                _array(column, kind)
                for column, kind in zip(columns, _EVENTS.values(), strict=True)
            )
        )

    def of_places(self, places: Array, size: int) -> "EventRows":
        """Return the rows of the claims at `places`, numbered as they stand there."""
        new = np.full(size, -1, np.int64)
        new[places] = np.arange(len(places))
        kept = new[self.loan] >= 0 if len(self.loan) else np.zeros(0, np.bool_)
        cut = {each.name: getattr(self, each.name)[kept] for each in fields(self)}
        cut["loan"] = new[cut["loan"]]
        return EventRows(**cut)


@dataclass(frozen=True, slots=True)
class ClassBook:
    """All open claims of a lender; the columns say what `ClassFacts` says of one.

    Unknown is -1 (classes, expected loss) or NaT (days). Amounts are minor units
    of `currency` (a number, see `coins`).
    """

    loan_id: Array
    customer_id: Array
    currency: Array
    balance: Array
    arrears: Array
    dpd: Array
    is_retail: Array
    guarantee: Array
    signs: Array
    expected_loss: Array
    market_late: Array
    market_total: Array
    period_months: Array
    period_days: Array
    cleared_on: Array
    missed_on: Array
    acquired_on: Array
    judged_class: Array
    previous_class: Array
    previous_causes: Array
    previous_since: Array
    upgrade_to: Array
    upgrade_on: Array
    events: EventRows = field(default_factory=EventRows.of)

    @classmethod
    def of(
        cls, columns: Mapping[str, Any], events: EventRows | None = None
    ) -> "ClassBook":
        """Return a book of the columns given; the others hold what is usual.

        `loan_id`, `customer_id`, `balance` and `dpd` are needed.
        """
        missing = [name for name in NEEDED if name not in columns]
        assert not missing, missing
        assert columns.keys() <= COLUMNS.keys(), columns.keys() - COLUMNS.keys()
        size = len(columns["loan_id"])
        made = {
            name: _array(columns[name], kind)
            if name in columns
            else np.full(size, usual, kind)
            for name, (kind, usual) in COLUMNS.items()
        }
        assert all(len(each) == size for each in made.values()), "columns differ"
        return cls(**made, events=events or EventRows.of())

    @classmethod
    def of_facts(cls, facts: Iterable[ClassFacts]) -> "ClassBook":
        """Return the book of single facts; loans and customers are numbered."""
        rows = list(facts)
        customers = {each.customer: 0 for each in rows}
        numbers = {name: place for place, name in enumerate(customers)}
        columns: dict[str, list[Any]] = {
            name: [_cell(each, name) for each in rows]
            for name in COLUMNS
            if name not in ("loan_id", "customer_id")
        }
        columns["loan_id"] = list(range(len(rows)))
        columns["customer_id"] = [numbers[each.customer] for each in rows]
        events = EventRows.of(
            (
                place,
                int(one.event),
                one.on,
                one.first_due_on,
                one.period.months,
                one.period.days,
            )
            for place, each in enumerate(rows)
            for one in each.events
        )
        return cls.of(columns, events)

    def __len__(self) -> int:
        """Count the claims."""
        return len(self.loan_id)

    def has(self, sign: Sign) -> Array:
        """Return for each claim whether all these facts are so."""
        return np.asarray((self.signs & np.int32(sign)) == np.int32(sign))

    def take(self, places: Array) -> "ClassBook":
        """Return the claims at `places`, with their events."""
        cut = {name: getattr(self, name)[places] for name in COLUMNS}
        return ClassBook(**cut, events=self.events.of_places(places, len(self)))


def touched(customer_id: Array, changed: Array) -> Array:
    """Return the places of all claims on the customers of the `changed` places.

    A claim can change the class of the debtor's others, never of anybody else's.
    """
    return np.flatnonzero(np.isin(customer_id, np.unique(customer_id[changed])))


def _cell(facts: ClassFacts, name: str) -> Any:
    if name == "period_months":
        return facts.period.months
    if name == "period_days":
        return facts.period.days
    value = getattr(facts, name)
    if name == "currency":
        return number_of(value)
    if isinstance(value, Sign | Cause | Guarantee):
        return int(value)
    if value is None:
        return COLUMNS[name][1]
    return value


def _array(column: Any, kind: Any) -> Array:
    if isinstance(column, np.ndarray):
        return column.astype(kind, copy=False)
    if kind is DAY:
        days = [NO_DAY if each is None else np.datetime64(each, "D") for each in column]
        return np.array(days, DAY)
    return np.array(list(column), kind)


def day(value: date) -> Any:
    """Return a day as the arrays have it."""
    return np.datetime64(value, "D")
