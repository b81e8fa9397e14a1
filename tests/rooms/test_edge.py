"""What every request carries, and how a refusal is answered."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from daihou.config import middleware
from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.dayend import door as dayend
from daihou.rooms.people.models import User
from tests.rooms.cast import AT, TODAY, Cast

pytestmark = pytest.mark.django_db


def request_of(username: str) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = User.objects.get(username=username)
    request.at = AT
    return request


def seen_by(respond: Callable[..., object], request: HttpRequest) -> HttpRequest:
    kept: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        kept.append(request)
        return HttpResponse()

    respond(view)(request)
    return kept[0]


def test_a_request_knows_the_person_and_the_business_day(
    cast: Cast, django_assert_num_queries
) -> None:
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    request = request_of("mei")
    # The role, the units below, the unit, covers, the day. With a session the role
    # and the unit come with the user, and covers are asked for where there ever was one.
    with django_assert_num_queries(5):
        request = seen_by(middleware.context, request)
        assert request.person == cast.mei
        assert request.business_day().on == request.business_day().on == TODAY


def test_nobody_signed_in_is_nobody(db: None) -> None:
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert seen_by(middleware.context, request).person is None


@pytest.mark.parametrize(
    ("refused", "status"),
    [(NotAllowed("no", "no"), 403), (NotFound("no", "no"), 404)],
)
def test_a_refusal_is_answered_with_its_page(
    cast: Cast, refused: Refused, status: int
) -> None:
    handler = middleware.refusals(lambda request: HttpResponse())
    request = seen_by(middleware.context, request_of("mei"))
    response = handler.process_exception(request, refused)
    assert response is not None and response.status_code == status
    assert handler.process_exception(request, ValueError("ours")) is None
