"""Cases and promises put onto the late loans of a town, for the figures of the work."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from daihou.rooms.casework.models import Case, CaseLoan, Promise
from daihou.rooms.ledger.models import Loan, Payment
from tests.simulation.portfolio_world import Lived

STATES = ("active", "kept", "partially_kept", "broken", "cancelled", "superseded")


@dataclass
class Office:
    """Every row that was written."""

    placed: list[CaseLoan] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)

    def money(self) -> Iterator[tuple[CaseLoan, Payment]]:
        """Each payment on a loan in a case, once, with the later row of its day.

        Money taken back belongs to the case of what it takes back.
        """
        mine = {row.loan_id for row in self.placed}
        told = Payment.objects.filter(loan_id__in=mine).select_related("reversal_of")
        for payment in told:
            origin = payment.reversal_of or payment
            held = [
                row
                for row in self.placed
                if row.loan_id == payment.loan_id
                and row.since <= origin.paid_on
                and (row.until is None or origin.paid_on <= row.until)
            ]
            if held:
                yield max(held, key=lambda row: (row.since, row.pk)), payment


def work(town: Lived, *, seed: int) -> Office:
    """A case or two for every loan that was late at the end of a month."""
    random, office = Random(seed), Office()
    late: dict[int, list[tuple[date, int]]] = {}
    for month in town.months:
        for row in town.days[month.name]:
            if row["dpd"] > 0 and row["status"] == "active":
                told = month.as_of, row["outstanding_principal"]
                late.setdefault(row["loan_id"], []).append(told)
    loans = Loan.objects.in_bulk(sorted(late))
    open_to = town.months[-1].as_of
    for loan, days in sorted(late.items()):
        if loans[loan].customer_id in {row.case.customer_id for row in office.placed}:
            continue  # one open case a person
        ends = days[0][0] + timedelta(days=random.choice((0, 9, 40, 400)))
        _a_case(office, random, loans[loan], days[0], ends, open_to)
        again = [each for each in days if ends < each[0]]
        if again:
            _a_case(office, random, loans[loan], again[0], open_to + DAY, open_to)
    return office


DAY = timedelta(days=1)


def _a_case(
    office: Office,
    random: Random,
    loan: Loan,
    since: tuple[date, int],
    ends: date,
    open_to: date,
) -> None:
    on, owed = since
    closed: dict[str, Any] = {}
    if ends <= open_to:
        closed = {
            "lifecycle": "closed",
            "closed_on": ends,
            "closed_at": _noon(ends),
            "close_code": random.choice(("CURED", "PAID_FULL", "UNTRACEABLE")),
        }
    case = Case.objects.create(
        number=f"T{len(office.placed):05d}",
        customer_id=loan.customer_id,
        opened_on=on,
        opened_at=_noon(on),
        opened_because="rule",
        segment="",
        currency=loan.currency,
        branch=loan.branch,
        product=loan.product,
        overdue_total=owed,
        **closed,
    )
    office.placed.append(
        CaseLoan.objects.create(
            case=case,
            loan_id=loan.pk,
            since=on,
            joined_at=_noon(on),
            until=closed.get("closed_on"),
            outstanding=owed,
        )
    )
    for _ in range(random.randrange(3)):
        _a_promise(office, random, case, loan)


def _a_promise(office: Office, random: Random, case: Case, loan: Loan) -> None:
    state = random.choice(STATES)
    due = case.opened_on + timedelta(days=random.choice((0, 3, 20)))
    told: dict[str, Any] = {}
    if state in ("cancelled", "superseded"):
        told = {"ended_at": _noon(due), "ended_by": "mei"}
    elif state != "active":
        told = {"decided_on": due, "judged_at": _noon(due)}
    office.promises.append(
        Promise.objects.create(
            case=case,
            customer_id=case.customer_id,
            amount=10_000,
            currency=case.currency,
            due_on=due,
            loans=[loan.pk],
            grace_days=1,
            tolerance=0,
            window_days=3,
            remind_days=1,
            rule="r",
            overdue_then=0,
            channel="CALL",
            reason_code="",
            taken_by="mei",
            taken_at=_noon(case.opened_on),
            made_on=case.opened_on,
            state=state,
            appropriated={"kept": 10_000, "partially_kept": 4_000}.get(state, 0),
            watch_until=due + timedelta(days=4),
            **told,
        )
    )


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
