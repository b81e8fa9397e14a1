"""A question of the lab and its address: the whole of it stands in the URL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from daihou.engine.metrics.definition import Basis, Metric, Ratio
from daihou.engine.metrics.dictionary import METRICS
from daihou.kit.currencies import NO_BOOK
from daihou.kit.portfolio import Asked, Cut, Sight
from daihou.kit.portfolio_cuts import cuts_of
from daihou.kit.refusal import NotFound

MOST_VALUES: Final = 60  # of one cut in one question
NO_CUT: Final = "none"
COUNTED: Final = "roll_count"  # the roll rate that forecasts are made of
STATES: Final = (Cut.BUCKET, Cut.CLASS)


class Family(StrEnum):
    """What metrics belong together."""

    STOCK = "stock"
    MIGRATION = "migration"
    VINTAGE = "vintage"
    FIRST_PAYMENT = "first_payment"
    RECOVERY = "recovery"
    WORK = "work"
    PROMISES = "promises"
    DAYS = "days"  # of single days: not of the lab


class View(StrEnum):
    """How the answer is drawn."""

    CHART = "chart"
    MATRIX = "matrix"
    FORECAST = "forecast"


# Parts of the name of the function that makes a figure, the first that fits.
_FAMILIES: Final = (
    ("provision", Family.STOCK),
    ("vintage", Family.VINTAGE),
    ("first_payment", Family.FIRST_PAYMENT),
    ("roll_matrix", Family.MIGRATION),
    ("migration", Family.MIGRATION),
    ("regulatory", Family.MIGRATION),
    ("promises", Family.PROMISES),
    ("arrangement", Family.PROMISES),
    ("operations", Family.WORK),
    ("dayend", Family.DAYS),
)
FIELDS: Final = frozenset(
    {"metric", "with", "by", "since", "until", "currency", "view", "of", "month"}
    | {str(cut) for cut in Cut}
)


def family(metric: Metric) -> Family:
    """Which family a metric is of, by what makes it."""
    if isinstance(metric.expression, Ratio):
        return Family.STOCK
    made_by = metric.expression.function
    found = (each for part, each in _FAMILIES if part in made_by)
    return next(found, Family.RECOVERY)


def twin(metric: Metric) -> Metric | None:
    """The same figure on the other basis, where the dictionary has it."""
    ends = {Basis.AMOUNT: ("_amount", "_count"), Basis.COUNT: ("_count", "_amount")}
    ours, theirs = ends[metric.basis]
    if not metric.id.endswith(ours):
        return None
    return METRICS.get(metric.id.removesuffix(ours) + theirs)


@dataclass(frozen=True, slots=True)
class Question:
    """One metric (and perhaps another on the same axis), cut, period and filters."""

    metric: Metric
    other: Metric | None = None
    by: Cut | None = None
    since: str = ""
    until: str = ""
    only: Mapping[Cut, frozenset[str]] = field(default_factory=dict)
    currency: str = ""  # "": the only one there is
    view: View = View.CHART
    of: Cut = Cut.BUCKET
    month: str = ""

    def asked(self, *, sight: Sequence[Sight], metric: Metric | None = None) -> Asked:
        """It as the months of the book are asked."""
        return Asked(
            metric=(metric or self.metric).id,
            by=self.by,
            since=self.since,
            until=self.until,
            only=self.only,
            currency=self.coin,
            sight=sight,
        )

    @property
    def coin(self) -> str:
        """The currency its money is in."""
        return self.currency or NO_BOOK

    @property
    def fields(self) -> Mapping[str, Sequence[str]]:
        """Its address, field by field; what is as usual is left out."""
        usual = usual_cut(self.metric)
        told: dict[str, Sequence[str]] = {"metric": [self.metric.id]}
        if self.other is not None:
            told["with"] = [self.other.id]
        if self.by is not usual:
            told["by"] = [NO_CUT if self.by is None else str(self.by)]
        # A matrix follows one month to the next: a period is for lines alone.
        period = ("since", "until") if self.view is View.CHART else ()
        for name in (*period, "month"):
            if value := getattr(self, name):
                told[name] = [value]
        if self.currency:
            told["currency"] = [self.currency]
        if self.view is not usual_view(self.metric):
            told["view"] = [str(self.view)]
        if self.of is not Cut.BUCKET:
            told["of"] = [str(self.of)]
        return told | {str(cut): sorted(kept) for cut, kept in self.only.items()}

    def address(self, **changes: Any) -> str:
        """The question part of the address, with other values where given."""
        changed = replace(self, **changes) if changes else self
        query = QueryDict(mutable=True)
        for name, values in changed.fields.items():
            query.setlist(name, list(values))
        return query.urlencode()


def usual_cut(metric: Metric) -> Cut | None:
    """What a figure is broken down by when nobody says: vintages by cohort."""
    return Cut.COHORT if family(metric) is Family.VINTAGE else None


def usual_view(metric: Metric) -> View:
    """How a figure is drawn when nobody says."""
    return View.MATRIX if rolls(metric) else View.CHART


def rolls(metric: Metric) -> bool:
    """Whether it is the roll rate, which is a matrix."""
    return metric.id.startswith("roll_")


def metric_of(id: str) -> Metric:
    """The definition with this id, or NotFound."""
    if id not in METRICS:
        raise NotFound(
            "metric_unknown",
            _("The dictionary has no such figure. Choose one of the list."),
        )
    return METRICS[id]


def read(query: QueryDict) -> Question:
    """The question of an address; what cannot be read in it is left out."""
    metric = metric_of(query.get("metric", ""))
    view = _view(query.get("view", ""), metric)
    if view is View.FORECAST:
        metric = METRICS[COUNTED]
    other = query.get("with", "")
    by = query.get("by", "")
    lines = view is View.CHART
    of = query.get("of", "")
    return Question(
        metric=metric,
        other=METRICS.get(other) if other != metric.id else None,
        by=_cut(by, metric),
        since=_month(query.get("since", "")) if lines else "",
        until=_month(query.get("until", "")) if lines else "",
        only=_only(query),
        currency=_currency(query.get("currency", "")),
        view=view,
        of=Cut(of) if of in STATES else Cut.BUCKET,
        month=_month(query.get("month", "")),
    )


def _view(text: str, metric: Metric) -> View:
    """Only rolls are drawn as anything but lines; what is forecast is counted."""
    known = rolls(metric) and text in set(View)
    return View(text) if known else usual_view(metric)


def _cut(text: str, metric: Metric) -> Cut | None:
    if text == NO_CUT:
        return None
    known = Cut(text) if text in set(Cut) else None
    return known if known in cuts_of(metric.id) else usual_cut(metric)


def _only(query: QueryDict) -> Mapping[Cut, frozenset[str]]:
    found = {}
    for cut in Cut:
        values = [v for v in query.getlist(str(cut)) if v and "\x00" not in v]
        if values:
            found[cut] = frozenset(values[:MOST_VALUES])
    return found


def _month(text: str) -> str:
    year, dash, month = text.partition("-")
    fits = len(year) == 4 and dash and len(month) == 2
    whole = fits and (year + month).isascii() and (year + month).isdecimal()
    return text if whole and 1 <= int(month) <= 12 else ""


def _currency(text: str) -> str:
    fits = len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()
    return text if fits else ""


def read_plain(id: str) -> Question:
    """The question about a figure with everything as usual."""
    metric = metric_of(id)
    return Question(metric=metric, by=usual_cut(metric), view=usual_view(metric))
