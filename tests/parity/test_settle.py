"""Fast equals plain: the kernel and the reference say the same of every loan."""

import os
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daihou.columnar import kernel
from daihou.columnar.book import UnknownProduct
from daihou.columnar.settle import settle
from daihou.columnar.wide import position
from daihou.engine.ledger import settle as reference
from daihou.engine.rulebook.policy import Advance, Mode
from tests.parity import books

ROUNDS = int(os.environ.get("DAIHOU_PARITY_BOOKS", "20"))
HOLIDAYS = frozenset(books.START + timedelta(days=n) for n in (2, 3, 7))


def compare(loans, products, policies, as_of):
    """Settle the loans both ways; every column of every loan must agree."""
    tables = books.tables(loans, products)
    fast = settle(
        *tables,
        policies,
        as_of=as_of,
        calendar=HOLIDAYS,
        pauses={loan.loan_id: loan.pauses for loan in loans if loan.pauses},
    ).to_pylist()
    plain = [
        position(
            reference.settle(loan, policies[product], as_of=as_of, calendar=HOLIDAYS)
        )
        for loan, product in zip(loans, products, strict=True)
        if loan.disbursed_on <= as_of
    ]
    assert [row["loan_id"] for row in fast] == [row["loan_id"] for row in plain]
    for one, other in zip(fast, plain, strict=True):
        wrong = {k: (one[k], v) for k, v in other.items() if one[k] != v}
        assert not wrong, (as_of, wrong, loans, policies)


def a_book(seed, *, size, scale=1):
    random = Random(seed)
    policies = {f"p{n}": books.a_policy(random) for n in range(8)}
    loans = [
        books.a_loan(random, loan_id=n + 1, scale=scale if n % 5 == 0 else 1)
        for n in range(size)
    ]
    products = [f"p{random.randrange(8)}" for _ in loans]
    return loans, products, policies, random


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_many_more_random_books_agree(seed):
    test_random_books_agree_on_every_day(seed)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_random_books_agree_on_every_day(seed):
    loans, products, policies, random = a_book(seed, size=120)
    for days in sorted(random.sample(range(-3, 95), 6)):
        compare(loans, products, policies, books.START + timedelta(days=days))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), days=st.integers(-3, 90))
def test_a_single_loan_agrees(seed, days):
    loans, products, policies, _ = a_book(seed, size=1)
    compare(loans, products, policies, books.START + timedelta(days=days))


def test_amounts_beyond_64_bits_take_the_wide_path_and_agree():
    loans, products, policies, _ = a_book(7, size=60, scale=10**14)
    for days in (5, 40, 90):
        compare(loans, products, policies, books.START + timedelta(days=days))


def test_a_long_life_of_one_loan_agrees_every_day():
    random = Random(3)
    loans, products, policies, _ = a_book(11, size=40)
    policies = {
        name: replace(policy, advance=random.choice(list(Advance)))
        for name, policy in policies.items()
    }
    for days in range(-3, 90, 4):
        compare(loans, products, policies, books.START + timedelta(days=days))


def test_a_product_without_terms_is_refused_by_name():
    loans, products, policies, _ = a_book(1, size=3)
    with pytest.raises(UnknownProduct, match="moon_loan"):
        settle(
            *books.tables(loans, ["moon_loan", *products[1:]]),
            policies,
            as_of=date(2024, 3, 1),
        )


def test_an_empty_book_has_no_positions():
    _, _, policies, _ = a_book(1, size=1)
    assert settle(*books.tables([], []), policies, as_of=books.START).num_rows == 0


def test_the_kernel_is_compiled_for_one_signature_only():
    loans, products, policies, _ = a_book(2, size=30)
    compare(loans, products, policies, books.START + timedelta(days=9))
    assert len(kernel.run.signatures) == 1


@pytest.mark.parametrize("seed", range(6))
def test_mirrored_loans_that_were_written_off_agree(seed):
    loans, products, policies, random = a_book(seed + 7_000, size=60)
    policies = {name: replace(p, mode=Mode.MIRROR) for name, p in policies.items()}
    span = [books.START + timedelta(days=n) for n in range(-1, 14)]
    loans = [
        replace(loan, status="written_off", status_on=random.choice([*span, None]))
        for loan in loans
    ]
    for as_of in span:
        compare(loans, products, policies, as_of)
