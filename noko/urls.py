"""Addresses: the public site at the root, the office for those who sign in, the open API."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.urls")),
    path("office/", include("noko.web.office.urls")),
    path("", include("noko.web.public.urls")),
]
if find_spec("noko.web.api") is not None:
    urlpatterns.insert(0, path("api/", include("noko.web.api.urls")))
