"""OpenRosa, what ODK Collect, KoboCollect and Enketo speak with a server.

The standards: docs.getodk.org, «OpenRosa 1.0» (Form List, Form Submission, HTTP Requests) and
«Settings QR codes».
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from noko.core.refusal import Refusal
from noko.core.xlsform import MUNICIPALITY, ORGANISATION, PERSONAL, Assessed
from noko.exchange.xlsform import to_xform
from noko.models import OdkAddress, Wave
from noko.queries.odk import assessed, form_id, places_behind, sheets_of

LONGEST_KEY = 200
_LEFT_OUT = PERSONAL | {ORGANISATION, MUNICIPALITY, "meta", "formhub", "__version__"}
"""What is no answer. What a foreign form may have collected about the person goes nowhere."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A filled form. ``key``: its instanceID; ``organisation``: what was chosen; ``edits``: it
    wants to replace one that was sent before; ``answers``: question → text."""

    form_id: str
    version: str
    key: str
    organisation: str = ""
    edits: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)


def read_submission(content: bytes) -> Submission:
    """A filled form out of its XML. Refusals: ``broken_xml``, ``encrypted``, ``no_instance``."""
    root = _parsed(content)
    if root.get("encrypted") == "yes":
        raise Refusal(
            "Анкета зашифрована.",
            kind="encrypted",
            cure="Уберите из формы открытый ключ: ответы защищает сам адрес https.",
        )
    meta = {
        _local(item): _text(item)
        for parent in root.iter()
        if _local(parent) == "meta"
        for item in parent
    }
    key = meta.get("instanceID") or (root.get("instanceID") or "").strip()
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise Refusal(
            "В анкете нет её номера (instanceID), поэтому нельзя узнать, не принята ли она раньше.",
            kind="no_instance",
            cure="Получите форму с этого сервера заново и заполните анкету в ней.",
        )
    answers = dict(_answers(root))
    return Submission(
        root.get("id") or "",
        root.get("version") or "",
        key,
        answers.get(ORGANISATION, ""),
        bool(meta.get("deprecatedID")),
        {name: text for name, text in answers.items() if name not in _LEFT_OUT},
    )


def _parsed(content: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise _broken() from None
    if root.getroottree().docinfo.doctype:
        raise _broken()
    return root


def _broken() -> Refusal:
    return Refusal(
        "Файл анкеты не читается как XML.",
        kind="broken_xml",
        cure="Отправьте её ещё раз; если не поможет, заполните анкету заново.",
    )


def _answers(root: etree._Element) -> list[tuple[str, str]]:
    """Name and text of every field; groups are looked into, the meta block is not."""
    found: list[tuple[str, str]] = []
    for item in root:
        if _local(item) == "meta":
            continue
        found += _answers(item) if len(item) else [(_local(item), _text(item))]
    return found


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()


# --- what the server says -------------------------------------------------------------------------


def xform_of(address: OdkAddress) -> bytes:
    """The form of an address: choice of the organisation, the questionnaire in all languages.

    The same bytes as long as nothing in it has changed, in whatever process it is made.
    """
    return _xform(address.wave_id, address.wave.version, assessed(places_behind(address)))


@lru_cache(maxsize=64)
def _xform(wave: int, version: str, places: tuple[Assessed, ...]) -> bytes:
    """Made once for each version of the questionnaire and each choice of organisations."""
    del version
    found = Wave.objects.select_related("cycle").get(pk=wave)
    form, _ = to_xform(sheets_of(found, places, keeps_place=True))
    return form.encode()


def form_list(address: OdkAddress | None, title: str, download: str) -> str:
    """The answer to ``formList``: the one form of the address; None: there is none to fill in."""
    entry = "" if address is None else _entry(address, title, download)
    return (
        "<?xml version='1.0' encoding='UTF-8' ?>\n"
        f'<xforms xmlns="http://openrosa.org/xforms/xformsList">{entry}</xforms>\n'
    )


def _entry(address: OdkAddress, title: str, download: str) -> str:
    # Not for safety: the standard knows no other digest.
    digest = hashlib.md5(xform_of(address), usedforsecurity=False).hexdigest()
    wave = address.wave
    return (
        f"<xform><formID>{escape(form_id(wave))}</formID><name>{escape(title)}</name>"
        f"<version>{escape(wave.version)}</version><hash>md5:{digest}</hash>"
        f"<downloadUrl>{escape(download)}</downloadUrl></xform>"
    )


def response(message: str, nature: str) -> str:
    """What the device shows; ``nature`` tells programs what it is about."""
    return (
        "<?xml version='1.0' encoding='UTF-8' ?>\n"
        '<OpenRosaResponse xmlns="http://openrosa.org/http/response">'
        f"<message nature={quoteattr(nature)}>{escape(message)}</message></OpenRosaResponse>\n"
    )


def settings_code(server: str, title: str) -> str:
    """What the settings QR code of ODK Collect holds: scanned, it makes a project that takes its
    form from ``server``, keeps it up to date, sends finished answers by itself and then deletes
    them from the tablet. What it does not name stays as Collect has it.
    """
    settings = {
        "general": {
            "protocol": "odk_default",
            "server_url": server,
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
            "delete_send": True,
            "analytics": False,
        },
        "admin": {},
        "project": {"name": title, "icon": "Н", "color": "#0a545c"},
    }
    text = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()
