"""Calls to the API as programs make them: with a token and a key."""

import itertools
import json
from typing import Any

from django.test import Client

from daihou.rooms.gateway import door as gateway
from daihou.rooms.people import door as people
from tests.rooms.cast import AT

EVERY_SCOPE = tuple(gateway.ApiScope)
_keys = itertools.count(1)


def token(
    username: str, *, scopes: tuple[str, ...] = EVERY_SCOPE, days: int = 366
) -> str:
    """A token of this person; the clock of the tests is behind the real one."""
    from daihou.config import clock

    _line, secret = gateway.make_token(
        username=username,
        name="test",
        scopes=scopes,
        days=days,
        by=people.process("test"),
        at=clock.now(),
    )
    return secret


class Api:
    """One program with its token; every POST gets a key of its own."""

    def __init__(self, secret: str, *, language: str = "en") -> None:
        self.client = Client(raise_request_exception=True)
        self.headers = {"accept-language": language}
        if secret:
            self.headers["authorization"] = f"Bearer {secret}"

    def get(self, path: str, **asked: Any) -> Any:
        """GET below the address of the API."""
        return self.client.get(f"/api/v1{path}", asked, headers=self.headers)

    def post(self, path: str, body: Any = None, *, key: str = "", **asked: Any) -> Any:
        """POST JSON; without `key` one that was never used."""
        named = {"idempotency-key": key or f"test-{next(_keys)}"}
        content = "" if body is None else json.dumps(body)
        return self.client.post(
            f"/api/v1{path}",
            content,
            content_type="application/json",
            query_params=asked,
            headers=self.headers | named,
        )


def api_of(username: str, **wish: Any) -> Api:
    """A program that acts as this person."""
    return Api(token(username, **wish))


def refused(response: Any, status: int, code: str) -> dict[str, Any]:
    """The problem of a refusal, which must be this one."""
    assert response.headers["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = response.json()
    assert (response.status_code, told["code"]) == (status, code), told
    assert told["status"] == status and told["title"] and told["detail"]
    return told


__all__ = ["AT", "EVERY_SCOPE", "Api", "api_of", "refused", "token"]
