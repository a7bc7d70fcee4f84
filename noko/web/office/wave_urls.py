"""Addresses of waves."""

from django.urls import path

from noko.web.office import (
    batch,
    batch_import,
    wave,
    wave_close,
    wave_letters,
    wave_links,
    wave_odk,
    wave_quality,
    wave_questionnaire,
    wave_sites,
)

urlpatterns = [
    path("cycles/<slug:slug>/waves/", wave.waves, name="waves"),
    path("cycles/<slug:slug>/waves/new/", wave.new_wave, name="wave_new"),
    path("waves/<int:key>/", wave.wave, name="wave"),
    path("waves/<int:key>/edit/", wave.edit_wave, name="wave_edit"),
    path("waves/<int:key>/open/", wave.open_wave, name="wave_open"),
    path("waves/<int:key>/questionnaire/", wave_questionnaire.questionnaire,
         name="wave_questionnaire"),
    path("waves/<int:key>/links/", wave_links.links, name="wave_links"),
    path("waves/<int:key>/links/ssylki.xlsx", wave_links.links_file, name="wave_links_file"),
    path("waves/<int:key>/links/plakaty.zip", wave_links.posters, name="wave_posters"),
    path("waves/<int:key>/links/<int:place>.svg", wave_links.code_picture, name="wave_code"),
    path("waves/<int:key>/links/<int:place>.pdf", wave_links.poster, name="wave_poster"),
    path("waves/<int:key>/links/<int:place>/anketa.pdf", wave_links.sheet, name="wave_sheet"),
    path("waves/<int:key>/anketa.pdf", wave_links.blank_sheet, name="wave_blank_sheet"),
    path("waves/<int:key>/letters/", wave_letters.letters, name="wave_letters"),
    path("waves/<int:key>/letters/remind/", wave_letters.remind, name="wave_remind"),
    path("waves/<int:key>/odk/", wave_odk.odk, name="wave_odk"),
    path("waves/<int:key>/odk/<int:address>.pdf", wave_odk.odk_card_file, name="wave_odk_card"),
    path("waves/<int:key>/odk/<int:address>/withdraw/", wave_odk.odk_withdraw,
         name="wave_odk_withdraw"),
    path("waves/<int:key>/close/", wave_close.close, name="wave_close"),
    path("waves/<int:key>/sites/", wave_sites.sites, name="wave_sites"),
    path("waves/<int:key>/inspection/", wave_close.inspection, name="wave_inspection"),
    path("waves/<int:key>/dataset/", wave_close.freeze, name="wave_freeze"),
    path("waves/<int:key>/opros.zip", wave_close.survey_file, name="wave_survey"),
    path("waves/<int:key>/akt.<slug:suffix>", wave_close.act, name="wave_act"),
    path("waves/<int:key>/batches/", batch.batches, name="wave_batches"),
    path("waves/<int:key>/batches/file/", batch_import.upload, name="batch_upload"),
    path("waves/<int:key>/batches/<int:number>/", batch.batch, name="batch"),
    path("waves/<int:key>/batches/<int:number>/remove/", batch.remove, name="batch_remove"),
    path("waves/<int:key>/batches/<int:number>/sheets/<int:sheet>/", batch.settle,
         name="batch_sheet"),
    path("waves/<int:key>/quality/", wave_quality.quality, name="wave_quality"),
    path("waves/<int:key>/quality/propose/", wave_quality.propose, name="exclusion_propose"),
    path(
        "waves/<int:key>/quality/<int:exclusion>/", wave_quality.exclusion, name="exclusion"
    ),
]  # fmt: skip
