"""Addresses of the rulebooks room."""

from django.urls import path

from daihou.rooms.rulebooks import views

app_name = "rulebooks"
urlpatterns = [
    path("law/", views.rules, name="rules"),
    path("law/compare/", views.compare, name="compare"),
    path("law/changes/", views.history, name="history"),
    path("law/proposals/<int:proposal_id>/", views.proposal, name="proposal"),
    path("law/rules/<str:rule_id>/", views.rule, name="rule"),
    path("law/rules/<str:rule_id>/change/", views.change, name="change"),
    path("law/rules/<str:rule_id>/turn/", views.turn, name="turn"),
]
