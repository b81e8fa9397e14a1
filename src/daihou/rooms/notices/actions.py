"""The only writer of notices: say, renew, mark as read, forget what is old."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Refused
from daihou.rooms.notices.kinds import LEVELS
from daihou.rooms.notices.models import Notice, Wish
from daihou.rooms.notices.states import Mailing
from daihou.rooms.people import door as people

KEPT = timedelta(days=180)

_SAY = """insert into notices_notice
 (login, kind, level, text, params, url, key, at, read_at)
 select login, %(kind)s, %(level)s, %(text)s, %(params)s::jsonb, %(url)s, %(key)s,
 %(at)s, null from unnest(%(logins)s::text[]) login
 on conflict (login, kind, key) where read_at is null and not (key = '')
 do update set level = excluded.level, text = excluded.text, params = excluded.params,
 url = excluded.url, at = excluded.at"""


@transaction.atomic
def notify(
    *,
    kind: str,
    text: str,
    at: datetime,
    params: Mapping[str, object] | None = None,
    logins: Iterable[str] = (),
    permission: str = "",
    branch: str | None = None,
    but: Iterable[str] = (),
    url: str = "",
    level: str = "info",
    key: str = "",
) -> int:
    """Tell people something and return how many were told.

    `text` is a msgid (mark it with gettext_noop) with `params` in it: plain text and
    numbers, `{"date": iso}` or `{"minor": 100, "currency": "CNY"}`; every reader
    gets it in their language. It goes to the `logins` and to whoever is on duty with
    `permission` (and may see `branch`, if one is given), `but` to these. `url` is an
    address of this site. While a notice with the same kind and `key` is unread it is
    renewed. Say it in the transaction of what it tells.
    """
    assert level in LEVELS, level
    assert kind and text and at.tzinfo is not None, (kind, text, at)
    assert not url or (url.startswith("/") and not url.startswith("//")), url
    to = set(logins)
    if permission:
        to |= _holders(permission, branch=branch)
    to -= set(but)
    _forget(at=at)
    if not to:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _SAY,
            {
                "kind": kind,
                "level": level,
                "text": text,
                "params": json.dumps(dict(params or {}), ensure_ascii=False),
                "url": url,
                "key": key,
                "at": at,
                "logins": sorted(to),
            },
        )
    return len(to)


def _holders(permission: str, *, branch: str | None) -> set[str]:
    wanted = people.Permission(permission)
    return {
        person.username
        for person in people.people()
        if person.active
        and person.may(wanted)
        and (branch is None or person.scope.allows(branch))
    }


def _forget(*, at: datetime) -> None:
    Notice.objects.filter(at__lt=at - KEPT).delete()


def done(*, kind: str, key: str, at: datetime) -> int:
    """What the notice asks for is done: nobody has to read it any more."""
    assert key, "only a notice with a key can be called back"
    rows = Notice.objects.filter(kind=kind, key=key, read_at=None)
    return int(rows.update(read_at=at))


def mark_read(
    *, login: str, at: datetime, ids: Iterable[int] | None = None, kind: str = ""
) -> int:
    """Mark a person's own notices as read: these, or all (of a kind)."""
    rows = Notice.objects.filter(login=login, read_at=None)
    rows = rows.filter(pk__in=list(ids)) if ids is not None else rows
    rows = rows.filter(kind=kind) if kind else rows
    return int(rows.update(read_at=at))


@transaction.atomic
def wish(
    *,
    login: str,
    silent: Iterable[str],
    quiet_from: time | None,
    quiet_until: time | None,
    at: datetime,
    mail: str = Mailing.NONE,
    address: str = "",
) -> None:
    """Keep how a person wants to be told; quiet hours have a beginning and an end.

    With `mail` what comes from now on goes to their `address` as well; refused where
    no mail is sent, or not to such an address.
    """
    if (quiet_from is None) != (quiet_until is None) or (
        quiet_from is not None and quiet_from == quiet_until
    ):
        raise Refused(
            "quiet_hours",
            _("Quiet hours need a beginning and another time as their end."),
        )
    assert mail in set(Mailing), mail
    if settings.MAIL_SENDS:
        people.set_mail_address(username=login, address=address, at=at)
    if mail != Mailing.NONE and not (settings.MAIL_SENDS and address.strip()):
        raise Refused("mail_address", _("Give the address the mails are to go to."))
    row, _made = Wish.objects.select_for_update().get_or_create(login=login)
    if row.mail == Mailing.NONE:
        row.mail_since = at if mail != Mailing.NONE else None
        row.mailed_on = None
    row.mail, row.mail_problem = mail, ""
    row.silent = sorted(set(silent))
    row.quiet_from, row.quiet_until = quiet_from, quiet_until
    row.save()
