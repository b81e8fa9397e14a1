"""Helpers of the tests of strategies: who draws, who decides, a small one, a maker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from daihou.engine.strategy.table import Value
from daihou.kit import steps
from daihou.kit.steps import Live, Move, Rehearsed, Run, Side
from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.strategy import actions, queries
from daihou.rooms.strategy.models import CustomerStep
from daihou.rooms.strategy.models import Run as RunRow
from tests.rooms.approving import deed, login
from tests.rooms.cast import AT, TODAY

LAST = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


def three() -> tuple[people.Person, people.Person, people.Person]:
    """Rita and Rob of risk, who see the whole house, and Cora of compliance."""
    return login("rita", "risk"), login("rob", "risk"), login("cora", "compliance")


def row(id: str, dpd: str, queue: str = "early", **other: Any) -> dict[str, Any]:
    """A row that calls whoever is so many days late."""
    usual = {
        "id": id,
        "when": {"dpd": dpd, "held": "no"},
        "then": {
            "segment": "late",
            "queue": queue,
            "action": "call",
            "priority": "50",
            "open_case": "yes",
        },
        "because": {"zh": f"逾期 {dpd}", "en": f"late {dpd}"},
    }
    return usual | other


def content(*rows: Mapping[str, Any], **other: Any) -> dict[str, Any]:
    """A small strategy of these rows with two queues."""
    usual = {
        "id": "small",
        "title": {"zh": "小额", "en": "Small"},
        "table": {
            "hit": "first",
            "inputs": ["dpd", "held"],
            "rows": [*(rows or (row("early", "1..30"), row("late", ">= 31", "hard")))],
        },
        "queues": [
            {"code": "early", "title": {"zh": "早期", "en": "Early"}},
            {
                "code": "hard",
                "title": {"zh": "后期", "en": "Late"},
                "capacity": "10",
                "capacity_mode": "hard",
            },
        ],
    }
    return usual | other


def made(by: people.Person, *rows: Mapping[str, Any], **other: Any) -> Any:
    """A strategy of its own with a draft that says `content`."""
    line = actions.make_strategy(
        code="small", title_zh="小额", title_en="Small", deed=deed(by, reason="")
    )
    return actions.keep_draft(
        version_id=line.id,
        rev=line.rev,
        content=content(*rows, **other),
        deed=deed(by, reason=""),
    )


def proposed(
    by: people.Person, line: Any, begins_on: date | None = TODAY
) -> approvals.Proposal:
    """Propose a draft as it is kept now."""
    asked: approvals.Proposal = actions.propose_version(
        version_id=line.id, rev=line.rev, begins_on=begins_on, deed=deed(by)
    )
    return asked


def decided(by: people.Person, proposal: approvals.Proposal, verdict: str) -> None:
    """Decide on it."""
    approvals.decide(
        proposal_id=proposal.id,
        verdict=verdict,
        note="" if verdict == "approve" else "no",
        deed=deed(by, reason=""),
    )


def live(drawn_by: people.Person, decided_by: people.Person, *rows: Any) -> Any:
    """A strategy in force from today on."""
    line = made(drawn_by, *rows)
    decided(decided_by, proposed(drawn_by, line), "approve")
    actions.evaluate_due(at=AT)
    return queries.version(line.id)


@dataclass
class Maker:
    """A night that says what it is told to, and remembers what it was asked."""

    moved: Sequence[Move] = ()
    facts_of: Mapping[int, Mapping[str, Value]] = field(default_factory=dict)
    days: Sequence[date] = ()
    alarms: int = 0
    evaluated: list[tuple[date, tuple[int, ...]]] = field(default_factory=list)
    rehearsed: list[tuple[Sequence[Live], Sequence[Live]]] = field(default_factory=list)

    def due(self, live: Sequence[Live]) -> Sequence[date]:
        """The days it was given, until they are evaluated with just these versions."""
        ids = tuple(each.version_id for each in live)
        return [day for day in self.days if (day, ids) not in self.evaluated]

    def evaluate(
        self, as_of: date, *, live: Sequence[Live], at: datetime, by: str
    ) -> Run:
        """Remember it."""
        self.evaluated.append((as_of, tuple(each.version_id for each in live)))
        return Run(as_of, 0, 0, 0, self.alarms, 0.0, "f" * 32)

    def facts(self, customer_id: int, *, as_of: date) -> Mapping[str, Value] | None:
        """What it was given."""
        return self.facts_of.get(customer_id)

    def rehearse(
        self,
        before: Sequence[Live],
        after: Sequence[Live],
        *,
        as_of: date,
        told: steps.Told | None = None,
        limits: Sequence[Any] = (),
        zone: str = "",
    ) -> Rehearsed:
        """Count the moves it was given."""
        self.rehearsed.append((before, after))
        if told is not None:
            told(0.5)
        return Rehearsed("key", _summary(as_of, self.moved))

    def moves(
        self,
        key: str,
        *,
        start: int = 0,
        size: int = 50,
        only: Mapping[str, str] | None = None,
    ) -> Sequence[Move]:
        """What it was given."""
        assert key == "key"
        return self.moved[start : start + size]


def _summary(as_of: date, moved: Sequence[Move]) -> dict[str, Any]:
    """What a rehearsal says of who moves, with a queue and a cap beyond their bounds."""
    overdue = sum(each.overdue for each in moved)
    return {
        "as_of": as_of.isoformat(),
        "customers": 10,
        "moved": len(moved),
        "overdue": overdue,
        "outstanding": overdue,
        "buckets": [{"code": "M1", "moved": 1, "overdue": 5, "outstanding": 5}],
        **dict.fromkeys(("segments", "actions", "rows"), ()),
        "queues": [
            {
                "code": "hard",
                "was": 3,
                "becomes": 12,
                "was_overdue": 1,
                "becomes_overdue": 2,
                "most": 10,
                "over": 2,
            }
        ],
        "flows": {
            "queue": [
                {
                    "was": "early",
                    "becomes": "hard",
                    "customers": 1,
                    "overdue": 5,
                }
            ]
        },
        "breaks": {
            "capacity": [{"queue": "hard", "customers": 12, "most": 10}],
            "held": 0,
            "promise": 1,
            "capped": 4,
            "caps": [
                {
                    "rule": "CN-COL-02",
                    "action": "call",
                    "was": 1,
                    "becomes": 4,
                }
            ],
        },
        "work": [{"queue": "hard", "action": "call", "was": 3, "becomes": 12}],
        "alarms": {"was": 0, "becomes": 0},
    }


def move(customer_id: int) -> Move:
    """A customer who goes from the early queue to the late one."""
    return Move(
        customer_id,
        Side("early", "late", "early", "call", open_case=True),
        Side("late", "late", "hard", "call", open_case=True),
        "M1",
        20,
        12_300,
        50_000,
    )


def a_run(*, versions: Sequence[int] = (), counts: Any = None) -> RunRow:
    """The run of the last closed day."""
    found: RunRow = RunRow.objects.get_or_create(
        as_of=LAST,
        current=True,
        defaults={
            "positions": "p",
            "versions": list(versions),
            "digest": "d",
            "fingerprint": "f" * 32,
            "customers": 10,
            "steps": 2,
            "changed": 2,
            "alarms": 0,
            "counts": counts or {},
            "seconds": 0.1,
            "at": AT,
            "by": "strategy",
        },
    )[0]
    return found


def a_step(customer_id: int, version_id: int = 1, **other: Any) -> CustomerStep:
    """The step of a customer."""
    usual = {
        "version_id": version_id,
        "row_id": "early",
        "segment": "late",
        "queue": "early",
        "action": "call",
        "priority": 50,
        "open_case": True,
        "because": {"zh": "逾期一天", "en": "a day late"},
        "since": LAST,
    }
    made: CustomerStep = CustomerStep.objects.create(
        customer_id=customer_id, **(usual | other)
    )
    return made
