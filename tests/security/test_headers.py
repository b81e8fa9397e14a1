"""No page may be framed, run inline script, or be read as what it is not."""

import re

import pytest
from django.test import Client

from tests.security.walk import PAGES

INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>|\son[a-z]+\s*=\s*[\"']"
    r"|javascript:|hx-on|hx-vals=['\"]js:",
    re.IGNORECASE,
)


def directives(policy: str) -> dict[str, list[str]]:
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {words[0]: words[1:] for words in parts}


@pytest.mark.parametrize("address", ["/sign-in/", "/nowhere/", "/ledger/"])
def test_every_answer_carries_the_guards(ada: Client, address: str) -> None:
    for client in (ada, Client()):
        headers = client.get(address).headers
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        policy = directives(headers["Content-Security-Policy"])
        assert policy["frame-ancestors"] == ["'none'"]
        assert policy["object-src"] == ["'none'"]
        assert policy["base-uri"] == ["'none'"]
        assert policy["form-action"] == ["'self'"]
        scripts = policy.get("script-src", policy["default-src"])
        assert scripts == ["'self'"]
        styles = policy.get("style-src", policy["default-src"])
        assert styles == ["'self'"]


@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_inline_script(ada: Client, address: str) -> None:
    for client in (ada, Client()):
        response = client.get(address)
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        found = INLINE.findall(response.content.decode())
        assert not found, f"{address}: {found[:3]}"


@pytest.mark.parametrize(
    "line", ["<script>x()</script>", '<a onclick="x()">', '<a href="javascript:x">']
)
def test_inline_script_would_be_seen(line: str) -> None:
    assert INLINE.search(line)
    assert not INLINE.search('<script src="/static/x.js"></script>')


def test_a_page_that_fails_is_guarded_too(ada: Client) -> None:
    for address in ("/loans/999999/", "/day-end/0/", "/views/0/"):
        response = ada.get(address)
        assert response.status_code == 404
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
