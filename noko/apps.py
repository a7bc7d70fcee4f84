"""The one Django application."""

from django.apps import AppConfig


class NokoConfig(AppConfig):
    """Models of every subject live under one label, ``noko``."""

    name = "noko"
    label = "noko"
    verbose_name = "НОКО"

    def ready(self) -> None:
        from noko.web.account import receivers

        receivers.connect()
