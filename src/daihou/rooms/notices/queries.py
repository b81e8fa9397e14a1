"""The only reader of notices; a person reads their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import QuerySet
from django.utils import timezone

from daihou.rooms.notices.models import Notice, Wish
from daihou.rooms.notices.states import Mailing


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as it was written; `pages.said` makes its sentence."""

    id: int
    kind: str
    level: str
    text: str
    params: Mapping[str, object]
    url: str
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a person wants to be told; no quiet hours when `quiet_from` is None."""

    silent: frozenset[str] = frozenset()
    quiet_from: time | None = None
    quiet_until: time | None = None
    mail: str = Mailing.NONE
    mail_problem: str = ""

    def quiet(self, at: datetime) -> bool:
        """Whether the instant lies in the quiet hours of the site's time zone."""
        if self.quiet_from is None or self.quiet_until is None:
            return False
        now = timezone.localtime(at).time()
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= now < self.quiet_until
        return now >= self.quiet_from or now < self.quiet_until


def _mine(login: str, *, kind: str, unread: bool) -> "QuerySet[Notice]":
    rows = Notice.objects.filter(login=login)
    rows = rows.filter(kind=kind) if kind else rows
    return rows.filter(read_at=None) if unread else rows


def notices_of(
    login: str, *, kind: str = "", unread: bool = False, limit: int, start: int = 0
) -> Sequence[Line]:
    """What a person was told, newest first."""
    rows = _mine(login, kind=kind, unread=unread).order_by("-at", "-id")
    names = tuple(Line.__dataclass_fields__)
    return [Line(**row) for row in rows.values(*names)[start : start + limit]]


def count_of(login: str, *, kind: str = "", unread: bool = False) -> int:
    """How many there are of what `notices_of` lists."""
    return int(_mine(login, kind=kind, unread=unread).count())


def address_of(login: str, notice_id: int) -> str | None:
    """Where one of a person's own notices leads ('' nowhere); None: not theirs."""
    rows = Notice.objects.filter(login=login, pk=notice_id)
    found: str | None = rows.values_list("url", flat=True).first()
    return found


def wishes_of(login: str) -> Wishes:
    """How this person wants to be told; the usual way when they never said."""
    row = Wish.objects.filter(login=login).first()
    if row is None:
        return Wishes()
    return Wishes(
        frozenset(row.silent),
        row.quiet_from,
        row.quiet_until,
        row.mail,
        row.mail_problem,
    )


def unread(login: str, *, at: datetime) -> int:
    """What the bell counts: the unread, without silent kinds, in quiet hours bad only.

    One query for who never asked for anything else.
    """
    rows = Notice.objects.filter(login=login, read_at=None)
    counted = list(rows.values_list("kind", "level")[:1000])
    if not counted:
        return 0
    wishes = wishes_of(login)
    quiet = wishes.quiet(at)
    return sum(
        level == "bad" or (not quiet and kind not in wishes.silent)
        for kind, level in counted
    )


def told(*, kind: str, key: str) -> bool:
    """Whether anybody was ever told this, read or not."""
    return bool(Notice.objects.filter(kind=kind, key=key).exists())
