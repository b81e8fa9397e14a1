"""Figures of the work equal those counted one row at a time, on random offices."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby

import pytest

from daihou.engine.metrics.operations import Attempt as Try
from daihou.engine.metrics.operations import funnel
from daihou.engine.metrics.recovery import Cash, Placement, liquidation
from daihou.engine.metrics.survival import Spell, incidence
from daihou.kit.portfolio import Asked, Cut, Sight
from daihou.kit.portfolio_cuts import WORK, WORK_ONLY
from daihou.nightly.portfolio.work import asked as work
from daihou.nightly.portfolio.work.waiting import ENDINGS
from tests.nightly.working import FIRST, OPEN_DAY, PEOPLE, Office, below, build, points

pytestmark = pytest.mark.django_db
SEEDS = range(6)
PROMISES = ("kept", "partly", "broken", "open", "ended")


def month(day: date) -> str:
    return day.strftime("%Y-%m")


def index(day: date) -> int:
    return day.year * 12 + day.month - 1


def payments_in_cases(office: Office):
    """(row of the case, payment): each payment once, by the later row of its day."""
    for payment in office.payments:
        held = [
            row
            for row in office.placed
            if row.loan_id == payment.loan_id
            and row.since <= payment.paid_on
            and (row.until is None or payment.paid_on <= row.until)
        ]
        if held:
            yield max(held, key=lambda row: (row.since, row.pk)), payment


def local_month(attempt) -> str:
    return month((attempt.at + timedelta(hours=8)).date())


def counted(office: Office):
    """(case, attempt) of those that count."""
    for attempt in office.attempts:
        if attempt.failed or attempt.channel == "sms" or attempt.purpose == "service":
            continue
        for case in office.cases:
            ours = case.customer_id == attempt.customer_id
            until = case.closed_at
            if (
                ours
                and case.opened_at <= attempt.at
                and (until is None or attempt.at < until)
            ):
                yield case, attempt


# -- promises ------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_kept_partly_broken_open_and_ended_are_all_that_were_made(seed):
    office = build(seed=seed)
    made = Counter(month(each.due_on) for each in office.promises)
    told = {name: points(f"promise_{name}") for name in PROMISES}
    for name in PROMISES:
        assert {at for _, at in told[name]} == set(made)
    for at, count in made.items():
        cell = {name: told[name]["", at] for name in PROMISES}
        assert sum(each.part for each in cell.values()) == count
        assert cell["open"].whole == cell["ended"].whole == count
        judged = cell["kept"].part + cell["partly"].part + cell["broken"].part
        assert {cell[n].whole for n in ("kept", "partly", "broken")} == {judged}
        due = points("promise_due")["", at]
        assert (due.part, due.whole) == (judged, count)


@pytest.mark.parametrize("seed", SEEDS)
def test_promised_money_counts_up_to_what_was_promised(seed):
    office = build(seed=seed)
    judged = [
        p for p in office.promises if p.state in ("kept", "partially_kept", "broken")
    ]
    for (who, at), cell in points("promise_amount_kept", by=Cut.COLLECTOR).items():
        mine = [p for p in judged if (p.taken_by, month(p.due_on)) == (who, at)]
        assert cell.part == sum(p.appropriated for p in mine)
        assert cell.whole == sum(p.amount for p in mine)
        assert cell.part <= cell.whole


def test_sizes_are_by_powers_of_ten_of_the_main_unit():
    office = build(seed=3)
    told = points("promise_due", by=Cut.SIZE)
    assert sum(each.whole for each in told.values()) == len(office.promises)
    small = sum(each.amount < 100_000 for each in office.promises)
    found = sum(each.whole for (key, _), each in told.items() if key == "0-1000")
    assert 0 < small == found


# -- contacts ------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_the_funnel_of_each_month_is_the_plain_one(seed):
    office = build(seed=seed)
    tries = defaultdict(list)
    for case, attempt in counted(office):
        them = attempt.connected and attempt.conversation and "." not in attempt.person
        tries[local_month(attempt)].append(
            Try(str(case.pk), attempt.connected, them, them and attempt.result == "PTP")
        )
    told = {name: points(name) for name in WORK if name.startswith(("contact", "rpc"))}
    told["promise_rate"] = points("promise_rate")
    months = sorted({at for _, at in told["contact_coverage"]})
    assert months and set(tries) <= set(months)
    for at in months:
        assigned = [
            str(case.pk)
            for case in office.cases
            if month(case.opened_on) <= at
            and (case.closed_on is None or month(case.closed_on) >= at)
        ]
        plain = funnel(tries[at], assigned=assigned)
        cell = told["contact_coverage"]["", at]
        assert (cell.part, cell.whole) == (plain.coverage.part, plain.coverage.whole)
        for name, share in (
            ("contact_penetration", plain.penetration),
            ("rpc_per_attempt", plain.rpc_per_attempt),
            ("rpc_per_account", plain.rpc_per_account),
            ("rpc_share_of_connects", plain.rpc_share_of_connects),
            ("promise_rate", plain.promise_rate),
        ):
            found = told[name].get(("", at))
            assert (
                (found.part, found.whole)
                if found
                else (0, 0)
                == (
                    share.part,
                    share.whole,
                )
            )


def test_who_made_the_contact_is_a_cut_of_attempts_alone():
    office = build(seed=2)
    told = points("contact_penetration", by=Cut.COLLECTOR)
    assert {key for key, _ in told} == set(PEOPLE)
    assert sum(each.whole for each in told.values()) == len(list(counted(office)))
    with pytest.raises(LookupError, match="not known by collector"):
        points("contact_coverage", by=Cut.COLLECTOR)


# -- money ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_cash_of_cases_is_the_ledgers_of_the_same_loans_and_days(seed):
    office = build(seed=seed)
    currency = {loan.pk: loan.currency for loan in office.loans}
    for money in ("CNY", "USD"):
        expected = Counter()
        for row, payment in payments_in_cases(office):
            if currency[payment.loan_id] == money and row.outstanding > 0:
                expected[month(payment.paid_on)] += payment.amount
        found = points("collected_in_cases", currency=money)
        assert {at: each.part for (_, at), each in found.items() if each.part} == {
            at: amount for at, amount in expected.items() if amount
        }


@pytest.mark.parametrize("seed", SEEDS)
def test_no_money_counts_for_two_cuts(seed):
    build(seed=seed)
    whole = points("collected_in_cases")
    for by in (Cut.BRANCH, Cut.PRODUCT, Cut.REGION, Cut.COHORT, Cut.STRATEGY):
        parts = Counter()
        for (_, at), each in points("collected_in_cases", by=by).items():
            parts[at] += each.part
        assert parts == Counter({at: each.part for (_, at), each in whole.items()})


def plain_liquidation(office: Office, last: int):
    """The plain curves of all loans in yuan, by month of placement."""
    currency = {loan.pk: loan.currency for loan in office.loans}
    rows = [
        row
        for row in office.placed
        if currency[row.loan_id] == "CNY" and row.outstanding > 0
    ]
    # A placement of its own name: the plain text places by period, not by day.
    places = [Placement(str(r.pk), index(r.since), r.outstanding) for r in rows]
    known = {row.pk for row in rows}
    cash = [
        Cash(str(row.pk), index(payment.paid_on), payment.amount)
        for row, payment in payments_in_cases(office)
        if row.pk in known
    ]
    return liquidation([p for p in places if p.placed <= last], cash, last=last)


@pytest.mark.parametrize("seed", SEEDS)
def test_liquidation_is_the_plain_one_and_blank_where_it_is_young(seed):
    office = build(seed=seed)
    last = index(OPEN_DAY) - 1  # the month that still runs is not known
    plain = plain_liquidation(office, last)
    found = points("liquidation_amount")
    names = [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in plain.placed]
    assert {key for key, _ in found} == set(names)
    for name, balance, row in zip(names, plain.balance, plain.cash, strict=True):
        for age, amount in enumerate(row):
            cell = found[name, str(age)]
            assert cell.whole == balance
            assert cell.known == (amount is not None)
            assert cell.part == (amount or 0)
            assert (cell.value is None) == (amount is None)


def test_a_band_is_that_of_a_ratio_and_holds_it():
    office = build(seed=4, people=30)
    found = points("liquidation_amount")
    wide = [each for each in found.values() if each.low is not None]
    assert any(each.low < each.value < each.high for each in wide)
    assert all(each.low <= each.value <= each.high for each in wide if each.part >= 0)
    cohort, age = max(((k, int(a)) for (k, a), e in found.items() if e.known))
    rows = [
        r
        for r in office.placed
        if month(r.since) == cohort
        and r.outstanding > 0
        and next(x.currency for x in office.loans if x.pk == r.loan_id) == "CNY"
    ]
    came = Counter()
    for row, payment in payments_in_cases(office):
        if index(payment.paid_on) <= index(OPEN_DAY) - 1:
            came[row.pk] += payment.amount
    cell = found[cohort, str(age)]
    rate, n = cell.value, len(rows)
    if n < 2:
        assert cell.low is None
        return
    spread = sum((came[r.pk] - rate * r.outstanding) ** 2 for r in rows)
    error = float(spread * n / (n - 1)) ** 0.5 / cell.whole
    assert float(cell.high) == pytest.approx(float(rate) + 1.96 * error, abs=1e-8)


def test_a_pooled_line_counts_the_same_loans_at_every_age():
    build(seed=1, people=30)
    told = points("liquidation_amount", by=Cut.PRODUCT)
    for _, line in groupby(
        sorted(told, key=lambda cell: (cell[0], int(cell[1]))), key=lambda cell: cell[0]
    ):
        cells = [told[cell] for cell in line]
        assert len({cell.whole for cell in cells}) == 1
        assert all(cell.known for cell in cells)


# -- waiting -------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_endings_compete_as_in_the_plain_text(seed):
    office = build(seed=seed, people=20)
    spells = []
    for case in office.cases:
        watched = (OPEN_DAY - case.opened_on).days // 30
        if case.close_code == "MERGED" or not watched:
            continue
        ended = case.closed_on and (case.closed_on - case.opened_on).days // 30 + 1
        if ended and ended <= watched:
            spells.append(Spell(ended, ENDINGS.get(case.close_code, "other")))
        else:
            spells.append(Spell(watched, None))
    names = ("cured", "paid", "written_off", "sold", "other")
    told = {name: points(f"incidence_{name}") for name in names}
    told["open"] = points("still_waiting")
    for step in incidence(spells):
        at = "", str(step.age)
        assert abs(told["open"][at].value - step.surviving) <= Fraction(1, 10**9)
        for name in names:
            expected = step.incidence.get(name, Fraction(0))
            assert abs(told[name][at].value - expected) <= Fraction(1, 10**9)
        total = sum(each[at].value for each in told.values())
        assert abs(total - 1) <= Fraction(6, 10**9)


# -- who sees what -------------------------------------------------------------------


@pytest.mark.parametrize("metric", sorted(WORK))
def test_who_sees_nothing_is_told_nothing_and_several_ways_count_once(metric):
    build(seed=5)
    assert not [each for each in points(metric, sight=()).values() if each.part]
    north = Sight(branches=frozenset({"north"}))
    both = Sight(branches=frozenset({"north", "south", ""}))
    if metric in ("cost_to_collect", "net_recovery"):
        assert not any(each.known for each in points(metric, sight=(north,)).values())
        return
    assert points(metric, sight=(north, both)) == points(metric)
    assert points(metric, sight=(north, north)) == points(metric, sight=(north,))
    assert points(metric, sight=(north,)) == points(
        metric, only={Cut.BRANCH: frozenset({"north"})}
    )


@pytest.mark.parametrize("metric", sorted(WORK))
def test_the_same_office_gives_the_same_fingerprint(metric):
    build(seed=5)
    asked = Asked(metric)
    one, again = work.series(below(), asked), work.series(below(), asked)
    assert one == again
    other = work.series(below(), replace(asked, since="2025-03"))
    assert other.fingerprint != one.fingerprint


@pytest.mark.parametrize("metric", sorted(WORK))
def test_every_cut_it_is_said_to_know_is_answered(metric):
    build(seed=0)
    for by in WORK[metric]:
        keys = {key for key, _ in points(metric, by=by)}
        if by in WORK_ONLY:
            known = set(work.values(below(), by, sight=(Sight(),)))
            assert keys - {""} <= known
    with pytest.raises(LookupError):
        points(metric, by=Cut.CLASS)


def test_months_limit_what_is_told():
    build(seed=0)
    told = points("promise_due", since="2025-04", until="2025-05")
    assert {at for _, at in told} <= {"2025-04", "2025-05"}
    with pytest.raises(LookupError, match="is no month"):
        points("promise_due", since="May")


# -- drill ---------------------------------------------------------------------------


@pytest.mark.parametrize("metric", sorted(WORK))
def test_every_cell_with_something_in_it_names_its_loans(metric):
    office = build(seed=1)
    ours = {loan.pk for loan in office.loans}
    for (key, at), cell in points(metric).items():
        found = work.loans(below(), Asked(metric), at=at, key=key, most=3)
        assert len(found) == len(set(found)) <= 3
        assert set(found) <= ours
        if metric.startswith("promise_") and metric != "promise_rate":
            assert bool(found) == bool(cell.part) or metric == "promise_amount_kept"
        if metric in ("liquidation_amount", "collected_in_cases") and cell.part:
            assert found


def test_loans_talked_about_are_told_by_month():
    office = build(seed=2)
    wanted = {
        (loan.pk, local_month(attempt))
        for attempt in office.attempts
        if attempt.conversation and "." not in attempt.person
        for loan in office.loans
        if loan.customer_id == attempt.customer_id
    }
    ours = sorted(loan.pk for loan in office.loans)
    assert wanted and work.talked(below(), ours) == wanted
    one = next(iter(wanted))[0]
    assert work.talked(below(), [one]) == {each for each in wanted if each[0] == one}
    assert min(at for _, at in wanted) >= month(FIRST)


def test_nothing_is_known_before_a_day_is_open():
    with pytest.raises(LookupError, match="no business date"):
        points("promise_kept")
