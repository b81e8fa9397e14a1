"""Answers that are kept, so that the same deed asked twice is done once."""

from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _

from daihou.kit import secret
from daihou.kit.api.gate import Caller
from daihou.kit.api.gate import Reply as Answer
from daihou.kit.refusal import Conflict
from daihou.rooms.gateway.models import Delivery, Reply, Use
from daihou.rooms.gateway.states import DeliveryState

KEPT: Final = timedelta(hours=48)
DELIVERED_KEPT: Final = timedelta(days=30)
ABOUT: Final = "gateway.reply"


def claim(caller: Caller, key: str, fingerprint: str) -> Answer | None:
    """Take a key until the transaction ends; the answer it got before, if any.

    Conflict where the key stands for another request, or its first is under way:
    that one holds the key and is not waited for.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_try_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"gateway.key {caller.token_id} {key}"],
        )
        (ours,) = cursor.fetchone()
    if not ours:
        raise Conflict(
            "idempotency_key_busy",
            _("The first request with this key is under way. Ask again in a moment."),
        )
    row = Reply.objects.filter(token_id=caller.token_id, key=key).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise Conflict(
            "idempotency_key_reused",
            _(
                "This key was used for another request. Give each deed a key of its "
                "own, and send the same content again with the same key."
            ),
        )
    return Answer(row.status, row.content_type, secret.open(row.body, about=ABOUT))


def keep(
    caller: Caller, key: str, fingerprint: str, reply: Answer, *, at: datetime
) -> None:
    """Keep the answer, in the transaction of what it answers."""
    Reply.objects.create(
        token_id=caller.token_id,
        key=key,
        fingerprint=fingerprint,
        status=reply.status,
        content_type=reply.content_type,
        body=secret.seal(reply.body, about=ABOUT),
        made_at=at,
    )


def sweep(*, at: datetime) -> None:
    """Remove what is kept no longer: answers, counts, messages delivered long ago."""
    Reply.objects.filter(made_at__lt=at - KEPT).delete()
    Use.objects.filter(minute__lt=at - timedelta(hours=1)).delete()
    gone = Delivery.objects.filter(
        state=DeliveryState.DELIVERED, made_at__lt=at - DELIVERED_KEPT
    )
    gone.delete()
