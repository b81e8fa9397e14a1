"""How customers answer and pay, and what a lender's systems send: plain draws and tables."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow.compute as pc
import pytest

from daihou.engine.basics.dates import DAY
from daihou.rooms.casework import codes
from daihou.town import characters, contract, overseeing
from daihou.town.floor import Floor, Staff
from daihou.town.outside import Outside
from daihou.town.rates import RATES
from tests.simulation.towns import UNTIL, town

ON = date(2026, 9, 21)
PLAIN = characters.Character(reach=1.0, honest=1.0)


def test_the_same_seed_and_key_draw_the_same_and_another_key_does_not() -> None:
    assert characters.draw(1, "a", 2).random() == characters.draw(1, "a", 2).random()
    assert characters.draw(1, "a", 2).random() != characters.draw(1, "a", 3).random()
    assert characters.character(1, "C7") == characters.character(1, "C7")
    assert characters.character(1, "C7") != characters.character(2, "C7")


def test_every_answer_of_the_table_is_a_result_that_a_person_may_record() -> None:
    for table in (RATES.talk_early, RATES.talk_late, RATES.nobody):
        for code in table:
            assert not codes.BY_CODE[code].own
    heard = Counter(
        characters.answer(characters.draw(n), PLAIN, "M1", RATES) for n in range(4_000)
    )
    assert set(RATES.talk_early) | set(RATES.nobody) >= set(heard)
    reached = sum(many for code, many in heard.items() if code in RATES.talk_early)
    assert 0.42 < reached / 4_000 < 0.50  # the table says 0.46


@pytest.mark.parametrize("overdue", [1, 19_999, 20_000, 1_234_567])
def test_a_promise_is_within_what_is_late_and_within_the_days(overdue: int) -> None:
    for n in range(300):
        parts = characters.promised(
            characters.draw(n), overdue=overdue, on=ON, rates=RATES
        )
        assert 0 < sum(amount for _on, amount in parts) <= overdue
        days = [on for on, _amount in parts]
        assert days == sorted(set(days)) and days[0] >= ON
        assert days[-1] <= ON + timedelta(days=RATES.promise_days + 4)


def test_never_more_comes_than_was_promised_and_the_honest_pay_more() -> None:
    parts = [(ON, 50_000), (ON + DAY, 30_000)]

    def kept(honest: float) -> int:
        who = characters.Character(reach=1.0, honest=honest)
        total = 0
        for n in range(500):
            found = characters.comes(
                characters.draw(n), who, parts, kept=RATES.kept, rates=RATES
            )
            for coming, (on, amount) in zip(found, parts, strict=False):
                assert 0 < coming.amount <= amount and coming.on >= on
            total += sum(each.amount for each in found)
        return total

    assert kept(0.5) < kept(1.0) < kept(1.5)


def sent(outside: Outside) -> list[dict[str, Any]]:
    """Every payment that is told from the first day on."""
    rows = []
    for many in range((UNTIL - ON).days + 1):
        tables = outside.of(ON + many * DAY)
        if "payments" in tables:
            rows += tables["payments"].to_pylist()
    return rows


def test_the_past_and_the_days_after_it_are_the_whole_book() -> None:
    tables = contract.tables(town(150, months=6, seed=4))
    outside = Outside(tables, ON)
    past = outside.past()
    assert not pc.any(pc.greater_equal(past["payments"]["paid_on"], ON)).as_py()
    assert pc.sum(pc.is_valid(past["loans"]["closed_on"])).as_py() < (
        pc.sum(pc.is_valid(tables["loans"]["closed_on"])).as_py()
    )
    rows = past["payments"].to_pylist() + sent(outside)
    assert sorted(each["payment_id"] for each in rows) == sorted(
        tables["payments"]["payment_id"].to_pylist()
    )
    assert (
        sum(each["amount"] for each in rows)
        == pc.sum(tables["payments"]["amount"]).as_py()
    )


def test_money_spent_otherwise_is_missing_from_what_comes_later() -> None:
    tables = contract.tables(town(150, months=6, seed=4))
    before = sent(Outside(tables, ON))
    loan = next(
        each["loan_id"]
        for each in before
        if each["kind"] == "payment"
        and not any(other["reversal_of"] == each["payment_id"] for other in before)
    )
    outside = Outside(tables, ON)
    outside.spent[loan] = 12_345
    after = sent(outside)

    def of(rows: list[dict[str, Any]]) -> Decimal:
        return sum(
            (
                -each["amount"] if each["reversal_of"] else each["amount"]
                for each in rows
                if each["loan_id"] == loan
            ),
            Decimal(0),
        )

    assert of(before) - of(after) == Decimal("123.45")
    others = [each for each in before if each["loan_id"] != loan]
    assert [each for each in after if each["loan_id"] != loan] == others


def test_everybody_works_five_days_of_seven_unless_they_are_ill() -> None:
    crew = tuple(f"c{n}" for n in range(10))
    staff = Staff(crew, ("s",), ("m",), ("r",), "till", {})
    outside = Outside(contract.tables(town(150, months=6, seed=4)), ON)
    floor = Floor(seed=1, staff=staff, outside=outside, day=ON)
    days: Counter[str] = Counter()
    for many in range(7):
        floor.day = ON + many * DAY
        days.update(overseeing.on_duty(floor))
    assert dict(days) == dict.fromkeys(crew, 5)
    floor.back_on["c1"] = ON + 30 * DAY
    assert "c1" not in overseeing.on_duty(floor)
