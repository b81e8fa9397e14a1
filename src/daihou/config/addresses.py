"""Where a request comes from: the connection, or what a proxy of the house says of it."""

import ipaddress
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Respond = Callable[[HttpRequest], HttpResponse]
Network = IPv4Network | IPv6Network


def located(respond: Respond) -> Respond:
    """Set `request.address`: text of an address, empty where it cannot be told."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.address = address_of(
            connection=request.META.get("REMOTE_ADDR") or "",
            forwarded=request.headers.get("X-Forwarded-For", ""),
            proxies=settings.PROXIES,
        )
        return respond(request)

    return middleware


def address_of(*, connection: str, forwarded: str, proxies: Sequence[Network]) -> str:
    """The nearest address that is no proxy of the house; empty where none can be read.

    `forwarded` is X-Forwarded-For, nearest last. It is looked at only when a proxy of
    the house sent it, and from its end, so that nobody writes their own address in.
    """
    here = _read(connection)
    if here is None or not _within(here, proxies):
        return "" if here is None else str(here)
    for text in reversed(forwarded.split(",") if forwarded else []):
        here = _read(text)
        if here is None:
            return ""
        if not _within(here, proxies):
            break
    return str(here)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped or found


def _within(address: IPv4Address | IPv6Address, networks: Sequence[Network]) -> bool:
    return any(address in each for each in networks)
