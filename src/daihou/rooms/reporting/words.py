"""The words of the lab: families, cuts, conventions, keys, states and sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from django.utils.translation import get_language, gettext, pgettext

from daihou.engine.metrics.definition import Metric, Ratio, Sum
from daihou.kit import numbers
from daihou.kit.portfolio import Cut
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.rooms.reporting.question import Family

_DECIMALS = 2


def chinese() -> bool:
    """Whether the reader reads Chinese."""
    return numbers.is_chinese(get_language() or "zh-hans")


def name(metric: Metric) -> str:
    """What a figure is called."""
    return metric.zh if chinese() else metric.en


def formula(metric: Metric) -> str:
    """How a figure is made, in a sentence."""
    return metric.formula_zh if chinese() else metric.formula


def family_word(family: Family) -> str:
    """What a family of figures is called."""
    words = {
        Family.STOCK: gettext("Stock quality"),
        Family.MIGRATION: gettext("Migration"),
        Family.VINTAGE: gettext("Vintage"),
        Family.FIRST_PAYMENT: gettext("First payment"),
        Family.RECOVERY: pgettext("family of figures", "Recovery"),
        Family.WORK: gettext("Work"),
        Family.PROMISES: gettext("Promises and plans"),
        Family.DAYS: gettext("Targets of the first page"),
    }
    return words[family]


def cut_word(cut: Cut | None) -> str:
    """What a figure is broken down by."""
    words = {
        None: gettext("Not broken down"),
        Cut.PRODUCT: gettext("Product"),
        Cut.BRANCH: gettext("Branch"),
        Cut.OFFICER: gettext("Officer"),
        Cut.COLLECTOR: gettext("Collector"),
        Cut.TEAM: gettext("Team"),
        Cut.HALF: gettext("Earlier and later placements"),
        Cut.MEANS: gettext("Means of contact"),
        Cut.SIZE: gettext("Size of promise or plan"),
        Cut.REASON: gettext("Reason for being late"),
        Cut.AGE: gettext("Days to its date, or instalment"),
        Cut.HOUR: gettext("Hour of the day"),
        Cut.RE_AGED: gettext("Re-aged"),
        Cut.CHANNEL: gettext("Channel"),
        Cut.REGION: gettext("Region"),
        Cut.STRATEGY: gettext("Strategy"),
        Cut.COHORT: gettext("Month of disbursement"),
        Cut.BUCKET: gettext("Bucket"),
        Cut.CLASS: gettext("Class"),
    }
    return words[cut]


def convention(metric: Metric) -> list[tuple[str, str]]:
    """The convention of a figure: what it says of itself, in pairs."""
    words = {
        "amount": gettext("amount"),
        "count": pgettext("basis", "number"),
        "current": gettext("as it stands then"),
        "ever": gettext("at any time until then"),
        "flow": gettext("what moved in the period"),
        "at observation": gettext("at the time of observation"),
        "at origination": gettext("at disbursement"),
        "start of period": gettext("at the start of the period"),
        "due in the window": gettext("due long enough ago"),
        "in": gettext("stay in"),
        "out": gettext("are left out"),
    }
    pairs = [
        (gettext("Basis"), words[metric.basis]),
        (gettext("Numerator"), words[metric.numerator]),
        (gettext("Denominator"), words[metric.denominator]),
        (gettext("Written off and transferred"), words[metric.written_off]),
    ]
    if metric.mob_base is not None:
        told = gettext("month of disbursement is month %(n)s") % {"n": metric.mob_base}
        pairs.append((gettext("Months on book"), told))
    if metric.threshold is not None:
        told = gettext("%(n)s days past due") % {"n": metric.threshold}
        pairs.append((gettext("Begins at"), told))
    return pairs


def why_apart(one: Metric, other: Metric) -> str:
    """Why two figures share no axis: where their conventions differ, in words."""
    ours, theirs = dict(convention(one)), dict(convention(other))
    threshold = gettext("Begins at")  # figures that begin elsewhere may stand together
    none = gettext("none")
    apart = [
        gettext("%(what)s is %(ours)s against %(theirs)s")
        % {
            "what": what,
            "ours": ours.get(what, none),
            "theirs": theirs.get(what, none),
        }
        for what in dict.fromkeys([*ours, *theirs])
        if what != threshold and ours.get(what) != theirs.get(what)
    ]
    return gettext(
        "%(one)s and %(other)s cannot be compared: %(apart)s. Show them apart, or choose"
        " figures of one convention."
    ) % {
        "one": name(one),
        "other": name(other),
        "apart": ("；" if chinese() else "; ").join(apart),
    }


def convention_line(metric: Metric) -> str:
    """The convention of a figure in one line."""
    parting = "；" if chinese() else "; "
    colon = "：" if chinese() else ": "
    return parting.join(f"{what}{colon}{told}" for what, told in convention(metric))


def source(metric: Metric) -> str:
    """Where a definition comes from, in the reader's words."""
    told = {"lending practice": gettext("lending practice")}
    return told.get(metric.source, metric.source)


