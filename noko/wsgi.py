"""The site for a WSGI server: published files first, Django for the rest."""

import os

from noko.published import Application, PublishedFiles


def make() -> Application:
    """The whole site; refuses to start in production until everything is set."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noko.settings")
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    from noko import readiness

    readiness.require()
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    policy = "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())
    return PublishedFiles(application, settings.PUBLISHED, policy=policy)


application = make()
