"""Addresses of the reports; they live in the namespace `reporting`."""

from django.urls import URLPattern, URLResolver, path

from daihou.rooms.reporting import views_customers, views_reports

urlpatterns: list[URLPattern | URLResolver] = [
    path("reports/", views_reports.reports, name="reports"),
    path("reports/branches/<path:code>/", views_reports.branch, name="branch_report"),
    path("reports/officers/<path:code>/", views_reports.officer, name="officer_report"),
    path(
        "reports/customers/<int:customer_id>/",
        views_customers.customer,
        name="customer_report",
    ),
    path(
        "reports/customers/<int:customer_id>/take/",
        views_customers.take,
        name="customer_report_take",
    ),
    path("reports/loans/<int:loan_id>/reason/", views_reports.reason, name="reason"),
    path("reports/<slug:code>/", views_reports.report, name="report"),
    path("reports/<slug:code>/take/", views_reports.take, name="report_take"),
]
