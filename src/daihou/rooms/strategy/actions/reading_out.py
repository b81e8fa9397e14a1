"""The only writer of read-outs: every experiment that runs, once a day-end."""

from collections.abc import Sequence
from datetime import date, datetime

from daihou.kit import steps
from daihou.rooms.strategy.models import ReadOut
from daihou.rooms.strategy.queries import read_outs


def keep(*, as_of: date, live: Sequence[steps.Live], at: datetime) -> int:
    """Reckon the experiments of the strategies in force after a day, and keep that.

    Done again it replaces what was kept of the day. Returns how many there are.
    """
    running = {
        each.strategy.experiment.id
        for each in live
        if each.strategy.experiment is not None
    }
    for experiment in sorted(running):
        found = read_outs.reckon(experiment)
        ReadOut.objects.update_or_create(
            experiment=experiment,
            as_of=as_of,
            defaults={"content": read_outs.written(found), "at": at},
        )
    return len(running)
