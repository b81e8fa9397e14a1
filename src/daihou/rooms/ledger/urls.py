"""Addresses of the ledger room."""

from django.urls import path

from daihou.rooms.ledger import views

app_name = "ledger"
urlpatterns = [
    path("ledger/", views.overdue, name="overdue"),
    path("ledger/export/", views.export, name="export"),
    path("search/", views.search, name="search"),
    path("loans/<int:loan_id>/", views.loan, name="loan"),
]
