"""The page of one question: title, chart, numbers, definition."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.translation import gettext, pgettext

from daihou.engine.metrics.definition import Basis, Metric, must_compare
from daihou.engine.metrics.dictionary import METRICS
from daihou.engine.metrics.errors import NotComparable
from daihou.kit.portfolio import Axis, Cut, Month, Series
from daihou.kit.portfolio_cuts import cuts_of
from daihou.rooms.lists import door as lists
from daihou.rooms.people import door as people
from daihou.rooms.reporting import question as questions
from daihou.rooms.reporting import words
from daihou.rooms.reporting.pages import answer, coins, doubts, drawing
from daihou.rooms.reporting.pages import months as chosen_months
from daihou.rooms.reporting.pages.chart import Chart
from daihou.rooms.reporting.pages.forecast import Forecast, forecast_page
from daihou.rooms.reporting.pages.funnel import Funnel, funnel
from daihou.rooms.reporting.pages.rolling import Roll, roll
from daihou.rooms.reporting.queries import lab
from daihou.rooms.reporting.question import Question, View

LIST = "lab"
FILTERS = (Cut.PRODUCT, Cut.BRANCH, Cut.CHANNEL)  # those always offered


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a field."""

    code: str
    word: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Choices that belong together."""

    word: str
    options: Sequence[Option]


@dataclass(frozen=True, slots=True)
class Filter:
    """One thing the figure is kept to."""

    name: str
    word: str
    options: Sequence[Option]
    several: bool  # more than one value is chosen, by the address


@dataclass(frozen=True, slots=True)
class Definition:
    """What stands beside a figure: how it is made and what it may be compared with."""

    id: str
    word: str
    formula: str
    convention: Sequence[tuple[str, str]]
    source: str
    version: int


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the page shows; `why` says what keeps an answer from being there."""

    question: Question
    address: str
    title: str
    cut: str
    definitions: Sequence[Definition]
    metrics: Sequence[Group]
    others: Sequence[Option]
    cuts: Sequence[Option]
    filters: Sequence[Filter]
    months: Sequence[str]
    currencies: Sequence[Option]  # none where the book has but one
    views: Sequence[tuple[str, str, bool]]
    basis: Sequence[tuple[str, str, bool]]
    bar: lists.Bar
    doubts: Sequence[str]
    running: Month | None
    fingerprint: str = ""
    as_of: object = None
    by_age: bool = False
    chart: Chart | None = None
    rest: str = ""
    table: answer.Table | None = None
    roll: Roll | None = None
    forecast: Forecast | None = None
    funnel: Funnel | None = None
    refused: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """The part of a page that is the answer."""

    fingerprint: str = ""
    as_of: object = None
    by_age: bool = False
    chart: Chart | None = None
    rest: str = ""
    table: answer.Table | None = None
    roll: Roll | None = None
    forecast: Forecast | None = None
    funnel: Funnel | None = None
    refused: str = ""
    why: str = ""


def page(query: QueryDict, *, person: people.Person) -> Page:
    """The page behind an address."""
    question, choice = coins.settled(questions.read(query), scope=person.scope)
    months = lab.months()
    say = words.keys(officers=names_people(question))
    title = title_of(question, months, say)
    found = _found(question, months, say, person, title, query.get("page"))
    if found.refused:  # it is not drawn, and so not named
        title = title_of(replace(question, other=None), months, say)
    shown = [question.metric, *([question.other] if question.other else [])]
    return Page(
        question=question,
        address=question.address(),
        title=title,
        cut=words.cut_word(question.by),
        definitions=[definition(metric) for metric in shown],
        metrics=groups(question.metric),
        others=_others(question),
        cuts=_cuts(question),
        filters=_filters(question, person, say),
        months=[each.name for each in reversed(months)],
        views=_views(question),
        basis=_basis(question),
        currencies=[
            Option(each, each, each == choice.code)
            for each in choice.known
            if choice.several
        ],
        bar=lists.bar(LIST, query, person=person),
        doubts=doubts.doubts(query, question, scope=person.scope),
        running=months[-1] if months and not months[-1].complete else None,
        **{name: getattr(found, name) for name in _Found.__slots__},
    )


