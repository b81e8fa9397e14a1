"""Addresses of the notices room."""

from django.urls import path

from daihou.rooms.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.inbox, name="inbox"),
    path("notices/<int:notice_id>/", views.opened, name="open"),
    path("notices/read/", views.read, name="read"),
    path("notices/wishes/", views.wishes, name="wishes"),
]
