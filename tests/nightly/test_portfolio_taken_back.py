"""Money taken back: it is taken off the case whose payment it takes back."""

from datetime import timedelta
from typing import Any

import pytest

from daihou.kit.portfolio import Asked
from daihou.nightly.portfolio.work import asked as work
from daihou.rooms.ledger.models import Payment
from tests.nightly.working import OPEN_DAY, below, build, noon

pytestmark = pytest.mark.django_db


def test_money_taken_back_after_the_case_is_taken_off_it() -> None:
    office = build(seed=1)
    row = next(
        each
        for each in office.placed
        if each.outstanding
        and each.until
        and each.until < OPEN_DAY - timedelta(days=99)
    )
    (currency,) = {loan.currency for loan in office.loans if loan.pk == row.loan_id}
    asked = Asked("collected_in_cases", currency=currency)

    def came() -> int:
        return sum(p.part for p in work.series(below(), asked).points)

    before = came()
    money: dict[str, Any] = {
        "loan_id": row.loan_id,
        "recorded_at": noon(OPEN_DAY),
        "source": "core",
        "digest": b"\0" * 16,
    }
    paid = Payment.objects.create(
        paid_on=row.until, amount=700, external_id="paid", **money
    )
    held = came()
    Payment.objects.create(
        paid_on=row.until + timedelta(days=40),
        amount=-700,
        reversal_of=paid,
        external_id="back",
        **money,
    )
    assert (held, came()) == (before + 700, before)
