"""Packets of bus.gov.ru: read in flat memory, safely, with every fault named."""

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from noko.core.refusal import Refusal
from noko.exchange.busgov import looks_like_packets, read_packets
from noko.exchange.registry_file import read_registry_file
from noko.exchange.xml_schema import load_schema, violation, violations
from tests.busgov_files import NAMESPACE, VALUES, archive, packet, position, write_schemas

LIMIT = 64 * 1024 * 1024
OTHER = {"inn": "7728168971", "ogrn": "1037700013020", "name": "Школа № 8", "kpp": "772801001"}


def read(content, **options):
    return read_registry_file(content, name="выгрузка.xml", limit_bytes=LIMIT, **options)


def refused(content, **options):
    with pytest.raises(Refusal) as refusal:
        read(content, **options)
    return refusal.value


def rejected(found):
    return [(item.name, str(item.problems[0])) for item in found.table.rejected]


# --- what is read ---------------------------------------------------------------------------------


def test_packet_becomes_a_row_of_the_registry():
    (row,) = read(packet(), municipalities=["Город Лугов", "Заречный район"]).table.rows
    assert row.full_name == VALUES["name"]
    assert (row.short_name, row.type, row.municipality) == (
        "МБОУ «Школа № 7»",
        "general",
        "Город Лугов",
    )
    assert (row.inn, row.ogrn, row.kpp, row.reg_number) == (
        "7707083893",
        "1027700132195",
        "770701001",
        "99300100",
    )
    assert row.address == "399000, Заречная обл, Лугов г, Мира ул, д. 5"
    assert (row.founder, row.phone) == ("Администрация города Лугова", "8-4752-000000")
    assert (row.site, row.email) == ("https://school7.example", "school@example.org")
    assert (row.opened_on, row.enrolment, row.busgov_id) == ("2002-11-05", None, "")


@pytest.mark.parametrize("encoding", ["UTF-8", "windows-1251", "UTF-16"])
def test_packet_is_read_in_its_encoding(encoding):
    (row,) = read(packet(encoding=encoding)).table.rows
    assert row.full_name == VALUES["name"]


@pytest.mark.parametrize("number", [1, 2, 17])
def test_packet_of_any_format_1_is_read(number):
    found = read(packet(namespace=f"http://bus.gov.ru/external/{number}"))
    assert len(found.table.rows) == 1


def test_packet_of_many_positions_numbers_them_and_names_their_rows():
    found = read_packets(
        packet(position(), position(**OTHER)), name="выгрузка.xml", limit_bytes=LIMIT
    )
    assert [(item.number, item.line) for item in found.institutions] == [(1, 7), (2, 47)]


@pytest.mark.parametrize(
    ("name", "activity", "kind"),
    [
        ("Детский сад «Берёзка»", "85.11", "preschool"),
        ("Учреждение", "85.11.1", "preschool"),
        ("Центр «Радуга»", "85.41", "supplementary"),
        ("Колледж", "85.21", "vocational"),
        ("МБДОУ: дошкольное образовательное учреждение", "85.14", "preschool"),
        ("Учреждение", "80.10.1", "preschool"),
        ("Институт развития", "85.42", ""),
    ],
)
def test_packet_type_follows_names_then_activities(name, activity, kind):
    (row,) = read(packet(position(name=name, activity=activity))).table.rows
    assert row.type == kind


def test_packet_of_something_else_than_education_is_passed_over():
    found = read(packet(position(), position(**OTHER | {"name": "Больница", "activity": "86.10"})))
    assert [row.number for row in found.table.rows] == [1]
    assert found.table.ignored == ("Не образовательные организации (1): «Больница»",)


def test_packet_newest_version_stands():
    old = position(changed="2020-01-01T00:00:00", version=9, short="Прежняя")
    found = read(packet(position(version=2), old, position(version=1, short="Ранняя")))
    assert [row.short_name for row in found.table.rows] == ["МБОУ «Школа № 7»"]
    assert found.table.ignored == ("Прежние версии тех же сведений: 2",)


