"""Fast equals plain: the kernel and the reference say the same of every loan."""

import os
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daihou.columnar import kernel
from daihou.columnar.book import Facts, UnknownProduct, make_book
from daihou.columnar.layout import OUT_WIDE, day_number
from daihou.columnar.settle import settle
from daihou.columnar.wide import position
from daihou.engine.ledger.fixed import settle as reference
from daihou.engine.ledger.values import Demand, Payment
from daihou.engine.rulebook.policy import (
    Advance,
    DpdMethod,
    Mode,
    PenaltyTerms,
    Policy,
)
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
        **books.side_tables(loans),
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


def test_ten_billion_at_36_percent_for_ten_years_is_exact():
    # 10,000,000,000.00 yuan, one row, 36 % x 1.5 penalty, ten years late.
    principal, interest = 10**12, 36 * 10**10
    due_on = date(2014, 3, 1)
    loan = replace(
        books.a_loan(Random(1), loan_id=1),
        principal=principal,
        disbursed_on=date(2013, 3, 1),
        demands=(Demand(1, 1, due_on, principal, interest),),
        payments=(Payment(1, date(2019, 3, 1), 123_456_789_01),),
        penalty_rate_nano=540_000_000,
        status="active",
        status_on=None,
        pauses=(),
        waivers=(),
        rate_steps=(),
    )
    terms = PenaltyTerms(on_principal=True, on_interest=True)
    policy = Policy("p", date(2000, 1, 1), Mode.OWN, DpdMethod("DPD-X"), terms)
    as_of = date(2024, 3, 1)
    compare([loan], ["p"], {"p": policy}, as_of)
    (row,) = settle(
        *books.tables([loan], ["p"]), {"p": policy}, as_of=as_of
    ).to_pylist()
    days = (as_of - due_on).days
    exact = Fraction(principal * 54 * days, 100 * 360)
    assert row["overdue_penalty"] == round(exact) - 123_456_789_01
    assert row["overdue_compound"] == round(Fraction(interest * 54 * days, 36_000))
    assert row["dpd"] == days


def test_a_book_twice_as_wide_goes_to_the_reference():
    loans, products, policies, _ = a_book(7, size=60, scale=10**14)
    book = make_book(Facts(*books.tables(loans, products)), policies)
    picked = np.arange(len(loans))
    wide = book.run(picked, as_of=day_number(date(2024, 6, 1)))[OUT_WIDE]
    assert 0 < wide.sum() < len(loans)


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
