"""How django-allauth fits this house: sealed secrets, no sign-up, our own sign-in."""

from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext as _

from daihou.kit import secret
from daihou.rooms.people import opening, signing_in

ABOUT = "mfa"  # what the sealed secrets of second factors are of


class Factors(DefaultMFAAdapter):
    """Secrets of second factors lie sealed with the key ring of the house."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return secret.seal(text, about=ABOUT)

    def decrypt(self, encrypted_text: str) -> str:
        """Open what was sealed."""
        return secret.open(encrypted_text, about=ABOUT)


class Accounts(DefaultAccountAdapter):
    """Nobody makes themselves a login, and no stage of allauth stands before ours."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator makes logins."""
        return False

    def get_login_stages(self) -> list[str]:
        """None: the identity provider has asked for what the lender wants."""
        return []


class Elsewhere(DefaultSocialAccountAdapter):
    """Signing in at the lender's identity provider, as a login that is here already."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: an administrator makes logins."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> NoReturn:
        """Find whose login it is and open the session, or say that there is none.

        The first time the login is the one the claim names; from then on it is bound
        to the identity, so that a name given to somebody else opens nothing.
        """
        named = self._claimed(sociallogin)
        known = sociallogin.user.pk if sociallogin.is_existing else None
        user = signing_in.from_elsewhere(
            user_id=known,
            username=named,
            issuer=settings.OIDC_ISSUER,
            at=request.at,
        )
        if user is None:
            self._refuse(request)
        if known is None:
            sociallogin.connect(request, user)
        raise ImmediateHttpResponse(opening.open_session(request, user, way="oidc"))

    def _claimed(self, sociallogin: Any) -> str:
        told = sociallogin.account.extra_data
        for part in (told, told.get("userinfo") or {}, told.get("id_token") or {}):
            if part.get(settings.OIDC_CLAIM):
                return str(part[settings.OIDC_CLAIM])
        return ""

    def on_authentication_error(
        self, request: HttpRequest, *told: Any, **more: Any
    ) -> NoReturn:
        """The provider refused, or what it sent does not hold."""
        self._refuse(request)

    def _refuse(self, request: HttpRequest) -> NoReturn:
        words = _(
            "The identity provider named nobody who has a login here, or the sign-in"
            " was broken off. Try again, or ask an administrator of your lender."
        )
        context = {"form": None, "next": "/", "elsewhere": words}
        raise ImmediateHttpResponse(
            render(request, "people/sign_in.html", context, status=403)
        )
