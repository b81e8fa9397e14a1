"""Corrections of customers and loans, and exports too large for one person alone."""

import io
import re
from collections.abc import Iterator
from datetime import date
from zipfile import ZipFile

import pytest
from django.db import connection

from daihou.kit import ports, secret
from daihou.kit.refusal import Conflict, NotAllowed, NotFound, Refused
from daihou.rooms.approvals import queries
from daihou.rooms.approvals.models import Proposal
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger import sealing
from daihou.rooms.ledger.actions import canaries, corrections
from daihou.rooms.ledger.actions.canaries import Doing
from daihou.rooms.ledger.models import ContactPoint, Customer, Loan, RowHistory
from tests.rooms.approving import decide, deed, login
from tests.rooms.book import Book, position, positions
from tests.rooms.cast import AT, TODAY, Cast, make_loan
from tests.rooms.test_pages import signed_in, text_of

LAST = date(2026, 3, 19)
OLD, NEW = "13800000007", "13899990000"


@pytest.fixture
def loan(cast: Cast) -> Loan:
    """A loan of the north whose borrower has a mobile and a mail address."""
    made = make_loan("N1", name="北甲")
    for number, (kind, value) in enumerate([("mobile", OLD), ("email", "a@b.cn")]):
        ContactPoint.objects.create(
            source="core",
            external_id=f"P{number}",
            digest=b"",
            customer=made.customer,
            kind=kind,
            **sealing.contact_columns(value),
        )
    Loan.objects.filter(pk=made.pk).update(attributes={"vip": 3, "note": "x"})
    Customer.objects.filter(pk=made.customer_id).update(
        employer="旧厂", **sealing.address_columns("江北区某路一号一单元")
    )
    return Loan.objects.get(pk=made.pk)


def point(loan: Loan, kind: str = "mobile") -> ContactPoint:
    return ContactPoint.objects.get(customer=loan.customer_id, kind=kind)


def phone_name(loan: Loan) -> str:
    return f"contact-{point(loan).pk}"


def test_a_customer_is_corrected_once_another_has_approved_it(
    cast: Cast, loan: Loan
) -> None:
    wish = {
        "name": "北 乙",
        "employer": "新厂",
        "address": "江南区某路二号",
        phone_name(loan): NEW,
    }
    asked = corrections.propose_customer(loan.customer_id, wish, deed=deed(cast.mei))
    assert Customer.objects.get(pk=loan.customer_id).name == "北甲"
    decide(cast.arun, asked.id)
    row, mobile = Customer.objects.get(pk=loan.customer_id), point(loan)
    assert (row.name, row.employer, row.version) == ("北 乙", "新厂", 2)
    assert secret.open(row.address, about=sealing.ADDRESS) == "江南区某路二号"
    assert secret.open(mobile.value, about=sealing.CONTACT) == NEW
    assert mobile.value_tail == secret.tail(NEW, "phone")
    assert mobile.value_digest == sealing.digest(NEW, "phone")


def test_the_former_content_is_kept_and_the_story_told_masked(
    cast: Cast, loan: Loan
) -> None:
    before = Customer.objects.get(pk=loan.customer_id)
    asked = corrections.propose_customer(
        loan.customer_id, {"name": "北乙", phone_name(loan): NEW}, deed=deed(cast.mei)
    )
    decide(cast.arun, asked.id)
    kept = {row.table: row for row in RowHistory.objects.all()}
    assert kept["customer"].content["name"] == "北甲"
    assert kept["customer"].version == before.version
    assert kept["contact_point"].row_id == point(loan).pk
    told = audit.timeline(subject_type="customer", subject_id=loan.customer_id)
    assert [entry.type for entry in told] == [
        "customer.corrected",
        "approval.approved",
        "approval.proposed",
    ]
    assert told[0].payload["proposed_by"] == "mei" and told[0].by == "arun"
    assert told[0].after == {"name": "北*", phone_name(loan): "138****0000"}
    with connection.cursor() as cursor:
        cursor.execute("select string_agg(e::text, '') from audit_event e")
        log = cursor.fetchone()[0]
    assert not any(text in log for text in (OLD, NEW, "北甲", "北乙"))


