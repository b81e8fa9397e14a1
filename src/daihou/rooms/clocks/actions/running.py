"""One look at every clock after a closed day: reckon, close what is done, raise alarms."""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext_noop

from daihou.engine.clocks.rules import ClockRules
from daihou.kit import legal_clocks, ports
from daihou.rooms.audit import door as audit
from daihou.rooms.clocks import queries
from daihou.rooms.clocks.actions import keeping_up
from daihou.rooms.clocks.actions.keeping_up import Raised
from daihou.rooms.clocks.models import Clock, ClockRun
from daihou.rooms.clocks.reckoning import Book
from daihou.rooms.clocks.states import Closed, Kind
from daihou.rooms.grading import door as grading
from daihou.rooms.ledger import door as ledger
from daihou.rooms.notices import door as notices
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import door as rulebooks

BY: Final = "clocks"
NOTICE: Final = "clocks"
AT_ONCE: Final = 2_000  # clocks reckoned by themselves in one statement
APPROACHING: Final = "legal.deadline.approaching"
PASSED: Final = "legal.deadline.passed"
_PILOT_RULE: Final = "CN-NPLT-01"


def look_due(*, at: datetime) -> None:
    """Look at the clocks where the last closed day, or the law, is another than then."""
    reckoner = legal_clocks.reckoner()
    if reckoner is None or not queries.applies():
        return
    standing = ports.book().standing()
    if not standing:
        return
    as_of = max(standing)
    last = queries.last_run()
    law = rulebooks.lawbook(as_of)
    now = (as_of, standing[as_of], law.digest, rulebooks.licence())
    if last and (last.as_of, last.positions, last.law, last.licence) == now:
        return
    look_through(as_of, positions=standing[as_of], at=at)


def look_through(as_of: date, *, positions: str, at: datetime) -> queries.RunLine:
    """Bring every clock to the end of a closed day and raise the alarms it brought.

    The same day again changes nothing and raises nothing.
    """
    begun = time.perf_counter()
    book = queries.book(as_of, decided_by=as_of)
    clocks = changed = 0
    reckoner = legal_clocks.reckoner()
    if reckoner is not None:
        done = reckoner.reckon(as_of, rules=book.rules, calendar=book.calendar, at=at)
        clocks, changed = done.clocks, done.changed + done.closed
    with transaction.atomic():
        _watch_observed(as_of, at=at)
        _watch_pilot(book.rules, at=at)
        keeping_up.move_with_loans()
        clocks += _bring_up_apart(book)
        raised = keeping_up.raise_steps(keeping_up.ladders(book), on=as_of)
        _write_down(raised, as_of=as_of, at=at)
        _tell(raised, as_of=as_of, at=at)
        ClockRun.objects.create(
            as_of=as_of,
            positions=positions,
            law=rulebooks.lawbook(as_of).digest,
            licence=rulebooks.licence(),
            clocks=clocks,
            changed=changed,
            alarms=len(raised),
            seconds=time.perf_counter() - begun,
            at=at,
        )
    made = queries.last_run()
    assert made is not None
    return made


def _bring_up_apart(book: Book) -> int:
    """Reckon those that are not reckoned with the book; return how many there are."""
    lines = queries.apart()
    for start in range(0, len(lines), AT_ONCE):
        keeping_up.bring_up(lines[start : start + AT_ONCE], book)
    return len(lines)


_OBSERVE = """
insert into clocks_clock (kind, loan_id, customer_id, branch, product, officer, facts,
  state, ends_on, counted_to, rule, unverified, reckoned_on, started_by, started_at)
select 'observation', o.loan_id, o.customer_id, o.branch, o.product, '', '{}',
  'running', o.until, o.until, '', false, %s, %s, %s
from unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::date[])
  as o (loan_id, customer_id, branch, product, until)
on conflict (kind, loan_id, party_id) where closed_on is null
  and kind in ('limitation', 'guarantee', 'observation') do nothing
"""


