"""Classes of loans for programs: the list, one with its reasons, and what is told."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field

from daihou.engine.classification.codes import BY_CODE, names
from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import Amount, Day, Given, Id, Money, Schema, minor, money
from daihou.kit.refusal import NotFound
from daihou.packs import decision_json
from daihou.rooms.approvals import door as approvals
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.grading import actions, api_provision, queries
from daihou.rooms.grading.actions import Told
from daihou.rooms.grading.queries import ClassLine, FactLine
from daihou.rooms.people import door as people
from daihou.tables.grades import Fact

router = Router(tags=["Classes"])
router.add_router("", api_provision.router)
Class = Literal["normal", "special_mention", "substandard", "doubtful", "loss"]
Kind = Literal[
    "technical_overdue",
    "use_changed",
    "refinanced",
    "refinancing_excepted",
    "bad_elsewhere",
    "market",
    "credit_impaired",
    "expected_loss",
    "downgraded",
    "evasion",
    "bankruptcy_liquidation",
    "accepted_enhancement",
    "small_business",
    "acquired",
    "risk_increased",
    "stage_2_rebutted",
    "default_rebutted",
    "judged",
    "restructured",
    "solved",
    "unsolved",
]
Evidence = Annotated[str, Field(min_length=1, max_length=2000)]


class LoanClassed(Schema):
    """The class of an open loan at the end of `as_of`, the last graded day.

    `machine_class` is what the floors say by themselves, `asserted_class` what verified
    rules alone say: where it is better, the rest is the lender's policy and no law.
    """

    loan_id: int
    number: str
    as_of: date
    currency: str
    asset_class: Class
    machine_class: Class
    asserted_class: Class
    causes: list[str]
    rule: str
    stage: int | None
    since: date
    dpd: int
    arrears: Money
    balance: Money
    observed_until: date | None
    upgrade_from: date | None


class LoanClassWhy(LoanClassed):
    """The same with the decision: inputs, rules asked with their version, what flips it."""

    decision: dict[str, Any] | None


class ClassQuestion(Schema):
    """Which classes to list."""

    asset_class: Class | None = None


class FactIn(Given):
    """A fact about a loan from a day on; figures as its kind needs them.

    `expected_loss` needs `amount`, `market` needs `late` and `total`, `judged` needs
    `to`, `restructured` needs `first_due_on` and `period_months`.
    """

    kind: Kind
    begins_on: Day
    evidence: Evidence
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    amount: Amount | None = None
    late: Amount | None = None
    total: Amount | None = None
    to: Class | None = None
    first_due_on: Day | None = None
    period_months: Annotated[int, Field(ge=0, le=120)] | None = None


class UpgradeIn(Given):
    """A better class and the three proofs without which nothing leaves 不良."""

    to: Class
    paid: Evidence
    able: Evidence
    others: Evidence


class FactKept(Schema):
    """A fact that was written down; `known_from` the run that first reads it."""

    id: int
    kind: str
    begins_on: date


class Asked(Schema):
    """What became of it: a fact, or a proposal that others decide."""

    fact: FactKept | None
    proposal: int | None
    dry_run: bool


def _reader(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.VIEW_LOANS)


def _proposer(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.PROPOSE_CLASS)


def _line(line: ClassLine, as_of: date) -> dict[str, Any]:
    return {
        "loan_id": line.loan_id,
        "number": line.number,
        "as_of": as_of,
        "currency": line.currency,
        "asset_class": line.asset_class.code,
        "machine_class": line.machine_class.code,
        "asserted_class": line.asserted_class.code,
        "causes": list(names(line.causes)),
        "rule": line.rule,
        "stage": line.stage or None,
        "since": line.since,
        "dpd": line.dpd,
        "arrears": money(line.arrears, line.currency),
        "balance": money(line.balance, line.currency),
        "observed_until": line.observed_until,
        "upgrade_from": line.upgrade_from,
    }


def _graded_on() -> date:
    run = queries.shown_run()
    if run is None:
        raise NotFound("not_graded", _("No day has been classified yet."))
    return run.as_of


@router.read(
    "/classes", scope=ApiScope.CLASSES_READ, returns=Page[LoanClassed], allow=_reader
)
def list_classes(
    request: HttpRequest, paging: Query[Paging], asked: Query[ClassQuestion]
) -> Page[LoanClassed]:
    """List the classes of open loans

    In order of our numbers of the loans, as of the last day that was classified.
    """
    run = queries.shown_run()
    chosen = None if asked.asset_class is None else BY_CODE[asked.asset_class]
    named = f"classes-{asked.asset_class or 'all'}"
    after = begins_after(paging, of=named)
    rows: Sequence[ClassLine] = ()
    if run is not None:
        rows = queries.classes_after(
            after,
            scope=request.person.scope,
            limit=paging.limit + 1,
            asset_class=chosen,
        )

    def show(row: ClassLine) -> LoanClassed:
        assert run is not None
        return LoanClassed(**_line(row, run.as_of))

    return cut(rows, paging, of=named, key=lambda row: row.loan_id, show=show)


@router.read(
    "/loans/{loan}/class",
    scope=ApiScope.CLASSES_READ,
    returns=LoanClassWhy,
    allow=_reader,
)
def get_loan_class(request: HttpRequest, loan: Id) -> LoanClassWhy:
    """Read the class of a loan with its reasons

    The decision is reckoned anew from the facts of that day: what went in, each rule
    with its version, and the nearest changes that would flip it.
    """
    scope = request.person.scope
    queries.loan_line(loan, scope=scope)
    as_of = _graded_on()
    line = queries.class_of(loan, scope=scope)
    if line is None:
        raise NotFound("no_class", _("This loan is closed, so it has no class."))
    found = queries.decision(loan, as_of=as_of, scope=scope)
    told = decision_json.to_json(found) if found is not None else None
    return LoanClassWhy(**_line(line, as_of), decision=told)


def _answer(made: FactLine | approvals.Proposal, request: HttpRequest) -> Asked:
    if isinstance(made, approvals.Proposal):
        return Asked(fact=None, proposal=made.id, dry_run=request.dry_run)
    kept = FactKept(id=made.id, kind=str(made.kind), begins_on=made.begins_on)
    return Asked(fact=kept, proposal=None, dry_run=request.dry_run)


@router.write(
    "/loans/{loan}/class-facts",
    scope=ApiScope.CLASSES_WRITE,
    returns=Asked,
    allow=_proposer,
)
def tell_class_fact(request: HttpRequest, loan: Id, body: FactIn) -> Asked:
    """Tell a fact that bears on the class of a loan

    It counts from the next day-end on. A fact that lifts the class is proposed, and
    another person decides.
    """
    told = Told(
        kind=Fact(body.kind),
        begins_on=body.begins_on,
        content=_content(body),
        evidence=body.evidence,
    )
    return _answer(actions.tell(loan, told, deed=approvals.Deed.of(request)), request)


def _content(body: FactIn) -> Mapping[str, Any]:
    amounts = {
        name: minor(value, body.currency, field=name)
        for name in ("amount", "late", "total")
        if (value := getattr(body, name)) is not None
    }
    first = body.first_due_on
    return amounts | {
        "to": body.to,
        "first_due_on": first.isoformat() if first else None,
        "period_months": body.period_months,
    }


@router.write(
    "/loans/{loan}/class-upgrades",
    scope=ApiScope.CLASSES_WRITE,
    returns=Asked,
    allow=_proposer,
)
def ask_class_upgrade(request: HttpRequest, loan: Id, body: UpgradeIn) -> Asked:
    """Ask that a loan leaves its class for a better one

    Two others decide, one after the other. Refused before the earliest day of the law.
    """
    proofs = {"paid": body.paid, "able": body.able, "others": body.others}
    made = actions.ask_upgrade(
        loan, to=BY_CODE[body.to], proofs=proofs, deed=approvals.Deed.of(request)
    )
    return _answer(made, request)
