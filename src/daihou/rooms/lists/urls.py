"""Addresses of the lists room."""

from django.urls import path

from daihou.rooms.lists import views

app_name = "lists"
urlpatterns = [
    path("views/", views.views, name="views"),
    path("views/save/", views.save, name="save"),
    path("views/<int:view_id>/", views.open_view, name="open"),
    path("views/<int:view_id>/change/", views.change, name="change"),
]
