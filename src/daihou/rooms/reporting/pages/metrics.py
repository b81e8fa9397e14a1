"""The dictionary of figures 口径库: every definition, and one with all it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext

from daihou.engine.metrics.definition import Metric, Ratio, must_compare
from daihou.engine.metrics.dictionary import METRICS
from daihou.engine.metrics.dictionary_days import DAYS
from daihou.engine.metrics.errors import NotComparable
from daihou.rooms.reporting import question as questions
from daihou.rooms.reporting import words
from daihou.rooms.reporting.pages.overview import FRONT

# Where a figure stands besides the lab: the names of the addresses.
_ELSEWHERE: Final[Mapping[str, Sequence[str]]] = {
    "npl_ratio": ("grading:overview",),
    "overdue_1_amount": ("dayend:home",),
    **dict.fromkeys(DAYS, ("dayend:home",)),
}
_DEFINED: Final[Mapping[str, Metric]] = {**METRICS, **DAYS}
# Which of our tests hold the figure, by the family of its definition.
_TESTS: Final[Mapping[questions.Family, str]] = {
    questions.Family.STOCK: "tests/nightly/test_portfolio.py",
    questions.Family.MIGRATION: "tests/engine/test_metrics_migration.py",
    questions.Family.VINTAGE: "tests/engine/test_metrics_vintage.py",
    questions.Family.FIRST_PAYMENT: "tests/engine/test_metrics_waiting.py",
    questions.Family.RECOVERY: "tests/engine/test_metrics_recovery.py",
    questions.Family.WORK: "tests/engine/test_metrics_operations.py",
    questions.Family.PROMISES: "tests/engine/test_metrics_operations.py",
    questions.Family.DAYS: "tests/rooms/test_figures.py",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the dictionary."""

    metric: Metric
    word: str
    other_word: str
    formula: str
    convention: str
    source: str
    address: str  # where the figure is shown


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one family."""

    word: str
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The list, narrowed by what was typed."""

    text: str
    groups: Sequence[Group]
    total: int


@dataclass(frozen=True, slots=True)
class One:
    """One definition with all it says."""

    entry: Entry
    family: str
    owner: str
    formula_zh: str
    formula_en: str
    convention: Sequence[tuple[str, str]]
    expression: str
    is_ratio: bool
    used: Sequence[tuple[str, str]]
    tests: str
    alike: Sequence[tuple[str, str]]


def dictionary(text: str) -> Dictionary:
    """Every definition whose id, name or formula holds the text."""
    sought = " ".join(text.replace("\x00", "").split())[:80]
    found: dict[questions.Family, list[Entry]] = {each: [] for each in questions.Family}
    for metric in _DEFINED.values():
        if _fits(metric, sought.lower()):
            found[questions.family(metric)].append(_entry(metric))
    groups = [Group(words.family_word(f), rows) for f, rows in found.items() if rows]
    return Dictionary(sought, groups, sum(len(group.entries) for group in groups))


def _fits(metric: Metric, sought: str) -> bool:
    held = (metric.id, metric.zh, metric.en, metric.formula, metric.formula_zh)
    return any(sought in each.lower() for each in held)


def _entry(metric: Metric) -> Entry:
    return Entry(
        metric=metric,
        word=words.name(metric),
        other_word=metric.en if words.chinese() else metric.zh,
        formula=words.formula(metric),
        convention=words.convention_line(metric),
        source=words.source(metric),
        address=_shown(metric),
    )


def _shown(metric: Metric) -> str:
    """Where the figure itself is: in the lab, or on the first page."""
    if metric.id in DAYS:
        return reverse("dayend:home")
    plain = questions.read_plain(metric.id).address()
    return f"{reverse('reporting:lab_ask')}?{plain}"


def one(id: str) -> One:
    """One definition, or NotFound."""
    metric = DAYS.get(id) or questions.metric_of(id)
    return One(
        entry=_entry(metric),
        family=words.family_word(questions.family(metric)),
        owner=words.owner(metric),
        formula_zh=metric.formula_zh,
        formula_en=metric.formula,
        convention=words.convention(metric),
        expression=words.expression(metric),
        is_ratio=isinstance(metric.expression, Ratio),
        used=_used(metric),
        tests=_TESTS[questions.family(metric)],
        alike=_alike(metric),
    )


def _used(metric: Metric) -> Sequence[tuple[str, str]]:
    pages = {
        "grading:overview": gettext("Classes of loans"),
        "dayend:home": gettext("First page"),
    }
    found = [(_shown(metric), gettext("Lab"))] if metric.id not in DAYS else []
    if metric.id in FRONT:
        found.append((reverse("reporting:lab"), gettext("Front of the lab")))
    for name in _ELSEWHERE.get(metric.id, ()):
        found.append((reverse(name), pages[name]))
    return found


def _alike(metric: Metric) -> Sequence[tuple[str, str]]:
    """The figures of the same convention, which may share an axis with it."""
    found = []
    for other in METRICS.values() if metric.id in METRICS else ():
        if other.id == metric.id:
            continue
        try:
            must_compare([metric, other])
        except NotComparable:
            continue
        found.append((other.id, words.name(other)))
    return found
