"""Addresses: the public site at the root, the office for those who sign in."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.urls")),
    path("office/", include("noko.web.office.urls")),
    path("", include("noko.web.public.urls")),
]
