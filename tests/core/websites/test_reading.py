"""Pages as visitors see them: encodings, broken and monstrous HTML, tables, what is hidden."""

import pytest

from noko.core.websites.decoding import decode_page
from noko.core.websites.page import LONGEST_LINE, MOST_LINES, Page
from noko.core.websites.reading import read_page

RUSSIAN = "<p>Школа 5: приём открыт</p>"


def read(html: str | bytes, charset: str = ""):
    content = html.encode() if isinstance(html, str) else html
    return read_page(Page("https://school.example/", content, charset))


def texts(html: str) -> list[str]:
    return [line.text for line in read(html).lines if not line.hidden]


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        (RUSSIAN.encode(), ""),
        (RUSSIAN.encode("windows-1251"), ""),
        (RUSSIAN.encode("windows-1251"), "utf-8"),
        (RUSSIAN.encode(), "windows-1251"),
        (b'<meta charset="koi8-r">' + RUSSIAN.encode("koi8-r"), ""),
        (RUSSIAN.encode("utf-16"), ""),
        (RUSSIAN.encode("utf-8-sig"), "iso-8859-1"),
        (RUSSIAN.encode("windows-1251"), "no-such-charset"),
    ],
)
def test_encoding_is_what_the_bytes_bear_out(content, charset):
    assert RUSSIAN in decode_page(content, charset)


def test_encoding_broken_keeps_the_rest():
    text = decode_page(RUSSIAN.encode() * 20 + b"\xff\xfe" + RUSSIAN.encode())
    assert text.count("Школа") == 21


def test_lines_of_blocks_and_breaks():
    html = "<div>Телефон: <b>31-146</b><br>Почта: <i>a@b.ru</i></div><p>Конец"
    assert texts(html) == ["Телефон: 31-146", "Почта: a@b.ru", "Конец"]


def test_lines_levels_and_leads():
    content = read(
        "<h2>Общее</h2><p><b>Год:</b> 1974</p><p><b>Филиалы</b></p><p>Подразделения:</p>"
    )
    assert [(line.level, line.lead) for line in content.lines] == [
        (2, "Общее"),
        (0, "Год:"),
        (7, "Филиалы"),
        (8, ""),
    ]


def test_lines_unclosed_tags_are_read():
    assert texts("<table><tr><td>Устав<td><a href=ustav.pdf>скачать</table><p>Ещё") == [
        "Устав",
        "скачать",
        "Ещё",
    ]


def test_link_around_a_block_keeps_its_text():
    content = read('<a href="/a.pdf"><div>Устав</div></a>')
    assert [(link.text, link.line, content.lines[link.line].text) for link in content.links] == [
        ("Устав", 0, "Устав")
    ]


def test_link_of_a_picture_is_called_by_its_alt():
    content = read('<a href="/a.pdf"><img src="x.png" alt="Лицензия"></a>')
    assert content.links[0].text == "Лицензия"


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display: none">тайна</div>',
        "<div style='visibility:hidden'>тайна</div>",
        "<div hidden>тайна</div>",
        '<div class="visually-hidden">тайна</div>',
        '<span style="font-size:0">тайна</span>',
        "<script>var a = 'тайна'</script>",
        "<template>тайна</template>",
    ],
)
def test_hidden_text_is_not_read(hidden):
    assert texts(f"<p>явь</p>{hidden}") == ["явь"]


@pytest.mark.parametrize(
    "spoiler",
    [
        '<a href="#">Открыть</a><div style="display:none">список</div>',
        "<button>Открыть</button><div hidden>список</div>",
        '<h4><a href="#x">Открыть</a></h4><div style="display:none">список</div>',
        '<a href="#list">Открыть</a><p></p><div id="list" style="display:none">список</div>',
        '<div class="collapse" style="display:none">список</div>',
        "<details><summary>Открыть</summary>список</details>",
    ],
)
def test_spoiler_is_read(spoiler):
    assert "список" in texts(spoiler)


def test_table_spans_are_spread():
    html = (
        "<table><tr><th rowspan=2>Класс<th colspan=2>Мест</tr><tr><th>всего<th>свободно</tr>"
        "<tr><td>1<td>25<td>0</tr></table>"
    )
    table = read(html).tables[0]
    assert [[cell.text for cell in row] for row in table.grid] == [
        ["Класс", "Мест", "Мест"],
        ["Класс", "всего", "свободно"],
        ["1", "25", "0"],
    ]
    assert table.header_rows == 2


@pytest.mark.parametrize(
    ("html", "rows"),
    [
        ("<tr><td>Дата создания:<td>1974<tr><td>Адрес:<td>ул. Школьная", 0),
        ("<tr><td>Дата<td>1974<tr><td>Адрес<td>ул. Школьная<tr><td>Почта<td>a@b.ru", 0),
        ("<tr><td>Класс<td>Свободных мест<tr><td>1<td>0<tr><td>2<td>3", 1),
        ("<tr><td>Код<td>Название<td>Форма<tr><td>1<td>Программа<td>очная", 1),
        ("<tr><td>Код<td>Название<td>Форма<tr><td>1<td>2<td>3<tr><td>7<td>Программа<td>очная", 2),
        ("<tr><th>Название<tr><td>Совет", 1),
        (
            "<tr><td>График<td><a href='g.pdf'>скачать</a><tr><td>Учеников<td>312<tr><td>Мест<td>5",
            0,
        ),
    ],
)
def test_table_head_is_recognised(html, rows):
    assert read(f"<table>{html}</table>").tables[0].header_rows == rows


def test_table_absurd_spans_are_bounded():
    html = '<table><tr><td colspan="99999999" rowspan="-3">a<td>b</tr><tr><td>c</table>'
    assert [len(row) for row in read(html).tables[0].grid] == [60, 1]


def test_nested_tags_by_the_thousand_are_read():
    html = "<div>" * 10_000 + "дно" + "</div>" * 10_000
    assert texts(html) == ["дно"]


def test_nested_marks_by_the_thousand_are_read():
    html = '<div itemprop="regDate">' * 5_000 + "1974" + "</div>" * 5_000
    content = read(html)
    assert len(content.marked) == 5_000
    assert content.marked[-1].text == "1974"


def test_page_of_twenty_megabytes_in_one_line_is_cut():
    content = read(b"<p>" + "слово ".encode() * 2_000_000)
    assert content.cut
    assert len(content.lines[0].text) == LONGEST_LINE


def test_page_of_endless_lines_is_cut():
    content = read("<p>да" * (MOST_LINES + 5))
    assert (content.cut, len(content.lines)) == (True, MOST_LINES)


def test_page_empty_has_nothing():
    content = read(b"")
    assert (content.lines, content.links, content.tables) == ([], [], [])


def test_page_of_binary_rubbish_is_read():
    content = read(bytes(range(256)) * 50)
    assert (content.links, content.tables) == ([], [])


def test_source_of_a_static_site_loses_its_head():
    content = read("---\ntitle: Документы\nlayout: page\n---\n<p>Устав</p>")
    assert (content.title, [line.text for line in content.lines]) == ("Документы", ["Устав"])


def test_form_with_consent():
    content = read(
        "<form><input name=a placeholder='Ваше имя'><textarea></textarea>"
        "<input type=checkbox> Согласие на обработку персональных данных</form>"
    )
    form = content.forms[0]
    assert (form.message, form.fields, form.checkbox) == (True, 3, True)
    assert "Согласие на обработку" in form.text


def test_refresh_target_is_read():
    html = (
        "<html><head><meta http-equiv=Refresh content='0; url=/new/'></head><body>x</body></html>"
    )
    assert read(html).refresh == "/new/"
