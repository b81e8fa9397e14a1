"""The only reader of classes, their facts, moves and runs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, Sum, Window
from django.db.models.functions import FirstValue, RowNumber
from django.utils.translation import gettext as _

from daihou.engine.classification.codes import AssetClass, Cause, Event
from daihou.engine.classification.deciding import classify
from daihou.engine.classification.facts import Happened as Changed
from daihou.engine.classification.facts import Period
from daihou.engine.classification.rules import ClassificationRules
from daihou.engine.rulebook.decision import Decision
from daihou.engine.rulebook.law import Lawbook
from daihou.kit import grades
from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.grading.models import ClassFact, ClassMove, GradingRun, LoanClass
from daihou.rooms.ledger import door as ledger
from daihou.rooms.rulebooks import door as rulebooks
from daihou.tables.grades import HAPPENED, OF_DEBTOR, Fact


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run over a closed day; `counts` class -> loans."""

    id: int
    as_of: date
    kind: str
    current: bool
    licence: str
    fingerprint: str
    loans: int
    looked_at: int
    moved: int
    counts: Mapping[str, int]
    seconds: float
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class ClassSum:
    """Loans of one class and currency, and what is owed on them (minor units)."""

    asset_class: AssetClass
    currency: str
    loans: int
    balance: int


@dataclass(frozen=True, slots=True)
class MoveSum:
    """Loans that went from one class to another; None: not in the book."""

    was: AssetClass | None
    becomes: AssetClass | None
    currency: str
    loans: int
    balance: int


@dataclass(frozen=True, slots=True)
class ClassLine:
    """The class of one loan as lists show it; amounts in minor units of `currency`."""

    loan_id: int
    number: str
    name: str
    customer_id: int
    branch: str
    product: str
    currency: str
    asset_class: AssetClass
    machine_class: AssetClass
    asserted_class: AssetClass
    causes: Cause
    stage: int
    rule: str
    since: date
    cleared_on: date | None
    observed_until: date | None
    upgrade_from: date | None
    dpd: int
    arrears: int
    balance: int

    @property
    def rests_on_policy(self) -> bool:
        """Whether verified rules alone would say a better class."""
        return self.asserted_class < self.machine_class


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact about a loan or its debtor."""

    id: int
    loan_id: int
    customer_id: int
    kind: Fact
    begins_on: date
    ends_on: date | None
    content: Mapping[str, Any]
    evidence: str
    by: str
    at: datetime
    proposal_id: int | None
    ended_by: str
    ended_because: str


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One change of class of one loan."""

    as_of: date
    was: AssetClass | None
    becomes: AssetClass | None
    causes: Cause
    rule: str


_RUN = tuple(RunLine.__dataclass_fields__)
_CLASS = (
    *("loan_id", "loan__external_id", "loan__customer__name", "loan__customer_id"),
    *("loan__branch", "loan__product", "currency", "asset_class", "machine_class"),
    *("asserted_class", "causes", "stage", "rule", "since", "cleared_on"),
    *("observed_until", "upgrade_from", "dpd", "arrears", "balance"),
)
_FACT = tuple(FactLine.__dataclass_fields__)


def shown_run() -> RunLine | None:
    """The run whose classes the pages show; None before the first."""
    row = GradingRun.objects.filter(shown=True).values_list(*_RUN).first()
    return RunLine(*row) if row else None


def last_runs(*, limit: int = 12) -> Sequence[RunLine]:
    """The runs that stand, the newest day first."""
    rows = GradingRun.objects.filter(current=True).order_by("-as_of")
    return [RunLine(*row) for row in rows.values_list(*_RUN)[:limit]]


def sums(*, scope: Scope) -> Sequence[ClassSum]:
    """Loans and balances by class and currency; one query."""
    rows = scope.limit(LoanClass.objects.all(), by="loan__branch")
    grouped = (
        rows.order_by("currency", "asset_class")
        .values_list("asset_class", "currency")
        .annotate(loans=Count("pk"), owed=Sum("balance"))
    )
    return [ClassSum(AssetClass(number), *rest) for number, *rest in grouped]


