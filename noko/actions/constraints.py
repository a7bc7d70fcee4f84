"""How a deed hears the database's "no"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from noko.core.refusal import Refusal


@contextmanager
def refusing(refusals: Mapping[str, Refusal]) -> Iterator[None]:
    """Runs the block as one transaction; a violated constraint becomes its refusal.

    ``refusals``: name of the constraint (or of the unique index) → what to say. A violation of
    any other constraint is a defect and goes through.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        refusal = refusals.get(name or "")
        if refusal is None:
            raise
        raise refusal from None