def owner(metric: Metric) -> str:
    """Which desk a definition belongs to."""
    desks = {
        "risk": pgettext("owner of a definition", "risk"),
        "collection": pgettext("owner of a definition", "collection"),
        "finance": pgettext("owner of a definition", "finance"),
    }
    return desks.get(metric.owner, metric.owner)


def expression(metric: Metric) -> str:
    """The expression of a figure as the program holds it."""
    if isinstance(metric.expression, Ratio):
        ratio = metric.expression
        return f"{_sum(ratio.part)}\n/ {_sum(ratio.whole)}"
    return f"daihou.{metric.expression.function}"


def _sum(of: Sum) -> str:
    what = f"sum({of.column})" if of.column else "count(*)"
    where = [f"{each.column} {each.is_} {each.value!r}" for each in of.where]
    return f"{what} where {' and '.join(where)}" if where else what


class Names(Protocol):
    """Names of products and branches."""

    def product(self, code: str) -> str:
        """The name of a product."""

    def branch(self, code: str) -> str:
        """The name of a branch."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The words of values of cuts, read once for a page."""

    say: Names
    names: Mapping[str, str]

    def word(self, cut: Cut | None, key: str) -> str:
        """What a value of a cut is called; nothing told is said so."""
        if cut is None:
            return gettext("All loans")
        if not key:
            return gettext("not told")
        if cut is Cut.PRODUCT:
            return self.say.product(key)
        if cut is Cut.BRANCH:
            return self.say.branch(key)
        if cut in (Cut.OFFICER, Cut.COLLECTOR):
            return self.names.get(key, key)
        if cut in (Cut.BUCKET, Cut.CLASS):
            return state_word(key)
        if cut is Cut.RE_AGED:
            return re_aged_word(key)
        if cut is Cut.HALF:
            return half_word(key)
        return key


def keys(*, officers: bool) -> Keys:
    """The words for the values of cuts; with `officers` one query more."""
    return Keys(ledger.reading.list_words(), people.names() if officers else {})


def half_word(key: str) -> str:
    """Which of the months of placement."""
    words = {
        "earlier": gettext("placed earlier"),
        "later": gettext("placed later"),
    }
    return words.get(key, key)


def re_aged_word(key: str) -> str:
    """Whether plans make their loans count as not late."""
    words = {
        "re_aged": gettext("re-aged: counts as not late"),
        "not_re_aged": gettext("not re-aged: days past due go on"),
    }
    return words.get(key, key)


def state_word(state: str) -> str:
    """What a state of a loan is called in a matrix."""
    words = {
        "paid": pgettext("state of a loan", "Paid off"),
        "closed": pgettext("state of a loan", "Closed"),
        "written_off": pgettext("state of a loan", "Written off"),
        "transferred": pgettext("state of a loan", "Transferred"),
        "new": pgettext("state of a loan", "New"),
        "missing": pgettext("state of a loan", "Missing"),
        "normal": pgettext("five-tier class", "Normal"),
        "special_mention": pgettext("five-tier class", "Special mention"),
        "substandard": pgettext("five-tier class", "Substandard"),
        "doubtful": pgettext("five-tier class", "Doubtful"),
        "loss": pgettext("five-tier class", "Loss"),
    }
    return words.get(state) or numbers.bucket_word(state)


def share(value: Fraction | None, *, places: int = _DECIMALS) -> str:
    """A share as percent with its sign character; a dash where there is none."""
    if value is None:
        return numbers.DASH
    tens = 10 ** (places + 2)
    whole = round(value * tens)  # half-even, exact
    sign = numbers.MINUS if whole < 0 else ""
    units, rest = divmod(abs(whole), 10**places)
    return f"{sign}{units:,}.{rest:0{places}d}%" if places else f"{sign}{units:,}%"


def points(change: Fraction) -> str:
    """A change of a share in points of percent, with its sign."""
    text = share(abs(change)).removesuffix("%")
    if change == 0 or text == "0.00":
        return numbers.DASH
    sign = "+" if change > 0 else numbers.MINUS
    return gettext("%(change)s pt") % {"change": f"{sign}{text}"}


def quantity(metric: Metric, units: int, *, currency: str) -> str:
    """A part or a whole: an amount of money, or a number."""
    if metric.basis == "amount":
        return numbers.money_text(units, currency=currency)
    return f"{units:,}"
