"""The receipts desk on its pages: list, claim, decision, and what each person sees."""

import re
from datetime import date

import pytest
from django.test import Client

from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import (
    Collateral,
    ContactPoint,
    Loan,
    Party,
    Payment,
    Position,
    Receipt,
    ReceiptClaim,
)
from daihou.rooms.ledger.sealing import contact_columns
from daihou.rooms.people import door as people
from daihou.rooms.people.models import User
from tests.rooms.cast import AT, TODAY, Cast, deed, make_loan, pay
from tests.rooms.receipts import arrive, claim, login, make_finance

Pair = tuple[people.Person, people.Person]


@pytest.fixture
def finance(cast: Cast) -> Pair:
    """Fang and Gao, on an open day."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    return make_finance()


@pytest.fixture
def loans(cast: Cast) -> list[Loan]:
    """Two loans of the north, one of the south; the first two have a position."""
    made = [
        make_loan("JD-2026-0001", name="王某"),
        make_loan("JD-2026-0002", name="李某"),
        make_loan("S1", branch="south", name="王某"),
    ]
    for loan in made:
        pay(loan, f"first {loan.pk}", amount=1)
    return made


def signed_in(username: str, *, language: str = "en") -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    client.cookies["django_language"] = language
    return client


def text_of(response: object) -> str:
    return response.content.decode()


def best(number: int, by: people.Person) -> tuple[str, int, set[str]]:
    """The number, points and reasons of the best match."""
    match = ledger.receipts.matches(number, scope=by.scope)[0]
    return match.number, match.score, {reason.code for reason in match.reasons}


def test_a_loan_number_in_the_remark_is_the_strongest(
    finance: Pair, loans: list[Loan]
) -> None:
    fang, _gao = finance
    number = arrive(
        "B1", fang, remark="还款 JD-2026-0002 三月", payer="张某", amount=777
    )
    assert best(number, fang) == ("JD-2026-0002", 60, {"number_in_remark"})


def test_the_payers_name_finds_all_their_loans(
    finance: Pair, loans: list[Loan]
) -> None:
    fang, _gao = finance
    number = arrive("B1", fang, amount=777)
    found = ledger.receipts.matches(number, scope=fang.scope)
    assert [match.number for match in found] == ["JD-2026-0001", "S1"]
    assert {match.score for match in found} == {30}


def test_the_exact_amount_decides_between_two(finance: Pair, loans: list[Loan]) -> None:
    fang, _gao = finance
    overdue = Position.objects.get(loan=loans[2]).overdue_total
    pay(loans[0], "more", amount=5_000)
    number = arrive("B1", fang, amount=overdue)
    assert best(number, fang) == (
        "S1",
        60,
        {"payer_is_borrower", "amount_overdue"},
    )


def test_an_exact_amount_alone_is_a_weak_match(
    finance: Pair, loans: list[Loan]
) -> None:
    fang, _gao = finance
    pay(loans[0], "more", amount=5_000)
    overdue = Position.objects.get(loan=loans[0]).overdue_total
    number = arrive("B1", fang, amount=overdue, payer="某某")
    assert best(number, fang) == ("JD-2026-0001", 30, {"amount_overdue"})


def test_the_whole_debt_and_what_is_due_next(finance: Pair, loans: list[Loan]) -> None:
    fang, _gao = finance
    position = Position.objects.get(loan=loans[1])
    whole = arrive("B1", fang, amount=position.outstanding_total, payer="李某")
    assert "amount_payoff" in best(whole, fang)[2]
    following = arrive("B2", fang, amount=position.next_due_amount, payer="李某")
    assert "amount_next_due" in best(following, fang)[2]


def test_phone_and_document_in_the_remark(finance: Pair, loans: list[Loan]) -> None:
    fang, _gao = finance
    ContactPoint.objects.create(
        source="core",
        external_id="1",
        digest=b"",
        customer=loans[1].customer,
        kind="mobile",
        **contact_columns("13800000007"),
    )
    number = arrive("B1", fang, remark="代 13800000007 还", payer="张某", amount=777)
    assert best(number, fang) == ("JD-2026-0002", 45, {"phone_in_remark"})
    tail = arrive("B2", fang, remark="李某 尾号 0007", payer="张某", amount=777)
    assert best(tail, fang)[2] == {"name_in_remark", "phone_tail"}
    nothing = arrive("B3", fang, remark="尾号 0007", payer="张某")
    assert not ledger.receipts.matches(nothing, scope=fang.scope)


def test_an_account_seen_before_and_a_guarantor(
    finance: Pair, loans: list[Loan]
) -> None:
    fang, gao = finance
    first = arrive("B1", fang, payer="赵某")
    claimed = claim(first, fang, (loans[1].pk, 101_000), relation="relative")
    ledger.receipts.confirm(claimed, deed=deed(by=gao))
    again = arrive("B2", fang, payer="赵某", amount=5)
    number, _score, reasons = best(again, fang)
    assert number == "JD-2026-0002"
    assert reasons == {"account_before", "payer_paid_before"}
    Party.objects.create(
        source="core",
        external_id="1",
        digest=b"",
        loan=loans[1],
        customer=loans[0].customer,
        role="guarantor",
    )
    guaranteed = arrive("B3", fang, payer="王某", payer_account="", amount=5)
    found = ledger.receipts.matches(guaranteed, scope=fang.scope)
    told = {match.number: {r.code for r in match.reasons} for match in found}
    assert told["JD-2026-0002"] == {"payer_is_party"}
    assert told["JD-2026-0001"] == {"payer_is_borrower"}


def test_a_closed_loan_counts_against(finance: Pair, loans: list[Loan]) -> None:
    fang, _gao = finance
    Loan.objects.filter(pk=loans[1].pk).update(status="settled")
    number = arrive("B1", fang, remark="JD-2026-0002", payer="张某", amount=777)
    assert best(number, fang)[1] == 20


def test_a_match_is_never_out_of_scope(finance: Pair, loans: list[Loan]) -> None:
    fang, _gao = finance
    boss = login("hu", "branch_manager", "south")
    number = arrive("B1", fang, remark="JD-2026-0001 JD-2026-0002")
    found = ledger.receipts.matches(number, scope=boss.scope)
    assert [match.number for match in found] == ["S1"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_open_in_both_languages(
    finance: Pair, loans: list[Loan], language: str
) -> None:
    fang, _gao = finance
    number = arrive("B1", fang, remark="JD-2026-0001")
    client = signed_in("fang", language=language)
    for address in (
        "/receipts/",
        "/receipts/?show=all&text=王&channel=bank_transfer&age=0&least=1",
        "/receipts/?show=settled",
        "/receipts/new/",
        f"/receipts/{number}/",
        f"/receipts/{number}/?loan={loans[0].pk}&amount=5&loan={loans[2].pk}&split=law",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert f'<html lang="{language}"' in text_of(answer)


def test_the_desk_lists_what_is_asked_for(finance: Pair, loans: list[Loan]) -> None:
    fang, _gao = finance
    arrive("B1", fang, payer="钱某", amount=500)
    arrive("B2", fang, received_on=date(2026, 1, 5), channel="cash")
    page = text_of(signed_in("fang").get("/receipts/"))
    assert "Total, 2 receipts" in page and '1,015<span class="c">.00' in page
    for wish, total in (
        ("text=钱", 1),
        ("text=6222020200112233445", 2),
        ("channel=cash", 1),
        ("age=31", 1),
        ("least=6", 1),
        ("show=all", 2),
        ("show=claimed", 0),
        ("text=%00&least=abc", 2),
        ("show=rubbish&page=9&age=7", 2),
    ):
        page = text_of(signed_in("fang").get(f"/receipts/?{wish}"))
        count = re.search(r"Total, (\d+) receipt", page)
        assert int(count[1] if count else 0) == total, wish
    page = text_of(signed_in("fang").get("/receipts/?least=abc"))
    assert "least amount is not a number" in page


def test_writing_a_receipt_down(finance: Pair) -> None:
    client = signed_in("fang")
    form = {
        "external_id": "B9",
        "received_on": "2026-03-19",
        "amount": "1,234.50",
        "currency": "cny",
        "payer": "王某",
        "payer_account": "6222020200112233445",
    }
    answer = client.post("/receipts/new/", form)
    receipt = Receipt.objects.get()
    assert answer.headers["Location"] == f"/receipts/{receipt.pk}/"
    assert (receipt.amount, receipt.currency) == (123_450, "CNY")
    for wrong, said in (
        ({"amount": "12.345"}, "No amount"),
        ({"amount": "1e5x"}, "No amount"),
        ({"currency": "QQQ"}, "No currency"),
        ({"received_on": "2026-13-01"}, "Received on"),
        (
            {"received_on": "2026-03-21", "external_id": "B10"},
            "after the business date",
        ),
        ({"amount": "5"}, "another content"),
    ):
        answer = client.post("/receipts/new/", form | wrong)
        assert answer.status_code == 422 and said in text_of(answer), wrong
    assert Receipt.objects.count() == 1


def test_a_claim_on_the_page_and_its_confirmation(
    finance: Pair, loans: list[Loan]
) -> None:
    fang, _gao = finance
    number = arrive("B1", fang, remark="JD-2026-0001")
    client = signed_in("fang")
    page = text_of(client.get(f"/receipts/{number}/"))
    assert "loan number JD-2026-0001 in the remark" in page and "+60" in page
    chosen = text_of(client.get(f"/receipts/{number}/?loan={loans[0].pk}"))
    assert 'value="1010.00"' in chosen and "→" in chosen
    form = {
        "loan": [loans[0].pk],
        "amount": ["1,010.00"],
        "relation": "self",
        "evidence": "slip 4",
        "step": "claim",
    }
    answer = client.post(f"/receipts/{number}/claim/", form, follow=True)
    assert "Nobody confirms their own claim" in text_of(answer)
    claimed = ReceiptClaim.objects.get()
    own = client.post(
        f"/receipts/claims/{claimed.pk}/", {"step": "confirm"}, follow=True
    )
    assert "Nobody confirms their own claim." in text_of(own)
    assert Payment.objects.filter(source="receipts").count() == 0
    other = signed_in("gao")
    assert "slip 4" in text_of(other.get(f"/receipts/{number}/"))
    done = other.post(
        f"/receipts/claims/{claimed.pk}/", {"step": "confirm"}, follow=True
    )
    assert "What was claimed is done" in text_of(done)
    assert Payment.objects.get(source="receipts").amount == 101_000
    asked = client.post(
        f"/receipts/claims/{claimed.pk}/", {"step": "reverse", "note": "x"}, follow=True
    )
    assert "Waits for a second person" in text_of(asked)


def test_a_wrong_claim_keeps_what_was_written(finance: Pair, loans: list[Loan]) -> None:
    fang, _gao = finance
    number = arrive("B1", fang)
    form = {
        "loan": [loans[0].pk],
        "amount": ["2000"],
        "relation": "spouse",
        "evidence": "call of 10:40",
    }
    answer = signed_in("fang").post(f"/receipts/{number}/claim/", form)
    page = text_of(answer)
    assert answer.status_code == 422 and "what is left" in page
    assert "call of 10:40" in page and 'value="2000"' in page
    assert 'value="spouse" selected' in page
    form["amount"] = ["1.234"]
    assert signed_in("fang").post(f"/receipts/{number}/claim/", form).status_code == 422
    assert not ReceiptClaim.objects.exists()


def test_money_goes_back_from_the_page(finance: Pair) -> None:
    fang, _gao = finance
    number = arrive("B1", fang)
    form = {"step": "return", "return_amount": "1010.00", "return_reason": "a mistake"}
    signed_in("fang").post(f"/receipts/{number}/claim/", form)
    claimed = ReceiptClaim.objects.get()
    refuse = {"step": "refuse", "note": ""}
    address = f"/receipts/claims/{claimed.pk}/"
    assert "Say why" in text_of(signed_in("gao").post(address, refuse, follow=True))
    signed_in("gao").post(address, {"step": "confirm"})
    assert Receipt.objects.get().returned == 101_000


def test_the_law_splits_between_several_loans(finance: Pair, loans: list[Loan]) -> None:
    fang, _gao = finance
    Collateral.objects.create(
        source="core",
        external_id="K",
        digest=b"",
        loan=loans[0],
        kind="house",
        value=10**9,
    )
    number = arrive("B1", fang)
    ids = f"loan={loans[0].pk}&loan={loans[2].pk}"
    page = text_of(signed_in("fang").get(f"/receipts/{number}/?{ids}&split=law"))
    amounts = re.findall(r'name="amount" size="11"[^>]*value="([^"]*)"', page)
    assert amounts == ["", "1010.00"]  # the one without security first
    assert "the earlier due first" in page


def test_a_loan_is_added_by_its_number(finance: Pair, loans: list[Loan]) -> None:
    fang, _gao = finance
    number = arrive("B1", fang)
    client = signed_in("fang")
    page = text_of(client.get(f"/receipts/{number}/?add=JD-2026-0002"))
    assert f'name="loan" value="{loans[1].pk}"' in page
    page = text_of(client.get(f"/receipts/{number}/?add=nothing%00"))
    assert "There is no loan nothing" in page
    odd = text_of(client.get(f"/receipts/{number}/?loan=abc&loan=9999999&amount=x"))
    assert 'name="amount" size="11"' not in odd


@pytest.mark.parametrize("name", ["mei", "bola"])
def test_who_may_not_see_receipts_is_refused(
    finance: Pair, cast: Cast, name: str
) -> None:
    number = arrive("B1", finance[0])
    client = signed_in(name)
    for address in ("/receipts/", "/receipts/new/", f"/receipts/{number}/"):
        assert client.get(address).status_code == 403
    assert client.post(f"/receipts/{number}/claim/", {}).status_code == 403
    assert "/receipts/" not in text_of(client.get("/notices/")).split("<nav")[1]


def test_an_auditor_sees_and_changes_nothing(
    finance: Pair, loans: list[Loan], cast: Cast
) -> None:
    number = arrive("B1", finance[0])
    claimed = claim(number, finance[0], (loans[0].pk, 5))
    client = signed_in("sam")
    page = text_of(client.get(f"/receipts/{number}/"))
    assert "disabled" in page and "Finance or a risk officer confirms" in page
    for step in ("confirm", "refuse", "withdraw", "reverse", "rubbish"):
        client.post(f"/receipts/claims/{claimed}/", {"step": step, "note": "x"})
    assert ReceiptClaim.objects.get().state == "waiting"


def test_names_and_remarks_are_escaped_and_numbers_masked(finance: Pair) -> None:
    evil = "<script>alert(1)</script>"
    number = arrive("B1", finance[0], payer=evil, remark=f"{evil} 13800000007")
    for address in ("/receipts/", f"/receipts/{number}/"):
        page = text_of(signed_in("fang").get(address))
        assert "<script>alert" not in page and "&lt;script&gt;" in page
        assert "13800000007" not in page and "138****0007" in page
