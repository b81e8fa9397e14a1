"""Sharing cases out: laws that hold for any cases, takers and limits."""

from hypothesis import given
from hypothesis import strategies as st

from daihou.rooms.casework.sharing import (
    Hands,
    Rules,
    Shared,
    Waiting,
    gini,
    shared,
)
from daihou.rooms.casework.states import CapacityMode, Share

LOGINS = ("an", "bo", "cy")
KINDS = ("north", "south")


def hands(
    most: int | None = None, mode: CapacityMode = CapacityMode.HARD
) -> dict[str, Hands]:
    return {login: Hands(login, 0, 0, most, None, mode) for login in LOGINS}


@st.composite
def a_day(draw: st.DrawFn) -> tuple[list[Waiting], dict[str, list[str]]]:
    """Cases of small amounts, and who may take which kind."""
    may = {kind: sorted(draw(st.sets(st.sampled_from(LOGINS)))) for kind in KINDS}
    cases = [
        Waiting(
            id=place,
            kind=draw(st.sampled_from(KINDS)),
            amount=draw(st.integers(1, 3)),
            value=1,
            before=tuple(
                (login, draw(st.integers(0, 2)))
                for login in draw(st.lists(st.sampled_from(LOGINS), max_size=1))
            ),
            never=frozenset(draw(st.sets(st.sampled_from(LOGINS), max_size=2))),
        )
        for place in range(draw(st.integers(0, 12)))
    ]
    return cases, may


_DAYS = a_day()
_SHARES = st.sampled_from(Share)
_MOST = st.one_of(st.none(), st.integers(0, 5))


def run(
    day: tuple[list[Waiting], dict[str, list[str]]],
    share: Share,
    most: int | None,
    seed: int = 1,
) -> tuple[Shared, dict[str, Hands]]:
    cases, may = day
    held = hands(most)
    return shared(cases, held, may, rules=Rules(share, 1, seed)), held


@given(_DAYS, _SHARES, _MOST)
def test_every_case_once_to_somebody_who_may_or_told_why_not(
    day: tuple[list[Waiting], dict[str, list[str]]], share: Share, most: int | None
) -> None:
    cases, may = day
    result, held = run(day, share, most)
    by_id = {each.id: each for each in cases}
    assert set(result.to) | set(result.left) == set(by_id)
    assert not set(result.to) & set(result.left)
    for case_id, login in result.to.items():
        assert login in may[by_id[case_id].kind]
        assert login not in by_id[case_id].never
    for each in held.values():
        mine = [by_id[case_id] for case_id, to in result.to.items() if to == each.login]
        assert sorted(each.new) == sorted(case.id for case in mine)
        assert each.amount == each.new_amount == sum(case.amount for case in mine)
        assert each.cases == len(mine)
        assert most is None or each.cases <= most


@given(_DAYS, _SHARES, _MOST, st.randoms())
def test_the_order_the_cases_come_in_does_not_matter(
    day: tuple[list[Waiting], dict[str, list[str]]],
    share: Share,
    most: int | None,
    rng: object,
) -> None:
    cases, may = day
    mixed = list(cases)
    rng.shuffle(mixed)  # type: ignore[attr-defined]
    first, _held = run((cases, may), share, most)
    again, _held = run((mixed, may), share, most)
    assert dict(first.to) == dict(again.to)


@given(_DAYS, _SHARES)
def test_who_had_it_last_and_may_has_it_again(
    day: tuple[list[Waiting], dict[str, list[str]]], share: Share
) -> None:
    cases, may = day
    result, _held = run(day, share, None)
    for case in cases:
        for login, days in case.before:
            if days <= 1 and login in may[case.kind] and login not in case.never:
                assert result.to[case.id] == login
            else:
                assert case.id in result.downgraded


@given(st.lists(st.integers(1, 9), max_size=20), st.integers(0, 5))
def test_by_number_nobody_has_two_more_than_another(
    amounts: list[int], seed: int
) -> None:
    cases = [Waiting(place, "north", each, 1) for place, each in enumerate(amounts)]
    held = hands()
    may = {"north": list(LOGINS)}
    shared(cases, held, may, rules=Rules(Share.COUNT, 0, seed))
    counts = [each.cases for each in held.values()]
    assert max(counts) - min(counts) <= 1


@given(st.lists(st.integers(1, 50), min_size=1, max_size=24))
def test_by_amount_the_spread_is_no_more_than_the_largest_case(
    amounts: list[int],
) -> None:
    cases = [Waiting(place, "north", each, 1) for place, each in enumerate(amounts)]
    held = hands()
    may = {"north": list(LOGINS)}
    shared(cases, held, may, rules=Rules(Share.AMOUNT, 0, 1))
    sums = [each.amount for each in held.values()]
    assert max(sums) - min(sums) <= max(amounts)


def test_swapping_evens_out_what_the_greedy_left() -> None:
    amounts = (6, 6, 4, 4, 4)  # the largest first gives 12 | 12 | 0 of two: 6+4+4 | 6+4
    cases = [Waiting(place, "north", each, 1) for place, each in enumerate(amounts)]
    held = {login: Hands(login, 0, 0, None, None, CapacityMode.HARD) for login in "ab"}
    shared(cases, held, {"north": ["a", "b"]}, rules=Rules(Share.AMOUNT, 0, 1))
    assert sorted(each.amount for each in held.values()) == [12, 12]


def test_a_soft_limit_bears_a_tenth_more() -> None:
    cases = [Waiting(place, "north", 1, 1) for place in range(40)]
    for mode, most in ((CapacityMode.HARD, 10), (CapacityMode.SOFT, 11)):
        held = hands(10, mode)
        result = shared(
            cases, held, {"north": list(LOGINS)}, rules=Rules(Share.COUNT, 0, 1)
        )
        assert {each.cases for each in held.values()} == {most}
        assert set(result.left.values()) == {"full"}
    held = hands(10, CapacityMode.UNLIMITED)
    shared(cases, held, {"north": list(LOGINS)}, rules=Rules(Share.COUNT, 0, 1))
    assert sum(each.cases for each in held.values()) == 40


def test_gini() -> None:
    assert gini([]) == gini([0, 0]) == gini([5, 5, 5]) == 0
    assert gini([0, 0, 0, 9]) == 750
    assert gini([1, 2, 3]) == 222


def test_a_days_number_is_firm_and_what_is_kept_is_none_of_it() -> None:
    cases = [
        Waiting(1, "k", 10, 0, (("ann", 0),), theirs=True),
        *(Waiting(n, "k", 10, 0) for n in range(2, 8)),
    ]
    hands = {
        "ann": Hands("ann", 0, 0, None, None, CapacityMode.SOFT, left_today=2),
        "bob": Hands("bob", 0, 0, None, None, CapacityMode.SOFT, left_today=1),
    }
    rules = Rules(Share.COUNT, 30, seed=1)
    found = shared(cases, hands, {"k": ["ann", "bob"]}, rules=rules)
    given = sorted(found.to.values())
    assert given == ["ann", "ann", "ann", "bob"]
    assert found.to[1] == "ann"
    assert set(found.left.values()) == {"full"}
