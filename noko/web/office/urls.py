"""Addresses of the office. Every view begins with its permission."""

from django.urls import path

from noko.web.office import (
    cycle,
    dataset,
    invitation,
    journal,
    organisation,
    person,
    person_door,
    rating,
    release,
    start,
)

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
    path("people/invite/", invitation.invite, name="invite"),
    path("people/places/", person.places, name="person_places"),
    path("people/invitations/<int:key>/", invitation.invitation, name="invitation"),
    path("people/invitations/<int:key>/send/", invitation.send_again, name="invitation_send"),
    path("people/invitations/<int:key>/withdraw/", invitation.withdraw, name="invitation_withdraw"),
    path("people/<int:key>/", person.person, name="person"),
    path("people/<int:key>/roles/new/", person.grant_role, name="person_role"),
    path("people/<int:key>/roles/<int:grant>/end/", person.end_role, name="person_role_end"),
    path("people/<int:key>/close/", person_door.close, name="person_close"),
    path("people/<int:key>/open/", person_door.open_again, name="person_open"),
    path("people/<int:key>/factor/", person_door.reset_factor, name="person_factor"),
    path("people/<int:key>/sessions/", person_door.end_sessions, name="person_sessions"),
]
