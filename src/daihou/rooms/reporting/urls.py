"""Addresses of the reporting room."""

from django.urls import include, path

from daihou.rooms.reporting import views_lab, views_metrics, views_standing

app_name = "reporting"
urlpatterns = [
    path("lab/", views_lab.lab, name="lab"),
    path("lab/ask/", views_lab.ask, name="lab_ask"),
    path("lab/loans/", views_lab.loans, name="lab_loans"),
    path("lab/export/<str:kind>/", views_lab.export, name="lab_export"),
    path("lab/metrics/", views_metrics.metrics, name="metrics"),
    path("lab/metrics/<str:id>/", views_metrics.metric, name="metric"),
    path("lab/given/", views_standing.given, name="given"),
    path("lab/given/new/", views_standing.give, name="give"),
    path("lab/given/<int:standing_id>/", views_standing.one, name="given_one"),
    path("lab/given/<int:standing_id>/end/", views_standing.end, name="given_end"),
    path("", include("daihou.rooms.reporting.reports_urls")),
]
