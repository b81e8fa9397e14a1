"""Addresses of the intake room."""

from django.urls import path

from daihou.rooms.intake import views, views_mapping

app_name = "intake"
urlpatterns = [
    path("intake/", views.history, name="history"),
    path("intake/mappings/", views_mapping.mappings, name="mappings"),
    path("intake/mappings/<slug:name>/", views_mapping.mapping, name="mapping"),
    path("intake/sent/<slug:token>/", views.progress, name="progress"),
    path("intake/<int:batch_id>/", views.batch, name="batch"),
    path("intake/plan/<slug:plan>/<int:number>/", views.planned, name="planned"),
    path("intake/<int:batch_id>/errors/<slug:digest>/", views.errors, name="errors"),
]