def test_a_file_that_came_meanwhile_overtakes_a_correction(
    cast: Cast, loan: Loan
) -> None:
    asked = corrections.propose_customer(
        loan.customer_id, {phone_name(loan): NEW}, deed=deed(cast.mei)
    )
    ContactPoint.objects.filter(pk=point(loan).pk).update(
        **sealing.contact_columns("13811112222")
    )
    with pytest.raises(Conflict) as error:
        decide(cast.arun, asked.id)
    assert error.value.code == "proposal_overtaken"
    value = secret.open(point(loan).value, about=sealing.CONTACT)
    assert value == "13811112222" and Proposal.objects.get().state == "overtaken"


def test_a_value_sealed_anew_is_the_same_value(cast: Cast, loan: Loan) -> None:
    asked = corrections.propose_customer(
        loan.customer_id, {phone_name(loan): NEW}, deed=deed(cast.mei)
    )
    ContactPoint.objects.filter(pk=point(loan).pk).update(
        **sealing.contact_columns(OLD)
    )
    assert decide(cast.arun, asked.id).state == "approved"


def test_a_loan_is_corrected_and_an_attribute_keeps_its_form(
    cast: Cast, loan: Loan
) -> None:
    asked = corrections.propose_loan(
        loan.pk,
        {"officer": "li", "attribute-vip": "5", "attribute-note": "y"},
        deed=deed(cast.mei),
    )
    decide(cast.arun, asked.id)
    row = Loan.objects.get(pk=loan.pk)
    assert row.officer == "li" and row.attributes == {"vip": 5, "note": "y"}
    assert row.principal == loan.principal
    (entry,) = audit.latest(type="loan.corrected")
    assert entry.before["officer"] == "officer" and entry.after["officer"] == "li"


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"id_no": "1"}, "field_unknown"),
        ({"version": "9"}, "field_unknown"),
        ({"name": " "}, "value_empty"),
        ({"name": "x" * 201}, "value_long"),
        ({"employer": "旧厂"}, "nothing_changes"),
        ({"PHONE": "12"}, "not_a_phone"),
        ({"PHONE": "call me"}, "not_a_phone"),
        ({"MAIL": "nobody"}, "not_an_email"),
    ],
)
def test_what_cannot_be_is_not_proposed(
    cast: Cast, loan: Loan, wish: dict[str, str], code: str
) -> None:
    names = {
        "PHONE": phone_name(loan),
        "MAIL": f"contact-{point(loan, 'email').pk}",
    }
    meant = {names.get(name, name): text for name, text in wish.items()}
    with pytest.raises(Refused) as error:
        corrections.propose_customer(loan.customer_id, meant, deed=deed(cast.mei))
    assert error.value.code == code and not Proposal.objects.exists()


def test_a_contact_of_another_customer_is_no_field_of_this_one(
    cast: Cast, loan: Loan
) -> None:
    other = make_loan("N2")
    with pytest.raises(Refused) as error:
        corrections.propose_customer(
            other.customer_id, {phone_name(loan): NEW}, deed=deed(cast.mei)
        )
    assert error.value.code == "field_unknown"
    for name in ("principal", "attribute-new", "attribute-\x00"):
        with pytest.raises(Refused):
            corrections.propose_loan(loan.pk, {name: "1"}, deed=deed(cast.mei))


