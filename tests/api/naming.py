"""What is there to be worked, relieved, told and drawn: names and bodies by operation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import tests.rooms.all_urls  # noqa: F401 - its parts below only come with it
from daihou.config import clock
from daihou.rooms.casework.actions import assigning, closing, journeys
from daihou.rooms.casework.models import Case
from daihou.rooms.casework.states import CloseCode
from daihou.rooms.contact import door as contact
from daihou.rooms.grading import provision_queries
from daihou.rooms.grading.models import ProvisionNeed, ProvisionRun
from daihou.rooms.ledger.actions import standing
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from daihou.rooms.strategy import actions as strategies
from tests.rooms import all_urls_cases as casing
from tests.rooms import all_urls_clocks as clocking
from tests.rooms import all_urls_promises as working
from tests.rooms import all_urls_relief as relieving
from tests.rooms import strategies as drawing
from tests.rooms.approving import deed, login
from tests.rooms.cast import AT, TODAY, Cast, make_loan
from tests.rooms.relieving import a_begun, decide, late_loan, make_deciders, plan

Names = dict[str, Sequence[Any]]
WHY = {"reason": "asked to"}
PROOF = {"evidence": "a letter"}


@dataclass
class There:
    """Values by parameter and a body that fits, each by operation."""

    names: dict[str, Names] = field(default_factory=dict)
    bodies: dict[str, Any] = field(default_factory=dict)

    def add(self, operation: str, body: Any = None, **names: Any) -> None:
        """One thing to name for each parameter, and what to send with it."""
        self.names[operation] = {name: [value] for name, value in names.items()}
        if body is not None:
            self.bodies[operation] = body


@dataclass(frozen=True)
class Of:
    """A loan, where the walk through all addresses takes its world."""

    loan: Loan


def there(cast: Cast) -> There:
    """Everything that may be named of cases, relief, clocks, strategies, provisions."""
    made = There()
    worked = Of(make_loan("W1"))
    cases(made, worked)
    work(made, worked)
    hands(made)
    relief(made, cast)
    told(made, worked)
    drafts(made)
    plans(made)
    provisions(made)
    figures(made)
    return made


def person(number: str, kind: str) -> int:
    """A flag that another person may confirm."""
    customer = make_loan(number).customer_id
    now = contact.Deed(by=people.process("maker"), at=clock.now(), business_date=TODAY)
    made: int = contact.raise_flag(customer, kind=kind, evidence="letter", deed=now)
    return made


def _maker() -> contact.Deed:
    return contact.Deed(by=people.process("maker"), at=AT, business_date=TODAY)


def cases(made: There, worked: Of) -> None:
    """One that is worked, one that is held, one that was closed, and a loan to join."""
    case = working.a_case(worked).pk  # type: ignore[arg-type]
    more = make_loan("W2")
    Loan.objects.filter(pk=more.pk).update(customer_id=worked.loan.customer_id)
    standing.settle_at_once(more, business_date=TODAY)
    held, closed = Of(make_loan("W3")), Of(make_loan("W4"))
    hold = casing.a_hold(held)  # type: ignore[arg-type]
    over = working.a_case(closed).pk  # type: ignore[arg-type]
    closing.close_case(over, code=CloseCode.WITHDRAWN, reason="x", deed=_maker())
    for name in ("get_case", "list_case_events", "list_case_results"):
        made.add(name, case=case)
    made.add("list_case_holds", case=working.a_case(held).pk)  # type: ignore[arg-type]
    made.add("join_case", {"loan": more.pk}, case=case)
    made.add("close_case", WHY | {"code": "WITHDRAWN"}, case=case)
    made.add("reopen_case", WHY, case=over)
    made.add("hold_case", WHY | {"kind": "technical"}, case=case)
    made.add("release_case_hold", WHY, hold=hold)


def work(made: There, worked: Of) -> None:
    """A promise, something to do, something heard; and the case to say more of."""
    promise = working.a_promise(worked)  # type: ignore[arg-type]
    item = working.an_item(worked)  # type: ignore[arg-type]
    marker = working.a_marker(worked)  # type: ignore[arg-type]
    case = working.a_case(worked)  # type: ignore[arg-type]
    soon = [{"due_on": TODAY.isoformat(), "amount": "1.00"}]
    seen = {"version": case.version}
    result = seen | {"code": "REFUSE", "action": "INBOUND"}
    soon_enough = clock.now() + timedelta(days=30)
    review = {"kind": "review", "due_at": soon_enough.isoformat()}
    made.add("get_promise", promise=promise)
    made.add("cancel_promise", WHY, promise=promise)
    made.add("make_case_promise", seen | {"parts": soon}, case=case.pk)
    made.add("record_case_result", result, case=case.pk)
    made.add("add_work_item", review, case=case.pk)
    made.add("finish_work_item", {}, item=item)
    made.add("dismiss_work_item", {}, item=item)
    made.add("confirm_marker", PROOF, marker=marker)
    made.add("refute_marker", PROOF, marker=marker)
    made.add("let_go_of_case", {"skip": "not mine"}, case=case.pk)


def hands(made: There) -> None:
    """A queue, and a case that just changed hands."""
    casing.a_queue(None)  # type: ignore[arg-type]
    case: Case = working.a_case(Of(make_loan("W5")))  # type: ignore[arg-type]
    now = contact.Deed(
        by=people.person("ada", at=AT), at=clock.now(), business_date=TODAY
    )
    moved = assigning.assign([case.pk], collector="mei", deed=now)
    made.add("distribute_queue", {}, queue="early")
    made.add("undo_assignment_batch", {}, batch=moved.batch_id)


def relief(made: There, cast: Cast) -> None:
    """A late loan to ask for, and a plan that was offered."""
    loan = late_loan("W6")
    offered = decide(plan(late_loan("W7"), cast), make_deciders().lead)
    terms = {"change": "extension", "periods": 3, "difficulty": "overdue"}
    payoff = "3000.00"
    part = {"on": "2026-03-27", "amount": payoff}
    settle = {"parts": [part], "difficulty": "overdue", "reason": "x"}
    nobody: Any = None
    made.add("ask_waiver", relieving.waiver(nobody), loan=loan.pk)
    made.add("ask_plan", relieving.plan(nobody), loan=loan.pk)
    made.add("ask_settlement", settle, loan=loan.pk)
    more = WHY | terms | {"agreed": "paper 7"}
    made.add("ask_change_of_terms", more, loan=loan.pk)
    made.add("get_relief", relief=offered.id)
    made.add("act_on_relief", WHY | {"deed": "withdraw"}, relief=offered.id)
    house = relieving.a_household(Of(late_loan("W8")))  # type: ignore[arg-type]
    made.add("get_household", plan=house)
    made.add("act_on_household", WHY | {"deed": "end"}, plan=house)
    begun = a_begun()
    made.add("begin_household", begun, customer=loan.customer_id)


def told(made: There, worked: Of) -> None:
    """A clock that runs."""
    names: Mapping[str, Any] = clocking.of_api(worked)  # type: ignore[arg-type]
    nobody: Any = None
    made.add("get_clock", **names)
    made.add("tell_clock_event", clocking.told(nobody), **names)
    made.add("start_clock", {**clocking.begun(nobody), "about": "agency"})


def drafts(made: There) -> None:
    """A draft that was rehearsed as it is."""
    rita = login("rita", "risk")
    draft = drawing.made(rita)
    drawing.a_run()
    tried = strategies.ask_rehearsal(
        version_id=draft.id, rev=draft.rev, deed=deed(rita)
    )
    strategies.rehearse_waiting(at=AT)
    rev = {"rev": draft.rev}
    kept = rev | {"content": drawing.content(drawing.row("early", "1..20"))}
    made.add("get_strategy_version", version=draft.id)
    made.add("get_strategy_rehearsal", rehearsal=tried)
    made.add("begin_strategy_draft", {}, strategy=draft.strategy_id)
    made.add("keep_strategy_draft", kept, version=draft.id)
    made.add("rehearse_strategy_draft", rev, version=draft.id)
    made.add("propose_strategy_version", rev | WHY, version=draft.id)


def plans(made: There) -> None:
    """Two cases with a plan: one goes on, one rests."""
    goes, rests = (_planned(number) for number in ("W10", "W11"))
    now = contact.Deed(
        by=people.person("ada", at=AT), at=clock.now(), business_date=TODAY
    )
    until = TODAY + timedelta(days=5)
    journeys.pause_plan(rests.pk, until=until, reason="ill", deed=now)
    made.add("get_case_plan", case=goes.pk)
    made.add("pause_case_plan", WHY | {"until": until.isoformat()}, case=goes.pk)
    made.add("resume_case_plan", WHY, case=rests.pk)
    made.add("stop_case_plan", WHY, case=goes.pk)


def _planned(number: str) -> Case:
    case: Case = working.a_case(Of(make_loan(number)))  # type: ignore[arg-type]
    drawing.a_step(case.customer_id, journey="talks", journey_step="rest")
    return case


def figures(made: There) -> None:
    """A metric, months of it, and a report of the one closed day."""
    months = {"since": ["", "2026-01"], "until": ["", "2026-03"], "month": ["2026-03"]}
    made.names["get_portfolio_series"] = months | {
        "metric": ["overdue_30_amount"],
        "by": ["branch"],
        "view": ["chart"],
    }
    made.names["get_portfolio_matrix"] = months | {"of": ["bucket"]}
    made.names["get_report"] = {
        "code": ["ladder", "overdue"],
        "since": ["2026-03-19"],
        "as_of": ["2026-03-19"],
    }


def provisions(made: There) -> None:
    """A day that was provided for under the first table of the lender."""
    day = date(2026, 3, 19)
    run = ProvisionRun.objects.create(
        as_of=day,
        classes="c",
        rules="r",
        law="l",
        licence="consumer_finance",
        current=True,
        seconds=0.1,
        at=AT,
    )
    table = next(iter(provision_queries.rules(day)))
    for code in (2, 3):
        ProvisionNeed.objects.create(
            run=run,
            table=table,
            currency="CNY",
            branch="north",
            asset_class=code,
            loans=1,
            balance=100_000,
            needed=25_000,
        )
    made.add("get_provision", month="2026-03", table=table, currency="CNY")
