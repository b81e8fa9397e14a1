"""Sending requests: once more where it is safe, never twice where it is not."""

import json
import time
import urllib.error
import urllib.request
import uuid
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

AGAIN = frozenset({429, 502, 503, 504})
LONGEST_WAIT = 60.0  # seconds between two attempts


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Problem(Exception):
    """A refusal. `code` is stable and for programs, `detail` is for people."""

    def __init__(self, answer: Answer) -> None:
        """Read the problem; an answer that is none keeps its status."""
        try:
            told = json.loads(answer.body)
        except ValueError:
            told = {}
        self.status = answer.status
        self.code: str = told.get("code", "unknown")
        self.title: str = told.get("title", "")
        self.detail: str = told.get("detail", "")
        self.errors: Sequence[Mapping[str, str]] = told.get("errors", [])
        self.request_id: str = told.get("request_id", "")
        super().__init__(f"{self.status} {self.code}: {self.detail}")


Send = Callable[[str, str, Mapping[str, str], bytes | None, float], Answer]


class _Stay(urllib.request.HTTPRedirectHandler):
    """A token is sent to the address it was given for, and to no other."""

    def redirect_request(self, *_given: Any, **_more: Any) -> None:
        """Follow nothing."""
        return


def send(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes | None,
    timeout: float,
) -> Answer:
    """One request by the standard library; OSError when nothing came back."""
    request = urllib.request.Request(
        url, data=body, headers=dict(headers), method=method
    )
    opener = urllib.request.build_opener(_Stay)
    try:
        with opener.open(request, timeout=timeout) as response:
            return Answer(response.status, dict(response.headers), response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, dict(error.headers), error.read())


@dataclass(frozen=True, slots=True)
class Transport:
    """Where the API is and how it is spoken to.

    `language` is zh-CN or en. `retries` counts attempts after the first. `send` and
    `sleep` are for tests.
    """

    address: str
    token: str = field(repr=False)
    language: str = "zh-CN"
    timeout: float = 30.0
    retries: int = 3
    send: Send = send
    sleep: Callable[[float], None] = time.sleep

    def call(
        self,
        method: str,
        path: str,
        *,
        path_values: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        key: str | None = None,
        writes: bool = False,
        content: Any = None,
        files: Sequence[tuple[str, bytes]] | None = None,
    ) -> Any:
        """One operation; the JSON of its answer, or Problem.

        A write gets a key of its own if none is given, and keeps it however often it
        is sent: so it is done once.
        """
        named = {k: quote(str(v), safe=":") for k, v in (path_values or {}).items()}
        url = self.address.rstrip("/") + path.format(**named)
        asked = {k: plain(v) for k, v in (query or {}).items() if v not in (None, "")}
        if asked:
            url += "?" + urlencode(asked)
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Accept": "application/json",
            "Accept-Language": self.language,
            "User-Agent": "daihou-client/0.1",
        }
        if writes:
            headers["Idempotency-Key"] = key or str(uuid.uuid4())
        body = None
        if files is not None:
            body, headers["Content-Type"] = multipart(content, files)
        elif content is not None:
            body = json.dumps(content, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json"
        elif method == "POST":
            body = b""
        return self._answer(method, url, headers, body)

    def _answer(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> Any:
        for attempt in range(self.retries + 1):
            last = attempt == self.retries
            try:
                answer = self.send(method, url, headers, body, self.timeout)
            except OSError:
                if last:
                    raise
                self.sleep(2.0**attempt)
                continue
            if answer.status == 200:
                return json.loads(answer.body)
            problem = Problem(answer)
            busy = problem.code == "idempotency_key_busy"
            if last or not (answer.status in AGAIN or busy):
                raise problem
            self.sleep(_wait(answer, attempt))
        raise AssertionError("an attempt either answers or raises")


def _wait(answer: Answer, attempt: int) -> float:
    names = {name.lower(): value for name, value in answer.headers.items()}
    told = names.get("retry-after", "")
    return min(LONGEST_WAIT, float(told) if told.isdigit() else 2.0**attempt)


def plain(value: Any) -> Any:
    """A value as it stands in an address or in JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def multipart(
    fields: Mapping[str, Any], files: Sequence[tuple[str, bytes]]
) -> tuple[bytes, str]:
    """A form with files, and its content type."""
    boundary = b64encode(uuid.uuid4().bytes, altchars=b"__").decode().rstrip("=")
    parts = []
    for name, value in fields.items():
        head = f'Content-Disposition: form-data; name="{name}"\r\n\r\n'
        parts.append(head.encode() + str(plain(value)).encode() + b"\r\n")
    for name, content in files:
        safe = name.replace("\\", "_").replace('"', "_").replace("\r", "_")
        safe = safe.replace("\n", "_")
        head = (
            f'Content-Disposition: form-data; name="files"; filename="{safe}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        parts.append(head.encode() + content + b"\r\n")
    mark = f"--{boundary}\r\n".encode()
    body = b"".join(mark + part for part in parts) + f"--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"
