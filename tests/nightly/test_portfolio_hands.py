"""Liquidation by who had the case, early beside late placements, sizes of promises."""

from collections import Counter
from random import Random

import pytest

from daihou.kit.portfolio import Asked, Cut, Sight
from daihou.nightly.portfolio.work import asked as work
from daihou.nightly.portfolio.work.terms import horizon, sizes, terms
from daihou.rooms.casework.models import Assignment
from tests.nightly.working import Office, below, build, noon, points

pytestmark = pytest.mark.django_db
SEEDS = range(3)


def given(office: Office, *, seed: int) -> dict[int, tuple[str, str]]:
    """Each case given to one or two in turn; (collector, team) of the first by case."""
    random, first = Random(seed), {}
    for case in office.cases:
        hands = random.sample([("mei", "early"), ("arun", "late"), ("", "late")], 2)
        if random.random() < 0.2:
            continue  # nobody ever had it
        for place, (who, team) in enumerate(hands):
            Assignment.objects.create(
                case=case,
                assignment="collector" if who else "team",
                collector=who,
                team=team,
                method="manual",
                from_at=noon(case.opened_on),
                until_at=None if place else noon(case.opened_on),
                business_date=case.opened_on,
                by="supervisor",
            )
        # The first was over the moment the loan joined: the second had it.
        first[case.pk] = hands[1]
    return first


@pytest.mark.parametrize("seed", SEEDS)
def test_a_line_is_whose_the_case_was_first(seed: int) -> None:
    office = build(seed=seed, people=20)
    first = given(office, seed=seed)
    for by, place in ((Cut.COLLECTOR, 0), (Cut.TEAM, 1)):
        stock: Counter[tuple[str, str]] = Counter()
        currency = {loan.pk: loan.currency for loan in office.loans}
        for row in office.placed:
            if currency[row.loan_id] == "CNY" and row.outstanding:
                who = first.get(row.case_id, ("", ""))[place]
                stock[who, f"{row.since:%Y-%m}"] += row.outstanding
        months = sorted({month for _, month in stock})
        told = points("liquidation_amount", by=by, until=months[-2])
        whole: Counter[str] = Counter()
        for (who, month), amount in stock.items():
            if month <= months[-2]:
                whole[who] += amount
        assert {key: cell.whole for (key, at), cell in told.items() if at == "0"} == {
            who: amount for who, amount in whole.items() if amount
        }
        names = work.values(below(), by, sight=(Sight(),))
        assert {key for key, _ in told} - {""} <= set(names)
        parts: Counter[str] = Counter()
        for (_, at), cell in points("collected_in_cases", by=by).items():
            parts[at] += cell.part
        together = points("collected_in_cases")
        assert parts == Counter({at: cell.part for (_, at), cell in together.items()})


@pytest.mark.parametrize("seed", SEEDS)
def test_early_and_late_placements_stand_side_by_side(seed: int) -> None:
    build(seed=seed, people=20)
    told = points("liquidation_amount", by=Cut.HALF)
    months = points("liquidation_amount", by=Cut.COHORT)
    placed = sorted({month for month, _ in months})
    last = max(int(at) for _, at in months)
    old = [m for m in placed if months[m, str(last // 2)].known]
    half = len(old) // 2
    ages = {at for _, at in told}
    assert half and {key for key, _ in told} == {"earlier", "later"}
    for key, several in (("earlier", old[:half]), ("later", old[half:])):
        assert ages == {at for who, at in told if who == key}
        for at in ages:
            cell = told[key, at]
            assert cell.known
            assert cell.part == sum(months[m, at].part for m in several)
            assert cell.whole == sum(months[m, at].whole for m in several)
        asked, most = Asked("liquidation_amount", by=Cut.HALF), max(ages, key=int)
        named = work.loans(below(), asked, at=most, key=key, most=999)
        alone = {
            loan
            for month in several
            for loan in work.loans(
                below(),
                Asked("liquidation_amount", by=Cut.COHORT),
                at=most,
                key=month,
                most=999,
            )
        }
        assert set(named) == alone
    assert not work.loans(
        below(), Asked("liquidation_amount", by=Cut.HALF), at="0", key="x"
    )


@pytest.mark.parametrize(
    ("currency", "amount", "size"),
    [
        ("CNY", 999_99, "0-1000"),
        ("CNY", 1_000_00, "1000-10000"),
        ("JPY", 999, "0-1000"),
        ("JPY", 1_000, "1000-10000"),
        ("JPY", 10_000, "10000-100000"),
        ("KWD", 99_999_999, "10000-100000"),
        ("KWD", 100_000_000, "100000+"),
    ],
)
def test_sizes_are_of_the_main_unit_of_each_currency(
    currency: str, amount: int, size: str
) -> None:
    build(seed=3)
    asked = Asked("promise_due", currency=currency)
    given = terms(asked, {}, horizon(below())).given
    row = below().execute(f"select {sizes(str(amount))}", given).fetchone()
    assert row == (size,)
