"""A site as an installation has it, for what is tried on real processes."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

HOST = "127.0.0.1"


def make_home(prefix: str) -> Path:
    """A folder to be thrown away, and the settings of this process for a site in it. Django is
    not to be loaded before."""
    home = Path(tempfile.mkdtemp(prefix=prefix))
    home.chmod(0o711)  # the database may run as another user
    os.environ |= {
        "NOKO_HOME": str(home),
        "NOKO_HOST": HOST,
        "NOKO_HTTPS": "0",
        "NOKO_SECRET_KEY": secrets.token_urlsafe(50),
        "DJANGO_SETTINGS_MODULE": "noko.settings",
    }
    os.environ.pop("NOKO_DEMO", None)
    return home


def make_administrator() -> None:
    """Without one the site refuses to answer."""
    from django.utils import timezone

    from noko.actions import person

    person.create(
        email="admin@example.org",
        full_name="Иванова Анна",
        password=secrets.token_urlsafe(12),
        roles=[person.Granted("administrator")],
        by=None,
        now=timezone.now(),
    )
