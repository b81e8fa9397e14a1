"""Feedback to origination (V10): who lends what goes bad, against the rest."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from daihou.kit import numbers
from daihou.kit.portfolio import Asked, Axis, Cut, Series, Sight, portfolio
from daihou.kit.scope import Scope
from daihou.rooms.reporting.pages.reports.desk import Desk
from daihou.rooms.reporting.pages.reports.report import (
    Column,
    Kind,
    Table,
    Value,
    made,
    rounded,
)

FIRST_PAYMENT, VINTAGE = "fpd_30", "vintage_ever_30_count"
CUTS: Mapping[Cut, Kind] = {
    Cut.OFFICER: Kind.TEXT,
    Cut.CHANNEL: Kind.TEXT,
    Cut.PRODUCT: Kind.PRODUCT,
}
Z = Decimal("1.959963984540054")  # of the normal distribution: an interval of 95 %
AGE = "6"  # months on book at which cohorts are compared
RIPE = 2  # months after which first payments have shown themselves
FEWEST = 30  # loans below which nothing is said of somebody


@dataclass(frozen=True, slots=True)
class Against:
    """One officer, channel or product: bad of so many, the interval, the rest's share."""

    key: str
    part: int
    whole: int
    rest_part: int
    rest_whole: int

    @property
    def interval(self) -> tuple[Decimal, Decimal]:
        """Where the share lies with 95 % (Wilson)."""
        return wilson(self.part, self.whole)

    @property
    def rest(self) -> Fraction | None:
        """The share of all the others."""
        return Fraction(self.rest_part, self.rest_whole) if self.rest_whole else None

    @property
    def worse(self) -> bool:
        """Whether even the low end of the interval lies above the rest."""
        if self.whole < FEWEST or self.rest is None:
            return False
        low = Fraction(self.interval[0])
        return low > self.rest

    @property
    def fewer(self) -> int:
        """How many fewer had gone bad at the rest's share; rounded down."""
        if self.rest is None:
            return 0
        return max(0, int(self.part - self.whole * self.rest))


def wilson(part: int, whole: int) -> tuple[Decimal, Decimal]:
    """The 95 % interval of a share by Wilson's score; (0, 1) of nothing."""
    if not whole:
        return Decimal(0), Decimal(1)
    n, share = Decimal(whole), Decimal(part) / Decimal(whole)
    square = Z * Z / n
    middle = share + square / 2
    half = Z * (share * (1 - share) / n + square / (4 * n)).sqrt()
    return (
        max(Decimal(0), (middle - half) / (1 + square)),
        min(Decimal(1), (middle + half) / (1 + square)),
    )


def sights(scope: Scope) -> Sequence[Sight]:
    """A person's scope as the months know it."""
    return tuple(Sight(way.branches, way.products, way.officers) for way in scope.ways)


