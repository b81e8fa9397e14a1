"""What programs may ask of the gateway: who they are, events, receivers of events."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from daihou.kit.api.paging import Page, Paging, begins_after, cursor_of, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import MAX_ID, Given, Id, Schema, Word
from daihou.rooms.audit import door as audit
from daihou.rooms.gateway import messages, queries, visible
from daihou.rooms.gateway.actions import endpoints, feed
from daihou.rooms.gateway.permissions import ApiScope
from daihou.rooms.people import door as people

router = Router(tags=["Gateway"])


class Me(Schema):
    """The token, and the person it acts as."""

    token: str
    login: str
    role: str
    scopes: list[str]
    permissions: list[str]
    sees_everything: bool
    business_date: date | None
    at: datetime


class Subject(Schema):
    """What an event is about."""

    type: str
    id: str


class Event(Schema):
    """One thing that happened. Personal data is masked, amounts are minor units."""

    id: str
    type: str
    subject: Subject
    at: datetime
    business_date: date | None
    happened_on: date | None
    by: str
    on_behalf_of: str
    request_id: str
    data: dict[str, Any]
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class EventFilter(Schema):
    """Which events: those after one, of a type (`payment.` begins one), of a subject."""

    after: Annotated[int, Field(ge=0, le=MAX_ID)] = 0
    type: Annotated[str, Field(max_length=64)] = ""
    subject_type: Annotated[str, Field(max_length=32)] = ""
    subject_id: Word = ""


class Webhook(Schema):
    """A receiver of events, and how many messages wait or were given up."""

    id: int
    name: str
    url: str
    types: list[str]
    active: bool
    old_key_until: datetime | None
    waiting: int
    dead: int


class WebhookIn(Given):
    """A receiver: where it is, and which types of events it gets (`*`: all)."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    url: Annotated[str, Field(min_length=1, max_length=500)]
    types: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=64)]],
        Field(min_length=1, max_length=50),
    ]


class WebhookKey(Schema):
    """A receiver with its new key, shown this once; empty on a dry run."""

    webhook: Webhook
    key: str
    dry_run: bool


class WebhookDone(Schema):
    """The receiver after what was done."""

    webhook: Webhook
    dry_run: bool


class Delivery(Schema):
    """One message to a receiver and how it went."""

    id: int
    message_id: str
    type: str
    subject: str
    state: str
    attempts: int
    made_at: datetime
    due_at: datetime
    delivered_at: datetime | None
    status: int | None
    problem: str


class DeliveryDone(Schema):
    """The message after what was done; `id` means nothing on a dry run."""

    delivery: Delivery
    dry_run: bool


class Replayed(Schema):
    """How many messages are sent once more."""

    messages: int
    dry_run: bool


class DeliveryFilter(Schema):
    """Which messages: all, or those in one state."""

    state: Annotated[str, Field(pattern="^(waiting|delivered|dead)?$")] = ""


def _manager(request: HttpRequest) -> None:
    queries.require_manager(request.person)


def _auditor(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.VIEW_AUDIT)


@router.read("/me", scope="", returns=Me)
def get_me(request: HttpRequest) -> Me:
    """Read who this token is

    Its scopes and what its person may do.
    """
    person, day = request.person, request.business_day()
    return Me(
        token=request.caller.public_id,
        login=person.username,
        role=person.role,
        scopes=sorted(request.caller.scopes),
        permissions=sorted(person.permissions),
        sees_everything=person.scope.everything,
        business_date=day.on if day else None,
        at=request.at,
    )


@router.read("/events", scope=ApiScope.EVENTS_READ, returns=Page[Event], allow=_auditor)
def list_events(
    request: HttpRequest, paging: Query[Paging], wanted: Query[EventFilter]
) -> Page[Event]:
    """List events

    Earliest first, from `after` (the number of an event) or a cursor on. The list is
    complete as far as it goes: no event can appear later before one that was listed.
    """
    begin = begins_after(paging, of="events") or wanted.after
    found = audit.events_after(
        after=begin,
        upto=feed.settled(),
        types=[wanted.type] if wanted.type else (),
        subject_type=wanted.subject_type,
        subject_id=wanted.subject_id,
        limit=paging.limit + 1,
    )
    shown = found[: paging.limit]
    seen = visible.subjects(
        ((each.subject_type, each.subject_id) for each in shown), request.person.scope
    )
    more = len(found) > paging.limit
    return Page(
        items=[
            Event(**messages.told(each))
            for each in shown
            if (each.subject_type, each.subject_id) in seen
        ],
        has_more=more,
        # Also where nothing more is there yet: a reader goes on from here later.
        next_cursor=cursor_of(shown[-1].id, of="events") if shown else None,
    )


def _webhook(line: queries.EndpointLine) -> Webhook:
    return Webhook(
        id=line.id,
        name=line.name,
        url=line.url,
        types=list(line.types),
        active=line.active,
        old_key_until=line.old_until,
        waiting=line.waiting,
        dead=line.dead,
    )


def _deed(request: HttpRequest) -> dict[str, Any]:
    return {
        "by": request.person,
        "at": request.at,
        "request_id": request.request_id,
    }