def test_another_branch_neither_proposes_nor_reads_nor_decides(
    cast: Cast, loan: Loan
) -> None:
    south = login("sena", "branch_manager", "south")
    with pytest.raises(NotFound):
        corrections.propose_customer(
            loan.customer_id, {"name": "x"}, deed=deed(cast.bola)
        )
    with pytest.raises(NotFound):
        corrections.propose_loan(loan.pk, {"officer": "x"}, deed=deed(cast.bola))
    asked = corrections.propose_loan(loan.pk, {"officer": "x"}, deed=deed(cast.mei))
    with pytest.raises(NotFound):
        decide(south, asked.id)
    for who in ("bola", "sena"):
        for address in (
            f"/approvals/{asked.id}/",
            f"/approvals/{asked.id}/difference/",
            f"/customers/{loan.customer_id}/correct/",
            f"/loans/{loan.pk}/correct/",
        ):
            assert signed_in(who).get(address).status_code == 404, address


def test_the_form_shows_masked_values_and_keeps_what_was_typed(
    cast: Cast, loan: Loan
) -> None:
    client, address = signed_in("mei"), f"/customers/{loan.customer_id}/correct/"
    page = text_of(client.get(address))
    assert "138****0007" in page and OLD not in page and "北甲" in page
    field = f"new-{phone_name(loan)}"
    response = client.post(address, {field: "12", "reason": "called"})
    assert response.status_code == 422
    assert "5 to 20 digits" in text_of(response) and 'value="12"' in text_of(response)
    response = client.post(address, {field: NEW, "new-employer": "-", "reason": "c"})
    (made,) = Proposal.objects.all()
    assert response.headers["Location"] == f"/approvals/{made.pk}/"
    found = queries.find(made.pk, person=cast.arun, at=AT)
    assert found.after == {phone_name(loan): NEW, "employer": ""}
    assert "proposed already" in text_of(client.get(address))
    assert signed_in("sam").get(address).status_code == 403


def test_the_page_of_a_loan_leads_to_its_correction(cast: Cast, loan: Loan) -> None:
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    link = f'href="/loans/{loan.pk}/correct/"'
    assert link in text_of(signed_in("mei").get(f"/loans/{loan.pk}/"))
    assert link not in text_of(signed_in("sam").get(f"/loans/{loan.pk}/"))
    page = text_of(signed_in("mei").get(f"/loans/{loan.pk}/correct/"))
    assert f"/customers/{loan.customer_id}/correct/" in page and "vip" in page


@pytest.fixture
def book(cast: Cast, settings: object) -> Iterator[Book]:
    """Three late loans of the north, and a limit of two rows."""
    settings.EXPORT_APPROVAL_ROWS = 2  # type: ignore[attr-defined]
    loans = [make_loan(f"N{number}") for number in range(3)]
    rows = positions(*(position(each.pk, dpd=9) for each in loans))
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    made = Book({LAST: rows})
    ports.bind_book(made)
    yield made
    ports.unbind_book()


def ask_for_export(who: str = "arun", query: str = "") -> int:
    """The number of the proposal somebody makes from the page."""
    client = signed_in(who)
    response = client.get(f"/ledger/export/?{query}")
    assert response.status_code == 302, "so many rows do not leave at once"
    page = text_of(client.get(response.headers["Location"]))
    conditions = re.search(r'name="conditions" value="([^"]*)"', page)[1]
    wish = {"conditions": conditions.replace("&amp;", "&"), "reason": "for the board"}
    made = client.post("/ledger/export/ask/", wish)
    return int(made.headers["Location"].split("/")[2])


def taken_out(who: str, number: int) -> object:
    return signed_in(who).post(f"/ledger/export/{number}/")


def test_a_short_list_leaves_at_once_a_long_one_does_not(
    book: Book, settings: object
) -> None:
    login("omar", "risk")
    assert signed_in("arun").get("/ledger/export/?text=N1").status_code == 200
    ask_for_export()
    assert len(audit.latest(type="ledger.exported")) == 1
    settings.EXPORT_APPROVAL_ROWS = 3  # type: ignore[attr-defined]
    assert signed_in("omar").get("/ledger/export/").status_code == 200


def test_a_list_cut_into_pieces_is_the_same_list(book: Book) -> None:
    client = signed_in("arun")
    got = [client.get(f"/ledger/export/?text=N{n}").status_code for n in range(3)]
    assert got == [200, 200, 302]


