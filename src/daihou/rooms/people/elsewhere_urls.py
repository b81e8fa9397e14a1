"""Addresses of the sign-in at the lender's identity provider, as allauth names them."""

from allauth.socialaccount.providers.openid_connect import urls
from django.urls import include, path

from daihou.rooms.people.views import signing

urlpatterns = [
    path("", include(urls)),
    path(
        "elsewhere/cancelled/",
        signing.elsewhere_cancelled,
        name="socialaccount_login_cancelled",
    ),
]