def _watch_observed(as_of: date, *, at: datetime) -> None:
    """A clock for every loan in observation, none for one that is no longer."""
    lines = grading.observed()
    columns = (
        [each.loan_id for each in lines],
        [each.customer_id for each in lines],
        [each.branch for each in lines],
        [each.product for each in lines],
        [each.observed_until for each in lines],
    )
    if lines:
        with connection.cursor() as cursor:
            cursor.execute(_OBSERVE, [as_of, BY, at, *columns])
    open_ = Clock.objects.filter(kind=Kind.OBSERVATION, closed_on=None)
    open_.exclude(loan_id__in=columns[0]).update(
        closed_on=as_of, closed_because=Closed.NO_LONGER
    )


def _watch_pilot(rules: ClockRules, *, at: datetime) -> None:
    """One clock for the pilot of transferring bad loans, where the rule holds."""
    if rules.get(_PILOT_RULE) is None:
        return
    if not Clock.objects.filter(kind=Kind.TRANSFER_PILOT, closed_on=None).exists():
        Clock.objects.create(
            kind=Kind.TRANSFER_PILOT,
            state="running",
            reckoned_on=rules.on,
            started_by=BY,
            started_at=at,
        )


def _write_down(raised: Sequence[Raised], *, as_of: date, at: datetime) -> None:
    """One event for each step reached, on the loan where there is one."""
    audit.record_many(
        audit.NewEvent(
            type=PASSED if keeping_up.passed(each) else APPROACHING,
            subject_type="clock" if each.loan_id is None else "loan",
            subject_id=each.id if each.loan_id is None else each.loan_id,
            by=BY,
            at=at,
            business_date=as_of,
            payload={
                "clock": each.id,
                "kind": each.kind,
                "days": each.step,
                "ends_on": each.ends_on.isoformat(),
                "rule": each.rule,
            },
        )
        for each in raised
    )


def _tell(raised: Sequence[Raised], *, as_of: date, at: datetime) -> None:
    """Tell who reads the law how many clocks of theirs reached each step."""
    if not raised:
        return
    many: Counter[tuple[int, bool, str, str, str]] = Counter(
        (
            each.step,
            each.loan_id is None and each.customer_id is None,
            each.branch,
            each.product,
            each.officer,
        )
        for each in raised
    )
    for person in people.people():
        if not person.active or not person.may(people.Permission.VIEW_LAW):
            continue
        seen: Counter[int] = Counter()
        for (step, of_house, branch, product, officer), count in many.items():
            sees = person.scope.allows(branch, product=product, officer=officer)
            if person.scope.everything if of_house else sees:
                seen[step] += count
        for step, count in sorted(seen.items()):
            _notify(person.username, step, count, as_of=as_of, at=at)


def _notify(login: str, step: int, count: int, *, as_of: date, at: datetime) -> None:
    text = gettext_noop("Clocks of law: %(n)s have %(days)s days or less left.")
    if not step:
        text = gettext_noop("Clocks of law: the end of %(n)s has passed.")
    state = "" if step else "&state=expired"
    notices.notify(
        kind=NOTICE,
        text=text,
        params={"n": count, "days": step},
        logins=[login],
        url=f"/clocks/?step={step}{state}",
        level="bad" if step == 0 else "warn",
        key=f"{as_of.isoformat()}:{step}",
        at=at,
    )


@transaction.atomic
def record_export(
    *,
    on: date,
    loan_ids: Sequence[int],
    rows: int,
    address: str,
    doing: ledger.personal.Doing,
) -> None:
    """Write down that a list leaves the house, before it does.

    NotAllowed to who may not export; a canary among the loans is reported.
    """
    people.require(doing.by, people.Permission.EXPORT_LEDGER)
    audit.record(
        type="clocks.exported",
        subject_type="ledger",
        subject_id=on.isoformat(),
        by=doing.by.username,
        at=doing.at,
        business_date=doing.business_date,
        payload={"rows": rows, "address": address[:500]},
        request_id=doing.request_id,
    )
    ledger.personal.watch_export(loan_ids, doing=doing)
