"""No request breaks the site, and every answer fits the specification."""

import os
import time
from collections.abc import Iterator
from datetime import date

import pytest

from daihou.config import clock
from daihou.kit import grades, legal_clocks, portfolio, ports, provisions, steps
from daihou.rooms.contact import door as contact
from daihou.rooms.dayend.models import Request, Run
from daihou.rooms.gateway.models import Delivery
from daihou.rooms.grading.models import GradingRun, LoanClass
from daihou.rooms.intake.models import Batch
from daihou.rooms.ledger.actions import corrections
from daihou.rooms.ledger.models import Payment
from daihou.rooms.people import door as people
from daihou.rooms.people.models import RoleGrant, User
from tests.api import fuzzing, naming
from tests.api.calls import AT, api_of, token
from tests.api.conftest import World
from tests.api.test_guard import payment
from tests.api.test_other_rooms import CUSTOMERS, LOAN
from tests.rooms.approving import deed
from tests.rooms.book import Book, position, positions
from tests.rooms.cast import pay
from tests.rooms.portfolio import Row, Small
from tests.rooms.receipts import arrive
from tests.rooms.strategies import Maker

EXAMPLES = 15  # that fit, and as many that do not, of each operation
MINUTES = float(os.environ.get("DAIHOU_FUZZ_MINUTES", "15"))


BODIES: dict[str, object] = {
    "calc_payoff": LOAN,
    "calc_schedule": LOAN,
    "calc_settle": LOAN,
    "post_one_payment": payment(),
    "post_payment_batch": {"items": [payment(), payment(number="P2")]},
    "may_contact": {"loan": "ext:S1", "channel": "letter", "purpose": "remind"},
    "raise_contact_flag": {
        "customer": "ext:C-S1",
        "kind": "dispute",
        "evidence": "a letter",
    },
    "give_contact_consent": {
        "customer": "ext:C-S1",
        "kind": "night_contact",
        "evidence": "a form",
    },
    "extend_loan": {
        "begins_on": "2026-03-20",
        "currency": "CNY",
        "rows": [
            {"seq": 2, "due_on": "2026-05-01", "principal": "1500.00", "interest": "9"},
            {"seq": 3, "due_on": "2026-06-01", "principal": "500.00", "interest": "3"},
        ],
        "reason": "agreed",
    },
    "take_rows_in": {
        "source": "core2",
        "tables": {
            "customers": CUSTOMERS,
            "payments": [
                {
                    "payment_id": "1",
                    "loan_id": "N1",
                    "paid_on": "2026-03-20",
                    "amount": "1",
                }
            ],
            "receipts": [
                {
                    "receipt_id": "R1",
                    "received_on": "2026-03-18",
                    "amount": "10.00",
                    "currency": "CNY",
                    "payer": "王某",
                    "payer_account": "6222020200112233445",
                    "remark": "还款",
                }
            ],
        },
    },
    "propose_rule_change": {
        "begins_on": "2099-01-01",
        "values": {"most_connected_a_day": 2},
        "source": "minutes",
        "reason": "fewer complaints",
    },
    "decide_proposal": {"verdict": "approve"},
    "tell_class_fact": {
        "kind": "use_changed",
        "begins_on": "2026-03-20",
        "evidence": "invoices of a car",
    },
    "ask_class_upgrade": {
        "to": "special_mention",
        "paid": "receipts",
        "able": "pay slips",
        "others": "none",
    },
    "add_webhook": {"name": "r", "url": "https://example.com/x", "types": ["payment."]},
    "record_loan_charge": {
        "source": "bank",
        "number": "F1",
        "kind": "legal",
        "due_on": "2026-03-20",
        "amount": "1.00",
        "currency": "CNY",
    },
    "reverse_one_payment": {"reversed_on": "2026-03-20", "reason": "bounced"},
    "request_day_end": {"kind": "through", "as_of": "2026-03-25", "reason": ""},
}


@pytest.fixture(autouse=True)
def book(world: World) -> Iterator[None]:
    """One closed day, its classes on record and nobody to reckon them anew."""
    grades.unbind_grader()
    legal_clocks.unbind_reckoner()
    provisions.unbind_provider()
    steps.bind_step_maker(Maker())
    day = positions(position(world.north.pk), position(world.south.pk, dpd=18))
    ports.bind_book(Book({date(2026, 3, 19): day}))
    portfolio.bind_portfolio(Small((Row(world.north.pk, "north"),)))
    yield
    portfolio.unbind_portfolio()
    ports.unbind_book()
    steps.unbind_step_maker()


@pytest.fixture
def ada(world: World, settings: object) -> str:
    """A token of somebody who may everything."""
    settings.API_PER_MINUTE = 10**9
    RoleGrant.objects.create(
        code="everything", name="x", permissions=sorted(people.Permission), reach="all"
    )
    people.create_user(
        username="ada", password="correct-horse-9", role="admin", by="test", at=AT
    )
    User.objects.filter(username="ada").update(role_id="everything")
    return token("ada")