def test_packet_filled_in_by_another_body_is_about_the_initiator():
    text = (
        packet()
        .decode()
        .replace("<inn>7707083893</inn>", "")
        .replace("<ogrn>1027700132195</ogrn>", "")
    )
    assert rejected(read(text.encode())) == [
        (VALUES["name"], "Файл «выгрузка.xml», строка 7: нет ни ИНН, ни ОГРН. Проверьте выгрузку.")
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"inn": "7707083890"}, "у ИНН «7707083890» не сходится контрольная цифра."),
        ({"inn": "77"}, "ИНН «77» – не 10 и не 12 цифр."),
        ({"ogrn": "1027700132190"}, "у ОГРН «1027700132190» не сходится контрольная цифра."),
        ({"name": ""}, "нет названия (fullName)."),
        ({"name": "ш" * 701}, "название длиннее 700 знаков."),
        ({"branch_of": "Школа № 1"}, "это филиал или представительство: Школа № 1."),
    ],
)
def test_packet_with_a_fault_is_rejected_alone(changes, reason):
    found = read(packet(position(**changes), position(**OTHER)))
    assert [row.full_name for row in found.table.rows] == ["Школа № 8"]
    (item,) = found.table.rejected
    assert [problem.message for problem in item.problems] == [reason]


def test_packet_with_harmless_faults_loses_only_them():
    found = read(packet(position(site="нет такого сайта!", kpp="1", short="ш" * 400)))
    (row,) = found.table.rows
    assert (row.site, row.kpp, len(row.short_name)) == ("", "", 300)
    assert len(found.table.warnings) == 3


def test_packet_branch_with_the_number_of_its_head_is_rejected():
    found = read(packet(position(), position(kpp="770702001", name="Филиал школы № 7")))
    assert [row.number for row in found.table.rows] == [1]
    assert rejected(found) == [
        (
            "Филиал школы № 7",
            "Файл «выгрузка.xml», строка 47: эта организация уже есть: файл «выгрузка.xml», "
            "строка 7. Оставлена первая.",
        )
    ]


def test_packet_does_not_keep_names_of_people():
    assert "Тайный" not in repr(read_packets(packet(), name="а.xml", limit_bytes=LIMIT))


# --- what is refused ------------------------------------------------------------------------------

BOMB = (
    "<!DOCTYPE a [<!ENTITY a '1234567890'>"
    + "".join(
        f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>\n"
)


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (packet()[:900], "broken_xml", "файл обрывается внутри элемента"),
        (packet().replace(b"</fullName>\n", b"</name>\n", 1), "broken_xml", "закрыт как «name»"),
        (packet().replace(b"UTF-8", b"koi-99"), "broken_xml", "кодировка koi-99 не"),
        (packet(encoding="cp1251").replace(b"cp1251", b"UTF-8"), "broken_xml", "не в той кодиров"),
        (packet().replace("«ШКОЛА".encode(), b"&", 1), "broken_xml", "знак «&» записан не как"),
        (packet().replace("«ШКОЛА".encode(), b"&x;", 1), "broken_xml", "сущность «&x;»"),
        (b"<a>" * 3000, "broken_xml", "вложены слишком глубоко"),
        (packet(head=BOMB), "xml_doctype", "DOCTYPE"),
        (packet(head=BOMB, encoding="UTF-16"), "xml_doctype", "DOCTYPE"),
        (packet(head=f"<!-- {'и' * 90_000} -->{BOMB}"), "xml_doctype", "DOCTYPE"),
        (packet(head='<!DOCTYPE a SYSTEM "file:///etc/passwd">'), "xml_doctype", "DOCTYPE"),
        (packet(root="stateTask"), "wrong_root", "Это пакет «stateTask»"),
        (packet(namespace="urn:other"), "wrong_root", "Это документ «institutionInfo»"),
        (b"<?xml version='1.0'?><plan/>", "wrong_root", "Это документ «plan»"),
        (packet(" "), "no_packets", "нет ни одного учреждения"),
        (b"<html><body>404</body></html>", "wrong_kind", "страница HTML"),
        (b"", "empty_file", "Файл пуст"),
    ],
)  # fmt: skip
def test_packet_that_is_none_is_refused(content, kind, said):
    refusal = refused(content)
    assert refusal.kind == kind
    assert said in str(refusal)


