"""The only reader of provisions: what each day needs, how it moved, what is held."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from daihou.engine.classification.codes import AssetClass
from daihou.engine.provision.errors import ProvisionError
from daihou.engine.provision.movement import Line
from daihou.engine.provision.required import Assessment, Exposure, Total, assess, decide
from daihou.engine.provision.rules import TABLES, ProvisionRules
from daihou.engine.rulebook.decision import Decision
from daihou.engine.rulebook.law import Lawbook
from daihou.kit import provisions
from daihou.kit.scope import Scope
from daihou.rooms.grading import queries
from daihou.rooms.grading.models import (
    ProvisionHeld,
    ProvisionMove,
    ProvisionNeed,
    ProvisionRun,
)
from daihou.rooms.rulebooks import door as rulebooks


@dataclass(frozen=True, slots=True)
class RunLine:
    """One day's provisions and what they rest on."""

    id: int
    as_of: date
    opening_on: date | None
    licence: str
    rules: str
    classes: str
    opening: str
    seconds: float
    at: datetime


@dataclass(frozen=True, slots=True)
class NeedLine:
    """One class, branch and currency under a table; minor units."""

    branch: str
    asset_class: AssetClass
    loans: int
    balance: int
    needed: int


@dataclass(frozen=True, slots=True)
class HeldLine:
    """The allowance on the books from a day on."""

    on: date
    amount: int
    evidence: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MoveLines:
    """Two sheets: class -> line -> amount."""

    balances: Mapping[AssetClass, Mapping[Line, int]]
    allowances: Mapping[AssetClass, Mapping[Line, int]]


_RUN = tuple(RunLine.__dataclass_fields__)


def runs() -> Sequence[RunLine]:
    """Every day that was provided for, the newest first; one row a month and the last."""
    rows = ProvisionRun.objects.filter(current=True).order_by("-as_of")
    return [RunLine(*row) for row in rows.values_list(*_RUN)]


def tables(run: RunLine) -> Sequence[str]:
    """The tables a day was provided for under, in their order."""
    rows = ProvisionNeed.objects.filter(run_id=run.id).order_by()
    found = set(rows.values_list("table", flat=True).distinct())
    return [each for each in TABLES if each in found]


def needs(run: RunLine, *, table: str, scope: Scope) -> Mapping[str, list[NeedLine]]:
    """What classes and branches need, by currency; only branches wholly seen."""
    rows = ProvisionNeed.objects.filter(run_id=run.id, table=table)
    names = branches(scope)
    if names is not None:
        rows = rows.filter(branch__in=sorted(names))
    found: dict[str, list[NeedLine]] = defaultdict(list)
    for row in rows.order_by("currency", "branch", "asset_class"):
        line = NeedLine(
            row.branch,
            AssetClass(row.asset_class),
            row.loans,
            row.balance,
            row.needed,
        )
        found[row.currency].append(line)
    return found


def branches(scope: Scope) -> frozenset[str] | None:
    """The branches whose every loan is seen; None: all of them."""
    if scope.everything:
        return None
    whole = [
        way.branches or frozenset()
        for way in scope.ways
        if way.products is None and way.officers is None
    ]
    return frozenset().union(*whole)


def totals(lines: Sequence[NeedLine]) -> Mapping[AssetClass, Total]:
    """The sums by class, of every class."""
    sums = {each: [0, 0, 0] for each in AssetClass}
    for line in lines:
        row = sums[line.asset_class]
        row[0] += line.loans
        row[1] += line.balance
        row[2] += line.needed
    return MappingProxyType({each: Total(*row) for each, row in sums.items()})


def move(run: RunLine, *, table: str, currency: str) -> MoveLines | None:
    """How a month moved, of the whole book."""
    row = ProvisionMove.objects.filter(
        run_id=run.id, table=table, currency=currency
    ).first()
    if row is None:
        return None
    return MoveLines(_sheet(row.balances), _sheet(row.allowances))


def _sheet(rows: Sequence[Sequence[int]]) -> Mapping[AssetClass, Mapping[Line, int]]:
    return {at: {line: rows[at][line] for line in Line} for at in AssetClass}


def held(on: date, *, currency: str) -> HeldLine | None:
    """What stood on the books on a day; None where nobody told."""
    rows = ProvisionHeld.objects.filter(on__lte=on, currency=currency)
    row = rows.order_by("-on", "-id").first()
    if row is None:
        return None
    return HeldLine(row.on, row.amount, row.evidence, row.by, row.at)


# -- rules -----------------------------------------------------------------------------


def rules(
    as_of: date, *, book: Lawbook | None = None, decided_by: date | None = None
) -> Mapping[str, ProvisionRules]:
    """Every table that holds for this lender on a day, by its name."""
    if rulebooks.jurisdiction() != "cn":
        return {}
    law = book or rulebooks.lawbook(decided_by)
    found = {}
    for table in TABLES:
        try:
            found[table] = ProvisionRules.of(
                law, rulebooks.licence(), as_of, table=table
            )
        except ProvisionError as error:
            if error.code != "not_for":
                raise
    return found


def assessment(
    rows: Mapping[AssetClass, Total],
    found: ProvisionRules,
    *,
    held: int,
    as_of: date,
    currency: str,
) -> Assessment:
    """Whether what is held is enough: the table, both ratios, the highest governs."""
    return assess(rows, found, held=held, as_of=as_of, currency=currency)


def loan_decisions(loan_id: int, *, scope: Scope) -> Sequence[tuple[str, Decision]]:
    """What a loan needs under each table and why; nothing for one that is closed."""
    line = queries.loan_line(loan_id, scope=scope)
    run = queries.shown_run()
    graded = queries.class_of(loan_id, scope=scope)
    provider = provisions.provider()
    if run is None or graded is None:
        return ()
    model = provider.model_of(loan_id, as_of=run.as_of) if provider else None
    exposure = Exposure(line.number, graded.asset_class, graded.balance, model)
    known = rules(run.as_of, decided_by=run.as_of)
    return [
        (
            table,
            decide(exposure, found, as_of=run.as_of, currency=graded.currency),
        )
        for table, found in known.items()
    ]
