"""What of the facts of a class goes when its time is over: what people wrote of it."""

from typing import Final

from daihou.rooms.ledger import door as ledger

_GONE: Final = ledger.personal.GONE


def _emptied(column: str) -> str:
    return f"{column} = case when h.{column} = '' then '' else '{_GONE}' end"


# The fact, its days and figures stay: the class of a past day rests on them.
FACTS: Final = ledger.personal.Theirs(
    data_class="class_facts",
    table="grading_fact",
    on="(coalesce(h.ended_at, h.at) at time zone 'UTC')::date",
    where=(
        f"(h.evidence not in ('', '{_GONE}') or h.ended_because not in ('', '{_GONE}'))"
    ),
    empty=f"{_emptied('evidence')}, {_emptied('ended_because')}",
    triggers=("grading.ClassFact:ends_once",),
)


def register() -> None:
    """Put the facts under the schedule; called once at start-up."""
    ledger.personal.register_rows(FACTS)
