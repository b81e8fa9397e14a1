"""Sight is lent, tasks are not: what a cover may, and for whom they did it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from daihou.config import clock
from daihou.kit.refusal import NotAllowed
from daihou.rooms.approvals import door as approvals
from daihou.rooms.approvals.models import Proposal
from daihou.rooms.audit.models import Event
from daihou.rooms.dayend import door as dayend
from daihou.rooms.gateway import door as gateway
from daihou.rooms.ledger.actions import corrections
from daihou.rooms.ledger.models import Loan
from daihou.rooms.notices.models import Notice
from daihou.rooms.people import actions, queries, standing
from daihou.rooms.people import door as people
from daihou.rooms.people.models import Cover
from tests.rooms.approving import decide, deed, login
from tests.rooms.cast import AT, TODAY, Cast, make_loan
from tests.rooms.receipts import arrive, claim, make_finance
from tests.rooms.test_pages import signed_in, text_of

HAND = people.process("test")


def lend(absent: str, cover: str) -> None:
    """From yesterday for a week, by the real clock: pages live in it."""
    today = timezone.localdate(clock.now())
    actions.arrange_cover(
        absent=absent,
        cover=cover,
        begins_on=today,
        last_on=today + timedelta(days=7),
        deed=people.Deed(HAND, clock.now(), reason="on leave"),
    )


def own_role(code: str, source: str, **wish: object) -> None:
    """A role of the lender's own that begins like another."""
    deed = people.Deed(HAND, AT, TODAY)
    actions.copy_role(source=source, code=code, name=code, deed=deed)
    actions.change_role(code=code, deed=deed, **wish)


