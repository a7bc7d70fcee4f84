"""Addresses of lists of organisations."""

from django.urls import path

from noko.web.office import list as pages
from noko.web.office import list_moves

urlpatterns = [
    path("lists/", pages.lists, name="lists"),
    path("cycles/<slug:slug>/list/new/", list_moves.new_list, name="list_new"),
    path("lists/<int:key>/", pages.list_page, name="list"),
    path("lists/<int:key>/coverage/", pages.list_coverage, name="list_coverage"),
    path("lists/<int:key>/ohvat.xlsx", pages.list_coverage_file, name="list_coverage_file"),
    path("lists/<int:key>/difference/", pages.list_difference, name="list_difference"),
    path("lists/<int:key>/perechen.<slug:kind>", pages.list_file, name="list_file"),
    path("lists/<int:key>/refresh/", list_moves.refresh_list, name="list_refresh"),
    path("lists/<int:key>/agenda/", list_moves.put_list_on_agenda, name="list_agenda"),
    path("lists/<int:key>/return/", list_moves.return_list, name="list_return"),
    path("lists/<int:key>/approve/", list_moves.approve_list, name="list_approve"),
    path("lists/<int:key>/outside/", list_moves.approve_list_outside, name="list_outside"),
    path("lists/<int:key>/discard/", list_moves.discard_list, name="list_discard"),
]
