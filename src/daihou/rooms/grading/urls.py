"""Addresses of the grading room."""

from django.urls import path

from daihou.rooms.grading import views, views_provision

app_name = "grading"
urlpatterns = [
    path("grading/", views.overview, name="overview"),
    path("grading/loans/", views.loans, name="loans"),
    path("grading/loans/<int:loan_id>/", views.loan, name="loan"),
    path("grading/loans/<int:loan_id>/facts/", views.tell, name="tell"),
    path("grading/loans/<int:loan_id>/better/", views.upgrade, name="upgrade"),
    path("grading/facts/<int:fact_id>/end/", views.end, name="end"),
    path("grading/provision/", views_provision.provision, name="provision"),
    path(
        "grading/provision/export/",
        views_provision.provision_export,
        name="provision_export",
    ),
    path(
        "grading/provision/held/", views_provision.provision_held, name="provision_held"
    ),
    path(
        "grading/provision/loans/<int:loan_id>/",
        views_provision.provision_of_loan,
        name="provision_of_loan",
    ),
]
