"""Tokens: made and shown once, revoked, looked up and counted at every request."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from daihou.kit.api.gate import Caller
from daihou.kit.api.problems import Unknown
from daihou.kit.refusal import NotAllowed, NotFound, Refused, TooMany
from daihou.rooms.audit import door as audit
from daihou.rooms.gateway import queries
from daihou.rooms.gateway.models import Token
from daihou.rooms.gateway.permissions import ApiScope
from daihou.rooms.people import door as people

LONGEST: Final = 366  # days a token may live
MOST: Final = 20  # valid tokens of one person
_FORM: Final = re.compile(r"dh_([0-9a-z]{12})_([A-Za-z0-9_-]{43})")
ELSEWHERE: Final = "token.address_refused"
_FRESH: Final = timedelta(minutes=1)  # how exact the time of the last use is


@transaction.atomic
def make_token(
    *,
    username: str,
    name: str,
    scopes: Iterable[str],
    days: int,
    by: people.Person,
    at: datetime,
    networks: str | Iterable[str] = (),
    request_id: str = "",
) -> tuple[queries.TokenLine, str]:
    """Make a token that acts as `username`; the second value is shown once.

    It is used from `networks` alone (none: from where its person may work). People make tokens for themselves alone; a process of the house for anybody.
    """
    if by.id:
        people.require(by, people.Permission.USE_API)
        if by.username != username:
            raise NotAllowed(
                "token_of_another",
                _("A token acts as its person, so everybody makes their own."),
            )
    holder = people.person(username)
    wanted = tuple(sorted(set(scopes)))
    _check(holder, name, wanted, days, at=at)
    limits = people.networks.read(networks)
    public_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    row = Token.objects.create(
        public_id=public_id,
        digest=_digest(secret),
        name=name.strip(),
        username=username,
        scopes=list(wanted),
        networks=limits,
        made_by=by.username,
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    audit.record(
        type="token.made",
        subject_type="token",
        subject_id=public_id,
        by=by.username,
        at=at,
        business_date=None,
        payload={
            "login": username,
            "scopes": list(wanted),
            "days": days,
            "networks": limits,
        },
        request_id=request_id,
    )
    return queries.token_line(row), f"dh_{public_id}_{secret}"


def _check(
    holder: people.Person,
    name: str,
    scopes: tuple[str, ...],
    days: int,
    *,
    at: datetime,
) -> None:
    unknown = [each for each in scopes if each not in set(ApiScope)]
    if unknown or not scopes:
        raise Refused(
            "scope_unknown",
            _("Choose at least one of these scopes: %(known)s.")
            % {"known": ", ".join(ApiScope)},
        )
    if not holder.active:
        raise Refused("person_off_duty", _("Who is off duty gets no token."))
    people.require(holder, people.Permission.USE_API)
    if not name.strip() or len(name) > 80 or "\0" in name:
        raise Refused("token_name", _("Name the program that uses the token."))
    if not 1 <= days <= LONGEST:
        raise Refused(
            "token_days",
            _("A token lives between 1 and %(most)s days.") % {"most": LONGEST},
        )
    valid = Token.objects.filter(
        username=holder.username, revoked_at=None, expires_at__gt=at
    )
    if valid.count() >= MOST:
        raise Refused(
            "token_many",
            _("There are %(most)s valid tokens already; revoke one that is not used.")
            % {"most": MOST},
        )


@transaction.atomic
def revoke_token(
    *, public_id: str, by: people.Person, at: datetime, request_id: str = ""
) -> queries.TokenLine:
    """End a token at once; everybody their own, who manages people those in sight."""
    row = Token.objects.select_for_update().filter(public_id=public_id).first()
    mine = row is not None and by.username == row.username
    if row is None or not (mine or _manages(by, row.username)):
        raise NotFound(
            "token_unknown",
            _("There is no token %(number)s among yours.") % {"number": public_id},
        )
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = at, by.username
        row.save(update_fields=["revoked_at", "revoked_by"])
        audit.record(
            type="token.revoked",
            subject_type="token",
            subject_id=public_id,
            by=by.username,
            at=at,
            business_date=None,
            payload={"login": row.username},
            request_id=request_id,
        )
    return queries.token_line(row)


def _manages(by: people.Person, username: str) -> bool:
    sight = people.in_sight(by)
    manages = by.may(people.Permission.MANAGE_PEOPLE)
    return manages and (sight is None or username in sight)


def enter(bearer: str, *, address: str, at: datetime) -> Caller:
    """The caller behind a bearer token, counted; four statements at most.

    NotAllowed where it comes from outside its networks, or those of its person.
    """
    form = _FORM.fullmatch(bearer)
    row = Token.objects.filter(public_id=form[1]).first() if form else None
    if row is None or not hmac.compare_digest(bytes(row.digest), _digest(form[2])):
        raise Unknown(
            "token_invalid",
            _("There is no such token. Check it, or make a new one at Interfaces."),
        )
    if row.revoked_at is not None or row.expires_at <= at:
        raise Unknown(
            "token_ended",
            _("This token has ended. Make a new one at Interfaces."),
        )
    person = people.person(row.username)
    if not person.active:
        raise Unknown("token_ended", _("Who this token acts as is off duty."))
    if not person.may(people.Permission.USE_API):
        raise Unknown(
            "token_ended",
            _("Who this token acts as may not use interfaces any more."),
        )
    limits = [row.networks, *person.networks]
    if not people.networks.admitted(limits, address):
        _tell_elsewhere(row, address=address, at=at)
        raise people.networks.refusal(address)
    if row.last_used_at is None or at - row.last_used_at > _FRESH:
        Token.objects.filter(pk=row.pk).update(last_used_at=at)
    return _counted(row, person, at=at)


def _tell_elsewhere(row: Token, *, address: str, at: datetime) -> None:
    """Keep that a token came from elsewhere, once an hour: programs try on and on."""
    told = audit.instants(
        type=ELSEWHERE,
        subject_type="token",
        subject_id=row.public_id,
        since=at - timedelta(hours=1),
        limit=1,
    )
    if not told:
        audit.record(
            type=ELSEWHERE,
            subject_type="token",
            subject_id=row.public_id,
            by=row.username,
            at=at,
            business_date=None,
            payload={"login": row.username, "address": address},
        )


# A count that a crash loses harms nobody, so the caller does not wait for the disk:
# said for this statement's own transaction alone, never for one around it.
_COUNT = """
insert into gateway_use (token_id, minute, requests)
select %s, %s, 1 from (select {quietly}) said
on conflict (token_id, minute)
do update set requests = gateway_use.requests + 1 returning requests
"""
_QUIETLY = "set_config('synchronous_commit', 'off', true)"


def _counted(row: Token, person: people.Person, *, at: datetime) -> Caller:
    minute = at.replace(second=0, microsecond=0)
    alone = not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT.format(quietly=_QUIETLY if alone else "1"), [row.pk, minute]
        )
        (asked,) = cursor.fetchone()
    limit: int = settings.API_PER_MINUTE
    resets_in = 60 - at.second
    if asked > limit:
        raise TooMany(
            "too_many_requests",
            _("This token may ask %(limit)s times a minute. Wait %(wait)s seconds.")
            % {"limit": limit, "wait": resets_in},
            retry_after=resets_in,
        )
    return Caller(
        token_id=row.pk,
        public_id=row.public_id,
        person=person,
        scopes=frozenset(row.scopes),
        limit=limit,
        left=limit - asked,
        resets_in=resets_in,
    )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
