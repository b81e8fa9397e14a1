"""Addresses of the intake room."""

from django.urls import path

from daihou.rooms.intake import views

app_name = "intake"
urlpatterns = [
    path("intake/", views.history, name="history"),
    path("intake/plan/<slug:plan>/<int:number>/", views.planned, name="planned"),
    path("intake/<int:batch_id>/errors/<slug:digest>/", views.errors, name="errors"),
]
