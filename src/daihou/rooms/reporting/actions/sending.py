"""Mails of questions that were given: a link, and the figures each recipient may see."""

import logging
import smtplib
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import OperationalError, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from daihou.kit.refusal import NotFound
from daihou.kit.watermark import Mark
from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people
from daihou.rooms.reporting import question as questions
from daihou.rooms.reporting.actions.standing import following
from daihou.rooms.reporting.files import lab_book
from daihou.rooms.reporting.models import Sending, Standing
from daihou.rooms.reporting.queries import standing as reading

MOST: Final = 20  # mails of one round
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_log: Final = logging.getLogger("daihou.mail")


def send_due(*, at: datetime) -> None:
    """Send what is due, each mail in a transaction of its own.

    A server that does not answer ends the round; what was not sent waits for the
    next. Nothing is sent, and nothing moves on, where the house sends no mail.
    """
    today = timezone.localdate(at)
    if not reading.mail_goes() or timezone.localtime(at).hour < settings.MAIL_HOUR:
        return
    waiting = reading.due(on=today)
    if not waiting:
        return
    connection, left = get_connection(), MOST
    try:
        for standing_id in waiting:
            left -= _send_one(standing_id, connection, on=today, at=at, most=left)
            if left <= 0:
                return
    finally:
        connection.close()


def _send_one(
    standing_id: int, connection: BaseEmailBackend, *, on: date, at: datetime, most: int
) -> int:
    """Send one question to all it is given to who did not get it; how many went."""
    row = Standing.objects.filter(pk=standing_id).first()
    if row is None or row.next_on is None:
        return 0
    to, sent = reading.recipients(row), 0
    for person in to:
        if sent >= most:
            return sent
        sent += _send_to(row, person, connection, on=row.next_on, at=at)
    told = Sending.objects.filter(standing=row, on=row.next_on).values_list("login")
    if {each.username for each in to} <= {login for (login,) in told}:
        Standing.objects.filter(pk=row.pk, next_on=row.next_on).update(
            next_on=following(row.every, on)
        )
    return sent


@transaction.atomic
def _send_to(
    row: Standing,
    person: people.Person,
    connection: BaseEmailBackend,
    *,
    on: date,
    at: datetime,
) -> int:
    """Send it to one person, once for a day; 1 when a mail went."""
    locked = Standing.objects.select_for_update(skip_locked=True).filter(pk=row.pk)
    done = Sending.objects.filter(standing=row, login=person.username, on=on).exists()
    if done or locked.first() is None:
        return 0
    outcome = "no_address"
    if person.email:
        with override(person.language):
            outcome = _mail(row, person, connection, at=at)
    Sending.objects.create(
        standing=row, login=person.username, on=on, outcome=outcome, at=at
    )
    if outcome != "sent":
        return 0
    audit.record(
        type="standing.sent",
        subject_type="standing",
        subject_id=row.pk,
        by=row.owner,
        at=at,
        business_date=None,
        payload={"to": person.username, "question": row.fields},
    )
    return 1


def _mail(
    row: Standing, person: people.Person, connection: BaseEmailBackend, *, at: datetime
) -> str:
    page = f"{settings.SITE}{reverse('reporting:lab_ask')}?{row.fields}"
    message = EmailMessage(
        subject=_("Daihou: %(name)s") % {"name": row.name},
        body=_body(row, page),
        to=[person.email],
        connection=connection,
        headers={"Auto-Submitted": "auto-generated"},
    )
    # A file leaves the house: only for who may take one out, of what they may see.
    if person.may(people.Permission.EXPORT_LEDGER):
        try:
            asked = questions.read(QueryDict(row.fields))
        except NotFound:
            return "unknown"  # the figure left the dictionary
        mark = Mark(by=person.username, at=at, request_id=f"standing-{row.pk}")
        try:
            with transaction.atomic():  # what broke in here leaves the rest whole
                taken = lab_book.workbook(asked, person=person, mark=mark)
        except OperationalError:
            raise  # the database itself: the round waits for it
        except Exception as error:  # noqa: BLE001 - one must not stop the others
            _log.warning("question %s: %s", row.pk, error, exc_info=error)
            return "failed"
        if taken is not None:
            message.attach(f"daihou-{asked.metric.id}.xlsx", taken.content, _XLSX)
    try:
        message.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        _log.warning(
            "mail to %s was refused: %s", person.username, type(error).__name__
        )
        return "refused"
    return "sent"


def _body(row: Standing, page: str) -> str:
    lines = [
        row.name,
        "",
        page,
        "",
        _("Given by %(owner)s. The figures are of the loans you may see.")
        % {"owner": row.owner},
    ]
    return "\n".join(lines) + "\n"
