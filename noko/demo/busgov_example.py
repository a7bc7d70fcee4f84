"""Packets as bus.gov.ru gives them, about invented organisations: news, a branch, a mistake."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from noko.demo.identifiers import inn, ogrn
from noko.demo.region import GENERAL, Invented

NAME = "vygruzka-busgov.zip"
_SHOWN = 40
_ACTIVITIES = {
    "preschool": "85.11",
    "general": "85.14",
    "supplementary": "85.41",
    "vocational": "85.21",
}
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<ns2:institutionInfo xmlns:ns2="http://bus.gov.ru/external/1" xmlns="http://bus.gov.ru/types/1">
  <header>
    <id>11111111-1111-4111-8111-111111111111</id>
    <createDateTime>2026-11-20T10:00:00</createDateTime>
  </header>
  <ns2:body>
"""
_TAIL = "  </ns2:body>\n</ns2:institutionInfo>\n"
_POSITION = """    <ns2:position>
      <positionId>22222222-2222-4222-8222-{number:012d}</positionId>
      <changeDate>2026-11-19T10:00:00</changeDate>
      <initiator>
        <regNum>{reg_number}</regNum>
        <fullName>{name}</fullName>
        <inn>{inn}</inn>
        <kpp>{kpp}</kpp>
      </initiator>
      <versionNumber>1</versionNumber>
      <main>
        <shortName>{short}</shortName>
        <ogrn>{ogrn}</ogrn>
        <classifier>
          <okved><code>{activity}</code><type>C</type></okved>
        </classifier>
      </main>
      <additional>
        <ppo><name>{municipality}</name></ppo>
        <phone>8-0000-{number:06d}</phone>
        <www>{site}</www>
{branch}        <eMail>org{number}@demo.example</eMail>
      </additional>
      <other>
        <founder><fullName>{founder}</fullName></founder>
      </other>
    </ns2:position>
"""
_BRANCH = "        <branchInfo><headOffice><fullName>{}</fullName></headOffice></branchInfo>\n"


def busgov_example(region: Sequence[Invented]) -> bytes:
    """Every fortieth organisation, a new school, a branch, and an INN with a wrong digit."""
    shown = [item for item in region if item.number % _SHOWN == 1]
    positions = [_of(item) for item in shown]
    school = next(item for item in region if item.type == GENERAL)
    positions.append(_new(school, 411, "«Новая школа» микрорайона Южный"))
    positions.append(_new(school, 412, "филиал в деревне Малая", branch_of=school.full_name))
    right = inn(413)
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    positions.append(_new(school, 413, "«Школа с опечаткой»", inn=wrong))
    return _archive(positions)


def _archive(positions: Sequence[str]) -> bytes:
    """A packet for each institution, as the site packs them; the same bytes each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for number, position in enumerate(positions, start=1):
            entry = zipfile.ZipInfo(f"institutionInfo_{number:03d}.xml", (2026, 11, 20, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, f"{_HEAD}{position}{_TAIL}")
    return buffer.getvalue()


def _of(item: Invented) -> str:
    return _position(
        item.number,
        name=item.full_name.upper(),
        short=item.short_name,
        inn=item.inn,
        ogrn=item.ogrn,
        kpp=item.kpp,
        activity=_ACTIVITIES[item.type],
        municipality=item.municipality,
        site=item.site,
        founder=item.founder,
    )


def _new(school: Invented, number: int, name: str, *, branch_of: str = "", **changes: str) -> str:
    values = {
        "name": f"Муниципальное бюджетное общеобразовательное учреждение {name}",
        "short": f"МБОУ {name}",
        "inn": inn(number),
        "ogrn": ogrn(2026, number),
        "kpp": school.kpp,
        "activity": _ACTIVITIES[GENERAL],
        "municipality": school.municipality,
        "site": "",
        "founder": school.founder,
        **changes,
    }
    return _position(number, branch_of=branch_of, **values)


def _position(number: int, *, branch_of: str = "", **values: str) -> str:
    spelt = {key: escape(value) for key, value in values.items()}
    branch = _BRANCH.format(escape(branch_of)) if branch_of else ""
    return _POSITION.format(number=number, reg_number=f"993{number:05d}", branch=branch, **spelt)
