"""Addresses of the people room."""

from django.urls import path

from daihou.rooms.people import views

app_name = "people"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("preferences/", views.preferences, name="preferences"),
    path("language/", views.language, name="language"),
]
