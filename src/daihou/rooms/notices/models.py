"""What was said to whom, and when they read it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from daihou.rooms.notices.states import Mailing


class Notice(models.Model):
    """One thing one person is told; its words are made in their language.

    `text` is a msgid with `params` in it. While a notice with the same `key` is
    unread it is renewed instead of said twice.
    """

    login = models.CharField(_("login"), max_length=150)
    kind = models.CharField(_("kind"), max_length=40)
    level = models.CharField(_("level"), max_length=10)
    text = models.CharField(_("text"), max_length=300)
    params = models.JSONField(default=dict)
    url = models.CharField(_("address"), max_length=300, blank=True)
    key = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read"), null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_notice"
        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=("login", "-at", "-id"), name="notice_of_person"),
            models.Index(
                fields=("login", "level"),
                condition=Q(read_at=None),
                name="notice_unread",
            ),
            models.Index(fields=("kind", "key"), name="notice_key"),
            models.Index(fields=("at",), name="notice_age"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("login", "kind", "key"),
                condition=Q(read_at=None) & ~Q(key=""),
                name="notice_once",
            ),
            models.CheckConstraint(
                condition=Q(level__in=("info", "warn", "bad", "good")),
                name="notice_level",
            ),
        )


class Wish(models.Model):
    """How one person wants to be told: kinds without a bell, hours of quiet.

    `quiet_from` and `quiet_until` are local times of day; across midnight is meant
    when the first is the later one. What is `bad` rings in the quiet hours too.
    What came since `mail_since` goes by mail as `mail` says; `mail_problem` is why it
    was stopped, `mailed_on` the day of the last daily summary.
    """

    login = models.CharField(_("login"), max_length=150, primary_key=True)
    silent = models.JSONField(default=list)
    quiet_from = models.TimeField(_("quiet from"), null=True)
    quiet_until = models.TimeField(_("quiet until"), null=True)
    mail = models.CharField(_("mail"), max_length=10, default=Mailing.NONE)
    mail_since = models.DateTimeField(null=True)
    mail_problem = models.CharField(max_length=80, blank=True)
    mailed_on = models.DateField(null=True)

    class Meta:
        db_table = "notices_wish"
        constraints = (
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="wish_quiet_whole",
            ),
            models.CheckConstraint(
                condition=Q(mail="none")
                | Q(mail__in=["each", "daily"], mail_since__isnull=False),
                name="wish_mail",
            ),
        )
