"""The step of every customer after each closed day, by the worker's rounds."""

from datetime import date, datetime

from django.db import transaction

from daihou.kit import steps
from daihou.kit.turns import in_turn
from daihou.rooms.dayend import door as dayend
from daihou.rooms.strategy import document, queries
from daihou.rooms.strategy.actions import reading_out, telling
from daihou.rooms.strategy.actions.enrolling import enrol
from daihou.rooms.strategy.actions.recording import SYSTEM, record_by_system
from daihou.rooms.strategy.models import Strategy, Version
from daihou.rooms.strategy.states import Origin, State


def evaluate_due(*, at: datetime) -> None:
    """Take over what begins, then find the steps of the last closed day if due.

    The day is evaluated with what holds on the morning after it; only the last one
    counts, so days in between are not made up for.
    """
    day = dayend.business_date()
    if day is None:
        return
    put_in_shipped(at=at, on=day.on)
    begin_scheduled(day.on, at=at)
    maker = steps.step_maker()
    if maker is None:
        return
    live = queries.in_force(day.on)
    if not live and queries.steps_run() is None:
        return
    for as_of in maker.due(live):
        run = maker.evaluate(as_of, live=live, at=at, by=SYSTEM)
        enrol(as_of=as_of)
        reading_out.keep(as_of=as_of, live=live, at=at)
        telling.alarmed(as_of=as_of, alarms=run.alarms, at=at)


@transaction.atomic
def begin_scheduled(on: date, *, at: datetime) -> None:
    """Let every version hold whose day has come, the newest last."""
    due = Version.objects.filter(state=State.SCHEDULED, begins_on__lte=on)
    strategies = due.order_by("strategy_id").values_list("strategy_id", flat=True)
    for strategy_id in dict.fromkeys(strategies):
        in_turn("strategy", str(strategy_id))
    for row in due.select_for_update().order_by("strategy_id", "begins_on", "pk"):
        assert row.begins_on is not None
        live = queries.live_row(row.strategy_id, hold=True)
        if live is not None:
            live.state = State.RETIRED
            live.ended_on = max(row.begins_on, live.begins_on or row.begins_on)
            live.save(update_fields=["state", "ended_on"])
        row.state = State.LIVE
        row.save(update_fields=["state"])
        record_by_system(
            "begun",
            row.strategy_id,
            at=at,
            payload={
                "version": row.number,
                "begins_on": row.begins_on.isoformat(),
                "from": live.number if live else None,
            },
        )


@transaction.atomic
def put_in_shipped(*, at: datetime, on: date) -> int:
    """Put in the strategies that ship with the house, where there is none at all.

    Nobody of the lender has approved them yet, and their page says so. Returns how
    many were put in.
    """
    if Strategy.objects.exists():
        return 0
    in_turn("strategy", "shipped")
    if Strategy.objects.exists():
        return 0
    made = 0
    for place, (code, content) in enumerate(document.shipped().items(), start=1):
        titles = content["title"]
        row = Strategy.objects.create(
            code=code,
            title_zh=titles["zh"],
            title_en=titles["en"],
            place=place,
            made_by=SYSTEM,
            made_at=at,
        )
        Version.objects.create(
            strategy=row,
            number=1,
            state=State.LIVE,
            origin=Origin.SHIPPED,
            content=content,
            digest=document.digest(content),
            authors=[SYSTEM],
            changed_by=SYSTEM,
            changed_at=at,
            begins_on=on,
        )
        record_by_system("put_in", row.pk, at=at, payload={"code": code, "version": 1})
        made += 1
    return made
