"""What bus.gov.ru shows of an organisation, for its own people: what is missing, and until when."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from noko.access.loaders import organisations_for
from noko.access.permissions import Permission
from noko.queries.busgov import standing_of
from noko.queries.busgov_rules import get_monitoring
from noko.web.cabinet.pages import page


@require_GET
def busgov(request: HttpRequest, key: int) -> HttpResponse:
    own = organisations_for(request.user, Permission.CABINET_ENTER).filter(pk=key).first()
    if own is None:
        raise Http404(f"Организации {key} нет.")
    rules = get_monitoring()
    return page(
        request,
        "busgov.html",
        "start",
        organisation=own,
        busgov=standing_of(own),
        rules=rules,
        days=rules.freshness.days,
        today=timezone.localdate(),
        crumbs=[("Мои организации", reverse("cabinet:start"))],
    )
