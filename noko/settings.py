"""All settings, in one file. What an administrator may change is an environment variable.

Two modes. The demonstration (``NOKO_DEMO=1``, set by ``noko demo``) has a database, files and a
secret of its own and answers on this machine only. Production has no defaults for what must be
secret or named: :mod:`noko.readiness` refuses to start without them.
"""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from noko.core.refusal import Refusal

BASE_DIR = Path(__file__).resolve().parent
REPOSITORY = BASE_DIR.parent


def environment(name: str, default: str = "") -> str:
    """The one door to environment variables: the value without blanks at its ends."""
    return os.environ.get(name, default).strip()


def whole(name: str, default: int) -> int:
    """A whole number from the environment."""
    text = environment(name, str(default))
    if not text.isascii() or not text.isdigit():
        raise Refusal(
            f"В переменной {name} ожидается целое число, а задано «{text}».",
            kind="bad_setting",
            cure=f"Например: {name}={default}",
        )
    return int(text)


def one_of(name: str, choices: Sequence[str], default: str) -> str:
    """One word of ``choices`` from the environment."""
    text = environment(name) or default
    if text not in choices:
        raise Refusal(
            f"В переменной {name} задано «{text}».",
            kind="bad_setting",
            cure=f"Возможные значения: {', '.join(choices)}.",
        )
    return text


def database(url: str, *, name: str) -> dict[str, object]:
    """Django's description of a database: the one of ``url``, or the embedded one when empty."""
    common: dict[str, object] = {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # Only what asks for it is prepared (noko.database.prepared); None would forbid that, too.
        "OPTIONS": {"prepare_threshold": 5},
        "TIME_ZONE": None,
    }
    if not url:
        cluster = {"NOKO_CLUSTER": str(HOME / "postgres")}
        return common | cluster | {"ENGINE": "noko.database", "NAME": name}
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise Refusal(
            "Не удалось разобрать адрес базы данных в переменной DATABASE_URL.",
            kind="bad_setting",
            cure="Ожидается: DATABASE_URL=postgresql://пользователь:пароль@адрес:5432/имя_базы",
        )
    return common | {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name if DEMO else unquote(parts.path.strip("/")),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
    }