@pytest.fixture
def known(world: World, ada: str) -> dict[str, list[object]]:
    """What is there to be named."""
    pay(world.north, "P0")
    webhook = {"name": "r", "url": "https://example.com/", "types": ["payment."]}
    made = api_of("ada").post("/webhooks", webhook).json()["webhook"]["id"]
    delivery = api_of("ada").post(f"/webhooks/{made}:test").json()["delivery"]["id"]
    Delivery.objects.filter(pk=delivery).update(state="dead")
    run = Run.objects.create(
        as_of=date(2026, 3, 19), kind="first", state="done", started_at=AT, by="night"
    )
    asked = Request.objects.create(kind="next", state="done", by="x", asked_at=AT)
    batch = Batch.objects.create(source="x", state="applied", by="x", started_at=AT)
    receipt = arrive("R0", people.process("test"))
    asked_for = [
        corrections.propose_loan(
            loan.pk, {"purpose": "rent"}, deed=deed(world.cast.arun)
        ).id
        for loan in (world.north, world.south)
    ]
    classes(world)
    return contacts(world) | {
        "receipt": [receipt],
        "rule": ["CN-COL-02"],
        "proposal": asked_for,
        "received_on": ["2026-03-18", "2026-03-20"],
        "run": [run.pk],
        "number": [asked.pk, "P1", "P2"],
        "intake": [batch.pk],
        "loan": ["ext:N1", str(world.south.pk), str(world.north.pk)],
        "customer": ["ext:C-N1", str(world.south.customer_id)],
        "payment": ["ext:P0", str(Payment.objects.get().pk)],
        "webhook": [made],
        "delivery": [delivery],
        "source": ["bank", "core"],
        "currency": ["CNY"],
        "loan_source": ["", "core"],
        "paid_on": ["2026-03-20", "2026-02-01", "2026-04-01"],
        "reversed_on": ["2026-03-20"],
        "begins_on": ["2026-03-20"],
        "due_on": ["2026-03-20", "2026-05-01", "2026-06-01"],
        "amount": ["1.00", "1000.00", "0.005", "9999999999999.99"],
        "as_of": ["2026-03-19", "2026-03-20", "2026-01-01", "2199-12-31"],
        "cursor": [""],
        "kind": ["payment", "next", "refund", "dispute", "night_contact"],
    }


def classes(world: World) -> None:
    """One graded day: two loans that may leave 不良."""
    GradingRun.objects.create(
        as_of=date(2026, 3, 19),
        kind="full",
        current=True,
        shown=True,
        loans=2,
        looked_at=2,
        moved=0,
        counts={},
        seconds=0.1,
        at=AT,
        by="night",
    )
    for loan, code in ((world.north, 2), (world.south, 3)):
        LoanClass.objects.create(
            loan=loan,
            asset_class=code,
            machine_class=code,
            asserted_class=code,
            causes=0,
            stage=1,
            since=date(2025, 3, 1),
            cleared_on=date(2025, 3, 1),
            upgrade_from=date(2025, 9, 1),
            dpd=0,
            arrears=0,
            balance=100_000,
            currency="CNY",
        )


def contacts(world: World) -> dict[str, list[object]]:
    """Answers of the gate, flags and consents, many enough to be used up."""
    now, maker = clock.now(), people.process("maker")
    done = contact.Deed(by=maker, at=now, business_date=None)
    south = world.south.customer_id
    agreed = [
        contact.give_consent(
            south, kind="night_contact", channel="", evidence="form", deed=done
        )
        for _ in range(4)
    ]
    wish = contact.Wish(loan_id=world.south.pk, channel="letter", purpose="remind")
    ada = contact.Deed(by=people.person("ada", at=now), at=now, business_date=None)
    contact.confirm_consent(agreed[0], deed=ada)
    asked = contact.may_contact(wish, deed=ada).id
    flags = [
        contact.raise_flag(
            world.north.customer_id, kind=kind, evidence="letter", deed=done
        )
        for kind in ("dispute", "deceased", "hardship", "lawyer")
    ]
    return {
        "decision": [asked],
        "flag": list(flags),
        "consent": list(agreed),
        "contact_point": [0],
        "channel": ["letter"],
        "purpose": ["remind", "collect"],
        "result": ["SENT", "NO_ANSWER"],
        "seconds": [0],
        "evidence": ["a letter"],
        "note": [""],
    }


@pytest.fixture
def there(world: World, known: dict[str, list[object]]) -> naming.There:
    """What the newer rooms have to be named, by operation."""
    made = naming.there(world.cast)
    made.add("confirm_contact_flag", {}, flag=naming.person("W9", "deceased"))
    return made


OPERATIONS = fuzzing.operations()
# What no request drawn by chance can name or say.
FEW = frozenset({"take_files_in"})


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_every_answer_fits_the_specification(
    operation: str,
    ada: str,
    known: dict[str, list[object]],
    there: naming.There,
) -> None:
    answers = fuzzing.fuzz(
        OPERATIONS[operation],
        secret=ada,
        known=known | there.names.get(operation, {}),
        examples=EXAMPLES,
        bodies=BODIES | there.bodies,
    )
    # Where there is something to name, some requests get past the door.
    assert answers[200] or operation in FEW, answers


@pytest.mark.deep
def test_for_a_quarter_of_an_hour_nothing_breaks(
    ada: str, known: dict[str, list[object]], there: naming.There
) -> None:
    end, number, sent = time.monotonic() + 60 * MINUTES, 1, 0
    while time.monotonic() < end:
        for name, operation in OPERATIONS.items():
            sent += fuzzing.fuzz(
                operation,
                secret=ada,
                known=known | there.names.get(name, {}),
                bodies=BODIES | there.bodies,
                examples=100,
                number=number,
            ).total()
            if time.monotonic() >= end:
                break
        number += 1
    print(f"{sent} requests in {number} rounds over {len(OPERATIONS)} operations")
    assert sent > 0
