"""What of this set-up is unsafe where it meets others: sign-in, proxies, mail, traces."""

import ipaddress
import sys
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from daihou.config import mail, telemetry
from daihou.config.findings import ADVICE, NEAR, UNSAFE, Finding, level_of_way
from daihou.kit.speech import gettext

LONG_SESSION: Final = 24  # hours without use after which somebody is still signed in
WIDEST: Final = 8  # bits of a network that may still be called one's own


def look(given: Mapping[str, str]) -> list[Finding]:
    """Everything unsafe in what the environment says of these."""
    return [
        *_of_python(),
        *_of_sign_in(given),
        *_of_networks(given),
        *_of_anywhere(given),
        *_of_mail(given),
        *_of_telemetry(given),
    ]


def _of_python() -> Iterator[Finding]:
    if sys.flags.optimize:
        yield Finding(
            UNSAFE,
            "assertions",
            gettext(
                "PYTHONOPTIMIZE (or -O) takes away the checks of what must be true;"
                " unset it."
            ),
        )


def _of_sign_in(given: Mapping[str, str]) -> Iterator[Finding]:
    if not {"all", "admin"} & set(given.get("DAIHOU_MFA_ROLES", "").split(",")):
        yield Finding(
            ADVICE,
            "second_factor",
            gettext(
                "A password alone opens the administrator's login; set"
                " DAIHOU_MFA_ROLES=all, or at least admin."
            ),
        )
    if given.get("DAIHOU_ROLE_CHANGES") != "approve":
        yield Finding(
            ADVICE,
            "role_changes",
            gettext(
                "One administrator alone gives rights; set DAIHOU_ROLE_CHANGES=approve"
                " and a second person decides."
            ),
        )
    hours = given.get("DAIHOU_SESSION_HOURS", "")
    if hours.isdecimal() and int(hours) > LONG_SESSION:
        yield Finding(
            UNSAFE,
            "session_hours",
            gettext(
                "A login left open stays open for %(hours)s hours"
                " (DAIHOU_SESSION_HOURS); give %(most)s or fewer."
            )
            % {"hours": hours, "most": LONG_SESSION},
        )
    issuer = urlsplit(given.get("DAIHOU_OIDC_ISSUER", ""))
    if issuer.scheme == "http" and (issuer.hostname or "") not in NEAR:
        yield Finding(
            UNSAFE,
            "oidc_clear",
            gettext(
                "Whoever listens on the way to %(host)s signs in as anybody; give"
                " DAIHOU_OIDC_ISSUER an address with https."
            )
            % {"host": issuer.hostname},
        )


def _of_networks(given: Mapping[str, str]) -> Iterator[Finding]:
    """Networks that are none, or so wide that they are everybody's."""
    too_wide = {
        "DAIHOU_WEBHOOK_NETWORKS": gettext(
            "DAIHOU_WEBHOOK_NETWORKS lets events be sent anywhere inside"
            " (%(network)s); name the receivers' own networks."
        ),
        "DAIHOU_PROXIES": gettext(
            "DAIHOU_PROXIES believes everybody in %(network)s about where a request"
            " comes from; name the proxies themselves."
        ),
    }
    for name, words in too_wide.items():
        code = name.removeprefix("DAIHOU_").lower()
        for text in filter(None, map(str.strip, given.get(name, "").split(","))):
            try:
                network = ipaddress.ip_network(text)
            except ValueError:
                told = {"name": name, "text": text}
                said = gettext("%(name)s names no network: %(text)s") % told
                yield Finding(UNSAFE, code, said)
                continue
            if network.prefixlen < WIDEST:
                yield Finding(UNSAFE, code, words % {"network": network})


def _of_anywhere(given: Mapping[str, str]) -> Iterator[Finding]:
    if given.get("DAIHOU_ANYWHERE") == "1":
        yield Finding(
            UNSAFE,
            "anywhere",
            gettext(
                "DAIHOU_ANYWHERE=1 sets every limit of networks aside; unset it once"
                " the lists are put right."
            ),
        )


def _of_mail(given: Mapping[str, str]) -> Iterator[Finding]:
    host = given.get("DAIHOU_MAIL_HOST", "")
    if not host:
        return
    if given.get("DAIHOU_MAIL_TLS", mail.USUAL) == "none" and host not in NEAR:
        yield Finding(
            level_of_way(host),
            "mail_clear",
            gettext(
                "Mail goes to %(host)s in the clear; set DAIHOU_MAIL_TLS to starttls"
                " or tls."
            )
            % {"host": host},
        )
    site = urlsplit(given.get("DAIHOU_SITE", ""))
    if site.scheme not in ("http", "https") or not site.hostname:
        yield Finding(
            UNSAFE,
            "mail_site",
            gettext(
                "Mail is sent, but its links lead nowhere; set DAIHOU_SITE to the"
                " site's own address, like https://loans.example.org."
            ),
        )
    elif site.scheme == "http" and site.hostname not in NEAR:
        yield Finding(
            UNSAFE,
            "mail_site",
            gettext(
                "The links in mails are without TLS; write DAIHOU_SITE with https."
            ),
        )


def _of_telemetry(given: Mapping[str, str]) -> Iterator[Finding]:
    to = telemetry.endpoint(given)
    if not to:
        return
    parts = urlsplit(to)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield Finding(
            UNSAFE,
            "telemetry_address",
            gettext("%(name)s is no address: %(text)s")
            % {"name": telemetry.ENDPOINT, "text": to},
        )
    elif parts.scheme == "http" and parts.hostname not in NEAR:
        yield Finding(
            level_of_way(parts.hostname),
            "telemetry_clear",
            gettext(
                "Traces go to %(host)s in the clear; give %(name)s an address with"
                " https."
            )
            % {"host": parts.hostname, "name": telemetry.ENDPOINT},
        )
    if not telemetry.is_installed():
        yield Finding(
            UNSAFE,
            "telemetry_missing",
            gettext(
                "%(name)s is set, but the packages that send traces are not installed."
                " Run in the checkout: pip install '.[telemetry]', or unset it."
            )
            % {"name": telemetry.ENDPOINT},
        )
