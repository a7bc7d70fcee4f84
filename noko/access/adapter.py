"""How sign-in behaves here: accounts are given by an administrator, never taken."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):
    """No public sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
