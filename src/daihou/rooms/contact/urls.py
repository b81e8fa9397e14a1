"""Addresses of the contact room."""

from django.urls import path

from daihou.rooms.contact import views, views_persons

app_name = "contact"
_PERSON = "customers/<int:customer_id>/contact/"
urlpatterns = [
    path(_PERSON, views.person, name="person"),
    path(f"{_PERSON}ask/", views.ask, name="ask"),
    path(f"{_PERSON}flags/", views.flag, name="flag"),
    path(f"{_PERSON}flags/<int:flag_id>/lift/", views.lift, name="lift"),
    path(f"{_PERSON}consents/", views.consent, name="consent"),
    path(
        f"{_PERSON}consents/<int:consent_id>/withdraw/",
        views.withdraw,
        name="withdraw",
    ),
    path(
        f"{_PERSON}flags/<int:flag_id>/confirm/",
        views.confirm_flag,
        name="confirm_flag",
    ),
    path(
        f"{_PERSON}consents/<int:consent_id>/confirm/",
        views.confirm_consent,
        name="confirm_consent",
    ),
    path(f"{_PERSON}points/<int:point_id>/restore/", views.restore, name="restore"),
    path("contact/decisions/<int:decision_id>/", views.decision, name="decision"),
    path("contact/decisions/<int:decision_id>/unused/", views.unused, name="unused"),
    path("persons/", views_persons.twins, name="twins"),
    path("persons/<int:twin_id>/", views_persons.decide, name="decide_twin"),
    path("contact/templates/", views.templates, name="templates"),
    path("compliance/", views.items, name="items"),
    path("compliance/<int:item_id>/close/", views.close, name="close"),
]
