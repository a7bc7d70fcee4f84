"""Addresses of the cabinet of education organisations. Every view begins with its permission."""

from django.urls import path

from noko.web.cabinet import busgov, start, website

app_name = "cabinet"

urlpatterns = [
    path("", start.start, name="start"),
    path("busgov/<int:key>/", busgov.busgov, name="busgov"),
    path("sites/", website.sites, name="sites"),
    path("sites/<int:key>/", website.site, name="site"),
    path("sites/visits/<int:key>/", website.site_visit, name="site_visit"),
    path("sites/visits/<int:key>/items/<str:code>/", website.site_item, name="site_item"),
    path(
        "sites/visits/<int:key>/items/<str:code>/object/", website.site_object, name="site_object"
    ),
    path("sites/objections/<int:key>/", website.site_objection, name="site_objection"),
    path(
        "sites/objections/<int:key>/file/", website.site_objection_file, name="site_objection_file"
    ),
]
