"""Addresses of the council within the office."""

from django.urls import path

from noko.web.office import agenda, council, decision, session, vote

urlpatterns = [
    path("council/", council.councils, name="councils"),
    path("council/new/", council.new_council, name="council_new"),
    path("council/<int:key>/", council.council, name="council"),
    path("council/<int:key>/edit/", council.edit_council, name="council_edit"),
    path("council/<int:key>/rules/", council.council_rules, name="council_rules"),
    path("council/<int:key>/members/new/", council.new_member, name="council_member_new"),
    path("council/<int:key>/sessions/new/", session.new_session, name="session_new"),
    path("council/members/<int:key>/", council.member, name="council_member"),
    path("council/sessions/<int:key>/", session.session, name="session"),
    path("council/sessions/<int:key>/live/", session.session_live, name="session_live"),
    path("council/sessions/<int:key>/edit/", session.edit_session, name="session_edit"),
    path("council/sessions/<int:key>/items/new/", agenda.new_item, name="agenda_new"),
    path("council/sessions/<int:key>/invite/", session.invite, name="session_invite"),
    path("council/sessions/<int:key>/reply/", vote.reply, name="session_reply"),
    path("council/sessions/<int:key>/join/", vote.join, name="session_join"),
    path(
        "council/sessions/<int:key>/attendance/",
        session.session_attendance,
        name="session_attendance",
    ),
    path("council/sessions/<int:key>/open/", session.open_session, name="session_open"),
    path("council/sessions/<int:key>/close/", session.close_session, name="session_close"),
    path("council/sessions/<int:key>/give-up/", session.give_up, name="session_give_up"),
    path("council/sessions/<int:key>/sign/", session.sign, name="session_sign"),
    path("council/sessions/<int:key>/publish/", session.publish, name="session_publish"),
    path(
        "council/sessions/<int:key>/protokol.<slug:kind>",
        session.session_minutes,
        name="session_minutes",
    ),
    path(
        "council/sessions/<int:key>/zasedanie.ics",
        session.session_calendar,
        name="session_calendar",
    ),
    path(
        "council/sessions/<int:key>/files/<slug:digest>",
        decision.minutes_file,
        name="session_minutes_file",
    ),
    path("council/items/<int:key>/", agenda.item, name="agenda_item"),
    path("council/items/<int:key>/edit/", agenda.edit_item, name="agenda_edit"),
    path("council/items/<int:key>/note/", agenda.note_item, name="agenda_note"),
    path("council/items/<int:key>/move/", agenda.move_item, name="agenda_move"),
    path("council/items/<int:key>/withdraw/", agenda.withdraw_item, name="agenda_withdraw"),
    path("council/items/<int:key>/materials/new/", agenda.new_material, name="agenda_material_new"),
    path("council/items/<int:key>/vote/", vote.vote, name="council_vote"),
    path("council/items/<int:key>/recuse/", vote.recuse, name="council_recuse"),
    path("council/materials/<int:key>/", agenda.material, name="agenda_material"),
    path(
        "council/materials/<int:key>/remove/", agenda.remove_material, name="agenda_material_remove"
    ),
    path("council/ballots/<int:key>/close/", agenda.close_ballot, name="ballot_close"),
    path("council/ballots/<int:key>/hands/", agenda.hands, name="ballot_hands"),
    path("council/decisions/<int:key>/", decision.decision, name="council_decision"),
    path(
        "council/decisions/<int:key>/reshenie.<slug:kind>",
        decision.decision_draft,
        name="council_decision_draft",
    ),
    path(
        "council/decisions/<int:key>/files/<slug:digest>",
        decision.decision_file,
        name="council_decision_file",
    ),
]