def test_packet_fault_names_its_row():
    assert "строка 13" in str(refused(packet().replace(b"</fullName>\n", b"</name>\n", 1)))


def test_packet_too_large_is_refused_unread(tmp_path):
    path = tmp_path / "большая.xml"
    with path.open("wb") as file:
        file.write(packet())
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(Refusal) as refusal:
        read_registry_file(path, name=path.name, limit_bytes=LIMIT)
    assert (refusal.value.kind, "занимает 200 МБ" in str(refusal.value)) == ("too_large", True)


def test_packet_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refusal) as refusal:
        read_registry_file(tmp_path / "нет.xml", name="нет.xml", limit_bytes=LIMIT)
    assert refusal.value.kind == "no_file"


MEASURE = """
import resource, sys
from pathlib import Path
from noko.exchange.busgov import read_packets
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = read_packets(Path(sys.argv[1]), name="a.xml", limit_bytes=10**9)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(len(found.institutions), (after - before) // 1024)
"""


def test_packet_of_a_million_elements_takes_little_memory(tmp_path):
    """Attached documents and strange elements are passed over, however many there are."""
    path = tmp_path / "a.xml"
    junk = "<document><name>Устав</name></document>\n" * 500_000
    text = position().replace("<document>", f"{junk}<document>", 1)
    path.write_bytes(packet(text, position(**OTHER)))
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    institutions, megabytes = map(int, done.stdout.split())
    assert institutions == 2
    assert megabytes < 40


def test_packet_with_a_large_document_is_read():
    found = read(packet(position(document="QUJD" * 5_000_000)))
    assert len(found.table.rows) == 1


# --- archives -------------------------------------------------------------------------------------


def test_archive_of_packets_is_read_file_by_file():
    content = archive(
        a_xml=packet(),
        b_xml=packet(position(**OTHER)),
        c_xml=packet(root="stateTask"),
        d_xml=b"<broken",
        readme_txt=b"-",
    )
    found = read(content)
    assert [row.full_name for row in found.table.rows] == [VALUES["name"], "Школа № 8"]
    (item,) = found.table.rejected
    assert (item.name, item.problems[0].place.file) == ("d.xml", "d.xml")
    assert found.table.ignored == ("Пакеты «stateTask»: 1",)


def test_archive_bomb_is_refused_unpacked_never():
    zeros = b"<a>" + b" " * (60 * 1024 * 1024)
    refusal = refused(archive(a_xml=packet(), b_xml=zeros))
    assert refusal.kind == "too_large"
    assert "При распаковке" in str(refusal)


def test_archive_that_lies_about_its_size_is_refused():
    content = archive(a_xml=packet(position(name="Школа" * 100)))
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        size = opened.infolist()[0].file_size
    lying = content.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert refused(lying).kind == "broken_file"


def test_archive_cut_off_is_refused():
    assert refused(archive(a_xml=packet())[:-40]).kind in ("broken_file", "wrong_kind")


def test_archive_with_a_password_is_refused():
    content = bytearray(archive(a_xml=packet()))
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(content)).kind == "encrypted_file"


def test_looks_like_packets_leaves_tables_to_their_reader():
    assert looks_like_packets(packet(encoding="UTF-16"))
    assert looks_like_packets(archive(a_xml=b"<a/>"))
    assert not looks_like_packets("Название;Тип\n".encode())
    assert not looks_like_packets(archive(mimetype=b"", content_xml=b"<a/>"))
    assert not looks_like_packets(archive(readme_txt=b""))


# --- schemas --------------------------------------------------------------------------------------


@pytest.fixture
def schemas(tmp_path):
    return write_schemas(tmp_path / "xsd")


def test_schema_finds_nothing_wrong_with_a_right_packet(schemas):
    found = read(packet(), schemas=schemas)
    assert (found.schema, found.violated, found.violations) == ("External.xsd", 0, ())


