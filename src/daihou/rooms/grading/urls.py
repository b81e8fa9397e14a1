"""Addresses of the grading room."""

from django.urls import path

from daihou.rooms.grading import views

app_name = "grading"
urlpatterns = [
    path("grading/", views.overview, name="overview"),
    path("grading/loans/", views.loans, name="loans"),
    path("grading/loans/<int:loan_id>/", views.loan, name="loan"),
    path("grading/loans/<int:loan_id>/facts/", views.tell, name="tell"),
    path("grading/loans/<int:loan_id>/better/", views.upgrade, name="upgrade"),
    path("grading/facts/<int:fact_id>/end/", views.end, name="end"),
]
