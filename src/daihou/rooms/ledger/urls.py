"""Addresses of the ledger room."""

from django.urls import path

from daihou.rooms.ledger import (
    proposing,
    views,
    views_customer,
    views_payments,
    views_personal,
    views_receipts,
)

app_name = "ledger"
urlpatterns = [
    path("ledger/", views.overdue, name="overdue"),
    path("ledger/export/", views.export, name="export"),
    path("ledger/export/ask/", proposing.ask_export, name="ask_export"),
    path("ledger/export/<int:proposal_id>/", proposing.take_export, name="take_export"),
    path("ledger/bulk/", views.bulk, name="bulk"),
    path("payments/", views_payments.payments, name="payments"),
    path("search/", views.search, name="search"),
    path("search/suggest/", views.suggest, name="suggest"),
    path("loans/<int:loan_id>/", views.loan, name="loan"),
    path("loans/<int:loan_id>/correct/", proposing.correct_loan, name="correct_loan"),
    path(
        "customers/<int:customer_id>/correct/",
        proposing.correct_customer,
        name="correct_customer",
    ),
    path("customers/<int:customer_id>/", views_customer.customer, name="customer"),
    path(
        "customers/<int:customer_id>/notes/",
        views_customer.note,
        name="customer_note",
    ),
    path(
        "customers/<int:customer_id>/statement/",
        views_customer.statement,
        name="statement",
    ),
    path("receipts/", views_receipts.desk, name="receipts"),
    path("receipts/new/", views_receipts.new, name="receipt_new"),
    path("receipts/<int:receipt_id>/", views_receipts.receipt, name="receipt"),
    path("receipts/<int:receipt_id>/claim/", views_receipts.claim, name="claim"),
    path("receipts/claims/<int:claim_id>/", views_receipts.decide, name="decide"),
    path("personal/", views_personal.overview, name="personal"),
    path("personal/plan/", views_personal.plan, name="personal_plan"),
    path("personal/runs/<int:run_id>/", views_personal.run, name="personal_run"),
    path(
        "personal/runs/<int:run_id>/carry-out/",
        views_personal.carry_out,
        name="personal_carry_out",
    ),
    path("personal/holds/", views_personal.hold, name="personal_hold"),
    path(
        "personal/holds/<int:hold_id>/lift/",
        views_personal.lift,
        name="personal_lift",
    ),
    path("personal/canaries/", views_personal.canary, name="personal_canary"),
    path(
        "personal/canaries/<int:canary_id>/end/",
        views_personal.end_canary,
        name="personal_end_canary",
    ),
    path(
        "customers/<int:customer_id>/personal/<path:field>/",
        views_personal.value,
        name="personal_value",
    ),
]
