"""Opening state and schedule versions of a seasoned loan."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from daihou.config.real_data.extension import Extension
from daihou.config.real_data.opening import arrears, contract_balance, due_day
from daihou.config.real_data.rows import extended, first_version, versions
from tests.real_data.cast import INSTALMENT, loan


def owed_by(rows: tuple, day: date) -> int:
    """What fell due up to a day."""
    return sum(row.principal + row.interest for row in rows if row.due_on <= day)


def test_a_loan_on_time_owes_what_it_paid_and_then_one_instalment_a_month() -> None:
    rows = first_version(loan())
    assert owed_by(rows, date(2019, 5, 31)) == INSTALMENT
    assert owed_by(rows, date(2019, 7, 31)) == 3 * INSTALMENT
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert rows[1].due_on == date(2019, 6, 15)
    assert rows[1].interest == round(9_448_00 * 6 / 1200)


def test_a_late_loan_keeps_its_due_date_and_its_arrears() -> None:
    late = loan(next_due=3 * INSTALMENT, days_late=40, paid=70_00)
    rows = first_version(late)
    assert due_day(late) == 21
    assert arrears(late) == 2 * INSTALMENT
    assert [row.due_on for row in rows[:3]] == [
        date(2019, 4, 21),
        date(2019, 5, 21),
        date(2019, 6, 21),
    ]
    assert owed_by(rows, date(2019, 5, 31)) - late.paid == 2 * INSTALMENT
    assert rows[0].principal + rows[0].interest == INSTALMENT + late.paid


def test_arrears_of_three_months_are_three_instalments() -> None:
    late = loan(next_due=4 * INSTALMENT - 30_00, days_late=65, paid=0)
    rows = first_version(late)[:3]
    assert [row.due_on for row in rows] == [
        date(2019, 3, 27),
        date(2019, 4, 27),
        date(2019, 5, 27),
    ]
    assert [row.principal + row.interest for row in rows] == [
        INSTALMENT - 30_00,
        INSTALMENT,
        INSTALMENT,
    ]


def test_part_of_an_instalment_paid_ahead_is_taken_off_the_next() -> None:
    rows = first_version(loan(next_due=60_00))
    assert rows[1].principal + rows[1].interest == 60_00
    assert rows[2].principal + rows[2].interest == INSTALMENT


def test_nothing_due_next_skips_as_many_instalments_as_the_balance_is_ahead() -> None:
    agreed = contract_balance(loan())
    ahead = loan(next_due=0, closing=agreed - 3 * INSTALMENT - 1, opening=agreed)
    rows = first_version(ahead)
    assert arrears(ahead) == -3 * INSTALMENT
    assert rows[1].due_on == date(2019, 9, 15)
    barely = loan(next_due=0, closing=agreed)
    assert arrears(barely) == -INSTALMENT


def test_an_extension_moves_the_rows_and_asks_for_its_interest_last() -> None:
    made = loan([1, 1, 0, 0, 0, 0, 1])
    rows = first_version(made)
    moved = extended(made, rows, Extension(3, 4), version=2)
    assert moved[0].seq == 4
    assert moved[0].due_on == date(2019, 12, 15)
    assert {row.effective_on for row in moved} == {date(2019, 8, 1)}
    old = [row for row in rows if row.seq >= 4]
    assert sum(r.principal for r in moved) == sum(r.principal for r in old)
    held = sum(row.principal for row in old)
    more = sum(r.interest for r in moved) - sum(r.interest for r in old)
    assert abs(more * 1200 - held * 6 * 4) <= 600


def test_what_was_late_already_moves_too_and_what_was_paid_ahead_stays() -> None:
    late = loan([1, 0, 0, 0, 1])
    moved = extended(late, first_version(late), Extension(3, 2), version=2)
    assert (moved[0].seq, moved[0].due_on) == (3, date(2019, 9, 15))
    ahead = loan([1, 2, 0, 0, 1])
    moved = extended(ahead, first_version(ahead), Extension(3, 2), version=2)
    assert (moved[0].seq, moved[0].due_on) == (5, date(2019, 11, 15))


def test_a_second_extension_moves_the_rows_the_first_one_left() -> None:
    made = loan([1, 1, 0, 1, 1, 1, 1, 0, 0])
    given_two = versions(made, (Extension(3, 1), Extension(8, 2)))
    third = [row for row in given_two if row.version == 3]
    assert (third[0].seq, third[0].due_on) == (8, date(2020, 3, 15))
    assert third[0].effective_on == date(2020, 1, 1)


@given(
    opening=st.integers(1, 3_000_00),
    paid_down=st.integers(-20_00, 250_00),
    instalment=st.sampled_from([1, 20_00, 200_00, 5_000_00]),
    due=st.sampled_from([0, 1, 100_00, 200_00, 500_00, 900_00]),
    late=st.sampled_from([0, 1, 30, 31, 65]),
    paid=st.sampled_from([0, 1, 150_00, 400_00]),
)
def test_the_principal_of_the_schedule_is_the_balance_taken_over(
    opening: int, paid_down: int, instalment: int, due: int, late: int, paid: int
) -> None:
    made = loan(
        opening=opening,
        closing=max(0, opening - paid_down),
        instalment=instalment,
        next_due=due,
        days_late=late,
        paid=paid,
    )
    rows = first_version(made)
    assert sum(row.principal for row in rows) == opening
    assert all(row.principal >= 0 and row.interest >= 0 for row in rows)
    assert list(rows) == sorted(rows, key=lambda row: row.due_on)
    if made.closing > 0:
        unpaid = owed_by(rows, date(2019, 5, 31)) - paid
        assert unpaid <= max(0, arrears(made))
