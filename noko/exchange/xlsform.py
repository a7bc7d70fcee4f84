"""XLSForm and pyxform, the reference implementation: what it takes, KoboToolbox and ODK take."""

from __future__ import annotations

import io

from noko.core.refusal import Place, Refusal


def to_xform(
    workbook: bytes, *, name: str = "", odk_validate: bool = False
) -> tuple[str, list[str]]:
    """The form in the language of ODK (XForm, XML), and the warnings of pyxform.

    ``odk_validate``: also by ODK Validate, which needs Java. Refusal ``broken_xlsform`` says what
    pyxform says.
    """
    from pyxform.errors import PyXFormError
    from pyxform.validators.odk_validate import ODKValidateError
    from pyxform.xls2xform import convert

    warnings: list[str] = []
    try:
        made = convert(io.BytesIO(workbook), warnings=warnings, validate=odk_validate)
    except (PyXFormError, ODKValidateError) as error:
        raise Refusal(
            f"Файл не читается как XLSForm: {error}",
            kind="broken_xlsform",
            cure="Исправьте форму по описанию на xlsform.org и повторите.",
            place=Place(file=name),
        ) from None
    return made.xform, warnings
