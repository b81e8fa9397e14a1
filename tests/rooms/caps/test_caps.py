"""The caps over the whole book and on pages: what is above, and what nobody can say."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.test import Client

from daihou.engine.caps.price import check_price
from daihou.engine.caps.rules import CapRules
from daihou.engine.caps.values import Lending, Price, Standing
from daihou.kit.refusal import Refused
from daihou.kit.scope import Scope
from daihou.packs import products
from daihou.rooms.audit.models import Event
from daihou.rooms.caps import actions, queries
from daihou.rooms.caps.models import CapRun, Finding
from daihou.rooms.caps.states import NOT_ASSERTED, OVER
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Demand, Loan, Position
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import door as rulebooks
from tests.api.calls import api_of
from tests.rooms.cast import AT, HAND, PASSWORD, TODAY, Cast, make_loan
from tests.rooms.dayend.test_dayend import make_run
from tests.rooms.test_pages import signed_in

LAST = TODAY - timedelta(days=1)


def at_position(loan: Loan, *, over_cap: int = 0, status: str = "active") -> None:
    """The position of a loan, on time, with so much above its cap."""
    numbers = {
        field.name: 0
        for field in Position._meta.fields
        if field.get_internal_type() in ("IntegerField", "BigIntegerField")
    }
    texts = {"bucket": "M0", "status": status, "dpd_method": "contract"}
    made = {"changed_on": LAST} | numbers | texts | {"over_cap": over_cap}
    Position.objects.update_or_create(loan=loan, defaults=made)


def lent(number: str, rate: str, **wish: Any) -> Loan:
    """An open loan at a rate a year."""
    over_cap = wish.pop("over_cap", 0)
    status = wish.pop("status", "active")
    loan = make_loan(number, branch=wish.pop("branch", "north"))
    Loan.objects.filter(pk=loan.pk).update(annual_rate=Decimal(rate), **wish)
    loan.refresh_from_db()
    at_position(loan, over_cap=over_cap, status=status)
    return loan


@pytest.fixture
def day(cast: Cast) -> Iterator[None]:
    """An open business day after one that was closed."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    make_run(LAST)
    yield


def found() -> dict[str, str]:
    """The standing of each loan that is listed, by number."""
    return dict(Finding.objects.values_list("loan__external_id", "standing"))


def test_the_book_says_of_every_loan_what_the_plain_text_says(day: None) -> None:
    """Every licence, day of payout, rate and multiple: SQL and `check_price` agree."""
    paid_out = [date(2016, 5, 1), date(2025, 6, 1), date(2026, 1, 1), date(2026, 6, 1)]
    rates = ["0.10", "0.16", "0.18", "0.24", "0.240001", "0.0776"]
    multiples = [None, "1", "1.5", "1.6"]
    licences = ["", "bank", "microloan", "private_lending", "assignee", "unheard"]
    every = product(paid_out, rates, multiples, licences)
    first = make_loan("A")
    rows = [
        Loan(
            source="core",
            external_id=f"L{place}",
            digest=b"",
            customer=first.customer,
            product="consumer_loan",
            currency="CNY",
            principal=100_000,
            annual_rate=Decimal(rate),
            method="custom",
            periods=1,
            period_unit="months",
            disbursed_on=on,
            first_due_on=on,
            penalty_multiplier=None if multiple is None else Decimal(multiple),
            licence=licence,
            status="active",
        )
        for place, (on, rate, multiple, licence) in enumerate(every)
    ]
    for loan in Loan.objects.bulk_create(rows):
        at_position(loan)
    at_position(first)
    actions.reckon_due(at=AT)
    listed = found()
    law, table = rulebooks.lawbook(), queries.rates()
    policy = products.policy("consumer_loan", on=LAST)
    for loan in Loan.objects.all():
        licence = loan.licence or rulebooks.licence()
        rules = CapRules.of(law, Lending(licence, loan.disbursed_on), table)
        times = loan.penalty_multiplier or policy.penalty.multiplier
        price = Price(loan.annual_rate, overdue_rate=loan.annual_rate * times)
        plain = check_price(price, rules, subject="x", as_of=LAST)
        said = listed.get(loan.external_id, Standing.WITHIN.value)
        assert said == plain.standing.value, (loan.external_id, licence, price)
        if said == OVER:
            row = Finding.objects.get(pk=loan.pk)
            assert (row.excess, row.cap) == (plain.excess, plain.cap)
    assert set(listed.values()) == {OVER, NOT_ASSERTED}
    assert len(listed) < len(rows)