def _found(
    question: Question,
    months: Sequence[Month],
    say: words.Keys,
    person: people.Person,
    title: str,
    rows: str | None,
) -> _Found:
    if not months:
        return _Found(why=gettext("No month has been counted yet."))
    if why := doubts.unanswerable(question, months):
        return _Found(why=why)
    if question.view is View.MATRIX:
        return _matrix(question, months, person)
    if question.view is View.FORECAST:
        made = forecast_page(question, months, scope=person.scope)
        why = gettext("There are too few counted months to roll anything forward.")
        return _Found(forecast=made, why="" if made else why)
    return _series(question, say, person, title, rows)


def _series(
    question: Question,
    say: words.Keys,
    person: people.Person,
    title: str,
    rows: str | None,
) -> _Found:
    series = lab.series(question, scope=person.scope)
    if isinstance(series, lab.Unknown):
        return _Found(why=_unknown(series))
    if not series.points:
        return _Found(
            why=gettext("There is nothing to count for this question yet."),
            fingerprint=series.fingerprint,
            as_of=series.as_of,
        )
    others, refused = _beside(question, series, person)
    drawn, rest = drawing.drawing(series, question, say, title=title, others=others)
    return _Found(
        fingerprint=series.fingerprint,
        as_of=series.as_of,
        by_age=series.axis is Axis.AGE,
        chart=drawn,
        rest=rest,
        table=answer.table(series, question, say, page=rows),
        funnel=_funnel(question, person),
        refused=refused,
    )


def _funnel(question: Question, person: people.Person) -> Funnel | None:
    """The steps of the work, beside each of them."""
    if questions.family(question.metric) is not questions.Family.WORK:
        return None
    return funnel(question, scope=person.scope)


def _beside(
    question: Question, series: Series, person: people.Person
) -> tuple[Sequence[tuple[Metric, Series]], str]:
    """The second figure where it may share the axis; else why it may not."""
    if question.other is None:
        return (), ""
    try:
        must_compare([question.metric, question.other])
    except NotComparable:
        return (), words.why_apart(question.metric, question.other)
    found = lab.series(question, scope=person.scope, metric=question.other)
    if isinstance(found, lab.Unknown):
        return (), _unknown(found)
    if found.axis is not series.axis:
        return (), gettext("One of them stands by month, the other by age.")
    return [(question.other, found)], ""


def _unknown(found: lab.Unknown) -> str:
    plain = gettext("This figure is not known for this book.")
    return f"{plain} {found.why}".strip()


def _matrix(
    question: Question, months: Sequence[Month], person: people.Person
) -> _Found:
    stands = chosen_months.chosen(question, months)
    assert stands is not None, "a month that is not counted was answered for before"
    month = stands.name
    amount = question.metric.basis is Basis.AMOUNT
    found = lab.matrix(question, month=month, amount=amount, scope=person.scope)
    if isinstance(found, lab.Unknown):
        return _Found(why=_unknown(found))
    if not any(map(sum, found.count)):
        return _Found(why=gettext("Nobody stood in any state a month before."))
    return _Found(
        roll=roll(question, found, month=month, scope=person.scope),
        fingerprint=lab.matrix_print(
            question, month=month, amount=amount, scope=person.scope
        ),
        as_of=stands.as_of,
    )


def names_people(question: Question) -> bool:
    """Whether logins stand in the answer."""
    cuts = {question.by, *question.only}
    return bool(cuts & {Cut.OFFICER, Cut.COLLECTOR})


