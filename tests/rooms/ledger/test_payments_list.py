"""The list of payments: whose, in what order, narrowed, saved as a view."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger.models import Loan, Payment
from daihou.rooms.ledger.pages import payments_page
from daihou.rooms.lists import queries as lists
from daihou.rooms.people import actions
from daihou.rooms.people import door as people
from tests.rooms.cast import AT, TODAY, Cast, make_loan
from tests.rooms.test_pages import signed_in, text_of


def pay(loan: Loan, number: str, amount: int, **wish: Any) -> Payment:
    usual: dict[str, Any] = {
        "source": "bank",
        "external_id": number,
        "digest": b"",
        "loan": loan,
        "paid_on": TODAY,
        "recorded_at": AT,
        "amount": amount,
        "channel": "wechat",
        "payer": "王小明",
    }
    return Payment.objects.create(**usual | wish)


@pytest.fixture
def paid(cast: Cast) -> dict[str, Payment]:
    """Three payments in the north, one of them taken back, and one in the south."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    north, south = make_loan("N1"), make_loan("S1", branch="south")
    found = {
        "P1": pay(north, "P1", 100_00, paid_on=TODAY - timedelta(days=40)),
        "P2": pay(north, "P2", 2_000_00, channel="cash"),
        "P3": pay(north, "P3", 50_00, kind="recovery", source="court"),
        "S1": pay(south, "Q1", 70_00),
    }
    found["R"] = pay(north, "R2", -2_000_00, kind="reversal", reversal_of=found["P2"])
    return found


def shown(client: Client, query: str = "?v=all") -> list[str]:
    """The numbers of the payments on the page, in its order."""
    page = client.get(f"/payments/{query}").context["page"]
    return [row.line.number for row in page.rows]


def test_what_was_recorded_last_comes_first_of_ones_own_loans(
    paid: dict[str, Payment],
) -> None:
    assert shown(signed_in("arun")) == ["R2", "Q1", "P3", "P2", "P1"]
    assert shown(signed_in("mei")) == ["R2", "P3", "P2", "P1"]
    assert shown(signed_in("bola")) == ["Q1"]


def test_the_payer_is_masked_and_a_reversed_one_says_so(
    paid: dict[str, Payment],
) -> None:
    page = text_of(signed_in("mei").get("/payments/?v=all"))
    assert "王**" in page and "王小明" not in page
    assert page.count("Reversed") >= 1 and "Takes one back" in page


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("days=30", ["R2", "P3", "P2"]),
        ("days=90", ["R2", "P3", "P2", "P1"]),
        ("days=31", ["R2", "P3", "P2", "P1"]),  # no such choice: left out
        ("kind=recovery", ["P3"]),
        ("channel=cash", ["P2"]),
        ("source=court", ["P3"]),
        ("state=reversed", ["P2"]),
        ("state=standing", ["R2", "P3", "P1"]),
        ("least=100.00", ["R2", "P2", "P1"]),
        ("least=100.01", ["R2", "P2"]),
        ("least=much", ["R2", "P3", "P2", "P1"]),
        ("loan=N", ["R2", "P3", "P2", "P1"]),
        ("loan=S1", []),  # of the south
        ("currency=USD", []),
        ("kind=recovery&least=100", []),
    ],
)
def test_each_condition_narrows(
    paid: dict[str, Payment], query: str, numbers: list[str]
) -> None:
    assert shown(signed_in("mei"), f"?{query}") == numbers


def test_a_long_list_is_walked_page_by_page(
    paid: dict[str, Payment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payments_page, "SIZE", 3)
    client = signed_in("mei")
    page = client.get("/payments/?kind=&v=all").context["page"]
    assert [row.line.number for row in page.rows] == ["R2", "P3", "P2"]
    assert shown(client, f"?{page.older}") == ["P1"]
    last = client.get(f"/payments/?{page.older}").context["page"]
    assert last.paged and last.older == ""


def test_a_view_is_saved_and_opens_first(paid: dict[str, Payment]) -> None:
    mei = signed_in("mei")
    form = {"list": "payments", "name": "Cash", "query": "channel=cash&before=9"}
    page = text_of(mei.post("/views/save/", form, follow=True))
    assert "Cash" in page and 'aria-current="true"' in page
    (view,) = lists.views_of("payments", person=people.person("mei"))
    assert view.fields == "channel=cash"
    mei.post(f"/views/{view.id}/change/", {"step": "first"})
    assert mei.get("/payments/").headers["Location"].endswith(f"v={view.id}")
    assert shown(mei, f"?channel=cash&v={view.id}") == ["P2"]


def test_empty_lists_say_what_to_do(cast: Cast) -> None:
    page = text_of(signed_in("mei").get("/payments/"))
    assert "No payment yet" in page
    page = text_of(signed_in("mei").get("/payments/?kind=refund"))
    assert "No payment matches" in page


def test_who_may_not_see_loans_gets_no_payments(cast: Cast) -> None:
    people.create_user(
        username="none", password="correct-horse-9", role="admin", by="test", at=AT
    )
    hand = people.process("test")
    actions.change_role(
        code="admin",
        permissions=["view_people"],
        deed=people.Deed(hand, AT, date(2026, 3, 20)),
    )
    assert signed_in("none").get("/payments/").status_code == 403
