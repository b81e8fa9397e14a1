"""Relief beside others: one row that cannot be judged, another request, odd input."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import Client

from daihou.kit.refusal import Conflict, Refused
from daihou.packs import relief as packs
from daihou.packs import relief_written
from daihou.packs.reading import read_yaml
from daihou.rooms.casework.models import CaseFacts
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.actions import standing
from daihou.rooms.ledger.models import Loan, Waiver
from daihou.rooms.people import door as people
from daihou.rooms.relief import actions, forms, queries
from daihou.rooms.relief.actions import (
    SettlementWish,
    WaiverWish,
    following,
    judging,
    posting,
)
from daihou.rooms.relief.actions import household as acts
from daihou.rooms.relief.models import Followed, HouseholdPlan, Relief
from tests.rooms import cast as casting
from tests.rooms.cast import AT, HAND, PASSWORD, TODAY, Cast, pay
from tests.rooms.relieving import (
    Deciders,
    agreed,
    decide,
    deed,
    judge,
    late_loan,
    make_deciders,
    plan,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def deciders(cast: Cast) -> Deciders:
    """The levels of the policy, on the open day."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    return make_deciders()


def _conditional(cast: Cast, deciders: Deciders, loan: Loan) -> queries.Line:
    wish = WaiverWish(
        parts={"interest": 1_000},
        difficulty="overdue",
        receive=100_000,
        until=TODAY + 5 * DAY,
    )
    line = actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    return decide(line, deciders.lead, deciders.head)


def _bounce(payment_id: int) -> None:
    ledger.posting.reverse_payment(
        payment_id=payment_id,
        reversed_on=TODAY,
        reason="bounced",
        by=HAND,
        at=AT,
        business_date=TODAY,
    )


def _state(line: queries.Line) -> str:
    state: str = queries.find(line.id, scope=HAND.scope).state
    return state


def test_one_that_cannot_be_taken_back_stops_no_other(
    cast: Cast, deciders: Deciders
) -> None:
    first, second = late_loan("L1"), late_loan("L2")
    stuck = _conditional(cast, deciders, first)
    other = _conditional(cast, deciders, second)
    posted = pay(first, "P1")
    judge(TODAY)
    ledger.relieving.relieve(
        loan_id=first.pk,
        changes=[ledger.relieving.Change("extension", {"periods": 2})],
        on=TODAY,
        ref="anew",
        deed=casting.deed(),
    )
    _bounce(posted.payment_id)
    pay(second, "P2")
    actions.follow(at=AT)
    found = queries.find(stuck.id, scope=HAND.scope)
    assert (found.state, found.effect["problem"]) == ("applied", "later_version")
    assert _state(other) == "applied"
    assert Followed.objects.get().judged_on == TODAY


