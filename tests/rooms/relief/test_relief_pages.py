"""The pages of relief: asked with the calculator, decided elsewhere, lived through."""

from datetime import timedelta

import pytest
from django.test import Client

from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger.actions import standing
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from daihou.rooms.relief import actions, queries
from daihou.rooms.relief.actions import WaiverWish
from daihou.rooms.relief.actions import household as acts
from daihou.rooms.relief.models import HouseholdPlan, Relief
from daihou.rooms.relief.queries import household
from tests.rooms.cast import AT, HAND, PASSWORD, TODAY, Cast, pay
from tests.rooms.relieving import decide, deed, late_loan, make_deciders

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def loan(cast: Cast) -> Loan:
    """A late loan of the north with its position, on the open day."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    made = late_loan()
    standing.settle_at_once(made, business_date=TODAY)
    return made


def signed_in(name: str, *, english: bool = True) -> Client:
    client = Client(REMOTE_ADDR="127.0.0.1")
    assert client.login(username=name, password=PASSWORD)
    if english:
        client.cookies["django_language"] = "en"
    return client


def text(answer: object) -> str:
    page: str = answer.content.decode()  # type: ignore[attr-defined]
    return page


@pytest.mark.parametrize("kind", ["waiver", "plan", "settlement", "terms"])
@pytest.mark.parametrize("english", [True, False])
def test_every_form_opens_in_both_languages(
    loan: Loan, kind: str, *, english: bool
) -> None:
    answer = signed_in("mei", english=english).get(f"/relief/loans/{loan.pk}/{kind}/")
    assert answer.status_code == 200
    assert ("Calculate" in text(answer)) == english


def test_the_calculator_keeps_nothing_and_says_who_decides(loan: Loan) -> None:
    sent = {"part_interest": "10.00", "difficulty": "overdue", "do": "weigh"}
    answer = signed_in("mei").post(f"/relief/loans/{loan.pk}/waiver/", sent)
    assert answer.status_code == 200 and Relief.objects.count() == 0
    assert "others decide" in text(answer) and "MGR-1" in text(answer)
    assert "marked as restructured" in text(answer)


def test_a_mistake_is_told_beside_what_was_typed(loan: Loan) -> None:
    sent = {"part_penalty": "x", "difficulty": "none", "do": "send", "reason": "why"}
    answer = signed_in("mei").post(f"/relief/loans/{loan.pk}/waiver/", sent)
    assert answer.status_code == 422 and 'value="x"' in text(answer)


def test_a_waiver_is_sent_and_shown(loan: Loan) -> None:
    client = signed_in("mei")
    sent = {"part_penalty": "1.00", "difficulty": "none", "do": "send", "reason": "ill"}
    answer = client.post(f"/relief/loans/{loan.pk}/waiver/", sent)
    line = Relief.objects.get()
    assert answer.url == f"/relief/{line.pk}/"
    shown = text(client.get(answer.url))
    assert line.number in shown and "Posted" in shown and "ill" in shown
    assert line.number in text(client.get("/relief/?group=done&kind=waiver"))
    assert line.number not in text(client.get("/relief/?group=undecided"))
    assert line.number in text(client.get(f"/loans/{loan.pk}/"))
    assert "ill" not in Relief.objects.get().reason  # sealed


def test_a_plan_is_asked_offered_accepted_by_its_pages(loan: Loan, cast: Cast) -> None:
    deciders, client = make_deciders(), signed_in("mei")
    sent = {
        "count": "3",
        "first_due_on": (TODAY + 7 * DAY).isoformat(),
        "every": "1",
        "unit": "weeks",
        "difficulty": "overdue",
        "do": "send",
        "reason": "lost the job",
    }
    client.post(f"/relief/loans/{loan.pk}/plan/", sent)
    line = queries.find(Relief.objects.get().pk, scope=HAND.scope)
    decide(line, deciders.lead)
    shown = text(client.get(f"/relief/{line.id}/"))
    assert "The customer accepts" in shown
    version = Relief.objects.get().version
    answer = client.post(
        f"/relief/{line.id}/accept/", {"evidence": "paper 3", "version": version}
    )
    assert answer.status_code == 302 and Relief.objects.get().state == "active"
    again = client.post(
        f"/relief/{line.id}/accept/", {"evidence": "paper 3", "version": version}
    )
    assert again.status_code == 409
    skipped = client.post(f"/relief/{line.id}/skip/", {"seq": "2"})
    assert skipped.status_code == 302
    stopped = client.post(f"/relief/{line.id}/suspend/", {"reason": "in dispute"})
    assert stopped.status_code == 302 and Relief.objects.get().state == "suspended"


def test_who_may_not_see_the_loan_sees_no_request(loan: Loan, cast: Cast) -> None:
    wish = WaiverWish(parts={"penalty": 100}, difficulty="none")
    line = actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    south = signed_in("bola")
    assert south.get(f"/relief/{line.id}/").status_code == 404
    assert south.get(f"/relief/loans/{loan.pk}/waiver/").status_code == 404
    assert line.number not in text(south.get("/relief/"))
    assert south.post(f"/relief/{line.id}/withdraw/").status_code == 404
    reader = signed_in("sam")
    assert reader.get(f"/relief/{line.id}/").status_code == 200
    assert reader.get(f"/relief/loans/{loan.pk}/waiver/").status_code == 403


def test_pools_are_for_who_decides(loan: Loan, cast: Cast) -> None:
    make_deciders()
    wish = WaiverWish(parts={"penalty": 100}, difficulty="none")
    actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    assert signed_in("mei").get("/relief/pools/").status_code == 403
    shown = text(signed_in("guard").get("/relief/pools/"))
    assert "mei" in shown and "Nobody used" not in shown


def test_a_policy_of_the_lender_s_own_is_decided_by_another(
    loan: Loan, cast: Cast
) -> None:
    from daihou.packs.relief import shipped_text
    from daihou.rooms.approvals import door as approvals

    people.create_user(
        username="law",
        password=PASSWORD,
        role="legal",
        branch=None,
        by="test",
        at=AT,
    )
    client = signed_in("law")
    assert client.get("/relief/policy/").status_code == 200
    mine = shipped_text().replace('amount: "500"', 'amount: "0"', 1)
    sent = {"text": mine, "from_on": TODAY.isoformat(), "reason": "stricter"}
    answer = client.post("/relief/policy/", sent)
    assert answer.status_code == 302
    number = int(answer.url.rstrip("/").split("/")[-1])
    boss = people.create_user(
        username="boss",
        password=PASSWORD,
        role="compliance",
        branch=None,
        by="test",
        at=AT,
    )
    approvals.decide(proposal_id=number, verdict="approve", note="", deed=deed(boss))
    wish = WaiverWish(parts={"penalty": 100}, difficulty="none")
    line = actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    assert line.levels == ("supervisor",)
    bad = client.post("/relief/policy/", sent | {"text": "id: x"})
    assert bad.status_code == 422


def _begin(customer_id: int) -> dict[str, str]:
    return {
        "do": "begin",
        "goal": "2000.00",
        "goal_on": (TODAY + 90 * DAY).isoformat(),
        "next_on": (TODAY + 7 * DAY).isoformat(),
        "review_on": (TODAY + 30 * DAY).isoformat(),
        "willingness": "unable_willing",
        "story": "shop closed",
        "source_1": "rent",
        "source_amount_1": "300.00",
        "source_every_1": "month",
        "source_from_1": TODAY.isoformat(),
        "means_1": "visit",
        "means_on_1": (TODAY + 7 * DAY).isoformat(),
        "means_2": "mediation",
        "means_on_2": (TODAY + 40 * DAY).isoformat(),
        "target_1": "500.00",
        "target_on_1": (TODAY + 30 * DAY).isoformat(),
    }


def test_a_household_plan_is_begun_worked_stuck_and_done(
    loan: Loan, cast: Cast
) -> None:
    client = signed_in("mei")
    at = f"/relief/customers/{loan.customer_id}/household/"
    assert "Begin a plan" in text(client.get(at))
    assert client.post(at, _begin(loan.customer_id)).status_code == 302
    shown = text(client.get(at))
    assert "Rent collected for the debtor" in shown and "proposed by rule" in shown
    plan = household.plan_of(loan.customer_id, scope=HAND.scope)
    assert plan is not None and plan.owed_then > 202_000
    confirm = {
        "do": "confirm",
        "recoverable": "difficult",
        "reason": "no work in sight",
        "review_on": (TODAY + 60 * DAY).isoformat(),
    }
    assert client.post(at, confirm).status_code == 302
    acts.judge_households(deed=deed(HAND, on=TODAY + 8 * DAY))
    assert HouseholdPlan.objects.get().stuck_because == "nothing_done"
    assert "The next step is overdue" in text(client.get("/relief/households/?stuck=1"))
    done = {
        "do": "done",
        "place": "1",
        "outcome": "met at home",
        "next_on": (TODAY + 40 * DAY).isoformat(),
    }
    assert client.post(at, done).status_code == 302
    assert HouseholdPlan.objects.get().state == "running"
    assert client.post(at, done).status_code == 422  # it was done already
    acts.judge_households(deed=deed(HAND, on=TODAY + 31 * DAY))
    assert HouseholdPlan.objects.get().stuck_because == "behind"
    pay(loan, "P1", amount=200_000)
    acts.judge_households(deed=deed(HAND, on=TODAY + 31 * DAY))
    assert HouseholdPlan.objects.get().state == "done"


def test_the_class_of_a_household_is_shown_in_chinese_too(loan: Loan) -> None:
    client = signed_in("mei", english=False)
    at = f"/relief/customers/{loan.customer_id}/household/"
    client.post(at, _begin(loan.customer_id))
    assert "回收可能性" in text(client.get(at))
    assert signed_in("bola").get(at).status_code == 404


def test_who_decides_reads_the_request_in_words_and_not_who_asked(
    loan: Loan, cast: Cast
) -> None:
    make_deciders()
    wish = WaiverWish(parts={"interest": 1_000}, difficulty="overdue")
    line = actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    shown = text(signed_in("lead").get(f"/approvals/{line.proposal_id}/"))
    assert "Already overdue" in shown and "Interest 10.00" in shown
    assert f"/relief/{line.id}/" in shown
    answer = signed_in("mei").post(
        f"/approvals/{line.proposal_id}/decide/", {"verdict": "approve", "level": "1"}
    )
    assert answer.status_code in (403, 409)
    assert Relief.objects.get().state == "pending"


def test_an_agency_does_not_read_how_far_the_lender_goes(loan: Loan) -> None:
    people.create_user(
        username="firm", password=PASSWORD, role="agency", by="test", at=AT
    )
    client = signed_in("firm")
    answer = client.get("/relief/policy/")
    assert answer.status_code == 403
    assert "Ask your contact there" in text(answer) and "MGR-1" not in text(answer)
    assert "/relief/policy/" not in text(client.get("/relief/"))
    assert "/relief/policy/" in text(signed_in("mei").get("/relief/"))
