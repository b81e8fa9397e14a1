"""Addresses of the audit room."""

from django.urls import path

from daihou.rooms.audit import views

app_name = "audit"
urlpatterns = [
    path("audit/", views.explorer, name="explorer"),
    path("audit/export/", views.export, name="export"),
]