def test_it_is_reckoned_once_a_day_and_after_a_change(day: None) -> None:
    high = lent("H", "0.30")
    lent("W", "0.10")
    lent("S", "0.30", status="settled")
    money = lent("M", "0.10", over_cap=77)
    actions.reckon_due(at=AT)
    assert found() == {"H": OVER, "M": OVER}
    run = CapRun.objects.get()
    assert (run.over, run.not_asserted, run.changed) == (2, 0, 2)
    actions.reckon_due(at=AT)
    assert CapRun.objects.count() == 1
    at_position(money)
    Loan.objects.filter(pk=high.pk).update(annual_rate="0.25")
    dayend_again()
    actions.reckon_due(at=AT)
    assert found() == {"H": OVER}
    assert Finding.objects.get().excess == Decimal("0.135")  # 25 % and half more
    assert CapRun.objects.order_by("id").last().changed == 2


def dayend_again() -> None:
    """The same day closed again, with other positions."""
    from daihou.rooms.dayend.models import Run

    Run.objects.filter(current=True).update(fingerprint="another")


def test_where_the_law_names_no_caps_nothing_is_reckoned(
    day: None, settings: Any
) -> None:
    settings.JURISDICTION, settings.LICENCE = "in", "lender"
    lent("H", "0.60")
    actions.reckon_due(at=AT)
    assert not found() and not CapRun.objects.exists()
    page = english("mei").get("/caps/")
    assert b"No cap is kept here" in page.content


def english(name: str) -> Client:
    client = signed_in(name)
    client.cookies["django_language"] = "en"
    return client


def test_the_list_has_amounts_and_the_other_branch_sees_nothing(day: None) -> None:
    empty = english("mei").get("/caps/").content
    assert b"No day has been looked at yet" in empty
    loan = lent("H", "0.18", penalty_multiplier=Decimal("1.5"), over_cap=12_345)
    lent("P", "0.05", licence="private_lending", disbursed_on=date(2026, 2, 1))
    Loan.objects.filter(external_id="P").update(first_due_on=date(2026, 2, 1))
    actions.reckon_due(at=AT)
    page = english("mei").get("/caps/")
    text = page.content.decode()
    assert "H" in {each.line.number for each in page.context["page"].lines}
    assert "123.45" in text and "27 %" in text and "3 %" in text
    assert f'href="/caps/loans/{loan.pk}/"' in text
    other = english("mei").get("/caps/?standing=not_asserted&text=P&currency=CNY")
    assert [each.line.number for each in other.context["page"].lines] == ["P"]
    assert "a person has to look" in other.content.decode()
    odd = english("mei").get("/caps/?standing=x&page=999&text=%00&currency=%F0")
    assert odd.status_code == 200
    south = english("bola").get("/caps/").context["page"]
    assert not south.lines and not south.sums
    assert english("bola").get(f"/caps/loans/{loan.pk}/").status_code == 404
    assert "27 % at most" in english("mei").get(f"/loans/{loan.pk}/").content.decode()


def test_the_sums_are_kept_with_the_look_and_paging_ends(
    day: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in ("H", "I", "J"):
        lent(number, "0.18", penalty_multiplier=Decimal("1.5"), over_cap=12_345)
    actions.reckon_due(at=AT)
    scope = Scope(branches=frozenset({"north"}))
    by_product = Scope(branches=None, products=frozenset({"cash"}))
    counted = queries._counted(scope)
    assert sorted(queries.sums(scope=scope), key=repr) == sorted(counted, key=repr)
    assert not queries.sums(scope=Scope(branches=frozenset({"south"})))
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    page = english("mei").get("/caps/?page=" + "9" * 5_000).context["page"]
    assert page.paging.total == 2 and page.tabs[0].loans >= 3
    monkeypatch.setattr(queries, "_counted", lambda scope: ["counted"])
    assert queries.sums(scope=by_product) == ["counted"]
    assert queries.sums(scope=scope) != ["counted"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "above the cap of 24 %"), ("zh-hans", "超过上限 24 %")],
)
def test_a_loan_says_why_with_rule_version_and_parts(
    day: None, language: str, words: str
) -> None:
    loan = lent("H", "0.18", penalty_multiplier=Decimal("1.5"))
    client = signed_in("arun")
    client.cookies["django_language"] = language
    text = client.get(f"/caps/loans/{loan.pk}/").content.decode()
    assert words in text and 'href="/law/rules/CN-INT-02/"' in text
    assert client.get(f"/caps/loans/{loan.pk}/?as_of=nonsense").status_code == 200
    assert client.get(f"/caps/loans/{loan.pk}/?as_of=2020-01-01").status_code == 404