def kept_secret(path: Path) -> str:
    """A secret made once and kept in a file that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii")


# Where and what ---------------------------------------------------------------------------------

DEMO = environment("NOKO_DEMO") == "1"
HOME = Path(environment("NOKO_HOME") or REPOSITORY / "var").absolute()
OWN_HOME = HOME / "demo" if DEMO else HOME
FILES = OWN_HOME / "files"
PUBLISHED = FILES / "published"
# An office's own templates of documents stand before the built-in ones.
_TEMPLATES = environment("NOKO_TEMPLATES")
DOCUMENT_TEMPLATES = Path(_TEMPLATES).absolute() if _TEMPLATES else None
# Official schemas of bus.gov.ru, where the installation has them.
_SCHEMAS = environment("NOKO_BUSGOV_XSD")
BUSGOV_XSD = Path(_SCHEMAS).absolute() if _SCHEMAS else None
DATABASE_URL = environment("DATABASE_URL")
DATABASES = {"default": database(DATABASE_URL, name="noko_demo" if DEMO else "noko")}

# Without a key of its own each process has a different one; readiness refuses to serve so.
PRODUCTION_KEY = environment("NOKO_SECRET_KEY")
if PRODUCTION_KEY and len(PRODUCTION_KEY) < 50:
    raise Refusal(
        "Секретный ключ в переменной NOKO_SECRET_KEY короче 50 знаков.",
        kind="bad_setting",
        cure="Новый ключ печатает команда «noko administrator key».",
    )
SECRET_KEY = (
    kept_secret(OWN_HOME / "secret") if DEMO else PRODUCTION_KEY or secrets.token_urlsafe(50)
)
# After a change of the key: what the former one has signed or sealed is still read.
OLD_KEY = environment("NOKO_SECRET_KEY_OLD")
SECRET_KEY_FALLBACKS = [OLD_KEY] if OLD_KEY else []
DEBUG = False
HOST = "" if DEMO else environment("NOKO_HOST")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *([HOST] if HOST else [])]
CSRF_TRUSTED_ORIGINS = [f"https://{HOST}"] if HOST else []
# A proxy with a certificate stands in front of a production site unless this says otherwise.
HTTPS = bool(HOST) and environment("NOKO_HTTPS", "1") != "0"
# The address of the site in letters: never what a request calls itself. The demonstration sets its
# own (NOKO_ADDRESS) when it knows its port.
ADDRESS = f"{'https' if HTTPS else 'http'}://{HOST}" if HOST else environment("NOKO_ADDRESS")
ADDRESS = ADDRESS or "http://127.0.0.1:8000"

# The application --------------------------------------------------------------------------------

INSTALLED_APPS = [
    "noko.apps.NokoConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "noko.access.sign_in.SignInMiddleware",
    "noko.access.sessions.SeenMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "noko.urls"
WSGI_APPLICATION = "noko.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

LANGUAGE_CODE = "ru"
TIME_ZONE = "Europe/Moscow"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = OWN_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = FILES
# Shared by all processes: attempts to sign in are counted here.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "noko_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Uploads: the file itself goes to the disk, never into memory.
UPLOAD_MAX_BYTES = whole("NOKO_UPLOAD_MB", 64) * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "noko.web.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# People and sign-in -----------------------------------------------------------------------------

AUTH_USER_MODEL = "noko.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_enter"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "noko.web.account.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_CHANGE_EMAIL = False
# Whoever has the letter is let in: the way past the limits below, the second factor included.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
# Attempts are counted in the database, for all processes of the site together. Only failures count
# at the door, so a school where everybody signs in at eight from one address is not shut out; what
# each limit is for: noko.web.account.attempts.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "5/m/key,20/h/key",
    "login_failed_address": "30/5m/ip,120/h/ip",
    "login_failed_device": "10/5m/key,40/h/key",
    "reset_password": "20/10m/ip,3/10m/key",
    "reset_password_from_key": "60/m/ip",
}
ACCOUNT_FORMS = {
    "change_password": "noko.web.account.library_forms.ChangePassword",
    "set_password": "noko.web.account.library_forms.SetPassword",
    "reset_password_from_key": "noko.web.account.library_forms.ResetPassword",
}
MFA_FORMS = {
    "authenticate": "noko.web.account.library_forms.AuthenticateCode",
    "reauthenticate": "noko.web.account.library_forms.ReauthenticateCode",
    "activate_totp": "noko.web.account.library_forms.ActivateCode",
    "add_webauthn": "noko.web.account.library_forms.AddKey",
    "edit_webauthn": "noko.web.account.library_forms.EditKey",
}
MFA_ADAPTER = "noko.web.account.adapters.SecondFactorAdapter"
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = HOST or "НОКО"
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
# Addresses are not verified one by one: the invitation has been accepted through a letter.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Who must have a second factor: nobody, those who work in the office, or everybody.
SECOND_FACTOR = one_of("NOKO_SECOND_FACTOR", ("off", "office", "all"), "off")
INVITATION_DAYS = whole("NOKO_INVITATION_DAYS", 7)
# One proxy stands in front of a production site and names the visitor.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0

# The region's own identity provider, if it has one.
OIDC_ISSUER = environment("NOKO_OIDC_ISSUER").rstrip("/")
OIDC_NAME = environment("NOKO_OIDC_NAME") or "учётная запись региона"
SOCIALACCOUNT_ADAPTER = "noko.web.account.region.RegionAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "region",
                "name": OIDC_NAME,
                "client_id": environment("NOKO_OIDC_CLIENT"),
                "secret": environment("NOKO_OIDC_SECRET"),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}

# Safety -----------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# Such names cannot be set by a neighbour under the same domain: a region has many sites.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0

# Visits of organisations' sites ------------------------------------------------------------------

MONITOR_CONTACT = environment("NOKO_MONITOR_CONTACT", ADDRESS if DEMO or HOST else "")
_ROOTS = environment("NOKO_MONITOR_ROOTS")
MONITOR_ROOTS = Path(_ROOTS) if _ROOTS else None
# Chromium that draws pages which are empty without JavaScript: its path, or 1 for the usual one.
SITES_CHROMIUM = environment("NOKO_SITES_CHROMIUM")
SITES_CHROMIUM_SANDBOX = one_of("NOKO_SITES_CHROMIUM_SANDBOX", ("0", "1"), "1") == "1"
# The invented sites of the demonstration stand on this machine; nothing else may point there.
_SITES_PORT = whole("NOKO_DEMO_SITES", 0) if DEMO else 0
MONITOR_ALL_TO = ("127.0.0.1", _SITES_PORT) if _SITES_PORT else None

# Mail -------------------------------------------------------------------------------------------

EMAIL_HOST = environment("NOKO_MAIL_HOST")
EMAIL_PORT = whole("NOKO_MAIL_PORT", 587)
EMAIL_HOST_USER = environment("NOKO_MAIL_USER")
EMAIL_HOST_PASSWORD = environment("NOKO_MAIL_PASSWORD")
MAIL_ENCRYPTION = one_of(
    "NOKO_MAIL_ENCRYPTION", ("starttls", "ssl", "off"), "ssl" if EMAIL_PORT == 465 else "starttls"
)
EMAIL_USE_SSL = MAIL_ENCRYPTION == "ssl"
EMAIL_USE_TLS = MAIL_ENCRYPTION == "starttls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment("NOKO_MAIL_FROM", f"noko@{HOST or 'localhost'}")
# Without a mail server letters are files and lines on the console: nothing is lost in silence.
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "noko.exchange.mail.KeptLetters"
)
EMAIL_FILE_PATH = OWN_HOME / "mail"

# Background work --------------------------------------------------------------------------------

# The package noko.jobs names every job.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# Logs: to the standard error output, without personal data (no addresses, no form contents) ------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "noko": {"level": "INFO"},
        "django": {"handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