@pytest.fixture
def loans(cast: Cast) -> dict[str, Loan]:
    """A loan of the north and one of the south, on an open day."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    return {"north": make_loan("N1"), "south": make_loan("S1", branch="south")}


def test_what_a_cover_does_says_for_whom(loans: dict[str, Loan]) -> None:
    lend("bola", "mei")
    mei = signed_in("mei")
    for loan in loans.values():
        address = f"/customers/{loan.customer_id}/notes/"
        assert mei.post(address, {"text": "promised to call"}).status_code == 302
    said = Event.objects.filter(actor="mei", subject_type="customer").order_by("pk")
    told = {int(event.subject_id): event.on_behalf_of for event in said}
    assert told == {
        loans["north"].customer_id: "",
        loans["south"].customer_id: "bola",
    }


def test_what_a_cover_proposes_is_the_absent_ones_too(loans: dict[str, Loan]) -> None:
    lend("bola", "mei")
    mei = people.person("mei", at=clock.now())
    wish = {"employer": "新厂"}
    for loan in loans.values():
        corrections.propose_customer(loan.customer_id, wish, deed=deed(mei))
    rows = Proposal.objects.order_by("pk").values_list("subject_id", "proposed_for")
    assert list(rows) == [
        (str(loans["north"].customer_id), ""),
        (str(loans["south"].customer_id), "bola"),
    ]
    # Bola comes back with the right to decide, but not what was asked for her.
    people.change_user(username="bola", role="supervisor", by=HAND, at=AT)
    number = Proposal.objects.order_by("pk")[1].pk
    with pytest.raises(NotAllowed) as refused:
        decide(people.person("bola"), number)
    assert refused.value.code == "own_proposal"


def test_who_covers_somebody_of_head_office_oversees_nothing(cast: Cast) -> None:
    own_role("local", "admin", reach="branch")
    login("lou", "local", "north")
    login("cora", "compliance")
    Cover.objects.create(
        absent_id=people.person("cora").id,
        cover_id=people.person("lou").id,
        begins_on=TODAY,
        ends_on=TODAY + timedelta(days=9),
        arranged_by="test",
        arranged_at=AT,
    )
    lou = people.person("lou", at=AT)
    assert lou.scope.everything and lou.covering == ("cora",)
    assert not lou.oversees
    assert people.person("cora").oversees
    assert lou.may(people.Permission.MANAGE_WEBHOOKS) and not gateway.may_manage(lou)
    assert lou.may(people.Permission.VIEW_AS) and not standing.may_look(lou)
    assert queries.in_sight(lou) == {"lou", "mei", "arun"}
    with pytest.raises(NotAllowed):
        actions.make_login(
            username="x",
            wish={
                "role": "compliance",
                "branch": "",
                "products": [],
                "full_name": "",
                "reads_only": False,
            },
            deed=people.Deed(lou, AT),
        )


def test_who_manages_one_unit_takes_no_other_under_it(cast: Cast) -> None:
    own_role("local", "admin", reach="branch")
    lou = login("lou", "local", "north")
    actions.save_unit(
        code="town", name="Town", parent="north", new=True, deed=people.Deed(lou, AT)
    )
    for wish in (
        {"code": "south", "name": "South", "parent": "north"},
        {"code": "north", "name": "North", "parent": ""},
        {"code": "new", "name": "New", "parent": "south", "new": True},
        {"code": "town", "name": "Town", "parent": ""},
    ):
        with pytest.raises(NotAllowed) as refused:
            actions.save_unit(**wish, deed=people.Deed(lou, AT))
        assert refused.value.code == "unit_beyond_own"
    with pytest.raises(NotAllowed):
        actions.remove_unit(code="south", deed=people.Deed(lou, AT))
    actions.remove_unit(code="town", deed=people.Deed(lou, AT))


def test_tokens_of_other_units_are_neither_seen_nor_ended(cast: Cast) -> None:
    own_role("local", "admin", reach="branch")
    login("lou", "local", "north")
    login("sora", "branch_manager", "south")
    for name in ("arun", "sora"):
        gateway.make_token(
            username=name,
            name=f"core of {name}",
            scopes=["loans:read"],
            days=30,
            by=HAND,
            at=clock.now(),
        )
    page = text_of(signed_in("lou").get("/interfaces/"))
    assert "core of arun" in page and "core of sora" not in page
    (line,) = gateway.tokens(username="sora")
    address = f"/interfaces/{line.public_id}/revoke/"
    assert signed_in("lou").post(address).status_code == 404
    (line,) = gateway.tokens(username="arun")
    address = f"/interfaces/{line.public_id}/revoke/"
    assert signed_in("lou").post(address).status_code == 302


def test_only_who_sees_the_loan_hears_of_a_claim_for_it(loans: dict[str, Loan]) -> None:
    fang, _gao = make_finance()
    own_role("local", "finance", reach="branch")
    login("nia", "local", "north")
    login("sia", "local", "south")
    number = arrive("R1", fang)
    told = {
        notice.login: notice.params
        for notice in Notice.objects.filter(kind="receipts.to_claim")
    }
    assert told["gao"] == {"count": 1} and told["nia"] == {}
    claim(number, fang, (loans["north"].pk, 101_000))
    asked = Notice.objects.filter(kind="receipts.to_confirm")
    logins = set(asked.values_list("login", flat=True))
    assert {"gao", "nia", "arun"} <= logins and not {"sia", "fang"} & logins


def test_the_amount_owed_says_who_decides_a_correction(
    cast: Cast, loans: dict[str, Loan]
) -> None:
    """End to end: a table by amount, then a small and a large loan corrected."""
    ada, cora = login("ada", "admin"), login("cora", "compliance")
    login("suki", "supervisor", "north"), login("nora", "branch_manager", "north")
    rows = (
        approvals.LevelRow(1, 0, None, "supervisor"),
        approvals.LevelRow(2, 500_000, None, "branch_manager"),
    )
    table = approvals.propose_levels(
        kind="ledger.loan", currency="CNY", rows=rows, from_on=TODAY, deed=deed(ada)
    )
    decide(cora, table.id)
    large = make_loan("N2", principal=1_000_000)
    mei = signed_in("mei")
    for loan in (loans["north"], large):
        form = {"new-officer": "nora", "reason": "she knows them"}
        page = text_of(mei.get(f"/loans/{loan.pk}/correct/"))
        assert 'name="new-officer"' in page
        answer = mei.post(f"/loans/{loan.pk}/correct/", form)
        assert answer.status_code == 302, text_of(answer)
    small_one, large_one = Proposal.objects.filter(kind="ledger.loan").order_by("pk")
    assert (small_one.amount, small_one.currency) == (300_000, "CNY")
    assert small_one.levels == ["supervisor"]
    assert large_one.amount == 3_000_000
    assert large_one.levels == ["supervisor", "branch_manager"]
    page = text_of(signed_in("suki").get(f"/approvals/{large_one.pk}/"))
    assert "30,000.00" in page and "Branch manager" in page
    for row in (small_one, large_one):
        sent = {"verdict": "approve", "level": "1"}
        signed_in("suki").post(f"/approvals/{row.pk}/decide/", sent)
    assert Loan.objects.get(pk=loans["north"].pk).officer == "nora"
    assert Loan.objects.get(pk=large.pk).officer != "nora"
    sent = {"verdict": "approve", "level": "2"}
    signed_in("suki").post(f"/approvals/{large_one.pk}/decide/", sent)
    assert Loan.objects.get(pk=large.pk).officer != "nora"  # each level is another's
    page = text_of(signed_in("nora").get("/notices/"))
    assert 'href="/approvals/"' in page and "<em>1" in page
    signed_in("nora").post(f"/approvals/{large_one.pk}/decide/", sent)
    assert Loan.objects.get(pk=large.pk).officer == "nora"
    assert (
        "<em>1" not in text_of(signed_in("nora").get("/approvals/")).split("<main")[0]
    )


def test_what_a_customer_owes_says_who_decides_too(loans: dict[str, Loan]) -> None:
    loan = loans["north"]
    second = make_loan("N3", principal=50_000)
    Loan.objects.filter(pk=second.pk).update(customer=loan.customer_id)
    asked = corrections.propose_customer(
        loan.customer_id, {"employer": "新厂"}, deed=deed(people.person("mei"))
    )
    assert (asked.amount, asked.currency) == (450_000, "CNY")
