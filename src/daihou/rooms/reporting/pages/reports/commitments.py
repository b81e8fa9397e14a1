"""Promises and plans (Q10): how they were kept, by age, size, collector and reason."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

from django.utils.translation import gettext as _

from daihou.kit.portfolio import Asked, Cut, Point, portfolio
from daihou.rooms.reporting import words
from daihou.rooms.reporting.pages.reports.desk import Desk
from daihou.rooms.reporting.pages.reports.report import (
    Column,
    Kind,
    Table,
    Value,
    made,
    rounded,
)
from daihou.rooms.reporting.queries.sight import sights

FEWEST = 30  # promises or instalments below which a share is not told
_PROMISES: Mapping[str, Cut | None] = {
    "": None,
    "age": Cut.AGE,
    "size": Cut.SIZE,
    "collector": Cut.COLLECTOR,
    "reason": Cut.REASON,
    "bucket": Cut.BUCKET,
}
_PLANS: Mapping[str, Cut | None] = {
    "": None,
    "re_aged": Cut.RE_AGED,
    "age": Cut.AGE,
    "size": Cut.SIZE,
    "collector": Cut.COLLECTOR,
    "reason": Cut.REASON,
}


def commitments(desk: Desk) -> Sequence[Table]:
    """Promises and plans of the months of the period, whole and by each cut."""
    say = words.keys(officers=True)
    found = [_promises(desk, name, cut, say) for name, cut in _PROMISES.items()]
    found += [_plans(desk, name, cut, say) for name, cut in _PLANS.items()]
    return found


def _asked(desk: Desk, metric: str, cut: Cut | None) -> Mapping[str, tuple[int, int]]:
    """Part and whole of a metric over the months of the period, by key."""
    wish = desk.wish
    seen = sights(desk.scope)
    if not seen:
        return {}
    only = {
        Cut(name): frozenset({value}) for name, value in wish.equal.items() if value
    }
    first = min(wish.since.toordinal() + 1, wish.as_of.toordinal())
    since = wish.since.fromordinal(first)
    asked = Asked(
        metric,
        by=cut,
        since=f"{since:%Y-%m}",
        until=f"{wish.as_of:%Y-%m}",
        only=only,
        currency=wish.currency,
        sight=seen,
    )
    try:
        points: Sequence[Point] = portfolio().series(asked).points
    except LookupError:  # no business date yet, or a book that knows no such work
        return {}
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for point in points:
        sums[point.key][0] += point.part
        sums[point.key][1] += point.whole
    return {key: (part, whole) for key, (part, whole) in sums.items()}


def _promises(desk: Desk, name: str, cut: Cut | None, say: words.Keys) -> Table:
    metrics = (
        "promise_kept",
        "promise_partly",
        "promise_broken",
        "promise_amount_kept",
    )
    title = _("Promises") if cut is None else _by(_("Promises"), cut)
    return _table(desk, f"promises-{name or 'all'}", title, metrics, cut, say)


def _plans(desk: Desk, name: str, cut: Cut | None, say: words.Keys) -> Table:
    metrics = ["plan_kept", "plan_missed", "plan_amount_kept"]
    if cut is not Cut.AGE:
        metrics += ["plan_completed", "plan_defaulted"]
    title = _("Plans") if cut is None else _by(_("Plans"), cut)
    return _table(desk, f"plans-{name or 'all'}", title, metrics, cut, say)


def _by(what: str, cut: Cut) -> str:
    return _("%(what)s by: %(cut)s") % {"what": what, "cut": words.cut_word(cut)}


def _titles() -> Mapping[str, str]:
    return {
        "promise_kept": _("Kept"),
        "promise_partly": _("Kept in part"),
        "promise_broken": _("Broken"),
        "promise_amount_kept": _("Money kept"),
        "plan_kept": _("Kept"),
        "plan_missed": _("Missed"),
        "plan_amount_kept": _("Money kept"),
        "plan_completed": _("Plans carried out"),
        "plan_defaulted": _("Plans broken"),
    }


def _table(
    desk: Desk,
    key: str,
    title: str,
    metrics: Sequence[str],
    cut: Cut | None,
    say: words.Keys,
) -> Table:
    told = {metric: _asked(desk, metric, cut) for metric in metrics}
    first, names = metrics[0], _titles()
    keys = sorted({each for found in told.values() for each in found}, key=_place)
    rows: list[dict[str, Value]] = []
    for each in keys:
        judged = told[first].get(each, (0, 0))[1]
        row: dict[str, Value] = {"key": each or "-", "judged": judged}
        for metric in metrics:
            part, whole = told[metric].get(each, (0, 0))
            enough = cut is None or whole >= FEWEST or metric.endswith("amount_kept")
            if whole and enough and (cut is None or judged >= FEWEST):
                row[metric] = rounded(Fraction(part, whole))
        rows.append(row)
    spoken = {each or "-": say.word(cut, each) if cut else _("All") for each in keys}
    columns = [
        Column("key", words.cut_word(cut) if cut else "", Kind.WORD, words=spoken),
        Column("judged", _("Due and judged"), Kind.COUNT, sums=True),
        *(Column(metric, names[metric], Kind.SHARE) for metric in metrics),
    ]
    note = _("Shares of fewer than %(n)s are left out.") % {"n": FEWEST} if cut else ""
    return made(
        key, title, columns, rows, note=note, metric=first if cut is None else ""
    )


def _place(key: str) -> tuple[bool, int, str]:
    """Ranges and numbers as numbers, words after them, nothing told last."""
    head = key.split("-")[0].rstrip("+")
    number = int(head) if head.isdecimal() else 10**9
    return (not key, number, key)
