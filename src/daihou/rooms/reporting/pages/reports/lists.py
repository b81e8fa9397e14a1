"""Reports that name loans or customers: late, restructured, written off, largest."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from daihou.kit.ladder import BUCKETS
from daihou.rooms.grading import door as grading
from daihou.rooms.reporting.pages.reports.desk import CLASSES, Desk, plain
from daihou.rooms.reporting.pages.reports.movement import state_words
from daihou.rooms.reporting.pages.reports.report import (
    SHARE,
    Column,
    Kind,
    Table,
    Value,
    made,
    rounded,
    share,
)
from daihou.rooms.reporting.pages.reports.stock import active, basis
from daihou.rooms.reporting.queries.reports.money import paid_after

_BALANCE = "outstanding_principal"
MOST_ROUND = 6  # 一手…六手: six and more instalments are one
LARGEST = 100  # customers that are named
_TOPS = (1, 10, 20, 50)


def _who() -> list[Column]:
    """Whose loan it is, as the register says today."""
    return [
        Column("number", _("Loan number"), Kind.LOAN),
        Column("name", _("Customer"), Kind.NAME, stays=False),
        Column("branch", _("Branch"), Kind.BRANCH, stays=False),
        Column("product", _("Product"), Kind.PRODUCT, stays=False),
        Column("officer", _("Officer"), Kind.TEXT, stays=False),
    ]


def round_words() -> Mapping[str, str]:
    """The words of the rounds by the number of instalments overdue (V26)."""
    rounds = {
        "1": pgettext("collection round", "Round 1"),
        "2": pgettext("collection round", "Round 2"),
        "3": pgettext("collection round", "Round 3"),
        "4": pgettext("collection round", "Round 4"),
        "5": pgettext("collection round", "Round 5"),
        "6": pgettext("collection round", "Round 6 and more"),
    }
    return {"0": "–", **rounds}


def overdue(desk: Desk) -> Sequence[Table]:
    """Every loan with something overdue on a day, the latest first (V1)."""
    columns = [
        *("bucket", "dpd", "asset_class", "overdue_principal", "overdue_interest"),
        *("overdue_fee", "overdue_penalty", "overdue_compound", "overdue_total"),
        *(_BALANCE, "oldest_unpaid_due_on", "late_instalments", "status"),
    ]
    found = desk.read(desk.wish.as_of, columns, filters=pc.field("overdue_total") > 0)
    if desk.wish.bucket in BUCKETS:
        found = found.filter(pc.equal(found["bucket"], desk.wish.bucket))
    found = found.sort_by(
        [
            ("dpd", "descending"),
            ("overdue_total", "descending"),
            ("loan_id", "ascending"),
        ]
    )
    late = np.minimum(found["late_instalments"].to_numpy(), MOST_ROUND)
    found = found.append_column("round", pa.array(late).cast(pa.string()))
    shown = [
        *_who(),
        Column("bucket", _("Bucket"), Kind.BUCKET),
        Column("dpd", _("Days past due"), Kind.DAYS),
        Column("round", _("Collection round"), Kind.WORD, words=round_words()),
        Column("asset_class", _("Class"), Kind.CLASS),
        Column("overdue_total", _("Overdue amount"), Kind.MONEY, sums=True),
        Column("overdue_principal", _("Principal"), Kind.MONEY, sums=True),
        Column("overdue_interest", _("Interest"), Kind.MONEY, sums=True),
        Column("overdue_penalty", _("Penalty"), Kind.MONEY, sums=True),
        Column("overdue_compound", _("Compound"), Kind.MONEY, sums=True),
        Column("overdue_fee", _("Fee"), Kind.MONEY, sums=True),
        Column(_BALANCE, _("Outstanding principal"), Kind.MONEY, sums=True),
        Column("oldest_unpaid_due_on", _("Oldest unpaid"), Kind.DAY),
        Column("late_instalments", _("Instalments overdue"), Kind.COUNT),
        Column("status", _("Status"), Kind.WORD, words={**state_words(), **_active()}),
    ]
    return [
        Table(
            "overdue",
            _("Overdue loans"),
            shown,
            plain(found),
            ids="loan_id",
            note=_(
                "The round is the number of instalments overdue, one to six; it is not"
                " the hand of an agency."
            ),
        )
    ]


def _active() -> Mapping[str, str]:
    return {"active": pgettext("loan status", "Active")}


def restructured(desk: Desk) -> Sequence[Table]:
    """Loans restructured by a day, as it was known then, with how they stand."""
    on = desk.wish.as_of
    known = {each.loan_id: each for each in grading.restructured(on=on)}
    columns = ["bucket", "dpd", "asset_class", "overdue_total", _BALANCE, "status"]
    inside = pc.field("loan_id").isin(pa.array(sorted(known), pa.int64()))
    found = active(desk.read(on, columns, filters=inside))
    found = found.sort_by([(_BALANCE, "descending"), ("loan_id", "ascending")])
    ids = found["loan_id"].to_pylist()
    found = plain(found)
    for name, kind in (("first_on", pa.date32()), ("last_on", pa.date32())):
        days = [getattr(known[each], name) for each in ids]
        found = found.append_column(name, pa.array(days, kind))
    times = pa.array([known[each].times for each in ids], pa.int64())
    found = found.append_column("times", times)
    running = active(desk.read(on, ["status", _BALANCE], words=()))
    whole = int(pc.sum(running[_BALANCE]).as_py() or 0)
    balance = int(pc.sum(found[_BALANCE]).as_py() or 0)
    shown = [
        *_who(),
        Column("first_on", _("First restructured on"), Kind.DAY),
        Column("last_on", _("Last restructured on"), Kind.DAY),
        Column("times", _("Times"), Kind.COUNT),
        Column("asset_class", _("Class"), Kind.CLASS),
        Column("dpd", _("Days past due"), Kind.DAYS),
        Column("overdue_total", _("Overdue amount"), Kind.MONEY, sums=True),
        Column(_BALANCE, _("Balance"), Kind.MONEY, sums=True),
    ]
    ratio: list[dict[str, Value]] = [
        {"what": "r", "part": balance, "whole": whole, "rate": share(balance, whole)}
    ]
    words = {"r": _("Restructured ÷ all loans")}
    return [
        Table(
            "restructured",
            _("Restructured loans"),
            shown,
            found,
            ids="loan_id",
            problem=_twice(found),
        ),
        _ratio(words, ratio),
    ]


def _twice(found: pa.Table) -> str:
    """What is wrong where a loan restructured again is in no bad class."""
    again = pc.and_(
        pc.greater(found["times"], 1), pc.is_in(found["asset_class"], _good())
    )
    loans = int(pc.sum(pc.fill_null(again, fill_value=False)).as_py() or 0)
    if not loans:
        return ""
    words: str = _(
        "%(n)s loans were restructured more than once and are in no bad class."
    ) % {"n": loans}
    return words


def _good() -> pa.Array:
    return pa.array(CLASSES[:2])


def _ratio(words: Mapping[str, str], rows: Sequence[dict[str, Value]]) -> Table:
    return made(
        "ratio",
        _("Ratios"),
        [
            Column("what", _("Figure"), Kind.WORD, words=words),
            Column("part", pgettext("of a ratio", "Part"), Kind.MONEY),
            Column("whole", pgettext("of a ratio", "Whole"), Kind.MONEY),
            Column("rate", pgettext("of a ratio", "Ratio"), Kind.SHARE),
        ],
        rows,
    )


def written_off(desk: Desk) -> Sequence[Table]:
    """Loans written off by a day, and the money that came on them since (账销案存)."""
    on = desk.wish.as_of
    is_lost = pc.field("status") == "written_off"
    found = desk.read(on, [_BALANCE, "dpd", "status"], filters=is_lost)
    more = desk.more(found["loan_id"].to_numpy())
    found = plain(found.append_column("off_on", more["closed_on"]))
    found = found.sort_by([(_BALANCE, "descending"), ("loan_id", "ascending")])
    ids: list[int] = found["loan_id"].to_pylist()
    days: list[date | None] = found["off_on"].to_pylist()
    since = {loan: day for loan, day in zip(ids, days, strict=True) if day}
    paid = paid_after(since, until=on)
    cash = [paid.get(loan, (0, None))[0] for loan in ids]
    last = [paid.get(loan, (0, None))[1] for loan in ids]
    owed: list[int] = found[_BALANCE].to_pylist()
    found = found.append_column("cash", pa.array(cash, pa.int64()))
    found = found.append_column("last_on", pa.array(last, pa.date32()))
    whole = sum(owed) + sum(cash)
    shown = [
        *_who(),
        Column("off_on", _("Written off on"), Kind.DAY),
        Column(_BALANCE, _("Still claimed"), Kind.MONEY, sums=True),
        Column("cash", _("Cash since"), Kind.MONEY, sums=True),
        Column("last_on", _("Last cash on"), Kind.DAY),
    ]
    ratio: list[dict[str, Value]] = [
        {
            "what": "r",
            "part": sum(cash),
            "whole": whole,
            "rate": share(sum(cash), whole),
        }
    ]
    words = {"r": _("Cash since ÷ (cash since + still claimed)")}
    return [
        Table(
            "written_off",
            _("Written-off loans"),
            shown,
            found,
            ids="loan_id",
            note=_("The claim stays and is followed up; cash counts after the day."),
        ),
        _ratio(words, ratio),
    ]


def exposures(desk: Desk) -> Sequence[Table]:
    """The customers who owe most on a day, and how much of the book they are."""
    columns = [_BALANCE, "dpd", "asset_class", "status", "overdue_total"]
    found = active(desk.read(desk.wish.as_of, columns, words=()))
    whose = desk.customers(found["loan_id"].to_numpy())
    classed = pc.fill_null(pc.index_in(found["asset_class"], pa.array(CLASSES)), -1)
    data = pa.table(
        {
            "customer_id": whose,
            "loan_id": found["loan_id"],
            "balance": found[_BALANCE],
            "overdue": found["overdue_total"],
            "dpd": found["dpd"],
            "class": classed,
        }
    )
    grouped = data.group_by("customer_id").aggregate(
        [
            *((name, "sum") for name in ("balance", "overdue")),
            *((name, "max") for name in ("dpd", "class")),
            *(("loan_id", each) for each in ("count", "min")),
        ]
    )
    ordered = grouped.sort_by(
        [("balance_sum", "descending"), ("customer_id", "ascending")]
    )
    balances = ordered["balance_sum"].to_numpy()
    whole = int(balances.sum())
    top = ordered.slice(0, LARGEST)
    named = pc.is_in(data["customer_id"], top["customer_id"].combine_chunks())
    return [
        replace(
            _largest(desk, top, whole),
            loans=data["loan_id"].filter(named).to_pylist(),
        ),
        _concentration(balances, whole),
    ]


def _largest(desk: Desk, top: pa.Table, whole: int) -> Table:
    ids = top["loan_id_min"].to_numpy()
    words, more = desk.words(ids, ("name", "branch")), desk.more(ids)
    so_far = np.cumsum(top["balance_sum"].to_numpy())
    classes = pa.array(CLASSES).take(
        pa.array([None if at < 0 else at for at in top["class_max"].to_pylist()]).cast(
            pa.int32()
        )
    )
    data = pa.table(
        {
            "customer_id": top["customer_id"],
            "customer": more["customer_number"],
            "name": words["name"],
            "branch": words["branch"],
            "loans": top["loan_id_count"],
            "balance": top["balance_sum"],
            "share": _shares(top["balance_sum"].to_pylist(), whole),
            "so_far": _shares(so_far.tolist(), whole),
            "overdue": top["overdue_sum"],
            "dpd": top["dpd_max"],
            "class": classes,
        }
    )
    return Table(
        "exposures",
        _("Largest exposures by customer"),
        [
            Column("customer", _("Customer number"), Kind.CUSTOMER),
            Column("name", _("Customer"), Kind.NAME, stays=False),
            Column("branch", _("Branch"), Kind.BRANCH, stays=False),
            Column("loans", _("Loans"), Kind.COUNT, sums=True),
            Column("balance", _("Balance"), Kind.MONEY, sums=True),
            Column("share", _("Share of the balance"), Kind.SHARE),
            Column("so_far", _("Share so far"), Kind.SHARE),
            Column("overdue", _("Overdue amount"), Kind.MONEY, sums=True),
            Column("dpd", _("Days past due"), Kind.DAYS),
            Column("class", _("Worst class"), Kind.CLASS),
        ],
        plain(data),
        ids="customer_id",
        note=_("Running loans that you may see; the first %(n)s customers.")
        % {"n": LARGEST}
        + f" {basis()}",
    )


def _shares(parts: Sequence[int], whole: int) -> pa.Array:
    return pa.array([share(each, whole) for each in parts], SHARE)


def _concentration(
    balances: "np.ndarray[tuple[int], np.dtype[np.int64]]", whole: int
) -> Table:
    words = {str(n): _("The %(n)s largest") % {"n": n} for n in _TOPS}
    words["hhi"] = _("Herfindahl index (sum of the squared shares)")
    rows: list[dict[str, Value]] = [
        {
            "what": str(n),
            "balance": int(balances[:n].sum()),
            "share": share(int(balances[:n].sum()), whole),
        }
        for n in _TOPS
    ]
    squares = sum(each * each for each in balances.tolist())
    rows.append(
        {
            "what": "hhi",
            "balance": whole,
            "share": rounded(Fraction(squares, whole * whole)) if whole else None,
        }
    )
    return made(
        "concentration",
        _("Concentration"),
        [
            Column("what", _("Figure"), Kind.WORD, words=words),
            Column("balance", _("Balance"), Kind.MONEY),
            Column("share", pgettext("figure", "Share"), Kind.SHARE),
        ],
        rows,
    )
