"""XLSForm and pyxform, the reference implementation: what it takes, KoboToolbox and ODK take."""

from __future__ import annotations

import io

from noko.core.refusal import Place, Refusal
from noko.core.xlsform import Sheets


def to_xform(
    form: bytes | Sheets, *, name: str = "", odk_validate: bool = False
) -> tuple[str, list[str]]:
    """The form (a workbook or its sheets) in the language of ODK (XForm, XML), and the warnings of
    pyxform. The same form gives the same text.

    ``odk_validate``: also by ODK Validate, which needs Java. Refusal ``broken_xlsform`` says what
    pyxform says.
    """
    from pyxform.errors import PyXFormError
    from pyxform.validators.odk_validate import ODKValidateError
    from pyxform.xls2xform import convert

    warnings: list[str] = []
    whole = io.BytesIO(form) if isinstance(form, bytes) else form.as_tables()
    try:
        made = convert(whole, warnings=warnings, validate=odk_validate)
    except (PyXFormError, ODKValidateError) as error:
        raise Refusal(
            f"Файл не читается как XLSForm: {error}",
            kind="broken_xlsform",
            cure="Исправьте форму по описанию на xlsform.org и повторите.",
            place=Place(file=name),
        ) from None
    return made.xform, warnings
