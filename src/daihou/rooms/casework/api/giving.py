"""Who gets which case, for programs: next case, by hand, by distribution, undone."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query

from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import Day, Given, Id, Money, Schema, StrictBool, Word, money
from daihou.rooms.casework.actions import assigning, distributing, taking
from daihou.rooms.casework.actions.common import Deed
from daihou.rooms.casework.actions.distributing_told import Distribution
from daihou.rooms.casework.api import asker
from daihou.rooms.casework.api.shapes import CaseSaid, said
from daihou.rooms.casework.queries import floor
from daihou.rooms.casework.queries import queues as rows
from daihou.rooms.casework.states import BatchMode
from daihou.rooms.gateway.door import ApiScope

router = Router(tags=["Cases"])
Text = Annotated[str, Field(max_length=200)]
Version = Annotated[int, Field(ge=1)]


class NextGiven(Given):
    """From which queue; empty: from all the person works."""

    queue: Word = ""


class NextMade(Schema):
    """The case now in hand, and why it is this one; None where nothing may be done.

    `why` is held_back (it was in hand), due, mine or pool.
    """

    case: CaseSaid | None
    why: str
    dry_run: bool


@router.write(
    "/cases:next",
    scope=ApiScope.CASES_WRITE,
    returns=NextMade,
    allow=asker.worker,
)
def take_next_case(request: HttpRequest, body: NextGiven) -> NextMade:
    """Take the next case

    The one worth most, whose person may be contacted now, or office work. It is in
    hand for five minutes; nobody else is given it meanwhile.
    """
    taken = taking.take_next(deed=Deed.of(request), queue=body.queue)
    return NextMade(
        case=None if taken is None else said(taken.case),
        why="" if taken is None else taken.why,
        dry_run=request.dry_run,
    )


class LetGoGiven(Given):
    """Why a case that was not worked is passed over."""

    skip: Text = ""


@router.write(
    "/cases/{case}:let-go",
    scope=ApiScope.CASES_WRITE,
    returns=asker.WorkMade,
    allow=asker.worker,
)
def let_go_of_case(request: HttpRequest, case: Id, body: LetGoGiven) -> asker.WorkMade:
    """Put a case out of one's hands

    One that was not worked needs a reason, and is not given again that day.
    """
    taking.let_go(case, skip=body.skip, deed=Deed.of(request))
    return asker.made(request, case)


class AssignGiven(Given):
    """Cases, and to whom: a collector, a team, or (neither) the pool."""

    cases: Annotated[list[Id], Field(min_length=1, max_length=1_000)]
    collector: Word = ""
    team: Word = ""
    reason: Text = ""
    version: Version | None = None


class NotMoved(Schema):
    """A case that stays, and why."""

    case: int
    code: str
    detail: str


class Assigned(Schema):
    """Which cases moved and which stay; undone for 15 minutes by the batch."""

    batch: int | None
    moved: list[int]
    left: list[NotMoved]
    dry_run: bool


@router.write(
    "/cases:assign",
    scope=ApiScope.CASES_WRITE,
    returns=Assigned,
    allow=asker.manager,
)
def assign_cases(request: HttpRequest, body: AssignGiven) -> Assigned:
    """Give cases to somebody

    Held and closed ones stay, and those the person may not see. `dry_run=true` shows
    what would move.
    """
    done = assigning.assign(
        body.cases,
        collector=body.collector,
        team=body.team,
        reason=body.reason,
        version=body.version,
        deed=Deed.of(request),
    )
    tried = request.dry_run
    return Assigned(
        batch=None if tried else (done.batch_id or None),
        moved=list(done.moved),
        left=[
            NotMoved(case=each.case_id, code=each.code, detail=each.words)
            for each in done.left
        ],
        dry_run=tried,
    )


class ShareGiven(Given):
    """Which queue is shared out, and how; `again`: only what nobody worked for long."""

    mode: Annotated[str, Field(pattern="^(unassigned|overwrite|recall)$")] = (
        "unassigned"
    )
    again: StrictBool = False


class GotSaid(Schema):
    """What one collector got, and holds then."""

    collector: str
    new: int
    new_amount: Money
    cases: int
    amount: Money
    filled_per_cent: int | None


class Shared(Schema):
    """A distribution: who got how much, how even it is (Gini, per mille)."""

    batch: int | None
    queue: str
    moved: int
    back: int
    left: dict[str, int]
    downgraded: dict[str, int]
    got: list[GotSaid]
    uneven_cases_per_mille: int
    uneven_money_per_mille: int
    dry_run: bool


def _shared(request: HttpRequest, found: Distribution) -> Shared:
    currency = floor.currency_of(request.person.scope)
    left: dict[str, int] = {}
    for why in found.left.values():
        left[why] = left.get(why, 0) + 1
    return Shared(
        batch=None if request.dry_run else (found.batch_id or None),
        queue=found.queue,
        moved=found.moved,
        back=found.back,
        left=left,
        downgraded=dict(found.downgraded),
        got=[
            GotSaid(
                collector=each.login,
                new=each.new,
                new_amount=money(each.new_amount, currency),
                cases=each.cases,
                amount=money(each.amount, currency),
                filled_per_cent=each.filled,
            )
            for each in found.got
        ],
        uneven_cases_per_mille=found.uneven_cases,
        uneven_money_per_mille=found.uneven_amount,
        dry_run=request.dry_run,
    )


@router.write(
    "/queues/{queue}:distribute",
    scope=ApiScope.CASES_WRITE,
    returns=Shared,
    allow=asker.manager,
)
def distribute_queue(request: HttpRequest, queue: Word, body: ShareGiven) -> Shared:
    """Share a queue out

    By number or amount, within skills, languages, branches and capacity, back to who
    had the customer before; the same seed gives the same result.
    """
    deed = Deed.of(request)
    if body.again:
        return _shared(request, distributing.redistribute(queue, deed=deed))
    found = distributing.distribute(queue, deed=deed, mode=BatchMode(body.mode))
    return _shared(request, found)


class BatchSaid(Schema):
    """Cases that changed hands together."""

    id: int
    kind: str
    mode: str
    queue: str
    business_date: Day
    seed: int
    moved: int
    report: dict[str, Any]
    by: str
    at: datetime
    state: str
    undone_by: str
    undone_at: datetime | None


@router.read(
    "/assignment-batches",
    scope=ApiScope.CASES_READ,
    returns=Page[BatchSaid],
    allow=asker.manager,
)
def list_assignment_batches(
    request: HttpRequest, paging: Query[Paging]
) -> Page[BatchSaid]:
    """List distributions

    In the order they were made, with who got how many; one's own, or all of them for
    a person who sees the whole book.
    """
    of = "assignment_batches"
    person = request.person
    found = rows.batches_after(
        begins_after(paging, of=of),
        limit=paging.limit + 1,
        by="" if person.oversees else person.username,
    )

    def show(row: rows.BatchLine) -> BatchSaid:
        return BatchSaid(
            **{name: getattr(row, name) for name in BatchSaid.model_fields}
        )

    return cut(found, paging, of=of, key=lambda each: each.id, show=show)


class Nothing(Given):
    """No content."""


class UndoneSaid(Schema):
    """Which cases went back, and which moved on since and stay."""

    batch: int
    back: list[int]
    kept: list[int]
    dry_run: bool


@router.write(
    "/assignment-batches/{batch}:undo",
    scope=ApiScope.CASES_WRITE,
    returns=UndoneSaid,
    allow=asker.manager,
)
def undo_assignment_batch(request: HttpRequest, batch: Id, body: Nothing) -> UndoneSaid:
    """Take a distribution back

    Within 15 minutes; what was worked, held or moved since stays.
    """
    done = assigning.undo_batch(batch, deed=Deed.of(request))
    return UndoneSaid(
        batch=batch,
        back=list(done.back),
        kept=list(done.kept),
        dry_run=request.dry_run,
    )


class QueueSaid(Schema):
    """A queue and its open cases that one sees."""

    code: str
    title: str
    title_en: str
    skill: str
    share: str
    order: str
    taking: str
    mode: str
    most_cases: int | None
    redistribute_days: int
    team_days: dict[str, int]
    sticky_days: int
    auto: bool
    cases: int
    unassigned: int


@router.read(
    "/queues",
    scope=ApiScope.CASES_READ,
    returns=Page[QueueSaid],
    allow=asker.reader,
)
def list_queues(request: HttpRequest, paging: Query[Paging]) -> Page[QueueSaid]:
    """List queues

    With how they are worked and how many open cases stand in each.
    """
    of = "queues"
    # Few, without numbers: the cursor counts those that were shown.
    found = [*enumerate(rows.queues(scope=request.person.scope), 1)]
    left = found[begins_after(paging, of=of) :]
    return cut(left, paging, of=of, key=lambda each: each[0], show=_queue)


def _queue(placed: tuple[int, rows.QueueLine]) -> QueueSaid:
    row = placed[1]
    return QueueSaid(**{name: getattr(row, name) for name in QueueSaid.model_fields})
