"""Addresses of the strategy room."""

from django.urls import path

from daihou.rooms.strategy import views, views_drafts, views_tried

app_name = "strategy"
urlpatterns = [
    path("strategy/", views.list_page, name="list"),
    path("strategy/make/", views_drafts.make, name="make"),
    path("strategy/compare/", views.compare, name="compare"),
    path("strategy/steps/", views.steps, name="steps"),
    path("strategy/<int:strategy_id>/", views.one, name="one"),
    path("strategy/<int:strategy_id>/begin/", views_drafts.begin, name="begin"),
    path("strategy/versions/<int:version_id>/", views.version, name="version"),
    path("strategy/versions/<int:version_id>/file/", views.file, name="file"),
    path("strategy/versions/<int:version_id>/try/", views_tried.try_it, name="try"),
    path(
        "strategy/versions/<int:version_id>/experiment/",
        views_tried.experiment,
        name="experiment",
    ),
    path("strategy/versions/<int:version_id>/release/", views.release, name="release"),
    path("strategy/drafts/<int:version_id>/", views_drafts.draft, name="draft"),
    path("strategy/drafts/<int:version_id>/keep/", views_drafts.keep, name="keep"),
    path("strategy/drafts/<int:version_id>/parts/", views_drafts.parts, name="parts"),
    path("strategy/drafts/<int:version_id>/read/", views_drafts.read_file, name="read"),
    path("strategy/drafts/<int:version_id>/drop/", views_drafts.drop, name="drop"),
    path(
        "strategy/drafts/<int:version_id>/rehearse/",
        views_tried.rehearse,
        name="rehearse",
    ),
    path(
        "strategy/drafts/<int:version_id>/propose/",
        views_drafts.propose,
        name="propose",
    ),
    path(
        "strategy/rehearsals/<int:rehearsal_id>/",
        views_tried.rehearsal,
        name="rehearsal",
    ),
    path(
        "strategy/rehearsals/<int:rehearsal_id>/movers/",
        views_tried.movers,
        name="movers",
    ),
]