def test_an_approved_export_leaves_once_to_who_asked_for_it(
    cast: Cast, book: Book
) -> None:
    cora, omar = login("cora", "compliance"), login("omar", "risk")
    number = ask_for_export()
    (row,) = Proposal.objects.all()
    assert (row.amount, row.kind) == (3, "ledger.export")
    assert taken_out("arun", number).status_code == 302  # type: ignore[attr-defined]
    with pytest.raises(NotAllowed):
        decide(cast.arun, number)
    decide(cora, number)
    assert taken_out(omar.username, number).status_code == 404  # type: ignore[attr-defined]
    # The instants of the pages are today's: the approval still serves for them.
    Proposal.objects.filter(pk=number).update(serves_until="2999-01-01T00:00Z")
    assert "Take it out now" in text_of(signed_in("arun").get(f"/approvals/{number}/"))
    response = taken_out("arun", number)
    with ZipFile(io.BytesIO(response.content)) as folder:  # type: ignore[attr-defined]
        texts = folder.read("xl/sharedStrings.xml").decode()
    assert all(name in texts for name in ("N0", "N1", "N2", "arun"))
    assert taken_out("arun", number).status_code == 302  # type: ignore[attr-defined]
    assert Proposal.objects.get(pk=number).state == "used"
    assert len(audit.latest(type="ledger.exported")) == 1


def test_a_day_that_was_run_again_overtakes_an_export(cast: Cast, book: Book) -> None:
    number = ask_for_export()
    ids = book.days[LAST]["loan_id"].to_pylist()
    book.days[LAST] = positions(*(position(key, dpd=10) for key in ids))
    with pytest.raises(Conflict) as error:
        decide(login("cora", "compliance"), number)
    assert error.value.code == "proposal_overtaken"


def test_another_list_does_not_leave_on_an_old_approval(cast: Cast, book: Book) -> None:
    number = ask_for_export()
    decide(login("cora", "compliance"), number)
    Proposal.objects.filter(pk=number).update(serves_until="2999-01-01T00:00Z")
    ids = book.days[LAST]["loan_id"].to_pylist()
    book.days[LAST] = positions(*(position(key, dpd=10) for key in ids))
    page = text_of(signed_in("arun").post(f"/ledger/export/{number}/", follow=True))
    assert "no longer the one that was approved" in page
    assert Proposal.objects.get(pk=number).state == "approved"
    assert audit.latest(type="ledger.exported") == ()


def test_a_canary_that_a_decider_looks_at_is_reported(cast: Cast, loan: Loan) -> None:
    keeper = login("cara", "compliance")
    doing = Doing(by=keeper, at=AT, business_date=TODAY, reason="a bait")
    number = loan.customer.external_id
    canaries.set_canary(number=number, note="invented", doing=doing)
    ours = corrections.propose_customer(
        loan.customer_id, {phone_name(loan): NEW}, deed=deed(cast.mei)
    )
    theirs = corrections.propose_loan(loan.pk, {"officer": "li"}, deed=deed(cast.mei))
    for asked in (ours, theirs):
        page = signed_in("arun").post(
            f"/approvals/{asked.id}/reveal/", {"reason": "to compare"}
        )
        assert page.status_code == 200
    told = audit.timeline(subject_type="canary", subject_id=loan.customer_id)
    touched = [each for each in told if each.type == "canary.touched"]
    assert [(each.by, each.reason) for each in touched] == [("arun", "to compare")] * 2


@pytest.mark.parametrize("field", ["channel", "guarantee_kind"])
def test_a_value_longer_than_its_place_is_refused_at_once(
    cast: Cast, loan: Loan, field: str
) -> None:
    """Not when somebody has approved it."""
    with pytest.raises(Refused) as error:
        corrections.propose_loan(loan.pk, {field: "x" * 41}, deed=deed(cast.mei))
    assert error.value.code == "value_long"
