"""Is the town believable, the same from one seed, and nobody real?"""

import re
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from daihou.columnar.layout import FAR
from daihou.tables.intake import KEYS, TABLES
from daihou.town import contract, names, rolls, watch
from daihou.town.products import OFFERS
from tests.simulation.towns import UNTIL, town

SMALL = {"months": 6, "seed": 3}


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    """A small town as intake gets it."""
    return contract.tables(town(400, **SMALL))


def test_the_same_seed_makes_the_same_book_and_another_does_not():
    again = town.__wrapped__(400, **SMALL)
    for name, table in contract.tables(town(400, **SMALL)).items():
        assert table.equals(contract.tables(again)[name]), name
    other = town(400, months=6, seed=4)
    assert not np.array_equal(other.terms.principal, again.terms.principal)


@pytest.mark.parametrize("seed", [1, 2])
def test_monthly_roll_rates_lie_near_the_real_ones(seed):
    counted = rolls.count(watch.month_end_positions(town(5000, months=18, seed=seed)))
    for status, real in enumerate(rolls.REAL_PER_10000[:4]):
        here = counted.up_per_10000(status)
        near = max(real / 10, counted.noise_per_10000(status))
        assert abs(here - real) <= near, (status, here, real)
    assert not counted.moves[0, 2:6].any()  # nobody jumps a status
    assert counted.rows[0] > 30_000


def test_roll_rates_are_counted_by_loan_and_status():
    def book(*rows: tuple[int, int, str]) -> pa.Table:
        ids, dpd, status = zip(*rows, strict=True)
        return pa.table({"loan_id": ids, "dpd": dpd, "status": status})

    before = book((1, 29, "active"), (2, 30, "active"), (3, 59, "active"))
    after = book((1, 59, "active"), (2, 60, "active"), (3, 0, "settled"))
    moves = rolls.count([before, after]).moves
    assert moves[0].tolist() == [0, 1, 0, 0, 0, 0, 0]
    assert moves[1].tolist() == [0, 0, 1, 0, 0, 0, 1]
    assert moves[2:].sum() == 0


def test_tables_keep_the_data_contract(tables):
    for name, table in tables.items():
        known = {column.name: column for column in TABLES[name]}
        assert set(table.column_names) <= set(known), name
        for column in known.values():
            if column.required:
                assert table[column.name].null_count == 0, (name, column.name)
            if column.choices and column.name in table.column_names:
                used = set(table[column.name].drop_null().to_pylist())
                assert used <= set(column.choices), (name, column.name)
            if column.refers_to in KEYS and column.name in table.column_names:
                key = KEYS[column.refers_to][0]
                found = pc.is_in(table[column.name], tables[column.refers_to][key])
                assert all(found.to_pylist()), (name, column.name)


def test_keys_are_given_once(tables):
    for name, table in tables.items():
        keys = [column for column in KEYS[name] if column in table.column_names]
        assert table.group_by(keys).aggregate([]).num_rows == table.num_rows, name


def test_nothing_happens_after_the_last_day():
    tables = contract.tables(town(5000, months=18, seed=1))
    for name, column in (
        ("loans", "disbursed_on"),
        ("loans", "closed_on"),
        ("payments", "paid_on"),
        ("charges", "due_on"),
        ("instalments", "effective_on"),
    ):
        assert pc.max(tables[name][column]).as_py() <= UNTIL, (name, column)
    assert pc.min(tables["payments"]["amount"]).as_py() > 0


def test_schedules_add_up_to_what_was_lent():
    book = town(5000, months=18, seed=1)
    owed = book.demands
    for in_force in (owed.version == 1, owed.ends_on == FAR):
        total = np.bincount(owed.loan[in_force], owed.principal[in_force])
        assert np.array_equal(total.astype(np.int64), book.terms.principal)


def test_no_rate_passes_the_cap():
    """CN-INT-02: interest and penalty together stay within 24 % a year."""
    policies = town(400, **SMALL).policies
    for offer in OFFERS:
        multiplier = policies[offer.product].penalty.multiplier
        assert max(offer.rates_millionths) * multiplier <= 240_000, offer.product


def test_people_are_nobody(tables):
    people = tables["customers"]
    persons = people.filter(pc.equal(people["kind"], "person"))
    numbers = persons["id_no"].to_pylist()
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    for number, born in zip(numbers, persons["birth_on"].to_pylist(), strict=True):
        assert number.startswith("99")  # no province has this code
        total = sum(int(d) * w for d, w in zip(number[:17], weights, strict=True))
        assert number[17] == "10X98765432"[total % 11]
        assert number[6:14] == f"{born:%Y%m%d}"
    phones = tables["contact_points"]["value"].to_pylist()
    assert all(re.fullmatch(r"12\d{9}", phone) for phone in phones)
    assert len(set(phones)) == len(phones)


def test_credit_codes_have_the_right_last_character():
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    codes = names.credit_codes(np.array([101, 625]), np.array([7, 990_123]))
    for code in codes.to_pylist():
        assert re.fullmatch(rf"9199\d{{4}}MA[{alphabet}]{{8}}", code)
        total = sum(alphabet.index(c) * 3**i for i, c in enumerate(code[:17]))
        assert alphabet[(31 - total % 31) % 31] == code[17]


def test_the_town_has_the_variety_of_life():
    tables = contract.tables(town(5000, months=18, seed=1))
    assert set(tables["loans"]["status"].to_pylist()) == {
        "active",
        "settled",
        "written_off",
        "transferred",
    }
    assert set(tables["payments"]["kind"].to_pylist()) == {
        "payment",
        "reversal",
        "recovery",
    }
    assert {"保证人代还", "亲属代还"} & set(tables["payments"]["payer"].to_pylist())
    assert tables["charges"].num_rows > 0
    assert tables["collateral"].num_rows > 0
    assert set(tables["loans"]["method"].to_pylist()) == {
        "equal_instalment",
        "equal_principal",
        "interest_only",
        "bullet",
    }
    assert date(2025, 5, 20) == town(5000, months=18, seed=1).span.begin
