"""Charges and new schedule versions: what changes, from when, and what stays."""

from datetime import date, timedelta

import pytest

from daihou.engine.ledger.fixed.settle import settle
from daihou.kit.refusal import Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Change, Demand, Loan, Position
from tests.rooms.cast import TODAY, deed, make_loan

pytestmark = pytest.mark.django_db
FROM = date(2026, 3, 10)
LATER = (
    ledger.Row(1, date(2026, 5, 1), 100_000, 1_000),
    ledger.Row(2, date(2026, 6, 1), 100_000, 1_000),
    ledger.Row(3, date(2026, 7, 1), 100_000, 1_000),
)


@pytest.fixture
def loan() -> Loan:
    return make_loan("L1")


def extend(loan: Loan, **wish: object) -> ledger.posting.Extended:
    return ledger.posting.extend(
        **{
            "loan_id": loan.pk,
            "rows": LATER,
            "begins_on": FROM,
            "deed": deed(),
        }
        | wish
    )


def dpd(loan: Loan, day: date) -> int:
    facts, policy = ledger.reading.load_loan(loan.pk, as_of=day)
    return settle(facts, policy, as_of=day).dpd


def test_an_extension_cures_from_its_day_on_and_not_before(loan: Loan) -> None:
    done = extend(loan)
    assert (done.schedule, done.replaced) == (2, 3)
    assert (done.before.dpd, done.after.dpd) == (46, 0)
    assert dpd(loan, FROM - timedelta(days=1)) == 36
    assert dpd(loan, FROM) == 0
    assert Position.objects.get(loan=loan).next_due_on == date(2026, 5, 1)


def test_the_old_rows_stay_and_the_change_is_told(loan: Loan) -> None:
    extend(loan)
    assert Demand.objects.filter(loan=loan, schedule=1, ends_on=FROM).count() == 3
    assert Demand.objects.filter(loan=loan, schedule=2, ends_on=None).count() == 3
    assert Change.objects.get().happened_on == FROM
    (entry,) = audit.timeline(subject_type="loan", subject_id=loan.pk)
    assert (entry.type, entry.happened_on) == ("schedule.extended", FROM)
    assert entry.reason == "agreed with the customer"


def test_only_the_tail_may_be_replaced(loan: Loan) -> None:
    done = extend(loan, rows=LATER[2:])
    assert done.replaced == 1 and done.after.dpd == 46
    assert dpd(loan, FROM) == 37


def test_a_second_extension_replaces_the_first(loan: Loan) -> None:
    extend(loan)
    again = tuple(
        ledger.Row(row.seq, row.due_on + timedelta(days=90), row.principal, 0)
        for row in LATER
    )
    done = extend(loan, rows=again, begins_on=TODAY)
    assert (done.schedule, done.replaced) == (3, 3)
    facts, _ = ledger.reading.load_loan(loan.pk, as_of=TODAY)
    in_force = [d for d in facts.demands if d.ends_on is None]
    assert sum(d.principal for d in in_force) == facts.principal


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"rows": ()}, "no_rows"),
        ({"rows": (ledger.Row(4, date(2026, 9, 1), 1, 0),)}, "no_rows"),
        ({"rows": LATER[:2]}, "rows_principal"),
        ({"rows": LATER[::-1]}, "rows_order"),
        ({"rows": (LATER[0], LATER[2])}, "rows_order"),
        ({"begins_on": TODAY + timedelta(days=1)}, "begins_on"),
        ({"begins_on": date(2025, 12, 31)}, "begins_on"),
        ({"deed": deed(reason="")}, "reason_missing"),
        (
            {"rows": (ledger.Row(3, date(2026, 5, 1), 100_000, -1),)},
            "rows_negative",
        ),
    ],
)
def test_a_plan_that_cannot_be_is_refused_and_leaves_nothing(
    loan: Loan, wish: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        extend(loan, **wish)
    assert refused.value.code == code and str(refused.value)
    assert Demand.objects.filter(loan=loan, ends_on=None).count() == 3
    assert not Change.objects.exists()


def test_a_plan_cannot_begin_before_the_one_in_force(loan: Loan) -> None:
    extend(loan)
    with pytest.raises(Refused) as refused:
        extend(loan, begins_on=FROM - timedelta(days=1))
    assert refused.value.code == "later_version"


def charge(loan: Loan, **wish: object) -> ledger.posting.Charged:
    return ledger.posting.record_charge(
        **{
            "source": "core",
            "external_id": "F1",
            "loan_id": loan.pk,
            "kind": "late_fee",
            "due_on": date(2026, 3, 3),
            "amount": 2_000,
            "deed": deed(),
        }
        | wish
    )


def test_a_charge_is_owed_from_its_day_and_recorded_once(loan: Loan) -> None:
    first, again = charge(loan), charge(loan)
    assert first.new and not again.new
    assert first.after.overdue_total == first.before.overdue_total + 2_000
    assert Demand.objects.filter(kind="charge").count() == 1
    assert Change.objects.get().happened_on == date(2026, 3, 3)
    (entry,) = audit.timeline(subject_type="loan", subject_id=loan.pk)
    assert entry.type == "charge.recorded" and entry.payload["amount"] == 2_000


def test_a_charge_is_not_owed_by_a_second_loan_as_well(loan: Loan) -> None:
    charge(loan)
    with pytest.raises(Refused) as refused:
        charge(make_loan("L2"))
    assert refused.value.code == "charge_differs"
    assert Demand.objects.filter(kind="charge").count() == 1


def test_a_charge_due_later_is_not_owed_yet(loan: Loan) -> None:
    done = charge(loan, due_on=TODAY + timedelta(days=9))
    assert done.after.overdue_total - done.before.overdue_total < 2_000
    assert Position.objects.get(loan=loan).next_due_amount == 2_000


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"amount": 0}, "charge_amount"),
        ({"kind": " "}, "charge_kind"),
        ({"due_on": date(2025, 12, 31)}, "charge_before_loan"),
    ],
)
def test_a_charge_that_cannot_be_is_refused(
    loan: Loan, wish: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        charge(loan, **wish)
    assert refused.value.code == code
    charge(loan, external_id="F2")
    with pytest.raises(Refused) as differs:
        charge(loan, external_id="F2", amount=1)
    assert differs.value.code == "charge_differs"
