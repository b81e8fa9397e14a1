"""Addresses of the caps."""

from django.urls import path

from daihou.rooms.caps import views

app_name = "caps"
urlpatterns = [
    path("caps/", views.listing, name="listing"),
    path("caps/export/", views.export, name="export"),
    path("caps/loans/<int:loan_id>/", views.loan, name="loan"),
]
