"""The next case: one at a time, nobody twice, only when contact is lawful now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from daihou.engine.gate.values import Verdict
from daihou.kit.refusal import Conflict, Refused
from daihou.rooms.casework.actions import giving
from daihou.rooms.casework.actions import taking_sql as sql
from daihou.rooms.casework.actions.common import (
    Deed,
    checked,
    open_case_locked,
    open_day,
    passed_on,
    tell,
    worker,
)
from daihou.rooms.casework.actions.queueing import fits
from daihou.rooms.casework.models import Case, Presence, Queue, Skip
from daihou.rooms.casework.queries import book, legal
from daihou.rooms.casework.queries.cases import CaseLine, line
from daihou.rooms.casework.queries.policy import policy
from daihou.rooms.casework.queries.seats import Taker, given_on, taker_of
from daihou.rooms.casework.queries.worth import Worth, worth
from daihou.rooms.casework.states import (
    OFFICE,
    TAKEN_FOR,
    CapacityMode,
    Method,
    Taking,
)
from daihou.rooms.contact import door as contact
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class Taken:
    """A case somebody has in hand, why it is this one, and what it is worth.

    `why` is held_back (it was in hand), due (its time came), mine or pool.
    """

    case: CaseLine
    why: str
    worth: Worth


@transaction.atomic
def take_next(*, deed: Deed, queue: str = "") -> Taken | None:
    """The next case for a person, theirs for some minutes; None where there is none.

    First what they have in hand and did not work, then their cases whose time came,
    their other cases, then the pool of the queues they work. A case whose person must
    not be contacted now is passed over until they may be.
    """
    worker(deed)
    wish = _Wish(deed, queue)
    for statement in wish.statements():
        row = wish.pick(statement)
        if row is not None:
            return _in_hand(row, wish)
    return None


class _Wish:
    """One person's search: how many may still be asked about, and where."""

    def __init__(self, deed: Deed, queue: str) -> None:
        self.deed, self.queue = deed, queue
        self.left = policy().asks_at_once
        self.today: int | None = None  # cases given anew today, once it was asked
        began = timezone.localtime(deed.at).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        self.values: dict[str, Any] = {
            "at": deed.at,
            "me": deed.by.username,
            "day": open_day(deed),
            "began": began,
            "queue": queue,
            **legal.since(deed.at),
        }

    @cached_property
    def taker(self) -> Taker:
        """What the person bears and has; read when the pool is looked into."""
        return taker_of(self.deed.by)

    def statements(self) -> Iterator[str]:
        """Where to look, in order; the next is asked for where one gave nothing."""
        queues = list(Queue.objects.filter(active=True))
        if self.queue:
            queues = [each for each in queues if each.code == self.queue]
        self.values["codes"] = [each.code for each in queues]
        self.values["ways"] = [each.order for each in queues]
        within = self._within()
        narrow = "c.queue = %(queue)s" if self.queue else "true"
        yield sql.OWN.format(within=within, narrow=narrow)
        for each in queues:
            if self._works(each):
                self.values["team"] = self.taker.team
                where = self._pool(each, f"{sql.FREE} and {within}")
                yield sql.PICK.format(where=where, order=sql.KEYS[each.order])

    def _works(self, queue: Queue) -> bool:
        """Whether the person may be given more of a queue."""
        taker = self.taker
        given = queue.taking != Taking.LIST.value and not taker.away
        fits_in = given and fits(taker, queue) and has_room(taker, queue)
        return fits_in and not self._had_today()

    def _had_today(self) -> bool:
        """Whether the person was given as many anew as their seat bears in a day."""
        most = self.taker.most_a_day
        if most is None:
            return False
        if self.today is None:
            login = self.taker.login
            found = given_on(self.values["day"], login=login)
            self.today = found.get(login, 0)
        return self.today >= most

    def _within(self) -> str:
        """SQL: what the person sees, whoever's it is."""
        within, scoped = self.deed.by.scope.sql_named(
            branch="c.branch", product="c.product", officer="c.officer"
        )
        self.values.update(scoped)
        return str(within)

    def _pool(self, queue: Queue, free: str) -> str:
        return (
            f"{free} and {sql.FRESH} and {sql.NOT_PAUSED}"
            f" and c.queue = '{_quoted(queue.code)}' and c.collector = ''"
            " and (c.assignment = 'pool' or (c.assignment = 'team'"
            " and c.team = %(team)s))"
        )

    def pick(self, statement: str) -> Case | None:
        """The first case there that may be worked now, locked; `why` says which."""
        while True:
            found = list(Case.objects.raw(statement, self.values))
            if not found:
                return None
            row: Case = found[0]
            until = self._not_before(row)
            if until is None:
                return row
            Case.objects.filter(pk=row.pk).update(
                lawful_from=until, taken_by="", taken_until=None
            )
            if self.left <= 0:
                return None

    def _not_before(self, row: Case) -> datetime | None:
        """The instant before which the person of a case is left alone; None: now."""
        if row.action in OFFICE - {"none"}:
            return None
        loans = book.loans_in_case(row.pk)
        if not loans:
            return None
        self.left -= 1
        try:
            looked = contact.would_allow(
                loans[0].loan_id,
                customer_id=row.customer_id,
                by=people.process(self.deed.by.username),
                at=self.deed.at,
            )
        except Refused:
            return None  # no way to reach them: that is work for the desk
        if looked.answer.verdict is Verdict.ALLOW:
            return None
        return looked.answer.until or self.deed.at + timedelta(days=1)


