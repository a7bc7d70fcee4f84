"""Addresses of the cabinet of education organisations. Every view begins with its permission."""

from django.urls import path

from noko.web.cabinet import busgov, start

app_name = "cabinet"

urlpatterns = [
    path("", start.start, name="start"),
    path("busgov/<int:key>/", busgov.busgov, name="busgov"),
]