def test_schema_violations_name_row_and_element(schemas):
    wrong = packet(position(inn="77", changed="вчера", version="первая"))
    wrong = wrong.replace(b"<id>11111111-", b"<id>1-").replace(b"<kpp>", b"<kpq>", 1)
    wrong = wrong.replace(b"</kpp>", b"</kpq>", 1)
    found = read(wrong, schemas=schemas)
    assert [str(item) for item in found.violations] == [
        "Файл «выгрузка.xml», строка 4: элемент «id»: знаков 29, а нужно 36.",
        "Файл «выгрузка.xml», строка 9: элемент «changeDate»: значение «вчера» не подходит: "
        "нужно – дата и время вида 2026-09-01T09:00:00.",
        "Файл «выгрузка.xml», строка 14: элемент «inn»: значение «77» не подходит к образцу "
        "«\\d{10}».",
        "Файл «выгрузка.xml», строка 15: элемент «kpq»: здесь его быть не должно: ожидается kpp.",
        "Файл «выгрузка.xml», строка 17: элемент «versionNumber»: значение «первая» не подходит: "
        "нужно – целое число.",
    ]
    assert found.violated == 5


def test_schema_counts_every_violation_and_shows_the_first(schemas):
    found = read(packet(*[position(version="x", inn=n) for n in range(250)]), schemas=schemas)
    assert (found.violated, len(found.violations)) == (500, 200)


def test_schema_of_each_file_of_an_archive(schemas):
    content = archive(a_xml=packet(), b_xml=packet(position(**OTHER, version="x")))
    found = read(content, schemas=schemas)
    assert [str(item)[:22] for item in found.violations] == ["Файл «b.xml», строка 1"]


def test_schema_does_not_hide_a_broken_file(schemas):
    schema = load_schema(schemas, NAMESPACE)
    with pytest.raises(Refusal) as refusal:
        violations(io.BytesIO(packet()[:700]), schema, name="а.xml")
    assert refusal.value.kind == "broken_xml"


def test_schema_is_found_by_its_namespace(schemas):
    (schemas / "External.xsd").rename(schemas / "packets.xsd")
    assert load_schema(schemas, NAMESPACE).file.name == "packets.xsd"


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        ("../Types.xsd", "xsd_outside"),
        ("/etc/passwd", "xsd_outside"),
        ("http://bus.gov.ru/Types.xsd", "xsd_outside"),
        ("NoSuch.xsd", "xsd_outside"),
    ],
)
def test_schema_asking_for_something_outside_is_refused(tmp_path, types, kind):
    folder = write_schemas(tmp_path / "xsd", types)
    (tmp_path / "Types.xsd").write_text((folder / "Types.xsd").read_text(encoding="utf-8"))
    refusal = refused(packet(), schemas=folder)
    assert refusal.kind == kind
    assert types.rsplit("/", 1)[-1] in str(refusal)


def test_schema_with_a_document_type_is_refused(schemas):
    path = schemas / "Types.xsd"
    text = path.read_text(encoding="utf-8").replace("?>", "?><!DOCTYPE a [<!ENTITY b 'c'>]>", 1)
    path.write_text(text, encoding="utf-8")
    assert refused(packet(), schemas=schemas).kind == "xsd_outside"


def test_schema_missing_or_broken_is_refused(schemas, tmp_path):
    assert refused(packet(), schemas=tmp_path / "нет").kind == "xsd_folder_missing"
    (tmp_path / "empty").mkdir()
    assert refused(packet(), schemas=tmp_path / "empty").kind == "xsd_missing"
    path = schemas / "External.xsd"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole[:300], encoding="utf-8")
    assert refused(packet(), schemas=schemas).kind == "xsd_broken"
    path.write_text(whole.replace('ref="t:header"', 'ref="t:nothing"'), encoding="utf-8")
    refusal = refused(packet(), schemas=schemas)
    assert (refusal.kind, refusal.problem.place.row) == ("xsd_broken", 7)


def test_violation_of_an_unknown_kind_stands_as_it_is():
    assert violation("Element '{urn:x}a': Something new.") == "элемент «a»: Something new."
    assert violation("Something new") == "Something new."