def _quoted(code: str) -> str:
    return code.replace("'", "''").replace("%", "%%")


def has_room(taker: Taker, queue: Queue) -> bool:
    """Whether a person's hands are not full, by the mode of the queue."""
    if queue.mode == CapacityMode.UNLIMITED.value:
        return True
    most = taker.most_cases if taker.most_cases is not None else queue.most_cases
    if most is None:
        return True
    return taker.cases < limit_of(most, queue.mode)


def limit_of(most: int, mode: str) -> int:
    """The most that is really given: a tenth more where the limit is soft."""
    return most + most // 10 if mode == CapacityMode.SOFT.value else most


def _in_hand(row: Case, wish: _Wish) -> Taken:
    deed, why = wish.deed, str(row.why)
    me = deed.by.username
    if why == "pool":
        hand = giving.Hand(case_id=row.pk, collector=me, team=wish.taker.team)
        giving.give([hand], method=Method.NEXT, deed=deed)
        tell("assignment.changed", row, deed, {"from": "", "to": me, "method": "next"})
    _claim(row.pk, me, deed.at)
    row.refresh_from_db()
    seen = line(row)
    return Taken(seen, why, worth(seen, on=open_day(deed)))


def _claim(case_id: int, me: str, at: datetime) -> None:
    values = {"case": case_id, "me": me, "until": at + TAKEN_FOR}
    with connection.cursor() as cursor:
        cursor.execute(sql.CLAIM, values)


@transaction.atomic
def take(case_id: int, *, deed: Deed, over: bool = False) -> Taken:
    """Take one case in hand, from a list.

    Conflict while somebody else has it; `over` takes it from them, for its own
    collector, their cover, or somebody who manages cases. A held one is only looked at.
    """
    worker(deed)
    row = open_case_locked(case_id, deed=deed)
    me = deed.by.username
    if in_other_hands(row, me=me, at=deed.at) and not (over and _may_take(row, deed)):
        raise taken_by(row)
    if not row.held:
        if in_other_hands(row, me=me, at=deed.at):
            tell("case.taken_over", row, deed, {"from": row.taken_by, "to": me})
        _claim(row.pk, me, deed.at)
        row.refresh_from_db()
    seen = line(row)
    return Taken(seen, "asked", worth(seen, on=open_day(deed)))


def _may_take(row: Case, deed: Deed) -> bool:
    mine = deed.by.username in (row.collector, row.cover)
    return mine or deed.by.may(people.Permission.MANAGE_CASES)


def in_other_hands(row: Case, *, me: str, at: datetime) -> bool:
    """Whether somebody else is at a case."""
    if not row.taken_by or row.taken_by == me:
        return False
    assert row.taken_until is not None, row.pk
    return bool(row.taken_until > at)


def taken_by(row: Case) -> Conflict:
    """The refusal for a case that somebody else has in hand."""
    return Conflict(
        "case_taken",
        _("%(who)s is on case %(case)s. Take over, or choose another.")
        % {"who": people.names().get(row.taken_by, row.taken_by), "case": row.number},
        case=row.pk,
        taken_by=row.taken_by,
    )


@transaction.atomic
def be_present(case_id: int, *, deed: Deed) -> tuple[str, ...]:
    """Say that somebody looks at a case still; the logins of the others who do.

    What they have in hand stays theirs for some more minutes.
    """
    worker(deed)
    rows = deed.by.scope.limit(Case.objects.filter(pk=case_id))
    if not rows.exists():
        return ()
    me, at = deed.by.username, deed.at
    Presence.objects.update_or_create(
        case_id=case_id,
        by=me,
        defaults={"seen_at": at},
        create_defaults={"since_at": at, "seen_at": at},
    )
    Case.objects.filter(pk=case_id, taken_by=me).update(taken_until=at + TAKEN_FOR)
    others = Presence.objects.filter(case_id=case_id, seen_at__gt=at - _SEEN)
    return tuple(
        others.exclude(by=me).order_by("since_at").values_list("by", flat=True)
    )


_SEEN: Final = timedelta(seconds=45)


@transaction.atomic
def let_go(case_id: int, *, deed: Deed, skip: str = "") -> None:
    """Put a case out of one's hands; one that was not worked with a reason (`skip`).

    It is not given to the same person again that day nor stands in their list, and
    the reason is kept; one of the list need not be in hand for it.
    """
    worker(deed)
    me = deed.by.username
    row = open_case_locked(case_id, deed=deed)
    Presence.objects.filter(case_id=case_id, by=me).delete()
    in_hand = row.taken_by == me
    if not in_hand and not skip.strip():
        return
    if skip.strip():
        why = checked(skip, deed=deed, field="skip", customer_id=row.customer_id)
        Skip.objects.create(
            case=row,
            customer_id=row.customer_id,
            by=me,
            on=open_day(deed),
            at=deed.at,
            reason=why,
        )
        tell("case.skipped", row, deed)
    elif not _worked(row, deed):
        raise Refused(
            "skip_reason",
            _("Say why this case is passed over; it was given to you to be worked."),
            field="skip",
        )
    passed_on(row, **({"taken_by": "", "taken_until": None} if in_hand else {}))


def _worked(row: Case, deed: Deed) -> bool:
    """Whether the person worked the case today."""
    if row.last_worked_at is None or row.last_worked_by != deed.by.username:
        return False
    return timezone.localdate(row.last_worked_at) == timezone.localdate(deed.at)
