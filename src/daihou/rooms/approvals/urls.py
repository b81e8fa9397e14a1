"""Addresses of the approvals room."""

from django.urls import path

from daihou.rooms.approvals import views

app_name = "approvals"
urlpatterns = [
    path("approvals/", views.inbox, name="inbox"),
    path("approvals/together/", views.together, name="together"),
    path("approvals/levels/", views.levels, name="levels"),
    path("approvals/away/", views.away, name="away"),
    path("approvals/away/<int:delegation_id>/end/", views.end, name="end"),
    path("approvals/<int:proposal_id>/", views.proposal, name="proposal"),
    path("approvals/<int:proposal_id>/decide/", views.decide, name="decide"),
    path("approvals/<int:proposal_id>/withdraw/", views.withdraw, name="withdraw"),
    path("approvals/<int:proposal_id>/comment/", views.comment, name="comment"),
    path(
        "approvals/<int:proposal_id>/difference/", views.difference, name="difference"
    ),
    path("approvals/<int:proposal_id>/reveal/", views.reveal, name="reveal"),
]
