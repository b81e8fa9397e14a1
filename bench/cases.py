"""Sixty thousand open cases over a book loaded for pages: queues, seats, a morning.

`python -m bench.cases` works on the home of its process, through the product: a number
to call for everybody who is late, collectors in every branch, the strategy that ships
with one row changed as two people agree on it, its night, and the morning after.
"""

import io
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from bench.load import BRANCHES, UNTIL, branch_of

# Noon in Shanghai on the day that is open: people may be called.
NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
PASSWORD = "daihou-demo"  # of the demonstration's logins
BOSS = "boss"  # who oversees the whole house
# Two collectors in each of the first twenty branches, one in the others.
PAIRED = 20
# Messages alone go to who owes less than this: no case is opened for them, which
# leaves some sixty thousand of a book of a million.
SMALL, NO_CASE = "< 70.00", "SMALL-1"
# Nobody is given these in the morning: whoever is free takes the next.
POOLED = ("early", "digital")
GIVEN = ("middle", "late")
_SAME = {
    "source": "bench",
    "digest": "\\\\x00",
    "version": "1",
    "attributes": "{}",
    "kind": "mobile",
    "owner_role": "self",
}


def collectors() -> tuple[tuple[str, str], ...]:
    """(login, branch) of every collector, those who share a branch first."""
    shared = [(f"desk{n:02}{who}", branch_of(n)) for n in range(PAIRED) for who in "ab"]
    alone = [(f"desk{n:02}a", branch_of(n)) for n in range(PAIRED, BRANCHES)]
    return (*shared, *alone)


def leads() -> tuple[tuple[str, str], ...]:
    """(login, branch) of supervisors, one in every fourth branch."""
    return tuple((f"lead{n:02}", branch_of(n)) for n in range(0, BRANCHES, 4))


def numbers_to_call(connection: psycopg.Connection) -> int:
    """A sealed mobile number of everybody whose loan is late."""
    from daihou.rooms.ledger import door as ledger

    rows = connection.execute(
        "select distinct l.customer_id from ledger_position p"
        " join ledger_loan l on l.id = p.loan_id where p.dpd > 0 order by 1"
    ).fetchall()
    text = io.StringIO()
    for (customer,) in rows:
        sealed = ledger.personal.contact_columns(f"139{customer:08d}")
        one = (*_SAME.values(), f"N{customer}", str(customer), *sealed.values())
        text.write("\t".join(one) + "\n")
    columns = ", ".join((*_SAME, "external_id", "customer_id", *sealed))
    with connection.cursor() as cursor:
        with cursor.copy(f"copy ledger_contact_point ({columns}) from stdin") as out:
            out.write(text.getvalue())
        cursor.execute("analyze ledger_contact_point")
    connection.commit()
    return len(rows)


def make_logins() -> None:
    """Collectors, and supervisors of branches and of the house, where there are none."""
    from daihou.rooms.people import door as people

    wanted = [(login, "collector", branch) for login, branch in collectors()]
    wanted += [(login, "supervisor", branch) for login, branch in leads()]
    wanted += [(BOSS, "supervisor", "head-office")]
    known = {each.username for each in people.people()}
    for login, role, branch in wanted:
        if login not in known:
            people.create_user(
                username=login,
                password=PASSWORD,
                role=role,
                branch=branch,
                full_name=login,
                by="bench",
                at=NOON,
            )


def release_strategy() -> None:
    """The strategy that ships opens no case for small amounts, as two people agree."""
    from daihou.rooms.approvals import door as approvals
    from daihou.rooms.people import door as people
    from daihou.rooms.strategy import actions, queries

    actions.evaluate_due(at=NOON)
    risk, compliance = (people.person(name) for name in ("risk", "compliance"))
    asks, decides = (
        approvals.Deed(by=who, at=NOON, business_date=NOON.date(), reason="bench")
        for who in (risk, compliance)
    )
    live = queries.version(queries.in_force(NOON.date())[0].version_id)
    line = actions.begin_draft(strategy_id=live.strategy_id, deed=asks)
    content: dict[str, Any] = dict(queries.version_row(line.id, hold=False).content)
    for row in content["table"]["rows"]:
        if row["id"] == NO_CASE:
            row["when"] = {**row["when"], "overdue_total": SMALL}
            row["then"] = {**row["then"], "open_case": "no"}
    line = actions.keep_draft(
        version_id=line.id, rev=line.rev, content=content, deed=asks
    )
    actions.ask_rehearsal(version_id=line.id, rev=line.rev, deed=asks)
    actions.rehearse_waiting(at=NOON)
    asked = actions.propose_version(
        version_id=line.id, rev=line.rev, begins_on=NOON.date(), deed=asks
    )
    approvals.decide(proposal_id=asked.id, verdict="approve", note="", deed=decides)
    actions.evaluate_due(at=NOON)


def seats_and_queues() -> None:
    """Who shares a branch takes what is in the pool; the others what they are given."""
    from daihou.rooms.casework import door as casework
    from daihou.rooms.casework.actions import queueing
    from daihou.rooms.people import door as people

    queueing.keep_queues(NOON.date())
    boss = people.process("bench")
    by = casework.Deed(by=boss, at=NOON, business_date=NOON.date())
    for code in POOLED:
        queueing.save_queue(code, said=queueing.QueueSaid(auto=False), deed=by)
    for place, (login, _branch) in enumerate(collectors()):
        queues = POOLED if place < 2 * PAIRED else (*GIVEN, *POOLED)
        queueing.save_seat(login, said=queueing.SeatSaid(queues=queues), deed=by)


def mornings() -> Sequence[str]:
    """Go through the morning after the last closed day; what each step did."""
    from daihou.rooms.casework import door as casework

    done = casework.morning(UNTIL, at=NOON)
    assert not done.waits, done.waits
    return [f"{name}: {dict(counts)}" for name, counts in done.counts.items()]


def tidy() -> None:
    """What a run before left to be written is written, so that nobody meets it.

    Whoever tried something by hand may have saved it at any hour.
    """
    from daihou.rooms.casework.actions import desk

    desk.keep_all_due(at=NOON + timedelta(days=1))


def main() -> None:
    """Everything in order, each told with its seconds; `--tidy` only clears up."""
    from daihou.config import clock, database, wiring

    wiring.start()
    if "--tidy" in sys.argv:
        tidy()
        return
    with clock.standing_at(NOON):
        for name, work in (
            ("numbers to call", _numbers),
            ("logins", make_logins),
            ("strategy", release_strategy),
            ("seats", seats_and_queues),
            ("morning", mornings),
        ):
            begun = time.perf_counter()
            found = work()
            seconds = time.perf_counter() - begun
            print(f"{name}: {seconds:.0f} s {found or ''}", file=sys.stderr, flush=True)
    with psycopg.connect(database.database_url(), autocommit=True) as connection:
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")


def _numbers() -> int:
    from daihou.config import database

    with psycopg.connect(database.database_url()) as connection:
        known = connection.execute(
            "select exists (select from ledger_contact_point where source = 'bench')"
        ).fetchone()
        return 0 if known and known[0] else numbers_to_call(connection)


if __name__ == "__main__":
    main()
