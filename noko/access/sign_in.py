"""The door of the office: a stranger is sent to sign in and comes back to the same page."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

CLOSED = "/office/"


class SignInMiddleware:
    """Nothing under :data:`CLOSED` answers anybody who is not signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(CLOSED) and not request.user.is_authenticated:
            back = request.get_full_path() if request.method == "GET" else CLOSED
            return redirect_to_login(back, login_url="/account/login/")
        return self.get_response(request)
