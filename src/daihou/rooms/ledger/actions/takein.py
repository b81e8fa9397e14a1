"""Take whole contract tables in: set-based, one transaction, sent twice changes nothing."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from daihou.engine.rulebook.policy import Mode
from daihou.packs import products
from daihou.rooms.ledger.actions import (
    receipts,
    sealed_rows,
    takein_rows,
    takein_schedules,
)
from daihou.rooms.ledger.actions.staging import Taken
from daihou.rooms.ledger.actions.takein_rows import Done
from daihou.tables.intake import TABLES

# Facts that can change what a loan owed on a day already closed.
_FOR_THE_NIGHT = ("loans", "instalments", "payments", "charges")
# Dropped at commit; also before, where one transaction takes in more than once.
_TEMPORARY = [
    *(f"{name}_{table}" for table in TABLES for name in ("sent", "wanted")),
    *(f"{name}_instalments" for name in ("made", "dropped", "compared", "replaced")),
    "replaced_charges",
]
_LOCK = 0xDA104  # one intake at a time, whatever process it runs in


def hold_intake() -> None:
    """Wait until no other intake runs; held to the end of the transaction."""
    assert connection.in_atomic_block, "the lock ends with the transaction"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def take_in(
    tables: Mapping[str, Taken],
    *,
    schedules: pa.Table,
    source: str,
    batch_id: int,
    at: datetime,
    business_date: date | None,
    say: Callable[[str], None],
    refers_to: str = "",
) -> dict[str, Done]:
    """Write checked rows; must run inside the caller's transaction.

    Amounts are minor units, unsigned for payments (the kind gives the sign).
    `schedules` holds generated instalments (loan_id, seq, due_on, principal,
    interest) of own loans that came without rows. Loans and customers that are not
    sent along are those of the source `refers_to`, if it is given. Returns counts by
    table; one `Change` row per table tells the night from which date facts are new.
    """
    assert transaction.get_connection().in_atomic_block, "take in is all or nothing"
    today = business_date or at.astimezone(timezone.get_default_timezone()).date()
    refers = {
        name: looked_up_in(f"{name}s", tables, source=source, refers_to=refers_to)
        for name in ("loan", "customer")
    }
    sent = _Sent(source, batch_id, at, today, refers)
    done: dict[str, Done] = {}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {', '.join(_TEMPORARY)}")
        # Digests are made from text: dates and instants must always read the same.
        cursor.execute("SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL timezone = 'UTC'")
        for table in TABLES:
            made = schedules if table == "instalments" and len(schedules) else None
            if table in tables or made is not None:
                say(f"write {table}")
                done[table] = _table(cursor, table, tables.get(table), made, sent)
        for table, counts in done.items():
            if table in _FOR_THE_NIGHT and counts.since is not None:
                cursor.execute(_CHANGE, [counts.since, at, f"intake.{table}", batch_id])
    if "receipts" in done:
        receipts.tell_waiting(at=at)
    return done


def looked_up_in(
    name: str, tables: Container[str], *, source: str, refers_to: str
) -> str:
    """The source whose `name` (loans, customers) the rows of these tables mean."""
    return source if name in tables else refers_to or source


@dataclass(frozen=True)
class _Sent:
    source: str
    batch_id: int
    at: datetime
    today: date
    refers: Mapping[str, str]


def _table(
    cursor: Any, table: str, taken: Taken | None, made: pa.Table | None, sent: _Sent
) -> Done:
    """One table by the way it is written."""
    given: dict[str, Any] = {"batch_id": sent.batch_id, "at": sent.at}
    if table == "instalments":
        return takein_schedules.take_instalments(
            cursor,
            taken,
            None if made is None else Taken(made),
            today=sent.today,
            mirror=_mirrored(),
            loans_of=sent.refers["loan"],
            **given,
        )
    assert taken is not None, table
    given["source"] = sent.source
    if table == "charges":
        return takein_schedules.take_charges(
            cursor, taken, today=sent.today, loans_of=sent.refers["loan"], **given
        )
    return takein_rows.take(
        cursor,
        table,
        sealed_rows.sealed(table, taken),
        zone=settings.TIME_ZONE,
        today=sent.today,
        refers=sent.refers,
        **given,
    )


_CHANGE = """
    INSERT INTO ledger_change (happened_on, recorded_at, kind, batch_id)
    VALUES (%s, %s, %s, %s)
"""


def _mirrored() -> list[str]:
    """The products whose ledger a core system keeps."""
    return [
        product.id
        for product in products.known().values()
        if product.versions[-1].policy.mode == Mode.MIRROR
    ]
