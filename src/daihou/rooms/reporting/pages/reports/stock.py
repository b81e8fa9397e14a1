"""How the book stands on a day: the ladder, the regulator's ranges, the classes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from urllib.parse import urlencode

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from daihou.engine.metrics.dictionary import metric
from daihou.kit.ladder import BUCKETS
from daihou.rooms.reporting.pages.reports.desk import (
    BAD,
    CLASSES,
    Desk,
    plain,
    summed,
)
from daihou.rooms.reporting.pages.reports.report import (
    Column,
    Kind,
    Table,
    Value,
    made,
    share,
)
from daihou.rooms.rulebooks import door as rulebooks

RANGES_RULE, WHOLE_RULE = "CN-CLS-20", "CN-CLS-21"
_BALANCE = "outstanding_principal"
UNCLASSED = ""
OFFICE = ("branch",)  # the one word a sum by branch needs


def active(table: pa.Table) -> pa.Table:
    """The loans that run: not settled, sold or written off."""
    return table.filter(pc.equal(table["status"], "active"))


def by_branch(title: str = "") -> Column:
    """The column of a branch."""
    return Column("branch", title or _("Branch"), Kind.BRANCH, stays=False)


def basis() -> str:
    """What a balance is here, and why another page may show another one."""
    words: str = _(
        "Balance: outstanding principal alone. The pages of classes and provisions"
        " count all that is owed."
    )
    return words


def stock_columns() -> list[Column]:
    """Loans, balance, its share and what is overdue of it."""
    return [
        Column("loans", _("Loans"), Kind.COUNT, sums=True),
        Column("balance", _("Balance"), Kind.MONEY, sums=True),
        Column("share", _("Share of the balance"), Kind.SHARE),
        Column("overdue", _("Overdue amount"), Kind.MONEY, sums=True),
    ]


def _stock_row(found: Mapping[str, int], whole: int) -> dict[str, Value]:
    balance = found.get(_BALANCE, 0)
    return {
        "loans": found.get("loans", 0),
        "balance": balance,
        "share": share(balance, whole),
        "overdue": found.get("overdue_total", 0),
    }


def _counted(table: pa.Table, by: str) -> dict[str, dict[str, int]]:
    return summed(table, by, [_BALANCE, "overdue_total"])


def ladder(desk: Desk) -> Sequence[Table]:
    """The steps M0 to M6+ on a day, of the whole and branch by branch (Q1)."""
    columns = ["bucket", "dpd", "status", _BALANCE, "overdue_total"]
    book = active(desk.read(desk.wish.as_of, columns, words=OFFICE))
    found = _counted(book, "bucket")
    whole = sum(each[_BALANCE] for each in found.values())
    rows = [
        {"bucket": step, **_stock_row(found.get(step, {}), whole)} for step in BUCKETS
    ]
    late = book.filter(pc.greater(book["dpd"], 0))
    offices, behind = _counted(book, "branch"), _counted(late, "branch")
    office_rows: list[dict[str, Value]] = [
        {
            "branch": code,
            "loans": each["loans"],
            "balance": each[_BALANCE],
            "late_loans": behind.get(code, {}).get("loans", 0),
            "late": behind.get(code, {}).get(_BALANCE, 0),
            "rate": share(behind.get(code, {}).get(_BALANCE, 0), each[_BALANCE]),
        }
        for code, each in sorted(offices.items())
    ]
    rate = metric("overdue_1_amount")
    steps = made(
        "ladder",
        _("By step of the ladder"),
        [Column("bucket", _("Bucket"), Kind.BUCKET), *stock_columns()],
        rows,
        note=_("Running loans; balance is the whole outstanding principal."),
    )
    late_steps = [behind_it(desk, bucket=each) for each in BUCKETS[1:]]
    return [
        replace(steps, links=["", *late_steps]),
        replace(
            _offices(office_rows, rate.id),
            links=[behind_it(desk, branch=str(row["branch"])) for row in office_rows],
        ),
    ]


def behind_it(desk: Desk, **narrower: str) -> str:
    """The overdue ledger of the same day, of the loans behind a row."""
    wish = desk.wish
    asked = {name: value for name, value in wish.equal.items() if value} | narrower
    if "" in asked.values():  # the ledger cannot ask for loans that name none
        return ""
    fixed = {
        "as_of": wish.as_of.isoformat(),
        "status": "active",
        "currency": wish.currency,
    }
    return f"{reverse('ledger:overdue')}?{urlencode(fixed | asked)}"


def _offices(rows: Sequence[Mapping[str, Value]], figure: str) -> Table:
    return made(
        "offices",
        _("By branch"),
        [
            by_branch(),
            Column("loans", _("Loans"), Kind.COUNT, sums=True),
            Column("balance", _("Balance"), Kind.MONEY, sums=True),
            Column("late_loans", _("Loans past due"), Kind.COUNT, sums=True),
            Column("late", _("Balance past due"), Kind.MONEY, sums=True),
            Column("rate", _("Overdue rate"), Kind.SHARE),
        ],
        rows,
        metric=figure,
    )


def whole_from_days(on: date) -> tuple[int | None, bool]:
    """From how many days the whole of an instalment loan is reported; is it doubted."""
    rule = rulebooks.lawbook().on(WHOLE_RULE, on)
    if rule is None:
        return None, False
    days = int(str(rule.values["whole_from_days"]))
    return days, not rule.version.is_asserted("whole_from_days")


def _ranges(on: date) -> tuple[Sequence[tuple[str, int]], bool]:
    """The first day and the word of each range, after those not late."""
    rule = rulebooks.lawbook().on(RANGES_RULE, on)
    if rule is None:
        return (), False
    last = [int(str(each)) for each in rule.values["last_days"]]  # type: ignore[union-attr]
    words = [f"≤ {last[0]}"]
    words += [f"{low + 1}–{high}" for low, high in pairwise(last)]
    words.append(f"≥ {last[-1] + 1}")
    firsts = [1, *(day + 1 for day in last)]
    return list(zip(words, firsts, strict=True)), not rule.version.is_asserted(
        "last_days"
    )


def ranges_mark(on: date) -> object:
    """What the ranges rest on beside the day: what the rules say of it."""
    return tuple(_ranges(on)[0]), _ranges(on)[1], whole_from_days(on)


def doubted(on: date) -> Sequence[str]:
    """The rules the ranges rest on that nobody has verified."""
    found = []
    if _ranges(on)[1]:
        found.append(RANGES_RULE)
    if whole_from_days(on)[1]:
        found.append(WHOLE_RULE)
    return found


def ranges(desk: Desk) -> Sequence[Table]:
    """Overdue loans in the ranges of the inclusive-finance return (S71)."""
    on = desk.wish.as_of
    steps, _doubt = _ranges(on)
    from_days, _doubted = whole_from_days(on)
    columns = ["dpd", "status", _BALANCE, "overdue_principal", "overdue_total"]
    book = active(desk.read(on, columns, words=()))
    days = book["dpd"].to_numpy()
    balance = book[_BALANCE].to_numpy()
    part = book["overdue_principal"].to_numpy()
    told = balance if from_days is None else np.where(days >= from_days, balance, part)
    firsts = np.array([first for _word, first in steps], np.int64)
    place = np.searchsorted(firsts, days, "right")  # 0: not late
    late = int(balance[place > 0].sum())
    rows: list[dict[str, Value]] = []
    for number, (word, _first) in enumerate(steps, start=1):
        here = place == number
        rows.append(
            {
                "range": word,
                "loans": int(here.sum()),
                "balance": int(balance[here].sum()),
                "share": share(int(balance[here].sum()), late),
                "overdue": int(part[here].sum()),
                "told": int(told[here].sum()),
            }
        )
    note = _(
        "Days past due of running loans. What is reported is the overdue principal, and"
        " from day %(day)s on the whole balance."
    ) % {"day": from_days if from_days is not None else "–"}
    return [
        made(
            "ranges",
            _("By days past due"),
            [
                Column("range", _("Days past due"), Kind.TEXT),
                Column("loans", _("Loans"), Kind.COUNT, sums=True),
                Column("balance", _("Balance"), Kind.MONEY, sums=True),
                Column("share", _("Share of what is late"), Kind.SHARE),
                Column("overdue", _("Overdue principal"), Kind.MONEY, sums=True),
                Column("told", _("Reported as overdue"), Kind.MONEY, sums=True),
            ],
            rows,
            note=note,
        )
    ]


def classes(desk: Desk) -> Sequence[Table]:
    """The five classes on a day, and what changed since another."""
    wish = desk.wish
    columns = ["asset_class", "status", _BALANCE, "overdue_total"]
    now = _counted(active(desk.read(wish.as_of, columns, words=())), "asset_class")
    old = _counted(active(desk.read(wish.since, columns, words=())), "asset_class")
    whole = sum(each[_BALANCE] for each in now.values())
    shown = [*CLASSES, *([UNCLASSED] if UNCLASSED in now or UNCLASSED in old else [])]
    rows: list[dict[str, Value]] = []
    for code in shown:
        row = _stock_row(now.get(code, {}), whole)
        before = old.get(code, {}).get(_BALANCE, 0)
        balance = now.get(code, {}).get(_BALANCE, 0)
        rows.append(
            {"class": code, **row, "before": before, "change": balance - before}
        )
    return [
        made(
            "classes",
            _("By class"),
            [
                Column("class", _("Class"), Kind.CLASS),
                *stock_columns(),
                Column("before", _("Balance before"), Kind.MONEY, sums=True),
                Column(
                    "change", pgettext("difference", "Change"), Kind.MONEY, sums=True
                ),
            ],
            rows,
            note=_(
                "Running loans by outstanding principal; before: at the end of %(day)s."
            )
            % {"day": wish.since.isoformat()}
            + f" {basis()}",
        ),
        _quality(now, whole),
    ]


def _quality(now: Mapping[str, Mapping[str, int]], whole: int) -> Table:
    def of(*codes: str) -> int:
        return sum(now.get(code, {}).get(_BALANCE, 0) for code in codes)

    rows: list[dict[str, Value]] = [
        {
            "what": name,
            "part": part,
            "whole": whole,
            "rate": share(part, whole),
        }
        for name, part in (
            ("npl_ratio", of(*BAD)),
            ("special_mention_ratio", of("special_mention")),
        )
    ]
    words = {"npl_ratio": _("NPL ratio"), "special_mention_ratio": _("Special mention")}
    return made(
        "quality",
        _("Ratios"),
        [
            Column("what", _("Figure"), Kind.WORD, words=words),
            Column("part", pgettext("of a ratio", "Part"), Kind.MONEY),
            Column("whole", pgettext("of a ratio", "Whole"), Kind.MONEY),
            Column("rate", pgettext("of a ratio", "Ratio"), Kind.SHARE),
        ],
        rows,
        metric="npl_ratio",
    )


def deviation(desk: Desk) -> Sequence[Table]:
    """Overdue 90+ over NPL by branch, and every loan that is late and not bad."""
    days = metric("overdue_90_over_npl").threshold
    assert days is not None
    columns = ["asset_class", "status", "dpd", _BALANCE, "overdue_total"]
    book = active(desk.read(desk.wish.as_of, columns, words=("number", "branch")))
    is_late = pc.greater_equal(book["dpd"], days)
    is_bad = pc.fill_null(
        pc.is_in(book["asset_class"], pa.array(BAD)), fill_value=False
    )
    rows = _late_over_bad(book.filter(is_late), book.filter(is_bad))
    out = book.filter(pc.and_(is_late, pc.invert(is_bad)))
    out = out.sort_by([(_BALANCE, "descending"), ("loan_id", "ascending")])
    problem = ""
    if out.num_rows:
        problem = _(
            "%(n)s loans are %(days)s or more days past due and in no bad class: classes"
            " or days are wrong."
        ) % {"n": out.num_rows, "days": days}
    return [
        made(
            "deviation",
            _("Overdue 90+ over NPL by branch"),
            [
                by_branch(),
                Column("late", _("Balance overdue 90+"), Kind.MONEY, sums=True),
                Column("npl", _("Balance of NPL"), Kind.MONEY, sums=True),
                Column("ratio", pgettext("of a ratio", "Ratio"), Kind.SHARE),
            ],
            rows,
            metric="overdue_90_over_npl",
            problem=problem,
        ),
        _outside(out),
    ]


def _late_over_bad(late: pa.Table, bad: pa.Table) -> Sequence[dict[str, Value]]:
    parts, wholes = _counted(late, "branch"), _counted(bad, "branch")
    rows: list[dict[str, Value]] = []
    for code in sorted({*parts, *wholes}):
        part = parts.get(code, {}).get(_BALANCE, 0)
        whole = wholes.get(code, {}).get(_BALANCE, 0)
        rows.append(
            {"branch": code, "late": part, "npl": whole, "ratio": share(part, whole)}
        )
    return rows


def _outside(out: pa.Table) -> Table:
    """The loans that are late and in no bad class, one by one."""
    return Table(
        "outside",
        _("Late and in no bad class"),
        [
            Column("number", _("Loan number"), Kind.LOAN),
            by_branch(),
            Column("dpd", _("Days past due"), Kind.DAYS),
            Column("asset_class", _("Class"), Kind.CLASS),
            Column(_BALANCE, _("Balance"), Kind.MONEY, sums=True),
        ],
        plain(out),
        ids="loan_id",
    )
