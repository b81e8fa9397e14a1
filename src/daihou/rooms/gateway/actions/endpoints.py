"""Receivers of events: added, stopped, given a new key, tried, sent to once more."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit import secret
from daihou.kit.refusal import Conflict, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.gateway import messages, outbound, queries, signing
from daihou.rooms.gateway.actions import feed
from daihou.rooms.gateway.models import Delivery, Endpoint
from daihou.rooms.gateway.states import DeliveryState
from daihou.rooms.people import door as people

ABOUT: Final = "gateway.endpoint"
OVERLAP: Final = timedelta(hours=24)  # both keys sign for this long
MOST: Final = 50
_TYPE: Final = re.compile(r"\*|[a-z][a-z0-9_]*\.([a-z][a-z0-9_]*)?")


@transaction.atomic
def add_endpoint(
    *,
    name: str,
    url: str,
    types: Sequence[str],
    by: people.Person,
    at: datetime,
    request_id: str = "",
) -> tuple[queries.EndpointLine, str]:
    """Add a receiver of the events from now on; the second value is its key."""
    queries.require_manager(by)
    outbound.check(url, allowed=settings.WEBHOOK_NETWORKS)
    wanted = sorted(set(types))
    _check(name, wanted)
    key = signing.new_key()
    row = Endpoint.objects.create(
        name=name.strip(),
        url=url,
        types=wanted,
        secret=secret.seal(key, about=ABOUT),
        event_id=feed.settled(),
        made_by=by.username,
        made_at=at,
    )
    what = {"url": url, "types": wanted}
    _record("webhook.added", row, by=by, at=at, request_id=request_id, after=what)
    return queries.endpoint(row.pk), key


def _check(name: str, types: Sequence[str]) -> None:
    if not name.strip() or len(name) > 80 or "\0" in name:
        raise Refused("webhook_name", _("Name the receiver, in 80 characters at most."))
    if not types or any(len(t) > 64 or not _TYPE.fullmatch(t) for t in types):
        raise Refused(
            "webhook_types",
            _(
                "Say which events: payment.received, all that begin with payment. "
                "(with the point), or * for all."
            ),
        )
    if Endpoint.objects.filter(active=True).count() >= MOST:
        raise Refused(
            "webhook_many",
            _("There are %(most)s active receivers already; pause one.")
            % {"most": MOST},
        )


def _locked(endpoint_id: int) -> Endpoint:
    row = Endpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    if row is None:
        raise queries.no_such_endpoint(endpoint_id)
    return row


def _record(
    happened: str,
    row: Endpoint,
    *,
    by: people.Person,
    at: datetime,
    request_id: str,
    **told: Any,
) -> None:
    audit.record(
        type=happened,
        subject_type="webhook",
        subject_id=row.pk,
        by=by.username,
        at=at,
        business_date=None,
        request_id=request_id,
        **told,
    )


@transaction.atomic
def set_active(
    *,
    endpoint_id: int,
    active: bool,
    by: people.Person,
    at: datetime,
    request_id: str = "",
) -> queries.EndpointLine:
    """Stop sending to a receiver, or go on where it was stopped: nothing is lost."""
    queries.require_manager(by)
    row = _locked(endpoint_id)
    if row.active != active:
        row.active = active
        row.save(update_fields=["active"])
        happened = "webhook.resumed" if active else "webhook.paused"
        _record(happened, row, by=by, at=at, request_id=request_id)
    return queries.endpoint(endpoint_id)


@transaction.atomic
def rotate_key(
    *, endpoint_id: int, by: people.Person, at: datetime, request_id: str = ""
) -> tuple[queries.EndpointLine, str]:
    """Give a receiver a new key; the old one signs beside it for 24 hours."""
    queries.require_manager(by)
    row = _locked(endpoint_id)
    key = signing.new_key()
    row.old_secret, row.old_until = row.secret, at + OVERLAP
    row.secret = secret.seal(key, about=ABOUT)
    row.save(update_fields=["old_secret", "old_until", "secret"])
    _record("webhook.key_rotated", row, by=by, at=at, request_id=request_id)
    return queries.endpoint(endpoint_id), key


@transaction.atomic
def send_test(
    *, endpoint_id: int, by: people.Person, at: datetime, request_id: str = ""
) -> queries.DeliveryLine:
    """Put a message in line that only tries whether the receiver answers."""
    queries.require_manager(by)
    row = _locked(endpoint_id)
    number = f"test_{secrets.token_hex(8)}"
    made = Delivery.objects.create(
        endpoint=row,
        message_id=number,
        type="webhook.test",
        subject=f"webhook:{row.pk}",
        body=messages.test_body(number, at=at),
        made_at=at,
        due_at=at,
    )
    _record("webhook.tested", row, by=by, at=at, request_id=request_id)
    return queries.delivery(row.pk, made.pk)


@transaction.atomic
def replay(
    *,
    endpoint_id: int,
    delivery_id: int,
    by: people.Person,
    at: datetime,
    request_id: str = "",
) -> queries.DeliveryLine:
    """Send a message once more that was delivered or given up; the same text."""
    queries.require_manager(by)
    row = _locked(endpoint_id)
    queries.delivery(endpoint_id, delivery_id)
    again = Delivery.objects.filter(pk=delivery_id).exclude(state=DeliveryState.WAITING)
    if not _wait_anew(again, at=at):
        raise Conflict("delivery_waiting", _("This message waits to be sent already."))
    what = {"delivery": delivery_id}
    _record("webhook.replayed", row, by=by, at=at, request_id=request_id, payload=what)
    return queries.delivery(endpoint_id, delivery_id)


@transaction.atomic
def replay_dead(
    *, endpoint_id: int, by: people.Person, at: datetime, request_id: str = ""
) -> int:
    """Send everything once more that was given up; count the messages."""
    queries.require_manager(by)
    row = _locked(endpoint_id)
    dead = Delivery.objects.filter(endpoint=row, state=DeliveryState.DEAD)
    count = _wait_anew(dead, at=at)
    if count:
        what = {"messages": count}
        _record(
            "webhook.replayed", row, by=by, at=at, request_id=request_id, payload=what
        )
    return count


def _wait_anew(rows: Any, *, at: datetime) -> int:
    return int(
        rows.update(
            state=DeliveryState.WAITING,
            attempts=0,
            due_at=at,
            delivered_at=None,
            status=None,
            problem="",
        )
    )
