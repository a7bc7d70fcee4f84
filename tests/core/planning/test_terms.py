"""Terms in Russian: what is understood, what is asked about, when they are due."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noko.core.planning.months import OF_MONTH
from noko.core.planning.term_grammar import Unclear, parse_term
from noko.core.planning.term_words import described
from noko.core.planning.terms import (
    Always,
    AsNeeded,
    Due,
    Every,
    Meaning,
    Period,
    Recurring,
    Relative,
    Scheduled,
    SetBy,
    Several,
    Term,
    Unit,
    Until,
    Window,
    as_data,
    occurrences,
    window,
)
from noko.queries.calendar import working_calendar

DATES = st.dates(date(2010, 1, 1), date(2099, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


def period(first: str, last: str) -> Period:
    return Period(day(first), day(last))


def meant(text: str, year: int = 2016) -> Meaning:
    found = parse_term(text, year=year)
    assert isinstance(found, Term), found
    assert found.printed == text
    return found.meaning


def asked(text: str, year: int = 2016) -> Unclear:
    found = parse_term(text, year=year)
    assert isinstance(found, Unclear), found
    return found


REPORT = Due(3, following=True)

UNDERSTOOD: dict[str, Meaning] = {
    "до 30 ноября 2016г.": Until(day("2016-11-30")),
    "до 10 декабря 2015г.": Until(day("2015-12-10")),
    "до 30 ноября": Until(day("2016-11-30")),
    "не позднее 30.11.2016": Until(day("2016-11-30")),
    "в срок до 30.11.16": Until(day("2016-11-30")),
    "до 30.11": Until(day("2016-11-30")),
    "до 2016-11-30": Until(day("2016-11-30")),
    "до 15-го октября 2016 года включительно": Until(day("2016-10-15")),
    "к 1 сентября": Until(day("2016-09-01")),
    "до конца марта": Until(day("2016-03-31")),
    "до конца года": Until(day("2016-12-31")),
    "до конца II квартала": Until(day("2016-06-30")),
    "ежегодно до 1 марта": Until(day("2016-03-01")),
    "30 ноября 2016 г.": period("2016-11-30", "2016-11-30"),
    "Февраль – апрель": period("2016-02-01", "2016-04-30"),
    "Март - май": period("2016-03-01", "2016-05-31"),
    "февраль–апрель 2016 года": period("2016-02-01", "2016-04-30"),
    "с февраля по апрель": period("2016-02-01", "2016-04-30"),
    "октябрь 2016г.": period("2016-10-01", "2016-10-31"),
    "в октябре": period("2016-10-01", "2016-10-31"),
    "в течение октября": period("2016-10-01", "2016-10-31"),
    "ноябрь – декабрь 2016г.": period("2016-11-01", "2016-12-31"),
    "ноябрь – декабрь 2015г.": period("2015-11-01", "2015-12-31"),
    "декабрь 2016 г. – январь 2017 г.": period("2016-12-01", "2017-01-31"),
    "10 декабря – 20 января 2017": period("2016-12-10", "2017-01-20"),
    "с 1 по 20 марта 2016 г.": period("2016-03-01", "2016-03-20"),
    "1–20 марта": period("2016-03-01", "2016-03-20"),
    "с 15 января по 1 марта": period("2016-01-15", "2016-03-01"),
    "15.01.2016 – 01.03.2016": period("2016-01-15", "2016-03-01"),
    "I квартал": period("2016-01-01", "2016-03-31"),
    "в IV квартале 2016 г.": period("2016-10-01", "2016-12-31"),
    "2-3 кв.": period("2016-04-01", "2016-09-30"),
    "третий квартал": period("2016-07-01", "2016-09-30"),
    "второе полугодие": period("2016-07-01", "2016-12-31"),
    "I декада апреля": period("2016-04-01", "2016-04-10"),
    "третья декада февраля": period("2016-02-21", "2016-02-29"),
    "2-я декада мая 2016 г.": period("2016-05-11", "2016-05-20"),
    "первая половина марта": period("2016-03-01", "2016-03-15"),
    "постоянно": Always(2016, ongoing=True),
    "Постоянно.": Always(2016, ongoing=True),
    "на постоянной основе": Always(2016, ongoing=True),
    "в течение года": Always(2016, ongoing=False),
    "В течение 2016 года": Always(2016, ongoing=False),
    "весь год": Always(2016, ongoing=False),
    "2015 год": Always(2015, ongoing=False),
    "ежеквартально до 3 числа": Recurring(Every.QUARTER, due=REPORT),
    "ежеквартально в срок до 3 числа следующего за отчетным кварталом": Recurring(
        Every.QUARTER, due=REPORT
    ),
    "ежеквартально, до 3 числа месяца, следующего за отчётным кварталом": Recurring(
        Every.QUARTER, due=REPORT
    ),
    "ежемесячно до 5-го рабочего дня": Recurring(Every.MONTH, due=Due(5, working=True)),
    "ежемесячно, не позднее 5 числа следующего месяца": Recurring(
        Every.MONTH, due=Due(5, following=True)
    ),
    "раз в квартал": Recurring(Every.QUARTER),
    "не реже одного раза в полугодие": Recurring(Every.HALF),
    "2 раза в год": Recurring(Every.YEAR, times=2),
    "еженедельно": Recurring(Every.WEEK),
    "согласно графику": Scheduled("согласно графику"),
    "по отдельному плану": Scheduled("по отдельному плану"),
    "в соответствии с графиком конкурсов": Scheduled("в соответствии с графиком конкурсов"),
    "в течение срока, определенного Планом мероприятий": SetBy(
        "в течение срока, определенного Планом мероприятий"
    ),
    "не позднее 3 рабочих дней после утверждения перечня": Relative(
        "утверждения перечня", 3, Unit.WORKING_DAY
    ),
    "в течение трех рабочих дней со дня Решения совета": Relative(
        "Решения совета", 3, Unit.WORKING_DAY
    ),
    "в 10-дневный срок со дня подписания": Relative("подписания", 10, Unit.DAY),
    "в трехдневный срок после заседания": Relative("заседания", 3, Unit.DAY),
    "в течение месяца после публикации": Relative("публикации", 1, Unit.MONTH),
    "не позднее, чем за 5 рабочих дней до заседания": Relative(
        "заседания", 5, Unit.WORKING_DAY, before=True
    ),
    "за 2 недели до начала опроса": Relative("начала опроса", 2, Unit.WEEK, before=True),
    "после утверждения рейтинга": Relative("утверждения рейтинга"),
    "до проведения заседания": Relative("проведения заседания", before=True),
    "по мере необходимости": AsNeeded("по мере необходимости"),
    "март, октябрь": Several(
        (period("2016-03-01", "2016-03-31"), period("2016-10-01", "2016-10-31"))
    ),
    "до 1 марта и до 1 сентября 2015 г.": Several(
        (Until(day("2015-03-01")), Until(day("2015-09-01")))
    ),
}


@pytest.mark.parametrize("text", UNDERSTOOD)
def test_term_is_understood(text: str) -> None:
    assert meant(text) == UNDERSTOOD[text]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Срок не указан."),
        (" – ", "Срок не указан."),
        ("31 февраля", "Числа 31 нет: в феврале 2016 года 29 дней."),
        ("до 32 мая 2016 г.", "Числа 32 нет: в мае 2016 года 31 день."),
        ("до 0 мая", "Числа 0 в месяце нет."),
        ("1.13.2016", "Месяца с номером 13 нет."),
        ("до 00.12.2016", "Числа 0 в месяце нет."),
        ("до 5.00.2016", "Месяца с номером 0 нет."),
        ("март 99999", "Год 99999 не подходит для плана."),
        ("0001-01-01", "Год 1 не подходит для плана."),
        ("в течение 3016 года", "Год 3016 не подходит для плана."),
        ("до конца 99999 года", "Год 99999 не подходит для плана."),
        (
            "не позднее 999999999 рабочих дней после опроса",
            "«не позднее 999999999 рабочих дней после опроса»: 999999999 – слишком много для плана "
            "одного года.",
        ),
        ("V квартал", "Такого периода нет: V квартал."),
        ("ежемесячно до 32 числа", "Числа 32 в месяце нет."),
        ("в течение 10 дней", "«в течение 10 дней»: не сказано, после какого события."),
        ("когда-нибудь", "Срок «когда-нибудь» не понят."),
        ("до 30 ноября, но не раньше мая", "Срок «до 30 ноября, но не раньше мая» не понят."),
        ("до 3 числа", "Срок «до 3 числа» не понят."),
    ],
)
def test_term_that_is_not_understood_is_asked_about(text: str, reason: str) -> None:
    assert asked(text).problem.message == reason


def test_term_of_a_day_that_only_some_years_have() -> None:
    assert meant("до 29 февраля", year=2016) == Until(day("2016-02-29"))
    assert asked("до 29 февраля", year=2015).problem.message == (
        "Числа 29 нет: в феврале 2015 года 28 дней."
    )


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("до марта", ("до 1 марта 2016 г.", "до 31 марта 2016 г.")),
        (
            "ноябрь – февраль",
            ("ноябрь 2016 г. – февраль 2017 г.", "ноябрь 2015 г. – февраль 2016 г."),
        ),
        (
            "в течение учебного года",
            ("сентябрь 2015 г. – май 2016 г.", "сентябрь 2016 г. – май 2017 г."),
        ),
        ("с 1 сентября", ("с 1 сентября по 31 декабря 2016 г.",)),
    ],
)
def test_term_with_few_readings_offers_them(text: str, options: tuple[str, ...]) -> None:
    assert asked(text).options == options
    assert [type(parse_term(option, year=2016)) for option in options] == [Term] * len(options)


@given(DATES)
def test_term_until_any_date_in_any_writing(on: date) -> None:
    long = f"{on.day} {OF_MONTH[on.month - 1]} {on.year}"
    for text in (
        f"до {long}г.",
        f"до {long} года",
        f"не позднее {on:%d.%m.%Y}",
        f"до {on:%Y-%m-%d}",
    ):
        assert meant(text, year=2016) == Until(on)


@given(DATES, DATES)
def test_term_said_in_words_is_understood_again(one: date, other: date) -> None:
    first, last = sorted((one, other))
    for meaning in (Until(one), Period(first, last)):
        assert meant(described(meaning)) == meaning


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "до",
                "с",
                "по",
                "1",
                "31",
                "2016",
                "марта",
                "май",
                "-",
                ",",
                "квартал",
                "II",
                "декада",
                "раз",
                "в",
                "год",
                "не",
                "позднее",
                "рабочих",
                "дней",
                "после",
                "ежемесячно",
                "99999",
                "0",
                "00.12.2016",
                "года",
                "конца",
                "0000-00-00",
                "числа",
                "3",
                "и",
            ]
        )
    ).map(" ".join)
)
def test_term_any_text_is_read_whole_or_asked_about(text: str) -> None:
    found = parse_term(text, year=2016)
    assert found.printed == text
    if isinstance(found, Term):
        seen = window(found.meaning, year=2016, calendar=working_calendar())
        if seen is not None and seen.begins_on is not None:
            assert seen.begins_on <= seen.ends_on
        assert described(found.meaning)
        assert as_data(found.meaning)["kind"] == found.kind
    else:
        assert found.problem.message


def seen(text: str, **events: date) -> Window | None:
    named = {key.replace("_", " "): value for key, value in events.items()}
    return window(meant(text), year=2016, calendar=working_calendar(), events=named)


def test_window_of_each_kind() -> None:
    assert seen("до 30 ноября 2016г.") == Window(None, day("2016-11-30"))
    assert seen("Февраль – апрель") == Window(day("2016-02-01"), day("2016-04-30"))
    assert seen("постоянно") == Window(day("2016-01-01"), day("2016-12-31"))
    assert seen("согласно графику") is None
    assert seen("март, октябрь") == Window(day("2016-03-01"), day("2016-10-31"))


def test_window_after_an_event_counts_working_days() -> None:
    text = "не позднее 3 рабочих дней после утверждения перечня"
    assert seen(text) is None
    assert seen(text, утверждения_перечня=day("2016-03-04")) == Window(
        day("2016-03-04"), day("2016-03-11")
    )
    before = "за 5 рабочих дней до заседания"
    assert seen(before, заседания=day("2016-01-13")) == Window(None, day("2015-12-29"))
    month = "в течение месяца после публикации"
    assert seen(month, публикации=day("2016-01-31")) == Window(day("2016-01-31"), day("2016-02-29"))


def due(text: str) -> list[str]:
    found = occurrences(meant(text), year=2016, calendar=working_calendar())
    return [item.due_on.isoformat() for item in found]


def test_due_dates_of_recurring_terms() -> None:
    assert due("ежеквартально до 3 числа") == [
        *("2016-04-03", "2016-07-03", "2016-10-03", "2017-01-03")
    ]
    assert due("2 раза в год") == ["2016-06-30", "2016-12-31"]
    assert due("ежемесячно до 1-го рабочего дня")[:2] == ["2016-01-11", "2016-02-01"]
    assert due("ежемесячно до 31 числа каждого месяца")[:2] == ["2016-01-31", "2016-02-29"]
    assert due("раз в полугодие") == ["2016-06-30", "2016-12-31"]
    assert len(due("еженедельно")) == 53
    assert len(due("ежедневно")) == 247
    assert due("постоянно") == []
    assert due("в течение года") == ["2016-12-31"]


def test_due_dates_name_their_period() -> None:
    found = occurrences(meant("ежеквартально до 3 числа"), year=2016, calendar=working_calendar())
    assert [item.period for item in found] == [
        f"{number} квартал 2016 г." for number in ("I", "II", "III", "IV")
    ]
