"""An operator's analyst brings answers of another system into an open wave, and takes them out."""

import pytest
from django.utils import timezone

from noko.models import AnswerBox, Batch, Wave
from tests.journeys.test_office import looked_at, sign_in
from tests.small_cycle import make_person
from tests.waves import make_wave
from tests.web.office.test_batch_import import ONE, TWO, as_csv, row, some

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server, settings, tmp_path):
    settings.FILES = tmp_path / "files"
    make_wave()
    Wave.objects.update(starts_on=timezone.localdate())
    make_person("operator_analyst")
    file = [*some(), row("Детский сад Берёзка, Заречье", "a7"), row(TWO, "a8", day="01.01.2020")]
    (tmp_path / "ответы.csv").write_bytes(as_csv(file))
    return live_server.url


def taken():
    return sum(AnswerBox.objects.values_list("number", flat=True))


def load(page, site, tmp_path):
    page.goto(f"{site}/office/waves/{Wave.objects.get().pk}/batches/file/")
    page.get_by_label("Файл с анкетами").set_input_files(tmp_path / "ответы.csv")
    page.get_by_role("button", name="Проверить файл").click()


def test_analyst_brings_a_file_into_the_wave_and_takes_it_out(page, phone, site, tmp_path):
    sign_in(page, site, "operator_analyst")
    page.goto(f"{site}/office/waves/{Wave.objects.get().pk}/batches/")
    looked_at(page, "batches-empty")
    page.get_by_role("link", name="Загрузить файл с анкетами").click()
    looked_at(page, "batch-upload")
    load(page, site, tmp_path)
    page.get_by_text("Нужны ваши решения").wait_for()
    looked_at(page, "batch-import-open")
    page.get_by_label("Решение").select_option(label=f"{ONE} (Заречный район)")
    page.get_by_role("button", name="Подтвердить отмеченные").click()
    page.get_by_text("Можно принять").wait_for()
    looked_at(page, "batch-import")
    assert taken() == 0
    page.get_by_role("button", name="Принять 4 анкеты в волну").click()
    page.get_by_text("Пачка № 1 принята").wait_for()
    looked_at(page, "batch-file")
    assert taken() == 4
    load(page, site, tmp_path)
    page.get_by_text("Этот файл уже принят: пачка № 1").first.wait_for()
    looked_at(page, "batch-upload-refused")

    sign_in(phone, site, "operator_analyst")
    phone.goto(f"{site}/office/waves/{Wave.objects.get().pk}/batches/")
    looked_at(phone, "batches-file")
    phone.get_by_role("link", name="№ 1, ответы.csv").click()
    phone.get_by_role("link", name="Удалить пачку целиком").click()
    phone.get_by_label("Почему").fill("Выгрузка другого опроса")
    phone.get_by_role("button", name="Удалить пачку").click()
    phone.get_by_text("Из волны убрано").wait_for()
    assert (taken(), Batch.objects.get().status) == (0, "removed")
