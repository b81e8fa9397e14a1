"""What went wrong, as RFC 9457 problem details in the caller's language."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext

from daihou.engine.basics.errors import UserError
from daihou.kit import refusal

MEDIA_TYPE: Final = "application/problem+json"
DOCS: Final = "/api/docs"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field; `place` is body, query, path, header or form."""

    field: str
    code: str
    message: str
    place: str = "body"


class BadFields(refusal.Refused):
    """Some fields cannot be taken as they are; 422 with each of them named."""

    def __init__(self, *faults: Fault) -> None:
        """Keep what is wrong with each field."""
        super().__init__(
            "invalid",
            gettext("Some of what was sent cannot be taken; see the fields."),
        )
        self.faults = faults


class Unreadable(refusal.Refused):
    """The request cannot be read at all; 400."""


class Unknown(refusal.Refused):
    """Who calls is not known; 401."""


class MediaType(refusal.Refused):
    """It came as a kind of content that is not taken here; 415."""


_STATUS: Final[tuple[tuple[type[refusal.Refused], int], ...]] = (
    (Unreadable, 400),
    (Unknown, 401),
    (refusal.NotAllowed, 403),
    (refusal.NotFound, 404),
    (refusal.Conflict, 409),
    (refusal.TooLarge, 413),
    (MediaType, 415),
    (refusal.TooMany, 429),
)


def status_of(refused: refusal.Refused) -> int:
    """The HTTP status of a refusal; one that says nothing else is 422."""
    found = (status for kind, status in _STATUS if isinstance(refused, kind))
    return next(found, 422)


def title_of(status: int) -> str:
    """What a status means, in words."""
    words = {
        400: gettext("The request cannot be read"),
        401: gettext("Who calls is not known"),
        403: gettext("Not allowed"),
        404: gettext("Not found"),
        405: gettext("This address does not take this method"),
        409: gettext("It does not fit what was done before"),
        413: gettext("Too large"),
        415: gettext("This kind of content is not taken"),
        422: gettext("It cannot be done like this"),
        429: gettext("Too many requests"),
        500: gettext("Our mistake"),
        503: gettext("Not available now"),
    }
    return words.get(status) or HTTPStatus(status).phrase


def answer(
    request: HttpRequest,
    *,
    status: int,
    code: str,
    detail: str,
    faults: Iterable[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """A problem as a response. `code` is stable and for programs."""
    content: dict[str, Any] = {
        "type": f"{DOCS}#problem-{code}",
        "title": title_of(status),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": getattr(request, "request_id", ""),
        "errors": [
            {
                "field": each.field,
                "in": each.place,
                "code": each.code,
                "message": each.message,
            }
            for each in faults
        ],
    }
    text = json.dumps(content, ensure_ascii=False)
    return HttpResponse(
        text, status=status, content_type=MEDIA_TYPE, headers=dict(headers or {})
    )


def of_refusal(request: HttpRequest, refused: refusal.Refused) -> HttpResponse:
    """The problem a refusal of a room is."""
    headers: dict[str, str] = {}
    if isinstance(refused, Unknown):
        headers["WWW-Authenticate"] = 'Bearer realm="daihou"'
    if isinstance(refused, refusal.TooMany):
        headers["Retry-After"] = str(refused.retry_after)
    faults = refused.faults if isinstance(refused, BadFields) else ()
    return answer(
        request,
        status=status_of(refused),
        code=refused.code,
        detail=str(refused),
        faults=faults,
        headers=headers,
    )


def of_user_error(request: HttpRequest, error: UserError) -> HttpResponse:
    """The problem a mistake told by the engine or the intake is."""
    said = error.say(get_language() or "zh-hans")
    return answer(request, status=422, code=error.code, detail=said)


def of_status(request: HttpRequest, status: int) -> HttpResponse:
    """The problem behind a bare status, for what was refused before any room."""
    details = {
        400: gettext("It could not be read. Check its form and its length."),
        404: gettext("There is nothing at this address. See the reference."),
        405: gettext("See the reference for what can be asked of this address."),
        413: gettext("Send less at once."),
        500: gettext("Something broke on our side; nothing was kept of this request."),
    }
    code = HTTPStatus(status).phrase.lower().replace(" ", "_").replace("-", "_")
    detail = details.get(status) or title_of(status)
    return answer(request, status=status, code=code, detail=detail)
