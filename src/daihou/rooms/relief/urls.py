"""Addresses of the relief room."""

from django.urls import path

from daihou.rooms.relief import views, views_household

app_name = "relief"
urlpatterns = [
    path("relief/", views.requests, name="requests"),
    path("relief/pools/", views.pools, name="pools"),
    path("relief/policy/", views.policy, name="policy"),
    path("relief/<int:relief_id>/", views.relief, name="request"),
    path("relief/<int:relief_id>/<slug:deed>/", views.act, name="act"),
    path("relief/loans/<int:loan_id>/<slug:kind>/", views.ask, name="ask"),
    path("relief/households/", views_household.households, name="households"),
    path(
        "relief/customers/<int:customer_id>/household/",
        views_household.household,
        name="household",
    ),
]
