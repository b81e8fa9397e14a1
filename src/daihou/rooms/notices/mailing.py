"""Notices by mail: at once or once a day; how many of what and links, never contents."""

import logging
import smtplib
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from daihou.kit.refusal import NotFound
from daihou.rooms.notices.kinds import kind_word
from daihou.rooms.notices.models import Notice, Wish
from daihou.rooms.notices.queries import Wishes
from daihou.rooms.notices.states import Mailing
from daihou.rooms.people import door as people

PATIENCE: Final = timedelta(minutes=2)  # what is read on the page by then is not sent
MOST: Final = 20  # mails of one round
LISTED: Final = 20  # links of one mail
_log: Final = logging.getLogger("daihou.mail")


def go_round(*, at: datetime) -> None:
    """Send what is due, each person in a transaction of their own.

    A server that does not answer ends the round; what was not sent waits for the next.
    """
    if not settings.MAIL_SENDS:
        return
    wanting = Wish.objects.exclude(mail=Mailing.NONE).order_by("login")
    logins = list(wanting.values_list("login", flat=True))
    connection, sent = get_connection(), 0
    try:
        for login in logins:
            sent += _send_to(login, connection, at=at)
            if sent >= MOST:
                return
    finally:
        connection.close()


@transaction.atomic
def _send_to(login: str, connection: BaseEmailBackend, *, at: datetime) -> int:
    """Send one person what is due; 1 when a mail went."""
    rows = Wish.objects.select_for_update(skip_locked=True)
    wish = rows.filter(login=login).exclude(mail=Mailing.NONE).first()
    if wish is None:
        return 0  # another worker is at it, or they want none by now
    try:
        person = people.person(login)
    except NotFound:
        return 0
    today = timezone.localdate(at)
    daily = wish.mail == Mailing.DAILY
    if not person.active or not person.email or (daily and not _hour(wish, at, today)):
        return 0
    due = _due(wish, at=at)
    if due and not _sent(person, due, connection, wish, daily=daily):
        return 0
    Notice.objects.filter(pk__in=[row.pk for row in due]).update(mailed_at=at)
    if daily:
        wish.mailed_on = today
        wish.save(update_fields=["mailed_on"])
    return 1 if due else 0


def _hour(wish: Wish, at: datetime, today: date) -> bool:
    """Whether the summary of this day is due and did not go yet."""
    gone = wish.mailed_on is not None and wish.mailed_on >= today
    return not gone and timezone.localtime(at).hour >= settings.MAIL_HOUR


def _due(wish: Wish, *, at: datetime) -> list[Notice]:
    """What was not read and not mailed since mail was asked for, oldest first."""
    rows = Notice.objects.filter(
        login=wish.login, read_at=None, mailed_at=None, at__gte=wish.mail_since
    )
    rows = rows.filter(Q(level="bad") | ~Q(kind__in=list(wish.silent)))
    if wish.mail == Mailing.EACH:
        rows = rows.filter(at__lte=at - PATIENCE)
        hours = Wishes(frozenset(), wish.quiet_from, wish.quiet_until)
        if hours.quiet(at):
            rows = rows.filter(level="bad")
    return list(rows.order_by("at", "pk")[:500])


def _sent(
    person: people.Person,
    due: Sequence[Notice],
    connection: BaseEmailBackend,
    wish: Wish,
    *,
    daily: bool,
) -> bool:
    """Send it; an address that is refused ends the mails and says so on the page."""
    with override(person.language):
        message = EmailMessage(
            subject=_subject(len(due), daily=daily),
            body=_body(due),
            to=[person.email],
            connection=connection,
            headers={"Auto-Submitted": "auto-generated"},
        )
        try:
            message.send()
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
            _log.warning("mail to %s was refused: %s", wish.login, type(error).__name__)
            wish.mail, wish.mail_problem = Mailing.NONE, type(error).__name__
            wish.save(update_fields=["mail", "mail_problem"])
            return False
    return True


def _subject(count: int, *, daily: bool) -> str:
    words = ngettext("Daihou: %(n)s notice", "Daihou: %(n)s notices", count)
    if daily:
        words = ngettext(
            "Daihou: %(n)s notice of the day", "Daihou: %(n)s notices of the day", count
        )
    return words % {"n": count}


def _body(due: Sequence[Notice]) -> str:
    """How many of each kind, and a link to each: what they say stands on the page."""
    counts = Counter(kind_word(row.kind) for row in due)
    lines = [f"{word}: {count}" for word, count in sorted(counts.items())]
    lines.append("")
    lines += [f"{settings.SITE}/notices/{row.pk}/" for row in due[:LISTED]]
    more = len(due) - LISTED
    if more > 0:
        told = ngettext("and %(n)s more:", "and %(n)s more:", more) % {"n": more}
        lines += [told, f"{settings.SITE}/notices/"]
    lines += ["", _("What they say is shown after signing in. Mails hold no data.")]
    lines.append(
        _("Change or stop these mails here: %(page)s")
        % {"page": f"{settings.SITE}/notices/"}
    )
    return "\n".join(lines) + "\n"
