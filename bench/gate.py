"""May I contact? How fast the gate answers, by itself and over the API with history.

`python -m bench.gate [--people N] [--contacts N] [--asks N] [--home FOLDER]`: first the
gate alone over random requests, then `POST /api/v1/contact/may` in one process with
the database, for people with so many contacts each. Milliseconds at the 50th, 95th and
99th percentile; processor time beside them, for a machine that does other things.
"""

import argparse
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.day_end import machine

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
LIMITS = {"gate": 1.0, "API": 20.0}  # milliseconds at the 95th percentile


def timed(act: Callable[[int], object], asks: int) -> tuple[list[float], list[float]]:
    """Milliseconds by the clock and of the processor, ask by ask, sorted."""
    clock, busy = [], []
    for number in range(asks):
        began, worked = time.perf_counter(), time.process_time()
        act(number)
        clock.append((time.perf_counter() - began) * 1000)
        busy.append((time.process_time() - worked) * 1000)
    return sorted(clock), sorted(busy)


def at(values: Sequence[float], share: float) -> float:
    """The value at a percentile."""
    return values[min(len(values) - 1, int(len(values) * share))]


def line(name: str, measured: tuple[list[float], list[float]]) -> str:
    """One row of the table."""
    clock, busy = measured
    cells = [f"{at(clock, share):.2f}" for share in (0.5, 0.95, 0.99)]
    cells += [f"{at(busy, 0.95):.2f}", f"{LIMITS[name]:g}"]
    kept = "yes" if at(clock, 0.95) <= LIMITS[name] else "no"
    return f"| {name} | {len(clock):,} | {' | '.join(cells)} | {kept} |"


def gate_alone(asks: int, contacts: int) -> tuple[list[float], list[float]]:
    """`may_contact` with a history of so many contacts, nothing read from anywhere."""
    from daihou.engine.gate.book import GateBook
    from daihou.packs import law, law_ask

    book = GateBook(law.known())
    chance = random.Random(7)
    questions = [
        law_ask.read(request(chance, contacts), book) for _ in range(min(asks, 500))
    ]
    law_ask.ask(questions[0], book)
    return timed(lambda n: law_ask.ask(questions[n % len(questions)], book), asks)


def request(chance: random.Random, contacts: int) -> dict[str, Any]:
    """A call to collect, some time of a day, with a history of a month."""
    instant = NOON + timedelta(minutes=chance.randrange(24 * 60))
    history = [
        {
            "at": (instant - timedelta(minutes=chance.randrange(43_200))).isoformat(),
            "person": "p",
            "contact_point": chance.choice(("n", "m")),
            "debt": "d",
            "channel": chance.choice(("call", "sms", "robot_call")),
            "connected": chance.random() < 0.4,
            "conversation": False,
            "failed": chance.random() < 0.1,
            "actor": chance.choice(("staff", "robot", "agency", "branch")),
        }
        for _ in range(contacts)
    ]
    person = {"id": "p", "role": "borrower", "time_zone": "Asia/Shanghai"}
    return {
        "id": 1,
        "jurisdiction": "cn",
        "at": instant.isoformat(),
        "purpose": "collect",
        "channel": "call",
        "licence": "consumer_finance",
        "person": person | {"flags": [], "refused": False},
        "debtor_flags": [],
        "debtor_unreachable": False,
        "contact_point": "n",
        "debt": "d",
        "staff_count": 1,
        "history": history,
        "consents": [],
    }


