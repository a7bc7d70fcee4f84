"""Addresses of sign-in and of one's own account.

The pages of django-allauth are named one by one, by the names that it looks for itself: only what
has a page of ours can be opened.
"""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.urls import path, re_path

from noko.web.account import invitation, overview, region

RESET_KEY = r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$"

urlpatterns = [
    path("", overview.overview, name="account_overview"),
    path("enter/", overview.enter, name="account_enter"),
    path("name/", overview.name, name="account_name"),
    path("sessions/", overview.sessions, name="account_sessions"),
    path("sessions/others/end/", overview.end_other_sessions, name="account_sessions_end"),
    path("sessions/<int:key>/end/", overview.end_session, name="account_session_end"),
    path("invitation/<str:secret>/", invitation.invitation, name="account_invitation"),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(RESET_KEY, account.password_reset_from_key, name="account_reset_password_from_key"),
    path("2fa/", factor.index, name="mfa_index"),
    path("2fa/authenticate/", factor.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/codes/generate/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("2fa/keys/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/keys/add/", keys.add_webauthn, name="mfa_add_webauthn"),
    path("2fa/keys/login/", keys.login_webauthn, name="mfa_login_webauthn"),
    path(
        "2fa/keys/reauthenticate/",
        keys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("2fa/keys/<int:pk>/edit/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("2fa/keys/<int:pk>/remove/", overview.remove_key, name="mfa_remove_webauthn"),
    path("region/", region.begin, name="region_begin"),
    path("region/cancelled/", region.cancelled, name="socialaccount_login_cancelled"),
    path("region/<slug:provider_id>/", region.callback, name="openid_connect_callback"),
]
