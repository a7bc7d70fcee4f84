"""Addresses of the public site. Paths without a query are published as files."""

from django.urls import path, register_converter

from noko.web.public import (
    comparison,
    council,
    front,
    gallery,
    methodology,
    organisation,
    plan,
    rating,
    release,
    website,
)
from noko.web.public import list as list_pages


class PlainName:
    """A name of a file or folder: no way up or aside."""

    regex = r"[A-Za-z0-9][A-Za-z0-9._-]*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PlainName, "plain")

urlpatterns = [
    path("", front.front_page, name="front"),
    path("rating/", rating.newest, name="rating-newest"),
    path("rating/<slug:slug>/", rating.rating, name="rating"),
    path("rating/<slug:slug>/<slug:kind>/", rating.rating, name="rating-type"),
    path("organisations/", organisation.search, name="organisations"),
    path("organisations/<int:key>/", organisation.organisation, name="organisation"),
    path(
        "organisations/<int:key>/<slug:slug>/", organisation.organisation, name="organisation-cycle"
    ),
    path("compare/", comparison.comparison, name="compare"),
    path("council/", council.councils, name="council"),
    path("council/<int:key>/", council.council, name="council-term"),
    path("council/<int:key>/decisions/<int:number>/", council.decision, name="council-decision"),
    path("files/council/<plain:digest>/<str:name>", council.file, name="council-file"),
    path("lists/", list_pages.lists, name="lists"),
    path("lists/<slug:slug>/", list_pages.current, name="list"),
    path("lists/<slug:slug>/<int:version>/", list_pages.version, name="list-version"),
    path("files/lists/<slug:slug>/<int:version>/<plain:name>", list_pages.file, name="list-file"),
    path("methodology/", methodology.editions, name="methodology"),
    path("methodology/websites/<plain:code>/", website.rules, name="website-rules"),
    path("methodology/<plain:code>/", methodology.edition, name="edition"),
    path("websites/<int:key>/", website.site, name="public-site"),
    path("plan/", plan.plans, name="plans"),
    path("plan/<slug:slug>/", plan.plan, name="plan"),
    path("calendar/<plain:token>.ics", plan.feed, name="calendar-feed"),
    path("releases/", release.releases, name="releases"),
    path("releases/<slug:slug>/", release.versions, name="release-versions"),
    path("releases/<slug:slug>/<int:version>/", release.version, name="release"),
    path("files/releases/<plain:folder>/<plain:name>", release.file, name="release-file"),
    path("gallery/", gallery.gallery, name="gallery"),
]
