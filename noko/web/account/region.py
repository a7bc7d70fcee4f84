"""Sign-in by the region's own identity provider (OpenID Connect): for people who are known here.

The provider says who somebody is; who may come in is decided by the invitation. Nobody gets an
account this way. Stricter than django-allauth in what is believed: an ID token is obligatory, its
signature is always checked against the provider's keys, the user information must speak of the same
person, and an address counts only when the provider says that it is verified.
"""

from __future__ import annotations

from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.models import Invitation, Person

PROVIDER = "region"
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512", "EdDSA"})
"""Signatures by a key that only the provider has: no shared secret, and not "none"."""


@require_POST
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """A page that leads on to the provider.

    Not a plain redirect: the policy of our pages lets forms lead to our own site only, and browsers
    hold redirects after a form to it as well.
    """
    _require_configured()
    provider = get_adapter().get_provider(request, PROVIDER)
    try:
        answer = provider.redirect(
            request, AuthProcess.LOGIN, next_url=get_next_redirect_url(request)
        )
    except (RequestException, ValueError, KeyError):
        return failed(request)
    if answer.status_code != 302:
        return failed(request)
    context = {"address": answer["Location"], "name": settings.OIDC_NAME}
    return render(request, "account/region_begin.html", context)


@require_GET
@never_cache
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the provider sends people back to: /account/region/region/."""
    _require_configured()
    if provider_id != PROVIDER:
        raise Http404
    view = OAuth2CallbackView.adapter_view(StrictClient(request, PROVIDER))
    try:
        answer: HttpResponse = view(request)
    except (ValueError, KeyError):
        return failed(request)
    return failed(request) if answer.status_code == 401 else answer


def failed(request: HttpRequest) -> HttpResponse:
    context = {"name": settings.OIDC_NAME}
    return render(request, "account/region_failed.html", context, status=403)


@require_GET
def cancelled(request: HttpRequest) -> HttpResponse:
    """The person has said no at the provider."""
    _require_configured()
    return failed(request)


class StrictClient(OpenIDConnectOAuth2Adapter):
    """Believes a signed ID token, and user information about the same person."""

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        signed = kwargs["response"].get("id_token")
        if not signed:
            raise OAuth2Error("no id_token")
        claims = self._checked(app, signed)
        about = self._fetch_user_info(token.token)
        if about.get("sub") != claims["sub"]:
            raise OAuth2Error("userinfo speaks of somebody else")
        login = self.get_provider().sociallogin_from_response(request, {"userinfo": about})
        # Nothing is kept of a person but who they are at the provider.
        login.account.extra_data = {}
        login.verified_email = str(about.get("email") or "").strip().lower()
        if about.get("email_verified") is not True:
            login.verified_email = ""
        return login

    def _checked(self, app: Any, signed: str) -> dict[str, Any]:
        config = self.openid_config
        if jwtkit.jwt.get_unverified_header(signed).get("alg") not in ALGORITHMS:
            raise OAuth2Error("unacceptable signature")
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=signed,
            keys_url=config["jwks_uri"],
            issuer=settings.OIDC_ISSUER,
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return claims


class RegionAdapter(DefaultSocialAccountAdapter):
    """Who may come in by the provider."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Binds the provider's account to the person with the same verified address, once."""
        if sociallogin.is_existing:
            return
        email = sociallogin.verified_email
        person = Person.objects.filter(email=email, is_active=True).first() if email else None
        if person is None:
            raise ImmediateHttpResponse(_unknown(request, email))
        with transaction.atomic():
            sociallogin.connect(request, person)
            after = {"что": settings.OIDC_NAME}
            record(Deed.PERSON_BOUND, thing=person, by=person, now=timezone.now(), after=after)


def _unknown(request: HttpRequest, email: str) -> HttpResponse:
    invited = Invitation.objects.filter(email=email, status=Invitation.Status.OPEN).exists()
    context = {"email": email, "invited": bool(email) and invited, "name": settings.OIDC_NAME}
    return render(request, "account/region_unknown.html", context, status=403)


def _require_configured() -> None:
    if not settings.OIDC_ISSUER:
        raise Http404