def moves(since: date, until: date, *, scope: Scope) -> Sequence[MoveSum]:
    """Who is in another class at the end of `until` than at the end of `since`.

    Sums by classes and currency; the balance is that of the last move. Who moved and
    came back is not among them.
    """
    rows = ClassMove.objects.filter(
        run__current=True, as_of__gt=since, as_of__lte=until
    )
    rows = scope.limit(rows, by="loan__branch").order_by()
    ends = {"partition_by": [F("loan_id")]}
    each_loan = rows.values("becomes", "balance", coin=F("loan__currency")).annotate(
        first=Window(FirstValue("was"), order_by=("as_of", "id"), **ends),
        nth=Window(RowNumber(), order_by=("-as_of", "-id"), **ends),
    )
    sql, values = each_loan.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "select first, becomes, coin, count(*), sum(balance)::bigint"
            f" from ({sql}) as each_loan where nth = 1 and first <> becomes"
            " group by 1, 2, 3 order by 1, 2, 3",
            values,
        )
        found = cursor.fetchall()
    return [
        MoveSum(_class(was), _class(becomes), currency, loans, balance)
        for was, becomes, currency, loans, balance in found
    ]


def _class(number: int) -> AssetClass | None:
    return None if number < 0 else AssetClass(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which loans of the list; None and empty do not narrow."""

    asset_class: AssetClass | None = None
    bad: bool = False
    cause: Cause | None = None
    currency: str = ""
    text: str = ""
    may_rise: date | None = None  # whose earliest day out of 不良 has come


def _chosen(wish: Wish, scope: Scope) -> Any:
    rows = scope.limit(LoanClass.objects.all(), by="loan__branch")
    if wish.asset_class is not None:
        rows = rows.filter(asset_class=wish.asset_class)
    elif wish.bad:
        rows = rows.filter(asset_class__gte=AssetClass.SUBSTANDARD)
    else:
        rows = rows.filter(asset_class__gt=AssetClass.NORMAL)
    if wish.cause is not None:
        rows = rows.annotate(hit=F("causes").bitand(int(wish.cause))).filter(hit__gt=0)
    if wish.currency:
        rows = rows.filter(currency=wish.currency)
    if wish.text:
        rows = rows.filter(loan__external_id__startswith=wish.text)
    if wish.may_rise is not None:
        rows = rows.filter(upgrade_from__lte=wish.may_rise)
    return rows


def count(wish: Wish, *, scope: Scope) -> int:
    """How many loans a list has."""
    return int(_chosen(wish, scope).count())


def classes(
    wish: Wish, *, scope: Scope, start: int = 0, stop: int = 50
) -> Sequence[ClassLine]:
    """Loans of a list, the worst class first, then what is owed."""
    rows = _chosen(wish, scope).order_by("-asset_class", "-balance", "loan_id")
    return [_class_line(row) for row in rows.values_list(*_CLASS)[start:stop]]


def classes_after(
    after: int, *, scope: Scope, limit: int, asset_class: AssetClass | None = None
) -> Sequence[ClassLine]:
    """Every open loan of the scope with an id above `after`, by id."""
    rows = scope.limit(LoanClass.objects.filter(pk__gt=after), by="loan__branch")
    if asset_class is not None:
        rows = rows.filter(asset_class=asset_class)
    found = rows.order_by("pk").values_list(*_CLASS)[:limit]
    return [_class_line(row) for row in found]


def _class_line(row: tuple[Any, ...]) -> ClassLine:
    values = dict(zip(ClassLine.__dataclass_fields__, row, strict=True))
    for name in ("asset_class", "machine_class", "asserted_class"):
        values[name] = AssetClass(values[name])
    values["causes"] = Cause(values["causes"])
    return ClassLine(**values)


def class_of(loan_id: int, *, scope: Scope) -> ClassLine | None:
    """The class of one loan of the scope; None where it has none."""
    found = classes_after(loan_id - 1, scope=scope, limit=1)
    return found[0] if found and found[0].loan_id == loan_id else None


def loan_line(loan_id: int, *, scope: Scope) -> ledger.reading.LoanLine:
    """The loan as lists name it, or NotFound outside the scope."""
    found = ledger.reading.lines_of([loan_id], scope=scope)
    if loan_id not in found:
        raise NotFound(
            "loan_unknown",
            _(
                "There is no loan %(loan)s among those you may see. Check the number, or "
                "ask the branch that keeps it."
            )
            % {"loan": loan_id},
            loan=loan_id,
        )
    return found[loan_id]


def loans_in(ids: Iterable[str], scope: Scope) -> set[str]:
    """Which of these loans lie within a scope."""
    wanted = [int(each) for each in ids if each.isdecimal()]
    return {str(each) for each in ledger.reading.lines_of(wanted, scope=scope)}


def facts_of(loan_id: int) -> Sequence[FactLine]:
    """Every fact told of a loan or seen by a run, and of its debtor; newest first."""
    debtor = LoanClass.objects.filter(pk=loan_id).values("loan__customer_id")
    theirs = Q(customer_id__in=debtor, kind__in=map(str, OF_DEBTOR))
    rows = ClassFact.objects.filter(Q(loan_id=loan_id) | theirs)
    return [_fact(r) for r in rows.order_by("-begins_on", "-id").values_list(*_FACT)]


def fact(fact_id: int, *, scope: Scope) -> FactLine:
    """One fact about a loan of the scope, or NotFound."""
    row = ClassFact.objects.filter(pk=fact_id).values_list(*_FACT).first()
    if row is None or not loans_in([str(row[1])], scope):
        raise NotFound(
            "fact_unknown", _("There is no such fact among those you may see.")
        )
    return _fact(row)


def _fact(row: tuple[Any, ...]) -> FactLine:
    values = dict(zip(_FACT, row, strict=True))
    values["kind"] = Fact(values["kind"])
    return FactLine(**values)


def moves_of(loan_id: int, *, limit: int = 50) -> Sequence[MoveLine]:
    """How the class of a loan changed, the newest first."""
    rows = ClassMove.objects.filter(run__current=True, loan_id=loan_id)
    found = rows.order_by("-as_of", "-id").values_list(
        "as_of", "was", "becomes", "causes", "rule"
    )
    return [
        MoveLine(as_of, _class(was), _class(becomes), Cause(causes), rule)
        for as_of, was, becomes, causes, rule in found[:limit]
    ]


def customers_of(loan_id: int) -> int:
    """The customer of a loan that was graded or told of; 0 for none."""
    row = LoanClass.objects.filter(pk=loan_id).values_list("loan__customer_id")
    found = row.first()
    return int(found[0]) if found else 0


def rules(
    as_of: date, *, book: Lawbook | None = None, decided_by: date | None = None
) -> ClassificationRules:
    """The rules of this lender's licence on a day.

    `book` instead of the lender's own; `decided_by`: as it was decided by that day.
    """
    law = book or rulebooks.lawbook(decided_by)
    return ClassificationRules.of(law, rulebooks.licence(), as_of)


def decision(loan_id: int, *, as_of: date, scope: Scope) -> Decision | None:
    """Why a loan is in its class at the end of a graded day; None where it has none.

    Recomputed by the plain text from the facts of that day; UserError (engine) where
    the day was not graded.
    """
    line = loan_line(loan_id, scope=scope)
    grader = grades.grader()
    if grader is None:
        return None
    claims = grader.claims(loan_id, as_of=as_of)
    known = rules(as_of, decided_by=as_of)
    if claims is None or known.is_empty:
        return None
    found = classify(claims.facts, claims.others, known, as_of=as_of)
    return Decision(
        question=found.question,
        subject=line.number,
        as_of=found.as_of,
        answer=found.answer,
        inputs=found.inputs,
        path=found.path,
        flips=found.flips,
    )


def changes_of(loan_ids: Iterable[int], *, on: date) -> Mapping[int, list[Changed]]:
    """What moved the observation of these loans, told or seen by the end of a day."""
    rows = ClassFact.objects.filter(
        loan_id__in=list(loan_ids),
        kind__in=sorted(HAPPENED),
        begins_on__lte=on,
        known_on__lte=on,
    ).order_by("begins_on", "id")
    found: dict[int, list[Changed]] = {}
    for row in rows.values_list("loan_id", "kind", "begins_on", "content"):
        found.setdefault(row[0], []).append(_changed(*row[1:]))
    return found


def _changed(kind: str, on: date, content: Mapping[str, Any]) -> Changed:
    event = Event[kind.upper()]
    if event is not Event.RESTRUCTURED:
        return Changed(event, on)
    first = date.fromisoformat(content["first_due_on"])
    return Changed(event, on, first, Period(months=int(content["period_months"])))


def observed() -> Sequence[ClassLine]:
    """Every open loan that is in observation, by our number; for runs."""
    rows = LoanClass.objects.filter(observed_until__isnull=False).order_by("pk")
    return [_class_line(row) for row in rows.values_list(*_CLASS)]
