"""Rehearsing: a draft on yesterday's book, by the worker, with its progress."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.engine.basics.errors import UserError
from daihou.engine.gate.book import GateBook
from daihou.engine.strategy.limits import Limit, limits
from daihou.kit import steps
from daihou.kit.refusal import Conflict, Refused
from daihou.kit.turns import in_turn
from daihou.rooms.approvals.door import Deed
from daihou.rooms.rulebooks import door as rulebooks
from daihou.rooms.strategy import document, queries
from daihou.rooms.strategy.actions import telling
from daihou.rooms.strategy.actions.drafting import locked_draft, may_draft
from daihou.rooms.strategy.actions.recording import record
from daihou.rooms.strategy.models import Rehearsal
from daihou.rooms.strategy.queries import RehearsalLine
from daihou.rooms.strategy.states import Rehearsing

GIVEN_UP = timedelta(minutes=15)  # a worker that tells nothing for so long has died


@transaction.atomic
def ask_rehearsal(*, version_id: int, rev: int, deed: Deed) -> int:
    """Ask the worker to try a draft on the last closed day; return the rehearsal's id.

    One that was tried just so on that day already is returned as it is.
    """
    may_draft(deed)
    row = locked_draft(version_id)
    if row.rev != rev:
        raise Conflict(
            "draft_moved",
            _("%(who)s kept this draft meanwhile. Reload it and look again.")
            % {"who": row.changed_by},
        )
    document.parsed(row.content)
    if not queries.can_rehearse():
        raise Refused(
            "no_closed_day",
            _("There is no closed day yet; a strategy is tried on the day before."),
        )
    run = queries.steps_run()
    assert run is not None
    against = queries.live_ids()
    kept = queries.last_rehearsal(
        row.pk, digest=row.digest, as_of=run.as_of, finished=False
    )
    if kept is not None and kept.against == against:
        return kept.id
    made = Rehearsal.objects.create(
        version=row,
        digest=row.digest,
        against=against,
        as_of=run.as_of,
        asked_by=deed.by.username,
        asked_at=deed.at,
    )
    record(
        "rehearsal_asked",
        row.strategy_id,
        deed=deed,
        payload={"version": row.number, "rehearsal": made.pk, "rev": row.rev},
    )
    return int(made.pk)


def rehearse_waiting(*, at: datetime) -> None:
    """Do the rehearsals that wait, one after the other; for the worker's rounds."""
    maker = steps.step_maker()
    if maker is None:
        return
    _begin_anew(at)
    while True:
        row = _taken(at)
        if row is None:
            return
        _rehearse(row, maker, at=at)


def _begin_anew(at: datetime) -> None:
    """Give back what a worker left lying when it ended."""
    Rehearsal.objects.filter(
        state=Rehearsing.RUNNING, begun_at__lt=at - GIVEN_UP
    ).update(state=Rehearsing.ASKED, told=0)


@transaction.atomic
def _taken(at: datetime) -> Rehearsal | None:
    in_turn("strategy", "rehearsal")
    row: Rehearsal | None = (
        Rehearsal.objects.filter(state=Rehearsing.ASKED)
        .order_by("pk")
        .select_for_update(skip_locked=True)
        .first()
    )
    if row is None:
        return None
    row.state, row.begun_at, row.told = Rehearsing.RUNNING, at, 0
    row.save(update_fields=["state", "begun_at", "told"])
    return row


def _rehearse(row: Rehearsal, maker: steps.StepMaker, *, at: datetime) -> None:
    before, after = queries.sides_of(row)
    mine = Rehearsal.objects.filter(pk=row.pk, state=Rehearsing.RUNNING)
    try:
        found = maker.rehearse(
            before,
            after,
            as_of=row.as_of,
            told=_teller(row.pk),
            limits=_limits(row.as_of + timedelta(days=1)),
        )
    except UserError as error:
        said = json.dumps({tongue: error.say(tongue) for tongue in ("zh", "en")})
        mine.update(state=Rehearsing.FAILED, problem=said, done_at=at)
        return
    except Exception:
        mine.update(state=Rehearsing.FAILED, problem="", done_at=at)
        raise  # the worker's log has it
    mine.update(
        state=Rehearsing.DONE,
        told=1000,
        key=found.key,
        summary=dict(found.summary),
        done_at=at,
    )
    name = f"{row.version.strategy.code} {row.version.number}"
    telling.rehearsed(rehearsal_id=row.pk, name=name, by=row.asked_by, at=at)


def _limits(on: date) -> tuple[Limit, ...]:
    """How often the lender may contact a debtor on a day, by its own rules."""
    book = GateBook(rulebooks.lawbook())
    return limits(book.checks(on, rulebooks.jurisdiction(), rulebooks.licence()))


def _teller(rehearsal_id: int) -> Callable[[float], None]:
    """Write how far it is where the page reads it."""

    def told(far: float) -> None:
        Rehearsal.objects.filter(pk=rehearsal_id, state=Rehearsing.RUNNING).update(
            told=min(1000, max(0, int(far * 1000)))
        )

    return told


@transaction.atomic
def told_out(line: RehearsalLine, *, rows: int, deed: Deed) -> None:
    """Write down that the list of who would move was taken out."""
    record(
        "movers_exported",
        line.strategy_id,
        deed=deed,
        payload={"rehearsal": line.id, "rows": rows},
    )
