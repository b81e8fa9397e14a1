"""What is told of an intake: events in the log, and a notice when it was refused."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from django.utils.translation import gettext_noop

from daihou.rooms.audit import door as audit
from daihou.rooms.intake.models import Batch
from daihou.rooms.intake.prepare import Order, Prepared
from daihou.rooms.ledger import door as ledger
from daihou.rooms.notices import door as notices
from daihou.rooms.people import door as people

REFUSED = "intake.refused"


class Doer(Protocol):
    """Who takes in, when, on which business date."""

    @property
    def by(self) -> str:
        """A login or the name of a process."""

    @property
    def at(self) -> datetime:
        """The instant."""

    @property
    def business_date(self) -> date | None:
        """The open day."""


def refused(prepared: Prepared, batch: Batch) -> None:
    """Who takes files in hears of it, whoever sent them."""
    first, *others = [sent.name for sent in prepared.sent]
    notices.notify(
        kind=REFUSED,
        text=gettext_noop("%(file)s of %(source)s was refused: %(count)s faults")
        if not others
        else gettext_noop(
            "%(file)s and %(others)s more of %(source)s were refused: %(count)s faults"
        ),
        params={
            "file": first,
            "others": len(others),
            "source": batch.source,
            "count": batch.error_count,
        },
        permission=people.Permission.RUN_INTAKE.value,
        url=f"/intake/{batch.pk}/",
        level="bad",
        at=batch.started_at,
    )


def applied(
    order: Order,
    prepared: Prepared,
    batch: Batch,
    done: Mapping[str, ledger.taking_in.Done],
    deed: Doer,
) -> None:
    """One event per table, with what was sent and what it did."""
    digests = {sent.name: sent.digest for sent in prepared.sent}
    audit.record_many(
        audit.NewEvent(
            type="intake.applied",
            subject_type="intake",
            subject_id=batch.pk,
            by=deed.by,
            at=deed.at,
            business_date=deed.business_date,
            happened_on=one.since,
            payload={
                "source": order.source,
                "refers_to": order.refers_to,
                "table": table,
                "files": digests,
                "mapping": batch.mapping,
                "mapping_version": batch.mapping_version,
                "added": one.total.added,
                "changed": one.total.changed,
                "unchanged": one.total.unchanged,
            },
        )
        for table, one in done.items()
    )
