"""Addresses about bus.gov.ru: the permission that each needs, and one real address for each."""

from noko.access.permissions import Permission
from noko.models import BusgovSource
from tests.small_cycle import NOW

NEEDED = {
    "busgov": Permission.WEBSITE_VIEW,
    "busgov_file": Permission.WEBSITE_VIEW,
    "busgov_upload": Permission.WEBSITE_VISIT,
    "busgov_withdraw": Permission.WEBSITE_VISIT,
}
ONLY_POST: set[str] = set()


def given():
    source = BusgovSource.objects.create(
        kind="report", on=NOW.date(), file_name="отчёт.xlsx", digest="a" * 64, loaded_at=NOW
    )
    return {"busgov_withdraw": [source.pk]}
