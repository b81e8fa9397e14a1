"""Customers, loans, payments and positions: what a token's person sees, and posts."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daihou.kit import ports
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger.models import Demand, Loan, Payment
from daihou.rooms.people import door as people
from daihou.rooms.people.models import RoleGrant, User
from tests.api.calls import Api, api_of, refused
from tests.api.conftest import World
from tests.rooms.book import Book, position, positions
from tests.rooms.cast import TODAY, make_loan

LAST = date(2026, 3, 19)


def payment(**wish: object) -> dict[str, object]:
    return {
        "source": "bank",
        "number": "P1",
        "loan": "ext:N1",
        "paid_on": TODAY.isoformat(),
        "amount": "1010.00",
        "currency": "CNY",
    } | wish


def numbers(api: Api, path: str, **asked: object) -> list[str]:
    return [each["number"] for each in api.get(path, **asked).json()["items"]]


def test_each_sees_the_loans_of_their_branch(world: World) -> None:
    assert numbers(api_of("mei"), "/loans") == ["N1"]
    assert numbers(api_of("bola"), "/loans") == ["S1"]
    assert numbers(api_of("arun"), "/loans") == ["N1", "S1"]
    assert numbers(api_of("bola"), "/customers") == ["C-S1"]


@pytest.mark.parametrize(
    "path",
    [
        "/loans/{loan}",
        "/loans/{loan}/position",
        "/loans/{loan}/schedule",
        "/loans/{loan}/payoff",
        "/customers/{customer}",
        "/payments/{payment}",
    ],
)
def test_what_is_of_another_branch_is_not_there(
    world: World, arun: Api, path: str
) -> None:
    posted = arun.post("/payments", payment()).json()
    ids = {
        "loan": world.north.pk,
        "customer": world.north.customer_id,
        "payment": posted["id"],
    }
    names = {"loan": "ext:N1", "customer": "ext:C-N1", "payment": "ext:P1"}
    bola, mei = api_of("bola"), api_of("mei")
    for wanted in (path.format(**ids), path.format(**names)):
        assert mei.get(wanted).status_code == 200, wanted
        there = bola.get(wanted)
        assert there.status_code == 404
        gone = bola.get(path.format(loan=9**9, customer=9**9, payment=9**9))
        assert there.json()["code"] == gone.json()["code"]
    assert bola.get("/payments").json()["items"] == []
    refused(bola.get("/payments", loan="ext:N1"), 404, "loan_unknown")


def test_money_is_exact_text(world: World, arun: Api) -> None:
    told = arun.get("/loans/ext:N1").json()
    assert (told["principal"], told["currency"]) == ("3000.00", "CNY")
    assert told["annual_rate"] == "0.12"


def test_a_list_is_walked_by_cursor(world: World, arun: Api) -> None:
    for number in range(5):
        make_loan(f"N{number + 2}")
    seen, cursor = [], ""
    while True:
        page = arun.get("/loans", limit=3, cursor=cursor).json()
        seen += [each["number"] for each in page["items"]]
        if not page["has_more"]:
            break
        cursor = page["next_cursor"]
    assert page["next_cursor"] is None
    assert (
        sorted(seen) == sorted({*seen}) == ["N1", *(f"N{n}" for n in range(2, 7)), "S1"]
    )


def test_fifty_at_once_unless_asked_and_five_hundred_at_most(arun: Api) -> None:
    from daihou.kit.api import paging

    assert (paging.USUAL, paging.MOST) == (50, 500)
    told = refused(arun.get("/loans", limit=501), 422, "invalid")
    assert told["errors"][0]["field"] == "limit"
    assert told["errors"][0]["in"] == "query"


def test_a_cursor_of_another_list_or_of_nothing_is_refused(arun: Api) -> None:
    cursor = arun.get("/loans", limit=1).json()["next_cursor"]
    for path, given in (("/customers", cursor), ("/loans", "abc"), ("/loans", "é")):
        told = refused(arun.get(path, cursor=given), 422, "invalid")
        assert told["errors"][0]["code"] == "cursor_unreadable"


def test_filters_narrow_a_list(world: World, arun: Api) -> None:
    Loan.objects.filter(pk=world.south.pk).update(product="business_loan")
    assert numbers(arun, "/loans", product="business_loan") == ["S1"]
    assert numbers(arun, "/loans", branch="north") == ["N1"]
    assert numbers(arun, "/loans", number="N1", source="core") == ["N1"]
    assert numbers(arun, "/loans", customer_id=world.south.customer_id) == ["S1"]
    assert numbers(arun, "/loans", status="settled") == []
    arun.post("/payments", payment(amount="10.00"))  # settles the loan: it is late
    assert numbers(arun, "/loans", late="true") == ["N1"]
    assert numbers(arun, "/loans", late="false") == ["S1"]


def test_a_number_two_senders_use_needs_its_sender(world: World, arun: Api) -> None:
    other = make_loan("X1")
    Loan.objects.filter(pk=other.pk).update(source="other", external_id="N1")
    refused(arun.get("/loans/ext:N1"), 422, "loan_number_shared")
    assert arun.get("/loans/ext:N1", source="other").json()["id"] == other.pk


def test_a_customer_is_masked(world: World) -> None:
    told = api_of("mei").get("/customers/ext:C-N1").json()
    assert told["name"] == "*" and told["loans"][0]["number"] == "N1"
    listed = api_of("mei").get("/customers").json()["items"][0]
    assert listed["name"] == "*"


def test_how_a_loan_stands_on_a_day(world: World, arun: Api) -> None:
    late = arun.get("/loans/ext:N1/position", as_of="2026-02-11").json()
    assert (late["dpd"], late["bucket"]) == (10, "M1")
    assert late["overdue"]["principal"] == "1000.00"
    assert late["overdue_total"] >= "1010.00"
    early = arun.get("/loans/ext:N1/position", as_of="2026-01-15").json()
    assert (early["dpd"], early["overdue_total"]) == (0, "0.00")
    now = arun.get("/loans/ext:N1/position").json()
    assert now["as_of"] == "2026-03-19"
    told = arun.get("/loans/ext:N1/position", as_of="2025-12-31")
    assert told.status_code == 422 and told.json()["code"] != "invalid"


def test_the_plan_and_what_closes_the_loan(world: World, arun: Api) -> None:
    arun.post("/payments", payment())
    plan = arun.get("/loans/ext:N1/schedule").json()
    assert [row["due_on"] for row in plan["demands"]] == [
        "2026-02-01",
        "2026-03-01",
        "2026-04-01",
    ]
    paid = sum(float(row["paid"]["principal"]) for row in plan["demands"])
    assert 0 < paid <= 1010
    payoff = arun.get("/loans/ext:N1/payoff").json()
    assert payoff["on"] == TODAY.isoformat()
    parts = (payoff[name] for name in ("principal", "due", "running_interest"))
    assert round(sum(map(float, parts)) - float(payoff["credit"]), 2) == float(
        payoff["total"]
    )


def test_a_payment_is_posted_settled_and_written_down(world: World, arun: Api) -> None:
    response = arun.post("/payments", payment(payer="王小明", channel="counter"))
    told = response.json()
    assert told["new"] and not told["dry_run"] and told["currency"] == "CNY"
    assert told["after"]["outstanding_total"] < told["before"]["outstanding_total"]
    kept = Payment.objects.get()
    assert (kept.amount, kept.external_id, kept.pk) == (101_000, "P1", told["id"])
    event = audit.timeline(subject_type="loan", subject_id=world.north.pk)[0]
    assert (event.type, event.by) == ("payment.received", "arun")
    assert event.request_id == response.headers["X-Request-ID"]
    read = arun.get("/payments/ext:P1", source="bank").json()
    assert (read["amount"], read["payer"]) == ("1010.00", "王**")


def test_the_same_payment_under_another_key_changes_nothing(arun: Api) -> None:
    first = arun.post("/payments", payment()).json()
    again = arun.post("/payments", payment()).json()
    assert again["id"] == first["id"] and not again["new"]
    other = arun.post("/payments", payment(amount="9.00"))
    refused(other, 409, "payment_differs")


@pytest.mark.parametrize(
    ("wish", "field", "code"),
    [
        ({"amount": "1.005"}, "amount", "too_many_decimals"),
        ({"amount": "-1.00"}, "amount", "string_pattern_mismatch"),
        ({"amount": "1e3"}, "amount", "string_pattern_mismatch"),
        ({"amount": "１.00"}, "amount", "string_pattern_mismatch"),
        ({"currency": "USD"}, "currency", "currency_differs"),
        ({"currency": "cny"}, "currency", "string_pattern_mismatch"),
        ({"kind": "gift"}, "kind", "literal_error"),
        ({"keep_credit": "yes"}, "keep_credit", "bool_type"),
        ({"source": "a/b"}, "source", "string_pattern_mismatch"),
        ({"paid_on": "1026-03-20"}, "paid_on", "day"),
        ({"paid_on": 20260320}, "paid_on", "day"),
    ],
)
def test_what_a_payment_may_not_be(
    arun: Api, wish: dict[str, object], field: str, code: str
) -> None:
    told = refused(arun.post("/payments", payment(**wish)), 422, "invalid")
    assert [(each["field"], each["code"]) for each in told["errors"]] == [(field, code)]
    assert not Payment.objects.exists()


def test_fields_nobody_asked_for_set_nothing(arun: Api) -> None:
    body = payment(id=7, recorded_at="2020-01-01T00:00:00Z", loan_id=1)
    told = refused(arun.post("/payments", body), 422, "invalid")
    assert {each["field"] for each in told["errors"]} == {
        "id",
        "recorded_at",
        "loan_id",
    }


def test_of_many_payments_each_stands_for_itself(world: World, arun: Api) -> None:
    items = [
        payment(number="A"),
        payment(number="B", loan="ext:none"),
        payment(number="C", currency="USD"),
        payment(number="D", loan=str(world.south.pk), amount="1.00"),
    ]
    told = arun.post("/payments:batch", {"items": items}).json()
    assert [each["code"] for each in told["items"]] == [
        None,
        "loan_unknown",
        "invalid",
        None,
    ]
    assert (told["posted"], told["refused"]) == (2, 2)
    kept = Payment.objects.values_list("external_id", flat=True)
    assert sorted(kept) == ["A", "D"]
    empty = arun.post("/payments:batch", {"items": []})
    assert refused(empty, 422, "invalid")["errors"][0]["field"] == "items"


def test_a_batch_that_is_only_tried_leaves_nothing(arun: Api) -> None:
    items = [payment(number="A"), payment(number="B")]
    told = arun.post("/payments:batch", {"items": items}, dry_run="true").json()
    assert told["posted"] == 2 and not Payment.objects.exists()


def test_a_payment_is_taken_back(world: World, arun: Api) -> None:
    posted = arun.post("/payments", payment()).json()
    body = {"reversed_on": TODAY.isoformat(), "reason": "bounced"}
    refused(api_of("mei").post("/payments/ext:P1:reverse", body), 403, "not_allowed")
    told = arun.post("/payments/ext:P1:reverse", body).json()
    stands = arun.get("/loans/ext:N1/position", as_of=TODAY.isoformat()).json()
    assert told["after"]["outstanding_total"] == stands["outstanding_total"]
    assert stands["outstanding_total"] > posted["before"]["outstanding_total"]
    read = arun.get(f"/payments/{posted['id']}").json()
    assert (
        read["reversed_on"] == TODAY.isoformat() and read["reversed_by"] == told["id"]
    )
    missing = arun.post("/payments/ext:none:reverse", body)
    refused(missing, 404, "payment_unknown")


def test_who_may_post_may_not_post_to_another_branch(world: World) -> None:
    """Bola of the south is given the right, and still no loan of the north."""
    RoleGrant.objects.filter(code="collector").update(
        permissions=["view_loans", "post_payment", "change_loan", "use_api"]
    )
    bola = api_of("bola")
    mine = payment(loan="ext:S1", number="S", amount="1.00")
    assert bola.post("/payments", mine).status_code == 200
    for loan in ("ext:N1", str(world.north.pk)):
        refused(bola.post("/payments", payment(loan=loan)), 404, "loan_unknown")
        charge = {
            "source": "bank",
            "number": "F1",
            "kind": "legal",
            "due_on": TODAY.isoformat(),
            "amount": "5.00",
            "currency": "CNY",
        }
        refused(bola.post(f"/loans/{loan}:charge", charge), 404, "loan_unknown")
    body = {"reversed_on": TODAY.isoformat(), "reason": "x"}
    api_of("arun").post("/payments", payment())
    refused(bola.post("/payments/ext:P1:reverse", body), 404, "payment_unknown")
    assert not Payment.objects.exclude(loan=world.south).exclude(external_id="P1")


def test_a_charge_is_owed(world: World, arun: Api) -> None:
    body = {
        "source": "bank",
        "number": "F1",
        "kind": "legal",
        "due_on": TODAY.isoformat(),
        "amount": "5.00",
        "currency": "CNY",
    }
    tried = arun.post("/loans/ext:N1:charge", body, dry_run="true").json()
    assert tried["new"] and tried["id"] is None
    assert not Demand.objects.filter(kind="charge").exists()
    told = arun.post("/loans/ext:N1:charge", body).json()
    assert told["new"] and Demand.objects.get(pk=told["id"]).fee == 500
    assert told["after"] == tried["after"]
    again = arun.post("/loans/ext:N1:charge", body).json()
    assert (again["id"], again["new"]) == (told["id"], False)


def test_a_loan_gets_a_new_plan(world: World, arun: Api) -> None:
    rows = [
        {"seq": 2, "due_on": "2026-05-01", "principal": "1500.00", "interest": "9.00"},
        {"seq": 3, "due_on": "2026-06-01", "principal": "500.00", "interest": "3.00"},
    ]
    body = {
        "begins_on": TODAY.isoformat(),
        "currency": "CNY",
        "rows": rows,
        "reason": "agreed",
    }
    told = arun.post("/loans/ext:N1:extend", body).json()
    assert (told["schedule"], told["replaced"]) == (2, 2)
    plan = arun.get("/loans/ext:N1/schedule", as_of=TODAY.isoformat()).json()
    assert [row["due_on"] for row in plan["demands"]][1:] == [
        "2026-05-01",
        "2026-06-01",
    ]
    wrong = body | {"rows": [rows[0] | {"principal": "1.00"}, rows[1]]}
    refused(arun.post("/loans/ext:N1:extend", wrong), 422, "rows_principal")


@pytest.fixture
def book(world: World) -> Iterator[Book]:
    """One closed day; S1 is late on it."""
    made = Book(
        {LAST: positions(position(world.north.pk), position(world.south.pk, dpd=18))}
    )
    ports.bind_book(made)
    yield made
    ports.unbind_book()


def test_the_positions_of_a_closed_day(world: World, arun: Api, book: Book) -> None:
    make_loan("N9")  # of which that day knows nothing
    page = arun.get("/positions", as_of=LAST.isoformat(), limit=1).json()
    assert page["has_more"] and page["items"][0]["number"] == "N1"
    rest = arun.get(
        "/positions", as_of=LAST.isoformat(), limit=1, cursor=page["next_cursor"]
    ).json()
    assert not rest["has_more"]
    told = rest["items"][0]
    assert (told["number"], told["dpd"], told["bucket"]) == ("S1", 18, "M1")
    assert (told["overdue_total"], told["as_of"]) == ("1010.00", LAST.isoformat())


def test_positions_are_of_the_branch(world: World, book: Book) -> None:
    mei, bola = api_of("mei"), api_of("bola")
    assert numbers(mei, "/positions", as_of=LAST.isoformat()) == ["N1"]
    assert numbers(bola, "/positions", as_of=LAST.isoformat()) == ["S1"]


def test_a_day_that_is_not_closed_has_no_positions(arun: Api, book: Book) -> None:
    refused(arun.get("/positions", as_of=TODAY.isoformat()), 404, "not_closed")
    told = refused(arun.get("/positions"), 422, "invalid")
    assert told["errors"][0]["code"] == "missing"


@pytest.mark.parametrize("path", ["/loans", "/customers", "/payments", "/events"])
def test_a_list_asks_the_database_as_often_for_many_as_for_few(
    world: World, path: str
) -> None:
    everything = RoleGrant.objects.create(
        code="everything", name="x", permissions=sorted(people.Permission), reach="all"
    )
    User.objects.filter(username="arun").update(role=everything)
    arun = api_of("arun")

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert arun.get(path).json()["items"]
        return len(caught)

    arun.post("/payments", payment())
    arun.get(path)
    few = asked()
    for number in range(6):
        make_loan(f"M{number}")
        arun.post("/payments", payment(number=f"M{number}", loan=f"ext:M{number}"))
    assert asked() == few <= 12
