"""Addresses of the people room."""

from django.urls import include, path

from daihou.rooms.people.views import (
    account,
    covers,
    organisation,
    roles,
    signing,
    users,
)

app_name = "people"
_one = [
    path("", users.user, name="user"),
    path("duty/", users.user_duty, name="user_duty"),
    path("password/", users.user_password, name="user_password"),
    path("factors/", users.user_factors, name="user_factors"),
    path("sessions/", users.user_sessions, name="user_sessions"),
    path("view-as/", users.view_as, name="view_as"),
]
urlpatterns = [
    path("sign-in/", signing.sign_in, name="sign_in"),
    path("sign-in/second/", signing.second_factor, name="second_factor"),
    path("sign-in/passkey/ask/", signing.ask_passkey, name="ask_passkey"),
    path("sign-in/passkey/", signing.passkey, name="passkey"),
    path("sign-out/", signing.sign_out, name="sign_out"),
    path("preferences/", signing.preferences, name="preferences"),
    path("language/", signing.language, name="language"),
    path("view-as/end/", signing.view_as_end, name="view_as_end"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/app/", account.app, name="app"),
    path("account/passkey/ask/", account.passkey_ask, name="passkey_ask"),
    path("account/passkey/", account.passkey_add, name="passkey_add"),
    path("account/codes/", account.codes, name="codes"),
    path(
        "account/factors/<int:factor_id>/remove/",
        account.factor_remove,
        name="factor_remove",
    ),
    path("account/sessions/end/", account.sessions_end, name="sessions_end"),
    path(
        "account/sessions/<int:session_id>/end/",
        account.session_end,
        name="session_end",
    ),
    path("people/", users.users, name="users"),
    path("people/new/", users.user_new, name="user_new"),
    path("people/login/<str:username>/", include(_one)),
    path("organisation/", organisation.organisation, name="organisation"),
    path("organisation/remove/", organisation.unit_remove, name="unit_remove"),
    path("roles/", roles.roles, name="roles"),
    path("roles/<slug:code>/", roles.role, name="role"),
    path("roles/<slug:code>/copy/", roles.role_copy, name="role_copy"),
    path("roles/<slug:code>/remove/", roles.role_remove, name="role_remove"),
    path("duties/", roles.duties, name="duties"),
    path("duties/<int:rule_id>/", roles.duty, name="duty"),
    path("covers/", covers.covers, name="covers"),
    path("covers/<int:cover_id>/end/", covers.cover_end, name="cover_end"),
]
