"""Legal holds, and deletions under the retention schedule: planned, then done by another."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Final

import pgtrigger
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Conflict, NotFound, Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger.actions.canaries import Doing, need_keeper
from daihou.rooms.ledger.actions.takein import hold_intake
from daihou.rooms.ledger.models import Customer, Loan, RetentionHold, RetentionRun
from daihou.rooms.ledger.queries import retention as due
from daihou.rooms.ledger.queries.retention import Going
from daihou.rooms.ledger.queries.retention_rows import (
    ATTRIBUTES_THEN,
    GONE,
    SEALED_FORM,
    theirs,
)
from daihou.rooms.ledger.states import ErasureState

_SHORTEST: Final = 4  # characters of a reason

_LIST: Final = """
    insert into ledger_erasure
        (run_id, data_class, "table", row_id, customer_id, row_digest)
    select %s, data_class, "table", row_id, customer_id, row_digest from going
"""
_EMPTY: Final = """
    update ledger_customer h set name = %s, id_type = '', id_no = '',
        id_no_digest = '', id_no_tail = '', birth_on = null, gender = '', region = '',
        address = '', employer = '', industry = '', annual_income = null,
        language = '', attributes = '{}', erased_on = %s, version = h.version + 1,
        digest = decode(md5(gen_random_uuid()::text), 'hex')
    from going g where g."table" = 'customer' and g.row_id = h.id