def compared(series: Series) -> Sequence[Against]:
    """Each key of a series against all the others, over every point that is known."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for point in series.points:
        if point.known and point.key:
            sums[point.key][0] += point.part
            sums[point.key][1] += point.whole
    part = sum(row[0] for row in sums.values())
    whole = sum(row[1] for row in sums.values())
    return [
        Against(key, own[0], own[1], part - own[0], whole - own[1])
        for key, own in sorted(sums.items())
        if own[1]
    ]


def at_age(series: Series, age: str) -> Series:
    """The points of one age alone."""
    points = [each for each in series.points if each.at == age]
    return Series(series.metric, series.axis, points, series.as_of, series.fingerprint)


def origination(desk: Desk) -> Sequence[Table]:
    """First payments missed and cohorts gone late, by officer, channel and product."""
    sight, on = sights(desk.scope), desk.wish.as_of
    known = counted_by(on)
    tables: list[Table] = []
    advice: list[tuple[Cut, Against, str]] = []
    for cut, kind in CUTS.items():
        asked = Asked(
            "",
            by=cut,
            currency=desk.wish.currency,
            sight=sight,
            known_at=known[-1] if known else "",
        )
        ripe, old = months_before(on, RIPE), months_before(on, int(AGE))
        first = compared(_series(FIRST_PAYMENT, asked, until=ripe, known=known))
        found = _series(VINTAGE, asked, until=old, known=known)
        later = compared(at_age(found, AGE))
        advice += [(cut, each, FIRST_PAYMENT) for each in first if each.worse]
        advice += [(cut, each, VINTAGE) for each in later if each.worse]
        words = cut_words()[cut]
        tables.append(
            _table(f"first_{cut}", _first_title(words), first, kind, FIRST_PAYMENT)
        )
        tables.append(_table(f"later_{cut}", _later_title(words), later, kind, VINTAGE))
    return [_advice(advice), *tables]


def months_before(day: date, months: int) -> str:
    """The month so many before that of a day, as YYYY-MM."""
    number = day.year * 12 + day.month - 1 - months
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def counted_by(day: date) -> Sequence[str]:
    """The months counted from no day after this one: later ones know more than it."""
    try:
        return [each.name for each in portfolio().months() if each.as_of <= day]
    except LookupError:
        return ()


def _series(metric: str, asked: Asked, *, until: str, known: Sequence[str]) -> Series:
    """The figure by month or age; nothing where no month was counted by the day."""
    nothing = Series(metric, Axis.MONTH, (), date.min, "")
    if not known:
        return nothing
    try:
        return portfolio().series(replace(asked, metric=metric, until=until))
    except LookupError:
        return nothing


def cut_words() -> Mapping[Cut, str]:
    """The words of what lending is compared by."""
    return {
        Cut.OFFICER: _("officer"),
        Cut.CHANNEL: _("channel"),
        Cut.PRODUCT: _("product"),
    }


def _first_title(words: str) -> str:
    title: str = _("First payment default 30+ by %(cut)s") % {"cut": words}
    return title


def _later_title(words: str) -> str:
    named = {"age": AGE, "cut": words}
    title: str = _("Ever 30+ at %(age)s months on book by %(cut)s") % named
    return title


def _table(
    key: str, title: str, found: Sequence[Against], kind: Kind, metric: str
) -> Table:
    rows: list[dict[str, Value]] = [
        {
            "key": each.key,
            "part": each.part,
            "whole": each.whole,
            "rate": rounded(Fraction(each.part, each.whole)),
            "low": rounded(Fraction(each.interval[0])),
            "high": rounded(Fraction(each.interval[1])),
            "rest": rounded(each.rest),
            "told": "worse" if each.worse else "as_rest" if each.rest else "alone",
        }
        for each in sorted(found, key=lambda each: -each.part * 1_000_000 // each.whole)
    ]
    words = {
        "worse": _("worse than the rest"),
        "as_rest": _("no difference shown"),
        "alone": _("no rest to compare with"),
    }
    return made(
        key,
        title,
        [
            Column("key", pgettext("of a comparison", "Who"), kind),
            Column("part", pgettext("loans gone bad", "Bad"), Kind.COUNT, sums=True),
            Column("whole", _("Loans"), Kind.COUNT, sums=True),
            Column("rate", pgettext("of a ratio", "Ratio"), Kind.SHARE),
            Column("low", _("95 % from"), Kind.SHARE),
            Column("high", _("95 % to"), Kind.SHARE),
            Column("rest", _("The rest"), Kind.SHARE),
            Column("told", _("Verdict"), Kind.WORD, words=words),
        ],
        rows,
        metric=metric,
        note=_(
            "Interval by Wilson; worse: at least %(n)s loans, and the whole interval"
            " above the rest. It is a difference, not a cause."
        )
        % {"n": FEWEST},
    )


def _advice(found: Sequence[tuple[Cut, Against, str]]) -> Table:
    rows: list[dict[str, Value]] = []
    for cut, each, metric in sorted(found, key=lambda row: -row[1].fewer):
        assert each.rest is not None
        rate = Decimal(each.part) / Decimal(each.whole)
        rest = Decimal(each.rest.numerator) / Decimal(each.rest.denominator)
        rows.append(
            {
                "cut": cut.value,
                "key": each.key,
                "what": metric,
                "advice": _(
                    "Lend by %(who)s as the rest does until the share is back: a second"
                    " signature above the usual amount. At %(rest)s %% instead of"
                    " %(rate)s %% of the same loans, %(fewer)s fewer go bad."
                )
                % {
                    "who": each.key,
                    "rest": numbers.percent(rest),
                    "rate": numbers.percent(rate),
                    "fewer": each.fewer,
                },
                "fewer": each.fewer,
                "of": each.part,
            }
        )
    words = {cut.value: word for cut, word in cut_words().items()}
    named = {FIRST_PAYMENT: _("First payment default 30+"), VINTAGE: _("Ever 30+")}
    return made(
        "advice",
        _("Suggested changes of policy"),
        [
            Column("cut", pgettext("cut", "By"), Kind.WORD, words=words),
            Column("key", pgettext("of a comparison", "Who"), Kind.TEXT),
            Column("what", _("Figure"), Kind.WORD, words=named),
            Column("advice", _("Suggestion"), Kind.TEXT, stays=False),
            Column("fewer", _("Fewer bad loans"), Kind.COUNT),
            Column("of", _("Bad loans now"), Kind.COUNT),
        ],
        rows,
        note=_(
            "Expected effect: loans gone bad − loans × the rest's share, rounded down."
            " It holds if the difference is theirs and not their customers'."
        ),
    )
