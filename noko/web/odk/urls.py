"""Addresses that ODK Collect makes itself from the one that it is given: no slash at their end."""

from django.urls import path

from noko.web.odk import forms, submission

app_name = "odk"

urlpatterns = [
    path("<slug:code>/", forms.front, name="front"),
    path("<slug:code>/formList", forms.form_list, name="form_list"),
    path("<slug:code>/forms/<slug:form>.xml", forms.form, name="form"),
    path("<slug:code>/submission", submission.submission, name="submission"),
]
