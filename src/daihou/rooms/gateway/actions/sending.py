"""The worker's part: messages go out in order, again when refused, and not for ever."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_noop

from daihou.kit import secret
from daihou.rooms.gateway import outbound, signing
from daihou.rooms.gateway.actions import endpoints, feed, replies
from daihou.rooms.gateway.models import Delivery, Endpoint
from daihou.rooms.gateway.states import DeliveryState
from daihou.rooms.notices import door as notices

# How long after each failed attempt the next one comes; then it is given up.
BACKOFF: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (30, 120, 600, 3_600, 10_800, 21_600, 43_200, 86_400)
)
LEASE: Final = timedelta(minutes=2)  # after which another worker takes a message up
AT_ONCE: Final = 50  # messages to one receiver in one go
RECEIVERS: Final = 4  # served side by side
NOTICE: Final = "gateway.given_up"
log = logging.getLogger("daihou.webhooks")
_GONE: Final = 410  # the receiver says that it will never take it

# The earliest message of each subject, if it is due.
_NEXT: Final = """select id from gateway_delivery d
where endpoint_id = %s and state = 'waiting' and due_at <= %s and not exists (
  select from gateway_delivery e where e.endpoint_id = d.endpoint_id
  and e.subject = d.subject and e.state = 'waiting' and e.id < d.id)
order by id limit 1 for update skip locked"""
_DUE: Final = """select distinct d.endpoint_id from gateway_delivery d
join gateway_endpoint e on e.id = d.endpoint_id
where e.active and d.state = 'waiting' and d.due_at <= %s"""

_pool: list[ThreadPoolExecutor] = []
_served: set[int] = set()
_lock = threading.Lock()


def carry_on(*, at: datetime, now: Callable[[], datetime]) -> None:
    """Write down what is to be sent and send it, in threads that are not waited for.

    Nothing of it where a setting says that this copy of the book tells nobody.
    """
    if not settings.WEBHOOKS_SEND:
        return
    feed.enqueue(at=at)
    if not _pool:
        _pool.append(ThreadPoolExecutor(RECEIVERS, thread_name_prefix="webhooks"))
    for endpoint_id in due(at=at):
        with _lock:
            if endpoint_id in _served:
                continue
            _served.add(endpoint_id)
        _pool[0].submit(_serve, endpoint_id, now)


def _serve(endpoint_id: int, now: Callable[[], datetime]) -> None:
    try:
        deliver(endpoint_id, now=now)
    except Exception:
        # Nobody waits for this thread: what is wrong must be said here.
        log.exception("webhooks: receiver %s could not be served", endpoint_id)
    finally:
        with _lock:
            _served.discard(endpoint_id)
        connection.close()


def due(*, at: datetime) -> list[int]:
    """The active receivers for which a message is due."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [at])
        return sorted(row[0] for row in cursor.fetchall())


def deliver(endpoint_id: int, *, now: Callable[[], datetime]) -> int:
    """Send what is due to one receiver, in order; count what arrived.

    Stops where it cannot be reached at all: the next would fail like this one.
    """
    arrived = 0
    for _turn in range(AT_ONCE):
        claimed = _claim(endpoint_id, at=now())
        if claimed is None:
            break
        sent = _send(claimed, at=now())
        _told(claimed, sent, at=now())
        arrived += sent.arrived
        if sent.status is None:
            break
    return arrived


@transaction.atomic
def _claim(endpoint_id: int, *, at: datetime) -> Delivery | None:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [endpoint_id, at])
        row = cursor.fetchone()
    if row is None:
        return None
    Delivery.objects.filter(pk=row[0]).update(due_at=at + LEASE)
    found: Delivery | None = (
        Delivery.objects.select_related("endpoint")
        .filter(pk=row[0], endpoint__active=True)
        .first()
    )
    return found


def _send(delivery: Delivery, *, at: datetime) -> outbound.Sent:
    body = delivery.body.encode()
    try:
        keys = _keys(delivery.endpoint, at=at)
    except (secret.CannotOpen, secret.KeyRingError):
        # Counted like any failure, so that it is told and ends.
        return outbound.Sent(None, "key")
    signed = signing.headers(
        keys,
        message_id=delivery.message_id,
        at=at,
        body=body,
    )
    headers = {
        "content-type": "application/json",
        "user-agent": "daihou-webhooks/1",
        **signed,
    }
    return outbound.post(
        delivery.endpoint.url,
        body=body,
        headers=headers,
        allowed=settings.WEBHOOK_NETWORKS,
    )


def _keys(endpoint: Endpoint, *, at: datetime) -> list[str]:
    sealed = [endpoint.secret]
    if endpoint.old_until is not None and at < endpoint.old_until:
        sealed.append(endpoint.old_secret)
    return [secret.open(each, about=endpoints.ABOUT) for each in sealed]


@transaction.atomic
def _told(delivery: Delivery, sent: outbound.Sent, *, at: datetime) -> None:
    """Write down how it went, and when it is tried again."""
    attempts = delivery.attempts + 1
    told = {"attempts": attempts, "status": sent.status, "problem": sent.problem}
    if sent.arrived:
        told |= {"state": DeliveryState.DELIVERED, "delivered_at": at}
    elif sent.status == _GONE or attempts > len(BACKOFF):
        told |= {"state": DeliveryState.DEAD}
    else:
        told |= {"due_at": at + BACKOFF[attempts - 1]}
    waiting = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING)
    waiting.update(**told)
    if told.get("state") == DeliveryState.DEAD:
        notices.notify(
            kind=NOTICE,
            text=gettext_noop("Messages to %(name)s were given up."),
            params={"name": delivery.endpoint.name},
            permission="manage_webhooks",
            url=f"/interfaces/webhooks/{delivery.endpoint_id}/",
            level="bad",
            key=str(delivery.endpoint_id),
            at=at,
        )


def sweep(*, at: datetime) -> None:
    """Remove what is kept no longer."""
    replies.sweep(at=at)
