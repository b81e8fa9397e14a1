"""What the engine answers about one known loan: why, what if, and the 24 months."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from daihou.engine.delinquency.phrases import say
from daihou.engine.ledger.errors import LoanError
from daihou.engine.ledger.fixed.history import history, strip
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.fixed.whatif import (
    cost_of_a_day,
    payoff,
    preview,
    what_would_change,
)
from daihou.engine.ledger.values import Demand, Loan, LoanState
from daihou.engine.rulebook.policy import Direction, DpdMethod, Mode, Policy
from tests.golden.cases import Case, cases

AS_OF = date(2026, 11, 20)


@pytest.fixture(scope="module")
def picture() -> Case:
    """Return the business loan two instalments late."""
    return next(case for case in cases() if "two instalments late" in case.name)


@pytest.fixture(scope="module")
def loan(picture: Case) -> Loan:
    """Return its facts."""
    return picture.loan


@pytest.fixture(scope="module")
def policy(picture: Case) -> Policy:
    """Return its terms."""
    return picture.policy


def test_why_47_days_in_chinese(loan: Loan, policy: Policy) -> None:
    said = [say(each, "zh-hans") for each in settled(loan, policy).derivation]
    assert [each.value for each in said] == [
        "第 16 期",
        "2026-10-04",
        "5,784.25",
        "1,000.00",
        "4,812.02 > 10.00",
        "0 天",
        "0 天",
        "2026-10-05",
        "47 天",
    ]
    assert said[2].note == "本 5,195.44 + 利 588.81"
    assert said[8].note == "27 天（10 月） + 20 天（11 月） → M2（31–60）"


def test_why_47_days_in_english(loan: Loan, policy: Policy) -> None:
    last = say(settled(loan, policy).derivation[-1], "en")
    assert str(last) == (
        "2026-10-05 to 2026-11-20, day by day: 47 days "
        "(27 (Oct) + 20 (Nov) → M2 (31–60))"
    )


def settled(loan: Loan, policy: Policy) -> LoanState:
    """Settle on the day of the picture."""
    return settle(loan, policy, as_of=AS_OF)


def test_what_would_change(loan: Loan, policy: Policy) -> None:
    said = [
        str(say(each, "en")) for each in what_would_change(loan, policy, as_of=AS_OF)
    ]
    assert said == [
        "Pay 4,924.62 that day (clears the oldest instalment): 16 days (M2 → M1)",
        "Pay 10,764.39 that day (clears all that is overdue): 0 days (M2 → M0)",
        "Pay nothing: 61 days from 2026-12-04 (M2 → M3)",
    ]


def test_by_component_the_least_amount_is_found_by_trial(
    loan: Loan, policy: Policy
) -> None:
    vertical = replace(policy, direction=Direction.VERTICAL)
    oldest = what_would_change(loan, vertical, as_of=AS_OF)[0]
    amount = oldest.params["amount"].minor  # type: ignore[attr-defined]
    for paid, dpd in ((amount, 16), (amount - 1_001, 47)):
        trial = preview(loan, vertical, paid, on=AS_OF)
        assert trial.after.dpd == dpd


def test_a_trial_payment_says_where_the_cents_go(loan: Loan, policy: Policy) -> None:
    trial = preview(loan, policy, 100_000, on=AS_OF)
    wanted = {"penalty": 11_260, "principal": 88_740}
    assert {part: amount for part, amount in trial.split.items() if amount} == wanted
    assert (trial.before.dpd, trial.after.dpd, trial.held) == (47, 47, 0)


def test_payoff_and_the_cost_of_a_day(loan: Loan, policy: Policy) -> None:
    quote = payoff(loan, policy, on=AS_OF)
    assert (quote.principal, quote.due, quote.running_interest) == (
        4_868_390,
        69_458,
        24_713,
    )
    assert quote.total == 4_962_561
    assert cost_of_a_day(loan, policy, settled(loan, policy)) == 636
    later = payoff(loan, policy, on=date(2027, 6, 4))
    assert later.running_interest == 0


def test_the_strip_of_24_months(loan: Loan, policy: Policy) -> None:
    months = strip(loan, policy, as_of=AS_OF)
    assert [month for month, _ in months[::23]] == [
        date(2024, 12, 1),
        date(2026, 11, 1),
    ]
    assert [worst for _, worst in months] == [None] * 6 + [0] * 15 + [4, 27, 47]


def test_questions_without_an_answer(loan: Loan, policy: Policy) -> None:
    mirror = replace(policy, mode=Mode.MIRROR)
    questions: dict[str, Callable[[], object]] = {
        "not_disbursed": lambda: settle(loan, policy, as_of=date(2025, 6, 3)),
        "amount": lambda: preview(loan, policy, 0, on=AS_OF),
        "mirror": lambda: preview(loan, mirror, 1, on=AS_OF),
        "range": lambda: history(loan, policy, first=AS_OF, last=date(2026, 1, 1)),
    }
    for code, ask in questions.items():
        with pytest.raises(LoanError) as caught:
            ask()
        assert caught.value.code == code
        assert caught.value.say("zh-hans") != caught.value.say("en")


@pytest.mark.parametrize(
    ("as_of", "codes"),
    [
        (date(2026, 8, 20), ["all_due_paid", "result_on_time"]),
        (
            date(2026, 10, 4),
            ["due_on", "due_amount", "paid_nothing", "not_yet_late", "result_on_time"],
        ),
    ],
)
def test_why_nothing_is_late(
    loan: Loan, policy: Policy, as_of: date, codes: list[str]
) -> None:
    steps = settle(loan, policy, as_of=as_of).derivation
    assert [each.code for each in steps] == codes


def test_a_remainder_within_the_tolerance_is_explained(
    loan: Loan, policy: Policy
) -> None:
    method = replace(policy.dpd, tolerance_minor=600_000, tolerance_share=Decimal(0))
    steps = settle(loan, replace(policy, dpd=method), as_of=AS_OF).derivation
    assert [each.code for each in steps][-2:] == ["tolerance_within", "result_on_time"]


def test_the_share_of_penalty_is_told_so_that_the_steps_foot(
    loan: Loan, policy: Policy
) -> None:
    told = settle(loan, policy, as_of=date(2026, 11, 20)).derivation
    owed, paid, rest = (
        next(line for line in told if line.code.startswith(code))
        for code in ("due_amount", "paid_", "tolerance_")
    )
    penal, to_due = paid.params["penal"], paid.params["due"]
    assert paid.code == "paid_once" and penal.minor > 0
    assert paid.value.minor == penal.minor + to_due.minor
    assert owed.value.minor - to_due.minor == rest.value.minor
    for language, word in (("zh", "冲罚息、复利"), ("en", "to penalty and compound")):
        assert f"{penal.minor / 100:.2f}" in say(paid, language).note
        assert word in say(paid, language).note


def told(name: str, on: date, code: str) -> list[str]:
    """Return a step of the derivation of a golden case in both languages."""
    case = next(each for each in cases() if each.name == name)
    steps = settle(case.loan, case.policy, as_of=on).derivation
    (line,) = (each for each in steps if each.code == code)
    return [str(say(line, language)) for language in ("zh-hans", "en")]


def test_what_is_above_the_cap_is_said_with_its_rule() -> None:
    name = (
        "18 % and half as much again for lateness is 27 %, three points are not claimed"
    )
    assert told(name, date(2026, 2, 4), "over_cap") == [
        "超过成本上限: 25.00 (超过年化 24 %（CN-INT-02）的部分，不主张)",
        "Above the cost cap: 25.00 (above the cap of 24 % a year (CN-INT-02), not claimed)",
    ]


def test_non_accrual_is_said_with_its_day() -> None:
    name = "Beyond 90 days what a loan earns is kept as a memo, off the balance sheet"
    chinese, english = told(name, date(2026, 4, 10), "non_accrual")
    assert "自 2026-04-06 起" in chinese and "超过 90 天" in chinese
    assert "since 2026-04-06" in english and "more than 90 days" in english


def test_what_was_waived_is_told_so_that_the_steps_foot() -> None:
    name = "Where no instalment is named the oldest is relieved first"
    case = next(each for each in cases() if each.name == name)
    steps = settle(case.loan, case.policy, as_of=date(2026, 2, 20)).derivation
    owed, paid, waived, rest = (
        next(each.value.minor for each in steps if each.code.startswith(code))  # type: ignore[attr-defined]
        for code in ("due_amount", "paid_", "waived", "tolerance_")
    )
    assert (waived, owed - paid - waived) == (1_000, rest)


def test_the_order_told_is_that_of_the_last_money() -> None:
    name = "Beyond 90 days a payment goes to principal first"
    chinese, english = told(name, date(2026, 4, 7), "paid_once")
    assert "本 → 利" in chinese and "principal → interest" in english


def test_a_late_day_costs_the_rate_of_that_day_and_no_more_than_the_cap() -> None:
    name = "A rate that rises above the cap is claimed at the cap from that day on"
    case = next(each for each in cases() if each.name == name)
    for on, cost in ((date(2026, 1, 10), 556), (date(2026, 1, 20), 667)):
        state = settle(case.loan, case.policy, as_of=on)
        assert cost_of_a_day(case.loan, case.policy, state) == cost


def test_a_due_date_moved_past_a_weekend_takes_no_interest_off_the_payoff() -> None:
    """The 10th is a Saturday: on the Sunday the month's 1.00 is earned, not yet due."""
    rows = (
        Demand(1, 1, date(2026, 1, 10), 1_000, 100),
        Demand(2, 2, date(2026, 2, 10), 1_000, 100),
    )
    moved = Loan(1, "CNY", 2_000, date(2025, 12, 10), rows)
    terms = Policy(
        product="weekend",
        begins_on=date(2020, 1, 1),
        mode=Mode.OWN,
        dpd=DpdMethod("DPD-CN-01", move_holidays=True),
    )
    closed = {date(2026, 1, 10), date(2026, 1, 11)}
    asked = [
        payoff(moved, terms, on=date(2026, 1, day), calendar=closed)
        for day in (9, 11, 12)
    ]
    found = [(each.due, each.running_interest) for each in asked]
    assert found == [(0, 97), (0, 100), (100, 7)]
