"""Settings of people and signing in; what a lender may choose comes from the environment.

DAIHOU_PASSWORD_LENGTH (least characters), DAIHOU_PASSWORD_DAYS (a password older than
this is changed at the next sign-in; 0: never), DAIHOU_PASSWORD_REUSE (how many former
ones are not taken again), DAIHOU_SESSION_HOURS (signed out after so long without use),
DAIHOU_MFA_ROLES (role codes, comma-separated, or `all`), DAIHOU_ROLE_CHANGES=approve (a
change of rights needs a second person), DAIHOU_OIDC_ISSUER, DAIHOU_OIDC_CLIENT_ID,
DAIHOU_OIDC_CLIENT_SECRET, DAIHOU_OIDC_NAME, DAIHOU_OIDC_CLAIM (sign in at the lender's
own identity provider; the claim that names the login, preferred_username if not given), DAIHOU_OIDC_PAGES
(the provider's sign-in page, where it lies on another host than the issuer).
"""

import os
from typing import Any
from urllib.parse import urlsplit


def _number(name: str, usual: int) -> int:
    given = os.environ.get(name, "")
    return int(given) if given.isdigit() else usual


def _words(name: str) -> frozenset[str]:
    given = os.environ.get(name, "").split(",")
    return frozenset(word.strip() for word in given if word.strip())


AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["daihou.rooms.people.signing_in.Logins"]
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "people:sign_in"

PASSWORD_LENGTH = max(_number("DAIHOU_PASSWORD_LENGTH", 8), 8)
PASSWORD_DAYS = _number("DAIHOU_PASSWORD_DAYS", 0)
PASSWORD_REUSE = _number("DAIHOU_PASSWORD_REUSE", 5)
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": f"{_VALIDATION}.MinimumLengthValidator",
        "OPTIONS": {"min_length": PASSWORD_LENGTH},
    },
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = _number("DAIHOU_SESSION_HOURS", 12) * 3600
SESSION_SEEN_EVERY = 300  # seconds after which the list of devices is told again

MFA_ROLES = _words("DAIHOU_MFA_ROLES")
APPROVE_ROLE_CHANGES = os.environ.get("DAIHOU_ROLE_CHANGES") == "approve"

# Second factors and the lender's own identity provider, by django-allauth.
APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MFA_ADAPTER = "daihou.rooms.people.identity.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Daihou"
ACCOUNT_ADAPTER = "daihou.rooms.people.identity.Accounts"
ACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_ADAPTER = "daihou.rooms.people.identity.Elsewhere"
SOCIALACCOUNT_STORE_TOKENS = False

OIDC_ISSUER = os.environ.get("DAIHOU_OIDC_ISSUER", "").rstrip("/")
OIDC_NAME = os.environ.get("DAIHOU_OIDC_NAME", "")
OIDC_CLAIM = os.environ.get("DAIHOU_OIDC_CLAIM", "preferred_username")
OIDC_PROVIDER = "house"
# Where a form may lead: browsers look at the address a post is sent on to as well.
_PAGES = os.environ.get("DAIHOU_OIDC_PAGES") or OIDC_ISSUER
FORM_ACTION = "'self'" + (
    " {0.scheme}://{0.netloc}".format(urlsplit(_PAGES)) if _PAGES else ""
)
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_ISSUER:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": OIDC_PROVIDER,
                "name": OIDC_NAME or OIDC_ISSUER,
                "client_id": os.environ.get("DAIHOU_OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("DAIHOU_OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ],
    }
