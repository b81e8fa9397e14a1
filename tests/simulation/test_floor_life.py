"""A town with collectors lives its days; the laws it is asked can be broken."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection, transaction

from daihou.config.commands import town as typed
from daihou.kit import grades, legal_clocks, ports, provisions, speech, steps
from daihou.nightly.grading.grader import Grader
from daihou.nightly.legal_clocks import Reckoner
from daihou.nightly.provision import Provider
from daihou.nightly.stores.classes import GradedBook
from daihou.nightly.strategy.maker import StepMaker
from daihou.rooms.audit.models import Event
from daihou.rooms.dayend.models import Run
from daihou.rooms.grading.models import GradingRun
from daihou.rooms.ledger.models import Loan
from daihou.town import laws, life, reading, told
from daihou.town.floor import Floor
from tests.nightly import world
from tests.simulation.towns import UNTIL

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = life.Size(loans=200, days=8, collectors=6, seed=3, until=UNTIL, past=2, most=6)
WHOLE = life.Size(loans=3_000, days=60, collectors=40, seed=1, until=UNTIL)


def standing() -> dict[date, str]:
    """The fingerprint that stands for each closed day."""
    return dict(Run.objects.filter(current=True).values_list("as_of", "fingerprint"))


def graded() -> dict[date, str]:
    """The same of classified days."""
    rows = GradingRun.objects.filter(current=True)
    return dict(rows.values_list("as_of", "fingerprint"))


@pytest.fixture
def lender(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """An empty lender whose night and worker's makers are at hand, told in English."""
    monkeypatch.setattr(speech, "_spoken", ["en"])
    settings.DAIHOU_HOME = tmp_path
    settings.DATABASE_URL = url = world.url()
    ports.bind_book(GradedBook(tmp_path, standing, graded))
    grades.bind_grader(Grader(url=url, home=tmp_path))
    steps.bind_step_maker(StepMaker(url=url, home=tmp_path))
    provisions.bind_provider(Provider(url=url, home=tmp_path))
    legal_clocks.bind_reckoner(Reckoner(url=url))
    yield tmp_path
    ports.unbind_book()
    grades.unbind_grader()
    steps.unbind_step_maker()
    provisions.unbind_provider()
    legal_clocks.unbind_reckoner()


@pytest.fixture
def floors(monkeypatch: pytest.MonkeyPatch) -> list[Floor]:
    """The floors that were hired while the test ran, with all they remember."""
    kept: list[Floor] = []

    def remember(**given: object) -> Floor:
        made = Floor(**given)  # type: ignore[arg-type]
        kept.append(made)
        return made

    monkeypatch.setattr(life, "Floor", remember)
    return kept


# Each breaks one law behind the rooms' backs; triggers sleep meanwhile.
BROKEN_BY = {
    "no contact without an answer of the gate that allowed it": (
        "update contact_decision set asked_at = asked_at + interval '1 day'"
    ),
    "an outward result rests on its own contact": (
        "update casework_result set decision_id = -1"
    ),
    "a held person is not contacted about the case that holds them": (
        "insert into casework_hold (case_id, customer_id, kind, reason, evidence,"
        " from_at, expires_on, placed_by, released_by, release, release_reason)"
        " select case_id, customer_id, 'manual', '', '', at - interval '1 day',"
        " business_date + 9, 'x', '', '', '' from casework_result"
        " where attempt_id is not null limit 1"
    ),
    "nobody else gets a case while a promise on it lives": (
        "insert into casework_assignment (case_id, assignment, collector, team, cover,"
        " method, from_at, until_at, business_date, amount, by, reason, downgraded)"
        " select p.case_id, 'collector', who, '', '', 'manual',"
        " now() + interval '9 years', now() + interval '10 years',"
        " date '2026-11-19', 0, 'x', '', ''"
        " from casework_promise p, unnest(array['one', 'two']) who"
        " where p.state = 'active'"
    ),
    "how a promise stands is its last verdict": (
        "update casework_promise set state = 'partially_kept', decided_on = made_on"
        " where ended_at is null"
    ),
    "what a promise got is the money that counts for it": (
        "update casework_promise set appropriated = amount - 1 where ended_at is null"
    ),
    "a case is open as its events say": (
        "update audit_event set type = 'case.told' where type = 'case.opened'"
    ),
    "no loan owes less than nothing": "update ledger_position set overdue_total = -1",
    "at most": (
        "update contact_attempt set person = 'p1', connected = true, failed = false,"
        " channel = 'call', at = timestamptz '2026-11-19 12:00+08'"
    ),
}


