"""Addresses of the pages about bus.gov.ru."""

from django.urls import path

from noko.web.office import busgov, busgov_import

urlpatterns = [
    path("busgov/", busgov.overview, name="busgov"),
    path("busgov/bus-gov-ru.xlsx", busgov.overview_file, name="busgov_file"),
    path("busgov/upload/", busgov_import.upload, name="busgov_upload"),
    path("busgov/<int:key>/withdraw/", busgov.withdraw, name="busgov_withdraw"),
]
