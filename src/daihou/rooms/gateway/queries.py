"""The only reader of tokens, receivers and deliveries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotAllowed, NotFound
from daihou.rooms.gateway.models import Delivery, Endpoint, Token
from daihou.rooms.gateway.states import DeliveryState
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token, without its secret."""

    id: int
    public_id: str
    name: str
    username: str
    scopes: tuple[str, ...]
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    revoked_by: str
    last_used_at: datetime | None
    networks: tuple[str, ...] = ()

    def state(self, *, at: datetime) -> str:
        """valid, expired or revoked."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at <= at else "valid"


@dataclass(frozen=True, slots=True)
class EndpointLine:
    """One receiver of events, without its secrets, and how it is doing."""

    id: int
    name: str
    url: str
    types: tuple[str, ...]
    active: bool
    old_until: datetime | None
    made_by: str
    made_at: datetime
    waiting: int
    dead: int


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One message to one receiver."""

    id: int
    endpoint_id: int
    message_id: str
    event_id: int | None
    type: str
    subject: str
    state: str
    attempts: int
    made_at: datetime
    due_at: datetime
    delivered_at: datetime | None
    status: int | None
    problem: str


def token_line(row: Token) -> TokenLine:
    """What is shown of a token."""
    return TokenLine(
        id=row.pk,
        public_id=row.public_id,
        name=row.name,
        username=row.username,
        scopes=tuple(row.scopes),
        made_by=row.made_by,
        made_at=row.made_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
        last_used_at=row.last_used_at,
        networks=tuple(row.networks),
    )


def tokens(
    *, username: str = "", logins: Collection[str] | None = None, limit: int = 200
) -> Sequence[TokenLine]:
    """The newest tokens, of one person, of these logins, or of all."""
    rows = Token.objects.all()
    if username:
        rows = rows.filter(username=username)
    if logins is not None:
        rows = rows.filter(username__in=logins)
    return [token_line(row) for row in rows[:limit]]


def may_manage(person: people.Person) -> bool:
    """Whether they manage receivers: by right, and seeing the whole book."""
    return person.may(people.Permission.MANAGE_WEBHOOKS) and person.oversees


def require_manager(person: people.Person) -> None:
    """NotAllowed for who may not manage receivers: they are told of the whole book."""
    people.require(person, people.Permission.MANAGE_WEBHOOKS)
    if not person.oversees:
        raise NotAllowed(
            "sees_a_part",
            _(
                "Receivers are told of the whole book, so who sees a part of it does "
                "not manage them. Ask head office."
            ),
        )


def endpoints(*, only: int = 0) -> Sequence[EndpointLine]:
    """The receivers with how many messages wait and how many were given up."""
    rows = Endpoint.objects.order_by("id")
    if only:
        rows = rows.filter(pk=only)
    counted = rows.annotate(
        waiting=Count("delivery", filter=Q(delivery__state=DeliveryState.WAITING)),
        dead=Count("delivery", filter=Q(delivery__state=DeliveryState.DEAD)),
    )
    return [
        EndpointLine(
            id=row.pk,
            name=row.name,
            url=row.url,
            types=tuple(row.types),
            active=row.active,
            old_until=row.old_until,
            made_by=row.made_by,
            made_at=row.made_at,
            waiting=row.waiting,
            dead=row.dead,
        )
        for row in counted
    ]


def endpoint(endpoint_id: int) -> EndpointLine:
    """One receiver, or NotFound."""
    found = endpoints(only=endpoint_id)
    if not found:
        raise no_such_endpoint(endpoint_id)
    return found[0]


def no_such_endpoint(endpoint_id: int) -> NotFound:
    """The refusal for a receiver that is not there."""
    return NotFound(
        "webhook_unknown",
        _("There is no receiver number %(id)s. Look at the list of receivers.")
        % {"id": endpoint_id},
    )


def deliveries(
    endpoint_id: int, *, state: str = "", before: int = 0, limit: int = 50
) -> Sequence[DeliveryLine]:
    """The newest messages to a receiver; `before` an id pages on."""
    rows = Delivery.objects.filter(endpoint_id=endpoint_id).order_by("-id")
    if state:
        rows = rows.filter(state=state)
    if before:
        rows = rows.filter(id__lt=before)
    names = tuple(DeliveryLine.__dataclass_fields__)
    return [DeliveryLine(**row) for row in rows.values(*names)[:limit]]


def delivery(endpoint_id: int, delivery_id: int) -> DeliveryLine:
    """One message, or NotFound."""
    names = tuple(DeliveryLine.__dataclass_fields__)
    row = (
        Delivery.objects.filter(pk=delivery_id, endpoint_id=endpoint_id)
        .values(*names)
        .first()
    )
    if row is None:
        raise NotFound(
            "delivery_unknown",
            _("There is no message number %(id)s to this receiver.")
            % {"id": delivery_id},
        )
    return DeliveryLine(**row)