def hear_what_breaks(floor: Floor, law: str, deed: str) -> str:
    """Do a wrong thing, ask the laws, take it back; what they said."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set local session_replication_role = replica")
            cursor.execute(deed)
            assert cursor.rowcount > 0, f"nothing there to break {law}"
        try:
            laws.check(floor, after_a_morning=False)
        except laws.LawBroken as broken:
            said = str(broken)
        else:
            said = ""
        transaction.set_rollback(True)
    return said


def test_a_small_floor_lives_and_every_law_can_be_heard_breaking(
    lender: Path, floors: list[Floor]
) -> None:
    said: list[str] = []
    report = life.live(SMALL, say=said.append)
    assert len(report.days) == SMALL.days and len(said) == SMALL.days + 2
    totals = report.totals
    for name in ("opened", "closed", "contacts", "talks", "promised", "kept", "asked"):
        assert totals[name] > 0, (name, totals)
    results = report.lists["results"]
    by_itself = {"BROKEN"}  # the house writes it, nobody is called for it
    came = report.lists["what only the town saw"].get("came by themselves", 0)
    assert totals["contacts"] + came == sum(
        many for code, many in results.items() if code not in by_itself
    )
    assert (
        sum(report.lists["promises by how they stand"].values()) == (totals["promised"])
    )
    assert 0 < totals["cash_of_cases"] <= totals["cash"]

    floor = floors[0]
    assert sum(floor.cash.values()) == totals["cash"]
    laws.check(floor, after_a_morning=False)
    for law, deed in BROKEN_BY.items():
        assert law in hear_what_breaks(floor, law, deed), law
    floor.cash[SMALL.since] += 1
    with pytest.raises(laws.LawBroken, match="ledger's cash"):
        laws.check(floor, after_a_morning=False)

    told_of = json.loads(report.as_json())
    assert told_of["totals"] == totals and told_of["size"]["seed"] == SMALL.seed
    assert {each["step"] for each in told_of["steps"]} >= {"take_next", "ask the gate"}
    text = "\n".join(told.lines(report))
    assert "6 collectors, 200 loans, 8 days up to 2026-11-20, seed 3" in text


def test_nobody_lives_in_a_house_that_is_lived_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.build()
    monkeypatch.setenv("DATABASE_URL", world.url())
    monkeypatch.setenv("DAIHOU_HOME", str(tmp_path))
    before = Loan.objects.count(), Event.objects.count()
    asked = ["--live", "3", "--loans", "20", "--language", "en"]
    said = CliRunner().invoke(typed.command, asked)
    assert said.exit_code == 1 and "an empty home of its own" in said.output
    assert (Loan.objects.count(), Event.objects.count()) == before


@pytest.mark.deep
def test_forty_collectors_work_sixty_days(lender: Path, floors: list[Floor]) -> None:
    report = life.live(WHOLE, say=print)
    totals = report.totals
    states = report.lists["promises by how they stand"]
    assert sum(states.values()) == totals["promised"]
    for name, least in {"opened": 200, "contacts": 5_000, "promised": 300}.items():
        assert totals[name] > least, (name, totals)
    for name in ("kept", "partly", "broken", "complaints", "refused", "given_up"):
        assert totals[name] > 0, (name, totals)
    kinds = Counter(
        kind.split()[0] for kind in report.lists["relief by kind and how it stands"]
    )
    assert set(kinds) >= {"waiver", "plan", "settlement"}
    assert set(report.lists["holds by kind"]) >= {"dispute", "complaint", "hardship"}
    worked = reading.rows(
        "select by, count(distinct business_date) from casework_result group by by"
    )
    assert len(worked) == WHOLE.collectors
    assert min(days for _login, days in worked) > WHOLE.days // 3
    assert asdict(WHOLE)["collectors"] == report.size["collectors"]
