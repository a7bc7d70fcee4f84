"""Addresses of experts and interviewers in the field. Every view begins with its permission."""

from django.urls import path

from noko.web.field import inspection, interview, settlement, sheet

app_name = "field"

urlpatterns = [
    path("", inspection.route, name="route"),
    path("worker.js", inspection.worker, name="worker"),
    path("<int:key>/", inspection.inspect, name="inspection"),
    path("<int:key>/card/", inspection.card, name="card"),
    path("<int:key>/photos/", inspection.photos, name="photos"),
    path("<int:key>/photos/<int:photo>/", inspection.photo, name="photo"),
    path("<int:key>/differences/", settlement.differences, name="differences"),
    path("interviews/", interview.interviews, name="interviews"),
    path("interviews/<int:key>/", interview.interview, name="interview"),
    path("sheets/", sheet.piles, name="piles"),
    path("sheets/<int:key>/", sheet.sheet, name="sheet"),
]
