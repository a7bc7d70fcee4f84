"""Addresses of the respondent: no sign-in, no cookie. Codes are typed in from paper, too."""

from django.urls import path, re_path

from noko.web.survey import offline, respond

app_name = "survey"

urlpatterns = [
    path("", respond.enter, name="enter"),
    path("worker.js", offline.worker, name="worker"),
    re_path(r"^(?P<code>[A-Za-z0-9]{4,12})/$", respond.survey, name="survey"),
    re_path(r"^(?P<code>[A-Za-z0-9]{4,12})/done/$", respond.done, name="done"),
    re_path(r"^(?P<code>[A-Za-z0-9]{4,12})/(?P<key>[0-9a-f]{32})/$", respond.go_on, name="go_on"),
]