"""
# Attributes without those that are sealed.
_OPEN: Final = """(select coalesce(jsonb_object_agg(a.key, a.value), '{{}}')
    from jsonb_each({of}) a where not (jsonb_typeof(a.value) = 'string'
    and a.value #>> '{{}}' ~ {form}))"""
_KEPT: Final = _OPEN.format(of="h.attributes", form=SEALED_FORM)
_NEW_DIGEST: Final = "digest = decode(md5(gen_random_uuid()::text), 'hex')"
# What is kept for the books, emptied of who it was: columns by table.
_EMPTY_OF: Final = {
    "payment": f"payer = '', attributes = {_KEPT}, {_NEW_DIGEST}",
    "loan": f"attributes = {_KEPT}, {_NEW_DIGEST}",
    "party": f"attributes = {_KEPT}, {_NEW_DIGEST}",
    "collateral": f"owner = '', attributes = {_KEPT}, {_NEW_DIGEST}",
    "receipt": (
        "payer = '', payer_account = '', payer_account_digest = '', remark = '',"
        f" attributes = {_KEPT}, {_NEW_DIGEST}"
    ),
    "receipt_claim": f"evidence = '{GONE}', note = ''",
}
_EMPTY_ROW: Final = """
    update ledger_{table} h set {columns}
    from going g where g."table" = '{table}' and g.row_id = h.id
"""
_FORMER: Final = _OPEN.format(of=ATTRIBUTES_THEN, form=SEALED_FORM)
_EMPTY_FORMER: Final = f"""
    update ledger_row_history h set content = jsonb_set(
        h.content - 'payer' - 'owner', '{{attributes}}', {_FORMER})
    from going g where g."table" = 'former_row' and g.row_id = h.id
"""
_DELETE: Final = """
    delete from ledger_{table} h using going g
    where g."table" = '{table}' and g.row_id = h.id
"""
_EMPTY_THEIRS: Final = """
    update {table} h set {columns}
    from going g where g."table" = '{table}' and g.row_id = h.id
"""
_DELETE_THEIRS: Final = """
    delete from {table} h using going g
    where g."table" = '{table}' and g.row_id = h.id
"""
_OF_CUSTOMERS: Final = """
    select customer_id, data_class, count(*) from going
    where customer_id is not null group by 1, 2 order by 1, 2
"""


@transaction.atomic
def place_hold(*, on: str, number: str, doing: Doing) -> int:
    """Hold a customer or a loan (`on`) by its number; nothing of it goes until lifted.

    Refused without a reason, for an unknown or shared number, and while one stands.
    """
    need_keeper(doing.by)
    _need_reason(doing)
    assert on in {"customer", "loan"}, on
    _lock_holds("row exclusive")
    rows = (Customer if on == "customer" else Loan).objects.filter(external_id=number)
    found = list(rows.values_list("pk", flat=True)[:2])
    if not found:
        raise NotFound(f"{on}_unknown", _("There is none with this number."))
    if len(found) > 1:
        raise Refused(
            f"{on}_number_shared",
            _("More than one source uses the number %(number)s.") % {"number": number},
        )
    try:
        with transaction.atomic():
            row = RetentionHold.objects.create(
                **{f"{on}_id": found[0]},
                reason=doing.reason[:300],
                placed_by=doing.by.username,
                placed_at=doing.at,
            )
    except IntegrityError:
        raise Conflict("hold_stands", _("There is a hold on it already.")) from None
    doing.event(
        type="hold.placed",
        subject_type=on,
        subject_id=found[0],
        payload={"hold": row.pk},
    )
    return int(row.pk)


@transaction.atomic
def lift_hold(hold_id: int, *, doing: Doing) -> None:
    """Lift a hold that stands; refused without a reason, and when it is lifted."""
    need_keeper(doing.by)
    _need_reason(doing)
    standing = RetentionHold.objects.filter(pk=hold_id, lifted_at=None)
    row = standing.first()
    moved = standing.update(
        lifted_by=doing.by.username,
        lifted_at=doing.at,
        lift_reason=doing.reason[:300],
    )
    if row is None or not moved:
        raise NotFound("hold_unknown", _("There is no such hold. Reload the page."))
    on = "customer" if row.customer_id else "loan"
    doing.event(
        type="hold.lifted",
        subject_type=on,
        subject_id=row.customer_id or row.loan_id,
        payload={"hold": row.pk},
    )


def _lock_holds(mode: str) -> None:
    """Holds are placed side by side, but never while data goes."""
    with connection.cursor() as cursor:
        cursor.execute(f"lock table {RetentionHold._meta.db_table} in {mode} mode")


def _need_reason(doing: Doing) -> None:
    if len(doing.reason.strip()) < _SHORTEST:
        raise Refused("reason_missing", _("Give a reason; it is kept."))


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan: its number (None when nothing is due), rows by class, and the digest."""

    run_id: int | None
    counts: Mapping[str, int]
    digest: str


@transaction.atomic
def plan(*, as_of: date, doing: Doing) -> Planned:
    """List what is due on `as_of` and keep the plan; nothing goes yet.

    A plan that waited is dropped: there is one at a time.
    """
    need_keeper(doing.by)
    kept = due.schedule()
    found = due.going(kept, as_of=as_of)
    waiting = RetentionRun.objects.filter(state=ErasureState.PLANNED.value)
    for run_id in list(waiting.values_list("pk", flat=True)):
        drop_plan(run_id, doing=doing)
    if found.empty:
        return Planned(None, {}, found.digest)
    row = RetentionRun.objects.create(
        as_of=as_of,
        schedule=kept.label,
        counts=dict(found.counts),
        digest=found.digest,
        state=ErasureState.PLANNED.value,
        planned_by=doing.by.username,
        planned_at=doing.at,
    )
    doing.event(
        type="retention.planned",
        subject_type="retention",
        subject_id=row.pk,
        payload={"counts": dict(found.counts), "digest": found.digest},
    )
    return Planned(int(row.pk), found.counts, found.digest)


@transaction.atomic
def drop_plan(run_id: int, *, doing: Doing) -> None:
    """Let a plan go; nothing was removed."""
    need_keeper(doing.by)
    rows = RetentionRun.objects.filter(pk=run_id, state=ErasureState.PLANNED.value)
    if not rows.update(state=ErasureState.DROPPED.value):
        raise _no_plan()
    doing.event(type="retention.dropped", subject_type="retention", subject_id=run_id)


@transaction.atomic
def carry_out(run_id: int, *, doing: Doing) -> due.RunLine:
    """Remove what the plan lists, all or nothing; its list without contents stays.

    Refused to who planned it, and when what is due is no longer what the plan lists
    (a hold was placed, rows changed): then make a new plan.
    """
    need_keeper(doing.by)
    hold_intake()
    _lock_holds("share row exclusive")
    row = RetentionRun.objects.select_for_update().filter(pk=run_id).first()
    if row is None or row.state != ErasureState.PLANNED:
        raise _no_plan()
    if row.planned_by == doing.by.username:
        raise Refused(
            "own_plan", _("Somebody else than who made the plan carries it out.")
        )
    kept = due.schedule()
    found = due.going(kept, as_of=row.as_of)
    if found.digest != row.digest or kept.label != row.schedule:
        raise Conflict(
            "plan_moved",
            _("What is due has changed since the plan was made. Make a new plan."),
        )
    _remove(row, found, doing)
    row.state = ErasureState.DONE.value
    row.done_by, row.done_at = doing.by.username, doing.at
    row.save(update_fields=["state", "done_by", "done_at"])
    doing.event(
        type="retention.done",
        subject_type="retention",
        subject_id=row.pk,
        payload={"counts": row.counts, "digest": row.digest, "schedule": row.schedule},
    )
    return due.run_line(row)


def _no_plan() -> NotFound:
    return NotFound(
        "plan_unknown", _("There is no such plan waiting. Reload the page.")
    )


def _remove(row: RetentionRun, found: Going, doing: Doing) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LIST, [row.pk])
        cursor.execute(_EMPTY, [GONE, row.as_of])
        # By hand what was claimed stays as it was claimed.
        with pgtrigger.ignore("ledger.ReceiptClaim:claim_decided_once"):
            for table, columns in _EMPTY_OF.items():
                cursor.execute(_EMPTY_ROW.format(table=table, columns=columns))
        cursor.execute(_EMPTY_FORMER)
        cursor.execute("select row_id from going where \"table\" = 'proposal'")
        approvals.forget_contents([row_id for (row_id,) in cursor.fetchall()])
        for table in ("contact_point", "side_fact", "row_history"):
            cursor.execute(_DELETE.format(table=table))
        # By hand a note is never deleted.
        with pgtrigger.ignore("ledger.CustomerNote:note_kept"):
            cursor.execute(_DELETE.format(table="customer_note"))
        for each in theirs():
            change = _EMPTY_THEIRS if each.empty else _DELETE_THEIRS
            # Without a name pgtrigger would set every trigger aside.
            ignored = (
                pgtrigger.ignore(*each.triggers) if each.triggers else nullcontext()
            )
            with ignored:
                cursor.execute(change.format(table=each.table, columns=each.empty))
        cursor.execute(_OF_CUSTOMERS)
        of_customers: dict[int, dict[str, int]] = {}
        for customer_id, data_class, rows in cursor.fetchall():
            of_customers.setdefault(customer_id, {})[data_class] = int(rows)
    audit.record_many(
        audit.NewEvent(
            type="personal.erased",
            subject_type="customer",
            subject_id=customer_id,
            by=doing.by.username,
            at=doing.at,
            business_date=doing.business_date,
            payload={"run": row.pk, "rows": counts},
            request_id=doing.request_id,
        )
        for customer_id, counts in of_customers.items()
    )
    gone = [old.path for files in found.files.values() for old in files]

    def unlink() -> None:
        for path in gone:
            path.unlink(missing_ok=True)

    # Files go last: what fails before this leaves them, and the list was not kept.
    transaction.on_commit(unlink)
