"""The facts of classification out of PostgreSQL and yesterday's classes, as arrays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Final

import adbc_driver_postgresql.dbapi as adbc
import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar.classification import ClassBook, EventRows
from daihou.columnar.classification.book import DAY, NO_CLASS, NO_DAY
from daihou.columnar.classification.coins import CNY, number_of
from daihou.engine.classification.codes import BY_CODE, Event, Guarantee, Sign
from daihou.nightly.grading.security import security_of
from daihou.nightly.stores.facts import REGISTER_VERSION_SQL
from daihou.tables.grades import HAPPENED, OF_DEBTOR, Fact

Connection = psycopg.Connection[Any]
Array = np.ndarray[Any, Any]
STATIC_SQL: Final = """
select l.id as loan_id, l.customer_id, c.kind = 'person' as is_retail,
       l.guarantee_kind, l.period_unit, l.currency
from ledger_loan l join ledger_customer c on c.id = l.customer_id
"""
FACTS_SQL: Final = """
select loan_id, customer_id, kind, begins_on, content, known_on from grading_fact
where known_on <= %(on)s and begins_on <= %(on)s
  and (ends_on is null or ends_on > %(on)s or ended_known_on > %(on)s)
order by begins_on, id
"""
_SIGNS: Final[Mapping[Fact, Sign]] = {
    Fact(each.code): each for each in Sign if each.code in set(Fact)
} | {Fact.TECHNICAL_OVERDUE: Sign.TECHNICAL_OVERDUE | Sign.TECHNICAL_EVIDENCE}
_EVENTS: Final = {each.code: each for each in Event}


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact as of a day; `content` plain JSON, amounts in minor units.

    `known_on`: the first day whose run reads it.
    """

    loan_id: int
    customer_id: int
    kind: str
    begins_on: date
    content: Mapping[str, Any]
    known_on: date


@dataclass(frozen=True, slots=True)
class Static:
    """What does not change from day to day, by loan; sorted by `loan_id`."""

    loan_id: Array
    customer_id: Array
    is_retail: Array
    guarantee: Array
    period_months: Array
    period_days: Array
    currency: Array

    def take(self, loan_id: Array) -> "Static":
        """The rows of these loans, every one of which is here."""
        places = np.searchsorted(self.loan_id, loan_id)
        assert (self.loan_id[places] == loan_id).all()
        return Static(
            *(getattr(self, name)[places] for name in Static.__dataclass_fields__)
        )


@dataclass(frozen=True, slots=True)
class Day:
    """The open loans at the end of a day, sorted by `loan_id`."""

    loan_id: Array
    dpd: Array
    arrears: Array
    balance: Array
    late_instalments: Array

    def take(self, places: Array) -> "Day":
        """The rows at these places."""
        return Day(*(getattr(self, n)[places] for n in Day.__dataclass_fields__))


@dataclass(frozen=True, slots=True)
class Before:
    """What the last run found of some loans; -1 and NaT where it saw none."""

    asset_class: Array
    causes: Array
    since: Array
    cleared_on: Array
    missed_on: Array
    dpd: Array
    arrears: Array
    late_instalments: Array
    observed_until: Array = field(default_factory=lambda: np.zeros(0, DAY))


def day_of(positions: pa.Table) -> Day:
    """The open loans of a closed day's positions (tables.positions)."""
    open_ = positions.filter(pc.equal(positions["status"], "active"))
    return Day(
        loan_id=open_["loan_id"].to_numpy(),
        dpd=open_["dpd"].to_numpy(),
        arrears=open_["overdue_total"].to_numpy(),
        balance=open_["outstanding_total"].to_numpy(),
        late_instalments=open_["late_instalments"].to_numpy(),
    )


POSITION_COLUMNS: Final = (
    *("loan_id", "dpd", "overdue_total", "outstanding_total", "late_instalments"),
    "status",
)


def days_column(column: pa.ChunkedArray) -> Array:
    """A column of dates as days, NaT where there is none."""
    numbers = column.cast(pa.int32())
    found: Array = pc.fill_null(numbers, 0).to_numpy().astype(np.int64).astype(DAY)
    if column.null_count:
        found[column.is_null().to_numpy()] = NO_DAY
    return found


