"""What others may ask of the town: fill an empty lender and live its days."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Thread
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from daihou.columnar.settle import warm
from daihou.kit.speech import gettext
from daihou.nightly.run import DayClosed, Night
from daihou.packs import products
from daihou.rooms.dayend import door as dayend
from daihou.rooms.intake import door as intake
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.town import contract, payers
from daihou.town.book import UNTIL, Book, make_book
from daihou.town.products import OFFICES

SOURCE: Final = "town"
BY: Final = "town"
DAY: Final = timedelta(days=1)
# The night runs at 02:14 in Beijing, 18:14 of the day that it closes in UTC.
_NIGHT_AT: Final = time(18, 14, tzinfo=UTC)
_OPENS_AT: Final = time(1, 0, tzinfo=UTC)
_LATE_DAYS: Final = 5  # how far back the payments lie that are reported late
_LATE_ROWS: Final = 3
_SAID_EVERY: Final = 60  # days between two lines of progress


class BookNotEmpty(Exception):
    """There is somebody else's book here; the message says what to do."""


class TownRefused(Exception):
    """Intake did not take the town's own tables: a mistake of ours."""


@dataclass(slots=True)
class _Clock:
    """The instant it is in the town; set as the days go by."""

    at: datetime

    def now(self) -> datetime:
        return self.at


def seed_demo(
    *,
    loans: int,
    months: int,
    seed: int,
    say: Callable[[str], None],
    until: date = UNTIL,
    today: date | None = None,
) -> None:
    """Fill an empty lender with a town and close every day before `until`.

    `until` becomes the open business date; it is marked as simulated if it lies
    after `today` (default: it does not). Broken off, the call goes on where it was;
    when all is there it returns at once. Raises BookNotEmpty if the ledger holds
    loans of another source.
    """
    open_day = dayend.business_date()
    if open_day is not None and open_day.on >= until and not ledger.book.is_empty():
        return
    _check_empty()
    policies = products.policies(on=until)
    book = make_book(loans, months=months, seed=seed, policies=policies, until=until)
    # The nights come later: meanwhile their kernel is compiled.
    Thread(target=warm, name="warm", daemon=True).start()
    begin = book.span.begin
    opened_at = opening(begin)
    people.save_branches(
        [(o.code, o.name, o.name_en) for o in OFFICES], by=BY, at=opened_at
    )
    tables = contract.tables(book)
    late = late_payments(tables["payments"], until=until)
    tables["payments"] = tables["payments"].filter(
        pc.invert(pc.is_in(tables["payments"]["payment_id"], late["payment_id"]))
    )
    take_in(tables, business_date=begin, at=opened_at)
    say(
        gettext("%(loans)s loans and %(payments)s payments are in the ledger.")
        % {"loans": f"{len(book):,}", "payments": f"{len(book.payments):,}"}
    )
    last = until - 2 * DAY
    for closed in live(begin, through=last, today=today or until):
        _report(closed, begin=begin, last=last, say=say)
    if late.num_rows:
        take_in({"payments": late}, business_date=until - DAY, at=opening(until - DAY))
    for closed in live(begin, through=until - DAY, today=today or until):
        if closed.run.again:
            told = gettext("%(day)s was closed again: facts came late.")
            say(told % {"day": closed.run.as_of})
    say(gettext("%(day)s is open; every day before it is closed.") % {"day": until})


def opening(day: date) -> datetime:
    """The instant at which the offices open."""
    return datetime.combine(day, _OPENS_AT)


def _check_empty() -> None:
    if ledger.book.sources() - {SOURCE}:
        raise BookNotEmpty(
            gettext(
                "This ledger holds loans already. Name another DAIHOU_HOME or"
                " DATABASE_URL for the town."
            )
        )


def late_payments(payments: pa.Table, *, until: date) -> pa.Table:
    """A few plain payments of the last days that a channel reports days later."""
    day = payments["paid_on"]
    recent = pc.and_(
        pc.greater_equal(day, pa.scalar(until - _LATE_DAYS * DAY)),
        pc.less(day, pa.scalar(until - 2 * DAY)),
    )
    plain = pc.and_(
        pc.equal(payments["kind"], "payment"),
        pc.not_equal(payments["channel"], contract.PAY_CHANNELS[payers.DEBIT]),
    )
    taken_back = pc.is_in(payments["payment_id"], payments["reversal_of"])
    found = payments.filter(pc.and_(pc.and_(recent, plain), pc.invert(taken_back)))
    return found.slice(0, _LATE_ROWS)


def take_in(tables: dict[str, pa.Table], *, business_date: date, at: datetime) -> None:
    """Send tables through intake as any sender would, as Parquet files.

    A table without rows is not sent: intake takes an empty file for a mistake.
    """
    sent = {name: table for name, table in tables.items() if table.num_rows}
    with tempfile.TemporaryDirectory(dir=settings.DAIHOU_HOME) as folder:
        paths = contract.write(sent, Path(folder), form="parquet")
        order = intake.Order(files=[(path, path.name) for path in paths], source=SOURCE)
        deed = intake.Deed(by=BY, at=at, business_date=business_date)
        outcome = intake.take_files(order, deed)
    if outcome.state is intake.BatchState.REFUSED:
        raise TownRefused(f"{dict(outcome.codes)} {list(outcome.faults)[:5]}")


def live(begin: date, *, through: date, today: date) -> Iterator[DayClosed]:
    """Close every open day from `begin` to `through`, each in its own night."""
    clock = _Clock(datetime.combine(begin, _NIGHT_AT))
    open_day = dayend.business_date()
    if open_day is not None:
        clock.at = datetime.combine(open_day.on, _NIGHT_AT)
    night = Night(
        url=settings.DATABASE_URL,
        home=settings.DAIHOU_HOME,
        now=clock.now,
        today=lambda: today,
        by=BY,
    )
    try:
        for closed in night.close(begin, through=through):
            yield closed
            if not closed.run.again:
                clock.at = datetime.combine(closed.run.as_of + DAY, _NIGHT_AT)
    finally:
        night.shut()


def _report(
    closed: DayClosed, *, begin: date, last: date, say: Callable[[str], None]
) -> None:
    done = (closed.run.as_of - begin).days + 1
    if done % _SAID_EVERY == 0:
        whole = (last - begin).days + 1
        told = gettext("%(day)s: %(done)s of %(whole)s days closed.")
        say(told % {"day": closed.run.as_of, "done": done, "whole": whole})


__all__ = [
    "Book",
    "BookNotEmpty",
    "TownRefused",
    "live",
    "make_book",
    "opening",
    "seed_demo",
    "take_in",
]
