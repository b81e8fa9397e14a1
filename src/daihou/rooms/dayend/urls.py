"""Addresses of the day-end room."""

from django.urls import path

from daihou.rooms.dayend import views

app_name = "dayend"
urlpatterns = [
    path("", views.home, name="home"),
    path("day-end/", views.day_end, name="day_end"),
    path("day-end/ask/", views.ask, name="ask"),
    path("day-end/begin/", views.begin, name="begin"),
    path("day-end/calendar/", views.calendar, name="calendar"),
    path("day-end/waiting/", views.waiting, name="waiting"),
    path("day-end/<int:run_id>/", views.day_end, name="run"),
]
