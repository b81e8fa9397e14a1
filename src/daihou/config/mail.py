"""Settings of mail; without DAIHOU_MAIL_HOST none is sent.

DAIHOU_MAIL_HOST, DAIHOU_MAIL_PORT, DAIHOU_MAIL_USER, DAIHOU_MAIL_PASSWORD (or
DAIHOU_MAIL_PASSWORD_FILE), DAIHOU_MAIL_TLS (starttls, the usual; tls; none),
DAIHOU_MAIL_FROM, DAIHOU_MAIL_DOMAINS (comma-separated: mail goes to these alone),
DAIHOU_MAIL_HOUR (of the daily summary) and DAIHOU_SITE (the address its links begin with).
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

USUAL: Final = "starttls"
_PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
_SMTP: Final = "django.core.mail.backends.smtp.EmailBackend"
_NONE: Final = "django.core.mail.backends.dummy.EmailBackend"


def settings(given: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Django's settings of mail, and ours, from the environment."""
    host, tls = given.get("DAIHOU_MAIL_HOST", ""), given.get("DAIHOU_MAIL_TLS", USUAL)
    port, hour = given.get("DAIHOU_MAIL_PORT", ""), given.get("DAIHOU_MAIL_HOUR", "")
    domains = given.get("DAIHOU_MAIL_DOMAINS", "").lower().split(",")
    return {
        "EMAIL_BACKEND": _SMTP if host else _NONE,
        "EMAIL_HOST": host,
        "EMAIL_PORT": int(port) if port.isdecimal() else _PORTS.get(tls, 587),
        "EMAIL_HOST_USER": given.get("DAIHOU_MAIL_USER", ""),
        "EMAIL_HOST_PASSWORD": _password(given),
        "EMAIL_USE_TLS": tls not in ("tls", "none"),  # a word nobody knows is no "none"
        "EMAIL_USE_SSL": tls == "tls",
        "EMAIL_TIMEOUT": 20,
        "DEFAULT_FROM_EMAIL": given.get("DAIHOU_MAIL_FROM", "")
        or given.get("DAIHOU_MAIL_USER", "")
        or "daihou@localhost",
        "MAIL_SENDS": bool(host),
        "MAIL_DOMAINS": frozenset(each.strip() for each in domains if each.strip()),
        "MAIL_HOUR": int(hour) if hour.isdecimal() and int(hour) < 24 else 8,
        "SITE": given.get("DAIHOU_SITE", "").rstrip("/"),
    }


def _password(given: Mapping[str, str]) -> str:
    file = given.get("DAIHOU_MAIL_PASSWORD_FILE", "")
    if file:
        return Path(file).read_text("utf-8").strip()
    return given.get("DAIHOU_MAIL_PASSWORD", "")
