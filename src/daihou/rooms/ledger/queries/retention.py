"""What the retention schedule says is due to go, and what went; set-based reads."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection

from daihou.packs import retention
from daihou.packs.retention import Schedule
from daihou.rooms.approvals import door as approvals
from daihou.rooms.ledger.models import Canary, Erasure, RetentionHold, RetentionRun
from daihou.rooms.ledger.queries.retention_rows import rows_of

# Who is no longer anybody's customer, and since when. A loan that was written off is
# still a claim; one without an end still runs; a hold keeps every party of its loan.
_ENDED: Final = """
    create temp table ended on commit drop as
    with theirs as (
        select customer_id, id as loan_id from ledger_loan
        union select customer_id, loan_id from ledger_party
    ), closed as (
        select l.id as loan_id, case when l.status in ('settled', 'transferred')
               then l.closed_on when l.status = 'active' and p.status = 'settled'
               then p.changed_on end as closed_on
        from ledger_loan l left join ledger_position p on p.loan_id = l.id
    )
    select t.customer_id, max(c.closed_on) as closed_on
    from theirs t join closed c on c.loan_id = t.loan_id
    where not exists (select from ledger_retention_hold h
                      where h.customer_id = t.customer_id and h.lifted_at is null)
      and not exists (select from ledger_canary y
                      where y.customer_id = t.customer_id and y.ended_at is null)
    group by t.customer_id
    having bool_and(c.closed_on is not null) and not bool_or(exists (
        select from ledger_retention_hold h
        where h.loan_id = t.loan_id and h.lifted_at is null))
"""
_GOING: Final = """
    create temp table going (data_class text, "table" text, row_id bigint,
        customer_id bigint, row_digest text) on commit drop
"""
_DIGEST: Final = "encode(sha256(convert_to(to_jsonb(h)::text, 'UTF8')), 'hex')"


@dataclass(frozen=True, slots=True)
class OldFile:
    """A file past its time: the row that knows of it, and where it lies."""

    row_id: int
    path: Path


# A later room says where its files of a class are: (written on this day or before).
FindFiles = Callable[[date], Sequence[OldFile]]
_files: dict[str, FindFiles] = {}


def register_files(data_class: str, find: FindFiles) -> None:
    """Name who finds the files of a class; the same class again replaces it."""
    _files[data_class] = find


@dataclass(frozen=True, slots=True)
class Going:
    """What is due: rows by class, and the digest of the whole list."""

    counts: Mapping[str, int]
    digest: str
    files: Mapping[str, Sequence[OldFile]]

    @property
    def empty(self) -> bool:
        """Whether nothing is due."""
        return not any(self.counts.values())


def schedule() -> Schedule:
    """The schedule in force: `retention.yaml` of the home, else the one shipped."""
    return retention.schedule(Path(settings.DAIHOU_HOME) / "retention.yaml")


def going(kept: Schedule, *, as_of: date) -> Going:
    """What is due on `as_of`, listed in the temporary table `going` of the transaction.

    Rows of held customers, of canaries and of whoever still has a loan are not in it.
    """
    assert connection.in_atomic_block, "the list lasts as long as the transaction"
    files: dict[str, Sequence[OldFile]] = {}
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists ended, going, proposed")
        cursor.execute("set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'")
        cursor.execute(_ENDED)
        cursor.execute("create index on ended (customer_id); analyze ended")
        cursor.execute(_GOING)
        _list_proposals(cursor)
        for each in kept.classes:
            if each.then == "keep":
                continue
            last = each.last_day(as_of=as_of)
            for table, rows in rows_of(each.id, each.clock):
                cursor.execute(
                    "insert into going select %s, %s, h.id, e.customer_id,"
                    f" {_digest_of(table)} from {rows}",
                    [each.id, table, last],
                )
            if each.id in _files:
                files[each.id] = _files[each.id](last)
                for old in files[each.id]:
                    cursor.execute(
                        "insert into going values (%s, 'file', %s, null, %s)",
                        [each.id, old.row_id, _file_digest(old.path)],
                    )
        cursor.execute("select data_class, count(*) from going group by 1")
        counts = {name: int(rows) for name, rows in cursor.fetchall()}
        cursor.execute(
            'select data_class, "table", row_id, customer_id, row_digest from going'
        )
        digest = digest_of(cursor.fetchall())
    ordered = {c.id: counts[c.id] for c in kept.classes if c.id in counts}
    return Going(ordered, digest, files)


def _digest_of(table: str) -> str:
    return "h.digest" if table == "proposal" else _DIGEST


def _list_proposals(cursor: Any) -> None:
    """What another room keeps of what was proposed, with whose it is, as `proposed`."""
    cursor.execute(
        "create temp table proposed (id bigint, subject_type text, subject_id text,"
        " closed_on date, digest text) on commit drop"
    )
    kept = approvals.kept_contents()
    cursor.execute(
        "insert into proposed select * from unnest(%s::bigint[], %s::text[],"
        " %s::text[], %s::date[], %s::text[])",
        [list(column) for column in zip(*kept, strict=True)] if kept else [[]] * 5,
    )


def _file_digest(path: Path) -> str:
    if not path.is_file():
        return ""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digest_of(rows: Sequence[Sequence[Any]]) -> str:
    """SHA-256 over the lines `class table row customer digest`, sorted."""
    lines = sorted(" ".join(map(str, row)) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether the list of a run is what the run was sealed with, and what came back."""

    rows: int
    intact: bool
    back: int  # customers of the list whom a sender has sent again


