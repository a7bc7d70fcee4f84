"""Addresses of the respondent: no sign-in, no cookie. Codes are typed in from paper, too."""

from django.urls import path, re_path

from noko.web.survey import respond

app_name = "survey"

urlpatterns = [
    path("", respond.enter, name="enter"),
    re_path(r"^(?P<code>[A-Za-z0-9]{4,12})/$", respond.survey, name="survey"),
    re_path(r"^(?P<code>[A-Za-z0-9]{4,12})/done/$", respond.done, name="done"),
]
