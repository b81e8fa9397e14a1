"""What events and their fields are called where people read them."""

from dataclasses import fields
from datetime import UTC, datetime

import pytest
from django.utils import translation

from daihou.rooms.audit import door as audit
from daihou.rooms.audit.pages import lines
from daihou.rooms.audit.queries import Entry
from daihou.rooms.people.models import User
from tests.rooms.cast import AT, TODAY, Cast
from tests.rooms.test_pages import signed_in, text_of

EMPTY = {"before": None, "after": None, "reason": "", "request_id": ""}


def entry(**given: object) -> Entry:
    """An event as the reader gets it."""
    base: dict[str, object] = {each.name: None for each in fields(Entry)}
    base |= EMPTY | {"id": 1, "at": datetime(2026, 11, 20, tzinfo=UTC), "payload": {}}
    return Entry(**(base | given))


def details(payload: dict[str, object]) -> dict[str, str]:
    """What is shown of a payload, in English."""
    with translation.override("en"):
        (line,) = lines([entry(type="receipt.claimed", payload=payload)])
        return dict(line.details)


def test_amounts_are_written_in_their_currency_those_of_shares_too() -> None:
    shares = [{"loan": 7, "amount": 250_00}, {"loan": 8, "amount": 50}]
    told = details({"amount": 250_50, "currency": "CNY", "shares": shares})
    assert told["amount"] == "250.50"
    assert told["shares"] == "loan 7 amount 250.00, loan 8 amount 0.50"
    assert details({"amount": 250, "currency": "JPY"})["amount"] == "250"


def test_an_amount_without_a_known_currency_stays_as_it_was_written() -> None:
    assert details({"amount": 25_050})["amount"] == "25050"
    assert details({"amount": 25_050, "currency": "QQQ"})["amount"] == "25050"


def test_what_is_empty_is_left_out_and_a_digest_is_short() -> None:
    told = details({"branch": "", "products": [], "levels": [""], "hash": "a1" * 32})
    assert told == {"hash": "a1a1…a1a1"}


@pytest.mark.parametrize(
    ("type", "word"),
    [
        ("person.signed_in", "Signed in"),
        ("role.changed", "Role changed"),
        ("intake.applied", "Files taken in"),
        ("business_date.set", "Business date set"),
        ("token.made", "Token made"),
        ("unheard.of", "unheard.of"),
    ],
)
def test_the_log_speaks_in_words(cast: Cast, type: str, word: str) -> None:
    audit.record(
        type=type,
        subject_type="thing",
        subject_id="1",
        by="mei",
        at=AT,
        business_date=TODAY,
    )
    User.objects.filter(username="sam").update(role_id="auditor")
    page = text_of(signed_in("sam").get("/audit/?subject_type=thing"))
    assert f"<td>{word}" in page  # the list to choose a type from has no cells


def test_codes_in_the_details_of_a_case_are_told_in_words() -> None:
    told = details({"cause": "promise_made", "next_at": "x", "other": "y"})
    assert told == {
        "because of": "promise made",
        "looked at again": "x",
        "other": "y",
    }
    moved = {"before": {"resolution": "none"}, "after": {"resolution": "promise"}}
    with translation.override("en"):
        (line,) = lines([entry(type="case.resolution.changed", **moved)])
    assert line.changes == (("agreed", "nothing", "promise"),)
