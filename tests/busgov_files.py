"""Packets like those of bus.gov.ru, and small schemas of our own for them: nothing official."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

NAMESPACE = "http://bus.gov.ru/external/1"
TYPES = "http://bus.gov.ru/types/1"

POSITION = """    <ns2:position>
      <positionId>{guid}</positionId>
      <changeDate>{changed}</changeDate>
      <placer><regNum>99000001</regNum><fullName>Управление образования</fullName>\
<inn>9900000000</inn></placer>
      <initiator>
        <regNum>{reg_number}</regNum>
        <fullName>{name}</fullName>
        <inn>{inn}</inn>
        <kpp>{kpp}</kpp>
      </initiator>
      <versionNumber>{version}</versionNumber>
      <main>
        <shortName>{short}</shortName>
        <ogrn>{ogrn}</ogrn>
        <classifier>
          <oktmo><code>99701000</code><name>{municipality}</name></oktmo>
          <okved><code>{activity}</code><type>C</type></okved>
          <okved><code>56.29</code><type>O</type></okved>
        </classifier>
        <complexAddress><address>
          <zip>399000</zip>
          <subject><code>1</code><name>Заречная обл</name></subject>
          <city><code>2</code><name>Лугов г</name></city>
          <street><name>Мира ул</name></street>
          <building>5</building>
        </address></complexAddress>
      </main>
      <additional>
        <phone>8-4752-000000</phone>
        <www>{site}</www>
{branch}        <okato><code>99401000000</code></okato>
        <eMail>School@Example.org</eMail>
      </additional>
      <other>
        <chief><lastName>Тайный</lastName></chief>
        <founder><fullName>Администрация города Лугова</fullName></founder>
        <ogrnData>2002-11-05</ogrnData>
      </other>
      <document><name>Устав</name><content>{document}</content></document>
    </ns2:position>
"""
VALUES = {
    "guid": "22222222-2222-4222-8222-222222222222",
    "changed": "2026-09-01T10:00:00",
    "reg_number": "99300100",
    "name": "МУНИЦИПАЛЬНОЕ БЮДЖЕТНОЕ ОБЩЕОБРАЗОВАТЕЛЬНОЕ УЧРЕЖДЕНИЕ «ШКОЛА № 7»",
    "short": "МБОУ «Школа № 7»",
    "inn": "7707083893",
    "kpp": "770701001",
    "ogrn": "1027700132195",
    "version": "1",
    "municipality": "городской округ Лугов",
    "activity": "85.14",
    "site": "https://school7.example",
    "document": "",
}
HEADQUARTERS = (
    "        <branchInfo><headOffice><regNum>1</regNum><fullName>{}</fullName></headOffice>"
    "</branchInfo>\n"
)


def position(*, branch_of: str = "", **changes: object) -> str:
    """One institution; ``changes`` of :data:`VALUES`, escaped."""
    values = {key: escape(str(value)) for key, value in {**VALUES, **changes}.items()}
    branch = HEADQUARTERS.format(escape(branch_of)) if branch_of else ""
    return POSITION.format(**values, branch=branch)


def packet(
    *positions: str,
    root: str = "institutionInfo",
    namespace: str = NAMESPACE,
    encoding: str = "UTF-8",
    head: str = "",
) -> bytes:
    """A packet with the positions (one school by default)."""
    inside = "".join(positions or (position(),))
    text = (
        f"<?xml version='1.0' encoding='{encoding}'?>\n{head}"
        f'<ns2:{root} xmlns:ns2="{namespace}" xmlns="{TYPES}">\n'
        "  <header>\n    <id>11111111-1111-4111-8111-111111111111</id>\n  </header>\n"
        f"  <ns2:body>\n{inside}  </ns2:body>\n</ns2:{root}>\n"
    )
    return text.encode(encoding)


def archive(**files: bytes) -> bytes:
    """A ZIP; ``a_xml`` is the member «a.xml»."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name.replace("_", "."), content)
    return buffer.getvalue()


MAIN_SCHEMA = f"""<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="{TYPES}"
    targetNamespace="{NAMESPACE}" elementFormDefault="qualified">
  <xs:import namespace="{TYPES}" schemaLocation="{{types}}"/>
  <xs:element name="institutionInfo">
    <xs:complexType><xs:sequence>
      <xs:element ref="t:header"/>
      <xs:element name="body"><xs:complexType><xs:sequence>
        <xs:element name="position" maxOccurs="unbounded"><xs:complexType><xs:sequence>
          <xs:element ref="t:positionId"/>
          <xs:element ref="t:changeDate"/>
          <xs:any namespace="{TYPES}" processContents="lax" maxOccurs="unbounded"/>
        </xs:sequence></xs:complexType></xs:element>
      </xs:sequence></xs:complexType></xs:element>
    </xs:sequence></xs:complexType>
  </xs:element>
</xs:schema>
"""
TYPES_SCHEMA = f"""<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{TYPES}"
    targetNamespace="{TYPES}" elementFormDefault="qualified">
  <xs:element name="header"><xs:complexType><xs:sequence>
    <xs:element name="id"><xs:simpleType><xs:restriction base="xs:string">
      <xs:length value="36"/></xs:restriction></xs:simpleType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="positionId" type="xs:string"/>
  <xs:element name="changeDate" type="xs:dateTime"/>
  <xs:element name="versionNumber" type="xs:int"/>
  <xs:element name="initiator"><xs:complexType><xs:sequence>
    <xs:element name="regNum" type="xs:string"/>
    <xs:element name="fullName" type="xs:string"/>
    <xs:element name="inn"><xs:simpleType><xs:restriction base="xs:string">
      <xs:pattern value="\\d{{10}}"/></xs:restriction></xs:simpleType></xs:element>
    <xs:element name="kpp" type="xs:string"/>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>
"""


def write_schemas(folder: Path, types: str = "Types.xsd") -> Path:
    """The two schemas in ``folder``; ``types``: what the first one asks for."""
    folder.mkdir(parents=True, exist_ok=True)
    main = MAIN_SCHEMA.replace("{types}", types)
    (folder / "External.xsd").write_text(main, encoding="utf-8")
    (folder / "Types.xsd").write_text(TYPES_SCHEMA, encoding="utf-8")
    return folder
