"""Addresses of the gateway room."""

from django.urls import path

from daihou.rooms.gateway import views

app_name = "gateway"
_ONE = "interfaces/webhooks/<int:endpoint_id>/"
urlpatterns = [
    path("interfaces/", views.tokens, name="tokens"),
    path("interfaces/<slug:public_id>/revoke/", views.revoke, name="revoke"),
    path("interfaces/webhooks/", views.webhooks, name="webhooks"),
    path(_ONE, views.webhook, name="webhook"),
    path(f"{_ONE}key/", views.rotate, name="rotate"),
    path(f"{_ONE}switch/", views.switch, name="switch"),
    path(f"{_ONE}test/", views.test, name="test"),
    path(f"{_ONE}replay/", views.replay, name="replay"),
]
