"""The demonstration: a town of borrowers, the site and its worker, one Ctrl-C to end."""

import http.client
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from subprocess import Popen
from typing import Any

from daihou.config import clock, database, keeper, processes, wiring
from daihou.config.home import home
from daihou.kit import speech
from daihou.kit.speech import gettext, gettext_noop

UNFINISHED = "demo-unfinished"  # a file in the home while the book is being made
START_PATIENCE = 60.0  # seconds for the site to answer


@dataclass(frozen=True)
class Size:
    """How much of a town is made."""

    loans: int = 5000
    months: int = 18
    seed: int = 1


class DemoError(Exception):
    """The demonstration cannot run; the message says what to do."""


def run(*, port: int, size: Size, say: Callable[[str], None]) -> None:
    """Prepare what is missing, serve until asked to end, then stop everything.

    Raises DemoError when the port is taken or the site does not come up.
    """
    processes.end_on_signals()
    children: list[keeper.Kept] = []
    try:
        _claim(port)
        wiring.setup()
        logins = prepare(size=size, say=say)
        children.append(
            keeper.Kept.start(gettext_noop("site"), "serve", "--port", str(port))
        )
        children.append(keeper.Kept.start(gettext_noop("worker"), "worker"))
        _wait_for_answer(port, children[0].process)
        _tell(port, logins, say=say)
        keeper.keep(children, say=say)
    except keeper.KeepsEnding as error:
        raise DemoError(str(error)) from None
    except processes.Ending:
        say(gettext("Stopping ..."))
    finally:
        processes.end(*(child.process for child in children))


def prepare(*, size: Size, say: Callable[[str], None]) -> list[tuple[str, str, str]]:
    """Migrate, seed an empty book, make sure of one login per role.

    Raises DemoError for a book of anybody else: the passwords are known to all.
    """
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", interactive=False, verbosity=0)
    from daihou.rooms.ledger import door as ledger
    from daihou.rooms.people import door as people
    from daihou.town.door import SOURCE

    others = ledger.book.sources() - {SOURCE}
    if others:
        raise DemoError(
            gettext(
                "This book came from %(sources)s; the demonstration would add logins"
                " whose passwords everybody knows. To see it, give it a home of its"
                " own: DAIHOU_HOME=var-demo make demo. For this book: daihou serve."
            )
            % {"sources": ", ".join(sorted(others))}
        )
    unfinished = home() / UNFINISHED
    if unfinished.exists() or ledger.book.is_empty():
        from daihou.town import door as town

        # Making it again adds what a stopped run left out, and nothing twice.
        unfinished.touch()
        began = time.monotonic()
        told = gettext("A town of %(loans)s loans is made; it takes a minute or two.")
        say(told % {"loans": f"{size.loans:,}"})
        town.seed_demo(**asdict(size), today=clock.today(), say=say)
        people.demo_logins(at=clock.now())  # so that somebody hears of the receipts
        _leave_receipts(seed=size.seed)
        unfinished.unlink()
        if database.is_embedded():
            with connection.cursor() as cursor:
                cursor.execute("checkpoint")  # so that stopping is quick
        took = f"{time.monotonic() - began:.0f}"
        say(gettext("The town is ready (%(seconds)s s).") % {"seconds": took})
    _grade_last_day(say=say)
    _count_months(say=say)
    return people.demo_logins(at=clock.now())


def _grade_last_day(*, say: Callable[[str], None]) -> None:
    """So that the first page has classes; the worker does the days before it."""
    from daihou.nightly.errors import NightError
    from daihou.rooms.grading import door as grading

    try:
        made = grading.grade_last(at=clock.now())
    except NightError:  # a worker that is still there does it
        return
    if made is not None:
        told = gettext("The %(loans)s open loans of %(day)s are classified.")
        say(told % {"loans": f"{made.loans:,}", "day": made.as_of})


def _count_months(*, say: Callable[[str], None]) -> None:
    """So that the lab has its curves at once; the worker counts what changes after."""
    from daihou.kit.portfolio import portfolio
    from daihou.nightly.errors import NightError

    book = portfolio()
    try:
        counted = 0
        while due := book.due():
            book.count(due[0])
            counted += 1
    except NightError:  # a worker that is still there does it
        return
    if counted:
        told = gettext("%(months)s months of the book are counted.")
        say(told % {"months": counted})


def _leave_receipts(*, seed: int) -> None:
    """Something for the receipts desk: money of the town that names no loan."""
    from daihou.rooms.dayend import door as dayend
    from daihou.town import unowned

    day = dayend.business_date()
    if day is not None:
        unowned.leave_receipts(on=day.on, at=clock.now(), seed=seed)


def _claim(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise DemoError(
                gettext(
                    "Port %(port)s is taken (%(reason)s). Choose another:"
                    " make demo PORT=%(other)s"
                )
                % {"port": port, "reason": speech.reason(error), "other": port + 1}
            ) from error


def _wait_for_answer(port: int, web: Popen[Any]) -> None:
    deadline = time.monotonic() + START_PATIENCE
    while time.monotonic() < deadline and web.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise DemoError(gettext("The site did not come up; what it said is above."))


def _tell(
    port: int, logins: list[tuple[str, str, str]], *, say: Callable[[str], None]
) -> None:
    address = f"http://localhost:{port}"
    told = gettext("Daihou 贷后 is at %(address)s") % {"address": address}
    say(f"\n  {told}\n")
    for role, username, password in logins:
        say(f"    {role:<14}  {username:<14}  {password}")
    stop = gettext("Ctrl-C stops everything; what was done stays.")
    say(f"\n  {stop}\n")
    sys.stdout.flush()
