"""Settings of the tests: a throw-away cluster and folder, quick passwords, plain static names."""

import os
import tempfile
from pathlib import Path

TEST_HOME = Path(tempfile.mkdtemp(prefix="noko-tests-"))
TEST_HOME.chmod(0o711)  # the server may run as another user
os.environ["NOKO_HOME"] = str(TEST_HOME)
for name in [name for name in os.environ if name.startswith("NOKO_MAIL_")]:
    del os.environ[name]
os.environ.pop("NOKO_DEMO", None)
os.environ.pop("NOKO_HOST", None)

from noko.settings import *  # noqa: E402, F403
from noko.settings import DATABASES  # noqa: E402

DATABASES["default"]["NOKO_THROWAWAY"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["TEST"] = {"NAME": f"test_noko_{os.getpid()}"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True)  # noqa: F405