def title_of(question: Question, months: Sequence[Month], say: words.Keys) -> str:
    """What is shown, in words."""
    parts = [words.name(question.metric)]
    if question.other is not None:
        parts[0] = gettext("%(one)s beside %(other)s") % {
            "one": parts[0],
            "other": words.name(question.other),
        }
    if question.view is not View.CHART:
        parts.append(view_word(question.view).lower())
        stands = chosen_months.chosen(question, months) if months else None
        parts += [stands.name] if stands else []
    elif question.by is not None:
        told = gettext("by %(cut)s") % {"cut": words.cut_word(question.by).lower()}
        parts.append(told)
    for cut, kept in sorted(question.only.items()):
        parts.append(" + ".join(say.word(cut, each) for each in sorted(kept)))
    if question.view is View.CHART and months:
        since = question.since or months[0].name
        until = question.until or months[-1].name
        if questions.family(question.metric) is not questions.Family.VINTAGE:
            parts.append(
                gettext("%(since)s to %(until)s") % {"since": since, "until": until}
            )
    return ("，" if words.chinese() else ", ").join(parts)


def view_word(view: View) -> str:
    """How an answer is drawn."""
    kinds = {
        View.CHART: gettext("Lines"),
        View.MATRIX: gettext("Matrix"),
        View.FORECAST: gettext("Forecast"),
    }
    return kinds[view]


def definition(metric: Metric) -> Definition:
    """The definition as it stands beside its figure."""
    return Definition(
        metric.id,
        words.name(metric),
        words.formula(metric),
        words.convention(metric),
        words.source(metric),
        metric.version,
    )


def groups(chosen: Metric | None) -> Sequence[Group]:
    """Every figure there is, by family."""
    found: dict[questions.Family, list[Option]] = {
        each: [] for each in questions.Family
    }
    for metric in METRICS.values():
        option = Option(metric.id, words.name(metric), metric is chosen)
        found[questions.family(metric)].append(option)
    return [
        Group(words.family_word(f), options) for f, options in found.items() if options
    ]


def _others(question: Question) -> Sequence[Option]:
    """The figures that may stand on the same axis."""
    found = []
    for metric in METRICS.values():
        if metric.id == question.metric.id:
            continue
        try:
            must_compare([question.metric, metric])
        except NotComparable:
            continue
        chosen = question.other is not None and metric.id == question.other.id
        found.append(Option(metric.id, words.name(metric), chosen))
    return found


def _cuts(question: Question) -> Sequence[Option]:
    none = Option(questions.NO_CUT, words.cut_word(None), question.by is None)
    return [
        none,
        *(
            Option(str(c), words.cut_word(c), c is question.by)
            for c in cuts_of(question.metric.id)
        ),
    ]


def _filters(
    question: Question, person: people.Person, say: words.Keys
) -> Sequence[Filter]:
    found = []
    for cut in (*FILTERS, *(c for c in question.only if c not in FILTERS)):
        kept = question.only.get(cut, frozenset())
        known = dict.fromkeys([*lab.values(cut, scope=person.scope), *sorted(kept)])
        options = [Option(each, say.word(cut, each), each in kept) for each in known]
        if options:
            word = words.cut_word(cut)
            found.append(Filter(str(cut), word, options, len(kept) > 1))
    return found


def _views(question: Question) -> Sequence[tuple[str, str, bool]]:
    """The ways to draw it: only rolls have more than one."""
    if not questions.rolls(question.metric):
        return ()
    return [
        (question.address(view=view), view_word(view), view is question.view)
        for view in (View.MATRIX, View.FORECAST, View.CHART)
    ]


def _basis(question: Question) -> Sequence[tuple[str, str, bool]]:
    """The figure by amount and by number, where both are defined."""
    other = questions.twin(question.metric)
    if other is None or question.view is View.FORECAST:
        return ()
    both = sorted((question.metric, other), key=lambda metric: metric.basis)
    named = {
        Basis.AMOUNT: gettext("Amount"),
        Basis.COUNT: pgettext("basis", "Number"),
    }
    return [
        (
            question.address(metric=metric, other=None),
            named[metric.basis],
            metric is question.metric,
        )
        for metric in both
    ]
