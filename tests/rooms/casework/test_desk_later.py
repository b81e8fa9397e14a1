"""A desk whose cases may not be contacted yet says so, and from when."""

from datetime import timedelta
from typing import Any

import pytest

from daihou.rooms.casework.models import Case
from tests.rooms import desking
from tests.rooms.cast import Cast
from tests.rooms.desking import desk_of
from tests.rooms.promising import NOON, Worked
from tests.rooms.test_pages import signed_in


@pytest.fixture
def worked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Worked:
    """One late case that is Mei's, at noon."""
    desking.clock_at_noon(monkeypatch)
    return desking.a_case()


def empty(login: str) -> Any:
    page = desk_of(signed_in(login))
    assert page.case is None
    return page.empty


def test_an_hour_that_is_not_lawful_yet_is_no_empty_day(worked: Worked) -> None:
    case = Case.objects.filter(pk=worked.case.pk)
    assert desk_of(signed_in("mei")).empty is None
    case.update(lawful_from=NOON + timedelta(hours=2))
    said = empty("mei")
    assert said.title == "Nobody may be contacted now"
    assert said.text.startswith("1 case waits") and "14:00" in said.text
    case.update(lawful_from=NOON)  # the hour has come
    assert desk_of(signed_in("mei")).case.number == worked.case.number


def test_the_cases_of_others_are_not_counted(worked: Worked) -> None:
    Case.objects.filter(pk=worked.case.pk).update(
        lawful_from=NOON + timedelta(hours=2), collector="bola"
    )
    assert empty("mei").title == "Nothing is left to do today"
