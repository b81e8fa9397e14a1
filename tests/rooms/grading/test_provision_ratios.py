"""A bank enters the provision ratios set for it: inside the range, by two people."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from daihou.engine.provision.rules import ProvisionRules
from daihou.kit import speech
from daihou.kit.refusal import Refused
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import door as rulebooks
from tests.rooms.ruling import TOMORROW, agreed, propose, two
from tests.rooms.test_pages import signed_in

__all__ = ["two"]
pytestmark = pytest.mark.django_db
RATIOS = "CN-PRV-01"
Two = tuple[people.Person, people.Person]


@pytest.fixture(autouse=True)
def bank(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bank that hears English."""
    settings.LICENCE = "bank"
    monkeypatch.setattr(speech, "_spoken", ["en"])


def own(**values: str) -> dict[str, Any]:
    return {"rule": RATIOS, "values": values, "source": "notice of the supervisor"}


def ratios(on: date) -> tuple[Decimal, Decimal]:
    found = ProvisionRules.of(rulebooks.lawbook(), "bank", on).ratios
    assert found is not None
    return found.share("provision_share"), found.share("coverage_share")


def test_a_figure_inside_the_range_holds_once_another_agreed(two: Two) -> None:
    usual = (Decimal("0.025"), Decimal("1.50"))
    assert ratios(TOMORROW) == usual
    propose(two[0], **own(provision_share="0.018"))
    assert ratios(TOMORROW) == usual  # proposed is not decided


def test_decided_it_holds_from_its_day_on(two: Two) -> None:
    agreed(*two, **own(provision_share="0.018", coverage_share="1.30"))
    assert ratios(TOMORROW) == (Decimal("0.018"), Decimal("1.30"))
    assert ratios(date(2026, 3, 1)) == (Decimal("0.025"), Decimal("1.50"))


@pytest.mark.parametrize(
    "values",
    [
        {"provision_share": "0.0149"},
        {"coverage_share": "1.19"},
        {"provision_least": "0.010"},  # the range itself is not the lender's
    ],
)
def test_below_the_range_is_refused(two: Two, values: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        propose(two[0], **own(**values))
    assert refused.value.code == "loosened"


def test_the_page_says_how_far_it_may_go_and_that_nobody_has_seen_the_text(
    two: Two,
) -> None:
    client: Client = signed_in("lena")
    client.cookies["django_language"] = "en"
    text = client.get(f"/law/rules/{RATIOS}/").content.decode()
    assert "a figure set for this lender, from 1.5" in text
    assert "unverified" in text
