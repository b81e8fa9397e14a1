"""The columns the overdue ledger can show, which of them are chosen, and their cells."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from daihou.kit import numbers
from daihou.kit.markup import fill
from daihou.kit.templatetags import daihou as drawn

Row = Mapping[str, object]
MOST = 14  # at 1366 pixels; the rest is a click away
FIRST = "number"  # the way to the loan, always there


@dataclass(frozen=True)
class Drawing:
    """What a cell needs beside its row."""

    unit: numbers.Unit
    year: int
    past: str = ""  # the day of a ledger that is not the latest
    labels: Mapping[int, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def loan(self) -> tuple[str, str]:
        """What stands before and behind the number in the address of a loan."""
        before, _zero, behind = reverse("ledger:loan", args=[0]).rpartition("0")
        return before, f"{behind}?as_of={self.past}" if self.past else behind


Cell = Callable[[Row, Drawing], str]


@dataclass(frozen=True)
class Kind:
    """One column there is; `sums` names the amount whose total stands at its foot."""

    key: str
    label: str
    cell: Cell
    sort: str = ""
    numeric: bool = False
    sums: str = ""


@dataclass(frozen=True)
class Head:
    """One column head: its words, what it sorts by, how it is sorted now."""

    label: str
    sort: str = ""
    sorted: str = ""
    numeric: bool = False


def _money(name: str, css: str = "num") -> Cell:
    def cell(row: Row, how: Drawing) -> str:
        minor = int(str(row[name]))
        return fill(
            '<td class="{}" data-minor="{}" data-value="{}">{}</td>',
            css,
            name,
            minor,
            drawn.money_unit(minor, how.unit),
        )

    return cell


def _plain(name: str, css: str = "") -> Cell:
    def cell(row: Row, _how: Drawing) -> str:
        return fill('<td class="{}">{}</td>', css, row[name] or "–")

    return cell


def _capped(name: str) -> Cell:
    def cell(row: Row, _how: Drawing) -> str:
        text = row[name] or "–"
        return fill('<td class="soft cap" title="{}">{}</td>', text, text)

    return cell


def _number(row: Row, how: Drawing) -> str:
    before, behind = how.loan
    return fill(
        '<td><a href="{}{}{}">{}</a></td>',
        before,
        row["loan_id"],
        behind,
        row["number"],
    )


def _name(row: Row, _how: Drawing) -> str:
    name, mark = row["name"], row["status_mark"]
    if not mark:
        return fill('<td class="cap" title="{}">{}</td>', name, name)
    return fill(
        '<td class="cap marked" title="{}"><span class="dh-named"><span>{}</span>{}'
        "</span></td>",
        name,
        name,
        drawn.chip("mute", "bars", str(mark), bare=True),
    )


def _where(row: Row, _how: Drawing) -> str:
    return fill(
        '<td class="soft cap" title="{}, {}">{}{}{}</td>',
        row["branch"],
        row["product"],
        row["branch"],
        drawn.sep(),
        row["product"],
    )


def _bucket(row: Row, _how: Drawing) -> str:
    return fill("<td>{}</td>", drawn.bucket(str(row["bucket"])))


def _count(name: str, css: str = "num soft") -> Cell:
    def cell(row: Row, _how: Drawing) -> str:
        return fill('<td class="{}">{}</td>', css, row[name])

    return cell


def _day(name: str) -> Cell:
    def cell(row: Row, how: Drawing) -> str:
        day = drawn.day_near(row[name], how.year)  # type: ignore[arg-type]
        return fill('<td class="soft">{}</td>', day)

    return cell


def _labels(row: Row, how: Drawing) -> str:
    words = ", ".join(how.labels.get(int(str(row["loan_id"])), ())) or "–"
    return fill('<td class="cap" title="{}">{}</td>', words, words)


KINDS: Final = (
    Kind("number", gettext_lazy("Loan number"), _number, "number"),
    Kind("name", gettext_lazy("Customer"), _name),
    Kind("where", gettext_lazy("Branch, product"), _where),
    Kind("bucket", gettext_lazy("Bucket"), _bucket, "bucket"),
    Kind("dpd", gettext_lazy("Days"), _count("dpd", "num"), "dpd", numeric=True),
    Kind(
        "overdue",
        gettext_lazy("Overdue"),
        _money("overdue_total", "num strong"),
        "overdue",
        numeric=True,
        sums="overdue_total",
    ),
    Kind(
        "principal",
        gettext_lazy("Principal"),
        _money("principal"),
        "principal",
        numeric=True,
        sums="principal",
    ),
    Kind(
        "interest",
        gettext_lazy("Interest"),
        _money("interest"),
        "interest",
        numeric=True,
        sums="interest",
    ),
    Kind(
        "extras",
        pgettext_lazy("column", "Penalty, fees"),
        _money("extras"),
        "extras",
        numeric=True,
        sums="extras",
    ),
    Kind(
        "outstanding",
        pgettext_lazy("column", "Outstanding"),
        _money("outstanding", "num soft"),
        "outstanding",
        numeric=True,
        sums="outstanding",
    ),
    Kind(
        "instalments",
        pgettext_lazy("column", "Instalments"),
        _count("late_instalments"),
        "instalments",
        numeric=True,
    ),
    Kind("oldest", gettext_lazy("Oldest unpaid"), _day("oldest_due_on"), "oldest"),
    Kind("officer", gettext_lazy("Officer"), _plain("officer")),
    Kind("branch", gettext_lazy("Branch"), _capped("branch")),
    Kind("product", gettext_lazy("Product"), _capped("product")),
    Kind("status", gettext_lazy("Status"), _plain("status_word", "soft")),
    Kind(
        "penalty",
        gettext_lazy("Penalty"),
        _money("penalty"),
        "penalty",
        numeric=True,
        sums="penalty",
    ),
    Kind(
        "compound",
        gettext_lazy("Compound"),
        _money("compound"),
        "compound",
        numeric=True,
        sums="compound",
    ),
    Kind("fee", gettext_lazy("Fee"), _money("fee"), "fee", numeric=True, sums="fee"),
    Kind(
        "times",
        gettext_lazy("Times late"),
        _count("times_late"),
        "times",
        numeric=True,
    ),
    Kind(
        "worst",
        gettext_lazy("Longest late"),
        _count("worst_dpd"),
        "worst",
        numeric=True,
    ),
    Kind("next", gettext_lazy("Next due"), _day("next_due_on"), "next"),
    Kind("labels", gettext_lazy("Labels"), _labels),
)
USUAL: Final = tuple(kind.key for kind in KINDS[:13])
_BY_KEY: Final = {kind.key: kind for kind in KINDS}


def chosen(text: str) -> Sequence[Kind]:
    """The columns an address asks for, in its order; the usual ones for none.

    What is no column is left out, the loan number stands first, and more than 14
    are cut.
    """
    keys = [key for key in text.split(",") if key in _BY_KEY] or list(USUAL)
    ordered = dict.fromkeys([FIRST, *keys])
    return [_BY_KEY[key] for key in ordered][:MOST]


def heads(kinds: Sequence[Kind], sort: str) -> Sequence[Head]:
    """The column heads; clicking a sorted one turns it around."""
    key, down = sort.removeprefix("-"), sort.startswith("-")

    def head(kind: Kind) -> Head:
        by, numeric = kind.sort, kind.numeric
        if not by:
            return Head(str(kind.label), numeric=numeric)
        state = ("descending" if down else "ascending") if by == key else ""
        turned = by if (by == key and down) or (by != key and not numeric) else f"-{by}"
        return Head(str(kind.label), turned, state, numeric)

    return [head(kind) for kind in kinds]


def cells(row: Row, kinds: Sequence[Kind], how: Drawing) -> SafeString:
    """The cells of one row, in the order of the columns."""
    return SafeString("".join(kind.cell(row, how) for kind in kinds))


@dataclass(frozen=True)
class Foot:
    """The line of sums: how far its words reach, the sums, what is left behind them."""

    lead: int
    sums: Sequence[tuple[str, int]]  # the amount's name ("" for none) and its total
    rest: int


def foot(kinds: Sequence[Kind], totals: Mapping[str, int]) -> Foot:
    """Where the sums stand under these columns."""
    places = [at for at, kind in enumerate(kinds) if kind.sums]
    if not places:
        return Foot(max(1, len(kinds) - 2), (), min(2, len(kinds) - 1))
    first, last = places[0], places[-1]
    sums = [(kind.sums, totals.get(kind.sums, 0)) for kind in kinds[first : last + 1]]
    return Foot(first, sums, len(kinds) - last - 1)


def too_many(count: int) -> str:
    """What is said when more columns were asked for than a page takes."""
    return gettext(
        "Only %(most)s columns fit; the first %(most)s of %(count)s are shown."
    ) % {
        "most": MOST,
        "count": count,
    }
