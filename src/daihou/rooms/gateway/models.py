"""Tokens, answers that are kept, and what is sent to receivers of events."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from daihou.rooms.gateway.states import DeliveryState


class Token(models.Model):
    """A key for programs. The secret itself is shown once and kept nowhere.

    `digest` is the SHA-256 of 256 random bits: nobody can try those. A token acts as
    `username` and sees what that person sees.
    """

    public_id = models.CharField(_("number"), max_length=12, unique=True)
    digest = models.BinaryField()
    name = models.CharField(_("name"), max_length=80)
    username = models.CharField(_("acts as"), max_length=150)
    scopes = models.JSONField(_("scopes"), default=list)
    networks = models.JSONField(default=list)  # it is used from these; none: anywhere
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    revoked_by = models.CharField(max_length=150, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True)

    class Meta:
        db_table = "gateway_token"
        ordering = ("-id",)
        indexes = (models.Index(fields=("username",), name="gateway_token_of"),)


class Use(models.Model):
    """How often a token asked in one minute."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, db_index=False)
    minute = models.DateTimeField()
    requests = models.IntegerField()

    class Meta:
        db_table = "gateway_use"
        constraints = (
            models.UniqueConstraint(
                fields=("token", "minute"), name="gateway_use_once"
            ),
        )


class Reply(models.Model):
    """The answer given to an idempotency key; `body` is sealed (kit.secret)."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, db_index=False)
    key = models.CharField(max_length=200, db_collation="C")
    fingerprint = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    content_type = models.CharField(max_length=80)
    body = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "gateway_reply"
        constraints = (
            models.UniqueConstraint(fields=("token", "key"), name="gateway_reply_once"),
        )
        indexes = (models.Index(fields=("made_at",), name="gateway_reply_when"),)


class Feed(models.Model):
    """Up to which event the log is complete (one row, id 1).

    Event ids are given before their transactions end, so the newest ones one can see
    may still get a smaller one in between. `seen_to` is settled once none of the
    transactions `writers` (virtual ids) that wrote then is under way any more.
    """

    id = models.SmallIntegerField(primary_key=True)
    settled_to = models.BigIntegerField(default=0)
    seen_to = models.BigIntegerField(default=0)
    writers = models.JSONField(default=list)

    class Meta:
        db_table = "gateway_feed"


class Endpoint(models.Model):
    """A receiver of events. `types` are event types, or beginnings that end in `.`.

    `event_id` is the last event looked at for it. `secret` and the one before it are
    sealed; the older one signs as well until `old_until`.
    """

    name = models.CharField(_("name"), max_length=80)
    url = models.CharField(_("address"), max_length=500)
    types = models.JSONField(_("events"), default=list)
    secret = models.TextField()
    old_secret = models.TextField(blank=True)
    old_until = models.DateTimeField(null=True)
    active = models.BooleanField(_("active"), default=True)
    event_id = models.BigIntegerField(default=0)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "gateway_endpoint"
        ordering = ("id",)


class Delivery(models.Model):
    """One message to one receiver, with how it went.

    Of one `subject` the earliest waiting message goes first. `due_at` is when it is
    tried next; while it is being tried, when it may be taken up again.
    """

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE)
    message_id = models.CharField(max_length=40)
    event_id = models.BigIntegerField(null=True)
    type = models.CharField(max_length=64)
    subject = models.CharField(max_length=120, db_collation="C")
    body = models.TextField()
    state = models.CharField(max_length=12, default=DeliveryState.WAITING)
    attempts = models.SmallIntegerField(default=0)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    status = models.SmallIntegerField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "gateway_delivery"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("endpoint", "message_id"), name="gateway_delivery_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=list(DeliveryState)),
                name="gateway_delivery_state",
            ),
        )
        indexes = (
            models.Index(
                fields=("endpoint", "subject", "id"),
                condition=models.Q(state="waiting"),
                name="gateway_delivery_waiting",
            ),
            models.Index(fields=("made_at",), name="gateway_delivery_when"),
        )
