"""How long what people wrote about clocks is kept: with the facts of classes."""

from typing import Final

from daihou.rooms.ledger import door as ledger

_GONE: Final = ledger.personal.GONE


def _emptied(column: str) -> str:
    return f"{column} = case when h.{column} = '' then '' else '{_GONE}' end"


def _written(*columns: str) -> str:
    return " or ".join(f"h.{each} not in ('', '{_GONE}')" for each in columns)


# The days stay: what a clock says rests on them.
ROWS: Final = (
    ledger.personal.Theirs(
        data_class="class_facts",
        table="clocks_clock",
        on="h.closed_on",
        where=f"({_written('evidence', 'closed_evidence')})",
        empty=f"{_emptied('evidence')}, {_emptied('closed_evidence')}",
    ),
    ledger.personal.Theirs(
        data_class="class_facts",
        table="clocks_event",
        on="(coalesce(h.struck_at, h.at) at time zone 'UTC')::date",
        where=f"({_written('evidence', 'struck_because')})",
        empty=f"{_emptied('evidence')}, {_emptied('struck_because')}",
        triggers=("clocks.ClockEvent:clock_event_stays",),
    ),
)


def register() -> None:
    """Put the rows under the schedule; called once at start-up."""
    for each in ROWS:
        ledger.personal.register_rows(each)
