"""What a life refuses, and a few whole lives told step by step."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from daihou.engine.ledger.errors import LoanError
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.life.errors import LifeError
from daihou.engine.ledger.life.events import KINDS, Event, place_of
from daihou.engine.ledger.life.front import (
    Contract,
    Interest,
    dpd_path,
    payoff_life,
    settle_life,
    unfold,
)
from daihou.engine.ledger.life.restructuring import Coming, Left, NewRow, with_arrears
from daihou.engine.ledger.life.trial import preview_life
from daihou.engine.ledger.life.words import CHINESE, KIND_WORDS, say_life
from daihou.engine.ledger.values import Demand, LoanTerms, Row
from daihou.engine.rulebook.policy import (
    Advance,
    Component,
    CostCap,
    DpdMethod,
    Mode,
    OrderRule,
    PenaltyTerms,
    Policy,
)
from tests.engine.lives import instant

PAID_OUT = date(2026, 1, 10)


def contract(**changes: object) -> Contract:
    """Return 1,200.00 at 12 % in six months of equal principal."""
    terms = LoanTerms(
        currency="CNY",
        principal_minor=120_000,
        annual_rate=Decimal("0.12"),
        method="equal_principal",
        periods=6,
        period_unit="months",
        disbursed_on=PAID_OUT,
        first_due_on=date(2026, 2, 10),
    )
    policy = Policy(
        product="ours",
        begins_on=date(2000, 1, 1),
        mode=Mode.OWN,
        dpd=DpdMethod(id="DPD-CN-01"),
        penalty=PenaltyTerms(
            multiplier=Decimal("1.5"), on_principal=True, on_interest=True
        ),
    )
    return replace(Contract(1, terms, policy), **changes)  # type: ignore[arg-type]


def happens(kind: str, number: int, on: date, **details: object) -> Event:
    """Return an event recorded on its own day."""
    return KINDS[kind](
        event_id=number,
        happened_on=on,
        recorded_at=instant(on),
        **details,
    )


MARCH = date(2026, 3, 20)
PAYMENT = happens("payment", 1, date(2026, 2, 10), amount=21_200)
PAYMENT_2 = happens("payment", 2, date(2026, 3, 10), amount=21_000)
ALL_PAID = happens("prepayment", 3, date(2026, 3, 10), amount=200_000)


@pytest.mark.parametrize(
    ("code", "events"),
    [
        ("of", [happens("reversal", 2, MARCH, of=7)]),
        ("of", [happens("undo", 2, MARCH, of=7)]),
        (
            "of_money",
            [happens("write_off", 3, MARCH), happens("reversal", 2, MARCH, of=3)],
        ),
        (
            "circle",
            [happens("undo", 2, MARCH, of=3), happens("undo", 3, MARCH, of=2)],
        ),
        ("twice", [happens("write_off", 1, MARCH)]),
        ("early", [happens("write_off", 2, date(2026, 1, 9))]),
        ("amount", [happens("payment", 2, MARCH, amount=0)]),
        ("amount", [happens("refund", 2, MARCH, amount=-1)]),
        ("amount", [happens("charge", 2, MARCH)]),
        ("amount", [happens("waiver", 2, MARCH, component="fee", amount=0)]),
        ("amount", [happens("prepayment", 2, MARCH, amount=0)]),
        ("amount", [happens("disbursement", 2, MARCH, amount=0)]),
        ("amount", [happens("settlement_at_discount", 2, MARCH, amount=0)]),
        ("dates", [happens("charge", 2, MARCH, amount=1, due_on=date(2026, 3, 19))]),
        ("dates", [happens("interest_pause", 2, MARCH, until=MARCH)]),
        ("dates", [happens("delinquency_pause", 2, MARCH, until=MARCH)]),
        ("dates", [happens("due_day_change", 2, MARCH, first_due_on=MARCH)]),
        ("dates", [happens("re_age", 2, MARCH, periods=3, first_due_on=MARCH)]),
        ("count", [happens("extension", 2, MARCH, periods=0)]),
        (
            "count",
            [happens("re_age", 2, MARCH, periods=1201, first_due_on=date(2026, 5, 1))],
        ),
        ("nothing_coming", [ALL_PAID, happens("extension", 4, MARCH, periods=1)]),
        ("nothing_left", [ALL_PAID, happens("reschedule", 4, MARCH, periods=1)]),
        (
            "nothing_left",
            [
                ALL_PAID,
                happens("re_age", 4, MARCH, periods=1, first_due_on=date(2026, 5, 1)),
            ],
        ),
        ("seq", [happens("waiver", 2, MARCH, component="interest", seq=9)]),
        (
            "rows",
            [happens("reschedule", 2, MARCH, rows=(Row(1, date(2026, 9, 1), 5, 0),))],
        ),
    ],
)
def test_what_cannot_be_names_the_event_and_the_way_out(
    code: str, events: list[Event]
) -> None:
    with pytest.raises(LifeError) as caught:
        settle_life(contract(), [PAYMENT, *events], as_of=date(2026, 12, 1))
    assert caught.value.code == code
    for language in ("zh", "en"):
        assert "{" not in caught.value.say(language)


def test_rows_given_cannot_be_worked_out_anew() -> None:
    terms = replace(
        contract().terms,
        method="custom",
        rows=(Row(1, date(2026, 6, 10), 120_000, 1_000),),
    )
    with pytest.raises(LifeError, match="states its method"):
        unfold(
            contract(terms=terms),
            [happens("extension", 2, MARCH, periods=1)],
            as_of=MARCH,
        )


def test_a_version_that_begins_later_and_a_restructuring_exclude_each_other() -> None:
    rows = (
        Demand(1, 1, date(2026, 6, 10), 120_000, 0, ends_on=date(2026, 5, 1)),
        Demand(2, 1, date(2026, 7, 10), 120_000, 0, begins_on=date(2026, 5, 1)),
    )
    given = contract(demands=rows)
    assert settle_life(given, [], as_of=date(2026, 6, 11)).state.dpd == 0
    assert settle_life(given, [], as_of=date(2026, 7, 11)).state.dpd == 1
    with pytest.raises(LifeError, match="begins after it"):
        unfold(given, [happens("extension", 2, MARCH, periods=1)], as_of=MARCH)


def test_a_mirrored_loan_has_no_life_here() -> None:
    mirror = replace(contract().policy, mode=Mode.MIRROR)
    with pytest.raises(LifeError, match="core system"):
        unfold(contract(policy=mirror), [], as_of=MARCH)


def test_every_kind_of_event_has_a_place_and_words() -> None:
    assert KINDS.keys() == KIND_WORDS.keys()
    money = happens("payment", 1, MARCH, amount=1)
    extension = happens("extension", 2, MARCH, periods=1)
    assert place_of(extension) < place_of(money)  # the plan first, then the money


def test_a_running_loan_refuses_what_reshapes_rows() -> None:
    running = contract(interest=Interest.RUNNING)
    with pytest.raises(LifeError, match="rate change or a pause"):
        unfold(running, [happens("extension", 2, MARCH, periods=1)], as_of=MARCH)


def test_a_running_loan_saves_interest_by_paying_early() -> None:
    policy = replace(contract().policy, advance=Advance.NEXT, day_count="ACT/360")
    terms = replace(contract().terms, day_count="ACT/360")
    running = contract(interest=Interest.RUNNING, policy=policy, terms=terms)
    early = happens("payment", 1, date(2026, 1, 25), amount=60_600)
    state = settle_life(running, [early], as_of=date(2026, 1, 25)).state
    # 15 days of 360 at 12 % of 1,200.00 are 6.00; the rest of the money is principal.
    assert state.outstanding_principal == 60_000
    asked = payoff_life(running, [early], on=date(2026, 2, 9))
    assert asked.principal == 60_000
    # Another 15 days, on 600.00.
    assert asked.running_interest + asked.due == 300


def test_interest_stands_still_in_a_pause() -> None:
    pause = happens("interest_pause", 2, date(2026, 2, 20), until=date(2026, 4, 1))
    earned = [
        settle_life(contract(), [PAYMENT, pause], as_of=day).accrued
        for day in (date(2026, 2, 20), date(2026, 3, 1), date(2026, 3, 9))
    ]
    assert earned[0] > 0
    assert len(set(earned)) == 1


def test_a_plan_made_anew_in_a_pause_keeps_the_free_days() -> None:
    pause = happens("interest_pause", 2, date(2026, 2, 10), until=date(2026, 5, 10))
    prepaid = happens("prepayment", 3, date(2026, 2, 10), amount=50_000)
    life = settle_life(contract(), [PAYMENT, pause, prepaid], as_of=date(2026, 2, 10))
    coming = [
        (each.demand.due_on, each.unpaid["interest"])
        for each in life.state.demands
        if each.unpaid["principal"]
    ]
    assert [interest for due, interest in coming if due <= date(2026, 5, 10)] == [0] * 3
    assert all(interest > 0 for due, interest in coming if due > date(2026, 5, 10))


def test_a_chargeback_of_the_money_that_settled_a_loan_opens_it_again() -> None:
    closing = happens("settlement_at_discount", 3, MARCH, amount=50_000)
    back = happens("chargeback", 4, date(2026, 3, 25), of=3)
    events = [PAYMENT, PAYMENT_2, closing]
    assert settle_life(contract(), events, as_of=MARCH).state.status == "settled"
    state = settle_life(contract(), [*events, back], as_of=date(2026, 3, 25)).state
    assert (state.status, state.outstanding_principal) == ("active", 50_000)


def test_a_trial_payment_places_every_cent_and_leaves_nothing_behind() -> None:
    aged = happens(
        "re_age", 2, date(2026, 3, 10), periods=3, first_due_on=date(2026, 4, 10)
    )
    events = [PAYMENT, aged]
    # The new row of 10 April: 1,000.00 in three parts, 10.00 and a third of 10.00.
    trial = preview_life(contract(), events, 40_000, on=date(2026, 4, 20))
    assert trial.split["principal"] == 33_333
    assert trial.split["interest"] == 1_333
    assert trial.split["penalty"] + trial.split["compound"] == 174
    assert sum(trial.split.values()) + trial.held == 40_000
    assert (trial.before.dpd, trial.after.dpd) == (10, 0)
    again = settle_life(contract(), events, as_of=date(2026, 4, 20)).state
    assert again == trial.before
    with pytest.raises(LoanError):
        preview_life(contract(), events, 0, on=date(2026, 4, 20))


def test_the_path_of_a_reversed_payment_shows_both_views() -> None:
    back = happens("reversal", 3, date(2026, 3, 15), of=2)
    path = dpd_path(
        contract(),
        [PAYMENT, PAYMENT_2, back],
        first=date(2026, 3, 13),
        last=date(2026, 3, 16),
    )
    assert list(path.values()) == [0, 0, 5, 6]


def test_arrears_spread_to_the_cent() -> None:
    rows = [NewRow(Row(seq, MARCH, 1, 0), MARCH) for seq in range(3)]
    spread = with_arrears(rows, Row(0, MARCH, 0, interest=10, fee=5))
    assert [each.row.interest for each in spread] == [3, 3, 4]
    assert [each.row.fee for each in spread] == [1, 1, 3]
    assert [each.carried for each in spread] == [3, 3, 4]


def test_the_instalment_of_what_is_left_is_that_of_a_whole_period() -> None:
    coming = tuple(
        Coming(number, Row(number, MARCH, 100, interest), PAID_OUT)
        for number, interest in ((1, 3), (2, 9))
    )
    left = Left(MARCH, Row(0, MARCH, 0, 0), coming, earned=0, next_seq=1)
    assert (left.instalment, left.balance) == (109, 200)
    assert replace(left, coming=coming[:1]).instalment == 103


def test_what_was_moved_counts_once_against_the_cap() -> None:
    """Interest moved to new rows is not claimed twice, so nothing has to be cut."""
    capped = replace(
        contract().policy,
        cost_caps=(CostCap("CN-INT-02", date(2000, 1, 1), Decimal("0.24")),),
    )
    dear = replace(contract().terms, annual_rate=Decimal("0.24"))
    aged = happens(
        "re_age", 2, date(2026, 3, 10), periods=3, first_due_on=date(2026, 4, 10)
    )
    life = settle_life(
        contract(policy=capped, terms=dear), [aged], as_of=date(2026, 4, 10)
    )
    # 90 days at 24 % of 1,200.00 allow 72.00; due are 24.00 and a third of 44.00.
    assert life.state.overdue_total == 0
    cut = {part: life.state.over_cap[part] for part in ("fee", "interest", "compound")}
    assert cut == {"fee": 0, "interest": 0, "compound": 22}
    assert life.state.claimable == life.state.outstanding_total
    # 28 days of penalty on 200.00 at the cap's rate: 3.73 is claimed, half as much
    # not; of compound interest on 24.00 the contract's rate has 0.22 more.
    first = life.state.demands[0]
    assert first.unpaid["penalty"] == 373
    assert life.state.over_cap["penalty"] == 187


def test_the_story_is_said_in_both_languages() -> None:
    events = [
        happens("extension", 2, MARCH, periods=1),
        happens("prepayment", 3, date(2026, 3, 21), amount=200_000),
    ]
    life = settle_life(contract(), [PAYMENT, *events], as_of=date(2026, 3, 21))
    assert [str(say_life(each, "en")) for each in life.story] == [
        (
            "2026-03-20 extension: 4 rows became 5 (what was left moved to the new rows; "
            "nothing paid before moved; last 2026-08-10)"
        ),
        (
            "2026-03-21 prepayment: 5 rows became 1 (what was left moved to the new rows; "
            "nothing paid before moved; last 2026-03-21)"
        ),
    ]
    assert all(each.code in CHINESE for each in life.story)
    assert "展期" in str(say_life(life.story[0], "zh"))


def test_facts_settle_to_the_state_of_earlier_days_too() -> None:
    events = [PAYMENT, happens("extension", 2, MARCH, periods=1)]
    loan = unfold(contract(), events, as_of=date(2026, 6, 1))
    policy = contract().policy
    assert settle(loan, policy, as_of=MARCH - (date(2026, 3, 20) - date(2026, 3, 12)))
    assert settle(loan, policy, as_of=date(2026, 3, 12)).dpd == 2


def test_the_payoff_settles_also_where_money_is_held() -> None:
    """1,200.00 and ten days of 12.00; 50.00 that came early is held and counts."""
    early = happens("payment", 1, date(2026, 1, 15), amount=5_000)
    on = date(2026, 1, 20)
    wanted = payoff_life(contract(), [early], on=on).total
    assert wanted == 120_000 + 400 - 5_000
    paid = happens("prepayment", 2, on, amount=wanted)
    state = settle_life(contract(), [early, paid], as_of=on).state
    assert (state.status, state.unapplied_credit) == ("settled", 0)


def test_a_re_age_takes_overdue_charges_along() -> None:
    charge = happens("charge", 1, date(2026, 2, 11), amount=600)
    agreed = happens(
        "re_age", 2, MARCH, periods=6, first_due_on=date(2026, 4, 10), penalty="waive"
    )
    state = settle_life(contract(), [charge, agreed], as_of=MARCH).state
    fees = [each.unpaid["fee"] for each in state.demands if each.unpaid["principal"]]
    assert (state.dpd, fees) == (0, [100] * 6)


def test_a_charge_to_come_stays_where_it_is_when_the_plan_is_made_anew() -> None:
    charge = happens("charge", 1, PAID_OUT, amount=600, due_on=date(2026, 7, 1))
    agreed = happens("extension", 2, date(2026, 1, 20), periods=2)
    state = settle_life(contract(), [charge, agreed], as_of=MARCH).state
    fees = [(each.due_on, each.unpaid["fee"]) for each in state.demands]
    assert [(on, fee) for on, fee in fees if fee] == [(date(2026, 7, 1), 600)]


def test_what_happens_later_moves_no_money_that_a_write_off_had_placed() -> None:
    """Principal first while written off; after the transfer it is still so."""
    first = (Component.PRINCIPAL, *(set(Component) - {Component.PRINCIPAL}))
    rule = OrderRule(first, status="written_off")
    policy = replace(contract().policy, order_rules=(rule,))
    events = [
        happens("write_off", 1, MARCH),
        happens("recovery", 2, date(2026, 3, 25), amount=5_000),
        happens("transfer", 3, date(2026, 4, 1)),
    ]
    for known in (events[:2], events):
        state = settle_life(
            contract(policy=policy), known, as_of=date(2026, 4, 2)
        ).state
        placed = [(each.component, each.amount) for each in state.allocations]
        assert placed == [("principal", 5_000)]


def test_money_that_settled_a_written_off_loan_comes_back() -> None:
    events = [
        happens("write_off", 1, MARCH),
        happens("settlement_at_discount", 2, date(2026, 3, 25), amount=90_000),
        happens("chargeback", 3, date(2026, 4, 1), of=2),
    ]
    life = settle_life(contract(), events, as_of=date(2026, 4, 2))
    assert (life.state.status, life.loan.status_on) == ("written_off", MARCH)
    assert life.state.outstanding_total == 90_000 + sum(
        each.unpaid["penalty"] + each.unpaid["compound"] for each in life.state.demands
    )
