"""Log lines that can be followed: one id a request, as text or as JSON."""

import contextvars
import json
import logging
import re
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from daihou.kit import masking

Respond = Callable[[HttpRequest], HttpResponse]

HEADER: Final = "X-Request-ID"
_OURS: Final = re.compile(r"[A-Za-z0-9._-]{8,36}")  # as long as the event log keeps
_request_id: contextvars.ContextVar[str] = contextvars.ContextVar("id", default="")
_log: Final = logging.getLogger("daihou.request")
_USUAL: Final = frozenset(logging.makeLogRecord({}).__dict__) | {
    *("message", "asctime", "taskName", "request", "request_id")
}


def request_id() -> str:
    """The id of the request this thread answers; empty outside of one."""
    return _request_id.get()


class WithRequest(logging.Filter):
    """Gives every line the id of its request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through."""
        record.request_id = request_id() or "-"
        return True


class Masked(logging.Filter):
    """Masks numbers and addresses of people in whatever is written, traces too."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through, with the message made and masked."""
        record.msg, record.args = masking.scrubbed(record.getMessage()), None
        for name, value in list(record.__dict__.items()):
            if name not in _USUAL and isinstance(value, str):
                setattr(record, name, masking.scrubbed(value))
        if record.exc_info and record.exc_info[0] and not record.exc_text:
            trace = logging.Formatter().formatException(record.exc_info)
            record.exc_text = masking.scrubbed(trace)
        return True


class AsJson(logging.Formatter):
    """One JSON object a line: at, level, logger, message, request_id, extras."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; what cannot be written as JSON is written as text."""
        at = datetime.fromtimestamp(record.created, UTC)
        content: dict[str, Any] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", "-"),
        }
        content |= {k: v for k, v in record.__dict__.items() if k not in _USUAL}
        if record.exc_info:
            trace = record.exc_text or self.formatException(record.exc_info)
            content["trace"] = trace
        return json.dumps(content, ensure_ascii=False, default=str)


def configuration(*, form: str, level: str) -> dict[str, Any]:
    """Django's LOGGING for DAIHOU_LOG (`line` or `json`) and DAIHOU_LOG_LEVEL.

    At INFO every request is a line; at WARNING, the usual, only what went wrong.
    """
    line = "{levelname} {name} {request_id} {message}"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request": {"()": WithRequest}, "masked": {"()": Masked}},
        "formatters": {
            "line": {"format": line, "style": "{"},
            "json": {"()": AsJson},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": form if form == "json" else "line",
                "filters": ["request", "masked"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
    }


def followed(respond: Respond) -> Respond:
    """Name every request, tell its name in the answer, and log how it went.

    A name the proxy gave is kept. The line has the path without its question part
    and the route, never what was searched for.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        named = given if _OURS.fullmatch(given) else str(uuid.uuid4())
        request.request_id = named
        token = _request_id.set(named)
        began = time.perf_counter()
        try:
            response = respond(request)
            response.headers[HEADER] = named
            _tell(request, response, seconds=time.perf_counter() - began)
            return response
        finally:
            _request_id.reset(token)

    return middleware


def _tell(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
    person = getattr(request, "person", None)
    _log.info(
        "%s %s %s",
        request.method,
        request.path,
        response.status_code,
        extra={
            "method": request.method,
            "path": request.path,
            "route": request.resolver_match.route if request.resolver_match else "",
            "status": response.status_code,
            "milliseconds": round(seconds * 1000, 1),
            "person": person.username if person else "",
        },
    )