@router.read(
    "/webhooks", scope=ApiScope.WEBHOOKS_READ, returns=Page[Webhook], allow=_manager
)
def list_webhooks(request: HttpRequest, paging: Query[Paging]) -> Page[Webhook]:
    """List receivers of events

    Without their keys, which are shown once.
    """
    after = begins_after(paging, of="webhooks")
    rows = [line for line in queries.endpoints() if line.id > after]
    return cut(
        rows[: paging.limit + 1],
        paging,
        of="webhooks",
        key=lambda row: row.id,
        show=_webhook,
    )


@router.write(
    "/webhooks", scope=ApiScope.WEBHOOKS_WRITE, returns=WebhookKey, allow=_manager
)
def add_webhook(request: HttpRequest, body: WebhookIn) -> WebhookKey:
    """Add a receiver of events

    It gets what happens from now on. Messages are signed with the key of the answer.
    """
    line, key = endpoints.add_endpoint(
        name=body.name, url=body.url, types=body.types, **_deed(request)
    )
    return _with_key(request, line, key)


def _with_key(request: HttpRequest, line: queries.EndpointLine, key: str) -> WebhookKey:
    return WebhookKey(
        webhook=_webhook(line),
        key="" if request.dry_run else key,
        dry_run=request.dry_run,
    )


@router.write(
    "/webhooks/{webhook}:rotate",
    scope=ApiScope.WEBHOOKS_WRITE,
    returns=WebhookKey,
    allow=_manager,
)
def rotate_webhook_key(request: HttpRequest, webhook: Id) -> WebhookKey:
    """Give a receiver a new key

    The old one signs beside it for 24 hours.
    """
    line, key = endpoints.rotate_key(endpoint_id=webhook, **_deed(request))
    return _with_key(request, line, key)


@router.write(
    "/webhooks/{webhook}:pause",
    scope=ApiScope.WEBHOOKS_WRITE,
    returns=WebhookDone,
    allow=_manager,
)
def pause_webhook(request: HttpRequest, webhook: Id) -> WebhookDone:
    """Stop sending to a receiver

    What happens meanwhile is sent when it is resumed.
    """
    return _active(request, webhook, active=False)


@router.write(
    "/webhooks/{webhook}:resume",
    scope=ApiScope.WEBHOOKS_WRITE,
    returns=WebhookDone,
    allow=_manager,
)
def resume_webhook(request: HttpRequest, webhook: Id) -> WebhookDone:
    """Go on sending to a receiver

    From where it was stopped: nothing is lost.
    """
    return _active(request, webhook, active=True)


def _active(request: HttpRequest, webhook: int, *, active: bool) -> WebhookDone:
    line = endpoints.set_active(endpoint_id=webhook, active=active, **_deed(request))
    return WebhookDone(webhook=_webhook(line), dry_run=request.dry_run)


@router.write(
    "/webhooks/{webhook}:test",
    scope=ApiScope.WEBHOOKS_WRITE,
    returns=DeliveryDone,
    allow=_manager,
)
def try_webhook(request: HttpRequest, webhook: Id) -> DeliveryDone:
    """Send a receiver a message that only tries it

    Its type is `webhook.test`.
    """
    line = endpoints.send_test(endpoint_id=webhook, **_deed(request))
    return DeliveryDone(delivery=_delivery(line), dry_run=request.dry_run)


@router.write(
    "/webhooks/{webhook}:replay",
    scope=ApiScope.WEBHOOKS_WRITE,
    returns=Replayed,
    allow=_manager,
)
def replay_dead_deliveries(request: HttpRequest, webhook: Id) -> Replayed:
    """Send everything once more that was given up

    The same messages under the same numbers.
    """
    count = endpoints.replay_dead(endpoint_id=webhook, **_deed(request))
    return Replayed(messages=count, dry_run=request.dry_run)


@router.read(
    "/webhooks/{webhook}", scope=ApiScope.WEBHOOKS_READ, returns=Webhook, allow=_manager
)
def get_webhook(request: HttpRequest, webhook: Id) -> Webhook:
    """Read a receiver

    With how many messages wait for it or were given up.
    """
    return _webhook(queries.endpoint(webhook))


def _delivery(line: queries.DeliveryLine) -> Delivery:
    return Delivery(**{name: getattr(line, name) for name in Delivery.model_fields})


@router.read(
    "/webhooks/{webhook}/deliveries",
    scope=ApiScope.WEBHOOKS_READ,
    returns=Page[Delivery],
    allow=_manager,
)
def list_deliveries(
    request: HttpRequest,
    webhook: Id,
    paging: Query[Paging],
    wanted: Query[DeliveryFilter],
) -> Page[Delivery]:
    """List the messages to a receiver

    Newest first.
    """
    queries.endpoint(webhook)
    rows = queries.deliveries(
        webhook,
        state=wanted.state,
        before=begins_after(paging, of="deliveries"),
        limit=paging.limit + 1,
    )
    return cut(rows, paging, of="deliveries", key=lambda row: row.id, show=_delivery)


@router.write(
    "/webhooks/{webhook}/deliveries/{delivery}:replay",
    scope=ApiScope.WEBHOOKS_WRITE,
    returns=DeliveryDone,
    allow=_manager,
)
def replay_delivery(request: HttpRequest, webhook: Id, delivery: Id) -> DeliveryDone:
    """Send one message once more

    The same text under the same number, so that a receiver knows it again.
    """
    line = endpoints.replay(endpoint_id=webhook, delivery_id=delivery, **_deed(request))
    return DeliveryDone(delivery=_delivery(line), dry_run=request.dry_run)