def proof(run: RetentionRun) -> Proof:
    """Reckon the digest of a finished run again from its list."""
    rows = list(
        Erasure.objects.filter(run=run).values_list(
            "data_class", "table", "row_id", "customer_id", "row_digest"
        )
    )
    with connection.cursor() as cursor:
        cursor.execute(
            'select count(*) from ledger_erasure e where e.run_id = %s and e."table"'
            " = 'customer' and exists (select from ledger_customer c"
            " where c.id = e.row_id and c.erased_on is null)",
            [run.pk],
        )
        back = cursor.fetchone()[0]
    return Proof(len(rows), digest_of(rows) == run.digest, back)


@dataclass(frozen=True, slots=True)
class HoldLine:
    """One hold, standing or lifted."""

    id: int
    on: str  # customer | loan
    subject_id: int
    number: str
    reason: str
    placed_by: str
    placed_at: datetime
    lifted_by: str
    lifted_at: datetime | None
    lift_reason: str


def holds() -> tuple[HoldLine, ...]:
    """Every hold, those that stand first, then the newest."""
    rows = RetentionHold.objects.select_related("customer", "loan").order_by(
        "lifted_at", "-pk"
    )
    standing = sorted(rows, key=lambda row: (row.lifted_at is not None, -row.pk))
    return tuple(
        HoldLine(
            id=row.pk,
            on="customer" if row.customer_id else "loan",
            subject_id=row.customer_id or row.loan_id,
            number=(row.customer or row.loan).external_id,
            reason=row.reason,
            placed_by=row.placed_by,
            placed_at=row.placed_at,
            lifted_by=row.lifted_by,
            lifted_at=row.lifted_at,
            lift_reason=row.lift_reason,
        )
        for row in standing
    )


@dataclass(frozen=True, slots=True)
class RunLine:
    """One deletion, planned, done or dropped; counts by class."""

    id: int
    as_of: date
    schedule: str
    counts: Mapping[str, int]
    digest: str
    state: str
    planned_by: str
    planned_at: datetime
    done_by: str
    done_at: datetime | None

    @property
    def rows(self) -> int:
        """Everything together."""
        return sum(self.counts.values())


def run_line(row: RetentionRun) -> RunLine:
    """A run as it is shown."""
    return RunLine(
        id=row.pk,
        as_of=row.as_of,
        schedule=row.schedule,
        counts=row.counts,
        digest=row.digest,
        state=row.state,
        planned_by=row.planned_by,
        planned_at=row.planned_at,
        done_by=row.done_by,
        done_at=row.done_at,
    )


def runs(*, limit: int = 50) -> tuple[RunLine, ...]:
    """The newest runs first."""
    return tuple(run_line(row) for row in RetentionRun.objects.order_by("-pk")[:limit])


def find_run(run_id: int) -> RetentionRun | None:
    """A run by its number."""
    found: RetentionRun | None = RetentionRun.objects.filter(pk=run_id).first()
    return found


@dataclass(frozen=True, slots=True)
class CanaryLine:
    """One canary that is watched."""

    id: int
    customer_id: int
    number: str
    note: str
    set_by: str
    set_at: datetime


def canaries() -> tuple[CanaryLine, ...]:
    """The canaries that are watched, newest first."""
    rows = Canary.objects.filter(ended_at=None).select_related("customer")
    return tuple(
        CanaryLine(
            id=row.pk,
            customer_id=row.customer_id,
            number=row.customer.external_id,
            note=row.note,
            set_by=row.set_by,
            set_at=row.set_at,
        )
        for row in rows.order_by("-pk")
    )
