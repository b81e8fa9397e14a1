"""How long what people wrote of cases is kept: with the records of contacts."""

from typing import Final

from daihou.rooms.ledger import door as ledger

_GONE: Final = ledger.personal.GONE


def _emptied(column: str) -> str:
    return f"{column} = case when h.{column} = '' then '' else '{_GONE}' end"


_OF_CASE: Final = "(select c.customer_id from casework_case c where c.id = h.case_id)"
_WRITTEN: Final = ("reason", "evidence", "release_reason")
ROWS: Final = (
    # That a case was held, why in one word and until when, stays.
    ledger.personal.Theirs(
        data_class="contact_history",
        table="casework_hold",
        on="(coalesce(h.released_at, h.from_at) at time zone 'UTC')::date",
        where="("
        + " or ".join(f"h.{c} not in ('', '{_GONE}')" for c in _WRITTEN)
        + ")",
        empty=", ".join(map(_emptied, _WRITTEN)),
        triggers=("casework.Hold:hold_stays",),
    ),
    # What came of it and what was promised stays; what was written down goes.
    ledger.personal.Theirs(
        data_class="contact_history",
        table="casework_result",
        on="(h.at at time zone 'UTC')::date",
        where=f"h.note not in ('', '{_GONE}')",
        empty=_emptied("note"),
    ),
    ledger.personal.Theirs(
        data_class="contact_history",
        table="casework_promise",
        on="(h.ended_at at time zone 'UTC')::date",
        where=f"h.end_reason not in ('', '{_GONE}')",
        empty=_emptied("end_reason"),
    ),
    ledger.personal.Theirs(
        data_class="person_flags",
        table="casework_marker",
        on="(h.decided_at at time zone 'UTC')::date",
        where=f"h.evidence <> '{_GONE}'",
        empty=f"evidence = '{_GONE}', {_emptied('decision')}",
    ),
    ledger.personal.Theirs(
        data_class="contact_history",
        table="casework_skip",
        on="(h.at at time zone 'UTC')::date",
    ),
    # To whom a case was given stays; what was said of why goes.
    ledger.personal.Theirs(
        data_class="contact_history",
        table="casework_assignment",
        on="h.business_date",
        where=f"h.reason not in ('', '{_GONE}')",
        empty=_emptied("reason"),
        whose=_OF_CASE,
    ),
    # What was begun and never saved.
    ledger.personal.Theirs(
        data_class="contact_history",
        table="casework_draft",
        on="(h.kept_at at time zone 'UTC')::date",
        whose=_OF_CASE,
    ),
)


def register() -> None:
    """Put the rows under the schedule; called once at start-up."""
    for each in ROWS:
        ledger.personal.register_rows(each)
