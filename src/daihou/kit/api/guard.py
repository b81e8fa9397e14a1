"""Around every operation: who calls, may they, was it asked before, is it only tried."""

import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from daihou.kit import wording
from daihou.kit.api import problems
from daihou.kit.api.gate import Caller, Reply, gate
from daihou.kit.refusal import NotAllowed, Refused, TooLarge

Run = Callable[..., HttpResponse]
KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")
KEY_HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotent-Replayed"
_NUL: Final = re.compile(rb"\x00|\\u0000")


@dataclass(frozen=True, slots=True)
class Rules:
    """What the guard asks: a scope of the token, and whether the operation writes.

    `allow` raises NotAllowed or NotFound for a person who may not, whatever they send:
    it is asked before anything of the content is looked at. `words`: the texts sent are
    looked at for acts that must not be; where a room does so itself they are not.
    """

    scope: str
    writes: bool = False
    words: bool = True
    allow: Callable[[HttpRequest], None] | None = None


def guarded(rules: Rules) -> Callable[[Run], Run]:
    """Wrap an operation. Everything refused here never reaches the room."""

    def decorate(run: Run) -> Run:
        @functools.wraps(run)
        def guarding(request: HttpRequest, **path: Any) -> HttpResponse:
            try:
                caller = gate().enter(
                    _bearer(request), address=request.address, at=request.at
                )
            except Refused as refused:
                return problems.of_refusal(request, refused)
            request.caller, request.person = caller, caller.person
            try:
                response = _answer(request, run, path, rules, caller)
            except Refused as refused:
                response = problems.of_refusal(request, refused)
            for name, value in caller.headers().items():
                response.headers[name] = value
            return response

        return guarding

    return decorate


def _bearer(request: HttpRequest) -> str:
    kind, _space, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not given.strip():
        raise problems.Unknown(
            "token_missing",
            _("Send a token: Authorization: Bearer dh_... Make one at Interfaces."),
        )
    return given.strip()


def _answer(
    request: HttpRequest, run: Run, path: Any, rules: Rules, caller: Caller
) -> HttpResponse:
    if rules.scope and rules.scope not in caller.scopes:
        raise NotAllowed(
            "scope_missing",
            _("This token may not do that; it lacks the scope %(scope)s.")
            % {"scope": rules.scope},
            scope=rules.scope,
        )
    if rules.allow is not None:
        rules.allow(request)
    _check_text(request)
    if rules.writes and rules.words:
        texts = wording.texts_of_body(request)
        wording.check_request(request, texts, channel="api")
    if not rules.writes:
        return run(request, **path)
    request.dry_run = _dry_run(request)
    key = request.headers.get(KEY_HEADER, "")
    if not KEY.fullmatch(key):
        raise problems.Unreadable(
            "idempotency_key_missing",
            _(
                "Send Idempotency-Key: up to 200 visible characters that name this "
                "deed. The same key again gives the same answer and does nothing twice."
            ),
        )
    return _once(request, run, path, caller, key)


def _once(
    request: HttpRequest, run: Run, path: Any, caller: Caller, key: str
) -> HttpResponse:
    """Do it in one transaction with the answer that is kept of it.

    What is refused is not kept: nothing happened, and the same key may try again.
    """
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        known = gate().claim(caller, key, fingerprint)
        if known is not None:
            headers = {REPLAYED: "true"}
            return HttpResponse(
                known.body,
                status=known.status,
                content_type=known.content_type,
                headers=headers,
            )
        response = run(request, **path)
        if request.dry_run or response.status_code >= 400:
            transaction.set_rollback(True)
        else:
            reply = Reply(
                response.status_code,
                response.headers["Content-Type"],
                response.content.decode(),
            )
            gate().keep(caller, key, fingerprint, reply, at=request.at)
    return response


def _dry_run(request: HttpRequest) -> bool:
    asked = request.GET.get("dry_run", "false")
    if asked not in ("true", "false"):
        words = _("This must be true or false.")
        raise problems.BadFields(
            problems.Fault("dry_run", "bool_parsing", words, "query")
        )
    return asked == "true"


def _is_multipart(request: HttpRequest) -> bool:
    return str(request.content_type).startswith("multipart/")


def _check_text(request: HttpRequest) -> None:
    """What cannot be read goes back, and so does NUL, which no text may hold."""
    try:
        texts = _texts(request)
    except RequestDataTooBig:
        raise TooLarge("too_large", _("Send less at once.")) from None
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        words = _("It could not be read. Check its form and its length.")
        raise problems.Unreadable("unreadable", words) from None
    if any(b"\0" in text for text in texts) or b"\\u0000" in texts[-1]:
        words = _("The character NUL stands in it, which no text may hold.")
        raise problems.Unreadable("nul_character", words)


def _texts(request: HttpRequest) -> list[bytes]:
    """Everything in it that is text; the body, if it is one, last."""
    asked = [value for pair in request.GET.lists() for value in pair[1]]
    texts = [request.path, *asked]
    if not _is_multipart(request):
        if request.body and request.content_type != "application/json":
            raise problems.MediaType(
                "media_type", _("Send the content as application/json, in UTF-8.")
            )
        return [*map(_bytes, texts), request.body]
    texts += [value for pair in request.POST.lists() for value in pair[1]]
    texts += [file.name for pair in request.FILES.lists() for file in pair[1]]
    return [*map(_bytes, texts), b""]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _fingerprint(request: HttpRequest) -> str:
    """What tells one request from another: method, address and content.

    JSON is compared by what it says; a form by its fields and files, since its
    boundary is another one every time.
    """
    digest = hashlib.sha256()
    for part in _parts(request):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def _parts(request: HttpRequest) -> Iterator[bytes]:
    yield f"{request.method} {request.path}".encode()
    yield repr(sorted(request.GET.lists())).encode("utf-8", "surrogatepass")
    if not _is_multipart(request):
        try:
            told = json.loads(request.body or b"null")
            yield json.dumps(told, sort_keys=True).encode()
        except (ValueError, RecursionError):
            yield request.body
        return
    yield repr(sorted(request.POST.lists())).encode("utf-8", "surrogatepass")
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield f"{name} {file.name}".encode("utf-8", "surrogatepass")
            content = hashlib.sha256()
            for chunk in file.chunks():
                content.update(chunk)
            file.seek(0)
            yield content.digest()