PEOPLE = """
insert into ledger_customer (source, external_id, digest, version, kind, name, id_type,
  id_no, gender, region, address, employer, industry, language, attributes)
select 'bench', 'C' || n, '', 1, 'person', 'C' || n, '', '', '', '', '', '', '', '', '{}'
from generate_series(1, %(people)s) n;
insert into ledger_loan (source, external_id, digest, version, attributes, customer_id,
  product, currency, principal, annual_rate, method, periods, period_unit, disbursed_on,
  first_due_on, branch, officer, channel, funder, purpose, guarantee_kind, licence,
  status)
select 'bench', 'L' || c.id, '', 1, '{}', c.id, 'consumer_loan', 'CNY', 1000000, 0.12,
  'custom', 12, 'months', '2026-01-01', '2026-02-01', 'B1', '', '', '', '', '', '',
  'active' from ledger_customer c where c.source = 'bench';
insert into ledger_contact_point (source, external_id, digest, version, attributes,
  customer_id, kind, value, value_digest, value_tail, owner_role)
select 'bench', 'N' || c.id, '', 1, '{}', c.id, 'mobile', '', md5(c.id::text), '',
  'self' from ledger_customer c where c.source = 'bench';
insert into contact_attempt (fact_id, loan_id, customer_id, person, point_id, point,
  channel, purpose, actor, at, result, connected, conversation, failed, note,
  recorded_by, recorded_at, branch, product, officer)
select k.id * 1000 + n, l.id, k.customer_id, 'p' || k.customer_id, k.id, k.value_digest,
  'call', 'collect', 'agency', %(now)s - n * interval '7 hours', '', n %% 3 = 0, false,
  false, '', 'bench', %(now)s, 'B1', 'consumer_loan', ''
from ledger_contact_point k join ledger_loan l on l.customer_id = k.customer_id
cross join generate_series(1, %(contacts)s) n where k.source = 'bench';
analyze contact_attempt; analyze ledger_loan; analyze ledger_contact_point;
"""


def prepared(how: argparse.Namespace) -> tuple[list[tuple[int, int]], str]:
    """People with their contacts, and a token: (loan, contact point) of each."""
    from django.db import connection

    from daihou.config import clock
    from daihou.rooms.gateway import door as gateway
    from daihou.rooms.people import door as people

    now = clock.now()
    given = {"people": how.people, "contacts": how.contacts, "now": now}
    with connection.cursor() as cursor:
        for statement in PEOPLE.split(";\n"):
            if statement.strip():
                cursor.execute(statement, given)
        cursor.execute(
            "select l.id, k.id from ledger_loan l join ledger_contact_point k on"
            " k.customer_id = l.customer_id where l.source = 'bench' order by l.id"
        )
        rows = cursor.fetchall()
    person = people.create_user(
        username="bench", password="bench-gate-9x", role="risk", by="bench", at=now
    )
    _line, secret = gateway.make_token(
        username=person.username,
        name="bench",
        scopes=(gateway.ApiScope.CONTACT_WRITE,),
        days=1,
        by=people.process("bench"),
        at=now,
    )
    return rows, secret


def over_the_api(how: argparse.Namespace) -> tuple[list[float], list[float]]:
    """POST /api/v1/contact/may, each of another person, every answer kept."""
    from daihou.config import wiring

    wiring.start()
    from django.test import Client

    rows, secret = prepared(how)
    client = Client(SERVER_NAME="localhost")
    verdicts: dict[str, int] = {}

    def ask(number: int) -> None:
        loan, point = rows[number % len(rows)]
        body = {
            "loan": str(loan),
            "contact_point": point,
            "channel": "call",
            "purpose": "collect",
        }
        answer = client.post(
            "/api/v1/contact/may",
            json.dumps(body),
            content_type="application/json",
            headers={
                "authorization": f"Bearer {secret}",
                "idempotency-key": f"b{number}",
            },
        )
        assert answer.status_code == 200, answer.content
        verdict = answer.json()["verdict"]
        verdicts[verdict] = verdicts.get(verdict, 0) + 1

    for number in range(20):
        ask(-1 - number)
    measured = timed(ask, how.asks)
    print(f"answers: {verdicts}")
    return measured


def main() -> None:
    """Measure and print the table."""
    wish = argparse.ArgumentParser(description=__doc__)
    wish.add_argument("--people", type=int, default=2_000)
    wish.add_argument("--contacts", type=int, default=100)
    wish.add_argument("--asks", type=int, default=1_000)
    wish.add_argument("--home")
    how = wish.parse_args()
    home = how.home or tempfile.mkdtemp(prefix="daihou-gate-")
    os.environ["DAIHOU_HOME"] = home
    os.environ["DAIHOU_API_PER_MINUTE"] = "1000000"
    lines = [
        line("gate", gate_alone(how.asks * 5, how.contacts)),
        line("API", over_the_api(how)),
    ]
    load = os.getloadavg()[0]
    print(f"{machine()}; load {load:.1f}; {how.contacts} contacts a person")
    print("| what | asks | p50 | p95 | p99 | p95 of the processor | limit | kept |")
    print("|---|---:|---:|---:|---:|---:|---:|---|")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
