"""Addresses of the pages about organisations' sites."""

from django.urls import path

from noko.web.office import website, website_decide, website_overview, website_rounds

urlpatterns = [
    path("websites/", website.websites, name="websites"),
    path("websites/new/<slug:slug>/", website_rounds.new_round, name="site_round_new"),
    path("websites/objections/", website_decide.objections, name="site_objections"),
    path("websites/objections/<int:key>/", website_decide.objection, name="site_objection"),
    path(
        "websites/objections/<int:key>/file/",
        website_decide.objection_file,
        name="site_objection_file",
    ),
    path("websites/rounds/<int:key>/", website.site_round, name="site_round"),
    path(
        "websites/rounds/<int:key>/overview/", website_overview.site_overview, name="site_overview"
    ),
    path(
        "websites/rounds/<int:key>/overview/obzor-saytov.xlsx",
        website_overview.site_overview_file,
        name="site_overview_file",
    ),
    path(
        "websites/rounds/<int:key>/overview/vyvody.<slug:kind>",
        website_overview.site_findings_file,
        name="site_findings_file",
    ),
    path("websites/rounds/<int:key>/calls/", website_overview.site_calls, name="site_calls"),
    path(
        "websites/rounds/<int:key>/calls/spisok-dlya-zvonka.xlsx",
        website_overview.site_calls_file,
        name="site_calls_file",
    ),
    path("websites/rounds/<int:key>/stop/", website_rounds.stop, name="site_round_stop"),
    path("websites/rounds/<int:key>/show/", website_rounds.show, name="site_round_show"),
    path("websites/rounds/<int:key>/publish/", website_rounds.publish, name="site_round_publish"),
    path("websites/visits/<int:key>/", website.site_visit, name="site_visit"),
    path("websites/visits/<int:key>/page/", website.site_page, name="site_page"),
    path("websites/visits/<int:key>/page/file/", website.site_page_file, name="site_page_file"),
    path("websites/visits/<int:key>/items/<str:code>/", website.site_item, name="site_item"),
    path("websites/visits/<int:key>/items/<str:code>/mark/", website_decide.mark, name="site_mark"),
    path(
        "websites/visits/<int:key>/marks/<int:mark>/confirm/",
        website_decide.mark_confirm,
        name="site_mark_confirm",
    ),
    path(
        "websites/marks/<int:key>/withdraw/",
        website_decide.mark_withdraw,
        name="site_mark_withdraw",
    ),
]
