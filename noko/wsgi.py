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
    if settings.DEMO:
        _await_demonstration()
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    policy = "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())
    return PublishedFiles(application, settings.PUBLISHED, policy=policy)


def _await_demonstration() -> None:
    """Whoever comes while the demonstration is being made waits for it and sees no half of it."""
    import importlib
    import signal
    import time

    from django.conf import settings

    from noko.demo import state

    importlib.import_module(settings.ROOT_URLCONF)
    # Until the server sets its own answer, a fork of it would not hear that it is to end.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    while state.mark() != state.fingerprint():
        time.sleep(0.1)


application = make()