def test_a_mistake_of_ours_on_one_stops_no_other(
    cast: Cast, deciders: Deciders, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = late_loan("L1"), late_loan("L2")
    wrong = _conditional(cast, deciders, first)
    other = _conditional(cast, deciders, second)
    pay(first, "P1"), pay(second, "P2")
    rightly = judging.judge_row

    def judged(row: Relief, *, deed: actions.Deed) -> None:
        assert row.pk != wrong.id
        rightly(row, deed=deed)

    monkeypatch.setattr(following, "judge_row", judged)
    actions.follow(at=AT)
    assert (_state(wrong), _state(other)) == ("conditional", "applied")


def test_a_household_that_cannot_be_judged_stops_no_other(
    cast: Cast, deciders: Deciders, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans = []
    for number in ("L1", "L2"):
        loan = late_loan(number)
        standing.settle_at_once(loan, business_date=TODAY)
        plans.append(acts.begin(loan.customer_id, _wish(), deed=deed(cast.mei)))
        pay(loan, f"P-{number}")
    rightly = acts._judge

    def judged(row: HouseholdPlan, on: object) -> None:
        assert row.pk != plans[0].id
        rightly(row, on)  # type: ignore[arg-type]

    monkeypatch.setattr(acts, "_judge", judged)
    actions.follow(at=AT)
    assert HouseholdPlan.objects.get(pk=plans[1].id).got == 100_000


def _wish(*targets: tuple[object, int]) -> acts.HouseholdWish:
    return acts.HouseholdWish(
        goal=200_000,
        goal_on=TODAY + 90 * DAY,
        next_on=TODAY + 7 * DAY,
        review_on=TODAY + 30 * DAY,
        willingness="unable_willing",
        story="shop closed",
        sources=[
            acts.SourceWish(kind="rent", amount=30_000, every="month", from_on=TODAY)
        ],
        means=[("visit", TODAY + 7 * DAY)],
        targets=targets,  # type: ignore[arg-type]
    )


def test_two_targets_on_one_day_are_refused_in_words(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    standing.settle_at_once(loan, business_date=TODAY)
    twice = _wish((TODAY + DAY, 100), (TODAY + DAY, 200))
    with pytest.raises(Refused) as told:
        acts.begin(loan.customer_id, twice, deed=deed(cast.mei))
    assert told.value.code == "targets"


def _told(loan: Loan) -> str:
    said: str = CaseFacts.objects.get(customer_id=loan.customer_id).plan_state
    return said


def test_a_live_plan_is_not_hidden_by_another_request(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    line = agreed(loan, cast, deciders)
    assert _told(loan) == "live"
    again = plan(loan, cast)
    assert _told(loan) == "live"
    decide(again, deciders.lead, verdict="refuse")
    assert _told(loan) == "live"
    judge(TODAY + 11 * DAY)
    assert _told(loan) == "at_risk"
    plan(loan, cast)
    assert _told(loan) == "at_risk"
    actions.cancel(line.id, deed=deed(cast.mei, reason="both agreed"))
    assert _told(loan) == "asked"


def test_a_plan_kept_after_one_that_broke_is_done(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    agreed(loan, cast, deciders)
    judge(TODAY + 11 * DAY)
    judge(TODAY + 18 * DAY)
    assert _told(loan) == "broken"
    agreed(loan, cast, deciders, total=90_000)
    pay(loan, "P1")
    judge(TODAY)
    assert _told(loan) == "done"


def test_a_second_settlement_is_refused_in_words(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    amount = actions.standing(loan.pk, on=TODAY, scope=HAND.scope).payoff - 1_500
    wish = SettlementWish(parts=((TODAY + 5 * DAY, amount),), difficulty="overdue")
    by = {"supervisor": deciders.lead, "branch_manager": deciders.head}
    first = actions.ask_settlement(loan.pk, wish, deed=deed(cast.mei))
    second = actions.ask_settlement(loan.pk, wish, deed=deed(cast.mei))
    decide(first, *(by[level] for level in first.levels))
    with pytest.raises(Conflict) as told:
        decide(second, *(by[level] for level in second.levels))
    assert told.value.code == "offer_stands" and first.number in str(told.value)
    assert _state(second) == "pending"


def test_a_plan_is_completed_once_what_it_promised_is_posted(
    cast: Cast, deciders: Deciders, monkeypatch: pytest.MonkeyPatch
) -> None:
    loan = late_loan()
    line = agreed(loan, cast, deciders, total=90_000, parts={"interest": 500})
    pay(loan, "P1", amount=90_000)

    def refused(*_row: object, **_more: object) -> None:
        raise Refused("not_now", "not now")

    with monkeypatch.context() as patched:
        patched.setattr(posting, "post_completion", refused)
        judge(TODAY)
    found = queries.find(line.id, scope=HAND.scope)
    assert (found.state, found.received) == ("active", 90_000)
    assert found.effect["problem"] == "not_now"
    judge(TODAY)
    found = queries.find(line.id, scope=HAND.scope)
    assert found.state == "completed" and "problem" not in found.effect
    assert sum(row.amount for row in Waiver.objects.all()) == 500


def test_old_money_taken_back_by_a_file_takes_its_waiver_back(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    line = _conditional(cast, deciders, loan)
    posted = pay(loan, "P1")
    judge(TODAY)
    later = TODAY + 60 * DAY
    judge(later)
    assert _state(line) == "applied"
    _bounce(posted.payment_id)
    judge(later)
    assert _state(line) == "reversed"


def test_who_has_the_loan_now_sees_what_is_agreed_on_it(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    line = agreed(loan, cast, deciders)
    standing.settle_at_once(loan, business_date=TODAY)
    house = acts.begin(loan.customer_id, _wish(), deed=deed(cast.mei))
    Loan.objects.filter(pk=loan.pk).update(branch="south", officer="bola")
    actions.follow(at=AT)
    assert queries.find(line.id, scope=cast.bola.scope).officer == "bola"
    assert HouseholdPlan.objects.get(pk=house.id).branch == "south"
    with pytest.raises(Refused):
        queries.find(line.id, scope=cast.mei.scope)


def test_the_form_for_a_new_policy_has_the_lender_s_own(deciders: Deciders) -> None:
    from daihou.rooms.approvals import door as approvals

    def login(name: str, role: str) -> people.Person:
        made: people.Person = people.create_user(
            username=name, password=PASSWORD, role=role, branch=None, by="test", at=AT
        )
        return made

    login("law", "legal")
    boss = login("boss", "compliance")
    client = Client(REMOTE_ADDR="127.0.0.1")
    assert client.login(username="law", password=PASSWORD)
    mine = packs.shipped_text().replace('amount: "500"', 'amount: "777"', 1)
    sent = {"text": mine, "from_on": TODAY.isoformat(), "reason": "other"}
    answer = client.post("/relief/policy/", sent)
    number = int(answer.url.rstrip("/").split("/")[-1])
    found = approvals.find(number, person=boss, at=AT)
    (change,) = list(found.after["changes"])  # type: ignore[call-overload]
    assert str(change).endswith("/ amount: 500 → 777")
    approvals.decide(proposal_id=number, verdict="approve", note="", deed=deed(boss))
    page = client.get("/relief/policy/").content.decode()
    assert "777" in page.split("<textarea")[1]
    assert "777" in queries.written_in_force(TODAY)[1]


def test_a_policy_is_written_as_it_is_read() -> None:
    content = relief_written.shipped_content()
    again = read_yaml(relief_written.write(content), name="again")
    assert again == content and list(again) == list(content)
    assert relief_written.differences(content, again) == ()
    less = {**content, "authority": content["authority"][1:]}
    assert any(
        each.startswith("authority (order): ")
        for each in relief_written.differences(content, less)
    )


def _form(text: str) -> QueryDict:
    usual = QueryDict("first_due_on=2026-04-01&difficulty=overdue", mutable=True)
    for name, values in QueryDict(text).lists():
        usual.setlist(name, values)
    return usual


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("loans=²", "loans"),
        (f"loans={2**63}", "loans"),
        ("replaces=²", "replaces"),
        (f"weights={'9' * 5000}", "weights"),
        ("weights=1,x,1", "weights"),
        ("first_due_on=9999-12-31", "first_due_on"),
    ],
)
def test_odd_input_is_refused_in_words(text: str, field: str) -> None:
    with pytest.raises(Refused) as told:
        forms.plan(_form(text), "CNY")
    assert told.value.params["field"] == field


def test_a_plan_with_a_high_number_can_be_replaced() -> None:
    wish = forms.plan(_form("replaces=1234567&weights=1,2,3"), "CNY")
    assert (wish.replaces, wish.weights) == (1_234_567, (1, 2, 3))


def test_what_would_be_nothing_is_refused_in_words(cast: Cast) -> None:
    loan = late_loan()
    with pytest.raises(Refused) as told:
        plan(loan, cast, total=300, weights=(1, 1, 900_000))
    assert told.value.code == "plan_weights_uneven"
    parts = ((TODAY + DAY, 0), (TODAY + 2 * DAY, 100))
    wish = SettlementWish(parts=parts, difficulty="overdue")
    with pytest.raises(Refused) as told:
        actions.ask_settlement(loan.pk, wish, deed=deed(cast.mei))
    assert told.value.code == "settlement_days"


def test_digits_of_other_scripts_break_no_page(cast: Cast, deciders: Deciders) -> None:
    line = agreed(late_loan(), cast, deciders)
    client = Client(REMOTE_ADDR="127.0.0.1")
    assert client.login(username="mei", password=PASSWORD)
    assert client.get("/relief/?before=²").status_code == 200
    asking = client.get(f"/relief/loans/{line.loan_id}/plan/?replaces=²")
    assert asking.status_code == 200
    sent = {"reason": "both agreed", "version": "²"}
    assert client.post(f"/relief/{line.id}/cancel/", sent).status_code == 302