def test_a_day_nobody_cited_is_flagged_not_asserted(day: None) -> None:
    loan = lent("P", "0.01", licence="private_lending", disbursed_on=date(2026, 2, 1))
    text = english("arun").get(f"/caps/loans/{loan.pk}/").content.decode()
    assert "cap not asserted" in text and "unverified" in text
    assert "nobody can say how much" in text and "May be claimed" not in text
    one = api_of("arun").get(f"/loans/{loan.pk}/cost-cap").json()
    assert one["standing"] == "not_asserted"
    assert {each["claimable"] for each in one["charges"]} == {None}


def test_what_was_charged_adds_up_to_what_may_be_claimed(day: None) -> None:
    loan = lent("H", "0.12", disbursed_on=date(2026, 1, 1))
    Demand.objects.filter(loan=loan, seq=1).update(interest=90_000)
    weighed = queries.weigh(loan.pk, as_of=TODAY)
    claim = weighed.claim
    assert claim is not None and claim.excess > 0
    assert claim.claimed == sum(weighed.charged.values())
    assert sum(claim.claimable.values()) == claim.allowance
    assert claim.claimed - claim.excess == claim.allowance


def test_the_list_can_be_taken_out_and_leaves_an_event(day: None) -> None:
    lent("H", "0.30")
    actions.reckon_due(at=AT)
    people.create_user(
        username="fay", password=PASSWORD, role="finance", branch="north", by="t", at=AT
    )
    answer = english("fay").get("/caps/export/?standing=over")
    assert answer.status_code == 200 and answer.content[:2] == b"PK"
    event = Event.objects.get(type="caps.exported")
    assert event.payload == {"rows": 1, "address": "standing=over"}
    assert english("mei").get("/caps/export/").status_code == 403


def test_the_api_lists_and_explains(day: None) -> None:
    loan = lent("H", "0.30", over_cap=500)
    lent("W", "0.10")
    actions.reckon_due(at=AT)
    api = api_of("arun")
    rows = api.get("/cost-caps").json()["items"]
    assert [(row["number"], row["standing"]) for row in rows] == [("H", "over")]
    assert rows[0]["above"] == "5.00"
    one = api.get(f"/loans/{loan.pk}/cost-cap").json()
    assert one["cap"] == "0.24" and one["price"]["path"][0]["rule"]
    assert all(each["claimable"] for each in one["charges"])
    assert api.get("/cost-caps?standing=not_asserted").json()["items"] == []


def charge(loan: Loan, amount: int, **wish: Any) -> ledger.posting.Charged:
    made: ledger.posting.Charged = ledger.posting.record_charge(
        source="core",
        external_id=wish.pop("external_id", "F1"),
        loan_id=loan.pk,
        kind="late_fee",
        due_on=wish.pop("due_on", TODAY),
        amount=amount,
        deed=ledger.posting.Deed(by=HAND, at=AT, business_date=TODAY),
    )
    return made


def test_a_charge_above_the_cap_is_refused_to_the_cent(day: None) -> None:
    """What fits is taken; one cent more is not, and nothing is left behind."""
    loan = make_loan("L1")
    with pytest.raises(Refused) as refused:
        charge(loan, 10_000_000)
    assert refused.value.code == "over_cost_cap"
    assert "CN-INT-02" in str(refused.value)
    assert not Demand.objects.filter(kind="charge").exists()
    fits = largest(loan)
    with pytest.raises(Refused):
        charge(loan, fits + 1)
    assert charge(loan, fits).new
    assert not charge(loan, fits).new  # the same again changes nothing
    with pytest.raises(Refused):
        charge(loan, 1, external_id="F2")


def largest(loan: Loan) -> int:
    """The most that the cap leaves room for, found by trying."""
    from django.db import transaction

    low, high = 0, 10_000_000
    while low + 1 < high:
        middle = (low + high) // 2
        try:
            with transaction.atomic():
                charge(loan, middle)
                transaction.set_rollback(True)
            low = middle
        except Refused:
            high = middle
    return low