def read_all(url: str) -> Static:
    """Every loan there is."""
    with adbc.connect(url) as link, link.cursor() as cursor:
        cursor.execute(STATIC_SQL + " order by l.id")
        return _static(cursor.fetch_arrow_table())


@dataclass(slots=True)
class StaticStore:
    """Every loan, kept in this process for as long as no row changes."""

    url: str
    _held: Static | None = None
    _version: list[tuple[Any, ...]] = field(default_factory=list)

    def current(self, connection: Connection) -> Static:
        """Every loan there is; looked at before it is read, so never too new."""
        version = connection.execute(REGISTER_VERSION_SQL).fetchall()
        if self._held is None or version != self._version:
            self._held, self._version = None, version  # make room first
            self._held = read_all(self.url)
        return self._held


def read_some(connection: Connection, where: str, ids: Array) -> Static:
    """The loans whose `where` (a column of the statement) is among `ids`."""
    assert where in ("l.id", "l.customer_id"), where
    rows = connection.execute(
        f"{STATIC_SQL} where {where} = any(%s) order by l.id", (ids.tolist(),)
    ).fetchall()
    kinds = {
        "loan_id": pa.int64(),
        "customer_id": pa.int64(),
        "is_retail": pa.bool_(),
        "guarantee_kind": pa.string(),
        "period_unit": pa.string(),
        "currency": pa.string(),
    }
    columns = list(zip(*rows, strict=True)) or [()] * len(kinds)
    return _static(
        pa.table(
            {
                name: pa.array(column, kind)
                for (name, kind), column in zip(kinds.items(), columns, strict=True)
            }
        )
    )


def _static(table: pa.Table) -> Static:
    said = pc.fill_null(table["guarantee_kind"].cast(pa.string()), "")
    words = said.combine_chunks().dictionary_encode()
    kinds = [int(security_of(each)) for each in words.dictionary.to_pylist()]
    unsecured = [int(Guarantee.UNSECURED)]  # so that an empty book has a kind too
    guarantee = np.array(kinds or unsecured, np.int8)[words.indices.to_numpy()]
    unit = table["period_unit"].cast(pa.string())
    coins = table["currency"].cast(pa.string()).combine_chunks().dictionary_encode()
    numbers = [number_of(each) for each in coins.dictionary.to_pylist()]

    def length(**units: int) -> Array:
        made = np.zeros(table.num_rows, np.int16)
        for name, many in units.items():
            made[pc.equal(unit, name).to_numpy(zero_copy_only=False)] = many
        return made

    return Static(
        loan_id=table["loan_id"].to_numpy(),
        customer_id=table["customer_id"].to_numpy(),
        is_retail=table["is_retail"].to_numpy(zero_copy_only=False).astype(np.bool_),
        guarantee=guarantee,
        period_months=length(months=1),
        period_days=length(weeks=7, days=1),
        currency=np.array(numbers or [CNY], np.int32)[coins.indices.to_numpy()],
    )


def read_facts(connection: Connection, *, on: date) -> list[FactRow]:
    """Every fact that is so at the end of `on`, as it was known then."""
    rows = connection.execute(FACTS_SQL, {"on": on}).fetchall()
    return [FactRow(*row) for row in rows]


def class_book(
    day: Day,
    static: Static,
    before: Before,
    facts: Sequence[FactRow],
    *,
    as_of: date,
) -> ClassBook:
    """The book that classification reads; every argument has the same loans in order.

    `cleared_on` and `missed_on` follow from how the loan stood the day before.
    """
    cleared_on, missed_on = seen(day, before, as_of=as_of)
    columns: dict[str, Any] = {
        "loan_id": day.loan_id,
        "customer_id": static.customer_id,
        "currency": static.currency,
        "balance": day.balance,
        "arrears": day.arrears,
        "dpd": day.dpd,
        "is_retail": static.is_retail,
        "guarantee": static.guarantee,
        "period_months": static.period_months,
        "period_days": static.period_days,
        "cleared_on": cleared_on,
        "missed_on": missed_on,
        "previous_class": before.asset_class,
        "previous_causes": before.causes,
        "previous_since": before.since,
    }
    told, events = _told(facts, static)
    return ClassBook.of(columns | told, EventRows.of(events))


