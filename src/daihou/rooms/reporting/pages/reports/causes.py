"""Why loans are late (V9): a Pareto of the closed list, whole and broken down."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from daihou.rooms.reporting.pages.reports.desk import Desk, plain
from daihou.rooms.reporting.pages.reports.report import (
    Column,
    Kind,
    Table,
    Value,
    made,
    share,
)
from daihou.rooms.reporting.pages.reports.stock import active
from daihou.rooms.reporting.queries.reports.reasons import reasons_of
from daihou.rooms.reporting.states import Reason

UNKNOWN = "unknown"
CUTS: Mapping[str, Kind] = {
    "product": Kind.PRODUCT,
    "region": Kind.TEXT,
    "officer": Kind.TEXT,
    "branch": Kind.BRANCH,
}
Sums = dict[str, list[int]]  # loans, balance, overdue amount


def reason_words() -> Mapping[str, str]:
    """The words of the reasons."""
    return {
        Reason.INCOME_LOST: pgettext("overdue reason", "Income lost"),
        Reason.BUSINESS_FAILED: pgettext("overdue reason", "Business failed"),
        Reason.OVER_INDEBTED: pgettext("overdue reason", "Over-indebted"),
        Reason.FORGOT: pgettext("overdue reason", "Forgot"),
        Reason.DISPUTE: pgettext("overdue reason", "Dispute"),
        Reason.FRAUD: pgettext("overdue reason", "Fraud"),
        Reason.UNWILLING: pgettext("overdue reason", "Unwilling"),
        Reason.MACRO: pgettext("overdue reason", "Disaster, market or policy"),
        UNKNOWN: pgettext("overdue reason", "Not told"),
    }


def cut_words() -> Mapping[str, str]:
    """The words of what reasons are broken down by."""
    return {
        "product": _("Product"),
        "region": _("Region"),
        "officer": _("Officer"),
        "branch": _("Branch"),
    }


def causes(desk: Desk) -> Sequence[Table]:
    """Late loans by reason, largest balance first, and the same by a cut."""
    by = desk.wish.by if desk.wish.by in CUTS else "product"
    columns = ["outstanding_principal", "overdue_total", "dpd", "status"]
    book = active(desk.read(desk.wish.as_of, columns, filters=pc.field("dpd") > 0))
    ids: list[int] = book["loan_id"].to_pylist()
    known = reasons_of(ids, on=desk.wish.as_of)
    told = [known.get(each, UNKNOWN) for each in ids]
    cut = _cut(desk, book, by)
    amounts = zip(
        book["outstanding_principal"].to_pylist(),
        book["overdue_total"].to_pylist(),
        strict=True,
    )
    sums: Sums = defaultdict(lambda: [0, 0, 0])
    parts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for reason, key, (balance, late) in zip(told, cut, amounts, strict=True):
        for row in (sums[str(reason)], parts[key, str(reason)]):
            row[0] += 1
            row[1] += balance
            row[2] += late
    return [_pareto(sums), _broken_down(parts, by)]


def _cut(desk: Desk, book: pa.Table, by: str) -> Sequence[str]:
    if by == "region":
        more = desk.more(book["loan_id"].to_numpy())
        return [each or "" for each in plain(more)["region"].to_pylist()]
    return [each or "" for each in plain(book)[by].to_pylist()]


def _amounts() -> list[Column]:
    return [
        Column("loans", _("Loans"), Kind.COUNT, sums=True),
        Column("balance", _("Balance past due"), Kind.MONEY, sums=True),
        Column("overdue", _("Overdue amount"), Kind.MONEY, sums=True),
        Column("share", pgettext("figure", "Share"), Kind.SHARE),
    ]


def _reason() -> Column:
    return Column("reason", _("Reason"), Kind.WORD, words=reason_words())


def _ordered(sums: Sums) -> Sequence[tuple[str, list[int]]]:
    """The largest balance first; what nobody told comes last."""
    return sorted(
        sums.items(), key=lambda each: (each[0] == UNKNOWN, -each[1][1], each[0])
    )


def _pareto(sums: Sums) -> Table:
    known = sum(row[1] for name, row in sums.items() if name != UNKNOWN)
    rows: list[dict[str, Value]] = []
    so_far = 0
    for name, (loans, balance, late) in _ordered(sums):
        told = name != UNKNOWN
        so_far += balance if told else 0
        rows.append(
            {
                "reason": name,
                "loans": loans,
                "balance": balance,
                "overdue": late,
                "share": share(balance, known) if told else None,
                "so_far": share(so_far, known) if told else None,
            }
        )
    return made(
        "pareto",
        _("Why loans are late"),
        [_reason(), *_amounts(), Column("so_far", _("Share so far"), Kind.SHARE)],
        rows,
        note=_(
            "Shares are of the balance whose reason is known. A reason is what somebody"
            " was told last, else what the result of the last talk says by itself:"
            " dispute, fraud, refusal."
        ),
    )


def _broken_down(parts: Mapping[tuple[str, str], list[int]], by: str) -> Table:
    wholes: dict[str, int] = defaultdict(int)
    for (key, _name), row in parts.items():
        wholes[key] += row[1]
    rows: list[dict[str, Value]] = []
    for key in sorted(wholes, key=lambda each: (-wholes[each], each)):
        mine = {name: row for (own, name), row in parts.items() if own == key}
        rows += [
            {
                "key": key,
                "reason": name,
                "loans": loans,
                "balance": balance,
                "overdue": late,
                "share": share(balance, wholes[key]),
            }
            for name, (loans, balance, late) in _ordered(mine)
        ]
    return made(
        "parts",
        _("The same by %(cut)s") % {"cut": cut_words()[by]},
        [Column("key", cut_words()[by], CUTS[by], stays=False), _reason(), *_amounts()],
        rows,
    )
