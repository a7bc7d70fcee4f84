"""Addresses: the public site at the root, the office for those who sign in, the survey short."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("noko.web.account.urls")),
    path("office/", include("noko.web.office.urls")),
    path("cabinet/", include("noko.web.cabinet.urls")),
    path("field/", include("noko.web.field.urls")),
    path("odk/", include("noko.web.odk.urls")),
    path("s/", include("noko.web.survey.urls")),
    path("", include("noko.web.public.urls")),
]
