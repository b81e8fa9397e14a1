"""The overdue ledger 逾期台账 as of one closed day: filtered, sorted, totalled."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.kit import currencies
from daihou.kit.kept import Kept
from daihou.kit.ladder import on_ladder
from daihou.kit.paging import Paging, paging
from daihou.kit.ports import BookReader
from daihou.kit.scope import Scope
from daihou.rooms.ledger.pages.ordering import Numbers, first_places, keys
from daihou.rooms.ledger.pages.wish import CHOSEN, SORTS, Wish
from daihou.rooms.ledger.queries import register
from daihou.rooms.ledger.queries.register import Register, carrying, limited

COLUMNS = [
    "loan_id",
    "dpd",
    "bucket",
    "overdue_principal",
    "overdue_interest",
    "overdue_fee",
    "overdue_penalty",
    "overdue_compound",
    "overdue_total",
    "outstanding_principal",
    "oldest_unpaid_due_on",
    "late_instalments",
    "times_late",
    "worst_dpd",
    "next_due_on",
    "status",
]
WORDS = ("number", "name", "product", "branch", "officer", "currency")
AMOUNTS = (
    "overdue_total",
    "principal",
    "interest",
    "extras",
    "outstanding",
    "penalty",
    "compound",
    "fee",
)

# What was made of a day holds for as long as its fingerprint and the register do.
_OF_DAYS: Kept[pa.Table] = Kept(4)
_OF_EYES: Kept["Late"] = Kept(16)


@dataclass(frozen=True)
class Totals:
    """Sums over a list of one currency, in minor units, and how many loans it has."""

    loans: int
    overdue_total: int
    principal: int
    interest: int
    extras: int
    outstanding: int
    penalty: int
    compound: int
    fee: int


@dataclass(frozen=True)
class Ledger:
    """One page of rows of one currency, the totals of the whole list, the choices."""

    as_of: date
    currency: str
    fingerprint: str
    rows: Sequence[Mapping[str, object]]
    total: Totals
    paging: Paging
    choices: Mapping[str, Sequence[str]]
    view_counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class Late:
    """The overdue loans of one day and currency that somebody may see, all of them.

    They stand in order of their ids, in one piece. The last two are filled as asked.
    """

    loans: pa.Table
    choices: dict[str, Sequence[str]]
    view_counts: dict[tuple[object, ...], int]
    ranks: dict[str, Numbers]  # where a column of words stands in its order


def overdue_loans(reader: BookReader, as_of: date, book: Register) -> pa.Table:
    """Every overdue loan of that day, in every currency, with its words."""
    positions = reader.read(
        as_of, columns=COLUMNS, filters=pc.field("overdue_total") > 0
    )
    positions = on_ladder(positions)
    words = book.of(positions["loan_id"].to_numpy())
    extras = pc.add(
        pc.add(positions["overdue_penalty"], positions["overdue_compound"]),
        positions["overdue_fee"],
    )
    first_late = pc.equal(positions["oldest_unpaid_due_on"], words["first_due_on"])
    return pa.table(
        {
            "loan_id": positions["loan_id"],
            **{name: words[name] for name in WORDS},
            "first_late": pc.fill_null(first_late, fill_value=False),
            "dpd": positions["dpd"],
            "bucket": positions["bucket"],
            "overdue_total": positions["overdue_total"],
            "principal": positions["overdue_principal"],
            "interest": positions["overdue_interest"],
            "extras": extras,
            "penalty": positions["overdue_penalty"],
            "compound": positions["overdue_compound"],
            "fee": positions["overdue_fee"],
            "outstanding": positions["outstanding_principal"],
            "oldest_due_on": positions["oldest_unpaid_due_on"],
            "late_instalments": positions["late_instalments"],
            "times_late": positions["times_late"],
            "worst_dpd": positions["worst_dpd"],
            "next_due_on": positions["next_due_on"],
            "status": positions["status"].dictionary_encode(),
        }
    )


def mark_new(reader: BookReader, loans: pa.Table, before: date | None) -> pa.Table:
    """Add the column `fresh`: late on this day and not on the closed day before."""
    if before is None:
        fresh = pa.array([False] * loans.num_rows, pa.bool_())
    else:
        late = reader.read(before, columns=["loan_id"], filters=pc.field("dpd") > 0)
        fresh = pc.and_(
            pc.invert(pc.is_in(loans["loan_id"], late["loan_id"].combine_chunks())),
            pc.greater(loans["dpd"], 0),
        )
    return loans.append_column("fresh", fresh)


def _late_of(
    reader: BookReader,
    days: tuple[date, date | None],
    prints: tuple[str, str],
    *,
    scope: Scope,
    currency: str,
) -> Late:
    """What one person sees of a day, kept: neither a day nor the register changes."""
    book = register()
    key = (days, prints, book.mark)

    def whole() -> pa.Table:
        return mark_new(reader, overdue_loans(reader, days[0], book), days[1])

    def part() -> Late:
        loans = _OF_DAYS.get(key, whole)
        loans = loans.filter(limited(loans, scope, currency=currency)).combine_chunks()
        return Late(loans, choices(loans), {}, {})

    return _OF_EYES.get((*key, scope, currency), part)


def _says(loans: pa.Table, text: str) -> pa.ChunkedArray:
    found = [
        pc.match_substring(loans[column], text, ignore_case=True)
        for column in ("number", "name")
    ]
    return pc.or_(*found)


def fitting(
    loans: pa.Table,
    wish: Wish,
    *,
    currency: str,
    labelled: Mapping[str, Sequence[int]],
) -> pa.ChunkedArray | None:
    """Which rows, all of one currency, fit every condition; None: all of them."""
    masks = [
        carrying(loans[column], [value])
        for column, value in wish.equal.items()
        if value
    ]
    if wish.buckets:
        masks.append(pc.is_in(loans["bucket"], pa.array(wish.buckets)))
    if wish.least:
        least = math.ceil(wish.least * 10 ** currencies.digits(currency))
        masks.append(pc.greater_equal(loans["overdue_total"], least))
    if wish.text:
        masks.append(_says(loans, wish.text))
    if wish.flag:
        masks.append(loans[wish.flag])
    if wish.label:
        carriers = pa.array(labelled.get(wish.label, ()), pa.int64())
        masks.append(pc.is_in(loans["loan_id"], carriers))
    for mask in masks[1:]:
        masks[0] = pc.and_(masks[0], mask)
    return masks[0] if masks else None


def _count(
    late: Late, view: Wish, *, currency: str, labelled: Mapping[str, Sequence[int]]
) -> int:
    """How many loans a view shows; counted once, but for labels: they change."""
    counted = late.view_counts.get(view.narrows)
    if counted is not None and not view.label:
        return counted
    mask = fitting(late.loans, view, currency=currency, labelled=labelled)
    count = late.loans.num_rows if mask is None else pc.sum(mask).as_py() or 0
    late.view_counts[view.narrows] = count
    return int(count)


def places_of(late: Late, asked: "Asked", *, currency: str) -> Numbers:
    """The places of the rows that fit, in order of their loans."""
    mask = fitting(late.loans, asked.wish, currency=currency, labelled=asked.labelled)
    if asked.only is not None:
        named = pc.is_in(late.loans["loan_id"], pa.array(asked.only, pa.int64()))
        mask = named if mask is None else pc.and_(mask, named)
    if mask is None:
        return np.arange(late.loans.num_rows)
    return np.flatnonzero(np.asarray(pc.fill_null(mask, fill_value=False)))


def in_order(late: Late, places: Numbers, sort: str, *, count: int) -> Numbers:
    """The first `count` of these rows as asked; ties by loan, so that pages never
    overlap. The rest is not sorted: a page shows fifty rows of a hundred thousand."""
    column, descending = SORTS[sort.lstrip("-")], sort.startswith("-")
    by = keys(late.loans[column], descending=descending, kept=late.ranks, name=column)
    return places[first_places(by[places], count)]


def totals(loans: pa.Table, places: Numbers) -> Totals:
    """Sums over the rows at these places."""
    every = len(places) == loans.num_rows
    sums = {}
    for name in AMOUNTS:
        amounts = loans[name].to_numpy()
        sums[name] = int((amounts if every else amounts[places]).sum())
    return Totals(loans=len(places), **sums)


def choices(loans: pa.Table) -> dict[str, Sequence[str]]:
    """What can be chosen: the branches, products, states and officers of overdue loans."""
    return {
        column: sorted(value for value in pc.unique(loans[column]).to_pylist() if value)
        for column in CHOSEN
    }


@dataclass(frozen=True)
class Asked:
    """What is asked of a day: conditions, views to count, page; `labelled` gives the
    loans that carry each label, `only` keeps these loans of what fits."""

    wish: Wish
    views: Mapping[str, Wish]
    page: str | None = None
    whole: bool = False
    labelled: Mapping[str, Sequence[int]] = field(default_factory=dict)
    only: Sequence[int] | None = None


def ledger(
    reader: BookReader,
    *,
    as_of: date,
    before: date | None,
    prints: Mapping[date, str],
    asked: Asked,
    scope: Scope,
    currency: str,
) -> Ledger:
    """The page of the ledger that an address asks for; `whole` gives every row.

    `prints` are the fingerprints of closed days, as the reader told them.
    """
    late = _late_of(
        reader,
        (as_of, before),
        (prints[as_of], prints[before] if before else ""),
        scope=scope,
        currency=currency,
    )
    labelled = asked.labelled
    places = places_of(late, asked, currency=currency)
    cut = paging(asked.page, total=len(places), size=asked.wish.size)
    count = len(places) if asked.whole else cut.stop
    ordered = in_order(late, places, asked.wish.sort, count=count)
    shown = late.loans.take(pa.array(ordered if asked.whole else ordered[cut.start :]))
    return Ledger(
        as_of=as_of,
        currency=currency,
        fingerprint=prints[as_of],
        rows=shown.to_pylist(),
        total=totals(late.loans, places),
        paging=cut,
        choices=late.choices | {"label": _labels_there(late, labelled)},
        view_counts={
            name: _count(late, view, currency=currency, labelled=labelled)
            for name, view in asked.views.items()
        },
    )


def _labels_there(late: Late, labelled: Mapping[str, Sequence[int]]) -> Sequence[str]:
    """The labels that loans on this list carry; those of others are not told."""
    if not labelled:
        return ()
    ours = late.loans["loan_id"]
    return [
        word
        for word, ids in labelled.items()
        if pc.any(pc.is_in(pa.array(ids, pa.int64()), ours.combine_chunks())).as_py()
    ]


def nearest(dates: Sequence[date], asked: date | None) -> date | None:
    """The closed date to show: the one asked for, else the last one before it.

    None when no day is closed. Asked before the first closed day: the first.
    """
    if not dates:
        return None
    if asked is None:
        return dates[-1]
    at = int(np.searchsorted(np.array(dates, "M8[D]"), np.datetime64(asked), "right"))
    return dates[max(0, at - 1)]
