"""The pages on retention: from the plan to the proof, holds, canaries, and who gets in."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from daihou.rooms.ledger.models import ContactPoint, Loan, RetentionHold, RetentionRun
from daihou.rooms.people import door as people
from daihou.rooms.people.models import User
from tests.rooms.cast import AT, PASSWORD, Cast, make_customer, make_loan

pytestmark = pytest.mark.django_db


@pytest.fixture
def loan(cast: Cast) -> Loan:
    """A loan that ended long ago, of somebody with a telephone."""
    made = make_loan("L1")
    customer = make_customer("C1", name="王小明", phones=("13800000007",))
    Loan.objects.filter(pk=made.pk).update(
        customer=customer, status="settled", closed_on=date(2026, 2, 1)
    )
    made.refresh_from_db()
    return made


@pytest.fixture
def client(cast: Cast) -> Client:
    """Zhou, signed in; Lin is there too."""
    for name in ("zhou", "lin"):
        people.create_user(
            username=name,
            password=PASSWORD,
            role="compliance",
            branch=None,
            by="test",
            at=AT,
        )
    made = Client()
    made.force_login(User.objects.get(username="zhou"))
    return made


def test_the_pages_lead_from_plan_to_proof(
    client: Client, loan: Loan, settings: Any
) -> None:
    Loan.objects.filter(pk=loan.pk).update(closed_on=date(2015, 2, 1))
    assert client.get("/personal/").status_code == 200
    planned = client.post("/personal/plan/", follow=True)
    assert "zhou" in planned.text and 'value="do"' not in planned.text
    run = RetentionRun.objects.get()
    other = Client()
    other.force_login(User.objects.get(username="lin"))
    assert 'value="do"' in other.get(f"/personal/runs/{run.pk}/").text
    client.post(f"/personal/runs/{run.pk}/carry-out/", {"step": "do"})
    assert ContactPoint.objects.exists()  # nobody carries out their own
    done = other.post(
        f"/personal/runs/{run.pk}/carry-out/", {"step": "do"}, follow=True
    )
    assert run.digest in done.text and not ContactPoint.objects.exists()
    assert "/personal/runs/" in client.get("/personal/?part=runs").text


def test_the_pages_place_and_lift_holds_and_set_canaries(
    client: Client, loan: Loan
) -> None:
    wish = {"on": "customer", "number": "C1", "reason": "lawsuit 12/2031"}
    assert "lawsuit 12/2031" in client.post("/personal/holds/", wish, follow=True).text
    hold = RetentionHold.objects.get()
    client.post(f"/personal/holds/{hold.pk}/lift/", {"reason": "it is over"})
    hold.refresh_from_db()
    assert hold.lifted_by == "zhou"
    wish = {"number": "C1", "note": "watched <since> 7 May"}
    page = client.post("/personal/canaries/", wish, follow=True)
    assert "watched &lt;since&gt; 7 May" in page.text
    canary = loan.customer.canary_set.get()
    client.post(f"/personal/canaries/{canary.pk}/end/")
    assert "7 May" not in client.get("/personal/?part=canaries").text
    refused = client.post("/personal/holds/", {"number": "C9"}, follow=True)
    assert refused.status_code == 200 and RetentionHold.objects.count() == 1


@pytest.mark.parametrize("part", ["schedule", "runs", "holds", "canaries", "?"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_part_has_its_empty_state(
    client: Client, part: str, language: str
) -> None:
    client.cookies["django_language"] = language
    assert client.get("/personal/", {"part": part}).status_code == 200


def test_others_do_not_get_in(client: Client, cast: Cast, loan: Loan) -> None:
    risk = Client()
    risk.force_login(User.objects.get(username="arun"))
    for address in ("/personal/", "/personal/runs/1/"):
        assert risk.get(address).status_code == 403
        assert Client().get(address).status_code == 302
    for address in (
        "/personal/plan/",
        "/personal/runs/1/carry-out/",
        "/personal/holds/",
        "/personal/holds/1/lift/",
        "/personal/canaries/",
        "/personal/canaries/1/end/",
    ):
        assert risk.post(address).status_code == 403, address
        assert risk.get(address).status_code == 405, address
    assert client.get("/personal/runs/9999/").status_code == 404
