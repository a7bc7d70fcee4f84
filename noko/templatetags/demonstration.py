"""What the sign-in page knows beside its form: the region's provider, demonstration logins."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def region_name() -> str:
    """What the region's identity provider is called; empty where there is none."""
    return settings.OIDC_NAME if settings.OIDC_ISSUER else ""


@register.simple_tag
def demonstration_logins() -> dict[str, Any] | None:
    """Ready accounts of the demonstration; None in real work, where no such list exists."""
    if not settings.DEMO:
        return None
    from noko.demo.people import PASSWORD, rows

    return {"password": PASSWORD, "rows": rows()}
