"""Addresses of the reports; they live in the namespace `reporting`."""

from django.urls import URLPattern, URLResolver, path

from daihou.rooms.reporting import (
    views_callbacks,
    views_customers,
    views_reports,
    views_targets,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("targets/", views_targets.targets, name="targets"),
    path("targets/save/", views_targets.save_targets, name="save_targets"),
    path("costs/", views_targets.costs, name="costs"),
    path("costs/save/", views_targets.save_costs, name="save_costs"),
    path("callbacks/", views_callbacks.callbacks, name="callbacks"),
    path("callbacks/draw/", views_callbacks.draw, name="callbacks_draw"),
    path("callbacks/<int:callback_id>/", views_callbacks.tell, name="callbacks_tell"),
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
