"""The doors of what is not public: who is not signed in is sent to sign in and comes back to the
same page; who must have a second factor and has none is sent to set it up first."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from noko.access import second_factor
from noko.models import Person

CLOSED = ("/office/", "/cabinet/", "/field/")


class SignInMiddleware:
    """Nothing under :data:`CLOSED` answers anybody who is not signed in as the rules ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        door = next((path for path in CLOSED if request.path.startswith(path)), None)
        if door is None:
            return self.get_response(request)
        if not isinstance(request.user, Person):
            back = request.get_full_path() if request.method == "GET" else door
            return redirect_to_login(back, login_url="/account/login/")
        if second_factor.is_missing(request.user):
            return redirect("mfa_index")
        return self.get_response(request)
