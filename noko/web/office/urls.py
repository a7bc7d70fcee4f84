"""Addresses of the office. Every view begins with its permission."""

from django.urls import path

from noko.web.office import cycle, dataset, journal, organisation, person, rating, release, start

app_name = "office"

urlpatterns = [
    path("", start.start, name="start"),
    path("cycles/", cycle.cycles, name="cycles"),
    path("cycles/new/", cycle.new_cycle, name="cycle_new"),
    path("cycles/<slug:slug>/", cycle.cycle, name="cycle"),
    path("cycles/<slug:slug>/upload/", dataset.upload, name="dataset_upload"),
    path("cycles/<slug:slug>/datasets/<int:number>/calculate/", rating.calculate, name="calculate"),
    path("imports/<int:key>/", dataset.show, name="import"),
    path("imports/<int:key>/dismiss/", dataset.dismiss, name="import_dismiss"),
    path("organisations/", organisation.organisations, name="organisations"),
    path("organisations/upload/", organisation.upload, name="organisations_upload"),
    path("calculations/<int:key>/", rating.calculation, name="calculation"),
    path("calculations/<int:key>/otchet.<slug:kind>", rating.report, name="calculation_report"),
    path("calculations/<int:key>/progress/", rating.progress, name="progress"),
    path("calculations/<int:key>/release/", release.release, name="release"),
    path("journal/", journal.journal, name="journal"),
    path("journal/zhurnal.csv", journal.journal_file, name="journal_file"),
    path("people/", person.people, name="people"),
    path("people/new/", person.new_person, name="person_new"),
    path("people/<int:key>/", person.person, name="person"),
]
