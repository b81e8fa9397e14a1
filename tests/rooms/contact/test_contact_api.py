"""May I contact? over the API: asked, tried, recorded, held, agreed."""

import pytest

from daihou.rooms.contact.models import Attempt, Decision
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from tests.api.calls import Api, api_of, refused
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_loan
from tests.rooms.contact.test_contact import with_phone


@pytest.fixture
def loan(cast: Cast) -> Loan:
    """A loan of the north on an open day."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    return make_loan("L1")


@pytest.fixture
def arun(loan: Loan) -> Api:
    """A program of Arun's."""
    return api_of("arun")


def letter(loan: Loan, **more: object) -> dict[str, object]:
    """A letter to the registered address, allowed whenever hours are open."""
    return {"loan": str(loan.pk), "channel": "letter", "purpose": "remind", **more}


def test_an_answer_is_kept_and_can_be_read_again(arun: Api, loan: Loan) -> None:
    said = arun.post("/contact/may", letter(loan)).json()
    assert said["verdict"] in {"allow", "defer"}
    again = arun.get(f"/contact/decisions/{said['id']}").json()
    assert again == {k: v for k, v in said.items() if k != "dry_run"}
    assert said["licence"] == "consumer_finance"
    row = Decision.objects.get(pk=said["id"])
    assert (row.asked_by, row.law_digest) == ("arun", said["law"])


def test_tried_only_nothing_is_kept(arun: Api, loan: Loan) -> None:
    said = arun.post("/contact/may", letter(loan), dry_run="true").json()
    assert said["id"] == 0
    assert not Decision.objects.exists()


def test_the_senders_number_of_a_loan_will_do(arun: Api, loan: Loan) -> None:
    asked = letter(loan, source="core") | {"loan": "ext:L1"}
    assert arun.post("/contact/may", asked).status_code == 200


def test_the_rules_in_the_way_come_with_their_text(arun: Api, loan: Loan) -> None:
    said = arun.post(
        "/contact/may", letter(loan, channel="visit", staff_count=1)
    ).json()
    assert "CN-COL-07" in said["rules"]
    rule = next(each for each in said["because"] if each["rule"] == "CN-COL-07")
    assert rule["text"] and rule["sources"] and rule["status"]


def test_a_contact_needs_an_answer_that_allows(arun: Api, loan: Loan) -> None:
    held = arun.post(
        "/contact/flags",
        {"customer": str(loan.customer_id), "kind": "dispute", "evidence": "letter"},
    )
    assert held.status_code == 200
    said = arun.post("/contact/may", letter(loan)).json()
    assert said["verdict"] == "deny"
    answer = arun.post("/contact/attempts", {"decision": said["id"], "result": "SENT"})
    refused(answer, 409, "decision_not_allowed")
    assert not Attempt.objects.exists()


def test_a_night_consent_and_then_a_letter_whatever_the_hour(
    arun: Api, loan: Loan
) -> None:
    given = arun.post(
        "/contact/consents",
        {
            "customer": str(loan.customer_id),
            "kind": "night_contact",
            "evidence": "signed form",
        },
    )
    assert given.status_code == 200
    people.create_user(
        username="co", password=PASSWORD, role="compliance", branch=None, by="t", at=AT
    )
    confirm = f"/contact/consents/{given.json()['id']}:confirm"
    assert arun.post(confirm, {}).status_code == 403  # a risk officer does not
    assert api_of("co").post(confirm, {}).status_code == 200
    said = arun.post("/contact/may", letter(loan)).json()
    assert said["verdict"] == "allow", said
    assert said["stands"]
    answer = arun.post(
        "/contact/attempts",
        {"decision": said["id"], "result": "SENT", "note": "by the post of noon"},
    )
    assert answer.status_code == 200, answer.json()
    listed = arun.get(f"/customers/{loan.customer_id}/contact/attempts").json()
    assert [each["result"] for each in listed["items"]] == ["SENT"]
    again = arun.post("/contact/attempts", {"decision": said["id"], "result": "SENT"})
    refused(again, 409, "decision_used")
    taken_back = arun.post(f"/contact/consents/{given.json()['id']}:withdraw", {})
    assert taken_back.status_code == 200
    consents = arun.get(f"/customers/{loan.customer_id}/contact/consents").json()
    assert consents["items"][0]["withdrawn_at"]


def test_a_flag_is_seen_and_its_raiser_does_not_lift_it(arun: Api, loan: Loan) -> None:
    made = arun.post(
        "/contact/flags",
        {"customer": str(loan.customer_id), "kind": "cease", "evidence": "letter"},
    ).json()
    flags = arun.get(f"/customers/{loan.customer_id}/contact/flags").json()
    first = flags["items"][0]
    assert (first["kind"], first["stands"]) == ("cease", True)
    answer = arun.post(f"/contact/flags/{made['id']}:lift", {"evidence": "x"})
    assert answer.status_code == 403  # a risk officer opens nothing


def test_no_contact_made_frees_what_the_answer_held(arun: Api, loan: Loan) -> None:
    co = people.create_user(
        username="co", password=PASSWORD, role="compliance", branch=None, by="t", at=AT
    )
    day = {"customer": str(loan.customer_id), "kind": "night_contact"}
    given = arun.post("/contact/consents", {**day, "evidence": "form"}).json()["id"]
    assert api_of(co.username).post(f"/contact/consents/{given}:confirm", {}).json()
    said = arun.post("/contact/may", letter(loan)).json()
    unused = arun.post(f"/contact/decisions/{said['id']}:unused", {})
    assert unused.status_code == 200, unused.json()
    assert not arun.get(f"/contact/decisions/{said['id']}").json()["stands"]
    answer = arun.post("/contact/attempts", {"decision": said["id"], "result": "SENT"})
    refused(answer, 409, "decision_used")


def test_another_person_confirms_that_somebody_is_lost(arun: Api, loan: Loan) -> None:
    flag = {"customer": str(loan.customer_id), "evidence": "number dead"}
    made = arun.post("/contact/flags", {**flag, "kind": "unreachable"}).json()["id"]
    people.create_user(
        username="co", password=PASSWORD, role="compliance", branch=None, by="t", at=AT
    )
    confirm = f"/contact/flags/{made}:confirm"
    assert arun.post(confirm, {}).status_code == 403
    assert api_of("co").post(confirm, {}).status_code == 200
    refused(api_of("co").post(confirm, {}), 409, "flag_settled")
    flags = arun.get(f"/customers/{loan.customer_id}/contact/flags").json()
    assert flags["items"][0]["confirmed_at"]


def test_the_week_of_a_channel(arun: Api, loan: Loan) -> None:
    week = arun.get(f"/loans/{loan.pk}/contact/week", channel="letter").json()
    assert 7 <= len(week["windows"]) <= 8
    point = with_phone(loan)
    calls = arun.get(
        f"/loans/{loan.pk}/contact/week", channel="call", contact_point=point
    )
    assert calls.json()["windows"]


def test_what_cannot_be_is_named(arun: Api, loan: Loan) -> None:
    refused(arun.post("/contact/may", letter(loan, channel="leaflet")), 422, "invalid")
    refused(
        arun.post("/contact/may", letter(loan, channel="call")),
        422,
        "contact_point_kind",
    )
    refused(
        arun.post("/contact/may", letter(loan, contact_point=999)),
        404,
        "contact_point_unknown",
    )
