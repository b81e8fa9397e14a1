"""Sending to an address a lender configured, and to no other place by way of it.

The name is looked up once, every address behind it is checked, and that very address
is connected to: a name that answers otherwise a moment later changes nothing. Nothing
is redirected, and no proxy of the environment is used.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

from daihou.kit.refusal import Refused

TIMEOUT: Final = 10.0  # seconds for each step of a connection
READ: Final = 2048  # bytes of an answer that are looked at
_LONGEST: Final = 500
# Addresses that carry another one inside, by which a private one could be meant.
_CARRIERS: Final = [
    ipaddress.ip_network(each) for each in ("64:ff9b::/96", "2002::/16", "2001::/32")
]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending: an HTTP status, or in words why there is none."""

    status: int | None
    problem: str = ""

    @property
    def arrived(self) -> bool:
        """Whether the receiver said that it took the message."""
        return self.status is not None and 200 <= self.status < 300


def check(url: str, *, allowed: Iterable[Network]) -> SplitResult:
    """The parts of an address that may be configured, or a refusal.

    A name is only looked up when something is sent; a number is checked here.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        parts, port, host = urlsplit(""), None, ""
    wrong = (
        parts.scheme not in ("http", "https")
        or not host
        or parts.username is not None
        or parts.password is not None
        or bool(parts.fragment)
        or port == 0
        or len(url) > _LONGEST
        or any(ord(letter) <= 32 or ord(letter) > 126 for letter in url)
    )
    if wrong:
        raise Refused(
            "webhook_address",
            _("Give an address such as https://example.com/daihou, without a login."),
        )
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return parts
    if not _may(number, allowed):
        raise Refused(
            "webhook_private",
            _(
                "%(host)s is an address inside a network. Let the administrator of "
                "this machine allow it (DAIHOU_WEBHOOK_NETWORKS)."
            )
            % {"host": host},
        )
    return parts


def _may(address: Address, allowed: Iterable[Network]) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in network for network in allowed):
        return True
    if any(address in network for network in _CARRIERS):
        return False
    return address.is_global and not address.is_multicast


def post(
    url: str, *, body: bytes, headers: Mapping[str, str], allowed: Iterable[Network]
) -> Sent:
    """Send one message; whatever goes wrong is told, never raised."""
    allowed = list(allowed)
    try:
        parts = check(url, allowed=allowed)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        numbers = [ipaddress.ip_address(row[4][0]) for row in found]
        if not all(_may(number, allowed) for number in numbers):
            return Sent(None, "private address")
        kind = _Https if parts.scheme == "https" else _Http
        connection = kind(host, port, pinned=str(numbers[0]))
        return _ask(connection, parts, body, headers)
    except Refused as refused:
        return Sent(None, refused.code)
    except ssl.SSLError as error:
        return Sent(None, f"TLS: {error.reason}"[:300])
    except socket.gaierror:
        return Sent(None, "name not found")
    except TimeoutError:
        return Sent(None, "timed out")
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        return Sent(None, f"{type(error).__name__}"[:300])


def _ask(
    connection: http.client.HTTPConnection,
    parts: SplitResult,
    body: bytes,
    headers: Mapping[str, str],
) -> Sent:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body=body, headers=dict(headers))
        answer = connection.getresponse()
        answer.read(READ)
        if 300 <= answer.status < 400:
            return Sent(answer.status, "redirected; give the address itself")
        return Sent(answer.status)
    finally:
        connection.close()


class _Http(http.client.HTTPConnection):
    """To a number that was checked, under the name that was asked for."""

    def __init__(self, host: str, port: int, *, pinned: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self._pinned = pinned

    def connect(self) -> None:
        """Connect to the number, whatever the name says now."""
        self.sock = socket.create_connection((self._pinned, self.port), TIMEOUT)


class _Https(http.client.HTTPSConnection):
    """The same with TLS: the certificate must be of the name."""

    def __init__(self, host: str, port: int, *, pinned: str) -> None:
        self._trust = ssl.create_default_context()
        super().__init__(host, port, timeout=TIMEOUT, context=self._trust)
        self._pinned = pinned

    def connect(self) -> None:
        """Connect to the number, whatever the name says now."""
        plain = socket.create_connection((self._pinned, self.port), TIMEOUT)
        self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)