def seen(day: Day, before: Before, *, as_of: date) -> tuple[Array, Array]:
    """Since when nothing is late, and when a payment was last missed."""
    today = np.datetime64(as_of, "D")
    late = (day.dpd > 0) | (day.arrears > 0)
    was_late = (before.dpd > 0) | (before.arrears > 0)
    missed = missed_now(day, before)
    cleared = np.where(~late & was_late, today, before.cleared_on)
    cleared = np.where(late, NO_DAY, cleared)
    return cleared, np.where(missed, today, before.missed_on)


def missed_now(day: Day, before: Before) -> Array:
    """Which loans missed a payment that they had not missed the day before."""
    more = day.late_instalments > before.late_instalments
    return np.asarray((day.dpd > 0) & (more | (before.dpd == 0)))


def _told(
    facts: Iterable[FactRow], static: Static
) -> tuple[dict[str, Array], list[tuple[Any, ...]]]:
    """What people said of the loans: columns, and the events of restructured ones."""
    size = len(static.loan_id)
    told: dict[str, Array] = {
        "signs": np.zeros(size, np.int32),
        "expected_loss": np.full(size, -1, np.int64),
        "market_late": np.zeros(size, np.int64),
        "market_total": np.zeros(size, np.int64),
        "acquired_on": np.full(size, NO_DAY, DAY),
        "judged_class": np.full(size, NO_CLASS, np.int8),
        "upgrade_to": np.full(size, NO_CLASS, np.int8),
        "upgrade_on": np.full(size, NO_DAY, DAY),
    }
    events: list[tuple[Any, ...]] = []
    order = np.argsort(static.customer_id, kind="stable")
    debtors = static.customer_id[order]
    for fact in facts:
        if Fact(fact.kind) in OF_DEBTOR:
            first, last = (
                int(np.searchsorted(debtors, fact.customer_id, side))
                for side in ("left", "right")
            )
            places = order[first:last]
        else:
            places = _place(fact, static)
        if len(places):
            _tell(fact, places, told, events)
    return told, events


def _place(fact: FactRow, static: Static) -> Array:
    place = int(np.searchsorted(static.loan_id, fact.loan_id))
    here = place < len(static.loan_id) and static.loan_id[place] == fact.loan_id
    return np.array([place] if here else [], np.int64)


def _tell(
    fact: FactRow, places: Array, told: dict[str, Array], events: list[tuple[Any, ...]]
) -> None:
    """Add one fact; of several of a kind that lowers, the worst counts until it ends."""
    kind, content = Fact(fact.kind), fact.content
    if kind in HAPPENED:
        events += [_event(fact, int(place)) for place in places]
    elif kind in _SIGNS:
        told["signs"][places] |= np.int32(_SIGNS[kind])
    elif kind is Fact.EXPECTED_LOSS:
        told["expected_loss"][places] = np.maximum(
            told["expected_loss"][places], content["amount"]
        )
    elif kind is Fact.MARKET:
        _tell_market(content, places, told)
    elif kind is Fact.ACQUIRED:
        told["acquired_on"][places] = np.datetime64(fact.begins_on, "D")
    elif kind is Fact.JUDGED:
        judged = int(BY_CODE[content["to"]])
        told["judged_class"][places] = np.maximum(told["judged_class"][places], judged)
    else:
        assert kind is Fact.UPGRADE, kind
        told["upgrade_to"][places] = int(BY_CODE[content["to"]])
        told["upgrade_on"][places] = np.datetime64(fact.begins_on, "D")
        told["signs"][places] |= np.int32(Sign.ABLE_TO_PAY)  # one of its three proofs


def _tell_market(
    content: Mapping[str, Any], places: Array, told: dict[str, Array]
) -> None:
    """What is late at all banks; a debtor's loans all hold the same share."""
    late, total = told["market_late"], told["market_total"]
    first = places[0]
    held = _share(int(late[first]), int(total[first]))
    if _share(content["late"], content["total"]) >= held:
        late[places], total[places] = content["late"], content["total"]


def _share(part: int, whole: int) -> Fraction:
    return Fraction(part, whole) if whole else Fraction(0)


def _event(fact: FactRow, place: int) -> tuple[Any, ...]:
    content = fact.content
    first = content.get("first_due_on")
    return (
        place,
        int(_EVENTS[fact.kind]),
        fact.begins_on,
        None if first is None else date.fromisoformat(first),
        int(content.get("period_months", 0)),
        int(content.get("period_days", 0)),
    )
