"""Addresses of the clocks room."""

from django.urls import path

from daihou.rooms.clocks import views

app_name = "clocks"
urlpatterns = [
    path("clocks/", views.clocks, name="clocks"),
    path("clocks/export/", views.export, name="export"),
    path("clocks/new/", views.new, name="new"),
    path("clocks/loans/<int:loan_id>/new/", views.new_of_loan, name="new_of_loan"),
    path("clocks/<int:clock_id>/", views.clock, name="clock"),
    path("clocks/<int:clock_id>/events/", views.tell, name="tell"),
    path("clocks/<int:clock_id>/close/", views.close, name="close"),
    path("clocks/events/<int:event_id>/strike/", views.strike, name="strike"),
]
