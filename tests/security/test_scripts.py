"""What a file, a form or an address holds is written as text, never as a page."""

import pytest
from django.test import Client

from daihou.rooms.ledger.models import Customer, Loan, Payment
from daihou.rooms.lists import actions as lists
from daihou.rooms.people import door as people
from tests.rooms.cast import AT, HAND, TODAY, pay
from tests.security.walk import PAGES

SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "';alert(1)//",
    "{{ 98765431|add:1 }}",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
]
ALL = " ".join(SCRIPTS)  # in one value, where it is long enough
REFLECTED = [
    "as_of", "q", "text", "branch", "product", "officer", "bucket", "least", "label",
    "view", "sort", "unit", "cols", "col", "v", "currency", "page", "size", "next",
    "subject", "type", "by", "since", "until", "kind", "source",
]  # fmt: skip


def clean(page: str) -> None:
    """A script stands nowhere as it came; where it stands, it is escaped."""
    assert "<script>alert" not in page and "<svg/onload" not in page
    assert "<img src=x" not in page and "=alert(1)>" not in page
    assert "98765432" not in page  # a template in a value is not run either


@pytest.mark.parametrize("script", [ALL, SCRIPTS[0]])
def test_what_an_address_holds_is_not_run(ada: Client, script: str) -> None:
    ada.raise_request_exception = False
    for address in PAGES:
        answer = ada.get(address, dict.fromkeys(REFLECTED, script))
        assert answer.status_code < 500, address
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            clean(answer.content.decode())


@pytest.mark.parametrize("script", [ALL, SCRIPTS[0], SCRIPTS[2]])
def test_what_a_file_held_is_not_run(
    ada: Client, loans: list[Loan], script: str
) -> None:
    loan, short = loans[0], script[:40]
    Customer.objects.filter(pk=loan.customer_id).update(
        name=script[:200],
        employer=script[:200],
        industry=script[:80],
        region=script[:80],
        attributes={script: script},
    )
    Loan.objects.filter(pk=loan.pk).update(
        external_id=script[:200],
        officer=script[:80],
        purpose=short,
        branch=short,
        channel=short,
        attributes={script: script},
    )
    pay(loan, "P1")
    Payment.objects.update(channel=short, payer=script[:200], external_id=script[:200])
    people.save_branches([(short, script[:80], script[:80])], by="test", at=AT)
    for address in (*PAGES, f"/loans/{loan.pk}/", f"/customers/{loan.customer_id}/"):
        answer = ada.get(address)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            clean(answer.content.decode())


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_somebody_named_is_not_run(
    ada: Client, loans: list[Loan], script: str
) -> None:
    form = {"list": "overdue", "name": script, "query": f"text={script}", "shared": "1"}
    clean(ada.post("/views/save/", form, follow=True).content.decode())
    lists.put_label(
        subject_type="loan",
        ids=[loans[0].pk],
        word=script,
        by=HAND,
        at=AT,
        business_date=TODAY,
    )
    for address in ("/views/", "/ledger/?cols=labels", f"/loans/{loans[0].pk}/"):
        clean(ada.get(address).content.decode())
    bulk = {"action": "label", "loan": loans[0].pk, "word": script, "address": script}
    clean(ada.post("/ledger/bulk/", bulk).content.decode())


def test_a_script_would_be_seen() -> None:
    with pytest.raises(AssertionError):
        clean("<p><script>alert(1)</script>")
