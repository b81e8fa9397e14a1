"""Addresses of the casework room."""

from django.urls import path

from daihou.rooms.casework import desk_urls, views_markers

app_name = "casework"
urlpatterns = [
    *desk_urls.patterns,
    path("markers/", views_markers.markers, name="markers"),
    path("markers/<int:marker_id>/", views_markers.decide, name="decide_marker"),
]
